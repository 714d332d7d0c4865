//! `vigie scan`.

use serde_json::{Value, json};

use crate::{bundle, vigie};

fn scan(arguments: &[&str], input: &[u8]) -> crate::Ran {
    vigie(&[&["scan", "--lexicons", &bundle()], arguments].concat(), input)
}

#[test]
fn every_shape_of_input_gives_the_same_verdicts_and_bad_lines_are_told_by_number() {
    let check = |arguments: &[&str], input: &[u8], ids: &[Value], code: i32, told: &[&str]| {
        let ran = scan(arguments, input);
        let found: Vec<Value> = ran.rows().iter().map(|r| r["id"].clone()).collect();
        let lines: Vec<&str> = ran.err.lines().collect();
        assert_eq!((found.as_slice(), ran.code, lines.as_slice()), (ids, code, told), "{arguments:?}");
    };
    let bad = "les martiens sont des cafards";
    let lines = format!("bonjour\n{bad}\n\nsale zorglub\n");
    check(&[], lines.as_bytes(), &[json!("2"), json!("4")], 0, &[]);
    check(&["-", "--all"], lines.as_bytes(), &[json!("1"), json!("2"), json!("3"), json!("4")], 0, &[]);
    check(&[], b"", &[], 0, &[]);
    check(&[], b"sale zorglub\n\xff\nsale zorglub", &[json!("1"), json!("3")], 3, &["vigie: -:2: not UTF-8 at byte 0"]);
    let jsonl = format!("{{\"post_id\": \"a\", \"text\": \"{bad}\"}}\n{{\"id\": 7, \"text\": \"zorglub\"}}\n{{\"text\"\n{{\"text\": \"zorglub\"}}\n");
    check(&["--input", "jsonl"], jsonl.as_bytes(), &[json!("a"), json!(7), json!("4")], 3, &["vigie: -:3: not JSON at column 7"]);
    // Nobody says what it is: its first line does.
    check(&[], jsonl.as_bytes(), &[json!("a"), json!(7), json!("4")], 3, &["vigie: -:3: not JSON at column 7"]);
    check(&[], b"{zorglub\n", &[json!("1")], 0, &[]);
    let csv = format!("id,text\nx,\"{bad},\nvraiment\"\ny,un,deux\nz,zorglub\n");
    check(&["--input", "csv"], csv.as_bytes(), &[json!("x"), json!("z")], 3, &["vigie: -:4: 3 columns, the header has 2"]);
    check(&["--input", "csv", "--text", "corps", "--id", "n"], b"n,corps\n9,zorglub\n", &[json!("9")], 0, &[]);
    check(&["--input", "csv"], b"a,b\n1,2\n", &[], 2, &["vigie: no column `text`; the header has a, b"]);
}

#[test]
fn a_row_has_the_promised_fields_and_its_spans_in_three_units() {
    let row = scan(&["--all"], "😀 Les martiens sont des cafards".as_bytes()).rows().remove(0);
    let keys: Vec<&str> = row.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["acts", "clues", "findings", "flagged", "grounds", "hate", "id", "lexicon_revision", "matches", "severity", "shadow", "suppressed", "words"]
    );
    let span = json!({"byte_start": 18, "byte_end": 34, "char_start": 15, "char_end": 31, "utf16_start": 16, "utf16_end": 32});
    let finding = json!({
        "entry": "fr.predicate.vermin.essai", "frame": "fr.frame.essai.copula", "group": "fr.group.essai.martien", "ground": "racism_other",
        "act": "dehumanisation", "severity": "high", "status": "active", "span": span, "surface": "sont des cafards", "views": [], "stance": "author",
    });
    assert_eq!(row["findings"], json!([finding]));
    let verdict = json!([row["flagged"], row["hate"], row["severity"], row["grounds"], row["acts"]]);
    assert_eq!(verdict, json!([true, true, "high", ["racism_other"], ["dehumanisation"]]));
    let group = row["matches"].as_array().expect("a list").iter().find(|m| m["entry"] == "fr.group.essai.martien").expect("the group is matched");
    assert_eq!((&group["form"], &group["view"], &group["span"]["char_start"]), (&json!("martiens"), &Value::Null, &json!(6)));
}

#[test]
fn what_context_blocks_is_told_with_what_blocked_it() {
    let ran = scan(&["--all"], "« Les martiens sont des cafards » : voilà ce qu'on entend dans le bus".as_bytes());
    let row = ran.rows().remove(0);
    let blocked = &row["suppressed"][0];
    assert_eq!((&row["flagged"], &blocked["blocked_by"], &blocked["stance"]), (&json!(false), &json!("fr.stance.essai.citation"), &json!("quoted")));
}

#[test]
fn order_is_kept_over_many_batches() {
    let text = |i: usize| if i.is_multiple_of(97) { "sale zorglub" } else { "bonjour à tous" };
    let input: String = (1..=20_000).map(|i| format!("{{\"id\": {i}, \"text\": \"{}\"}}\n", text(i))).collect::<Vec<_>>().concat();
    let ids = |ran: crate::Ran| ran.rows().iter().map(|r| r["id"].as_u64().expect("a number")).collect::<Vec<u64>>();
    assert_eq!(ids(scan(&["--input", "jsonl"], input.as_bytes())), (1..=20_000).filter(|i| i % 97 == 0).collect::<Vec<u64>>());
    assert_eq!(ids(scan(&["--input", "jsonl", "--all"], input.as_bytes())), (1..=20_000).collect::<Vec<u64>>());
}

#[test]
fn people_see_the_words_that_count_and_no_colours_in_a_pipe() {
    let ran = scan(&["--format", "pretty"], b"les martiens sont des cafards\n");
    assert!(ran.out.contains("les martiens [sont des cafards]"), "{}", ran.out);
    assert!(!ran.out.contains('\x1b'), "{}", ran.out);
}

#[test]
fn a_wrong_call_is_told_and_nothing_is_done() {
    let check = |arguments: &[&str], part: &str| {
        let ran = vigie(arguments, b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    };
    check(&["scan", "/nowhere/posts.txt", "--lexicons", &bundle()], "/nowhere/posts.txt");
    check(&["scan", "--lexicons", "/nowhere"], "/nowhere: not a folder");
    check(&["scan", "--input", "xml"], "jsonl");
    check(&["scann"], "scan");
}
