//! The matcher: every whole-word occurrence of every form, in one pass over folded text.
//!
//! A form of one word is looked up. Forms of several words are paths of a trie over words instead of letters, so that nothing is ever found
//! inside a word; a path begins only at two neighbours that are neighbours in some phrase, which is asked of a filter that stays in the
//! processor's cache. Over the letters themselves the forms are two million states, and each step waits for memory that no cache holds.
//! Aho-Corasick over three bytes a word was here before: it walks the text once, and takes longer to build and to step than
//! the few short paths that begin anywhere.
//!
//! Posts that cannot make a finding are turned away by a first look ([`crate::engine`]), which asks for the same hits and lists none.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use crate::bloom::Bloom;
use crate::forms::Forms;
use crate::known::Known;
use crate::phrases::{Node, Phrases};
use crate::texts::{TextId, Texts};

/// No form.
const NONE: u32 = u32::MAX;

/// Finds forms in folded text: tokens separated by single spaces, with a space at both ends.
pub(crate) struct Matcher {
    /// Words of forms.
    words: Texts,
    /// By word.
    entries: Vec<Entry>,
    /// The first two words of phrases.
    openings: Bloom,
    /// Neighbours behind those.
    pairs: Bloom,
    phrases: Phrases,
}

/// What forms make of a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Its number; that of no word when it stands in no form.
    word: u32,
    /// The form that is this word alone, or none.
    alone: u32,
    /// Where the phrases that begin with it go on.
    first: Node,
    /// Their second words, in a few bits.
    seconds: u32,
}

/// A word of no form.
const FOREIGN: Entry = Entry { word: NONE, alone: NONE, first: Node::NONE, seconds: 0 };

impl Default for Entry {
    fn default() -> Self {
        FOREIGN
    }
}

impl Entry {
    /// The form that is this word alone.
    pub(crate) fn alone(self) -> Option<u32> {
        (self.alone != NONE).then_some(self.alone)
    }
}

/// One occurrence: a form from one word to another, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub(crate) form: u32,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// The hash of one folded word.
pub(crate) fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

impl Matcher {
    /// Indexes all forms.
    pub(crate) fn build(forms: &Forms) -> Self {
        let (mut words, mut entries) = (Texts::default(), Vec::new());
        let (mut phrases, mut openings, mut pairs) = (Phrases::default(), Vec::new(), Vec::new());
        for (number, form) in (0..).zip(forms.iter()) {
            let phrase = form.text.contains(' ');
            let (mut node, mut before) = (Node::NONE, NONE);
            for (place, word) in form.text.split(' ').enumerate() {
                let TextId(word) = words.intern(word);
                entries.resize(words.len(), FOREIGN);
                let entry: &mut Entry = &mut entries[word as usize];
                entry.word = word;
                if !phrase {
                    entry.alone = number;
                } else if place == 0 {
                    if entry.first == Node::NONE {
                        entry.first = phrases.root();
                    }
                    node = entry.first;
                } else {
                    if place == 1 {
                        entries[before as usize].seconds |= bit(word);
                        openings.push(pair(before, word));
                    } else {
                        pairs.push(pair(before, word));
                    }
                    node = phrases.insert(node, word);
                }
                before = word;
            }
            if phrase {
                phrases.end(node, number);
            }
        }
        words.shrink();
        entries.shrink_to_fit();
        phrases.shrink();
        Self { words, entries, openings: Bloom::new(openings, 4), pairs: Bloom::new(pairs, 4), phrases }
    }

    /// What forms make of a word.
    pub(crate) fn entry(&self, word: &str) -> Entry {
        self.words.number(word).map_or(FOREIGN, |TextId(n)| self.entries[n as usize])
    }

    /// Replaces what `hits` holds by every hit among words, in order of its end, the longest first.
    pub(crate) fn find(&self, words: &[Known], hits: &mut Vec<RawHit>) {
        hits.clear();
        let mut phrases = false;
        for (at, known) in words.iter().enumerate() {
            let first = at as u32;
            if let Some(form) = known.entry.alone() {
                hits.push(RawHit { form, first, last: first });
            }
            self.phrases(words, at, |form, last| {
                phrases = true;
                hits.push(RawHit { form, first, last: last as u32 });
            });
        }
        if phrases {
            hits.sort_unstable_by_key(|hit| (hit.last, hit.first));
        }
    }

    /// Hands each phrase that begins at a word to `found`, with its last word.
    pub(crate) fn phrases(&self, words: &[Known], at: usize, mut found: impl FnMut(u32, usize)) {
        let entry = words[at].entry;
        let opens = |next: &Known| entry.seconds & bit(next.entry.word) != 0 && self.openings.has(pair(entry.word, next.entry.word));
        if !words.get(at + 1).is_some_and(opens) {
            return;
        }
        let (mut node, mut before) = (entry.first, entry.word);
        for (last, next) in words.iter().enumerate().skip(at + 1) {
            let word = next.entry.word;
            if last > at + 1 && !self.pairs.has(pair(before, word)) {
                break;
            }
            before = word;
            node = self.phrases.child(node, word);
            if node == Node::NONE {
                break;
            }
            if let Some(form) = self.phrases.form(node) {
                found(form, last);
            }
        }
    }

    /// Whether two words are neighbours in some phrase. True may be wrong.
    pub(crate) fn may_join(&self, before: Entry, word: Entry) -> bool {
        let pair = pair(before.word, word.word);
        self.openings.has(pair) || self.pairs.has(pair)
    }
}

/// One bit of a few for a word.
fn bit(word: u32) -> u32 {
    1 << (word.wrapping_mul(0x9E37_79B9) >> 27)
}

/// The key of two neighbours.
fn pair(before: u32, word: u32) -> u64 {
    (u64::from(before) << 32 | u64::from(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
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
            texts in prop::collection::vec("[abé🍀]{1,5}( [abé🍀]{1,2}){0,4}", 1..60),
            words in prop::collection::vec("[abé🍀]{1,2}|[a🍀]{3,5}", 0..60),
        ) {
            let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            texts.sort_unstable();
            texts.dedup();
            let forms = Forms::of_texts(texts.iter().copied());
            let text = words.iter().fold(" ".to_owned(), |text, word| text + word + " ");
            let (matcher, mut found) = (Matcher::build(&forms), Vec::new());
            let known: Vec<Known> = text.split(' ').filter(|w| !w.is_empty()).map(|w| Known { entry: matcher.entry(w), ..Known::default() }).collect();
            matcher.find(&known, &mut found);
            let starts: Vec<u32> = text.match_indices(' ').map(|(at, _)| at as u32 + 1).collect();
            let bytes = |h: &RawHit| (starts[h.first as usize], starts[h.last as usize + 1] - 1);
            let found: Vec<_> = found.iter().map(|h| (bytes(h).1, std::cmp::Reverse(bytes(h).1 - bytes(h).0), h.form)).collect();
            prop_assert_eq!(found, oracle(&texts, &text));
        }
    }
}
