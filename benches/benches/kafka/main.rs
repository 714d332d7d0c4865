//! End to end on a real Apache Kafka: one broker, a topic of 8 partitions, everything in one run, one after the other, each in a process of its
//! own, so that processor time and memory are ours and not the broker's. Needs Java 17, Maven and Python 3, as the scenarios of
//! `vigie-stream` do. `cargo bench -p vigie-benches --features kafka --bench kafka -- [MESSAGES]`.

mod broker;
mod latency;
mod roles;

use std::process::{Command, Stdio};

use broker::Broker;
use roles::{Outcome, Role};
use vigie_benches::Numbers;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Forms of the bundle.
pub(crate) const FORMS: usize = 20_000;
/// Partitions of the topic of posts.
pub(crate) const PARTITIONS: i32 = 8;
/// Flagged posts of a topic, in a thousand.
pub(crate) const FLAGGED: [u64; 3] = [1, 10, 100];

fn main() {
    if let Some((role, broker, messages)) = roles::asked() {
        println!("{}", role.run(&broker, messages));
        return;
    }
    let messages = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(300_000);
    let broker = Broker::start();
    let mut numbers = Numbers::new(11);
    for per_mille in FLAGGED {
        broker.create_topic(&topic(per_mille), PARTITIONS);
        roles::fill(&broker.bootstrap, &topic(per_mille), messages, per_mille, &mut numbers);
    }
    for name in ["flags", "shadow", "dead", "passed"] {
        broker.create_topic(name, PARTITIONS);
    }
    let run = |role: Role| child(role, &broker.bootstrap, messages);
    println!("{messages} posts of 220 bytes a topic, {PARTITIONS} partitions, one broker, about {FORMS} made-up forms\n");
    println!("| what | messages/s | our CPU seconds per million | resident memory, MiB |\n|---|---:|---:|---:|");
    let consume = row("consume", run(Role::Consume));
    let parse = row("consume and parse", run(Role::Parse));
    row("consume and produce, every message", run(Role::Pass));
    let classify = row("classification alone, 1 % flagged", run(Role::Classify));
    let mut one_percent = Vec::new();
    for mode in ["at_least_once", "exactly_once"] {
        for per_mille in FLAGGED {
            let outcome = row(&format!("Vigie, {mode}, {} % flagged", per_mille as f64 / 10.0), run(Role::Vigie(mode, per_mille)));
            if per_mille == 10 {
                one_percent.push(outcome);
            }
        }
    }
    let parts = parse.cpu_per_million + classify.cpu_per_million;
    println!("\n| ratio | goal | measured |\n|---|---:|---:|");
    println!("| our CPU a post at 1 % flagged ÷ (consume and parse + classification) | ≤ 1.10 | {:.2} |", one_percent[0].cpu_per_million / parts);
    println!("| messages/s at 1 % flagged ÷ consume | ≥ 0.45 | {:.2} |", one_percent[0].per_second / consume.per_second);
    println!("| exactly-once ÷ at-least-once, messages/s | ≥ 0.85 | {:.2} |", one_percent[1].per_second / one_percent[0].per_second);
    latency::measure(&broker, one_percent[0].per_second / 2.0);
}

/// The topic with so many flagged posts in a thousand.
pub(crate) fn topic(per_mille: u64) -> String {
    format!("posts-{per_mille}")
}

/// Runs a role in a process of its own.
fn child(role: Role, bootstrap: &str, messages: u64) -> Outcome {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    command.env(roles::ROLE, role.to_string()).env(roles::BROKER, bootstrap).env(roles::MESSAGES, messages.to_string());
    let output = command.stderr(Stdio::inherit()).output().expect("this program starts again");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().rev().find_map(Outcome::parse).unwrap_or_else(|| panic!("{role} ended with {} and said {text:?}", output.status))
}

fn row(name: &str, outcome: Outcome) -> Outcome {
    println!("| {name} | {:.0} | {:.2} | {:.0} |", outcome.per_second, outcome.cpu_per_million, outcome.rss_mib);
    outcome
}
