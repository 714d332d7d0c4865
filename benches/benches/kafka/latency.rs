//! From the broker's timestamp of a post to its timestamp of what came of it, at a steady load: Vigie's flags beside a plain pass-through.
//! Both topics carry the broker's own time of appending, so one clock measures both ends; the acknowledgement leaves the broker at once after it.
//! On the same process: resident memory when caught up, and while the broker is away.

use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::producer::{BaseProducer, Producer};
use serde_json::Value;

use crate::broker::Broker;
use crate::feed::{self, Writer};
use crate::meter::rss_mib;
use crate::report::median;
use crate::roles::{Role, Running};
use crate::{FLAGGED, ONE_PERCENT, PARTITIONS};

/// Of steady load; the first quarter warms up and does not count.
const STEADY: Duration = Duration::from_secs(12);
/// Posts written beforehand: pacing must not cost what is measured.
const WRITTEN: u64 = 20_000;
/// How long the broker is away.
const AWAY: Duration = Duration::from_secs(15);

/// What one process showed.
struct Paced {
    /// In milliseconds.
    median: f64,
    p99: f64,
    count: usize,
    /// Resident memory in MiB, caught up.
    caught_up: f64,
}

/// Rounds of a pass-through and of Vigie.
pub(crate) struct Latency {
    /// Posts at one in a hundred flagged, and at one in ten.
    posts: [Vec<String>; 2],
    rounds: Vec<Round>,
}

struct Round {
    per_second: f64,
    pass: Paced,
    vigie: Paced,
}

impl Latency {
    pub(crate) fn new() -> Self {
        let mut writer = Writer::new(17);
        let posts = [ONE_PERCENT, FLAGGED[2]].map(|per_mille| (0..WRITTEN).map(|n| writer.json(n, per_mille)).collect());
        Self { posts, rounds: Vec::new() }
    }

    /// One round of both, at so many posts a second.
    pub(crate) fn measure(&mut self, broker: &Broker, per_second: f64) {
        let [pass, vigie] = [(Role::PacedPass, "pass"), (Role::PacedVigie, "vigie")].map(|(role, name)| {
            let (mut pace, running) = self.begin(broker, role, &format!("{name}-{}", self.rounds.len()));
            pace.run(per_second, &running)
        });
        eprintln!("at {per_second:.0}/s: p99 {:.0} and {:.0} ms, {:.0} MiB", pass.p99, vigie.p99, vigie.caught_up);
        self.rounds.push(Round { per_second, pass, vigie });
    }

    /// Starts a process of that role on new topics.
    fn begin(&self, broker: &Broker, role: Role, name: &str) -> (Pace<'_>, Running) {
        let (posts, out) = (format!("paced-{name}"), format!("out-{name}"));
        let pace = Pace::new(broker, &posts, &out, &self.posts[0]);
        let running = role.start(&broker.bootstrap, [&posts, &out]);
        (pace, running)
    }

    /// Vigie with much to flag, and in the middle of it the broker hangs: the most memory that it holds then, in MiB. Last of all, since the
    /// broker needs a while to find itself again.
    fn away(&self, broker: &Broker) -> f64 {
        let (mut pace, running) = self.begin(broker, Role::PacedVigie, "away");
        pace.first();
        pace.posts = &self.posts[1];
        pace.send(200_000);
        pace.producer.flush(Duration::from_mins(1)).expect("every post is in the topic");
        broker.pause();
        let (start, mut most) = (Instant::now(), 0.0_f64);
        while start.elapsed() < AWAY {
            most = most.max(rss_mib(&running.id()));
            std::thread::sleep(Duration::from_millis(100));
        }
        broker.resume();
        most
    }

    pub(crate) fn print(&self, broker: &Broker) {
        if self.rounds.is_empty() {
            return;
        }
        let column = |of: fn(&Round) -> f64| median(self.rounds.iter().map(of).collect());
        println!("\n| at {:.0} posts/s, half of what the round could do | pass-through | Vigie |\n|---|---:|---:|", column(|r| r.per_second));
        println!("| median, ms | {:.0} | {:.0} |", column(|r| r.pass.median), column(|r| r.vigie.median));
        println!("| p99, ms | {:.0} | {:.0} |", column(|r| r.pass.p99), column(|r| r.vigie.p99));
        println!("| messages timed, a round | {:.0} | {:.0} |", column(|r| r.pass.count as f64), column(|r| r.vigie.count as f64));
        println!("| resident memory caught up, MiB | {:.0} | {:.0} |", column(|r| r.pass.caught_up), column(|r| r.vigie.caught_up));
        println!("| resident memory at most, the broker away, MiB | | {:.0} |", self.away(broker));
        println!("\np99 ÷ the pass-through's, goal ≤ 2: {:.2}", column(|r| r.vigie.p99 / r.pass.p99));
    }
}

