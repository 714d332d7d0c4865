//! The canonical fold.

use crate::Span;

bitflags::bitflags! {
    /// Why a token may deserve a view.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct TokenFlags: u16 {
        /// A digit stands in the token.
        const DIGIT = 1;
        /// A symbol that can stand for a letter, or a mask.
        const SYMBOL = 2;
        /// Three equal letters in a row.
        const RUN = 4;
        /// One letter alone.
        const SINGLE = 8;
        /// Written with a leading #.
        const HASHTAG = 16;
        /// The original starts with a capital.
        const CAPITAL = 32;
        /// The original carries an accent.
        const ACCENT = 64;
        /// Look-alike letters of other alphabets were folded.
        const LOOKALIKE = 128;
        /// Invisible characters were deleted.
        const INVISIBLE = 256;
    }
}

/// One token of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte in the folded text.
    pub start: u32,
    /// One past the last byte in the folded text.
    pub end: u32,
    /// Where it stands in the original.
    pub span: Span,
    /// What the gates saw.
    pub flags: TokenFlags,
}

/// A folded post: reusable, no allocation once warm.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    tokens: Vec<Token>,
}

impl Folded {
    /// The folded text: a space, then each token and a space. The empty post is one space.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tokens in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// A token's folded letters.
    pub fn word(&self, token: usize) -> &str {
        let t = self.tokens[token];
        &self.text[t.start as usize..t.end as usize]
    }
}

/// Folds `text` into `out`, replacing what it held.
pub fn fold(text: &str, out: &mut Folded) {
    out.text.clear();
    out.tokens.clear();
    out.text.push(' ');
    let mut open: Option<(usize, usize, TokenFlags)> = None;
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        let mut flags = TokenFlags::empty();
        let mut letters = String::new();
        match c {
            'œ' | 'Œ' => letters.push_str("oe"),
            'æ' | 'Æ' => letters.push_str("ae"),
            _ => {
                for d in unicode_normalization::UnicodeNormalization::nfkd(c) {
                    if d.is_alphanumeric() {
                        letters.extend(d.to_lowercase());
                    } else if unicode_normalization::char::is_combining_mark(d) {
                        flags |= TokenFlags::ACCENT;
                    }
                }
            }
        }
        if letters.is_empty() && !flags.contains(TokenFlags::ACCENT) {
            if let Some((start, from, flags)) = open.take() {
                out.tokens.push(Token { start: start as u32, end: out.text.len() as u32, span: Span::new(from, at), flags });
                out.text.push(' ');
            }
            continue;
        }
        let entry = open.get_or_insert((out.text.len(), at, if c.is_uppercase() { TokenFlags::CAPITAL } else { TokenFlags::empty() }));
        entry.2 |= flags;
        out.text.push_str(&letters);
    }
}

/// Folds one word or phrase of the lexicon: tokens joined by single spaces, no outer space.
pub fn fold_word(word: &str) -> String {
    let mut out = Folded::default();
    fold(word, &mut out);
    out.text.trim().to_owned()
}
