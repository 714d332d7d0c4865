//! Headwords in, every spelling that French makes of them out. Total: a headword without a paradigm is an error with its reason, never a guess.
//!
//! Notation (lexicon contract): nouns and adjectives are `base:gender[:irregular[:irregular]]`, verbs are infinitives, phrases stand as they are.

mod nominal;
mod phrase;
mod verb;
mod verb_table;

#[cfg(test)]
mod tests;

use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::model::{Form, Kind, Spelling};

/// Why a headword has no paradigm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadwordError {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
}

impl HeadwordError {
    fn new(message: impl Into<String>, help: &str) -> Self {
        Self { message: message.into(), help: Some(help.to_owned()) }
    }
}

/// Every spelling of `headword`, without duplicates, in order of its paradigm.
pub fn inflect(headword: &str, kind: Kind) -> Result<Vec<Spelling>, HeadwordError> {
    let headword = headword.trim();
    if headword.matches('…').count() > 1 {
        return Err(HeadwordError::new(format!("`{headword}` has more than one hole"), "one `…` stands for one to three tokens or a group"));
    }
    let spellings = match kind {
        Kind::Verb => phrase::verb(headword)?,
        Kind::Noun | Kind::Adj => nominal::inflect(headword)?,
        Kind::Phrase | Kind::Word | Kind::Number | Kind::Emoji => vec![phrase::fixed(headword)?],
    };
    Ok(distinct(spellings))
}

/// Each spelling that holds something once, in a list without slack: there are a million.
pub(crate) fn distinct(all: Vec<Spelling>) -> Vec<Spelling> {
    let mut seen = FxHashSet::with_capacity_and_hasher(all.len(), FxBuildHasher);
    let first: Vec<bool> = all.iter().map(|s| !s.text.is_empty() && seen.insert(s)).collect();
    let mut each = Vec::with_capacity(seen.len());
    each.extend(all.into_iter().zip(first).filter_map(|(s, first)| first.then_some(s)));
    each
}

/// A spelling taken as it is.
pub(crate) fn invariable(text: &str) -> Spelling {
    Spelling { text: text.to_owned(), form: Form::Inv, person: None, reflexive: false }
}
