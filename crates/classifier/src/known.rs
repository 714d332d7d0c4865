//! What all tables say of one word, looked up once a post and remembered between posts.

use vigie_text::{Dictionary, Facts, Folded, Lookup, Memo, Number};

use crate::forms::Forms;
use crate::matcher::{Entry, Matcher, RawHit};
use crate::reach::{Brief, Reach};
use crate::trigger::{Marks, Triggers};
use crate::word_symbols::Kinds;

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    /// For the views.
    pub(crate) facts: Facts,
    /// Of the form that is this word alone.
    pub(crate) marks: Marks,
    /// What that form gives to a post that names nobody.
    pub(crate) brief: Brief,
    pub(crate) entry: Entry,
    pub(crate) kinds: Kinds,
}

/// The tables.
#[derive(Clone, Copy)]
pub(crate) struct Tables<'a> {
    pub(crate) forms: &'a Forms,
    pub(crate) matcher: &'a Matcher,
    pub(crate) triggers: &'a Triggers,
    pub(crate) reach: &'a Reach,
    pub(crate) lookup: &'a Lookup,
    pub(crate) dictionary: &'a Dictionary,
    pub(crate) number: Number,
}

impl Tables<'_> {
    fn of(&self, word: &str) -> Known {
        let facts = Facts::of(word, self.lookup, self.dictionary);
        let entry = self.matcher.entry(word);
        let (marks, brief) = entry.alone().map_or_else(Default::default, |form| (self.triggers.marks(form), self.reach.brief(form)));
        Known { facts, marks, brief, entry, kinds: Kinds::of(word, self.dictionary) }
    }

    /// Looks the tokens of a post up.
    pub(crate) fn read(&self, folded: &Folded, found: &mut Found) {
        self.look_up(folded.text(), found);
        found.facts.clear();
        found.facts.extend(found.words.iter().map(|known| known.facts));
    }

    /// Replaces what `found` holds by every hit in a text of words between single spaces.
    pub(crate) fn find(&self, text: &str, found: &mut Found) {
        self.look_up(text, found);
        self.find_again(found);
    }

    /// The same for the words that were looked up last.
    pub(crate) fn find_again(&self, found: &mut Found) {
        self.matcher.find(&found.words, &mut found.hits);
    }

    /// Looks the words of such a text up.
    fn look_up(&self, text: &str, found: &mut Found) {
        found.memo.of(self.number);
        found.words.clear();
        self.add(text, found);
    }

    /// Adds a text, such as a reading, to the words that were looked up last: words between single spaces.
    pub(crate) fn add(&self, text: &str, found: &mut Found) {
        let Found { words, memo, .. } = found;
        let mut start = 0;
        for end in memchr::memchr_iter(b' ', text.as_bytes()).chain([text.len()]) {
            if start < end {
                words.push(memo.get(text, start, end, |word| self.of(word)));
            }
            start = end + 1;
        }
    }
}

/// Words as they are known, hits among them, and the memo.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In order of their end, the longest first.
    pub(crate) hits: Vec<RawHit>,
    /// The words looked up last.
    pub(crate) words: Vec<Known>,
    /// The facts of the tokens of the post.
    pub(crate) facts: Vec<Facts>,
    /// By word: phrases step over it; and the words that are left.
    pub(crate) skipped: Vec<bool>,
    pub(crate) kept: Vec<usize>,
    memo: Memo<Known>,
}
