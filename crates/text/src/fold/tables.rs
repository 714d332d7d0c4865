//! What a character is to the fold: letters it stands for, mark, invisible, emoji, separator. Says nothing of tokens or offsets.
//!
//! Sources: Unicode 16 `Default_Ignorable_Code_Point`, NFKD; UTS 39 confusables read by hand and kept to what a reader takes
//! for a Latin letter; ISO 3166-1 codes that have a flag.

#![allow(clippy::match_same_arms, reason = "rows by alphabet and by block: a reader checks them one by one")]

use std::sync::LazyLock;

/// What a character is, outside ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters or digits: see [`letters`].
    Letter,
    /// A combining mark: deleted, but part of the letter before it.
    Mark,
    /// Not drawn: deleted.
    Invisible,
    /// A picture: a token of its own.
    Emoji,
    /// Regional indicator: half a flag, or a letter.
    Regional,
    /// Anything else stands between tokens.
    Separator,
}

/// What an ASCII byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Ascii {
    /// `a-z 0-9`, and capitals.
    Word,
    /// Between tokens, and nothing more.
    Separator,
    /// Can stand for a letter: `$alope`, `p*te`.
    Symbol,
    /// `&`: an entity may begin.
    Ampersand,
    /// `:` and `.`: an address may go on.
    Address,
    /// `@`: a mention may begin.
    At,
    /// `#`: a hashtag may begin.
    Hash,
    /// Controls: deleted like invisible characters.
    Control,
    /// `- / * (`: an inclusive suffix may begin.
    Inclusive,
}

/// Kinds of the 128 ASCII bytes.
pub(crate) const ASCII: [Ascii; 128] = {
    let mut table = [Ascii::Separator; 128];
    let mut b = 0;
    while b < 128 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Ascii::Word,
            b'\t'..=b'\r' | b' ' => Ascii::Separator,
            0..=31 | 127 => Ascii::Control,
            b'$' | b'!' | b'|' | b'_' | b'+' | b'%' | b'?' | b'^' | b'~' => Ascii::Symbol,
            b'-' | b'/' | b'*' | b'(' => Ascii::Inclusive,
            b'&' => Ascii::Ampersand,
            b':' | b'.' => Ascii::Address,
            b'@' => Ascii::At,
            b'#' => Ascii::Hash,
            _ => Ascii::Separator,
        };
        b += 1;
    }
    table
};

/// One character of U+0080..U+024F, precomputed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latin {
    /// Up to two ASCII letters; empty when the slow path has to look.
    pub(crate) bytes: [u8; 2],
    /// What the character is, when it has no such letters.
    pub(crate) kind: Kind,
    /// How many of them count.
    pub(crate) len: u8,
    /// The character carries an accent.
    pub(crate) accent: bool,
    /// The character is a capital.
    pub(crate) capital: bool,
}

impl Latin {
    /// The folded letters.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

/// First code point of [`latin`]'s table, and the one after its last.
pub(crate) const LATIN_RANGE: std::ops::Range<u32> = 0x80..0x250;

/// No letters known.
const NONE: Latin = Latin { bytes: [0; 2], kind: Kind::Separator, len: 0, accent: false, capital: false };

/// The table of accented Latin letters.
pub(crate) fn latin() -> &'static [Latin] {
    static TABLE: LazyLock<Vec<Latin>> = LazyLock::new(|| {
        LATIN_RANGE
            .map(|code| {
                let Some(c) = char::from_u32(code) else { return NONE };
                let none = Latin { kind: kind(c), ..NONE };
                if none.kind != Kind::Letter {
                    return none;
                }
                let mut folded = String::new();
                let accent = letters(c, &mut folded).accent;
                match *folded.as_bytes() {
                    [a] if a.is_ascii() => Latin { bytes: [a, 0], len: 1, accent, capital: c.is_uppercase(), ..none },
                    [a, b] if a.is_ascii() => Latin { bytes: [a, b], len: 2, accent, capital: c.is_uppercase(), ..none },
                    _ => none,
                }
            })
            .collect()
    });
    &TABLE
}

