//! Kafka in and out: records are decoded, judged, encoded and delivered, and every record ends exactly one way.
//!
//! - [`config`]: what a user can set, checked before anything is opened.
//! - [`metrics`]: what an operator sees.
//! - [`wire`]: the messages, as `schemas/` has them.
//!
//! The classifier knows nothing of this crate, and this crate nothing of French.

pub mod check;
pub mod config;
pub mod demo;
mod health;
mod http;
mod judge;
mod lane;
pub mod metrics;
mod probe;
pub mod redrive;
pub mod service;
pub mod wire;

pub use health::{Health, NotReady};
pub use judge::Judge;
