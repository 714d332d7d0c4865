//! `vigie lexicon fmt`: one way to write a bundle, so that differences show what changed and nothing else. Meaning, order and comments stay.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use vigie_lexicon::Files;

use super::style;
use crate::exit::Exit;
use crate::paint::say;

/// Write the files of a bundle in the one style
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Change nothing; exit with 1 when a file would change
    #[arg(long)]
    check: bool,
    /// Folder of the lexicon bundle
    #[arg(long = "lexicons", value_name = "DIR")]
    dir: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  vigie lexicon fmt --lexicons lexicons/fr
  vigie lexicon fmt --lexicons lexicons/fr --check";

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let files = Files::from_dir(&args.dir)?;
    let (mut changed, mut bad) = (0usize, 0usize);
    for (path, bytes) in files.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|e| e == "toml")) {
        let styled = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned()).and_then(style::file);
        match styled {
            Ok(text) if text.as_bytes() == bytes => {}
            Ok(text) => {
                changed += 1;
                say(path);
                if !args.check {
                    write(&args.dir.join(path), &text)?;
                }
            }
            Err(message) => {
                bad += 1;
                eprintln!("vigie: {path}: {message}; left as it is");
            }
        }
    }
    say(format!("{changed} files {}", if args.check { "would change" } else { "changed" }));
    Ok(if bad > 0 || (args.check && changed > 0) { Exit::Gate } else { Exit::Fine })
}

/// Replaces a file in one step: an interrupted write must not lose anybody's work.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = path.with_extension("toml.new");
    fs::write(&beside, text).and_then(|()| fs::rename(&beside, path)).with_context(|| path.display().to_string())
}
