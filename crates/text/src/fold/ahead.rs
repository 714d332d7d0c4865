//! What the pass must look ahead for: emoji sequences, flags, inclusive suffixes, addresses and mentions.

use super::pass::Pass;
use super::tables::{self, Kind};
use super::{TokenFlags, address, inclusive};
use crate::Span;

impl Pass<'_> {
    /// An emoji and what a joiner ties to it; variation selectors and skin tones are dropped, joiners between pictures kept.
    pub(super) fn emoji(&mut self, first: char, at: usize) -> usize {
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
    pub(super) fn regional(&mut self, at: usize) -> usize {
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
    pub(super) fn inclusive(&mut self, at: usize) -> Option<usize> {
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
    pub(super) fn address(&mut self, byte: u8, at: usize) -> usize {
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
                if address::is_encoded(&self.text[at..end]) {
                    self.picture(open.from, end, address::SIGN);
                    self.out.addresses.push(self.out.tokens.len() - 1);
                }
                return end;
            }
            if byte == b'.'
                && let Some(end) = self.inclusive(at)
            {
                return end;
            }
        }
        if byte == b'.' && self.text.as_bytes().get(at + 1) == Some(&b'.') {
            self.mark(TokenFlags::SYMBOL);
        }
        self.close();
        at + 1
    }

    /// `@name` is cut out; `@` inside a word is a symbol.
    pub(super) fn mention(&mut self, at: usize) -> usize {
        if self.open.is_none()
            && let Some(end) = address::mention(self.text, at)
        {
            return end;
        }
        self.symbol(at, at + 1, false)
    }
}
