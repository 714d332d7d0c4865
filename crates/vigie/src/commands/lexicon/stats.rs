//! `vigie lexicon stats`: how much of each ground, class and construction a bundle covers, and which forms an entry searches for.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use anyhow::{anyhow, bail};
use clap::ValueEnum;
use serde::Serialize;
use vigie_classifier::BEHAVIOUR;
use vigie_lexicon::{Ground, Lexicon, Slur, Status, Use, load};
use vigie_text::fold_word;

use super::coverage::Coverage;
use super::entry;
use crate::bundle::Lexicons;
use crate::exit::Exit;
use crate::paint::{Ink, Paint};

/// Count what a bundle covers, or list the forms of one entry
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The forms of this entry, with their place in the paradigm and how common they are
    #[arg(long, value_name = "ID")]
    forms: Option<String>,
    /// How the figures are written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie lexicon stats
  vigie lexicon stats --lexicons lexicons/fr --format json | jq .grounds
  vigie lexicon stats --forms fr.predicate.vermin.insecte";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One JSON object
    Json,
}

/// The figures of a bundle.
#[derive(Serialize)]
struct Stats {
    name: String,
    version: String,
    revision: String,
    /// Kind of entry → status → entries.
    entries: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
    /// Ground → what there is.
    grounds: BTreeMap<&'static str, OfGround>,
    /// Class → what there is.
    classes: BTreeMap<String, OfClass>,
    forms: usize,
    examples: usize,
    words: usize,
    coverage: Coverage,
    /// Generated forms left out because they are ordinary words.
    dropped: usize,
}

#[derive(Default, Serialize)]
struct OfGround {
    groups: usize,
    group_names: usize,
    slurs: usize,
    slur_headwords: usize,
    slur_forms: usize,
    unambiguous: usize,
    codes: usize,
    regional: usize,
}

