//! The matcher: every whole-word occurrence of every form, in one pass over folded text.
//!
//! A form of one word is looked up. Forms of several words are paths of a trie over words instead of letters, so that nothing is ever found
//! inside a word; a path begins only at two neighbours that are neighbours in some phrase, which is asked of a filter that stays in the
//! processor's cache. Over the letters themselves the forms are two million states, and each step waits for memory that no cache holds.
//! Aho-Corasick over three bytes a word was here before: it walks the text once, and takes longer to build and to step than
//! the few short paths that begin anywhere.
//!
//! Posts that cannot make a finding never get here: the gate of [`crate::trigger`] stands in front.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;
use vigie_text::{Memo, Number};

use crate::bloom::Bloom;
use crate::forms::Forms;
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
    /// Neighbours in phrases.
    pairs: Bloom,
    phrases: Phrases,
    number: Number,
}

/// What forms make of a word.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Its number; that of no word when it stands in no form.
    word: u32,
    /// The form that is this word alone, or none.
    alone: u32,
    /// Where the phrases that begin with it go on.
    first: Node,
}

/// A word of no form.
const FOREIGN: Entry = Entry { word: NONE, alone: NONE, first: Node::NONE };

impl Default for Entry {
    fn default() -> Self {
        FOREIGN
    }
}

/// One occurrence: a form from one word to another, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub(crate) form: u32,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// Hits, and the buffers that finding them needs.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In order of their end, the longest first.
    pub(crate) hits: Vec<RawHit>,
    /// Each word.
    words: Vec<Entry>,
    memo: Memo<Entry>,
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
        let (mut phrases, mut pairs) = (Phrases::default(), Vec::new());
        for (number, form) in (0..).zip(forms.iter()) {
            let phrase = form.text.contains(' ');
            let (mut node, mut before) = (Node::NONE, NONE);
            for word in form.text.split(' ') {
                let TextId(word) = words.intern(word);
                entries.resize(words.len(), FOREIGN);
                let entry: &mut Entry = &mut entries[word as usize];
                entry.word = word;
                if !phrase {
                    entry.alone = number;
                } else if before == NONE {
                    if entry.first == Node::NONE {
                        entry.first = phrases.root();
                    }
                    node = entry.first;
                } else {
                    pairs.push(pair(before, word));
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
        Self { words, entries, pairs: Bloom::new(pairs, 4), phrases, number: Number::default() }
    }

    /// Replaces what `found` holds by every hit in `text`, in order of its end, the longest first.
    pub(crate) fn find(&self, text: &str, found: &mut Found) {
        let Found { hits, words, memo } = found;
        hits.clear();
        words.clear();
        memo.of([self.number.get(), 0]);
        let mut start = 1;
        for space in memchr::memchr_iter(b' ', text.as_bytes()).skip(1) {
            words.push(memo.get(text, start, space, |word| self.words.number(word).map_or(FOREIGN, |TextId(n)| self.entries[n as usize])));
            start = space + 1;
        }
        let mut phrases = false;
        for (at, entry) in words.iter().enumerate() {
            let first = at as u32;
            if entry.alone != NONE {
                hits.push(RawHit { form: entry.alone, first, last: first });
            }
            if entry.first == Node::NONE || words.get(at + 1).is_none_or(|next| !self.pairs.has(pair(entry.word, next.word))) {
                continue;
            }
            let (mut node, mut before) = (entry.first, entry.word);
            for (last, next) in (first + 1..).zip(&words[at + 1..]) {
                if last > first + 1 && !self.pairs.has(pair(before, next.word)) {
                    break;
                }
                before = next.word;
                node = self.phrases.child(node, next.word);
                if node == Node::NONE {
                    break;
                }
                if let Some(form) = self.phrases.form(node) {
                    phrases = true;
                    hits.push(RawHit { form, first, last });
                }
            }
        }
        if phrases {
            hits.sort_unstable_by_key(|hit| (hit.last, hit.first));
        }
    }

    /// Whether two words of the text last searched are neighbours in some phrase. True may be wrong.
    pub(crate) fn may_join(&self, found: &Found, before: usize, word: usize) -> bool {
        self.pairs.has(pair(found.words[before].word, found.words[word].word))
    }
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
            let mut found = Found::default();
            Matcher::build(&forms).find(&text, &mut found);
            let starts: Vec<u32> = text.match_indices(' ').map(|(at, _)| at as u32 + 1).collect();
            let bytes = |h: &RawHit| (starts[h.first as usize], starts[h.last as usize + 1] - 1);
            let found: Vec<_> = found.hits.iter().map(|h| (bytes(h).1, std::cmp::Reverse(bytes(h).1 - bytes(h).0), h.form)).collect();
            prop_assert_eq!(found, oracle(&texts, &text));
        }
    }
}
