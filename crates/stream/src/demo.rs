//! A Kafka broker inside the process, for `vigie demo` and for tests: librdkafka's own mock cluster, which speaks the real protocol on loopback.
//! It has no transactions and drops the oldest data in silence beyond 5 MiB a partition: nothing shown on it may be called exactly-once.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use crate::config::{Config, ConfigErrors, Topics};

/// What can go wrong with the broker of the demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// librdkafka refused.
    #[error("embedded broker: {0}")]
    Kafka(#[from] KafkaError),
    /// The demo's own configuration.
    #[error("{0}")]
    Config(#[from] ConfigErrors),
    /// Not acknowledged in time.
    #[error("{0} posts were not acknowledged by the embedded broker")]
    Unacknowledged(i32),
}

/// The broker; it goes when this is dropped.
pub struct Broker {
    cluster: MockCluster<'static, DefaultProducerContext>,
    bootstrap: String,
    topics: Topics,
}

impl Broker {
    /// Starts a broker with the four topics; the posts have `partitions`.
    pub fn start(topics: &Topics, partitions: i32) -> Result<Self, DemoError> {
        let cluster = MockCluster::new(1)?;
        for (topic, partitions) in [(&topics.posts, partitions), (&topics.flags, 1), (&topics.shadow, 1), (&topics.dead_letters, 1)] {
            cluster.create_topic(topic, partitions, 1)?;
        }
        let bootstrap = cluster.bootstrap_servers();
        Ok(Self { cluster, bootstrap, topics: topics.clone() })
    }

    /// Where other clients can attach.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// The cluster, to inject faults.
    pub fn cluster(&self) -> &MockCluster<'static, DefaultProducerContext> {
        &self.cluster
    }

    /// A configuration that reads this broker with one lane.
    pub fn config(&self, http: SocketAddr) -> Result<Config, DemoError> {
        let pairs = [
            ("VIGIE_KAFKA__BROKERS", self.bootstrap.clone()),
            ("VIGIE_KAFKA__GROUP", "vigie-demo".to_owned()),
            // The mock broker waits 3 s for more members of a classic group, and there are none.
            ("VIGIE_KAFKA__GROUP_PROTOCOL", "consumer".to_owned()),
            ("VIGIE_DELIVERY__LANES", "1".to_owned()),
            ("VIGIE_HTTP__LISTEN", http.to_string()),
            ("VIGIE_TOPICS__POSTS", self.topics.posts.clone()),
            ("VIGIE_TOPICS__FLAGS", self.topics.flags.clone()),
            ("VIGIE_TOPICS__SHADOW", self.topics.shadow.clone()),
            ("VIGIE_TOPICS__DEAD_LETTERS", self.topics.dead_letters.clone()),
        ];
        Ok(Config::load(None, pairs.map(|(name, value)| (name.to_owned(), value)))?)
    }
}

/// Puts posts on a topic.
pub struct Feed {
    producer: BaseProducer,
    topic: String,
}

impl Feed {
    /// A producer of its own, as any platform would have.
    pub fn open(bootstrap: &str, topic: &str) -> Result<Self, DemoError> {
        let producer = ClientConfig::new().set("bootstrap.servers", bootstrap).set("linger.ms", "5").create()?;
        Ok(Self { producer, topic: topic.to_owned() })
    }

    /// Sends one record; the caller sets the pace.
    pub fn send(&self, key: &str, json: &[u8]) -> Result<(), DemoError> {
        loop {
            match self.producer.send(BaseRecord::to(&self.topic).key(key).payload(json)) {
                Ok(()) => break,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => self.producer.poll(Duration::from_millis(10)),
                Err((error, _)) => return Err(error.into()),
            }
        }
        self.producer.poll(Duration::ZERO);
        Ok(())
    }

    /// Waits until all are acknowledged.
    pub fn finish(&self, timeout: Duration) -> Result<(), DemoError> {
        let deadline = Instant::now() + timeout;
        while self.producer.in_flight_count() > 0 {
            if Instant::now() >= deadline {
                return Err(DemoError::Unacknowledged(self.producer.in_flight_count()));
            }
            self.producer.poll(Duration::from_millis(5));
        }
        Ok(())
    }
}

/// Reads a topic from its beginning, in no group, as a reviewers' tool would.
pub struct Tap {
    consumer: BaseConsumer,
}

impl Tap {
    /// Assigned to every partition of `topic`.
    pub fn open(bootstrap: &str, topic: &str) -> Result<Self, DemoError> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", bootstrap).set("group.id", "vigie-tap").set("enable.auto.commit", "false").set("fetch.wait.max.ms", "50");
        Self::with(&config, topic)
    }

    /// The same with a configuration of the caller's.
    pub fn with(config: &ClientConfig, topic: &str) -> Result<Self, DemoError> {
        let consumer: BaseConsumer = config.create()?;
        let metadata = consumer.fetch_metadata(Some(topic), Duration::from_secs(10))?;
        let mut list = TopicPartitionList::new();
        for partition in metadata.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions) {
            list.add_partition_offset(topic, partition.id(), Offset::Beginning)?;
        }
        consumer.assign(&list)?;
        Ok(Self { consumer })
    }

    /// Value of the next record, if one comes in time. A record without value is empty.
    pub fn next(&self, timeout: Duration) -> Result<Option<Vec<u8>>, DemoError> {
        Ok(self.next_message(timeout)?.map(|m| m.payload().unwrap_or_default().to_owned()))
    }

    /// The next record whole.
    pub fn next_message(&self, timeout: Duration) -> Result<Option<rdkafka::message::OwnedMessage>, DemoError> {
        let deadline = Instant::now() + timeout;
        loop {
            match self.consumer.poll(deadline.saturating_duration_since(Instant::now())) {
                Some(Ok(message)) => return Ok(Some(message.detach())),
                // Reports of connections that come and go; the client goes on by itself.
                Some(Err(KafkaError::MessageConsumption(_))) | None => {}
                Some(Err(error)) => return Err(error.into()),
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
        }
    }
}
