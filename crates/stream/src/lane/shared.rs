//! What a lane shares with the callbacks of its two clients. They run on the lane's own thread, inside `poll`; only those of a producer that
//! was left behind in a hanging call could run on that call's thread. Locks are held for moments and never across a poll.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Headers, Message};
use rdkafka::producer::{BaseProducer, Producer as _, ProducerContext};
use rdkafka::{Offset, Statistics, TopicPartitionList};

use super::ledger::Ledger;
use super::outbox::Outbox;
use super::transaction;
use crate::config::{Config, Mode};
use crate::health::Health;
use crate::metrics::{ClientKind, EventKind, LagBook, Metrics, Outcome, Tally, unix_seconds};
use crate::wire::{Fit, HEADERS_OMITTED, Header};

/// Everything that all lanes share.
pub(crate) struct Common {
    pub(crate) config: Config,
    pub(crate) metrics: Metrics,
    pub(crate) health: Health,
    pub(crate) lags: LagBook,
    /// An output topic takes less than a batch of events: each is sent in a batch of its own.
    pub(crate) alone: AtomicBool,
    /// Producers left behind in a call from which the client library did not come back.
    pub(crate) left_behind: AtomicU64,
}

/// State of one pair of clients; a fatal error drops it with them.
pub(crate) struct Shared {
    pub(crate) common: Arc<Common>,
    pub(crate) lane: usize,
    ledger: Mutex<Ledger>,
    tally: Mutex<Tally>,
    outbox: Mutex<Outbox>,
    refused: Mutex<Vec<Refused>>,
    /// A client can go on no more.
    fatal: AtomicBool,
    /// The transaction cannot be committed: abort, then read again.
    must_abort: AtomicBool,
    last_read_ms: AtomicI64,
    /// Records taken since the last commit of a transaction.
    taken: AtomicU64,
}

/// An event under way, given back with its delivery report.
pub(crate) struct Ticket {
    pub(crate) partition: i32,
    pub(crate) epoch: u64,
    pub(crate) offset: i64,
    pub(crate) kind: EventKind,
    pub(crate) fit: Fit,
    pub(crate) bytes: usize,
    pub(crate) timestamp_ms: Option<i64>,
    pub(crate) sent: Instant,
    /// The record, to be encoded again should the broker refuse the event for its size.
    pub(crate) origin: Option<Origin>,
}

/// A record kept while its event is under way.
#[derive(Clone)]
pub(crate) struct Origin {
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) payload: Option<Vec<u8>>,
    pub(crate) headers: Vec<Header>,
}

/// An event that the broker did not take.
pub(crate) struct Refused {
    pub(crate) ticket: Box<Ticket>,
    pub(crate) code: RDKafkaErrorCode,
    pub(crate) message: Parked,
    /// The broker said so, and not the producer before it sent anything.
    pub(crate) by_broker: bool,
}

