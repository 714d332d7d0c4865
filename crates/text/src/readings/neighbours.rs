//! Which words stand side by side in phrases: by numbers of words, since phrases are many and made of few.

use rustc_hash::{FxHashMap, FxHashSet};

use super::FormUse;
use super::lookup::is_small;
use super::trie::Trie;

/// Neighbouring words of phrases.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    words: FxHashMap<Box<str>, u32>,
    /// One word directly behind another.
    pairs: FxHashSet<(u32, u32)>,
    /// Content words that follow, and that precede, a content word.
    partners: [Partners; 2],
}

/// By word: keys.
#[derive(Debug, Default)]
struct Partners {
    /// Where those of each word end.
    ends: Vec<u32>,
    keys: Vec<u32>,
}

impl Neighbours {
    /// Content words that stand after `word` in phrases, or before it, in order.
    pub(super) fn partners(&self, word: &str, after: bool) -> &[u32] {
        self.words.get(word).map_or(&[], |word| self.partners[usize::from(!after)].of(*word))
    }

    /// Whether two words with a space between stand so in a phrase.
    pub(super) fn is_pair(&self, pair: &str) -> bool {
        let number = |word: &str| self.words.get(word).copied();
        let numbers = pair.split_once(' ').and_then(|(before, after)| Some((number(before)?, number(after)?)));
        numbers.is_some_and(|numbers| self.pairs.contains(&numbers))
    }
}

impl Partners {
    /// The keys of some words in order, of so many words.
    fn new(mut all: Vec<(u32, u32)>, words: usize) -> Self {
        all.sort_unstable();
        let mut ends = vec![0; words];
        all.iter().zip(1..).for_each(|((word, _), end)| ends[*word as usize] = end);
        // Words without any end where the one before does.
        (1..words).for_each(|word| ends[word] = ends[word].max(ends[word - 1]));
        Self { ends, keys: all.iter().map(|(_, key)| *key).collect() }
    }

    fn of(&self, word: u32) -> &[u32] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.keys[start as usize..self.ends[word as usize] as usize]
    }
}

/// Neighbours in the making.
#[derive(Default)]
pub(super) struct Making<'a> {
    numbers: FxHashMap<&'a str, u32>,
    /// By word: what views may do with it, and whether it says something.
    words: Vec<(&'a str, FormUse, bool)>,
    pairs: FxHashSet<(u32, u32)>,
    content: FxHashSet<(u32, u32)>,
}

impl<'a> Making<'a> {
    /// Adds a phrase.
    pub(super) fn add(&mut self, phrase: &'a str, uses: FormUse) {
        let (mut before, mut content) = (None, None);
        for word in phrase.split(' ') {
            let number = *self.numbers.entry(word).or_insert_with(|| {
                self.words.push((word, FormUse::empty(), !is_small(word)));
                self.words.len() as u32 - 1
            });
            let (_, all, says) = &mut self.words[number as usize];
            *all |= uses - FormUse::NAMING;
            self.pairs.extend(before.replace(number).map(|before| (before, number)));
            if *says && uses.contains(FormUse::WEAK) {
                self.content.extend(content.replace(number).map(|before| (before, number)));
            }
        }
    }

    /// The words of all phrases.
    pub(super) fn words(&self) -> impl Iterator<Item = (&'a str, FormUse)> {
        self.words.iter().map(|(word, uses, _)| (*word, *uses))
    }

    /// Partners are known by their keys, which are in the order of their letters.
    pub(super) fn finish(self, trie: &Trie) -> Neighbours {
        let key = |word: u32| trie.get(self.words[word as usize].0.as_bytes());
        let after = self.content.iter().filter_map(|(a, b)| Some((*a, key(*b)?))).collect();
        let before = self.content.iter().filter_map(|(a, b)| Some((*b, key(*a)?))).collect();
        let partners = [Partners::new(after, self.words.len()), Partners::new(before, self.words.len())];
        let mut pairs = self.pairs;
        pairs.shrink_to_fit();
        Neighbours { words: self.numbers.into_iter().map(|(word, number)| (word.into(), number)).collect(), pairs, partners }
    }
}
