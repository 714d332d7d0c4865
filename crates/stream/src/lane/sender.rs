//! From a record to the events that it causes. Encoding only: when they are sent, and sent again, is the lane's business.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rdkafka::message::{BorrowedMessage, Message as _};
use rustc_hash::FxHashMap;
use vigie_classifier::{Decision, Verdict};

use super::shared::{Origin, Parked, Shared, Ticket};
use crate::config::DeadPayload;
use crate::judge::Judge;
use crate::metrics::{EventKind, Outcome, Skip, Tally, unix_seconds};
use crate::wire::{self, Context, Coordinates, DeadLetter, Decoded, Fit, Header, Limits, Post, Reason, Received, Refusal, Status};

/// A record as the lane sees it, borrowed from the consumer or from a kept origin.
pub(super) struct Record<'r> {
    pub(super) at: Coordinates<'r>,
    pub(super) key: Option<&'r [u8]>,
    pub(super) payload: Option<&'r [u8]>,
    pub(super) headers: Headers<'r>,
}

/// Headers are read only for the few records that need them: the client library takes them apart when it is asked, and not before.
pub(super) enum Headers<'r> {
    Kafka(&'r BorrowedMessage<'r>),
    Owned(&'r [Header]),
}

impl Headers<'_> {
    fn to_vec(&self) -> Vec<Header> {
        match self {
            Self::Kafka(message) => super::shared::headers(message.headers()),
            Self::Owned(headers) => headers.to_vec(),
        }
    }
}

/// What the broker has refused so far of one record: how small its events must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Events no larger than this.
    Fit(Fit),
    /// Nothing of it can be delivered; the dead letter no larger than this.
    Undeliverable(Fit),
}

/// Judges the records of one lane, and encodes what they cause.
pub(super) struct Sender<J: Judge> {
    shared: Arc<Shared>,
    pub(super) judge: Arc<J>,
    scratch: J::Scratch,
    limits: Arc<Limits>,
    /// Records whose events were refused, by partition and offset; empty nearly always.
    pub(super) cuts: FxHashMap<(i32, i64), Cut>,
    count: u64,
}

/// Around a message in a batch: Kafka's record and batch headers, generously.
const OVERHEAD: usize = 512;

/// A `traceparent` has 55 characters; what is much longer is none, and is not passed on.
const MAX_TRACEPARENT: usize = 256;

impl<J: Judge> Sender<J> {
    pub(super) fn new(shared: Arc<Shared>, judge: Arc<J>) -> Result<Self, String> {
        let limits = Arc::new(Limits::new(&shared.common.config.input)?);
        Ok(Self { shared, judge, scratch: J::Scratch::default(), limits, cuts: FxHashMap::default(), count: 0 })
    }

    /// Takes a record from the topic: decodes, judges, sends what there is to send, and enters it in the ledger.
    pub(super) fn take(&mut self, record: &Record<'_>, epoch: u64) {
        self.count += 1;
        let cut = if self.cuts.is_empty() { None } else { self.cuts.get(&(record.at.partition, record.at.offset)).copied() };
        if let Some(Cut::Undeliverable(fit)) = cut {
            let refusal = Refusal::new(Reason::Undeliverable, "the broker refuses its events, however small");
            self.dead_letter(record, epoch, &refusal, fit, Entry::New);
            return;
        }
        let fit = if let Some(Cut::Fit(fit)) = cut { fit } else { Fit::Whole };
        // One record in sixteen is timed: a clock costs as much as a small decode.
        let timed = self.count.is_multiple_of(16).then(Instant::now);
        let limits = Arc::clone(&self.limits);
        let decoded = self.guarded(record, "decoding", || wire::decode(record.payload, &limits));
        let metrics = &self.shared.common.metrics;
        if let Some(start) = timed {
            metrics.decode_seconds.observe(start.elapsed().as_secs_f64());
        }
        match decoded {
            Ok(Decoded::Tombstone) => self.settled(record, Outcome::Skipped(Skip::Tombstone)),
            Ok(Decoded::Private) => self.settled(record, Outcome::Skipped(Skip::Private)),
            Ok(Decoded::Post(post)) => self.post(record, epoch, &post, fit, timed.is_some(), Entry::New),
            Err(refusal) => self.dead_letter(record, epoch, &refusal, fit, Entry::New),
        }
    }