/// The kind of a character outside ASCII.
pub(crate) fn kind(c: char) -> Kind {
    match c as u32 {
        0x80..=0x84 | 0x86..=0x9F => Kind::Invisible,
        // Apostrophes and primes that Unicode calls letters, and spacing accents typed as apostrophes.
        0x2B0..=0x2FF if !is_modifier_letter(c) => Kind::Separator,
        0x85 | 0xA8 | 0xAF | 0xB4 | 0xB8 | 0x37A | 0x384 | 0x385 => Kind::Separator,
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E => Kind::Invisible,
        // Quotes, dashes, ellipsis: what French posts hold most, so it is asked first.
        0x2010..=0x2029 | 0x2030..=0x205F => Kind::Separator,
        0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB => Kind::Invisible,
        0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF => Kind::Invisible,
        // Skin tones only colour the emoji before them.
        0x1F3FB..=0x1F3FF => Kind::Invisible,
        0x1F1E6..=0x1F1FF => Kind::Regional,
        0x1F110..=0x1F18A | 0x1F18E => Kind::Letter,
        0x231A | 0x231B | 0x23E9..=0x23FA | 0x2600..=0x27BF | 0x2B1B | 0x2B1C | 0x2B50 | 0x2B55 | 0x1F000..=0x1F10F | 0x1F18B..=0x1F1E5 => Kind::Emoji,
        0x1F200..=0x1FAFF => Kind::Emoji,
        _ if unicode_normalization::char::is_combining_mark(c) => Kind::Mark,
        _ if base(c).is_some() || c.is_alphanumeric() => Kind::Letter,
        _ => {
            // Full-width or circled letters are alphanumeric by their decomposition only.
            let mut any = false;
            unicode_normalization::char::decompose_compatible(c, |d| any |= d != c && d.is_alphanumeric());
            if any { Kind::Letter } else { Kind::Separator }
        }
    }
}

fn is_modifier_letter(c: char) -> bool {
    let mut letter = false;
    unicode_normalization::char::decompose_compatible(c, |d| letter |= d.is_ascii_alphabetic());
    letter
}

/// What [`letters`] saw on the way.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    /// A mark was dropped.
    pub(crate) accent: bool,
    /// The letter is Latin in another dress: full-width, mathematical, squared …
    pub(crate) dressed: bool,
}

/// Appends the folded letters of `c`, a [`Kind::Letter`]: NFKD, marks out, lower case, and our own table for what NFKD leaves.
pub(crate) fn letters(c: char, out: &mut String) -> Seen {
    let mut seen = Seen { accent: false, dressed: c as u32 >= 0x250 && !(0x1E00..=0x1EFF).contains(&(c as u32)) };
    let before = out.len();
    let mut push = |d: char| {
        if unicode_normalization::char::is_combining_mark(d) {
            seen.accent = true;
            return;
        }
        if let Some(ascii) = base(d) {
            out.push_str(ascii);
            return;
        }
        for l in d.to_lowercase() {
            if let Some(ascii) = base(l) {
                out.push_str(ascii);
            } else if unicode_normalization::char::is_combining_mark(l) {
                seen.accent = true;
            } else if l.is_alphanumeric() && !(0x2B0..=0x2FF).contains(&(l as u32)) {
                out.push(l);
            }
        }
    };
    if base(c).is_some() {
        push(c);
    } else {
        unicode_normalization::char::decompose_compatible(c, &mut push);
    }
    seen.dressed &= out[before..].bytes().any(|b| b.is_ascii_alphabetic());
    seen
}

