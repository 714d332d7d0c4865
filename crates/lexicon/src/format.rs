//! The one layout of a bundle file: order of keys, spacing, wrapped lists. Comments stay with what they stand before; nothing else is touched.

use std::ops::Range;

use thiserror::Error;
use toml::de::{DeTable, DeValue};

/// Longest line that a list is wrapped to, in characters.
const WIDTH: usize = 140;

/// Keys in the order of the page: what it is, what it searches for, what it means, where it comes from, how it is shown to hold.
const ORDER: &[&str] = &[
    "id",
    "name",
    "concept",
    "class",
    "kind",
    "words",
    "forms",
    "pattern",
    "expands",
    "span",
    "scope",
    "points",
    "role",
    "ground",
    "groups",
    "act",
    "severity",
    "use",
    "polarity",
    "effect",
    "stance",
    "only",
    "needs",
    "negation",
    "sign",
    "takes",
    "kin",
    "insult_use",
    "licensed_by",
    "transparent",
    "backoff",
    "regions",
    "status",
    "since",
    "why",
    "source",
    "rare_reason",
    "text",
    "must_match",
    "must_not_match",
];

/// The text is not TOML; nothing was formatted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct FormatError {
    /// Line, from 1.
    pub line: usize,
    /// What the parser said.
    pub message: String,
}

/// One `key = value` of the file.
struct Pair<'a> {
    /// Whole comment lines in front.
    comments: Vec<&'a str>,
    key: &'a str,
    value: String,
    /// Comment at the end of its line.
    trailing: Option<&'a str>,
}

/// A header and its pairs; the first block of a file may have no header.
struct Block<'a> {
    comments: Vec<&'a str>,
    header: Option<&'a str>,
    trailing: Option<&'a str>,
    pairs: Vec<Pair<'a>>,
}

enum Item {
    Header,
    Pair { key: Range<usize>, value: Range<usize>, text: String },
}

/// `text` in the one layout. Formatting twice changes nothing more.
pub fn format(text: &str) -> Result<String, FormatError> {
    let text = &text.replace("\r\n", "\n");
    let table = DeTable::parse(text).map_err(|e| {
        let line = e.span().map_or(1, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
        FormatError { line, message: e.message().replace('\n', ", ") }
    })?;
    let mut items: Vec<(Range<usize>, Item)> = Vec::new();
    collect(text, table.get_ref(), &mut items);
    items.sort_by_key(|(span, _)| span.start);
    let mut blocks = vec![Block { comments: Vec::new(), header: None, trailing: None, pairs: Vec::new() }];
    let mut at = 0;
    for (span, item) in items {
        let (trailing, comments) = comments(&text[at..span.start]);
        attach(&mut blocks, trailing);
        at = span.end;
        match item {
            Item::Header => blocks.push(Block { comments, header: Some(&text[span]), trailing: None, pairs: Vec::new() }),
            Item::Pair { key, value, text: layout } => {
                at = value.end;
                if let Some(block) = blocks.last_mut() {
                    block.pairs.push(Pair { comments, key: &text[key], value: layout, trailing: None });
                }
            }
        }
    }
    let (trailing, rest) = comments(&text[at..]);
    attach(&mut blocks, trailing);
    Ok(write(blocks, &rest))
}

/// A comment at the end of a line belongs to what stands on that line.
fn attach<'a>(blocks: &mut [Block<'a>], trailing: Option<&'a str>) {
    if let (Some(block), Some(comment)) = (blocks.last_mut(), trailing) {
        match block.pairs.last_mut() {
            Some(pair) => pair.trailing = Some(comment),
            None => block.trailing = Some(comment),
        }
    }
}

