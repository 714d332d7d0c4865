//! What a lane asks of a classifier. The real one is behind it in production; tests inject one that panics or follows a script.

use vigie_classifier::{Classifier, Scratch, Verdict};

/// Judges posts; shared by all lanes, replaced whole on reload.
pub trait Judge: Send + Sync + 'static {
    /// Buffers of one thread.
    type Scratch: Default;

    /// The verdict on one text.
    fn judge(&self, text: &str, scratch: &mut Self::Scratch) -> Verdict;

    /// Template and text of the explanation for reviewers.
    fn explain(&self, verdict: &Verdict) -> (String, String);

    /// Name, version and revision of the lexicon.
    fn lexicon(&self) -> (&str, &str, &str);
}

impl Judge for Classifier {
    type Scratch = Scratch;

    fn judge(&self, text: &str, scratch: &mut Scratch) -> Verdict {
        self.classify(text, scratch)
    }

    fn explain(&self, verdict: &Verdict) -> (String, String) {
        explain(self, verdict)
    }

    fn lexicon(&self) -> (&str, &str, &str) {
        let lexicon = self.lexicon();
        (&lexicon.bundle.name, &lexicon.bundle.version, &lexicon.revision)
    }
}

/// The reviewed template of the gravest finding, filled in; the closest ground wins over "any ground".
fn explain(classifier: &Classifier, verdict: &Verdict) -> (String, String) {
    let lexicon = classifier.lexicon();
    let gravest = verdict.findings.iter().chain(&verdict.shadow).max_by_key(|f| (f.severity, std::cmp::Reverse(f.span.start)));
    let Some(finding) = gravest else { return ("fr.aucun@1".to_owned(), "Aucun passage à signaler.".to_owned()) };
    let fits = |t: &&vigie_lexicon::Template| t.act == finding.act && t.ground.is_none_or(|g| g == finding.ground);
    let Some(template) = lexicon.policy.templates.iter().filter(fits).max_by_key(|t| t.ground.is_some()) else {
        return ("fr.sans-modele@1".to_owned(), format!("Passage à relire ({}). À vérifier : fil, ironie.", finding.act));
    };
    let group = finding.group.as_deref().and_then(|id| lexicon.groups.iter().find(|g| g.common.id == id));
    let group = group.map_or("un groupe de personnes", |g| g.name.as_str());
    (template.id.clone(), template.text.replace("{group}", group).replace("{ground}", finding.ground.code()))
}
