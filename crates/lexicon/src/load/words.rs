//! Reader of `words/*.tsv`: ordinary words with their parts of speech and counts. It keeps no line, only the dictionary.

use vigie_text::{Dictionary, Pos};

use super::lines::{Lines, is_tsv};
use super::turns;
use crate::diagnostic::Sink;
use crate::source::Files;

const HELP: &str = "word<TAB>letters out of n a v p o f s i, or `-`<TAB>count per hundred million, if any";

/// Every word list of the bundle: `word<TAB>letters[<TAB>count]`, `#` starts a comment line; each file names its licence and source.
pub(super) fn read(files: &Files, sink: &Sink) -> Dictionary {
    let mut words = Dictionary::default();
    words.reserve(files.iter().filter(|(path, _)| is_list(path)).map(|(_, bytes)| bytes.split(|b| *b == b'\n').count()).sum());
    for lines in files.iter().filter(|(path, _)| is_list(path)).filter_map(|(path, bytes)| Lines::of(path, bytes, sink)) {
        for header in ["# licence:", "# source:"] {
            if !lines.text.lines().take_while(|l| l.starts_with('#')).any(|l| l.strip_prefix(header).is_some_and(|v| !v.trim().is_empty())) {
                let help = "word lists state where they come from, first thing";
                lines.error(1, format!("the file has no line `{header} …`"), Some(help.to_owned()));
            }
        }
        let found = lines.each(HELP, |line| {
            let (word, pos, count) = entry(line)?;
            words.insert(word, pos, count);
            Ok(())
        });
        if found == 0 {
            lines.error(1, "the file holds no word", None);
        }
    }
    words.seal();
    words
}

/// Every list but those of turns.
fn is_list(path: &str) -> bool {
    is_tsv(path) && !turns::holds(path)
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
