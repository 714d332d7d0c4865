//! What the classifier says of a post: findings, what context suppressed, and what policy makes of them.

use std::sync::Arc;

use serde::Serialize;
use vigie_lexicon::{Act, Ground, Severity, Stance, Status};
use vigie_text::{Span, View};

/// One finding: what was said, of whom, where, and on what path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the slur, predicate, frame or (heaviest) clue that carries it.
    pub entry: Arc<str>,
    /// Frame that put it together; `None` for a slur that counts by itself and for clues.
    pub frame: Option<Arc<str>>,
    /// Group that it speaks of.
    pub group: Option<Arc<str>>,
    /// Ground attributed by the text.
    pub ground: Ground,
    /// What the words do.
    pub act: Act,
    /// Ordinal severity.
    pub severity: Severity,
    /// Active or shadow.
    pub status: Status,
    /// What is shown, in bytes of the original.
    pub span: Span,
    /// Views that were needed.
    pub views: Vec<View>,
    /// Who speaks.
    pub stance: Stance,
    /// For a suppressed finding: the stance or innocent entry that blocked it.
    pub blocked_by: Option<Arc<str>>,
    /// Where no frame speaks: the clues whose points add up to it, in order of place. Those against it have negative points.
    pub clues: Vec<FoundClue>,
}

/// A clue that was found in a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundClue {
    /// Its id.
    pub entry: Arc<str>,
    /// What it adds.
    pub points: i8,
}

/// What becomes of the post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Nothing to look at.
    Clean,
    /// Only shadow entries fired.
    Shadow,
    /// A person should look at it.
    Flagged,
}

/// The verdict on one post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of it.
    pub decision: Decision,
    /// A flagged finding has a ground of group A or B.
    pub hate: bool,
    /// Highest severity among the flagged findings.
    pub severity: Severity,
    /// Grounds of the flagged findings, sorted, once each.
    pub grounds: Vec<Ground>,
    /// Acts of the flagged findings, sorted, once each.
    pub acts: Vec<Act>,
    /// Active findings that survived context, by start, end, id.
    pub findings: Vec<Finding>,
    /// What context blocked, with what blocked it.
    pub suppressed: Vec<Finding>,
    /// Findings of shadow entries.
    pub shadow: Vec<Finding>,
    /// More disguised tokens than the cap.
    pub obfuscation_flood: bool,
}

impl Verdict {
    /// The verdict on a post in which nothing was found.
    pub fn clean() -> Self {
        Self {
            decision: Decision::Clean,
            hate: false,
            severity: Severity::None,
            grounds: Vec::new(),
            acts: Vec::new(),
            findings: Vec::new(),
            suppressed: Vec::new(),
            shadow: Vec::new(),
            obfuscation_flood: false,
        }
    }
}
