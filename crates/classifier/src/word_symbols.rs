//! What the engine itself says of single words: their part of speech, how they are written, where they stand.

use vigie_text::{Dictionary, Pos, TokenFlags};

use crate::clause::Place;
use crate::needs::ones;
use crate::symbols::{SymbolId, Symbols};
use crate::words::Words;

bitflags::bitflags! {
    /// What a single word is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub(crate) struct Kinds: u16 {
        const NOUN = 1;
        const NOUN_PLURAL = 1 << 1;
        const ADJ = 1 << 2;
        const ADJ_PLURAL = 1 << 3;
        const VERB = 1 << 4;
        const NAME = 1 << 5;
        const UNKNOWN = 1 << 6;
        const NUMBER = 1 << 7;
        const EMOJI = 1 << 8;
        const CAPITAL = 1 << 9;
        const HASHTAG = 1 << 10;
        const QUOTED = 1 << 11;
        const QUESTION = 1 << 12;
        const EXCLAMATION = 1 << 13;
        const EQUALS = 1 << 14;
        /// It only ties words; no pattern asks for it.
        const OTHER = 1 << 15;
    }
}

/// The name of each kind in patterns.
const NAMES: [(Kinds, &str); 15] = [
    (Kinds::NOUN, "NOUN"),
    (Kinds::NOUN_PLURAL, "NOUN:noun:pl"),
    (Kinds::ADJ, "ADJ"),
    (Kinds::ADJ_PLURAL, "ADJ:adj:pl"),
    (Kinds::VERB, "VERB"),
    (Kinds::NAME, "NAME"),
    (Kinds::UNKNOWN, "UNKNOWN"),
    (Kinds::NUMBER, "NUMBER"),
    (Kinds::EMOJI, "EMOJI"),
    (Kinds::CAPITAL, "CAPITAL"),
    (Kinds::HASHTAG, "HASHTAG"),
    (Kinds::QUOTED, "QUOTED"),
    (Kinds::QUESTION, "QUESTION"),
    (Kinds::EXCLAMATION, "EXCLAM"),
    (Kinds::EQUALS, "EQUALS"),
];

impl Kinds {
    /// What a folded word is wherever it stands.
    pub(crate) fn of(word: &str, dictionary: &Dictionary) -> Self {
        let pos = dictionary.get(word).map(|known| known.pos);
        let has = |p: Pos| pos.is_some_and(|found| found.has(p));
        let plural = has(Pos::PLURAL);
        let rules = [
            (has(Pos::NOUN), Self::NOUN),
            (has(Pos::NOUN) && plural, Self::NOUN_PLURAL),
            (has(Pos::ADJ), Self::ADJ),
            (has(Pos::ADJ) && plural, Self::ADJ_PLURAL),
            (has(Pos::VERB), Self::VERB),
            (has(Pos::NAME), Self::NAME),
            (has(Pos::OTHER), Self::OTHER),
            (pos.is_none(), Self::UNKNOWN),
            (word.bytes().all(|b| b.is_ascii_digit()), Self::NUMBER),
            (!word.starts_with(|c: char| c.is_alphanumeric()), Self::EMOJI),
        ];
        union(&rules)
    }

    /// What a word is for how it is written here, and for its place.
    fn here(flags: TokenFlags, place: Place) -> Self {
        union(&[
            (flags.contains(TokenFlags::CAPITAL), Self::CAPITAL),
            (flags.contains(TokenFlags::HASHTAG), Self::HASHTAG),
            (place.quoted, Self::QUOTED),
            (place.question, Self::QUESTION),
            (place.exclamation, Self::EXCLAMATION),
            (place.equals, Self::EQUALS),
        ])
    }
}

fn union(rules: &[(bool, Kinds)]) -> Kinds {
    rules.iter().fold(Kinds::empty(), |all, (holds, kinds)| if *holds { all | *kinds } else { all })
}

/// Symbols that the engine gives to single words.
pub(crate) struct WordSymbols {
    /// By bit of [`Kinds`]: its symbol, if patterns name it.
    ids: [Option<SymbolId>; Kinds::all().bits().count_ones() as usize],
    /// Kinds that have one.
    named: Kinds,
}

impl WordSymbols {
    /// Those that patterns name.
    pub(crate) fn all(&self) -> impl Iterator<Item = SymbolId> {
        self.ids.into_iter().flatten()
    }

    /// Looks the symbols up, and registers their letters.
    pub(crate) fn new(symbols: &mut Symbols) -> Self {
        let mut get = |name: &str| {
            let id = symbols.get(name)?;
            symbols.register(id, 1);
            Some(id)
        };
        // What a finding or a phrase with a hole holds is looked up elsewhere, but needs its letter too.
        for name in ["FIND", "COMMENTED", "FILLED"] {
            get(name);
        }
        let mut all = Self { ids: Default::default(), named: Kinds::empty() };
        for (kind, name) in NAMES {
            let id = get(name);
            all.ids[kind.bits().trailing_zeros() as usize] = id;
            all.named.set(kind, id.is_some());
        }
        all
    }

    /// Adds the symbols of one word, by its number.
    pub(crate) fn of<'a>(&'a self, words: &'a Words, places: &'a [Place]) -> impl Fn(usize, &mut Vec<SymbolId>) + 'a {
        move |i, out| {
            let kinds = words.known[i].kinds | Kinds::here(words.list[i].flags, places[i]);
            out.extend(ones(u64::from((kinds & self.named).bits())).filter_map(|bit| self.ids[bit as usize]));
        }
    }
}
