//! The probe of the topics: readiness must know of a missing one before a flag needs it, and what a deleted topic held must not go unnoticed.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::metadata::MetadataTopic;
use rdkafka::types::RDKafkaRespErr::{
    RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC as UNKNOWN_HERE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED as DENIED,
    RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART as UNKNOWN,
};

use crate::lane::{Common, StopAt};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(3);

/// One question to a broker.
const PATIENCE: Duration = Duration::from_secs(5);

/// Every so many looks the ends of the output topics are read too.
const ENDS_EVERY: u32 = 3;

/// What a look at a topic found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    There,
    Denied,
    Missing,
}

/// Looks until the service stops.
pub(crate) fn run(common: &Common, stop: &StopAt) {
    let mut client = common.config.client();
    client.set("allow.auto.create.topics", "false");
    let client: BaseConsumer = match client.create() {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "the probe of the topics cannot start");
            return;
        }
    };
    let topics = &common.config.topics;
    let mut outputs = [&topics.flags, &topics.shadow, &topics.dead_letters].map(|name| Output { name, ends: BTreeMap::new(), held: 0, suspect: false });
    let mut before = (false, false);
    for look in 0_u32.. {
        if stop.since().is_some() {
            return;
        }
        // Serves the client's own events; a client that is never polled piles them up.
        let _ = client.poll(Duration::ZERO);
        let input = find(common, &client, &topics.posts);
        let found: Option<Vec<Found>> = outputs.iter().map(|output| find(common, &client, output.name)).collect();
        // No answer says nothing about topics: the state stays.
        if let (Some(input), Some(found)) = (input, found) {
            let now = (input != Found::There, found.iter().any(|f| *f != Found::There));
            if now != before {
                tracing::warn!(input_missing = now.0, output_missing = now.1, "topics changed");
                before = now;
            }
            common.health.set_topics(now.0, now.1);
            for (output, found) in outputs.iter_mut().zip(found) {
                match found {
                    Found::Missing => output.gone(common),
                    Found::There if look.is_multiple_of(ENDS_EVERY) => output.look(common, &client),
                    Found::There | Found::Denied => {}
                }
            }
        }
        let next = Instant::now() + EVERY;
        while Instant::now() < next && stop.since().is_none() {
            thread::sleep(Duration::from_millis(100));
        }
    }
}

fn find(common: &Common, client: &BaseConsumer, topic: &str) -> Option<Found> {
    let metadata = client.fetch_metadata(Some(topic), PATIENCE).ok()?;
    common.health.broker_answered();
    Some(match metadata.topics().iter().find(|t| t.name() == topic).and_then(MetadataTopic::error) {
        Some(DENIED) => Found::Denied,
        Some(UNKNOWN | UNKNOWN_HERE) => Found::Missing,
        _ => Found::There,
    })
}

/// An output topic, as it was at the last look.
struct Output<'t> {
    name: &'t str,
    /// High watermark by partition.
    ends: BTreeMap<i32, i64>,
    /// Messages (and markers of transactions) between the watermarks.
    held: u64,
    /// The last look found it deleted. One look is not enough: a broker that has just started, or a new leader, can be behind.
    suspect: bool,
}

impl Output<'_> {
    /// Reads the ends. Where one went back, the topic was deleted and made anew between two looks.
    fn look(&mut self, common: &Common, client: &BaseConsumer) {
        let Ok(metadata) = client.fetch_metadata(Some(self.name), PATIENCE) else { return };
        let (mut ends, mut held) = (BTreeMap::new(), 0);
        for partition in metadata.topics().iter().flat_map(MetadataTopic::partitions) {
            // A right to read that we need not have, or a leader that is away: nothing is known, nothing is claimed.
            let Ok((low, high)) = client.fetch_watermarks(self.name, partition.id(), PATIENCE) else { return };
            ends.insert(partition.id(), high);
            held += (high - low).max(0).unsigned_abs();
        }
        if self.ends.iter().any(|(partition, end)| ends.get(partition).is_none_or(|now| now < end)) {
            self.gone(common);
            if self.suspect {
                return;
            }
        }
        tracing::debug!(topic = self.name, held, "output topic");
        (self.ends, self.held, self.suspect) = (ends, held, false);
    }

    /// The topic seems deleted. The second time in a row it is: what it held is counted, once.
    fn gone(&mut self, common: &Common) {
        self.suspect = !self.suspect;
        if self.suspect {
            return;
        }
        self.ends.clear();
        let lost = std::mem::take(&mut self.held);
        if lost > 0 {
            common.metrics.lost[1].inc_by(lost);
            tracing::error!(topic = self.name, lost, "an output topic was deleted with the events that it held");
        }
    }
}
