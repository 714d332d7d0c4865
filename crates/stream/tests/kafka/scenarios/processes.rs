//! Workers that come, go and are killed.

use crate::field::{Field, LAW};
use crate::support::eventually;

/// Nothing breaks: everything arrives, the counters add up, SIGTERM drains.
pub fn quiet(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", if field.full { 1_000_000 } else { 5_000 });
    field.worker("w0");
    field.settle();
    field.counters_add_up();
    assert!(field.workers[0].is_ready());
    field.stop_all();
    assert!(field.is_drained(), "nothing is taken back by the exit");
}

/// Two workers, one of them killed again and again while posts flow.
pub fn kill_9(field: &mut Field<'_>) {
    field.create_all();
    // Few in flight: slow enough to be killed in the middle of its work. A transaction holds about as many, and there are five in a second at best.
    field.set("VIGIE_DELIVERY__MAX_IN_FLIGHT_RECORDS", if field.mode == "exactly_once" { "1000" } else { "40" });
    field.worker("w0");
    field.worker("w1");
    let (rounds, posts) = if field.full { (20, 50_000) } else { (3, 4_000) };
    for round in 0..rounds {
        let before = field.committed();
        field.post(&format!("r{round}"), posts);
        field.wait_mid_work(before, posts as u64 / 2);
        let at = field.below(2) as usize;
        field.replace(at, &format!("w{at}"), true);
    }
    field.settle();
}

/// A member comes, posts flow, it leaves.
pub fn joins_and_leaves(field: &mut Field<'_>) {
    field.create_all();
    field.worker("w0");
    for round in 0..if field.full { 50 } else { 3 } {
        field.worker(&format!("w{}", round + 1));
        let before = field.committed();
        field.post(&format!("r{round}"), 3_000);
        // It leaves before, while or after it gets partitions.
        field.wait_mid_work(before, 3_000);
        let (code, log) = field.workers.remove(1).stop();
        field.ended.push(log);
        assert_eq!(code, 0);
    }
    field.settle();
}

/// A restart under the same name disturbs nobody else.
pub fn static_membership(field: &mut Field<'_>) {
    field.create_all();
    field.worker("w0");
    field.worker("w1");
    field.wait_shared_out(4);
    field.post("a", 2_000);
    // What is drained was read by its owners: they know what they were given.
    field.drain();
    let series = "vigie_consumer_rebalances_total{event=\"assign\"}";
    let before = field.workers[0].metric(series);
    field.replace(1, "w1", false);
    field.workers[1].wait_ready();
    field.post("b", 2_000);
    field.settle();
    assert_eq!(field.workers[0].metric(series), before, "the other member was left alone");
}

/// Asked once it drains, which cannot end while the brokers hang; asked twice it leaves at once, and what it held is read again.
pub fn second_signal(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 5_000);
    field.worker("w0");
    eventually("posts flow", LAW, || field.sum("vigie_consumer_records_total") > 0.0);
    field.cluster.pause_nodes();
    let worker = field.workers.remove(0);
    worker.signal("TERM");
    eventually("it drains", LAW, || worker.log().contains("draining"));
    worker.signal("TERM");
    let (code, log) = worker.end();
    field.cluster.resume_nodes();
    assert!(code == 4 && log.contains("asked twice"), "{code}");
    field.ended.push(log);
    field.worker("w1");
    field.settle();
}
