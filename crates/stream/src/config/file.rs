//! The configuration as typed: one TOML table and the environment laid over it. It checks names and types, never values.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Table, Value};

use super::ConfigErrors;
use super::keys::{self, FREE, KEYS, Kind};

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(super) struct $name { $(pub(super) $field: Option<$type>),+ }
    };
}

section! { Kafka {
    brokers: String, group: String, client_id: String, instance_id: String, security_protocol: String, sasl_mechanism: String,
    sasl_username: String, sasl_password_file: String, sasl_password: String, ssl_ca_file: String, ssl_certificate_file: String,
    ssl_key_file: String, ssl_key_password_file: String, offset_reset: String, group_protocol: String, session_timeout_secs: u64,
    max_poll_interval_secs: u64, compression: String, message_max_bytes: u64, properties: BTreeMap<String, Value>,
} }
section! { Topics { posts: String, flags: String, shadow: String, dead_letters: String } }
section! { Input {
    format: String, tenant: String, max_payload_bytes: u64, max_text_bytes: u64, skip_surfaces: Vec<String>,
    skip_visibilities: Vec<String>, pointers: BTreeMap<String, String>,
} }
section! { Output { include_text: String, excerpt_chars: u64 } }
section! { Delivery {
    mode: String, lanes: u64, max_in_flight_records: u64, max_in_flight_bytes: u64, message_timeout_secs: u64, shutdown_timeout_secs: u64,
    transaction_interval_ms: u64, transaction_max_records: u64,
} }
section! { DeadLetters { payload: String, breaker_percent: u64, breaker_min_records: u64, breaker_window_secs: u64 } }
section! { Privacy { author_key_file: String, author_key_id: String } }
section! { Lexicons { path: String } }
section! { Http { listen: String } }
section! { Log { level: String, format: String } }

/// Everything that was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) kafka: Kafka,
    pub(super) topics: Topics,
    pub(super) input: Input,
    pub(super) output: Output,
    pub(super) delivery: Delivery,
    pub(super) dead_letters: DeadLetters,
    pub(super) privacy: Privacy,
    pub(super) lexicons: Lexicons,
    pub(super) http: Http,
    pub(super) log: Log,
}

impl File {
    /// Reads `source` (called `name` in messages) and lays `environment` over it. Reports every problem, not the first.
    pub(super) fn read(name: &str, source: &str, environment: impl IntoIterator<Item = (String, String)>, errors: &mut ConfigErrors) -> Option<Self> {
        let mut table: Table = match source.parse() {
            Ok(table) => table,
            Err(error) => {
                // Only place and kind: the message of the parser quotes the line, which may hold what is secret.
                let line = error.span().map_or(1, |s| source[..s.start.min(source.len())].matches('\n').count() + 1);
                errors.push(format!("{name}:{line}: not TOML: {}", error.message()));
                return None;
            }
        };
        refuse_unknown(name, source, &table, errors);
        if table.get("kafka").and_then(|k| k.get("sasl_password")).is_some() {
            errors.push(format!("{name}: `kafka.sasl_password` is refused in a file: use `kafka.sasl_password_file` or VIGIE_KAFKA__SASL_PASSWORD"));
        }
        overlay(&mut table, environment, errors);
        if !errors.is_empty() {
            return None;
        }
        let mut file = Self::default();
        let mut sections = table;
        macro_rules! take {
            ($($section:ident),+) => { $(
                if let Some(value) = sections.remove(stringify!($section)) {
                    match value.try_into() {
                        Ok(section) => file.$section = section,
                        Err(error) => errors.push(format!("{name}: [{}]: {}", stringify!($section), toml::de::Error::message(&error))),
                    }
                }
            )+ };
        }
        take!(kafka, topics, input, output, delivery, dead_letters, privacy, lexicons, http, log);
        Some(file)
    }
}

