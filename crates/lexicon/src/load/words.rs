//! Reader of `words/*.tsv`: ordinary words with their parts of speech and counts. It keeps no line, only the dictionary.

use std::path::Path;

use vigie_text::{Dictionary, Pos};

use super::turns;
use crate::diagnostic::Sink;
use crate::model::Place;
use crate::source::Files;

/// Most faults reported per file: a file with the wrong columns has one fault, not fifty thousand.
const MAX_FAULTS: usize = 20;

/// Every word list of the bundle: `word<TAB>letters[<TAB>count]`, `#` starts a comment line; each file names its licence and source.
pub(super) fn read(files: &Files, sink: &Sink) -> Dictionary {
    let mut words = Dictionary::default();
    words.reserve(files.iter().filter(|(path, _)| is_list(path)).map(|(_, bytes)| bytes.split(|b| *b == b'\n').count()).sum());
    for (path, bytes) in files.iter().filter(|(path, _)| is_list(path)) {
        let place = |line: usize| Place { file: path.to_owned(), line: line as u32 + 1, column: 1 };
        let Ok(text) = std::str::from_utf8(bytes) else {
            sink.error(place(0), "the file is not UTF-8", None);
            continue;
        };
        for header in ["# licence:", "# source:"] {
            if !text.lines().take_while(|l| l.starts_with('#')).any(|l| l.strip_prefix(header).is_some_and(|v| !v.trim().is_empty())) {
                sink.error(place(0), format!("the file has no line `{header} …`"), Some("word lists state where they come from, first thing".to_owned()));
            }
        }
        let (mut faults, mut found) = (0, 0usize);
        for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            match entry(line) {
                Ok((word, pos, count)) => {
                    found += 1;
                    words.insert(word, pos, count);
                }
                Err(message) if faults < MAX_FAULTS => {
                    faults += 1;
                    sink.error(
                        place(number),
                        message,
                        Some("word<TAB>letters out of n a v p o f s i, or `-`<TAB>count per hundred million, if any".to_owned()),
                    );
                }
                Err(_) => {}
            }
        }
        if found == 0 && faults == 0 {
            sink.error(place(0), "the file holds no word", None);
        }
    }
    words
}

/// Every TSV file but those of turns.
fn is_list(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == "tsv") && !turns::holds(path)
}

fn entry(line: &str) -> Result<(&str, Pos, u32), String> {
    let mut fields = line.split('\t');
    let (Some(word), Some(letters), count, None) = (fields.next(), fields.next(), fields.next(), fields.next()) else {
        return Err(format!("{} columns, expected 2 or 3", line.split('\t').count()));
    };
    let pos = Pos::from_letters(letters).ok_or_else(|| format!("unknown parts of speech `{letters}` of `{word}`"))?;
    let count = count.map_or(Ok(0), |c| c.parse().map_err(|_| format!("`{c}` is no count of `{word}`")))?;
    if word.trim().is_empty() { Err("no word".to_owned()) } else { Ok((word, pos, count)) }
}
