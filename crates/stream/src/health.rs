//! What the probes answer, shared by the lanes and the HTTP listener. Alive: the loops turn. Ready: posts can go through.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::DeadLetters;
use crate::metrics::{Metrics, unix_seconds};

/// A lane that has not turned for so long is stuck: longer than any call that waits for a broker.
const STUCK: Duration = Duration::from_mins(2);

/// Not ready after so long without a broker.
const BROKER_AWAY: Duration = Duration::from_secs(30);

/// State of the service.
pub struct Health {
    started: Instant,
    /// Milliseconds since `started` at the last turn of each lane.
    turns: Vec<AtomicU64>,
    /// Milliseconds since `started` when a broker last answered; -1 = never.
    broker: AtomicI64,
    input_missing: AtomicBool,
    outputs_missing: AtomicBool,
    /// Per lane: events that the broker does not take.
    refused: Vec<AtomicBool>,
    blocked: Vec<AtomicBool>,
    /// Per lane: records held and bytes unacknowledged.
    loads: Vec<(AtomicU64, AtomicU64)>,
    stopping: AtomicBool,
    breaker: Mutex<Breaker>,
}

#[derive(Debug)]
struct Breaker {
    open: bool,
    since: Instant,
    records: u64,
    dead: u64,
}

/// Why the service is not ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum NotReady {
    Starting,
    NoBroker,
    InputTopic,
    OutputTopic,
    Breaker,
    Stopping,
}

impl NotReady {
    const ALL: [Self; 6] = [Self::Starting, Self::NoBroker, Self::InputTopic, Self::OutputTopic, Self::Breaker, Self::Stopping];

    /// The code in metrics and answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::NoBroker => "no_broker",
            Self::InputTopic => "input_topic",
            Self::OutputTopic => "output_topic",
            Self::Breaker => "breaker",
            Self::Stopping => "stopping",
        }
    }

    /// What it means and what to do.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Starting => "no broker has answered yet",
            Self::NoBroker => "no broker has answered for 30 s: check kafka.brokers, the network, TLS and SASL",
            Self::InputTopic => "the posts topic is missing or not readable: create it or grant Read",
            Self::OutputTopic => "an output topic is missing, full or denied: intake waits, nothing is lost; `vigie check --connect` names it",
            Self::Breaker => "too many dead letters: the producers' schema has changed; look at the dead-letter topic, then restart",
            Self::Stopping => "draining",
        }
    }
}

impl Health {
    /// For so many lanes.
    pub fn new(lanes: usize) -> Self {
        let flags = || (0..lanes).map(|_| AtomicBool::new(false)).collect();
        Self {
            started: Instant::now(),
            turns: (0..lanes).map(|_| AtomicU64::new(0)).collect(),
            broker: AtomicI64::new(-1),
            input_missing: AtomicBool::new(false),
            outputs_missing: AtomicBool::new(false),
            refused: flags(),
            blocked: flags(),
            loads: (0..lanes).map(|_| (AtomicU64::new(0), AtomicU64::new(0))).collect(),
            stopping: AtomicBool::new(false),
            breaker: Mutex::new(Breaker { open: false, since: Instant::now(), records: 0, dead: 0 }),
        }
    }

