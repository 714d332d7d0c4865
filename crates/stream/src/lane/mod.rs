//! A lane: one thread with its own consumer, producer and ledger. It takes records, judges them, delivers what they cause, and only then lets
//! their offsets go. Nothing is handed between threads. How events are encoded is [`sender`]'s, what they are is `wire`'s.

mod gaps;
mod ledger;
mod sender;
mod shared;
mod transaction;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::config::FromClientConfigAndContext;
use rdkafka::consumer::Consumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::{Offset, TopicPartitionList};

use crate::judge::Judge;
use crate::metrics::EventKind;
use crate::wire::{self, Coordinates};
use gaps::Gaps;
use sender::{Cut, Headers, Record, Sender};
pub(crate) use shared::Common;
use shared::{Deliveries, LaneConsumer, Parked, Producer, Rebalances, Shared, Ticket};
use transaction::TransactionError;

/// Records taken between two looks at everything else.
const BATCH: usize = 256;

/// A wait longer than this pauses the partitions: `pause` throws prefetched records away, so a short wait just does not poll.
const PAUSE_AFTER: Duration = Duration::from_secs(5);

/// Offsets are handed to librdkafka this often; it commits them each second.
const STORE_EVERY: Duration = Duration::from_millis(100);

/// Refused events are sent again after the first, then twice as long each time up to the second.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// So many restarts of the clients inside the window, none of them long after the one before, are no accident: the service fails.
const MAX_RESTARTS: (usize, Duration) = (5, Duration::from_mins(2));

/// Clients that worked for so long were sound: what came before them does not count against the lane.
const SOUND: Duration = Duration::from_secs(30);

/// What is still under way when the clients are exchanged is waited for no longer than this.
const EXCHANGE: Duration = Duration::from_secs(5);

/// The classifier in force; a reload puts another one in.
pub(crate) struct Slot<J> {
    generation: AtomicU64,
    judge: Mutex<Arc<J>>,
}

impl<J> Slot<J> {
    pub(crate) fn new(judge: Arc<J>) -> Self {
        Self { generation: AtomicU64::new(0), judge: Mutex::new(judge) }
    }

