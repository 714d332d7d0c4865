//! What a reviewer reads: the bundle's reviewed French template for the gravest act, filled with the group's name.

use vigie_lexicon::{Act, Template};

use crate::engine::Classifier;
use crate::{Finding, Verdict};

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
        let templates = &self.lexicon.policy.templates;
        let fits = |t: &&Template| t.act == finding.act && t.ground.is_none_or(|g| g == finding.ground);
        let Some(template) = templates.iter().filter(fits).max_by_key(|t| t.ground.is_some()) else {
            return Explanation { template: "fr.none@1".to_owned(), text: act_code(finding.act) };
        };
        let name = finding.group.as_deref().map_or_else(|| "un groupe de personnes".to_owned(), |id| self.name_of(id));
        let text = template.text.replace("{groupe}", &name).replace("{group}", &name).replace("{motif}", finding.ground.code()).replace("{ground}", finding.ground.code());
        Explanation { template: template.id.clone(), text }
    }

    /// How a reviewer reads a group; a slur is never repeated.
    fn name_of(&self, id: &str) -> String {
        let group = self.lexicon.groups.iter().find(|g| g.common.id == id);
        group.map_or_else(|| "un groupe de personnes".to_owned(), |g| g.name.clone())
    }
}

fn act_code(act: Act) -> String {
    act.code().to_owned()
}