    fn now_ms(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    pub(crate) fn turn(&self, lane: usize) {
        self.turns[lane].store(self.now_ms(), Ordering::Relaxed);
    }

    pub(crate) fn broker_answered(&self) {
        self.broker.store(self.now_ms().cast_signed(), Ordering::Relaxed);
    }

    pub(crate) fn set_topics(&self, input_missing: bool, outputs_missing: bool) {
        self.input_missing.store(input_missing, Ordering::Relaxed);
        self.outputs_missing.store(outputs_missing, Ordering::Relaxed);
    }

    /// An event of the lane was refused, or taken again.
    pub(crate) fn set_refused(&self, lane: usize, refused: bool) {
        self.refused[lane].store(refused, Ordering::Relaxed);
    }

    pub(crate) fn set_blocked(&self, lane: usize, blocked: bool) {
        self.blocked[lane].store(blocked, Ordering::Relaxed);
    }

    pub(crate) fn set_load(&self, lane: usize, records: usize, bytes: usize) {
        self.loads[lane].0.store(records as u64, Ordering::Relaxed);
        self.loads[lane].1.store(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether an output topic is known to be missing: nothing is taken then.
    pub(crate) fn outputs_missing(&self) -> bool {
        self.outputs_missing.load(Ordering::Relaxed)
    }

    /// Counts settled records; opens the breaker when too many of them are dead letters. It stays open until a restart.
    pub(crate) fn settled(&self, records: u64, dead: u64, limits: &DeadLetters) {
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        if breaker.since.elapsed() > limits.breaker_window {
            (breaker.since, breaker.records, breaker.dead) = (Instant::now(), 0, 0);
        }
        breaker.records += records;
        breaker.dead += dead;
        let too_many = breaker.dead >= limits.breaker_min_records && breaker.dead * 100 > breaker.records * u64::from(limits.breaker_percent);
        if too_many && !breaker.open {
            breaker.open = true;
            tracing::error!(dead_letters = breaker.dead, records = breaker.records, "too many dead letters: intake stops");
        }
    }

    /// Whether the breaker stopped the intake.
    pub(crate) fn breaker_open(&self) -> bool {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner).open
    }

    /// Whether every lane turns.
    pub fn alive(&self) -> bool {
        let now = self.now_ms();
        self.turns.iter().all(|t| now.saturating_sub(t.load(Ordering::Relaxed)) < STUCK.as_millis() as u64)
    }

    /// The first reason why posts cannot go through.
    pub fn not_ready(&self) -> Option<NotReady> {
        let broker = self.broker.load(Ordering::Relaxed);
        let any = |flags: &[AtomicBool]| flags.iter().any(|f| f.load(Ordering::Relaxed));
        if self.stopping.load(Ordering::Relaxed) {
            Some(NotReady::Stopping)
        } else if broker < 0 {
            Some(if self.started.elapsed() > BROKER_AWAY { NotReady::NoBroker } else { NotReady::Starting })
        } else if self.now_ms().saturating_sub(broker.unsigned_abs()) > BROKER_AWAY.as_millis() as u64 {
            Some(NotReady::NoBroker)
        } else if self.breaker_open() {
            Some(NotReady::Breaker)
        } else if self.input_missing.load(Ordering::Relaxed) {
            Some(NotReady::InputTopic)
        } else if self.outputs_missing() || any(&self.refused) {
            Some(NotReady::OutputTopic)
        } else {
            None
        }
    }

    /// Sets the gauges that follow from the state; called before each scrape.
    pub(crate) fn publish(&self, metrics: &Metrics) {
        let reason = self.not_ready();
        metrics.ready.set(f64::from(reason.is_none()));
        for known in NotReady::ALL {
            metrics.not_ready.with_label_values(&[known.code()]).set(f64::from(reason == Some(known)));
        }
        metrics.in_flight.set(self.loads.iter().map(|l| l.0.load(Ordering::Relaxed)).sum::<u64>() as f64);
        metrics.in_flight_bytes.set(self.loads.iter().map(|l| l.1.load(Ordering::Relaxed)).sum::<u64>() as f64);
        metrics.breaker_open.set(f64::from(self.breaker_open()));
        metrics.paused_lanes.set(self.blocked.iter().filter(|b| b.load(Ordering::Relaxed)).count() as f64);
        let oldest = self.turns.iter().map(|t| t.load(Ordering::Relaxed)).min().unwrap_or(0);
        metrics.last_poll.set(unix_seconds() - self.now_ms().saturating_sub(oldest) as f64 / 1000.0);
    }
}
