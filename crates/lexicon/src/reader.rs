//! Typed access to one TOML table, in which every fault becomes a diagnostic with its place. It knows the shapes of values, not their meaning.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::Sink;
use crate::model::{Codes, Place};
use crate::pattern::nearest;

/// A file being read: turns byte offsets into lines and columns.
pub(crate) struct Doc<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    line_starts: Vec<u32>,
}

impl<'a> Doc<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at as u32 + 1)).collect();
        Self { file, text, line_starts }
    }

    /// Line and column, both from 1; columns count characters.
    pub(crate) fn place(&self, at: usize) -> Place {
        let at = at.min(self.text.len());
        let line = self.line_starts.partition_point(|s| *s as usize <= at);
        let start = self.line_starts[line - 1] as usize;
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        Place { file: self.file.to_owned(), line: line as u32, column: column as u32 }
    }

    /// A string of the file as a part of it: a copy when it is written otherwise.
    pub(crate) fn borrowed(&self, text: Text<'_>) -> Cow<'a, str> {
        let start = self.inside(text);
        let part = self.text.get(start..start + text.value.len()).filter(|part| *part == text.value);
        part.map_or_else(|| Cow::Owned(text.value.to_owned()), Cow::Borrowed)
    }

    /// Byte of the first character inside the quotes of a string value, for positions within it. Escapes before the position are not followed.
    fn inside(&self, text: Text<'_>) -> usize {
        let rest = self.text.get(text.at..).unwrap_or_default();
        text.at + if rest.starts_with("\"\"\"") || rest.starts_with("'''") { 3 } else { 1 }
    }
}

/// A string of the file and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) value: &'a str,
    /// Byte of the opening quote.
    pub(crate) at: usize,
}

/// One table of the file: an entry.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) doc: &'a Doc<'a>,
    pub(crate) sink: &'a Sink,
    /// `slur`, `frame` …
    pub(crate) kind: &'static str,
    pub(crate) table: &'a DeTable<'a>,
    pub(crate) at: usize,
}

impl<'a> Entry<'a> {
    pub(crate) fn place(&self) -> Place {
        self.doc.place(self.at)
    }

    pub(crate) fn error(&self, at: usize, message: impl Into<String>, help: Option<String>) {
        self.sink.error(self.doc.place(at), message, help);
    }

    /// Reports every key that is not in `allowed`.
    pub(crate) fn check_keys(&self, allowed: &[&[&str]]) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !allowed.iter().any(|set| set.contains(&name)) {
                let known = || allowed.iter().flat_map(|set| set.iter().copied());
                let mut all: Vec<&str> = known().collect();
                all.sort_unstable();
                self.error(key.span().start, format!("unknown key `{name}` in [[{}]]", self.kind), Some(suggest(name, &all)));
            }
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    /// Says that `key` is missing from the entry.
    pub(crate) fn missing(&self, key: &str, help: Option<String>) {
        self.error(self.at, format!("[[{}]] has no `{key}`", self.kind), help);
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        self.error(value.span().start, format!("`{key}` is {}, expected {wanted}", type_name(value.get_ref())), None);
    }

