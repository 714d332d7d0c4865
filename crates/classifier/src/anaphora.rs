//! Pronouns that take up a group: from the clause or the two sentences before, from the end of their own sentence, or by address.

use crate::cells::{Cell, GroupRef};
use crate::clause::{Boundary, Place};
use crate::concepts::Concepts;
use crate::forms::Source;
use crate::symbols::{Bases, SymbolId, Symbols};
use crate::word_symbols::Kinds;
use crate::words::Words;

/// A group is taken up across at most this many sentence ends.
const SENTENCES: u16 = 2;
/// A noun at most this many words behind a copula is what the subject is said to be.
const ATTRIBUTE_REACH: usize = 3;
/// "tous" stands at most this many words from its pronoun.
const ALL_REACH: usize = 4;

/// The group stands at most this many words behind "ce sont".
const SAID_REACH: usize = 3;
/// What a group is where it can be taken up.
const NAMING: Bases = Bases(Bases::G.0 | Bases::GP.0 | Bases::GI.0);

/// The letters that a pronoun can receive.
pub(crate) struct Letters {
    pub(crate) g: Option<SymbolId>,
    pub(crate) gp: Option<SymbolId>,
    pub(crate) gs: Option<SymbolId>,
    pub(crate) anaphor: Option<SymbolId>,
    pub(crate) ceg: Option<SymbolId>,
}

impl Letters {
    /// Looks the engine's own symbols up.
    pub(crate) fn new(symbols: &Symbols) -> Self {
        Self { g: symbols.get("G"), gp: symbols.get("GP"), gs: symbols.get("GS"), anaphor: symbols.get("ANAPHOR"), ceg: symbols.get("CEG") }
    }
}

pub(crate) struct Anaphora<'a> {
    pub(crate) text: &'a str,
    pub(crate) words: &'a Words,
    pub(crate) places: &'a [Place],
    pub(crate) concepts: &'a [Concepts],
    pub(crate) letters: &'a Letters,
}

#[derive(Clone, Copy)]
struct Antecedent {
    group: GroupRef,
    at: usize,
    sentence: u16,
    /// The whole group, not one of its people: "les G", not "mon voisin est G".
    generic: bool,
}

