//! From what was typed to what can only be right: defaults, ranges, and settings that fight each other. All problems are reported.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use super::file::File;
use super::{
    Config, ConfigErrors, DeadLetters, DeadPayload, Delivery, Format, Http, IncludeText, Input, Kafka, Lexicons, Log, LogFormat, Mode, OffsetReset, Output,
    Privacy, Secret, Security, Topics, file, keys, refused,
};
use crate::wire;

/// Checks `file`; `None` only if a problem was reported.
pub(super) fn validate(file: File, errors: &mut ConfigErrors) -> Option<Config> {
    let config = Config {
        kafka: kafka(file.kafka, errors),
        topics: topics(file.topics, errors),
        input: input(file.input, errors),
        output: Output {
            include_text: choice("output.include_text", file.output.include_text, "excerpt", INCLUDE, errors),
            excerpt_chars: range("output.excerpt_chars", file.output.excerpt_chars, 280, 40, 10_000, errors) as usize,
        },
        delivery: delivery(&file.delivery, errors),
        dead_letters: DeadLetters {
            payload: choice("dead_letters.payload", file.dead_letters.payload, "full", PAYLOADS, errors),
            breaker_percent: range("dead_letters.breaker_percent", file.dead_letters.breaker_percent, 5, 1, 100, errors) as u32,
            breaker_min_records: range("dead_letters.breaker_min_records", file.dead_letters.breaker_min_records, 100, 1, 1_000_000_000, errors),
            breaker_window: seconds("dead_letters.breaker_window_secs", file.dead_letters.breaker_window_secs, 60, 1, 3600, errors),
        },
        privacy: Privacy {
            author_key: secret_file("privacy.author_key_file", file.privacy.author_key_file, errors),
            author_key_id: matching("privacy.author_key_id", file.privacy.author_key_id, "k1", is_key_id, "1 to 8 of a-z 0-9", errors),
        },
        lexicons: Lexicons { path: existing("lexicons.path", file.lexicons.path, errors) },
        http: Http { listen: parsed("http.listen", file.http.listen, "127.0.0.1:9464", errors) },
        log: Log {
            level: choice("log.level", file.log.level, "info", LEVELS, errors).to_owned(),
            format: choice("log.format", file.log.format, "text", FORMATS, errors),
        },
    };
    fights(&config, errors);
    if !errors.is_empty() {
        return None;
    }
    // librdkafka knows its own names and ranges best; nothing is opened by this.
    for (what, client) in [("consumer", config.consumer(0)), ("producer", config.producer(0))] {
        if let Err(error) = client.create_native_config() {
            errors.push(format!("[kafka.properties]: {what}: {error}"));
        }
    }
    Some(config)
}

const INCLUDE: &[(&str, IncludeText)] = &[("none", IncludeText::None), ("excerpt", IncludeText::Excerpt), ("full", IncludeText::Full)];
const PAYLOADS: &[(&str, DeadPayload)] = &[("full", DeadPayload::Full), ("reference", DeadPayload::Reference)];
const LEVELS: &[(&str, &str)] = &[("error", "error"), ("warn", "warn"), ("info", "info"), ("debug", "debug"), ("trace", "trace")];
const FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
const RESETS: &[(&str, OffsetReset)] = &[("earliest", OffsetReset::Earliest), ("error", OffsetReset::Error)];
const MODES: &[(&str, Mode)] = &[("at_least_once", Mode::AtLeastOnce), ("exactly_once", Mode::ExactlyOnce)];
const CODECS: &[(&str, &str)] = &[("none", "none"), ("lz4", "lz4"), ("zstd", "zstd"), ("snappy", "snappy"), ("gzip", "gzip")];
const GROUP_PROTOCOLS: &[(&str, &str)] = &[("classic", "classic"), ("consumer", "consumer")];
const SECURITY: &[(&str, &str)] = &[("PLAINTEXT", "PLAINTEXT"), ("SSL", "SSL"), ("SASL_PLAINTEXT", "SASL_PLAINTEXT"), ("SASL_SSL", "SASL_SSL")];
const MECHANISMS: &[(&str, &str)] =
    &[("PLAIN", "PLAIN"), ("SCRAM-SHA-256", "SCRAM-SHA-256"), ("SCRAM-SHA-512", "SCRAM-SHA-512"), ("OAUTHBEARER", "OAUTHBEARER")];
