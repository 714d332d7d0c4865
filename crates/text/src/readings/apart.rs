//! Letters set apart (`b.a.t.e.a.u`, `b a t e a u`), and phrases whose words an emoji keeps apart.

use super::chunk::{Made, is_hidden, leet, plainest, push_letter, push_symbol};
use super::{FormUse, Place, View, Views};
use crate::TokenFlags;

/// Longest run of spelled letters that is read.
const MAX_SPELLED: usize = 40;

/// Fewest letters in a row that are read.
const FEWEST_SPELLED: usize = 4;

/// Longest gap between spelled letters, in bytes.
const MAX_SPELLED_GAP: usize = 16;

impl Views<'_> {
    /// Four single letters in a row, at least: `p.u.r.e`, `p u r e`.
    pub(super) fn separated(&mut self) {
        let tokens = self.folded.tokens();
        self.out.work += tokens.len() as u64;
        // Most posts have a letter alone and no row of them.
        let mut row = 0;
        let mut rows = tokens.iter().map(|token| {
            row = if token.flags.intersects(TokenFlags::SINGLE | TokenFlags::RUN | TokenFlags::DIGIT) { row + 1 } else { 0 };
            row
        });
        if !rows.any(|row| row >= FEWEST_SPELLED) {
            return;
        }
        let mut from = 0;
        while from < tokens.len() {
            let mut to = from;
            while to < tokens.len() && self.is_spelled(to) && (to == from || self.same_gap(from, to) && !self.is_elided(from, to)) {
                to += 1;
            }
            self.out.work += (to - from) as u64 + 1;
            // A verb may follow the spelled word: "b a t e a u a coulé".
            if to - from >= FEWEST_SPELLED && !self.spelled(from, to) && to - from >= 5 && matches!(self.folded.word(to - 1), "a" | "y") {
                self.spelled(from, to - 1);
            }
            // A run that ended for its gap may leave its last letter to the next one.
            from = if to > from + 1 { to - usize::from(to < tokens.len() && self.is_spelled(to)) } else { from + 1 };
        }
    }

    /// One letter, or one run of the same letter.
    fn is_spelled(&self, index: usize) -> bool {
        let flags = self.folded.tokens()[index].flags;
        if flags.contains(TokenFlags::EMOJI) {
            return false;
        }
        let word = self.folded.word(index).as_bytes();
        word.len() == 1 || word.len() <= 8 && word.len() >= 3 && word.iter().all(|b| *b == word[0])
    }

    /// "n" in "b a t e a u x n'ont": the apostrophe ties it to what follows, unless apostrophes set the whole run apart.
    fn is_elided(&self, from: usize, to: usize) -> bool {
        let apostrophe = |text: &str| text.starts_with(['\'', '’']);
        apostrophe(&self.post[self.folded.tokens()[to].span.end as usize..]) && !apostrophe(self.gap(from + 1))
    }

    /// The gap before token `to` is like the first gap of the run: same signs, any spaces, one line. Symbols that stand for a letter
    /// may stand in it: `b @ t e a u`.
    fn same_gap(&self, from: usize, to: usize) -> bool {
        let (first, this) = (self.gap(from + 1), self.gap(to));
        let sign = |gap: &str| gap.chars().find(|c| !c.is_whitespace() && leet(*c).is_none() && !is_hidden(*c));
        first.len() <= MAX_SPELLED_GAP && this.len() <= MAX_SPELLED_GAP && !this.contains('\n') && sign(first) == sign(this)
    }

    /// What stands before token `index`, down to the token before it.
    fn gap(&self, index: usize) -> &str {
        let tokens = self.folded.tokens();
        &self.post[tokens[index - 1].span.end as usize..tokens[index].span.start as usize]
    }

    /// Reads the single letters `from..to` as one word, or as words run together. A part of the run is no word: "b o t e a u x" hides none.
    /// True when it was read.
    fn spelled(&mut self, from: usize, to: usize) -> bool {
        let tokens = self.folded.tokens();
        let mut read = false;
        let mut elements = std::mem::take(&mut self.out.scratch.elements);
        // A clitic or two may stand alone before the spelled word: "il y a b a t e a u".
        for start in from..(from + 3).min(to.saturating_sub(3)) {
            if start > from && !matches!(self.folded.word(start - 1), "a" | "y" | "l" | "d" | "c" | "j" | "m" | "n" | "s" | "t" | "o") {
                break;
            }
            elements.clear();
            let mut made = Made::default();
            for (index, token) in tokens.iter().enumerate().take(to.min(start + MAX_SPELLED)).skip(start) {
                if index > start && !self.gap(index).chars().all(char::is_whitespace) {
                    for c in self.gap(index).chars().filter(|c| leet(*c).is_some()) {
                        push_symbol(c, token.span.start, &mut elements, &mut made);
                    }
                }
                for b in self.folded.word(index).bytes() {
                    push_letter(b, token.span.end, &mut elements, &mut made);
                }
            }
            self.out.work += elements.len() as u64;
            if made.letters < 2 || elements.len() > MAX_SPELLED || to - start > MAX_SPELLED {
                continue;
            }
            let here = Place { tokens: start..to, span: tokens[start].span.join(tokens[to - 1].span) };
            let word = plainest(&elements);
            read = self.walk(&elements, 4, View::Separated, &here);
            if read || self.dictionary.is_ordinary(&word) {
                break;
            }
            read = word.len() >= 6 && self.segmented(&word, &here, 8);
            if read {
                break;
            }
        }
        self.out.scratch.elements = elements;
        read
    }

    /// A phrase whose words an emoji keeps apart, or what is said of people and their name. The emoji is read behind the two words.
    pub(super) fn emoji_between_words(&mut self) {
        let tokens = self.folded.tokens();
        let is_emoji = |index: usize| tokens[index].flags.contains(TokenFlags::EMOJI);
        let mut text = std::mem::take(&mut self.out.scratch.text);
        for index in 1..tokens.len().saturating_sub(1) {
            self.out.work += 1;
            if !is_emoji(index) || is_emoji(index - 1) {
                continue;
            }
            let Some(next) = (index + 1..tokens.len().min(index + 5)).find(|i| !is_emoji(*i)) else { continue };
            let (left, right) = (self.folded.word(index - 1), self.folded.word(next));
            text.clear();
            text.push_str(left);
            text.push(' ');
            text.push_str(right);
            if self.lookup.is_pair(&text) || self.says_of_people(left, right) {
                for emoji in index..next {
                    text.push(' ');
                    text.push_str(self.folded.word(emoji));
                }
                let here = Place { tokens: index - 1..next + 1, span: tokens[index - 1].span.join(tokens[next].span) };
                self.push(&here, &text, View::Separated);
            }
        }
        self.out.scratch.text = text;
    }

    fn says_of_people(&self, left: &str, right: &str) -> bool {
        let whole = |word: &str| self.lookup.key(word.as_bytes()).filter(|k| self.lookup.is_whole(*k));
        whole(right).is_some_and(|k| self.lookup.allows(k, FormUse::NAMING))
            && whole(left).is_some_and(|k| self.lookup.allows(k, FormUse::WEAK) && !self.lookup.allows(k, FormUse::NAMING))
    }
}
