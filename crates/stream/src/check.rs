//! `vigie check --connect`: asks the brokers what would go wrong, and says what to do about each. It writes nothing and joins no partition.

use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, Producer};

use crate::config::{Config, Mode};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, but look at it.
    Warning,
    /// `vigie run` would not get posts through.
    Failure,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// How bad.
    pub level: Level,
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub found: String,
    /// What to do; empty when there is nothing to do.
    pub advice: String,
}

/// One answer of a broker is waited for so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// A week: a reviewer on holiday must still find the flag.
const WEEK_MS: i64 = 7 * 24 * 3600 * 1000;

struct Findings(Vec<Probe>);

impl Findings {
    fn add(&mut self, level: Level, what: impl Into<String>, found: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Probe { level, what: what.into(), found: found.into(), advice: advice.into() });
    }
}

/// Looks at brokers, topics, message size, retention and rights.
pub fn connect(config: &Config) -> Vec<Probe> {
    let mut all = Findings(Vec::new());
    let brokers = &config.kafka.brokers;
    let mut client = config.client();
    client.set("allow.auto.create.topics", "false");
    let consumer: BaseConsumer = match client.create() {
        Ok(consumer) => consumer,
        Err(error) => {
            all.add(Level::Failure, "client", error.to_string(), "correct the [kafka] table");
            return all.0;
        }
    };
    match consumer.fetch_metadata(None, PATIENCE) {
        Ok(metadata) => all.add(Level::Ok, "brokers", format!("{} of the cluster answer through {brokers}", metadata.brokers().len()), ""),
        Err(error) => {
            all.add(
                Level::Failure,
                "brokers",
                format!("{brokers}: {error}"),
                "check kafka.brokers, the network, kafka.security_protocol, the certificate authority and the password",
            );
            return all.0;
        }
    }
    let topics =
        [("posts", &config.topics.posts), ("flags", &config.topics.flags), ("shadow", &config.topics.shadow), ("dead_letters", &config.topics.dead_letters)];
    let mut present = Vec::new();
    for (key, topic) in topics {
        if let Some(partitions) = topic_exists(&consumer, key, topic, &mut all) {
            present.push((key, topic.as_str(), partitions));
        }
    }
    if let Some((_, _, partitions)) = present.iter().find(|(key, ..)| *key == "posts")
        && *partitions < config.delivery.lanes
    {
        let found = format!("{} lanes for {partitions} partitions", config.delivery.lanes);
        all.add(Level::Warning, "delivery.lanes", found, "a lane without a partition is idle: add partitions or lower delivery.lanes");
    }
    topic_settings(config, &present, &mut all);
    can_read(config, &mut all);
    can_write(config, &mut all);
    all.0
}

fn topic_exists(consumer: &BaseConsumer, key: &str, topic: &str, all: &mut Findings) -> Option<usize> {
    let what = format!("topics.{key}");
    let metadata = match consumer.fetch_metadata(Some(topic), PATIENCE) {
        Ok(metadata) => metadata,
        Err(error) => {
            all.add(Level::Failure, what, format!("{topic}: {error}"), "try again");
            return None;
        }
    };
    let found = metadata.topics().iter().find(|t| t.name() == topic)?;
    match found.error().map(RDKafkaErrorCode::from) {
        None => {
            let partitions = found.partitions().len();
            let leaderless = found.partitions().iter().filter(|p| p.leader() < 0).count();
            if leaderless > 0 {
                all.add(Level::Failure, what, format!("{topic}: {leaderless} of {partitions} partitions have no leader"), "bring their brokers back");
            } else {
                all.add(Level::Ok, what, format!("{topic}: {partitions} partitions"), "");
            }
            Some(partitions)
        }
        Some(RDKafkaErrorCode::TopicAuthorizationFailed) => {
            let right = if key == "posts" { "Read" } else { "Write" };
            all.add(Level::Failure, what, format!("{topic}: denied"), format!("grant {right} (with Describe) on it to {}", "the user of this configuration"));
            None
        }
        Some(_) => {
            all.add(
                Level::Failure,
                what,
                format!("{topic}: missing"),
                format!("create it: kafka-topics.sh --create --topic {topic} --partitions N --replication-factor 3"),
            );
            None
        }
    }
}

fn topic_settings(config: &Config, present: &[(&str, &str, usize)], all: &mut Findings) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let admin: AdminClient<DefaultClientContext> = match config.client().create() {
        Ok(admin) => admin,
        Err(error) => return all.add(Level::Warning, "settings of the topics", error.to_string(), ""),
    };
    let wanted: Vec<_> = present.iter().map(|(_, topic, _)| ResourceSpecifier::Topic(topic)).collect();
    let options = AdminOptions::new().request_timeout(Some(PATIENCE));
    let answers = match runtime.block_on(admin.describe_configs(&wanted, &options)) {
        Ok(answers) => answers,
        Err(error) => return all.add(Level::Warning, "settings of the topics", format!("not told: {error}"), "message size and retention were not checked"),
    };
    for ((key, topic, _), answer) in present.iter().zip(answers) {
        match answer {
            Ok(settings) => one_topic(config, key, topic, &settings, all),
            Err(code) => all.add(
                Level::Warning,
                format!("settings of {topic}"),
                format!("not told: {code}"),
                "grant DescribeConfigs to have message size and retention checked",
            ),
        }
    }
}

