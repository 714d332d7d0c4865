//! Configuration in two steps: [`file`] reads strictly what was typed, [`Config`] can only be right. Nothing here opens a connection.

mod clients;
mod file;
pub mod keys;
mod properties;
mod secret;
mod validate;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use properties::refused;
pub use secret::Secret;

/// A checked configuration.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Config {
    pub kafka: Kafka,
    pub topics: Topics,
    pub input: Input,
    pub output: Output,
    pub delivery: Delivery,
    pub dead_letters: DeadLetters,
    pub privacy: Privacy,
    pub lexicons: Lexicons,
    pub http: Http,
    pub log: Log,
}

/// How to reach Kafka.
#[derive(Debug, Clone)]
pub struct Kafka {
    /// `host:port`, separated by commas.
    pub brokers: String,
    /// Consumer group.
    pub group: String,
    /// Name in the broker's logs.
    pub client_id: String,
    /// Stable name of this instance; each lane appends `-N`.
    pub instance_id: Option<String>,
    /// Protocol, mechanism, certificates.
    pub security: Security,
    /// Where a group without offsets starts.
    pub offset_reset: OffsetReset,
    /// `classic` or `consumer` (KIP-848).
    pub group_protocol: String,
    /// The broker forgets a member after this silence.
    pub session_timeout: Duration,
    /// A lane polls at least this often.
    pub max_poll_interval: Duration,
    /// Codec of what is produced.
    pub compression: String,
    /// Largest message that is produced.
    pub message_max_bytes: usize,
    /// Any other property of librdkafka.
    pub properties: BTreeMap<String, String>,
}

/// TLS and SASL.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Security {
    pub protocol: String,
    pub mechanism: Option<String>,
    pub username: Option<String>,
    pub password: Option<Secret>,
    pub ca_file: Option<PathBuf>,
    pub certificate_file: Option<PathBuf>,
    pub key_file: Option<PathBuf>,
    pub key_password: Option<Secret>,
}

/// Where a group without offsets starts; there is no `latest`, which skips data in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the oldest record.
    Earliest,
    /// Nowhere: an operator decides.
    Error,
}

/// Names of the topics.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Topics {
    pub posts: String,
    pub flags: String,
    pub shadow: String,
    pub dead_letters: String,
}

impl Default for Topics {
    fn default() -> Self {
        let name = |n: &str| format!("vigie.{n}");
        Self { posts: name("posts"), flags: name("flags"), shadow: name("shadow"), dead_letters: name("dead-letters") }
    }
}

/// What records look like.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Input {
    pub format: Format,
    /// Tenant of posts that name none.
    pub tenant: String,
    pub max_payload_bytes: usize,
    pub max_text_bytes: usize,
    pub skip_surfaces: Vec<String>,
    pub skip_visibilities: Vec<String>,
}

/// Shape of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// `post.v1`.
    Post,
    /// `Create{Note}`.
    ActivityStreams,
    /// Osprey actions.
    Osprey,
    /// `{"id", "text"}`.
    IdText,
    /// Field of `post.v1` → JSON pointer.
    Pointers(BTreeMap<String, String>),
}

/// What of the text leaves in a flag.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Excerpt, none or all of it.
    pub include_text: IncludeText,
    /// Characters of an excerpt.
    pub excerpt_chars: usize,
}

/// How much text a flag carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum IncludeText {
    None,
    Excerpt,
    Full,
}

/// Delivery and its bounds.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// At least once or exactly once.
    pub mode: Mode,
    /// Threads, each with its own clients.
    pub lanes: usize,
    /// Records taken and not yet storable, over all lanes.
    pub max_in_flight_records: usize,
    /// Bytes of events not yet acknowledged, over all lanes.
    pub max_in_flight_bytes: usize,
    /// How long librdkafka itself retries an event.
    pub message_timeout: Duration,
    /// From the signal to the exit.
    pub shutdown_timeout: Duration,
    /// Longest open transaction in ordinary work.
    pub transaction_interval: Duration,
    /// Most records in one transaction.
    pub transaction_max_records: usize,
}

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Offsets after acknowledgements.
    AtLeastOnce,
    /// Kafka transactions.
    ExactlyOnce,
}

/// What goes to the dead-letter topic, and when it is too much.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct DeadLetters {
    pub payload: DeadPayload,
    pub breaker_percent: u32,
    pub breaker_min_records: u64,
    pub breaker_window: Duration,
}

/// The value of a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadPayload {
    /// As received.
    Full,
    /// Empty: coordinates, size and hash in the headers.
    Reference,
}

/// Pseudonyms of authors.
#[derive(Debug, Clone)]
pub struct Privacy {
    /// Key of the MAC; without it author ids are dropped.
    pub author_key: Option<Secret>,
    /// Names the key in the pseudonym.
    pub author_key_id: String,
}

/// Which bundle judges.
#[derive(Debug, Clone)]
pub struct Lexicons {
    /// A folder; `None` = the bundle inside the program.
    pub path: Option<PathBuf>,
}

/// The listener of metrics and probes.
#[derive(Debug, Clone)]
pub struct Http {
    /// Loopback by default.
    pub listen: SocketAddr,
}

/// Logging; set up by the command.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

/// Shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LogFormat {
    Text,
    Json,
}

/// Every problem of a configuration, one per line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ConfigErrors(Vec<String>);

impl ConfigErrors {
    fn push(&mut self, problem: String) {
        self.0.push(problem);
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problems, each one sentence.
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigErrors {}

impl Config {
    /// Reads the file, if one is given, lays the environment over it and checks the whole.
    pub fn load(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let (name, source) = match file {
            None => ("environment".to_owned(), String::new()),
            Some(path) => match std::fs::read_to_string(path) {
                Ok(source) => (path.display().to_string(), source),
                Err(error) => {
                    errors.push(format!("{}: cannot be read: {error}", path.display()));
                    return Err(errors);
                }
            },
        };
        Self::parse(&name, &source, environment, errors)
    }

    fn parse(name: &str, source: &str, environment: impl IntoIterator<Item = (String, String)>, mut errors: ConfigErrors) -> Result<Self, ConfigErrors> {
        let config = file::File::read(name, source, environment, &mut errors).and_then(|file| validate::validate(file, &mut errors));
        match config {
            Some(config) if errors.is_empty() => Ok(config),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests;