    /// Runs what must not panic. If it does, that is a bug of ours, and this record's alone.
    fn guarded<T>(&self, record: &Record<'_>, what: &str, work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            self.shared.common.metrics.panics.inc();
            tracing::error!(partition = record.at.partition, offset = record.at.offset, what, "panic at a record: it goes to the dead-letter topic");
            Err(Refusal::new(Reason::Internal, format!("a panic while {what}; please report it")))
        })
    }

    /// Encodes a kept record again, smaller: its entry in the ledger stays.
    pub(super) fn take_again(&mut self, ticket: &Ticket, origin: &Origin, cut: Cut) {
        let posts = self.shared.common.config.topics.posts.clone();
        let at = Coordinates { topic: &posts, partition: ticket.partition, offset: ticket.offset, timestamp_ms: ticket.timestamp_ms };
        let record = Record { at, key: origin.key.as_deref(), payload: origin.payload.as_deref(), headers: Headers::Owned(&origin.headers) };
        match cut {
            Cut::Undeliverable(fit) => {
                let refusal = Refusal::new(Reason::Undeliverable, "the broker refuses its events, however small");
                self.dead_letter(&record, ticket.epoch, &refusal, fit, Entry::Kept);
            }
            Cut::Fit(fit) => {
                let limits = Arc::clone(&self.limits);
                match wire::decode(record.payload, &limits) {
                    Ok(Decoded::Post(post)) => self.post(&record, ticket.epoch, &post, fit, false, Entry::KeptOne(ticket.kind)),
                    Err(refusal) => self.dead_letter(&record, ticket.epoch, &refusal, fit, Entry::Kept),
                    Ok(_) => {}
                }
            }
        }
    }

    fn settled(&self, record: &Record<'_>, outcome: Outcome) {
        self.shared.ledger().record(record.at.partition, record.at.offset, 0, outcome);
        self.shared.settle(outcome);
    }

    fn post(&mut self, record: &Record<'_>, epoch: u64, post: &Post<'_>, fit: Fit, timed: bool, entry: Entry) {
        let start = timed.then(Instant::now);
        let (judge, scratch) = (&self.judge, &mut self.scratch);
        // A panic is a bug of ours, and this record's alone: the buffers it may have left half-written are thrown away.
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let verdict = judge.judge(post.judged(), scratch);
            let explanation = if verdict.decision == Decision::Clean { Default::default() } else { judge.explain(&verdict) };
            (verdict, explanation)
        }));
        let metrics = &self.shared.common.metrics;
        if let Some(start) = start {
            let seconds = start.elapsed().as_secs_f64();
            metrics.judge_seconds.observe(seconds);
            metrics.busy.inc_by(seconds * 16.0);
            metrics.post_size.observe(post.text.len() as f64);
        }
        let Ok((verdict, explanation)) = judged else {
            self.scratch = J::Scratch::default();
            metrics.panics.inc();
            tracing::error!(partition = record.at.partition, offset = record.at.offset, "panic while judging a record: it goes to the dead-letter topic");
            self.dead_letter(record, epoch, &Refusal::new(Reason::Internal, "a panic while judging; please report it"), fit, entry);
            return;
        };
        let (events, outcome): (&[(Status, EventKind)], Outcome) = match (verdict.decision, post.edit) {
            (Decision::Flagged, _) => (&[(Status::Flagged, EventKind::Flag)], Outcome::Flagged),
            (Decision::Shadow, 0) => (&[(Status::Shadow, EventKind::Shadow)], Outcome::Shadow),
            (Decision::Shadow, _) => (&[(Status::Shadow, EventKind::Shadow), (Status::Withdrawn, EventKind::Withdrawn)], Outcome::Shadow),
            (Decision::Clean, 0) => (&[], Outcome::Clean),
            (Decision::Clean, _) => (&[(Status::Withdrawn, EventKind::Withdrawn)], Outcome::Clean),
        };
        if events.is_empty() {
            if timed && let Some(ms) = record.at.timestamp_ms {
                metrics.clean_latency.observe((unix_seconds() - ms as f64 / 1000.0).max(0.0));
            }
            self.settled(record, outcome);
            return;
        }
        self.events(record, epoch, post, &verdict, &explanation, fit, entry, events, outcome);
    }

    #[allow(clippy::too_many_arguments)] // one record with all that was found out about it; a struct would only rename the list
    fn events(
        &mut self,
        record: &Record<'_>,
        epoch: u64,
        post: &Post<'_>,
        verdict: &Verdict,
        explanation: &(String, String),
        fit: Fit,
        entry: Entry,
        events: &[(Status, EventKind)],
        outcome: Outcome,
    ) {
        let headers = record.headers.to_vec();
        let traceparent = headers.iter().find(|h| h.name == "traceparent").and_then(|h| h.value.clone()).filter(|v| v.len() <= MAX_TRACEPARENT);
        let judge = Arc::clone(&self.judge);
        let (name, version, revision) = judge.lexicon();
        let shared = Arc::clone(&self.shared);
        let config = &shared.common.config;
        let context = Context {
            output: &config.output,
            privacy: &config.privacy,
            lexicon_name: name,
            lexicon_version: version,
            lexicon_revision: revision,
            input: record.at,
            traceparent: traceparent.as_deref(),
            explanation: (&explanation.0, &explanation.1),
        };
        let mut ready = Vec::with_capacity(events.len());
        for (status, kind) in events {
            let encoded = self.guarded(record, "encoding", || {
                let mut size = fit;
                loop {
                    match wire::encode(*status, post, verdict, &context, size) {
                        Ok(event) if event.value.len() + 1024 + OVERHEAD <= config.kafka.message_max_bytes => return Ok((size, event)),
                        Ok(_) | Err(_) => match size.smaller() {
                            Some(smaller) => size = smaller,
                            None => return Err(Refusal::new(Reason::Undeliverable, "its event is larger than kafka.message_max_bytes")),
                        },
                    }
                }
            });
            match encoded {
                Ok((size, event)) => ready.push((*kind, size, event)),
                Err(refusal) => {
                    self.dead_letter(record, epoch, &refusal, Fit::Whole, entry);
                    return;
                }
            }
        }
        match entry {
            Entry::New => {
                self.shared.ledger().record(record.at.partition, record.at.offset, ready.len() as u8, outcome);
                let mut tally = self.shared.tally();
                count(&mut tally, verdict, events);
            }
            // Only the event that was refused is sent again.
            Entry::KeptOne(kind) => ready.retain(|(k, ..)| *k == kind),
            Entry::Kept => {}
        }
        for (kind, size, event) in ready {
            let origin = Origin { key: record.key.map(<[u8]>::to_owned), payload: record.payload.map(<[u8]>::to_owned), headers: headers.clone() };
            let message = Parked { key: Some(event.key.into_bytes()), payload: Some(event.value), headers: event.headers, timestamp_ms: None };
            self.send_new(record, epoch, kind, size, origin, message);
        }
    }

    fn dead_letter(&mut self, record: &Record<'_>, epoch: u64, refusal: &Refusal, fit: Fit, entry: Entry) {
        let shared = Arc::clone(&self.shared);
        let config = &shared.common.config;
        let outcome = Outcome::DeadLettered(refusal.reason);
        match entry {
            Entry::New => shared.ledger().record(record.at.partition, record.at.offset, 1, outcome),
            Entry::Kept | Entry::KeptOne(_) => shared.ledger().change(record.at.partition, epoch, record.at.offset, outcome),
        }
        let (kept, max_bytes) = match fit {
            Fit::Whole => (config.dead_letters.payload, config.kafka.message_max_bytes),
            Fit::Lean => (config.dead_letters.payload, config.kafka.message_max_bytes.min(32 << 10)),
            Fit::Bare => (DeadPayload::Reference, config.kafka.message_max_bytes.min(8 << 10)),
        };
        let headers = record.headers.to_vec();
        let received = Received { at: record.at, key: record.key, payload: record.payload, headers: headers.clone() };
        let judge = Arc::clone(&self.judge);
        let letter = DeadLetter::new(received, refusal, kept, max_bytes, shared.lane, judge.lexicon().2);
        let origin = Origin { key: letter.key.clone(), payload: record.payload.map(<[u8]>::to_owned), headers };
        // Smaller than whole: a timestamp that the broker finds absurd goes too; it stays in the headers.
        let timestamp_ms = letter.timestamp_ms.filter(|_| fit == Fit::Whole);
        let message = Parked { key: letter.key, payload: letter.payload, headers: letter.headers, timestamp_ms };
        self.send_new(record, epoch, EventKind::DeadLetter, fit, origin, message);
    }

    fn send_new(&mut self, record: &Record<'_>, epoch: u64, kind: EventKind, fit: Fit, origin: Origin, message: Parked) {
        let bytes = message.payload.as_ref().map_or(0, Vec::len) + origin.payload.as_ref().map_or(0, Vec::len) + OVERHEAD;
        self.shared.ledger().add_bytes(bytes);
        let ticket = Ticket {
            partition: record.at.partition,
            epoch,
            offset: record.at.offset,
            kind,
            fit,
            bytes,
            timestamp_ms: record.at.timestamp_ms,
            sent: Instant::now(),
            origin: Some(origin),
        };
        self.shared.outbox().push(Box::new(ticket), message);
    }
}

/// Whether the record is new to the ledger or stands there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    New,
    /// One event of it was refused and becomes a dead letter.
    Kept,
    /// One event of it was refused and is made smaller.
    KeptOne(EventKind),
}

fn count(tally: &mut Tally, verdict: &Verdict, events: &[(Status, EventKind)]) {
    for (status, _) in events {
        match status {
            Status::Flagged => tally.flag(verdict),
            Status::Withdrawn => tally.withdrawn += 1,
            Status::Shadow => {}
        }
    }
}