/// A message that is to be sent again as it is.
pub(crate) struct Parked {
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) payload: Option<Vec<u8>>,
    pub(crate) headers: Vec<Header>,
    pub(crate) timestamp_ms: Option<i64>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(common: Arc<Common>, lane: usize) -> Self {
        Self {
            common,
            lane,
            ledger: Mutex::default(),
            tally: Mutex::default(),
            outbox: Mutex::default(),
            refused: Mutex::default(),
            fatal: AtomicBool::new(false),
            must_abort: AtomicBool::new(false),
            last_read_ms: AtomicI64::new(-1),
            taken: AtomicU64::new(0),
        }
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        lock(&self.tally)
    }

    pub(crate) fn outbox(&self) -> MutexGuard<'_, Outbox> {
        lock(&self.outbox)
    }

    pub(crate) fn take_refused(&self) -> Vec<Refused> {
        std::mem::take(&mut *lock(&self.refused))
    }

    /// Whether the acknowledgement of this event would still count; if not, its record is read again, and it must not be sent.
    pub(crate) fn is_open(&self, ticket: &Ticket) -> bool {
        self.ledger().is_open(ticket.partition, ticket.epoch, ticket.offset)
    }

    pub(crate) fn has_refused(&self) -> bool {
        !lock(&self.refused).is_empty()
    }

    pub(crate) fn is_fatal(&self) -> bool {
        self.fatal.load(Ordering::Relaxed)
    }

    pub(crate) fn set_fatal(&self, what: &str, error: &dyn std::fmt::Display) {
        if !self.fatal.swap(true, Ordering::Relaxed) {
            tracing::error!(lane = self.lane, what, %error, "fatal error of a Kafka client: it is made anew");
        }
    }

    pub(crate) fn must_abort(&self) -> bool {
        self.must_abort.load(Ordering::Relaxed)
    }

    pub(crate) fn set_must_abort(&self, must: bool) {
        self.must_abort.store(must, Ordering::Relaxed);
    }

    pub(crate) fn read_at(&self, timestamp_ms: Option<i64>) {
        self.last_read_ms.store(timestamp_ms.unwrap_or(-1), Ordering::Relaxed);
    }

    pub(crate) fn exactly_once(&self) -> bool {
        self.common.config.delivery.mode == Mode::ExactlyOnce
    }

    /// A record is settled. Under exactly-once it counts when its transaction commits.
    pub(crate) fn settle(&self, outcome: Outcome) {
        self.tally().settle(outcome);
    }

    /// Counts what was settled: at any time, or under exactly-once after a commit.
    pub(crate) fn flush_tally(&self) {
        let mut tally = self.tally();
        let (records, dead) = tally.settled();
        if records > 0 || tally.withdrawn > 0 {
            self.common.health.settled(records, dead, &self.common.config.dead_letters);
            self.common.metrics.flush(&mut tally);
        }
    }

    pub(crate) fn taken(&self, records: u64) {
        self.taken.fetch_add(records, Ordering::Relaxed);
    }

    /// Records taken since the last call.
    pub(crate) fn take_taken(&self) -> u64 {
        self.taken.swap(0, Ordering::Relaxed)
    }

    /// The clients are gone: what was not settled is read again.
    pub(crate) fn give_up(&self) {
        let partitions = self.ledger().partitions();
        self.forget(&partitions);
        if self.exactly_once() {
            self.common.metrics.returned.inc_by(self.take_taken());
        } else {
            self.flush_tally();
        }
    }

    /// An event that the producer did not even take: it comes back as a delivery report would.
    pub(crate) fn refuse(&self, ticket: Box<Ticket>, code: RDKafkaErrorCode, message: Parked) {
        self.common.metrics.refused[ticket.kind as usize].inc();
        lock(&self.refused).push(Refused { ticket, code, message, by_broker: false });
    }

    pub(crate) fn offsets(&self, offsets: &[(i32, i64)]) -> TopicPartitionList {
        let mut list = TopicPartitionList::with_capacity(offsets.len());
        for (partition, offset) in offsets {
            // Fails only for an offset that is no offset, and the ledger's come from records.
            let _ = list.add_partition_offset(&self.common.config.topics.posts, *partition, Offset::Offset(*offset));
        }
        list
    }

    /// Forgets partitions; their open records will be read again by whoever has them now.
    fn forget(&self, partitions: &[i32]) {
        let mut ledger = self.ledger();
        let records: usize = partitions.iter().map(|p| ledger.forget(*p).records).sum();
        drop(ledger);
        // Under exactly-once the abort that must follow gives back all that was taken.
        if !self.exactly_once() {
            self.common.metrics.returned.inc_by(records as u64);
        }
        self.common.lags.forget(&self.common.metrics.kafka, self.lane);
    }

    fn partitions(&self, list: &TopicPartitionList) -> Vec<i32> {
        list.elements_for_topic(&self.common.config.topics.posts).iter().map(rdkafka::topic_partition_list::TopicPartitionListElem::partition).collect()
    }
}

/// Logs what a client says. librdkafka's lines hold addresses and codes, never payloads.
fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical | RDKafkaLogLevel::Error => {
            tracing::error!(facility, message, "librdkafka");
        }
        RDKafkaLogLevel::Warning => tracing::warn!(facility, message, "librdkafka"),
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => tracing::info!(facility, message, "librdkafka"),
        RDKafkaLogLevel::Debug => tracing::debug!(facility, message, "librdkafka"),
    }
}

/// Callbacks of the producer.
pub(crate) struct Deliveries(pub(crate) Arc<Shared>);

