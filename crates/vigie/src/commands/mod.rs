//! One command a file: arguments, work, exit code.

pub(crate) mod backtest;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod lexicon;
pub(crate) mod replay;
pub(crate) mod scan;
