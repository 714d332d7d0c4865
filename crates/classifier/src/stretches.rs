//! Where the gates cut a post, so that a word costs as much in a long post as in a short one.
//!
//! The gates have a bit for each word, of which there are so many. So a long post is cut into stretches, where sentences end if it can be. A match
//! belongs to the stretch in which it begins. Each stretch sees some words of the next; what gets to its end is taken for a match, so that it need
//! not see all.

use crate::clause::{Boundary, Place};
use crate::frames::sweep::MOST_WORDS;

/// Words that a stretch sees behind its own.
const BEYOND: usize = 32;
/// Fewest words of its own, unless it is the last.
const LEAST: usize = 64;

/// Words that are asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Its first word.
    pub(crate) start: usize,
    /// Where its own words end.
    pub(crate) own: usize,
    /// Where the words end that it sees.
    pub(crate) end: usize,
}

/// The stretch that begins at a word, if there is such a word.
pub(crate) fn at(start: usize, places: &[Place]) -> Option<Stretch> {
    let words = places.len();
    if start >= words {
        return None;
    }
    if words - start <= MOST_WORDS {
        return Some(Stretch { start, own: words, end: words });
    }
    let most = start + MOST_WORDS - BEYOND;
    let own = (start + LEAST..=most).rev().find(|word| places[*word].before == Boundary::Sentence).unwrap_or(most);
    Some(Stretch { start, own, end: start + MOST_WORDS })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_word_is_the_own_of_one_stretch(ends in prop::collection::vec(0..20_u8, 0..900)) {
            let place = |end: &u8| Place { before: if *end == 0 { Boundary::Sentence } else { Boundary::None }, ..Place::default() };
            let places: Vec<Place> = ends.iter().map(place).collect();
            let mut word = 0;
            while let Some(stretch) = at(word, &places) {
                prop_assert_eq!(stretch.start, word);
                prop_assert!(stretch.own > word && stretch.own <= stretch.end && stretch.end - stretch.start <= MOST_WORDS);
                prop_assert!(stretch.end == places.len() || stretch.own + BEYOND <= stretch.end);
                prop_assert_eq!(stretch.own == places.len(), stretch.end == places.len());
                word = stretch.own;
            }
            prop_assert_eq!(word, places.len());
        }
    }
}
