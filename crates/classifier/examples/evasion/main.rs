//! The evasion bench: seeded disguises of the lexicon's own forms in neutral posts, mechanism by mechanism, as the table of
//! `docs/disguises.md`.
//!
//! `cargo run --release -p vigie-classifier --example evasion` prints the table; with the path of the page behind `--`, it is written there,
//! between its two marks. Recall and false flags are the same on every machine; the cost is a ratio of this run.

#[path = "../../../text/tests/common/disguise.rs"]
#[allow(dead_code)]
mod disguise;
mod measure;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use measure::{Bench, MECHANISMS, ordinary};
use vigie_classifier::{BEHAVIOUR, Classifier};
use vigie_lexicon::Lexicon;

/// Ordinary words that are disguised by each mechanism.
const ORDINARY: usize = 4_000;
/// What stands around the table in the page.
const MARKS: (&str, &str) = ("<!-- evasion: begin -->\n", "<!-- evasion: end -->");

fn main() -> Result<(), Box<dyn Error>> {
    let lexicon = Lexicon::default_bundle(BEHAVIOUR).map_err(|all| all.iter().map(|d| format!("{d}\n")).collect::<String>())?;
    let classifier = Classifier::new(lexicon)?;
    let words = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lexicons/fr/words/counts.tsv"))?;
    let mut bench = Bench::new(&classifier, ordinary(&classifier, &words, ORDINARY));
    let mut table = String::from(
        "| mechanism | slurs seen, % | a group's name, % | a predicate, % | an operator, % | ordinary words flagged | cost |\n|---|---|---|---|---|---|---|\n",
    );
    for (mechanism, name, _) in MECHANISMS {
        let ((seen, missed), sentences, (wrong, taken)) = (bench.slurs(*mechanism), bench.sentences(*mechanism), bench.wrong(*mechanism));
        let [group, predicate, operator] = sentences.map(|s| if s.tried == 0 { "–".to_owned() } else { format!("{:.1}", s.percent()) });
        let (cost, wrong) = (bench.cost(*mechanism), format!("{} of {}", wrong.found, wrong.tried));
        writeln!(table, "| {name} | {:.1} | {group} | {predicate} | {operator} | {wrong} | {cost:.1} |", seen.percent())?;
        for example in missed.iter().chain(&taken) {
            eprintln!("{name}: {example}");
        }
    }
    print!("{table}");
    if let Some(page) = std::env::args().nth(1) {
        let text = std::fs::read_to_string(&page)?;
        let (before, rest) = text.split_once(MARKS.0).ok_or("the page has no mark for the table")?;
        let (_, after) = rest.split_once(MARKS.1).ok_or("the page has no mark behind the table")?;
        std::fs::write(&page, format!("{before}{}{table}{}{after}", MARKS.0, MARKS.1))?;
    }
    Ok(())
}
