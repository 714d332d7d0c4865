//! The fold again, slow and obvious: stages over a list of characters with their places. Only tests use it, to check the fast one.

use super::tables::{self, Kind};
use super::{TokenFlags, address, entity, inclusive};
use crate::Span;

/// The flags that the oracle knows.
pub(super) const FLAGS: TokenFlags = TokenFlags::EMOJI.union(TokenFlags::INCLUSIVE).union(TokenFlags::SINGLE).union(TokenFlags::RUN);

/// One piece of the post after the first stage.
#[derive(Debug, Clone)]
enum Piece {
    /// Folded letters, their look-alike spelling, whether they are Latin.
    Letters {
        text: String,
        alike: Option<String>,
        latin: bool,
    },
    Mark,
    Invisible,
    /// A token by itself.
    Emoji(String),
    /// The end of a word.
    Break,
    /// An inclusive suffix: plural or not.
    Suffix(bool),
}

/// Tokens: folded word, span, flags.
pub(super) fn fold(text: &str) -> Vec<(String, Span, TokenFlags)> {
    let pieces = pieces(text);
    let words = words(&pieces);
    let latin = words.iter().any(|w| w.latin);
    words
        .into_iter()
        .map(|w| {
            let word = match w.alike {
                Some(alike) if w.latin || latin && alike.is_ascii() => alike,
                _ => w.text,
            };
            let chars: Vec<char> = word.chars().collect();
            let mut flags = w.flags;
            if !flags.contains(TokenFlags::EMOJI) {
                flags.set(TokenFlags::SINGLE, chars.len() == 1);
                flags.set(TokenFlags::RUN, chars.windows(3).any(|c| c[0] == c[1] && c[1] == c[2] && c[0].is_ascii_alphabetic()));
            }
            (word, w.span, flags)
        })
        .collect()
}

struct Word {
    text: String,
    alike: Option<String>,
    latin: bool,
    span: Span,
    flags: TokenFlags,
}

fn pieces(text: &str) -> Vec<(Piece, usize, usize)> {
    let mut out: Vec<(Piece, usize, usize)> = Vec::new();
    let mut at = 0;
    let mut reversed = false;
    while let Some(c) = text[at..].chars().next() {
        let (mut c, mut end) = (c, at + c.len_utf8());
        let mut entity = false;
        if c == '&'
            && let Some((decoded, len)) = entity::decode(&text[at..])
        {
            (c, end, entity) = (decoded, at + len, true);
        }
        let word = last_word(&out);
        if !entity {
            if c == ':' && text[at..].starts_with("://") && ["http", "https", "ftp"].contains(&word.as_str())
                || c == '.' && word == "www" && text[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric())
            {
                let mut from = at;
                while out.last().is_some_and(|(p, ..)| !matches!(p, Piece::Break | Piece::Emoji(_) | Piece::Suffix(_))) {
                    from = out.pop().map_or(from, |(_, from, _)| from);
                }
                end = address::end(text, at);
                let encoded = address::is_encoded(&text[at..end]);
                out.push(if encoded { (Piece::Emoji(address::SIGN.to_owned()), from, end) } else { (Piece::Break, at, end) });
                at = end;
                continue;
            }
            if c == '@'
                && word.is_empty()
                && let Some(end) = address::mention(text, at)
            {
                out.push((Piece::Break, at, end));
                at = end;
                continue;
            }
            let opens = matches!(c, '.' | '-' | '/' | '*' | '(') || tables::is_inclusive_point(c) && tables::kind(c) == Kind::Separator;
            if opens
                && word.len() >= 2
                && !word.contains(|c: char| c.is_ascii_digit())
                && !is_hashtag(text, &out)
                && let Some((len, plural)) = inclusive::suffix(&text[at..])
            {
                out.push((Piece::Suffix(plural), at, at + len));
                at += len;
                continue;
            }
            if tables::kind(c) == Kind::Regional && !c.is_ascii() {
                let run: Vec<char> = text[at..].chars().take_while(|c| tables::kind(*c) == Kind::Regional && !c.is_ascii()).collect();
                if run.len().is_multiple_of(2) && run.chunks(2).all(|p| tables::is_flag(p[0], p[1])) {
                    for pair in run.chunks(2) {
                        out.push((Piece::Emoji(pair.iter().collect()), at, at + 8));
                        at += 8;
                    }
                } else {
                    for c in run {
                        out.push((letter(tables::alphabet(c as u32 - 0x1F1E6)), at, at + 4));
                        at += 4;
                    }
                }
                continue;
            }
            if !c.is_ascii() && tables::kind(c) == Kind::Emoji {
                let (folded, to, next) = emoji(text, at);
                out.push((Piece::Emoji(folded), at, to));
                at = next;
                continue;
            }
        }
        if c == '\n' && !entity || matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') {
            reversed = false;
        }
        let turn = match c {
            '\u{202E}' => true,
            '\u{202A}'..='\u{202D}' | '\u{2066}'..='\u{2069}' => false,
            _ => reversed,
        };
        if turn == reversed {
            out.push((piece(c), at, end));
        } else {
            reversed = turn;
            out.push((Piece::Break, at, end));
        }
        at = end;
    }
    out
}

