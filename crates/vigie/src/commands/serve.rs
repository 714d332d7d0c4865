//! `vigie run`: the service. It reads the configuration and the lexicons before anything is opened, then hands over to `vigie-stream`.

use std::sync::Arc;

use vigie_stream::service::{self, Reload, Stop};

use super::settings::{Settings, start_log};
use crate::bundle::{self, Lexicons};
use crate::exit::Exit;

/// Judge the posts of a Kafka topic until SIGTERM or Ctrl-C.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie run --config config/vigie.toml
  VIGIE_KAFKA__BROKERS=kafka:9092 VIGIE_DELIVERY__MODE=at_least_once vigie run

SIGTERM and Ctrl-C drain what is in flight and leave; a second one leaves at once. SIGHUP reads the lexicons again.";

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let config = args.settings.load(args.lexicons.dir.as_deref())?;
    start_log(&config.log);
    let dir = config.lexicons.path.clone();
    let judge = Arc::new(bundle::classifier(dir.as_deref())?);
    let reload: Reload<_> = Box::new(move || bundle::classifier(dir.as_deref()).map(Arc::new).map_err(|e| format!("{e:#}")));
    let report = service::run(config, judge, Some(reload), Stop::on_signals());
    Ok(if report.exit == service::EXIT_FINE { Exit::Fine } else { Exit::Service })
}
