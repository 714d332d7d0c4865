//! What shows that a post is written carelessly: asked of every token of every post, so that most are told at a glance.

use super::super::Views;
use super::super::facts::Facts;
use crate::{Dictionary, Pos, TokenFlags};

/// Determiners of the plural.
const PLURAL: &[&str] = &["ces", "des", "les", "mes", "nos", "ses", "tes", "vos", "toutes", "leurs"];
/// Names of peoples that many write without an s in the plural.
const INVARIABLE: &[&str] = &["burkinabe", "hutu", "inuit", "kanak", "maori", "peul", "rohingya", "sinti", "touareg", "tutsi"];
/// Endings that are not heard, and that the commonest spelling of a word keeps.
const MUTE: &[&str] = &["e", "s", "t", "d", "es"];

/// Whether a word wants a plural behind it.
pub(in super::super) fn wants_plural(word: &str) -> bool {
    PLURAL.contains(&word)
}

/// Whether a word is careless when it is written with an accent.
pub(in super::super) fn is_bare(word: &str) -> bool {
    matches!(word, "le" | "de" | "se" | "me" | "ce" | "che" | "e")
}

/// Whether a word is a noun in the singular whose plural has an s more.
pub(in super::super) fn is_unmarked(word: &str, dictionary: &Dictionary) -> bool {
    word.len() >= 4
        && !word.ends_with(['s', 'x', 'z'])
        && !INVARIABLE.contains(&word)
        && dictionary.get(word).is_some_and(|info| info.pos.has(Pos::NOUN) && !info.pos.has(Pos::PLURAL) && !info.pos.has(Pos::VERB))
        && dictionary.get(&format!("{word}s")).is_some_and(|info| info.pos.has(Pos::PLURAL))
}

/// Whether a word that nobody knows is common with a mute ending.
pub(in super::super) fn is_cut(word: &str, dictionary: &Dictionary) -> bool {
    word.len() >= 3 && word.bytes().all(|b| b.is_ascii_lowercase()) && MUTE.iter().any(|tail| dictionary.is_common(&format!("{word}{tail}")))
}

impl Views<'_> {
    /// Whether a token shows it by itself: a word of text messages, a letter that stands for a word, a plural without its mark.
    pub(in super::super) fn is_sign(&self, index: usize, facts: Facts) -> bool {
        let token = self.folded.tokens()[index];
        if token.flags.contains(TokenFlags::ACCENT) {
            return facts.contains(Facts::BARE) && (token.end - token.start > 1 || self.is_alone(index));
        }
        if facts.contains(Facts::PLURAL) {
            return self.stands_unmarked(index + 1);
        }
        if token.flags.intersects(TokenFlags::CAPITAL | TokenFlags::EMOJI | TokenFlags::FOREIGN) {
            return false;
        }
        facts.contains(Facts::CARELESS)
            || token.end - token.start == 1 && matches!(self.folded.word(index), "c" | "d" | "g" | "k" | "q" | "j") && self.is_alone(index)
    }

    /// A letter between spaces, behind no number and before a word of several letters.
    fn is_alone(&self, index: usize) -> bool {
        let tokens = self.folded.tokens();
        let token = tokens[index];
        let Some(next) = tokens.get(index + 1) else { return false };
        let is_number = |i: usize| tokens[i].flags.contains(TokenFlags::DIGIT);
        let spaced = |text: Option<&str>| text.is_some_and(|text| text == " ");
        let behind = index.checked_sub(1).is_none_or(|i| !is_number(i) && spaced(self.post.get(tokens[i].span.end as usize..token.span.start as usize)));
        behind
            && spaced(self.post.get(token.span.end as usize..next.span.start as usize))
            && next.end - next.start > 1
            && !next.flags.intersects(TokenFlags::CAPITAL | TokenFlags::DIGIT)
    }

    /// A noun without the s that a determiner of the plural asks for, and that its plural has.
    fn stands_unmarked(&self, index: usize) -> bool {
        let Some((token, facts)) = self.folded.tokens().get(index).zip(self.facts.get(index)) else { return false };
        facts.contains(Facts::UNMARKED)
            && !token.flags.intersects(TokenFlags::CAPITAL | TokenFlags::DIGIT | TokenFlags::FOREIGN)
            // "les demi-vies": the mark stands at the end of the whole.
            && !self.post.get(token.span.end as usize..).is_some_and(|rest| rest.starts_with(['-', '\'', '’']))
    }
}
