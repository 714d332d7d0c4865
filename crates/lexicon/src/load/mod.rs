//! Files in, a checked [`Lexicon`] or every problem of the bundle out. It decides what a bundle may say; what it means is the classifier's business.
//!
//! The order is the order of dependencies: policy (classes), operators (concepts) and macros first, since patterns may use no other names.

mod checks;
mod entries;
mod frames;
mod lines;
mod policy;
mod tables;
mod turns;
mod words;

use std::path::Path;

use thiserror::Error;

use checks::Twice;
use frames::Macros;
pub(crate) use frames::asked;
use tables::{KINDS, NAMING_KINDS, POLICY_KINDS, Tables, decode, may_name, parse};

use crate::diagnostic::{Diagnostic, Level, Sink};
use crate::gate;
use crate::model::{Bundle, Lexicon, Operator, Place, Report};
use crate::pattern::{BUILT_IN, Names};
use crate::reader::{Doc, Entry};
use crate::revision::{FORMAT, revision};
use crate::source::{Files, SourceError};

/// The files that hold no entries.
const SETTINGS: [&str; 2] = ["bundle.toml", "policy.toml"];

/// Why a folder gave no lexicon.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It was read and is wrong.
    #[error("{}", lines(.0))]
    Invalid(Vec<Diagnostic>),
}

fn lines(all: &[Diagnostic]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Reads and checks the bundle in `root`; `behaviour` is the engine's behaviour version, part of the revision.
pub fn load_dir(root: &Path, behaviour: u32) -> Result<Lexicon, LoadError> {
    load(&Files::from_dir(root)?, behaviour).map_err(LoadError::Invalid)
}

impl Lexicon {
    /// The bundle compiled into the binary.
    pub fn default_bundle(behaviour: u32) -> Result<Self, Vec<Diagnostic>> {
        load(&Files::built_in(), behaviour)
    }
}

/// Checks a bundle: a lexicon in which everything holds, or every problem at once.
pub fn load(files: &Files, behaviour: u32) -> Result<Lexicon, Vec<Diagnostic>> {
    let sink = Sink::default();
    let lexicon = compile(files, behaviour, &sink);
    let all = sink.into_sorted();
    if all.iter().any(|d| d.level == Level::Error) {
        return Err(all);
    }
    let mut lexicon = lexicon;
    lexicon.report.warnings = all;
    Ok(lexicon)
}

fn compile(files: &Files, behaviour: u32, sink: &Sink) -> Lexicon {
    let texts = decode(files, sink);
    let docs: Vec<Doc<'_>> = texts.iter().map(|(path, text)| Doc::new(path, text)).collect();
    let (settings, docs): (Vec<&Doc<'_>>, Vec<&Doc<'_>>) = docs.iter().partition(|doc| SETTINGS.contains(&doc.file));
    let setting = |name: &str| {
        let doc = settings.iter().copied().find(|doc| doc.file == name);
        if doc.is_none() {
            sink.error(Place { file: name.to_owned(), line: 1, column: 1 }, "the bundle has no such file", None);
        }
        doc.map(|doc| (doc, parse(doc, sink)))
    };
    let mut twice = Twice::new(sink);
    let bundle = setting("bundle.toml").map(|(doc, tree)| read_bundle(&Entry { doc, sink, kind: "bundle", table: tree.get_ref(), at: 0 }));
    let bundle = bundle.unwrap_or_default();
    let policy = setting("policy.toml").map(|(doc, tree)| {
        let tables = Tables::new(doc, tree.get_ref(), sink, POLICY_KINDS);
        twice.look(doc, &tables, POLICY_KINDS);
        policy::read(&tables)
    });
    let policy = policy.unwrap_or_default();
    let language = if bundle.language.is_empty() { "fr" } else { &bundle.language };

    // First what patterns can name. A file that holds other things too keeps its tree until they are read.
    let (mut operators, mut macros, mut rest) = (Vec::new(), Macros::new(sink), Vec::with_capacity(docs.len()));
    for doc in docs {
        if !may_name(doc) {
            rest.push((doc, None));
            continue;
        }
        let tree = parse(doc, sink);
        let tables = Tables::new(doc, tree.get_ref(), sink, KINDS);
        twice.look(doc, &tables, NAMING_KINDS);
        operators.extend(tables.of("operator").filter_map(|e| entries::operator(e, language)));
        macros.read(doc, &tables);
        if !tables.holds_only(NAMING_KINDS) {
            rest.push((doc, Some(tree)));
        }
    }
    operators.shrink_to_fit();
    let mut concepts: Vec<String> = operators.iter().map(|o: &Operator| o.concept.clone()).filter(|c| !BUILT_IN.contains(&c.as_str())).collect();
    concepts.sort();
    concepts.dedup();
    let mut names = Names::new(concepts, policy.classes.keys().cloned().collect());
    macros.declare(&mut names);

    let mut lexicon = Lexicon {
        groups: Vec::new(),
        slurs: Vec::new(),
        predicates: Vec::new(),
        operators,
        codes: Vec::new(),
        innocents: Vec::new(),
        frames: Vec::new(),
        stance_frames: Vec::new(),
        clues: Vec::new(),
        turns: turns::read(files, language, sink),
        revision: revision(files, behaviour),
        report: Report::default(),
        words: words::read(files, sink),
        policy,
        bundle: bundle.clone(),
    };
    for (doc, tree) in rest {
        let tree = tree.unwrap_or_else(|| parse(doc, sink));
        let tables = Tables::new(doc, tree.get_ref(), sink, KINDS);
        twice.look(doc, &tables, KINDS.iter().filter(|kind| !NAMING_KINDS.contains(kind)));
        lexicon.groups.extend(tables.of("group").filter_map(|e| entries::group(e, language)));
        lexicon.slurs.extend(tables.of("slur").filter_map(|e| entries::slur(e, language)));
        lexicon.predicates.extend(tables.of("predicate").filter_map(|e| entries::predicate(e, language, &lexicon.policy)));
        lexicon.codes.extend(tables.of("code").filter_map(|e| entries::code(e, language)));
        lexicon.innocents.extend(tables.of("innocent").filter_map(|e| entries::innocent(e, language)));
        lexicon.frames.extend(tables.of("frame").filter_map(|e| frames::frame(e, language, &names)));
        lexicon.stance_frames.extend(tables.of("stance_frame").filter_map(|e| frames::stance_frame(e, language, &names)));
        lexicon.clues.extend(tables.of("clue").filter_map(|e| frames::clue(e, language, &names)));
    }
    drop(twice);
    lexicon.shrink();
    checks::groups_are_no_slurs(&lexicon, sink);
    checks::licences_exist(&lexicon, sink);
    lexicon.report.dropped = gate::apply(&mut lexicon.slurs, &lexicon.words, sink);
    lexicon
}

fn read_bundle(top: &Entry<'_>) -> Bundle {
    top.check_keys(&[&["name", "language", "version", "licence", "format"]]);
    let text = |key| top.required(key).map(|t| t.value.to_owned()).unwrap_or_default();
    match top.integer("format") {
        Some(format) if format != i64::from(FORMAT) => {
            top.error(0, format!("format {format} is not known to this version"), Some(format!("this version reads format {FORMAT}")));
        }
        None if !top.has("format") => top.missing("format", Some(format!("format = {FORMAT}"))),
        _ => {}
    }
    Bundle { name: text("name"), language: text("language"), version: text("version"), licence: text("licence") }
}
