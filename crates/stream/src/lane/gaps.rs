//! Records that retention removed before they were read: a loss that is not ours, counted and alarmed. Holes of compaction and of transactions
//! lie above the low watermark; only what lies below it is lost.

use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer;
use rdkafka::{Offset, TopicPartitionList};

use super::shared::{LaneConsumer, Shared};

/// Jumps are looked at together, this often: a compacted topic is full of them.
const EVERY: Duration = Duration::from_secs(1);

/// Jumps kept between two looks.
const KEPT: usize = 256;

/// One question to a broker.
const PATIENCE: Duration = Duration::from_secs(2);

/// Jumps of the read position that nobody has explained yet.
#[derive(Debug)]
pub(super) struct Gaps {
    seen: Vec<Jump>,
    looked: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Jump {
    partition: i32,
    from: i64,
    to: i64,
}

impl Gaps {
    pub(super) fn new() -> Self {
        Self { seen: Vec::new(), looked: Instant::now() }
    }

    /// The read position went from `from` to `to`. One offset is what the marker of a transaction takes.
    pub(super) fn jumped(&mut self, partition: i32, from: i64, to: i64) {
        if to > from + 1 && self.seen.len() < KEPT {
            self.seen.push(Jump { partition, from, to });
        }
    }

    /// Asks for the low watermarks of the partitions that jumped, when it is time.
    pub(super) fn look(&mut self, shared: &Shared, consumer: &LaneConsumer) {
        if self.seen.is_empty() || self.looked.elapsed() < EVERY {
            return;
        }
        self.looked = Instant::now();
        let mut seen = std::mem::take(&mut self.seen);
        seen.sort_unstable_by_key(|jump| jump.partition);
        for jumps in seen.chunk_by(|a, b| a.partition == b.partition) {
            let partition = jumps[0].partition;
            let Ok((low, _)) = consumer.fetch_watermarks(&shared.common.config.topics.posts, partition, PATIENCE) else { continue };
            count(shared, partition, jumps.iter().map(|jump| (low.min(jump.to) - jump.from).max(0)).sum());
        }
    }
}

/// The first record of an assignment: what lies between it and the committed offset may have been removed while nobody read.
pub(super) fn before_first(shared: &Shared, consumer: &LaneConsumer, partition: i32, first: i64) {
    let topic = &shared.common.config.topics.posts;
    let mut list = TopicPartitionList::new();
    list.add_partition(topic, partition);
    let Ok(list) = consumer.committed_offsets(list, PATIENCE) else { return };
    let Some(Offset::Offset(committed)) = list.find_partition(topic, partition).map(|e| e.offset()) else { return };
    if committed >= first {
        return;
    }
    let Ok((low, _)) = consumer.fetch_watermarks(topic, partition, PATIENCE) else { return };
    count(shared, partition, low.min(first) - committed);
}

fn count(shared: &Shared, partition: i32, lost: i64) {
    if lost > 0 {
        shared.common.metrics.lost[0].inc_by(lost.unsigned_abs());
        tracing::error!(lane = shared.lane, partition, lost, "retention removed records before they were read");
    }
}