/// Headers and pairs with their places. Tables inside values stay as they are.
fn collect(text: &str, table: &DeTable<'_>, items: &mut Vec<(Range<usize>, Item)>) {
    for (key, value) in table {
        let span = value.span();
        let opened = |start: usize| text[start..].starts_with("[[") || text[start..].starts_with('[');
        match value.get_ref() {
            DeValue::Array(list) if list.iter().all(|i| i.get_ref().is_table()) && list.iter().any(|i| opened(i.span().start)) => {
                for entry in list {
                    items.push((header(text, entry.span().start), Item::Header));
                    if let Some(inner) = entry.get_ref().as_table() {
                        collect(text, inner, items);
                    }
                }
            }
            DeValue::Table(inner) if opened(span.start) => {
                items.push((header(text, span.start), Item::Header));
                collect(text, inner, items);
            }
            // `forms.m_sg = […]`: the table has no text of its own, its pairs have.
            DeValue::Table(inner) if !text[span.start..].starts_with('{') => collect(text, inner, items),
            other => {
                let dotted = text[..key.span().start].rfind('\n').map_or(0, |n| n + 1);
                let start = dotted + text[dotted..].len() - text[dotted..].trim_start().len();
                let layout = lay_out(text, key.get_ref(), other, &span);
                items.push((start..span.end, Item::Pair { key: start..key.span().end, value: span, text: layout }));
            }
        }
    }
}

fn header(text: &str, start: usize) -> Range<usize> {
    let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
    let line = &text[start..end];
    let close = if line.starts_with("[[") { line.find("]]").map(|n| n + 2) } else { line.find(']').map(|n| n + 1) };
    start..start + close.unwrap_or(line.len())
}

/// The comments of what stands between two items: the one that ends the line of the first, and whole lines. An empty string is a blank line between comments.
fn comments(gap: &str) -> (Option<&str>, Vec<&str>) {
    let mut lines = gap.split('\n');
    let first = lines.next().map(str::trim).filter(|l| l.starts_with('#'));
    let mut whole: Vec<&str> = lines.map(str::trim).collect();
    while whole.last().is_some_and(|l| l.is_empty()) {
        whole.pop();
    }
    whole.dedup_by(|a, b| a.is_empty() && b.is_empty());
    if whole.first().is_some_and(|l| l.is_empty()) {
        whole.remove(0);
    }
    (first, whole)
}

fn lay_out(text: &str, key: &str, value: &DeValue<'_>, span: &Range<usize>) -> String {
    let raw = &text[span.clone()];
    let DeValue::Array(list) = value else { return raw.to_owned() };
    let mut at = span.start + 1;
    let mut parts = Vec::with_capacity(list.len());
    for item in list {
        let inner = item.span();
        if text[at..inner.start].contains('#') || item.get_ref().is_array() || item.get_ref().is_table() {
            return raw.to_owned();
        }
        parts.push(&text[inner.clone()]);
        at = inner.end;
    }
    if text[at..span.end].contains('#') {
        return raw.to_owned();
    }
    let examples = key.starts_with("must_");
    let line = format!("[{}]", parts.join(", "));
    if line.chars().count() + key.len() + 3 <= WIDTH && !(examples && parts.len() > 1) {
        return line;
    }
    let mut out = String::from("[");
    let mut column = WIDTH;
    for part in parts {
        let width = part.chars().count() + 2;
        if examples || column + width > WIDTH {
            out.push_str("\n  ");
            column = 2;
        } else {
            out.push(' ');
        }
        out.push_str(part);
        out.push(',');
        column += width;
    }
    out.push_str("\n]");
    out
}

fn write(blocks: Vec<Block<'_>>, rest: &[&str]) -> String {
    let mut out = String::new();
    let comment = |out: &mut String, lines: &[&str]| {
        for line in lines {
            out.push_str(line);
            out.push('\n');
        }
    };
    let end = |out: &mut String, trailing: Option<&str>| {
        if let Some(text) = trailing {
            out.push_str("  ");
            out.push_str(text);
        }
        out.push('\n');
    };
    for mut block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        // A paragraph of comments stays apart from the one that speaks of the entry.
        comment(&mut out, &block.comments);
        if let Some(header) = block.header {
            out.push_str(header);
            end(&mut out, block.trailing);
            block.pairs.sort_by_key(|p| ORDER.iter().position(|k| p.key.split('.').next() == Some(k)).unwrap_or(ORDER.len()));
        } else if let Some(text) = block.trailing {
            out.push_str(text);
            out.push('\n');
        }
        for pair in block.pairs {
            comment(&mut out, &pair.comments);
            out.push_str(pair.key);
            out.push_str(" = ");
            out.push_str(&pair.value);
            end(&mut out, pair.trailing);
        }
    }
    if !rest.is_empty() {
        out.push('\n');
        comment(&mut out, rest);
    }
    out.trim_start_matches('\n').to_owned()
}
