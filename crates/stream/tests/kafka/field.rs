//! One scenario's ground: its own topics and group on the shared cluster, what it sent, its workers, and the law that all of it must obey.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Header, Message, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::json;

use super::support::cluster::Cluster;
use super::support::judge::CANARY;
use super::support::schema::Schemas;
use super::support::worker::Worker;
use super::support::{eventually, headers, http_get, read_topic, reader};

/// What may be waited for.
pub const LAW: Duration = Duration::from_mins(3);

/// Partitions of the posts topic.
pub const PARTITIONS: i32 = 6;

pub struct Field<'c> {
    pub cluster: &'c Cluster,
    pub name: String,
    pub mode: &'static str,
    random: u64,
    pub full: bool,
    pub logs: tempfile::TempDir,
    pub environment: Vec<(String, String)>,
    /// Expected outcome by post id, dead letters by key, and how many records bear it.
    pub sent: BTreeMap<String, (&'static str, usize)>,
    pub workers: Vec<Worker>,
    /// Logs of workers that are gone.
    pub ended: Vec<String>,
    pub summary: String,
}

/// Events by the identity of the post, then by the record that they come from.
pub type Found = BTreeMap<String, BTreeMap<String, usize>>;

/// What the topics hold.
#[derive(Default)]
pub struct Held {
    pub flags: Found,
    pub shadow: Found,
    pub dead: Found,
    /// `error.code` of the last dead letter of a key.
    pub codes: BTreeMap<String, String>,
}

/// A record to be sent: key and payload.
pub type Record = (String, String);

