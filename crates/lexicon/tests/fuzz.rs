//! The loader on broken bundles: it says what is wrong, in a place that exists, and never panics.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../text/tests/common/fuzz.rs"]
mod fuzz;

use std::path::{Path, PathBuf};

use fuzz::broken;
use vigie_lexicon::{Files, load};

const PIECES: &[&str] = &[
    "[[slur]]\n",
    "[[frame]]\n",
    "[policy]\n",
    "id = \"fr.x\"\n",
    "words = [\"a:m\"]\n",
    "pattern = \"GP (.!SUB){0,99999} BE\"\n",
    "{0,2}",
    "(((",
    "(vermin|",
    ".!",
    "\"\"\"",
    "[",
    "]",
    "{les pl}",
    "status = \"shadow\"\n",
    "use = \"ambiguous\"\n",
    "0",
    "-1",
    "1e999",
    "\u{FEFF}",
    "é",
    "\\u0000",
    "= ",
    ":m:f",
    "\t12\n",
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

#[test]
fn the_loader_takes_anything() {
    let base = Files::from_dir(&fixtures().join("base")).unwrap();
    let names: Vec<String> = base.iter().map(|(name, _)| name.to_owned()).chain(["words/mots.tsv".to_owned()]).collect();
    // The corpus is every file of every fixture: bundles good and bad.
    let mut corpus = Vec::new();
    for fixture in std::fs::read_dir(fixtures()).unwrap() {
        let files = Files::from_dir(&fixture.unwrap().path()).unwrap();
        corpus.extend(files.iter().map(|(_, bytes)| bytes.to_vec()));
    }
    corpus.sort();
    fuzz::fuzz("lexicon loader", 300_000, broken(corpus, PIECES), |file| {
        // Which file it stands for follows from what it holds: each is put in each place in turn.
        let name = &names[file.iter().map(|b| usize::from(*b)).sum::<usize>() % names.len()];
        let mut files = base.clone();
        files.insert(name.as_str(), file.as_slice());
        if let Err(all) = load(&files, 1) {
            assert!(!all.is_empty(), "a refusal has a reason");
            all.iter().for_each(|diagnostic| assert!(!diagnostic.to_string().is_empty()));
        }
    });
}
