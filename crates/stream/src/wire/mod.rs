//! Messages: records in, events out, exactly as `schemas/` has them. No Kafka client here: bytes and headers only.

mod dead_letter;
mod excerpt;
mod flag;
mod html;
mod ids;
mod law;
mod post;
mod shape;
mod time;
mod units;

pub use dead_letter::{Coordinates, DeadLetter, HEADERS_OMITTED, Header, Reason, Received, Refusal, is_ours};
pub use excerpt::{Excerpt, excerpt};
pub use flag::{Context, Event, Fit, Status, encode};
pub use ids::{case_id, flag_id, hex, pseudonym};
pub use post::{Author, Decoded, Limits, Post, decode};
pub use shape::Shape;
pub use time::rfc3339;
pub use units::UnitsTable;

#[cfg(test)]
mod tests;
