//! What a loaded bundle holds: entries with their generated forms. Values here can only be right: the loader has checked them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use vigie_text::Dictionary;

use crate::pattern::Pattern;

/// What every closed set of codes can tell, so that one reader serves them all.
pub(crate) trait Codes: Copy + Sized + 'static {
    /// Every value, in order.
    const VALUES: &'static [Self];
    /// As written in files.
    fn as_code(self) -> &'static str;
}

/// A closed set of codes, as written in TOML and JSON.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* #[allow(missing_docs)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code used in files and messages.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(s: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|v| v.code() == s).ok_or(())
            }
        }

        impl Codes for $name {
            const VALUES: &'static [Self] = Self::ALL;
            fn as_code(self) -> &'static str {
                self.code()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.code())
            }
        }
    };
}

codes! {
    /// The protected characteristic that a text attributes (taxonomy §1.1).
    Ground {
        RacismAntiBlack = "racism_anti_black", RacismAntiArab = "racism_anti_arab", RacismAntiAsian = "racism_anti_asian",
        AntiRoma = "anti_roma", RacismOther = "racism_other", Antisemitism = "antisemitism", AntiMuslim = "anti_muslim",
        AntiReligious = "anti_religious", Xenophobia = "xenophobia", Sexism = "sexism", Homophobia = "homophobia",
        Lesbophobia = "lesbophobia", Biphobia = "biphobia", Transphobia = "transphobia", Ableism = "ableism",
        Age = "age", Appearance = "appearance", Poverty = "poverty", Health = "health", None = "none",
    }
}

/// The legal group of a ground: A and B make hate, C only terms and conditions, 0 nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum LegalGroup {
    A,
    B,
    C,
    Zero,
}

impl Ground {
    /// The legal group of this ground (law of 29 July 1881, art. 24 and 33; code pénal 225-1).
    pub fn legal_group(self) -> LegalGroup {
        use Ground::{
            AntiMuslim, AntiReligious, AntiRoma, Antisemitism, Biphobia, Homophobia, Lesbophobia, RacismAntiArab, RacismAntiAsian, RacismAntiBlack,
            RacismOther, Sexism, Transphobia, Xenophobia,
        };
        match self {
            RacismAntiBlack | RacismAntiArab | RacismAntiAsian | AntiRoma | RacismOther | Antisemitism | AntiMuslim | AntiReligious | Xenophobia => {
                LegalGroup::A
            }
            Sexism | Homophobia | Lesbophobia | Biphobia | Transphobia | Self::Ableism => LegalGroup::B,
            Self::Age | Self::Appearance | Self::Poverty | Self::Health => LegalGroup::C,
            Self::None => LegalGroup::Zero,
        }
    }

    /// Whether a finding with this ground is hate.
    pub fn is_protected(self) -> bool {
        matches!(self.legal_group(), LegalGroup::A | LegalGroup::B)
    }
}

codes! {
    /// What the words do (taxonomy §1.2).
    Act {
        DeathThreat = "death_threat", ViolenceThreat = "violence_threat", IncitementViolence = "incitement_violence",
        IncitementHatred = "incitement_hatred", IncitementDiscrimination = "incitement_discrimination", Insult = "insult",
        GroupDefamation = "group_defamation", Dehumanisation = "dehumanisation", ApologyCrimes = "apology_crimes",
        ApologyTerrorism = "apology_terrorism", Denial = "denial", Harassment = "harassment", SexistInsult = "sexist_insult",
        Doxxing = "doxxing", Coded = "coded",
    }
}

codes! {
    /// Ordinal severity.
    Severity { None = "none", Low = "low", Medium = "medium", High = "high", Critical = "critical" }
}

codes! {
    /// Life cycle of an entry.
    Status { Proposed = "proposed", Shadow = "shadow", Active = "active", Retired = "retired" }
}

impl Status {
    /// Whether the entry takes part today, be it unseen.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Active | Self::Shadow)
    }
}

codes! {
    /// How a slur counts.
    Use { Unambiguous = "unambiguous", Ambiguous = "ambiguous", Reclaimed = "reclaimed" }
}

codes! {
    /// Which slots of frames a headword can fill.
    Kind { Noun = "noun", Adj = "adj", Verb = "verb", Phrase = "phrase", Word = "word", Number = "number", Emoji = "emoji" }
}

codes! {
    /// What a class says of the person (lexicon.md §Meaning 5).
    Role { Bearer = "bearer", Agent = "agent", Target = "target", Victim = "victim", Good = "good", Event = "event" }
}

