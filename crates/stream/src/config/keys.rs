//! The register of configuration keys: what exists, of what type, so that the file, the environment and the messages agree.
//! It holds no values.

use strsim::damerau_levenshtein;

/// Type of a key, for values that come from the environment as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// Texts, separated by commas in the environment.
    List,
}

/// One key.
#[derive(Debug)]
pub struct Key {
    /// Table of the file, lower case.
    pub section: &'static str,
    /// Name in the table.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
}

const fn key(section: &'static str, name: &'static str, kind: Kind) -> Key {
    Key { section, name, kind }
}

use Kind::{List, Number, Text};

/// Every key but the free tables `kafka.properties` and `input.pointers`.
pub const KEYS: &[Key] = &[
    key("kafka", "brokers", Text),
    key("kafka", "group", Text),
    key("kafka", "client_id", Text),
    key("kafka", "instance_id", Text),
    key("kafka", "security_protocol", Text),
    key("kafka", "sasl_mechanism", Text),
    key("kafka", "sasl_username", Text),
    key("kafka", "sasl_password_file", Text),
    key("kafka", "sasl_password", Text),
    key("kafka", "ssl_ca_file", Text),
    key("kafka", "ssl_certificate_file", Text),
    key("kafka", "ssl_key_file", Text),
    key("kafka", "ssl_key_password_file", Text),
    key("kafka", "offset_reset", Text),
    key("kafka", "group_protocol", Text),
    key("kafka", "session_timeout_secs", Number),
    key("kafka", "max_poll_interval_secs", Number),
    key("kafka", "compression", Text),
    key("kafka", "message_max_bytes", Number),
    key("topics", "posts", Text),
    key("topics", "flags", Text),
    key("topics", "shadow", Text),
    key("topics", "dead_letters", Text),
    key("input", "format", Text),
    key("input", "tenant", Text),
    key("input", "max_payload_bytes", Number),
    key("input", "max_text_bytes", Number),
    key("input", "skip_surfaces", List),
    key("input", "skip_visibilities", List),
    key("output", "include_text", Text),
    key("output", "excerpt_chars", Number),
    key("delivery", "mode", Text),
    key("delivery", "lanes", Number),
    key("delivery", "max_in_flight_records", Number),
    key("delivery", "max_in_flight_bytes", Number),
    key("delivery", "message_timeout_secs", Number),
    key("delivery", "shutdown_timeout_secs", Number),
    key("delivery", "transaction_interval_ms", Number),
    key("delivery", "transaction_max_records", Number),
    key("dead_letters", "payload", Text),
    key("dead_letters", "breaker_percent", Number),
    key("dead_letters", "breaker_min_records", Number),
    key("dead_letters", "breaker_window_secs", Number),
    key("privacy", "author_key_file", Text),
    key("privacy", "author_key_id", Text),
    key("lexicons", "path", Text),
    key("http", "listen", Text),
    key("log", "level", Text),
    key("log", "format", Text),
];

/// Tables in which any name is allowed; they check their own.
pub const FREE: &[(&str, &str)] = &[("kafka", "properties"), ("input", "pointers")];

/// The key of that name.
pub fn find(section: &str, name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|k| k.section == section && k.name == name)
}

/// Whether a table of that name exists.
pub fn is_section(section: &str) -> bool {
    KEYS.iter().any(|k| k.section == section)
}

/// The dotted key closest to `wanted`, if close enough to be meant.
pub fn nearest_key(wanted: &str) -> Option<String> {
    let all = KEYS.iter().map(|k| format!("{}.{}", k.section, k.name)).chain(FREE.iter().map(|(s, n)| format!("{s}.{n}")));
    closest(wanted, all)
}

/// The candidate closest to `wanted`: at most a third of its letters apart.
pub fn closest(wanted: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    candidates.map(|c| (damerau_levenshtein(wanted, &c), c)).min().filter(|(d, c)| *d <= 1 + c.len() / 3).map(|(_, c)| c)
}
