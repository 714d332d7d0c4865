//! Reader of `turns/*.tsv`: single words and pairs of neighbours, with the points that they add where clues are added up.

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::diagnostic::Sink;
use crate::model::{Place, Turn};
use crate::source::Files;

/// Where turns stand in a bundle.
const FOLDER: &str = "turns/";
/// Most faults reported per file.
const MAX_FAULTS: usize = 20;
/// How many neighbours a turn may be.
const MOST_WORDS: usize = 2;
const HELP: &str = "points<TAB>one folded word or two; {G} stands for the name of a group, {S} for a slur";

/// Whether the file lists turns.
pub(super) fn holds(path: &str) -> bool {
    path.starts_with(FOLDER) && Path::new(path).extension().is_some_and(|e| e == "tsv")
}

/// Every turn of the bundle, sorted: `points<TAB>turn`, `#` starts a comment line.
pub(super) fn read(files: &Files, language: &str, sink: &Sink) -> Vec<Turn> {
    let (mut turns, mut seen) = (Vec::new(), FxHashSet::default());
    for (path, bytes) in files.iter().filter(|(path, _)| holds(path)) {
        let place = |line: usize| Place { file: path.to_owned(), line: line as u32 + 1, column: 1 };
        let Ok(text) = std::str::from_utf8(bytes) else {
            sink.error(place(0), "the file is not UTF-8", None);
            continue;
        };
        let mut faults = 0;
        for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let read =
                turn(line, language).and_then(|turn| if seen.insert(turn.text.clone()) { Ok(turn) } else { Err(format!("`{}` stands twice", turn.text)) });
            match read {
                Ok(turn) => turns.push(turn),
                Err(message) if faults < MAX_FAULTS => {
                    faults += 1;
                    sink.error(place(number), message, Some(HELP.to_owned()));
                }
                Err(_) => {}
            }
        }
    }
    turns.sort_by(|a, b| a.text.cmp(&b.text));
    turns
}

fn turn(line: &str, language: &str) -> Result<Turn, String> {
    let Some((points, text)) = line.split_once('\t') else { return Err(format!("`{line}` has one column, expected 2")) };
    let Ok(points @ (-9..=-1 | 1..=9)) = points.parse() else {
        return Err(format!("points `{points}` of `{text}`: 1 to 9 speak for hate, -9 to -1 against it"));
    };
    let words = text.split(' ');
    let placeholder = |word: &str| word == Turn::GROUP || word == Turn::SLUR;
    if let Some(odd) = words.clone().find(|w| !placeholder(w) && (w.is_empty() || vigie_text::fold_word(w) != **w)) {
        return Err(format!("`{odd}` in `{text}` is no folded word"));
    }
    if words.clone().count() > MOST_WORDS {
        return Err(format!("`{text}` has more than {MOST_WORDS} words"));
    }
    if words.clone().all(placeholder) {
        return Err(format!("`{text}` only names people: naming a group is never an offence"));
    }
    Ok(Turn { id: id(text, language), text: text.to_owned(), points })
}

/// The id under which a turn is shown: folded words are in small letters, names of people are not.
fn id(text: &str, language: &str) -> String {
    format!("{language}.turn.{}", text.replace(Turn::GROUP, "G").replace(Turn::SLUR, "S").replace(' ', "_"))
}
