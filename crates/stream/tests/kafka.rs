//! Delivery on a real Apache Kafka: every scenario breaks something, then compares what the topics hold with what was sent, id by id.
//!
//! `cargo test -p vigie-stream --test kafka [NAME]` runs the short form of each; `VIGIE_CHAOS=full` the long one. Needs Java 17, Maven and Python 3:
//! without them it says so and passes, unless `VIGIE_REQUIRE_KAFKA=1`. `VIGIE_SEED` repeats a run.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, clippy::needless_for_each)] // counters are whole numbers; a list reads well in one line

mod support;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::json;
use support::cluster::{Cluster, missing_tools};
use support::judge::CANARY;
use support::schema::Schemas;
use support::worker::{AS_WORKER, Worker, be_worker};
use support::{eventually, headers, read_topic, reader};
use vigie_stream::config::Config;
use vigie_stream::{check, redrive};

const LAW: Duration = Duration::from_secs(90);

type Scenario = fn(&mut Field<'_>);

/// Name, mode and what happens.
const SCENARIOS: &[(&str, &str, Scenario)] = &[
    ("quiet", "at_least_once", quiet),
    ("quiet", "exactly_once", quiet),
    ("kill_9", "at_least_once", kill_9),
    ("kill_9", "exactly_once", kill_9),
    ("leader_killed", "at_least_once", leader_killed),
    ("leader_killed", "exactly_once", leader_killed),
    ("brokers_paused", "at_least_once", brokers_paused),
    ("brokers_paused", "exactly_once", brokers_paused),
    ("joins_and_leaves", "at_least_once", joins_and_leaves),
    ("joins_and_leaves", "exactly_once", joins_and_leaves),
    ("flags_topic_missing", "at_least_once", flags_topic_missing),
    ("flags_topic_missing", "exactly_once", flags_topic_missing),
    ("dead_letter_topic_missing", "at_least_once", dead_letter_topic_missing),
    ("dead_letter_topic_missing", "exactly_once", dead_letter_topic_missing),
    ("flags_topic_too_small", "at_least_once", flags_topic_too_small),
    ("flags_topic_too_small", "exactly_once", flags_topic_too_small),
    ("flags_topic_denied", "at_least_once", flags_topic_denied),
    ("flags_topic_denied", "exactly_once", flags_topic_denied),
    ("static_membership", "at_least_once", static_membership),
    ("tls_and_scram", "at_least_once", tls_and_scram),
    ("redriven", "at_least_once", redriven),
    ("breaker", "at_least_once", breaker),
    ("retention_overtakes", "at_least_once", retention_overtakes),
];

fn main() {
    if std::env::var_os(AS_WORKER).is_some() {
        be_worker();
    }
    let filter: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    if std::env::args().any(|a| a == "--list") {
        SCENARIOS.iter().for_each(|(name, mode, _)| println!("{name}::{mode}: test"));
        return;
    }
    let chosen: Vec<_> =
        SCENARIOS.iter().filter(|(name, mode, _)| filter.is_empty() || filter.iter().any(|f| format!("{name}::{mode}").contains(f.as_str()))).collect();
    if chosen.is_empty() {
        return;
    }
    let missing = missing_tools();
    if !missing.is_empty() {
        println!("\n!!! {} scenarios on a real Apache Kafka DID NOT RUN: install {}\n", chosen.len(), missing.join(", "));
        std::process::exit(i32::from(std::env::var("VIGIE_REQUIRE_KAFKA").is_ok_and(|v| v == "1")));
    }
    let seed = std::env::var("VIGIE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(u64::from(std::process::id()));
    let full = std::env::var("VIGIE_CHAOS").is_ok_and(|v| v == "full");
    println!("\nrunning {} scenarios on a real Apache Kafka, seed {seed}{}", chosen.len(), if full { ", full" } else { "" });
    let mut cluster = Cluster::start();
    let mut failed = Vec::new();
    for (number, (name, mode, scenario)) in chosen.iter().enumerate() {
        let start = Instant::now();
        let mut field = Field::new(&cluster, name, mode, seed + number as u64, full);
        let passed = catch_unwind(AssertUnwindSafe(|| {
            scenario(&mut field);
            field.no_log_shows_a_secret();
        }));
        println!("test {name}::{mode} ... {} ({:.0} s) {}", if passed.is_ok() { "ok" } else { "FAILED" }, start.elapsed().as_secs_f64(), field.summary);
        if passed.is_err() {
            println!("{}", field.tails());
            failed.push(format!("{name}::{mode}"));
            drop(field);
            // A broken scenario may leave nodes down; the next one starts on sound ground.
            drop(cluster);
            cluster = Cluster::start();
        }
    }
    println!("\ntest result: {}. {} passed; {} failed\n", if failed.is_empty() { "ok" } else { "FAILED" }, chosen.len() - failed.len(), failed.len());
    drop(cluster);
    std::process::exit(i32::from(!failed.is_empty()));
}

/// One scenario: its own topics and group on the shared cluster.
struct Field<'c> {
    cluster: &'c Cluster,
    name: String,
    mode: &'static str,
    random: u64,
    full: bool,
    logs: tempfile::TempDir,
    environment: Vec<(String, String)>,
    /// Expected outcome by post id; dead letters by key.
    sent: BTreeMap<String, &'static str>,
    workers: Vec<Worker>,
    /// Logs of workers that are gone.
    ended: Vec<String>,
    summary: String,
}

/// Partitions of the posts topic.
const PARTITIONS: i32 = 6;

/// What the topics hold, by the identity of the post.
#[derive(Default)]
struct Held {
    flags: BTreeMap<String, usize>,
    shadow: BTreeMap<String, usize>,
    dead: BTreeMap<String, (usize, String)>,
}

impl<'c> Field<'c> {
    fn new(cluster: &'c Cluster, name: &str, mode: &'static str, seed: u64, full: bool) -> Self {
        let name = format!("{name}-{}", mode.replace('_', "-"));
        let own = [
            ("VIGIE_KAFKA__BROKERS", cluster.bootstrap.clone()),
            ("VIGIE_KAFKA__GROUP", format!("{name}-group")),
            ("VIGIE_KAFKA__SESSION_TIMEOUT_SECS", "12".to_owned()),
            ("VIGIE_DELIVERY__MODE", mode.to_owned()),
            ("VIGIE_DELIVERY__LANES", "2".to_owned()),
            ("VIGIE_DELIVERY__MESSAGE_TIMEOUT_SECS", "20".to_owned()),
            ("VIGIE_TOPICS__POSTS", format!("{name}-posts")),
            ("VIGIE_TOPICS__FLAGS", format!("{name}-flags")),
            ("VIGIE_TOPICS__SHADOW", format!("{name}-shadow")),
            ("VIGIE_TOPICS__DEAD_LETTERS", format!("{name}-dead")),
        ];
        Self {
            cluster,
            name,
            mode,
            random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            full,
            logs: tempfile::tempdir().unwrap(),
            environment: own.map(|(n, v)| (n.to_owned(), v)).into(),
            sent: BTreeMap::new(),
            workers: Vec::new(),
            ended: Vec::new(),
            summary: String::new(),
        }
    }

    /// A number below `n` (xorshift).
    fn below(&mut self, n: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % n
    }

    fn topic(&self, kind: &str) -> String {
        format!("{}-{kind}", self.name)
    }

    fn create(&self, kind: &str) {
        self.cluster.create_topic(&self.topic(kind), if kind == "posts" { PARTITIONS } else { 3 }, &[]);
    }

    fn create_all(&self) {
        ["posts", "flags", "shadow", "dead"].iter().for_each(|kind| self.create(kind));
    }

    fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Starts a worker under a stable name; the index says where it stands in `workers`.
    fn worker(&mut self, instance: &str) -> usize {
        let mut environment = self.environment.clone();
        if self.mode == "exactly_once" || self.name.starts_with("static") {
            environment.push(("VIGIE_KAFKA__INSTANCE_ID".to_owned(), format!("{}-{instance}", self.name)));
        }
        self.workers.push(Worker::start(&environment, self.logs.path()));
        self.workers.len() - 1
    }

    fn replace(&mut self, at: usize, instance: &str, kill: bool) {
        let old = self.workers.remove(at);
        self.ended.push(old.log());
        if kill {
            old.kill();
        } else {
            assert_eq!(old.stop(), 0, "a drained worker ends with 0");
        }
        let new = self.worker(instance);
        let new = self.workers.remove(new);
        self.workers.insert(at, new);
    }

    /// Sends posts: one flag in ten, one shadow in fifty, one poison in a thousand, one private in a hundred.
    fn post(&mut self, prefix: &str, count: usize) {
        let producer: BaseProducer = self.cluster.client().set("enable.idempotence", "true").set("linger.ms", "5").create().unwrap();
        let topic = self.topic("posts");
        for n in 0..count {
            let id = format!("{prefix}-{n}");
            let post = |text: &str| json!({"post_id": id, "text": format!("{text} {CANARY}")}).to_string();
            let (payload, outcome) = match n {
                n if n % 1000 == 500 => (format!("{{\"post_id\": {CANARY}"), "dead_lettered"),
                n if n % 100 == 7 => (json!({"post_id": id, "text": "zflag", "surface": "dm"}).to_string(), "skipped"),
                n if n % 50 == 3 => (post("zshadow"), "shadow"),
                n if n % 10 == 1 => (post("zflag"), "flagged"),
                _ => (post("rien à dire de cela"), "clean"),
            };
            self.sent.insert(id.clone(), outcome);
            while let Err((error, _)) = producer.send(BaseRecord::to(&topic).key(&id).payload(&payload)) {
                assert_eq!(error.rdkafka_error_code(), Some(rdkafka::error::RDKafkaErrorCode::QueueFull));
                producer.poll(Duration::from_millis(20));
            }
            producer.poll(Duration::ZERO);
        }
        producer.flush(LAW).unwrap();
    }

    /// Whether the group has committed all that is on the posts topic.
    fn is_drained(&self) -> bool {
        let consumer: BaseConsumer = self.cluster.client().set("group.id", format!("{}-group", self.name)).create().unwrap();
        let topic = self.topic("posts");
        let mut list = TopicPartitionList::new();
        list.add_partition_range(&topic, 0, PARTITIONS - 1);
        let Ok(committed) = consumer.committed_offsets(list, Duration::from_secs(5)) else { return false };
        committed.elements().iter().all(|e| {
            let Ok((_, high)) = consumer.fetch_watermarks(&topic, e.partition(), Duration::from_secs(5)) else { return false };
            high == 0 || e.offset() == Offset::Offset(high)
        })
    }

    fn drain(&self) {
        eventually("the group has committed everything", LAW, || self.is_drained());
    }

    fn held(&self) -> Held {
        let (reader, schemas, mut held) = (reader(&self.cluster.bootstrap), Schemas::load(), Held::default());
        let expected = |outcome: &str| self.sent.values().filter(|o| **o == outcome).count();
        let id = |bytes: &[u8]| schemas.event(bytes)["post"]["post_id"].as_str().unwrap().to_owned();
        for message in read_topic(&reader, &self.topic("flags"), expected("flagged"), LAW / 3) {
            *held.flags.entry(id(message.payload().unwrap())).or_default() += 1;
        }
        for message in read_topic(&reader, &self.topic("shadow"), expected("shadow"), LAW / 3) {
            *held.shadow.entry(id(message.payload().unwrap())).or_default() += 1;
        }
        for message in read_topic(&reader, &self.topic("dead"), expected("dead_lettered"), LAW / 3) {
            let headers = headers(&message);
            schemas.dead_letter(&headers);
            let key = String::from_utf8(message.key().unwrap().to_vec()).unwrap();
            let entry = held.dead.entry(key).or_insert((0, headers["error.code"].clone()));
            entry.0 += 1;
        }
        held
    }

    /// The law: every post on the topic of its outcome, on no other, and under exactly-once there once.
    fn settle(&mut self) {
        self.drain();
        let held = self.held();
        let (mut lost, mut twice, mut stray) = (Vec::new(), 0, 0);
        for (id, outcome) in &self.sent {
            let found = [("flagged", held.flags.get(id).copied()), ("shadow", held.shadow.get(id).copied()), ("dead_lettered", held.dead.get(id).map(|d| d.0))];
            for (topic, count) in found {
                match (topic == *outcome, count.unwrap_or(0)) {
                    (true, 0) => lost.push(id.clone()),
                    (true, n) => twice += n - 1,
                    (false, n) => stray += n,
                }
            }
        }
        let count = |outcome: &str| self.sent.values().filter(|o| **o == outcome).count();
        self.summary = format!(
            "produced {} clean {} flagged {} shadow {} skipped {} dead-lettered {} lost {} duplicated {twice}",
            self.sent.len(),
            count("clean"),
            count("flagged"),
            count("shadow"),
            count("skipped"),
            count("dead_lettered"),
            lost.len()
        );
        assert!(lost.is_empty(), "lost: {:?}\n{}", &lost[..lost.len().min(10)], self.summary);
        assert_eq!(stray, 0, "events of posts that should have none\n{}", self.summary);
        if self.mode == "exactly_once" {
            assert_eq!(twice, 0, "{}", self.summary);
        }
    }

    /// Where no worker was killed the counters of all of them add up.
    fn counters_add_up(&self) {
        let sum = |series: &str| self.workers.iter().map(|w| w.metric(series)).sum::<f64>();
        let outcomes: f64 =
            ["clean", "flagged", "shadow", "skipped", "dead_lettered"].iter().map(|o| sum(&format!("vigie_processed_records_total{{outcome=\"{o}\"}}"))).sum();
        assert_eq!(sum("vigie_consumer_records_total"), outcomes + sum("vigie_consumer_returned_records_total"), "consumed = outcomes + given back");
    }

    fn stop_all(&mut self) {
        for worker in std::mem::take(&mut self.workers) {
            self.ended.push(worker.log());
            assert_eq!(worker.stop(), 0);
        }
    }

    fn no_log_shows_a_secret(&self) {
        for log in self.ended.iter().cloned().chain(self.workers.iter().map(Worker::log)) {
            for secret in [CANARY, self.cluster.password.as_str()] {
                assert!(!log.contains(secret), "a log shows {secret}");
            }
        }
        for worker in &self.workers {
            for path in ["/metrics", "/readyz", "/livez"] {
                assert!(!support::http_get(worker.http, path).is_some_and(|(_, body)| body.contains(CANARY)), "{path}");
            }
        }
    }

    fn tails(&self) -> String {
        let tail = |log: String| log.lines().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
        self.workers.iter().map(|w| tail(w.log())).chain(self.ended.last().cloned().map(tail)).collect::<Vec<_>>().join("\n----\n")
    }
}

/// Nothing breaks: everything arrives, the counters add up, SIGTERM drains.
fn quiet(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 20_000);
    field.worker("w0");
    field.settle();
    field.counters_add_up();
    assert!(field.workers[0].is_ready());
    field.stop_all();
    assert!(field.is_drained(), "nothing is taken back by the exit");
}

