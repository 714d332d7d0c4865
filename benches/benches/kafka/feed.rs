//! Made-up posts on topics: of 220 bytes, so many in a thousand flagged.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use vigie_benches::{Numbers, lexicon, posts};
use vigie_classifier::{BEHAVIOUR, Classifier};

/// Forms of the bundle.
pub(crate) const FORMS: usize = 20_000;
/// Bytes of a post's text.
const BYTES: usize = 220;

/// The made-up bundle, the same in every process.
fn made() -> lexicon::Made {
    lexicon::of_forms(FORMS, BEHAVIOUR).expect("the made-up bundle is good")
}

/// The classifier of that bundle.
pub(crate) fn classifier() -> Classifier {
    Classifier::new(made().lexicon).expect("the bundle compiles")
}

/// Whether post number `n` is one that is to be flagged.
pub(crate) fn is_flagged(n: u64, per_mille: u64) -> bool {
    n.is_multiple_of(1000 / per_mille)
}

/// Writes posts.
pub(crate) struct Writer {
    made: lexicon::Made,
    numbers: Numbers,
}

impl Writer {
    pub(crate) fn new(seed: u64) -> Self {
        Self { made: made(), numbers: Numbers::new(seed) }
    }

    /// The text of post number `n`.
    pub(crate) fn text(&mut self, n: u64, per_mille: u64) -> String {
        if is_flagged(n, per_mille) {
            posts::hateful(&mut self.numbers, BYTES, &self.made.groups, &self.made.predicates)
        } else {
            posts::plain(&mut self.numbers, BYTES)
        }
    }

    /// The same as a record.
    pub(crate) fn json(&mut self, n: u64, per_mille: u64) -> String {
        serde_json::json!({ "post_id": format!("p{n}"), "text": self.text(n, per_mille) }).to_string()
    }
}

/// A producer of posts.
pub(crate) fn producer(bootstrap: &str) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("acks", "all").set("enable.idempotence", "true").set("linger.ms", "5");
    config.create().expect("a producer")
}

/// Sends to a partition, and waits for room when the queue is full.
pub(crate) fn send(producer: &BaseProducer, topic: &str, partition: i32, payload: &str) {
    let mut record = BaseRecord::<(), str>::to(topic).payload(payload).partition(partition);
    while let Err((_, back)) = producer.send(record) {
        record = back;
        producer.poll(Duration::from_millis(5));
    }
}

/// Fills a topic, spread evenly over its partitions.
pub(crate) fn fill(bootstrap: &str, topic: &str, partitions: i32, posts: u64, per_mille: u64) {
    let (mut writer, producer) = (Writer::new(11), producer(bootstrap));
    for n in 0..posts {
        // Each thousand begins one partition later, so that flagged ones are in all of them.
        let partition = (n + n / 1000) % u64::from(partitions.unsigned_abs());
        send(&producer, topic, i32::try_from(partition).unwrap_or(0), &writer.json(n, per_mille));
        if n % 1000 == 0 {
            producer.poll(Duration::ZERO);
        }
    }
    producer.flush(Duration::from_mins(2)).expect("every post is in the topic");
}
