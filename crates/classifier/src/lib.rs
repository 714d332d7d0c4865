//! A lexicon and a post in, a verdict out. Pure: no Kafka, clock, file, log or metric; total: it never fails on input.

mod verdict;

pub use verdict::*;

use vigie_lexicon::Lexicon;

/// Raised whenever the same bundle can give another verdict; part of the lexicon revision.
pub const BEHAVIOUR: u32 = 1;

/// A compiled lexicon: immutable, shared between threads.
pub struct Classifier {
    lexicon: Lexicon,
}

/// Buffers of one thread, reused from post to post.
#[derive(Default)]
pub struct Scratch {}

impl Classifier {
    /// Compiles a checked lexicon.
    pub fn new(lexicon: Lexicon) -> Self {
        Self { lexicon }
    }

    /// The lexicon it was compiled from.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Judges one post. Total, deterministic, linear in its length.
    pub fn classify(&self, _text: &str, _scratch: &mut Scratch) -> Verdict {
        Verdict::clean()
    }
}
