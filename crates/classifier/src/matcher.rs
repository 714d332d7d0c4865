//! The matcher: every whole-word occurrence of every form, in one pass over folded text.
//!
//! Aho-Corasick over words instead of bytes: each word of a form is one symbol, so nothing is ever found inside a word, and a post takes as
//! many steps as it has words. Over bytes the forms are two million states, and each step waits for memory that no cache holds; over words
//! they are a quarter of that, and a word that no form knows leads back to the root without a look at them.
//!
//! Posts that cannot make a finding never get here: the gate of [`crate::trigger`] stands in front.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use crate::forms::Forms;
use crate::texts::{TextId, Texts};

/// No form, no state.
const NONE: u32 = u32::MAX;
/// The state in which nothing has been read.
const ROOT: u32 = 0;

/// Finds forms in folded text: tokens separated by single spaces, with a space at both ends.
pub(crate) struct Matcher {
    /// Words of forms; their numbers are the symbols.
    words: Vocabulary,
    /// By word: the state after it at the root.
    after_root: Vec<u32>,
    /// By state: its first child. The children of a state stand together, in the order of their words, and those of the next state follow.
    children: Vec<u32>,
    states: Vec<State>,
}

/// What has been read: the beginning of a form.
#[derive(Debug, Clone, Copy)]
struct State {
    /// Its last word.
    word: u32,
    /// The form that ends here.
    form: u32,
    /// The longest other state that ends with the same words.
    fail: u32,
    /// The first on the way of `fail` at which a form ends.
    output: u32,
    /// Words read.
    depth: u32,
}

/// Numbers of words, for looking up. A short word stands in its own slot: one visit to memory, where a hash and a text would take three.
struct Vocabulary {
    /// By hash, or the next slot that was free; twice as many as words.
    slots: Vec<Slot>,
    /// Words of more bytes than a slot holds.
    long: Texts,
    /// By long word: its number.
    numbers: Vec<u32>,
}

/// Bytes of a slot, the last of them the length.
type Key = [u8; 16];

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: Key,
    number: u32,
}

impl Vocabulary {
    fn new(words: &Texts) -> Self {
        let mut all = Self {
            slots: vec![Slot { key: Key::default(), number: NONE }; (words.len() * 2).next_power_of_two()],
            long: Texts::default(),
            numbers: Vec::new(),
        };
        for number in 0..words.len() as u32 {
            let word = words.get(TextId(number));
            if let Some(key) = key(word) {
                let mut at = all.place(&key);
                while all.slots[at].number != NONE {
                    at = (at + 1) & (all.slots.len() - 1);
                }
                all.slots[at] = Slot { key, number };
            } else {
                all.long.intern(word);
                all.numbers.push(number);
            }
        }
        all.long.shrink();
        all
    }

