//! Prints the path of each line of standard input through a bundle: `cargo run -p vigie-classifier --example trace -- lexicons/fr`.

use std::io::BufRead;
use std::path::Path;

use vigie_classifier::{BEHAVIOUR, Classifier, Scratch};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).ok_or("usage: trace LEXICONS")?;
    let lexicon = vigie_lexicon::load_dir(Path::new(&root), BEHAVIOUR).map_err(|e| e.to_string())?;
    let classifier = Classifier::new(lexicon)?;
    let mut scratch = Scratch::default();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let trace = classifier.trace(&line, &mut scratch);
        println!("{:?} {}", trace.verdict.decision, trace.folded);
        for word in &trace.words {
            println!(
                "  {}{} {:?} {:?} {}",
                word.boundary.map(String::from).unwrap_or_default(),
                word.folded,
                word.concepts,
                word.readings,
                word.antecedent.as_deref().unwrap_or("")
            );
        }
        for frame in &trace.frames {
            println!("  frame {} finding={} {:?}", frame.id, frame.finding, &line[frame.span.range()]);
        }
        for finding in trace.findings.iter().chain(&trace.suppressed) {
            println!("  finding {} {:?} {:?} {:?} blocked_by={:?}", finding.entry, finding.frame, finding.act, &line[finding.span.range()], finding.blocked_by);
        }
    }
    Ok(())
}
