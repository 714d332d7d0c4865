//! Bad bundles and everything the loader says of them. A fixture is the base bundle with its own files laid over it; `expected.txt` is the whole text.

use std::fs;
use std::path::{Path, PathBuf};

use vigie_lexicon::{Diagnostic, Files, Lexicon, load};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn bundle(name: &str) -> Files {
    let mut files = Files::from_dir(&fixtures().join("base")).expect("base bundle");
    for (path, bytes) in Files::from_dir(&fixtures().join(name)).expect("fixture").iter() {
        files.insert(path, bytes);
    }
    files
}

fn told(all: &[Diagnostic]) -> String {
    all.iter().fold(String::new(), |text, d| text + &d.to_string() + "\n")
}

#[test]
fn every_fault_of_a_bundle_is_told_at_once_with_its_place_and_a_cure() {
    let check = |name: &str| {
        let expected = fs::read_to_string(fixtures().join(name).join("expected.txt")).unwrap_or_default();
        let told: String = told(&load(&bundle(name), 1).expect_err(name));
        assert_eq!(told, expected, "{name} now says:\n{told}");
    };
    for name in ["keys", "required", "values", "duplicates", "patterns", "headwords", "examples", "files", "policy", "clues", "turns", "words", "rarity"] {
        check(name);
    }
}

#[test]
fn a_good_bundle_loads_and_its_words_are_inflected() {
    let lexicon = load(&bundle("base"), 1).unwrap_or_else(|all| unreachable!("{all:#?}"));
    assert_eq!((lexicon.groups.len(), lexicon.slurs.len(), lexicon.frames.len(), lexicon.stance_frames.len()), (1, 1, 1, 1));
    let forms: Vec<&str> = lexicon.predicates[0].spellings.iter().map(|s| s.text.as_str()).collect();
    assert_eq!(forms, ["cafard", "cafards", "blatte", "blattes"]);
    assert_eq!(lexicon.frames[0].span, Some((1, 2)));
    assert_eq!(lexicon.groups[0].name, "les bretons");
    assert_eq!(lexicon.policy.classes["worth"].sign, 1);
}

#[test]
fn an_ordinary_generated_form_is_left_out_and_reported() {
    let mut files = bundle("rarity");
    let text = std::str::from_utf8(files.get("a.toml").expect("file")).expect("text").replace(", \"maraud:m\"", "").replace("forms = [\"fripes\"]\n", "");
    files.insert("a.toml", text);
    let lexicon = load(&files, 1).unwrap_or_else(|all| unreachable!("{all:#?}"));
    let slur = lexicon.slurs.iter().find(|s| s.common.id.ends_with("brique")).expect("entry");
    assert_eq!(slur.spellings.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["brique", "bidule", "bidules"]);
    let dropped: Vec<_> = lexicon.report.dropped.iter().map(|d| (d.form.as_str(), d.count)).collect();
    assert_eq!(dropped, [("briques", 900)]);
    assert_eq!(lexicon.report.warnings.len(), 1);
    let reasoned = lexicon.slurs.iter().find(|s| s.common.id.ends_with("trogne")).expect("entry");
    assert_eq!(reasoned.spellings.len(), 2, "a written reason keeps every form");
}

#[test]
fn the_bundle_in_the_binary_loads_and_is_the_folder() {
    let built_in = Lexicon::default_bundle(1).unwrap_or_else(|all| unreachable!("{}", told(&all)));
    let folder = Files::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lexicons/fr")).expect("folder");
    assert_eq!(built_in.revision, vigie_lexicon::revision(&folder, 1));
    assert!(built_in.words.get("maison").is_some());
}

proptest::proptest! {
    #[test]
    fn a_damaged_bundle_is_told_and_never_breaks_the_loader(at in 0..4_000usize, cut in 0..40usize, insert in "[\\[\\]{}\"'=,.:+…é#\n a-z]{0,6}") {
        let files = bundle("base");
        let text = std::str::from_utf8(files.get("entries.toml").expect("file")).expect("text");
        let chars: Vec<char> = text.chars().collect();
        let at = at.min(chars.len());
        let damaged: String = chars[..at].iter().copied().chain(insert.chars()).chain(chars[(at + cut).min(chars.len())..].iter().copied()).collect();
        let mut files = files.clone();
        files.insert("entries.toml", damaged.clone());
        if let Err(all) = load(&files, 1) {
            proptest::prop_assert!(all.iter().all(|d| d.place.line > 0 && d.place.column > 0 && !d.message.is_empty()));
        }
        if let Ok(once) = vigie_lexicon::format(&damaged) {
            proptest::prop_assert_eq!(vigie_lexicon::format(&once).ok(), Some(once));
        }
    }
}
