//! Codes that only their punctuation and capitals tell ("QUI ?"): read from the original text, since the fold drops both.
//!
//! They make no finding, so they are looked for only where every match is asked for.

use regex::Regex;
use vigie_lexicon::Lexicon;
use vigie_text::Span;

/// Longest text between the brackets of a form with a hole, in characters.
const HOLE: usize = 80;

/// The forms of codes that are read as they are written.
#[derive(Debug)]
pub(crate) struct Graphies(Vec<Graphy>);

#[derive(Debug)]
struct Graphy {
    /// Index of the code in the lexicon.
    code: u32,
    spelling: Box<str>,
    pattern: Regex,
}

/// Whether a form of a code says nothing once it is folded: it is told by its brackets or its question mark.
pub(crate) fn is_graphy(form: &str) -> bool {
    form.contains(['(', ')', '?'])
}

impl Graphies {
    pub(crate) fn new(lexicon: &Lexicon) -> Result<Self, regex::Error> {
        let mut list = Vec::new();
        for (code, entry) in lexicon.codes.iter().enumerate() {
            if !entry.common.status.is_live() {
                continue;
            }
            for spelling in entry.spellings.iter().filter(|s| is_graphy(&s.text)) {
                list.push(Graphy { code: code as u32, spelling: spelling.text.as_str().into(), pattern: pattern(&spelling.text)? });
            }
        }
        Ok(Self(list))
    }

    /// Each code found, as it is written in the lexicon, with its place.
    pub(crate) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (u32, &'a str, Span)> {
        self.0.iter().flat_map(move |g| g.pattern.find_iter(text).map(|m| (g.code, &*g.spelling, Span::new(m.start(), m.end()))))
    }
}

/// A form as a pattern: capitals count, a space may be missing before punctuation, the hole holds anything but brackets on one line.
fn pattern(form: &str) -> Result<Regex, regex::Error> {
    let mut out = String::new();
    if form.starts_with(char::is_alphanumeric) {
        out.push_str(r"\b");
    }
    let mut rest = form.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ' ' if rest.peek().is_some_and(|n| n.is_alphanumeric()) => out.push_str(r"\s+"),
            ' ' => out.push_str(r"\s*"),
            '…' => out.push_str(&format!("[^()\n]{{1,{HOLE}}}")),
            _ => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    Regex::new(&out)
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn a_graphy_is_read_with_its_capitals_and_its_brackets() {
        let rows = [
            ("QUI ?", "mais QUI ? voyons", Some("QUI ?")),
            ("QUI ?", "mais QUI\u{A0}? voyons", Some("QUI\u{A0}?")),
            ("QUI ?", "mais QUI?", Some("QUI?")),
            ("QUI ?", "Qui ?", None),
            ("QUI ?", "MAROQUI ?", None),
            ("(((…)))", "merci (((les autres))) !", Some("(((les autres)))")),
            ("(((…)))", "f(g(h(x)))", None),
            ("(((…)))", "(((a\nb)))", None),
        ];
        for (form, text, expected) in rows {
            let found = pattern(form).expect("a pattern").find(text).map(|m| m.as_str());
            assert_eq!(found, expected, "{form} in {text}");
        }
    }
}
