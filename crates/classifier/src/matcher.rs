//! The matcher: every whole-word occurrence of every form, in one pass over folded text.
//!
//! Aho-Corasick over " form ", separators inside the patterns, so that nothing is found inside a word. Posts that cannot make a finding never
//! get here: the gate of [`crate::trigger`] stands in front.
//!
//! A verb phrase has sixty forms that differ in one word, and most forms belong to such phrases: whole, they are two million states. So a
//! phrase is cut in two where both halves serve many phrases, the automaton knows the halves, and a table tells which half may follow
//! which: a tenth of the states. It is the contiguous NFA of the crate whatever their number: few posts get here, and the table of a DFA would
//! be 25 MiB for twenty thousand words, which no cache holds from one such post to the next.

use std::hash::Hasher as _;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use rustc_hash::{FxHashMap, FxHasher};

use crate::forms::Forms;
use crate::texts::{TextId, Texts};

/// No form.
const NONE: u32 = u32::MAX;

/// Finds forms in folded text: tokens separated by single spaces, with a space at both ends.
pub(crate) struct Matcher {
    automaton: AhoCorasick,
    /// What each pattern of the automaton stands for.
    pieces: Vec<Piece>,
    /// By first half, then by second half: the second halves that make a form of it, and the forms.
    seconds: Vec<u32>,
    forms: Vec<u32>,
}

/// A form, or half of some.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// The form that it is.
    form: u32,
    /// Where its second halves end; they begin where those of the piece before it end.
    end: u32,
    /// Whether it is a second half.
    second: bool,
}

/// One occurrence: a form between two byte positions of the folded text, outer spaces left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub(crate) form: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Hits, and the buffer that finding them needs.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In order of their end, the longest first.
    pub(crate) hits: Vec<RawHit>,
    /// First halves, in order of their end; `form` is the piece.
    firsts: Vec<RawHit>,
}

/// The hash of one folded word, for the gate of [`crate::trigger`].
pub(crate) fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

impl Matcher {
    /// Builds the automaton over all forms.
    pub(crate) fn build(forms: &Forms) -> Result<Self, BuildError> {
        let halves = Halves::count(forms);
        let mut texts = Texts::default();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut piece = |text: &str, pieces: &mut Vec<Piece>| {
            let TextId(number) = texts.intern(text);
            if number as usize == pieces.len() {
                pieces.push(Piece { form: NONE, end: 0, second: false });
            }
            number
        };
        let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
        for (form, entry) in (0..).zip(forms.iter()) {
            if let Some((first, second)) = halves.cut(entry.text) {
                let pair = (piece(first, &mut pieces), piece(second, &mut pieces), form);
                pieces[pair.1 as usize].second = true;
                pairs.push(pair);
            } else {
                let number = piece(entry.text, &mut pieces);
                pieces[number as usize].form = form;
            }
        }
        drop(halves);
        pairs.sort_unstable();
        for (number, piece) in (0..).zip(&mut pieces) {
            piece.end = pairs.partition_point(|(first, ..)| *first <= number) as u32;
        }
        let patterns = (0..texts.len() as u32).map(|number| format!(" {} ", texts.get(TextId(number))));
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).match_kind(MatchKind::Standard).build(patterns)?;
        Ok(Self { automaton, pieces, seconds: pairs.iter().map(|p| p.1).collect(), forms: pairs.iter().map(|p| p.2).collect() })
    }

    /// Replaces what `found` holds by every hit in `text`, in order of its end, the longest first.
    pub(crate) fn find(&self, text: &str, found: &mut Found) {
        let Found { hits, firsts } = found;
        hits.clear();
        firsts.clear();
        // Hits with the same end as the last ones begin here.
        let mut group = 0;
        for m in self.automaton.find_overlapping_iter(text) {
            let (number, start, end) = (m.pattern().as_u32(), m.start() as u32 + 1, m.end() as u32 - 1);
            let piece = self.pieces[number as usize];
            if hits.last().is_some_and(|h| h.end != end) {
                group = hits.len();
            }
            if piece.form != NONE {
                place(hits, group, RawHit { form: piece.form, start, end });
            }
            if piece.second {
                let before = firsts.partition_point(|f| f.end + 1 < start);
                for first in firsts[before..].iter().take_while(|f| f.end + 1 == start) {
                    if let Some(form) = self.join(first.form, number) {
                        place(hits, group, RawHit { form, start: first.start, end });
                    }
                }
            }
            if self.start(number) < piece.end {
                firsts.push(RawHit { form: number, start, end });
            }
        }
    }

    /// The form that a piece makes with another right behind it.
    fn join(&self, first: u32, second: u32) -> Option<u32> {
        let start = self.start(first) as usize;
        let seconds = &self.seconds[start..self.pieces[first as usize].end as usize];
        seconds.binary_search(&second).ok().map(|at| self.forms[start + at])
    }

    /// Where the second halves of a piece begin.
    fn start(&self, piece: u32) -> u32 {
        piece.checked_sub(1).map_or(0, |before| self.pieces[before as usize].end)
    }
}

