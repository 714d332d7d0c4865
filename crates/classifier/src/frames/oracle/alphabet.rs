//! The letters that one frame names, and their bytes in the strings that it reads.

use vigie_lexicon::pattern::Pattern;

use crate::needs::id;
use crate::symbols::{Letter, Symbols};

/// First byte of a letter: above the markers `<>.,;`.
const FIRST: u8 = 0x40;
/// Letters that have a byte of their own.
const BYTES: usize = 0x100 - FIRST as usize;
/// First of the second bytes, in an alphabet of two bytes a letter: apart from the first ones, so that no two neighbours read as a third letter.
const SECOND: u8 = 0xA0;
/// First bytes, and second bytes, of such an alphabet.
const SIDE: u16 = 0x60;

/// An alphabet in the order of its letters.
pub(super) struct Alphabet {
    /// By letter: its number here, from 1; 0 for letters that the frame does not name.
    numbers: Box<[u16]>,
    wide: bool,
}

impl Alphabet {
    /// The letters of every symbol in `pattern`.
    pub(super) fn new(pattern: &Pattern, symbols: &Symbols) -> Self {
        let mut letters: Vec<Letter> = Vec::new();
        pattern.symbols(&mut |symbol| letters.extend(id(symbol, symbols).into_iter().flat_map(|id| symbols.letters(id)).map(|(_, letter)| letter)));
        letters.sort_unstable();
        letters.dedup();
        let mut numbers = vec![0; letters.last().map_or(0, |last| last.index() + 1)].into_boxed_slice();
        for (number, letter) in letters.iter().enumerate() {
            numbers[letter.index()] = number as u16 + 1;
        }
        Self { numbers, wide: letters.len() > BYTES }
    }

    /// Appends the letters that the frame names to `out`.
    pub(super) fn write(&self, letters: &[Letter], out: &mut Vec<u8>) {
        for number in letters.iter().filter_map(|l| self.numbers.get(l.index())).filter(|n| **n != 0).map(|n| n - 1) {
            if self.wide {
                out.extend([FIRST + (number / SIDE) as u8, SECOND + (number % SIDE) as u8]);
            } else {
                out.push(FIRST + number as u8);
            }
        }
    }

    /// A letter in a regex; nothing for letters that the frame does not name.
    pub(super) fn letter(&self, letter: Letter) -> String {
        let mut bytes = Vec::new();
        self.write(&[letter], &mut bytes);
        bytes.iter().map(|byte| escaped(*byte)).collect()
    }

    /// Any number of letters but these.
    pub(super) fn others(&self, excluded: &[Letter]) -> String {
        let mut bytes = Vec::new();
        self.write(excluded, &mut bytes);
        if bytes.is_empty() {
            return "[\\x40-\\xFF]*".to_owned();
        }
        if !self.wide {
            return format!("[\\x40-\\xFF--[{}]]*", bytes.iter().map(|b| escaped(*b)).collect::<String>());
        }
        let mut by_first: std::collections::BTreeMap<u8, String> = std::collections::BTreeMap::new();
        for pair in bytes.chunks_exact(2) {
            by_first.entry(pair[0]).or_default().push_str(&escaped(pair[1]));
        }
        let firsts: String = by_first.keys().map(|first| escaped(*first)).collect();
        let others: String = by_first.iter().map(|(first, seconds)| format!("|{}[\\xA0-\\xFF--[{seconds}]]", escaped(*first))).collect();
        format!("(?:[\\x40-\\x9F--[{firsts}]][\\xA0-\\xFF]{others})*")
    }
}

fn escaped(byte: u8) -> String {
    format!("\\x{byte:02X}")
}
