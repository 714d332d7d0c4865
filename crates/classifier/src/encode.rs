//! The words of a post as sets of letters, with the boundary before each: what frames read.

use std::ops::Range;

use crate::cells::Cell;
use crate::clause::{Boundary, Place};
use crate::forms::Forms;
use crate::symbols::{Bases, Letter, Sign, SymbolId, Symbols};

/// A post ready to be encoded.
pub(crate) struct Post<'a> {
    pub(crate) cells: &'a [Cell],
    pub(crate) places: &'a [Place],
    pub(crate) forms: &'a Forms,
    pub(crate) symbols: &'a Symbols,
    /// The symbol of a phrase whose hole holds a group.
    pub(crate) filled: Option<SymbolId>,
}

/// The words of a post as sets of letters, with what stands before each.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    letters: Vec<Letter>,
    words: Vec<Word>,
    /// Letters of the word in work.
    word: Vec<Letter>,
    /// Symbols that single words get, of the word in work.
    ones: Vec<SymbolId>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    boundary: Boundary,
    /// Where its letters end.
    end: u32,
    sign: Sign,
}

impl Encoded {
    /// Encodes `cells`; `single` gives each word further one-word symbols.
    pub(crate) fn fill(&mut self, post: &Post<'_>, single: impl Fn(usize, &mut Vec<SymbolId>)) {
        self.clear();
        for i in 0..post.cells.len() {
            self.word(post, i, &single);
        }
    }

    /// Takes the words of `window` from an encoded post, with those of `finding` replaced by one word that holds some letters; says where that is.
    /// A finding behind the last word replaces nothing.
    pub(crate) fn fill_around(&mut self, post: &Self, window: Range<usize>, finding: &Range<usize>, letters: impl Iterator<Item = Letter>) -> Option<usize> {
        self.clear();
        if finding.start >= window.end {
            self.copy(post, window);
            return None;
        }
        self.word.clear();
        self.word.extend(letters);
        self.copy(post, window.start..finding.start);
        let at = self.words.len();
        self.close_word(post.boundary(finding.start));
        self.copy(post, finding.end.max(finding.start + 1)..window.end);
        // Whatever stands before them, the words of a window begin as a post does.
        if let Some(first) = self.words.first_mut().filter(|_| window.start < finding.start) {
            first.boundary = Boundary::Sentence;
        }
        Some(at)
    }

    /// Adds words of another encoded post.
    fn copy(&mut self, post: &Self, words: Range<usize>) {
        let words = words.start..words.end.max(words.start);
        let end = |word: usize| word.checked_sub(1).and_then(|before| post.words.get(before)).map_or(0, |word| word.end);
        let (start, here) = (end(words.start), self.letters.len() as u32);
        self.letters.extend_from_slice(&post.letters[start as usize..end(words.end) as usize]);
        self.words.extend(post.words[words].iter().map(|word| Word { end: word.end - start + here, ..*word }));
    }

    /// Words as they are, for tests of what only reads them.
    #[cfg(test)]
    pub(crate) fn of(words: impl IntoIterator<Item = (Boundary, Vec<Letter>)>) -> Self {
        let mut encoded = Self::default();
        for (boundary, letters) in words {
            encoded.word = letters;
            encoded.close_word(boundary);
        }
        encoded
    }

    fn clear(&mut self) {
        self.letters.clear();
        self.words.clear();
    }

    fn word(&mut self, post: &Post<'_>, i: usize, single: &impl Fn(usize, &mut Vec<SymbolId>)) {
        let cell = &post.cells[i];
        self.word.clear();
        for mark in &cell.marks {
            let holds = |id: &&SymbolId| post.symbols.base(**id) == Bases(0) || post.symbols.base(**id).meets(mark.bases);
            self.word.extend(post.forms.symbols_of(mark.symbols).iter().filter(holds).filter_map(|&id| post.symbols.letter(id, mark.length as usize)));
            if mark.filled {
                self.word.extend(post.filled.and_then(|id| post.symbols.letter(id, mark.length as usize)));
            }
        }
        self.word.extend(cell.extra.iter().filter_map(|&(id, length)| post.symbols.letter(id, length as usize)));
        self.ones.clear();
        single(i, &mut self.ones);
        self.word.extend(self.ones.iter().filter_map(|&id| post.symbols.letter(id, 1)));
        self.close_word(if self.words.is_empty() { Boundary::Sentence } else { post.places[i].before });
    }

    fn close_word(&mut self, boundary: Boundary) {
        self.word.sort_unstable();
        self.word.dedup();
        self.letters.extend_from_slice(&self.word);
        let sign = self.word.iter().fold(0, |all, letter| all | letter.sign());
        self.words.push(Word { boundary, end: self.letters.len() as u32, sign });
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// What stands before a word; behind the last one, the end of a sentence.
    pub(crate) fn boundary(&self, i: usize) -> Boundary {
        self.words.get(i).map_or(Boundary::Sentence, |word| word.boundary)
    }

    /// The letters of a word, in order; none behind the last one.
    pub(crate) fn letters(&self, i: usize) -> &[Letter] {
        let start = i.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, |word| word.end as usize);
        self.words.get(i).map_or(&[], |word| &self.letters[start..word.end as usize])
    }

    /// The letters of a word as bits.
    pub(crate) fn sign(&self, i: usize) -> Sign {
        self.words.get(i).map_or(0, |word| word.sign)
    }

    /// The post for people: names of symbols, and the markers.
    pub(crate) fn readable(&self, symbols: &Symbols) -> String {
        let mut out = String::new();
        for i in 0..self.len() {
            out.extend(self.boundary(i).marker());
            let names: Vec<&str> = self.letters(i).iter().filter_map(|letter| symbols.name(*letter)).collect();
            out.push_str(&format!("<{}>", names.join(" ")));
        }
        out.push('.');
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_word_of_what_stands_around_it_and_none_behind_the_last() {
        let post = Encoded::of((0..4).map(|_| (Boundary::None, Vec::new())));
        for (window, finding, words, at) in [
            (0..4, 1..3, 3, Some(1)),
            (0..4, 0..1, 4, Some(0)),
            (1..3, 2..3, 2, Some(1)),
            (2..4, 3..3, 2, Some(1)),
            (0..4, 4..4, 4, None),
            (4..4, 4..4, 0, None),
        ] {
            let mut around = Encoded::default();
            assert_eq!((around.fill_around(&post, window.clone(), &finding, std::iter::empty()), around.len()), (at, words), "{finding:?} in {window:?}");
        }
    }
}
