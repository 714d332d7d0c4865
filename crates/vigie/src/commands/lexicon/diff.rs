//! `vigie lexicon diff`: what a change of the bundle changes, entry by entry. What it does to verdicts is `vigie backtest`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use serde::Serialize;
use vigie_classifier::BEHAVIOUR;
use vigie_lexicon::{Lexicon, Status, load};

use super::entry::{self, AnyEntry};
use crate::bundle;
use crate::exit::Exit;
use crate::paint::{Ink, Paint};

/// Compare two bundles, entry by entry
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The bundle before [default: the one compiled into this binary]
    #[arg(long, value_name = "DIR")]
    base: Option<PathBuf>,
    /// The bundle after [default: the one compiled into this binary]
    #[arg(long, value_name = "DIR")]
    candidate: Option<PathBuf>,
    /// How the differences are written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  vigie lexicon diff --candidate lexicons/fr
  vigie lexicon diff --base ../main/lexicons/fr --candidate lexicons/fr --format json

An entry that is gone is a fault (exit 1): ids are never reused, so entries are retired, not deleted.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// What changed between two bundles.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Diff {
    base: String,
    candidate: String,
    added: Vec<String>,
    removed: Vec<String>,
    changed: BTreeMap<String, Vec<String>>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    anyhow::ensure!(args.base.is_some() || args.candidate.is_some(), "name --base or --candidate: the built-in lexicon does not differ from itself");
    let (base, candidate) = (lexicon(args.base.as_deref())?, lexicon(args.candidate.as_deref())?);
    let diff = compare(&base, &candidate);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string(&diff)?)?,
        Format::Text => text(&mut out, &diff, Paint::stdout())?,
    }
    out.flush()?;
    Ok(if diff.removed.is_empty() { Exit::Fine } else { Exit::Gate })
}

fn lexicon(dir: Option<&Path>) -> anyhow::Result<Lexicon> {
    load(&bundle::files(dir)?, BEHAVIOUR).map_err(|all| anyhow!("it has problems\n{}", bundle::lines(&all))).with_context(|| bundle::name(dir))
}

fn compare(base: &Lexicon, candidate: &Lexicon) -> Diff {
    let by_id = |lexicon| entry::all(lexicon).into_iter().map(|e| (e.common.id.as_str(), e)).collect::<BTreeMap<&str, AnyEntry<'_>>>();
    let (before, after) = (by_id(base), by_id(candidate));
    let mut diff = Diff { base: base.revision.clone(), candidate: candidate.revision.clone(), ..Diff::default() };
    let policy = policy(base, candidate);
    if !policy.is_empty() {
        diff.changed.insert("policy".to_owned(), policy);
    }
    diff.removed = before.keys().filter(|id| !after.contains_key(*id)).map(ToString::to_string).collect();
    for (id, new) in &after {
        match before.get(id) {
            None => diff.added.push((*id).to_owned()),
            Some(old) => {
                let mut changes = common(old, new);
                let (old, new) = (entry::traits(base, id), entry::traits(candidate, id));
                changes.extend(new.iter().filter_map(|(name, value)| {
                    let was = old.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default();
                    (was != value).then(|| format!("{name}: {was} → {value}"))
                }));
                if !changes.is_empty() {
                    diff.changed.insert((*id).to_owned(), changes);
                }
            }
        }
    }
    diff
}

/// Changes of what decides over every entry: classes, thresholds, templates, names, words.
fn policy(base: &Lexicon, candidate: &Lexicon) -> Vec<String> {
    let (old, new) = (&base.policy, &candidate.policy);
    let mut changes = Vec::new();
    changes.extend(keyed("class", &old.classes, &new.classes));
    changes.extend(keyed("flag_at", &old.flag_at, &new.flag_at));
    changes.extend(keyed("label", &old.labels, &new.labels));
    let templates = |lexicon: &Lexicon| lexicon.policy.templates.iter().map(|t| (t.id.clone(), t.text.clone())).collect::<BTreeMap<_, _>>();
    changes.extend(keyed("template", &templates(base), &templates(candidate)));
    if base.words.len() != candidate.words.len() {
        changes.push(format!("words: {} → {}", base.words.len(), candidate.words.len()));
    }
    changes
}

/// What two tables say otherwise.
fn keyed<K: Ord + Debug, V: Debug>(what: &str, old: &BTreeMap<K, V>, new: &BTreeMap<K, V>) -> Vec<String> {
    let said = |table: &BTreeMap<K, V>, key: &K| table.get(key).map_or_else(|| "nothing".to_owned(), |v| format!("{v:?}"));
    let keys: BTreeSet<&K> = old.keys().chain(new.keys()).collect();
    let changed = keys.into_iter().filter(|key| said(old, key) != said(new, key));
    changed.map(|key| format!("{what} {key:?}: {} → {}", said(old, key), said(new, key))).collect()
}

/// Changes of what every entry has.
fn common(old: &AnyEntry<'_>, new: &AnyEntry<'_>) -> Vec<String> {
    let mut changes = Vec::new();
    if old.common.status != new.common.status {
        let back = if old.common.status == Status::Retired { ": ids are never reused" } else { "" };
        changes.push(format!("status: {} → {}{back}", old.common.status, new.common.status));
    }
    let forms = |e: &AnyEntry<'_>| e.spellings.iter().map(|s| s.text.clone()).collect::<BTreeSet<String>>();
    let examples = |e: &AnyEntry<'_>| {
        let of = |way: &str, list: &[String]| list.iter().map(|x| format!("{way} {x}")).collect::<Vec<_>>();
        of("must_match", &e.common.must_match).into_iter().chain(of("must_not_match", &e.common.must_not_match)).collect::<BTreeSet<_>>()
    };
    for (what, old, new) in [("form", forms(old), forms(new)), ("example", examples(old), examples(new))] {
        changes.extend(old.difference(&new).map(|x| format!("- {what} {x}")));
        changes.extend(new.difference(&old).map(|x| format!("+ {what} {x}")));
    }
    for (what, old, new) in [("why", &old.common.why, &new.common.why), ("source", &old.common.source, &new.common.source)] {
        if old != new {
            changes.push(format!("{what}: {new}"));
        }
    }
    if old.common.transparent != new.common.transparent {
        changes.push(format!("transparent: {} → {}", old.common.transparent, new.common.transparent));
    }
    changes
}

fn text(out: &mut impl Write, diff: &Diff, paint: Paint) -> io::Result<()> {
    for id in &diff.removed {
        writeln!(out, "{}", paint.ink(Ink::Bad, format!("- {id}: gone; retire entries instead of deleting them")))?;
    }
    for id in &diff.added {
        writeln!(out, "{}", paint.ink(Ink::Good, format!("+ {id}")))?;
    }
    for (id, changes) in &diff.changed {
        writeln!(out, "~ {}", paint.ink(Ink::Title, id))?;
        for change in changes {
            writeln!(out, "    {change}")?;
        }
    }
    let Diff { base, candidate, added, removed, changed } = diff;
    writeln!(out, "{base} → {candidate}: {} added, {} changed, {} gone", added.len(), changed.len(), removed.len())
}
