//! What Vigie is measured against: reading alone, reading and parsing, passing everything on, and classification without Kafka. Each with as
//! many threads as Vigie has lanes, the same clients and the same settings, but no group, no commits and no statistics.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedMessage, Header, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};
use rdkafka::{ClientContext, Offset, TopicPartitionList};
use vigie_classifier::{Decision, Scratch};
use vigie_stream::config::Config;
use vigie_stream::wire::{Decoded, Limits, decode};

use crate::PARTITIONS;
use crate::feed::{self, Writer};
use crate::meter::{Outcome, watch};

/// Messages between two reports of a thread: counting must not cost.
const EVERY: u64 = 64;
/// Between two looks at the count.
const LOOK: Duration = Duration::from_millis(4);
/// Distinct texts of each thread of [`classify`].
const TEXTS: u64 = 50_000;

/// The consumer of a lane, over its share of the partitions from their beginning.
pub(crate) fn consumer(config: &Config, lane: usize, lanes: usize) -> BaseConsumer {
    let consumer: BaseConsumer = config.consumer(lane).set("statistics.interval.ms", "0").create().expect("a consumer");
    let mut list = TopicPartitionList::new();
    for partition in (0..PARTITIONS).skip(lane).step_by(lanes) {
        list.add_partition_offset(&config.topics.posts, partition, Offset::Beginning).expect("a partition");
    }
    consumer.assign(&list).expect("an assignment");
    consumer
}

/// Reads the whole topic once; `each` makes what every thread does with a message.
fn read<F: FnMut(&BorrowedMessage<'_>)>(config: &Config, messages: u64, each: impl Fn() -> F + Sync) -> Outcome {
    let (done, lanes) = (AtomicU64::new(0), config.delivery.lanes);
    thread::scope(|scope| {
        for lane in 0..lanes {
            let (done, each) = (&done, &each);
            scope.spawn(move || {
                let (consumer, mut work, mut unreported) = (consumer(config, lane, lanes), each(), 0);
                while done.load(Ordering::Relaxed) < messages {
                    let message = consumer.poll(Duration::from_millis(10));
                    if let Some(message) = &message {
                        work(message.as_ref().expect("a message"));
                        unreported += 1;
                    }
                    if unreported == EVERY || message.is_none() {
                        done.fetch_add(unreported, Ordering::Relaxed);
                        unreported = 0;
                    }
                }
            });
        }
        watch(messages, LOOK, || done.load(Ordering::Relaxed))
    })
}