/// Two workers, one of them killed again and again while posts flow.
fn kill_9(field: &mut Field<'_>) {
    field.create_all();
    // Few in flight: slow enough to be killed in the middle of its work.
    field.set("VIGIE_DELIVERY__MAX_IN_FLIGHT_RECORDS", "40");
    field.worker("w0");
    field.worker("w1");
    let (rounds, posts) = if field.full { (20, 50_000) } else { (4, 4_000) };
    for round in 0..rounds {
        field.post(&format!("r{round}"), posts);
        let pause = field.below(2500);
        std::thread::sleep(Duration::from_millis(pause));
        let at = field.below(2) as usize;
        field.replace(at, &format!("w{at}"), true);
    }
    field.settle();
}

/// A broker is killed while posts flow, and comes back.
fn leader_killed(field: &mut Field<'_>) {
    field.create_all();
    field.worker("w0");
    field.workers[0].wait_ready();
    for round in 0..if field.full { 5 } else { 1 } {
        let node = field.below(3) as usize;
        field.post(&format!("a{round}"), 5_000);
        field.cluster.kill_node(node);
        field.post(&format!("b{round}"), 5_000);
        std::thread::sleep(Duration::from_secs(3));
        field.cluster.restart_node(node);
    }
    field.settle();
    field.stop_all();
}

