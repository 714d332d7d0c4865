//! Symbols of the pattern language as letters: each (symbol, length in words) pair that a pattern can ask for is one letter.

use rustc_hash::FxHashMap;

use crate::needs::ones;

/// An interned symbol: only symbols that some pattern names exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SymbolId(pub(crate) u16);

/// Longest overlay, in words, that a symbol can stand for.
pub(crate) const MAX_LENGTH: usize = 12;
/// Symbols whose base is one of these depend on where the word stands, so the engine gives them mark by mark.
const CONTEXTUAL: &[&str] = &["G", "GP", "GI", "SLUR", "AMB", "ANAPHOR", "CEG", "GS"];

/// Which contextual bases a mark carries, as bits in the order of [`CONTEXTUAL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bases(pub(crate) u8);

impl Bases {
    pub(crate) const G: Self = Self(1);
    pub(crate) const GP: Self = Self(2);
    pub(crate) const GI: Self = Self(4);
    pub(crate) const SLUR: Self = Self(8);
    pub(crate) const AMB: Self = Self(16);
    pub(crate) const ANAPHOR: Self = Self(32);
    pub(crate) const CEG: Self = Self(64);
    /// Generic, and governed by no preposition: it can be a subject.
    pub(crate) const GS: Self = Self(128);

    /// Both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any bit is shared.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// One letter: its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Letter(u16);

/// Letters of a word as a few bits: two words that share no bit share no letter.
pub(crate) type Sign = u128;

impl Letter {
    /// Letters that there can be: their numbers are of two bytes.
    pub(crate) const MAX: usize = 60_000;

    /// Its number, from 0.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Its bit.
    pub(crate) fn sign(self) -> Sign {
        1 << (self.0 % Sign::BITS as u16)
    }
}

/// A set of letters as those words of 64 bits that are not empty, each with its place: those of one symbol have neighbouring numbers, so that most
/// sets are one word, kept where the set is.
#[derive(Debug, Clone)]
pub(crate) enum Letters {
    One(u32, u64),
    Many(Box<[(u32, u64)]>),
}

impl Letters {
    /// The set of these, which come in order.
    pub(crate) fn new<'a>(letters: impl Iterator<Item = &'a Letter>) -> Self {
        let mut words: Vec<(u32, u64)> = Vec::new();
        for Letter(letter) in letters {
            let (at, bit) = (u32::from(letter / 64), 1 << (letter % 64));
            match words.last_mut() {
                Some((last, bits)) if *last == at => *bits |= bit,
                _ => words.push((at, bit)),
            }
        }
        match words.as_slice() {
            [(at, bits)] => Self::One(*at, *bits),
            _ => Self::Many(words.into()),
        }
    }

    /// Those of them that are in another set, given as all of its words.
    pub(crate) fn within<'a>(&'a self, set: &'a [u64]) -> impl Iterator<Item = Letter> + 'a {
        let (one, many) = match self {
            Self::One(at, bits) => (Some((*at, *bits)), &[][..]),
            Self::Many(words) => (None, &**words),
        };
        one.into_iter().chain(many.iter().copied()).flat_map(move |(at, bits)| ones(bits & set[at as usize]).map(move |bit| Letter((at * 64 + bit) as u16)))
    }
}

/// What stands where a pair has no letter.
const NO_LETTER: u16 = u16::MAX;

/// The interner.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    ids: FxHashMap<String, SymbolId>,
    names: Vec<String>,
    /// By symbol, then by length from 1: its letter, or [`NO_LETTER`].
    letters: Vec<[u16; MAX_LENGTH]>,
    owners: Vec<(SymbolId, u8)>,
    bases: Vec<Bases>,
}

impl Symbols {
    /// The id of `name`, made if new.
    pub(crate) fn intern(&mut self, name: &str) -> SymbolId {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let id = SymbolId(self.names.len() as u16);
        self.names.push(name.to_owned());
        self.letters.push([NO_LETTER; MAX_LENGTH]);
        let base = name.split(':').next().unwrap_or(name);
        self.bases.push(CONTEXTUAL.iter().position(|c| *c == base).map_or(Bases(0), |bit| Bases(1 << bit)));
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// The id of `name`, if a pattern names it.
    pub(crate) fn get(&self, name: &str) -> Option<SymbolId> {
        self.ids.get(name).copied()
    }

    /// Every symbol with its name, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (SymbolId, &str)> {
        self.names.iter().enumerate().map(|(n, name)| (SymbolId(n as u16), name.as_str()))
    }

    /// The contextual base of a symbol; none for the others.
    pub(crate) fn base(&self, id: SymbolId) -> Bases {
        self.bases[id.0 as usize]
    }

    /// Gives the pair a letter, once.
    pub(crate) fn register(&mut self, id: SymbolId, length: usize) {
        let length = length.clamp(1, MAX_LENGTH);
        let letter = &mut self.letters[id.0 as usize][length - 1];
        if *letter == NO_LETTER {
            // More letters than there can be: `Classifier::new` refuses the lexicon.
            *letter = self.owners.len() as u16;
            self.owners.push((id, length as u8));
        }
    }

    /// Letters given.
    pub(crate) fn letter_count(&self) -> usize {
        self.owners.len()
    }

    /// The letter of a pair that occurs in the lexicon.
    pub(crate) fn letter(&self, id: SymbolId, length: usize) -> Option<Letter> {
        let letter = *self.letters[id.0 as usize].get(length.min(MAX_LENGTH).checked_sub(1)?)?;
        (letter != NO_LETTER).then_some(Letter(letter))
    }

    /// Every length at which a symbol occurs, with its letter.
    pub(crate) fn letters(&self, id: SymbolId) -> Vec<(usize, Letter)> {
        (1..=MAX_LENGTH).filter_map(|n| Some((n, self.letter(id, n)?))).collect()
    }

    /// What a letter stands for, for people.
    pub(crate) fn name(&self, letter: Letter) -> Option<&str> {
        self.owners.get(letter.index()).map(|(id, _)| self.names[id.0 as usize].as_str())
    }
}