    /// A string that may be absent.
    pub(crate) fn text(&self, key: &str) -> Option<Text<'a>> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, "a string");
            return None;
        };
        if text.trim().is_empty() {
            self.error(value.span().start, format!("`{key}` is empty"), None);
            return None;
        }
        Some(Text { value: text, at: value.span().start })
    }

    /// A string that must be there.
    pub(crate) fn required(&self, key: &str) -> Option<Text<'a>> {
        if !self.has(key) {
            self.missing(key, None);
        }
        self.text(key)
    }

    /// A list of strings; absent = empty.
    pub(crate) fn texts(&self, key: &str) -> Vec<Text<'a>> {
        self.get(key).map_or_else(Vec::new, |value| self.strings(key, value))
    }

    fn strings(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Vec<Text<'a>> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of strings");
            return Vec::new();
        };
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref().as_str() {
                Some(text) if text.trim().is_empty() => self.error(item.span().start, format!("`{key}` holds an empty string"), None),
                Some(text) => out.push(Text { value: text, at: item.span().start }),
                None => self.wrong_type(key, item, "a string"),
            }
        }
        out
    }

    /// A truth value; absent = false.
    pub(crate) fn flag(&self, key: &str) -> bool {
        let Some(value) = self.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, value, "true or false");
            false
        })
    }

    /// A small whole number.
    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer().and_then(|i| i.as_str().parse().ok());
        if number.is_none() {
            self.wrong_type(key, value, "a whole number");
        }
        number
    }

    /// A date as `YYYY-MM-DD`; absent = empty.
    pub(crate) fn date(&self, key: &str) -> String {
        let Some(value) = self.get(key) else { return String::new() };
        match value.get_ref().as_datetime() {
            Some(date) if date.date.is_some() && date.time.is_none() => date.to_string(),
            _ => {
                self.wrong_type(key, value, "a date such as 2026-11-24, without quotes");
                String::new()
            }
        }
    }

    /// One value of a closed set, if the key is there.
    pub(crate) fn code<T: Codes>(&self, key: &str) -> Option<T> {
        self.text(key).and_then(|text| self.parse_code(key, text))
    }

    /// One value of a closed set that must be there.
    pub(crate) fn required_code<T: Codes>(&self, key: &str) -> Option<T> {
        if !self.has(key) {
            self.missing(key, Some(allowed::<T>()));
        }
        self.code(key)
    }

    /// Several values of a closed set.
    pub(crate) fn codes<T: Codes>(&self, key: &str) -> Vec<T> {
        self.texts(key).into_iter().filter_map(|text| self.parse_code(key, text)).collect()
    }

    pub(crate) fn parse_code<T: Codes>(&self, key: &str, text: Text<'_>) -> Option<T> {
        let found = T::VALUES.iter().copied().find(|v| v.as_code() == text.value);
        if found.is_none() {
            let known: Vec<&str> = T::VALUES.iter().map(|v| v.as_code()).collect();
            self.error(text.at, format!("unknown {key} `{}`", text.value), Some(suggest(text.value, &known)));
        }
        found
    }

    /// An inline table of lists of strings.
    pub(crate) fn lists(&self, key: &str, allowed: &[&str]) -> Vec<(&'a str, Vec<Text<'a>>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table");
            return Vec::new();
        };
        let inner = Entry { table, at: value.span().start, ..*self };
        let mut out = Vec::new();
        for (name, list) in table {
            let field: &'a str = name.get_ref();
            if allowed.contains(&field) {
                out.push((field, inner.strings(field, list)));
            } else {
                self.error(name.span().start, format!("unknown key `{field}` in `{key}`"), Some(suggest(field, allowed)));
            }
        }
        out.sort_by_key(|(name, _)| allowed.iter().position(|a| a == name));
        out
    }

    /// A string, silently: its faults were reported when the entry was read.
    pub(crate) fn quiet_text(&self, key: &str) -> Option<Text<'a>> {
        let value = self.get(key)?;
        Some(Text { value: value.get_ref().as_str()?, at: value.span().start })
    }

    /// The strings of a list, silently: its faults were reported when the entry was read.
    pub(crate) fn quiet_texts(&self, key: &str) -> impl Iterator<Item = Text<'a>> {
        let items = self.get(key).and_then(|v| v.get_ref().as_array());
        items.into_iter().flatten().filter_map(|item| Some(Text { value: item.get_ref().as_str()?, at: item.span().start }))
    }

    /// The strings of a table of lists, silently.
    pub(crate) fn quiet_lists(&self, key: &str) -> impl Iterator<Item = (&'a str, Text<'a>)> {
        let table = self.get(key).and_then(|v| v.get_ref().as_table());
        table.into_iter().flatten().flat_map(|(name, list)| {
            let name: &'a str = name.get_ref();
            let items = list.get_ref().as_array();
            items.into_iter().flatten().filter_map(move |item| Some((name, Text { value: item.get_ref().as_str()?, at: item.span().start })))
        })
    }

    /// Byte of the first character inside the quotes of a string value.
    pub(crate) fn inside(&self, text: Text<'_>) -> usize {
        self.doc.inside(text)
    }
}

/// "did you mean" and the allowed values, as one help line.
pub(crate) fn suggest(name: &str, known: &[&str]) -> String {
    let all = format!("one of {}", known.join(", "));
    // Single letters are all near each other.
    nearest(name, known.iter().copied().filter(|k| k.len() > 1)).map_or_else(|| all.clone(), |n| format!("did you mean `{n}`? {all}"))
}

fn allowed<T: Codes>() -> String {
    format!("one of {}", T::VALUES.iter().map(|v| v.as_code()).collect::<Vec<_>>().join(", "))
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