/// Puts a hit among those with its end, from `group` on: the longest first.
fn place(hits: &mut Vec<RawHit>, group: usize, hit: RawHit) {
    let group = if hits.last().is_some_and(|h| h.end != hit.end) { hits.len() } else { group };
    let at = group + hits[group..].partition_point(|h| h.start < hit.start);
    hits.insert(at, hit);
}

/// How many forms begin, and how many end, with each run of words, by hash: where two runs share one, a cut is less good, and still right.
struct Halves {
    begin: FxHashMap<u64, u32>,
    end: FxHashMap<u64, u32>,
}

impl Halves {
    fn count(forms: &Forms) -> Self {
        let mut halves = Self { begin: FxHashMap::default(), end: FxHashMap::default() };
        for form in forms.iter() {
            for (first, second) in cuts(form.text) {
                *halves.begin.entry(hash(first.as_bytes())).or_default() += 1;
                *halves.end.entry(hash(second.as_bytes())).or_default() += 1;
            }
        }
        halves
    }

    /// The two halves of a phrase of which the rarer one is the most frequent; nothing for one word.
    fn cut<'a>(&self, form: &'a str) -> Option<(&'a str, &'a str)> {
        let count = |table: &FxHashMap<u64, u32>, half: &str| table.get(&hash(half.as_bytes())).copied().unwrap_or(0);
        // The first of the best ones.
        cuts(form).rev().max_by_key(|(first, second)| count(&self.begin, first).min(count(&self.end, second)))
    }
}

/// Every way to cut a phrase between two words.
fn cuts(form: &str) -> impl DoubleEndedIterator<Item = (&str, &str)> {
    form.match_indices(' ').map(|(at, _)| (&form[..at], &form[at + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The slow, obvious way: each form against each run of words.
    fn oracle(texts: &[&str], text: &str) -> Vec<(u32, std::cmp::Reverse<u32>, u32)> {
        let mut found = Vec::new();
        for (number, form) in texts.iter().enumerate() {
            let pattern = format!(" {form} ");
            let starts = (0..text.len()).filter(|&at| text.get(at..).is_some_and(|rest| rest.starts_with(&pattern)));
            found.extend(starts.map(|at| ((at + pattern.len()) as u32 - 1, std::cmp::Reverse((pattern.len() - 2) as u32), number as u32)));
        }
        found.sort_unstable();
        found
    }

    proptest! {
        #[test]
        fn the_matcher_finds_whole_words_and_nothing_else_in_order_of_end_and_length(
            texts in prop::collection::vec("[abé🍀]{1,2}( [abé🍀]{1,2}){0,4}", 1..60),
            words in prop::collection::vec("[abé🍀]{1,2}", 0..60),
        ) {
            let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            texts.sort_unstable();
            texts.dedup();
            let forms = Forms::of_texts(texts.iter().copied());
            let text = words.iter().fold(" ".to_owned(), |text, word| text + word + " ");
            let mut found = Found::default();
            Matcher::build(&forms).expect("few patterns").find(&text, &mut found);
            let found: Vec<_> = found.hits.iter().map(|h| (h.end, std::cmp::Reverse(h.end - h.start), h.form)).collect();
            prop_assert_eq!(found, oracle(&texts, &text));
        }
    }
}
