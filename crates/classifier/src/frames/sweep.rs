//! Whether a pattern matches anywhere at all: every place at once, a bit each.
//!
//! One walk over the outline of a pattern, with the set of places at which each step can begin, says whether any match exists: no backtracking,
//! and nothing to remember. It finds no captures; for those the machine runs, on the few frames that match. Of a post of more words than there are
//! bits it sees a stretch: what gets to the end of that may match, whatever follows.

use super::outline::{Asks, Kind, Outline};
use super::program::Marks;
use crate::clause::Boundary;
use crate::sketch::Sketch;

/// Words or places of a stretch of a post, a bit each.
pub(crate) type Places = u128;

/// Most words that are swept at once: behind the last one stands the end.
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
    /// The place behind the last word, where the post goes on there.
    pub(crate) more: Places,
}

impl Ground {
    /// A post of so many words, with only its end.
    pub(crate) fn of(words: usize) -> Self {
        let end = 1 << words;
        Self { words: end - 1, none: 0, marks: [0, 0, end], more: 0 }
    }

    /// So many words, behind which a post goes on.
    pub(crate) fn with_more(words: usize) -> Self {
        let end = 1 << words;
        Self { more: end, marks: [0; 3], ..Self::of(words) }
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

/// Whether a match may begin at some words of a sketch, from one to before another, or what stands before them.
pub(super) fn any(outline: &Outline, asks: &Asks, from: usize, to: usize, sketch: &mut Sketch) -> bool {
    let ground = sketch.ground;
    let bounded = ground.marks[0] | ground.marks[1] | ground.marks[2];
    let gap = ground.meeting(outline.gap);
    let mut begins = between(from, to);
    if ground.words >> to == 0 {
        // What matches the end of the post alone begins behind its last word.
        begins |= !ground.words;
    }
    let mut sweep = Sweep { outline, asks, sketch, ground, bounded, gap, beyond: false };
    !sweep.all(0, outline.steps.len(), Reached { boundary: bounded & begins, word: ground.words & begins }).nowhere() || sweep.beyond
}

/// Words from one to before another.
pub(crate) fn between(from: usize, to: usize) -> Places {
    let below = |n: usize| u32::try_from(n).ok().and_then(|n| Places::MAX.checked_shl(n)).map_or(Places::MAX, |above| !above);
    below(to) & !below(from)
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
    /// A match may go on behind what is seen.
    beyond: bool,
}

impl Sweep<'_> {
    /// Steps from one to before another, in order.
    fn all(&mut self, from: usize, end: usize, mut reached: Reached) -> Reached {
        let mut at = from;
        while at < end && !reached.nowhere() && !self.beyond {
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
                Kind::Any => {
                    let from = self.before(reached) & self.ground.words;
                    self.behind(from << 1)
                }
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
                self.beyond |= at & self.ground.more != 0;
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
    fn behind(&mut self, places: Places) -> Reached {
        self.beyond |= places & self.ground.more != 0;
        Reached { boundary: places & self.bounded, word: places & self.ground.none }
    }
}
