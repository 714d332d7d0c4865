//! The path of a post as one JSON object: what was seen, step by step, and the verdict as `scan` writes it.

use serde::Serialize;
use vigie_classifier::{Classifier, Trace};

use crate::row::{self, FindingRow, MatchRow, SeenClueRow, VerdictRow};
use crate::units::{Counted, SpanUnits};

/// Everything that was seen.
#[derive(Serialize)]
pub(super) struct Path<'a> {
    text: &'a str,
    folded: &'a str,
    words: Vec<Word<'a>>,
    matches: Vec<MatchRow<'a>>,
    clues: Vec<SeenClueRow<'a>>,
    /// The post as frames see it.
    clauses: &'a str,
    frames: Vec<Frame<'a>>,
    /// Findings that survived, before doubles were removed.
    candidates: Vec<FindingRow<'a>>,
    verdict: VerdictRow<'a>,
    explanation: Option<Explanation>,
}

#[derive(Serialize)]
struct Word<'a> {
    surface: &'a str,
    span: SpanUnits,
    folded: &'a str,
    readings: Vec<Reading<'a>>,
    concepts: &'a [String],
    entries: Vec<Entry<'a>>,
    antecedent: Option<&'a str>,
    quoted: bool,
    boundary: Option<char>,
}

#[derive(Serialize)]
struct Reading<'a> {
    view: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    entry: &'a str,
    view: Option<&'static str>,
}

#[derive(Serialize)]
#[allow(clippy::struct_field_names)] // as in a finding
struct Frame<'a> {
    frame: &'a str,
    span: SpanUnits,
    surface: &'a str,
    finding: bool,
}

#[derive(Serialize)]
struct Explanation {
    template: String,
    text: String,
}

/// Writes what was seen in `text`.
pub(super) fn path<'a>(classifier: &'a Classifier, text: &'a str, trace: &'a Trace) -> Path<'a> {
    let spans = trace.words.iter().map(|w| w.span).chain(trace.frames.iter().map(|f| f.span));
    let counted = Counted::new(text, spans);
    let word = |w: &'a vigie_classifier::TracedWord| Word {
        surface: &text[w.span.range()],
        span: counted.of(w.span),
        folded: &w.folded,
        readings: w.readings.iter().map(|(view, text)| Reading { view: row::view(*view), text }).collect(),
        concepts: &w.concepts,
        entries: w.entries.iter().map(|(entry, view)| Entry { entry, view: view.map(row::view) }).collect(),
        antecedent: w.antecedent.as_deref(),
        quoted: w.quoted,
        boundary: w.boundary,
    };
    let frame = |f: &'a vigie_classifier::TracedFrame| Frame { frame: &f.id, span: counted.of(f.span), surface: &text[f.span.range()], finding: f.finding };
    Path {
        text,
        folded: &trace.folded,
        words: trace.words.iter().map(word).collect(),
        matches: row::matches(text, &trace.matches),
        clues: row::clues(text, &trace.clues),
        clauses: &trace.clauses,
        frames: trace.frames.iter().map(frame).collect(),
        candidates: row::findings(text, &trace.findings),
        verdict: row::verdict(None, text, &trace.verdict, None, &classifier.lexicon().revision),
        explanation: classifier.explanation(&trace.verdict).map(|e| Explanation { template: e.template, text: e.text }),
    }
}
