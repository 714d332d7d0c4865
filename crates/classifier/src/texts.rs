//! Many short texts as one string: each distinct text once, by number.

use rustc_hash::FxHashMap;

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
    /// By hash, or by the next hash that was free. Only needed to add and to look up.
    numbers: FxHashMap<u64, u32>,
}

impl Texts {
    /// The number of `text`, new if it is.
    pub(crate) fn intern(&mut self, text: &str) -> TextId {
        let key = match self.place(text) {
            Ok(number) => return number,
            Err(free) => free,
        };
        let number = self.ends.len() as u32;
        self.numbers.insert(key, number);
        self.all.push_str(text);
        self.ends.push(self.all.len() as u32);
        TextId(number)
    }

    /// The number of `text`, if it has one and nothing is sealed.
    pub(crate) fn number(&self, text: &str) -> Option<TextId> {
        self.place(text).ok()
    }

    /// The number of `text`, or the hash under which it goes.
    fn place(&self, text: &str) -> Result<TextId, u64> {
        let mut key = hash(text.as_bytes());
        loop {
            match self.numbers.get(&key) {
                Some(&number) if self.get(TextId(number)) == text => return Ok(TextId(number)),
                Some(_) => key = key.wrapping_add(1),
                None => return Err(key),
            }
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
        self.numbers = FxHashMap::default();
        self.shrink();
    }

    /// Gives back what is not filled.
    pub(crate) fn shrink(&mut self) {
        self.numbers.shrink_to_fit();
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
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
