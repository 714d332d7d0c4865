//! The round of a lane at work: acknowledgements before new records, and no more records than may be under way.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rdkafka::config::FromClientConfigAndContext;
use rdkafka::consumer::Consumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rustc_hash::FxHashMap;

use super::Slot;
use super::gaps::{self, Gaps};
use super::refusals::BACKOFF;
use super::sender::{Headers, Record, Sender};
use super::shared::{Deliveries, LaneConsumer, Parked, Producer, Rebalances, Shared, Ticket};
use crate::judge::Judge;
use crate::wire::Coordinates;

/// Records taken between two looks at everything else.
const BATCH: usize = 256;

/// A lane that has had more to read for longer than this is behind: its events wait for others. What it reads is late by so much already, and the wait
/// is a twentieth of it; with 50 ms here, bursts at half load counted as well, and p99 of flags was twice what it is.
const BEHIND: Duration = Duration::from_secs(1);

/// A wait longer than this pauses the partitions: `pause` throws prefetched records away, so a short wait just does not poll.
const PAUSE_AFTER: Duration = Duration::from_secs(5);

/// The clients of a lane at work.
pub(super) struct Lane<J: Judge> {
    pub(super) shared: Arc<Shared>,
    pub(super) consumer: LaneConsumer,
    pub(super) producer: Arc<Producer>,
    pub(super) sender: Sender<J>,
    pub(super) generation: u64,
    /// Events that the broker did not take, sent again at `retry_at`.
    pub(super) parked: Vec<(Box<Ticket>, Parked)>,
    pub(super) retry_at: Option<Instant>,
    pub(super) backoff: Duration,
    pub(super) blocked_since: Option<Instant>,
    /// When there was last nothing more to take.
    caught_up: Instant,
    /// How often a dead letter came back for a timestamp that is perhaps another's.
    pub(super) struck: FxHashMap<(i32, i64), u8>,
    /// The ledger's epoch when the partitions were paused.
    pub(super) paused: Option<u64>,
    pub(super) stored_at: Instant,
    /// Whether the producer sends each event in a batch of its own.
    pub(super) alone: bool,
    pub(super) gaps: Gaps,
    /// When the first record of the open transaction was taken.
    pub(super) transaction_since: Option<Instant>,
    pub(super) transaction_records: usize,
    /// Records and bytes taken in this round: counters that all lanes share are touched once a round, not once a record.
    uncounted: (u64, u64),
}

/// The clients are of no use any more.
pub(super) struct Broken;

impl<J: Judge> Lane<J> {
    pub(super) fn open(shared: &Arc<Shared>, slot: &Slot<J>) -> Result<Self, String> {
        let (config, lane) = (&shared.common.config, shared.lane);
        let text = |e: KafkaError| e.to_string();
        let alone = shared.common.alone.load(Ordering::Relaxed);
        let mut settings = config.producer(lane);
        if alone {
            settings.set("batch.num.messages", "1");
        }
        let producer = Arc::new(Producer::from_config_and_context(&settings, Deliveries(Arc::clone(shared))).map_err(text)?);
        let context = Rebalances { shared: Arc::clone(shared), producer: Arc::clone(&producer) };
        let consumer = LaneConsumer::from_config_and_context(&config.consumer(lane), context).map_err(text)?;
        let generation = slot.generation();
        let sender = Sender::new(Arc::clone(shared), slot.get())?;
        Ok(Self {
            shared: Arc::clone(shared),
            consumer,
            producer,
            sender,
            generation,
            parked: Vec::new(),
            retry_at: None,
            backoff: BACKOFF.0,
            blocked_since: None,
            caught_up: Instant::now(),
            struck: FxHashMap::default(),
            paused: None,
            stored_at: Instant::now(),
            alone,
            gaps: Gaps::new(),
            transaction_since: None,
            transaction_records: 0,
            uncounted: (0, 0),
        })
    }

    /// One round: acknowledgements before new records.
    pub(super) fn turn(&mut self, slot: &Slot<J>) -> Result<(), Broken> {
        let shared = Arc::clone(&self.shared);
        shared.common.health.turn(shared.lane);
        if slot.generation() != self.generation {
            self.generation = slot.generation();
            self.sender.judge = slot.get();
        }
        self.producer.poll(Duration::ZERO);
        self.refusals();
        if shared.exactly_once() && shared.must_abort() {
            self.abort()?;
        }
        self.retry();
        let blocked = self.is_blocked();
        shared.common.health.set_blocked(shared.lane, blocked);
        if blocked {
            self.wait();
        } else {
            self.resume();
            if !self.take() {
                self.caught_up = Instant::now();
            }
            if self.is_release_due() {
                shared.release(&self.producer);
            }
        }
        let (records, bytes) = std::mem::take(&mut self.uncounted);
        if records > 0 {
            shared.common.metrics.records.inc_by(records);
            shared.common.metrics.bytes.inc_by(bytes);
        }
        if shared.exactly_once() {
            self.commit_if_due()?;
        } else {
            shared.flush_tally();
            self.store_if_due();
        }
        self.gaps.look(&shared, &self.consumer);
        let (held, bytes, _) = shared.ledger().load();
        shared.common.health.set_load(shared.lane, held, bytes);
        Ok(())
    }

