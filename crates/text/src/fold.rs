//! The canonical fold: a post becomes `a-z 0-9` tokens between single spaces, other alphabets pass through, emoji are tokens.
//! Always on, one pass, no view: what needs a guess is left to [`crate::readings()`].
//!
//! Laws (held by the tests below and in `tests/`): folding never fails and never splits a character; the fold of a folded text is
//! itself; the work is linear in the length of the post; [`oracle`](self) and this pass agree.

mod address;
mod entity;
mod inclusive;
#[cfg(test)]
mod oracle;
mod tables;

use crate::Span;
use tables::{ASCII, Ascii, Kind, LATIN_RANGE, Latin};

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
        /// An emoji or a flag.
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
    addresses: Vec<Address>,
    gates: TokenFlags,
    work: u64,
    /// Whole-foreign tokens that could be read as Latin, until the post is known to hold Latin letters.
    pending: Vec<Pending>,
    side: String,
}

/// A web address that was cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The whole address in the original.
    pub span: Span,
    /// Index of the first token after it.
    pub token: usize,
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

    /// Web addresses, in order. Mentions are cut out too, but nobody reads them.
    pub fn addresses(&self) -> &[Address] {
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
    let mut pass = Pass { text, out, table: tables::latin(), open: None, hashtag: None, symbol: None, reversed: false, latin: false };
    pass.run();
    let latin = pass.latin;
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

/// The token being written.
#[derive(Debug, Clone, Copy)]
struct Open {
    start: usize,
    from: usize,
    to: usize,
    flags: TokenFlags,
    latin: bool,
    foreign: bool,
    /// An invisible character came last: it counts only if a letter follows.
    invisible: bool,
    /// Where the look-alike spelling of this token begins in `side`, once it has a foreign letter.
    side: Option<usize>,
    /// One of its letters looks like no Latin one.
    unmapped: bool,
}

/// One pass over one post.
struct Pass<'a> {
    text: &'a str,
    out: &'a mut Folded,
    table: &'static [Latin],
    open: Option<Open>,
    /// Where a hashtag's word begins.
    hashtag: Option<usize>,
    /// End of the last symbol.
    symbol: Option<usize>,
    reversed: bool,
    latin: bool,
}

