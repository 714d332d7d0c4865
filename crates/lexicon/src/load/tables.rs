//! The tables of the files of a bundle, file by file: a tree of values is several times its text, and is dropped once it is read.

use std::path::Path;

use rustc_hash::FxHashMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::Sink;
use crate::model::Place;
use crate::reader::{Doc, Entry, suggest};
use crate::source::Files;

/// The kinds of table that entry files may hold.
pub(super) const KINDS: &[&str] = &["slur", "group", "predicate", "operator", "code", "innocent", "macro", "frame", "stance_frame", "clue"];
/// Those that declare names for patterns, and are read before the others.
pub(super) const NAMING_KINDS: &[&str] = &["operator", "macro"];
/// The kinds of table of `policy.toml`.
pub(super) const POLICY_KINDS: &[&str] = &["class", "flag_at", "clues", "template", "label"];

/// TOML files as text; others are left to their own readers.
pub(super) fn decode<'a>(files: &'a Files, sink: &Sink) -> Vec<(&'a str, &'a str)> {
    let mut texts = Vec::new();
    let toml = |path: &str| Path::new(path).extension().is_some_and(|e| e == "toml");
    for (path, bytes) in files.iter().filter(|(path, _)| toml(path)) {
        match std::str::from_utf8(bytes) {
            Ok(text) => texts.push((path, text)),
            Err(error) => {
                let line = bytes[..error.valid_up_to()].split(|b| *b == b'\n').count() as u32;
                sink.error(Place { file: path.to_owned(), line, column: 1 }, "the file is not UTF-8", None);
            }
        }
    }
    texts
}

pub(super) fn parse<'a>(doc: &Doc<'a>, sink: &Sink) -> Spanned<DeTable<'a>> {
    let (table, errors) = DeTable::parse_recoverable(doc.text);
    for error in errors {
        let at = error.span().map_or(0, |s| s.start);
        sink.error(doc.place(at), format!("not TOML: {}", error.message().replace('\n', ", ")), None);
    }
    table
}

/// Whether a file may hold a table of the kinds that declare names: a key that spells none of them has an escape in it.
pub(super) fn may_name(doc: &Doc<'_>) -> bool {
    doc.text.contains('\\') || NAMING_KINDS.iter().any(|kind| doc.text.contains(kind))
}

/// The tables of one file by kind, in order.
#[derive(Default)]
pub(crate) struct Tables<'a> {
    entries: FxHashMap<&'static str, Vec<Entry<'a>>>,
}

impl<'a> Tables<'a> {
    /// The tables of a file that may hold these kinds.
    pub(super) fn new(doc: &'a Doc<'a>, table: &'a DeTable<'a>, sink: &'a Sink, kinds: &[&'static str]) -> Self {
        let mut tables = Self::default();
        tables.collect(&Entry { doc, sink, kind: "file", table, at: 0 }, kinds);
        tables
    }

    /// The entries of one kind.
    pub(crate) fn of(&self, kind: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.get(kind).into_iter().flatten()
    }

    /// Whether there is no entry of other kinds.
    pub(super) fn holds_only(&self, kinds: &[&str]) -> bool {
        self.entries.keys().all(|kind| kinds.contains(kind))
    }

    fn collect(&mut self, top: &Entry<'a>, kinds: &[&'static str]) {
        if top.table.is_empty() && !top.doc.text.is_empty() {
            let only_comments = top.doc.text.lines().all(|l| l.trim().is_empty() || l.trim_start().starts_with('#'));
            if only_comments {
                top.error(0, "the file holds no entry", Some("delete it or write one".to_owned()));
            }
        }
        if top.doc.text.is_empty() {
            top.error(0, "the file is empty", Some("delete it or write an entry".to_owned()));
        }
        for (key, value) in top.table {
            let name: &str = key.get_ref();
            let Some(kind) = kinds.iter().copied().find(|k| *k == name) else {
                let message = if KINDS.contains(&name) || POLICY_KINDS.contains(&name) {
                    format!("[[{name}]] does not belong in this file")
                } else if value.get_ref().is_array() || value.get_ref().is_table() {
                    format!("unknown table [[{name}]]")
                } else {
                    format!("`{name}` stands outside any table")
                };
                top.error(key.span().start, message, Some(suggest(name, kinds)));
                continue;
            };
            let Some(items) = value.get_ref().as_array() else {
                top.error(key.span().start, format!("`{name}` is not a list of tables"), Some(format!("write [[{name}]]")));
                continue;
            };
            for item in items {
                match item.get_ref() {
                    DeValue::Table(table) => {
                        let entry = Entry { doc: top.doc, sink: top.sink, kind, table, at: item.span().start };
                        self.entries.entry(kind).or_default().push(entry);
                    }
                    _ => top.error(item.span().start, format!("`{name}` holds something that is not a table"), Some(format!("write [[{name}]]"))),
                }
            }
        }
    }
}
