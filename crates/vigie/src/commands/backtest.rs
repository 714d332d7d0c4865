//! `vigie backtest`: what a change of the lexicon does to verdicts, on posts that do not change. New, lost and changed flags per entry and frame, and what reviewers would get.

mod compare;
mod report;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use vigie_classifier::{Classifier, Scratch};

use crate::bundle;
use crate::exit::Exit;
use crate::order::in_order;
use crate::paint::Paint;
use crate::posts::{self, BadLine, Columns, Input, Post, Read1};
use compare::Difference;
use report::Report;

/// Compare the verdicts of two bundles on the same posts.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The bundle before [default: the one compiled into this binary]
    #[arg(long, value_name = "DIR")]
    base: Option<PathBuf>,
    /// The bundle after [default: the one compiled into this binary]
    #[arg(long, value_name = "DIR")]
    candidate: Option<PathBuf>,
    /// Files of posts; `-` is standard input
    #[arg(required = true)]
    posts: Vec<PathBuf>,
    /// What the files hold [default: by their names, else by their first lines: JSON Lines or text]
    #[arg(long, value_enum)]
    input: Option<Input>,
    /// Key or column of the text
    #[arg(long, value_name = "COL", default_value = "text")]
    text: String,
    /// Key or column of the id [default: `post_id` or `id`, else the line number]
    #[arg(long, value_name = "COL")]
    id: Option<String>,
    /// Exit with 1 when more than N posts in 1,000 are newly flagged
    #[arg(long, value_name = "N", value_parser = rate)]
    max_new_per_1000: Option<f64>,
    /// Print the first N posts of each kind of change
    #[arg(long, value_name = "N", default_value_t = 50)]
    show: usize,
    /// How the comparison is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  vigie backtest --base ../main/lexicons/fr --candidate lexicons/fr benign.txt
  vigie backtest --candidate lexicons/fr news.txt web.txt novels.txt --max-new-per-1000 0.2
  vigie backtest --base a --candidate b posts.jsonl --show 0 --format json | jq .entries";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if rate.is_finite() && rate >= 0.0 { Ok(rate) } else { Err(format!("{text} is below 0 or not finite")) }
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    anyhow::ensure!(args.base.is_some() || args.candidate.is_some(), "name --base or --candidate: the built-in lexicon does not differ from itself");
    let (base, candidate) = rayon::join(|| bundle::classifier(args.base.as_deref()), || bundle::classifier(args.candidate.as_deref()));
    let (base, candidate) = (base?, candidate?);
    let mut report = Report::new(&base, &candidate, args.max_new_per_1000, args.show);
    let mut bad = 0u64;
    for path in &args.posts {
        let (source, bar) = posts::open(path)?;
        let input = args.input.or_else(|| Input::by_name(path));
        let rows = posts::posts(source, input, Columns { text: &args.text, id: args.id.as_deref() })?;
        let name = path.display().to_string();
        in_order(
            rows,
            |scratch, read| judge(&base, &candidate, scratch, read),
            |judged| {
                match judged {
                    Ok((post, difference)) => report.see(&name, post, difference),
                    Err(BadLine { line, message }) => {
                        bad += 1;
                        bar.suspend(|| eprintln!("vigie: {name}:{line}: {message}"));
                    }
                }
                Ok(())
            },
        )?;
        bar.finish_and_clear();
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => report.text(&mut out, Paint::stdout())?,
        Format::Json => writeln!(out, "{}", report.json())?,
    }
    out.flush()?;
    Ok(match (report.passed(), bad) {
        (false, _) => Exit::Gate,
        (true, 0) => Exit::Fine,
        (true, _) => Exit::Input,
    })
}

fn judge(base: &Classifier, candidate: &Classifier, scratch: &mut Scratch, read: Read1) -> Result<(Post, Difference), BadLine> {
    let post = read?;
    let before = base.classify(&post.text, scratch);
    let after = candidate.classify(&post.text, scratch);
    Ok((post, Difference::between(before, after)))
}
