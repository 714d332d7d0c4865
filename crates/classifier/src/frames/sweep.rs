//! Whether a program matches anywhere at all: every place at once, a bit each.
//!
//! Programs only jump forward, so one pass over the instructions, with the set of places at which each can be reached, says whether any
//! match exists: no backtracking, nothing to remember but two sets an instruction. It finds no captures; for those the machine runs, on the
//! few frames that match. Posts of more words than there are bits are left to the machine altogether.

use super::program::{Inst, Marks, Program};
use crate::clause::Boundary;

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

/// Buffers of sweeps.
#[derive(Debug, Default)]
pub(crate) struct Sweep {
    /// By instruction; empty between sweeps.
    reached: Vec<Reached>,
    /// Instructions that are reached, as bits.
    live: Vec<u64>,
}

impl Sweep {
    fn reach(&mut self, step: usize, boundary: Places, word: Places) {
        if boundary | word != 0 {
            self.live[step / 64] |= 1 << (step % 64);
            let there = &mut self.reached[step];
            there.boundary |= boundary;
            there.word |= word;
        }
    }

    /// Whether a match begins at any place. `answers` gives the words that answer a question.
    pub(super) fn any(&mut self, program: &Program, ground: &Ground, mut answers: impl FnMut(u32) -> Places) -> bool {
        let steps = program.code.len();
        if self.reached.len() < steps {
            self.reached.resize(steps, Reached::default());
            self.live.resize(steps.div_ceil(64), 0);
        }
        let bounded = ground.marks[0] | ground.marks[1] | ground.marks[2];
        self.reach(0, bounded, ground.words);
        let mut found = false;
        let mut at = 0;
        while at < steps.div_ceil(64) {
            if self.live[at] == 0 {
                at += 1;
                continue;
            }
            let step = at * 64 + self.live[at].trailing_zeros() as usize;
            self.live[at] &= self.live[at] - 1;
            let Reached { boundary, word } = std::mem::take(&mut self.reached[step]);
            if found {
                continue;
            }
            match program.code[step] {
                Inst::Word(question) => {
                    let behind = if word == 0 { 0 } else { (word & ground.words & answers(question)) << 1 };
                    self.reach(step + 1, behind & bounded, behind & ground.none);
                }
                Inst::Any => {
                    let behind = (word & ground.words) << 1;
                    self.reach(step + 1, behind & bounded, behind & ground.none);
                }
                Inst::Mark(marks) => self.reach(step + 1, 0, boundary & ground.meeting(marks)),
                Inst::Gap(marks) => self.reach(step + 1, boundary, word | boundary & ground.meeting(marks)),
                Inst::Split(other) => {
                    self.reach(step + 1, boundary, word);
                    self.reach(other as usize, boundary, word);
                }
                Inst::Jump(to) => self.reach(to as usize, boundary, word),
                Inst::Save(_) => self.reach(step + 1, boundary, word),
                Inst::Fail => {}
                Inst::Match => found = true,
            }
        }
        found
    }
}
