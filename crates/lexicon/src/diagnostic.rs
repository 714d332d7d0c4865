//! What is wrong with a bundle, and where: all of it at once, for a person with the file open.

use std::cell::RefCell;
use std::fmt;

use crate::model::Place;

/// Whether a diagnostic refuses the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The bundle does not load.
    Error,
    /// It loads; somebody should look.
    Warning,
}

/// One problem of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where; columns count characters from 1.
    pub place: Place,
    /// Error or warning.
    pub level: Level,
    /// What is wrong, with the value and the limit.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = if self.level == Level::Warning { "warning: " } else { "" };
        write!(f, "{}: {level}{}", self.place, self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// Collects diagnostics while the bundle is read; shared by every reader of one load.
#[derive(Debug, Default)]
pub(crate) struct Sink(RefCell<Vec<Diagnostic>>);

impl Sink {
    pub(crate) fn error(&self, place: Place, message: impl Into<String>, help: Option<String>) {
        self.0.borrow_mut().push(Diagnostic { place, level: Level::Error, message: message.into(), help });
    }

    pub(crate) fn warning(&self, place: Place, message: impl Into<String>, help: Option<String>) {
        self.0.borrow_mut().push(Diagnostic { place, level: Level::Warning, message: message.into(), help });
    }

    /// Everything collected, by place.
    pub(crate) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut all = self.0.into_inner();
        all.sort();
        all.dedup();
        all
    }
}
