//! Clues: signs that prove nothing alone. Where a post speaks of a group and no frame says anything about it, the points of its clues are
//! added up (*faisceau d'indices*), each once however often it stands there.
//!
//! What a frame found or a stance blocked, clues do not touch: they speak where nothing better does.

use std::ops::Range;

use vigie_lexicon::{ClueRule, Lexicon, Stance, Status};

use crate::anaphora::reference;
use crate::cells::{Cell, GroupRef, Mark};
use crate::forms::Source;
use crate::frames::FrameHit;
use crate::judge::{Candidate, Ids};
use crate::symbols::Bases;
use crate::turns::{self, Turned};
use crate::words::Words;
use crate::{Finding, FoundClue};

/// A clue of the bundle that was found, and where first.
#[derive(Debug, Clone)]
pub(crate) struct ClueHit {
    /// In the order of clues, then of turns.
    pub(crate) clue: usize,
    pub(crate) words: Range<usize>,
}

/// Moves the hits of clues, whose patterns follow the `frames`, from `hits` to `clues`: each at its first place, in order of place.
pub(crate) fn split_off(frames: usize, hits: &mut Vec<FrameHit>, clues: &mut Vec<ClueHit>) {
    let first = hits.partition_point(|hit| hit.frame < frames);
    clues.extend(hits.drain(first..).map(|hit| ClueHit { clue: hit.frame - frames, words: hit.words }));
    clues.dedup_by_key(|hit| hit.clue);
}

/// Puts the turns beside the clues, and all in order of place. What stands inside the name of a group says nothing of it.
pub(crate) fn join(lexicon: &Lexicon, turned: &Turned, clues: &mut Vec<ClueHit>) {
    clues.retain(|hit| !turned.names_group(&hit.words));
    clues.extend(turned.hits.iter().map(|hit| ClueHit { clue: lexicon.clues.len() + hit.turn, words: hit.words.clone() }));
    clues.sort_by_key(|hit| (hit.words.start, hit.words.end, hit.clue));
}

/// What a clue or a turn adds.
pub(crate) fn points(lexicon: &Lexicon, clue: usize) -> i8 {
    lexicon.clues.get(clue).map_or_else(|| lexicon.turns[clue - lexicon.clues.len()].points, |c| c.points)
}

/// The points that are enough in a post of so many words.
fn enough(rule: ClueRule, words: usize) -> i32 {
    i32::try_from(rule.enough(words)).unwrap_or(i32::MAX)
}

/// What clues could add up to, before anything is known of those that speak against it.
pub(crate) struct Scale {
    rule: Option<ClueRule>,
    /// By clue: its points, none when it speaks against.
    points: Vec<u8>,
    /// Patterns before the first clue.
    frames: usize,
}

impl Scale {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let points = lexicon.clues.iter().map(|clue| u8::try_from(clue.points).unwrap_or(0)).collect();
        Self { rule: lexicon.policy.clues, points, frames: lexicon.frames.len() }
    }

    fn points(&self, pattern: u32) -> i32 {
        i32::from(self.points[pattern as usize - self.frames])
    }

    /// The points that are enough in a post of so many words; nothing where clues do not count.
    pub(crate) fn enough(&self, words: usize) -> Option<i32> {
        self.rule.map(|rule| enough(rule, words))
    }

    /// The points of all of them together that speak for a finding.
    pub(crate) fn most(&self, clues: &[u32]) -> i32 {
        clues.iter().map(|pattern| self.points(*pattern)).sum()
    }

    /// Forgets patterns of clues for a finding that `may` not match, and all of them once the others cannot be `enough`. Those that speak
    /// against it are kept unasked: they are only asked where they matter.
    pub(crate) fn weigh(&self, enough: Option<i32>, clues: &mut Vec<u32>, mut may: impl FnMut(u32) -> bool) {
        let Some(enough) = enough else { return clues.clear() };
        let mut most = self.most(clues);
        clues.retain(|pattern| {
            let points = self.points(*pattern);
            let keep = points == 0 || most >= enough && may(*pattern);
            most -= if keep { 0 } else { points };
            keep
        });
        if most < enough {
            clues.clear();
        }
    }
}

pub(crate) struct Summing<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) ids: &'a Ids,
    pub(crate) words: &'a Words,
    pub(crate) cells: &'a [Cell],
    pub(crate) hits: &'a [ClueHit],
}

impl Summing<'_> {
    /// The finding that the clues make together, shown at the heaviest of them.
    pub(crate) fn sum(&self, rule: ClueRule) -> Option<Candidate> {
        let group = self.group()?;
        let active = self.counted(|h| self.lexicon.clues.get(h.clue).is_none_or(|c| c.common.status == Status::Active));
        let all = self.counted(|_| true);
        let points = |h: &ClueHit| points(self.lexicon, h.clue);
        let sum = |hits: &[&ClueHit]| hits.iter().map(|h| i32::from(points(h))).sum::<i32>();
        let enough = enough(rule, self.words.list.len());
        let (status, counted) = if sum(&active) >= enough {
            (Status::Active, active)
        } else if sum(&all) >= enough {
            (Status::Shadow, all)
        } else {
            return None;
        };
        let heaviest = counted.iter().max_by_key(|h| (points(h), std::cmp::Reverse(h.words.start)))?;
        let finding = Finding {
            entry: self.ids.clues[heaviest.clue].clone(),
            frame: None,
            group: Some(self.ids.group(group).clone()),
            ground: group.ground(self.lexicon),
            act: self.lexicon.clues.get(heaviest.clue).and_then(|c| c.act).unwrap_or(rule.act),
            severity: rule.severity,
            status,
            span: self.words.span(&heaviest.words),
            views: Vec::new(),
            stance: Stance::Author,
            blocked_by: None,
            clues: counted.iter().map(|h| FoundClue { entry: self.ids.clues[h.clue].clone(), points: points(h) }).collect(),
        };
        Some(Candidate { finding, words: heaviest.words.clone(), frame: None })
    }

    /// The clues that take part and count. Words say one thing: of the clues for hate that the same words give, the heaviest counts. Turns were
    /// weighed beside each other and all count.
    fn counted(&self, takes_part: impl Fn(&ClueHit) -> bool) -> Vec<&ClueHit> {
        let hits = || self.hits.iter().filter(|h| takes_part(h));
        let weight = |h: &ClueHit| self.lexicon.clues.get(h.clue).map(|c| (c.points, std::cmp::Reverse(h.clue)));
        let span = |h: &ClueHit| self.words.span(&h.words);
        let outweighed = |hit: &ClueHit| weight(hit).is_some_and(|w| w.0 > 0) && hits().any(|other| span(other) == span(hit) && weight(other) > weight(hit));
        hits().filter(|hit| !outweighed(hit)).collect()
    }

    /// Whom the post speaks of: the first group that the law protects against hate, else the first of all. One's own brother is none.
    fn group(&self) -> Option<GroupRef> {
        let kin = |m: &Mark| matches!(m.source, Source::Group(g) if self.lexicon.groups[g as usize].kin) && !m.bases.meets(Bases::GP);
        let named = |cell: &Cell| {
            let marks = cell.marks.iter().filter(|m| m.bases.meets(Bases::G) && !kin(m));
            marks.filter(|m| turns::name(self.lexicon, m.source, m.view).is_some()).find_map(|m| reference(m.source))
        };
        let mut all = self.cells.iter().filter_map(named).peekable();
        let first = *all.peek()?;
        Some(all.find(|g| g.ground(self.lexicon).is_protected()).unwrap_or(first))
    }
}
