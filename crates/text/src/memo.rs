//! What was looked up last: a text repeats its words, and a table of all words is no table for a cache.

use std::sync::atomic::{AtomicU64, Ordering};

/// The next number.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number that nothing else of the process has: what a memo remembers of some tables is told from what it remembers of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(u64);

impl Default for Number {
    /// One that was not given before.
    fn default() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// The letters of a short word.
type Letters = [u64; 2];

/// Longest word, in bytes, that is remembered.
const LONGEST: usize = size_of::<Letters>();

/// Words with what some tables say of them, each at one of the two places that its letters give it. A word that comes again takes the first of them,
/// a new one the second, so that a common word is not driven out by one that comes once.
#[derive(Debug, Default)]
pub struct Memo<T> {
    /// Of which tables they speak, once they speak of any.
    tables: Option<Number>,
    slots: Vec<[(Letters, T); 2]>,
}

impl<T: Copy + Default> Memo<T> {
    /// Most of the words of some hundred thousand running ones find a place of their own.
    const SLOTS: usize = 1 << 14;

    /// Forgets what was said by other tables than these. They must not change.
    pub fn of(&mut self, tables: Number) {
        if self.tables != Some(tables) {
            // No word is without letters, so that no word is an empty place.
            *self = Self { tables: Some(tables), slots: vec![Default::default(); Self::SLOTS] };
        }
    }

    /// What is said of `text[start..end]`, by `look_up` when it is not remembered. [`Memo::of`] goes before.
    pub fn get(&mut self, text: &str, start: usize, end: usize, look_up: impl FnOnce(&str) -> T) -> T {
        let Some([low, high]) = letters(text.as_bytes(), start, end) else { return look_up(&text[start..end]) };
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let [first, second] = &mut self.slots[(mixed >> (64 - Self::SLOTS.trailing_zeros())) as usize];
        if first.0 == [low, high] {
            return first.1;
        }
        if second.0 == [low, high] {
            std::mem::swap(first, second);
            return first.1;
        }
        *second = ([low, high], look_up(&text[start..end]));
        second.1
    }
}

/// The letters of a word as numbers, when it is short enough.
fn letters(text: &[u8], start: usize, end: usize) -> Option<Letters> {
    let length = end - start;
    if length > LONGEST || length == 0 {
        return None;
    }
    let all = if let Some(Ok(bytes)) = text.get(start..start + LONGEST).map(<[u8; LONGEST]>::try_from) {
        // What stands behind the word is cut off.
        u128::from_le_bytes(bytes) & u128::MAX >> (8 * (LONGEST - length))
    } else {
        let mut bytes = [0; LONGEST];
        bytes[..length].copy_from_slice(&text[start..end]);
        u128::from_le_bytes(bytes)
    };
    Some([all as u64, (all >> 64) as u64])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memo_says_what_its_tables_say() {
        let text = " a ab abc abcdefghijklmnop abcdefghijklmnopq b ab été a";
        let mut memo = Memo::default();
        for tables in [1, 2, 2, 1] {
            memo.of(Number(tables));
            for _ in 0..2 {
                let mut start = 1;
                for word in text[1..].split(' ') {
                    let end = start + word.len();
                    let said = memo.get(text, start, end, |w| (w.len() as u64, tables));
                    assert_eq!(said, (word.len() as u64, tables), "{word}");
                    start = end + 1;
                }
            }
        }
    }
}
