//! One verdict as one JSON object, with the fields that `scan`, `explain` and `replay` promise.

use serde::Serialize;
use serde_json::Value;
use vigie_classifier::{Decision, Finding, Match, Trace, TracedClue, Verdict};
use vigie_lexicon::{Act, Ground, Severity, Stance, Status};
use vigie_text::View;

use crate::units::{Counted, SpanUnits};

/// The verdict on a post, ready to be written.
#[derive(Serialize)]
pub(crate) struct VerdictRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    flagged: bool,
    hate: bool,
    severity: Severity,
    grounds: &'a [Ground],
    acts: &'a [Act],
    findings: Vec<FindingRow<'a>>,
    suppressed: Vec<FindingRow<'a>>,
    shadow: Vec<FindingRow<'a>>,
    /// Only when every post is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<Vec<MatchRow<'a>>>,
    /// The same.
    #[serde(skip_serializing_if = "Option::is_none")]
    clues: Option<Vec<SeenClueRow<'a>>>,
    /// The same: the words as turns are made of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a [String]>,
    lexicon_revision: &'a str,
}

/// One clue found in the text, added up or not.
#[derive(Serialize)]
pub(crate) struct SeenClueRow<'a> {
    entry: &'a str,
    points: i8,
    span: SpanUnits,
}

/// One form found in the text, ready to be written.
#[derive(Serialize)]
pub(crate) struct MatchRow<'a> {
    entry: &'a str,
    form: &'a str,
    view: Option<&'static str>,
    span: SpanUnits,
}

/// One finding, ready to be written.
#[derive(Serialize)]
pub(crate) struct FindingRow<'a> {
    entry: &'a str,
    frame: Option<&'a str>,
    group: Option<&'a str>,
    ground: Ground,
    act: Act,
    severity: Severity,
    status: Status,
    span: SpanUnits,
    surface: &'a str,
    views: Vec<&'static str>,
    stance: Stance,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clues: Vec<ClueRow<'a>>,
}

/// One clue of a finding that rests on clues, ready to be written.
#[derive(Serialize)]
struct ClueRow<'a> {
    entry: &'a str,
    points: i8,
}

/// Writes the verdict on `text`, with the forms, clues and words that led to it when its trace is given.
pub(crate) fn verdict<'a>(id: Option<&'a Value>, text: &'a str, verdict: &'a Verdict, trace: Option<&'a Trace>, revision: &'a str) -> VerdictRow<'a> {
    let lists = [&verdict.findings, &verdict.suppressed, &verdict.shadow];
    let counted = Counted::new(text, lists.into_iter().flatten().map(|f| f.span));
    let rows = |list: &'a [Finding]| list.iter().map(|f| finding(f, text, &counted)).collect();
    VerdictRow {
        id,
        flagged: verdict.decision == Decision::Flagged,
        hate: verdict.hate,
        severity: verdict.severity,
        grounds: &verdict.grounds,
        acts: &verdict.acts,
        findings: rows(&verdict.findings),
        suppressed: rows(&verdict.suppressed),
        shadow: rows(&verdict.shadow),
        matches: trace.map(|trace| matches(text, &trace.matches)),
        clues: trace.map(|trace| clues(text, &trace.clues)),
        words: trace.map(|trace| &*trace.spoken),
        lexicon_revision: revision,
    }
}

fn finding<'a>(finding: &'a Finding, text: &'a str, counted: &Counted) -> FindingRow<'a> {
    FindingRow {
        entry: &finding.entry,
        frame: finding.frame.as_deref(),
        group: finding.group.as_deref(),
        ground: finding.ground,
        act: finding.act,
        severity: finding.severity,
        status: finding.status,
        span: counted.of(finding.span),
        surface: &text[finding.span.range()],
        views: finding.views.iter().map(|v| view(*v)).collect(),
        stance: finding.stance,
        blocked_by: finding.blocked_by.as_deref(),
        clues: finding.clues.iter().map(|c| ClueRow { entry: &c.entry, points: c.points }).collect(),
    }
}

/// The code of a view, as on the wire.
pub(crate) fn view(view: View) -> &'static str {
    match view {
        View::Invisible => "invisible",
        View::Lookalike => "lookalike",
        View::Repetition => "repetition",
        View::Leet => "leet",
        View::Mask | View::Elastic => "mask",
        View::Separated => "separated",
        View::Careless => "careless",
        View::Split => "split",
        View::Glued => "glued",
        View::Typo => "typo",
        View::Phonetic => "phonetic",
    }
}

/// Writes findings by themselves.
pub(crate) fn findings<'a>(text: &'a str, list: &'a [Finding]) -> Vec<FindingRow<'a>> {
    let counted = Counted::new(text, list.iter().map(|f| f.span));
    list.iter().map(|f| finding(f, text, &counted)).collect()
}

/// Writes the clues found in `text`.
pub(crate) fn clues<'a>(text: &str, list: &'a [TracedClue]) -> Vec<SeenClueRow<'a>> {
    let counted = Counted::new(text, list.iter().map(|c| c.span));
    list.iter().map(|c| SeenClueRow { entry: &c.id, points: c.points, span: counted.of(c.span) }).collect()
}

/// Writes the forms found in `text`.
pub(crate) fn matches<'a>(text: &str, list: &'a [Match]) -> Vec<MatchRow<'a>> {
    let counted = Counted::new(text, list.iter().map(|m| m.span));
    list.iter().map(|m| MatchRow { entry: &m.entry, form: &m.form, view: m.view.map(view), span: counted.of(m.span) }).collect()
}
