//! French text folded for matching, with offsets into the original, and its *views*: other readings of one suspicious token.
//!
//! This crate is pure and knows nothing of hate: it does no I/O and never fails on input.
//! - [`fold()`] turns a post into `a-z 0-9` tokens separated by single spaces, and remembers where each came from.
//! - [`Dictionary`] says which words are ordinary: the gate in front of the costly views.
//! - [`Lookup`] knows the forms that are searched for; [`readings()`] opens the views that could lead to one of them.

mod dictionary;
mod fold;
mod memo;
mod readings;
mod span;

pub use dictionary::{Dictionary, Pos, WordInfo};
pub use fold::{Folded, Token, TokenFlags, entity, fold, fold_word};
pub use memo::{Memo, Number};
pub use readings::{Facts, FormUse, Lookup, Reading, Readings, View, introduces, readings};
pub use span::{Span, Units};
