//! `vigie explain` and `vigie replay`.

use std::fs;

use serde_json::{Value, json};

use crate::{bundle, copied, edit, vigie};

#[test]
fn the_page_tells_verdict_reason_negation_and_what_was_set_aside() {
    let check = |text: &str, parts: &[&str]| {
        let ran = vigie(&["explain", text, "--lexicons", &bundle()], b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
        for part in parts {
            assert!(ran.out.contains(part), "{text}: no `{part}` in\n{}", ran.out);
        }
    };
    check(
        "Les martiens sont des cafards",
        &["Les martiens [sont des cafards]", "SIGNALÉ : haine", "racisme", "fr.predicate.vermin.essai", "l'auteur", "aucune dans la proposition"],
    );
    check("Les martiens ne sont pas des cafards", &["Rien à signaler", "sans rien de mal dit", "« pas » dans la proposition"]);
    check(
        "« Les martiens sont des cafards » : voilà ce qu'on entend dans le bus",
        &["le contexte écarte", "écarté par  fr.stance.essai.citation", "quelqu'un que l'auteur cite"],
    );
    check("Bonjour", &["Rien à signaler"]);
    check("", &["Rien à signaler"]);
}

#[test]
fn the_path_holds_words_matches_frames_and_the_verdict_of_scan() {
    let text = "Les martiens ne sont pas des cafards, ce zorglub";
    let path = vigie(&["explain", "-", "--format", "json", "--lexicons", &bundle()], format!("{text}\n").as_bytes()).rows().remove(0);
    let scanned = vigie(&["scan", "--lexicons", &bundle()], text.as_bytes()).rows().remove(0);
    for key in ["flagged", "hate", "severity", "grounds", "acts", "findings", "suppressed", "lexicon_revision"] {
        assert_eq!(path["verdict"][key], scanned[key], "{key}");
    }
    assert_eq!((&path["text"], &path["frames"][0]["frame"], &path["frames"][0]["finding"]), (&json!(text), &json!("fr.frame.essai.copula"), &json!(false)));
    let words: Vec<&str> = path["words"].as_array().expect("a list").iter().filter_map(|w| w["surface"].as_str()).collect();
    assert_eq!(words, ["Les", "martiens", "ne", "sont", "pas", "des", "cafards", "ce", "zorglub"]);
}

/// A flag as the service would send it, out of what `scan` and `explain` say.
fn flag(text: &str, sha256: &str) -> Value {
    let row = vigie(&["scan", "--lexicons", &bundle()], text.as_bytes()).rows().remove(0);
    let explanation = vigie(&["explain", text, "--format", "json", "--lexicons", &bundle()], b"").rows().remove(0)["explanation"].clone();
    json!({
        "schema": "flag.v1", "status": "flagged", "content": {"sha256": sha256, "bytes": text.len(), "excerpt": null},
        "verdict": {"hate": row["hate"], "severity": row["severity"], "priority": 60, "grounds": row["grounds"], "acts": row["acts"], "queue": "default"},
        "findings": row["findings"], "suppressed": row["suppressed"], "shadow": row["shadow"], "explanation": explanation,
        "lexicon": {"name": "essai", "version": "1", "revision": row["lexicon_revision"]},
    })
}

#[test]
fn a_flag_is_rebuilt_or_the_exact_difference_is_told() {
    let text = "Les martiens sont des cafards";
    let sha256 = "14914ea782920517f47fcceeba861af3e41d64dc5e57cfbc6ad90d28bfde1563";
    let folder = tempfile::tempdir().expect("a folder");
    let (flag_file, text_file) = (folder.path().join("flag.json"), folder.path().join("post.txt"));
    fs::write(&text_file, format!("{text}\n")).expect("writable");
    let (flag_path, text_path) = (flag_file.display().to_string(), text_file.display().to_string());
    let replay = |flag: &Value, text: &str, lexicons: &str| {
        fs::write(&flag_file, flag.to_string()).expect("writable");
        let ran = vigie(&["replay", "--flag", &flag_path, "--text", text, "--lexicons", lexicons], b"");
        (ran.code, ran.out)
    };
    let flag = flag(text, sha256);
    let same = format!("identical: the verdict was rebuilt from the text and lexicon {}\n", flag["lexicon"]["revision"].as_str().expect("a revision"));
    assert_eq!(replay(&flag, text, &bundle()), (0, same.clone()), "the text itself");
    assert_eq!(replay(&flag, &text_path, &bundle()), (0, same), "a file with the text and an end of line");
    assert_eq!(replay(&flag, "autre chose", &bundle()), (1, format!("the text is not the one that was flagged: its SHA-256 is not {sha256}\n")));
    let candidate = copied(folder.path());
    edit(&candidate.join("policy.toml"), "severity = \"high\"", "severity = \"medium\"");
    let (code, told) = replay(&flag, text, &candidate.display().to_string());
    assert_eq!(code, 1);
    for part in [
        "verdict.severity: flag \"high\", rebuilt \"medium\"",
        "findings[0].severity: flag \"high\", rebuilt \"medium\"",
        "lexicon.revision: flag",
        "3 differences",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}
