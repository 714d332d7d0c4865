//! Where the gates cut a post, so that a word costs as much in a long post as in a short one.
//!
//! What a frame needs is asked of no more words than a match can take, not of the whole post; and a sketch has a bit for each word, of which
//! there are so many. So a post is cut into parts (sentences, short ones together, long ones in pieces), and the parts into stretches. A match
//! belongs to the part, and the stretch, in which it begins. Each stretch sees some words of the next; a sweep that gets to its end is taken for
//! a match, so that it need not see all.

use crate::clause::{Boundary, Place};
use crate::frames::sweep::MOST_WORDS;

/// Fewest words of a part, unless it is the last: needs are asked part by part.
const LEAST: usize = 8;
/// Most words of a part.
const MOST: usize = 32;
/// Words that a stretch sees behind its own.
const BEYOND: usize = 32;

/// A few sentences, or a piece of one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A sentence ends where it ends.
    pub(crate) closed: bool,
}

/// Words that are asked at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    /// Its own parts, from one to before another.
    pub(crate) parts: (usize, usize),
    /// Its words, from one to before another.
    pub(crate) words: (usize, usize),
    /// Where its own words end.
    pub(crate) own: usize,
}

/// The cuts of a post.
#[derive(Debug, Default)]
pub(crate) struct Stretches {
    parts: Vec<Part>,
}

impl Stretches {
    /// Cuts a post.
    pub(crate) fn cut(&mut self, places: &[Place]) {
        self.parts.clear();
        let mut start = 0;
        for (word, place) in places.iter().enumerate().skip(1) {
            let closed = place.before == Boundary::Sentence;
            if word - start == MOST || closed && word - start >= LEAST {
                self.parts.push(Part { start, end: word, closed });
                start = word;
            }
        }
        if start < places.len() {
            self.parts.push(Part { start, end: places.len(), closed: true });
        }
    }

    /// Whether all of the post is one stretch.
    pub(crate) fn one(&self) -> bool {
        self.words() <= MOST_WORDS
    }

    fn words(&self) -> usize {
        self.parts.last().map_or(0, |part| part.end)
    }

    /// The parts from one on.
    pub(crate) fn from(&self, part: usize) -> &[Part] {
        &self.parts[part..]
    }

    /// The stretch that begins with a part, if there is such a part.
    pub(crate) fn at(&self, part: usize) -> Option<Stretch> {
        let start = self.parts.get(part)?.start;
        let words = self.words();
        if words - start <= MOST_WORDS {
            return Some(Stretch { parts: (part, self.parts.len()), words: (start, words), own: words });
        }
        let own = self.from(part).partition_point(|part| part.end <= start + MOST_WORDS - BEYOND);
        let last = part + own;
        Some(Stretch { parts: (part, last), words: (start, start + MOST_WORDS), own: self.parts[last].start })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_word_is_the_own_of_one_part_and_one_stretch(ends in prop::collection::vec(0..20_u8, 0..900)) {
            let place = |end: &u8| Place { before: if *end == 0 { Boundary::Sentence } else { Boundary::None }, ..Place::default() };
            let places: Vec<Place> = ends.iter().map(place).collect();
            let mut stretches = Stretches::default();
            stretches.cut(&places);
            let (mut part, mut word) = (0, 0);
            while let Some(stretch) = stretches.at(part) {
                prop_assert_eq!((stretch.parts.0, stretch.words.0), (part, word));
                prop_assert!(stretch.words.1 - stretch.words.0 <= MOST_WORDS && stretch.own <= stretch.words.1);
                prop_assert!(stretch.words.1 == places.len() || stretch.own + BEYOND <= stretch.words.1);
                for own in &stretches.from(part)[..stretch.parts.1 - part] {
                    prop_assert_eq!(own.start, word);
                    prop_assert!(own.end > own.start && own.end - own.start <= MOST);
                    prop_assert_eq!(own.closed, places.get(own.end).is_none_or(|place| place.before == Boundary::Sentence));
                    word = own.end;
                }
                prop_assert_eq!(stretch.own, word);
                part = stretch.parts.1;
            }
            prop_assert_eq!(word, places.len());
        }
    }
}
