//! The forms that are searched for, indexed once per lexicon: a trie of their letters, a table of their deletions, their sounds.

use rustc_hash::{FxHashMap, FxHashSet};

use super::trie::Trie;
use super::{FormUse, phonetic, typo};

/// Shortest form, in letters, that a view can lead to.
const SHORTEST: usize = 3;

/// The forms searched for, indexed for the views.
#[derive(Debug, Default)]
pub struct Lookup {
    trie: Trie,
    keys: Vec<Key>,
    /// Neighbouring words of phrases.
    pairs: FxHashSet<Box<str>>,
    /// Content words that follow, and that precede, a content word in a phrase.
    partners: [FxHashMap<Box<str>, Vec<u32>>; 2],
    /// Whole forms that name people, by first letter, in the order of their letters.
    naming: Vec<Vec<u32>>,
    pub(super) deletions: typo::Deletions,
    pub(super) sounds: FxHashMap<Box<[u8]>, Vec<u32>>,
    number: crate::Number,
}

/// One spelling without spaces.
#[derive(Debug)]
struct Key {
    /// As it is written, with spaces.
    text: Box<str>,
    uses: FormUse,
    /// A form, not only a word of one.
    whole: bool,
}

impl Key {
    /// A slip of the fingers may lead here: to what carries meaning, and to what only ties it.
    fn leads(&self) -> bool {
        self.uses.intersects(FormUse::WEAK | FormUse::SPOKEN)
    }
}