codes! {
    /// Number and gender of a nominal form, tense or mood of a verbal one; `Inv` where none applies.
    Form {
        MSg = "msg", FSg = "fsg", MPl = "mpl", FPl = "fpl", Collective = "coll",
        /// Infinitive.
        Inf = "inf",
        /// Past participle.
        Pp = "pp",
        /// Present of the indicative.
        Prs = "prs",
        /// Imperfect or simple past.
        Past = "past",
        /// Future or conditional.
        Fut = "fut",
        /// Imperative.
        Imp = "imp",
        /// Subjunctive.
        Sbj = "sbj",
        /// Present participle.
        Ger = "ger",
        Inv = "inv",
    }
}

impl Form {
    /// Whether the form is a plural noun or adjective.
    pub fn is_plural(self) -> bool {
        matches!(self, Self::MPl | Self::FPl)
    }
}

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

codes! {
    /// What must stand around a phrase that is news in the indicative.
    Modality { Modal = "modal", Imperative = "imperative", Infinitive = "infinitive", Wish = "wish" }
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

codes! {
    /// How far a frame reaches.
    Scope { Clause = "clause", Sentence = "sentence", TwoSentences = "two_sentences" }
}

codes! {
    /// Whether negation turns a frame round.
    Polarity { Product = "product", Fixed = "fixed" }
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

codes! {
    /// What a stance frame does to a finding; force: endorse > keep > suppress > lower.
    Effect { Lower = "lower", Suppress = "suppress", Keep = "keep", Endorse = "endorse" }
}

codes! {
    /// Who speaks.
    Stance { Author = "author", Quoted = "quoted", Reported = "reported", Condemned = "condemned", Own = "self" }
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

/// When the clues of a post make a finding.
#[derive(Debug, Clone, Copy)]
pub struct ClueRule {
    /// The sum from which on they do, in a short post.
    pub points: u8,
    /// How many words a short post has at most.
    pub words: u8,
    /// Beyond, each so many words ask for a point more: a long text holds clues by chance.
    pub step: u8,
    /// What the post does, when its heaviest clue does not say.
    pub act: Act,
    /// How severe that is.
    pub severity: Severity,
}

impl ClueRule {
    /// The sum that a post of `words` words needs.
    pub fn enough(&self, words: usize) -> usize {
        usize::from(self.points) + words.saturating_sub(usize::from(self.words)) / usize::from(self.step.max(1))
    }
}

/// What a class of predicates means.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Class {
    pub name: String,
    pub role: Role,
    /// `None` for victims: never a finding.
    pub act: Option<Act>,
    pub severity: Severity,
    /// -1 bad, 1 good.
    pub sign: i8,
}

/// Decisions of the bundle: classes, thresholds, clause boundaries.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Policy {
    pub classes: BTreeMap<String, Class>,
    /// Lowest severity that flags, per ground, and per act within a ground (`None` = every act without its own line). `Severity::None` = never.
    pub flag_at: BTreeMap<(Ground, Option<Act>), Severity>,
    /// Reviewed French templates by act; `{groupe}` (the group as a reviewer reads it) and `{motif}` (the ground's label) are filled.
    pub templates: Vec<Template>,
    /// French names of codes, by `ground.code`, `act.code`, `severity.code`.
    pub labels: BTreeMap<String, String>,
    /// When clues make a finding; `None`: never.
    pub clues: Option<ClueRule>,
}

impl Policy {
    /// The lowest severity that flags; `None`: nothing of this ground and act flags.
    pub fn flag_at(&self, ground: Ground, act: Act) -> Option<Severity> {
        let found = self.flag_at.get(&(ground, Some(act))).or_else(|| self.flag_at.get(&(ground, None)));
        found.copied().filter(|s| *s != Severity::None)
    }

    /// The template of an act: the one for this ground, or the one for any.
    pub fn template(&self, act: Act, ground: Ground) -> Option<&Template> {
        let of = |wanted: Option<Ground>| self.templates.iter().find(move |t| t.act == act && t.ground == wanted);
        of(Some(ground)).or_else(|| of(None))
    }

    /// The French name of a code (`ground.sexism`), or the code itself.
    pub fn label<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.get(code).map_or_else(|| code.split_once('.').map_or(code, |(_, c)| c), String::as_str)
    }
}

/// One reviewed explanation.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Template {
    pub id: String,
    pub act: Act,
    /// `None` = any ground.
    pub ground: Option<Ground>,
    pub text: String,
}

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
