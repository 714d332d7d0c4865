//! One command a file: arguments, work, exit code.

pub(crate) mod backtest;
pub(crate) mod check;
#[cfg(feature = "kafka")]
pub(crate) mod demo;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod lexicon;
#[cfg(feature = "kafka")]
pub(crate) mod redrive;
pub(crate) mod replay;
pub(crate) mod scan;
#[cfg(feature = "kafka")]
pub(crate) mod serve;
#[cfg(feature = "kafka")]
mod settings;
