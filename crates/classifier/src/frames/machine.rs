//! Runs programs over encoded posts: backtracking that never comes twice to the same step at the same place.
//!
//! Places: `2i` is before the boundary in front of word `i`, `2i + 1` before the word itself. Where there is no boundary the first is never
//! met. Behind the last word stands the end of a sentence.

use std::ops::Range;

use super::Task;
use super::program::{Branch, Inst, Marks, Program, Reach, SLOTS};
use super::questions::Questions;
use crate::clause::Boundary;
use crate::encode::Encoded;
use crate::needs::{self, Needs};
use crate::symbols::{Letter, Sign};

/// Words at which matches may begin before what has been visited is forgotten: it bounds the memory of a search.
const WINDOW: usize = 64;
/// A capture that took no part.
const NONE: u32 = u32::MAX;

/// Buffers of searches: one for all frames of a thread.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// By step and place, as bits; what is not in work is empty.
    visited: Vec<u64>,
    /// Words of `visited` that are not empty: a search touches few of them, so that only these are emptied.
    touched: Vec<u32>,
    todo: Vec<Todo>,
    captures: Vec<u32>,
    tasks: Vec<Task>,
    /// Letters of the clause in work.
    letters: Vec<u64>,
    /// By reach: the needs that the clause, the sentence, the post meets.
    met: [Vec<u64>; Reach::ALL],
}

#[derive(Debug, Clone, Copy)]
enum Todo {
    /// A step at a place.
    Try(u32, u32),
    /// A branch, or one behind it, at a place.
    Choose(u32, u32),
    /// A capture as it was.
    Restore(u32, u32),
}

/// A match and its captures.
pub(super) struct Found<'a> {
    captures: &'a [u32],
}

impl Found<'_> {
    /// The words of a capture, if it took part.
    pub(super) fn words(&self, capture: usize) -> Option<Range<usize>> {
        let at = |n: usize| self.captures.get(n).copied().filter(|at| *at != NONE).map(|at| at as usize / 2);
        Some(at(capture * 2)?..at(capture * 2 + 1)?)
    }
}

impl Search {
    /// The frames to try, and where, in order of frame and place.
    pub(super) fn tasks(&mut self, needs: &Needs, encoded: &Encoded) -> Vec<Task> {
        let mut tasks = self.begin(needs);
        let mut starts = [0; Reach::ALL];
        for i in 0..=encoded.len() {
            let closed = match encoded.boundary(i) {
                _ if i == encoded.len() => Reach::ALL,
                _ if i == 0 => 0,
                Boundary::None => 0,
                Boundary::Soft | Boundary::Hard => 1,
                Boundary::Sentence => 2,
            };
            for (reach, from) in starts.iter_mut().enumerate().take(closed) {
                let (start, end) = (std::mem::replace(from, i as u32), i as u32);
                needs.met(reach, &self.met[reach], |pattern| tasks.push(Task { pattern, start, end }));
                if let [of, above, ..] = &mut self.met[reach..] {
                    needs::add(above, of);
                    of.fill(0);
                }
            }
            if closed > 0 {
                self.letters.fill(0);
            }
            self.meet(needs, encoded.letters(i), 0);
        }
        tasks.sort_unstable();
        tasks
    }

    /// The same where every match holds one word: only the clause, the sentence and the post around it are asked, each with what it has beyond the
    /// one before.
    pub(super) fn tasks_around(&mut self, needs: &Needs, encoded: &Encoded, held: usize) -> Vec<Task> {
        let mut tasks = self.begin(needs);
        let mut asked = held..held;
        for (reach, least) in [Boundary::Soft, Boundary::Sentence].into_iter().map(Some).chain([None]).enumerate() {
            let bounds = |i: usize| least.is_some_and(|least| encoded.boundary(i) >= least);
            let start = (1..=asked.start).rev().find(|&i| bounds(i)).unwrap_or(0);
            let end = (asked.end.max(held + 1)..encoded.len()).find(|&i| bounds(i)).unwrap_or(encoded.len());
            (start..asked.start).chain(asked.end..end).for_each(|i| self.meet(needs, encoded.letters(i), reach));
            asked = start..end;
            let (start, end) = (start as u32, end as u32);
            needs.met(reach, &self.met[reach], |pattern| tasks.push(Task { pattern, start, end }));
            if let [of, above, ..] = &mut self.met[reach..] {
                above.copy_from_slice(of);
            }
        }
        self.letters.fill(0);
        tasks.sort_unstable();
        tasks
    }

