//! What the canonical fold drops and a view brings back: invisible characters used as spaces, text under a right-to-left override, words
//! inside an encoded web address.

use super::{FormUse, Place, View, Views};
use crate::TokenFlags;

/// Longest address that is decoded, in bytes.
const MAX_ADDRESS: usize = 512;

impl Views<'_> {
    /// Invisible characters as word breaks, reversed text.
    pub(super) fn invisible(&mut self) {
        let tokens = self.folded.tokens();
        let mut index = 0;
        while index < tokens.len() {
            let flags = tokens[index].flags;
            self.out.work += 1;
            if flags.contains(TokenFlags::INVISIBLE) {
                self.broken(index);
            }
            if flags.contains(TokenFlags::REVERSED) {
                let end = (index..tokens.len()).find(|i| !tokens[*i].flags.contains(TokenFlags::REVERSED)).unwrap_or(tokens.len());
                self.reversed(index, end);
                index = end;
            } else {
                index += 1;
            }
        }
    }

    /// A token read with a space at each invisible character.
    fn broken(&mut self, index: usize) {
        let span = self.folded.tokens()[index].span;
        let surface = &self.post[span.range()];
        if surface.len() > 4 * super::MAX_LETTERS || self.dictionary.is_ordinary(self.folded.word(index)) {
            return;
        }
        self.out.work += surface.len() as u64;
        let pieces: Vec<String> = surface.split(crate::fold::is_invisible).filter(|p| !p.is_empty()).map(crate::fold_word).collect();
        let known =
            |w: &String| (w.len() > 1 || matches!(w.as_str(), "a" | "y")) && (self.dictionary.is_ordinary(w) || self.lookup.key(w.as_bytes()).is_some());
        let form = |w: &String| w.len() >= 4 && self.lookup.key(w.as_bytes()).is_some_and(|k| self.lookup.is_whole(k));
        let joined = self.lookup.key(self.folded.word(index).as_bytes()).is_some_and(|k| self.lookup.is_joined(k));
        if pieces.len() >= 2 && pieces.iter().all(known) && (joined || pieces.iter().any(form)) {
            let here = Place { tokens: index..index + 1, span };
            self.push(&here, &pieces.join(" "), View::Invisible);
        }
    }

    /// Tokens under an override, read as they are drawn: last first, each backwards.
    fn reversed(&mut self, from: usize, to: usize) {
        let mut text = String::new();
        let mut any = false;
        // A screenful: longer runs are no hidden word.
        let from = from.max(to.saturating_sub(32));
        for index in (from..to).rev() {
            let word: String = self.folded.word(index).chars().rev().collect();
            self.out.work += word.len() as u64;
            any |= self.lookup.key(word.as_bytes()).is_some();
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&word);
        }
        if any {
            let tokens = self.folded.tokens();
            let here = Place { tokens: from..to, span: tokens[from].span.join(tokens[to - 1].span) };
            self.push(&here, &text, View::Invisible);
        }
    }

    /// The words of an address that hides them behind percent signs.
    pub(super) fn address(&mut self, index: usize) {
        let span = self.folded.tokens()[index].span;
        let url = &self.post[span.range()];
        if url.len() > MAX_ADDRESS {
            return;
        }
        self.out.work += url.len() as u64;
        let Some(decoded) = decode(url) else { return };
        // Scheme and host are no words.
        let path = decoded.split_once("://").map_or(decoded.as_str(), |(_, rest)| rest);
        let path = path.split_once(['/', '?']).map_or("", |(_, path)| path);
        let mut folded = std::mem::take(&mut self.out.scratch.folded);
        crate::fold(path, &mut folded);
        let count = folded.tokens().len();
        let form = (0..count).any(|start| {
            let mut letters = String::new();
            (start..count.min(start + 4)).any(|i| {
                letters.push_str(folded.word(i));
                letters.len() >= 4 && self.lookup.key(letters.as_bytes()).is_some_and(|k| self.lookup.is_whole(k) && self.lookup.allows(k, FormUse::STRONG))
            })
        });
        if form {
            let here = Place { tokens: index..index + 1, span };
            self.push(&here, folded.text().trim_matches(' '), View::Glued);
        }
        self.out.scratch.folded = folded;
    }
}

/// Percent-decodes an address; `+` is a space. `None` when the bytes are no UTF-8.
fn decode(url: &str) -> Option<String> {
    let bytes = url.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = (byte == b'%').then(|| url.get(at + 1..at + 3)).flatten().and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(match (hex, byte) {
            (Some(decoded), _) => decoded,
            (None, b'+') => b' ',
            _ => byte,
        });
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).ok()
}
