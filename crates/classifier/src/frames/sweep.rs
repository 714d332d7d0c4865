//! Whether a pattern matches anywhere at all: every place at once, a bit each.
//!
//! One walk over the outline of a pattern, with the set of places at which each step can begin, says whether any match exists: no backtracking,
//! and nothing to remember. It finds no captures; for those the machine runs, on the few frames that match. Posts of more words than there are bits
//! are left to the machine altogether.

use super::outline::{Asks, Kind, Outline};
use super::program::Marks;
use crate::clause::Boundary;
use crate::sketch::Sketch;

/// Words or places of a post, a bit each.
pub(crate) type Places = u128;

/// Most words of a post that is swept: behind the last one stands the end.
pub(crate) const MOST_WORDS: usize = Places::BITS as usize - 1;

/// What can stand before each word. Where it is not known yet, several things can.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Ground {
    /// There is a word.
    pub(crate) words: Places,
    /// Nothing may stand before it.
    pub(crate) none: Places,
    /// A comma, a semicolon, a full stop may stand before it; the end is one place more.
    pub(crate) marks: [Places; 3],
}

impl Ground {
    /// A post of so many words, with only its end.
    pub(crate) fn of(words: usize) -> Self {
        let end = 1 << words;
        Self { words: end - 1, none: 0, marks: [0, 0, end] }
    }

    /// Lets a boundary stand before a word.
    pub(crate) fn may(&mut self, word: usize, boundary: Boundary) {
        match boundary {
            Boundary::None => self.none |= 1 << word,
            Boundary::Soft => self.marks[0] |= 1 << word,
            Boundary::Hard => self.marks[1] |= 1 << word,
            Boundary::Sentence => self.marks[2] |= 1 << word,
        }
    }

    fn meeting(&self, marks: Marks) -> Places {
        let boundaries = [Boundary::Soft, Boundary::Hard, Boundary::Sentence];
        boundaries.iter().zip(self.marks).filter(|(b, _)| marks.meets(Marks::of(**b))).fold(0, |all, (_, places)| all | places)
    }
}

/// Places before the boundary in front of a word, and places before the word itself.
#[derive(Debug, Default, Clone, Copy)]
struct Reached {
    boundary: Places,
    word: Places,
}

impl Reached {
    fn nowhere(self) -> bool {
        self.boundary | self.word == 0
    }

    fn or(self, other: Self) -> Self {
        Self { boundary: self.boundary | other.boundary, word: self.word | other.word }
    }
}

/// Whether a match begins at any place of a sketch.
pub(super) fn any(outline: &Outline, asks: &Asks, sketch: &mut Sketch) -> bool {
    let ground = sketch.ground;
    let bounded = ground.marks[0] | ground.marks[1] | ground.marks[2];
    let gap = ground.meeting(outline.gap);
    let mut sweep = Sweep { outline, asks, sketch, ground, bounded, gap };
    !sweep.all(0, outline.steps.len(), Reached { boundary: bounded, word: ground.words }).nowhere()
}

/// A walk over one outline.
struct Sweep<'a> {
    outline: &'a Outline,
    asks: &'a Asks,
    sketch: &'a mut Sketch,
    ground: Ground,
    bounded: Places,
    /// Places of boundaries that a word of this pattern may have before it.
    gap: Places,
}

impl Sweep<'_> {
    /// Steps from one to before another, in order.
    fn all(&mut self, from: usize, end: usize, mut reached: Reached) -> Reached {
        let mut at = from;
        while at < end && !reached.nowhere() {
            reached = self.repeated(at, reached);
            at = self.outline.steps[at].end as usize;
        }
        reached
    }

    /// A step as often as it must and may stand.
    fn repeated(&mut self, at: usize, mut reached: Reached) -> Reached {
        let step = self.outline.steps[at];
        let mut out = if step.min == 0 { reached } else { Reached::default() };
        for copy in 1..=step.max {
            reached = match step.kind {
                Kind::Words(number) => self.words(number, reached),
                Kind::Any => self.behind((self.before(reached) & self.ground.words) << 1),
                Kind::Mark(marks) => Reached { boundary: 0, word: reached.boundary & self.ground.meeting(marks) },
                Kind::Choice => self.any(at + 1, step.end as usize, reached),
                Kind::Branch => self.all(at + 1, step.end as usize, reached),
            };
            if reached.nowhere() {
                break;
            }
            if copy >= step.min {
                out = out.or(reached);
            }
        }
        out
    }

    /// One of the branches from one to before another.
    fn any(&mut self, from: usize, end: usize, reached: Reached) -> Reached {
        let (mut at, mut out) = (from, Reached::default());
        while at < end {
            let after = self.outline.steps[at].end as usize;
            out = out.or(self.all(at + 1, after, reached));
            at = after;
        }
        out
    }

    /// Words that answer: an answer of several words holds no boundary.
    fn words(&mut self, number: u32, reached: Reached) -> Reached {
        let from = self.before(reached) & self.ground.words;
        if from == 0 {
            return Reached::default();
        }
        let mut behind = 0;
        for (length, places) in self.sketch.answers(number as usize, self.asks.get(number)) {
            let mut at = (from & places) << 1;
            for _ in 1..length {
                at = (at & self.ground.none & self.ground.words) << 1;
            }
            behind |= at;
        }
        self.behind(behind)
    }

    /// Where the next word may begin.
    fn before(&self, reached: Reached) -> Places {
        reached.word | reached.boundary & self.gap
    }

    /// What places behind a word are.
    fn behind(&self, places: Places) -> Reached {
        Reached { boundary: places & self.bounded, word: places & self.ground.none }
    }
}
