//! What a reviewer reads: the bundle's reviewed French template for the gravest act, or for clues that add up, filled with the group's name.

use crate::engine::Classifier;
use crate::{Finding, Verdict};

/// What stands for a group that a slur names: the slur is not repeated to reviewers.
const NO_NAME: &str = "un groupe de personnes";

/// A reviewed sentence and the template it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Id of the template.
    pub template: String,
    /// The sentence, in French.
    pub text: String,
}

impl Classifier {
    /// Explains a verdict by its gravest finding; nothing for a post without one.
    pub fn explanation(&self, verdict: &Verdict) -> Option<Explanation> {
        let gravest = verdict.findings.iter().chain(&verdict.shadow).max_by_key(|f| (f.severity, std::cmp::Reverse(f.span.start)))?;
        Some(self.explain_finding(gravest))
    }

    /// Explains one finding.
    pub fn explain_finding(&self, finding: &Finding) -> Explanation {
        let policy = &self.lexicon.policy;
        let (ground, act) = (format!("ground.{}", finding.ground), format!("act.{}", finding.act));
        let of_clues = policy.clue_template().filter(|_| !finding.clues.is_empty());
        let Some(template) = of_clues.or_else(|| policy.template(finding.act, finding.ground)) else {
            return Explanation { template: String::new(), text: policy.label(&act).to_owned() };
        };
        let name = finding.group.as_deref().map_or_else(|| NO_NAME.to_owned(), |id| self.name_of(id));
        let text = template.text.replace("{groupe}", &name).replace("{motif}", policy.label(&ground));
        Explanation { template: template.id.clone(), text }
    }

    /// How a reviewer reads a group; a slur is never repeated.
    fn name_of(&self, id: &str) -> String {
        let group = self.lexicon.groups.iter().find(|g| g.common.id == id);
        group.map_or_else(|| NO_NAME.to_owned(), |g| g.name.clone())
    }
}
