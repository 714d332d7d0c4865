//! The gates behind the matcher: which patterns the forms found may match, and where, asked of the forms alone before words are marked. Stretch
//! by stretch, so that it costs as much a word in a post of any length.

use super::{Classifier, Scratch};
use crate::cells::Hit;
use crate::frames::Task;
use crate::reach::{Asking, Near, Overall};
use crate::signs::Signs;
use crate::sketch::{Model, Sketch};
use crate::stretches::{self, Stretch};

/// What the gates of one post need, and what they let through.
#[derive(Default)]
pub(super) struct Gates {
    /// The hits in order of place, of a post of several stretches.
    hits: Vec<Hit>,
    asking: Asking,
    near: Near,
    sketch: Sketch,
    /// Clues of a post of several stretches.
    clues: Vec<u32>,
    /// The patterns that may match and where, in order.
    pub(super) tasks: Vec<Task>,
}

impl Classifier {
    /// Whether any pattern may match, a slur counts by itself, or turns are enough.
    pub(super) fn may_say(&self, text: &str, s: &mut Scratch) -> bool {
        let mut gates = std::mem::take(&mut s.gates);
        gates.tasks.clear();
        let overall = self.reach.overall(&s.hits, Signs::of(text, &s.folded));
        // Turns cost two looks a word; what they leave, clues must add.
        let turns = if overall.names { self.turned(s) } else { 0 };
        let enough = self.scale.enough(s.words.list.len()).map(|enough| enough - turns);
        let stretch = stretches::at(0, &s.places);
        match stretch {
            Some(stretch) if stretch.own == s.places.len() => self.ask(&stretch, &s.hits, &overall, enough, s, &mut gates),
            mut stretch => {
                gates.hits.clear();
                gates.hits.extend_from_slice(&s.hits);
                gates.hits.sort_unstable_by_key(|hit| hit.first);
                let hits = std::mem::take(&mut gates.hits);
                while let Some(this) = stretch {
                    let hits = self.reach.hits_of(&hits, &overall, &this);
                    // No stretch alone says how much the clues are together.
                    self.ask(&this, hits, &overall, enough.map(|_| 0), s, &mut gates);
                    stretch = stretches::at(this.own, &s.places);
                }
                gates.hits = hits;
                self.sum_up(enough, &mut gates);
            }
        }
        gates.tasks.sort_unstable();
        s.gates = gates;
        overall.suffices || !s.gates.tasks.is_empty() || overall.names && enough.is_some_and(|enough| enough <= 0)
    }

    /// Adds the patterns that may match from a word of a stretch on.
    fn ask(&self, stretch: &Stretch, hits: &[Hit], overall: &Overall, enough: Option<i32>, s: &Scratch, gates: &mut Gates) {
        self.reach.find(hits, overall, &s.places, stretch, &mut gates.asking, &mut gates.near);
        self.scale.weigh(enough, &mut gates.near.clues, |_| true);
        if !gates.near.is_empty() {
            self.sweep(stretch, hits, overall, enough, s, gates);
        }
        let Gates { near, tasks, .. } = gates;
        let first = stretch.start as u32;
        tasks.extend(near.frames.iter().chain(&near.clues).map(|&pattern| {
            let (from, to) = near.begins[pattern as usize];
            Task { pattern, start: first + u32::from(from), end: first + u32::from(to) }
        }));
    }

    /// Keeps the near patterns that match a sketch of the stretch.
    fn sweep(&self, stretch: &Stretch, hits: &[Hit], overall: &Overall, enough: Option<i32>, s: &Scratch, gates: &mut Gates) {
        let Stretch { start: first, end, .. } = *stretch;
        let model = Model {
            forms: &self.forms,
            symbols: &self.symbols,
            filled: self.filled,
            reach: &self.reach,
            hits,
            signs: overall.signs,
            names: overall.names,
            first,
            places: &s.places[first..end],
            more: end < s.places.len(),
        };
        let keep = |near: &mut Near, sketch: &mut Sketch| {
            let Near { frames, clues, begins, .. } = near;
            let mut may = |pattern: u32| self.frames.may_match(pattern as usize, begins[pattern as usize], sketch);
            frames.retain(|pattern| may(*pattern));
            self.scale.weigh(enough, clues, may);
        };
        let Gates { near, sketch, .. } = gates;
        self.pencil.draw(&model, sketch);
        keep(near, sketch);
        if near.frames.is_empty() && self.scale.most(&near.clues) == 0 {
            return;
        }
        self.pencil.refine(&model, sketch, self.single(&s.words, &s.places));
        keep(near, sketch);
    }

    /// Forgets the clues of all stretches if they cannot be enough together.
    fn sum_up(&self, enough: Option<i32>, gates: &mut Gates) {
        let Gates { clues, tasks, .. } = gates;
        let frames = self.lexicon.frames.len() as u32;
        clues.clear();
        clues.extend(tasks.iter().map(|task| task.pattern).filter(|pattern| *pattern >= frames));
        clues.sort_unstable();
        clues.dedup();
        self.scale.weigh(enough, clues, |_| true);
        if clues.is_empty() {
            tasks.retain(|task| task.pattern < frames);
        }
    }
}
