//! `vigie redrive`: puts dead letters back on the posts topic, as they were received, each at most once per run. It commits no offsets and deletes
//! nothing: what is on the dead-letter topic stays there until its retention.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::FromClientConfigAndContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, DeliveryResult, Header, Headers, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::{Offset, TopicPartitionList};

use crate::config::Config;
use crate::wire::is_ours;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Dead letters read, up to the end the topic had when the run began.
    pub read: u64,
    /// Put back, acknowledged; with `dry_run`: that would be.
    pub sent: u64,
    /// Left where they are, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Read, by `error.code`.
    pub by_reason: BTreeMap<String, u64>,
    /// Sent, but the broker did not take them.
    pub failed: u64,
}

/// Why a run could not be made, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum RedriveError {
    /// librdkafka refused.
    #[error("{0}")]
    Kafka(#[from] KafkaError),
    /// There is no such topic.
    #[error("topic {0} does not exist or may not be read")]
    NoTopic(String),
    /// Reading stopped short.
    #[error("no answer for 30 s after {0} dead letters")]
    Stalled(u64),
}

#[derive(Default)]
struct Counting {
    acknowledged: AtomicU64,
    failed: Mutex<BTreeMap<String, u64>>,
}

struct Acks(Arc<Counting>);

impl ClientContext for Acks {}

impl ProducerContext for Acks {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(_) => {
                self.0.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            Err((error, _)) => *self.0.failed.lock().unwrap_or_else(PoisonError::into_inner).entry(error.to_string()).or_default() += 1,
        }
    }
}

/// Puts the dead letters of topic `from` back on the posts topic. With `dry_run` it only counts.
pub fn run(config: &Config, from: &str, dry_run: bool) -> Result<Report, RedriveError> {
    let mut client = config.client();
    client
        .set("group.id", "vigie-redrive")
        .set("enable.auto.commit", "false")
        .set("allow.auto.create.topics", "false")
        .set("isolation.level", "read_committed")
        .set("enable.partition.eof", "true");
    let consumer: BaseConsumer = client.create()?;
    let ends = assign(&consumer, from)?;
    let counting = Arc::new(Counting::default());
    let mut plain = config.client();
    plain.set("enable.idempotence", "true").set("message.max.bytes", "100000000").set("compression.codec", &config.kafka.compression);
    let producer = BaseProducer::from_config_and_context(&plain, Acks(Arc::clone(&counting)))?;
    let mut report = Report::default();
    let mut open: BTreeMap<i32, i64> = ends;
    let mut quiet_since = Instant::now();
    while !open.is_empty() {
        producer.poll(Duration::ZERO);
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => {
                quiet_since = Instant::now();
                let Some(end) = open.get(&message.partition()).copied() else { continue };
                if message.offset() < end {
                    one(&message, config, &producer, dry_run, &mut report)?;
                }
                if message.offset() + 1 >= end {
                    open.remove(&message.partition());
                }
            }
            // The end that is there now lies at or beyond the end of the beginning: markers of transactions take offsets too.
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                open.remove(&partition);
            }
            Some(Err(error)) if quiet_since.elapsed() > Duration::from_secs(30) => return Err(error.into()),
            Some(Err(_)) | None => {}
        }
        if quiet_since.elapsed() > Duration::from_secs(30) {
            return Err(RedriveError::Stalled(report.read));
        }
    }
    let deadline = Instant::now() + Duration::from_mins(2);
    while producer.in_flight_count() > 0 && Instant::now() < deadline {
        producer.poll(Duration::from_millis(10));
    }
    if !dry_run {
        report.failed = report.sent;
        report.sent = counting.acknowledged.load(Ordering::Relaxed);
        report.failed -= report.sent;
    }
    Ok(report)
}

/// Assigns every partition from its beginning; the end of each one that holds anything.
fn assign(consumer: &BaseConsumer, topic: &str) -> Result<BTreeMap<i32, i64>, RedriveError> {
    let patience = Duration::from_secs(10);
    let metadata = consumer.fetch_metadata(Some(topic), patience)?;
    let mut list = TopicPartitionList::new();
    let mut ends = BTreeMap::new();
    for partition in metadata.topics().iter().filter(|t| t.error().is_none()).flat_map(rdkafka::metadata::MetadataTopic::partitions) {
        let (low, high) = consumer.fetch_watermarks(topic, partition.id(), patience)?;
        list.add_partition_offset(topic, partition.id(), Offset::Beginning)?;
        if high > low {
            ends.insert(partition.id(), high);
        }
    }
    if list.count() == 0 {
        return Err(RedriveError::NoTopic(topic.to_owned()));
    }
    consumer.assign(&list)?;
    Ok(ends)
}

fn one(message: &BorrowedMessage<'_>, config: &Config, producer: &BaseProducer<Acks>, dry_run: bool, report: &mut Report) -> Result<(), RedriveError> {
    report.read += 1;
    let text = |name: &str| {
        let headers = message.headers()?;
        let last = headers.iter().filter(|h| h.key == name).last()?;
        last.value.and_then(|v| std::str::from_utf8(v).ok()).map(str::to_owned)
    };
    let Some(reason) = text("error.code") else {
        *report.skipped.entry("not_a_dead_letter").or_default() += 1;
        return Ok(());
    };
    *report.by_reason.entry(reason).or_default() += 1;
    let received: usize = text("payload.bytes").and_then(|n| n.parse().ok()).unwrap_or(0);
    // Ours come last: a record may have had a header of this name itself.
    let names: Vec<&str> = message.headers().into_iter().flat_map(Headers::iter).map(|h| h.key).collect();
    let ours = names.iter().rposition(|name| *name == "error.code").map_or(&[][..], |at| &names[at..]);
    if message.payload_len() != received || ours.contains(&"truncated") {
        // Cut for size, or only a reference: the record itself is not here.
        *report.skipped.entry("payload_not_kept").or_default() += 1;
        return Ok(());
    }
    report.sent += 1;
    if dry_run {
        return Ok(());
    }
    let mut headers = OwnedHeaders::new();
    for header in message.headers().into_iter().flat_map(Headers::iter) {
        // The number of attempts travels on, so that a record that fails for ever can be told.
        if !is_ours(header.key) || header.key == "error.attempt" {
            headers = headers.insert(Header { key: header.key, value: header.value });
        }
    }
    loop {
        let mut record: BaseRecord<'_, [u8], [u8], ()> = BaseRecord::to(&config.topics.posts).headers(headers.clone());
        record.key = message.key();
        // An empty payload was received as one; only a null payload is a tombstone, and tombstones are never dead letters.
        record.payload = Some(message.payload().unwrap_or_default());
        record.timestamp = message.timestamp().to_millis().filter(|ms| *ms > 0);
        match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => producer.poll(Duration::from_millis(10)),
            Err((error, _)) => return Err(error.into()),
        }
    }
}
