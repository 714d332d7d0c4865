//! Posts out of files and pipes: plain lines, JSON Lines or CSV. A bad line becomes a value with its number; the rest goes on.

mod line;
mod table;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use indicatif::ProgressBar;
use serde_json::Value;

use crate::order::Weigh;
use crate::progress::{Watched, bytes};

pub(crate) use line::Lines;
pub(crate) use table::Table;

/// Longest line that is read: the limit of a record on the wire.
pub(crate) const MAX_LINE_BYTES: usize = 1 << 20;
/// Longest text that is judged: the limit of a post on the wire.
pub(crate) const MAX_TEXT_BYTES: usize = 64 << 10;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Input {
    /// One post a line
    Text,
    /// One JSON object a line: {"id": "…", "text": "…"}, or post.v1
    Jsonl,
    /// Columns with a header
    Csv,
}

impl Input {
    /// What the name of a file says of it.
    pub(crate) fn by_name(path: &Path) -> Option<Self> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("jsonl" | "ndjson") => Some(Self::Jsonl),
            Some("csv") => Some(Self::Csv),
            Some("txt") => Some(Self::Text),
            _ => None,
        }
    }

    /// What its beginning says of an input: JSON Lines when the first line is a JSON object, else plain text.
    fn by_look(beginning: &[u8]) -> Self {
        let first = beginning.split(|b| *b == b'\n').next().unwrap_or_default();
        if serde_json::from_slice::<serde_json::Map<String, Value>>(first).is_ok() { Self::Jsonl } else { Self::Text }
    }
}

/// A post to judge.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Post {
    /// Line of the input, from 1.
    pub(crate) line: u64,
    /// As the input gives it; its line number when it gives none.
    pub(crate) id: Value,
    pub(crate) text: String,
}

/// A line that holds no post. The message never quotes the line: it may be somebody's post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadLine {
    pub(crate) line: u64,
    pub(crate) message: String,
}

/// One line, read.
pub(crate) type Read1 = Result<Post, BadLine>;

impl Weigh for Read1 {
    fn weight(&self) -> usize {
        self.as_ref().map_or(64, |post| post.text.len() + 64)
    }
}

/// Names of columns or keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) text: &'a str,
    pub(crate) id: Option<&'a str>,
}

/// An open input, watched by a bar.
pub(crate) fn open(path: &Path) -> anyhow::Result<(Box<dyn Read + Send>, ProgressBar)> {
    if path == Path::new("-") {
        let bar = bytes(None);
        return Ok((Box::new(Watched::new(io::stdin(), bar.clone())), bar));
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let metadata = file.metadata().with_context(|| path.display().to_string())?;
    anyhow::ensure!(!metadata.is_dir(), "{}: a folder, expected a file", path.display());
    let bar = bytes(metadata.is_file().then_some(metadata.len()));
    Ok((Box::new(Watched::new(file, bar.clone())), bar))
}

/// The posts of an open input, in order. Without `input` its first line says what it holds.
pub(crate) fn posts<'a>(
    source: Box<dyn Read + Send>,
    input: Option<Input>,
    columns: Columns<'a>,
) -> anyhow::Result<Box<dyn Iterator<Item = io::Result<Read1>> + Send + 'a>> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let input = match input {
        Some(input) => input,
        None => Input::by_look(source.fill_buf()?),
    };
    Ok(match input {
        Input::Text => Box::new(Lines::new(source).map(|line| line.map(line::plain))),
        Input::Jsonl => Box::new(Lines::new(source).filter_map(move |line| line.map(|l| line::json(l, columns)).transpose())),
        Input::Csv => {
            let table = Table::new(source)?;
            let (text, id) = (table.column(columns.text)?, columns.id.map(|name| table.column(name)).transpose()?);
            let id = id.or_else(|| ["id", "post_id"].iter().find_map(|name| table.column(name).ok()));
            Box::new(table.map(move |row| row.map(|row| table::post(&row?, text, id))))
        }
    })
}

/// A text that is judged, or why it is not.
pub(crate) fn bounded(text: String, line: u64) -> Result<String, BadLine> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(BadLine { line, message: format!("a text of {} bytes, the limit is {MAX_TEXT_BYTES}", text.len()) });
    }
    Ok(text)
}
