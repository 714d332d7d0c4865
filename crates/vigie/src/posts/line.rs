//! Lines of bounded length, and the posts in them.

use std::io::{self, BufRead, Read};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{BadLine, Columns, MAX_LINE_BYTES, Post, Read1, bounded};

/// One line without its end.
pub(crate) struct Line {
    number: u64,
    /// `Err`: its length, when it is over the limit.
    content: Result<Vec<u8>, u64>,
}

/// The lines of a source, in memory bounded by the longest line allowed.
pub(crate) struct Lines<R> {
    source: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads from `source`; a byte order mark in front is skipped.
    pub(crate) fn new(source: R) -> Self {
        Self { source, number: 0 }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut content = Vec::new();
        let read = (&mut self.source).take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut content)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = content.last() == Some(&b'\n');
        if !ended && content.len() > MAX_LINE_BYTES {
            let length = content.len() as u64 + self.skip_line()?;
            return Ok(Some(Line { number: self.number, content: Err(length) }));
        }
        if ended {
            content.pop();
        }
        if content.last() == Some(&b'\r') {
            content.pop();
        }
        if self.number == 1 && content.starts_with("\u{feff}".as_bytes()) {
            content.drain(..3);
        }
        Ok(Some(Line { number: self.number, content: Ok(content) }))
    }

    /// Skips what is left of a line and counts it.
    fn skip_line(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(skipped);
            }
            let end = buffer.iter().position(|b| *b == b'\n');
            let used = end.map_or(buffer.len(), |at| at + 1);
            skipped += end.unwrap_or(used) as u64;
            self.source.consume(used);
            if end.is_some() {
                return Ok(skipped);
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

fn text(line: Line) -> Result<(u64, String), BadLine> {
    let number = line.number;
    let bad = |message: String| BadLine { line: number, message };
    let content = line.content.map_err(|length| bad(format!("a line of {length} bytes, the limit is {MAX_LINE_BYTES}")))?;
    let text = String::from_utf8(content).map_err(|e| bad(format!("not UTF-8 at byte {}", e.utf8_error().valid_up_to())))?;
    Ok((number, text))
}

/// The whole line is a post.
pub(super) fn plain(line: Line) -> Read1 {
    let (line, text) = text(line)?;
    Ok(Post { line, id: Value::String(line.to_string()), text: bounded(text, line)? })
}

/// The line is a JSON object that holds a post; blank lines are none.
pub(super) fn json(line: Line, columns: Columns<'_>) -> Option<Read1> {
    let (line, text) = match text(line) {
        Ok(read) => read,
        Err(bad) => return Some(Err(bad)),
    };
    if text.trim().is_empty() {
        return None;
    }
    Some(object(&text, line, columns).map_err(|message| BadLine { line, message }).and_then(|(id, text)| Ok(Post { line, id, text: bounded(text, line)? })))
}

fn object(source: &str, line: u64, columns: Columns<'_>) -> Result<(Value, String), String> {
    let mut reader = serde_json::Deserializer::from_str(source);
    let read = Value::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    let value = read.map_err(|e| format!("not JSON at column {}", e.column()))?;
    let Value::Object(mut object) = value else { return Err("not a JSON object".to_owned()) };
    let text = match object.remove(columns.text) {
        Some(Value::String(text)) => text,
        Some(_) => return Err(format!("`{}` is not a string", columns.text)),
        None => return Err(format!("no `{}`", columns.text)),
    };
    Ok((id(&mut object, line, columns.id)?, text))
}

fn id(object: &mut Map<String, Value>, line: u64, named: Option<&str>) -> Result<Value, String> {
    let names = named.map_or_else(|| vec!["post_id", "id"], |name| vec![name]);
    let found = names.iter().find_map(|name| Some((name, object.remove(*name)?)));
    match found {
        Some((_, id @ (Value::String(_) | Value::Number(_)))) => Ok(id),
        Some((_, Value::Null)) | None if named.is_none() => Ok(Value::String(line.to_string())),
        Some((name, _)) => Err(format!("`{name}` is neither a string nor a number")),
        None => Err(format!("no `{}`", named.unwrap_or("id"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// Line, id and text; or line and message.
    type Seen = Result<(u64, String, String), (u64, String)>;

    fn read(source: &[u8], by: impl Fn(Line) -> Option<Read1>) -> Vec<Seen> {
        let lines = Lines::new(BufReader::with_capacity(7, source));
        let posts = lines.filter_map(|line| by(line.expect("memory is readable")));
        posts.map(|p| p.map(|p| (p.line, p.id.to_string(), p.text)).map_err(|b| (b.line, b.message))).collect()
    }

    #[test]
    fn every_line_of_text_is_a_post_or_is_told_by_its_number() {
        let post = |line: u64, text: &str| Ok((line, format!("\"{line}\""), text.to_owned()));
        let check = |source: &[u8], expected: &[Seen]| {
            assert_eq!(read(source, |l| Some(plain(l))), expected);
        };
        check(b"", &[]);
        check(b"un\r\n\ntrois", &[post(1, "un"), post(2, ""), post(3, "trois")]);
        check("\u{feff}é\n".as_bytes(), &[post(1, "é")]);
        check(b"un\n\xff\xfe\ntrois\n", &[post(1, "un"), Err((2, "not UTF-8 at byte 0".into())), post(3, "trois")]);
        let long = format!("{}\n{}\nfin\n", "a".repeat(MAX_LINE_BYTES + 9), "b".repeat(65_537));
        let limits = [(1, "a line of 1048585 bytes, the limit is 1048576"), (2, "a text of 65537 bytes, the limit is 65536")];
        let [first, second] = limits.map(|(line, message)| Err((line, message.to_owned())));
        check(long.as_bytes(), &[first, second, post(3, "fin")]);
    }

    #[test]
    fn a_line_of_json_gives_its_post_or_its_fault_without_quoting_it() {
        let columns = Columns { text: "text", id: None };
        let check = |source: &str, expected: Result<(&str, &str), &str>| {
            let found = read(source.as_bytes(), |l| json(l, columns));
            let expected = expected.map(|(id, text)| (1, id.to_owned(), text.to_owned())).map_err(|m| (1, m.to_owned()));
            assert_eq!(found, [expected], "{source}");
        };
        check(r#"{"id": "a", "text": "oui"}"#, Ok((r#""a""#, "oui")));
        check(r#"{"post_id": "p", "id": "a", "text": ""}"#, Ok((r#""p""#, "")));
        check(r#"{"id": 7, "text": "oui", "more": [1]}"#, Ok(("7", "oui")));
        check(r#"{"text": "oui"}"#, Ok((r#""1""#, "oui")));
        check(r#"{"text": 5}"#, Err("`text` is not a string"));
        check(r#"{"texte": "oui"}"#, Err("no `text`"));
        check(r#"{"id": [1], "text": "oui"}"#, Err("`id` is neither a string nor a number"));
        check(r#"{"text": "secret"#, Err("not JSON at column 16"));
        check(r#"{"text": "a"} {"text": "b"}"#, Err("not JSON at column 15"));
        check(r#"["secret"]"#, Err("not a JSON object"));
        assert!(read(b" \n\t\n", |l| json(l, columns)).is_empty());
    }
}