impl<'c> Field<'c> {
    pub fn new(cluster: &'c Cluster, name: &str, mode: &'static str, seed: u64, full: bool) -> Self {
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

    /// What may be waited for when a full form has much to do.
    pub fn patience(&self) -> Duration {
        if self.full { LAW * 8 } else { LAW }
    }

    /// A number below `n` (xorshift).
    pub fn below(&mut self, n: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % n
    }

    pub fn topic(&self, kind: &str) -> String {
        format!("{}-{kind}", self.name)
    }

    pub fn create(&self, kind: &str) {
        self.create_with(kind, &[]);
    }

    pub fn create_with(&self, kind: &str, settings: &[(&str, &str)]) {
        self.cluster.create_topic(&self.topic(kind), if kind == "posts" { PARTITIONS } else { 3 }, settings);
    }

    pub fn create_all(&self) {
        ["posts", "flags", "shadow", "dead"].iter().for_each(|kind| self.create(kind));
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// From here on workers come over TLS and SCRAM, as a user with a name.
    pub fn secure(&mut self) {
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

    /// Starts a worker under a stable name; the index says where it stands in `workers`.
    pub fn worker(&mut self, instance: &str) -> usize {
        let mut environment = self.environment.clone();
        if self.mode == "exactly_once" || self.name.starts_with("static") {
            environment.push(("VIGIE_KAFKA__INSTANCE_ID".to_owned(), format!("{}-{instance}", self.name)));
        }
        self.workers.push(Worker::start(&environment, self.logs.path()));
        self.workers.len() - 1
    }

    pub fn replace(&mut self, at: usize, instance: &str, kill: bool) {
        let old = self.workers.remove(at);
        if kill {
            self.ended.push(old.kill());
        } else {
            let (code, log) = old.stop();
            self.ended.push(log);
            assert_eq!(code, 0, "a drained worker ends with 0");
        }
        let new = self.worker(instance);
        let new = self.workers.remove(new);
        self.workers.insert(at, new);
    }

    /// Makes posts, and notes what must come of them: one flag in ten, one shadow in fifty, one poison in a thousand, one private in a hundred.
    pub fn posts(&mut self, prefix: &str, count: usize) -> Vec<Record> {
        let mut records = Vec::with_capacity(count);
        for n in 0..count {
            let id = format!("{prefix}-{n}");
            let post = |text: &str| json!({"post_id": id, "text": format!("{text} {CANARY}"), "author_id": CANARY}).to_string();
            let (payload, outcome) = match n {
                n if n % 1000 == 500 => (format!("{{\"post_id\": {CANARY}"), "dead_lettered"),
                n if n % 100 == 7 => (json!({"post_id": id, "text": "zflag", "surface": "dm"}).to_string(), "skipped"),
                n if n % 50 == 3 => (post("zshadow"), "shadow"),
                n if n % 10 == 1 => (post("zflag"), "flagged"),
                _ => (post("rien à dire de cela"), "clean"),
            };
            self.expect(&id, outcome);
            records.push((id, payload));
        }
        records
    }

    /// One more record under `id` that must end so.
    pub fn expect(&mut self, id: &str, outcome: &'static str) {
        let entry = self.sent.entry(id.to_owned()).or_insert((outcome, 0));
        *entry = (outcome, entry.1 + 1);
    }

    pub fn post(&mut self, prefix: &str, count: usize) {
        let records = self.posts(prefix, count);
        self.send(&records);
    }

    pub fn send(&self, records: &[Record]) {
        feed(self.cluster, &self.topic("posts"), records, None);
    }

    /// Whether the group has committed all that is on the posts topic.
    pub fn is_drained(&self) -> bool {
        self.progress().is_some_and(|(_, drained)| drained)
    }

    /// How many offsets the group has committed, and whether that is all there is; nothing when the brokers do not say.
    fn progress(&self) -> Option<(i64, bool)> {
        let consumer: BaseConsumer = self.cluster.client().set("group.id", format!("{}-group", self.name)).create().unwrap();
        let topic = self.topic("posts");
        let mut list = TopicPartitionList::new();
        list.add_partition_range(&topic, 0, PARTITIONS - 1);
        let (mut done, mut drained) = (0, true);
        for e in consumer.committed_offsets(list, Duration::from_secs(5)).ok()?.elements() {
            let (low, high) = consumer.fetch_watermarks(&topic, e.partition(), Duration::from_secs(5)).ok()?;
            let at = if let Offset::Offset(at) = e.offset() { Some(at) } else { None };
            done += at.unwrap_or(0);
            // Markers of transactions at the end are no records: the position after the last record is enough.
            drained = drained && (high == low || at.is_some_and(|at| at == high || self.only_markers(&topic, e.partition(), at)));
        }
        Some((done, drained))
    }

    /// Whether nothing but markers lies from `offset` on.
    fn only_markers(&self, topic: &str, partition: i32, offset: i64) -> bool {
        let consumer: BaseConsumer = reader(&self.cluster.bootstrap).set("enable.partition.eof", "true").create().unwrap();
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, partition, Offset::Offset(offset)).unwrap();
        consumer.assign(&list).unwrap();
        matches!(consumer.poll(Duration::from_secs(5)), Some(Err(rdkafka::error::KafkaError::PartitionEOF(_))))
    }

    /// Waits until everything is committed. Patience is lost with a group that stands still, never with one that is slow.
    pub fn drain(&self) {
        let (mut best, mut since) = (-1, Instant::now());
        loop {
            match self.progress() {
                Some((_, true)) => return,
                Some((done, false)) if done > best => (best, since) = (done, Instant::now()),
                _ => {}
            }
            assert!(since.elapsed() < self.patience(), "the group stands still at {best} committed offsets");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the group has committed a random part of what comes next, at most `most` records beyond what it has now: in the middle of work.
    pub fn wait_mid_work(&mut self, before: i64, most: u64) {
        let goal = before + self.below(most).cast_signed();
        eventually("work goes on", self.patience(), || self.progress().is_some_and(|(done, _)| done >= goal));
    }

    /// How many offsets the group has committed.
    pub fn committed(&self) -> i64 {
        let mut committed = None;
        eventually("the brokers say what is committed", LAW, || {
            committed = self.progress().map(|(done, _)| done);
            committed.is_some()
        });
        committed.unwrap()
    }

    /// Waits until the group is stable, with so many members, and every partition is given to one of them.
    pub fn wait_shared_out(&self, members: usize) {
        let name = format!("{}-group", self.name);
        let shared_out = || {
            let client: BaseConsumer = self.cluster.client().create().unwrap();
            let Ok(list) = client.fetch_group_list(Some(&name), Duration::from_secs(5)) else { return false };
            let Some(group) = list.groups().iter().find(|g| g.name() == name) else { return false };
            let given: Vec<usize> = group.members().iter().map(|m| assigned(m.assignment().unwrap_or_default())).collect();
            group.state() == "Stable" && given.len() == members && given.iter().sum::<usize>() == PARTITIONS as usize
        };
        eventually("the partitions are shared out", LAW, shared_out);
    }

    /// A scenario that needs what is not there says so; where everything must be there, that is a failure.
    pub fn did_not_run(&mut self, why: &str) {
        self.summary = format!("DID NOT RUN: {why}");
        println!("\n!!! {} {}\n", self.name, self.summary);
        assert!(!std::env::var("VIGIE_REQUIRE_KAFKA").is_ok_and(|v| v == "1"), "{why}");
    }

    /// Every message of a topic, read by someone who sees only what is committed.
    pub fn read(&self, kind: &str, enough: usize) -> Vec<OwnedMessage> {
        read_topic(&reader(&self.cluster.bootstrap), &self.topic(kind), enough, self.patience() / 3)
    }

    pub fn count(&self, outcome: &str) -> usize {
        self.sent.values().filter(|(o, _)| *o == outcome).map(|(_, records)| records).sum()
    }

    pub fn held(&self) -> Held {
        let (schemas, mut held) = (Schemas::load(), Held::default());
        for (kind, outcome) in [("flags", "flagged"), ("shadow", "shadow")] {
            let found = if kind == "flags" { &mut held.flags } else { &mut held.shadow };
            for message in self.read(kind, self.count(outcome)) {
                let event = schemas.event(message.payload().unwrap());
                let record = format!("{}/{}", event["input"]["partition"], event["input"]["offset"]);
                *found.entry(event["post"]["post_id"].as_str().unwrap().to_owned()).or_default().entry(record).or_default() += 1;
            }
        }
        for message in self.read("dead", self.count("dead_lettered")) {
            let headers = headers(&message);
            schemas.dead_letter(&headers);
            let key = String::from_utf8_lossy(message.key().unwrap_or_default()).into_owned();
            let record = format!("{}/{}", headers["__connect.errors.partition"], headers["__connect.errors.offset"]);
            held.codes.insert(key.clone(), headers["error.code"].clone());
            *held.dead.entry(key).or_default().entry(record).or_default() += 1;
        }
        held
    }

    /// The law: every record on the topic of its outcome, on no other, and under exactly-once there once.
    pub fn settle(&mut self) -> Held {
        self.drain();
        let held = self.held();
        let (mut lost, mut twice, mut stray) = (Vec::new(), 0, 0);
        for (id, (outcome, records)) in &self.sent {
            for (topic, found) in [("flagged", &held.flags), ("shadow", &held.shadow), ("dead_lettered", &held.dead)] {
                let events = found.get(id);
                let (sources, all) = events.map_or((0, 0), |e| (e.len(), e.values().sum::<usize>()));
                if topic == *outcome {
                    lost.extend((sources..*records).map(|_| id.clone()));
                    twice += all - sources;
                    if std::env::var_os("VIGIE_SHOW").is_some() {
                        events.into_iter().flatten().filter(|(_, n)| **n > 1).for_each(|(record, n)| println!("twice: {id} {record} {n}"));
                    }
                    stray += sources.saturating_sub(*records);
                } else {
                    stray += all;
                }
            }
        }
        self.summary = format!(
            "produced {} clean {} flagged {} shadow {} skipped {} dead-lettered {} lost {} duplicated {twice}",
            self.sent.values().map(|(_, records)| records).sum::<usize>(),
            self.count("clean"),
            self.count("flagged"),
            self.count("shadow"),
            self.count("skipped"),
            self.count("dead_lettered"),
            lost.len()
        );
        assert!(lost.is_empty(), "lost: {:?}\n{}", &lost[..lost.len().min(10)], self.summary);
        assert_eq!(stray, 0, "events of posts that should have none\n{}", self.summary);
        if self.mode == "exactly_once" {
            assert_eq!(twice, 0, "{}", self.summary);
        }
        held
    }

    /// A counter over all workers.
    pub fn sum(&self, series: &str) -> f64 {
        self.workers.iter().map(|w| w.metric(series)).sum()
    }

    /// Where no worker was killed the counters of all of them add up.
    pub fn counters_add_up(&self) {
        let add_up = || {
            let outcomes: f64 = ["clean", "flagged", "shadow", "skipped", "dead_lettered"]
                .iter()
                .map(|o| self.sum(&format!("vigie_processed_records_total{{outcome=\"{o}\"}}")))
                .sum();
            self.sum("vigie_consumer_records_total") == outcomes + self.sum("vigie_consumer_returned_records_total")
        };
        eventually("consumed = outcomes + given back", LAW, add_up);
    }

    pub fn stop_all(&mut self) {
        for worker in std::mem::take(&mut self.workers) {
            let (code, log) = worker.stop();
            self.ended.push(log);
            assert_eq!(code, 0);
        }
    }

    pub fn no_log_shows_a_secret(&self) {
        for log in self.ended.iter().cloned().chain(self.workers.iter().map(Worker::log)) {
            for secret in [CANARY, self.cluster.password.as_str()] {
                assert!(!log.contains(secret), "a log shows {secret}");
            }
        }
        for worker in &self.workers {
            for path in ["/metrics", "/readyz", "/livez"] {
                assert!(!http_get(worker.http, path).is_some_and(|(_, body)| body.contains(CANARY)), "{path}");
            }
        }
    }

    /// How often a worker said that a client hangs, and made it anew.
    pub fn hung(&self) -> usize {
        self.workers.iter().map(Worker::log).chain(self.ended.iter().cloned()).map(|log| log.matches("the client library hangs").count()).sum()
    }

    pub fn tails(&self) -> String {
        let tail = |log: String| log.lines().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
        self.workers.iter().map(|w| tail(w.log())).chain(self.ended.last().cloned().map(tail)).collect::<Vec<_>>().join("\n----\n")
    }
}

/// Partitions in a member's assignment, as the consumers' protocol writes it: version, then topics with their partitions.
fn assigned(bytes: &[u8]) -> usize {
    let number = |at: usize| bytes.get(at..at + 4).map_or(0, |b| u32::from_be_bytes(b.try_into().unwrap()) as usize);
    let (mut at, mut partitions) = (6, 0);
    for _ in 0..number(2) {
        at += 2 + bytes.get(at..at + 2).map_or(0, |b| usize::from(u16::from_be_bytes(b.try_into().unwrap())));
        partitions += number(at);
        at += 4 + 4 * number(at);
    }
    partitions
}

/// Sends records, each with a header that no log may show; `pause` after every hundredth keeps them flowing while something breaks.
pub fn feed(cluster: &Cluster, topic: &str, records: &[Record], pause: Option<Duration>) {
    let producer: BaseProducer = cluster.client().set("enable.idempotence", "true").set("linger.ms", "5").create().unwrap();
    for (n, (key, payload)) in records.iter().enumerate() {
        let headers = || OwnedHeaders::new().insert(Header { key: "note", value: Some(CANARY) });
        while let Err((error, _)) = producer.send(BaseRecord::to(topic).key(key).payload(payload).headers(headers())) {
            assert_eq!(error.rdkafka_error_code(), Some(rdkafka::error::RDKafkaErrorCode::QueueFull));
            producer.poll(Duration::from_millis(20));
        }
        producer.poll(Duration::ZERO);
        if let (Some(pause), 99) = (pause, n % 100) {
            producer.poll(pause);
        }
    }
    producer.flush(LAW * 2).unwrap();
}