/// The whole cluster hangs, with its sockets open: memory stays bounded, and afterwards nothing is missing.
fn brokers_paused(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 30_000);
    field.worker("w0");
    eventually("posts flow", LAW, || field.workers[0].metric("vigie_consumer_records_total") > 0.0);
    field.cluster.pause_nodes();
    std::thread::sleep(Duration::from_secs(if field.full { 60 } else { 8 }));
    let rss = field.workers[0].rss_mib();
    field.cluster.resume_nodes();
    assert!(rss < 256.0, "{rss} MiB");
    field.settle();
    field.summary = format!("{} rss {rss:.0} MiB", field.summary);
}

fn joins_and_leaves(field: &mut Field<'_>) {
    field.create_all();
    field.worker("w0");
    for round in 0..if field.full { 25 } else { 3 } {
        field.worker(&format!("w{}", round + 1));
        field.post(&format!("r{round}"), 3_000);
        let wait = 500 + field.below(2500);
        std::thread::sleep(Duration::from_millis(wait));
        let worker = field.workers.remove(1);
        field.ended.push(worker.log());
        assert_eq!(worker.stop(), 0);
    }
    field.settle();
}

/// Intake waits, readiness says so, nothing is dead-lettered; when the topic comes everything flows.
fn flags_topic_missing(field: &mut Field<'_>) {
    ["posts", "shadow", "dead"].iter().for_each(|kind| field.create(kind));
    field.post("a", 3_000);
    field.worker("w0");
    eventually("not ready for want of a topic", LAW, || field.workers[0].not_ready().as_deref() == Some("output_topic"));
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(field.workers[0].metric("vigie_dead_lettered_records_total{reason=\"undeliverable\"}"), 0.0);
    assert!(!field.is_drained());
    field.create("flags");
    field.workers[0].wait_ready();
    field.settle();
    field.counters_add_up();
}

