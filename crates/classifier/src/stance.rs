//! Who speaks: stance frames around each finding decide whether it survives.

use std::ops::Range;

use vigie_lexicon::{Effect, Lexicon, Severity};

use crate::clause::Place;
use crate::concepts::Concepts;
use crate::encode::Encoded;
use crate::frames::{FrameSet, Search};
use crate::judge::{Candidate, Ids};
use crate::symbols::{SymbolId, Symbols};

/// Sentences on each side of a finding in which its stance may be said.
const SENTENCES: u16 = 2;
/// Words outside the quotation marks that make a quotation a commented one.
const COMMENT: usize = 3;

/// A window of more words is no person's five sentences: of such a one only the words next to the finding count, so that the work on a post
/// stays linear in its length.
const WINDOW: usize = 1_000;
/// How many on each side.
const NEAR: usize = 100;

/// The symbols that a finding can hold.
pub(crate) struct Letters {
    find: Option<SymbolId>,
    quoted: Option<SymbolId>,
    commented: Option<SymbolId>,
    question: Option<SymbolId>,
    exclamation: Option<SymbolId>,
    first_person: Option<SymbolId>,
}

impl Letters {
    /// Looks the engine's own symbols up.
    pub(crate) fn new(symbols: &Symbols) -> Self {
        Self {
            find: symbols.get("FIND"),
            quoted: symbols.get("QUOTED"),
            commented: symbols.get("COMMENTED"),
            question: symbols.get("QUESTION"),
            exclamation: symbols.get("EXCLAM"),
            first_person: symbols.get("PRON1"),
        }
    }
}

/// What becomes of a finding.
pub(crate) enum Outcome {
    Survives,
    Lowered(usize),
    Blocked(usize),
}

pub(crate) struct Weighing<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) ids: &'a Ids,
    pub(crate) set: &'a FrameSet,
    pub(crate) letters: &'a Letters,
    pub(crate) symbols: &'a Symbols,
    pub(crate) places: &'a [Place],
    /// The whole post.
    pub(crate) encoded: &'a Encoded,
    pub(crate) concepts: &'a [Concepts],
}

impl Weighing<'_> {
    /// Applies the strongest stance around `candidate` to it; true when it survives.
    pub(crate) fn apply(&self, candidate: &mut Candidate, around: &mut Encoded, search: &mut Search) -> bool {
        match self.weigh(candidate, around, search) {
            Outcome::Survives => true,
            Outcome::Lowered(frame) => {
                candidate.finding.severity = lower(candidate.finding.severity);
                candidate.finding.stance = self.lexicon.stance_frames[frame].stance;
                true
            }
            Outcome::Blocked(frame) => {
                candidate.finding.stance = self.lexicon.stance_frames[frame].stance;
                candidate.finding.blocked_by = Some(self.ids.stance_frames[frame].clone());
                false
            }
        }
    }

    fn weigh(&self, candidate: &Candidate, around: &mut Encoded, search: &mut Search) -> Outcome {
        let finding = self.symbols(&candidate.words).into_iter().filter_map(|id| self.symbols.letter(id, 1));
        around.fill_around(self.encoded, self.window(&candidate.words), &candidate.words, finding);
        let frames = &self.lexicon.stance_frames;
        let concerns = |i: usize| frames[i].only.is_empty() || frames[i].only.contains(&candidate.finding.act);
        // The strongest effect wins; among equals the first in the bundle.
        match self.set.highest(around, search, |i| concerns(i).then_some(frames[i].effect)) {
            Some(i) if frames[i].effect == Effect::Suppress => Outcome::Blocked(i),
            Some(i) if frames[i].effect == Effect::Lower => Outcome::Lowered(i),
            _ => Outcome::Survives,
        }
    }

    fn window(&self, words: &Range<usize>) -> Range<usize> {
        let places = self.places;
        let (Some(first), Some(last)) = (places.get(words.start), places.get(words.end.saturating_sub(1))) else { return words.clone() };
        let (low, high) = (first.sentence.saturating_sub(SENTENCES), last.sentence.saturating_add(SENTENCES));
        let start = places.partition_point(|p| p.sentence < low);
        let end = places.partition_point(|p| p.sentence <= high);
        if end - start > WINDOW { start.max(words.start.saturating_sub(NEAR))..end.min(words.end + NEAR) } else { start..end }
    }

    fn symbols(&self, words: &Range<usize>) -> Vec<SymbolId> {
        let places = self.places;
        let inside = &places[words.clone()];
        let mut found: Vec<SymbolId> = self.letters.find.into_iter().collect();
        if inside.iter().all(|p| p.quoted) {
            found.extend(self.letters.quoted);
            if places.iter().filter(|p| !p.quoted).take(COMMENT).count() == COMMENT {
                found.extend(self.letters.commented);
            }
        }
        // The author speaks inside the finding itself.
        if self.concepts[words.clone()].iter().any(|c| c.contains(Concepts::PRON1)) {
            found.extend(self.letters.first_person);
        }
        if inside.last().is_some_and(|p| p.question) {
            found.extend(self.letters.question);
        }
        if inside.last().is_some_and(|p| p.exclamation) {
            found.extend(self.letters.exclamation);
        }
        found
    }
}

/// A finding inside the words of a blocked one is blocked with it: both are the same saying.
pub(crate) fn follow(candidates: &mut Vec<Candidate>, suppressed: &mut Vec<Candidate>) {
    let mut i = 0;
    while i < candidates.len() {
        let words = &candidates[i].words;
        let holder = suppressed.iter().find(|s| s.words.start <= words.start && words.end <= s.words.end && s.words.len() > words.len());
        if let Some((stance, blocked_by)) = holder.map(|s| (s.finding.stance, s.finding.blocked_by.clone())) {
            let mut candidate = candidates.remove(i);
            candidate.finding.stance = stance;
            candidate.finding.blocked_by = blocked_by;
            suppressed.push(candidate);
        } else {
            i += 1;
        }
    }
}

/// A back-off frame speaks only where no better frame does, whether that one survived or was blocked.
pub(crate) fn stand_back(lexicon: &Lexicon, candidates: &mut Vec<Candidate>, suppressed: &[Candidate]) {
    let backs_off = |c: &Candidate| c.frame.is_some_and(|f| lexicon.frames[f].backoff);
    let better: Vec<Range<usize>> = candidates.iter().chain(suppressed).filter(|c| !backs_off(c)).map(|c| c.words.clone()).collect();
    candidates.retain(|c| !backs_off(c) || !better.iter().any(|b| b.start < c.words.end && c.words.start < b.end));
}

fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}
