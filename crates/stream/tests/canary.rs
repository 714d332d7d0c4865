//! A word that is in every post, key, header and secret goes down every path that ends in an error, and is nowhere but in flags and dead letters:
//! not in a log of any level, a span, a panic, a metric, a probe, a message about the configuration.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::types::RDKafkaApiKey::Produce;
use rdkafka::types::RDKafkaRespErr::{
    RD_KAFKA_RESP_ERR_INVALID_RECORD as INVALID, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE as TOO_LARGE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED as DENIED,
};
use serde_json::json;
use support::judge::{CANARY, Script};
use support::{eventually, free_port, http_get, metric};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use vigie_stream::config::{Config, Topics};
use vigie_stream::demo::Broker;
use vigie_stream::service::{self, Stop};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Payloads, each with the canary, one for each way to fail and one for each way to succeed.
fn payloads() -> Vec<Vec<u8>> {
    let post = |more: serde_json::Value| {
        let mut post = json!({"post_id": CANARY, "text": format!("{CANARY} zflag @{CANARY} https://{CANARY}.fr"), "author_id": CANARY, "url": CANARY,
            "created_at": CANARY, "in_reply_to": CANARY, "lang": CANARY, "notice": {"source": CANARY}});
        post.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post.to_string().into_bytes()
    };
    vec![
        post(json!({})),
        post(json!({"text": format!("zshadow {CANARY}"), "edit": 3})),
        post(json!({"text": format!("zmany {CANARY}")})),
        post(json!({"text": format!("zpanic {CANARY}")})),
        post(json!({"text": 5})),
        post(json!({"text": null})),
        post(json!({"post_id": CANARY.repeat(60)})),
        post(json!({"tenant": CANARY.repeat(60)})),
        post(json!({"surface": CANARY})),
        post(json!({"visibility": [CANARY]})),
        post(json!({"edit": CANARY})),
        post(json!({"text": CANARY.repeat(20_000)})),
        post(json!({"unknown": CANARY.repeat(200_000)})),
        CANARY.as_bytes().to_vec(),
        format!("{{\"{CANARY}\": {CANARY}").into_bytes(),
        format!("[\"{CANARY}\"]").into_bytes(),
        [CANARY.as_bytes(), b"\xff"].concat(),
    ]
}

#[test]
fn no_word_of_a_post_and_no_secret_is_seen_where_it_does_not_belong() {
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_span_events(FmtSpan::FULL).with_ansi(false).with_writer(log.clone()).init();
    let broker = Broker::start(&Topics::default(), 3).unwrap();
    let (http, directory) = (free_port(), tempfile::tempdir().unwrap());
    let key = directory.path().join("key");
    std::fs::write(&key, format!("{CANARY}-{CANARY}-{CANARY}")).unwrap();
    let listen = http.to_string();
    let names = [
        ("VIGIE_KAFKA__BROKERS", broker.bootstrap()),
        ("VIGIE_KAFKA__GROUP_PROTOCOL", "consumer"),
        ("VIGIE_HTTP__LISTEN", &listen),
        ("VIGIE_DELIVERY__LANES", "1"),
        ("VIGIE_DEAD_LETTERS__BREAKER_PERCENT", "100"),
        ("VIGIE_PRIVACY__AUTHOR_KEY_FILE", key.to_str().unwrap()),
        ("VIGIE_LOG__LEVEL", "trace"),
    ];
    let config = Config::load(None, names.map(|(n, v)| (n.to_owned(), v.to_owned()))).unwrap();
    let shown = format!("{:?} {config:?}", config.effective());
    assert!(!shown.contains(CANARY), "the author key is shown");

    let payloads = payloads();
    let rounds = 3;
    let producer: BaseProducer =
        rdkafka::ClientConfig::new().set("bootstrap.servers", broker.bootstrap()).set("message.max.bytes", "4000000").create().unwrap();
    for payload in (0..rounds).flat_map(|_| &payloads) {
        let headers = OwnedHeaders::new().insert(Header { key: CANARY, value: Some(CANARY) }).insert(Header { key: "traceparent", value: Some(CANARY) });
        producer.send(BaseRecord::to("vigie.posts").key(CANARY).payload(payload).headers(headers)).map_err(|e| e.0).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
    // The broker refuses too: for size, for the record's sake, for want of a right.
    let mock: &MockCluster<'_, _> = broker.cluster();
    mock.request_errors(Produce, &[TOO_LARGE, DENIED, INVALID, TOO_LARGE, DENIED, TOO_LARGE, TOO_LARGE]);
    let (stop, stopper) = Stop::manual();
    let service = std::thread::spawn(move || service::run(config, Arc::new(Script), None, stop));
    let settled = || -> f64 {
        let of = |outcome: &&str| metric(http, &format!("vigie_processed_records_total{{outcome=\"{outcome}\"}}")).unwrap_or(0.0);
        ["clean", "flagged", "shadow", "skipped", "dead_lettered"].iter().map(of).sum()
    };
    eventually("all records are settled", Duration::from_mins(1), || settled() >= (rounds * payloads.len()) as f64);
    for path in ["/metrics", "/readyz", "/livez", &format!("/{CANARY}"), &format!("/metrics?{CANARY}={CANARY}")] {
        let body = http_get(http, path).unwrap().1;
        assert!(!body.contains(CANARY), "{path}: {body}");
    }
    stopper.stop();
    assert_eq!(service.join().unwrap().exit, 0);
    let told = log.text();
    assert!(told.contains("panic while judging") && told.contains("an event was not taken"), "the paths were taken");
    let line = told.lines().find(|line| line.contains(CANARY) || line.contains("zflag"));
    assert!(line.is_none(), "{line:?}");
}

#[test]
fn what_is_wrong_with_a_configuration_is_told_without_its_secrets() {
    let check = |source: &str, names: &[(&str, &str)]| {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("vigie.toml");
        std::fs::write(&path, source).unwrap();
        let errors = Config::load(Some(&path), names.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).unwrap_err().to_string();
        assert!(!errors.contains(CANARY), "{errors}");
    };
    check("[kafka]\nsasl_password = \"zcanari\"\n", &[]);
    check("[kafka]\nsasl_password = \"zcanari\n", &[]);
    check("[kafka]\nsasl_password = zcanari\n", &[]);
    check("[kafka]\nbrokers = \"a:1\"\n", &[("VIGIE_KAFKA__SASL_PASSWORD", "zcanari")]);
    check("[kafka]\nbrokers = \"a:1\"\n", &[("VIGIE_KAFKA__PROPERTIES__SASL_PASSWORD", "zcanari")]);
    check("[kafka]\nbrokers = \"a:1\"\n[kafka.properties]\n\"ssl.key.pem\" = \"zcanari\"\n", &[]);
    check("[kafka]\nbrokers = \"a:1\"\n[kafka.properties]\n\"sasl.oauthbearer.client.secret\" = [\"zcanari\"]\n", &[]);
    check("[kafka]\nbrokers = \"a:1\"\n", &[("VIGIE_HTTP__LISTEN", "zcanari"), ("VIGIE_DELIVERY__LANES", "zcanari"), ("VIGIE_DELIVERY__MODE", "zcanari")]);
}
