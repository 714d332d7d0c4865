//! Delivery on a real Apache Kafka: every scenario breaks something, then compares what the topics hold with what was sent, record by record.
//!
//! `cargo test -p vigie-stream --test kafka [NAME]` runs the short form of each; `VIGIE_CHAOS=full` the long one. Needs Java 17, Maven and Python 3:
//! without them it says so and passes, unless `VIGIE_REQUIRE_KAFKA=1`. `VIGIE_SEED` repeats a run.
#![allow(missing_docs, unreachable_pub)] // the modules of one program
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, clippy::needless_for_each)] // counters are whole numbers; a list reads well in one line

mod field;
mod scenarios {
    pub mod brokers;
    pub mod command;
    pub mod outside;
    pub mod processes;
    pub mod records;
    pub mod topics;
}
#[path = "../support/mod.rs"]
mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use field::Field;
use scenarios::{brokers, command, outside, processes, records, topics};
use support::cluster::{Cluster, missing_tools};
use support::worker::{AS_WORKER, be_worker};

type Scenario = fn(&mut Field<'_>);

const AT_LEAST: &[&str] = &["at_least_once"];
const EXACTLY: &[&str] = &["exactly_once"];
const BOTH: &[&str] = &["at_least_once", "exactly_once"];

/// Name, all modes, those of the short form (all of them when the scenario is asked for by name), and what happens.
const SCENARIOS: &[(&str, &[&str], &[&str], Scenario)] = &[
    ("quiet", BOTH, BOTH, processes::quiet),
    ("kill_9", BOTH, BOTH, processes::kill_9),
    ("joins_and_leaves", BOTH, BOTH, processes::joins_and_leaves),
    ("static_membership", AT_LEAST, AT_LEAST, processes::static_membership),
    ("second_signal", AT_LEAST, AT_LEAST, processes::second_signal),
    ("leader_killed", BOTH, BOTH, brokers::leader_killed),
    ("rolling_restart", BOTH, EXACTLY, brokers::rolling_restart),
    ("brokers_paused", BOTH, BOTH, brokers::brokers_paused),
    ("nothing_there_at_start", BOTH, AT_LEAST, brokers::nothing_there_at_start),
    ("flags_topic_missing", BOTH, EXACTLY, topics::flags_topic_missing),
    ("flags_topic_denied", BOTH, EXACTLY, topics::flags_topic_denied),
    ("flags_topic_too_small", BOTH, EXACTLY, topics::flags_topic_too_small),
    ("flags_topic_below_a_batch", BOTH, EXACTLY, topics::flags_topic_below_a_batch),
    ("flags_topic_deleted", BOTH, EXACTLY, topics::flags_topic_deleted),
    ("dead_letter_topic_missing", BOTH, AT_LEAST, topics::dead_letter_topic_missing),
    ("dead_letter_topic_denied", BOTH, AT_LEAST, topics::dead_letter_topic_denied),
    ("retention_overtakes", AT_LEAST, AT_LEAST, topics::retention_overtakes),
    ("retention_overtakes_waiting", AT_LEAST, AT_LEAST, topics::retention_overtakes_waiting),
    ("tls_and_scram", BOTH, EXACTLY, topics::tls_and_scram),
    ("duplicate_ids", BOTH, EXACTLY, records::duplicate_ids),
    ("clock_skew", BOTH, EXACTLY, records::clock_skew),
    ("hostile", BOTH, EXACTLY, records::hostile),
    ("redriven", AT_LEAST, AT_LEAST, records::redriven),
    ("breaker", AT_LEAST, AT_LEAST, records::breaker),
    ("outside_clients", BOTH, EXACTLY, outside::outside_clients),
    ("command_alone", BOTH, EXACTLY, command::command_alone),
];

fn main() {
    if std::env::var_os(AS_WORKER).is_some() {
        be_worker();
    }
    let filter: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let full = std::env::var("VIGIE_CHAOS").is_ok_and(|v| v == "full");
    let whole = full || !filter.is_empty();
    let all = SCENARIOS.iter().flat_map(|(name, modes, short, scenario)| {
        let modes = if whole { modes } else { short };
        modes.iter().map(move |mode| (format!("{name}::{mode}"), *name, *mode, *scenario))
    });
    if std::env::args().any(|a| a == "--list") {
        all.for_each(|(title, ..)| println!("{title}: test"));
        return;
    }
    let chosen: Vec<_> = all.filter(|(title, ..)| filter.is_empty() || filter.iter().any(|f| title.contains(f.as_str()))).collect();
    if chosen.is_empty() {
        return;
    }
    let missing = missing_tools();
    if !missing.is_empty() {
        println!("\n!!! {} scenarios on a real Apache Kafka DID NOT RUN: install {}\n", chosen.len(), missing.join(", "));
        std::process::exit(i32::from(std::env::var("VIGIE_REQUIRE_KAFKA").is_ok_and(|v| v == "1")));
    }
    let seed = std::env::var("VIGIE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(u64::from(std::process::id()));
    println!("\nrunning {} scenarios on a real Apache Kafka, seed {seed}{}", chosen.len(), if full { ", full" } else { "" });
    let mut cluster = Cluster::start();
    let mut failed = Vec::new();
    for (number, (title, name, mode, scenario)) in chosen.iter().enumerate() {
        let start = Instant::now();
        let mut field = Field::new(&cluster, name, mode, seed + number as u64, full);
        let passed = catch_unwind(AssertUnwindSafe(|| {
            scenario(&mut field);
            field.no_log_shows_a_secret();
        }));
        let (verdict, seconds) = (if passed.is_ok() { "ok" } else { "FAILED" }, start.elapsed().as_secs_f64());
        let hung = Some(field.hung()).filter(|n| *n > 0).map_or(String::new(), |n| format!("; clients given up for hanging: {n}"));
        println!("test {title} ... {verdict} ({seconds:.0} s) {}{hung}", field.summary);
        if passed.is_err() {
            println!("{}", field.tails());
            failed.push(title.clone());
            drop(field);
            // A broken scenario may leave nodes down; the next one starts on sound ground.
            drop(cluster);
            cluster = Cluster::start();
        }
    }
    let verdict = if failed.is_empty() { "ok" } else { "FAILED" };
    println!("\ntest result: {verdict}. {} passed; {} failed {}\n", chosen.len() - failed.len(), failed.len(), failed.join(", "));
    drop(cluster);
    std::process::exit(i32::from(!failed.is_empty()));
}
