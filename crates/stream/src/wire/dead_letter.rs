//! Dead letters: a record that cannot be judged, as it was received, with why. Headers after Kafka Connect's names, which tools know.

use sha2::{Digest, Sha256};

use super::hex;
use crate::config::DeadPayload;

/// Why a record is a dead letter: a closed set, and a metric label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Reason {
    EmptyPayload,
    InvalidUtf8,
    InvalidJson,
    InvalidPost,
    PayloadTooLarge,
    TextTooLong,
    Internal,
    Undeliverable,
}

impl Reason {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::EmptyPayload,
        Self::InvalidUtf8,
        Self::InvalidJson,
        Self::InvalidPost,
        Self::PayloadTooLarge,
        Self::TextTooLong,
        Self::Internal,
        Self::Undeliverable,
    ];

    /// The code on the wire and in metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::EmptyPayload => "empty_payload",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::InvalidJson => "invalid_json",
            Self::InvalidPost => "invalid_post",
            Self::PayloadTooLarge => "payload_too_large",
            Self::TextTooLong => "text_too_long",
            Self::Internal => "internal",
            Self::Undeliverable => "undeliverable",
        }
    }

    /// Where it happened.
    pub fn stage(self) -> &'static str {
        match self {
            Self::Internal => "judge",
            Self::Undeliverable => "produce",
            _ => "decode",
        }
    }
}

/// A reason with its particulars: places and sizes, never a word of the post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which row of the outcome table.
    pub reason: Reason,
    /// For a person.
    pub message: String,
    /// For `invalid_post`: where.
    pub pointer: Option<String>,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), pointer: None }
    }

    pub(super) fn invalid(pointer: &str, what: &str) -> Self {
        Self { reason: Reason::InvalidPost, message: format!("`{pointer}`: {what}"), pointer: Some(pointer.to_owned()) }
    }
}

/// Where a record stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Coordinates<'c> {
    pub topic: &'c str,
    pub partition: i32,
    pub offset: i64,
    pub timestamp_ms: Option<i64>,
}

/// One Kafka header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Header {
    pub name: String,
    pub value: Option<Vec<u8>>,
}

impl Header {
    /// A header whose value is text.
    pub fn text(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: Some(value.as_bytes().to_owned()) }
    }
}

/// First bytes that an oversized dead letter keeps.
const KEPT: usize = 64 << 10;

/// What an oversized record may add around its payload: batch and record headers of Kafka's format, generously.
const OVERHEAD: usize = 512;

/// A dead letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// As received.
    pub key: Option<Vec<u8>>,
    /// As received, unless it would not fit.
    pub payload: Option<Vec<u8>>,
    /// Those received, then ours.
    pub headers: Vec<Header>,
    /// As received.
    pub timestamp_ms: Option<i64>,
}

/// A record as received.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Received<'r> {
    pub at: Coordinates<'r>,
    pub key: Option<&'r [u8]>,
    pub payload: Option<&'r [u8]>,
    pub headers: Vec<Header>,
}

/// A key may take this part of what a dead letter may be; of a longer one so much is kept.
const KEY_SHARE: usize = 4;

/// Number of the record's own headers that a dead letter does not carry.
pub const HEADERS_OMITTED: &str = "headers.omitted";

/// Size of a key that did not fit.
const KEY_BYTES: &str = "key.bytes";

const CONNECT: &str = "__connect.errors.";
const OURS: &[&str] = &[
    "error.code",
    "error.attempt",
    "error.pointer",
    "app.version",
    "lexicon.revision",
    "payload.bytes",
    "payload.sha256",
    "record.timestamp_ms",
    "truncated",
    HEADERS_OMITTED,
    KEY_BYTES,
];

/// Whether a header was added by a dead letter.
pub fn is_ours(name: &str) -> bool {
    name.starts_with(CONNECT) || OURS.contains(&name)
}

impl DeadLetter {
    /// Builds the dead letter of `record`. `max_bytes` is what the broker takes; `task` the lane.
    pub fn new(record: Received<'_>, refusal: &Refusal, kept: DeadPayload, max_bytes: usize, task: usize, lexicon_revision: &str) -> Self {
        let attempt = 1 + record
            .headers
            .iter()
            .rev()
            .find(|h| h.name == "error.attempt")
            .and_then(|h| std::str::from_utf8(h.value.as_deref()?).ok()?.parse::<u32>().ok())
            .unwrap_or(0);
        let size = record.payload.map_or(0, <[u8]>::len);
        let (key, mut headers) = (record.key.unwrap_or_default(), record.headers);
        let weight = |headers: &[Header]| headers.iter().map(|h| h.name.len() + h.value.as_ref().map_or(0, Vec::len) + 10).sum::<usize>();
        // What stands around the payload could alone be too much, and a record that can never be put away would hold up its partition for ever.
        let key_kept = if key.len() + 2048 + OVERHEAD <= max_bytes / 2 { key.len() } else { key.len().min(max_bytes / KEY_SHARE) };
        let mut notes = Vec::new();
        if key_kept < key.len() {
            notes.push((KEY_BYTES, key.len().to_string()));
        }
        if key_kept + weight(&headers) + 2048 + OVERHEAD > max_bytes {
            notes.push((HEADERS_OMITTED, headers.len().to_string()));
            headers.clear();
        }
        let around = key_kept + weight(&headers) + 2048;
        let whole = size + around + OVERHEAD <= max_bytes;
        let payload = match (kept, record.payload) {
            (DeadPayload::Reference, _) | (_, None) => None,
            (DeadPayload::Full, Some(payload)) if whole => Some(payload.to_owned()),
            (DeadPayload::Full, Some(payload)) => Some(payload[..KEPT.min(max_bytes.saturating_sub(around + OVERHEAD)).min(payload.len())].to_owned()),
        };
        let truncated = payload.as_ref().map_or(0, Vec::len) < size || !notes.is_empty() || headers.iter().any(|h| h.name == HEADERS_OMITTED);
        let at = record.at;
        let (code, stage) = (refusal.reason.code(), refusal.reason.stage());
        for (name, value) in [
            ("__connect.errors.topic", at.topic.to_owned()),
            ("__connect.errors.partition", at.partition.to_string()),
            ("__connect.errors.offset", at.offset.to_string()),
            ("__connect.errors.connector.name", "vigie".to_owned()),
            ("__connect.errors.task.id", task.to_string()),
            ("__connect.errors.stage", stage.to_owned()),
            ("__connect.errors.class.name", format!("vigie.{stage}")),
            ("__connect.errors.exception.class.name", format!("vigie.{code}")),
            ("__connect.errors.exception.message", refusal.message.clone()),
            ("error.code", code.to_owned()),
            ("error.attempt", attempt.to_string()),
            ("app.version", env!("CARGO_PKG_VERSION").to_owned()),
            ("lexicon.revision", lexicon_revision.to_owned()),
            ("payload.bytes", size.to_string()),
            ("payload.sha256", hex(&Sha256::digest(record.payload.unwrap_or_default()))),
        ] {
            headers.push(Header::text(name, &value));
        }
        headers.extend(notes.iter().map(|(name, value)| Header::text(name, value)));
        if let Some(pointer) = &refusal.pointer {
            headers.push(Header::text("error.pointer", pointer));
        }
        if let Some(ms) = at.timestamp_ms {
            headers.push(Header::text("record.timestamp_ms", &ms.max(0).to_string()));
        }
        if truncated {
            headers.push(Header::text("truncated", "true"));
        }
        Self { key: record.key.map(|key| key[..key_kept].to_owned()), payload, headers, timestamp_ms: at.timestamp_ms }
    }
}
