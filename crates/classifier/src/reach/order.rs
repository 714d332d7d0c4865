//! Whether what a way needs stands in its order, inside a sentence where it must: asked of the few ways of which a post has all they need.

use crate::frames::sweep::{Places, between};
use crate::ways::Way;

/// A sentence: from one word to before another.
pub(crate) type Sentence = (usize, usize);

/// The steps of ways, by the numbers of their needs.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// Each need, and whether it opens a step.
    needs: Vec<(u32, bool)>,
    /// By way: where its needs end, and whether it may cross the end of a sentence.
    ways: Vec<(u32, bool)>,
}

impl Orders {
    /// Adds a way, of which `number` tells the numbers of needs.
    pub(super) fn push(&mut self, way: &Way, crosses: bool, number: impl Fn(&[usize]) -> u32) {
        for step in way {
            for (n, need) in step.iter().enumerate() {
                let items: Vec<usize> = need.iter().map(|id| usize::from(id.0)).collect();
                self.needs.push((number(&items), n == 0));
            }
        }
        self.ways.push((self.needs.len() as u32, crosses));
    }

    /// Whether what a way needs stands in order in one of some sentences, which follow each other; `positions` tells where what meets a need begins.
    pub(super) fn holds(&self, way: u32, sentences: &[Sentence], positions: impl Fn(u32) -> Places) -> bool {
        let way = way as usize;
        let start = way.checked_sub(1).map_or(0, |before| self.ways[before].0 as usize);
        let (end, crosses) = self.ways[way];
        let steps: Vec<(Places, bool)> = self.needs[start..end as usize].iter().map(|(need, opens)| (positions(*need), *opens)).collect();
        let stands = |(from, to): Sentence| {
            let (mut first, mut last) = (from, from);
            steps.iter().all(|(places, opens)| {
                if *opens {
                    first = last;
                }
                let there = places & between(first, to);
                last = last.max(there.trailing_zeros() as usize + 1);
                there != 0
            })
        };
        match sentences {
            [(from, _), .., (_, to)] if crosses => stands((*from, *to)),
            all => all.iter().any(|sentence| stands(*sentence)),
        }
    }
}