impl Lookup {
    /// Indexes folded forms; a form of several words is indexed whole and word by word. Forms with anything but letters and spaces, and
    /// forms under three letters, are left to the canonical match.
    pub fn build<'a>(forms: impl IntoIterator<Item = (&'a str, FormUse)>) -> Self {
        let mut by_key: FxHashMap<Vec<u8>, Key> = FxHashMap::default();
        let mut pairs = FxHashSet::default();
        let mut content: FxHashSet<(Box<str>, Box<str>)> = FxHashSet::default();
        let mut add = |text: &str, uses: FormUse, whole: bool| {
            let key: Vec<u8> = text.bytes().filter(|b| *b != b' ').collect();
            if key.len() < SHORTEST || !key.iter().all(u8::is_ascii_lowercase) {
                return;
            }
            let known = by_key.entry(key).or_insert_with(|| Key { text: text.into(), uses, whole });
            known.uses |= uses;
            // A word goes before the phrase that is spelled the same without its spaces.
            if !text.contains(' ') && known.text.contains(' ') {
                known.text = text.into();
            }
            known.whole |= whole;
        };
        for (form, uses) in forms {
            if uses.is_empty() {
                continue;
            }
            add(form, uses, true);
            if form.contains(' ') {
                form.split(' ').for_each(|word| add(word, uses - FormUse::NAMING, false));
                let words: Vec<&str> = form.split(' ').collect();
                pairs.extend(words.windows(2).map(|w| w.join(" ").into_boxed_str()));
                if uses.contains(FormUse::WEAK) {
                    let words: Vec<&str> = words.into_iter().filter(|w| !is_small(w)).collect();
                    content.extend(words.windows(2).map(|w| (w[0].into(), w[1].into())));
                }
            }
        }
        let mut sorted: Vec<(Vec<u8>, Key)> = by_key.into_iter().collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let trie = Trie::build(&sorted.iter().map(|(k, _)| k.as_slice()).collect::<Vec<_>>());
        let mut deletions = typo::Deletions::default();
        let mut sounds: FxHashMap<Box<[u8]>, Vec<u32>> = FxHashMap::default();
        let mut sound = Vec::new();
        let mut naming = vec![Vec::new(); 26];
        for (number, (letters, key)) in sorted.iter().enumerate() {
            if key.whole && key.uses.contains(FormUse::NAMING) {
                naming[usize::from(letters[0] - b'a')].push(number as u32);
            }
            if key.text.contains(' ') {
                continue;
            }
            if key.leads() && letters.len() >= typo::SHORTEST_FORM {
                deletions.add(letters, number as u32);
            }
            if !key.uses.contains(FormUse::WEAK) {
                continue;
            }
            phonetic::sound(letters, &mut sound);
            if sound.len() >= phonetic::KEEN.sound {
                sounds.entry(sound.as_slice().into()).or_default().push(number as u32);
            }
        }
        deletions.finish();
        let mut partners: [FxHashMap<Box<str>, Vec<u32>>; 2] = Default::default();
        // Sorted, so that the same forms give the same readings in the same order.
        let mut content: Vec<(Box<str>, Box<str>)> = content.into_iter().collect();
        content.sort_unstable();
        for (before, after) in content {
            for (word, partner, side) in [(&before, &after, 0), (&after, &before, 1)] {
                if let Some(key) = trie.get(partner.as_bytes()) {
                    partners[side].entry(word.clone()).or_default().push(key);
                }
            }
        }
        Self { trie, keys: sorted.into_iter().map(|(_, key)| key).collect(), pairs, partners, naming, deletions, sounds, number: crate::Number::default() }
    }

    /// Its number among the tables that memos speak of.
    pub(super) fn number(&self) -> u64 {
        self.number.get()
    }

    pub(super) fn trie(&self) -> &Trie {
        &self.trie
    }

    /// The number of the key spelled by these letters.
    pub(super) fn key(&self, letters: &[u8]) -> Option<u32> {
        self.trie.get(letters)
    }

    pub(super) fn text(&self, key: u32) -> &str {
        &self.keys[key as usize].text
    }

    /// Whether the key is a phrase run together.
    pub(super) fn is_joined(&self, key: u32) -> bool {
        self.keys[key as usize].text.contains(' ')
    }

    pub(super) fn is_whole(&self, key: u32) -> bool {
        self.keys[key as usize].whole
    }

    pub(super) fn allows(&self, key: u32, uses: FormUse) -> bool {
        self.keys[key as usize].uses.contains(uses)
    }

    /// Whether a slip of the fingers may lead to the key.
    pub(super) fn leads(&self, key: u32) -> bool {
        self.keys[key as usize].leads()
    }

    /// Letters of the key, spaces left out.
    pub(super) fn letters(&self, key: u32) -> usize {
        self.text(key).bytes().filter(|b| *b != b' ').count()
    }

    /// Content words that stand after `word` in phrases, or before it.
    pub(super) fn partners(&self, word: &str, after: bool) -> &[u32] {
        self.partners[usize::from(!after)].get(word).map_or(&[], Vec::as_slice)
    }

    /// Whole forms that name people and begin with `letter`.
    pub(super) fn naming(&self, letter: u8) -> &[u32] {
        self.naming.get(usize::from(letter - b'a')).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_pair(&self, pair: &str) -> bool {
        self.pairs.contains(pair)
    }
}

/// Function words: they tie the words of a phrase and say nothing of it.
pub(super) fn is_small(word: &str) -> bool {
    matches!(
        word,
        "a" | "au"
            | "aux"
            | "avec"
            | "ce"
            | "ces"
            | "cette"
            | "d"
            | "de"
            | "des"
            | "du"
            | "en"
            | "est"
            | "et"
            | "il"
            | "ils"
            | "je"
            | "l"
            | "la"
            | "le"
            | "les"
            | "leur"
            | "ma"
            | "mes"
            | "mon"
            | "ne"
            | "on"
            | "ou"
            | "par"
            | "pas"
            | "pour"
            | "qu"
            | "que"
            | "qui"
            | "sa"
            | "se"
            | "ses"
            | "son"
            | "sur"
            | "ta"
            | "te"
            | "tes"
            | "ton"
            | "tu"
            | "un"
            | "une"
            | "vos"
            | "votre"
            | "y"
    )
}
