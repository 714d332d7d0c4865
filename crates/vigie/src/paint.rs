//! Colours, on terminals only.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

/// How text for people is decorated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// ANSI escapes.
    Colour,
    /// Characters that survive a pipe.
    Plain,
}

/// What is being decorated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// The words that are flagged.
    Span,
    /// A heading.
    Title,
    /// What can be skipped.
    Faint,
    /// Something bad.
    Bad,
    /// Something good.
    Good,
}

impl Paint {
    /// Colour when standard output is a terminal and nobody asked for none (<https://no-color.org>).
    pub(crate) fn stdout() -> Self {
        let wanted = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        if wanted { Self::Colour } else { Self::Plain }
    }

    /// `text` in `ink`. Plain spans keep their brackets, since they carry meaning.
    pub(crate) fn ink(self, ink: Ink, text: impl Display) -> String {
        let code = match (self, ink) {
            (Self::Plain, Ink::Span) => return format!("[{text}]"),
            (Self::Plain, _) => return text.to_string(),
            (Self::Colour, Ink::Span) => "1;97;41",
            (Self::Colour, Ink::Title) => "1",
            (Self::Colour, Ink::Faint) => "2",
            (Self::Colour, Ink::Bad) => "31",
            (Self::Colour, Ink::Good) => "32",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// `text` with `spans` highlighted; overlapping ones are joined. Control characters are shown as spaces: a post must not drive the terminal.
    pub(crate) fn highlight(self, text: &str, spans: &[vigie_text::Span]) -> String {
        let mut sorted = spans.to_vec();
        sorted.sort_unstable();
        let mut joined: Vec<vigie_text::Span> = Vec::new();
        for span in sorted.into_iter().filter(|s| s.start < s.end) {
            match joined.last_mut() {
                Some(last) if span.start < last.end => *last = last.join(span),
                _ => joined.push(span),
            }
        }
        let (mut out, mut at) = (String::new(), 0);
        for span in joined {
            out.push_str(&harmless(&text[at..span.start as usize]));
            out.push_str(&self.ink(Ink::Span, harmless(&text[span.range()])));
            at = span.end as usize;
        }
        out.push_str(&harmless(&text[at..]));
        out
    }
}

/// One line on standard output. A reader that went away is no reason to stop what else is under way.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Text that cannot move the cursor or change colours.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use vigie_text::Span;

    use super::*;

    #[test]
    fn spans_are_marked_joined_and_nothing_drives_the_terminal() {
        let check = |text: &str, spans: &[(usize, usize)], expected: &str| {
            let spans: Vec<Span> = spans.iter().map(|&(a, b)| Span::new(a, b)).collect();
            assert_eq!(Paint::Plain.highlight(text, &spans), expected);
        };
        check("un deux trois", &[(3, 7)], "un [deux] trois");
        check("un deux trois", &[(3, 13), (0, 2), (3, 7)], "[un] [deux trois]");
        check("été ici", &[(0, 5)], "[été] ici");
        check("a\x1b[2Jb\nc", &[], "a [2Jb c");
    }
}
