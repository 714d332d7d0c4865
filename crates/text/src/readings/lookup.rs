//! The forms that are searched for, indexed once per lexicon: a trie of their letters, a table of their deletions, their sounds.

use std::ops::Range;

use super::keys::{Keys, Sounds, SoundsMaking};
use super::neighbours::{Making, Neighbours};
use super::trie::Trie;
use super::{FormUse, phonetic, typo};

/// Shortest form, in letters, that a view can lead to.
const SHORTEST: usize = 3;

/// The forms searched for, indexed for the views.
#[derive(Debug, Default)]
pub struct Lookup {
    trie: Trie,
    keys: Keys,
    phrases: Neighbours,
    /// Whole forms that name people, by first letter, in the order of their letters.
    naming: Vec<Vec<u32>>,
    pub(super) deletions: typo::Deletions,
    sounds: Sounds,
}

/// A spelling in the making.
struct Spelled<'a> {
    text: &'a str,
    uses: FormUse,
    /// A form, not only a word of one.
    whole: bool,
    /// Its letters, as a range of those of all phrases; of a word, its own.
    joined: Option<Range<usize>>,
}

impl Lookup {
    /// Indexes folded forms, each there once; a form of several words is indexed whole and word by word. Forms with anything but letters and
    /// spaces, and forms under three letters, are left to the canonical match.
    pub fn build<'a>(forms: impl IntoIterator<Item = (&'a str, FormUse)>) -> Self {
        let mut neighbours = Making::default();
        let (mut all, mut letters): (Vec<Spelled<'a>>, Vec<u8>) = (Vec::new(), Vec::new());
        for (text, uses) in forms {
            if uses.is_empty() {
                continue;
            }
            let mut joined = None;
            if text.contains(' ') {
                neighbours.add(text, uses);
                let start = letters.len();
                letters.extend(text.bytes().filter(|b| *b != b' '));
                joined = Some(start..letters.len());
            }
            all.push(Spelled { text, uses, whole: true, joined });
        }
        all.extend(neighbours.words().map(|(text, uses)| Spelled { text, uses, whole: false, joined: None }));
        let of = |spelled: &Spelled<'a>| spelled.joined.clone().map_or(spelled.text.as_bytes(), |range| &letters[range]);
        let is_key = |key: &[u8]| key.len() >= SHORTEST && key.iter().all(u8::is_ascii_lowercase);
        // A word goes before the phrase that is spelled the same without its spaces, the first phrase before the others.
        let mut order: Vec<(u64, &[u8], bool, u32)> = Vec::with_capacity(all.len());
        order.extend(all.iter().zip(0..).filter(|(s, _)| is_key(of(s))).map(|(s, n)| (first_letters(of(s)), of(s), s.joined.is_some(), n)));
        order.sort_unstable();
        let (mut sorted, mut keys): (Vec<&[u8]>, Keys) = (Vec::new(), Keys::default());
        for same in order.chunk_by(|a, b| a.1 == b.1) {
            let (_, letters, _, first) = same[0];
            let each = || same.iter().map(|(.., n)| &all[*n as usize]);
            let uses = each().fold(FormUse::empty(), |uses, spelled| uses | spelled.uses);
            keys.push(all[first as usize].text, uses, each().any(|spelled| spelled.whole));
            sorted.push(letters);
        }
        drop(order);
        keys.seal();
        let trie = Trie::build(&sorted);
        let mut deletions = typo::DeletionsMaking::default();
        let mut sounds = SoundsMaking::default();
        let mut sound = Vec::new();
        let mut naming = vec![Vec::new(); 26];
        for (number, letters) in (0..).zip(sorted) {
            if keys.is_whole(number) && keys.uses(number).contains(FormUse::NAMING) {
                naming[usize::from(letters[0] - b'a')].push(number);
            }
            if keys.text(number).contains(' ') {
                continue;
            }
            if keys.leads(number) && letters.len() >= typo::SHORTEST_FORM {
                deletions.add(letters, number);
            }
            if !keys.uses(number).contains(FormUse::WEAK) {
                continue;
            }
            phonetic::sound(letters, &mut sound);
            if sound.len() >= phonetic::KEEN.sound {
                sounds.add(&sound, number);
            }
        }
        naming.iter_mut().for_each(Vec::shrink_to_fit);
        Self { phrases: neighbours.finish(&trie), trie, keys, naming, deletions: deletions.finish(), sounds: sounds.finish() }
    }

    pub(super) fn trie(&self) -> &Trie {
        &self.trie
    }

    /// The number of the key spelled by these letters.
    pub(super) fn key(&self, letters: &[u8]) -> Option<u32> {
        self.trie.get(letters)
    }

    pub(super) fn text(&self, key: u32) -> &str {
        self.keys.text(key)
    }

    /// Whether the key is a phrase run together.
    pub(super) fn is_joined(&self, key: u32) -> bool {
        self.text(key).contains(' ')
    }

    pub(super) fn is_whole(&self, key: u32) -> bool {
        self.keys.is_whole(key)
    }

    pub(super) fn allows(&self, key: u32, uses: FormUse) -> bool {
        self.keys.uses(key).contains(uses)
    }

    /// Whether a slip of the fingers may lead to the key.
    pub(super) fn leads(&self, key: u32) -> bool {
        self.keys.leads(key)
    }

    /// Letters of the key, spaces left out.
    pub(super) fn letters(&self, key: u32) -> usize {
        self.text(key).bytes().filter(|b| *b != b' ').count()
    }

    /// Content words that stand after `word` in phrases, or before it.
    pub(super) fn partners(&self, word: &str, after: bool) -> &[u32] {
        self.phrases.partners(word, after)
    }

    /// Whole forms that name people and begin with `letter`.
    pub(super) fn naming(&self, letter: u8) -> &[u32] {
        self.naming.get(usize::from(letter - b'a')).map_or(&[], Vec::as_slice)
    }

    /// Whether two words with a space between stand so in a phrase.
    pub(super) fn is_pair(&self, pair: &str) -> bool {
        self.phrases.is_pair(pair)
    }

    /// Keys of that sound.
    pub(super) fn sounding(&self, sound: &[u8]) -> &[u32] {
        self.sounds.get(sound)
    }
}

/// The first letters as a number of their order: most comparisons end there.
fn first_letters(letters: &[u8]) -> u64 {
    letters.iter().take(8).zip((0..8).rev()).fold(0, |all, (letter, place)| all | u64::from(*letter) << (8 * place))
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
