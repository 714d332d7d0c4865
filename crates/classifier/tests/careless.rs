//! Posts in the register of text messages, hateful and innocent: careless writing hides the verb, the copula and the plural, and must not
//! hide the hate; nor may it turn an innocent post into a hateful one.

use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};
use vigie_lexicon::Lexicon;

/// Hateful posts flagged, at least: raise it as the lexicon grows.
const LEAST: usize = 95;
/// Innocent posts flagged, at most: lower it.
const MOST: usize = 4;

#[test]
fn careless_writing_hides_little_and_accuses_few() {
    let classifier = Classifier::new(Lexicon::default_bundle(BEHAVIOUR).expect("the default bundle loads")).expect("and compiles");
    let mut reader = csv::Reader::from_reader(include_str!("data/sms.csv").as_bytes());
    let mut scratch = Scratch::default();
    let (mut posts, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row.expect("a row");
        let flagged = classifier.classify(&row[2], &mut scratch).decision == Decision::Flagged;
        posts += 1;
        match &row[1] {
            "flag" if !flagged => missed.push(row[2].to_owned()),
            "ok" if flagged => wrong.push(row[2].to_owned()),
            _ => {}
        }
    }
    assert_eq!(posts, 200);
    assert!(100 - missed.len() >= LEAST, "{} missed:\n{}", missed.len(), missed.join("\n"));
    assert!(wrong.len() <= MOST, "{} flagged wrongly:\n{}", wrong.len(), wrong.join("\n"));
}
