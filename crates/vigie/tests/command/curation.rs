//! `vigie lexicon check, fmt, stats, diff`.

use serde_json::json;

use crate::{bundle, copied, edit, vigie};

#[test]
fn every_fault_of_a_bundle_is_told_with_its_place_and_ends_with_one() {
    let check = |file: &str, from: &str, to: &str, code: i32, parts: &[&str]| {
        let folder = tempfile::tempdir().expect("a folder");
        let bundle = copied(folder.path());
        edit(&bundle.join(file), from, to);
        let ran = vigie(&["lexicon", "check", "--lexicons", &bundle.display().to_string()], b"");
        assert_eq!(ran.code, code, "{to}: {}{}", ran.out, ran.err);
        for part in parts {
            assert!(ran.out.contains(part), "{to}: no `{part}` in\n{}", ran.out);
        }
    };
    check("policy.toml", "racisme", "racisme", 0, &["15 examples of 11 entries run as 23 sentences", " 0 failures"]);
    check("slurs/zorglub.toml", "use =", "usage =", 1, &["slurs/zorglub.toml:7:1: unknown key `usage` in [[slur]]", "[[slur]] has no `use`"]);
    check("slurs/zorglub.toml", "Sale [zorglub]", "[Sale] zorglub", 1, &["slurs/zorglub.toml:1: fr.slur.essai.zorglub", "shows [zorglub], expected [Sale]"]);
    check("slurs/zorglub.toml", "Un bal masqué.", "Un zorglub masqué.", 1, &["must_not_match Un zorglub masqué.", "found [zorglub]"]);
    check(
        "predicates/nuisibles.toml",
        "{les pl} ne sont pas",
        "{les pl} sont",
        1,
        &["« Les martiens sont des cafards »", "2 of 2 groups: fr.group.essai.martien, fr.group.essai.venusien"],
    );
    check("frames/attribut.toml", "[sont des cafards]\"]", "sont des rats\"]", 1, &["fr.frame.essai.copula", "not found; nothing is found in it"]);
    check("groups/martiens.toml", "Les martiens sont venus dîner.", "Les martiens sont des cafards.", 1, &["fr.group.essai.martien", "flagged"]);
    let unblocked = "« {les pl} sont des cafards » : voilà ce qu'on entend dans le bus";
    check("stance/citation.toml", unblocked, "Les martiens dînent", 1, &["fr.stance.essai.citation", "nothing is blocked by this entry"]);
}

#[test]
fn the_same_sentence_must_say_the_same_of_every_group() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = copied(folder.path());
    let strict = "ground = \"racism_other\"\nseverity = \"low\"\n\n[[flag_at]]\nground = \"xenophobia\"\nseverity = \"critical\"";
    edit(&bundle.join("policy.toml"), "groups = [\"A\", \"B\"]\nseverity = \"low\"", strict);
    let ran = vigie(&["lexicon", "check", "--lexicons", &bundle.display().to_string(), "--only", "fr.predicate"], b"");
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("parity: ") && ran.out.contains("1 of 2 groups"), "{}", ran.out);
}

#[test]
fn fmt_changes_white_space_once_and_check_tells_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = copied(folder.path());
    let dir = bundle.display().to_string();
    edit(&bundle.join("slurs/zorglub.toml"), "act = \"insult\"\n", "act     =   \"insult\"   \n\n\n");
    let run = |arguments: &[&str]| {
        let ran = vigie(&[&["lexicon", "fmt", "--lexicons", &dir], arguments].concat(), b"");
        (ran.code, ran.out)
    };
    assert_eq!(run(&["--check"]), (1, "slurs/zorglub.toml\n1 files would change\n".to_owned()));
    assert_eq!(run(&[]), (0, "slurs/zorglub.toml\n1 files changed\n".to_owned()));
    assert_eq!(run(&["--check"]), (0, "0 files would change\n".to_owned()));
    let diff = vigie(&["lexicon", "diff", "--base", &crate::bundle(), "--candidate", &dir, "--format", "json"], b"").rows().remove(0);
    assert_eq!((&diff["added"], &diff["removed"], &diff["changed"]), (&json!([]), &json!([]), &json!({})));
}

#[test]
fn diff_tells_what_changed_and_refuses_what_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = copied(folder.path());
    let slur = bundle.join("slurs/zorglub.toml");
    edit(&slur, "severity = \"high\"", "severity = \"low\"");
    edit(&slur, "\"zorglub:m\"", "\"zorglub:m\", \"zorgluche:f\"");
    let run = |base: &str, candidate: &str| vigie(&["lexicon", "diff", "--base", base, "--candidate", candidate, "--format", "json"], b"");
    let dir = bundle.display().to_string();
    let ran = run(&crate::bundle(), &dir);
    let changes = json!({"fr.slur.essai.zorglub": ["+ form zorgluche", "+ form zorgluches", "severity: high → low"]});
    assert_eq!((ran.code, &ran.rows()[0]["changed"]), (0, &changes));
    let policy = bundle.join("policy.toml");
    edit(&policy, "text = \"racisme\"", "text = \"racisme, autre\"");
    let changed = &run(&crate::bundle(), &dir).rows()[0]["changed"]["policy"];
    assert_eq!(changed, &json!(["label \"ground.racism_other\": \"racisme\" → \"racisme, autre\""]));
    std::fs::remove_file(slur).expect("removable");
    let ran = run(&crate::bundle(), &dir);
    assert_eq!((ran.code, &ran.rows()[0]["removed"]), (1, &json!(["fr.slur.essai.zorglub"])));
}

#[test]
fn stats_count_and_list_forms() {
    let run = |arguments: &[&str]| vigie(&[&["lexicon", "stats", "--lexicons", &bundle(), "--format", "json"], arguments].concat(), b"");
    let stats = run(&[]).rows().remove(0);
    let of = json!([
        stats["entries"]["group"]["active"],
        stats["grounds"]["racism_other"]["slur_headwords"],
        stats["classes"]["vermin"]["headwords"],
        stats["coverage"]["taken_by"]["vermin"]
    ]);
    assert_eq!(of, json!([2, 1, 1, 1]));
    let forms: Vec<_> = run(&["--forms", "fr.predicate.vermin.essai"]).rows().iter().map(|r| (r["form"].clone(), r["place"].clone())).collect();
    assert_eq!(forms, [(json!("cafard"), json!("msg")), (json!("cafards"), json!("mpl"))]);
    let ran = run(&["--forms", "fr.slur.none"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "vigie: no entry `fr.slur.none` in this lexicon\n"));
}