fn one_topic(config: &Config, key: &str, topic: &str, settings: &ConfigResource, all: &mut Findings) {
    let number = |name: &str| settings.entries.iter().find(|e| e.name == name).and_then(|e| e.value.as_ref()?.parse::<i64>().ok());
    if key != "posts"
        && let Some(max) = number("max.message.bytes")
    {
        let ours = i64::try_from(config.kafka.message_max_bytes).unwrap_or(i64::MAX);
        if max < ours {
            let level = if max < 16_384 { Level::Failure } else { Level::Warning };
            all.add(
                level,
                format!("message size of {topic}"),
                format!("max.message.bytes = {max}, kafka.message_max_bytes = {ours}"),
                "larger events are cut or dead-lettered: set both to the same value",
            );
        } else {
            all.add(Level::Ok, format!("message size of {topic}"), format!("{max} bytes"), "");
        }
    }
    let Some(retention) = number("retention.ms") else { return };
    let days = retention as f64 / 86_400_000.0;
    let (level, advice) = match key {
        "dead_letters" if !(0..=2 * WEEK_MS).contains(&retention) => (Level::Warning, "it holds posts of people: keep it for 7 days"),
        "posts" if (0..3_600_000).contains(&retention) => (Level::Warning, "an outage longer than this loses posts"),
        "flags" if (0..WEEK_MS).contains(&retention) => (Level::Warning, "a flag that nobody read for a week is gone"),
        _ => (Level::Ok, ""),
    };
    let found = if retention < 0 { "for ever".to_owned() } else { format!("{days:.1} days") };
    all.add(level, format!("retention of {topic}"), found, advice);
}

/// Asks for the group's committed offsets: the right to Read the group, without joining it.
fn can_read(config: &Config, all: &mut Findings) {
    let mut client = config.client();
    client.set("group.id", &config.kafka.group).set("enable.auto.commit", "false").set("allow.auto.create.topics", "false");
    let group = format!("group {}", config.kafka.group);
    let answer = client.create::<BaseConsumer>().and_then(|consumer| {
        let metadata = consumer.fetch_metadata(Some(&config.topics.posts), PATIENCE)?;
        let mut list = rdkafka::TopicPartitionList::new();
        for partition in metadata.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions) {
            list.add_partition(&config.topics.posts, partition.id());
        }
        if list.count() == 0 {
            return Ok((list, None));
        }
        let committed = consumer.committed_offsets(list.clone(), PATIENCE)?;
        let watermark = consumer.fetch_watermarks(&config.topics.posts, 0, PATIENCE)?;
        Ok((committed, Some(watermark)))
    });
    match answer {
        Ok((_, None)) => {}
        Ok((committed, Some(_))) => {
            let started = committed.elements().iter().filter(|e| e.offset().to_raw().is_some_and(|o| o >= 0)).count();
            all.add(Level::Ok, group, format!("may be read; offsets committed for {started} of {} partitions", committed.count()), "");
        }
        Err(error) => {
            let denied = matches!(error.rdkafka_error_code(), Some(RDKafkaErrorCode::GroupAuthorizationFailed));
            let advice = if denied { "grant Read on the group" } else { "grant Read on the posts topic, or try again" };
            all.add(Level::Failure, group, error.to_string(), advice);
        }
    }
}

/// Asks for a producer id, and under exactly-once for the transactional id, which ends an open transaction of the same name: so only that of a
/// lane beyond those in use.
fn can_write(config: &Config, all: &mut Findings) {
    let exactly_once = config.delivery.mode == Mode::ExactlyOnce;
    let producer: Result<BaseProducer, KafkaError> = config.producer(config.delivery.lanes).create();
    let deadline = Instant::now() + PATIENCE;
    let answer = producer.and_then(|producer| {
        if !exactly_once {
            return Ok(());
        }
        loop {
            match producer.init_transactions(Duration::from_secs(5)) {
                Err(KafkaError::Transaction(e)) if e.is_retriable() && Instant::now() < deadline => {}
                other => return other,
            }
        }
    });
    match answer {
        Ok(()) if exactly_once => all.add(Level::Ok, "transactions", "the transactional id may be used", ""),
        Ok(()) => all.add(Level::Ok, "producer", "ready; that topics take messages shows with the first event", ""),
        Err(error) => all.add(Level::Failure, "producer", error.to_string(), "grant Write and Describe on the transactional ids (kafka.instance_id-N)"),
    }
}
