//! The posts of the blind rounds, whatever their labels.

use std::path::Path;

/// The text of every post of every round.
pub(crate) fn texts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/blind");
    let mut texts = Vec::new();
    for file in std::fs::read_dir(folder).expect("the rounds are there") {
        let mut reader = csv::Reader::from_path(file.expect("a file").path()).expect("it is CSV");
        let column = reader.headers().expect("a header").iter().position(|h| h == "text").expect("the column is there");
        texts.extend(reader.records().map(|row| row.expect("a row")[column].to_owned()));
    }
    texts
}
