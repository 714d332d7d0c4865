//! What the engine itself gives to words only in a post that holds certain characters: a post without them has no need of the patterns that ask for it.

use vigie_text::{Folded, TokenFlags};

bitflags::bitflags! {
    /// What some word of a post may get.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Signs: u8 {
        const EQUALS = 1;
        const QUOTED = 2;
        const QUESTION = 4;
        const EXCLAMATION = 8;
        const HASHTAG = 16;
        const EMOJI = 32;
    }
}

impl Signs {
    /// Their symbols.
    pub(crate) const NAMES: [(&str, Self); 6] = [
        ("EQUALS", Self::EQUALS),
        ("QUOTED", Self::QUOTED),
        ("QUESTION", Self::QUESTION),
        ("EXCLAM", Self::EXCLAMATION),
        ("HASHTAG", Self::HASHTAG),
        ("EMOJI", Self::EMOJI),
    ];

    /// The sign that a symbol stands for, whatever is asked of its kind.
    pub(crate) fn named(symbol: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| *name == symbol).map(|(_, sign)| *sign)
    }

    /// Of what is known by sign, in the order of [`Signs::NAMES`], what is known of these.
    pub(crate) fn of_each<T>(self, known: &[T]) -> impl Iterator<Item = &T> {
        Self::NAMES.iter().zip(known).filter(move |((_, sign), _)| self.contains(*sign)).map(|(_, known)| known)
    }

    /// Those that a post may have; without one of them, no word has it.
    pub(crate) fn of(text: &str, folded: &Folded) -> Self {
        let mut signs = Self::from_bits_truncate(text.bytes().fold(0, |all, byte| all | OF_BYTE[usize::from(byte)]));
        signs.set(Self::HASHTAG, folded.gates().contains(TokenFlags::HASHTAG));
        let letter = |at: u32| folded.text().as_bytes().get(at as usize).is_some_and(u8::is_ascii_alphanumeric);
        signs.set(Self::EMOJI, !folded.tokens().iter().all(|token| letter(token.start)));
        signs
    }
}

/// By byte: the signs of which a character of [`crate::clause::places`] holds it. An entity can be any character.
const OF_BYTE: [u8; 256] = {
    let mut table = [0; 256];
    let quotes = Signs::QUOTED.bits();
    let ends = Signs::QUESTION.bits() | Signs::EXCLAMATION.bits();
    table[b'&' as usize] = Signs::EQUALS.bits() | quotes | ends;
    table[b'=' as usize] = Signs::EQUALS.bits();
    table[b'?' as usize] = Signs::QUESTION.bits();
    table[b'!' as usize] = Signs::EXCLAMATION.bits();
    table[b'"' as usize] = quotes;
    // Of wider characters, the byte that French shares with fewest others.
    let equals = Signs::EQUALS.bits();
    let wide = [
        ('→', 1, equals),
        ('⇒', 1, equals),
        ('➡', 2, equals),
        ('«', 1, quotes),
        ('“', 2, quotes),
        ('„', 2, quotes),
        ('⁉', 1, ends),
        ('‼', 2, ends),
        ('‽', 2, ends),
    ];
    let mut n = 0;
    while n < wide.len() {
        let (character, byte, signs) = wide[n];
        let mut bytes = [0; 4];
        character.encode_utf8(&mut bytes);
        table[bytes[byte] as usize] |= signs;
        n += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clause;
    use crate::words::Words;

    /// Every character that gives a sign, between two words.
    #[test]
    fn a_post_that_gives_a_sign_to_a_word_has_the_sign() {
        for c in "=➡→⇒«»“”„\"?⁉‽!‼&#é.".chars() {
            let text = format!("un {c} deux {c} trois");
            let mut folded = Folded::default();
            vigie_text::fold(&text, &mut folded);
            let (mut words, mut places) = (Words::default(), Vec::new());
            words.set(&folded, &[]);
            clause::places(&text, words.list.len(), |i| words.list[i].span, &mut places);
            let signs = Signs::of(&text, &folded);
            for place in &places {
                assert!(!place.equals || signs.contains(Signs::EQUALS), "{c}");
                assert!(!place.quoted || signs.contains(Signs::QUOTED), "{c}");
                assert!(!place.question || signs.contains(Signs::QUESTION), "{c}");
                assert!(!place.exclamation || signs.contains(Signs::EXCLAMATION), "{c}");
            }
        }
    }
}