    fn number(&self, word: &str) -> Option<u32> {
        let Some(key) = key(word) else {
            return self.long.number(word).map(|TextId(n)| self.numbers[n as usize]);
        };
        let mut at = self.place(&key);
        loop {
            let slot = &self.slots[at];
            if slot.number == NONE {
                return None;
            }
            if slot.key == key {
                return Some(slot.number);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn place(&self, key: &Key) -> usize {
        let mixed = hash(key);
        (mixed ^ mixed >> 32) as usize & (self.slots.len() - 1)
    }
}

/// A short word as the key of a slot.
fn key(word: &str) -> Option<Key> {
    let mut key = Key::default();
    let last = key.len() - 1;
    key.get_mut(..last)?.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    key[last] = word.len() as u8;
    Some(key)
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
    /// Where each word begins.
    starts: Vec<u32>,
}

/// The hash of one folded word.
pub(crate) fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

impl Matcher {
    /// Builds the automaton over all forms.
    pub(crate) fn build(forms: &Forms) -> Self {
        let mut words = Texts::default();
        let mut symbols: Vec<u32> = Vec::new();
        // Each form: where its symbols are, and its number.
        let mut sequences: Vec<(u32, u32, u32)> = Vec::with_capacity(forms.len());
        for (number, form) in (0..).zip(forms.iter()) {
            let start = symbols.len() as u32;
            symbols.extend(form.text.split(' ').map(|word| words.intern(word).0));
            sequences.push((start, symbols.len() as u32, number));
        }
        let of = |&(start, end, _): &(u32, u32, u32)| &symbols[start as usize..end as usize];
        sequences.sort_unstable_by(|a, b| of(a).cmp(of(b)));
        let root = State { word: NONE, form: NONE, fail: ROOT, output: NONE, depth: 0 };
        let mut matcher = Self { after_root: vec![NONE; words.len()], words: Vocabulary::new(&words), children: Vec::new(), states: vec![root] };
        // The forms that begin with what each state of this depth has read.
        let (mut level, mut depth) = (std::iter::once(0..sequences.len()).collect::<Vec<_>>(), 0);
        while !level.is_empty() {
            let mut next = Vec::new();
            for forms in level {
                let state = matcher.children.len();
                matcher.children.push(matcher.states.len() as u32);
                let mut start = forms.start + sequences[forms.clone()].partition_point(|s| of(s).len() == depth);
                if start > forms.start {
                    matcher.states[state].form = sequences[forms.start].2;
                }
                for run in sequences[start..forms.end].chunk_by(|a, b| of(a)[depth] == of(b)[depth]) {
                    matcher.states.push(State { word: of(&run[0])[depth], depth: depth as u32 + 1, fail: state as u32, ..root });
                    next.push(start..start + run.len());
                    start += run.len();
                }
            }
            (level, depth) = (next, depth + 1);
        }
        matcher.children.push(matcher.states.len() as u32);
        for state in matcher.below(ROOT) {
            let word = matcher.states[state].word;
            matcher.after_root[word as usize] = state as u32;
        }
        matcher.link();
        matcher
    }

    /// Failure and output links, from the shallow states to the deep ones. Until its turn a state's `fail` is its parent.
    fn link(&mut self) {
        for at in 1..self.states.len() {
            let State { word, fail: parent, .. } = self.states[at];
            let fail = if parent == ROOT { ROOT } else { self.step(self.states[parent as usize].fail, word) };
            let State { form, output, .. } = self.states[fail as usize];
            self.states[at].fail = fail;
            self.states[at].output = if form == NONE { output } else { fail };
        }
    }

    /// The children of a state.
    fn below(&self, state: u32) -> std::ops::Range<usize> {
        self.children[state as usize] as usize..self.children[state as usize + 1] as usize
    }

    /// The state after one more word.
    fn step(&self, mut state: u32, word: u32) -> u32 {
        while state != ROOT {
            let below = self.below(state);
            if let Ok(at) = self.states[below.clone()].binary_search_by_key(&word, |s| s.word) {
                return (below.start + at) as u32;
            }
            state = self.states[state as usize].fail;
        }
        match self.after_root[word as usize] {
            NONE => ROOT,
            state => state,
        }
    }

    /// Replaces what `found` holds by every hit in `text`, in order of its end, the longest first.
    pub(crate) fn find(&self, text: &str, found: &mut Found) {
        let Found { hits, starts } = found;
        hits.clear();
        starts.clear();
        let mut state = ROOT;
        let mut start = 1;
        for space in memchr::memchr_iter(b' ', text.as_bytes()).skip(1) {
            starts.push(start);
            let end = space as u32;
            let word = self.words.number(&text[start as usize..space]);
            start = end + 1;
            let Some(word) = word else {
                state = ROOT;
                continue;
            };
            state = self.step(state, word);
            let mut at = state;
            while at != NONE {
                let State { form, output, depth, .. } = self.states[at as usize];
                if form != NONE {
                    hits.push(RawHit { form, start: starts[starts.len() - depth as usize], end });
                }
                at = output;
            }
        }
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
            Matcher::build(&forms).find(&text, &mut found);
            let found: Vec<_> = found.hits.iter().map(|h| (h.end, std::cmp::Reverse(h.end - h.start), h.form)).collect();
            prop_assert_eq!(found, oracle(&texts, &text));
        }
    }
}
