//! Closed sets of codes: how they are written in TOML and JSON, and what the taxonomy says of each.

use std::fmt;
use std::str::FromStr;

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

codes! {
    /// What must stand around a phrase that is news in the indicative.
    Modality { Modal = "modal", Imperative = "imperative", Infinitive = "infinitive", Wish = "wish" }
}

codes! {
    /// How far a frame reaches.
    Scope { Clause = "clause", Sentence = "sentence", TwoSentences = "two_sentences" }
}

codes! {
    /// Whether negation turns a frame round.
    Polarity { Product = "product", Fixed = "fixed" }
}

codes! {
    /// What a stance frame does to a finding; force: endorse > keep > suppress > lower.
    Effect { Lower = "lower", Suppress = "suppress", Keep = "keep", Endorse = "endorse" }
}

codes! {
    /// Who speaks.
    Stance { Author = "author", Quoted = "quoted", Reported = "reported", Condemned = "condemned", Own = "self" }
}
