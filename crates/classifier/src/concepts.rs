//! The operator concepts that the engine itself reads, beside the patterns that name them.

use vigie_lexicon::Lexicon;

use crate::cells::Cell;
use crate::forms::Source;

macro_rules! concepts {
    ($($name:ident = $bit:literal),+ $(,)?) => {
        bitflags::bitflags! {
            /// Concepts as bits.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
            pub(crate) struct Concepts: u64 { $(const $name = 1 << $bit;)+ }
        }

        fn bit(concept: &str) -> Concepts {
            match concept { $(stringify!($name) => Concepts::$name,)+ _ => Concepts::empty() }
        }
    };
}

concepts! {
    // Polarity: plain negators, those that need *ne*, negative quantifiers, lexical negators, restriction.
    NE = 0, NEG = 1, NEG_NE = 2, NWORD = 3, REFUSE = 4, RESTRICT = 5, NOT_NEG = 6,
    // Clauses.
    SUB = 7, CONJ = 8, SPEECH = 9, THINK = 10, COPULA = 11,
    // Determiners: any; those that pick out particular people; those that make a singular generic; definite singular.
    DET = 12, DET_SOME = 13, DET_ANY = 14, PERSON = 15,
    // Pronouns that can take up a group.
    PRON3 = 16, CLITIC = 17, POSSESSIVE = 18, ANAPHORIC = 19, CE = 20, PRON2 = 21, LIKE = 22,
    // Modality.
    MODAL = 23, DEONTIC = 24, WISH = 25, LET = 26,
    // Around a group: ces, tels; what may stand between "vous" and the group it names.
    DEMONSTRATIVE = 27, BRIDGE = 28,
    // Of a noun phrase: governed by a preposition, contracted with its article, or counted by a quantity.
    PREP = 29, PREP_DET = 30, QUANTITY = 31,
    // What a phrase may step over.
    INTENSIFIER = 32,
    // Plural determiners: "les homo" is a plural whatever the spelling of the noun.
    DET_PLURAL = 33,
    // "tous": the whole of a group.
    ALL = 34,
    // The author, alone or with others.
    PRON1 = 35, NOUS = 36,
}

impl Concepts {
    /// What negates.
    pub(crate) const NEGATING: Self = Self::NEG.union(Self::NEG_NE).union(Self::NWORD).union(Self::REFUSE);
    /// Words that may stand inside a phrase of the lexicon; a pronoun does in a question ("tiennent-ils la presse").
    pub(crate) const SKIPPED: Self = Self::INTENSIFIER.union(Self::NEG).union(Self::NEG_NE).union(Self::PRON3);
}

/// Concepts of the pronouns that a reflexive verb takes.
const REFLEXIVE: &[&str] = &["SE", "ME", "NOUS", "PRON2"];

/// The engine's concepts of each operator.
#[derive(Debug)]
pub(crate) struct ConceptTable {
    concepts: Vec<Concepts>,
    reflexive: Vec<bool>,
}

impl ConceptTable {
    /// Reads the operators of the bundle.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let reflexive = |concept: &str| REFLEXIVE.contains(&concept);
        let operators = &lexicon.operators;
        Self { concepts: operators.iter().map(|o| bit(&o.concept)).collect(), reflexive: operators.iter().map(|o| reflexive(&o.concept)).collect() }
    }

    /// The concept of one operator.
    pub(crate) fn get(&self, operator: u32) -> Concepts {
        self.concepts[operator as usize]
    }

    /// Whether an operator is a pronoun that a reflexive verb takes.
    pub(crate) fn is_reflexive(&self, operator: u32) -> bool {
        self.reflexive[operator as usize]
    }

    /// The concepts of each word, an operator of several words counting on each of them.
    pub(crate) fn fill(&self, cells: &[Cell], out: &mut Vec<Concepts>) {
        out.clear();
        out.resize(cells.len(), Concepts::empty());
        for (i, cell) in cells.iter().enumerate() {
            for mark in &cell.marks {
                if let Source::Operator(o) = mark.source {
                    let concepts = self.concepts[o as usize];
                    out[i] |= concepts;
                    // Determiners and anaphoric phrases act through their last word, negators through their first.
                    if mark.length > 1 && concepts.intersects(Concepts::DET | Concepts::DET_SOME | Concepts::DET_ANY) {
                        out[i + mark.length as usize - 1] |= concepts;
                    }
                }
            }
        }
    }
}