    pub(crate) fn get(&self) -> Arc<J> {
        Arc::clone(&self.judge.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn put(&self, judge: Arc<J>) {
        *self.judge.lock().unwrap_or_else(PoisonError::into_inner) = judge;
        self.generation.fetch_add(1, Ordering::Release);
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

/// Set once, when the service is to stop.
#[derive(Default)]
pub(crate) struct StopAt(OnceLock<Instant>);

impl StopAt {
    pub(crate) fn stop(&self) {
        self.0.get_or_init(Instant::now);
    }

    pub(crate) fn since(&self) -> Option<Instant> {
        self.0.get().copied()
    }
}

/// How a lane ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaneEnd {
    /// Asked to, with nothing left.
    Drained,
    /// Asked to, but something was still under way at the deadline; it will be read again.
    Undrained,
    /// It cannot work.
    Failed,
}

enum SessionEnd {
    Stopped(LaneEnd),
    Fatal,
    /// Nothing is wrong with the clients, but others are needed.
    Exchange,
    Failed,
}

/// Runs a lane until it is stopped. A fatal error of a client drops both and makes them anew.
pub(crate) fn run<J: Judge>(common: &Arc<Common>, lane: usize, slot: &Slot<J>, stop: &StopAt) -> LaneEnd {
    let mut restarts: Vec<Instant> = Vec::new();
    loop {
        let since = Instant::now();
        match session(common, lane, slot, stop) {
            SessionEnd::Stopped(end) => return end,
            SessionEnd::Failed => return LaneEnd::Failed,
            SessionEnd::Exchange => {}
            SessionEnd::Fatal => {
                common.metrics.restarts.inc();
                restarts.retain(|at| at.elapsed() < MAX_RESTARTS.1 && since.elapsed() < SOUND);
                restarts.push(Instant::now());
                if restarts.len() >= MAX_RESTARTS.0 {
                    tracing::error!(lane, restarts = restarts.len(), "the clients fail again and again: is `kafka.instance_id` used twice?");
                    return LaneEnd::Failed;
                }
                std::thread::sleep(Duration::from_secs(restarts.len() as u64));
            }
        }
    }
}

fn session<J: Judge>(common: &Arc<Common>, lane: usize, slot: &Slot<J>, stop: &StopAt) -> SessionEnd {
    let shared = Arc::new(Shared::new(Arc::clone(common), lane));
    let mut work = match Lane::open(&shared, slot) {
        Ok(work) => work,
        Err(error) => {
            tracing::error!(lane, error, "the lane cannot start");
            return SessionEnd::Failed;
        }
    };
    if shared.exactly_once() {
        // A predecessor of the same id is fenced here; with the brokers away this is asked again until they are back.
        while let Err(error) = transaction::init(&shared, &work.sender.producer, Instant::now() + Duration::from_secs(10)) {
            if stop.since().is_some() {
                return SessionEnd::Stopped(LaneEnd::Drained);
            }
            if let TransactionError::Fatal(_) = error {
                tracing::error!(lane, %error, "transactions cannot be used");
                return SessionEnd::Fatal;
            }
            tracing::warn!(lane, %error, "waiting for the transaction coordinator");
        }
    }
    if let Err(error) = work.consumer.subscribe(&[&common.config.topics.posts]) {
        tracing::error!(lane, %error, "cannot subscribe");
        return SessionEnd::Failed;
    }
    let end = loop {
        if let Some(since) = stop.since() {
            break SessionEnd::Stopped(work.finish(since));
        }
        if work.turn(slot).is_err() || shared.is_fatal() {
            break SessionEnd::Fatal;
        }
        if work.alone != common.alone.load(Ordering::Relaxed) {
            work.settle(Instant::now() + EXCHANGE);
            break SessionEnd::Exchange;
        }
    };
    // The producer first purges what it holds; its reports must not count any more.
    shared.give_up();
    end
}

/// The clients of a lane at work.
struct Lane<J: Judge> {
    shared: Arc<Shared>,
    consumer: LaneConsumer,
    sender: Sender<J>,
    generation: u64,
    /// Events that the broker did not take, sent again at `retry_at`.
    parked: Vec<(Box<Ticket>, Parked)>,
    retry_at: Option<Instant>,
    backoff: Duration,
    blocked_since: Option<Instant>,
    /// The ledger's epoch when the partitions were paused.
    paused: Option<u64>,
    stored_at: Instant,
    /// Whether the producer sends each event in a batch of its own.
    alone: bool,
    gaps: Gaps,
    /// When the first record of the open transaction was taken.
    transaction_since: Option<Instant>,
    transaction_records: usize,
}

/// The clients are of no use any more.
struct Broken;

impl<J: Judge> Lane<J> {
    fn open(shared: &Arc<Shared>, slot: &Slot<J>) -> Result<Self, String> {
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
        let sender = Sender::new(Arc::clone(shared), producer, slot.get())?;
        Ok(Self {
            shared: Arc::clone(shared),
            consumer,
            sender,
            generation,
            parked: Vec::new(),
            retry_at: None,
            backoff: BACKOFF.0,
            blocked_since: None,
            paused: None,
            stored_at: Instant::now(),
            alone,
            gaps: Gaps::new(),
            transaction_since: None,
            transaction_records: 0,
        })
    }

    /// One round: acknowledgements before new records.
    fn turn(&mut self, slot: &Slot<J>) -> Result<(), Broken> {
        let shared = Arc::clone(&self.shared);
        shared.common.health.turn(shared.lane);
        if slot.generation() != self.generation {
            self.generation = slot.generation();
            self.sender.judge = slot.get();
        }
        self.sender.producer.poll(Duration::ZERO);
        self.refusals();
        self.sender.send_waiting();
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
            self.take();
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
        !self.parked.is_empty() || self.retry_at.is_some() || self.is_full() || health.outputs_missing() || health.breaker_open()
    }

    /// Whether as much is under way as may be. Asked after every record: a batch of large ones would go far beyond the bound.
    fn is_full(&self) -> bool {
        let delivery = &self.shared.common.config.delivery;
        let (held, bytes, _) = self.shared.ledger().load();
        let share = |limit: usize| (limit / delivery.lanes).max(1);
        !self.sender.waiting.is_empty() || held >= share(delivery.max_in_flight_records) || bytes >= share(delivery.max_in_flight_bytes)
    }

    /// Waits without taking. A long wait pauses the partitions once, and goes on polling for the sake of the group.
    fn wait(&mut self) {
        let since = *self.blocked_since.get_or_insert_with(Instant::now);
        self.sender.producer.poll(Duration::from_millis(10));
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

    fn take(&mut self) {
        // With events under way the producer wants to be polled soon; otherwise nothing is urgent.
        let mut timeout = Duration::from_millis(if self.shared.ledger().load().2 > 0 { 5 } else { 50 });
        for _ in 0..BATCH {
            if !self.poll_once(timeout) || self.is_full() {
                return;
            }
            timeout = Duration::ZERO;
        }
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
        let metrics = &shared.common.metrics;
        let timestamp_ms = message.timestamp().to_millis();
        metrics.records.inc();
        metrics.bytes.inc_by(message.payload_len() as u64);
        shared.taken(1);
        shared.read_at(timestamp_ms);
        let at = Coordinates { topic: message.topic(), partition, offset, timestamp_ms };
        let record = Record { at, key: message.key(), payload: message.payload(), headers: Headers::Kafka(message.headers()) };
        self.sender.take(&record, epoch);
        self.transaction_since.get_or_insert_with(Instant::now);
        self.transaction_records += 1;
        true
    }

    /// Events that came back: made smaller if the record is at fault, else sent again later.
    fn refusals(&mut self) {
        for refused in self.shared.take_refused() {
            let ticket = refused.ticket;
            if !self.shared.is_open(&ticket) {
                continue;
            }
            if refused.by_broker && !self.alone && is_of_the_batch(refused.code) {
                // The broker weighs batches, not events: which of them is too large shows only when each travels alone.
                if !self.shared.common.alone.swap(true, Ordering::Relaxed) {
                    tracing::warn!(lane = self.shared.lane, event = ?ticket.kind, "an output topic takes less than a batch: from now on each event travels alone; raise its max.message.bytes, or lower kafka.message_max_bytes to it");
                }
                self.shared.set_must_abort(self.shared.exactly_once());
                continue;
            }
            if self.shared.exactly_once() && matches!(refused.code, RDKafkaErrorCode::State | RDKafkaErrorCode::InvalidDifferentRecord) {
                // Only struck with another: that one's refusal says what is to be done, and an abort needs no waiting.
                self.shared.set_must_abort(true);
                continue;
            }
            let key = (ticket.partition, ticket.offset);
            let cut = if is_of_the_record(&ticket, refused.code) { next_cut(&ticket, self.sender.cuts.get(&key).copied()) } else { None };
            tracing::warn!(lane = self.shared.lane, partition = key.0, offset = key.1, event = ?ticket.kind, code = ?refused.code, smaller = cut.is_some(), "an event was not taken");
            if let Some(cut) = cut {
                let already_dead = matches!(self.sender.cuts.insert(key, cut), Some(Cut::Undeliverable(_))) && ticket.kind != EventKind::DeadLetter;
                if self.shared.exactly_once() {
                    self.shared.set_must_abort(true);
                } else if already_dead {
                    // Two events of one record were refused: one dead letter says it.
                    let settled = self.shared.ledger().acknowledge(ticket.partition, ticket.epoch, ticket.offset, ticket.bytes);
                    if let Some(outcome) = settled {
                        self.shared.settle(outcome);
                    }
                } else if let Some(origin) = &ticket.origin {
                    self.sender.take_again(&ticket, origin, cut);
                }
            } else {
                if ticket.kind == EventKind::DeadLetter {
                    self.shared.common.metrics.dead_letter_failures.inc();
                }
                self.shared.common.health.set_refused(self.shared.lane, true);
                self.retry_at.get_or_insert_with(|| Instant::now() + self.backoff);
                if self.shared.exactly_once() {
                    self.shared.set_must_abort(true);
                } else {
                    self.parked.push((ticket, refused.message));
                }
            }
        }
        // What is settled needs no note any more.
        if !self.sender.cuts.is_empty() && !self.shared.exactly_once() && self.shared.ledger().load().2 == 0 {
            self.sender.cuts.clear();
        }
    }

    /// Sends parked events again when their time has come.
    fn retry(&mut self) {
        if self.retry_at.is_none_or(|at| Instant::now() < at) {
            if self.retry_at.is_none() && self.backoff > BACKOFF.0 && self.shared.ledger().load().2 == 0 {
                self.backoff = BACKOFF.0;
            }
            return;
        }
        self.retry_at = None;
        self.backoff = (self.backoff * 2).min(BACKOFF.1);
        for (mut ticket, message) in std::mem::take(&mut self.parked) {
            if !self.shared.is_open(&ticket) {
                continue;
            }
            ticket.sent = Instant::now();
            self.sender.send(ticket, message);
        }
    }

    /// Aborts the transaction, and reads again from what is committed: an abort does not move the consumer back.
    fn abort(&mut self) -> Result<(), Broken> {
        let shared = Arc::clone(&self.shared);
        shared.set_must_abort(false);
        (self.transaction_since, self.transaction_records) = (None, 0);
        self.sender.waiting.clear();
        self.parked.clear();
        if let Err(error) = transaction::abort(&shared, &self.sender.producer, Instant::now() + Duration::from_secs(30)) {
            tracing::error!(lane = shared.lane, %error, "the transaction cannot be aborted");
            return Err(Broken);
        }
        shared.take_refused();
        let back = shared.ledger().rewind();
        if back.is_empty() {
            return Ok(());
        }
        tracing::warn!(lane = shared.lane, partitions = ?back, "transaction aborted: read again");
        let mut list = TopicPartitionList::with_capacity(back.len());
        for (partition, offset) in &back {
            if list.add_partition_offset(&shared.common.config.topics.posts, *partition, Offset::Offset(*offset)).is_err() {
                return Err(Broken);
            }
        }
        let seek = self.consumer.seek_partitions(list, Duration::from_secs(30));
        let failed = seek.map_or(true, |list| list.elements().iter().any(|e| e.error().is_err()));
        if failed {
            // Reading on from here would skip records.
            tracing::error!(lane = shared.lane, "cannot go back to the committed offsets: the clients are made anew");
            return Err(Broken);
        }
        Ok(())
    }

    fn commit_if_due(&mut self) -> Result<(), Broken> {
        let delivery = &self.shared.common.config.delivery;
        let due = self.transaction_records >= delivery.transaction_max_records
            || self.transaction_since.is_some_and(|since| since.elapsed() >= delivery.transaction_interval);
        if !due || self.shared.must_abort() {
            return Ok(());
        }
        // The group is not polled meanwhile, and must not find that too long.
        let deadline = Instant::now() + delivery.message_timeout.min(self.shared.common.config.kafka.max_poll_interval / 2);
        match transaction::commit(&self.shared, &self.consumer, &self.sender.producer, deadline) {
            Ok(()) => {
                (self.transaction_since, self.transaction_records) = (None, 0);
                self.sender.cuts.clear();
                Ok(())
            }
            Err(TransactionError::Abort(why)) => {
                tracing::warn!(lane = self.shared.lane, why, "transaction not committed");
                self.refusals();
                self.abort()
            }
            Err(error @ (TransactionError::Fatal(_) | TransactionError::Hung)) => {
                tracing::error!(lane = self.shared.lane, %error, "transaction not committed");
                Err(Broken)
            }
        }
    }

    /// Lets librdkafka know what may be committed.
    fn store_if_due(&mut self) {
        if self.stored_at.elapsed() < STORE_EVERY {
            return;
        }
        self.stored_at = Instant::now();
        let offsets = self.shared.ledger().take_storable();
        // A partition that was taken away in the meantime is refused, rightly: another member has it.
        if !offsets.is_empty()
            && let Err(error) = self.consumer.store_offsets(&self.shared.offsets(&offsets))
        {
            tracing::debug!(lane = self.shared.lane, %error, "offsets not stored");
        }
    }

    /// Before the clients are exchanged: what is under way may still arrive, so that less is read again.
    fn settle(&self, deadline: Instant) {
        if !self.shared.exactly_once() {
            self.shared.drain(&self.sender.producer, deadline);
            shared::commit_offsets(&self.shared, &self.consumer, &self.shared.ledger().storable(|_| true), deadline);
        }
    }

    /// Finishes what is in flight, commits, and says whether anything is left.
    fn finish(&mut self, since: Instant) -> LaneEnd {
        let shared = Arc::clone(&self.shared);
        let total = shared.common.config.delivery.shutdown_timeout;
        let (half, deadline) = (since + total / 2, since + total.mul_f64(0.9));
        loop {
            self.sender.producer.poll(Duration::from_millis(1));
            self.refusals();
            self.retry_at = self.retry_at.map(|_| Instant::now());
            if !shared.exactly_once() {
                self.retry();
            }
            self.sender.send_waiting();
            let open = shared.ledger().load().2;
            if open == 0 || Instant::now() >= half || shared.is_fatal() || shared.must_abort() {
                break;
            }
            shared.common.health.turn(shared.lane);
        }
        if shared.exactly_once() {
            let committed = !shared.must_abort() && transaction::commit(&shared, &self.consumer, &self.sender.producer, deadline).is_ok();
            if !committed && transaction::abort(&shared, &self.sender.producer, deadline).is_err() {
                tracing::warn!(lane = shared.lane, "the open transaction ends with its time-out or with the next start");
            }
            return if committed { LaneEnd::Drained } else { LaneEnd::Undrained };
        }
        let offsets = shared.ledger().storable(|_| true);
        shared::commit_offsets(&shared, &self.consumer, &offsets, deadline);
        shared.flush_tally();
        let (held, _, open) = shared.ledger().load();
        shared.common.health.set_load(shared.lane, held, 0);
        if open == 0 { LaneEnd::Drained } else { LaneEnd::Undrained }
    }
}

/// Whether the broker refuses this very message and would take another. A timestamp is the record's only where it was taken over: in a dead
/// letter that is still whole. Elsewhere it is our clock's, or the topic's.
fn is_of_the_record(ticket: &Ticket, code: RDKafkaErrorCode) -> bool {
    match code {
        RDKafkaErrorCode::InvalidTimestamp => ticket.kind == EventKind::DeadLetter && ticket.fit == wire::Fit::Whole,
        code => is_of_the_batch(code),
    }
}

/// Refusals that strike every message of a batch.
fn is_of_the_batch(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::MessageSizeTooLarge | RDKafkaErrorCode::InvalidRecord | RDKafkaErrorCode::InvalidMessageSize)
}

/// The next smaller way to deliver a record; `None` = there is none left, so the topic is at fault.
fn next_cut(ticket: &Ticket, before: Option<Cut>) -> Option<Cut> {
    match (ticket.kind, ticket.fit.smaller(), before) {
        (EventKind::DeadLetter, Some(smaller), Some(Cut::Undeliverable(_))) => Some(Cut::Undeliverable(smaller)),
        (_, Some(smaller), _) => Some(Cut::Fit(smaller)),
        (EventKind::DeadLetter, None, _) => None,
        (_, None, _) => Some(Cut::Undeliverable(wire::Fit::Whole)),
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
