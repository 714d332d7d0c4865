//! Words spelled as they sound. The key is coarse on purpose, so it is only asked about unknown words of five letters and more.

use super::{Place, View, Views};
use crate::TokenFlags;

/// How short a word, a form, a form that is an ordinary word besides, and a sound may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ear {
    word: usize,
    form: usize,
    ordinary: usize,
    pub(super) sound: usize,
}

/// In any post.
pub(super) const WARY: Ear = Ear { word: 5, form: 6, ordinary: 8, sound: 4 };
/// In a post whose writer spells by ear elsewhere.
pub(super) const KEEN: Ear = Ear { word: 4, form: 4, ordinary: 5, sound: 3 };
/// Readings of one word.
const MAX_READINGS: usize = 2;

impl Views<'_> {
    /// The word with its é and è written so that they are heard: the fold makes them mute.
    pub(super) fn voiced(&self, index: usize) -> Option<String> {
        let token = self.folded.tokens()[index];
        if !token.flags.contains(TokenFlags::ACCENT) {
            return None;
        }
        let surface = &self.post[token.span.range()];
        let heard = |c: char| matches!(c, 'é' | 'è' | 'ê' | 'É' | 'È' | 'Ê');
        let letters: String = surface.chars().map(|c| if heard(c) { "ai".to_owned() } else { crate::fold_word(c.encode_utf8(&mut [0; 4])) }).collect();
        (surface.contains(heard) && letters.bytes().all(|b| b.is_ascii_lowercase())).then_some(letters)
    }

    /// Forms that sound the same as the word, or as its voiced spelling.
    pub(super) fn phonetic(&mut self, word: &str, voiced: Option<&str>, here: &Place, ear: Ear) {
        if word.len() < ear.word {
            return;
        }
        let mut key = std::mem::take(&mut self.out.scratch.word);
        sound(voiced.unwrap_or(word).as_bytes(), &mut key);
        self.out.work += word.len() as u64;
        let lookup = self.lookup;
        let forms = if key.len() >= ear.sound { lookup.sounding(&key) } else { &[] };
        self.out.scratch.word = key;
        let long = |form: &&u32| {
            let text = lookup.text(**form);
            text.len() >= ear.form && (text.len() >= ear.ordinary || !self.dictionary.is_ordinary(text))
        };
        let mut found = [None; MAX_READINGS];
        for (place, form) in found.iter_mut().zip(forms.iter().filter(long)) {
            *place = Some(*form);
        }
        if found[0].is_none() || self.has_rival(word.as_bytes(), 0, false) {
            return;
        }
        for form in found.into_iter().flatten() {
            self.push(here, lookup.text(form), View::Phonetic);
        }
    }
}

/// The sound of a folded word: one byte a phoneme, vowels kept but for the mute e, doubles squeezed, mute endings dropped.
/// Nasal vowels keep their n, since people write "in" for "ine" and back.
#[allow(clippy::match_same_arms, reason = "rules in their order: the first that fits is heard")]
pub(super) fn sound(word: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let mut rest = word;
    while !rest.is_empty() {
        let (written, heard): (usize, &[u8]) = match rest {
            [b'e', b'a', b'u', ..] => (3, b"o"),
            [b'a', b'u', ..] => (2, b"o"),
            [b'o', b'u', ..] => (2, b"u"),
            [b'a' | b'e', b'i', b'n', c, ..] if is_vowel(*c) => (2, b"e"),
            [b'a' | b'e', b'i', b'n', ..] => (3, b"in"),
            [b'a' | b'e', b'i', ..] => (2, b"e"),
            [b'e', b'n' | b'm', c, ..] if !is_vowel(*c) && !matches!(c, b'n' | b'm') => (2, b"an"),
            [b's', b'c', b'h', ..] => (3, b"S"),
            [b'c' | b's', b'h', ..] => (2, b"S"),
            [b'p', b'h', ..] => (2, b"f"),
            [b'q', b'u', ..] => (2, b"k"),
            [b'c', b'k' | b'q', ..] | [b'h', ..] => (1, b""),
            [b'c', b'e' | b'i' | b'y', ..] => (1, b"s"),
            [b'c' | b'q' | b'k', ..] => (1, b"k"),
            [b'g', b'u', b'e' | b'i' | b'y', ..] => (2, b"g"),
            [b'g', b'e', b'a' | b'o', ..] => (2, b"j"),
            [b'g', b'e' | b'i' | b'y', ..] => (1, b"j"),
            [b'e' | b's' | b't' | b'd' | b'x' | b'p'] | [b'e', b's'] => (rest.len(), b""),
            [b'x', ..] => (1, b"ks"),
            [b'y', ..] => (1, b"i"),
            [b'z', ..] => (1, b"z"),
            [b's', c, ..] if rest.len() < word.len() && is_vowel(word[word.len() - rest.len() - 1]) && is_vowel(*c) => (1, b"z"),
            [b'e', b'r' | b'z'] => (2, b"e"),
            // Mute between two consonants, each of them single.
            [b'e', c, d, ..] if !is_vowel(*c) && is_vowel(*d) && rest.len() < word.len() => (1, b""),
            [c, ..] => (1, std::slice::from_ref(c)),
            [] => (1, b""),
        };
        for byte in heard {
            if out.last() != Some(byte) {
                out.push(*byte);
            }
        }
        rest = &rest[written.min(rest.len())..];
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn spellings_that_sound_alike_share_a_key() {
        let rows = [
            ("connaissance", "konaissanse"),
            ("chapeau", "shapo"),
            ("photographe", "fotograf"),
            ("mange", "manj"),
            ("cousine", "kouzine"),
            ("mondaine", "mondeine"),
        ];
        for (a, b) in rows {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            sound(a.as_bytes(), &mut x);
            sound(b.as_bytes(), &mut y);
            assert_eq!(String::from_utf8_lossy(&x), String::from_utf8_lossy(&y), "{a} {b}");
        }
    }
}
