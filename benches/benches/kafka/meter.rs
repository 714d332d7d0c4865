//! Speed and processor time of this process in its steady state: samples while it works, without its start and its tail.

use std::fmt;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// What a process measured of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    /// Messages a second.
    pub(crate) per_second: f64,
    /// CPU seconds of all threads for a million messages.
    pub(crate) cpu_per_million: f64,
    /// Resident memory in MiB: at the end.
    pub(crate) rss_mib: f64,
    /// Messages that went through, all of them.
    pub(crate) consumed: u64,
    /// Flagged ones.
    pub(crate) flagged: u64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { per_second, cpu_per_million, rss_mib, consumed, flagged } = self;
        write!(f, "outcome {per_second} {cpu_per_million} {rss_mib} {consumed} {flagged}")
    }
}

impl Outcome {
    /// From the line that a process wrote.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.strip_prefix("outcome ")?.split(' ');
        let mut next = || numbers.next()?.parse::<f64>().ok();
        let (per_second, cpu_per_million, rss_mib) = (next()?, next()?, next()?);
        Some(Self { per_second, cpu_per_million, rss_mib, consumed: numbers.next()?.parse().ok()?, flagged: numbers.next()?.parse().ok()? })
    }
}

/// CPU seconds of all threads of this process.
fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Resident memory of a process in MiB.
pub(crate) fn rss_mib(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kib = status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Looks at `done` every so often until it is `total`. What counts lies between a tenth and 95 % of it: neither the first fetches nor the
/// time when one lane has finished and another has not.
pub(crate) fn watch(total: u64, every: Duration, mut done: impl FnMut() -> u64) -> Outcome {
    let (mut first, mut last) = (None, None);
    let mut moved = (0, Instant::now());
    loop {
        let look = (Instant::now(), cpu(), done());
        if look.2 >= total / 10 && look.2 <= total / 100 * 95 {
            first.get_or_insert(look);
            last = Some(look);
        }
        if look.2 >= total {
            break;
        }
        if look.2 > moved.0 {
            moved = (look.2, look.0);
        }
        assert!(moved.1.elapsed() < Duration::from_mins(1), "nothing moves: {} of {total}", look.2);
        std::thread::sleep(every);
    }
    let (Some(first), Some(last)) = (first, last) else { panic!("too few messages to measure") };
    let (seconds, messages) = ((last.0 - first.0).as_secs_f64(), (last.2 - first.2) as f64);
    assert!(messages > 0.0, "too few messages to measure");
    Outcome { per_second: messages / seconds, cpu_per_million: (last.1 - first.1) * 1e6 / messages, rss_mib: rss_mib("self"), consumed: total, flagged: 0 }
}
