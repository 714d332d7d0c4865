//! Loads a bundle folder (or the default bundle) and prints its diagnostics: the loader alone, for curators and for timing.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use vigie_lexicon::{Lexicon, LoadError, load_dir};

fn main() -> ExitCode {
    let started = Instant::now();
    let loaded = match std::env::args().nth(1) {
        Some(root) => load_dir(Path::new(&root), 0),
        None => Lexicon::default_bundle(0).map_err(LoadError::Invalid),
    };
    let took = started.elapsed();
    match loaded {
        Ok(lexicon) => {
            lexicon.report.warnings.iter().for_each(|w| println!("{w}"));
            let forms: usize = lexicon.predicates.iter().map(|p| p.spellings.len()).sum();
            let texts = lexicon.predicates.iter().flat_map(|p| &p.spellings).map(|s| vigie_text::fold_word(&s.text));
            let distinct: BTreeSet<String> = texts.collect();
            let bytes: usize = distinct.iter().map(String::len).sum();
            println!("{} distinct predicate forms, {bytes} bytes", distinct.len());
            println!(
                "revision {} in {took:.0?}: {} groups, {} slurs, {} predicates ({forms} forms), {} operators, {} codes, {} innocents, {} frames, {} stance frames",
                lexicon.revision,
                lexicon.groups.len(),
                lexicon.slurs.len(),
                lexicon.predicates.len(),
                lexicon.operators.len(),
                lexicon.codes.len(),
                lexicon.innocents.len(),
                lexicon.frames.len(),
                lexicon.stance_frames.len()
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
