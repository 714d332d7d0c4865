//! CSV with a header: columns by name, rows by line. A row that cannot be read is told and skipped.

use std::io::{self, Read};

use anyhow::{Context, bail};
use csv::{ByteRecord, ReaderBuilder};
use serde_json::Value;

use super::{BadLine, Post, Read1, bounded};

/// A CSV file after its header.
pub(crate) struct Table<R> {
    reader: csv::Reader<R>,
    header: Vec<String>,
}

/// One row: its line and its fields.
pub(crate) struct Row {
    pub(crate) line: u64,
    fields: ByteRecord,
}

impl<R: Read> Table<R> {
    /// Reads the header.
    pub(crate) fn new(source: R) -> anyhow::Result<Self> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
        let header = reader.byte_headers().context("the header cannot be read")?;
        let header: Vec<String> = header.iter().map(|h| String::from_utf8_lossy(h).trim_start_matches('\u{feff}').trim().to_owned()).collect();
        Ok(Self { reader, header })
    }

    /// The place of a column.
    pub(crate) fn column(&self, name: &str) -> anyhow::Result<usize> {
        match self.header.iter().position(|h| h == name) {
            Some(at) => Ok(at),
            None => bail!("no column `{name}`; the header has {}", self.header.join(", ")),
        }
    }
}

impl<R: Read> Iterator for Table<R> {
    type Item = io::Result<Result<Row, BadLine>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut fields = ByteRecord::new();
        match self.reader.read_byte_record(&mut fields) {
            Ok(false) => None,
            Ok(true) => {
                let line = fields.position().map_or(0, csv::Position::line);
                let (found, wanted) = (fields.len(), self.header.len());
                let message = format!("{found} columns, the header has {wanted}");
                Some(Ok(if found == wanted { Ok(Row { line, fields }) } else { Err(BadLine { line, message }) }))
            }
            Err(error) => Some(Err(io::Error::other(error))),
        }
    }
}

impl Row {
    /// The field at `column`.
    pub(crate) fn field(&self, column: usize) -> Result<&str, BadLine> {
        let bad = |message: String| BadLine { line: self.line, message };
        let bytes = self.fields.get(column).ok_or_else(|| bad(format!("no column {}", column + 1)))?;
        std::str::from_utf8(bytes).map_err(|_| bad(format!("column {} is not UTF-8", column + 1)))
    }
}

/// The post in a row.
pub(super) fn post(row: &Row, text: usize, id: Option<usize>) -> Read1 {
    let id = id.map(|column| row.field(column)).transpose()?.map_or_else(|| row.line.to_string(), str::to_owned);
    Ok(Post { line: row.line, id: Value::String(id), text: bounded(row.field(text)?.to_owned(), row.line)? })
}
