//! Records, JSON pointers and events on anything at all: no panic, no word of the record in what is said about it, events that are JSON.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../text/tests/common/fuzz.rs"]
mod fuzz;
mod support;

use std::collections::BTreeMap;
use std::path::Path;

use fuzz::{broken, corpus};
use serde_json::Value;
use support::judge::{CANARY, Script};
use vigie_stream::Judge;
use vigie_stream::config::{Config, DeadPayload, Format, Input};
use vigie_stream::wire::{Context, Coordinates, DeadLetter, Decoded, Fit, Header, Limits, Received, Shape, Status, decode, encode};

const PIECES: &[&str] = &[
    "zcanari",
    "zflag",
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[[[[[[[[[",
    "{\"a\":",
    "\"",
    "\\",
    "\\ud800",
    "\\u0000",
    ":",
    ",",
    "null",
    "true",
    "-0",
    "1e400",
    "18446744073709551616",
    "\"text\":\"zcanari\",",
    "\"post_id\":",
    "\"edit\":1,",
    "\"surface\":\"dm\",",
    "\"mentions\":[\"zcanari\"],",
    "\"text_format\":\"html\",",
    "<b>",
    "</p>",
    "&lt;",
    "<!--",
    "\u{FEFF}",
    "é",
    "😀",
    "\0\0\0\0\u{1}",
    "@nom ",
    "https://x.fr ",
];

fn corpus_of_records() -> Vec<Vec<u8>> {
    corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/records.txt"))
}

fn config() -> Config {
    Config::load(None, [("VIGIE_KAFKA__BROKERS".to_owned(), "127.0.0.1:1".to_owned())]).unwrap()
}

const AT: Coordinates<'static> = Coordinates { topic: "vigie.posts", partition: 1, offset: 7, timestamp_ms: Some(0) };

/// What would happen to the record, without Kafka.
fn follow(record: &[u8], limits: &Limits, config: &Config) {
    let post = match decode(Some(record), limits) {
        Ok(Decoded::Post(post)) => post,
        Ok(_) => return,
        Err(refusal) => {
            assert!(!refusal.message.contains(CANARY), "{}", refusal.message);
            let headers = vec![Header { name: "h".to_owned(), value: Some(record.to_vec()) }];
            let received = Received { at: AT, key: Some(record), payload: Some(record), headers };
            let letter = DeadLetter::new(received, &refusal, DeadPayload::Full, 16_384, 0, "revision");
            let size = letter.key.map_or(0, |k| k.len())
                + letter.payload.map_or(0, |p| p.len())
                + letter.headers.iter().map(|h| h.name.len() + h.value.as_ref().map_or(0, Vec::len) + 10).sum::<usize>();
            assert!(size <= 16_384, "{size} bytes");
            return;
        }
    };
    assert!(post.judged.as_ref().is_none_or(|judged| judged.len() == post.text.len()), "spans of what is judged are spans of the text");
    let verdict = Script.judge(post.judged(), &mut ());
    let context = Context {
        output: &config.output,
        privacy: &config.privacy,
        lexicon_name: "l",
        lexicon_version: "1",
        lexicon_revision: "r",
        input: AT,
        traceparent: None,
        explanation: ("", ""),
    };
    for (status, fit) in [(Status::Flagged, Fit::Whole), (Status::Shadow, Fit::Lean), (Status::Withdrawn, Fit::Bare)] {
        let event = encode(status, &post, &verdict, &context, fit).unwrap();
        let value: Value = serde_json::from_slice(&event.value).unwrap();
        assert_eq!(value["post"]["post_id"], *post.post_id);
    }
}

#[test]
fn every_format_takes_any_record() {
    let config = config();
    let formats = [Format::Post, Format::ActivityStreams, Format::Osprey, Format::IdText];
    let limits: Vec<Limits> = formats.into_iter().map(|format| Limits::new(&Input { format, ..config.input.clone() }).unwrap()).collect();
    let inputs = broken(corpus_of_records(), PIECES);
    fuzz::fuzz("records", 4_000_000, inputs, |record| {
        // The format is chosen by the length: each sees each kind of record.
        follow(record, &limits[record.len() % limits.len()], &config);
    });
}

#[test]
fn any_json_pointer_is_refused_or_read() {
    let config = config();
    let records = corpus_of_records();
    let pointers = corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/pointers.txt"));
    let inputs = broken(pointers, &["/", "~0", "~1", "~", "0", "1", "01", "-", "/text", "/post_id", "/object", "\0", "é", "", "//", "/0/0"]);
    fuzz::fuzz("JSON pointers", 1_000_000, inputs, |pointer| {
        let pointer = String::from_utf8_lossy(pointer).into_owned();
        let map: BTreeMap<String, String> =
            [("text", pointer.clone()), ("post_id", "/post_id".to_owned()), ("tenant", pointer)].map(|(n, p)| (n.to_owned(), p)).into();
        if Shape::from_pointers(&map).is_ok() {
            let limits = Limits::new(&Input { format: Format::Pointers(map.clone()), ..config.input.clone() }).unwrap();
            let record = &records[map["text"].len() % records.len()];
            follow(record, &limits, &config);
        }
    });
}
