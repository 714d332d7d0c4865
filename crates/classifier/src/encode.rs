//! A post as a string of symbols: `<letters>` for each word, a marker for each boundary. Frames are regexes over it.

use std::ops::Range;

use crate::cells::Cell;
use crate::clause::{Boundary, Place};
use crate::forms::Forms;
use crate::symbols::{Bases, Letters, SymbolId, Symbols};

/// A post ready to be encoded.
pub(crate) struct Post<'a> {
    pub(crate) cells: &'a [Cell],
    pub(crate) places: &'a [Place],
    pub(crate) forms: &'a Forms,
    pub(crate) symbols: &'a Symbols,
    /// The symbol of a phrase whose hole holds a group.
    pub(crate) filled: Option<SymbolId>,
}

/// The string and where each word starts in it.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    pub(crate) text: String,
    starts: Vec<u32>,
    letters: Vec<char>,
    /// Every letter of the post.
    pub(crate) present: Letters,
}

impl Encoded {
    /// Encodes `cells`; `single` gives each word further one-word symbols.
    pub(crate) fn fill(&mut self, post: &Post<'_>, single: impl Fn(usize, &mut Vec<SymbolId>)) {
        self.clear();
        let mut ones = Vec::new();
        for i in 0..post.cells.len() {
            ones.clear();
            single(i, &mut ones);
            self.word(post, i, &ones);
        }
        self.finish();
    }

    /// Encodes the words of `window`, with those of `finding` replaced by one word that holds `symbols`.
    pub(crate) fn fill_around(
        &mut self,
        post: &Post<'_>,
        window: Range<usize>,
        finding: &Range<usize>,
        symbols: &[SymbolId],
        single: impl Fn(usize, &mut Vec<SymbolId>),
    ) {
        self.clear();
        let mut ones = Vec::new();
        let mut i = window.start;
        while i < window.end {
            if i == finding.start {
                self.boundary(post.places[i].before);
                self.starts.push(self.text.len() as u32);
                self.letters.clear();
                self.letters.extend(symbols.iter().filter_map(|&id| post.symbols.letter(id, 1)));
                self.close_word();
                i = finding.end.max(i + 1);
            } else {
                ones.clear();
                single(i, &mut ones);
                self.word(post, i, &ones);
                i += 1;
            }
        }
        self.finish();
    }

    fn clear(&mut self) {
        self.text.clear();
        self.starts.clear();
        self.present.clear();
    }

    fn finish(&mut self) {
        self.text.push('.');
        self.starts.push(self.text.len() as u32);
    }

    fn word(&mut self, post: &Post<'_>, i: usize, ones: &[SymbolId]) {
        let cell = &post.cells[i];
        self.boundary(if self.starts.is_empty() { Boundary::Sentence } else { post.places[i].before });
        self.starts.push(self.text.len() as u32);
        self.letters.clear();
        for mark in &cell.marks {
            let meaning = &post.forms.list[mark.meaning.0 as usize].meanings[mark.meaning.1 as usize];
            let holds = |id: &&SymbolId| post.symbols.base(**id) == Bases(0) || post.symbols.base(**id).meets(mark.bases);
            self.letters.extend(meaning.symbols.iter().filter(holds).filter_map(|&id| post.symbols.letter(id, mark.length as usize)));
            if mark.filled {
                self.letters.extend(post.filled.and_then(|id| post.symbols.letter(id, mark.length as usize)));
            }
        }
        self.letters.extend(cell.extra.iter().filter_map(|&(id, length)| post.symbols.letter(id, length as usize)));
        self.letters.extend(ones.iter().filter_map(|&id| post.symbols.letter(id, 1)));
        self.close_word();
    }

    /// A boundary marker; the strongest of neighbours wins.
    fn boundary(&mut self, boundary: Boundary) {
        self.text.extend(boundary.marker());
    }

    fn close_word(&mut self) {
        self.letters.sort_unstable();
        self.letters.dedup();
        self.text.push('<');
        self.text.extend(self.letters.iter());
        for &letter in &self.letters {
            self.present.insert(letter);
        }
        self.text.push('>');
    }

    /// The words that begin in `start..end` of the string.
    pub(crate) fn words(&self, start: usize, end: usize) -> Range<usize> {
        let first = self.starts.partition_point(|&s| (s as usize) < start);
        let last = self.starts.partition_point(|&s| (s as usize) < end).min(self.starts.len().saturating_sub(1));
        first..last.max(first)
    }

    /// The string for people: names of symbols instead of letters.
    pub(crate) fn readable(&self, symbols: &Symbols) -> String {
        let mut out = String::new();
        for c in self.text.chars() {
            match symbols.name(c) {
                Some(name) => {
                    if !out.ends_with('<') {
                        out.push(' ');
                    }
                    out.push_str(name);
                }
                None => out.push(c),
            }
        }
        out
    }
}
