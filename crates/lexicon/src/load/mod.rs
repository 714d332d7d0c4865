//! Files in, a checked [`Lexicon`] or every problem of the bundle out. It decides what a bundle may say; what it means is the classifier's business.
//!
//! The order is the order of dependencies: policy (classes), operators (concepts) and macros first, since patterns may use no other names.

mod checks;
mod entries;
mod frames;
mod lines;
mod policy;
mod turns;
mod words;

use std::path::Path;

use rustc_hash::FxHashMap;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(crate) use frames::asked;

use crate::diagnostic::{Diagnostic, Level, Sink};
use crate::gate;
use crate::model::{Bundle, Lexicon, Place, Report};
use crate::pattern::{BUILT_IN, Names};
use crate::reader::{Doc, Entry, suggest};
use crate::revision::{FORMAT, revision};
use crate::source::{Files, SourceError};

/// The kinds of table that entry files may hold.
const KINDS: &[&str] = &["slur", "group", "predicate", "operator", "code", "innocent", "macro", "frame", "stance_frame", "clue"];
/// The kinds of table of `policy.toml`.
const POLICY_KINDS: &[&str] = &["class", "flag_at", "clues", "template", "label"];

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
    let tables: Vec<Spanned<DeTable<'_>>> = docs.iter().map(|doc| parse(doc, sink)).collect();
    let mut read = Tables::default();
    let (mut bundle, mut found_policy) = (None, false);
    for (doc, table) in docs.iter().zip(&tables) {
        let top = Entry { doc, sink, kind: "bundle", table: table.get_ref(), at: 0 };
        match doc.file {
            "bundle.toml" => bundle = Some(read_bundle(&top)),
            "policy.toml" => {
                found_policy = true;
                read.collect(&top, POLICY_KINDS);
            }
            _ => read.collect(&top, KINDS),
        }
    }
    for (name, there) in [("bundle.toml", bundle.is_some()), ("policy.toml", found_policy)] {
        if !there {
            sink.error(Place { file: name.to_owned(), line: 1, column: 1 }, "the bundle has no such file", None);
        }
    }
    let bundle = bundle.unwrap_or_default();
    let policy = policy::read(&read);
    let language = if bundle.language.is_empty() { "fr" } else { &bundle.language };
    let operators: Vec<_> = read.of("operator").map(|e| entries::operator(e, language)).collect();
    let mut concepts: Vec<String> = operators.iter().flatten().map(|o| o.concept.clone()).filter(|c| !BUILT_IN.contains(&c.as_str())).collect();
    concepts.sort();
    concepts.dedup();
    let mut names = Names { concepts, classes: policy.classes.keys().cloned().collect(), macros: std::collections::BTreeMap::new() };
    frames::macros(&read, &mut names);
    let words = words::read(files, sink);
    let mut lexicon = Lexicon {
        groups: read.of("group").filter_map(|e| entries::group(e, language)).collect(),
        slurs: read.of("slur").filter_map(|e| entries::slur(e, language)).collect(),
        predicates: read.of("predicate").filter_map(|e| entries::predicate(e, language, &policy)).collect(),
        operators: operators.into_iter().flatten().collect(),
        codes: read.of("code").filter_map(|e| entries::code(e, language)).collect(),
        innocents: read.of("innocent").filter_map(|e| entries::innocent(e, language)).collect(),
        frames: read.of("frame").filter_map(|e| frames::frame(e, language, &names)).collect(),
        stance_frames: read.of("stance_frame").filter_map(|e| frames::stance_frame(e, language, &names)).collect(),
        clues: read.of("clue").filter_map(|e| frames::clue(e, language, &names)).collect(),
        turns: turns::read(files, language, sink),
        revision: revision(files, behaviour),
        report: Report::default(),
        bundle,
        policy,
        words,
    };
    checks::unique_ids(&read, sink);
    checks::unique_words(&read, sink);
    checks::groups_are_no_slurs(&lexicon, sink);
    checks::licences_exist(&lexicon, sink);
    lexicon.report.dropped = gate::apply(&mut lexicon.slurs, &lexicon.words, sink);
    lexicon
}

/// TOML files as text; others are left to their own readers.
fn decode<'a>(files: &'a Files, sink: &Sink) -> Vec<(&'a str, &'a str)> {
    let mut texts = Vec::new();
    let toml = |path: &str| Path::new(path).extension().is_some_and(|e| e == "toml");
    for (path, bytes) in files.iter().filter(|(path, _)| toml(path)) {
        match std::str::from_utf8(bytes) {
            Ok(text) => texts.push((path, text)),
            Err(error) => {
                let line = bytes[..error.valid_up_to()].split(|b| *b == b'\n').count() as u32;
                sink.error(Place { file: path.to_owned(), line, column: 1 }, "the file is not UTF-8", None);
            }
        }
    }
    texts
}

fn parse<'a>(doc: &Doc<'a>, sink: &Sink) -> Spanned<DeTable<'a>> {
    let (table, errors) = DeTable::parse_recoverable(doc.text);
    for error in errors {
        let at = error.span().map_or(0, |s| s.start);
        sink.error(doc.place(at), format!("not TOML: {}", error.message().replace('\n', ", ")), None);
    }
    table
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

/// Every table of the bundle by kind, in order of file and place.
#[derive(Default)]
pub(crate) struct Tables<'a> {
    entries: FxHashMap<&'static str, Vec<Entry<'a>>>,
}

impl<'a> Tables<'a> {
    /// The entries of one kind.
    pub(crate) fn of(&self, kind: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.get(kind).into_iter().flatten()
    }

    /// Entries of every kind that have an id.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Entry<'a>> {
        KINDS.iter().chain(POLICY_KINDS).flat_map(|kind| self.of(kind))
    }

    fn collect(&mut self, top: &Entry<'a>, kinds: &[&'static str]) {
        if top.table.is_empty() && !top.doc.text.is_empty() {
            let only_comments = top.doc.text.lines().all(|l| l.trim().is_empty() || l.trim_start().starts_with('#'));
            if only_comments {
                top.error(0, "the file holds no entry", Some("delete it or write one".to_owned()));
            }
        }
        if top.doc.text.is_empty() {
            top.error(0, "the file is empty", Some("delete it or write an entry".to_owned()));
        }
        for (key, value) in top.table {
            let name: &str = key.get_ref();
            let Some(kind) = kinds.iter().copied().find(|k| *k == name) else {
                let message = if KINDS.contains(&name) || POLICY_KINDS.contains(&name) {
                    format!("[[{name}]] does not belong in this file")
                } else if value.get_ref().is_array() || value.get_ref().is_table() {
                    format!("unknown table [[{name}]]")
                } else {
                    format!("`{name}` stands outside any table")
                };
                top.error(key.span().start, message, Some(suggest(name, kinds)));
                continue;
            };
            let Some(items) = value.get_ref().as_array() else {
                top.error(key.span().start, format!("`{name}` is not a list of tables"), Some(format!("write [[{name}]]")));
                continue;
            };
            for item in items {
                match item.get_ref() {
                    DeValue::Table(table) => {
                        let entry = Entry { doc: top.doc, sink: top.sink, kind, table, at: item.span().start };
                        self.entries.entry(kind).or_default().push(entry);
                    }
                    _ => top.error(item.span().start, format!("`{name}` holds something that is not a table"), Some(format!("write [[{name}]]"))),
                }
            }
        }
    }
}
