//! Records that are odd: the same post twice, clocks that are wrong, and everything that could hold up a partition for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rdkafka::message::{Header, Message, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde_json::{Value, json};
use vigie_stream::config::Config;
use vigie_stream::redrive;

use crate::field::{Field, LAW};
use crate::support::judge::CANARY;
use crate::support::{eventually, headers};

/// A post that comes twice is judged twice, each time with the same ids: what a reader needs to drop the second.
pub fn duplicate_ids(field: &mut Field<'_>) {
    field.create_all();
    let records = field.posts("a", 3_000);
    field.posts("a", 3_000);
    field.worker("w0");
    field.send(&records);
    field.send(&records);
    field.settle();
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for flag in field.read("flags", field.count("flagged")) {
        let flag: Value = serde_json::from_slice(flag.payload().unwrap()).unwrap();
        ids.entry(flag["post"]["post_id"].to_string()).or_default().insert(flag["flag_id"].to_string());
    }
    assert!(ids.len() == field.count("flagged") / 2 && ids.values().all(|flags| flags.len() == 1));
    field.counters_add_up();
}

/// Timestamps from 1970 to years ahead: no verdict and no delivery depends on them. A dead letter whose timestamp its topic refuses tells it in a header.
pub fn clock_skew(field: &mut Field<'_>) {
    // Apache Kafka refuses what is more than an hour ahead unless told otherwise; the dead-letter topic is not told.
    field.create_with("posts", &[("message.timestamp.after.max.ms", "9223372036854775807")]);
    ["flags", "shadow"].iter().for_each(|kind| field.create(kind));
    // A dead letter of 1970 is as old for its topic: retention would take it within the minute.
    field.create_with("dead", &[("retention.ms", "-1")]);
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let times = [1, 86_400_000, now - 1000, now + 86_400_000, now + 3_600_000 * 24 * 3650, i64::MAX / 2];
    let records = field.posts("a", 12_000);
    let producer: BaseProducer = field.cluster.client().create().unwrap();
    let mut poison = BTreeMap::new();
    for (n, (key, payload)) in records.iter().enumerate() {
        let time = times[(n / 1000) % times.len()];
        if payload.starts_with("{\"post_id\": ") {
            poison.insert(key.clone(), time);
        }
        producer.send(BaseRecord::to(&field.topic("posts")).key(key).payload(payload).timestamp(time)).map_err(|e| e.0).unwrap();
        producer.poll(Duration::ZERO);
    }
    producer.flush(LAW).unwrap();
    field.worker("w0");
    field.settle();
    for letter in field.read("dead", poison.len()) {
        let key = String::from_utf8_lossy(letter.key().unwrap()).into_owned();
        let time = poison[&key];
        assert_eq!(headers(&letter)["record.timestamp_ms"], time.to_string(), "{key}");
        assert!(time > now || letter.timestamp().to_millis() == Some(time), "{key}: a timestamp that the topic takes stays");
    }
    field.counters_add_up();
}

/// Key, value, headers and what is expected of a record.
type Row = (&'static str, Option<Vec<u8>>, Vec<(String, Vec<u8>)>, Option<Vec<u8>>, Option<&'static str>);

