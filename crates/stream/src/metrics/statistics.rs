//! librdkafka's statistics to gauges, with its three untruths about lag put right: only partitions that are wanted count, the position is the
//! committed one (or the start that would be taken), and what is unknown is counted as unknown, never as -1.

use std::collections::BTreeMap;
use std::sync::Mutex;

use prometheus::{Gauge, GaugeVec, IntCounterVec};
use rdkafka::Statistics;

use super::catalogue::{Families, MetricsError};
use super::unix_seconds;

/// More partitions than this get no series of their own.
const MAX_PARTITION_SERIES: usize = 64;

/// Which client the statistics speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ClientKind {
    Consumer,
    Producer,
}

impl ClientKind {
    fn code(self) -> &'static str {
        if self == Self::Consumer { "consumer" } else { "producer" }
    }
}

pub(crate) struct KafkaMetrics {
    lag: Gauge,
    lag_seconds: Gauge,
    partition_lag: GaugeVec,
    unknown: Gauge,
    assigned: Gauge,
    broker_up: GaugeVec,
    broker_errors: IntCounterVec,
    broker_rtt: GaugeVec,
    fetch_records: Gauge,
    fetch_bytes: Gauge,
    reply_queue: GaugeVec,
    stats_time: GaugeVec,
    queue_records: Gauge,
    queue_limit: Gauge,
    queue_bytes: Gauge,
}

impl KafkaMetrics {
    pub(super) fn new(f: &Families) -> Result<Self, MetricsError> {
        let none: &[&str] = &[];
        let gauge = |name: &str| f.gauge(name).map(|g| g.with_label_values(none));
        Ok(Self {
            lag: gauge("consumer_lag_records")?,
            lag_seconds: gauge("consumer_lag_seconds")?,
            partition_lag: f.gauge("consumer_partition_lag_records")?,
            unknown: gauge("consumer_unknown_lag_partitions")?,
            assigned: gauge("consumer_assigned_partitions")?,
            broker_up: f.gauge("kafka_broker_up")?,
            broker_errors: f.count("kafka_broker_errors_total")?,
            broker_rtt: f.gauge("kafka_broker_rtt_seconds")?,
            fetch_records: gauge("kafka_fetch_queue_records")?,
            fetch_bytes: gauge("kafka_fetch_queue_bytes")?,
            reply_queue: f.gauge("kafka_reply_queue_ops")?,
            stats_time: f.gauge("kafka_stats_timestamp_seconds")?,
            queue_records: gauge("producer_queue_records")?,
            queue_limit: gauge("producer_queue_limit_records")?,
            queue_bytes: gauge("producer_queue_bytes")?,
        })
    }
}

/// The last statistics of every lane: sums over lanes are made here, since each client sees only itself.
#[derive(Default)]
pub struct LagBook {
    lanes: Mutex<BTreeMap<usize, Lane>>,
}

#[derive(Default)]
struct Lane {
    lag: BTreeMap<i32, i64>,
    unknown: usize,
    seconds: f64,
    fetch: (i64, u64),
    queue: (u64, u64, u64),
    replyq: [i64; 2],
    errors: BTreeMap<(ClientKindKey, String, &'static str), u64>,
}

type ClientKindKey = &'static str;

impl LagBook {
    /// Takes the statistics of one client of `lane`. `waiting_since_ms` is the timestamp of the last record that the lane read.
    pub(crate) fn update(&self, metrics: &KafkaMetrics, lane: usize, kind: ClientKind, topic: &str, statistics: &Statistics, last_read_ms: Option<i64>) {
        let Ok(mut lanes) = self.lanes.lock() else { return };
        let book = lanes.entry(lane).or_default();
        brokers(metrics, book, kind, statistics);
        match kind {
            ClientKind::Consumer => {
                consumer(book, topic, statistics, last_read_ms);
                book.replyq[0] = statistics.replyq;
            }
            ClientKind::Producer => {
                book.queue = (statistics.msg_cnt, statistics.msg_max, statistics.msg_size);
                book.replyq[1] = statistics.replyq;
            }
        }
        metrics.stats_time.with_label_values(&[kind.code()]).set(unix_seconds());
        publish(metrics, &lanes);
    }

