//! Frames as programs over the words of an encoded post.
//!
//! Three things keep them cheap. A frame is tried only in those clauses (or sentences, when it can cross a comma; or the post, when it can
//! cross a full stop) that hold every letter it cannot do without, and [`Needs`] finds these frames without a look at the others. A token of
//! a frame is one question of one word, not a regex over its letters. And a search remembers in which state it has been at which word, so that
//! it is linear in the words whatever the frame.
//!
//! The meaning of a frame is that of a regex over a string of letters, leftmost first as in Perl. That regex stands in `oracle`, and tests
//! hold the two together. Tried before: one `RegexSet` over all frames (its lazy DFA fills with states that no second post visits), a lazy
//! DFA for each frame (150 MiB of states in every thread), the bounded backtracker of `regex-automata` for each frame over the whole post
//! (25 µs for each frame tried, most of them to clear its table).

mod first;
mod machine;
#[cfg(test)]
pub(crate) mod oracle;
mod outline;
mod program;
mod questions;
pub(crate) mod sweep;
mod token;

use std::ops::Range;

use vigie_lexicon::pattern::Pattern;
use vigie_lexicon::{Clue, Frame, Scope, StanceFrame};

use crate::encode::Encoded;
use crate::needs::{self, Needs, Needy};
use crate::sketch::Sketch;
use crate::symbols::{Letter, SymbolId, Symbols};
use crate::trigger::Weights;
pub(crate) use machine::Search;
pub(crate) use outline::Ask;
use outline::{Asks, Outline};
pub(crate) use program::longest;
use program::{Marks, Program};
use questions::Questions;

/// A set of compiled patterns.
pub(crate) struct FrameSet {
    each: Vec<Program>,
    questions: Questions,
    /// What a sweep reads.
    outlines: Vec<Outline>,
    asks: Asks,
    /// In letters, by reach.
    needs: Needs,
    /// Where every match of every pattern holds the finding that it is asked of: most words of a match.
    around: Option<usize>,
}

/// What a capture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    Group,
    Predicate,
}

/// A token of a pattern whose words are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) fill: Fill,
    /// In order.
    pub(crate) asked: Vec<SymbolId>,
}

/// A frame that hit, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FrameHit {
    pub(crate) frame: usize,
    pub(crate) words: Range<usize>,
    pub(crate) shown: Range<usize>,
    /// Words that filled each slot: slot index, range.
    pub(crate) fills: Vec<(usize, Range<usize>)>,
}

/// How far a match of a pattern can get.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Most words of it.
    pub(crate) longest: usize,
    /// The end of a sentence can stand inside it.
    pub(crate) crosses: bool,
}

/// Where a pattern may match: the words at which a match may begin, from one to before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Task {
    pub(crate) pattern: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A pattern to compile.
pub(crate) struct Source<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) scope: Scope,
    pub(crate) span: Option<(usize, usize)>,
    /// Its entry takes part today; one that does not is never tried.
    pub(crate) live: bool,
}

impl<'a> Source<'a> {
    /// The pattern of a frame that makes findings.
    pub(crate) fn of_finding(frame: &'a Frame) -> Self {
        Self { pattern: &frame.pattern, scope: frame.scope, span: frame.span, live: frame.common.status.is_live() }
    }

    /// The pattern of a clue, shown as a whole.
    pub(crate) fn of_clue(clue: &'a Clue) -> Self {
        Self { pattern: &clue.pattern, scope: clue.scope, span: None, live: clue.common.status.is_live() }
    }

    /// The pattern of a frame around findings, of which nothing is shown.
    pub(crate) fn of_stance(frame: &'a StanceFrame) -> Self {
        Self { pattern: &frame.pattern, scope: frame.scope, span: None, live: frame.common.status.is_live() }
    }
}

/// The number of the pattern that is too large.
#[derive(Debug)]
pub(crate) struct TooLarge(pub(crate) usize);