fn refuse_unknown(name: &str, source: &str, table: &Table, errors: &mut ConfigErrors) {
    for (section, value) in table {
        let Some(inner) = value.as_table() else {
            errors.push(format!("{name}:{}: `{section}` stands outside every table{}", line_of(source, "", section), hint(section)));
            continue;
        };
        if !keys::is_section(section) {
            let known = KEYS.iter().map(|k| k.section.to_owned());
            let hint = keys::closest(section, known).map_or(String::new(), |c| format!(": did you mean `[{c}]`?"));
            errors.push(format!("{name}:{}: unknown table `[{section}]`{hint}", line_of(source, section, "")));
            continue;
        }
        for (key, value) in inner {
            if FREE.contains(&(section.as_str(), key.as_str())) {
                if !value.is_table() {
                    errors.push(format!("{name}:{}: `{section}.{key}` must be a table", line_of(source, section, key)));
                }
            } else if keys::find(section, key).is_none() {
                let dotted = format!("{section}.{key}");
                errors.push(format!("{name}:{}: unknown key `{dotted}`{}", line_of(source, section, key), hint(&dotted)));
            }
        }
    }
}

fn hint(wanted: &str) -> String {
    keys::nearest_key(wanted).map_or(String::new(), |c| format!(": did you mean `{c}`?"))
}

/// Line of `key` in `[section]`, or of the section's header when `key` is empty; 1 when it was written in another way.
fn line_of(source: &str, section: &str, key: &str) -> usize {
    let mut current = String::new();
    for (number, line) in source.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.split(']').next()) {
            header.trim().clone_into(&mut current);
            if key.is_empty() && current.split('.').next() == Some(section) {
                return number + 1;
            }
        } else if current == section && line.split('=').next().is_some_and(|k| k.trim() == key) {
            return number + 1;
        }
    }
    1
}

/// `VIGIE_SECTION__KEY`: names without the double underscore are not configuration, an empty value is no value.
fn overlay(table: &mut Table, environment: impl IntoIterator<Item = (String, String)>, errors: &mut ConfigErrors) {
    let mut found: Vec<_> = environment.into_iter().filter(|(name, _)| name.starts_with("VIGIE_") && name.contains("__")).collect();
    found.sort();
    for (name, value) in found {
        let lower = name["VIGIE_".len()..].to_lowercase();
        let mut parts = lower.split("__");
        let (section, key, third) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next());
        if value.is_empty() {
            continue;
        }
        if let (Some(third), true) = (third, FREE.contains(&(section, key))) {
            // librdkafka's names are dotted, and a shell cannot write a dot.
            let third = if section == "kafka" { third.replace('_', ".") } else { third.to_owned() };
            entry(entry(table, section), key).insert(third, Value::String(value));
            continue;
        }
        let Some(known) = keys::find(section, key).filter(|_| third.is_none()) else {
            let hint = keys::nearest_key(&format!("{section}.{key}"))
                .map_or(String::new(), |c| format!(": did you mean `VIGIE_{}`?", c.replacen('.', "__", 1).to_uppercase()));
            errors.push(format!("environment: unknown name `{name}`{hint}"));
            continue;
        };
        let value = match known.kind {
            Kind::Text => Value::String(value),
            Kind::List => Value::Array(value.split(',').map(|v| Value::String(v.trim().to_owned())).filter(|v| v.as_str() != Some("")).collect()),
            Kind::Number => {
                if let Ok(number) = value.trim().parse() {
                    Value::Integer(number)
                } else {
                    errors.push(format!("environment: `{name}` must be a whole number"));
                    continue;
                }
            }
        };
        entry(table, section).insert(key.to_owned(), value);
    }
}

fn entry<'t>(table: &'t mut Table, name: &str) -> &'t mut Table {
    let slot = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
    if !slot.is_table() {
        *slot = Value::Table(Table::new());
    }
    slot.as_table_mut().expect("made a table on the line above")
}
