//! What curators lean on: one layout that keeps every comment, a difference in meaning, and counts that add up.

use std::path::{Path, PathBuf};

use vigie_lexicon::{Files, Stats, diff, format, load};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/base")
}

fn base() -> Files {
    Files::from_dir(&root()).expect("base bundle")
}

#[test]
fn formatting_orders_keys_wraps_lists_and_keeps_comments() {
    let check = |text: &str, expected: &str| {
        let once = format(text).expect("valid");
        assert_eq!(once, expected, "{text}");
        assert_eq!(format(&once).expect("still valid"), once, "formatting twice");
    };
    check(
        "# Fichier.\n\n\n# Entrée.\n[[slur]]   # ici\nwords=[ \"a\",\"b\" , ]\n# raison\nid   =   \"x\" # nom\n\n\n[[slur]]\nid=\"y\"\nforms = { m_sg = [\"a\"] }\n# fin",
        "# Fichier.\n\n# Entrée.\n[[slur]]  # ici\n# raison\nid = \"x\"  # nom\nwords = [\"a\", \"b\"]\n\n[[slur]]\nid = \"y\"\nforms = { m_sg = [\"a\"] }\n\n# fin\n",
    );
    check("[[slur]]\nmust_match = [\"a\", \"b\"]\nid = \"x\"\n", "[[slur]]\nid = \"x\"\nmust_match = [\n  \"a\",\n  \"b\",\n]\n");
    check(
        "[[slur]]\nmust_match = [\"a\"]\nwords = [\n  \"a\", # premier\n  \"b\",\n]\n",
        "[[slur]]\nwords = [\n  \"a\", # premier\n  \"b\",\n]\nmust_match = [\"a\"]\n",
    );
    check("format = 1\nname = \"x\"\n", "format = 1\nname = \"x\"\n");
    let long: Vec<String> = (0..40).map(|n| format!("\"mot{n}:m\"")).collect();
    let wrapped = format(&format!("[[slur]]\nwords = [{}]\n", long.join(", "))).expect("valid");
    assert!(wrapped.lines().all(|l| l.chars().count() <= 140) && wrapped.lines().count() == 7, "{wrapped}");
    assert_eq!(format("[[slur]]\nid = \n").expect_err("not TOML").line, 2);
}

#[test]
fn formatting_changes_neither_the_meaning_nor_a_comment_of_any_file() {
    let folder = Files::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lexicons/fr")).expect("folder");
    for (path, bytes) in folder.iter().filter(|(p, _)| Path::new(p).extension().is_some_and(|e| e == "toml")) {
        let text = std::str::from_utf8(bytes).expect("text");
        let once = format(text).unwrap_or_else(|e| unreachable!("{path}: {e}"));
        assert_eq!(format(&once).as_ref(), Ok(&once), "{path}: formatting twice");
        let parse = |text: &str| text.parse::<toml::Table>().unwrap_or_else(|e| unreachable!("{path}: {e}"));
        assert_eq!(parse(&once), parse(text), "{path}: meaning");
        let comments = |text: &str| {
            let mut lines: Vec<String> = text.lines().filter(|l| l.trim_start().starts_with('#')).map(|l| l.trim().to_owned()).collect();
            lines.sort();
            lines
        };
        assert_eq!(comments(&once), comments(text), "{path}: comments");
    }
}

#[test]
fn a_difference_speaks_of_entries_fields_and_forms_and_not_of_files() {
    let before = load(&base(), 1).expect("base");
    let mut files = base();
    let text = std::str::from_utf8(files.get("entries.toml").expect("file")).expect("text").to_owned();
    files.insert(
        "moved.toml",
        text.replace("words = [\"cafard:m\", \"blatte:f\"]", "words = [\"cafard:m\", \"pou:m\"]")
            .replace("severity = \"high\"", "severity = \"medium\"")
            .replace("fr.innocent.zigoto", "fr.innocent.rue"),
    );
    files.insert("entries.toml", "[[innocent]]\nid = \"fr.innocent.autre\"\nforms = [\"rue du breton\"]\nmust_not_match = [\"rue du breton\"]\n");
    let after = load(&files, 1).unwrap_or_else(|all| unreachable!("{all:#?}"));
    assert!(diff(&before, &before).is_empty());
    assert_eq!(
        diff(&before, &after).to_string(),
        "+ innocent fr.innocent.autre (1 forms)\n+ innocent fr.innocent.rue (1 forms)\n- innocent fr.innocent.zigoto (1 forms)\n\
         ~ predicate fr.predicate.vermin.insecte\n    + forms: pou, poux\n    - forms: blatte, blattes\n\
         ~ slur fr.slur.racism_other.zigoto\n    severity: high -> medium\n2 added, 1 removed, 2 changed\n"
    );
    assert_ne!(before.revision, after.revision);
}

#[test]
fn statistics_count_grounds_classes_and_what_frames_can_hold() {
    let lexicon = load(&base(), 1).expect("base");
    let stats = Stats::of(&lexicon);
    let ground = &stats.grounds[&vigie_lexicon::Ground::RacismOther];
    assert_eq!(
        (ground.slurs.active, ground.slur_headwords, ground.slur_forms, ground.groups.active, ground.group_forms, ground.codes.shadow),
        (1, 1, 2, 1, 4, 1)
    );
    assert_eq!((stats.classes["vermin"].headwords, stats.classes["vermin"].forms, stats.classes["vermin"].frames), (2, 4, 1));
    assert_eq!(stats.matrix.len(), 1);
    assert_eq!(stats.matrix[0].cells, [0, 1, 0], "theft, vermin, worth");
    assert_eq!(stats.empty[&("entries".to_owned(), "theft".to_owned())], "no frame asks for it");
    assert!(stats.to_string().contains("1 frames: 1 active"));
    assert_eq!(lexicon.spellings_of("fr.slur.racism_other.zigoto").map(<[_]>::len), Some(2));
}
