//! `vigie explain`: the whole path of one post, in French, so that a moderator can check the reasoning in ten seconds. It judges nothing by itself.

mod path;
mod people;

use std::io::{self, BufWriter, Read, Write};

use clap::ValueEnum;
use vigie_classifier::Scratch;

use crate::bundle::Lexicons;
use crate::exit::Exit;
use crate::paint::Paint;
use crate::posts::MAX_TEXT_BYTES;

/// Show why a post is flagged, or why it is not, in French.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The post; `-` reads it from standard input
    text: String,
    /// How the path is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie explain \"Ces gens-là sont formidables.\"
  vigie explain - --format json < post.txt | jq .words
  vigie explain \"…\" --lexicons lexicons/fr";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, in French
    Text,
    /// One JSON object
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let text = if args.text == "-" { standard_input()? } else { args.text.clone() };
    anyhow::ensure!(text.len() <= MAX_TEXT_BYTES, "a text of {} bytes, the limit is {MAX_TEXT_BYTES}", text.len());
    let classifier = args.lexicons.classifier()?;
    let trace = classifier.trace(&text, &mut Scratch::default());
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string(&path::path(&classifier, &text, &trace))?)?,
        Format::Text => people::Page { classifier: &classifier, text: &text, trace: &trace, paint: Paint::stdout() }.write(&mut out)?,
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// Standard input without its last end of line.
fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_TEXT_BYTES as u64 + 2).read_to_end(&mut bytes)?;
    let mut text = String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("standard input is not UTF-8"))?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}
