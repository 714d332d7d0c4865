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
        let values = |v: &serde_json::Value| v.as_str().map_or_else(|| v.as_array().map_or(0, Vec::len), |s| catalogue["sets"][s].as_array().map_or(0, Vec::len));
        let closed: usize = metric["labels"].as_object().expect("labels").values().map(values).product();
        assert!(closed > 0, "{name} has an empty label");
        series += closed * (metric["buckets"].as_array().map_or(1, |b| b.len() + 3));
    }
    assert!(series < 1000, "{series} series from closed labels alone");
}
