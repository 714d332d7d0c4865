//! Metrics: handles kept by name from one catalogue. Nothing here decides anything, and no label ever holds a word of a post.

mod catalogue;
mod statistics;
mod tally;

use prometheus::{Counter, Encoder, Gauge, GaugeVec, Histogram, IntCounter, IntCounterVec, TextEncoder};
use vigie_lexicon::Ground;

pub use catalogue::{CATALOGUE, MetricsError};
pub use statistics::{ClientKind, LagBook};
pub use tally::{Outcome, Skip, Tally};

use crate::wire::Reason;
use catalogue::Families;

/// Kinds of event, in the order of the handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum EventKind {
    Flag,
    Shadow,
    Withdrawn,
    DeadLetter,
}

impl EventKind {
    const CODES: [&'static str; 4] = ["flag", "shadow", "withdrawn", "dead_letter"];
}

/// Every handle, made once.
#[allow(missing_docs)]
pub struct Metrics {
    registry: prometheus::Registry,
    pub records: IntCounter,
    pub bytes: IntCounter,
    pub returned: IntCounter,
    pub rebalances: Labelled<4>,
    pub commits: Labelled<2>,
    pub lost: [IntCounter; 2],
    pub last_poll: Gauge,
    pub last_progress: Gauge,
    pub paused_lanes: Gauge,
    pub restarts: IntCounter,
    outcomes: Labelled<5>,
    skipped: Labelled<2>,
    dead: Labelled<8>,
    withdrawn: IntCounter,
    floods: IntCounter,
    flags: Vec<IntCounter>,
    grounds: Vec<IntCounter>,
    pub in_flight: Gauge,
    pub in_flight_bytes: Gauge,
    pub in_flight_limit: Gauge,
    pub decode_seconds: Histogram,
    pub judge_seconds: Histogram,
    pub clean_latency: Histogram,
    pub flagged_latency: Histogram,
    pub busy: Counter,
    pub workers: Gauge,
    pub post_size: Histogram,
    pub acknowledged: Labelled<4>,
    pub refused: Labelled<4>,
    pub ack_seconds: Vec<Histogram>,
    pub transactions: Labelled<2>,
    pub dead_letter_failures: IntCounter,
    pub breaker_open: Gauge,
    pub reloads: Labelled<3>,
    pub reload_successful: Gauge,
    pub reload_success_time: Gauge,
    pub reload_seconds: Histogram,
    lexicon_info: GaugeVec,
    pub ready: Gauge,
    pub not_ready: GaugeVec,
    pub panics: IntCounter,
    pub(crate) kafka: statistics::KafkaMetrics,
}

/// Counters of one family, by the index of a closed label.
pub type Labelled<const N: usize> = [IntCounter; N];

fn labelled<const N: usize>(family: &IntCounterVec, values: [&str; N]) -> Labelled<N> {
    values.map(|v| family.with_label_values(&[v]))
}

impl Metrics {
    /// Registers the whole catalogue, and what the system says of the process.
    pub fn new() -> Result<Self, MetricsError> {
        let f = Families::register()?;
        #[cfg(target_os = "linux")]
        f.registry
            .register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))
            .map_err(|e| MetricsError { name: "process".to_owned(), problem: e.to_string() })?;
        let none: &[&str] = &[];
        let count = |name: &str| f.count(name).map(|c| c.with_label_values(none));
        let gauge = |name: &str| f.gauge(name).map(|c| c.with_label_values(none));
        let histogram = |name: &str| f.histogram(name).map(|c| c.with_label_values(none));
        let (producer, flags, latency, stage) =
            (f.count("producer_records_total")?, f.count("flags_total")?, f.histogram("pipeline_latency_seconds")?, f.histogram("stage_duration_seconds")?);
        f.gauge("build_info")?.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1.0);
        let (ack, grounds) = (f.histogram("producer_ack_duration_seconds")?, f.count("flags_by_ground_total")?);
        Ok(Self {
            records: count("consumer_records_total")?,
            bytes: count("consumer_bytes_total")?,
            returned: count("consumer_returned_records_total")?,
            rebalances: labelled(&f.count("consumer_rebalances_total")?, ["assign", "revoke", "lost", "error"]),
            commits: labelled(&f.count("consumer_commits_total")?, ["ok", "error"]),
            lost: labelled(&f.count("consumer_lost_records_total")?, ["retention", "topic_deleted"]),
            last_poll: gauge("consumer_last_poll_timestamp_seconds")?,
            last_progress: gauge("consumer_last_progress_timestamp_seconds")?,
            paused_lanes: gauge("consumer_paused_lanes")?,
            restarts: count("kafka_client_restarts_total")?,
            outcomes: labelled(&f.count("processed_records_total")?, Outcome::CODES),
            skipped: labelled(&f.count("skipped_records_total")?, ["tombstone", "private"]),
            dead: {
                let family = f.count("dead_lettered_records_total")?;
                std::array::from_fn(|i| family.with_label_values(&[Reason::ALL[i].code()]))
            },
            withdrawn: count("withdrawn_posts_total")?,
            floods: count("obfuscation_floods_total")?,
            flags: ["low", "medium", "high", "critical"].iter().flat_map(|s| ["true", "false"].map(|h| flags.with_label_values(&[h, s]))).collect(),
            grounds: Ground::ALL.iter().map(|g| grounds.with_label_values(&[g.code()])).collect(),
            in_flight: gauge("in_flight_records")?,
            in_flight_bytes: gauge("in_flight_bytes")?,
            in_flight_limit: gauge("in_flight_limit_records")?,
            decode_seconds: stage.with_label_values(&["decode"]),
            judge_seconds: stage.with_label_values(&["judge"]),
            clean_latency: latency.with_label_values(&["clean"]),
            flagged_latency: latency.with_label_values(&["flagged"]),
            busy: f.sum("worker_busy_seconds_total")?.with_label_values(none),
            workers: gauge("workers")?,
            post_size: histogram("post_size_bytes")?,
            acknowledged: EventKind::CODES.map(|e| producer.with_label_values(&[e, "ack"])),
            refused: EventKind::CODES.map(|e| producer.with_label_values(&[e, "error"])),
            ack_seconds: EventKind::CODES.iter().map(|e| ack.with_label_values(&[*e])).collect(),
            transactions: labelled(&f.count("transactions_total")?, ["commit", "abort"]),
            dead_letter_failures: count("dead_letter_write_failures_total")?,
            breaker_open: gauge("breaker_open")?,
            reloads: labelled(&f.count("lexicon_reloads_total")?, ["ok", "unchanged", "rejected"]),
            reload_successful: gauge("lexicon_last_reload_successful")?,
            reload_success_time: gauge("lexicon_last_reload_success_timestamp_seconds")?,
            reload_seconds: histogram("lexicon_reload_duration_seconds")?,
            lexicon_info: f.gauge("lexicon_info")?,
            ready: gauge("ready")?,
            not_ready: f.gauge("not_ready_reason")?,
            panics: count("panics_total")?,
            kafka: statistics::KafkaMetrics::new(&f)?,
            registry: f.registry,
        })
    }

    /// Adds a tally, which is emptied.
    pub fn flush(&self, tally: &mut Tally) {
        fn add<'c>(counters: impl IntoIterator<Item = &'c IntCounter>, numbers: &[u64]) {
            for (counter, number) in counters.into_iter().zip(numbers).filter(|(_, n)| **n > 0) {
                counter.inc_by(*number);
            }
        }
        add(&self.outcomes, &tally.outcomes);
        add(&self.skipped, &tally.skipped);
        add(&self.dead, &tally.dead);
        add(&self.flags, tally.flags.as_flattened());
        add(&self.grounds, &tally.grounds);
        add([&self.withdrawn, &self.floods], &[tally.withdrawn, tally.floods]);
        *tally = Tally::default();
    }

    /// How many records ended each way so far.
    pub fn outcomes(&self) -> [u64; 5] {
        std::array::from_fn(|i| self.outcomes[i].get())
    }

    /// Names the lexicon in force; the series of the one before goes.
    pub fn set_lexicon(&self, name: &str, version: &str, revision: &str) {
        self.lexicon_info.reset();
        // Labels in the order of the catalogue: open labels are sorted by name.
        self.lexicon_info.with_label_values(&[name, revision, version]).set(1.0);
        self.reload_successful.set(1.0);
        self.reload_success_time.set(unix_seconds());
    }

    /// Everything in the text format of Prometheus.
    pub fn text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // Encoding fails only when a family has no name or no metric, and the catalogue test excludes both.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut out);
        out
    }
}

/// Seconds since 1970: for gauges that hold a time.
pub fn unix_seconds() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64())
}

#[cfg(test)]
mod tests;
