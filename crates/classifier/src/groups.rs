//! Whether a group is spoken of at all, and whether in general: `G`, generic `GP`, one person `GI`.

use vigie_lexicon::{Form, Lexicon, Use};
use vigie_text::TokenFlags;

use crate::cells::Cell;
use crate::clause::{Boundary, Place};
use crate::concepts::Concepts;
use crate::forms::Source;
use crate::symbols::{Bases, SymbolId};
use crate::word_symbols::Kinds;
use crate::words::Words;

/// How far left of a group its determiner may stand, in words ("les *pauvres petites* femmes").
const REACH: usize = 3;

/// Gives every group and slur mark its bases.
pub(crate) fn decide(lexicon: &Lexicon, words: &Words, places: &[Place], concepts: &[Concepts], plural: &[(SymbolId, Bases)], cells: &mut [Cell]) {
    for i in 0..cells.len() {
        let mut marks = std::mem::take(&mut cells[i].marks);
        for mark in &mut marks {
            mark.bases = match mark.source {
                Source::Group(g) => {
                    let group = &lexicon.groups[g as usize];
                    let context = Context { words, places, concepts, cells, at: i };
                    let mut bases = context.bases(mark.form, group.needs_det);
                    if group.kin && context.possessed() {
                        bases = Bases(bases.0 & !Bases::GP.0);
                    }
                    // Behind "les" or "des" a name that also insults is but a name.
                    if group.insult_use && !context.plural() { bases.with(Bases::AMB) } else { bases }
                }
                Source::Slur(s) => {
                    let slur = &lexicon.slurs[s as usize];
                    let context = Context { words, places, concepts, cells, at: i };
                    // Words run together are all there; only a name may look so by chance.
                    let glued = mark.view == Some(vigie_text::View::Glued) && !words.list[i].flags.contains(TokenFlags::CAPITAL);
                    let weak = mark.view.is_some_and(vigie_text::View::is_weak) && !glued;
                    match slur.usage {
                        _ if weak => Bases::AMB,
                        Use::Unambiguous => context.bases(mark.form, false).with(Bases::SLUR),
                        // A word that people also claim for themselves names them, behind a determiner, as a group does.
                        Use::Reclaimed => context.bases(mark.form, true).with(Bases::AMB),
                        // "les G": a definite plural of people; what is said of them decides.
                        Use::Ambiguous if context.definite_plural() => context.bases(mark.form, true).with(Bases::AMB),
                        Use::Ambiguous => Bases::AMB,
                    }
                }
                _ => Bases(0),
            };
        }
        cells[i].bases = marks.iter().fold(Bases(0), |all, mark| all.with(mark.bases));
        // "les homo": the determiner makes the plural that the spelling forgot.
        if i > 0 && concepts[i - 1].contains(Concepts::DET_PLURAL) && marks.iter().any(|m| m.bases.meets(Bases::GP) && m.length == 1) {
            let all = cells[i].bases;
            cells[i].extra.extend(plural.iter().filter(|(_, bases)| all.meets(*bases)).map(|&(id, _)| (id, 1)));
        }
        cells[i].marks = marks;
    }
}

struct Context<'a> {
    words: &'a Words,
    places: &'a [Place],
    concepts: &'a [Concepts],
    cells: &'a [Cell],
    at: usize,
}