fn letter(text: &str) -> Piece {
    Piece::Letters { text: text.to_owned(), alike: None, latin: text.bytes().any(|b| b.is_ascii_alphabetic()) }
}

fn piece(c: char) -> Piece {
    if c.is_ascii_alphanumeric() {
        return letter(&c.to_ascii_lowercase().to_string());
    }
    if c.is_ascii() {
        return if c.is_ascii_control() && !('\t'..='\r').contains(&c) { Piece::Invisible } else { Piece::Break };
    }
    match tables::kind(c) {
        Kind::Mark => Piece::Mark,
        Kind::Invisible => Piece::Invisible,
        Kind::Emoji => Piece::Emoji(c.to_string()),
        Kind::Regional => letter(tables::alphabet(c as u32 - 0x1F1E6)),
        Kind::Separator => Piece::Break,
        Kind::Letter => {
            let mut folded = String::new();
            tables::letters(c, &mut folded);
            if folded.is_ascii() {
                return letter(&folded);
            }
            let alike = match tables::lookalike(c) {
                Some(latin) => latin.to_owned(),
                None => folded.chars().map(|d| tables::lookalike(d).map_or(d.to_string(), str::to_owned)).collect(),
            };
            let latin = folded.bytes().any(|b| b.is_ascii_alphabetic());
            Piece::Letters { text: folded, alike: Some(alike), latin }
        }
    }
}

fn emoji(text: &str, at: usize) -> (String, usize, usize) {
    let chars: Vec<(usize, char)> = text[at..].char_indices().map(|(i, c)| (at + i, c)).collect();
    let mut folded = chars[0].1.to_string();
    let mut to = at + chars[0].1.len_utf8();
    let mut next = to;
    let mut joined = false;
    for &(i, c) in &chars[1..] {
        let after = i + c.len_utf8();
        let dropped = matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{20E3}');
        if c == '\u{200D}' {
            joined = true;
        } else if joined && !c.is_ascii() && tables::kind(c) == Kind::Emoji {
            folded.push('\u{200D}');
            folded.push(c);
            (joined, to) = (false, after);
        } else if dropped {
            to = if joined { to } else { after };
        } else {
            break;
        }
        next = after;
    }
    (folded, to, next)
}

/// The folded letters since the last break, without look-alikes.
fn last_word(pieces: &[(Piece, usize, usize)]) -> String {
    let begin = pieces.iter().rposition(|(p, ..)| matches!(p, Piece::Break | Piece::Emoji(_) | Piece::Suffix(_))).map_or(0, |i| i + 1);
    pieces[begin..].iter().map(|(p, ..)| if let Piece::Letters { text, .. } = p { text.as_str() } else { "" }).collect()
}

fn is_hashtag(text: &str, pieces: &[(Piece, usize, usize)]) -> bool {
    let begin = pieces.iter().rposition(|(p, ..)| matches!(p, Piece::Break | Piece::Emoji(_) | Piece::Suffix(_))).map_or(0, |i| i + 1);
    let Some((_, at, _)) = pieces[begin..].iter().find(|(p, ..)| matches!(p, Piece::Letters { .. })) else { return false };
    let before = &text[..*at];
    if !before.ends_with('#') {
        return false;
    }
    let mut out = super::Folded::default();
    super::fold(text, &mut out);
    out.tokens().iter().any(|t| t.span.start as usize == *at && t.flags.contains(TokenFlags::HASHTAG))
}

fn words(pieces: &[(Piece, usize, usize)]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    for (piece, at, end) in pieces {
        match piece {
            Piece::Letters { text, alike, latin } => {
                let w =
                    open.get_or_insert_with(|| Word { text: String::new(), alike: None, latin: false, span: Span::new(*at, *end), flags: TokenFlags::empty() });
                if alike.is_some() && w.alike.is_none() {
                    w.alike = Some(w.text.clone());
                }
                w.text.push_str(text);
                if let Some(a) = &mut w.alike {
                    a.push_str(alike.as_deref().unwrap_or(text));
                }
                w.latin |= latin;
                w.span.end = *end as u32;
            }
            Piece::Mark => {
                if let Some(w) = &mut open {
                    w.span.end = *end as u32;
                }
            }
            Piece::Invisible => {}
            Piece::Break => out.extend(open.take()),
            Piece::Emoji(text) => {
                out.extend(open.take());
                out.push(Word { text: text.clone(), alike: None, latin: false, span: Span::new(*at, *end), flags: TokenFlags::EMOJI });
            }
            Piece::Suffix(plural) => {
                if let Some(mut w) = open.take() {
                    if *plural && !w.text.ends_with(['s', 'x', 'z']) {
                        w.text.push('s');
                        if let Some(a) = &mut w.alike {
                            a.push('s');
                        }
                        w.latin = true;
                    }
                    w.span.end = *end as u32;
                    w.flags |= TokenFlags::INCLUSIVE;
                    out.push(w);
                }
            }
        }
    }
    out.extend(open.take());
    out.retain(|w| !w.text.is_empty());
    out
}
