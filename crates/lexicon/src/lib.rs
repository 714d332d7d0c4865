//! The lexicon: TOML files in, a [`Lexicon`] or all their problems at once out.
//!
//! The bundle is data and composes: groups, slurs, predicates, operators, stance marks, codes, innocent phrases, frames and policy.
//! Nothing here judges a post; `vigie-classifier` does. Only [`source`] touches the disk.

mod diagnostic;
mod diff;
mod examples;
mod format;
mod gate;
mod inflect;
mod load;
mod model;
pub mod pattern;
mod reader;
mod revision;
pub mod source;
mod stats;

pub use diagnostic::{Diagnostic, Level};
pub use diff::{Change, Diff, Listed, diff, place_of};
pub use examples::{Example, ExampleError, Expanded, expand};
pub use format::{FormatError, format};
pub use inflect::{HeadwordError, inflect};
pub use load::{LoadError, load, load_dir};
pub use model::*;
pub use revision::{FORMAT, revision};
pub use source::{Files, SourceError};
pub use stats::{ByStatus, ClassStats, GroundStats, Row, Stats};