fn dead_letter_topic_missing(field: &mut Field<'_>) {
    ["posts", "flags", "shadow"].iter().for_each(|kind| field.create(kind));
    field.post("a", 3_000);
    field.worker("w0");
    eventually("not ready for want of a topic", LAW, || field.workers[0].not_ready().as_deref() == Some("output_topic"));
    assert!(!field.is_drained());
    field.create("dead");
    field.workers[0].wait_ready();
    field.settle();
}

/// Flags are cut until the topic takes them; what cannot be cut enough is a dead letter, and nothing stops.
fn flags_topic_too_small(field: &mut Field<'_>) {
    ["posts", "shadow", "dead"].iter().for_each(|kind| field.create(kind));
    field.cluster.create_topic(&field.topic("flags"), 3, &[("max.message.bytes", "700")]);
    field.set("VIGIE_KAFKA__COMPRESSION", "none");
    field.post("a", 300);
    for (id, outcome) in &mut field.sent {
        if *outcome == "flagged" && id.starts_with("a-") {
            *outcome = "dead_lettered";
        }
    }
    field.worker("w0");
    field.settle();
    let held = field.held();
    assert!(held.dead.values().all(|(_, code)| code == "undeliverable"));
    field.counters_add_up();
}

/// A restart under the same name disturbs nobody else.
fn static_membership(field: &mut Field<'_>) {
    field.create_all();
    field.worker("w0");
    field.worker("w1");
    field.post("a", 2_000);
    field.drain();
    let series = "vigie_consumer_rebalances_total{event=\"assign\"}";
    std::thread::sleep(Duration::from_secs(4));
    let before = field.workers[0].metric(series);
    field.replace(1, "w1", false);
    field.workers[1].wait_ready();
    field.post("b", 2_000);
    field.settle();
    assert_eq!(field.workers[0].metric(series), before, "the other member was left alone");
}

