//! The exit codes that scripts rely on.

use std::io;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done.
    Fine,
    /// It was done, and a gate says no.
    Gate,
    /// The call, the configuration or the lexicon is wrong; nothing was done.
    Usage,
    /// Some input was bad; the rest was done.
    Input,
    /// The service failed while running.
    #[cfg(feature = "kafka")]
    Service,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Gate => 1,
            Exit::Usage => 2,
            Exit::Input => 3,
            #[cfg(feature = "kafka")]
            Exit::Service => 4,
        })
    }
}

/// Whether the reader of our output went away, which is its right.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let closed = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(closed))
}
