//! Disguises of the lexicon's own forms through the whole classifier: seen often enough, and ordinary words in the same disguise left alone.
//! The table of `docs/disguises.md` is made by the example `evasion`, from the same draws.

#[path = "../../text/tests/common/disguise.rs"]
#[allow(dead_code)]
mod disguise;
#[path = "../examples/evasion/measure.rs"]
#[allow(dead_code)]
mod measure;

use std::path::Path;

use measure::{Bench, MECHANISMS, ordinary};
use vigie_classifier::{BEHAVIOUR, Classifier};
use vigie_lexicon::Lexicon;

#[test]
fn disguised_forms_are_seen_and_disguised_ordinary_words_are_not_flagged() {
    let classifier = Classifier::new(Lexicon::default_bundle(BEHAVIOUR).expect("the default bundle loads")).expect("and compiles");
    let words = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lexicons/fr/words/counts.tsv")).expect("the words are there");
    let mut bench = Bench::new(&classifier, ordinary(&classifier, &words, 1_000));
    let mut faults = Vec::new();
    for (mechanism, name, least) in MECHANISMS {
        let ((seen, missed), (wrong, taken)) = (bench.slurs(*mechanism), bench.wrong(*mechanism));
        // One in a thousand; of a thousand words, one.
        if seen.percent() < *least || wrong.found > (wrong.tried / 1_000).max(1) {
            let examples = [missed, taken].concat().join("\n  ");
            faults.push(format!("{name}: {:.1} % seen (≥ {least}), {} wrong of {}\n  {examples}", seen.percent(), wrong.found, wrong.tried));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