impl Field<'_> {
    /// From here on workers come over TLS and SCRAM, as a user with a name.
    fn secure(&mut self) {
        let secret = self.logs.path().join("password");
        std::fs::write(&secret, format!("{}\n", self.cluster.password)).unwrap();
        let (secure, ca) = (self.cluster.secure.clone(), self.cluster.ca_file.display().to_string());
        for (name, value) in [
            ("VIGIE_KAFKA__BROKERS", secure.as_str()),
            ("VIGIE_KAFKA__SECURITY_PROTOCOL", "SASL_SSL"),
            ("VIGIE_KAFKA__SASL_MECHANISM", "SCRAM-SHA-512"),
            ("VIGIE_KAFKA__SASL_USERNAME", "vigie"),
            ("VIGIE_KAFKA__SASL_PASSWORD_FILE", secret.to_str().unwrap()),
            ("VIGIE_KAFKA__SSL_CA_FILE", &ca),
        ] {
            self.set(name, value);
        }
    }
}

/// Flags may not be written for a while: intake waits, readiness says so, nothing is dead-lettered, and then everything flows.
fn flags_topic_denied(field: &mut Field<'_>) {
    field.create_all();
    field.secure();
    let flags = field.topic("flags");
    field.cluster.set_write_denied(&flags, true);
    field.post("a", 3_000);
    field.worker("w0");
    eventually("not ready for want of a right", LAW, || field.workers[0].not_ready().as_deref() == Some("output_topic"));
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(field.workers[0].metric("vigie_dead_lettered_records_total{reason=\"undeliverable\"}"), 0.0);
    assert!(!field.is_drained());
    field.cluster.set_write_denied(&flags, false);
    field.workers[0].wait_ready();
    field.settle();
    field.counters_add_up();
}