#[derive(Default, Serialize)]
struct OfClass {
    entries: usize,
    headwords: usize,
    forms: usize,
    kinds: BTreeMap<&'static str, usize>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let lexicon = load(&args.lexicons.files()?, BEHAVIOUR).map_err(|all| anyhow!("the lexicon has problems\n{}", crate::bundle::lines(&all)))?;
    let mut out = BufWriter::new(io::stdout().lock());
    match (&args.forms, args.format) {
        (Some(id), format) => forms(&mut out, &lexicon, id, format)?,
        (None, Format::Json) => writeln!(out, "{}", serde_json::to_string(&stats(&lexicon))?)?,
        (None, Format::Table) => table(&mut out, &stats(&lexicon), Paint::stdout())?,
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn stats(lexicon: &Lexicon) -> Stats {
    let mut entries: BTreeMap<&'static str, BTreeMap<&'static str, usize>> = BTreeMap::new();
    let (mut form_count, mut examples) = (0, 0);
    for e in entry::all(lexicon) {
        *entries.entry(e.kind).or_default().entry(e.common.status.code()).or_default() += 1;
        form_count += e.spellings.len();
        examples += e.common.must_match.len() + e.common.must_not_match.len();
    }
    Stats {
        name: lexicon.bundle.name.clone(),
        version: lexicon.bundle.version.clone(),
        revision: lexicon.revision.clone(),
        entries,
        grounds: grounds(lexicon),
        classes: classes(lexicon),
        forms: form_count,
        examples,
        words: lexicon.words.len(),
        coverage: Coverage::of(lexicon),
        dropped: lexicon.report.dropped.len(),
    }
}

fn grounds(lexicon: &Lexicon) -> BTreeMap<&'static str, OfGround> {
    let mut all: BTreeMap<&'static str, OfGround> = Ground::ALL.iter().map(|g| (g.code(), OfGround::default())).collect();
    for group in lexicon.groups.iter().filter(|g| g.common.status.is_live()) {
        let of = all.entry(group.ground.code()).or_default();
        of.groups += 1;
        of.group_names += group.spellings.len();
    }
    for slur in lexicon.slurs.iter().filter(|s| s.common.status.is_live()) {
        let of = all.entry(slur.ground.code()).or_default();
        of.slurs += 1;
        of.slur_headwords += slur.headwords;
        of.slur_forms += slur.spellings.len();
        of.unambiguous += usize::from(slur.usage == Use::Unambiguous);
        of.regional += usize::from(is_regional(slur));
    }
    for code in lexicon.codes.iter().filter(|c| c.common.status.is_live()) {
        all.entry(code.ground.code()).or_default().codes += 1;
    }
    all
}

/// Tagged with regions, France alone not being one.
fn is_regional(slur: &Slur) -> bool {
    !slur.common.regions.is_empty() && slur.common.regions != ["FR"]
}

fn classes(lexicon: &Lexicon) -> BTreeMap<String, OfClass> {
    let mut all: BTreeMap<String, OfClass> = lexicon.policy.classes.keys().map(|name| (name.clone(), OfClass::default())).collect();
    for predicate in &lexicon.predicates {
        let of = all.entry(predicate.class.clone()).or_default();
        of.entries += 1;
        of.headwords += predicate.headwords;
        of.forms += predicate.spellings.len();
        *of.kinds.entry(predicate.kind.code()).or_default() += predicate.headwords;
    }
    all
}

fn table(out: &mut impl Write, stats: &Stats, paint: Paint) -> io::Result<()> {
    let title = |text: &str| paint.ink(Ink::Title, text);
    writeln!(out, "{} {}, revision {}", stats.name, stats.version, stats.revision)?;
    writeln!(out, "{} forms, {} examples, {} ordinary words, {} generated forms left out\n", stats.forms, stats.examples, stats.words, stats.dropped)?;
    writeln!(out, "{}", title("entries           active  shadow  proposed  retired"))?;
    for (kind, by) in &stats.entries {
        let of = |status: Status| by.get(status.code()).copied().unwrap_or(0);
        writeln!(out, "{kind:<16} {:>7} {:>7} {:>9} {:>8}", of(Status::Active), of(Status::Shadow), of(Status::Proposed), of(Status::Retired))?;
    }
    writeln!(out, "\n{}", title("ground              groups   names   slurs  headwords   forms  unamb.  regional  codes"))?;
    for (ground, of) in &stats.grounds {
        let OfGround { groups, group_names, slurs, slur_headwords, slur_forms, unambiguous, codes, regional } = of;
        writeln!(out, "{ground:<18} {groups:>7} {group_names:>7} {slurs:>7} {slur_headwords:>10} {slur_forms:>7} {unambiguous:>7} {regional:>9} {codes:>6}")?;
    }
    writeln!(out, "\n{}", title("class              entries  headwords   forms  by kind"))?;
    for (class, OfClass { entries, headwords, forms, kinds }) in &stats.classes {
        let kinds = kinds.iter().map(|(k, n)| format!("{k} {n}")).collect::<Vec<_>>().join(", ");
        writeln!(out, "{class:<18} {entries:>7} {headwords:>10} {forms:>7}  {kinds}")?;
    }
    let (entries, headwords) = stats.classes.values().fold((0, 0), |(e, h), c| (e + c.entries, h + c.headwords));
    writeln!(out, "{:<18} {entries:>7} {headwords:>10}\n", "all")?;
    stats.coverage.print(out, paint)
}

/// One form of an entry.
#[derive(Serialize)]
struct FormRow<'a> {
    form: &'a str,
    folded: String,
    place: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    per_million: Option<f64>,
}

fn forms(out: &mut impl Write, lexicon: &Lexicon, id: &str, format: Format) -> anyhow::Result<()> {
    let all = entry::all(lexicon);
    let Some(found) = all.iter().find(|e| e.common.id == id) else {
        bail!("no entry `{id}` in this lexicon");
    };
    for spelling in found.spellings {
        let folded = spelling.text.split_whitespace().map(fold_word).collect::<Vec<_>>().join(" ");
        let row = FormRow {
            form: &spelling.text,
            place: spelling.form.code(),
            person: spelling.person.map(|p| format!("{}{}", p.person, if p.plural { "pl" } else { "sg" })),
            per_million: lexicon.words.get(&folded).map(|info| f64::from(info.count) / 100.0),
            folded,
        };
        match format {
            Format::Json => writeln!(out, "{}", serde_json::to_string(&row)?)?,
            Format::Table => {
                let common = row.per_million.map_or_else(|| "–".to_owned(), |n| format!("{n:.2}"));
                writeln!(out, "{:<32} {:<32} {:<5} {:<4} {common:>10} per million", row.form, row.folded, row.place, row.person.as_deref().unwrap_or(""))?;
            }
        }
    }
    for dropped in lexicon.report.dropped.iter().filter(|d| d.entry == id) {
        eprintln!("left out, an ordinary word: {} ({:.2} per million)", dropped.form, f64::from(dropped.count) / 100.0);
    }
    Ok(())
}
