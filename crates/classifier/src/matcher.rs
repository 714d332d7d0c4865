//! The automaton: every whole-word occurrence of every form, in one pass over folded text.
//!
//! Aho-Corasick over " form ", separators inside the patterns, so that nothing is found inside a word. Posts that cannot make a finding never
//! get here: the gate of [`crate::trigger`] stands in front. A trie of words was tried in its place (it needs no automaton of a megabyte and
//! looks once at each word); it is faster to build and to run, and one more automaton of our own: the well-kept crate was kept.

use std::hash::Hasher as _;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use rustc_hash::FxHasher;

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

/// The hash of one folded word, for the gate of [`crate::trigger`].
pub(crate) fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

impl Matcher {
    /// Builds the automaton over all forms.
    pub(crate) fn build(forms: &Forms) -> Result<Self, BuildError> {
        let kind = if forms.list.len() <= DFA_FORMS { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let patterns = forms.list.iter().map(|f| format!(" {} ", f.text));
        Ok(Self { automaton: AhoCorasick::builder().kind(Some(kind)).match_kind(MatchKind::Standard).build(patterns)? })
    }

    /// Replaces what `found` holds by every hit in `text`, in order of its end, the longest first.
    pub(crate) fn find(&self, text: &str, found: &mut Vec<RawHit>) {
        found.clear();
        found.extend(self.automaton.find_overlapping_iter(text).map(|m| RawHit {
            form: m.pattern().as_u32(),
            start: m.start() as u32 + 1,
            end: m.end() as u32 - 1,
        }));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::forms::FormEntry;

    fn forms(texts: &[String]) -> Forms {
        let mut texts: Vec<&String> = texts.iter().collect();
        texts.sort_unstable();
        texts.dedup();
        let mut forms = Forms::default();
        forms.list.extend(texts.into_iter().map(|t| FormEntry { text: t.as_str().into(), meanings: Vec::new() }));
        forms
    }

    /// The slow, obvious way: each form against each run of words.
    fn oracle(forms: &Forms, text: &str) -> Vec<(u32, u32, u32)> {
        let mut found = Vec::new();
        for (number, form) in forms.list.iter().enumerate() {
            let pattern = format!(" {} ", form.text);
            let starts = (0..text.len()).filter(|&at| text[..].get(at..).is_some_and(|rest| rest.starts_with(&pattern)));
            found.extend(starts.map(|at| (at as u32 + 1, (at + pattern.len()) as u32 - 1, number as u32)));
        }
        found.sort_unstable();
        found
    }

    proptest! {
        #[test]
        fn the_automaton_finds_whole_words_and_nothing_else(
            texts in prop::collection::vec("[abé🍀]{1,2}( [abé🍀]{1,2}){0,3}", 1..40),
            words in prop::collection::vec("[abé🍀]{1,2}", 0..60),
        ) {
            let forms = forms(&texts);
            let text = words.iter().fold(" ".to_owned(), |text, word| text + word + " ");
            let mut found = Vec::new();
            Matcher::build(&forms).expect("few patterns").find(&text, &mut found);
            let mut found: Vec<_> = found.iter().map(|h| (h.start, h.end, h.form)).collect();
            found.sort_unstable();
            prop_assert_eq!(found, oracle(&forms, &text));
        }
    }
}
