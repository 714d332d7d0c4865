//! Reader of `turns/*.tsv`: single words and pairs of neighbours, with the points that they add where clues are added up.

use rustc_hash::FxHashSet;

use super::lines::{Lines, is_tsv};
use crate::diagnostic::Sink;
use crate::model::Turn;
use crate::source::Files;

/// Where turns stand in a bundle.
const FOLDER: &str = "turns/";
/// How many neighbours a turn may be.
const MOST_WORDS: usize = 2;
const HELP: &str = "points<TAB>one folded word or two; {G} stands for the name of a group, {S} for a slur";

/// Whether the file lists turns.
pub(super) fn holds(path: &str) -> bool {
    path.starts_with(FOLDER) && is_tsv(path)
}

/// Every turn of the bundle, sorted: `points<TAB>turn`, `#` starts a comment line.
pub(super) fn read(files: &Files, language: &str, sink: &Sink) -> Vec<Turn> {
    let (mut turns, mut seen) = (Vec::new(), FxHashSet::default());
    for lines in files.iter().filter(|(path, _)| holds(path)).filter_map(|(path, bytes)| Lines::of(path, bytes, sink)) {
        lines.each(HELP, |line| {
            let turn = turn(line, language)?;
            if !seen.insert(turn.text.clone()) {
                return Err(format!("`{}` stands twice", turn.text));
            }
            turns.push(turn);
            Ok(())
        });
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
