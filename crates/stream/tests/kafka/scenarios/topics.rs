//! Topics that are missing, denied, too small, deleted or overtaken.

use rdkafka::message::Message;
use vigie_stream::check;
use vigie_stream::config::Config;

use crate::field::{Field, LAW, PARTITIONS};
use crate::support::eventually;

const UNDELIVERABLE: &str = "vigie_dead_lettered_records_total{reason=\"undeliverable\"}";

fn waits_for_an_output(field: &Field<'_>) {
    eventually("not ready for want of an output", LAW, || field.workers[0].not_ready().as_deref() == Some("output_topic"));
}

/// Intake waits, readiness says so, nothing is dead-lettered; when the topic comes everything flows.
pub fn flags_topic_missing(field: &mut Field<'_>) {
    ["posts", "shadow", "dead"].iter().for_each(|kind| field.create(kind));
    field.post("a", 3_000);
    field.worker("w0");
    waits_for_an_output(field);
    eventually("all lanes wait", LAW, || field.sum("vigie_consumer_paused_lanes") == 2.0);
    assert_eq!(field.sum(UNDELIVERABLE), 0.0);
    assert!(!field.is_drained());
    field.create("flags");
    field.workers[0].wait_ready();
    field.settle();
    field.counters_add_up();
}

pub fn dead_letter_topic_missing(field: &mut Field<'_>) {
    ["posts", "flags", "shadow"].iter().for_each(|kind| field.create(kind));
    field.post("a", 3_000);
    field.worker("w0");
    waits_for_an_output(field);
    assert!(!field.is_drained());
    field.create("dead");
    field.workers[0].wait_ready();
    field.settle();
}

/// A topic may not be written for a while: intake waits, readiness says so, nothing is lost or dead-lettered, and then everything flows.
fn denied(field: &mut Field<'_>, kind: &str) {
    field.create_all();
    field.secure();
    field.post("a", 3_000);
    field.worker("w0");
    field.drain();
    let topic = field.topic(kind);
    field.cluster.set_write_denied(&topic, true);
    field.post("b", 3_000);
    waits_for_an_output(field);
    assert_eq!(field.sum(UNDELIVERABLE), 0.0);
    assert!(!field.is_drained());
    field.cluster.set_write_denied(&topic, false);
    field.workers[0].wait_ready();
    field.settle();
    field.counters_add_up();
}

pub fn flags_topic_denied(field: &mut Field<'_>) {
    denied(field, "flags");
}

pub fn dead_letter_topic_denied(field: &mut Field<'_>) {
    denied(field, "dead");
}

/// Flags are cut until the topic takes them; what cannot be cut enough is a dead letter, and nothing stops.
pub fn flags_topic_too_small(field: &mut Field<'_>) {
    ["posts", "shadow", "dead"].iter().for_each(|kind| field.create(kind));
    field.create_with("flags", &[("max.message.bytes", "700")]);
    field.set("VIGIE_KAFKA__COMPRESSION", "none");
    field.post("a", 300);
    field.sent.values_mut().filter(|(outcome, _)| *outcome == "flagged").for_each(|(outcome, _)| *outcome = "dead_lettered");
    field.worker("w0");
    let held = field.settle();
    assert!(held.codes.values().all(|code| code == "undeliverable"));
    field.counters_add_up();
}

/// The topic takes each flag, but no batch of them: the broker's refusal is of the batch, and no flag may suffer for it.
pub fn flags_topic_below_a_batch(field: &mut Field<'_>) {
    ["posts", "shadow", "dead"].iter().for_each(|kind| field.create(kind));
    field.create_with("flags", &[("max.message.bytes", "3000")]);
    field.set("VIGIE_KAFKA__COMPRESSION", "none");
    field.post("a", 5_000);
    field.worker("w0");
    field.settle();
    let flags = field.read("flags", field.count("flagged"));
    assert!(flags.iter().all(|flag| String::from_utf8_lossy(flag.payload().unwrap()).contains("\"excerpt\":\"")), "a flag was cut without need");
    field.counters_add_up();
}

