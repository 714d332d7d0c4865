//! The matcher: every whole-word occurrence of every form, in one pass over folded text.
//!
//! A form of one word is looked up. Forms of several words go through Aho-Corasick, over words instead of letters: each word of a phrase
//! is written as three bytes, and a word of no phrase as three that stand in none, so nothing is ever found inside a word and a post takes
//! three steps a word, where it takes any: only neighbours that are neighbours in some phrase are searched. Over the letters themselves the forms are two million states, and each step waits for memory that no cache holds.
//!
//! Posts that cannot make a finding never get here: the gate of [`crate::trigger`] stands in front.

use std::hash::Hasher as _;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use rustc_hash::FxHasher;

use crate::bloom::Bloom;
use crate::forms::Forms;
use crate::texts::{TextId, Texts};

/// Numbers given to matchers; what has none is numbered 0.
static MATCHERS: AtomicU64 = AtomicU64::new(1);

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
    /// By word.
    entries: Vec<Entry>,
    /// Neighbours in phrases.
    pairs: Bloom,
    phrases: AhoCorasick,
    /// By pattern of `phrases`.
    forms: Vec<u32>,
    /// No other matcher of the process has the same number.
    number: u64,
}

/// What forms make of a word.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// The form that is this word alone, or none.
    alone: u32,
    /// How phrases write it.
    code: [u8; WIDTH],
}

/// A word of no form.
const FOREIGN: Entry = Entry { alone: NONE, code: UNKNOWN };

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
    /// The text as phrases write it.
    codes: Vec<u8>,
    memo: Memo,
}

/// The words that were looked up last, each at the place that its letters give it: a text repeats its words, and a table of all that forms
/// hold is no table for a cache.
#[derive(Debug, Default)]
struct Memo {
    /// Of which matcher they speak.
    matcher: u64,
    /// The letters of a word, and what forms make of it.
    slots: Vec<(u128, Entry)>,
}

impl Memo {
    const SLOTS: usize = 1 << 12;

    fn get(&mut self, word: &str, look_up: impl Fn(&str) -> Entry) -> Entry {
        let mut letters = [0; size_of::<u128>()];
        let Some(place) = letters.get_mut(..word.len()) else { return look_up(word) };
        place.copy_from_slice(word.as_bytes());
        // No word is without letters, so that no word is an empty place.
        let letters = u128::from_le_bytes(letters);
        let mixed = (letters as u64 ^ ((letters >> 64) as u64).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let slot = &mut self.slots[(mixed >> (64 - Self::SLOTS.trailing_zeros())) as usize];
        if slot.0 != letters {
            *slot = (letters, look_up(word));
        }
        slot.1
    }
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
        let (mut words, mut entries) = (Texts::default(), Vec::new());
        let (mut patterns, mut ends, mut of_pattern, mut coded) = (Vec::new(), vec![0], Vec::new(), 0);
        let mut pairs = Vec::new();
        for (number, form) in (0..).zip(forms.iter()) {
            let phrase = form.text.contains(' ');
            let start = patterns.len();
            for word in form.text.split(' ') {
                let at = words.intern(word).0 as usize;
                entries.resize(words.len(), FOREIGN);
                let entry: &mut Entry = &mut entries[at];
                if !phrase {
                    entry.alone = number;
                    continue;
                }
                if entry.code == UNKNOWN {
                    entry.code = code(coded);
                    coded += 1;
                }
                patterns.extend_from_slice(&entry.code);
            }
            if phrase {
                pairs.extend(patterns[start..].windows(2 * WIDTH).step_by(WIDTH).map(pair));
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
        let number = MATCHERS.fetch_add(1, Ordering::Relaxed);
        Ok(Self { words, entries, pairs: Bloom::new(pairs, 4), phrases, forms: of_pattern, number })
    }

    /// Replaces what `found` holds by every hit in `text`, in order of its end, the longest first.
    pub(crate) fn find(&self, text: &str, found: &mut Found) {
        let Found { hits, words, codes, memo } = found;
        hits.clear();
        words.clear();
        codes.clear();
        if memo.matcher != self.number {
            *memo = Memo { matcher: self.number, slots: vec![(0, FOREIGN); Memo::SLOTS] };
        }
        let mut start = 1;
        for space in memchr::memchr_iter(b' ', text.as_bytes()).skip(1) {
            let entry = memo.get(&text[start..space], |word| self.words.number(word).map_or(FOREIGN, |TextId(n)| self.entries[n as usize]));
            words.push(entry);
            codes.extend_from_slice(&entry.code);
            start = space + 1;
        }
        // Phrases come in order of their end, the longest first; a word alone is shorter than any that ends with it.
        let mut next = 0;
        let alone = |hits: &mut Vec<RawHit>, range: Range<usize>| {
            let forms = range.clone().zip(&words[range]).filter(|(_, word)| word.alone != NONE);
            hits.extend(forms.map(|(at, word)| RawHit { form: word.alone, first: at as u32, last: at as u32 }));
        };
        // A phrase stands where all its words are neighbours in some phrase: elsewhere the automaton need not go.
        let mut from = 0;
        while from < words.len() {
            let tied = codes[from * WIDTH..].windows(2 * WIDTH).step_by(WIDTH).take_while(|two| self.pairs.has(pair(two))).count();
            let to = from + tied + 1;
            for m in self.phrases.find_overlapping_iter(&codes[from * WIDTH..to * WIDTH]).take_while(|_| tied > 0) {
                let (first, last) = (from + m.start() / WIDTH, from + m.end() / WIDTH - 1);
                alone(hits, next..last.max(next));
                next = last.max(next);
                hits.push(RawHit { form: self.forms[m.pattern().as_usize()], first: first as u32, last: last as u32 });
            }
            from = to;
        }
        alone(hits, next..words.len());
    }

    /// Whether two words of the text last searched are neighbours in some phrase. True may be wrong.
    pub(crate) fn may_join(&self, found: &Found, before: usize, word: usize) -> bool {
        let mut two = [0; 2 * WIDTH];
        two[..WIDTH].copy_from_slice(&found.words[before].code);
        two[WIDTH..].copy_from_slice(&found.words[word].code);
        self.pairs.has(pair(&two))
    }
}

/// The key of two neighbours.
fn pair(codes: &[u8]) -> u64 {
    codes.iter().fold(0, |key, byte| key << 8 | u64::from(*byte))
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
            let starts: Vec<u32> = text.match_indices(' ').map(|(at, _)| at as u32 + 1).collect();
            let bytes = |h: &RawHit| (starts[h.first as usize], starts[h.last as usize + 1] - 1);
            let found: Vec<_> = found.hits.iter().map(|h| (bytes(h).1, std::cmp::Reverse(bytes(h).1 - bytes(h).0), h.form)).collect();
            prop_assert_eq!(found, oracle(&texts, &text));
        }
    }
}
