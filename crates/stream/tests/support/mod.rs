//! What the delivery tests share: a judge, schemas, records, and readers of topics.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::panic)] // each test target uses a part of it

pub mod cluster;
pub mod judge;
pub mod schema;
pub mod worker;

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::message::{Headers, Message, OwnedMessage};
use vigie_stream::demo::Tap;

/// A free port of loopback; another process may take it, which has not happened.
pub fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Headers by name; the last of a name counts.
pub fn headers(message: &OwnedMessage) -> BTreeMap<String, String> {
    let text = |v: Option<&[u8]>| String::from_utf8(v.unwrap_or_default().to_owned()).unwrap();
    message.headers().map_or_else(BTreeMap::new, |h| h.iter().map(|h| (h.key.to_owned(), text(h.value))).collect())
}

/// Reads `topic` from its beginning until `enough` messages are there and nothing more comes for a moment, or nothing came for `patience`.
pub fn read_topic(config: &ClientConfig, topic: &str, enough: usize, patience: Duration) -> Vec<OwnedMessage> {
    let tap = Tap::with(config, topic).unwrap();
    let (mut since, mut found) = (Instant::now(), Vec::new());
    while since.elapsed() < patience {
        match tap.next_message(Duration::from_millis(if found.len() >= enough { 1500 } else { 500 })).unwrap() {
            Some(message) => {
                found.push(message);
                since = Instant::now();
            }
            None if found.len() >= enough => break,
            None => {}
        }
    }
    found
}

/// A reader that sees only committed transactions.
pub fn reader(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", bootstrap)
        .set("group.id", "test-reader")
        .set("enable.auto.commit", "false")
        .set("isolation.level", "read_committed")
        .set("fetch.wait.max.ms", "50");
    config
}

/// GET over plain TCP: status and body.
pub fn http_get(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}

/// One sample of `/metrics`.
pub fn metric(address: SocketAddr, series: &str) -> Option<f64> {
    http_get(address, "/metrics")?.1.lines().find_map(|l| l.strip_prefix(series)?.trim().parse().ok())
}

/// Waits for something to become true.
pub fn eventually(what: &str, patience: Duration, mut is: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < patience, "not in {patience:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
