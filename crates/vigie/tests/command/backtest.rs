//! `vigie backtest`.

use serde_json::json;

use crate::{bundle, copied, edit, vigie};

const POSTS: &str = "les martiens sont des cafards\nles martiens sont des blattes\nsale zorglub\nbonjour\n";

#[test]
fn new_lost_and_changed_flags_are_counted_by_entry_and_frame_and_the_gate_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let candidate = copied(folder.path());
    edit(&candidate.join("predicates/nuisibles.toml"), "\"cafard:m\"", "\"cafard:m\", \"blatte:f\"");
    edit(&candidate.join("slurs/zorglub.toml"), "status = \"active\"", "status = \"retired\"");
    edit(&candidate.join("policy.toml"), "severity = \"high\"", "severity = \"medium\"");
    let (base, candidate) = (bundle(), candidate.display().to_string());
    let run = |arguments: &[&str]| vigie(&[&["backtest", "--base", &base, "--candidate", &candidate, "-"], arguments].concat(), POSTS.as_bytes());
    let ran = run(&["--format", "json", "--max-new-per-1000", "250"]);
    let all = ran.rows().remove(0);
    assert_eq!(
        (ran.code, json!([all["posts"], all["new"], all["lost"], all["changed"], all["new_per_1000"], all["passed"]])),
        (0, json!([4, 1, 1, 1, 250.0, true]))
    );
    assert_eq!(json!([all["base"]["flagged"], all["candidate"]["flagged"]]), json!([2, 2]));
    let predicate = json!({"entry": "fr.predicate.vermin.essai", "frame": "fr.frame.essai.copula", "new": 1, "lost": 0, "changed": 1});
    let slur = json!({"entry": "fr.slur.essai.zorglub", "frame": null, "new": 0, "lost": 1, "changed": 0});
    assert_eq!(all["entries"], json!([predicate, slur]));
    let changes: Vec<_> = all["changes"].as_array().expect("a list").iter().map(|c| json!([c["change"], c["line"]])).collect();
    assert_eq!(changes, [json!(["new", 2]), json!(["lost", 3]), json!(["changed", 1])]);
    let ran = run(&["--max-new-per-1000", "249.9"]);
    assert_eq!(ran.code, 1);
    for part in ["+ -:2  les martiens [sont des blattes]", "reviewers: 2 → 2 flagged posts", "gate: 250.000 new per 1,000, over the limit of 249.9"] {
        assert!(ran.out.contains(part), "{part}\n{}", ran.out);
    }
}

#[test]
fn equal_bundles_change_nothing_and_one_must_be_named() {
    let ran = vigie(&["backtest", "--base", &bundle(), "--candidate", &bundle(), "-", "--max-new-per-1000", "0"], POSTS.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("over 4 posts: 0 new, 0 lost, 0 changed"), "{}", ran.out);
    assert_eq!(vigie(&["backtest", "-"], b"").code, 2);
}
