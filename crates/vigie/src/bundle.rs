//! `--lexicons DIR`: the bundle that a command judges with, loaded and compiled.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use vigie_classifier::{BEHAVIOUR, Classifier};
use vigie_lexicon::{Diagnostic, Files, Lexicon, load};

/// Which bundle to use.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Lexicons {
    /// Folder of the lexicon bundle [default: the one compiled into this binary]
    #[arg(long = "lexicons", value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

impl Lexicons {
    /// The files of the bundle.
    pub(crate) fn files(&self) -> anyhow::Result<Files> {
        files(self.dir.as_deref())
    }

    /// Loads, checks and compiles it.
    pub(crate) fn classifier(&self) -> anyhow::Result<Classifier> {
        classifier(self.dir.as_deref())
    }
}

/// The files of the bundle in `dir`, or of the built-in one.
pub(crate) fn files(dir: Option<&Path>) -> anyhow::Result<Files> {
    Ok(match dir {
        Some(dir) => Files::from_dir(dir)?,
        None => Files::built_in(),
    })
}

/// Loads, checks and compiles the bundle in `dir`, or the built-in one.
pub(crate) fn classifier(dir: Option<&Path>) -> anyhow::Result<Classifier> {
    let lexicon: Lexicon = load(&files(dir)?, BEHAVIOUR).map_err(|all| anyhow!("it has problems\n{}", lines(&all))).with_context(|| name(dir))?;
    Classifier::new(lexicon).with_context(|| name(dir))
}

/// One diagnostic a line.
pub(crate) fn lines(all: &[Diagnostic]) -> String {
    let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// What messages call the bundle.
pub(crate) fn name(dir: Option<&Path>) -> String {
    dir.map_or_else(|| "the built-in lexicon".to_owned(), |d| format!("lexicon {}", d.display()))
}
