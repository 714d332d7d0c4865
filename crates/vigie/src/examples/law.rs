//! What an example of each kind of entry claims, and whether a sentence keeps to it.

use vigie_classifier::{Classifier, Decision, Finding, Scratch, Verdict};
use vigie_lexicon::{Effect, Expanded};
use vigie_text::Span;

use super::parity::Said;

/// Which list an example stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Match,
    NotMatch,
}

impl Way {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Match => "must_match",
            Self::NotMatch => "must_not_match",
        }
    }
}

/// What the examples of an entry are about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Law<'a> {
    /// Slur or predicate: findings that it carries, by any frame.
    Entry(&'a str),
    /// Frame: findings that it put together.
    Frame(&'a str),
    /// Code or operator: where it is found, since it makes no finding.
    Match(&'a str),
    /// Group: alone it never flags.
    Group(&'a str),
    /// Innocent phrase: nothing flags in it; what it must not hide still does.
    Innocent,
    /// Clue: where it is found, whatever the sum of all.
    Clue(&'a str),
    /// Stance frame: what it blocks, and what it must leave alone.
    Stance(&'a str, Effect),
}

impl Law<'_> {
    /// What is said of the sentence when the example holds, or why it does not.
    pub(super) fn check(self, classifier: &Classifier, scratch: &mut Scratch, way: Way, sentence: &Expanded) -> Result<Said, String> {
        let verdict = classifier.classify(&sentence.text, scratch);
        let flagged = verdict.decision == Decision::Flagged;
        let nothing = Said { flagged, finding: None };
        match (self, way) {
            (Self::Entry(_) | Self::Frame(_), Way::Match) => {
                let found = self.findings(classifier, scratch, &verdict, &sentence.text);
                shown(found.iter().map(|f| f.span), sentence).map_err(|why| format!("{why}; {}", account(&verdict, &sentence.text)))?;
                Ok(Said { flagged, finding: found.iter().map(|f| (f.severity, f.act)).max() })
            }
            (Self::Entry(_) | Self::Frame(_), Way::NotMatch) => match self.findings(classifier, scratch, &verdict, &sentence.text).first() {
                // What else flags in the sentence is not this entry's affair, and may differ from group to group.
                None => Ok(Said { flagged: false, finding: None }),
                Some(finding) => Err(format!("found {}", one(finding, &sentence.text))),
            },
            (Self::Match(id) | Self::Clue(id), _) => {
                let trace = classifier.trace(&sentence.text, scratch);
                let found: Vec<Span> = if matches!(self, Self::Clue(_)) {
                    trace.clues.iter().filter(|c| c.id == id).map(|c| c.span).collect()
                } else {
                    trace.matches.iter().filter(|m| m.entry == id).map(|m| m.span).collect()
                };
                match way {
                    Way::Match => shown(found.into_iter(), sentence).map(|()| nothing),
                    Way::NotMatch => found.last().map_or(Ok(nothing), |span| Err(format!("found [{}]", &sentence.text[span.range()]))),
                }
            }
            (Self::Group(id), Way::Match) => {
                let trace = classifier.trace(&sentence.text, scratch);
                shown(trace.matches.iter().filter(|m| m.entry == id).map(|m| m.span), sentence).map(|()| nothing)
            }
            (Self::Innocent | Self::Stance(..), Way::Match) => {
                let flagging = verdict.findings.iter().filter(|f| classifier.flags(f));
                shown(flagging.map(|f| f.span), sentence).map_err(|why| format!("{why}; {}", account(&verdict, &sentence.text)))?;
                Ok(nothing)
            }
            (Self::Stance(id, Effect::Suppress), Way::NotMatch) if !flagged => {
                let blocked = verdict.suppressed.iter().any(|f| f.blocked_by.as_deref() == Some(id));
                if blocked { Ok(nothing) } else { Err(format!("nothing is blocked by this entry; {}", account(&verdict, &sentence.text))) }
            }
            (Self::Group(_) | Self::Innocent | Self::Stance(..), Way::NotMatch) => {
                if flagged {
                    Err(format!("flagged; {}", account(&verdict, &sentence.text)))
                } else {
                    Ok(nothing)
                }
            }
        }
    }

    /// The findings of this entry that survived. Those of a frame may share their place with a better one, so they are looked for before that is settled.
    fn findings(self, classifier: &Classifier, scratch: &mut Scratch, verdict: &Verdict, text: &str) -> Vec<Finding> {
        let survived = || verdict.findings.iter().chain(&verdict.shadow);
        match self {
            Self::Entry(id) => survived().filter(|f| *f.entry == *id).cloned().collect(),
            Self::Frame(id) => {
                let of_frame = |f: &&Finding| f.frame.as_deref() == Some(id);
                let found: Vec<Finding> = survived().filter(of_frame).cloned().collect();
                if found.is_empty() && survived().next().is_some() {
                    classifier.trace(text, scratch).findings.iter().filter(of_frame).cloned().collect()
                } else {
                    found
                }
            }
            _ => Vec::new(),
        }
    }
}

/// Whether something was found, at the place in brackets if there is one.
fn shown(found: impl Iterator<Item = Span>, sentence: &Expanded) -> Result<(), String> {
    let spans: Vec<Span> = found.collect();
    match sentence.span {
        None if spans.is_empty() => Err("not found".to_owned()),
        Some(wanted) if !spans.contains(&wanted) => {
            let text = |span: &Span| format!("[{}]", &sentence.text[span.range()]);
            let found = spans.iter().map(text).collect::<Vec<_>>().join(", ");
            Err(if spans.is_empty() { "not found".to_owned() } else { format!("shows {found}, expected {}", text(&wanted)) })
        }
        _ => Ok(()),
    }
}

/// What was found instead, and what was blocked.
fn account(verdict: &Verdict, text: &str) -> String {
    let list = |what: &str, findings: &[Finding]| match findings {
        [] => String::new(),
        some => format!("{what}: {}", some.iter().map(|f| one(f, text)).collect::<Vec<_>>().join(", ")),
    };
    let lists = [list("findings", &verdict.findings), list("shadow", &verdict.shadow), list("suppressed", &verdict.suppressed)];
    let said: Vec<String> = lists.into_iter().filter(|l| !l.is_empty()).collect();
    if said.is_empty() { "nothing is found in it".to_owned() } else { said.join("; ") }
}

fn one(finding: &Finding, text: &str) -> String {
    let frame = finding.frame.as_deref().map_or_else(String::new, |f| format!(" by {f}"));
    let blocked = finding.blocked_by.as_deref().map_or_else(String::new, |b| format!(" blocked by {b}"));
    format!("[{}] {}{frame}{blocked}", &text[finding.span.range()], finding.entry)
}
