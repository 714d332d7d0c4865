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
        self.explanation(verdict).map_or_else(Default::default, |e| (e.template, e.text))
    }

    fn lexicon(&self) -> (&str, &str, &str) {
        let lexicon = self.lexicon();
        (&lexicon.bundle.name, &lexicon.bundle.version, &lexicon.revision)
    }
}