impl Anaphora<'_> {
    /// Gives pronouns their antecedents.
    pub(crate) fn resolve(&self, cells: &mut [Cell]) {
        if !cells.iter().any(|cell| cell.bases.meets(NAMING)) {
            return;
        }
        let mut last: Option<Antecedent> = None;
        for i in 0..cells.len() {
            let sentence = self.places[i].sentence;
            if let Some(group) = generic(&cells[i]).or_else(|| self.some_people(i, cells)) {
                last = Some(Antecedent { group, at: i, sentence, generic: true });
            } else if let Some(group) = one_person(&cells[i])
                && last.is_none_or(|a| !a.generic || sentence - a.sentence > SENTENCES)
            {
                last = Some(Antecedent { group, at: i, sentence, generic: false });
            } else if last.is_some_and(|a| a.at + 1 < i) && self.other_people(i, cells) {
                last = None;
            }
            if let Some(found) = last.filter(|a| a.at != i && self.places[i].sentence - a.sentence <= SENTENCES) {
                self.take_up(i, found.group, found, cells);
            }
        }
        let open = |i: usize, cells: &[Cell]| {
            cells[i].antecedent.is_none() && self.concepts[i].intersects(Concepts::PRON3 | Concepts::CE | Concepts::CLITIC | Concepts::POSSESSIVE)
        };
        let first = (0..cells.len()).find(|&i| open(i, cells)).unwrap_or(cells.len());
        let ahead = if first < cells.len() { Ahead::new(self, cells) } else { Ahead::default() };
        for i in first..cells.len() {
            if open(i, cells)
                && let Some(group) = self.dislocated(i, cells, &ahead).or_else(|| self.named_after(i, cells, &ahead))
            {
                let found = Antecedent { group, at: i, sentence: self.places[i].sentence, generic: true };
                self.take_up(i, group, found, cells);
            }
        }
        if let Some(group) = self.addressed(cells) {
            for i in 0..cells.len() {
                if self.concepts[i].intersects(Concepts::PRON2) && generic(&cells[i]).is_none() {
                    self.give(i, group, 1, Bases::G.with(Bases::GP).with(Bases::GS).with(Bases::ANAPHOR), cells);
                }
            }
        }
    }

    fn take_up(&self, i: usize, group: GroupRef, from: Antecedent, cells: &mut [Cell]) {
        let here = self.concepts[i];
        let object = Bases::G.with(Bases::GP).with(Bases::ANAPHOR);
        let governed = i > 0 && self.places[i].before < Boundary::Soft && self.concepts[i - 1].intersects(Concepts::PREP);
        let all = if governed { object } else { object.with(Bases::GS) };
        if here.intersects(Concepts::ANAPHORIC) {
            let length = cells[i].marks.iter().filter(|m| matches!(m.source, Source::Operator(_))).map(|m| m.length).max().unwrap_or(1);
            self.give(i, group, length, all, cells);
        } else if !from.generic {
            // "Mon patron est G. Ils sont tous …": from one person only a plural that says so reaches the group.
            if here.intersects(Concepts::PRON3) && self.says_all(i) {
                self.give(i, group, 1, all, cells);
            }
        } else if here.intersects(Concepts::PRON3) {
            self.give(i, group, 1, all, cells);
        } else if here.intersects(Concepts::CLITIC) && self.is_clitic(i) {
            self.give(i, group, 1, object, cells);
        } else if here.intersects(Concepts::POSSESSIVE) {
            self.give(i, group, 1, Bases::ANAPHOR, cells);
        } else if here.intersects(Concepts::CE) && self.places[i].sentence - from.sentence <= 1 {
            self.give(i, group, 1, Bases::CEG, cells);
        }
    }

    fn give(&self, i: usize, group: GroupRef, length: u32, bases: Bases, cells: &mut [Cell]) {
        let pairs = [
            (Bases::G, self.letters.g),
            (Bases::GP, self.letters.gp),
            (Bases::GS, self.letters.gs),
            (Bases::ANAPHOR, self.letters.anaphor),
            (Bases::CEG, self.letters.ceg),
        ];
        let cell = &mut cells[i];
        cell.antecedent = Some(group);
        cell.extra.extend(pairs.iter().filter(|(b, _)| b.meets(bases)).filter_map(|(_, id)| Some(((*id)?, length))));
    }

    /// "les", "leur", "en", "y" in front of a verb, not of a noun.
    fn is_clitic(&self, i: usize) -> bool {
        // "tuez-les", "donne-leur": behind its verb.
        let start = self.words.list[i].span.start as usize;
        if i > 0 && self.text[..start].ends_with(['-', '‑']) {
            return true;
        }
        if i + 1 >= self.words.list.len() || self.places[i + 1].before >= Boundary::Soft {
            return true;
        }
        if self.concepts[i + 1].intersects(Concepts::CLITIC | Concepts::NEG | Concepts::COPULA | Concepts::MODAL | Concepts::DEONTIC | Concepts::LET) {
            return true;
        }
        self.words.known[i + 1].kinds & (Kinds::VERB | Kinds::NOUN_PLURAL) == Kinds::VERB
    }

    /// "Des G sont passés. Je les …": some people of the group, taken up as the group.
    fn some_people(&self, i: usize, cells: &[Cell]) -> Option<GroupRef> {
        let introduced = i > 0 && self.concepts[i - 1].contains(Concepts::PREP_DET);
        if !introduced || !cells[i].bases.meets(Bases::GI) {
            return None;
        }
        reference(cells[i].marks.iter().find(|m| m.bases.meets(Bases::GI) && m.form.is_plural())?.source)
    }

    /// "ils sont tous", "tous, ils": a word for all of them near the pronoun, in its clause.
    fn says_all(&self, i: usize) -> bool {
        let inside = |&j: &usize| self.places[j].sentence == self.places[i].sentence;
        (i.saturating_sub(ALL_REACH)..self.places.len().min(i + ALL_REACH + 1)).filter(inside).any(|j| self.concepts[j].contains(Concepts::ALL))
    }

    /// Another plural noun for people, with a determiner, stands between a pronoun and the group.
    fn other_people(&self, i: usize, cells: &[Cell]) -> bool {
        let here = self.concepts[i].intersects(Concepts::PERSON) && generic(&cells[i]).is_none();
        let plural = self.words.word(i).ends_with(['s', 'x']);
        let demonstrative = i > 0 && self.concepts[i - 1].intersects(Concepts::DEMONSTRATIVE);
        // "Les G sont nos voisins, mais ils …": what the group is said to be is nobody else.
        let attribute = (i.saturating_sub(ATTRIBUTE_REACH)..i).any(|j| self.concepts[j].contains(Concepts::COPULA));
        here && plural && !demonstrative && !attribute
    }

    /// "Ils nous volent, ces G": the group named at the end of the pronoun's own sentence, after a comma.
    fn dislocated(&self, i: usize, cells: &[Cell], ahead: &Ahead) -> Option<GroupRef> {
        let inside = |j: &usize| self.places.get(*j).is_some_and(|p| p.sentence == self.places[i].sentence);
        let comma = ahead.comma.get(i + 1).copied().filter(inside)?;
        generic(&cells[ahead.generic.get(comma).copied().filter(inside)?])
    }

    /// "Ils sont … . Ce sont des G": the group that the pronoun is said to be, in its own sentence or the next.
    fn named_after(&self, i: usize, cells: &[Cell], ahead: &Ahead) -> Option<GroupRef> {
        let said = ahead.said.get(i + 1).copied().filter(|j| self.places.get(*j).is_some_and(|p| p.sentence <= self.places[i].sentence.saturating_add(1)))?;
        cells.iter().skip(said + 2).take(SAID_REACH).find_map(named)
    }

    /// "vous les G", "G comme vous": the group that the second person stands for.
    fn addressed(&self, cells: &[Cell]) -> Option<GroupRef> {
        for i in 0..cells.len() {
            if !self.concepts[i].intersects(Concepts::PRON2) {
                continue;
            }
            for (j, cell) in cells.iter().enumerate().skip(i + 1).take(3) {
                if self.places[j].before >= Boundary::Hard {
                    break;
                }
                if let Some(group) = named(cell) {
                    return Some(group);
                }
                if !self.concepts[j].intersects(Concepts::DET | Concepts::DET_ANY | Concepts::BRIDGE) {
                    break;
                }
            }
            if i >= 2
                && self.concepts[i - 1].intersects(Concepts::LIKE)
                && let Some(group) = named(&cells[i - 2])
            {
                return Some(group);
            }
        }
        None
    }
}

