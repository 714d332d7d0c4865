//! The entries of a bundle, with their generated forms.

use std::fmt;

use super::codes::{Act, Effect, Form, Ground, Kind, Modality, Polarity, Scope, Severity, Stance, Status, Use};
use crate::pattern::Pattern;

/// Person and number of a finite verb form; absent elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Person {
    /// 1, 2 or 3.
    pub person: u8,
    /// Plural.
    pub plural: bool,
}

/// One spelling searched for, generated from a headword or listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spelling {
    /// As people write it, with accents. A hole is written `…`.
    pub text: String,
    /// Its place in the paradigm.
    pub form: Form,
    /// For finite verbs.
    pub person: Option<Person>,
    /// A form of a reflexive verb without its pronoun: it counts only where a pronoun stands by it.
    pub reflexive: bool,
}

/// Fields that every kind of entry has.
#[derive(Debug, Clone)]
pub struct Common {
    /// Unique for ever.
    pub id: String,
    /// Life cycle.
    pub status: Status,
    /// Why it is here, in French.
    pub why: String,
    /// Where it comes from.
    pub source: String,
    /// Sentences in which a finding of this entry survives; the span in square brackets, if any.
    pub must_match: Vec<String>,
    /// Sentences in which none does.
    pub must_not_match: Vec<String>,
    /// File and line of the entry, for messages.
    pub place: Place,
    /// Regions where it is in use; empty = everywhere.
    pub regions: Vec<String>,
    /// Its words stay visible to other entries.
    pub transparent: bool,
    /// Since when it is here, `YYYY-MM-DD`; empty when not stated.
    pub since: String,
    /// Why a form that flags without context may be an ordinary word.
    pub rare_reason: Option<String>,
}

/// A place in a file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[allow(missing_docs)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A name of people by protected ground. Alone it never flags.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Group {
    pub common: Common,
    pub ground: Ground,
    /// Spellings; `form` is one of `MSg FSg MPl FPl Collective`.
    pub spellings: Vec<Spelling>,
    /// How a reviewer reads it ("les femmes"); defaults to the first plural form.
    pub name: String,
    /// Only after a determiner: the word has another life.
    pub needs_det: bool,
    /// A word of kinship too: "ma femme" names one person.
    pub kin: bool,
    /// The name itself serves as an insult.
    pub insult_use: bool,
}

/// A term of contempt.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Slur {
    pub common: Common,
    pub ground: Ground,
    pub act: Act,
    pub severity: Severity,
    pub usage: Use,
    pub kind: Kind,
    pub spellings: Vec<Spelling>,
    pub headwords: usize,
    /// The spellings that somebody wrote down; the others were generated.
    pub written: Vec<String>,
    /// Frames that license an ambiguous slur; empty = those that name slurs.
    pub licensed_by: Vec<String>,
}

/// A synset of predicates.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Predicate {
    pub common: Common,
    pub class: String,
    pub kind: Kind,
    pub spellings: Vec<Spelling>,
    pub headwords: usize,
    /// The modalities that a phrase needs; empty = none needed.
    pub needs: Vec<Modality>,
    /// The phrase holds its own negation.
    pub negation_inside: bool,
}

/// A function word or stance mark: declares a concept.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Operator {
    pub common: Common,
    /// Upper-case name that patterns use.
    pub concept: String,
    pub kind: Option<Kind>,
    pub spellings: Vec<Spelling>,
    /// Takes its tokens: what it names is stripped of other operators.
    pub takes: bool,
}

/// A dog whistle, number or emoji: a signal that never flags alone.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Code {
    pub common: Common,
    pub ground: Ground,
    pub kind: Kind,
    pub severity: Severity,
    pub spellings: Vec<Spelling>,
}

/// A fixed phrase that takes a concept away from its words.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Innocent {
    pub common: Common,
    pub spellings: Vec<Spelling>,
}

/// A pattern of concepts that makes a finding.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Frame {
    pub common: Common,
    pub pattern: Pattern,
    pub scope: Scope,
    /// `None`: from the class or slur that fills it.
    pub act: Option<Act>,
    pub severity: Option<Severity>,
    pub polarity: Polarity,
    /// Items of the pattern that are shown, first and last; `None` = all.
    pub span: Option<(usize, usize)>,
    /// The ground when the pattern holds neither group nor slur.
    pub ground: Option<Ground>,
    /// A back-off frame: weak evidence, tier of its own.
    pub backoff: bool,
}

/// A pattern around a finding that says who speaks and how.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct StanceFrame {
    pub common: Common,
    pub pattern: Pattern,
    pub scope: Scope,
    pub effect: Effect,
    pub stance: Stance,
    /// Acts that it can touch; empty = all.
    pub only: Vec<Act>,
}

/// A sign that proves nothing alone: together they speak for hate, or against it.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Clue {
    pub common: Common,
    pub pattern: Pattern,
    pub scope: Scope,
    /// What it adds, once in a post: 1 to 9 for hate, -9 to -1 against it.
    pub points: i8,
    /// What a post does in which it weighs most; `None`: what the policy says.
    pub act: Option<Act>,
}

/// A word, or two neighbours, that proves nothing alone and is added up with the clues. Turns are weighed by their use in labelled posts, not
/// written one by one: `lexicons/weigh.py`.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Made of the text.
    pub id: String,
    /// Folded words with a space between, [`Turn::GROUP`] or [`Turn::SLUR`] where people are named.
    pub text: String,
    /// What it adds, once in a post: 1 to 9 for hate, -9 to -1 against it.
    pub points: i8,
}

impl Turn {
    /// Stands for the name of any group, so that no group weighs more than another.
    pub const GROUP: &'static str = "{G}";
    /// Stands for any slur.
    pub const SLUR: &'static str = "{S}";
}
