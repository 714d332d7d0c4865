//! The quick way through plain text: words of ASCII letters, digits and accented letters between plain separators, most of a French post.
//! Whole stretches are copied at once. A word that touches anything else is left to the pass, whose result this only hastens.

use super::pass::Pass;
use super::tables::{ASCII, Ascii, LATIN_RANGE, Latin};
use super::{Token, TokenFlags, shape};
use crate::Span;

const LETTER: u8 = 1;
const CAPITAL: u8 = 2;
const DIGIT: u8 = 4;
/// First byte of an accented letter, perhaps.
const LEAD: u8 = 8;
/// Ends a word and means nothing more.
const SEPARATOR: u8 = 16;
/// A separator after which a right-to-left override ends.
const LINE: u8 = 32;
/// A word had an accented letter.
const ACCENTED: u8 = 64;

/// What each byte is to plain text; 0 for what is left to the pass.
const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'a'..=b'z' => LETTER,
            b'A'..=b'Z' => LETTER | CAPITAL,
            b'0'..=b'9' => DIGIT,
            0xC3..=0xC9 => LEAD,
            b'\n' => LINE,
            0x80.. => 0,
            _ if matches!(ASCII[b], Ascii::Separator) => SEPARATOR,
            _ => 0,
        };
        b += 1;
    }
    table
};

impl Pass<'_> {
    /// Writes the plain words from `at` on, where no token is open; returns where plain text ends, `at` if it does not begin.
    pub(super) fn plain(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let base = self.out.text.len();
        // What lies between `copied` and `i` is not yet written.
        let (mut i, mut copied) = (at, at);
        let mut all = 0;
        let end = loop {
            let start = i;
            let word = self.out.text.len() + (i - copied);
            let (mut seen, mut before, mut pair, mut run) = (0, 0, false, false);
            let mut capital = false;
            while let Some(&b) = bytes.get(i) {
                let class = CLASSES[usize::from(b)];
                if class & (LETTER | DIGIT) != 0 {
                    // Small letters and digits have this bit already.
                    let same = b | 0x20 == before && class & LETTER != 0;
                    run |= same && pair;
                    pair = same;
                    before = b | 0x20;
                    seen |= class;
                    i += 1;
                } else if class & LEAD != 0
                    && let Some(letter) = self.accented(i)
                {
                    capital |= i == start && letter.capital;
                    self.out.text.push_str(&self.text[copied..i]);
                    self.out.text.push_str(letter.as_str());
                    seen |= LETTER | if letter.accent { ACCENTED } else { 0 };
                    i += 2;
                    copied = i;
                } else {
                    break;
                }
            }
            let next = bytes.get(i).map(|b| CLASSES[usize::from(*b)]);
            if i == start {
                // Between words.
                if next != Some(SEPARATOR) {
                    break i;
                }
                self.out.text.push_str(&self.text[copied..i]);
                i += 1;
                copied = i;
                continue;
            }
            if next.is_some_and(|class| class & (SEPARATOR | LINE) == 0) {
                // The word goes on with something that is not plain.
                if copied > start {
                    self.out.text.truncate(word);
                    copied = start;
                }
                break start;
            }
            all |= seen;
            let mut flags = TokenFlags::empty();
            flags.set(TokenFlags::CAPITAL, capital || bytes[start].is_ascii_uppercase());
            flags.set(TokenFlags::REVERSED, self.reversed);
            flags.set(TokenFlags::HASHTAG, self.hashtag == Some(start));
            flags.set(TokenFlags::SYMBOL, self.symbol == Some(start));
            flags.set(TokenFlags::DIGIT, seen & DIGIT != 0);
            flags.set(TokenFlags::ACCENT, seen & ACCENTED != 0);
            if copied > start {
                self.out.text.push_str(&self.text[copied..i]);
                copied = i;
                self.out.text[word..].make_ascii_lowercase();
                flags |= shape(&self.out.text.as_bytes()[word..]);
            } else {
                flags.set(TokenFlags::SINGLE, i - start == 1);
                flags.set(TokenFlags::RUN, run);
            }
            let end = self.out.text.len() + (i - copied);
            self.out.tokens.push(Token { start: word as u32, end: end as u32, span: Span::new(start, i), flags });
            self.out.gates |= flags;
            if bytes.get(i) == Some(&b' ') {
                i += 1;
                continue;
            }
            self.out.text.push_str(&self.text[copied..i]);
            self.out.text.push(' ');
            copied = i;
            if next != Some(SEPARATOR) {
                break i;
            }
            i += 1;
            copied = i;
        };
        self.out.text.push_str(&self.text[copied.min(end)..end]);
        if all & CAPITAL != 0 {
            self.out.text[base..].make_ascii_lowercase();
        }
        self.latin |= all & LETTER != 0;
        end
    }

    /// The accented letter at `at`, if it stands for letters and nothing else.
    fn accented(&self, at: usize) -> Option<Latin> {
        let c = self.text[at..].chars().next()?;
        let entry = self.table.get((c as u32).checked_sub(LATIN_RANGE.start)? as usize)?;
        let letters = &entry.bytes[..usize::from(entry.len)];
        (!letters.is_empty() && letters.iter().all(u8::is_ascii_alphabetic)).then_some(*entry)
    }
}