/// Latin letters that NFKD leaves alone, small capitals, negative circled and squared letters: always Latin, whatever surrounds them.
fn base(c: char) -> Option<&'static str> {
    Some(match c {
        'œ' | 'Œ' | 'ɶ' => "oe",
        'æ' | 'Æ' | 'ᴁ' => "ae",
        'ß' | 'ẞ' => "ss",
        'þ' | 'Þ' => "th",
        'Ⱥ' | 'ɑ' | 'ᴀ' | 'ⱥ' => "a",
        'ƀ' | 'Ɓ' | 'Ƃ' | 'ƃ' | 'Ƀ' | 'ɓ' | 'ʙ' | 'ᴃ' => "b",
        'Ƈ' | 'ƈ' | 'Ȼ' | 'ȼ' | 'ɕ' | 'ᴄ' => "c",
        'đ' | 'Đ' | 'ð' | 'Ð' | 'Ɖ' | 'Ɗ' | 'Ƌ' | 'ƌ' | 'ȡ' | 'ɖ' | 'ɗ' | 'ᴅ' | 'ᴆ' => "d",
        'Ǝ' | 'ǝ' | 'Ə' | 'ə' | 'Ɛ' | 'ɛ' | 'Ɇ' | 'ɇ' | 'ɘ' | 'ᴇ' => "e",
        'Ƒ' | 'ƒ' | 'ꜰ' => "f",
        'Ɠ' | 'ɠ' | 'Ǥ' | 'ǥ' | 'ɡ' | 'ɢ' | 'ʛ' => "g",
        'ħ' | 'Ħ' | 'ɦ' | 'ʜ' => "h",
        'ı' | 'Ɨ' | 'ɨ' | 'Ɩ' | 'ɩ' | 'ɪ' => "i",
        'ȷ' | 'Ɉ' | 'ɉ' | 'ᴊ' | 'ʝ' => "j",
        'Ƙ' | 'ƙ' | 'ĸ' | 'ᴋ' => "k",
        'ł' | 'Ł' | 'ƚ' | 'Ƚ' | 'ȴ' | 'ɫ' | 'ɬ' | 'ɭ' | 'ʟ' | 'ᴌ' => "l",
        'Ɯ' | 'ɯ' | 'ɱ' | 'ᴍ' => "m",
        'ŋ' | 'Ŋ' | 'Ɲ' | 'ɲ' | 'ƞ' | 'Ƞ' | 'ȵ' | 'ɳ' | 'ɴ' | 'ᴎ' => "n",
        'ø' | 'Ø' | 'Ɵ' | 'ɵ' | 'ᴏ' | 'ᴓ' => "o",
        'Ƥ' | 'ƥ' | 'ᴘ' => "p",
        'Ɋ' | 'ɋ' | 'ꞯ' => "q",
        'Ʀ' | 'ʀ' | 'Ɍ' | 'ɍ' | 'ɼ' | 'ɽ' | 'ɾ' | 'ᴙ' => "r",
        'Ƨ' | 'ƨ' | 'ȿ' | 'ʂ' | 'ꜱ' => "s",
        'ŧ' | 'Ŧ' | 'Ƭ' | 'ƭ' | 'ƫ' | 'Ʈ' | 'ʈ' | 'ȶ' | 'Ⱦ' | 'ᴛ' => "t",
        'Ʉ' | 'ʉ' | 'ᴜ' => "u",
        'Ʋ' | 'ʋ' | 'Ʌ' | 'ʌ' | 'ᴠ' => "v",
        'ᴡ' | 'ʍ' => "w",
        'Ƴ' | 'ƴ' | 'Ɏ' | 'ɏ' | 'ʏ' => "y",
        'Ƶ' | 'ƶ' | 'ɀ' | 'ʐ' | 'ʑ' | 'ᴢ' => "z",
        '🆎' => "ab",
        '🅐'..='🅩' => alphabet(c as u32 - 0x1F150),
        '🅰'..='🆉' => alphabet(c as u32 - 0x1F170),
        _ => return None,
    })
}

/// The `n`-th small letter.
pub(crate) fn alphabet(n: u32) -> &'static str {
    let n = n as usize;
    "abcdefghijklmnopqrstuvwxyz".get(n..=n).unwrap_or("")
}

