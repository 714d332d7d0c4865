//! Reads the demo's own /metrics, as Prometheus would, to know when everything that was sent has an outcome.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// One series per outcome; together, every record that has one.
const OUTCOMES: &str = "vigie_processed_records_total{";

/// Waits until `records` have an outcome, or for `patience`.
pub(super) fn wait_for(address: SocketAddr, records: u64, patience: Duration) {
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline && scrape(address).is_ok_and(|page| processed(&page) < records) {
        thread::sleep(Duration::from_millis(20));
    }
}

fn scrape(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut page = Vec::new();
    stream.read_to_end(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn processed(page: &str) -> u64 {
    let value = |line: &str| line.starts_with(OUTCOMES).then(|| line.rsplit(' ').next()?.parse::<u64>().ok()).flatten();
    page.lines().filter_map(value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_summed_and_nothing_else() {
        let page = "# HELP vigie_processed_records_total x\nvigie_processed_records_total{outcome=\"clean\"} 40\nvigie_processed_records_total{outcome=\"flagged\"} 2\nvigie_consumed_records_total 99\n";
        assert_eq!(processed(page), 42);
        assert_eq!(processed(""), 0);
    }
}
