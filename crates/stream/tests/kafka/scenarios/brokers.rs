//! Brokers that are killed, restarted, cut off, or not there yet.

use std::time::{Duration, Instant};

use crate::field::{Field, LAW, feed};
use crate::support::eventually;

/// A broker is killed while posts flow, and comes back.
pub fn leader_killed(field: &mut Field<'_>) {
    field.create_all();
    field.worker("w0");
    field.workers[0].wait_ready();
    for round in 0..if field.full { 5 } else { 1 } {
        // The coordinator of the group first: with it goes what a transaction leans on. Then any.
        let group = field.cluster.coordinator("__consumer_offsets", &format!("{}-group", field.name)).filter(|_| round % 2 == 0);
        let node = group.unwrap_or_else(|| field.below(3) as usize);
        field.post(&format!("a{round}"), 5_000);
        field.cluster.kill_node(node);
        let before = field.committed();
        field.post(&format!("b{round}"), 5_000);
        // The others take over, and work goes on without it.
        field.wait_mid_work(before, 5_000);
        field.cluster.restart_node(node);
    }
    field.settle();
    field.stop_all();
    field.cluster.wait_in_sync();
}

/// Every broker is restarted in turn while posts flow.
pub fn rolling_restart(field: &mut Field<'_>) {
    field.create_all();
    field.worker("w0");
    field.worker("w1");
    field.workers[0].wait_ready();
    let posts = field.posts("a", if field.full { 300_000 } else { 20_000 });
    let (cluster, topic) = (field.cluster, field.topic("posts"));
    std::thread::scope(|scope| {
        // Slow enough to last until the last broker is back.
        let feeding = scope.spawn(|| feed(cluster, &topic, &posts, Some(Duration::from_millis(if field.full { 20 } else { 100 }))));
        for node in 0..3 {
            cluster.stop_node(node);
            cluster.restart_node(node);
            cluster.wait_in_sync();
        }
        feeding.join().unwrap();
    });
    field.settle();
    field.stop_all();
}

/// The whole cluster hangs, with its sockets open, while a long backlog waits: memory stays bounded, and afterwards nothing is missing.
pub fn brokers_paused(field: &mut Field<'_>) {
    field.create_all();
    let mut posts = field.posts("a", if field.full { 400_000 } else { 30_000 });
    // As long as posts are, so that the queues are full and not only long.
    posts.iter_mut().filter(|(_, payload)| payload.starts_with("{\"author_id\"")).for_each(|(_, payload)| {
        payload.insert_str(1, &format!("\"unknown\": \"{}\", ", "é".repeat(300)));
    });
    field.send(&posts);
    field.worker("w0");
    eventually("posts flow", LAW, || field.sum("vigie_consumer_records_total") > 0.0);
    field.cluster.pause_nodes();
    let (start, mut rss) = (Instant::now(), 0.0_f64);
    while start.elapsed() < Duration::from_secs(if field.full { 60 } else { 8 }) {
        rss = rss.max(field.workers[0].rss_mib());
        std::thread::sleep(Duration::from_millis(500));
    }
    let taken = field.sum("vigie_consumer_records_total");
    field.cluster.resume_nodes();
    assert!((1.0..256.0).contains(&rss), "{rss} MiB");
    field.settle();
    field.summary = format!("{} rss {rss:.0} MiB, cut off after {taken}", field.summary);
}

/// The first start of a new place: no broker answers, then no topic is there. The worker waits and says so, then works.
pub fn nothing_there_at_start(field: &mut Field<'_>) {
    let down = field.full;
    if down {
        (0..3).for_each(|node| field.cluster.kill_node(node));
    } else {
        field.cluster.pause_nodes();
    }
    field.worker("w0");
    eventually("it says that it starts", LAW, || field.workers[0].not_ready().as_deref() == Some("starting"));
    if down {
        eventually("it says that no broker answers", LAW, || field.workers[0].not_ready().as_deref() == Some("no_broker"));
        field.cluster.restart_nodes();
        field.cluster.wait_in_sync();
    } else {
        field.cluster.resume_nodes();
    }
    eventually("not ready for want of the posts", LAW, || field.workers[0].not_ready().as_deref() == Some("input_topic"));
    field.create("posts");
    field.post("a", 2_000);
    eventually("not ready for want of the flags", LAW, || field.workers[0].not_ready().as_deref() == Some("output_topic"));
    ["flags", "shadow", "dead"].iter().for_each(|kind| field.create(kind));
    field.workers[0].wait_ready();
    field.settle();
    field.counters_add_up();
}