    /// The lane has lost its partitions or its clients: nothing of it counts any more.
    pub(crate) fn forget(&self, metrics: &KafkaMetrics, lane: usize) {
        let Ok(mut lanes) = self.lanes.lock() else { return };
        if let Some(book) = lanes.get_mut(&lane) {
            book.lag.clear();
            book.unknown = 0;
            book.seconds = 0.0;
        }
        publish(metrics, &lanes);
    }
}

fn consumer(book: &mut Lane, topic: &str, statistics: &Statistics, last_read_ms: Option<i64>) {
    book.lag.clear();
    book.unknown = 0;
    book.fetch = (0, 0);
    for partition in statistics.topics.get(topic).into_iter().flat_map(|t| t.partitions.values()) {
        // Partition -1 is internal; after a rebalance the lost ones stay with frozen figures and `desired` false.
        if partition.partition < 0 || !partition.desired {
            continue;
        }
        book.fetch.0 += partition.fetchq_cnt;
        book.fetch.1 += partition.fetchq_size;
        let end = if partition.ls_offset >= 0 { partition.ls_offset } else { partition.hi_offset };
        if end < 0 {
            book.unknown += 1;
            continue;
        }
        let position = if partition.committed_offset >= 0 { partition.committed_offset.max(partition.lo_offset) } else { partition.lo_offset.max(0) };
        book.lag.insert(partition.partition, (end - position).max(0));
    }
    let behind = book.lag.values().any(|lag| *lag > 0);
    book.seconds = last_read_ms.filter(|_| behind).map_or(0.0, |ms| (unix_seconds() - ms as f64 / 1000.0).max(0.0));
}

fn brokers(metrics: &KafkaMetrics, book: &mut Lane, kind: ClientKind, statistics: &Statistics) {
    for broker in statistics.brokers.values().filter(|b| b.nodeid >= 0) {
        let node = broker.nodeid.to_string();
        let labels = [node.as_str(), kind.code()];
        metrics.broker_up.with_label_values(&labels).set(f64::from(broker.state == "UP"));
        let window = broker.rtt.as_ref().map_or((0, 0), |w| (w.p50, w.p99));
        for (stat, micros) in [("p50", window.0), ("p99", window.1)] {
            metrics.broker_rtt.with_label_values(&[&node, kind.code(), stat]).set(micros as f64 / 1e6);
        }
        // Totals of a client: the difference since last time goes into our counter, which outlives the client.
        let totals = [
            ("tx", broker.txerrs),
            ("rx", broker.rxerrs),
            ("timeout", broker.req_timeouts),
            ("retry", broker.txretries),
            ("disconnect", broker.disconnects.unwrap_or(0).unsigned_abs()),
        ];
        for (error, total) in totals {
            let before = book.errors.insert((kind.code(), node.clone(), error), total).unwrap_or(0);
            let more = if total >= before { total - before } else { total };
            metrics.broker_errors.with_label_values(&[&node, kind.code(), error]).inc_by(more);
        }
    }
}

fn publish(m: &KafkaMetrics, lanes: &BTreeMap<usize, Lane>) {
    let sum = |f: fn(&Lane) -> f64| lanes.values().map(f).sum::<f64>();
    m.lag.set(sum(|l| l.lag.values().sum::<i64>() as f64));
    m.unknown.set(sum(|l| l.unknown as f64));
    m.assigned.set(sum(|l| (l.lag.len() + l.unknown) as f64));
    m.lag_seconds.set(lanes.values().map(|l| l.seconds).fold(0.0, f64::max));
    m.fetch_records.set(sum(|l| l.fetch.0 as f64));
    m.fetch_bytes.set(sum(|l| l.fetch.1 as f64));
    m.queue_records.set(sum(|l| l.queue.0 as f64));
    m.queue_limit.set(sum(|l| l.queue.1 as f64));
    m.queue_bytes.set(sum(|l| l.queue.2 as f64));
    m.reply_queue.with_label_values(&["consumer"]).set(sum(|l| l.replyq[0] as f64));
    m.reply_queue.with_label_values(&["producer"]).set(sum(|l| l.replyq[1] as f64));
    m.partition_lag.reset();
    let all: Vec<_> = lanes.values().flat_map(|l| &l.lag).collect();
    if all.len() <= MAX_PARTITION_SERIES {
        for (partition, lag) in all {
            m.partition_lag.with_label_values(&[&partition.to_string()]).set(*lag as f64);
        }
    }
}
