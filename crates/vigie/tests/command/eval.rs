//! `vigie eval`.

use serde_json::{Value, json};

use crate::{bundle, vigie};

const CASES: &str = "kind,label,text\n\
    a,bad,les martiens sont des cafards\n\
    a,bad,sale zorglub\n\
    b,bad,les martiens arrivent\n\
    b,good,quel zorglub\n\
    b,good,bonjour\n\
    c,good,les martiens ne sont pas des cafards\n";

fn eval(arguments: &[&str], input: &str) -> crate::Ran {
    vigie(&[&["eval", "-", "--text", "text", "--label", "label", "--positive", "bad", "--lexicons", &bundle()], arguments].concat(), input.as_bytes())
}

#[test]
fn scores_are_those_of_the_books_over_all_and_by_value() {
    let ran = eval(&["--format", "json", "--by", "kind", "--hate"], CASES);
    let all = ran.rows().remove(0);
    let of = |value: &Value| json!([value["n"], value["tp"], value["fp"], value["fn"], value["tn"]]);
    assert_eq!((ran.code, of(&all)), (0, json!([6, 2, 1, 1, 2])));
    let close = |name: &str, expected: f64| assert!((all[name].as_f64().expect("a number") - expected).abs() < 1e-9, "{name}: {}", all[name]);
    for name in ["precision", "recall", "f1", "macro_f1", "accuracy"] {
        close(name, 2.0 / 3.0);
    }
    close("fpr", 1.0 / 3.0);
    assert_eq!((&all["by_column"], of(&all["by"]["a"])), (&json!("kind"), json!([2, 2, 0, 0, 0])));
    assert_eq!((of(&all["by"]["b"]), of(&all["by"]["c"])), (json!([3, 0, 1, 1, 1]), json!([1, 0, 0, 0, 1])));
    assert_eq!(all["by"]["a"]["fpr"], Value::Null, "no negative, no rate");
}

#[test]
fn the_table_has_a_line_per_value_and_the_misses_on_demand() {
    let ran = eval(&["--by", "kind", "--misses", "5"], CASES);
    let firsts: Vec<&str> = ran.out.lines().take(5).filter_map(|l| l.split_whitespace().next()).collect();
    assert_eq!(firsts, ["kind", "a", "b", "c", "all"]);
    for part in ["     4  b  les martiens arrivent", "     5  b  quel zorglub", "fr.slur.essai.zorglub - [zorglub] high"] {
        assert!(ran.out.contains(part), "{part}\n{}", ran.out);
    }
}

#[test]
fn a_bad_row_is_told_and_a_missing_column_ends_it() {
    let ran = eval(&["--format", "json"], &CASES.replace("b,good,bonjour\n", "b,good\n"));
    assert_eq!((ran.code, ran.err.as_str(), &ran.rows()[0]["n"]), (3, "vigie: -:6: 2 columns, the header has 3\n", &json!(5)));
    let ran = eval(&["--by", "none"], CASES);
    assert_eq!((ran.code, ran.err.as_str()), (2, "vigie: no column `none`; the header has kind, label, text\n"));
}
