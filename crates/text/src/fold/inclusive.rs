//! Inclusive suffixes: `musulman·e·s`, `ouvrier.e.s`, `arabe(s)`, `juif-ve-s`. The word keeps its masculine form, with the plural *s*
//! when the suffix has one, so that the forms of the lexicon match; its span covers the suffix. Capital-E forms need nothing: they fold
//! to the feminine.

use super::tables::is_inclusive_point;

/// Feminine endings, longest first.
const ENDINGS: &[&str] = &["trice", "velle", "euse", "rice", "esse", "elle", "ere", "ère", "che", "fe", "le", "ne", "ve", "se", "te", "sse", "e"];

/// Endings that are words of their own ("dit-elle", "prends-le", "fini.Les …"): behind an ASCII sign they need a plural mark set apart.
const WORDS: &[&str] = &["elle", "le", "te", "ne"];

/// Reads an inclusive suffix at the start of `rest`, the text after a word of two letters at least.
/// Gives its length and whether it makes a plural.
pub(crate) fn suffix(rest: &str) -> Option<(usize, bool)> {
    let open = rest.chars().next()?;
    if open == '(' {
        return parenthesised(rest);
    }
    if !matches!(open, '.' | '-' | '/' | '*') && !is_inclusive_point(open) {
        return None;
    }
    let at = open.len_utf8();
    // Most signs are followed by a space: settle these without trying the endings.
    if !rest[at..].starts_with(['e', 'E', 's', 'S', 't', 'T', 'v', 'V', 'r', 'R', 'c', 'C', 'f', 'F', 'l', 'L', 'n', 'N', 'è', 'È']) {
        return None;
    }
    let ending = ENDINGS.iter().find(|ending| starts_with_word_part(&rest[at..], ending))?;
    let mut end = at + ending.len();
    let mut plural = false;
    let apart = rest[end..].strip_prefix(open).is_some_and(is_s);
    if open.is_ascii() && !apart && WORDS.contains(ending) {
        return None;
    }
    // "n*e" is a mask more often than a gender star: the star needs its second one.
    if open == '*' && !apart {
        return None;
    }
    if apart {
        end += open.len_utf8() + 1;
        plural = true;
    } else if is_s(&rest[end..]) {
        end += 1;
        plural = true;
    }
    ends_word(&rest[end..]).then_some((end, plural))
}

/// `(e)`, `(s)`, `(e)s`, `(e)(s)`, `(es)`, `(ne)s` …
fn parenthesised(rest: &str) -> Option<(usize, bool)> {
    let mut end = 0;
    let mut plural = false;
    for _ in 0..2 {
        let Some(inner) = rest[end..].strip_prefix('(') else { break };
        // The longest ending has five letters, plus s.
        let Some(close) = inner.bytes().take(8).position(|b| b == b')') else { break };
        let Some(word) = inner.get(..close) else { break };
        let (stem, s) = match word.strip_suffix(['s', 'S']) {
            Some(stem) => (stem, true),
            None => (word, false),
        };
        if !(stem.is_empty() && s || ENDINGS.iter().any(|e| stem.eq_ignore_ascii_case(e))) {
            break;
        }
        plural |= s;
        end += close + 2;
    }
    if end == 0 {
        return None;
    }
    if is_s(&rest[end..]) && ends_word(&rest[end + 1..]) {
        end += 1;
        plural = true;
    }
    ends_word(&rest[end..]).then_some((end, plural))
}

fn starts_with_word_part(rest: &str, ending: &str) -> bool {
    rest.get(..ending.len()).is_some_and(|head| head.eq_ignore_ascii_case(ending))
        && (ends_word(&rest[ending.len()..]) || is_s(&rest[ending.len()..]) && ends_word(&rest[ending.len() + 1..]))
}

fn is_s(rest: &str) -> bool {
    matches!(rest.as_bytes().first(), Some(b's' | b'S'))
}

/// No letter, digit or mark follows.
fn ends_word(rest: &str) -> bool {
    !rest.chars().next().is_some_and(|c| c.is_alphanumeric() || !c.is_ascii() && super::tables::kind(c) == super::tables::Kind::Mark)
}
