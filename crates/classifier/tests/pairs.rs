//! Adversarial pairs: the same words in two sentences, one of them hate and the other not. Every verdict must be right.

use std::path::PathBuf;

use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};
use vigie_lexicon::Lexicon;

#[test]
fn of_two_sentences_with_the_same_words_only_the_hateful_one_is_flagged() {
    let classifier = Classifier::new(Lexicon::default_bundle(BEHAVIOUR).expect("the default bundle loads")).expect("it compiles");
    let mut scratch = Scratch::default();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/pairs.csv");
    let mut reader = csv::Reader::from_path(path).expect("the pairs are there");
    let (mut pairs, mut wrong) = (0, Vec::new());
    for row in reader.records() {
        // id, kind, hate, innocent
        let row = row.expect("a row");
        pairs += 1;
        for (text, wanted) in [(&row[2], true), (&row[3], false)] {
            if (classifier.classify(text, &mut scratch).decision == Decision::Flagged) != wanted {
                wrong.push(format!("{} {}: {text}", &row[0], if wanted { "missed" } else { "found wrongly" }));
            }
        }
    }
    assert!(pairs >= 300, "{pairs} pairs");
    assert!(wrong.is_empty(), "{} of {pairs} pairs:\n{}", wrong.len(), wrong.join("\n"));
}