impl Context<'_> {
    fn bases(&self, form: Form, needs_det: bool) -> Bases {
        let determiner = self.determiner();
        if needs_det && determiner.is_none() && !(form.is_plural() && (self.after_preposition() || self.opens_clause())) {
            return Bases(0);
        }
        if self.qualifies_a_thing() {
            return Bases::G;
        }
        let plural = form.is_plural() || determiner.is_some_and(|(_, d)| d.contains(Concepts::DET_PLURAL)) || matches!(form, Form::Collective | Form::Inv);
        let (some, any) = determiner.map_or((false, false), |(_, d)| (d.intersects(Concepts::DET_SOME), d.intersects(Concepts::DET_ANY)));
        let generic = (plural && !some && !self.indefinite(determiner)) || any;
        match (generic, self.governed(determiner)) {
            (true, false) => Bases::G.with(Bases::GP).with(Bases::GS),
            (true, true) => Bases::G.with(Bases::GP),
            (false, _) => Bases::G.with(Bases::GI),
        }
    }

    /// "sans G", "contre G": a bare plural after a preposition.
    fn after_preposition(&self) -> bool {
        self.at > 0 && self.places[self.at].before < Boundary::Soft && self.concepts[self.at - 1].intersects(Concepts::PREP | Concepts::BRIDGE)
    }

    /// "Noirs sont …": a bare plural that opens its sentence, right before its verb.
    fn opens_clause(&self) -> bool {
        self.places[self.at].before == Boundary::Sentence
            && self.places.get(self.at + 1).is_some_and(|p| p.before == Boundary::None)
            && self.concepts[self.at + 1].intersects(Concepts::COPULA | Concepts::NE | Concepts::DEONTIC)
    }

    /// The determiner of the noun phrase, if one stands within reach.
    fn determiner(&self) -> Option<(usize, Concepts)> {
        let mut i = self.at;
        for _ in 0..REACH {
            if i == 0 || self.places[i].before >= Boundary::Soft {
                return None;
            }
            i -= 1;
            let here = self.concepts[i];
            if here.intersects(Concepts::DET | Concepts::DET_SOME | Concepts::DET_ANY) {
                // "tous les", "ces deux", "mes": what stands before the article still counts.
                let before = if i > 0 && self.places[i].before < Boundary::Soft { self.concepts[i - 1] } else { Concepts::empty() };
                return Some((i, here | (before & (Concepts::DET_SOME | Concepts::DET_ANY))));
            }
            if !self.modifies(i) {
                return None;
            }
        }
        None
    }

    /// "Des G ont …" at the start of a clause speaks of some, not of all.
    fn indefinite(&self, determiner: Option<(usize, Concepts)>) -> bool {
        determiner.is_some_and(|(i, d)| d.contains(Concepts::PREP_DET) && self.places[i].before >= Boundary::Soft)
    }

    /// Whether a preposition governs the noun phrase: "les droits *des* G", "contre *les* G"; not "la plupart des G".
    fn governed(&self, determiner: Option<(usize, Concepts)>) -> bool {
        let first = determiner.map_or(self.at, |(i, _)| i);
        if determiner.is_some_and(|(_, d)| d.contains(Concepts::PREP_DET)) {
            let counted = |i: usize| self.concepts[i].contains(Concepts::QUANTITY);
            return !(counted(first) || first > 0 && counted(first - 1));
        }
        first > 0 && self.places[first].before < Boundary::Soft && (self.concepts[first - 1].intersects(Concepts::PREP) || self.inverted(first))
    }

    /// "Les films que regardent les G sont …": behind the verb of a relative clause, a subject of that verb alone.
    fn inverted(&self, first: usize) -> bool {
        let verb = |i: usize| self.words.known[i].kinds & (Kinds::VERB | Kinds::NOUN) == Kinds::VERB;
        let Some(before) = first.checked_sub(2) else { return false };
        self.places[first - 1].before < Boundary::Soft && verb(first - 1) && self.concepts[before].contains(Concepts::SUB)
    }

    /// An adjective or a noun for people between the determiner and the group.
    fn modifies(&self, i: usize) -> bool {
        self.words.known[i].kinds.contains(Kinds::ADJ)
            || self.concepts[i].intersects(Concepts::PERSON)
            || self.cells[i].marks.iter().any(|m| matches!(m.source, Source::Predicate(_) | Source::Group(_) | Source::Slur(_)))
    }

    /// "les pays arabes", "la musique tsigane": an adjective after a noun that is no name of people.
    fn qualifies_a_thing(&self) -> bool {
        let Some(before) = self.at.checked_sub(1) else { return false };
        if self.places[self.at].before >= Boundary::Soft || self.concepts[before] != Concepts::empty() {
            return false;
        }
        if self.cells[before].marks.iter().any(|m| matches!(m.source, Source::Group(_) | Source::Slur(_) | Source::Predicate(_))) {
            return false;
        }
        let kinds = self.words.known[before].kinds;
        kinds.contains(Kinds::NOUN) && !kinds.intersects(Kinds::OTHER | Kinds::VERB | Kinds::ADJ)
    }

    /// "les", "ces", "tous les" right before the word.
    fn definite_plural(&self) -> bool {
        self.plural() && !self.concepts[self.at - 1].intersects(Concepts::PREP_DET)
    }

    /// "les G", "des G", "aux G": not "ces G", nor "mes G".
    fn plural(&self) -> bool {
        self.at > 0
            && self.places[self.at].before < Boundary::Soft
            && self.concepts[self.at - 1].contains(Concepts::DET_PLURAL)
            && !self.concepts[self.at - 1].intersects(Concepts::DET_SOME | Concepts::POSSESSIVE)
    }

    /// "ma femme", "leurs filles".
    fn possessed(&self) -> bool {
        self.at > 0 && self.concepts[self.at - 1].intersects(Concepts::POSSESSIVE)
    }
}
