//! What is measured, each in a process of its own: it says how many messages a second, our CPU and our memory.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rustix::time::{ClockId, clock_gettime};
use vigie_benches::{Numbers, lexicon, posts};
use vigie_classifier::{BEHAVIOUR, Classifier, Scratch};
use vigie_stream::config::Config;
use vigie_stream::service::{self, Stop};
use vigie_stream::wire::{Decoded, Limits, decode};

use crate::{FORMS, topic};

/// Names in the environment of such a process.
pub(crate) const ROLE: &str = "VIGIE_BENCH_ROLE";
pub(crate) const BROKER: &str = "VIGIE_BENCH_BROKER";
pub(crate) const MESSAGES: &str = "VIGIE_BENCH_MESSAGES";

/// What a process measures.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    Consume,
    Parse,
    Pass,
    Classify,
    /// Delivery, and flagged posts in a thousand.
    Vigie(&'static str, u64),
    /// Until they are killed, for [`crate::latency`].
    PacedPass,
    PacedVigie,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Consume => f.write_str("consume"),
            Self::Parse => f.write_str("parse"),
            Self::Pass => f.write_str("pass"),
            Self::Classify => f.write_str("classify"),
            Self::Vigie(mode, per_mille) => write!(f, "{mode} {per_mille}"),
            Self::PacedPass => f.write_str("paced-pass"),
            Self::PacedVigie => f.write_str("paced-vigie"),
        }
    }
}

/// What this process is asked to be: role, broker, messages.
pub(crate) fn asked() -> Option<(Role, String, u64)> {
    let get = |name: &str| std::env::var(name).ok();
    let role = get(ROLE)?;
    let role = match role.split_once(' ') {
        Some(("exactly_once", n)) => Role::Vigie("exactly_once", n.parse().ok()?),
        Some((_, n)) => Role::Vigie("at_least_once", n.parse().ok()?),
        None if role == "consume" => Role::Consume,
        None if role == "parse" => Role::Parse,
        None if role == "pass" => Role::Pass,
        None if role == "paced-pass" => Role::PacedPass,
        None if role == "paced-vigie" => Role::PacedVigie,
        None => Role::Classify,
    };
    Some((role, get(BROKER)?, get(MESSAGES)?.parse().ok()?))
}

/// What was measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) per_second: f64,
    pub(crate) cpu_per_million: f64,
    pub(crate) rss_mib: f64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "outcome {} {} {}", self.per_second, self.cpu_per_million, self.rss_mib)
    }
}

impl Outcome {
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.strip_prefix("outcome ")?.split(' ').map(|n| n.parse().ok());
        Some(Self { per_second: numbers.next()??, cpu_per_million: numbers.next()??, rss_mib: numbers.next()?? })
    }

    fn of(messages: u64, seconds: f64, cpu: f64) -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok()).unwrap_or(0.0);
        Self { per_second: messages as f64 / seconds, cpu_per_million: cpu * 1e6 / messages as f64, rss_mib: kib / 1024.0 }
    }
}

/// CPU seconds of all threads of this process.
fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

fn client(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap);
    config
}

/// A reader of a topic from its beginning, with the buffers of a lane.
pub(crate) fn reader(bootstrap: &str, topic: &str, group: &str) -> BaseConsumer {
    let mut config = client(bootstrap);
    config.set("group.id", group).set("auto.offset.reset", "earliest").set("enable.auto.commit", "false");
    config.set("queued.max.messages.kbytes", "16384").set("queued.min.messages", "10000").set("fetch.queue.backoff.ms", "50");
    let consumer: BaseConsumer = config.create().expect("a consumer");
    consumer.subscribe(&[topic]).expect("a subscription");
    consumer
}

pub(crate) fn writer(bootstrap: &str) -> BaseProducer {
    let mut config = client(bootstrap);
    config.set("acks", "all").set("enable.idempotence", "true").set("linger.ms", "5").set("compression.type", "lz4");
    config.create().expect("a producer")
}

