//! `vigie check`: is this configuration, with these lexicons, fit to run? With `--connect` also: would the brokers let it?

use std::io::{self, BufWriter, Write};

use crate::bundle::{self, Lexicons};
use crate::exit::Exit;
use crate::paint::{Ink, Paint};

/// Validate configuration and lexicons; print what is in force, without secrets.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[cfg(feature = "kafka")]
    #[command(flatten)]
    settings: super::settings::Settings,
    /// Ask the brokers too: topics, partitions, sizes, retention, rights
    #[cfg(feature = "kafka")]
    #[arg(long)]
    connect: bool,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie check --config config/vigie.toml
  vigie check --config config/vigie.toml --connect

The exit code is 2 when the configuration or a lexicon is wrong, 1 when the brokers would refuse.";

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let paint = Paint::stdout();
    let mut out = BufWriter::new(io::stdout().lock());
    #[cfg(feature = "kafka")]
    let config = args.settings.load(args.lexicons.dir.as_deref())?;
    #[cfg(feature = "kafka")]
    let dir = config.lexicons.path.clone();
    #[cfg(not(feature = "kafka"))]
    let dir = args.lexicons.dir.clone();
    #[cfg(feature = "kafka")]
    {
        let values = config.effective();
        let width = values.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, value) in &values {
            writeln!(out, "{key:<width$}  {value}")?;
        }
        writeln!(out)?;
    }
    let classifier = bundle::classifier(dir.as_deref())?;
    let lexicon = classifier.lexicon();
    let name = bundle::name(dir.as_deref());
    writeln!(
        out,
        "{} {name}: {} {}, revision {}, {} forms",
        paint.ink(Ink::Good, "ok"),
        lexicon.bundle.name,
        lexicon.bundle.version,
        lexicon.revision,
        classifier.form_count()
    )?;
    #[cfg(feature = "kafka")]
    if args.connect {
        out.flush()?;
        return connect(&mut out, &config, paint);
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// Every probe with what to do about it.
#[cfg(feature = "kafka")]
fn connect(out: &mut impl Write, config: &vigie_stream::config::Config, paint: Paint) -> anyhow::Result<Exit> {
    use vigie_stream::check::{self, Level};

    let mut exit = Exit::Fine;
    for probe in check::connect(config) {
        let (ink, mark) = match probe.level {
            Level::Ok => (Ink::Good, "ok"),
            Level::Warning => (Ink::Title, "warning"),
            Level::Failure => (Ink::Bad, "failure"),
        };
        writeln!(out, "{} {}: {}", paint.ink(ink, mark), probe.what, probe.found)?;
        if !probe.advice.is_empty() {
            writeln!(out, "  help: {}", probe.advice)?;
        }
        if probe.level == Level::Failure {
            exit = Exit::Gate;
        }
    }
    out.flush()?;
    Ok(exit)
}