/// The Latin letter that a reader sees in a letter of another alphabet.
///
/// Law: `lookalike(c)` and `lookalike` of the folded `c` are never "none" first and "some" after, or the fold would not be idempotent:
/// callers ask for the original character first, then for its folded letter.
pub(crate) fn lookalike(c: char) -> Option<&'static str> {
    Some(match c {
        // Cyrillic
        'а' | 'А' => "a",
        'в' | 'В' | 'ь' | 'Ь' | 'Ъ' | 'ъ' => "b",
        'с' | 'С' => "c",
        'ԁ' | 'Ԁ' => "d",
        'е' | 'Е' | 'є' | 'Є' | 'э' | 'Э' => "e",
        'н' | 'Н' | 'һ' | 'Һ' => "h",
        'і' | 'І' | 'Ӏ' => "i",
        'ј' | 'Ј' => "j",
        'к' | 'К' => "k",
        'ӏ' => "l",
        'м' | 'М' => "m",
        'п' | 'П' | 'и' | 'И' => "n",
        'о' | 'О' => "o",
        'р' | 'Р' => "p",
        'ԛ' | 'Ԛ' => "q",
        'г' | 'Г' | 'я' | 'Я' => "r",
        'ѕ' | 'Ѕ' => "s",
        'т' | 'Т' => "t",
        'ѵ' | 'Ѵ' => "v",
        'ԝ' | 'Ԝ' | 'ш' | 'Ш' => "w",
        'х' | 'Х' => "x",
        'у' | 'У' | 'ү' | 'Ү' => "y",
        // Greek
        'α' | 'Α' => "a",
        'β' | 'Β' => "b",
        'ς' => "c",
        'ε' | 'Ε' => "e",
        'Η' => "h",
        'ι' | 'Ι' => "i",
        'κ' | 'Κ' => "k",
        'Μ' => "m",
        'η' | 'Ν' | 'π' => "n",
        'ο' | 'Ο' | 'σ' => "o",
        'ρ' | 'Ρ' => "p",
        'τ' | 'Τ' => "t",
        'υ' | 'μ' => "u",
        'ν' => "v",
        'ω' => "w",
        'χ' | 'Χ' => "x",
        'γ' | 'Υ' => "y",
        'ζ' | 'Ζ' => "z",
        // Armenian
        'օ' | 'Օ' => "o",
        'ս' | 'Ս' => "u",
        'հ' => "h",
        'ո' => "n",
        'ց' => "g",
        'յ' => "j",
        'զ' => "q",
        'Տ' => "s",
        // Cherokee capitals; their small letters stand at a fixed distance
        'Ꭺ' => "a",
        'Ᏼ' => "b",
        'Ꮯ' => "c",
        'Ꭰ' => "d",
        'Ꭼ' => "e",
        'Ꮐ' => "g",
        'Ꮋ' => "h",
        'Ꭻ' => "j",
        'Ꮶ' => "k",
        'Ꮮ' => "l",
        'Ꮇ' => "m",
        'Ꮲ' => "p",
        'Ꭱ' | 'Ꮢ' => "r",
        'Ꮪ' => "s",
        'Ꭲ' => "t",
        'Ꮩ' => "v",
        'Ꮃ' => "w",
        'Ꭹ' => "y",
        'Ꮓ' => "z",
        'ꭰ'..='ꮿ' => return char::from_u32(c as u32 - 0xAB70 + 0x13A0).and_then(lookalike),
        // Lisu
        'ꓮ' => "a",
        'ꓐ' => "b",
        'ꓚ' => "c",
        'ꓓ' => "d",
        'ꓰ' => "e",
        'ꓝ' => "f",
        'ꓖ' => "g",
        'ꓧ' => "h",
        'ꓲ' => "i",
        'ꓙ' => "j",
        'ꓗ' => "k",
        'ꓡ' => "l",
        'ꓟ' => "m",
        'ꓠ' => "n",
        'ꓳ' => "o",
        'ꓑ' => "p",
        'ꓣ' => "r",
        'ꓢ' => "s",
        'ꓔ' => "t",
        'ꓴ' => "u",
        'ꓦ' => "v",
        'ꓪ' => "w",
        'ꓫ' => "x",
        'ꓬ' => "y",
        'ꓜ' => "z",
        _ => return None,
    })
}

/// Symbols outside ASCII that can stand for a letter or hide one.
pub(crate) fn is_symbol(c: char) -> bool {
    matches!(c, '€' | '£' | '¥' | '¢' | '¡' | '§' | '×' | '•' | '●' | '∗' | '＊' | '＿' | '＠' | '＄' | '■' | '█' | '…')
}

/// Points that introduce an inclusive suffix, besides `. - / * (`.
pub(crate) fn is_inclusive_point(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '⋅' | '∙' | '・' | '\u{2010}' | '\u{2011}')
}

/// Whether two regional indicators are the flag of a country (ISO 3166-1 and the few extra codes that fonts draw).
pub(crate) fn is_flag(first: char, second: char) -> bool {
    const FLAGS: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz \
        ca cc cd cf cg ch ci ck cl cm cn co cp cr cu cv cw cx cy cz de dg dj dk dm do dz ea ec ee eg eh er es et eu fi fj fk fm fo fr \
        ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu ic id ie il im in io iq ir is it je jm jo jp \
        ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz \
        na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw \
        sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz ta tc td tf tg th tj tk tl tm tn to tr tt tv tw tz \
        ua ug um un us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw";
    static TABLE: LazyLock<Vec<bool>> = LazyLock::new(|| {
        let mut table = vec![false; 26 * 26];
        for code in FLAGS.split_ascii_whitespace() {
            if let [a, b] = *code.as_bytes() {
                table[usize::from(a - b'a') * 26 + usize::from(b - b'a')] = true;
            }
        }
        table
    });
    let index = (first as usize).wrapping_sub(0x1F1E6) * 26 + (second as usize).wrapping_sub(0x1F1E6);
    TABLE.get(index).copied().unwrap_or(false)
}
