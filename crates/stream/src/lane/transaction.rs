//! Exactly once: flags, shadow events, dead letters and offsets in one Kafka transaction. What is not committed was never there.

use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerGroupMetadata};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::producer::{Producer as _, PurgeConfig};

use super::shared::{Producer, Rebalances, Shared};
use crate::metrics::unix_seconds;

/// Why a transaction was not committed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransactionError {
    /// An event was refused, or time ran out: abort and read again.
    #[error("{0}")]
    Abort(String),
    /// The producer can go on no more.
    #[error("fatal: {0}")]
    Fatal(KafkaError),
    /// The client library does not come back from a call: the producer is left to itself.
    #[error("the client library hangs")]
    Hung,
}

/// One call to the broker at a time; the producer's own time-outs are longer.
const STEP: Duration = Duration::from_secs(5);

/// A call that has not come back after so long will not.
const HUNG: Duration = Duration::from_secs(15);

/// Registers the producer and begins; a predecessor of the same id is fenced and its open transaction ends.
pub(crate) fn init(shared: &Shared, producer: &Producer, deadline: Instant) -> Result<(), TransactionError> {
    again(shared, producer, deadline, || producer.init_transactions(STEP))?;
    begin(producer)
}

/// Begins the next transaction: local, the broker hears of it with the first message.
pub(crate) fn begin(producer: &Producer) -> Result<(), TransactionError> {
    producer.begin_transaction().map_err(TransactionError::Fatal)
}

/// Commits what is settled, and begins anew. Nothing to move: nothing is done.
pub(crate) fn commit(shared: &Shared, consumer: &BaseConsumer<Rebalances>, producer: &Arc<Producer>, deadline: Instant) -> Result<(), TransactionError> {
    if shared.must_abort() {
        return Err(TransactionError::Abort("an abort is due".to_owned()));
    }
    // Drained by ourselves first: `commit_transaction` polls in steps of 100 ms that do not end early.
    if !shared.drain(producer, deadline) {
        return Err(TransactionError::Abort("an event was not acknowledged".to_owned()));
    }
    // An event that is still here would be sent by the next transaction, when its record is perhaps another's to read.
    if shared.ledger().load().2 > 0 {
        return Err(TransactionError::Abort("an event was not sent".to_owned()));
    }
    let offsets = shared.ledger().uncommitted();
    if offsets.is_empty() {
        return Ok(());
    }
    let list = shared.offsets(&offsets);
    // Read just now: a rebalance changes the generation, and the broker refuses an old one (KIP-447).
    let Some(group) = consumer.group_metadata() else {
        return Err(TransactionError::Abort("the consumer is in no group".to_owned()));
    };
    send_offsets(shared, producer, &Arc::new((list, group)), deadline)?;
    again(shared, producer, deadline, || producer.commit_transaction(STEP))?;
    shared.ledger().committed(&offsets);
    shared.flush_tally();
    shared.take_taken();
    let metrics = &shared.common.metrics;
    metrics.transactions[0].inc();
    metrics.commits[0].inc();
    metrics.last_progress.set(unix_seconds());
    begin(producer)
}

/// Hands the offsets to the transaction. The call goes to a thread of its own, since librdkafka waits in it without end when the group's
/// coordinator is lost at the wrong moment: its search for the new one has a time-out that nobody looks at (`creq_ts_timeout`, up to 2.12 at
/// least). Such a producer can do nothing more, not even abort; the next one of the same transactional id fences it.
fn send_offsets(
    shared: &Shared,
    producer: &Arc<Producer>,
    what: &Arc<(TopicPartitionList, ConsumerGroupMetadata)>,
    deadline: Instant,
) -> Result<(), TransactionError> {
    let call = || -> Result<KafkaResult<()>, TransactionError> {
        let (answer, answered) = mpsc::channel();
        let (producer, what) = (Arc::clone(producer), Arc::clone(what));
        let work = move || {
            // Nobody listens any more when it took too long.
            let _ = answer.send(producer.send_offsets_to_transaction(&what.0, &what.1, STEP));
        };
        let thread = thread::Builder::new().name("vigie-offsets".to_owned()).spawn(work);
        thread.map_err(|e| TransactionError::Abort(format!("no thread for the offsets of a transaction: {e}")))?;
        // The call's own time-out must have had its chance.
        let until = (Instant::now() + HUNG).min(deadline.max(Instant::now() + STEP + Duration::from_secs(1)));
        loop {
            shared.common.health.turn(shared.lane);
            match answered.recv_timeout(Duration::from_secs(1)) {
                Ok(result) => return Ok(result),
                Err(mpsc::RecvTimeoutError::Timeout) if Instant::now() < until => {}
                Err(_) => {
                    shared.common.left_behind.fetch_add(1, Ordering::Relaxed);
                    return Err(TransactionError::Hung);
                }
            }
        }
    };
    // What is no answer of the client library's ends the attempts, and counts instead of theirs.
    let mut unanswered = None;
    let result = again(shared, producer, deadline, || {
        call().unwrap_or_else(|error| {
            unanswered = Some(error);
            Err(KafkaError::Canceled)
        })
    });
    unanswered.map_or(result, Err)
}

/// Aborts, forgets what was counted, and begins anew. The caller seeks.
pub(crate) fn abort(shared: &Shared, producer: &Producer, deadline: Instant) -> Result<(), TransactionError> {
    // A failed transaction sends nothing more, and `abort_transaction` waits for reports that only our own poll serves (measured: it timed
    // out with 33 of them): so the queue is emptied and the reports are taken first. Again and again: what was on its way when the transaction
    // failed comes back to the queue to be retried, and would wait there for its time-out.
    while producer.in_flight_count() > 0 && Instant::now() < deadline {
        producer.purge(PurgeConfig::default().queue());
        producer.poll(Duration::from_millis(5));
        shared.common.health.turn(shared.lane);
    }
    again(shared, producer, deadline, || producer.abort_transaction(STEP)).map_err(|error| match error {
        // An abort that cannot be made leaves nothing to do but to start anew.
        TransactionError::Abort(why) => TransactionError::Fatal(KafkaError::ClientCreation(why)),
        other => other,
    })?;
    shared.common.metrics.transactions[1].inc();
    shared.common.metrics.returned.inc_by(shared.take_taken());
    *shared.tally() = crate::metrics::Tally::default();
    begin(producer)
}

/// The same call again while the error says so.
fn again(shared: &Shared, producer: &Producer, deadline: Instant, mut call: impl FnMut() -> KafkaResult<()>) -> Result<(), TransactionError> {
    loop {
        let error = match call() {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        shared.common.health.turn(shared.lane);
        match &error {
            KafkaError::Transaction(e) if e.is_fatal() => return Err(TransactionError::Fatal(error)),
            KafkaError::Transaction(e) if e.txn_requires_abort() => return Err(TransactionError::Abort(error.to_string())),
            KafkaError::Transaction(e) if e.is_retriable() && Instant::now() < deadline => {}
            KafkaError::Flush(_) if Instant::now() < deadline => {}
            KafkaError::Transaction(e) if !e.is_retriable() => return Err(TransactionError::Fatal(error)),
            _ => return Err(TransactionError::Abort(error.to_string())),
        }
        producer.poll(Duration::from_millis(20));
    }
}