/// The producer of a lane.
pub(crate) type Producer = BaseProducer<Deliveries>;

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn stats(&self, statistics: Statistics) {
        let shared = &self.0;
        let topic = &shared.common.config.topics.posts;
        shared.common.lags.update(&shared.common.metrics.kafka, shared.lane, ClientKind::Producer, topic, &statistics, None);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::Fatal) {
            self.0.set_fatal("producer", &error);
        } else {
            tracing::warn!(lane = self.0.lane, %error, reason, "producer");
        }
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<Ticket>;

    fn delivery(&self, result: &DeliveryResult<'_>, ticket: Box<Ticket>) {
        let (shared, metrics, kind) = (&self.0, &self.0.common.metrics, ticket.kind as usize);
        match result {
            Ok(_) => {
                metrics.acknowledged[kind].inc();
                metrics.ack_seconds[kind].observe(ticket.sent.elapsed().as_secs_f64());
                if let (EventKind::Flag, Some(ms)) = (ticket.kind, ticket.timestamp_ms) {
                    metrics.flagged_latency.observe((unix_seconds() - ms as f64 / 1000.0).max(0.0));
                }
                shared.common.health.set_refused(shared.lane, false);
                let settled = shared.ledger().acknowledge(ticket.partition, ticket.epoch, ticket.offset, ticket.bytes);
                if let Some(outcome) = settled {
                    shared.settle(outcome);
                }
            }
            Err((error, message)) => {
                let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail);
                // An abort or the end of a client purges its queue: the record is read again.
                if matches!(code, RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight) {
                    return;
                }
                metrics.refused[kind].inc();
                let message = Parked {
                    key: message.key().map(<[u8]>::to_owned),
                    payload: message.payload().map(<[u8]>::to_owned),
                    headers: headers(message.headers()),
                    // As it was sent: the message that comes back has lost its own.
                    timestamp_ms: ticket.timestamp_ms.filter(|_| ticket.kind == EventKind::DeadLetter && ticket.fit == Fit::Whole),
                };
                lock(&shared.refused).push(Refused { ticket, code, message, by_broker: true });
            }
        }
    }
}

/// Headers of a message, owned. A name that is not UTF-8 makes the client library panic: such a header cannot be had, and is counted in its place.
pub(crate) fn headers<H: Headers>(headers: Option<&H>) -> Vec<Header> {
    let Some(headers) = headers else { return Vec::new() };
    let one = |at| {
        let header = catch_unwind(AssertUnwindSafe(|| headers.try_get(at))).ok().flatten()?;
        Some(Header { name: header.key.to_owned(), value: header.value.map(<[u8]>::to_owned) })
    };
    let mut owned: Vec<Header> = (0..headers.count()).filter_map(one).collect();
    let unreadable = headers.count() - owned.len();
    if unreadable > 0 {
        owned.push(Header::text(HEADERS_OMITTED, &unreadable.to_string()));
    }
    owned
}

/// Callbacks of the consumer; it reaches the producer, since a revoke must drain it.
pub(crate) struct Rebalances {
    pub(crate) shared: Arc<Shared>,
    pub(crate) producer: Arc<Producer>,
}

/// The consumer of a lane.
pub(crate) type LaneConsumer = BaseConsumer<Rebalances>;

impl ClientContext for Rebalances {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn stats(&self, statistics: Statistics) {
        let shared = &self.shared;
        let read = Some(shared.last_read_ms.load(Ordering::Relaxed)).filter(|ms| *ms >= 0);
        let topic = &shared.common.config.topics.posts;
        if statistics.brokers.values().any(|b| b.state == "UP") {
            shared.common.health.broker_answered();
        }
        shared.common.lags.update(&shared.common.metrics.kafka, shared.lane, ClientKind::Consumer, topic, &statistics, read);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::Fatal) {
            self.shared.set_fatal("consumer", &error);
        } else {
            tracing::warn!(lane = self.shared.lane, %error, reason, "consumer");
        }
    }
}

