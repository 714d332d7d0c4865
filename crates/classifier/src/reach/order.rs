//! Whether what a way needs stands in its order, and as near to each other as it must: asked of the few ways of which a post has all they need.

use crate::clause::{Boundary, Place};
use crate::frames::sweep::{MOST_WORDS, Places, between};
use crate::stretches::Stretch;
use crate::ways::{Kind, Way};

/// Words that are seen, a bit each, and what may stand before them and behind the last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    /// Those at which a match may begin.
    own: Places,
    /// The place behind the last word, where the post goes on there: who gets so far may find anything.
    more: Places,
    /// Ends of sentences.
    ends: Places,
    /// Boundaries of any kind.
    bounds: Places,
    /// By number of words, from 0: the words that stand so far behind another of their sentence.
    behind: [Places; STRIDE + 1],
}

/// Most words of one step of [`Sight::behind`].
const STRIDE: usize = 16;

impl Sight {
    /// A post of so many words with any boundary anywhere.
    pub(super) fn blind(words: usize) -> Self {
        Self { own: between(0, words + 1), more: 0, ends: Places::MAX, bounds: Places::MAX, behind: ANYWHERE }
    }

    /// A post of few words, of which those at `joins` may turn out to open a clause.
    pub(super) fn of(places: &[Place], joins: Places) -> Self {
        Self::of_stretch(places, Stretch { start: 0, own: places.len(), end: places.len() }, joins)
    }

    /// A stretch of a post.
    pub(super) fn of_stretch(places: &[Place], Stretch { start, own, end }: Stretch, joins: Places) -> Self {
        let (seen, last) = (&places[start..end], end == places.len());
        let ends = Places::from(start == 0) | if last { 1 << seen.len() } else { 0 };
        let at = |boundary: Boundary| (0..seen.len()).filter(|word| seen[*word].before >= boundary).fold(ends, |all, word| all | 1 << word);
        let ends = at(Boundary::Sentence);
        let mut behind = [Places::MAX; STRIDE + 1];
        for words in 1..=STRIDE {
            behind[words] = behind[words - 1] & !(ends << (words - 1));
        }
        Self {
            own: between(0, own - start + usize::from(last)),
            more: if last { 0 } else { 1 << MOST_WORDS },
            ends,
            bounds: at(Boundary::Soft) | joins,
            behind,
        }
    }
}

/// What [`Sight::behind`] is where sentences do not matter.
const ANYWHERE: [Places; STRIDE + 1] = [Places::MAX; STRIDE + 1];

/// The steps of ways, by the numbers of their needs.
#[derive(Debug, Default)]
pub(super) struct Orders {
    needs: Vec<u32>,
    steps: Vec<Step>,
    ways: Vec<End>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    /// Where its needs end.
    needs: u32,
    /// How many words it can begin behind the step before it, or behind the beginning of the way.
    far: u8,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
struct End {
    /// Where its steps end.
    steps: u32,
    /// It may cross the end of a sentence.
    crosses: bool,
}

impl Orders {
    /// Adds a way, of which `number` tells the numbers of needs.
    pub(super) fn push(&mut self, way: &Way, crosses: bool, number: impl Fn(&[usize]) -> u32) {
        let few = |words: usize| words.min(MOST_WORDS) as u8;
        for step in &way.steps {
            self.needs.extend(step.needs.iter().map(|need| number(&need.iter().map(|id| usize::from(id.0)).collect::<Vec<_>>())));
            self.steps.push(Step { needs: self.needs.len() as u32, far: few(step.far), kind: step.kind });
        }
        self.ways.push(End { steps: self.steps.len() as u32, crosses });
    }

    /// The words, from one to before another, at which a match of a way may begin; `positions` tells where what meets a need begins.
    pub(super) fn begins(&self, way: u32, sight: &Sight, positions: impl Fn(u32) -> Places) -> Option<(usize, usize)> {
        let End { steps: end, crosses } = self.ways[way as usize];
        let start = way.checked_sub(1).map_or(0, |before| self.ways[before as usize].steps) as usize;
        let behind = if crosses { &ANYWHERE } else { &sight.behind };
        let more = sight.more;
        let mut need = start.checked_sub(1).map_or(0, |before| self.steps[before].needs as usize);
        let mut first = None;
        // Where a step may begin: at the places of the one before only if that takes no word.
        let (mut begins, mut stays) = (sight.own, true);
        for step in &self.steps[start..end as usize] {
            let here = begins & if stays { Places::MAX } else { more };
            // Boundaries may stand one word further: behind the last word of a sentence.
            let further = step.far.checked_sub(1).map_or(0, |far| spread(begins, far, behind) << 1);
            let words = here | further & behind[1];
            let needs = &self.needs[need..step.needs as usize];
            need = step.needs as usize;
            stays = step.kind != Kind::Word;
            begins = match step.kind {
                Kind::Word => needs.iter().fold(words, |all, need| all & (positions(*need) | more)),
                Kind::Within(wide) => {
                    let seen = spread(words, wide.saturating_sub(1).min(MOST_WORDS) as u8, behind);
                    if needs.iter().all(|need| seen & (positions(*need) | more) != 0) { words } else { 0 }
                }
                Kind::Bound => (here | further) & (sight.bounds | more),
                Kind::Sentence => (here | further) & (sight.ends | more),
            };
            if begins == 0 {
                return None;
            }
            first.get_or_insert((begins, usize::from(step.far)));
        }
        let (begins, before) = first.unwrap_or((begins, 0));
        Some(((begins.trailing_zeros() as usize).saturating_sub(before), (Places::BITS - begins.leading_zeros()) as usize))
    }
}

/// Some places and those up to so `far` behind them, as far as words stand `behind` each other.
fn spread(mut places: Places, far: u8, behind: &[Places; STRIDE + 1]) -> Places {
    let (far, mut wide) = (usize::from(far), 0);
    while wide < far {
        let step = (wide + 1).min(far - wide).min(STRIDE);
        places |= places << step & behind[step];
        wide += step;
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_spread_as_far_as_they_may_inside_their_sentence(places: u128, far in 0..128_u8, ends in prop::collection::vec(0..127_usize, 0..6)) {
            let post: Vec<Place> =
                (0..127).map(|word| Place { before: if ends.contains(&word) { Boundary::Sentence } else { Boundary::None }, ..Place::default() }).collect();
            let sight = Sight::of(&post, 0);
            let mut expected = 0;
            for from in (0..128).filter(|place| places >> place & 1 == 1) {
                let reached = (from..128.min(from + usize::from(far) + 1)).take_while(|to| *to == from || sight.ends >> to & 1 == 0);
                reached.for_each(|to| expected |= 1 << to);
            }
            prop_assert_eq!(spread(places, far, &sight.behind), expected);
        }
    }
}
