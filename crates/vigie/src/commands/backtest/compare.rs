//! Two verdicts on one post, and what became of each finding between them.

use std::collections::BTreeMap;

use vigie_classifier::{Decision, Finding, Verdict};

/// What became of the post as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Change {
    /// Flagged by the candidate only.
    New,
    /// Flagged by the base only.
    Lost,
    /// Flagged by both, with other findings, or another word on hate, severity, grounds or acts.
    Changed,
}

impl Change {
    pub(super) const ALL: [Self; 3] = [Self::New, Self::Lost, Self::Changed];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Lost => "lost",
            Self::Changed => "changed",
        }
    }

    pub(super) fn sign(self) -> char {
        match self {
            Self::New => '+',
            Self::Lost => '-',
            Self::Changed => '~',
        }
    }
}

/// Entry and frame: what a curator looks for.
pub(super) type Origin = (String, String);

/// Two verdicts on one post.
pub(super) struct Difference {
    pub(super) before: Verdict,
    pub(super) after: Verdict,
    /// `None`: both say the same, or neither flags.
    pub(super) change: Option<Change>,
    /// What became of the findings, by entry and frame.
    pub(super) origins: Vec<(Origin, Change)>,
}

impl Difference {
    pub(super) fn between(before: Verdict, after: Verdict) -> Self {
        let flagged = |v: &Verdict| v.decision == Decision::Flagged;
        let same = before.findings == after.findings
            && (before.hate, before.severity, &before.grounds, &before.acts) == (after.hate, after.severity, &after.grounds, &after.acts);
        let change = match (flagged(&before), flagged(&after)) {
            (false, false) => None,
            (false, true) => Some(Change::New),
            (true, false) => Some(Change::Lost),
            (true, true) => (!same).then_some(Change::Changed),
        };
        let origins = if change.is_some() { origins(&before.findings, &after.findings) } else { Vec::new() };
        Self { before, after, change, origins }
    }
}

/// Findings of one entry and frame that are only in one verdict are new or lost; those that moved or weigh otherwise are changed.
fn origins(before: &[Finding], after: &[Finding]) -> Vec<(Origin, Change)> {
    let mut all: BTreeMap<Origin, (Vec<&Finding>, Vec<&Finding>)> = BTreeMap::new();
    let origin = |f: &Finding| (f.entry.to_string(), f.frame.as_deref().unwrap_or_default().to_owned());
    for f in before {
        all.entry(origin(f)).or_default().0.push(f);
    }
    for f in after {
        all.entry(origin(f)).or_default().1.push(f);
    }
    let mut out = Vec::new();
    for (origin, (before, after)) in all {
        let kept = before.iter().filter(|f| after.contains(f)).count();
        let (old, new) = (before.len() - kept, after.len() - kept);
        let moved = old.min(new);
        let changes = [(Change::Changed, moved), (Change::Lost, old - moved), (Change::New, new - moved)];
        out.extend(changes.into_iter().flat_map(|(change, n)| std::iter::repeat_n((origin.clone(), change), n)));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use vigie_lexicon::{Act, Ground, Severity, Stance, Status};
    use vigie_text::Span;

    use super::*;

    fn finding((entry, start, severity): (&str, usize, Severity)) -> Finding {
        Finding {
            entry: Arc::from(entry),
            frame: Some(Arc::from("f")),
            group: None,
            ground: Ground::Sexism,
            act: Act::Insult,
            severity,
            status: Status::Active,
            span: Span::new(start, start + 3),
            views: Vec::new(),
            stance: Stance::Author,
            blocked_by: None,
            clues: Vec::new(),
        }
    }

    fn verdict(findings: &[(&str, usize, Severity)]) -> Verdict {
        let decision = if findings.is_empty() { Decision::Clean } else { Decision::Flagged };
        Verdict { decision, findings: findings.iter().copied().map(finding).collect(), ..Verdict::clean() }
    }

    #[test]
    fn a_finding_is_new_lost_changed_or_kept() {
        use Severity::{High, Low};
        let check = |before: &[(&str, usize, Severity)], after: &[(&str, usize, Severity)], change: Option<Change>, origins: &[(&str, Change)]| {
            let difference = Difference::between(verdict(before), verdict(after));
            let found: Vec<(&str, Change)> = difference.origins.iter().map(|((entry, _), change)| (entry.as_str(), *change)).collect();
            assert_eq!((difference.change, found.as_slice()), (change, origins), "{before:?} {after:?}");
        };
        check(&[], &[], None, &[]);
        check(&[("a", 0, High)], &[("a", 0, High)], None, &[]);
        check(&[], &[("a", 0, High)], Some(Change::New), &[("a", Change::New)]);
        check(&[("a", 0, High)], &[], Some(Change::Lost), &[("a", Change::Lost)]);
        check(&[("a", 0, High)], &[("a", 2, High)], Some(Change::Changed), &[("a", Change::Changed)]);
        check(&[("a", 0, High)], &[("a", 0, Low)], Some(Change::Changed), &[("a", Change::Changed)]);
        check(&[("a", 0, High)], &[("a", 0, High), ("b", 9, Low)], Some(Change::Changed), &[("b", Change::New)]);
        check(&[("a", 0, High), ("a", 5, High)], &[("a", 7, High)], Some(Change::Changed), &[("a", Change::Changed), ("a", Change::Lost)]);
    }
}