/// By word: where, at it or behind it, the next of some things stands; beyond the last word when there is none. Looked up, not searched for
/// at each pronoun: a post can hold ten thousand of them.
#[derive(Default)]
struct Ahead {
    /// A boundary.
    comma: Vec<usize>,
    /// A group in general.
    generic: Vec<usize>,
    /// "ce sont", with a group behind it.
    said: Vec<usize>,
}

impl Ahead {
    fn new(anaphora: &Anaphora<'_>, cells: &[Cell]) -> Self {
        let next = |is: &dyn Fn(usize) -> bool| {
            let mut found = vec![cells.len(); cells.len()];
            let mut next = cells.len();
            for i in (0..cells.len()).rev() {
                if is(i) {
                    next = i;
                }
                found[i] = next;
            }
            found
        };
        let concepts = anaphora.concepts;
        let said = |j: usize| {
            j + 2 < cells.len()
                && concepts[j].contains(Concepts::CE)
                && concepts[j + 1].contains(Concepts::COPULA)
                && cells.iter().skip(j + 2).take(SAID_REACH).any(|cell| named(cell).is_some())
        };
        Self { comma: next(&|j| anaphora.places[j].before >= Boundary::Soft), generic: next(&|j| generic(&cells[j]).is_some()), said: next(&said) }
    }
}

/// The group that a word names in general.
pub(crate) fn generic(cell: &Cell) -> Option<GroupRef> {
    cell.named(Bases::GP)
}

/// The group of one person, or of some.
fn one_person(cell: &Cell) -> Option<GroupRef> {
    cell.named(Bases::GI)
}

/// The group that a word names, in general or not.
pub(crate) fn named(cell: &Cell) -> Option<GroupRef> {
    cell.named(Bases::G)
}

/// The group behind a mark.
pub(crate) fn reference(source: Source) -> Option<GroupRef> {
    match source {
        Source::Group(i) => Some(GroupRef::Group(i)),
        Source::Slur(i) => Some(GroupRef::Slur(i)),
        _ => None,
    }
}
