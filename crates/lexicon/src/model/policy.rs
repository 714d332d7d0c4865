//! What a bundle decides: classes, thresholds, templates, labels, the rule of clues.

use std::collections::BTreeMap;

use super::codes::{Act, Ground, Role, Severity};

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
        let of = |wanted: Option<Ground>| self.templates.iter().find(move |t| !t.clues && t.act == act && t.ground == wanted);
        of(Some(ground)).or_else(|| of(None))
    }

    /// The template of findings that rest on clues.
    pub fn clue_template(&self) -> Option<&Template> {
        self.templates.iter().find(|t| t.clues)
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
    /// For findings that rest on clues, whatever their act.
    pub clues: bool,
    pub text: String,
}