/// Everything that a producer can send by mistake or by malice, between good posts: nothing holds up its partition, and nothing is lost.
pub fn hostile(field: &mut Field<'_>) {
    field.create_with("posts", &[("max.message.bytes", "12000000"), ("compression.type", "producer")]);
    ["flags", "shadow", "dead"].iter().for_each(|kind| field.create(kind));
    let post = |id: &str, text: &str| json!({"post_id": id, "text": text}).to_string().into_bytes();
    let deep = |open: &str, close: &str| format!("{{\"post_id\":\"deep\",\"text\":{}1{}}}", open.repeat(50_000), close.repeat(50_000)).into_bytes();
    let key = |fill: u8, size: usize| vec![fill; size];
    let header = |size: usize| vec![("h".to_owned(), vec![b'x'; size])];
    let none = Vec::<(String, Vec<u8>)>::new;
    let traceparent = vec![("traceparent".to_owned(), vec![b'0'; 1_200_000])];
    // Name, key, headers, payload, code of the dead letter; none: no dead letter.
    let rows: Vec<Row> = vec![
        ("a key larger than any message", Some(key(b'k', 2_000_000)), none(), Some(b"{".to_vec()), Some("invalid_json")),
        ("a key of half a message", Some(key(b'k', 600_000)), none(), Some(vec![b'{'; 500_000]), Some("invalid_json")),
        ("a key that is not UTF-8", Some(key(0xff, 9)), none(), Some(b"{".to_vec()), Some("invalid_json")),
        ("no key", None, none(), Some(b"{".to_vec()), Some("invalid_json")),
        ("headers larger than any message", Some(key(b'h', 5)), header(3_000_000), Some(b"{".to_vec()), Some("invalid_json")),
        ("a thousand headers", Some(key(b'h', 6)), vec![header(700).remove(0); 1000], Some(b"{".to_vec()), Some("invalid_json")),
        ("a traceparent larger than any message", Some(key(b't', 5)), traceparent, Some(post("traceparent", "zflag")), None),
        ("five million bytes", Some(key(b'p', 5)), none(), Some(post("huge", &"a".repeat(5_000_000))), Some("payload_too_large")),
        ("a text beyond the limit", Some(key(b'p', 6)), none(), Some(post("long", &"é".repeat(40_000))), Some("text_too_long")),
        ("arrays fifty thousand deep", Some(key(b'd', 5)), none(), Some(deep("[", "]")), Some("invalid_json")),
        ("objects fifty thousand deep", Some(key(b'd', 6)), none(), Some(deep("{\"a\":", "}")), Some("invalid_post")),
        ("half a surrogate", Some(key(b's', 5)), none(), Some(b"{\"post_id\":\"s\",\"text\":\"\\ud800\"}".to_vec()), Some("invalid_json")),
        ("bytes that are not UTF-8", Some(key(b'u', 5)), none(), Some(b"{\"post_id\":\"u\",\"text\":\"\xc3\x28\"}".to_vec()), Some("invalid_utf8")),
        ("a mark of byte order", Some(key(b'b', 5)), none(), Some([b"\xef\xbb\xbf".to_vec(), post("bom", "zflag")].concat()), Some("invalid_json")),
        ("framing and nothing behind it", Some(key(b'f', 5)), none(), Some(vec![0, 0, 0, 0, 1]), Some("empty_payload")),
        ("nothing", Some(key(b'n', 5)), none(), Some(Vec::new()), Some("empty_payload")),
        ("a tombstone", Some(key(b'n', 6)), none(), None, None),
        ("an array", Some(key(b'a', 5)), none(), Some(b"[1]".to_vec()), Some("invalid_post")),
        ("an empty id", Some(key(b'i', 5)), none(), Some(post("", "zflag")), Some("invalid_post")),
        ("a long id", Some(key(b'i', 6)), none(), Some(post(&"i".repeat(257), "zflag")), Some("invalid_post")),
        ("a negative edit", Some(key(b'e', 5)), none(), Some(b"{\"post_id\":\"e\",\"text\":\"\",\"edit\":-1}".to_vec()), Some("invalid_post")),
        ("a panic of ours", Some(key(b'x', 5)), none(), Some(post("panic", &format!("zpanic {CANARY}"))), Some("internal")),
        ("NUL inside", Some(key(b'z', 5)), none(), Some(post("nul", "a\0zflag\0")), None),
        ("six thousand findings", Some(key(b'm', 5)), none(), Some(post("many", "zmany")), None),
    ];
    let producer: BaseProducer = field.cluster.client().set("message.max.bytes", "12000000").create().unwrap();
    for (n, (name, key, headers, payload, _)) in rows.iter().enumerate() {
        // All in one partition, each between good posts.
        for (near, payload) in field.posts(&format!("near{n}"), 20) {
            producer.send(BaseRecord::to(&field.topic("posts")).partition(0).key(&near).payload(&payload)).map_err(|e| e.0).unwrap();
        }
        let owned = headers.iter().fold(OwnedHeaders::new(), |all, (key, value)| all.insert(Header { key, value: Some(value) }));
        let topic = field.topic("posts");
        let mut record: BaseRecord<'_, [u8], [u8]> = BaseRecord::to(&topic).partition(0).headers(owned);
        (record.key, record.payload) = (key.as_deref(), payload.as_deref());
        producer.send(record).map_err(|e| e.0).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    producer.flush(LAW).unwrap();
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().filter_map(|row| row.4).for_each(|code| *expected.entry(code).or_default() += 1);
    field.worker("w0");
    field.settle();
    let letters = field.read("dead", rows.iter().filter(|row| row.4.is_some()).count());
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    letters.iter().for_each(|letter| *found.entry(headers(letter)["error.code"].clone()).or_default() += 1);
    assert_eq!(found.iter().map(|(code, n)| (code.as_str(), *n)).collect::<BTreeMap<_, _>>(), expected);
    for (name, key, own, payload, code) in rows.iter().filter(|row| row.4.is_some()) {
        let size = payload.as_ref().unwrap().len();
        let whole = key.as_ref().map_or(0, Vec::len) + own.iter().map(|h| h.1.len() + 11).sum::<usize>() + size < 900_000;
        let same = |l: &&OwnedMessage| l.key() == key.as_deref() && l.payload().unwrap_or_default().len() == size && !headers(l).contains_key("truncated");
        let letter = letters.iter().find(same);
        assert_eq!(letter.is_some(), whole, "{name}: as received if it fits");
        assert!(letter.is_none_or(|l| headers(l)["error.code"] == code.unwrap()), "{name}");
    }
    let flags: BTreeSet<String> = field
        .read("flags", field.count("flagged") + 3)
        .iter()
        .map(|m| serde_json::from_slice::<Value>(m.payload().unwrap()).unwrap()["post"]["post_id"].to_string())
        .collect();
    assert!(["traceparent", "nul", "many"].iter().all(|id| flags.contains(&format!("\"{id}\""))));
    field.counters_add_up();
}

/// Dead letters go back, once each, as they were, and are counted again with one more attempt.
pub fn redriven(field: &mut Field<'_>) {
    field.create_all();
    field.post("a", 3_000);
    field.worker("w0");
    field.settle();
    let config = Config::load(None, field.environment.iter().cloned()).unwrap();
    let dead = field.topic("dead");
    let dry = redrive::run(&config, &dead, true).unwrap();
    assert_eq!((dry.read, dry.sent, dry.by_reason.get("invalid_json").copied()), (3, 3, Some(3)));
    let done = redrive::run(&config, &dead, false).unwrap();
    assert_eq!((done.read, done.sent, done.failed), (3, 3, 0));
    field.drain();
    let letters = field.read("dead", 6);
    let attempts: Vec<String> = letters.iter().map(|m| headers(m)["error.attempt"].clone()).collect();
    assert_eq!((attempts.iter().filter(|a| *a == "1").count(), attempts.iter().filter(|a| *a == "2").count()), (3, 3));
    assert!(letters.iter().all(|m| m.payload().unwrap() == format!("{{\"post_id\": {CANARY}").as_bytes()));
}

/// When the producers' schema changes, intake stops instead of moving the topic to the dead letters.
pub fn breaker(field: &mut Field<'_>) {
    field.create_all();
    let records: Vec<_> = (0..20_000).map(|n| (n.to_string(), "{\"autre\": 1}".to_owned())).collect();
    field.send(&records);
    field.set("VIGIE_DELIVERY__MAX_IN_FLIGHT_RECORDS", "500");
    field.worker("w0");
    eventually("the breaker opens", LAW, || field.workers[0].not_ready().as_deref() == Some("breaker"));
    // What was taken is settled, and nothing more is taken.
    field.counters_add_up();
    let dead = field.sum("vigie_dead_lettered_records_total{reason=\"invalid_post\"}");
    assert!((100.0..5000.0).contains(&dead), "{dead}");
    assert!(!field.is_drained());
    field.summary = format!("stopped after {dead} of 20000");
    field.stop_all();
}
