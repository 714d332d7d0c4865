//! A judge that follows a script written in the post itself, so that delivery can be tested whatever the lexicons say.

use std::sync::Arc;

use vigie_classifier::{Decision, Finding, FoundClue, Verdict};
use vigie_lexicon::{Act, Ground, Severity, Stance, Status};
use vigie_stream::Judge;
use vigie_text::Span;

/// `zflag` flags, `zshadow` is a shadow finding, `zpanic` panics with the text, `zmany` flags six thousand times, `zcritical` is critical.
pub struct Script;

/// The text that no log may show.
#[allow(dead_code)]
pub const CANARY: &str = "zcanari";

impl Judge for Script {
    type Scratch = ();

    fn judge(&self, text: &str, (): &mut ()) -> Verdict {
        let mut verdict = Verdict::clean();
        assert!(!text.contains("zpanic"), "a message that repeats the post: {text}");
        let repeat = if text.contains("zmany") { 6000 } else { 1 };
        for (word, status, severity) in [
            ("zflag", Status::Active, Severity::High),
            ("zmany", Status::Active, Severity::High),
            ("zcritical", Status::Active, Severity::Critical),
            ("zclues", Status::Active, Severity::Medium),
            ("zshadow", Status::Shadow, Severity::Medium),
        ] {
            for (at, _) in text.match_indices(word).cycle().take(repeat * text.matches(word).count()) {
                let mut found = finding(Span::new(at, at + word.len()), status, severity);
                if word == "zclues" {
                    found.frame = None;
                    found.clues = [("test.clue.for", 9), ("test.clue.against", -1)].map(|(entry, points)| FoundClue { entry: Arc::from(entry), points }).into();
                }
                if status == Status::Shadow { verdict.shadow.push(found) } else { verdict.findings.push(found) }
            }
        }
        if text.contains("zcite") {
            let at = text.find("zcite").unwrap_or(0);
            let mut blocked = finding(Span::new(at, at + 5), Status::Active, Severity::High);
            blocked.stance = Stance::Quoted;
            blocked.blocked_by = Some(Arc::from("test.stance.citation"));
            verdict.suppressed.push(blocked);
        }
        if let Some(severity) = verdict.findings.iter().map(|f| f.severity).max() {
            verdict.decision = Decision::Flagged;
            verdict.hate = true;
            verdict.severity = severity;
            verdict.grounds = vec![Ground::Antisemitism];
            verdict.acts = vec![Act::Dehumanisation];
        } else if !verdict.shadow.is_empty() {
            verdict.decision = Decision::Shadow;
        }
        verdict
    }

    fn explain(&self, _: &Verdict) -> (String, String) {
        ("test.modele@1".to_owned(), "Passage à relire.".to_owned())
    }

    fn lexicon(&self) -> (&str, &str, &str) {
        ("test", "1", "0123456789abcdef")
    }
}

fn finding(span: Span, status: Status, severity: Severity) -> Finding {
    Finding {
        entry: Arc::from("test.entry"),
        frame: Some(Arc::from("test.frame")),
        group: Some(Arc::from("test.group")),
        ground: Ground::Antisemitism,
        act: Act::Dehumanisation,
        severity,
        status,
        span,
        views: Vec::new(),
        stance: Stance::Author,
        blocked_by: None,
        clues: Vec::new(),
    }
}
