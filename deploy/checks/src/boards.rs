//! The two boards, one per reader: who keeps the service up, and who answers for what is flagged. In each row the worst news stands left.

use serde_json::Value;

use crate::panel::{Panel, Row, bare, bars, board, figure, gained, gauge, lines, quantile, rate, select, table};

const FLAGGED: &str = r#"outcome="flagged""#;

/// Every board.
pub fn all() -> Vec<Value> {
    vec![
        board("vigie-service", "Vigie: service", "For the person on call: does it work, where is it stuck, what to do next.", service()),
        board(
            "vigie-flags",
            "Vigie: flags and lexicon",
            "For those who answer for the flags: how many, of what kind, by which lexicon, what was not judged.",
            flags(),
        ),
    ]
}

fn service() -> Vec<Row> {
    vec![
        ("Does it work?", health()),
        ("Flow", flow()),
        ("Inside", inside()),
        ("Kafka: reading", reading()),
        ("Kafka: writing", writing()),
        ("Process", process()),
    ]
}

fn health() -> Vec<Panel> {
    vec![
        figure("Instances ready", "none", "Instances whose /readyz says yes, then those that answer at all. The reasons are in the row below.")
            .ask(&gauge("sum", "ready", ""), "ready")
            .ask(&format!("sum ({})", bare("up")), "answering"),
        figure("Oldest waiting post", "s", "Worst instance; 0 when caught up. A ticket at 60 s for 10 minutes.")
            .ask(&gauge("max", "consumer_lag_seconds", ""), "age")
            .limits(&[("orange", 60.0), ("red", 300.0)]),
        figure(
            "Late flags, 1 h",
            "percentunit",
            "Share of the flags acknowledged more than 5 s after the Kafka timestamp of the post. The objective is 0.5 %.",
        )
        .ask(r#"max (job:vigie_freshness_errors:ratio_rate1h{job=~"$job"})"#, "late")
        .limits(&[("orange", 0.005), ("red", 0.072)])
        .nothing("no flags"),
        figure("Not judged, 1 h", "percentunit", "Dead-lettered, or removed by retention before they were read. The objective is 0.1 %.")
            .ask(r#"max (job:vigie_incomplete:ratio_rate1h{job=~"$job"})"#, "not judged")
            .limits(&[("red", 0.001)])
            .nothing("no posts"),
        figure("Breakers open", "none", "Instances that stopped taking posts because too many were unreadable: the producers' schema has changed.")
            .ask(&gauge("sum", "breaker_open", ""), "open")
            .limits(&[("red", 1.0)]),
        figure("Alerts firing", "none", "The watchdog always fires and is left out. No figure means that the rules are not loaded.")
            .ask(r#"count (ALERTS{alertname=~"Vigie.+", alertstate="firing"}) - 1"#, "alerts")
            .limits(&[("red", 1.0)])
            .nothing("no rules loaded"),
    ]
}

fn flow() -> Vec<Panel> {
    vec![
        lines("Posts by outcome", "ops", "Every record ends in exactly one outcome.").ask(&rate("processed_records_total", "outcome"), "{{outcome}}").stacked(),
        lines(
            "Consumed and given back",
            "ops",
            "Records handed to the pipeline; given back are those read again after a rebalance, an aborted transaction or a restart.",
        )
        .ask(&rate("consumer_records_total", ""), "consumed")
        .ask(&rate("consumer_returned_records_total", ""), "given back"),
        lines("Bytes consumed", "Bps", "Payload after decompression.").ask(&rate("consumer_bytes_total", ""), "bytes"),
        lines("Time to a flag", "s", "Kafka timestamp of the post to the acknowledgement of its flag.")
            .ask(&quantile(0.5, "pipeline_latency_seconds", FLAGGED, ""), "p50")
            .ask(&quantile(0.99, "pipeline_latency_seconds", FLAGGED, ""), "p99"),
        lines("Why not ready", "none", "Instances per reason; empty lines at 0 are health.").ask(&gauge("sum", "not_ready_reason", "reason"), "{{reason}}"),
        lines("Records that are gone", "short", "Removed by retention before they were reached, in the last hour. Nobody will judge them.")
            .ask(&gained("consumer_lost_records_total", "", "cause", "1h"), "{{cause}}"),
    ]
}

fn inside() -> Vec<Panel> {
    vec![
        lines("Lanes at work", "percentunit", "Time spent judging over the lanes there are; near 1 the processor is the limit.")
            .ask(&format!("{} / {}", rate("worker_busy_seconds_total", "instance"), gauge("sum", "workers", "instance")), "{{instance}}")
            .share(),
        lines("Window", "percentunit", "Records taken and not settled, over their bound; at 1 intake waits for the review topic.")
            .ask(&format!("{} / {}", gauge("sum", "in_flight_records", "instance"), gauge("sum", "in_flight_limit_records", "instance")), "{{instance}}")
            .share(),
        lines("Window in bytes", "bytes", "Bytes of events sent and not acknowledged.").ask(&gauge("sum", "in_flight_bytes", "instance"), "{{instance}}"),
        lines("Time in a stage, p99", "s", "Measured on one record in sixteen.").ask(&quantile(0.99, "stage_duration_seconds", "", "stage"), "{{stage}}"),
        lines("Dead letters", "ops", "By reason. A jump of invalid_post is a changed schema; internal is a bug of ours.")
            .ask(&rate("dead_lettered_records_total", "reason"), "{{reason}}"),
        lines("Bugs and restarts", "short", "In the last hour: panics caught at a record, clients made anew, dead letters that the broker did not take.")
            .ask(&gained("panics_total", "", "", "1h"), "panics")
            .ask(&gained("kafka_client_restarts_total", "", "", "1h"), "client restarts")
            .ask(&gained("dead_letter_write_failures_total", "", "", "1h"), "dead letters not taken"),
    ]
}

fn reading() -> Vec<Panel> {
    vec![
        lines("Lag", "short", "Of the partitions each instance has; the sum is the group's lag.")
            .ask(&gauge("sum", "consumer_lag_records", "instance"), "{{instance}}"),
        lines("Lag of the ten worst partitions", "short", "One high line is a hot key or one slow lane.")
            .ask(&format!("topk(10, {})", gauge("sum", "consumer_partition_lag_records", "partition")), "{{partition}}"),
        lines("Partitions", "none", "Assigned, and of those the ones whose lag nobody knows.")
            .ask(&gauge("sum", "consumer_assigned_partitions", "instance"), "{{instance}}")
            .ask(&gauge("sum", "consumer_unknown_lag_partitions", ""), "unknown lag"),
        lines("Lanes that pause", "none", "Back-pressure, a failing output topic or a breaker.")
            .ask(&gauge("sum", "consumer_paused_lanes", "instance"), "{{instance}}"),
        lines("Rebalances per hour", "none", "By kind.").ask(&gained("consumer_rebalances_total", "", "event", "1h"), "{{event}}"),
        lines("Commits", "ops", "By result.").ask(&rate("consumer_commits_total", "result"), "{{result}}"),
        lines("Since the last poll, the last progress", "s", "Worst instance. Progress stands still when nothing is waiting; a poll never does.")
            .ask(&format!("time() - {}", gauge("min", "consumer_last_poll_timestamp_seconds", "")), "poll")
            .ask(&format!("time() - {}", gauge("min", "consumer_last_progress_timestamp_seconds", "")), "progress"),
        lines("Prefetched records", "short", "Waiting in librdkafka.").ask(&gauge("sum", "kafka_fetch_queue_records", "instance"), "{{instance}}"),
        lines("Prefetched bytes", "bytes", "Waiting in librdkafka.").ask(&gauge("sum", "kafka_fetch_queue_bytes", "instance"), "{{instance}}"),
    ]
}

fn writing() -> Vec<Panel> {
    vec![
        lines("Events", "ops", "Delivery reports by kind and result.").ask(&rate("producer_records_total", "event, result"), "{{event}} {{result}}"),
        lines("Acknowledgement, p99", "s", "Send to delivery report.").ask(&quantile(0.99, "producer_ack_duration_seconds", "", "event"), "{{event}}"),
        lines("Producer queue", "percentunit", "Records waiting over their bound.")
            .ask(
                &format!("{} / {}", gauge("max", "producer_queue_records", "instance"), gauge("max", "producer_queue_limit_records", "instance")),
                "{{instance}}",
            )
            .share(),
        lines("Producer queue in bytes", "bytes", "Waiting in the producers.").ask(&gauge("sum", "producer_queue_bytes", "instance"), "{{instance}}"),
        lines("Transactions", "ops", "exactly_once only.").ask(&rate("transactions_total", "result"), "{{result}}"),
        lines("Brokers up", "none", "As each client sees them.").ask(&gauge("sum", "kafka_broker_up", "client"), "{{client}}"),
        lines("Round trip, p99", "s", "A window gauge of librdkafka: the worst instance, never an average.")
            .ask(&format!("max by (client, broker) ({})", select("kafka_broker_rtt_seconds", r#"stat="p99""#)), "{{client}} {{broker}}"),
        lines("Broker errors", "ops", "Errors, time-outs, retries, disconnections.")
            .ask(&rate("kafka_broker_errors_total", "client, kind"), "{{client}} {{kind}}"),
        lines("Clients that wait for a poll", "short", "Callbacks in the reply queue, and the age of the statistics that all lag figures come from.")
            .ask(&gauge("max", "kafka_reply_queue_ops", "client"), "callbacks {{client}}")
            .ask(&format!("time() - {}", gauge("min", "kafka_stats_timestamp_seconds", "client")), "age {{client}}"),
    ]
}

fn process() -> Vec<Panel> {
    vec![
        lines("Processor", "none", "Cores in use.")
            .ask(&format!("sum by (instance) (rate({}[$__rate_interval]))", bare("process_cpu_seconds_total")), "{{instance}}"),
        lines("Memory", "bytes", "Resident.").ask(&format!("sum by (instance) ({})", bare("process_resident_memory_bytes")), "{{instance}}"),
        table("Builds", "What runs.").wide(8).ask(&gauge("count", "build_info", "version"), ""),
    ]
}

fn flags() -> Vec<Row> {
    let posts = gained("processed_records_total", "", "", "$__range");
    let flagged = gained("processed_records_total", FLAGGED, "", "$__range");
    vec![
        (
            "In this period",
            vec![
                figure("Posts flagged", "short", "Over the chosen period.").ask(&flagged, "flagged"),
                figure("Flagged per 10 000 posts", "none", "Over the chosen period.")
                    .ask(&format!("1e4 * {flagged} / ({posts} > 0)"), "per 10 000")
                    .nothing("no posts"),
                figure(
                    "With a protected ground",
                    "percentunit",
                    "Share of the flags that are hate speech in the strict sense; the others are threats and harassment.",
                )
                .ask(&format!("{} / ({} > 0)", gained("flags_total", r#"hate="true""#, "", "$__range"), gained("flags_total", "", "", "$__range")), "hate")
                .share()
                .nothing("no flags"),
                figure("Critical", "short", "Calls to violence and death threats, over the chosen period. Read these first.")
                    .ask(&gained("flags_total", r#"severity="critical""#, "", "$__range"), "critical"),
                figure("Taken back", "short", "Edited posts that flag no more: their cases can be closed.")
                    .ask(&gained("withdrawn_posts_total", "", "", "$__range"), "withdrawn"),
                figure("Never judged", "short", "Dead letters and lost records over the chosen period: the hole in these figures.")
                    .ask(
                        &format!(
                            "{} + {}",
                            gained("dead_lettered_records_total", "", "", "$__range"),
                            gained("consumer_lost_records_total", "", "", "$__range")
                        ),
                        "posts",
                    )
                    .limits(&[("orange", 1.0)]),
            ],
        ),
        (
            "What is flagged",
            vec![
                lines("By severity", "ops", "A post counts once, by its worst finding.")
                    .ask(&rate("flags_total", "severity"), "{{severity}}")
                    .wide(12)
                    .stacked(),
                lines("Share of posts, now and a week ago", "percentunit", "A jump is an event, an attack or a new lexicon: see the blue marks.")
                    .ask(r#"job:vigie_flagged:ratio_rate1h{job=~"$job"}"#, "now")
                    .ask(r#"job:vigie_flagged:ratio_rate1h{job=~"$job"} offset 1w"#, "a week ago")
                    .wide(12),
                bars("By ground", "short", "Over the chosen period. A post counts once for each of its grounds.")
                    .ask(&gained("flags_by_ground_total", "", "ground", "$__range"), "{{ground}}"),
                lines("Shadow", "ops", "What entries on probation alone would have flagged. They reach the shadow topic, never a reviewer's queue.")
                    .ask(&format!("sum (rate({}[$__rate_interval]))", select("processed_records_total", r#"outcome="shadow""#)), "shadow")
                    .wide(12),
            ],
        ),
        (
            "What is not seen",
            vec![
                lines("Skipped", "ops", "Private posts and tombstones: never judged, by design.").ask(&rate("skipped_records_total", "reason"), "{{reason}}"),
                lines("Heavy disguise", "ops", "Posts with more disguised words than are opened: an attack, or a format that is not text.")
                    .ask(&rate("obfuscation_floods_total", ""), "posts"),
                lines("Time to a flag, p95", "s", "From the Kafka timestamp of the post to the review topic.")
                    .ask(&quantile(0.95, "pipeline_latency_seconds", FLAGGED, ""), "p95"),
            ],
        ),
        (
            "Lexicon",
            vec![
                table("In force", "More than one revision for more than ten minutes means that a roll-out is stuck.")
                    .ask(&gauge("count", "lexicon_info", "name, version, revision"), ""),
                figure("Last reload", "none", "Instances whose last reload was refused: the old lexicon stays in force there.")
                    .ask(&format!("count ({} == 0)", select("lexicon_last_reload_successful", "")), "refused")
                    .limits(&[("red", 1.0)])
                    .nothing("accepted everywhere"),
                figure("Age of the lexicon", "s", "Since the last accepted one, oldest instance.")
                    .ask(&format!("time() - {}", gauge("min", "lexicon_last_reload_success_timestamp_seconds", "")), "age"),
                figure("Reload, p99", "s", "Read, check and compile, over a day.")
                    .ask(&format!("histogram_quantile(0.99, sum by (le) (increase({}[1d])))", select("lexicon_reload_duration_seconds_bucket", "")), "p99")
                    .nothing("none in a day"),
                lines("Reloads", "short", "In the last hour, by result.").ask(&gained("lexicon_reloads_total", "", "result", "1h"), "{{result}}"),
            ],
        ),
    ]
}
