//! The matcher: every whole-word occurrence of every form, in one pass over folded text.
//!
//! A form of one word is looked up. Forms of several words go through Aho-Corasick, over words instead of letters: each word of a phrase
//! is written as three bytes, and a word of no phrase as three that stand in none, so nothing is ever found inside a word and a post takes
//! three steps a word. Over the letters themselves the forms are two million states, and each step waits for memory that no cache holds.
//!
//! Posts that cannot make a finding never get here: the gate of [`crate::trigger`] stands in front.

use std::hash::Hasher as _;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use rustc_hash::FxHasher;

use crate::forms::Forms;
use crate::texts::{TextId, Texts};

/// No form.
const NONE: u32 = u32::MAX;
/// Bytes of a word in a phrase.
const WIDTH: usize = 3;
/// Values of each byte. The three bytes have ranges of their own, so that no phrase is found between two words.
const BASE: u32 = 85;
/// A word that stands in no phrase.
const UNKNOWN: [u8; WIDTH] = [u8::MAX; WIDTH];
/// Most different words that phrases can have.
const MOST_WORDS: u32 = BASE * BASE * BASE;

/// Finds forms in folded text: tokens separated by single spaces, with a space at both ends.
pub(crate) struct Matcher {
    /// Words of forms.
    words: Texts,
    /// By word: the form that is this word alone.
    alone: Vec<u32>,
    /// By word: how phrases write it.
    codes: Vec<[u8; WIDTH]>,
    phrases: AhoCorasick,
    /// By pattern of `phrases`.
    forms: Vec<u32>,
}

/// Why the forms are too many.
#[derive(Debug)]
pub(crate) enum TooMany {
    /// Different words in phrases.
    Words(u32),
    /// States or patterns of the automaton.
    States(BuildError),
}

impl std::fmt::Display for TooMany {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Words(count) => write!(f, "its phrases have {count} different words, more than {MOST_WORDS}"),
            Self::States(error) => write!(f, "its phrases are too many for one automaton: {error}"),
        }
    }
}

/// One occurrence: a form between two byte positions of the folded text, outer spaces left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub(crate) form: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Hits, and the buffers that finding them needs.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In order of their end, the longest first.
    pub(crate) hits: Vec<RawHit>,
    /// Each word: the form that it is alone, or none, and where it stands.
    words: Vec<RawHit>,
    /// The text as phrases write it.
    codes: Vec<u8>,
}

/// The hash of one folded word.
pub(crate) fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

/// How phrases write a word.
fn code(number: u32) -> [u8; WIDTH] {
    [number / (BASE * BASE), BASE + number / BASE % BASE, 2 * BASE + number % BASE].map(|byte| byte as u8)
}

impl Matcher {
    /// Builds the automaton over all forms.
    pub(crate) fn build(forms: &Forms) -> Result<Self, TooMany> {
        let (mut words, mut alone, mut codes) = (Texts::default(), Vec::new(), Vec::new());
        let (mut patterns, mut ends, mut of_pattern, mut coded) = (Vec::new(), vec![0], Vec::new(), 0);
        for (number, form) in (0..).zip(forms.iter()) {
            let phrase = form.text.contains(' ');
            for word in form.text.split(' ') {
                let at = words.intern(word).0 as usize;
                alone.resize(words.len(), NONE);
                codes.resize(words.len(), UNKNOWN);
                if !phrase {
                    alone[at] = number;
                    continue;
                }
                if codes[at] == UNKNOWN {
                    codes[at] = code(coded);
                    coded += 1;
                }
                patterns.extend_from_slice(&codes[at]);
            }
            if phrase {
                ends.push(patterns.len());
                of_pattern.push(number);
            }
        }
        if coded > MOST_WORDS {
            return Err(TooMany::Words(coded));
        }
        words.shrink();
        let mut automaton = AhoCorasick::builder();
        automaton.kind(Some(AhoCorasickKind::ContiguousNFA)).match_kind(MatchKind::Standard).prefilter(false);
        let phrases = automaton.build(ends.windows(2).map(|w| &patterns[w[0]..w[1]])).map_err(TooMany::States)?;
        Ok(Self { words, alone, codes, phrases, forms: of_pattern })
    }

    /// Replaces what `found` holds by every hit in `text`, in order of its end, the longest first.
    pub(crate) fn find(&self, text: &str, found: &mut Found) {
        let Found { hits, words, codes } = found;
        hits.clear();
        words.clear();
        codes.clear();
        let mut start = 1;
        for space in memchr::memchr_iter(b' ', text.as_bytes()).skip(1) {
            let known = self.words.number(&text[start..space]).map(|TextId(n)| n as usize);
            words.push(RawHit { form: known.map_or(NONE, |n| self.alone[n]), start: start as u32, end: space as u32 });
            codes.extend_from_slice(&known.map_or(UNKNOWN, |n| self.codes[n]));
            start = space + 1;
        }
        // Phrases come in order of their end, the longest first; a word alone is shorter than any that ends with it.
        let mut next = 0;
        let alone = |hits: &mut Vec<RawHit>, words: &[RawHit]| hits.extend(words.iter().filter(|w| w.form != NONE));
        for m in self.phrases.find_overlapping_iter(codes.as_slice()) {
            let (first, last) = (m.start() / WIDTH, m.end() / WIDTH - 1);
            alone(hits, &words[next..last.max(next)]);
            next = last.max(next);
            hits.push(RawHit { form: self.forms[m.pattern().as_usize()], start: words[first].start, end: words[last].end });
        }
        alone(hits, &words[next..]);
    }
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
            Matcher::build(&forms).expect("few forms").find(&text, &mut found);
            let found: Vec<_> = found.hits.iter().map(|h| (h.end, std::cmp::Reverse(h.end - h.start), h.form)).collect();
            prop_assert_eq!(found, oracle(&texts, &text));
        }
    }
}
