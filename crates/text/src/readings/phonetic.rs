//! Words spelled as they sound. The key is coarse on purpose, so it is only asked about unknown words of five letters and more.

use super::{Place, View, Views};

/// Shortest word that is listened to.
const SHORTEST_WORD: usize = 5;
/// Shortest form that a sound may lead to.
pub(super) const SHORTEST_FORM: usize = 6;
/// Shortest form that a sound may lead to when it is an ordinary word besides.
pub(super) const LONG_FORM: usize = 8;
/// Shortest sound that says anything.
pub(super) const SHORTEST_SOUND: usize = 4;
/// Readings of one word.
const MAX_READINGS: usize = 2;

impl Views<'_> {
    /// Forms that sound the same.
    pub(super) fn phonetic(&mut self, word: &str, here: &Place) {
        if word.len() < SHORTEST_WORD {
            return;
        }
        let mut key = std::mem::take(&mut self.out.scratch.word);
        sound(word.as_bytes(), &mut key);
        self.out.work += word.len() as u64;
        let lookup = self.lookup;
        let heard = key.len() >= SHORTEST_SOUND && lookup.sounds.contains_key(key.as_slice());
        if heard {
            self.out.scratch.word = key;
            if self.has_rival(word.as_bytes(), 0, false) {
                return;
            }
            key = std::mem::take(&mut self.out.scratch.word);
            sound(word.as_bytes(), &mut key);
            for form in lookup.sounds.get(key.as_slice()).into_iter().flatten().take(MAX_READINGS) {
                self.push(here, lookup.text(*form), View::Phonetic);
            }
        }
        self.out.scratch.word = key;
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
        let rows = [("connaissance", "konaissanse"), ("chapeau", "shapo"), ("photographe", "fotograf"), ("mange", "manj"), ("cousine", "kouzine")];
        for (a, b) in rows {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            sound(a.as_bytes(), &mut x);
            sound(b.as_bytes(), &mut y);
            assert_eq!(String::from_utf8_lossy(&x), String::from_utf8_lossy(&y), "{a} {b}");
        }
    }
}
