//! Letting offsets go: stored or committed when their records are settled, taken back when a transaction is aborted, all of them at the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer;
use rdkafka::{Offset, TopicPartitionList};

use super::LaneEnd;
use super::outbox::Outbox;
use super::shared;
use super::transaction::{self, TransactionError};
use super::work::{Broken, Lane};
use crate::judge::Judge;

/// Offsets are handed to librdkafka this often; it commits them each second.
const STORE_EVERY: Duration = Duration::from_millis(100);

impl<J: Judge> Lane<J> {
    /// Aborts the transaction, and reads again from what is committed: an abort does not move the consumer back.
    pub(super) fn abort(&mut self) -> Result<(), Broken> {
        let shared = Arc::clone(&self.shared);
        shared.set_must_abort(false);
        (self.transaction_since, self.transaction_records) = (None, 0);
        *self.shared.outbox() = Outbox::default();
        self.parked.clear();
        if let Err(error) = transaction::abort(&shared, &self.producer, Instant::now() + Duration::from_secs(30)) {
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

    pub(super) fn commit_if_due(&mut self) -> Result<(), Broken> {
        let delivery = &self.shared.common.config.delivery;
        let due = self.transaction_records >= delivery.transaction_max_records
            || self.transaction_since.is_some_and(|since| since.elapsed() >= delivery.transaction_interval);
        if !due || self.shared.must_abort() {
            return Ok(());
        }
        // The group is not polled meanwhile, and must not find that too long.
        let deadline = Instant::now() + delivery.message_timeout.min(self.shared.common.config.kafka.max_poll_interval / 2);
        match transaction::commit(&self.shared, &self.consumer, &self.producer, deadline) {
            Ok(()) => {
                (self.transaction_since, self.transaction_records) = (None, 0);
                self.sender.cuts.clear();
                self.struck.clear();
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
    pub(super) fn store_if_due(&mut self) {
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
    pub(super) fn settle(&self, deadline: Instant) {
        if !self.shared.exactly_once() {
            self.shared.drain(&self.producer, deadline);
            shared::commit_offsets(&self.shared, &self.consumer, &self.shared.ledger().storable(|_| true), deadline);
        }
    }

    /// Finishes what is in flight, commits, and says whether anything is left.
    pub(super) fn finish(&mut self, since: Instant) -> LaneEnd {
        let shared = Arc::clone(&self.shared);
        let total = shared.common.config.delivery.shutdown_timeout;
        let (half, deadline) = (since + total / 2, since + total.mul_f64(0.9));
        loop {
            self.producer.poll(Duration::from_millis(1));
            self.refusals();
            self.retry_at = self.retry_at.map(|_| Instant::now());
            if !shared.exactly_once() {
                self.retry();
            }
            shared.release(&self.producer);
            let open = shared.ledger().load().2;
            if open == 0 || Instant::now() >= half || shared.is_fatal() || shared.must_abort() {
                break;
            }
            shared.common.health.turn(shared.lane);
        }
        if shared.exactly_once() {
            let commit = || transaction::commit(&shared, &self.consumer, &self.producer, deadline);
            let ended = if shared.must_abort() { Err(TransactionError::Abort("an event was refused".to_owned())) } else { commit() };
            let committed = ended.is_ok();
            // A producer that is lost cannot even abort.
            let lost = matches!(ended, Err(TransactionError::Fatal(_) | TransactionError::Hung));
            if !committed && (lost || transaction::abort(&shared, &self.producer, deadline).is_err()) {
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
