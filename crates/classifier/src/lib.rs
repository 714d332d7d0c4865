//! A lexicon and a post in, a verdict out. Pure: no Kafka, clock, file, log or metric; total: it never fails on input.
//!
//! The path of a post, one module a step: [`vigie_text::fold()`] → `known` looks words up → `matcher` finds forms → `words` takes the views' readings →
//! `cells` gives each word what it can mean → `clause`, `groups`, `anaphora` say where and of whom → `encode` and `frames` put groups under
//! predicates → `judge` and `polarity` make findings → `stance` asks who speaks → `policy` makes the [`Verdict`].

mod anaphora;
mod bloom;
mod cells;
mod clause;
mod clues;
mod concepts;
mod encode;
mod engine;
mod explanation;
mod forms;
mod frames;
mod graphies;
mod groups;
mod hits;
mod judge;
mod known;
mod matcher;
mod needs;
mod phrases;
mod polarity;
mod policy;
mod reach;
mod signs;
mod sketch;
mod stance;
mod stretches;
mod symbols;
mod taking;
mod texts;
mod trace;
mod trigger;
mod turns;
mod verdict;
mod ways;
mod word_symbols;
mod words;

pub use engine::{Classifier, CompileError, Scratch};
pub use explanation::Explanation;
pub use trace::{Match, Trace, TracedClue, TracedFrame, TracedWord};
pub use verdict::*;

/// Raised whenever the same bundle can give another verdict; part of the lexicon revision.
pub const BEHAVIOUR: u32 = 5;
