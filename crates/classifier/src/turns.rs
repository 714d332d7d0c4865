//! Turns: words and pairs of neighbours that carry points, looked up in posts that name people and added to their clues.
//!
//! Names of groups count as one word, whichever it is: what a turn weighs cannot depend on whom it speaks of.

use std::ops::Range;

use rustc_hash::FxHashMap;
use vigie_lexicon::{Lexicon, Turn};
use vigie_text::View;

use crate::cells::Hit;
use crate::forms::{Forms, Source};
use crate::texts::{TextId, Texts};
use crate::words::Words;

/// The turns of a bundle, by the words that they are made of.
pub(crate) struct Turns {
    texts: Texts,
    /// By word.
    words: Vec<Word>,
    /// Turns of two words.
    pairs: FxHashMap<(TextId, TextId), u32>,
    /// By turn.
    points: Vec<i8>,
    group: Option<TextId>,
    slur: Option<TextId>,
}

/// What turns make of a word.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    /// The turn that is this word alone.
    alone: Option<u32>,
    /// It is the first of two words, or the last.
    opens: bool,
    closes: bool,
}

/// A turn of the bundle that was found, and where first.
#[derive(Debug, Clone)]
pub(crate) struct TurnHit {
    pub(crate) turn: usize,
    pub(crate) words: Range<usize>,
}

/// How people are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    Slur,
    Group,
}

/// What was found in one post.
#[derive(Default)]
pub(crate) struct Turned {
    /// Names of people, by place, none inside another.
    names: Vec<(Range<usize>, Name)>,
    /// Each turn once, in the order of the bundle.
    pub(crate) hits: Vec<TurnHit>,
}

impl Turns {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let (mut texts, mut words, mut pairs) = (Texts::default(), Vec::new(), FxHashMap::default());
        for (number, turn) in (0..).zip(&lexicon.turns) {
            let mut word = |text: &str| {
                let id = texts.intern(text);
                words.resize(texts.len(), Word::default());
                id
            };
            if let Some((before, last)) = turn.text.split_once(' ') {
                let (before, last) = (word(before), word(last));
                pairs.insert((before, last), number);
                words[before.0 as usize].opens = true;
                words[last.0 as usize].closes = true;
            } else {
                let TextId(id) = word(&turn.text);
                words[id as usize].alone = Some(number);
            }
        }
        let (group, slur) = (texts.number(Turn::GROUP), texts.number(Turn::SLUR));
        Self { texts, words, pairs, points: lexicon.turns.iter().map(|turn| turn.points).collect(), group, slur }
    }

    /// Replaces what `found` holds by the turns of a post, and returns their sum.
    pub(crate) fn find(&self, lexicon: &Lexicon, forms: &Forms, words: &Words, hits: &[Hit], found: &mut Turned) -> i32 {
        found.hits.clear();
        names(lexicon, forms, hits, &mut found.names);
        let (hits, mut before, mut from) = (&mut found.hits, None, 0);
        each(words, &found.names, |range, name| {
            let word = match name {
                None => self.word(words, range.start),
                Some(Name::Group) => self.group,
                Some(Name::Slur) => self.slur,
            };
            let alone = word.and_then(|word| self.words[word.0 as usize].alone);
            hits.extend(alone.map(|turn| TurnHit { turn: turn as usize, words: range.clone() }));
            let pair = before.zip(word).and_then(|(before, last)| self.pair(before, last));
            hits.extend(pair.map(|turn| TurnHit { turn: turn as usize, words: from..range.end }));
            (before, from) = (word, range.start);
        });
        hits.sort_unstable_by_key(|hit| (hit.turn, hit.words.start));
        hits.dedup_by_key(|hit| hit.turn);
        hits.iter().map(|hit| i32::from(self.points[hit.turn])).sum()
    }

    /// The turn of two neighbours.
    fn pair(&self, before: TextId, last: TextId) -> Option<u32> {
        let may = self.words[before.0 as usize].opens && self.words[last.0 as usize].closes;
        may.then(|| self.pairs.get(&(before, last)).copied()).flatten()
    }

    /// A word that some turn holds, as it stands or else as a view reads it.
    fn word(&self, words: &Words, at: usize) -> Option<TextId> {
        let read = || words.alternatives.iter().filter(|a| a.word == at).find_map(|a| self.texts.number(&a.text));
        self.texts.number(words.word(at)).or_else(read)
    }
}

impl Turned {
    pub(crate) fn clear(&mut self) {
        self.names.clear();
        self.hits.clear();
    }

    /// The words of the post as turns are made of them: what [`Turn`] says for names.
    pub(crate) fn spoken(&self, words: &Words) -> Vec<String> {
        let mut spoken = Vec::new();
        each(words, &self.names, |range, name| {
            let word = match name {
                None => words.word(range.start),
                Some(Name::Group) => Turn::GROUP,
                Some(Name::Slur) => Turn::SLUR,
            };
            spoken.push(word.to_owned());
        });
        spoken
    }

    /// Whether these words are the name of a group or part of one.
    pub(crate) fn names_group(&self, words: &Range<usize>) -> bool {
        self.names.iter().any(|(name, kind)| *kind == Name::Group && name.start <= words.start && words.end <= name.end)
    }
}

/// What a source names, read by a view. A guess at the spelling is no name, and neither is a slur without protected ground: a pig is a pig.
pub(crate) fn name(lexicon: &Lexicon, source: Source, view: Option<View>) -> Option<Name> {
    match source {
        _ if view.is_some_and(|v| v >= View::Typo) => None,
        Source::Group(_) => Some(Name::Group),
        Source::Slur(s) if lexicon.slurs[s as usize].ground.is_protected() => Some(Name::Slur),
        _ => None,
    }
}

/// Where people are named: of names that share words the first, and of those that begin together the longest.
fn names(lexicon: &Lexicon, forms: &Forms, hits: &[Hit], out: &mut Vec<(Range<usize>, Name)>) {
    out.clear();
    for hit in hits {
        if let Some(name) = forms.meanings(hit.form).iter().filter_map(|m| name(lexicon, m.source, hit.view)).max() {
            let first = hit.first as usize;
            out.push((first..first + hit.length as usize, name));
        }
    }
    out.sort_unstable_by_key(|(range, name)| (range.start, std::cmp::Reverse((range.end, *name))));
    let mut end = 0;
    out.retain(|(range, _)| {
        let free = range.start >= end;
        end = if free { range.end } else { end };
        free
    });
}

/// Each word that is no part of a name, and each name.
fn each(words: &Words, names: &[(Range<usize>, Name)], mut visit: impl FnMut(Range<usize>, Option<Name>)) {
    let mut at = 0;
    for (range, name) in names {
        (at..range.start).for_each(|i| visit(i..i + 1, None));
        visit(range.clone(), Some(*name));
        at = range.end;
    }
    (at..words.list.len()).for_each(|i| visit(i..i + 1, None));
}
