//! What a loaded bundle holds. Values here can only be right: the loader has checked them.

mod codes;
mod entries;
mod policy;

use vigie_text::Dictionary;

pub(crate) use codes::Codes;
pub use codes::{Act, Effect, Form, Ground, Kind, LegalGroup, Modality, Polarity, Role, Scope, Severity, Stance, Status, Use};
pub use entries::{Clue, Code, Common, Frame, Group, Innocent, Operator, Person, Place, Predicate, Slur, Spelling, StanceFrame, Turn};
pub use policy::{Class, ClueRule, Policy, Template};

/// Name and version of a bundle.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Bundle {
    pub name: String,
    pub language: String,
    pub version: String,
    pub licence: String,
}

/// A whole bundle, checked.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Lexicon {
    pub bundle: Bundle,
    pub policy: Policy,
    pub groups: Vec<Group>,
    pub slurs: Vec<Slur>,
    pub predicates: Vec<Predicate>,
    pub operators: Vec<Operator>,
    pub codes: Vec<Code>,
    pub innocents: Vec<Innocent>,
    pub frames: Vec<Frame>,
    pub stance_frames: Vec<StanceFrame>,
    pub clues: Vec<Clue>,
    /// Sorted by text.
    pub turns: Vec<Turn>,
    pub words: Dictionary,
    /// What the compiler left out, and what somebody should look at.
    pub report: Report,
    /// Content hash: bundle bytes, format version, engine behaviour, Unicode version. 16 hex digits.
    pub revision: String,
}

/// What loading a good bundle still has to say.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Warnings, by place.
    pub warnings: Vec<crate::diagnostic::Diagnostic>,
    /// Generated forms left out because they are ordinary words.
    pub dropped: Vec<Dropped>,
}

/// A generated form left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The entry that would have searched for it.
    pub entry: String,
    /// The form.
    pub form: String,
    /// How often it stands in a hundred million words of everyday French.
    pub count: u32,
}

impl Lexicon {
    /// Gives back what its lists do not fill.
    pub(crate) fn shrink(&mut self) {
        self.groups.shrink_to_fit();
        self.slurs.shrink_to_fit();
        self.predicates.shrink_to_fit();
        self.codes.shrink_to_fit();
        self.innocents.shrink_to_fit();
        self.frames.shrink_to_fit();
        self.stance_frames.shrink_to_fit();
        self.clues.shrink_to_fit();
    }
}