/// Sends, and waits for room when the queue is full.
pub(crate) fn send(producer: &BaseProducer, topic: &str, payload: &[u8], at: Option<i64>) {
    let mut record = BaseRecord::<(), [u8]>::to(topic).payload(payload);
    if let Some(at) = at {
        let text = at.to_string();
        record = record.headers(rdkafka::message::OwnedHeaders::new().insert(rdkafka::message::Header { key: "at", value: Some(&text) }));
    }
    while let Err((_, back)) = producer.send(record) {
        record = back;
        producer.poll(Duration::from_millis(5));
    }
}

/// The made-up bundle, the same in every process.
fn made() -> lexicon::Made {
    lexicon::of_forms(FORMS, BEHAVIOUR).expect("the made-up bundle is good")
}

/// Posts as JSON, so many flagged in a thousand.
pub(crate) struct Writer {
    made: lexicon::Made,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self { made: made() }
    }

    pub(crate) fn text(&self, n: u64, per_mille: u64, numbers: &mut Numbers) -> String {
        let flagged = n % (1000 / per_mille) == 0;
        if flagged { posts::hateful(numbers, 220, &self.made.groups, &self.made.predicates) } else { posts::plain(numbers, 220) }
    }

    pub(crate) fn json(&self, n: u64, per_mille: u64, numbers: &mut Numbers) -> String {
        serde_json::json!({ "post_id": format!("p{n}"), "text": self.text(n, per_mille, numbers) }).to_string()
    }
}

/// Fills a topic.
pub(crate) fn fill(bootstrap: &str, topic: &str, messages: u64, per_mille: u64, numbers: &mut Numbers) {
    let (writer_of, producer) = (Writer::new(), writer(bootstrap));
    for n in 0..messages {
        send(&producer, topic, writer_of.json(n, per_mille, numbers).as_bytes(), None);
        if n % 1000 == 0 {
            producer.poll(Duration::ZERO);
        }
    }
    producer.flush(Duration::from_mins(2)).expect("every post is in the topic");
}

impl Role {
    /// Measures.
    pub(crate) fn run(self, bootstrap: &str, messages: u64) -> Outcome {
        match self {
            Self::Consume => consume(bootstrap, messages, "consume", |_| {}),
            Self::Parse => {
                let config = configuration(bootstrap, "at_least_once", 10, &topic(10), "flags");
                let limits = Limits::new(&config.input).expect("good limits");
                consume(bootstrap, messages, "parse", |m| {
                    let decoded = decode(m.payload(), &limits).map(|d| matches!(d, Decoded::Post(_)));
                    assert!(black_box(decoded).is_ok_and(|post| post), "a record is no post");
                })
            }
            Self::Pass => {
                let producer = writer(bootstrap);
                let outcome = consume(bootstrap, messages, "pass", |m| {
                    send(&producer, "passed", m.payload().unwrap_or_default(), None);
                    producer.poll(Duration::ZERO);
                });
                producer.flush(Duration::from_mins(2)).expect("all is passed on");
                outcome
            }
            Self::Classify => classify(messages),
            Self::Vigie(mode, per_mille) => vigie(bootstrap, messages, mode, per_mille),
            Self::PacedPass => paced_pass(bootstrap),
            Self::PacedVigie => {
                let classifier = Arc::new(Classifier::new(made().lexicon).expect("the bundle compiles"));
                let config = configuration(bootstrap, "at_least_once", 10, "paced-vigie", "out-vigie");
                service::run(config, classifier, None, Stop::on_signals());
                std::process::exit(0)
            }
        }
    }
}