const INPUTS: &[(&str, Format)] = &[
    ("post_v1", Format::Post),
    ("activitystreams", Format::ActivityStreams),
    ("osprey", Format::Osprey),
    ("id_text", Format::IdText),
    ("pointers", Format::Pointers(BTreeMap::new())),
];

fn kafka(file: file::Kafka, errors: &mut ConfigErrors) -> Kafka {
    let brokers = file.brokers.unwrap_or_default();
    if brokers.trim().is_empty() {
        errors.push("`kafka.brokers` is not set: host:port, separated by commas (or VIGIE_KAFKA__BROKERS)".to_owned());
    }
    let mut properties = BTreeMap::new();
    for (name, value) in file.properties.unwrap_or_default() {
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Float(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            _ => {
                errors.push(format!("`kafka.properties.{name}` must be a text, a number or a boolean (quote dotted names)"));
                continue;
            }
        };
        match refused(&name) {
            Some(why) => errors.push(format!("`kafka.properties.{name}` is refused: {why}")),
            None => {
                properties.insert(name, value);
            }
        }
    }
    Kafka {
        brokers,
        group: file.group.unwrap_or_else(|| "vigie".to_owned()),
        client_id: file.client_id.unwrap_or_else(|| "vigie".to_owned()),
        instance_id: file.instance_id,
        security: Security {
            protocol: choice("kafka.security_protocol", file.security_protocol.map(|p| p.to_uppercase()), "PLAINTEXT", SECURITY, errors).to_owned(),
            mechanism: file.sasl_mechanism.map(|m| choice("kafka.sasl_mechanism", Some(m.to_uppercase()), "PLAIN", MECHANISMS, errors).to_owned()),
            username: file.sasl_username,
            password: file.sasl_password.map(Secret::new).or_else(|| secret_file("kafka.sasl_password_file", file.sasl_password_file, errors)),
            ca_file: existing("kafka.ssl_ca_file", file.ssl_ca_file, errors),
            certificate_file: existing("kafka.ssl_certificate_file", file.ssl_certificate_file, errors),
            key_file: existing("kafka.ssl_key_file", file.ssl_key_file, errors),
            key_password: secret_file("kafka.ssl_key_password_file", file.ssl_key_password_file, errors),
        },
        offset_reset: choice("kafka.offset_reset", file.offset_reset, "earliest", RESETS, errors),
        group_protocol: choice("kafka.group_protocol", file.group_protocol, "classic", GROUP_PROTOCOLS, errors).to_owned(),
        session_timeout: seconds("kafka.session_timeout_secs", file.session_timeout_secs, 45, 6, 1800, errors),
        max_poll_interval: seconds("kafka.max_poll_interval_secs", file.max_poll_interval_secs, 300, 10, 86_400, errors),
        compression: choice("kafka.compression", file.compression, "lz4", CODECS, errors).to_owned(),
        message_max_bytes: range("kafka.message_max_bytes", file.message_max_bytes, 1_000_000, 16_384, 100_000_000, errors) as usize,
        properties,
    }
}

fn topics(file: file::Topics, errors: &mut ConfigErrors) -> Topics {
    let default = Topics::default();
    let is_name = |n: &str| (1..=249).contains(&n.len()) && n != "." && n != ".." && n.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let mut name = |key: &str, value: Option<String>, default: &str| matching(key, value, default, is_name, "1 to 249 of a-z A-Z 0-9 . _ -", errors);
    let topics = Topics {
        posts: name("topics.posts", file.posts, &default.posts),
        flags: name("topics.flags", file.flags, &default.flags),
        shadow: name("topics.shadow", file.shadow, &default.shadow),
        dead_letters: name("topics.dead_letters", file.dead_letters, &default.dead_letters),
    };
    let all = [("posts", &topics.posts), ("flags", &topics.flags), ("shadow", &topics.shadow), ("dead_letters", &topics.dead_letters)];
    for (i, (key, topic)) in all.iter().enumerate() {
        if let Some((other, _)) = all[..i].iter().find(|(_, t)| t == topic) {
            errors.push(format!("`topics.{key}` and `topics.{other}` are both `{topic}`: each message kind has its own topic"));
        }
    }
    topics
}