impl Pass<'_> {
    fn run(&mut self) {
        let mut at = 0;
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            let next = if byte < 0x80 { self.ascii(byte, at) } else { self.wide(at) };
            self.out.work += (next - at) as u64;
            at = next;
        }
        self.close();
    }

    /// Handles what begins with the ASCII byte at `at`; returns where to go on.
    fn ascii(&mut self, byte: u8, at: usize) -> usize {
        match ASCII[usize::from(byte)] {
            Ascii::Word => self.word_run(at),
            Ascii::Separator => {
                if byte == b'\n' {
                    self.reversed = false;
                }
                self.close();
                at + 1
            }
            Ascii::Symbol => self.symbol(at, at + 1, byte == b'!' || byte == b'?' || byte == b'+'),
            Ascii::Control => {
                self.invisible();
                at + 1
            }
            Ascii::Inclusive => self.inclusive(at).unwrap_or_else(|| {
                if byte == b'*' || byte == b'(' {
                    self.symbol(at, at + 1, byte == b'(')
                } else {
                    self.close();
                    at + 1
                }
            }),
            Ascii::Ampersand => match entity::decode(&self.text[at..]) {
                Some((c, len)) => {
                    self.out.work += len as u64;
                    self.character(c, at, at + len);
                    at + len
                }
                None => self.symbol(at, at + 1, true),
            },
            Ascii::Address => self.address(byte, at),
            Ascii::At => self.mention(at),
            Ascii::Hash => {
                if self.open.is_none() && self.text[at + 1..].starts_with(char::is_alphanumeric) && self.symbol != Some(at) {
                    self.hashtag = Some(at + 1);
                    at + 1
                } else {
                    self.symbol(at, at + 1, false)
                }
            }
        }
    }

    /// A run of ASCII letters and digits, copied at once.
    fn word_run(&mut self, at: usize) -> usize {
        let run = &self.text.as_bytes()[at..];
        let mut digits = false;
        let mut letters = false;
        let mut len = 0;
        for &b in run {
            if b.is_ascii_alphabetic() {
                letters = true;
            } else if b.is_ascii_digit() {
                digits = true;
            } else {
                break;
            }
            len += 1;
        }
        self.ensure_open(at, run[0].is_ascii_uppercase());
        let start = self.out.text.len();
        self.out.text.push_str(&self.text[at..at + len]);
        self.out.text[start..].make_ascii_lowercase();
        let text = &self.out.text[start..];
        if let Some(open) = &mut self.open {
            open.to = at + len;
            open.flags.set(TokenFlags::DIGIT, digits || open.flags.contains(TokenFlags::DIGIT));
            open.latin |= letters;
            if open.side.is_some() {
                self.out.side.push_str(text);
            }
        }
        at + len
    }

    /// The character at `at`, outside ASCII.
    fn wide(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at..].chars().next() else { return at + 1 };
        let end = at + c.len_utf8();
        if LATIN_RANGE.contains(&(c as u32)) {
            let entry = self.table[(c as u32 - LATIN_RANGE.start) as usize];
            if entry.len > 0 {
                self.latin_letter(&entry, at, end);
                return end;
            }
        }
        match tables::kind(c) {
            Kind::Regional => return self.regional(at),
            Kind::Emoji => return self.emoji(c, at),
            Kind::Separator if tables::is_inclusive_point(c) => {
                if let Some(end) = self.inclusive(at) {
                    return end;
                }
            }
            _ => {}
        }
        self.character(c, at, end);
        end
    }

    /// A character that needs no look-ahead; entities come here too, with the span of the whole entity.
    fn character(&mut self, c: char, at: usize, end: usize) {
        if c.is_ascii_alphanumeric() {
            self.ensure_open(at, c.is_ascii_uppercase());
            self.push_letters(c.to_ascii_lowercase().encode_utf8(&mut [0; 4]), end);
            return;
        }
        if c.is_ascii() {
            match ASCII[c as usize] {
                Ascii::Control => self.invisible(),
                Ascii::Symbol | Ascii::Hash | Ascii::At => {
                    self.symbol(at, end, c == '!' || c == '?' || c == '+');
                }
                _ => self.close(),
            }
            return;
        }
        match tables::kind(c) {
            Kind::Letter => self.letter(c, at, end),
            Kind::Mark => {
                if let Some(open) = &mut self.open {
                    open.to = end;
                    if ('\u{300}'..='\u{36F}').contains(&c) {
                        open.flags |= TokenFlags::ACCENT;
                    }
                }
            }
            Kind::Invisible => {
                match c {
                    '\u{202E}' => self.set_reversed(true),
                    '\u{202A}'..='\u{202D}' | '\u{2066}'..='\u{2069}' => self.set_reversed(false),
                    _ => {}
                }
                self.invisible();
            }
            Kind::Emoji => self.picture(at, end, c.encode_utf8(&mut [0; 4])),
            Kind::Regional => {
                self.ensure_open(at, false);
                self.mark(TokenFlags::LOOKALIKE);
                self.push_letters(tables::alphabet(c as u32 - 0x1F1E6), end);
            }
            Kind::Separator => {
                if c == '\u{2028}' || c == '\u{2029}' || c == '\u{85}' {
                    self.reversed = false;
                }
                if tables::is_symbol(c) {
                    self.symbol(at, end, false);
                } else {
                    self.close();
                }
            }
        }
    }

    /// An override begins or ends: tokens on either side of it are not one word, since they are drawn apart.
    fn set_reversed(&mut self, reversed: bool) {
        if self.reversed != reversed {
            self.close();
            self.reversed = reversed;
        }
    }

    fn latin_letter(&mut self, entry: &Latin, at: usize, end: usize) {
        self.ensure_open(at, entry.capital);
        if entry.accent {
            self.mark(TokenFlags::ACCENT);
        }
        self.push_letters(entry.as_str(), end);
    }

    fn letter(&mut self, c: char, at: usize, end: usize) {
        self.ensure_open(at, c.is_uppercase());
        let start = self.out.text.len();
        let seen = tables::letters(c, &mut self.out.text);
        if seen.accent {
            self.mark(TokenFlags::ACCENT);
        }
        if seen.dressed {
            self.mark(TokenFlags::LOOKALIKE);
        }
        let Some(open) = &mut self.open else { return };
        open.to = end;
        let folded = &self.out.text[start..];
        if folded.bytes().any(|b| b.is_ascii_digit()) {
            open.flags |= TokenFlags::DIGIT;
        }
        if folded.is_ascii() {
            open.latin |= folded.bytes().any(|b| b.is_ascii_alphabetic());
            if open.side.is_some() {
                self.out.side.push_str(folded);
            }
            return;
        }
        // One character can hold both, as "μA" does.
        open.latin |= folded.bytes().any(|b| b.is_ascii_alphabetic());
        // A foreign letter: its Latin look-alike goes to the side, where the whole token is kept twice.
        open.foreign = true;
        if open.side.is_none() {
            open.side = Some(self.out.side.len());
            self.out.side.push_str(&self.out.text[open.start..start]);
        }
        if let Some(latin) = tables::lookalike(c) {
            self.out.side.push_str(latin);
            return;
        }
        for d in folded.chars() {
            match tables::lookalike(d) {
                Some(latin) => self.out.side.push_str(latin),
                None => {
                    self.out.side.push(d);
                    open.unmapped |= !d.is_ascii();
                }
            }
        }
    }

    /// Appends folded letters, ASCII only.
    fn push_letters(&mut self, letters: &str, end: usize) {
        self.out.text.push_str(letters);
        if let Some(open) = &mut self.open {
            let alphabetic = letters.bytes().any(|b| b.is_ascii_alphabetic());
            open.latin |= alphabetic;
            if !alphabetic && !letters.is_empty() {
                open.flags |= TokenFlags::DIGIT;
            }
            open.to = end;
            if open.side.is_some() {
                self.out.side.push_str(letters);
            }
        }
    }

    fn mark(&mut self, flag: TokenFlags) {
        if let Some(open) = &mut self.open {
            open.flags |= flag;
        }
    }

    fn invisible(&mut self) {
        if let Some(open) = &mut self.open {
            open.invisible = true;
        }
    }

    fn ensure_open(&mut self, at: usize, capital: bool) {
        if let Some(open) = &mut self.open {
            if open.invisible {
                open.invisible = false;
                open.flags |= TokenFlags::INVISIBLE;
            }
            return;
        }
        let mut flags = TokenFlags::empty();
        flags.set(TokenFlags::CAPITAL, capital);
        flags.set(TokenFlags::REVERSED, self.reversed);
        flags.set(TokenFlags::HASHTAG, self.hashtag == Some(at));
        flags.set(TokenFlags::SYMBOL, self.symbol == Some(at));
        let start = self.out.text.len();
        self.open = Some(Open { start, from: at, to: at, flags, latin: false, foreign: false, invisible: false, side: None, unmapped: false });
    }

    /// A symbol between `at` and `end` closes the token. A `shy` one counts only when a letter follows it.
    fn symbol(&mut self, at: usize, end: usize, shy: bool) -> usize {
        let follows = self.text[end..].starts_with(char::is_alphanumeric);
        if !shy || follows {
            self.mark(TokenFlags::SYMBOL);
        }
        let inside = self.open.is_some() || self.symbol == Some(at);
        self.close();
        if !shy || inside {
            self.symbol = Some(end);
        }
        end
    }

    /// Ends the open token, if there is one.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        self.latin |= open.latin;
        let mut flags = open.flags;
        if let Some(side) = open.side {
            if open.latin {
                // Mixed: what looks Latin is Latin.
                self.out.text.truncate(open.start);
                self.out.text.push_str(&self.out.side[side..]);
                self.out.side.truncate(side);
                flags |= TokenFlags::LOOKALIKE;
                flags.set(TokenFlags::FOREIGN, open.unmapped);
            } else {
                flags |= TokenFlags::FOREIGN;
                if open.unmapped {
                    self.out.side.truncate(side);
                } else {
                    self.out.pending.push(Pending { token: self.out.tokens.len(), start: side, end: self.out.side.len() });
                }
            }
        }
        let word = &self.out.text.as_bytes()[open.start..];
        if word.is_empty() {
            return;
        }
        flags |= shape(word);
        self.push_token(open.start, Span::new(open.from, open.to), flags);
    }

    fn push_token(&mut self, start: usize, span: Span, flags: TokenFlags) {
        let end = self.out.text.len() as u32;
        self.out.tokens.push(Token { start: start as u32, end, span, flags });
        self.out.gates |= flags;
        self.out.text.push(' ');
    }

    /// A token of its own for a picture.
    fn picture(&mut self, at: usize, end: usize, folded: &str) {
        self.close();
        let start = self.out.text.len();
        self.out.text.push_str(folded);
        self.push_token(start, Span::new(at, end), TokenFlags::EMOJI);
    }

    /// An emoji and what a joiner ties to it; variation selectors and skin tones are dropped, joiners between pictures kept.
    fn emoji(&mut self, first: char, at: usize) -> usize {
        self.close();
        let start = self.out.text.len();
        self.out.text.push(first);
        let mut end = at + first.len_utf8();
        let mut joined = false;
        let mut reached = end;
        for c in self.text[end..].chars() {
            self.out.work += c.len_utf8() as u64;
            match c {
                '\u{200D}' => joined = true,
                '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{20E3}' => {
                    if !joined {
                        end = reached + c.len_utf8();
                    }
                }
                _ if joined && tables::kind(c) == Kind::Emoji => {
                    self.out.text.push('\u{200D}');
                    self.out.text.push(c);
                    joined = false;
                    end = reached + c.len_utf8();
                }
                _ => break,
            }
            reached += c.len_utf8();
        }
        self.push_token(start, Span::new(at, end), TokenFlags::EMOJI);
        // What was looked at but not taken is invisible anyway.
        reached
    }

    /// A run of regional indicators: flags when every pair is one, letters otherwise.
    fn regional(&mut self, at: usize) -> usize {
        const WIDTH: usize = 4;
        let rest = &self.text[at..];
        let count = rest.chars().take_while(|c| tables::kind(*c) == Kind::Regional).count();
        self.out.work += (count * WIDTH) as u64;
        let end = at + count * WIDTH;
        let run = &self.text[at..end];
        let mut pairs = (0..count / 2).map(|i| &run[i * 2 * WIDTH..(i + 1) * 2 * WIDTH]);
        let flags = count % 2 == 0
            && pairs.all(|pair| {
                let mut chars = pair.chars();
                matches!((chars.next(), chars.next()), (Some(a), Some(b)) if tables::is_flag(a, b))
            });
        if flags {
            for i in 0..count / 2 {
                let from = at + i * 2 * WIDTH;
                let to = from + 2 * WIDTH;
                let text = self.text;
                self.picture(from, to, &text[from..to]);
            }
        } else {
            for (i, c) in run.char_indices() {
                self.character(c, at + i, at + i + WIDTH);
            }
        }
        end
    }

    /// Tries an inclusive suffix after the open word.
    fn inclusive(&mut self, at: usize) -> Option<usize> {
        let open = self.open?;
        let word = &self.out.text[open.start..];
        if word.len() < 2 || open.flags.intersects(TokenFlags::DIGIT | TokenFlags::HASHTAG) {
            return None;
        }
        let (len, plural) = inclusive::suffix(&self.text[at..])?;
        self.out.work += len as u64;
        if plural && !word.ends_with(['s', 'x', 'z']) {
            self.ensure_open(at, false);
            self.push_letters("s", at + len);
        }
        if let Some(open) = &mut self.open {
            open.to = at + len;
            open.flags |= TokenFlags::INCLUSIVE;
        }
        self.close();
        Some(at + len)
    }

    /// `://` after a scheme, or `.` after `www`: the whole address is cut out.
    fn address(&mut self, byte: u8, at: usize) -> usize {
        if let Some(open) = self.open {
            let word = &self.out.text[open.start..];
            let begins = match byte {
                b':' => matches!(word, "http" | "https" | "ftp") && self.text[at..].starts_with("://"),
                _ => word == "www" && self.text[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric()),
            };
            if begins {
                self.out.text.truncate(open.start);
                self.open = None;
                let end = address::end(self.text, at);
                self.out.addresses.push(Address { span: Span::new(open.from, end), token: self.out.tokens.len() });
                return end;
            }
            if byte == b'.' {
                if let Some(end) = self.inclusive(at) {
                    return end;
                }
            }
        }
        if byte == b'.' && self.text.as_bytes().get(at + 1) == Some(&b'.') {
            self.mark(TokenFlags::SYMBOL);
        }
        self.close();
        at + 1
    }

    /// `@name` is cut out; `@` inside a word is a symbol.
    fn mention(&mut self, at: usize) -> usize {
        if self.open.is_none() {
            if let Some(end) = address::mention(self.text, at) {
                return end;
            }
        }
        self.symbol(at, at + 1, false)
    }
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
    flags.set(TokenFlags::SINGLE, word.len() == 1 || word.len() <= 4 && std::str::from_utf8(word).is_ok_and(|w| w.chars().count() == 1));
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