/// The review topic is deleted with what it held: that is counted and alarmed, and nothing else is lost.
pub fn flags_topic_deleted(field: &mut Field<'_>) {
    field.create_all();
    field.set("VIGIE_LOG__LEVEL", "debug");
    field.post("a", 3_000);
    field.worker("w0");
    field.settle();
    let flagged = field.count("flagged");
    // Transactions leave markers in the topic too: at least so many.
    let seen = |log: String| log.lines().filter_map(|l| l.split_once("-flags\" held=")?.1.trim().parse().ok()).any(|held: usize| held >= flagged);
    eventually("the probe has seen the flags", LAW, || seen(field.workers[0].log()));
    field.cluster.delete_topic(&field.topic("flags"));
    waits_for_an_output(field);
    let gone = || field.sum("vigie_consumer_lost_records_total{cause=\"topic_deleted\"}");
    eventually("the loss is counted", LAW, || gone() >= flagged as f64);
    assert!(field.workers[0].log().contains("an output topic was deleted with the events that it held"));
    let counted = gone();
    field.post("b", 2_000);
    field.create("flags");
    field.workers[0].wait_ready();
    field.sent.retain(|id, (outcome, _)| *outcome != "flagged" || id.starts_with("b-"));
    field.settle();
    field.summary = format!("{}; deleted {flagged} flags, counted {counted} messages", field.summary);
    field.counters_add_up();
}

/// Retention removes what a stopped consumer has not read: a loss that is not ours, counted and alarmed.
pub fn retention_overtakes(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 2_000);
    field.worker("w0");
    field.settle();
    field.stop_all();
    field.post("b", 2_000);
    field.cluster.delete_records(&field.topic("posts"), PARTITIONS);
    field.sent.retain(|id, _| !id.starts_with("b-"));
    field.worker("w1");
    field.post("c", 1_000);
    field.settle();
    let lost = field.sum("vigie_consumer_lost_records_total{cause=\"retention\"}");
    field.summary = format!("{}; 2000 lost to retention, counted {lost}", field.summary);
    assert_eq!(lost, 2_000.0, "{}", field.summary);
}

/// Retention removes what a worker, alive but held up by a missing output, has not read.
pub fn retention_overtakes_waiting(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 2_000);
    field.worker("w0");
    field.settle();
    field.cluster.delete_topic(&field.topic("flags"));
    waits_for_an_output(field);
    // Held up for good: what it reads from now on is what was on its way.
    eventually("the partitions are paused", LAW, || field.sum("vigie_consumer_paused_lanes") == 2.0);
    let b = field.posts("b", 2_000);
    field.send(&b);
    field.cluster.delete_records(&field.topic("posts"), PARTITIONS);
    field.sent.clear();
    field.create("flags");
    field.post("c", 6_000);
    field.settle();
    let (read, lost) = (field.sum("vigie_consumer_records_total"), field.sum("vigie_consumer_lost_records_total{cause=\"retention\"}"));
    field.summary = format!("{}; of 10000 posts read {read}, lost to retention and counted {lost}", field.summary);
    assert!(lost > 0.0 && read + lost == 10_000.0, "{}", field.summary);
}

/// The same service over TLS and SCRAM-SHA-512; a wrong password gets nowhere and is shown nowhere.
pub fn tls_and_scram(field: &mut Field<'_>) {
    field.create_all();
    field.secure();
    field.post("a", 2_000);
    field.worker("w0");
    field.settle();
    let instance = ("VIGIE_KAFKA__INSTANCE_ID".to_owned(), "check".to_owned());
    let config = Config::load(None, field.environment.iter().cloned().chain([instance])).unwrap();
    let probes = check::connect(&config);
    assert!(probes.iter().all(|p| p.level != check::Level::Failure), "{probes:#?}");
    field.stop_all();
    field.set("VIGIE_KAFKA__SASL_PASSWORD", "faux");
    let wrong = field.worker("w1");
    eventually("the broker refuses it", LAW, || field.workers[wrong].log().contains("uthentication failed"));
    assert_eq!(field.workers[wrong].not_ready().as_deref(), Some("starting"));
    assert!(!field.workers[wrong].log().contains("faux"));
}
