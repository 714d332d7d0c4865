//! `vigie scan`: files and pipes, no Kafka. One JSON line per flagged post, in the order of the input.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use vigie_classifier::{Classifier, Decision, Scratch, Verdict};

use crate::bundle::Lexicons;
use crate::exit::Exit;
use crate::order::in_order;
use crate::paint::{Ink, Paint};
use crate::posts::{self, BadLine, Columns, Input, Post, Read1};
use crate::row;

/// Judge the posts of a file or a pipe.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The posts; `-` is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// What the file holds [default: by its name, else by its first line: JSON Lines or text]
    #[arg(long, value_enum)]
    input: Option<Input>,
    /// How verdicts are written
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// Every post, not only the flagged ones; with every match
    #[arg(long)]
    all: bool,
    /// Key or column of the text
    #[arg(long, value_name = "COL", default_value = "text")]
    text: String,
    /// Key or column of the id [default: `post_id` or `id`, else the line number]
    #[arg(long, value_name = "COL")]
    id: Option<String>,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie scan posts.jsonl > flags.jsonl
  vigie scan comments.txt --format pretty
  zcat archive.csv.gz | vigie scan - --input csv --text body --id comment_id
  vigie scan posts.txt --all --lexicons lexicons/fr | jq 'select(.flagged)'

A line that cannot be read is told on standard error with its number; the rest goes on, and the exit code is 3.";

/// How verdicts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// For people
    Pretty,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let classifier = args.lexicons.classifier()?;
    let (source, bar) = posts::open(&args.file)?;
    let input = args.input.or_else(|| Input::by_name(&args.file));
    let rows = posts::posts(source, input, Columns { text: &args.text, id: args.id.as_deref() })?;
    let writer = Writer { classifier: &classifier, format: args.format, all: args.all, paint: Paint::stdout() };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut bad = 0u64;
    in_order(
        rows,
        |scratch, read| writer.judge(scratch, read),
        |line| {
            match line {
                Ok(line) => out.write_all(&line)?,
                Err(BadLine { line, message }) => {
                    bad += 1;
                    bar.suspend(|| eprintln!("vigie: {}:{line}: {message}", args.file.display()));
                }
            }
            Ok(())
        },
    )?;
    out.flush()?;
    bar.finish_and_clear();
    Ok(if bad == 0 { Exit::Fine } else { Exit::Input })
}

struct Writer<'a> {
    classifier: &'a Classifier,
    format: Format,
    all: bool,
    paint: Paint,
}

impl Writer<'_> {
    /// What is written of one line: nothing when nobody asked for it.
    fn judge(&self, scratch: &mut Scratch, read: Read1) -> Result<Vec<u8>, BadLine> {
        let post = read?;
        let trace = self.all.then(|| self.classifier.trace(&post.text, scratch));
        let verdict = trace.as_ref().map_or_else(|| Cow::Owned(self.classifier.classify(&post.text, scratch)), |trace| Cow::Borrowed(&trace.verdict));
        if !self.all && verdict.decision != Decision::Flagged {
            return Ok(Vec::new());
        }
        let bad = |message: String| BadLine { line: post.line, message };
        match self.format {
            Format::Pretty => Ok(self.pretty(&post, &verdict).into_bytes()),
            Format::Jsonl => {
                let row = row::verdict(Some(&post.id), &post.text, &verdict, trace.as_ref(), &self.classifier.lexicon().revision);
                let mut line = serde_json::to_vec(&row).map_err(|e| bad(e.to_string()))?;
                line.push(b'\n');
                Ok(line)
            }
        }
    }

    fn pretty(&self, post: &Post, verdict: &Verdict) -> String {
        let id = post.id.as_str().map_or_else(|| post.id.to_string(), str::to_owned);
        let spans: Vec<_> = verdict.findings.iter().map(|f| f.span).collect();
        let head = if verdict.decision == Decision::Flagged {
            let labels = |kind: &str, codes: &mut dyn Iterator<Item = &str>| {
                let policy = &self.classifier.lexicon().policy;
                codes.map(|code| policy.label(&format!("{kind}.{code}")).to_owned()).collect::<Vec<_>>().join(", ")
            };
            let grounds = labels("ground", &mut verdict.grounds.iter().map(|g| g.code()));
            let acts = labels("act", &mut verdict.acts.iter().map(|a| a.code()));
            let severity = self.classifier.lexicon().policy.label(&format!("severity.{}", verdict.severity)).to_owned();
            format!("{} · {grounds} · {acts}", self.paint.ink(Ink::Bad, severity))
        } else {
            self.paint.ink(Ink::Faint, "rien à signaler")
        };
        let reason = self.classifier.explanation(verdict).map_or_else(String::new, |e| format!("  {}\n", self.paint.ink(Ink::Faint, e.text)));
        format!("{}  {head}\n  {}\n{reason}", self.paint.ink(Ink::Title, id), self.paint.highlight(&post.text, &spans))
    }
}
