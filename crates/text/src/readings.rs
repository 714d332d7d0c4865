//! Views: other readings of one suspicious token, opened by cheap gates.

use crate::{Dictionary, Folded, Span};

/// The mechanism that a reading undoes, from the surest to the least sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum View {
    /// Invisible characters, bidi controls.
    Invisible,
    /// Letters of other alphabets.
    Lookalike,
    /// Letters repeated.
    Repetition,
    /// Digits and symbols for letters.
    Leet,
    /// Stars and the like in place of letters.
    Mask,
    /// Letters set apart.
    Separated,
    /// A word cut in two or three.
    Split,
    /// Words run together, hashtags included.
    Glued,
    /// A swap, an insertion, a deletion or a substitution.
    Typo,
    /// Spelled as it sounds.
    Phonetic,
}

impl View {
    /// Whether what it yields counts as weak evidence.
    pub fn is_weak(self) -> bool {
        self >= Self::Split
    }
}

bitflags::bitflags! {
    /// What views may lead to a form.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct FormUse: u8 {
        /// Strong views may (leet, masks, repetition, separated letters).
        const STRONG = 1;
        /// Weak views may too (split, glued, typo, phonetic).
        const WEAK = 2;
    }
}

/// Another reading of one or a few neighbouring tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Tokens of the folded post that it replaces.
    pub tokens: std::ops::Range<usize>,
    /// Folded words, separated by single spaces.
    pub text: String,
    /// How it was read.
    pub view: View,
    /// What it covers in the original.
    pub span: Span,
}

/// The readings of a post.
#[derive(Debug, Default)]
pub struct Readings {
    /// In order of their first token.
    pub list: Vec<Reading>,
    /// More suspicious tokens than the cap: evidence in itself.
    pub flood: bool,
}

/// The forms searched for, indexed for the views.
#[derive(Debug, Default)]
pub struct Lookup {}

impl Lookup {
    /// Indexes folded forms; a form of several words is indexed whole and word by word.
    pub fn build<'a>(_forms: impl IntoIterator<Item = (&'a str, FormUse)>, _dictionary: &Dictionary) -> Self {
        Self {}
    }
}

/// Opens the views of a folded post. Bounded work: linear in the length of the post.
pub fn readings(_post: &str, _folded: &Folded, _lookup: &Lookup, _dictionary: &Dictionary, out: &mut Readings) {
    out.list.clear();
    out.flood = false;
}
