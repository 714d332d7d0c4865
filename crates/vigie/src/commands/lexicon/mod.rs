//! `vigie lexicon`: curation. Check, format, count and compare bundles; every fault gives a non-zero exit code.

mod check;
mod coverage;
mod diff;
mod entry;
mod fmt;
mod stats;
mod style;

use crate::exit::Exit;

/// Check, format, count and compare lexicons.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Check(check::Args),
    Fmt(fmt::Args),
    Stats(stats::Args),
    Diff(diff::Args),
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Check(args) => check::run(args),
        Command::Fmt(args) => fmt::run(args),
        Command::Stats(args) => stats::run(args),
        Command::Diff(args) => diff::run(args),
    }
}
