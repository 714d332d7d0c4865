//! The pass over one post: what each character does to the token being written.

use super::tables::{self, ASCII, Ascii, Kind, LATIN_RANGE, Latin};
use super::{Folded, Pending, Token, TokenFlags, entity, shape};
use crate::Span;

/// The token being written.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "four independent facts, not a state")]
pub(super) struct Open {
    pub(super) start: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) flags: TokenFlags,
    pub(super) latin: bool,
    pub(super) foreign: bool,
    /// An invisible character came last: it counts only if a letter follows.
    pub(super) invisible: bool,
    /// Where the look-alike spelling of this token begins in `side`, once it has a foreign letter.
    pub(super) side: Option<usize>,
    /// One of its letters looks like no Latin one.
    pub(super) unmapped: bool,
}

/// One pass over one post.
pub(super) struct Pass<'a> {
    pub(super) text: &'a str,
    pub(super) out: &'a mut Folded,
    pub(super) table: &'static [Latin],
    pub(super) open: Option<Open>,
    /// Where a hashtag's word begins.
    pub(super) hashtag: Option<usize>,
    /// End of the last symbol.
    pub(super) symbol: Option<usize>,
    pub(super) reversed: bool,
    pub(super) latin: bool,
}

impl<'a> Pass<'a> {
    pub(super) fn over(text: &'a str, out: &'a mut Folded) -> Self {
        Self { text, out, table: tables::latin(), open: None, hashtag: None, symbol: None, reversed: false, latin: false }
    }

    /// Writes every token; tells whether one of them holds a Latin letter.
    pub(super) fn run(&mut self) -> bool {
        let mut at = 0;
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            let mut next = if self.open.is_none() { self.plain(at) } else { at };
            if next == at {
                next = if byte < 0x80 { self.ascii(byte, at) } else { self.wide(at) };
            }
            self.out.work += (next - at) as u64;
            at = next;
        }
        self.close();
        self.latin
    }

    /// Handles what begins with the ASCII byte at `at`; returns where to go on.
    pub(super) fn ascii(&mut self, byte: u8, at: usize) -> usize {
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
    pub(super) fn word_run(&mut self, at: usize) -> usize {
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
    pub(super) fn wide(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at..].chars().next() else { return at + 1 };
        let end = at + c.len_utf8();
        if LATIN_RANGE.contains(&(c as u32)) {
            let entry = self.table[(c as u32 - LATIN_RANGE.start) as usize];
            if entry.len > 0 {
                self.latin_letter(entry, at, end);
            } else if entry.kind == Kind::Separator && tables::is_inclusive_point(c) {
                return self.inclusive(at).unwrap_or_else(|| {
                    self.other(c, Kind::Separator, at, end);
                    end
                });
            } else {
                self.other(c, entry.kind, at, end);
            }
            return end;
        }
        let kind = tables::kind(c);
        match kind {
            Kind::Regional => return self.regional(at),
            Kind::Emoji => return self.emoji(c, at),
            Kind::Separator if tables::is_inclusive_point(c) => {
                if let Some(end) = self.inclusive(at) {
                    return end;
                }
            }
            _ => {}
        }
        self.other(c, kind, at, end);
        end
    }

    /// A character that needs no look-ahead; entities come here too, with the span of the whole entity.
    pub(super) fn character(&mut self, c: char, at: usize, end: usize) {
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
        self.other(c, tables::kind(c), at, end);
    }

    /// A character outside ASCII, whose kind is known.
    fn other(&mut self, c: char, kind: Kind, at: usize, end: usize) {
        match kind {
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
    pub(super) fn set_reversed(&mut self, reversed: bool) {
        if self.reversed != reversed {
            self.close();
            self.reversed = reversed;
        }
    }

    pub(super) fn latin_letter(&mut self, entry: Latin, at: usize, end: usize) {
        self.ensure_open(at, entry.capital);
        if entry.accent {
            self.mark(TokenFlags::ACCENT);
        }
        self.push_letters(entry.as_str(), end);
    }

    pub(super) fn letter(&mut self, c: char, at: usize, end: usize) {
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
            if let Some(latin) = tables::lookalike(d) {
                self.out.side.push_str(latin);
            } else {
                self.out.side.push(d);
                open.unmapped |= !d.is_ascii();
            }
        }
    }

    /// Appends folded letters, ASCII only.
    pub(super) fn push_letters(&mut self, letters: &str, end: usize) {
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

    pub(super) fn mark(&mut self, flag: TokenFlags) {
        if let Some(open) = &mut self.open {
            open.flags |= flag;
        }
    }

    pub(super) fn invisible(&mut self) {
        if let Some(open) = &mut self.open {
            open.invisible = true;
        }
    }

    pub(super) fn ensure_open(&mut self, at: usize, capital: bool) {
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
    pub(super) fn symbol(&mut self, at: usize, end: usize, shy: bool) -> usize {
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
    pub(super) fn close(&mut self) {
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

    pub(super) fn push_token(&mut self, start: usize, span: Span, flags: TokenFlags) {
        let end = self.out.text.len() as u32;
        self.out.tokens.push(Token { start: start as u32, end, span, flags });
        self.out.gates |= flags;
        self.out.text.push(' ');
    }

    /// A token of its own for a picture.
    pub(super) fn picture(&mut self, at: usize, end: usize, folded: &str) {
        self.close();
        let start = self.out.text.len();
        self.out.text.push_str(folded);
        self.push_token(start, Span::new(at, end), TokenFlags::EMOJI);
    }
}
