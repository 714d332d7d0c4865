//! Words cut in two or run together: split, glued, hashtags, glued elision.

use super::facts::Facts;
use super::{FormUse, Place, View, Views};
use crate::{Pos, TokenFlags};

/// Words of a segmentation, at most: eight, or ten in a hashtag.
const MAX_PARTS: (usize, usize) = (8, 10);
/// Longest word of a segmentation, in letters.
const MAX_WORD: usize = 20;
/// Occurrences that a form is credited with, per hundred million words: a rare form must win against noise.
const FLOOR: u32 = 300;
/// Two-letter words must be as frequent as this to stand in a segmentation, three-letter words as the second.
const FREQUENT: (u32, u32) = (30_000, 400);
impl Views<'_> {
    /// Joins the token with the one before it, and the one before that, when the whole is a form.
    pub(super) fn split(&mut self, index: usize) {
        let tokens = self.folded.tokens();
        let mut word = std::mem::take(&mut self.out.scratch.word);
        for count in [2_usize, 3] {
            let Some(first) = (index + 1).checked_sub(count) else { break };
            if !self.joins(first + 1) {
                break;
            }
            word.clear();
            (first..=index).for_each(|i| word.extend_from_slice(self.folded.word(i).as_bytes()));
            self.out.work += word.len() as u64;
            if word.len() < 5 || word.len() > MAX_WORD {
                continue;
            }
            // Five letters are enough when a piece of three is no word at all; else a piece hardly ever met will do: "ope" is a word of architects.
            let facts = self.facts;
            let nothing = |i: usize| self.folded.word(i).len() >= 3 && facts[i].contains(Facts::NOTHING);
            let doubtful = |i: usize| if word.len() < 6 { nothing(i) } else { facts[i].contains(Facts::RARE) };
            if !(first..=index).any(doubtful) {
                continue;
            }
            let form = self.lookup.key(&word).filter(|k| self.lookup.allows(*k, FormUse::WEAK) && !self.lookup.is_joined(*k));
            if let Some(key) = form {
                let here = Place { tokens: first..index + 1, span: tokens[first].span.join(tokens[index].span) };
                let lookup = self.lookup;
                self.push(&here, lookup.text(key), View::Split);
            }
        }
        self.out.scratch.word = word;
    }

    /// Token `index` stands close to the one before it: a space, a hyphen, a full stop, nothing more.
    fn joins(&self, index: usize) -> bool {
        let tokens = self.folded.tokens();
        let gap = &self.post[tokens[index - 1].span.end as usize..tokens[index].span.start as usize];
        gap.len() <= 3
            && gap.chars().count() == 1
            && !gap.contains(['\n', '\'', '’', ',', '!', '?', ';', ':', '(', ')', '"'])
            && !tokens[index].flags.contains(TokenFlags::EMOJI)
    }

    /// Words run together. True when it was read.
    pub(super) fn glued(&mut self, word: &str, here: &Place, index: usize) -> bool {
        let hashtag = self.folded.tokens()[index].flags.contains(TokenFlags::HASHTAG);
        let lookup = self.lookup;
        if let Some(key) = lookup.key(word.as_bytes()).filter(|k| lookup.is_joined(*k) && lookup.allows(*k, FormUse::WEAK)) {
            self.push(here, lookup.text(key), View::Glued);
            return true;
        }
        if hashtag && self.hashtag(index) {
            return true;
        }
        // Names are made of words: Montfort, Lachance.
        if self.is_name_inside(index) {
            return false;
        }
        self.elided(word, here) || word.len() >= 6 && self.segmented(word, here, if hashtag { MAX_PARTS.1 } else { MAX_PARTS.0 })
    }

    /// A clitic glued to a form: "lyoupi", "darabica".
    fn elided(&mut self, word: &str, here: &Place) -> bool {
        let clitic = match word.as_bytes() {
            [b'q', b'u', ..] => 2,
            [b'l' | b'd' | b'c' | b's' | b'n' | b'j' | b't' | b'm', ..] => 1,
            _ => return false,
        };
        let rest = &word[clitic..];
        let form = self.lookup.key(rest.as_bytes()).filter(|k| rest.len() >= 4 && self.lookup.is_whole(*k) && self.lookup.allows(*k, FormUse::WEAK));
        if form.is_some() {
            let text = format!("{} {rest}", &word[..clitic]);
            self.push(here, &text, View::Glued);
        }
        form.is_some()
    }

    /// A hashtag in camel case: its pieces are its words.
    pub(super) fn hashtag(&mut self, index: usize) -> bool {
        let span = self.folded.tokens()[index].span;
        let surface = &self.post[span.range()];
        // Entities and marks hide where the capitals are.
        if surface.contains('&') {
            return false;
        }
        let mut cuts = vec![0];
        let mut before = ' ';
        for (at, c) in surface.char_indices() {
            if at > 0 && (c.is_uppercase() && !before.is_uppercase() || c.is_ascii_digit() != before.is_ascii_digit()) {
                cuts.push(at);
            }
            before = c;
        }
        cuts.push(surface.len());
        if cuts.len() < 3 || cuts.len() > MAX_PARTS.1 + 1 || surface.len() > 4 * super::MAX_LETTERS {
            return false;
        }
        self.out.work += surface.len() as u64;
        let words: Vec<String> = cuts.windows(2).map(|w| crate::fold_word(&surface[w[0]..w[1]])).filter(|w| !w.is_empty()).collect();
        let explained =
            words.iter().all(|w| self.dictionary.is_ordinary(w) || self.lookup.key(w.as_bytes()).is_some() || w.bytes().all(|b| b.is_ascii_digit()));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if !explained || !self.holds_form(&words, 3) {
            return false;
        }
        let here = Place { tokens: index..index + 1, span };
        self.push(&here, &words.join(" "), View::Glued);
        true
    }

    /// The likeliest segmentation by unigram counts, if it holds a form.
    pub(super) fn segmented(&mut self, word: &str, here: &Place, parts: usize) -> bool {
        if word.len() > super::MAX_LETTERS || !self.carries_form(word.as_bytes()) {
            return false;
        }
        let n = word.len();
        let mut best = std::mem::take(&mut self.out.scratch.best);
        best.clear();
        best.resize(n + 1, (f32::NEG_INFINITY, 0));
        best[0] = (0.0, 0);
        for start in 0..n {
            if best[start].0 == f32::NEG_INFINITY {
                continue;
            }
            for end in start + 1..=n.min(start + MAX_WORD) {
                self.out.work += 1;
                if end == start + 1 && !stands_alone(word.as_bytes(), start) {
                    continue;
                }
                if let Some(weight) = self.weight(&word[start..end]) {
                    let score = best[start].0 + weight;
                    if score > best[end].0 {
                        best[end] = (score, (end - start) as u8);
                    }
                }
            }
        }
        let mut words = Vec::new();
        let mut end = n;
        while end > 0 && best[end].1 > 0 {
            let start = end - usize::from(best[end].1);
            words.push(&word[start..end]);
            end = start;
        }
        self.out.scratch.best = best;
        words.reverse();
        let read = end == 0 && (2..=parts).contains(&words.len()) && self.holds_form(&words, 4);
        if read {
            let lookup = self.lookup;
            let spaced: Vec<&str> = words.iter().map(|w| lookup.key(w.as_bytes()).map_or(*w, |k| lookup.text(k))).collect();
            self.push(here, &spaced.join(" "), View::Glued);
        }
        read
    }

    /// Log-probability of a word, or `None` when it cannot stand in a segmentation.
    fn weight(&self, word: &str) -> Option<f32> {
        let info = self.dictionary.get(word);
        let form = self.lookup.key(word.as_bytes()).is_some_and(|k| self.lookup.allows(k, FormUse::WEAK));
        let mut count = info.map_or(0, |i| i.count);
        if form {
            count = count.max(FLOOR);
        } else {
            info?;
            match word.len() {
                1 => count = count.min(100_000),
                2 if count < FREQUENT.0 => return None,
                3 if count < FREQUENT.1 => return None,
                _ => {}
            }
            if info.is_some_and(|i| i.pos == Pos::FOREIGN || i.pos == Pos::NAME) {
                count = count.max(2);
            }
        }
        Some(((count as f32) + 1.0).ln() - 100_000_000_f32.ln())
    }

    /// Some whole form of four letters or more stands inside: the cheap test in front of the segmentation.
    fn carries_form(&mut self, word: &[u8]) -> bool {
        let trie = self.lookup.trie();
        for start in 0..word.len() {
            let mut node = 0;
            for (length, letter) in word[start..].iter().enumerate() {
                self.out.work += 1;
                let Some(next) = trie.child(node, *letter) else { break };
                node = next;
                if length >= 3 && trie.key_at(node).is_some_and(|k| self.lookup.is_whole(k) && self.lookup.allows(k, FormUse::WEAK)) {
                    return true;
                }
            }
        }
        false
    }

    /// One to five neighbours are a whole form of `shortest` letters or more.
    fn holds_form(&self, words: &[&str], shortest: usize) -> bool {
        (0..words.len()).any(|start| {
            let mut letters = String::new();
            words[start..].iter().take(5).any(|word| {
                letters.push_str(word);
                letters.len() >= shortest
                    && self.lookup.key(letters.as_bytes()).is_some_and(|k| self.lookup.is_whole(k) && self.lookup.allows(k, FormUse::WEAK))
            })
        })
    }
}

/// Whether the letter at `at` can be a word of its own: "a", "y", or a clitic before a vowel.
fn stands_alone(word: &[u8], at: usize) -> bool {
    match word[at] {
        b'a' | b'y' => true,
        b'l' | b'd' | b'c' | b'j' | b'm' | b'n' | b's' | b't' => matches!(word.get(at + 1), Some(b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h')),
        _ => false,
    }
}