impl ConsumerContext for Rebalances {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let (shared, counters) = (&self.shared, &self.shared.common.metrics.rebalances);
        match rebalance {
            Rebalance::Assign(list) => {
                counters[0].inc();
                tracing::info!(lane = shared.lane, partitions = ?shared.partitions(list), "assigned");
            }
            Rebalance::Revoke(list) => {
                let partitions = shared.partitions(list);
                let lost = consumer.assignment_lost();
                counters[if lost { 2 } else { 1 }].inc();
                tracing::info!(lane = shared.lane, ?partitions, lost, "revoked");
                if lost {
                    // The group has given them away: nothing of ours may be stored, and a transaction that holds them cannot stand.
                    shared.set_must_abort(shared.exactly_once());
                } else {
                    self.hand_over(consumer, &partitions);
                }
                shared.forget(&partitions);
            }
            Rebalance::Error(error) => {
                counters[3].inc();
                tracing::warn!(lane = shared.lane, %error, "rebalance failed");
            }
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Assign(list) = rebalance {
            let partitions = self.shared.partitions(list);
            self.shared.ledger().assign(partitions);
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, _: &TopicPartitionList) {
        let metrics = &self.shared.common.metrics;
        match result {
            Ok(()) => {
                metrics.commits[0].inc();
                metrics.last_progress.set(unix_seconds());
            }
            Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => {}
            Err(error) => {
                metrics.commits[1].inc();
                tracing::warn!(lane = self.shared.lane, %error, "offsets not committed: tried again");
            }
        }
    }
}

impl Rebalances {
    /// Finishes what is in flight for `partitions`, within half a session, and commits it.
    fn hand_over(&self, consumer: &BaseConsumer<Self>, partitions: &[i32]) {
        let shared = &self.shared;
        let kafka = &shared.common.config.kafka;
        let deadline = Instant::now() + (kafka.session_timeout / 2).min(shared.common.config.delivery.shutdown_timeout);
        if shared.exactly_once() {
            if let Err(error) = transaction::commit(shared, consumer, &self.producer, deadline) {
                tracing::warn!(lane = shared.lane, %error, "transaction not committed on revoke: aborted");
                shared.set_must_abort(true);
                if !matches!(error, transaction::TransactionError::Abort(_)) {
                    shared.set_fatal("producer", &error);
                }
            }
            return;
        }
        let wanted = |p: i32| partitions.contains(&p);
        while !shared.ledger().is_settled(wanted) && !shared.has_refused() && Instant::now() < deadline {
            shared.release(&self.producer);
            self.producer.poll(Duration::from_millis(5));
            shared.common.health.turn(shared.lane);
        }
        let offsets = shared.ledger().storable(wanted);
        commit_offsets(shared, consumer, &offsets, deadline);
    }
}

/// Commits offsets synchronously; a group in motion is asked again until the deadline.
pub(crate) fn commit_offsets(shared: &Shared, consumer: &LaneConsumer, offsets: &[(i32, i64)], deadline: Instant) {
    if offsets.is_empty() {
        return;
    }
    // librdkafka commits what was last stored when partitions go, even over a later commit of ours: the group would go back to it, and read
    // again what was handed over.
    if let Err(error) = consumer.store_offsets(&shared.offsets(offsets)) {
        tracing::debug!(lane = shared.lane, %error, "offsets not stored");
    }
    loop {
        match consumer.commit(&shared.offsets(offsets), CommitMode::Sync) {
            Ok(()) | Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => {
                shared.common.metrics.last_progress.set(unix_seconds());
                return;
            }
            Err(error) => {
                use RDKafkaErrorCode::{
                    CoordinatorLoadInProgress, CoordinatorNotAvailable, IllegalGeneration, NotCoordinator, RebalanceInProgress, RequestTimedOut,
                    WaitingForCoordinator,
                };
                let transient = matches!(
                    error.rdkafka_error_code(),
                    Some(
                        RebalanceInProgress
                            | IllegalGeneration
                            | WaitingForCoordinator
                            | NotCoordinator
                            | CoordinatorLoadInProgress
                            | CoordinatorNotAvailable
                            | RequestTimedOut
                    )
                );
                if !transient || Instant::now() >= deadline {
                    tracing::warn!(lane = shared.lane, %error, "offsets not committed: their records will be read again");
                    return;
                }
                shared.common.health.turn(shared.lane);
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

impl Shared {
    /// Sends what waits, until the producer holds nothing, an event was refused, or the deadline. `true` = nothing is under way.
    pub(crate) fn drain(&self, producer: &Producer, deadline: Instant) -> bool {
        loop {
            self.release(producer);
            // `poll(t)` always takes all of t: short steps end the wait as soon as the last report is in.
            producer.poll(Duration::ZERO);
            if self.has_refused() {
                return false;
            }
            if producer.in_flight_count() == 0 && self.outbox().is_empty() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            self.common.health.turn(self.lane);
            std::thread::sleep(Duration::from_micros(500));
        }
    }
}
