//! The lexicon: TOML files in, a [`Lexicon`] or all their problems at once out.
//!
//! The bundle is data and composes: groups, slurs, predicates, operators, stance marks, codes, innocent phrases, frames and policy.
//! Nothing here judges a post; `vigie-classifier` does. Only [`source`] touches the disk.

mod model;
pub mod pattern;

pub use model::*;
