//! The canonical fold: a post becomes `a-z 0-9` tokens between single spaces, other alphabets pass through, emoji are tokens.
//! Always on, one pass, no view: what needs a guess is left to [`crate::readings()`].
//!
//! Laws (held by the tests below and in `tests/`): folding never fails and never splits a character; the fold of a folded text is
//! itself; the work is linear in the length of the post; [`oracle`](self) and this pass agree.

mod address;
mod ahead;
mod entity;
mod inclusive;
#[cfg(test)]
mod oracle;
mod pass;
mod plain;
mod tables;

use crate::Span;
use pass::Pass;
use tables::{ASCII, Ascii, Kind, LATIN_RANGE};

bitflags::bitflags! {
    /// Why a token may deserve a view.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct TokenFlags: u16 {
        /// A digit stands in the token.
        const DIGIT = 1;
        /// A symbol that can stand for a letter, or a mask, touches the token.
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
        /// Look-alike letters of other alphabets, or Latin letters in another dress, were folded.
        const LOOKALIKE = 128;
        /// Invisible characters were deleted.
        const INVISIBLE = 256;
        /// Written under a right-to-left override.
        const REVERSED = 512;
        /// An emoji or a flag; the sign of an encoded web address.
        const EMOJI = 1024;
        /// An inclusive suffix was dropped.
        const INCLUSIVE = 2048;
        /// Letters outside `a-z` remain.
        const FOREIGN = 4096;
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
    addresses: Vec<usize>,
    gates: TokenFlags,
    work: u64,
    /// Whole-foreign tokens that could be read as Latin, until the post is known to hold Latin letters.
    pending: Vec<Pending>,
    side: String,
}

/// A token and the Latin letters it looks like, `side[start..end]`.
#[derive(Debug, Clone, Copy)]
struct Pending {
    token: usize,
    start: usize,
    end: usize,
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

    /// Tokens that stand for a web address with letters behind percent signs. Other addresses, and mentions, are cut out without a trace.
    pub fn addresses(&self) -> &[usize] {
        &self.addresses
    }

    /// The flags of all tokens together.
    pub fn gates(&self) -> TokenFlags {
        self.gates
    }

    /// Bytes looked at by the last fold: at most [`Folded::WORK_PER_BYTE`] times the length of the post.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Upper bound of the work per byte of the post, look-ahead included.
    pub const WORK_PER_BYTE: u64 = 16;
}

/// Folds `text` into `out`, replacing what it held.
pub fn fold(text: &str, out: &mut Folded) {
    out.text.clear();
    out.tokens.clear();
    out.addresses.clear();
    out.pending.clear();
    out.side.clear();
    out.gates = TokenFlags::empty();
    out.work = 0;
    out.text.push(' ');
    let latin = Pass::over(text, out).run();
    if latin && !out.pending.is_empty() {
        out.rewrite_pending();
    }
}

/// Folds one word or phrase of the lexicon: tokens joined by single spaces, no outer space.
pub fn fold_word(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut out = Folded::default();
    fold(word, &mut out);
    out.text.trim_matches(' ').to_owned()
}

/// Appends the fold of one word to `out` when it is one token of Latin letters; false otherwise. The fold without its tokens.
pub(crate) fn fold_letters(word: &str, out: &mut String) -> bool {
    let table = tables::latin();
    for c in word.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if LATIN_RANGE.contains(&(c as u32)) && table[(c as u32 - LATIN_RANGE.start) as usize].len > 0 {
            out.push_str(table[(c as u32 - LATIN_RANGE.start) as usize].as_str());
        } else {
            // Rare in word lists: the whole fold.
            let folded = fold_word(word);
            out.clear();
            out.push_str(&folded);
            return !folded.is_empty() && !folded.contains(' ');
        }
    }
    !out.is_empty()
}

/// The character written by the HTML entity that `text` begins with, and the length of the entity.
pub fn entity(text: &str) -> Option<(char, usize)> {
    text.starts_with('&').then(|| entity::decode(text)).flatten()
}

/// Whether the fold deletes `c` without a trace.
pub(crate) fn is_invisible(c: char) -> bool {
    if c.is_ascii() { ASCII[c as usize] == Ascii::Control } else { tables::kind(c) == Kind::Invisible }
}

/// Whether the fold deletes `c`, outside ASCII: invisible, or a mark.
pub(crate) fn is_dropped(c: char) -> bool {
    matches!(tables::kind(c), Kind::Invisible | Kind::Mark)
}

/// Gates that need the whole folded word.
fn shape(word: &[u8]) -> TokenFlags {
    let mut flags = TokenFlags::empty();
    // One character: its first byte tells its length.
    let width = match word[0] {
        0..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    };
    flags.set(TokenFlags::SINGLE, word.len() == width);
    flags.set(TokenFlags::RUN, word.windows(3).any(|w| w[0] == w[1] && w[1] == w[2] && w[0].is_ascii_alphabetic()));
    flags
}

impl Folded {
    /// Rewrites the folded text now that the post is known to hold Latin letters: rare, so a second pass is fine.
    fn rewrite_pending(&mut self) {
        let old = std::mem::take(&mut self.text);
        let mut text = String::with_capacity(old.len());
        text.push(' ');
        let mut pending = self.pending.iter().peekable();
        for (index, token) in self.tokens.iter_mut().enumerate() {
            let start = text.len();
            if let Some(p) = pending.next_if(|p| p.token == index) {
                text.push_str(&self.side[p.start..p.end]);
                token.flags.remove(TokenFlags::FOREIGN);
                token.flags |= TokenFlags::LOOKALIKE | shape(&text.as_bytes()[start..]);
            } else {
                text.push_str(&old[token.start as usize..token.end as usize]);
            }
            token.start = start as u32;
            token.end = text.len() as u32;
            self.gates |= token.flags;
            text.push(' ');
        }
        self.text = text;
    }
}

#[cfg(test)]
mod tests;
