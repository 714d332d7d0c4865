//! Many short texts as one string: each distinct text once, by number.

use crate::matcher::hash;

/// A text by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TextId(pub(crate) u32);

/// Distinct texts.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    all: String,
    /// Where each text ends.
    ends: Vec<u32>,
    /// Open addressing by hash, a power of two of places at most two thirds taken. Only needed to add and to look up.
    places: Vec<Place>,
}

/// The upper half of the hash of a text, and its number, counted from 1. Free when that is 0.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    hash: u32,
    number: u32,
}

impl Texts {
    /// The number of `text`, new if it is.
    pub(crate) fn intern(&mut self, text: &str) -> TextId {
        if (self.ends.len() + 1) * 3 > self.places.len() * 2 {
            self.grow();
        }
        let hash = mixed(text);
        let at = self.place(hash, text);
        if let Some(number) = self.places[at].number.checked_sub(1) {
            return TextId(number);
        }
        let number = self.ends.len() as u32;
        self.places[at] = Place { hash, number: number + 1 };
        self.all.push_str(text);
        self.ends.push(self.all.len() as u32);
        TextId(number)
    }

    /// The number of `text`, if it has one and nothing is sealed.
    pub(crate) fn number(&self, text: &str) -> Option<TextId> {
        if self.places.is_empty() {
            return None;
        }
        self.places[self.place(mixed(text), text)].number.checked_sub(1).map(TextId)
    }

    /// The place of a text, or the free one where it would go.
    fn place(&self, hash: u32, text: &str) -> usize {
        let mask = self.places.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let place = self.places[at];
            if place.number == 0 || place.hash == hash && self.get(TextId(place.number - 1)) == text {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let size = (self.places.len() * 2).max(1 << 6);
        let old = std::mem::replace(&mut self.places, vec![Place::default(); size]);
        for place in old.into_iter().filter(|place| place.number != 0) {
            let mut at = place.hash as usize & (size - 1);
            while self.places[at].number != 0 {
                at = (at + 1) & (size - 1);
            }
            self.places[at] = place;
        }
    }

    /// The text of a number.
    pub(crate) fn get(&self, TextId(number): TextId) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.all[start as usize..self.ends[number as usize] as usize]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Gives back what only adding and looking up need.
    pub(crate) fn seal(&mut self) {
        self.places = Vec::new();
        self.shrink();
    }

    /// Gives back what is not filled.
    pub(crate) fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// The hash of a text, its low bits as good as its high ones.
fn mixed(text: &str) -> u32 {
    let hash = hash(text.as_bytes());
    ((hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_number_and_each_number_its_text() {
        let mut texts = Texts::default();
        let all: Vec<String> = (0..5_000).map(|n: u32| format!("{} {}", n % 2_500, n % 2)).collect();
        let numbers: Vec<TextId> = all.iter().map(|t| texts.intern(t)).collect();
        texts.seal();
        assert_eq!(texts.len(), 2_500);
        for (text, number) in all.iter().zip(numbers) {
            assert_eq!(texts.get(number), text);
        }
    }
}
