//! Who speaks: stance frames around each finding decide whether it survives.

use std::ops::Range;

use vigie_lexicon::{Act, Effect, Lexicon, Severity};

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

/// Findings that are looked through for one like the next.
const REMEMBERED: usize = 32;

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

/// What stands around a finding, and what has been said of those before it.
#[derive(Default)]
pub(crate) struct Around {
    encoded: Encoded,
    /// Findings of the same words that do the same have the same stance.
    weighed: Vec<(Range<usize>, Act, Outcome)>,
}

impl Around {
    /// Forgets the findings of a post.
    pub(crate) fn clear(&mut self) {
        self.weighed.clear();
    }

    /// The findings of one place come one after the other, by frames: not many places back.
    fn remembered(&self, words: &Range<usize>, act: Act) -> Option<Outcome> {
        self.weighed.iter().rev().take(REMEMBERED).find(|(of, does, _)| of == words && *does == act).map(|(_, _, outcome)| *outcome)
    }
}

/// What becomes of a finding.
#[derive(Debug, Clone, Copy)]
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
    pub(crate) fn apply(&self, candidate: &mut Candidate, around: &mut Around, search: &mut Search) -> bool {
        let (words, act) = (&candidate.words, candidate.finding.act);
        let outcome = around.remembered(words, act).unwrap_or_else(|| {
            let outcome = self.weigh(candidate, &mut around.encoded, search);
            around.weighed.push((words.clone(), act, outcome));
            outcome
        });
        match outcome {
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
        let mut window = self.window(&candidate.words);
        if let Some(most) = self.set.around() {
            // Nothing can see further than one word beyond a match.
            window = window.start.max(candidate.words.start.saturating_sub(most + 1))..window.end.min(candidate.words.end + most + 1);
        }
        let at = around.fill_around(self.encoded, window, &candidate.words, finding);
        let frames = &self.lexicon.stance_frames;
        let concerns = |i: usize| frames[i].only.is_empty() || frames[i].only.contains(&candidate.finding.act);
        // The strongest effect wins; among equals the first in the bundle.
        match self.set.highest(around, at, search, |i| concerns(i).then_some(frames[i].effect)) {
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
    if suppressed.is_empty() {
        return;
    }
    for mut candidate in std::mem::take(candidates) {
        let words = &candidate.words;
        let holder = suppressed.iter().find(|s| s.words.start <= words.start && words.end <= s.words.end && s.words.len() > words.len());
        if let Some(holder) = holder {
            candidate.finding.stance = holder.finding.stance;
            candidate.finding.blocked_by.clone_from(&holder.finding.blocked_by);
            suppressed.push(candidate);
        } else {
            candidates.push(candidate);
        }
    }
}

/// A back-off frame speaks only where no better frame does, whether that one survived or was blocked.
pub(crate) fn stand_back(lexicon: &Lexicon, candidates: &mut Vec<Candidate>, suppressed: &[Candidate]) {
    let backs_off = |c: &Candidate| c.frame.is_some_and(|f| lexicon.frames[f].backoff);
    if !candidates.iter().any(backs_off) {
        return;
    }
    let mut better: Vec<(usize, usize)> = candidates.iter().chain(suppressed).filter(|c| !backs_off(c)).map(|c| (c.words.start, c.words.end)).collect();
    better.sort_unstable();
    // By start: the furthest end so far.
    (1..better.len()).for_each(|n| better[n].1 = better[n].1.max(better[n - 1].1));
    let speaks = |words: &Range<usize>| {
        let before = better.partition_point(|(start, _)| *start < words.end);
        before.checked_sub(1).is_some_and(|last| better[last].1 > words.start)
    };
    candidates.retain(|c| !backs_off(c) || !speaks(&c.words));
}

fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}
