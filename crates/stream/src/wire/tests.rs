#![allow(clippy::panic)] // a test that meets another value says which

use std::borrow::Cow;

use vigie_lexicon::{Act, Ground, Severity};
use vigie_text::{Span, Units};

use super::*;
use crate::config::{Config, Secret};

fn limits(pairs: &[(&str, &str)]) -> Limits {
    let all = pairs.iter().chain(&[("VIGIE_KAFKA__BROKERS", "x:1")]).map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    Limits::new(&Config::load(None, all).expect("valid").input).expect("valid")
}

/// What a record becomes, in one word and its particulars.
fn outcome(payload: Option<&[u8]>, limits: &Limits) -> String {
    match decode(payload, limits) {
        Ok(Decoded::Tombstone) => "tombstone".to_owned(),
        Ok(Decoded::Private) => "private".to_owned(),
        Ok(Decoded::Post(post)) => format!("post {} {}", post.post_id, post.text),
        Err(refusal) => format!("{}{}", refusal.reason.code(), refusal.pointer.map_or(String::new(), |p| format!(" {p}"))),
    }
}

#[test]
fn every_record_becomes_what_the_outcome_table_says() {
    let limits = limits(&[("VIGIE_INPUT__MAX_TEXT_BYTES", "256"), ("VIGIE_INPUT__MAX_PAYLOAD_BYTES", "1024")]);
    let check = |payload: &[u8], expected: &str| assert_eq!(outcome(Some(payload), &limits), expected, "{}", String::from_utf8_lossy(payload));
    assert_eq!(outcome(None, &limits), "tombstone");
    check(br#"{"post_id":"1","text":"a"}"#, "post 1 a");
    check(br#"{"text":"a","unknown":{"post_id":[1]},"post_id":"1"}"#, "post 1 a");
    check("{\"post_id\":\"1\",\"text\":\"d\\u00e9j\\u00e0 \\ud83d\\ude00\"}".as_bytes(), "post 1 déjà 😀");
    check(br#"{"post_id":"1","text":""}"#, "post 1 ");
    check(br#"{"post_id":"1","text":"a","tenant":null,"edit":null,"url":null}"#, "post 1 a");
    check(b"\0\0\0\0\x07{\"post_id\":\"1\",\"text\":\"a\"}", "post 1 a");
    check(b"\0\0\0\0\x07", "empty_payload");
    check(b"", "empty_payload");
    check(b"\xff{}", "invalid_utf8");
    check(b"{\"post_id\":\"1\",\"text\":\"\xe9\"}", "invalid_utf8");
    for broken in [
        &b"bonjour"[..],
        b"{",
        b"{\"post_id\":\"1\",\"text\":\"a\"",
        br#"{"post_id":"1","text":"\ud800"}"#,
        b"{\"post_id\":\"1\",\"text\":\"a\"}x",
        b"\xef\xbb\xbf{}",
        b"{\"post_id\":1,\"text\":\"a\" oops",
    ] {
        check(broken, "invalid_json");
    }
    check(b"[]", "invalid_post ");
    check(b"3", "invalid_post ");
    check(br#"{"text":"a"}"#, "invalid_post /post_id");
    check(br#"{"post_id":1,"text":"a"}"#, "invalid_post /post_id");
    check(br#"{"post_id":"","text":"a"}"#, "invalid_post /post_id");
    check(br#"{"post_id":"1"}"#, "invalid_post /text");
    check(br#"{"post_id":"1","text":null}"#, "invalid_post /text");
    check(br#"{"post_id":"1","text":["a"]}"#, "invalid_post /text");
    check(br#"{"post_id":"1","text":"a","edit":-1}"#, "invalid_post /edit");
    check(br#"{"post_id":"1","text":"a","tenant":5}"#, "invalid_post /tenant");
    check(br#"{"post_id":"1","text":"a","surface":"dm"}"#, "private");
    check(br#"{"surface":"dm"}"#, "private");
    check(br#"{"post_id":"1","text":"a","visibility":"direct"}"#, "private");
    check(format!(r#"{{"post_id":"1","text":"{}"}}"#, "é".repeat(128)).as_bytes(), &format!("post 1 {}", "é".repeat(128)));
    check(format!(r#"{{"post_id":"1","text":"{}"}}"#, "é".repeat(129)).as_bytes(), "text_too_long");
    check(&[b'{'; 1025], "payload_too_large");
}

#[test]
fn foreign_shapes_are_read_by_their_pointers() {
    let check = |format: &str, json: &str, expected: &str| {
        let limits = limits(&[
            ("VIGIE_INPUT__FORMAT", format),
            ("VIGIE_INPUT__POINTERS__POST_ID", if format == "pointers" { "/a/0/id~1x" } else { "" }),
            ("VIGIE_INPUT__POINTERS__TEXT", if format == "pointers" { "/a/1" } else { "" }),
        ]);
        assert_eq!(outcome(Some(json.as_bytes()), &limits), expected, "{format}: {json}");
    };
    check("id_text", r#"{"id":7,"text":"a"}"#, "post 7 a");
    check("id_text", r#"{"id":true,"text":"a"}"#, "invalid_post /id");
    check("pointers", r#"{"a":[{"id/x":"k"},"salut"]}"#, "post k salut");
    check("osprey", r#"{"send_time":"t","data":{"action_id":"9","action_name":"create_post","data":{"text":"a","user_id":"u"}}}"#, "post 9 a");
    check("osprey", r#"{"data":{"action_id":9,"data":{"post":{"id":"p","text":"b"}}}}"#, "post p b");
    let note = |to: &str| format!(r#"{{"type":"Create","actor":"https://a/u","to":{to},"object":{{"id":"https://a/1","type":"Note","content":"<p>a</p>"}}}}"#);
    check("activitystreams", &note(r#"["https://www.w3.org/ns/activitystreams#Public"]"#), "post https://a/1 <p>a</p>");
    check("activitystreams", &note(r#""as:Public""#), "post https://a/1 <p>a</p>");
    check("activitystreams", &note(r#"["https://a/u/followers"]"#), "post https://a/1 <p>a</p>");
    check("activitystreams", &note(r#"["https://b/v"]"#), "private");
    check("activitystreams", r#"{"type":"Like","actor":"https://a/u","object":"https://a/1"}"#, "invalid_post /object/id");
}

#[test]
fn what_json_lets_us_borrow_is_borrowed() {
    let limits = limits(&[]);
    let Ok(Decoded::Post(post)) = decode(Some(br#"{"post_id":"1","text":"bonjour"}"#), &limits) else { panic!("a post") };
    assert!(matches!((&post.text, &post.post_id), (Cow::Borrowed("bonjour"), Cow::Borrowed("1"))));
}

#[test]
fn tags_become_filler_of_the_same_length() {
    let limits = limits(&[]);
    for (html, seen) in [
        ("a <b>b</b> c", "a    b     c"),
        ("<p>a</p><p>b", "\n  a\n   \n  b"),
        ("3 < 4 > 2", "3 < 4 > 2"),
        ("x<i>y", "x\u{200b}y"),
        ("x<br>y", "x\n   y"),
        ("x<em>y", "x\u{ad}\u{ad}y"),
        ("<script>zz</script>a", "                   a"),
        ("<a href=\"a>b\">c", "              c"),
    ] {
        let json = serde_json::json!({"post_id": "1", "text": html, "text_format": "html"}).to_string();
        let Ok(Decoded::Post(post)) = decode(Some(json.as_bytes()), &limits) else { panic!("a post") };
        assert_eq!(post.judged(), seen, "{html}");
        assert_eq!(post.judged().len(), html.len(), "{html}");
    }
}

#[test]
fn identifiers_are_stable_and_tell_apart() {
    let case = case_id("default", "112233");
    assert_eq!((case.len(), &case[..3]), (29, "c1-"));
    assert_eq!(case, case_id("default", "112233"));
    assert_ne!(case_id("ab", "c"), case_id("a", "bc"), "parts have their length");
    let flag = |edit, text: &[u8], revision| flag_id(&case, edit, text, revision);
    let all = [flag(0, b"a", "r"), flag(1, b"a", "r"), flag(0, b"b", "r"), flag(0, b"a", "s")];
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    let key = Secret::new("0123456789abcdef");
    let name = pseudonym(&key, "k1", "t", "auteur").expect("a key");
    assert!(name.starts_with("k1:") && name.len() == 23 && !name.contains("auteur"));
    assert_ne!(Some(name), pseudonym(&Secret::new("another key of 16"), "k1", "t", "auteur"));
}

#[test]
fn times_are_rfc_3339() {
    for (ms, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (1_772_442_845_000, "2026-03-02T09:14:05Z"),
        (951_782_400_123, "2000-02-29T00:00:00.123Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ] {
        assert_eq!(rfc3339(ms), text);
    }
}

#[test]
fn units_of_many_spans_agree_with_counting_each() {
    let text = "é😀 a\u{301} vive l'été 👩‍🚀";
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let spans: Vec<Span> = ends.iter().flat_map(|a| ends.iter().filter(move |b| a < *b).map(|b| Span::new(*a, *b))).collect();
    let table = UnitsTable::of(text, spans.iter().copied());
    for span in spans {
        assert_eq!(table.units(span), Units::of(text, span));
    }
}

#[test]
fn an_excerpt_shows_the_finding_and_hides_people() {
    let check = |text: &str, term: &str, chars: usize, shown: &str, masked: &str| {
        let at = text.find(term).expect(text);
        let cut = excerpt(text, &[(Span::new(at, at + term.len()), "injure")], &["@jean.paul".into(), "Élie".into(), "e".into()], chars);
        assert_eq!((cut.shown.as_str(), cut.masked.as_str()), (shown, masked), "{text}");
    };
    check("@jean, tu es un terme !", "terme", 280, "[mention], tu es un terme !", "[mention], tu es un [injure] !");
    check(
        "Élie et jean.paul, élie, terme d'Élien",
        "terme",
        280,
        "[mention] et [mention], élie, terme d'Élien",
        "[mention] et [mention], élie, [injure] d'Élien",
    );
    check("e, tu es un Élie terme", "Élie terme", 280, "e, tu es un Élie terme", "e, tu es un [injure]");
    check("voir https://a.b/c?d=1 (terme) ou a@b.fr", "terme", 280, "voir [lien] (terme) ou [courriel]", "voir [lien] ([injure]) ou [courriel]");
    check("appelle le 06.12.34.56.78, terme", "terme", 280, "appelle le [nombre], terme", "appelle le [nombre], [injure]");
    check("un t3rme 88 ici", "t3rme 88", 280, "un t3rme 88 ici", "un [injure] ici");
    check("aaaaaaaaaa terme bbbbbbbbbb", "terme", 11, "…aa terme bb…", "…aa [injure] bb…");
    let long = format!("{} terme", "é".repeat(5000));
    assert!(excerpt(&long, &[(Span::new(long.len() - 5, long.len()), "x")], &[], 280).shown.chars().count() <= 282);
}

#[test]
fn a_dead_letter_is_the_record_and_says_why() {
    let received = |payload: &'static [u8], headers: Vec<Header>| Received {
        at: Coordinates { topic: "vigie.posts", partition: 3, offset: 42, timestamp_ms: Some(7) },
        key: Some(b"\xff\0"),
        payload: Some(payload),
        headers,
    };
    let refusal = Refusal::new(Reason::InvalidJson, "line 1, column 2");
    let own = vec![Header { name: "h".to_owned(), value: Some(vec![0, 255]) }, Header { name: "n".to_owned(), value: None }];
    let letter = DeadLetter::new(received(b"\xff{", own.clone()), &refusal, crate::config::DeadPayload::Full, 1_000_000, 1, "rev");
    assert_eq!((letter.key.as_deref(), letter.payload.as_deref(), letter.timestamp_ms), (Some(&b"\xff\0"[..]), Some(&b"\xff{"[..]), Some(7)));
    assert_eq!(letter.headers[..2], own[..]);
    let value = |letter: &DeadLetter, name: &str| letter.headers.iter().rev().find(|h| h.name == name).and_then(|h| String::from_utf8(h.value.clone()?).ok());
    for (name, expected) in [
        ("__connect.errors.offset", "42"),
        ("error.code", "invalid_json"),
        ("error.attempt", "1"),
        ("__connect.errors.stage", "decode"),
        ("payload.bytes", "2"),
    ] {
        assert_eq!(value(&letter, name).as_deref(), Some(expected), "{name}");
    }
    let again = DeadLetter::new(received(b"{", letter.headers), &refusal, crate::config::DeadPayload::Full, 1_000_000, 1, "rev");
    assert_eq!(value(&again, "error.attempt").as_deref(), Some("2"));
    let big: &'static [u8] = Box::leak(vec![b'x'; 200_000].into_boxed_slice());
    let cut = DeadLetter::new(received(big, Vec::new()), &refusal, crate::config::DeadPayload::Full, 100_000, 1, "rev");
    assert_eq!(
        (cut.payload.as_ref().map(Vec::len), value(&cut, "truncated").as_deref(), value(&cut, "payload.bytes").as_deref()),
        (Some(65_536), Some("true"), Some("200000"))
    );
    let reference = DeadLetter::new(received(b"{", Vec::new()), &refusal, crate::config::DeadPayload::Reference, 100_000, 1, "rev");
    assert_eq!(reference.payload, None);
}

#[test]
fn every_act_on_every_ground_has_its_category_and_keywords() {
    for act in Act::ALL {
        for ground in Ground::ALL {
            let dsa = serde_json::to_value(law::dsa([(*act, *ground, Severity::High)].into_iter())).expect("JSON");
            assert!(dsa["category"].as_str().is_some_and(|c| c.starts_with("STATEMENT_CATEGORY_")), "{act} {ground}");
            assert!(dsa["keywords"].as_array().is_some_and(|k| !k.is_empty()), "{act} {ground}");
            let codes = law::hypotheses(*act, *ground);
            let hateful = serde_json::to_string(&codes).expect("JSON");
            if !ground.is_protected() {
                for code in ["24-7", "24-8", "33-3", "33-4", "32-2", "32-3"] {
                    assert!(!hateful.contains(&format!("FR-1881-{code}\"")), "{act} {ground}: group C and 0 are never a hate offence");
                }
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_pointer_is_named() {
    let (longest, longer) = (format!("/{}", "a".repeat(1023)), format!("/{}", "a".repeat(1024)));
    let rows = [
        (vec![("txt", "/a")], Some("unknown field `txt`")),
        (vec![("text", "/a")], Some("`post_id` has no pointer")),
        (vec![("text", "a"), ("post_id", "/b")], Some("the pointer of `text` must begin with `/`")),
        (vec![("text", longer.as_str()), ("post_id", "/b")], Some("the pointer of `text` has 1025 bytes: at most 1024")),
        (vec![("text", longest.as_str()), ("post_id", "/b")], None),
    ];
    for (pointers, problem) in rows {
        let shape = Shape::from_pointers(&pointers.into_iter().map(|(name, pointer)| (name.to_owned(), pointer.to_owned())).collect());
        assert_eq!(shape.as_ref().err().is_some(), problem.is_some(), "{problem:?}");
        assert!(problem.is_none_or(|problem| shape.is_err_and(|e| e.contains(problem))), "{problem:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_become_a_post_or_a_reason(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        for format in ["post_v1", "activitystreams", "osprey", "id_text"] {
            let limits = limits(&[("VIGIE_INPUT__FORMAT", format)]);
            outcome(Some(&bytes), &limits);
        }
    }

    #[test]
    fn any_json_near_a_post_becomes_a_post_or_a_reason(
        id in "\\PC{0,8}|\"\\PC{0,8}\"|null|[0-9]{1,20}|\\[\"a\"\\]|\\{\\}",
        text in "\\PC{0,40}",
        edit in "null|-?[0-9]{1,25}|1\\.5|true|\"1\"",
        html in proptest::bool::ANY,
    ) {
        let text = serde_json::to_string(&text).expect("JSON");
        let format = if html { "html" } else { "plain" };
        let json = format!("{{\"post_id\":{id},\"text\":{text},\"edit\":{edit},\"text_format\":\"{format}\"}}");
        let limits = limits(&[]);
        if let Ok(Decoded::Post(post)) = decode(Some(json.as_bytes()), &limits) {
            proptest::prop_assert_eq!(post.judged().len(), post.text.len());
            // A span on boundaries of the one stands on boundaries of the other: filler never splits a character.
            for (at, _) in post.text.char_indices() {
                if post.judged().is_char_boundary(at) && !post.judged()[at..].starts_with(['\u{200b}', '\u{ad}']) {
                    proptest::prop_assert!(post.text.is_char_boundary(at));
                }
            }
        }
    }

    #[test]
    fn any_excerpt_is_bounded(text in "\\PC{0,600}", a in 0_usize..600, b in 0_usize..600) {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (a, b) = (ends[a % ends.len()], ends[b % ends.len()]);
        let name = text.chars().take(3).collect::<String>();
        let cut = excerpt(&text, &[(Span::new(a.min(b), a.max(b)), "injure")], &[name.into()], 40);
        proptest::prop_assert!(cut.shown.chars().count() <= 42 + 40 * "[courriel]".len());
    }
}