/// Reading alone.
pub(crate) fn consume(config: &Config, messages: u64) -> Outcome {
    read(config, messages, || |m: &BorrowedMessage<'_>| _ = black_box(m.payload().map(<[u8]>::len)))
}

/// Reading and parsing.
pub(crate) fn parse(config: &Config, messages: u64) -> Outcome {
    let limits = Limits::new(&config.input).expect("good limits");
    read(config, messages, || {
        |m: &BorrowedMessage<'_>| assert!(black_box(decode(m.payload(), &limits)).is_ok_and(|d| matches!(d, Decoded::Post(_))), "a record is no post")
    })
}

/// Reading, parsing and classification in one loop, and nothing delivered: what the stream adds stands out against it.
pub(crate) fn bare(config: &Config, messages: u64) -> Outcome {
    let (classifier, flagged) = (feed::classifier(), AtomicU64::new(0));
    let limits = Limits::new(&config.input).expect("good limits");
    let outcome = read(config, messages, || {
        let mut scratch = Scratch::default();
        let (classifier, limits, flagged) = (&classifier, &limits, &flagged);
        move |m: &BorrowedMessage<'_>| {
            let Ok(Decoded::Post(post)) = decode(m.payload(), limits) else { panic!("a record is no post") };
            if classifier.classify(post.judged(), &mut scratch).decision == Decision::Flagged {
                flagged.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    Outcome { flagged: flagged.into_inner(), ..outcome }
}

/// The same, and a message of a flag's size for every flagged post: what any client pays for so few of them.
pub(crate) fn sending(config: &Config, messages: u64) -> Outcome {
    let (classifier, flagged) = (feed::classifier(), AtomicU64::new(0));
    let limits = Limits::new(&config.input).expect("good limits");
    let producer = || config.producer(0).set("statistics.interval.ms", "0").create::<BaseProducer>().expect("a producer");
    let outcome = read(config, messages, || {
        let (mut scratch, producer, mut unpolled) = (Scratch::default(), producer(), 0);
        let (classifier, limits, flagged) = (&classifier, &limits, &flagged);
        move |m: &BorrowedMessage<'_>| {
            let Ok(Decoded::Post(post)) = decode(m.payload(), limits) else { panic!("a record is no post") };
            if classifier.classify(post.judged(), &mut scratch).decision == Decision::Flagged {
                flagged.fetch_add(1, Ordering::Relaxed);
                let record = BaseRecord::to(&config.topics.flags).key(post.post_id.as_ref()).payload(&FLAG);
                assert!(producer.send(record).is_ok(), "the queue is full");
            }
            unpolled += 1;
            if unpolled == EVERY {
                producer.poll(Duration::ZERO);
                unpolled = 0;
            }
        }
    });
    Outcome { flagged: flagged.into_inner(), ..outcome }
}

/// As large as a flag.
static FLAG: [u8; 1800] = [b'-'; 1800];

/// Counts acknowledged messages.
struct Acknowledged(Arc<AtomicU64>);

impl ClientContext for Acknowledged {}

impl ProducerContext for Acknowledged {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        assert!(result.is_ok(), "a message is not delivered");
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Passes every message on; one in a hundred says when the broker appended it. Ends when `stop` says so.
fn pass_on(config: &Config, acknowledged: &Arc<AtomicU64>, stop: &AtomicBool) {
    thread::scope(|scope| {
        for lane in 0..config.delivery.lanes {
            scope.spawn(move || {
                let consumer = consumer(config, lane, config.delivery.lanes);
                let mut settings = config.producer(lane);
                settings.set("statistics.interval.ms", "0");
                let producer: BaseProducer<Acknowledged> = settings.create_with_context(Acknowledged(Arc::clone(acknowledged))).expect("a producer");
                let mut n = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    let message = consumer.poll(Duration::from_millis(5));
                    if let Some(message) = &message {
                        let message = message.as_ref().expect("a message");
                        let mut record = BaseRecord::<(), [u8]>::to(&config.topics.flags).payload(message.payload().unwrap_or_default());
                        if n.is_multiple_of(100) {
                            let at = message.timestamp().to_millis().unwrap_or(0).to_string();
                            record = record.headers(OwnedHeaders::new().insert(Header { key: "at", value: Some(&at) }));
                        }
                        while let Err((_, back)) = producer.send(record) {
                            record = back;
                            producer.poll(Duration::from_millis(1));
                        }
                        n += 1;
                    }
                    if n.is_multiple_of(EVERY) || message.is_none() {
                        producer.poll(Duration::ZERO);
                    }
                }
                producer.flush(Duration::from_mins(1)).expect("all is passed on");
            });
        }
    });
}

/// Reading and producing every message.
pub(crate) fn pass(config: &Config, messages: u64) -> Outcome {
    let (acknowledged, stop) = (Arc::new(AtomicU64::new(0)), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| pass_on(config, &acknowledged, &stop));
        let outcome = watch(messages, LOOK, || acknowledged.load(Ordering::Relaxed));
        stop.store(true, Ordering::Relaxed);
        outcome
    })
}

/// The same until this process is killed.
pub(crate) fn pass_for_ever(config: &Config) {
    pass_on(config, &Arc::new(AtomicU64::new(0)), &AtomicBool::new(false));
}

/// No Kafka: texts of the same kind through the same classifier.
pub(crate) fn classify(lanes: usize, messages: u64, per_mille: u64) -> Outcome {
    let (classifier, done, flagged) = (feed::classifier(), AtomicU64::new(0), AtomicU64::new(0));
    let mut writer = Writer::new(13);
    let sets: Vec<Vec<String>> = (0..lanes).map(|_| (0..TEXTS).map(|n| writer.text(n, per_mille)).collect()).collect();
    drop(writer);
    let each = messages / lanes as u64;
    let outcome = thread::scope(|scope| {
        for texts in &sets {
            scope.spawn(|| {
                let mut scratch = Scratch::default();
                let mut found = 0;
                for (n, text) in (1..=each).zip(texts.iter().cycle()) {
                    found += u64::from(black_box(classifier.classify(text, &mut scratch)).decision == Decision::Flagged);
                    if n % EVERY == 0 || n == each {
                        done.fetch_add(if n % EVERY == 0 { EVERY } else { n % EVERY }, Ordering::Relaxed);
                    }
                }
                flagged.fetch_add(found, Ordering::Relaxed);
            });
        }
        watch(each * lanes as u64, LOOK, || done.load(Ordering::Relaxed))
    });
    Outcome { flagged: flagged.into_inner(), ..outcome }
}
