//! Counts of one lane since its last flush: plain numbers, so that counting a record costs nothing shared.
//! Under exactly-once a tally belongs to its transaction: an abort drops it.

use vigie_classifier::Verdict;
use vigie_lexicon::{Ground, Severity};

use crate::wire::Reason;

/// How a record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing to look at.
    Clean,
    /// A flag was delivered.
    Flagged,
    /// Only entries on probation fired.
    Shadow,
    /// Not for us.
    Skipped(Skip),
    /// On the dead-letter topic.
    DeadLettered(Reason),
}

/// Why a record is not for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Skip {
    Tombstone,
    Private,
}

impl Outcome {
    /// Codes in the order of [`Outcome::index`].
    pub const CODES: [&'static str; 5] = ["clean", "flagged", "shadow", "skipped", "dead_lettered"];

    /// Place in a table of outcomes.
    pub fn index(self) -> usize {
        match self {
            Self::Clean => 0,
            Self::Flagged => 1,
            Self::Shadow => 2,
            Self::Skipped(_) => 3,
            Self::DeadLettered(_) => 4,
        }
    }
}

/// Numbers since the last flush.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Tally {
    pub outcomes: [u64; 5],
    pub skipped: [u64; 2],
    pub dead: [u64; 8],
    pub withdrawn: u64,
    pub floods: u64,
    /// By severity (low, medium, high, critical) and hate.
    pub flags: [[u64; 2]; 4],
    pub grounds: [u64; 20],
}

impl Tally {
    /// A record is settled.
    pub fn settle(&mut self, outcome: Outcome) {
        self.outcomes[outcome.index()] += 1;
        match outcome {
            Outcome::Skipped(skip) => self.skipped[skip as usize] += 1,
            Outcome::DeadLettered(reason) => self.dead[reason as usize] += 1,
            Outcome::Clean | Outcome::Flagged | Outcome::Shadow => {}
        }
    }

    /// A flag was made.
    pub fn flag(&mut self, verdict: &Verdict) {
        let severity = match verdict.severity {
            Severity::None | Severity::Low => 0,
            Severity::Medium => 1,
            Severity::High => 2,
            Severity::Critical => 3,
        };
        self.flags[severity][usize::from(!verdict.hate)] += 1;
        for ground in &verdict.grounds {
            self.grounds[Ground::ALL.iter().position(|g| g == ground).unwrap_or(0)] += 1;
        }
        self.floods += u64::from(verdict.obfuscation_flood);
    }

    /// Adds `other`, which is emptied.
    pub fn take_from(&mut self, other: &mut Self) {
        let add = |into: &mut [u64], from: &[u64]| into.iter_mut().zip(from).for_each(|(a, b)| *a += b);
        add(&mut self.outcomes, &other.outcomes);
        add(&mut self.skipped, &other.skipped);
        add(&mut self.dead, &other.dead);
        add(&mut self.grounds, &other.grounds);
        add(self.flags.as_flattened_mut(), other.flags.as_flattened());
        self.withdrawn += other.withdrawn;
        self.floods += other.floods;
        *other = Self::default();
    }

    /// Records settled, and how many of them on the dead-letter topic.
    pub fn settled(&self) -> (u64, u64) {
        (self.outcomes.iter().sum(), self.outcomes[4])
    }
}
