//! The slow, obvious way: each frame as a regex over the whole post as a string of letters, `<letters>` for each word, a marker for each
//! boundary. A frame reads a post through its own alphabet: the letters that it names, a byte or two each, and no others. What it shares with the
//! programs is what a token asks for (`token`); how tokens are searched is its own.

mod alphabet;
mod laws;
mod write;

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use super::{FrameHit, Source};
use crate::encode::Encoded;
use crate::symbols::Symbols;
use alphabet::Alphabet;
use write::{Writer, Written};

/// A frame as a regex.
pub(crate) struct Oracle {
    regex: Regex,
    alphabet: Alphabet,
    written: Written,
}

impl Oracle {
    pub(crate) fn compile(source: &Source<'_>, symbols: &Symbols, classes: &dyn Fn(&str) -> bool) -> Self {
        let alphabet = Alphabet::new(source.pattern, symbols);
        let written = Writer::new(symbols, classes, &alphabet).write(source);
        let regex = RegexBuilder::new(&format!("(?s-u){}", written.regex)).size_limit(64 << 20).dfa_size_limit(1 << 20).build().expect("a good regex");
        Self { regex, alphabet, written }
    }

    /// Every match, in order.
    pub(crate) fn find(&self, frame: usize, encoded: &Encoded) -> Vec<FrameHit> {
        let (mut text, mut starts) = (Vec::new(), Vec::new());
        for i in 0..encoded.len() {
            text.extend(encoded.boundary(i).marker().map(|marker| marker as u8));
            starts.push(text.len());
            text.push(b'<');
            self.alphabet.write(encoded.letters(i), &mut text);
            text.push(b'>');
        }
        text.push(b'.');
        let of = |range: Range<usize>| {
            let first = starts.partition_point(|s| *s < range.start);
            first..starts.partition_point(|s| *s < range.end).max(first)
        };
        let hit = |captures: regex::bytes::Captures<'_>| {
            let group = |n: usize| captures.get(n).map(|m| of(m.range()));
            let words = group(0).unwrap_or_default();
            let shown = self.written.shown.and_then(group).unwrap_or_else(|| words.clone());
            let fills = self.written.slots.iter().enumerate().filter_map(|(i, n)| Some((i, group(*n)?))).collect();
            FrameHit { frame, words, shown, fills }
        };
        self.regex.captures_iter(&text).filter(|c| c.get(0).is_some_and(|m| !m.is_empty())).map(hit).collect()
    }
}
