//! HTML as text of the same length: every tag becomes filler of as many bytes, so that offsets need no map. Entities are the fold's business.

use std::borrow::Cow;

/// Tags that end a line for a reader.
const BLOCKS: &[&str] = &["br", "p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "table", "pre", "hr"];

/// Elements whose content nobody reads.
const HIDDEN: &[&str] = &["script", "style"];

/// Replaces the tags of `html`. A tag between two letters becomes invisible characters (the word stays one), a block a newline, any other spaces.
pub(super) fn blank_tags(html: &str) -> Cow<'_, str> {
    if !html.contains('<') {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let tag = &rest[open..];
        let Some(length) = tag_length(tag) else {
            out.push('<');
            rest = &tag[1..];
            continue;
        };
        let name = tag[1..length].trim_start_matches('/');
        let name = name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())].to_ascii_lowercase();
        let mut end = length;
        if HIDDEN.contains(&name.as_str()) && !tag.starts_with("</") {
            let close = format!("</{name}");
            end = tag[length..].to_ascii_lowercase().find(&close).map_or(tag.len(), |at| length + at);
        }
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if BLOCKS.contains(&name.as_str()) {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', end - 1));
        } else if joins(out.chars().next_back()) && joins(tag[end..].chars().next()) {
            // U+200B takes three bytes, U+00AD two: any length from two on is a sum of both.
            let soft = (3 - end % 3) % 3;
            out.extend(std::iter::repeat_n('\u{ad}', soft));
            out.extend(std::iter::repeat_n('\u{200b}', (end - 2 * soft) / 3));
        } else {
            out.extend(std::iter::repeat_n(' ', end));
        }
        rest = &tag[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Bytes of the tag at the start of `text`; `None` where "<" is a sign of its own ("3 < 4").
fn tag_length(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return text.find("-->").map(|at| at + 3);
    }
    let begins = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    if !begins.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') {
        return None;
    }
    let mut quote = None;
    for (at, c) in text.char_indices().skip(1) {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return Some(at + 1),
            (None, '<') => return None,
            _ => {}
        }
    }
    None
}