fn input(file: file::Input, errors: &mut ConfigErrors) -> Input {
    let mut format = choice("input.format", file.format, "post_v1", INPUTS, errors);
    let pointers = file.pointers.unwrap_or_default();
    if let Format::Pointers(map) = &mut format {
        if let Err(problem) = wire::Shape::from_pointers(&pointers) {
            errors.push(format!("[input.pointers]: {problem}"));
        }
        *map = pointers;
    } else if !pointers.is_empty() {
        errors.push("`input.pointers` is set, but `input.format` is not \"pointers\"".to_owned());
    }
    let list = |value: Option<Vec<String>>, default: &str| value.unwrap_or_else(|| vec![default.to_owned()]);
    Input {
        format,
        tenant: matching("input.tenant", file.tenant, "default", |t| (1..=64).contains(&t.len()), "1 to 64 bytes", errors),
        max_payload_bytes: range("input.max_payload_bytes", file.max_payload_bytes, 1 << 20, 1024, 64 << 20, errors) as usize,
        max_text_bytes: range("input.max_text_bytes", file.max_text_bytes, 64 << 10, 256, 1 << 20, errors) as usize,
        skip_surfaces: list(file.skip_surfaces, "dm"),
        skip_visibilities: list(file.skip_visibilities, "direct"),
    }
}

fn delivery(file: &file::Delivery, errors: &mut ConfigErrors) -> Delivery {
    let cores = thread::available_parallelism().map_or(1, usize::from) as u64;
    Delivery {
        mode: choice("delivery.mode", file.mode.clone(), "at_least_once", MODES, errors),
        lanes: range("delivery.lanes", file.lanes, cores.min(256), 1, 256, errors) as usize,
        max_in_flight_records: range("delivery.max_in_flight_records", file.max_in_flight_records, 50_000, 1, 10_000_000, errors) as usize,
        max_in_flight_bytes: range("delivery.max_in_flight_bytes", file.max_in_flight_bytes, 64 << 20, 1 << 20, 16 << 30, errors) as usize,
        message_timeout: seconds("delivery.message_timeout_secs", file.message_timeout_secs, 120, 5, 3600, errors),
        shutdown_timeout: seconds("delivery.shutdown_timeout_secs", file.shutdown_timeout_secs, 10, 1, 600, errors),
        transaction_interval: Duration::from_millis(range("delivery.transaction_interval_ms", file.transaction_interval_ms, 300, 10, 60_000, errors)),
        transaction_max_records: range("delivery.transaction_max_records", file.transaction_max_records, 20_000, 1, 1_000_000, errors) as usize,
    }
}

/// Settings that are right alone and wrong together.
fn fights(config: &Config, errors: &mut ConfigErrors) {
    let (kafka, security) = (&config.kafka, &config.kafka.security);
    if config.delivery.mode == Mode::ExactlyOnce && kafka.instance_id.is_none() {
        errors.push("`delivery.mode = \"exactly_once\"` needs `kafka.instance_id` (VIGIE_KAFKA__INSTANCE_ID): a stable name, so that a restart ends the transactions of its predecessor".to_owned());
    }
    if config.delivery.shutdown_timeout >= kafka.session_timeout {
        errors.push(format!(
            "`delivery.shutdown_timeout_secs` ({}) must stay below `kafka.session_timeout_secs` ({})",
            config.delivery.shutdown_timeout.as_secs(),
            kafka.session_timeout.as_secs()
        ));
    }
    if kafka.max_poll_interval < kafka.session_timeout {
        errors.push("`kafka.max_poll_interval_secs` must not be below `kafka.session_timeout_secs`".to_owned());
    }
    if kafka.group_protocol == "consumer" && config.delivery.mode == Mode::ExactlyOnce {
        errors.push("`kafka.group_protocol = \"consumer\"` is not offered with `exactly_once`: use \"classic\"".to_owned());
    }
    if security.protocol.starts_with("SASL") {
        let named = |set: bool, key: &str| (!set).then(|| format!("`kafka.security_protocol = \"{}\"` needs `kafka.{key}`", security.protocol));
        let oauth = security.mechanism.as_deref() == Some("OAUTHBEARER");
        let problems = [
            named(security.mechanism.is_some(), "sasl_mechanism"),
            named(oauth || security.username.is_some(), "sasl_username"),
            named(oauth || security.password.is_some(), "sasl_password_file"),
        ];
        for problem in problems.into_iter().flatten() {
            errors.push(problem);
        }
    } else if security.mechanism.is_some() || security.username.is_some() || security.password.is_some() {
        errors.push(format!("SASL settings are given, but `kafka.security_protocol` is \"{}\": they would be ignored", security.protocol));
    }
    if security.password.as_ref().is_some_and(|p| p.expose_text().is_none()) {
        errors.push("`kafka.sasl_password_file` does not hold UTF-8 text".to_owned());
    }
    if !security.protocol.ends_with("SSL") && security.ca_file.is_some() {
        errors.push(format!("`kafka.ssl_ca_file` is given, but `kafka.security_protocol` is \"{}\": the connection would not be encrypted", security.protocol));
    }
    if config.privacy.author_key.as_ref().is_some_and(|key| key.expose().len() < 16) {
        errors.push("`privacy.author_key_file` holds fewer than 16 bytes: a short key can be guessed".to_owned());
    }
    if security.certificate_file.is_some() != security.key_file.is_some() {
        errors.push("`kafka.ssl_certificate_file` and `kafka.ssl_key_file` go together".to_owned());
    }
    // A flag carries at most the whole text several times over as spans and surfaces; below that nothing could be sent.
    if config.output.include_text == IncludeText::Full && kafka.message_max_bytes < config.input.max_text_bytes + 65_536 {
        errors.push("`output.include_text = \"full\"` needs `kafka.message_max_bytes` of at least `input.max_text_bytes` + 65536".to_owned());
    }
}

