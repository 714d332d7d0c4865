//! A progress bar on standard error, when that is a terminal and the work is long enough to be seen.

use std::io::{self, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often the bar is drawn anew.
const TICK: Duration = Duration::from_millis(200);

/// A bar over the bytes of an input; without a size, a count. It draws nothing when standard error is no terminal.
pub(crate) fn bytes(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}, {bytes_per_sec}"),
    };
    styled(bar, template)
}

/// A bar over a known number of things.
pub(crate) fn count(total: u64, what: &str) -> ProgressBar {
    styled(ProgressBar::new(total), &format!("{{bar:30}} {{pos}} of {{len}} {what}, {{eta}} left"))
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

/// A reader that moves a bar.
pub(crate) struct Watched<R> {
    inner: R,
    bar: ProgressBar,
}

impl<R> Watched<R> {
    /// Moves `bar` by what is read from `inner`.
    pub(crate) fn new(inner: R, bar: ProgressBar) -> Self {
        Self { inner, bar }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bar.inc(read as u64);
        Ok(read)
    }
}
