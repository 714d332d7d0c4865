//! End to end on a real Apache Kafka: one broker on this machine, topics of 8 partitions, made-up posts of 220 bytes. Everything in one run, in
//! turn, round by round, each in a process of its own, so that processor time and memory are ours and not the broker's.
//!
//! `cargo bench -p vigie-benches --bench kafka -- [WORD…] [MESSAGES [ROUNDS]]`; with words only the rows that have one of them in their names;
//! "latency" adds latency and memory to the row of Vigie at 1 %. Needs Java 17, Maven and Python 3, as the scenarios of `vigie-stream` do, and `/proc`.
#![allow(clippy::panic)] // a bench that measured something else than it says must not go on
#![allow(clippy::cast_sign_loss)] // counts and rates are not negative

mod broker;
mod feed;
mod latency;
mod meter;
mod plain;
mod report;
mod roles;
mod worker;

use broker::{Broker, missing_tools};
use latency::Latency;
use report::Table;
use roles::{MEASURED, Role};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Partitions of every topic.
const PARTITIONS: i32 = 8;
/// Flagged posts of the topics, in a thousand.
const FLAGGED: [u64; 3] = [1, ONE_PERCENT, 100];
const ONE_PERCENT: u64 = 10;
/// Posts on each topic, and rounds, where nothing else is asked for.
const DEFAULTS: [u64; 2] = [400_000, 5];

/// The topic with so many flagged posts in a thousand.
fn topic(per_mille: u64) -> String {
    format!("posts-{per_mille}")
}

fn main() {
    if roles::done_as_asked() {
        return;
    }
    let missing = missing_tools();
    if !missing.is_empty() {
        println!("\n!!! the bench on a real Apache Kafka DID NOT RUN: install {}\n", missing.join(", "));
        std::process::exit(i32::from(std::env::var("VIGIE_REQUIRE_KAFKA").is_ok_and(|v| v == "1")));
    }
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let (numbers, words): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|a| a.parse::<u64>().is_ok());
    let number = |at: usize| numbers.get(at).and_then(|n| n.parse().ok()).unwrap_or(DEFAULTS[at]);
    let (messages, rounds) = (number(0), number(1));
    let wanted = |name: &str| words.is_empty() || words.iter().any(|w| name.contains(w.as_str()));
    let chosen: Vec<Role> = MEASURED.into_iter().filter(|r| wanted(&r.to_string())).collect();

    let broker = Broker::start();
    for name in ["flags", "shadow", "dead", "passed"] {
        broker.create_topic(name, PARTITIONS);
    }
    for per_mille in FLAGGED {
        let name = topic(per_mille);
        if chosen.iter().any(|r| r.topics().0 == name) {
            broker.create_topic(&name, PARTITIONS);
            feed::fill(&broker.bootstrap, &name, PARTITIONS, messages, per_mille);
            assert_eq!(broker.size(&name, PARTITIONS), messages, "posts on {name}");
        }
    }
    let (mut table, mut latency) = (Table::new(&chosen), wanted("latency").then(Latency::new));
    for round in 1..=rounds {
        for role in &chosen {
            let before = broker.size("flags", PARTITIONS);
            let outcome = role.measure(&broker.bootstrap, messages);
            let delivered = broker.size("flags", PARTITIONS) - before;
            match role {
                Role::AtLeastOnce(_) | Role::Stream => assert_eq!(delivered, outcome.flagged, "{role}: flags on their topic"),
                // Transactions leave markers besides.
                Role::ExactlyOnce(_) => assert!(delivered >= outcome.flagged, "{role}: flags on their topic: {delivered}"),
                _ => {}
            }
            eprintln!("round {round}: {role}: {:.0}/s, {:.2} s per million, {:.0} MiB", outcome.per_second, outcome.cpu_per_million, outcome.rss_mib);
            table.add(*role, outcome);
            if let (Role::AtLeastOnce(ONE_PERCENT), Some(latency)) = (role, &mut latency) {
                latency.measure(&broker, outcome.per_second / 2.0);
            }
        }
    }
    println!("\n{messages} posts a topic, {PARTITIONS} partitions, one broker, a made-up bundle of about {} forms, {rounds} rounds\n", feed::FORMS);
    table.print();
    if let Some(latency) = latency {
        latency.print(&broker);
    }
}
