//! The automaton: every whole-token occurrence of every form, in one pass over folded text.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use crate::forms::Forms;

/// Above this many forms the contiguous NFA replaces the DFA, whose table would pass 64 MiB.
const DFA_FORMS: usize = 30_000;

/// Finds forms in folded text: tokens separated by single spaces, with a space at both ends.
pub(crate) struct Matcher {
    automaton: AhoCorasick,
}

/// One occurrence: a form between two byte positions of the folded text, outer spaces left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub(crate) form: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Matcher {
    /// Builds the automaton over all forms.
    pub(crate) fn build(forms: &Forms) -> Result<Self, BuildError> {
        let kind = if forms.list.len() <= DFA_FORMS { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let patterns = forms.list.iter().map(|f| format!(" {} ", f.text));
        let automaton = AhoCorasick::builder().kind(Some(kind)).match_kind(MatchKind::Standard).build(patterns)?;
        Ok(Self { automaton })
    }

    /// Appends every hit in `text`, in order of its end.
    pub(crate) fn find(&self, text: &str, out: &mut Vec<RawHit>) {
        out.extend(self.automaton.find_overlapping_iter(text).map(|m| RawHit {
            form: m.pattern().as_u32(),
            start: m.start() as u32 + 1,
            end: m.end() as u32 - 1,
        }));
    }
}
