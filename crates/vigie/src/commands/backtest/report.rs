//! What a backtest tells: counts per entry and frame, the load of reviewers, the gate, and the first posts of each kind of change.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};
use vigie_classifier::{Classifier, Decision, Finding};

use super::compare::{Change, Difference, Origin};
use crate::paint::{Ink, Paint};
use crate::posts::Post;
use crate::row;

/// Counts of one entry and frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    new: u64,
    lost: u64,
    changed: u64,
}

impl Counts {
    fn add(&mut self, change: Change) {
        *match change {
            Change::New => &mut self.new,
            Change::Lost => &mut self.lost,
            Change::Changed => &mut self.changed,
        } += 1;
    }
}

/// A post whose verdict changed.
struct Shown {
    file: String,
    post: Post,
    difference: Difference,
}

/// The comparison so far.
pub(super) struct Report {
    revisions: (String, String),
    limit: Option<f64>,
    show: usize,
    posts: u64,
    flagged: (u64, u64),
    counts: Counts,
    origins: BTreeMap<Origin, Counts>,
    shown: BTreeMap<Change, Vec<Shown>>,
}

impl Report {
    pub(super) fn new(base: &Classifier, candidate: &Classifier, limit: Option<f64>, show: usize) -> Self {
        let revisions = (base.lexicon().revision.clone(), candidate.lexicon().revision.clone());
        Self { revisions, limit, show, posts: 0, flagged: (0, 0), counts: Counts::default(), origins: BTreeMap::new(), shown: BTreeMap::new() }
    }

    /// Counts one post.
    pub(super) fn see(&mut self, file: &str, post: Post, difference: Difference) {
        self.posts += 1;
        self.flagged.0 += u64::from(difference.before.decision == Decision::Flagged);
        self.flagged.1 += u64::from(difference.after.decision == Decision::Flagged);
        let Some(change) = difference.change else { return };
        self.counts.add(change);
        for (origin, change) in &difference.origins {
            self.origins.entry(origin.clone()).or_default().add(*change);
        }
        let list = self.shown.entry(change).or_default();
        if list.len() < self.show {
            list.push(Shown { file: file.to_owned(), post, difference });
        }
    }

    fn per_1000(&self, n: u64) -> f64 {
        if self.posts == 0 { 0.0 } else { n as f64 * 1000.0 / self.posts as f64 }
    }

    /// Whether the gate lets the candidate pass.
    pub(super) fn passed(&self) -> bool {
        self.limit.is_none_or(|limit| self.per_1000(self.counts.new) <= limit)
    }

    /// For people.
    pub(super) fn text(&self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        for change in Change::ALL {
            let list = self.shown.get(&change).map_or(&[][..], Vec::as_slice);
            if !list.is_empty() {
                writeln!(out, "{}", paint.ink(Ink::Title, format!("{} flags", change.name())))?;
            }
            for shown in list {
                text_of(out, change, shown, paint)?;
            }
        }
        if !self.origins.is_empty() {
            writeln!(out, "\n{}", paint.ink(Ink::Title, "     new    lost changed  entry, frame"))?;
        }
        let mut origins: Vec<_> = self.origins.iter().collect();
        origins.sort_by_key(|(origin, c)| (std::cmp::Reverse(c.new + c.lost + c.changed), *origin));
        for ((entry, frame), Counts { new, lost, changed }) in origins {
            writeln!(out, "{new:>8}{lost:>8}{changed:>8}  {entry}{}{frame}", if frame.is_empty() { "" } else { ", " })?;
        }
        let Counts { new, lost, changed } = self.counts;
        let (before, after) = self.flagged;
        writeln!(out, "\n{} → {} over {} posts: {new} new, {lost} lost, {changed} changed", self.revisions.0, self.revisions.1, self.posts)?;
        writeln!(out, "reviewers: {before} → {after} flagged posts, {:.2} → {:.2} per 1,000", self.per_1000(before), self.per_1000(after))?;
        let Some(limit) = self.limit else { return Ok(()) };
        let (ink, says) = if self.passed() { (Ink::Good, "within") } else { (Ink::Bad, "over") };
        writeln!(out, "{}", paint.ink(ink, format!("gate: {:.3} new per 1,000, {says} the limit of {limit}", self.per_1000(new))))
    }

    /// For scripts.
    pub(super) fn json(&self) -> Value {
        let Counts { new, lost, changed } = self.counts;
        let side = |revision: &str, flagged: u64| json!({"revision": revision, "flagged": flagged, "per_1000": self.per_1000(flagged)});
        let entries: Vec<Value> = self
            .origins
            .iter()
            .map(|((entry, frame), c)| {
                let frame = (!frame.is_empty()).then_some(frame);
                json!({"entry": entry, "frame": frame, "new": c.new, "lost": c.lost, "changed": c.changed})
            })
            .collect();
        let posts: Vec<Value> = self.shown.iter().flat_map(|(change, list)| list.iter().map(move |shown| json_of(*change, shown))).collect();
        json!({
            "posts": self.posts,
            "base": side(&self.revisions.0, self.flagged.0),
            "candidate": side(&self.revisions.1, self.flagged.1),
            "new": new, "lost": lost, "changed": changed,
            "new_per_1000": self.per_1000(new),
            "max_new_per_1000": self.limit,
            "passed": self.passed(),
            "entries": entries,
            "changes": posts,
        })
    }
}

/// Findings that the other verdict does not have.
fn only<'a>(here: &'a [Finding], there: &[Finding]) -> Vec<&'a Finding> {
    here.iter().filter(|f| !there.contains(f)).collect()
}

fn text_of(out: &mut impl Write, change: Change, shown: &Shown, paint: Paint) -> io::Result<()> {
    let Shown { file, post, difference } = shown;
    let (before, after) = (&difference.before.findings, &difference.after.findings);
    let spans: Vec<_> = if change == Change::Lost { before } else { after }.iter().map(|f| f.span).collect();
    writeln!(out, "{} {file}:{}  {}", change.sign(), post.line, paint.highlight(&post.text, &spans))?;
    for (sign, list) in [('-', only(before, after)), ('+', only(after, before))] {
        for f in list {
            let frame = f.frame.as_deref().unwrap_or("–");
            let line = format!("    {sign} {} {frame} {} {} {}", f.entry, f.ground, f.act, f.severity);
            writeln!(out, "{} {}", paint.ink(Ink::Faint, line), paint.highlight(&post.text[f.span.range()], &[]))?;
        }
    }
    // A flag that context took away is explained by what blocked it.
    for f in difference.after.suppressed.iter().filter(|_| change == Change::Lost) {
        writeln!(out, "{}", paint.ink(Ink::Faint, format!("    blocked {} by {}", f.entry, f.blocked_by.as_deref().unwrap_or("–"))))?;
    }
    Ok(())
}

fn json_of(change: Change, shown: &Shown) -> Value {
    let Shown { file, post, difference } = shown;
    json!({
        "change": change.name(), "file": file, "line": post.line, "id": post.id, "text": post.text,
        "before": row::findings(&post.text, &difference.before.findings),
        "after": row::findings(&post.text, &difference.after.findings),
        "suppressed": row::findings(&post.text, &difference.after.suppressed),
    })
}
