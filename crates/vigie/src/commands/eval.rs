//! `vigie eval`: verdicts against labels that people gave. Precision, recall, F1, macro-F1 and false-positive rate, over all and per value of a column.

mod score;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::json;
use vigie_classifier::{Classifier, Decision, Scratch, Verdict};

use crate::bundle::Lexicons;
use crate::exit::Exit;
use crate::order::{Weigh, in_order};
use crate::paint::{Ink, Paint, harmless};
use crate::posts::{self, BadLine, Table, bounded};
use score::Score;

/// Compare verdicts with labels.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A CSV file with a header; `-` is standard input
    file: PathBuf,
    /// Column of the text
    #[arg(long, value_name = "COL")]
    text: String,
    /// Column of the label
    #[arg(long, value_name = "COL")]
    label: String,
    /// The label that should be found
    #[arg(long, value_name = "VALUE")]
    positive: String,
    /// Found = hate (a protected ground of group A or B) instead of flagged
    #[arg(long)]
    hate: bool,
    /// One more line per value of this column
    #[arg(long, value_name = "COL")]
    by: Option<String>,
    /// How the scores are written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Print the first N misses of each kind as well
    #[arg(long, value_name = "N", default_value_t = 0)]
    misses: usize,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie eval cases.csv --text text --label label --positive hateful --hate --by functionality
  vigie eval cases.csv --text text --label label --positive hateful --format json | jq .macro_f1
  vigie eval cases.csv --text text --label label --positive hateful --misses 20";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One JSON object
    Json,
}

/// A labelled post.
struct Labelled {
    line: u64,
    text: String,
    positive: bool,
    by: String,
}

impl Weigh for Result<Labelled, BadLine> {
    fn weight(&self) -> usize {
        self.as_ref().map_or(64, |row| row.text.len() + row.by.len() + 64)
    }
}

/// A labelled post that the verdict agrees or disagrees with.
struct Judged {
    row: Labelled,
    found: bool,
    /// What was found, for the list of misses.
    trail: String,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let classifier = args.lexicons.classifier()?;
    let (source, bar) = posts::open(&args.file)?;
    let table = Table::new(source)?;
    let (text, label) = (table.column(&args.text)?, table.column(&args.label)?);
    let by = args.by.as_deref().map(|name| table.column(name)).transpose()?;
    let rows = table.map(|row| {
        row.map(|row| {
            let row = row?;
            let by = by.map(|column| row.field(column)).transpose()?.unwrap_or_default().to_owned();
            Ok(Labelled { line: row.line, text: bounded(row.field(text)?.to_owned(), row.line)?, positive: row.field(label)? == args.positive, by })
        })
    });
    let (mut total, mut values, mut misses, mut bad) = (Score::default(), BTreeMap::<String, Score>::new(), Misses::new(args.misses), 0u64);
    in_order(
        rows,
        |scratch, row| row.map(|row| judge(&classifier, args.hate, scratch, row)),
        |judged| {
            match judged {
                Ok(judged) => {
                    total.count(judged.row.positive, judged.found);
                    if args.by.is_some() {
                        values.entry(judged.row.by.clone()).or_default().count(judged.row.positive, judged.found);
                    }
                    misses.see(judged);
                }
                Err(BadLine { line, message }) => {
                    bad += 1;
                    bar.suspend(|| eprintln!("vigie: {}:{line}: {message}", args.file.display()));
                }
            }
            Ok(())
        },
    )?;
    bar.finish_and_clear();
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Table => {
            score::table(&mut out, args.by.as_deref().unwrap_or_default(), &values, &total)?;
            misses.print(&mut out, Paint::stdout())?;
        }
        Format::Json => {
            let mut all = json!(total);
            if let Some(name) = &args.by {
                all["by_column"] = json!(name);
                all["by"] = json!(values);
            }
            all["lexicon_revision"] = json!(classifier.lexicon().revision);
            if args.misses > 0 {
                all["misses"] = misses.json();
            }
            writeln!(out, "{all}")?;
        }
    }
    out.flush()?;
    Ok(if bad == 0 { Exit::Fine } else { Exit::Input })
}

fn judge(classifier: &Classifier, hate: bool, scratch: &mut Scratch, row: Labelled) -> Judged {
    let verdict = classifier.classify(&row.text, scratch);
    let found = if hate { verdict.hate } else { verdict.decision == Decision::Flagged };
    let trail = if found == row.positive { String::new() } else { trail(&row.text, &verdict) };
    Judged { row, found, trail }
}

/// What led to a wrong verdict: the findings, or those that context took away.
fn trail(text: &str, verdict: &Verdict) -> String {
    let of = |f: &vigie_classifier::Finding| {
        let by = f.blocked_by.as_deref().map_or_else(String::new, |b| format!(" blocked by {b}"));
        format!("{} {} [{}] {}{by}", f.entry, f.frame.as_deref().unwrap_or("-"), &text[f.span.range()], f.severity)
    };
    let lists = [("", &verdict.findings), ("suppressed: ", &verdict.suppressed), ("shadow: ", &verdict.shadow)];
    lists.iter().flat_map(|(what, list)| list.iter().map(move |f| format!("{what}{}", of(f)))).collect::<Vec<_>>().join("; ")
}

/// The first misses of each kind, in the order of the file.
struct Misses {
    limit: usize,
    missed: Vec<Judged>,
    wrong: Vec<Judged>,
}

impl Misses {
    fn new(limit: usize) -> Self {
        Self { limit, missed: Vec::new(), wrong: Vec::new() }
    }

    fn see(&mut self, judged: Judged) {
        let list = match (judged.row.positive, judged.found) {
            (true, false) => &mut self.missed,
            (false, true) => &mut self.wrong,
            _ => return,
        };
        if list.len() < self.limit {
            list.push(judged);
        }
    }

    fn print(&self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        for (title, list) in [("missed", &self.missed), ("found wrongly", &self.wrong)] {
            if list.is_empty() {
                continue;
            }
            writeln!(out, "\n{}", paint.ink(Ink::Title, title))?;
            for miss in list {
                writeln!(out, "{:>6}  {}  {}", miss.row.line, paint.ink(Ink::Faint, &miss.row.by), harmless(&miss.row.text))?;
                if !miss.trail.is_empty() {
                    writeln!(out, "        {}", paint.ink(Ink::Faint, harmless(&miss.trail)))?;
                }
            }
        }
        Ok(())
    }

    fn json(&self) -> serde_json::Value {
        let rows = |list: &[Judged]| list.iter().map(|m| json!({"line": m.row.line, "by": m.row.by, "text": m.row.text, "trail": m.trail})).collect::<Vec<_>>();
        json!({"missed": rows(&self.missed), "wrong": rows(&self.wrong)})
    }
}
