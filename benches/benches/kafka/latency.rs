//! From the broker's timestamp of a post to its timestamp of what came of it, at half load: Vigie's flags beside a plain pass-through.
//! Both topics carry the broker's own time of appending, so one clock measures both ends.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;
use rdkafka::message::{Headers, Message};
use rdkafka::producer::Producer;
use serde_json::Value;
use vigie_benches::Numbers;

use crate::broker::Broker;
use crate::roles::{self, Role, Writer};
use crate::{FLAGGED, PARTITIONS};

/// Seconds of steady load; the first quarter warms up and does not count.
const SECONDS: f64 = 20.0;
/// Flagged posts in a thousand.
const PER_MILLE: u64 = FLAGGED[1];

/// A process that goes with its guard.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Prints one row.
pub(crate) fn measure(broker: &Broker, per_second: f64) {
    let writer = Writer::new();
    let mut percentiles = Vec::new();
    for (role, topic, out) in [(Role::PacedPass, "paced-pass", "out-pass"), (Role::PacedVigie, "paced-vigie", "out-vigie")] {
        broker.create_topic(topic, PARTITIONS);
        broker.create_topic(out, PARTITIONS);
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.env(roles::ROLE, role.to_string()).env(roles::BROKER, &broker.bootstrap).env(roles::MESSAGES, "0");
        let _running = Running(command.stdout(Stdio::null()).spawn().expect("this program starts again"));
        // Until the first one comes out nothing is measured.
        let reader = roles::reader(&broker.bootstrap, out, &format!("{out}-reader"));
        let mut pace = Pace { writer: &writer, producer: roles::writer(&broker.bootstrap), numbers: Numbers::new(13), sent: 0 };
        while next(&reader, Duration::from_millis(200)).is_none() {
            pace.send(topic, 1000);
        }
        pace.steady(topic, per_second);
        let mut all: Vec<(i64, i64)> = Vec::new();
        while let Some(times) = next(&reader, Duration::from_secs(5)) {
            all.push(times);
        }
        let last = all.iter().map(|(posted, _)| *posted).max().unwrap_or(0);
        let counted = |posted: i64| last - posted < (SECONDS * 750.0) as i64;
        let mut took: Vec<i64> = all.iter().filter(|(posted, _)| counted(*posted)).map(|(posted, out)| out - posted).collect();
        took.sort_unstable();
        percentiles.push((took[took.len() / 2], took[took.len() * 99 / 100], took.len()));
    }
    let [(_, pass, _), (_, vigie, _)] = percentiles[..] else { return };
    println!("| p99 from the post's timestamp to the flag's at {per_second:.0} posts/s ÷ pass-through | ≤ 2 | {:.2} |", vigie as f64 / pass as f64);
    println!("\nMedian, p99 in ms and number: pass-through {:?}, Vigie {:?}", percentiles[0], percentiles[1]);
}

/// When a post was appended, and when what came of it was.
fn next(reader: &BaseConsumer, patience: Duration) -> Option<(i64, i64)> {
    let message = reader.poll(patience)?.ok()?;
    let out = message.timestamp().to_millis()?;
    let header = message.headers().and_then(|h| h.iter().find(|h| h.key == "at")).and_then(|h| std::str::from_utf8(h.value?).ok()?.parse().ok());
    let posted = header.or_else(|| {
        let flag: Value = serde_json::from_slice(message.payload()?).ok()?;
        flag.pointer("/input/timestamp_ms")?.as_i64()
    })?;
    Some((posted, out))
}

/// Posts at a steady rate.
struct Pace<'a> {
    writer: &'a Writer,
    producer: rdkafka::producer::BaseProducer,
    numbers: Numbers,
    sent: u64,
}

impl Pace<'_> {
    fn send(&mut self, topic: &str, posts: u64) {
        for _ in 0..posts {
            let post = self.writer.json(self.sent, PER_MILLE, &mut self.numbers);
            roles::send(&self.producer, topic, post.as_bytes(), None);
            self.sent += 1;
        }
        self.producer.poll(Duration::ZERO);
    }

    fn steady(&mut self, topic: &str, per_second: f64) {
        let (start, mut sent) = (Instant::now(), 0);
        while start.elapsed().as_secs_f64() < SECONDS {
            let due = (start.elapsed().as_secs_f64() * per_second) as u64;
            self.send(topic, due - sent);
            sent = due;
            std::thread::sleep(Duration::from_millis(2));
        }
        self.producer.flush(Duration::from_mins(1)).expect("every post is in the topic");
    }
}
