//! Every row of the outcome table, on the embedded broker: each record ends in its outcome, with its reason, counted, and disturbs no other.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::config::FromClientConfig;
use rdkafka::message::{Header, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde_json::{Value, json};
use support::judge::{CANARY, Script};
use support::schema::Schemas;
use support::{eventually, free_port, headers, http_get, metric, read_topic, reader};
use vigie_stream::config::{Config, Topics};
use vigie_stream::demo::{Broker, Feed, Tap};
use vigie_stream::service::{self, Counts, Report, Stop};

const PATIENCE: Duration = Duration::from_secs(30);

/// One record and how it must end: outcome, and for the last two a reason.
struct Row {
    name: &'static str,
    payload: Option<Vec<u8>>,
    outcome: &'static str,
    reason: Option<&'static str>,
}

fn row(name: &'static str, payload: impl Into<Vec<u8>>, outcome: &'static str, reason: Option<&'static str>) -> Row {
    Row { name, payload: Some(payload.into()), outcome, reason }
}

fn post(id: &str, text: &str) -> String {
    json!({"post_id": id, "text": text}).to_string()
}

fn table() -> Vec<Row> {
    let dead = |name, payload: Vec<u8>, reason| row(name, payload, "dead_lettered", Some(reason));
    vec![
        Row { name: "tombstone", payload: None, outcome: "skipped", reason: Some("tombstone") },
        row("dm", json!({"post_id": "dm", "text": "zflag", "surface": "dm"}).to_string(), "skipped", Some("private")),
        row("direct", json!({"post_id": "direct", "text": "zflag", "visibility": "direct"}).to_string(), "skipped", Some("private")),
        dead("empty", Vec::new(), "empty_payload"),
        dead("utf8", b"{\"post_id\":\"utf8\",\"text\":\"\xff\"}".to_vec(), "invalid_utf8"),
        dead("json", format!("{{\"post_id\": {CANARY}").into_bytes(), "invalid_json"),
        dead("no_text", json!({"post_id": "no_text"}).to_string().into_bytes(), "invalid_post"),
        dead("no_id", json!({"text": CANARY}).to_string().into_bytes(), "invalid_post"),
        dead("wrong_type", json!({"post_id": "wrong", "text": 5}).to_string().into_bytes(), "invalid_post"),
        dead("huge", post("huge", &"a".repeat(1 << 20)).into_bytes(), "payload_too_large"),
        dead("long", post("long", &"a".repeat((64 << 10) + 1)).into_bytes(), "text_too_long"),
        dead("panic", post("panic", &format!("zpanic {CANARY}")).into_bytes(), "internal"),
        row("blank", post("blank", ""), "clean", None),
        row("spaces", post("spaces", "  \n"), "clean", None),
        row("clean", post("clean", "Bonjour à toutes et à tous."), "clean", None),
        row("flag", post("flag", "😀 été zflag, dit @quelquun"), "flagged", None),
        row("shadow", post("shadow", "peut-être zshadow"), "shadow", None),
        row("clues", post("clues", "tout cela zclues"), "flagged", None),
        row("both", post("both", "zshadow et zflag"), "flagged", None),
        row("many", post("many", "zmany"), "flagged", None),
        row("withdrawn", json!({"post_id": "withdrawn", "edit": 1, "text": "poli"}).to_string(), "clean", None),
        row("withdrawn_shadow", json!({"post_id": "ws", "edit": 2, "text": "zshadow"}).to_string(), "shadow", None),
        row("framed", [&b"\0\0\0\0\x01"[..], post("framed", "zflag").as_bytes()].concat(), "flagged", None),
    ]
}

struct Run {
    broker: Broker,
    topics: Topics,
    config: Config,
}

impl Run {
    fn new(environment: &[(&str, &str)]) -> Self {
        let topics = Topics::default();
        let broker = Broker::start(&topics, 3).unwrap();
        let http = free_port().to_string();
        let base = [
            ("VIGIE_KAFKA__BROKERS", broker.bootstrap()),
            ("VIGIE_KAFKA__GROUP_PROTOCOL", "consumer"),
            ("VIGIE_HTTP__LISTEN", &http),
            ("VIGIE_DELIVERY__LANES", "1"),
        ];
        let all = base.iter().chain(environment).map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let config = Config::load(None, all).unwrap();
        Self { broker, topics, config }
    }

    fn producer(&self) -> BaseProducer {
        let mut config = rdkafka::ClientConfig::new();
        config.set("bootstrap.servers", self.broker.bootstrap()).set("message.max.bytes", "4000000");
        BaseProducer::from_config(&config).unwrap()
    }

    /// Runs the service until `settled` records have ended, or whatever `until` waits for.
    fn serve(&self, settled: u64, during: impl FnOnce(&Self)) -> (Report, String) {
        let (stop, stopper) = Stop::manual();
        let config = self.config.clone();
        let service = std::thread::spawn(move || service::run(config, Arc::new(Script), None, stop));
        let address = self.config.http.listen;
        during(self);
        let done = || {
            let sum: f64 = ["clean", "flagged", "shadow", "skipped", "dead_lettered"]
                .iter()
                .filter_map(|o| metric(address, &format!("vigie_processed_records_total{{outcome=\"{o}\"}}")))
                .sum();
            sum >= settled as f64
        };
        eventually("all records are settled", PATIENCE, done);
        let metrics = http_get(address, "/metrics").unwrap().1;
        stopper.stop();
        (service.join().unwrap(), metrics)
    }
}

#[test]
fn every_row_of_the_outcome_table_ends_as_it_says() {
    let run = Run::new(&[("VIGIE_PRIVACY__AUTHOR_KEY_ID", "k7")]);
    let rows = table();
    let producer = run.producer();
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    let mut good = 0;
    for row in &rows {
        // Each among good posts, in the same partition: what one does must not touch its neighbours.
        for near in 0..3 {
            let payload = post(&format!("near-{}-{near}", row.name), if near == 1 { "zflag voisin" } else { "rien" });
            producer.send(BaseRecord::to(&run.topics.posts).key("k").partition(1).payload(&payload)).map_err(|e| e.0).unwrap();
            good += 1;
            *expected.entry(if near == 1 { "flagged" } else { "clean" }).or_default() += 1;
        }
        let headers = OwnedHeaders::new()
            .insert(Header { key: "traceparent", value: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") })
            .insert(Header { key: "name", value: Some(row.name) });
        let mut record: BaseRecord<'_, str, [u8]> = BaseRecord::to(&run.topics.posts).key(row.name).partition(1).headers(headers);
        record.payload = row.payload.as_deref();
        producer.send(record).map_err(|e| e.0).unwrap();
        *expected.entry(row.outcome).or_default() += 1;
    }
    producer.flush(Duration::from_secs(10)).unwrap();
    let total = rows.len() as u64 + good;
    let (report, metrics) = run.serve(total, |_| {});

    let count = |o: &str| expected.get(o).copied().unwrap_or(0);
    assert_eq!(
        report,
        Report {
            exit: 0,
            counts: Counts {
                consumed: total,
                clean: count("clean"),
                flagged: count("flagged"),
                shadow: count("shadow"),
                skipped: count("skipped"),
                dead_lettered: count("dead_lettered"),
                returned: 0
            }
        }
    );
    for reason in ["tombstone", "private"] {
        let n = rows.iter().filter(|r| r.reason == Some(reason)).count();
        assert!(metrics.contains(&format!("vigie_skipped_records_total{{reason=\"{reason}\"}} {n}\n")), "{reason}");
    }
    for reason in ["empty_payload", "invalid_utf8", "invalid_json", "invalid_post", "payload_too_large", "text_too_long", "internal", "undeliverable"] {
        let n = rows.iter().filter(|r| r.reason == Some(reason)).count();
        assert!(metrics.contains(&format!("vigie_dead_lettered_records_total{{reason=\"{reason}\"}} {n}\n")), "{reason}");
    }
    assert!(metrics.contains("vigie_panics_total 1\n") && metrics.contains("vigie_withdrawn_posts_total 2\n"));
    assert!(!metrics.contains(CANARY) && !metrics.contains("zflag"));
    check_topics(&run, &rows, count("flagged"));
}

fn check_topics(run: &Run, rows: &[Row], flagged: u64) {
    let (schemas, reader) = (Schemas::load(), reader(run.broker.bootstrap()));
    let flags = read_topic(&reader, &run.topics.flags, flagged as usize + 2, PATIENCE);
    let events: Vec<(Value, BTreeMap<String, String>)> = flags.iter().map(|m| (schemas.event(m.payload().unwrap()), headers(m))).collect();
    assert_eq!(events.len() as u64, flagged + 2, "flags and withdrawals");
    for ((event, headers), message) in events.iter().zip(&flags) {
        assert_eq!(message.key(), event["case_id"].as_str().map(str::as_bytes));
        for (name, value) in [("ce_specversion", "1.0"), ("ce_type", "flag.v1"), ("ce_source", "/vigie/default"), ("content-type", "application/json")] {
            assert_eq!(headers.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert_eq!((headers["ce_id"].as_str(), headers["ce_subject"].as_str()), (event["flag_id"].as_str().unwrap(), event["case_id"].as_str().unwrap()));
        assert_eq!(
            headers["vigie_source"],
            format!("{}/{}/{}", event["input"]["topic"].as_str().unwrap(), event["input"]["partition"], event["input"]["offset"])
        );
        assert!(headers["ce_time"].ends_with('Z'));
    }
    let of = |id: &str| &events.iter().find(|(e, _)| e["post"]["post_id"] == id).unwrap_or_else(|| panic!("no event for {id}")).0;
    let flag = of("flag");
    assert_eq!(flag["findings"][0]["span"], json!({"byte_start": 11, "byte_end": 16, "char_start": 6, "char_end": 11, "utf16_start": 7, "utf16_end": 12}));
    assert_eq!(
        (&flag["content"]["excerpt"], &flag["content"]["excerpt_masked"]),
        (&json!("😀 été zflag, dit [mention]"), &json!("😀 été [déshumanisation], dit [mention]"))
    );
    assert_eq!(
        (&flag["verdict"]["priority"], &flag["legal_hypotheses"][0]["code"], &flag["dsa"]["category"]),
        (&json!(60), &json!("FR-1881-33-3"), &json!("STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"))
    );
    assert_eq!(of("both")["shadow"].as_array().unwrap().len(), 1);
    assert_eq!(of("withdrawn")["status"], "withdrawn");
    let many = of("many");
    assert!(many["omitted"].as_u64().unwrap() >= 2900 && many["content"]["excerpt"].is_null(), "an event too large for the broker is cut, not lost");
    assert!(events.iter().any(|(_, h)| h.get("traceparent").is_some_and(|t| t.starts_with("00-0af7"))));

    let shadows = read_topic(&reader, &run.topics.shadow, 2, PATIENCE);
    assert_eq!(shadows.len(), 2);
    for message in &shadows {
        assert_eq!(schemas.event(message.payload().unwrap())["schema"], "shadow.v1");
    }

    let dead_rows: Vec<&Row> = rows.iter().filter(|r| r.outcome == "dead_lettered").collect();
    let dead = read_topic(&reader, &run.topics.dead_letters, dead_rows.len(), PATIENCE);
    assert_eq!(dead.len(), dead_rows.len());
    for message in &dead {
        let headers = headers(message);
        schemas.dead_letter(&headers);
        let row = dead_rows.iter().find(|r| Some(r.name.as_bytes()) == message.key()).unwrap_or_else(|| panic!("{:?} {headers:?}", message.key()));
        assert_eq!((Some(headers["error.code"].as_str()), headers["name"].as_str()), (row.reason, row.name));
        let original = row.payload.as_deref().unwrap();
        if row.name == "huge" {
            assert_eq!((message.payload().unwrap(), headers["truncated"].as_str()), (&original[..64 << 10], "true"));
        } else {
            assert_eq!(message.payload().unwrap_or_default(), original, "{}", row.name);
        }
        assert_eq!(headers["payload.bytes"], original.len().to_string());
        let ours: String = headers.iter().filter(|(n, _)| *n != "name").map(|(_, v)| v.as_str()).collect();
        assert!(!ours.contains(CANARY), "{}", row.name);
    }
}

#[test]
fn posts_that_pass_the_schema_are_read_and_those_that_fail_it_are_not() {
    let schemas = Schemas::load();
    for row in table().iter().filter(|r| r.reason != Some("payload_too_large") && r.reason != Some("text_too_long") && r.name != "framed") {
        let Some(value) = row.payload.as_ref().and_then(|p| serde_json::from_slice::<Value>(p).ok()) else { continue };
        assert_eq!(schemas.is_post(&value), row.reason != Some("invalid_post"), "{}", row.name);
    }
}

#[test]
fn errors_of_the_broker_lose_nothing() {
    let run = Run::new(&[("VIGIE_DELIVERY__MAX_IN_FLIGHT_RECORDS", "200")]);
    let producer = run.producer();
    let total = 2000_u64;
    for n in 0..total {
        let payload = post(&format!("p{n}"), if n % 10 == 0 { "zflag" } else { "rien" });
        producer.send(BaseRecord::to(&run.topics.posts).key(&n.to_string()).payload(&payload)).map_err(|e| e.0).unwrap();
    }
    producer.flush(Duration::from_secs(10)).unwrap();
    let (report, _) = run.serve(total, |run| {
        use rdkafka::mocking::MockCluster;
        use rdkafka::types::RDKafkaRespErr::{
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS as FEW, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION as MOVED, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT as LATE,
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED as DENIED,
        };
        let cluster: &MockCluster<'_, _> = run.broker.cluster();
        cluster.request_errors(rdkafka::types::RDKafkaApiKey::Produce, &[FEW, MOVED, DENIED, LATE, DENIED, MOVED]);
    });
    assert_eq!((report.exit, report.counts.flagged, report.counts.clean), (0, total / 10, total - total / 10));
    let flags = read_topic(&reader(run.broker.bootstrap()), &run.topics.flags, total as usize / 10, PATIENCE);
    let ids: std::collections::BTreeSet<_> = flags.iter().map(|m| m.key().unwrap().to_vec()).collect();
    assert_eq!(ids.len() as u64, total / 10, "each flagged post has its flag");
}

#[test]
fn the_demo_flags_within_five_seconds() {
    let broker = Broker::start(&Topics::default(), 2).unwrap();
    let config = broker.config(free_port()).unwrap();
    let (stop, stopper) = Stop::manual();
    let start = std::time::Instant::now();
    let service = std::thread::spawn(move || service::run(config, Arc::new(Script), None, stop));
    let feed = Feed::open(broker.bootstrap(), "vigie.posts").unwrap();
    for n in 0..100 {
        feed.send(&n.to_string(), post(&n.to_string(), if n % 4 == 0 { "zflag" } else { "rien" }).as_bytes()).unwrap();
    }
    feed.finish(PATIENCE).unwrap();
    let tap = Tap::open(broker.bootstrap(), "vigie.flags").unwrap();
    let first = tap.next(PATIENCE).unwrap().expect("a flag");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    Schemas::load().event(&first);
    for _ in 1..25 {
        tap.next(PATIENCE).unwrap().expect("a flag");
    }
    // Left to the acknowledgements and to the tally.
    std::thread::sleep(Duration::from_millis(500));
    stopper.stop();
    let report = service.join().unwrap();
    assert_eq!(report, Report { exit: 0, counts: Counts { consumed: 100, clean: 75, flagged: 25, ..Counts::default() } });
}

#[test]
fn every_codec_and_every_protocol_is_in_this_build() {
    // librdkafka refuses what was left out only when a client is made.
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        let run = Config::load(None, [("VIGIE_KAFKA__BROKERS", "127.0.0.1:1"), ("VIGIE_KAFKA__COMPRESSION", codec)].map(|(n, v)| (n.to_owned(), v.to_owned())))
            .unwrap();
        let _: BaseProducer = run.producer(0).create().unwrap_or_else(|e| panic!("{codec}: {e}"));
    }
    for mechanism in ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] {
        let names = [
            ("VIGIE_KAFKA__BROKERS", "127.0.0.1:1"),
            ("VIGIE_KAFKA__SECURITY_PROTOCOL", "SASL_SSL"),
            ("VIGIE_KAFKA__SASL_MECHANISM", mechanism),
            ("VIGIE_KAFKA__SASL_USERNAME", "u"),
            ("VIGIE_KAFKA__SASL_PASSWORD", "p"),
        ];
        let run = Config::load(None, names.map(|(n, v)| (n.to_owned(), v.to_owned()))).unwrap();
        let _: BaseProducer = run.producer(0).create().unwrap_or_else(|e| panic!("{mechanism}: {e}"));
    }
}
