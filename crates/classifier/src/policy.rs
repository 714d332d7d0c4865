//! From findings to a verdict: what flags, what only shadows, in the order that readers rely on.

use vigie_lexicon::{Act, Ground, Policy, Severity, Status};

use crate::engine::Scratch;
use crate::judge::Candidate;
use crate::{Decision, Finding, Verdict};

/// Whether the policy flags a finding of this kind; where it says nothing, nothing flags.
pub(crate) fn flags(policy: &Policy, finding: &Finding) -> bool {
    policy.flag_at(finding.ground, finding.act).is_some_and(|least| finding.severity >= least)
}

/// The verdict on an analysed post.
pub(crate) fn verdict(policy: &Policy, scratch: &Scratch) -> Verdict {
    let mut all = distinct(&scratch.candidates);
    let shadow: Vec<Finding> = all.iter().filter(|f| f.status == Status::Shadow).cloned().collect();
    all.retain(|f| f.status == Status::Active);
    let flagged: Vec<&Finding> = all.iter().filter(|f| flags(policy, f)).collect();
    let mut grounds: Vec<Ground> = flagged.iter().map(|f| f.ground).collect();
    let mut acts: Vec<Act> = flagged.iter().map(|f| f.act).collect();
    grounds.sort_unstable();
    grounds.dedup();
    acts.sort_unstable();
    acts.dedup();
    let decision = match (flagged.is_empty(), shadow.is_empty()) {
        (false, _) => Decision::Flagged,
        (true, false) => Decision::Shadow,
        (true, true) => Decision::Clean,
    };
    Verdict {
        decision,
        hate: flagged.iter().any(|f| f.ground.is_protected()),
        severity: flagged.iter().map(|f| f.severity).max().unwrap_or(Severity::None),
        grounds,
        acts,
        findings: all,
        suppressed: distinct(&scratch.suppressed),
        shadow,
        obfuscation_flood: scratch.flood,
    }
}

/// One finding for each entry, group and place: the most severe, then the first frame. In order of start, end, id.
fn distinct(candidates: &[Candidate]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = candidates.iter().map(|c| c.finding.clone()).collect();
    findings.sort_by(|a, b| {
        let place = |f: &Finding| (f.span.start, f.span.end);
        let named = place(a).cmp(&place(b)).then_with(|| (&a.entry, &a.group).cmp(&(&b.entry, &b.group)));
        named.then(b.severity.cmp(&a.severity)).then_with(|| a.frame.cmp(&b.frame))
    });
    findings.dedup_by(|b, a| a.span == b.span && a.entry == b.entry && a.group == b.group);
    findings
}
