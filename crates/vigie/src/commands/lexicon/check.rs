//! `vigie lexicon check`: every problem of a bundle at once, then every example of every entry.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use vigie_classifier::{BEHAVIOUR, Classifier};
use vigie_lexicon::{Lexicon, Place, load};

use crate::bundle::{self, Lexicons};
use crate::examples::known::Known;
use crate::examples::{self, Failure, Outcome};
use crate::exit::Exit;
use crate::paint::{Ink, Paint, harmless};
use crate::progress;

/// Check a bundle and run its examples
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Only the examples of entries whose id starts so
    #[arg(long, value_name = "PREFIX")]
    only: Option<String>,
    /// The files, not the examples
    #[arg(long)]
    no_examples: bool,
    /// Fill slots with at most so many groups, spread over all of them: a quick look while you write, no proof of parity
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    groups: Option<u32>,
    /// A list of known misses: they may fail, and those that hold by now are named
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie lexicon check --lexicons lexicons/fr
  vigie lexicon check --lexicons lexicons/fr --only fr.predicate.vermin
  vigie lexicon check --lexicons lexicons/fr --groups 20
  vigie lexicon check --lexicons lexicons/fr --known lexicons/known_misses.tsv

Examples with a slot such as {les pl} are run over every group: the same sentence must get the same verdict whichever group it names.";

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let paint = Paint::stdout();
    let mut out = BufWriter::new(io::stdout().lock());
    let lexicon = match load(&args.lexicons.files()?, BEHAVIOUR) {
        Ok(lexicon) => lexicon,
        Err(all) => {
            all.iter().try_for_each(|d| writeln!(out, "{d}"))?;
            writeln!(out, "{}", paint.ink(Ink::Bad, format!("{}: {} problems", name(args), all.len())))?;
            out.flush()?;
            return Ok(Exit::Gate);
        }
    };
    lexicon.report.warnings.iter().try_for_each(|d| writeln!(out, "{d}"))?;
    let what = summary(&lexicon);
    if args.no_examples {
        writeln!(out, "{}: {what}", paint.ink(Ink::Good, name(args)))?;
        out.flush()?;
        return Ok(Exit::Fine);
    }
    if let Some(prefix) = args.only.as_deref().filter(|prefix| !lexicon.commons().any(|c| c.id.starts_with(prefix))) {
        bail!("--only {prefix}: no entry of {} has an id that starts so", name(args));
    }
    let bar = progress::count(examples::count(&lexicon), "examples");
    let classifier = Classifier::new(lexicon).with_context(|| name(args))?;
    let mut outcome = examples::run(&classifier, &examples::Extent { only: args.only.as_deref(), groups: args.groups }, || bar.inc(1));
    bar.finish_and_clear();
    let known = args.known.as_deref().map(Known::read).transpose()?.unwrap_or_default();
    let mut settled = known.settle(&mut outcome.failures, args.only.as_deref());
    if args.groups.is_some() {
        // What fails for one group only may hold for those that ran.
        settled.clear();
    }
    failures(&mut out, &outcome.failures, paint)?;
    for (entry, way, example) in &settled {
        writeln!(out, "{entry}: {way} {}\n    {}", harmless(example), paint.ink(Ink::Bad, "holds by now: take it off the list of known misses"))?;
    }
    let good = outcome.failures.is_empty() && settled.is_empty();
    let Outcome { entries, examples, sentences, failures } = outcome;
    let run = format!("{examples} examples of {entries} entries run as {sentences} sentences, {} known misses, {} failures", known.len(), failures.len());
    writeln!(out, "{}: {what}; {run}", paint.ink(if good { Ink::Good } else { Ink::Bad }, name(args)))?;
    if !failures.is_empty() && args.known.is_none() {
        writeln!(out, "The default bundle has known misses, some of which may be among these: --known lexicons/known_misses.tsv leaves them out.")?;
    }
    out.flush()?;
    Ok(if good { Exit::Fine } else { Exit::Gate })
}

fn name(args: &Args) -> String {
    bundle::name(args.lexicons.dir.as_deref())
}

fn summary(lexicon: &Lexicon) -> String {
    let warnings = lexicon.report.warnings.len();
    format!("revision {}, {warnings} warnings", lexicon.revision)
}

/// Failures by entry, with the place to open.
fn failures(out: &mut impl Write, all: &[Failure], paint: Paint) -> io::Result<()> {
    let mut last: Option<(&Place, &str)> = None;
    for failure in all {
        let entry = (&failure.place, failure.entry.as_str());
        if last != Some(entry) {
            writeln!(out, "{}:{}: {}", failure.place.file, failure.place.line, paint.ink(Ink::Title, &failure.entry))?;
            last = Some(entry);
        }
        writeln!(out, "  {} {}", failure.way, harmless(&failure.example))?;
        if failure.sentence != failure.example {
            writeln!(out, "    « {} »", harmless(&failure.sentence))?;
        }
        writeln!(out, "    {}", paint.ink(Ink::Bad, harmless(&failure.reason)))?;
        if !failure.groups.is_empty() {
            let more = if failure.failing > failure.groups.len() { " …" } else { "" };
            writeln!(out, "    {} of {} groups: {}{more}", failure.failing, failure.of, failure.groups.join(", "))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups in which a slot is tried here: all five hundred are the affair of the `lexicon` stage of `.ci/run`, which takes minutes.
    const GROUPS: u32 = 40;

    #[test]
    fn every_example_of_the_default_bundle_holds_but_the_known_misses() {
        let lexicon = Lexicon::default_bundle(BEHAVIOUR).map_err(|all| bundle::lines(&all)).expect("the default bundle loads");
        let classifier = Classifier::new(lexicon).expect("the default bundle compiles");
        let mut outcome = examples::run(&classifier, &examples::Extent { only: None, groups: Some(GROUPS) }, || ());
        let list = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../lexicons/known_misses.tsv");
        let known = Known::read(&list).expect("the list of known misses is read");
        // What fails for one group only may hold for these: the list is kept exact over all groups.
        known.settle(&mut outcome.failures, None);
        assert!(outcome.sentences > outcome.examples, "slots are expanded");
        let mut told = Vec::new();
        failures(&mut told, &outcome.failures, Paint::Plain).expect("memory is writable");
        assert!(outcome.failures.is_empty(), "{} failures\n{}", outcome.failures.len(), String::from_utf8_lossy(&told));
    }
}
