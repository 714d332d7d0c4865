//! `vigie redrive`: puts dead letters back on the input topic, each at most once per run, counted.

use std::io::{self, Write};

use vigie_stream::redrive::{self, Report};

use super::settings::{Settings, start_log};
use crate::exit::Exit;

/// Put dead letters back on the input topic.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The topic of the dead letters
    #[arg(long, value_name = "TOPIC")]
    from: String,
    /// Count only, send nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: Settings,
}

const EXAMPLES: &str = "\
Examples:
  vigie redrive --from vigie.dead-letters --dry-run --config config/vigie.toml
  vigie redrive --from vigie.dead-letters --config config/vigie.toml";

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let config = args.settings.load(None)?;
    start_log(&config.log);
    match redrive::run(&config, &args.from, args.dry_run) {
        Ok(report) => {
            print(&mut io::stdout().lock(), args, &report)?;
            Ok(if report.failed == 0 { Exit::Fine } else { Exit::Service })
        }
        Err(error) => {
            eprintln!("vigie: {error}");
            Ok(Exit::Service)
        }
    }
}

fn print(out: &mut impl Write, args: &Args, report: &Report) -> io::Result<()> {
    for (reason, n) in &report.by_reason {
        writeln!(out, "{n:>8}  {reason}")?;
    }
    for (reason, n) in &report.skipped {
        writeln!(out, "{n:>8}  skipped: {reason}")?;
    }
    let verb = if args.dry_run { "would be put back" } else { "put back" };
    writeln!(out, "{} dead letters read from {}, {} {verb}, {} failed", report.read, args.from, report.sent, report.failed)
}
