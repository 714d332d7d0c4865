use super::*;

#[test]
fn the_catalogue_registers_and_every_handle_is_in_it() {
    let metrics = Metrics::new().expect("every handle is in the catalogue");
    metrics.set_lexicon("fr", "1", "0123456789abcdef");
    let text = String::from_utf8(metrics.text()).expect("the text format is UTF-8");
    for line in [
        "vigie_processed_records_total{outcome=\"dead_lettered\"} 0",
        "vigie_skipped_records_total{reason=\"private\"} 0",
        "vigie_dead_lettered_records_total{reason=\"undeliverable\"} 0",
        "vigie_flags_total{hate=\"true\",severity=\"critical\"} 0",
        "vigie_lexicon_info{name=\"fr\",revision=\"0123456789abcdef\",version=\"1\"} 1",
        "vigie_pipeline_latency_seconds_bucket{outcome=\"flagged\",le=\"5\"} 0",
    ] {
        assert!(text.contains(line), "missing: {line}\n{text}");
    }
}

#[test]
fn a_tally_reaches_the_counter_of_its_outcome_and_reason() {
    let metrics = Metrics::new().expect("valid");
    let mut tally = Tally::default();
    for outcome in [Outcome::Clean, Outcome::Flagged, Outcome::Shadow, Outcome::Skipped(Skip::Private), Outcome::DeadLettered(Reason::TextTooLong)] {
        tally.settle(outcome);
    }
    assert_eq!(tally.settled(), (5, 1));
    metrics.flush(&mut tally);
    assert_eq!((metrics.outcomes(), tally), ([1; 5], Tally::default()));
    let text = String::from_utf8(metrics.text()).expect("UTF-8");
    for line in ["skipped_records_total{reason=\"private\"} 1", "dead_lettered_records_total{reason=\"text_too_long\"} 1"] {
        assert!(text.contains(line), "missing: {line}");
    }
}

#[test]
fn names_follow_prometheus_and_labels_stay_few() {
    let catalogue: serde_json::Value = serde_json::from_str(CATALOGUE).expect("JSON");
    let metrics = catalogue["metrics"].as_array().expect("a list");
    let mut series = 0;
    for metric in metrics {
        let (name, kind) = (metric["name"].as_str().expect("name"), metric["type"].as_str().expect("type"));
        assert_eq!(name.ends_with("_total"), kind == "counter", "{name}");
        assert!(!metric["help"].as_str().expect("help").is_empty(), "{name}");
        let values =
            |v: &serde_json::Value| v.as_str().map_or_else(|| v.as_array().map_or(0, Vec::len), |s| catalogue["sets"][s].as_array().map_or(0, Vec::len));
        let closed: usize = metric["labels"].as_object().expect("labels").values().map(values).product();
        assert!(closed > 0, "{name} has an empty label");
        series += closed * (metric["buckets"].as_array().map_or(1, |b| b.len() + 3));
    }
    assert!(series < 1000, "{series} series from closed labels alone");
}

#[test]
fn lag_counts_wanted_partitions_from_what_is_committed_and_says_what_it_does_not_know() {
    use rdkafka::Statistics;
    use rdkafka::statistics::{Partition, Topic};
    // (wanted, committed, low, high, stable) of each partition → records behind, partitions unknown.
    let check = |law: &str, partitions: &[(bool, i64, i64, i64, i64)], lag: f64, unknown: f64| {
        let (metrics, book) = (Metrics::new().expect("valid"), LagBook::default());
        let mut topic = Topic::default();
        for (number, (desired, committed, low, high, stable)) in (-1..).zip(partitions) {
            let partition = Partition {
                partition: number,
                desired: *desired,
                committed_offset: *committed,
                lo_offset: *low,
                hi_offset: *high,
                ls_offset: *stable,
                ..Partition::default()
            };
            topic.partitions.insert(number, partition);
        }
        let mut statistics = Statistics::default();
        statistics.topics.insert("t".to_owned(), topic);
        book.update(&metrics.kafka, 0, ClientKind::Consumer, "t", &statistics, Some(0));
        let text = String::from_utf8(metrics.text()).expect("UTF-8");
        for line in [format!("vigie_consumer_lag_records {lag}"), format!("vigie_consumer_unknown_lag_partitions {unknown}")] {
            assert!(text.lines().any(|l| l == line), "{law}: no `{line}`");
        }
    };
    // The first row of each is partition -1, which librdkafka always reports.
    let internal = (true, -1, -1, -1, -1);
    check("nothing committed: from the start", &[internal, (true, -1001, 0, 100, 100)], 100.0, 0.0);
    check("committed", &[internal, (true, 60, 0, 100, 100)], 40.0, 0.0);
    check("an open transaction is not there yet", &[internal, (true, 60, 0, 100, 80)], 20.0, 0.0);
    check("lost partitions keep frozen figures", &[internal, (false, 50, 0, 100, 100), (true, 100, 0, 100, 100)], 0.0, 0.0);
    check("retention went past the group", &[internal, (true, 10, 40, 100, 100)], 60.0, 0.0);
    check("no end known", &[internal, (true, 10, -1001, -1001, -1001)], 0.0, 1.0);
}