/// The same service over TLS and SCRAM-SHA-512; a wrong password gets nowhere and is shown nowhere.
fn tls_and_scram(field: &mut Field<'_>) {
    field.create_all();
    field.secure();
    field.post("a", 2_000);
    field.worker("w0");
    field.settle();
    let config = Config::load(None, field.environment.iter().cloned()).unwrap();
    let probes = check::connect(&config);
    assert!(probes.iter().all(|p| p.level != check::Level::Failure), "{probes:#?}");
    field.stop_all();
    field.set("VIGIE_KAFKA__SASL_PASSWORD", "faux");
    let wrong = field.worker("w1");
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(field.workers[wrong].not_ready().as_deref(), Some("starting"));
    assert!(!field.workers[wrong].log().contains("faux"));
}

/// Dead letters go back, once each, as they were, and are counted again with one more attempt.
fn redriven(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 3_000);
    field.worker("w0");
    field.settle();
    let config = Config::load(None, field.environment.iter().cloned()).unwrap();
    let dead = field.topic("dead");
    let dry = redrive::run(&config, &dead, true).unwrap();
    assert_eq!((dry.read, dry.sent, dry.by_reason.get("invalid_json").copied()), (3, 3, Some(3)));
    let done = redrive::run(&config, &dead, false).unwrap();
    assert_eq!((done.read, done.sent, done.failed), (3, 3, 0));
    field.drain();
    let letters = read_topic(&reader(&field.cluster.bootstrap), &dead, 6, LAW);
    let attempts: Vec<String> = letters.iter().map(|m| headers(m)["error.attempt"].clone()).collect();
    assert_eq!((attempts.iter().filter(|a| *a == "1").count(), attempts.iter().filter(|a| *a == "2").count()), (3, 3));
    assert!(letters.iter().all(|m| m.payload().unwrap() == format!("{{\"post_id\": {CANARY}").as_bytes()));
}

/// When the producers' schema changes, intake stops instead of moving the topic to the dead letters.
fn breaker(field: &mut Field<'_>) {
    field.create_all();
    let producer: BaseProducer = field.cluster.client().create().unwrap();
    for n in 0..20_000 {
        producer.send(BaseRecord::to(&field.topic("posts")).key(&n.to_string()).payload("{\"autre\": 1}")).map_err(|e| e.0).unwrap();
    }
    producer.flush(LAW).unwrap();
    field.set("VIGIE_DELIVERY__MAX_IN_FLIGHT_RECORDS", "500");
    field.worker("w0");
    eventually("the breaker opens", LAW, || field.workers[0].not_ready().as_deref() == Some("breaker"));
    std::thread::sleep(Duration::from_secs(2));
    let dead = field.workers[0].metric("vigie_dead_lettered_records_total{reason=\"invalid_post\"}");
    assert!((100.0..5000.0).contains(&dead), "{dead}");
    assert!(!field.is_drained());
    field.summary = format!("stopped after {dead} of 20000");
    field.stop_all();
}

/// Retention removes what a stopped consumer has not read: a loss that is not ours, counted and alarmed.
fn retention_overtakes(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 2_000);
    field.worker("w0");
    field.settle();
    field.stop_all();
    field.post("b", 2_000);
    // As retention would: everything before the end goes.
    let admin: rdkafka::admin::AdminClient<_> = field.cluster.client().create().unwrap();
    let consumer: BaseConsumer = field.cluster.client().set("group.id", "none").create().unwrap();
    let (topic, mut list) = (field.topic("posts"), TopicPartitionList::new());
    for partition in 0..PARTITIONS {
        let (_, high) = consumer.fetch_watermarks(&topic, partition, LAW).unwrap();
        list.add_partition_offset(&topic, partition, Offset::Offset(high)).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(admin.delete_records(&list, &rdkafka::admin::AdminOptions::new())).unwrap();
    field.sent.retain(|id, _| !id.starts_with("b-"));
    field.worker("w1");
    field.post("c", 1_000);
    field.settle();
    let lost = field.workers[0].metric("vigie_consumer_lost_records_total{cause=\"retention\"}");
    field.summary = format!("{} lost to retention and counted {lost}", field.summary);
    assert_eq!(lost, 2_000.0, "{}", field.summary);
}