/// Reads a topic once; the clock starts at its first message.
fn consume(bootstrap: &str, messages: u64, group: &str, mut each: impl FnMut(&rdkafka::message::BorrowedMessage<'_>)) -> Outcome {
    let consumer = reader(bootstrap, &topic(10), group);
    let (mut start, mut read) = (None, 0);
    while read < messages {
        if let Some(message) = consumer.poll(Duration::from_millis(100)) {
            start.get_or_insert_with(|| (Instant::now(), cpu()));
            each(&message.expect("a message"));
            read += 1;
        }
    }
    let (since, before) = start.expect("there are messages");
    Outcome::of(messages, since.elapsed().as_secs_f64(), cpu() - before)
}

/// No Kafka: the same texts through the classifier, on one thread.
fn classify(messages: u64) -> Outcome {
    let (writer, mut numbers) = (Writer::new(), Numbers::new(11));
    let texts: Vec<String> = (0..messages.min(50_000)).map(|n| writer.text(n, 10, &mut numbers)).collect();
    let classifier = Classifier::new(made().lexicon).expect("the bundle compiles");
    let mut scratch = Scratch::default();
    let (since, before) = (Instant::now(), cpu());
    for n in 0..messages as usize {
        black_box(classifier.classify(&texts[n % texts.len()], &mut scratch));
    }
    Outcome::of(messages, since.elapsed().as_secs_f64(), cpu() - before)
}

/// The service as it is configured in production, on the topics of this run.
fn configuration(bootstrap: &str, mode: &str, per_mille: u64, posts: &str, flags: &str) -> Config {
    let group = format!("{mode}-{per_mille}-{posts}");
    let listen = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").to_string();
    let pairs = [
        ("VIGIE_KAFKA__BROKERS", bootstrap),
        ("VIGIE_KAFKA__GROUP", &group),
        ("VIGIE_KAFKA__INSTANCE_ID", &group),
        ("VIGIE_TOPICS__POSTS", posts),
        ("VIGIE_TOPICS__FLAGS", flags),
        ("VIGIE_TOPICS__SHADOW", "shadow"),
        ("VIGIE_TOPICS__DEAD_LETTERS", "dead"),
        ("VIGIE_DELIVERY__MODE", mode),
        ("VIGIE_HTTP__LISTEN", &listen),
        ("VIGIE_LOG__LEVEL", "error"),
    ];
    Config::load(None, pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Records that the service has settled, as its own metrics say.
fn settled(at: std::net::SocketAddr) -> Option<u64> {
    use std::io::{Read as _, Write as _};
    let (mut stream, mut text) = (std::net::TcpStream::connect(at).ok()?, String::new());
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n").ok()?;
    stream.read_to_string(&mut text).ok()?;
    let series = text.lines().filter(|l| l.starts_with("vigie_processed_records_total"));
    Some(series.filter_map(|l| l.rsplit(' ').next()?.parse::<f64>().ok()).sum::<f64>() as u64)
}

/// The service until it has settled every post; the clock starts when it is seen to have settled one.
fn vigie(bootstrap: &str, messages: u64, mode: &'static str, per_mille: u64) -> Outcome {
    let classifier = Arc::new(Classifier::new(made().lexicon).expect("the bundle compiles"));
    let config = configuration(bootstrap, mode, per_mille, &topic(per_mille), "flags");
    let (listen, (stop, stopper)) = (config.http.listen, Stop::manual());
    let before = cpu();
    let watch = std::thread::spawn(move || {
        let (mut first, mut done) = (None, 0);
        while done < messages {
            std::thread::sleep(Duration::from_millis(50));
            done = settled(listen).unwrap_or(done);
            if done > 0 {
                first.get_or_insert((Instant::now(), done));
            }
        }
        let (since, at) = first.expect("something is settled");
        let measured = ((messages - at) as f64, since.elapsed().as_secs_f64());
        stopper.stop();
        measured
    });
    service::run(config, classifier, None, stop);
    let spent = cpu() - before;
    let (settled, seconds) = watch.join().expect("the watcher ends");
    Outcome { per_second: settled / seconds, ..Outcome::of(messages, seconds, spent) }
}

/// Passes every message on, with the time at which it was appended.
fn paced_pass(bootstrap: &str) -> ! {
    let (consumer, producer) = (reader(bootstrap, "paced-pass", "paced-pass"), writer(bootstrap));
    loop {
        if let Some(Ok(message)) = consumer.poll(Duration::from_millis(5)) {
            send(&producer, "out-pass", message.payload().unwrap_or_default(), message.timestamp().to_millis());
        }
        producer.poll(Duration::ZERO);
    }
}
