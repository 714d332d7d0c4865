//! `--config FILE` and the environment, and the log that they ask for.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use tracing_subscriber::fmt;
use vigie_stream::config::{Config, Log, LogFormat};

/// Which configuration to use.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Settings {
    /// Configuration file; `VIGIE_SECTION__KEY` in the environment overrides any key [default: the environment alone]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

impl Settings {
    /// Reads and checks everything before anything is opened; a folder given on the command line wins.
    pub(super) fn load(&self, lexicons: Option<&Path>) -> anyhow::Result<Config> {
        // Not `std::env::vars`, which panics on a variable that is not UTF-8, whoever set it.
        let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let mut config = Config::load(self.config.as_deref(), environment).map_err(|all| anyhow!("the configuration is wrong\n{all}"))?;
        if let Some(dir) = lexicons {
            config.lexicons.path = Some(dir.to_owned());
        }
        Ok(config)
    }
}

/// Sends the log to standard error in the shape that is asked for.
pub(super) fn start_log(log: &Log) {
    let level = log.level.parse().unwrap_or(tracing::Level::INFO);
    let base = fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // A log that somebody else has started stays.
    let _ = match log.format {
        LogFormat::Json => base.json().try_init(),
        LogFormat::Text => base.try_init(),
    };
}
