//! Lists of a bundle in TSV files, one thing a line: what their readers share.

use std::path::Path;

use crate::diagnostic::Sink;
use crate::model::Place;

/// Most faults reported per file: a file with the wrong columns has one fault, not fifty thousand.
const MAX_FAULTS: usize = 20;

/// Whether the file is such a list.
pub(super) fn is_tsv(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == "tsv")
}

/// One list.
pub(super) struct Lines<'a> {
    path: &'a str,
    pub(super) text: &'a str,
    sink: &'a Sink,
}

impl<'a> Lines<'a> {
    /// Nothing, and told, when the file is not UTF-8.
    pub(super) fn of(path: &'a str, bytes: &'a [u8], sink: &'a Sink) -> Option<Self> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            sink.error(Place { file: path.to_owned(), line: 1, column: 1 }, "the file is not UTF-8", None);
            return None;
        };
        Some(Self { path, text, sink })
    }

    /// A fault of the line with this number, from 1.
    pub(super) fn error(&self, line: usize, message: impl Into<String>, help: Option<String>) {
        self.sink.error(Place { file: self.path.to_owned(), line: line as u32, column: 1 }, message, help);
    }

    /// Hands each line to `take`, but for empty ones and comments, which `#` begins, and reports what it refuses. How many lines there were.
    pub(super) fn each(&self, help: &str, mut take: impl FnMut(&'a str) -> Result<(), String>) -> usize {
        let (mut lines, mut faults) = (0, 0);
        for (number, line) in (1..).zip(self.text.lines()).filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            lines += 1;
            if let Err(message) = take(line) {
                faults += 1;
                if faults <= MAX_FAULTS {
                    self.error(number, message, Some(help.to_owned()));
                }
            }
        }
        lines
    }
}
