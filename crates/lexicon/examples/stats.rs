//! Prints the coverage of a bundle folder, or of the default bundle.

use std::path::Path;

use vigie_lexicon::{Lexicon, LoadError, Stats, load_dir};

fn main() -> Result<(), LoadError> {
    let lexicon = match std::env::args().nth(1) {
        Some(root) => load_dir(Path::new(&root), 0)?,
        None => Lexicon::default_bundle(0).map_err(LoadError::Invalid)?,
    };
    print!("{}", Stats::of(&lexicon));
    Ok(())
}