    /// Whether nothing more may be taken for now.
    fn is_blocked(&self) -> bool {
        let health = &self.shared.common.health;
        let stuck = self.shared.outbox().is_stuck();
        stuck || !self.parked.is_empty() || self.retry_at.is_some() || self.is_full() || health.outputs_missing() || health.breaker_open()
    }

    /// Whether as much is under way as may be. Asked after every record: a batch of large ones would go far beyond the bound.
    fn is_full(&self) -> bool {
        self.holds(1)
    }

    /// Whether the lane keeps up: its events leave at once.
    fn keeps_up(&self) -> bool {
        self.caught_up.elapsed() < BEHIND
    }

    /// Whether events leave that wait for others: when the first has waited long enough, or when the lane holds half of what it may and would soon have
    /// to stop for them.
    fn is_release_due(&self) -> bool {
        self.keeps_up() || self.shared.outbox().is_due() || self.holds(2)
    }

    /// Whether as much is under way as may be, divided by `part`.
    fn holds(&self, part: usize) -> bool {
        let delivery = &self.shared.common.config.delivery;
        let (held, bytes, _) = self.shared.ledger().load();
        let share = |limit: usize| (limit / delivery.lanes / part).max(1);
        held >= share(delivery.max_in_flight_records) || bytes >= share(delivery.max_in_flight_bytes)
    }

    /// Waits without taking. A long wait pauses the partitions once, and goes on polling for the sake of the group.
    fn wait(&mut self) {
        let since = *self.blocked_since.get_or_insert_with(Instant::now);
        self.shared.release(&self.producer);
        self.producer.poll(Duration::from_millis(10));
        let health = &self.shared.common.health;
        if since.elapsed() < PAUSE_AFTER && !health.breaker_open() && !health.outputs_missing() {
            return;
        }
        let epoch = self.shared.ledger().epoch();
        if self.paused != Some(epoch)
            && let Ok(assignment) = self.consumer.assignment()
        {
            if let Err(error) = self.consumer.pause(&assignment) {
                tracing::warn!(lane = self.shared.lane, %error, "partitions not paused");
            }
            self.paused = Some(epoch);
        }
        self.poll_once(Duration::from_millis(20));
    }

    fn resume(&mut self) {
        self.blocked_since = None;
        if self.paused.take().is_some()
            && let Ok(assignment) = self.consumer.assignment()
            && let Err(error) = self.consumer.resume(&assignment)
        {
            tracing::warn!(lane = self.shared.lane, %error, "partitions not resumed");
        }
    }

    /// Takes a batch of records; whether there may be more.
    fn take(&mut self) -> bool {
        // Where the lane is behind, events go when nothing more comes. With events under way the producer wants to be polled soon; otherwise nothing is urgent.
        let mut timeout = match self.shared.ledger().load().2 {
            _ if !self.shared.outbox().is_empty() => Duration::ZERO,
            0 => Duration::from_millis(50),
            _ => Duration::from_millis(5),
        };
        let at_once = self.keeps_up();
        for _ in 0..BATCH {
            let more = self.poll_once(timeout) && !self.is_full();
            if at_once {
                self.shared.release(&self.producer);
            }
            if !more || self.shared.outbox().is_stuck() {
                return false;
            }
            timeout = Duration::ZERO;
        }
        true
    }

    /// Polls the consumer once and takes the record, if there is one.
    fn poll_once(&mut self, timeout: Duration) -> bool {
        let shared = &self.shared;
        let message = match self.consumer.poll(timeout) {
            None => return false,
            Some(Ok(message)) => message,
            Some(Err(error)) => {
                consumer_error(shared, &error);
                return false;
            }
        };
        let (partition, offset) = (message.partition(), message.offset());
        let Some((epoch, expected)) = shared.ledger().enter(partition, offset) else {
            tracing::info!(lane = shared.lane, partition, offset, "a record came after its partition was handed over: left to the next owner");
            return true;
        };
        match expected {
            Some(expected) => self.gaps.jumped(partition, expected, offset),
            None if offset > 0 => gaps::before_first(shared, &self.consumer, partition, offset),
            None => {}
        }
        let timestamp_ms = message.timestamp().to_millis();
        self.uncounted.0 += 1;
        self.uncounted.1 += message.payload_len() as u64;
        shared.taken(1);
        shared.read_at(timestamp_ms);
        let at = Coordinates { topic: message.topic(), partition, offset, timestamp_ms };
        let record = Record { at, key: message.key(), payload: message.payload(), headers: Headers::Kafka(&message) };
        self.sender.take(&record, epoch);
        self.transaction_since.get_or_insert_with(Instant::now);
        self.transaction_records += 1;
        true
    }
}

fn consumer_error(shared: &Shared, error: &KafkaError) {
    match error {
        KafkaError::MessageConsumptionFatal(_) => shared.set_fatal("consumer", error),
        KafkaError::MessageConsumption(RDKafkaErrorCode::AutoOffsetReset) => {
            tracing::error!(
                lane = shared.lane,
                "no committed offset, or none that still exists, and kafka.offset_reset = \"error\": set the group's offsets, then start again"
            );
            shared.set_fatal("consumer", error);
        }
        KafkaError::MessageConsumption(RDKafkaErrorCode::PollExceeded) => {
            tracing::error!(lane = shared.lane, "max.poll.interval.ms exceeded: the group gives the partitions away, they are read again");
        }
        error => tracing::warn!(lane = shared.lane, %error, "consumer"),
    }
}
