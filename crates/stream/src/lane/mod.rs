//! A lane: one thread with its own consumer, producer and ledger. It takes records, judges them, delivers what they cause, and only then lets
//! their offsets go. Nothing is handed between threads, but for the one call of a transaction
//! that can hang. How events are encoded is [`sender`]'s, when they leave is [`outbox`]'s, what they are is `wire`'s.

mod gaps;
mod ledger;
mod offsets;
mod outbox;
mod refusals;
mod sender;
mod shared;
mod transaction;
mod work;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer;

use crate::judge::Judge;
pub(crate) use shared::Common;
use shared::Shared;
use transaction::TransactionError;
use work::Lane;

/// So many restarts of the clients inside the window, none of them long after the one before, are no accident: the service fails.
const MAX_RESTARTS: (usize, Duration) = (5, Duration::from_mins(2));

/// A producer that is left behind keeps its threads and what it holds: with more of them than this the service fails, and a new process begins.
const MAX_LEFT_BEHIND: u64 = 16;

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
                let left = common.left_behind.load(Ordering::Relaxed);
                if left > MAX_LEFT_BEHIND {
                    tracing::error!(lane, left, "too many producers hang in the client library: a new process is needed");
                    return LaneEnd::Failed;
                }
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
        while let Err(error) = transaction::init(&shared, &work.producer, Instant::now() + Duration::from_secs(10)) {
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