/// Posts at a steady rate, and what comes of them.
struct Pace<'a> {
    topic: String,
    posts: &'a [String],
    producer: BaseProducer,
    reader: BaseConsumer,
    sent: usize,
}

impl<'a> Pace<'a> {
    /// Both topics are new.
    fn new(broker: &Broker, topic: &str, out: &str, posts: &'a [String]) -> Self {
        broker.create_topic(topic, PARTITIONS);
        broker.create_topic(out, PARTITIONS);
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &broker.bootstrap).set("group.id", out).set("auto.offset.reset", "earliest").set("enable.auto.commit", "false");
        // Read when all is over: until then it should cost little.
        let reader: BaseConsumer = config.set("queued.min.messages", "1000").create().expect("a consumer");
        reader.subscribe(&[out]).expect("a subscription");
        Self { topic: topic.to_owned(), posts, producer: feed::producer(&broker.bootstrap), reader, sent: 0 }
    }

    fn send(&mut self, posts: usize) {
        for _ in 0..posts {
            let partition = i32::try_from(self.sent % PARTITIONS as usize).unwrap_or(0);
            // Every round of the partitions begins one post later, so that flagged ones are in all of them.
            let post = &self.posts[(self.sent + self.sent / 1000) % self.posts.len()];
            feed::send(&self.producer, &self.topic, partition, post);
            self.sent += 1;
        }
        self.producer.poll(Duration::ZERO);
    }

    /// Keeps the rate for a while.
    fn hold(&mut self, per_second: f64, time: Duration) {
        let (start, mut sent) = (Instant::now(), 0);
        while start.elapsed() < time {
            let due = (start.elapsed().as_secs_f64() * per_second) as usize;
            self.send(due - sent);
            sent = due;
            std::thread::sleep(Duration::from_millis(1));
        }
        self.producer.flush(Duration::from_mins(1)).expect("every post is in the topic");
    }

    /// Until the first one comes out.
    fn first(&mut self) {
        let start = Instant::now();
        while self.next(Duration::from_millis(200)).is_none() {
            assert!(start.elapsed() < Duration::from_mins(1), "nothing comes out of {}", self.topic);
            self.send(200);
        }
    }

    fn run(&mut self, per_second: f64, running: &Running) -> Paced {
        self.first();
        self.hold(per_second, STEADY);
        let caught_up = rss_mib(&running.id());
        let mut all = Vec::new();
        while let Some(times) = self.next(Duration::from_secs(3)) {
            all.extend(times);
        }
        let last = all.iter().map(|(posted, _)| *posted).max().unwrap_or(0);
        let counted = |posted: i64| u128::from((last - posted).unsigned_abs()) < STEADY.as_millis() * 3 / 4;
        let mut took: Vec<i64> = all.iter().filter(|(posted, _)| counted(*posted)).map(|(posted, out)| out - posted).collect();
        took.sort_unstable();
        assert!(took.len() > 100, "too few events to speak of a p99: {}", took.len());
        // Half a millisecond more: timestamps are whole ones.
        let at = |share: usize| took[(took.len() - 1) * share / 100] as f64 + 0.5;
        Paced { median: at(50), p99: at(99), count: took.len(), caught_up }
    }

    /// When a post was appended and when what came of it was, or nothing if the message does not tell; `None` = there is no message.
    fn next(&self, patience: Duration) -> Option<Vec<(i64, i64)>> {
        let message = self.reader.poll(patience)?.ok()?;
        let posted = || {
            let at = message.headers().and_then(|h| h.iter().find(|h| h.key == "at")).and_then(|h| std::str::from_utf8(h.value?).ok()?.parse().ok());
            let flag = || serde_json::from_slice::<Value>(message.payload()?).ok()?.pointer("/input/timestamp_ms")?.as_i64();
            if message.headers().is_none() { None } else { at.or_else(flag) }
        };
        Some(posted().zip(message.timestamp().to_millis()).into_iter().collect())
    }
}
