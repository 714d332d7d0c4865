//! What the engine itself says of single words: their part of speech, how they are written, where they stand.

use vigie_text::{Dictionary, Pos, TokenFlags};

use crate::clause::Place;
use crate::symbols::{SymbolId, Symbols};
use crate::words::Words;

/// Symbols that the engine gives to single words.
pub(crate) struct WordSymbols {
    noun: Option<SymbolId>,
    noun_plural: Option<SymbolId>,
    adj: Option<SymbolId>,
    adj_plural: Option<SymbolId>,
    verb: Option<SymbolId>,
    name: Option<SymbolId>,
    unknown: Option<SymbolId>,
    capital: Option<SymbolId>,
    number: Option<SymbolId>,
    emoji: Option<SymbolId>,
    hashtag: Option<SymbolId>,
    quoted: Option<SymbolId>,
    question: Option<SymbolId>,
    exclamation: Option<SymbolId>,
    equals: Option<SymbolId>,
}

impl WordSymbols {
    /// Those that patterns name.
    pub(crate) fn all(&self) -> impl Iterator<Item = SymbolId> {
        let nouns = [self.noun, self.noun_plural, self.adj, self.adj_plural, self.verb, self.name, self.unknown];
        let signs = [self.capital, self.number, self.emoji, self.hashtag, self.quoted, self.question, self.exclamation, self.equals];
        nouns.into_iter().chain(signs).flatten()
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
        Self {
            noun: get("NOUN"),
            noun_plural: get("NOUN:noun:pl"),
            adj: get("ADJ"),
            adj_plural: get("ADJ:adj:pl"),
            verb: get("VERB"),
            name: get("NAME"),
            unknown: get("UNKNOWN"),
            capital: get("CAPITAL"),
            number: get("NUMBER"),
            emoji: get("EMOJI"),
            hashtag: get("HASHTAG"),
            quoted: get("QUOTED"),
            question: get("QUESTION"),
            exclamation: get("EXCLAM"),
            equals: get("EQUALS"),
        }
    }

    /// Adds the symbols of one word, by its number.
    pub(crate) fn of<'a>(&'a self, words: &'a Words, places: &'a [Place], dictionary: &'a Dictionary) -> impl Fn(usize, &mut Vec<SymbolId>) + 'a {
        move |i, out| {
            let (word, place, flags) = (words.word(i), &places[i], words.list[i].flags);
            let pos = dictionary.get(word).map(|d| d.pos);
            let has = |p: Pos| pos.is_some_and(|found| found.has(p));
            let plural = has(Pos::PLURAL);
            let rules = [
                (has(Pos::NOUN), self.noun),
                (has(Pos::NOUN) && plural, self.noun_plural),
                (has(Pos::ADJ), self.adj),
                (has(Pos::ADJ) && plural, self.adj_plural),
                (has(Pos::VERB), self.verb),
                (has(Pos::NAME), self.name),
                (pos.is_none(), self.unknown),
                (flags.contains(TokenFlags::CAPITAL), self.capital),
                (word.bytes().all(|b| b.is_ascii_digit()), self.number),
                (!word.starts_with(|c: char| c.is_alphanumeric()), self.emoji),
                (flags.contains(TokenFlags::HASHTAG), self.hashtag),
                (place.quoted, self.quoted),
                (place.question, self.question),
                (place.exclamation, self.exclamation),
                (place.equals, self.equals),
            ];
            out.extend(rules.iter().filter(|(holds, _)| *holds).filter_map(|(_, id)| *id));
        }
    }
}
