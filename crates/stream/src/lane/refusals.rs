//! Events that came back: made smaller when the record is at fault, else sent again later.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rdkafka::error::RDKafkaErrorCode;

use super::sender::Cut;
use super::shared::Ticket;
use super::work::Lane;
use crate::judge::Judge;
use crate::metrics::EventKind;
use crate::wire;

/// Refused events are sent again after the first, then twice as long each time up to the second.
pub(super) const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Timestamps further ahead are refused by default (`message.timestamp.after.max.ms`).
const TAKEN_AHEAD: Duration = Duration::from_hours(1);

/// A dead letter that is refused more often for a timestamp is refused for its own.
const MAX_STRIKES: u8 = 3;

impl<J: Judge> Lane<J> {
    /// Events that came back: made smaller if the record is at fault, else sent again later.
    pub(super) fn refusals(&mut self) {
        for refused in self.shared.take_refused() {
            let ticket = refused.ticket;
            if !self.shared.is_open(&ticket) {
                continue;
            }
            if refused.by_broker && self.is_only_struck(&ticket, refused.code) {
                if self.shared.exactly_once() {
                    self.shared.set_must_abort(true);
                } else {
                    self.retry_at.get_or_insert_with(|| Instant::now() + self.backoff);
                    self.parked.push((ticket, refused.message));
                }
                continue;
            }
            // Several absurd timestamps in one batch come back as `InvalidRecord`, which says which they are.
            let its_timestamp = refused.code == RDKafkaErrorCode::InvalidRecord && has_absurd_timestamp(&ticket);
            if refused.by_broker && !self.alone && !its_timestamp && is_of_the_batch(refused.code) {
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
        let any = !self.sender.cuts.is_empty() || !self.struck.is_empty();
        if any && !self.shared.exactly_once() && self.shared.ledger().load().2 == 0 {
            self.sender.cuts.clear();
            self.struck.clear();
        }
    }

    /// Whether a dead letter was refused for the timestamp of another in its batch: where only one is absurd, all come back with its code (measured).
    /// That one goes without its timestamp, so this one is sent again as it is.
    fn is_only_struck(&mut self, ticket: &Ticket, code: RDKafkaErrorCode) -> bool {
        let whole = ticket.kind == EventKind::DeadLetter && ticket.fit == wire::Fit::Whole;
        if code != RDKafkaErrorCode::InvalidTimestamp || !whole || has_absurd_timestamp(ticket) {
            return false;
        }
        let strikes = self.struck.entry((ticket.partition, ticket.offset)).or_default();
        *strikes += 1;
        *strikes <= MAX_STRIKES
    }

    /// Sends parked events again when their time has come.
    pub(super) fn retry(&mut self) {
        if self.retry_at.is_none_or(|at| Instant::now() < at) {
            if self.retry_at.is_none() && self.backoff > BACKOFF.0 && self.shared.ledger().load().2 == 0 {
                self.backoff = BACKOFF.0;
            }
            return;
        }
        self.retry_at = None;
        self.backoff = (self.backoff * 2).min(BACKOFF.1);
        let mut outbox = self.shared.outbox();
        for (ticket, message) in std::mem::take(&mut self.parked) {
            outbox.push(ticket, message);
        }
    }
}

/// A dead letter that bears the record's timestamp, and that one is further ahead than Apache Kafka takes unless told otherwise.
fn has_absurd_timestamp(ticket: &Ticket) -> bool {
    let limit = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis() as i64) + TAKEN_AHEAD.as_millis() as i64;
    ticket.kind == EventKind::DeadLetter && ticket.fit == wire::Fit::Whole && ticket.timestamp_ms.is_some_and(|ms| ms > limit)
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