fn choice<T: Clone>(key: &str, value: Option<String>, default: &str, allowed: &[(&str, T)], errors: &mut ConfigErrors) -> T {
    let value = value.unwrap_or_else(|| default.to_owned());
    if let Some((_, chosen)) = allowed.iter().find(|(name, _)| *name == value) {
        return chosen.clone();
    }
    let names: Vec<_> = allowed.iter().map(|(n, _)| format!("\"{n}\"")).collect();
    let hint = keys::closest(&value, allowed.iter().map(|(n, _)| (*n).to_owned())).map_or(String::new(), |c| format!("; did you mean \"{c}\"?"));
    errors.push(format!("`{key}` must be one of {}{hint}", names.join(", ")));
    allowed[0].1.clone()
}

fn range(key: &str, value: Option<u64>, default: u64, low: u64, high: u64, errors: &mut ConfigErrors) -> u64 {
    let value = value.unwrap_or(default);
    if !(low..=high).contains(&value) {
        errors.push(format!("`{key}` is {value}: it must lie between {low} and {high}"));
    }
    value.clamp(low, high)
}

fn seconds(key: &str, value: Option<u64>, default: u64, low: u64, high: u64, errors: &mut ConfigErrors) -> Duration {
    Duration::from_secs(range(key, value, default, low, high, errors))
}

fn matching(key: &str, value: Option<String>, default: &str, is: impl Fn(&str) -> bool, rule: &str, errors: &mut ConfigErrors) -> String {
    let value = value.unwrap_or_else(|| default.to_owned());
    if !is(&value) {
        errors.push(format!("`{key}` must be {rule}"));
    }
    value
}

fn is_key_id(id: &str) -> bool {
    (1..=8).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn parsed<T: FromStr>(key: &str, value: Option<String>, default: &str, errors: &mut ConfigErrors) -> T {
    let value = value.unwrap_or_else(|| default.to_owned());
    value.parse().unwrap_or_else(|_| {
        errors.push(format!("`{key}` must be an address and a port, as in \"{default}\""));
        default.parse().unwrap_or_else(|_| unreachable!("the default of {key} is valid"))
    })
}

fn existing(key: &str, value: Option<String>, errors: &mut ConfigErrors) -> Option<PathBuf> {
    let path = PathBuf::from(value?);
    if !path.exists() {
        errors.push(format!("`{key}`: there is no {}", path.display()));
    }
    Some(path)
}

fn secret_file(key: &str, value: Option<String>, errors: &mut ConfigErrors) -> Option<Secret> {
    let path = PathBuf::from(value?);
    Secret::read(&path).map_err(|error| errors.push(format!("`{key}`: {}: {error}", path.display()))).ok()
}