impl FrameSet {
    /// Compiles patterns in order; every symbol they name has its letters by now.
    pub(crate) fn compile(sources: &[Source<'_>], symbols: &Symbols, weights: &Weights, classes: &dyn Fn(&str) -> bool) -> Result<Self, TooLarge> {
        let mut questions = Questions::default();
        let each = sources.iter().enumerate().map(|(n, source)| Program::compile(source, symbols, classes, &mut questions).ok_or(TooLarge(n)));
        let mut each = each.collect::<Result<Vec<_>, _>>()?;
        questions.seal();
        // What only one word of a post has, though every post may have it: no match is far from it.
        let once = symbols.get("FIND");
        let holds_it = |source: &Source<'_>| once.is_some_and(|id| needs::holds_always(&source.pattern.items, id, symbols));
        let around = sources.iter().filter(|source| source.live).all(holds_it).then(|| each.iter().map(|program| program.longest).max().unwrap_or(0));
        let mut all = Vec::with_capacity(each.len());
        for (source, program) in sources.iter().zip(&mut each) {
            let mut needs: Vec<Vec<SymbolId>> = source.pattern.items.iter().flat_map(|item| needs::of(item, symbols, weights)).collect();
            needs::rarest_first(&mut needs, weights);
            let letters = |need: &Vec<SymbolId>| need.iter().flat_map(|id| symbols.letters(*id)).map(|(_, letter)| letter).collect::<Vec<_>>();
            let own = once.filter(|_| holds_it(source)).map(|id| vec![id]);
            program.rare = own.as_ref().or(needs.first()).map(letters).map(|mut letters| {
                letters.sort_unstable();
                (letters.iter().fold(0, |all, letter| all | letter.sign()), letters.into())
            });
            let needs = needs.iter().map(|need| letters(need).into_iter().map(Letter::index).collect()).collect();
            all.push(Needy { pattern: all.len() as u32, bucket: program.reach as usize, needs: if source.live { needs } else { needs::never() } });
        }
        let mut asks = Asks::default();
        let outlines = sources.iter().map(|s| Outline::new(&s.pattern.items, Marks::inside(s.scope), symbols, &mut asks)).collect();
        asks.seal();
        Ok(Self { each, questions, outlines, asks, needs: Needs::new(symbols.letter_count(), program::Reach::ALL, &all), around })
    }

    /// The slots of a frame.
    pub(crate) fn slots(&self, frame: usize) -> &[Slot] {
        &self.each[frame].slots
    }

    /// How far each pattern can get.
    pub(crate) fn extents(&self) -> Vec<Extent> {
        self.each.iter().map(|program| Extent { longest: program.longest, crosses: program.reach == program::Reach::Post }).collect()
    }

    /// Whether a match of a pattern may begin at some words, from one to before another, of a stretch of which only a sketch is known.
    pub(crate) fn may_match(&self, pattern: usize, begins: (u8, u8), sketch: &mut Sketch) -> bool {
        let program = &self.each[pattern];
        let (from, to) = (usize::from(begins.0), usize::from(begins.1));
        program.rare.as_ref().is_none_or(|(_, rare)| sketch.holds(rare, from, to - 1 + program.longest))
            && sweep::any(&self.outlines[pattern], &self.asks, from, to, sketch)
    }

    /// Every match of every frame, in order of frame and place.
    pub(crate) fn find(&self, encoded: &Encoded, search: &mut Search, out: &mut Vec<FrameHit>) {
        let tasks = search.tasks(&self.needs, encoded);
        self.find_among(&tasks, encoded, search, out);
        search.give_back(tasks);
    }

    /// The same of some patterns and places only, in order: those that may match.
    pub(crate) fn find_among(&self, tasks: &[Task], encoded: &Encoded, search: &mut Search, out: &mut Vec<FrameHit>) {
        self.run(tasks, encoded, search, |frame, program, found| {
            out.push(hit(frame, program, found));
            true
        });
    }

    /// Most words of a match, where each holds the finding that it is asked of.
    pub(crate) fn around(&self) -> Option<usize> {
        self.around
    }

    /// The pattern of the highest rank that matches, the first of equals. Those without a rank are not tried. `finding` is where the finding stands
    /// that they are asked of, if there is one.
    pub(crate) fn highest<R: Ord>(&self, encoded: &Encoded, finding: Option<usize>, search: &mut Search, rank: impl Fn(usize) -> Option<R>) -> Option<usize> {
        let mut highest: Option<(R, usize)> = None;
        let tasks = match finding.filter(|_| self.around.is_some()) {
            Some(finding) => search.tasks_around(&self.needs, encoded, finding),
            None => search.tasks(&self.needs, encoded),
        };
        for one in tasks.chunk_by(|a, b| a.pattern == b.pattern) {
            let Some(rank) = one.first().and_then(|task| rank(task.pattern as usize)) else { continue };
            if highest.as_ref().is_some_and(|(most, _)| *most >= rank) {
                continue;
            }
            let mut hit = None;
            self.run(one, encoded, search, |frame, _, _| {
                hit = Some(frame);
                false
            });
            highest = hit.map(|frame| (rank, frame)).or(highest);
        }
        search.give_back(tasks);
        highest.map(|(_, frame)| frame)
    }

    /// Hands each match of each task to `found`, until it says that it wants no more of this frame.
    fn run(&self, tasks: &[Task], encoded: &Encoded, search: &mut Search, mut found: impl FnMut(usize, &Program, &machine::Found<'_>) -> bool) {
        // Where a frame goes on, from one of its tasks to the next.
        let (mut last, mut at) = (None, 0);
        for task in tasks {
            if last != Some(task.pattern) {
                (last, at) = (Some(task.pattern), 0);
            }
            let frame = task.pattern as usize;
            let program = &self.each[frame];
            at = search.each(program, &self.questions, encoded, task.start as usize..task.end as usize, at, |hit| found(frame, program, hit));
        }
    }
}

/// A match with the words of its captures.
fn hit(frame: usize, program: &Program, found: &machine::Found<'_>) -> FrameHit {
    let words = found.words(program::WHOLE).unwrap_or_default();
    let shown = found.words(program::SHOWN).unwrap_or_else(|| words.clone());
    let fills = (0..program.slots.len()).filter_map(|slot| Some((slot, found.words(program::SLOTS + slot)?))).collect();
    FrameHit { frame, words, shown, fills }
}