    /// No needs are met yet.
    fn begin(&mut self, needs: &Needs) -> Vec<Task> {
        for met in &mut self.met {
            met.clear();
            met.resize(needs.width(), 0);
        }
        self.letters.resize(needs.items().div_ceil(64).max(self.letters.len()), 0);
        let mut tasks = std::mem::take(&mut self.tasks);
        tasks.clear();
        tasks
    }

    /// Adds what letters meet that have not been there.
    fn meet(&mut self, needs: &Needs, letters: &[Letter], reach: usize) {
        for letter in letters {
            let n = letter.index();
            let (seen, bit) = (&mut self.letters[n / 64], 1 << (n % 64));
            if *seen & bit == 0 {
                *seen |= bit;
                needs.meet(n, &mut self.met[reach]);
            }
        }
    }

    /// Takes the buffer of [`Search::tasks`] back.
    pub(super) fn give_back(&mut self, tasks: Vec<Task>) {
        self.tasks = tasks;
    }

    /// Hands every match of a frame that begins in `words` (it may end behind them), at `from` or later, to `found` until it says no; matches do not overlap.
    /// The place at which the next search goes on.
    pub(super) fn each(
        &mut self,
        program: &Program,
        questions: &Questions,
        encoded: &Encoded,
        words: Range<usize>,
        from: usize,
        mut found: impl FnMut(&Found<'_>) -> bool,
    ) -> usize {
        // What stands behind the last word is the first place of what follows it, if anything does.
        let end = if words.end == encoded.len() { words.end * 2 + 2 } else { words.end * 2 };
        let last = encoded.len().min(words.end + program.longest);
        let mut at = from.max(words.start * 2);
        // Nothing is visited yet.
        let mut window = Window { base: at, places: 0 };
        // The next word, from the place on, with a letter that every match holds: none begins long before it.
        let mut rare = None;
        while at < end {
            if let Some(letters) = &program.rare {
                if rare.is_none_or(|word| word < at / 2) {
                    rare = (at / 2..last).find(|word| holds_any(encoded, *word, letters));
                }
                let Some(word) = rare else { break };
                let earliest = 2 * (word + 1).saturating_sub(program.longest.max(1));
                if at < earliest {
                    at = earliest;
                    continue;
                }
            }
            if !program.first.can_be(encoded, at) {
                at += 1;
                continue;
            }
            if at >= window.base + 2 * WINDOW || window.places == 0 {
                let reach = 2 * (WINDOW + program.longest) + 4;
                window = Window { base: at, places: reach.min(2 * encoded.len() + 2 - at) };
                self.forget();
                let size = (window.places * program.code.len()).div_ceil(64);
                if self.visited.len() < size {
                    self.visited.resize(size, 0);
                }
            }
            let Some(after) = self.attempt(program, questions, encoded, window, at) else {
                at += 1;
                continue;
            };
            if after > at && !found(&Found { captures: &self.captures }) {
                return usize::MAX;
            }
            at = after.max(at + 1);
            window.places = 0;
        }
        at
    }

    /// Forgets what has been visited.
    fn forget(&mut self) {
        self.touched.drain(..).for_each(|word| self.visited[word as usize] = 0);
    }

    /// A match that begins at `start`: the place behind it.
    fn attempt(&mut self, program: &Program, questions: &Questions, encoded: &Encoded, window: Window, start: usize) -> Option<usize> {
        self.captures.clear();
        self.captures.resize(2 * (SLOTS + program.slots.len()), NONE);
        self.todo.clear();
        self.todo.push(Todo::Try(0, start as u32));
        while let Some(todo) = self.todo.pop() {
            let (step, at) = match todo {
                Todo::Restore(capture, old) => {
                    self.captures[capture as usize] = old;
                    continue;
                }
                Todo::Try(step, at) => (Some(step as usize), at as usize),
                Todo::Choose(branch, at) => (self.choose(program, questions, encoded, branch as usize, at as usize), at as usize),
            };
            if let Some(after) = step.and_then(|step| self.go(program, questions, encoded, window, step, at)) {
                self.captures[0] = start as u32;
                self.captures[1] = after as u32;
                return Some(after);
            }
        }
        None
    }

    /// The step of the first branch, of those from one on, that can begin at a place; the next that can is left in `todo`.
    fn choose(&mut self, program: &Program, questions: &Questions, encoded: &Encoded, branch: usize, at: usize) -> Option<usize> {
        let rest = (branch..).zip(&program.branches[branch..]).take_while(|(_, branch)| **branch != Branch::END);
        let mut open = rest.filter(|(_, branch)| questions.can_begin(branch.first, encoded, at));
        let (_, here) = open.next()?;
        self.todo.extend(open.next().map(|(next, _)| Todo::Choose(next as u32, at as u32)));
        Some(here.step as usize)
    }

    /// Goes on from one step until a match or a dead end; other choices are left in `todo`.
    fn go(&mut self, program: &Program, questions: &Questions, encoded: &Encoded, window: Window, mut step: usize, mut at: usize) -> Option<usize> {
        loop {
            let bit = step * window.places + (at - window.base);
            let visited = &mut self.visited[bit / 64];
            if *visited >> (bit % 64) & 1 == 1 {
                return None;
            }
            if *visited == 0 {
                self.touched.push((bit / 64) as u32);
            }
            *visited |= 1 << (bit % 64);
            let word = at / 2;
            match program.code[step] {
                Inst::Word(question)
                    if !at.is_multiple_of(2) && word < encoded.len() && questions.holds(question, encoded.letters(word), encoded.sign(word)) =>
                {
                    at = before(encoded, word + 1);
                }
                Inst::Any if !at.is_multiple_of(2) && word < encoded.len() => at = before(encoded, word + 1),
                Inst::Mark(marks) if at.is_multiple_of(2) && marks.meets(marks_before(encoded, word)) => at += 1,
                Inst::Gap(marks) => {
                    if at.is_multiple_of(2) && marks.meets(marks_before(encoded, word)) {
                        self.todo.push(Todo::Try(step as u32 + 1, at as u32));
                        at += 1;
                    }
                }
                Inst::Choose(branch) => {
                    step = self.choose(program, questions, encoded, branch as usize, at)?;
                    continue;
                }
                Inst::Jump(to) => {
                    step = to as usize;
                    continue;
                }
                Inst::Save(capture) => {
                    let old = std::mem::replace(&mut self.captures[capture as usize], at as u32);
                    self.todo.push(Todo::Restore(capture, old));
                }
                Inst::Match => return Some(at),
                Inst::Word(_) | Inst::Any | Inst::Mark(_) | Inst::Fail => return None,
            }
            step += 1;
        }
    }
}

/// The places of which it is known where a search has been.
#[derive(Debug, Clone, Copy)]
struct Window {
    base: usize,
    places: usize,
}

/// The place before a word and its boundary.
fn before(encoded: &Encoded, word: usize) -> usize {
    2 * word + usize::from(encoded.boundary(word) == Boundary::None)
}

fn marks_before(encoded: &Encoded, word: usize) -> Marks {
    Marks::of(encoded.boundary(word))
}

/// Whether a word holds one of some letters.
fn holds_any(encoded: &Encoded, word: usize, (sign, letters): &(Sign, Box<[Letter]>)) -> bool {
    sign & encoded.sign(word) != 0 && encoded.letters(word).iter().any(|letter| letters.binary_search(letter).is_ok())
}
