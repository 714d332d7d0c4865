//! Readers of macros, frames, stance frames and clues: patterns are parsed here, against the names that the bundle declares.

use super::entries::{COMMON, Rule, common};
use super::tables::Tables;
use crate::diagnostic::Sink;
use crate::model::{Clue, Effect, Frame, Polarity, Scope, Stance, StanceFrame};
use crate::pattern::{BUILT_IN, Item, Names, Node, Pattern, PatternError, Symbol};
use crate::reader::{Doc, Entry, Text};

const FRAME: Rule = Rule { families: &["frame"], examples: (2, 2), why: false, source: false, status: false };
const CLUE: Rule = Rule { families: &["clue"], examples: (1, 1), why: true, source: false, status: false };
const STANCE: Rule = Rule { families: &["stance"], examples: (1, 1), why: false, source: false, status: false };

/// Built-in concepts that bring an act and a severity with them.
const CARRIERS: &[&str] = &["FIND", "SLUR", "AMB", "CODE", "BEARER", "AGENT", "TARGET", "VICTIM", "GOOD", "EVENT", "BAD"];

/// The macros of a bundle, which may name each other: they are parsed once all are known.
pub(super) struct Macros<'a> {
    sink: &'a Sink,
    each: Vec<Macro<'a>>,
}

/// One macro, and where its text begins.
struct Macro<'a> {
    doc: &'a Doc<'a>,
    name: Option<(String, usize)>,
    expands: Option<(String, usize)>,
}

impl<'a> Macros<'a> {
    pub(super) fn new(sink: &'a Sink) -> Self {
        Self { sink, each: Vec::new() }
    }

    /// Adds those of a file.
    pub(super) fn read(&mut self, doc: &'a Doc<'a>, tables: &Tables<'_>) {
        for entry in tables.of("macro") {
            entry.check_keys(&[&["name", "expands", "why"]]);
            let name = entry.required("name").map(|text| (text.value.to_owned(), text.at));
            let expands = entry.required("expands").map(|text| (text.value.to_owned(), entry.inside(text)));
            self.each.push(Macro { doc, name, expands });
        }
    }

    /// Adds each to the names of patterns; each must parse.
    pub(super) fn declare(self, names: &mut Names) {
        let error = |doc: &Doc<'_>, at: usize, message: String, help| self.sink.error(doc.place(at), message, help);
        for Macro { doc, name, expands } in &self.each {
            let (Some((name, at)), Some((expands, _))) = (name, expands) else { continue };
            if BUILT_IN.contains(&name.as_str()) || names.concepts.iter().any(|c| c == name) {
                error(doc, *at, format!("macro `{name}` has the name of a concept"), None);
            } else if !names.declare(name, expands) {
                error(doc, *at, format!("macro `{name}` stands twice"), None);
            }
        }
        for (doc, expands, inside) in self.each.iter().filter_map(|m| m.expands.as_ref().map(|(text, at)| (m.doc, text, *at))) {
            pattern(doc, inside, expands, names, self.sink);
        }
    }
}

fn parse(entry: &Entry<'_>, text: Text<'_>, names: &Names) -> Option<Pattern> {
    pattern(entry.doc, entry.inside(text), text.value, names, entry.sink)
}

/// The pattern whose text begins at a byte of a file; what is wrong with it is told.
fn pattern(doc: &Doc<'_>, inside: usize, text: &str, names: &Names, sink: &Sink) -> Option<Pattern> {
    let told = |PatternError { at, message, suggestion }| {
        sink.error(doc.place(inside + at), format!("pattern: {message}"), suggestion.map(|s| format!("did you mean `{s}`?")));
    };
    Pattern::parse(text, names).map_err(told).ok()
}

pub(super) fn frame(entry: &Entry<'_>, language: &str, names: &Names) -> Option<Frame> {
    entry.check_keys(&[COMMON, &["pattern", "scope", "act", "severity", "polarity", "span", "ground", "backoff"]]);
    let common = common(entry, language, &FRAME);
    let pattern = entry.required("pattern").and_then(|text| parse(entry, text, names));
    let (act, severity) = (entry.code("act"), entry.code("severity"));
    let span = entry.text("span");
    if let Some(pattern) = &pattern {
        let carried = carries(pattern, names);
        if act.is_none() && !entry.has("act") && !carried {
            entry.missing("act", Some("no class or slur in the pattern brings one".to_owned()));
        }
        if severity.is_none() && !entry.has("severity") && !carried {
            entry.missing("severity", Some("no class or slur in the pattern brings one".to_owned()));
        }
    }
    let items = match (span, &pattern) {
        (Some(text), Some(pattern)) => {
            let found = pattern.span(text.value);
            if found.is_none() {
                let labels: Vec<&str> = pattern.items.iter().map(|i| &*i.label).collect();
                entry.error(
                    text.at,
                    format!("span `{}` names no part of the pattern", text.value),
                    Some(format!("A..B, A..end, start..B or A, with A and B out of: {}", labels.join("  "))),
                );
            }
            found
        }
        _ => None,
    };
    Some(Frame {
        common: common?,
        pattern: pattern?,
        scope: default_code(entry, "scope", Scope::Clause)?,
        act,
        severity,
        polarity: default_code(entry, "polarity", Polarity::Product)?,
        span: items,
        ground: entry.code("ground"),
        backoff: entry.flag("backoff"),
    })
}

pub(super) fn stance_frame(entry: &Entry<'_>, language: &str, names: &Names) -> Option<StanceFrame> {
    entry.check_keys(&[COMMON, &["pattern", "scope", "effect", "stance", "only"]]);
    let common = common(entry, language, &STANCE);
    let pattern = entry.required("pattern").and_then(|text| parse(entry, text, names));
    let effect: Option<Effect> = entry.required_code("effect");
    let speaker = match effect {
        Some(Effect::Suppress) => Stance::Reported,
        _ => Stance::Author,
    };
    let (scope, stance, only) = (default_code(entry, "scope", Scope::Sentence), default_code(entry, "stance", speaker), entry.codes("only"));
    Some(StanceFrame { common: common?, pattern: pattern?, scope: scope?, effect: effect?, stance: stance?, only })
}

pub(super) fn clue(entry: &Entry<'_>, language: &str, names: &Names) -> Option<Clue> {
    entry.check_keys(&[COMMON, &["pattern", "scope", "points", "act"]]);
    let common = common(entry, language, &CLUE);
    let pattern = entry.required("pattern").and_then(|text| parse(entry, text, names));
    let points = match entry.integer("points") {
        Some(points @ (-9..=-1 | 1..=9)) => Some(points as i8),
        Some(points) => {
            entry.error(entry.at, format!("points = {points}: 1 to 9 speak for hate, -9 to -1 against it"), None);
            None
        }
        None => {
            entry.missing("points", None);
            None
        }
    };
    let scope = default_code(entry, "scope", Scope::Sentence);
    Some(Clue { common: common?, pattern: pattern?, scope: scope?, points: points?, act: entry.code("act") })
}

/// A closed value with a default; `None` only when what is written is wrong.
fn default_code<T: crate::model::Codes>(entry: &Entry<'_>, key: &str, default: T) -> Option<T> {
    if entry.has(key) { entry.code(key) } else { Some(default) }
}

/// Whether something in the pattern brings an act and a severity with it.
fn carries(pattern: &Pattern, names: &Names) -> bool {
    asked(pattern).into_iter().any(|symbol| match symbol {
        Symbol::Concept(name) => {
            let base = name.split(':').next().unwrap_or(name);
            CARRIERS.contains(&base) || names.classes.iter().any(|c| c == base)
        }
        Symbol::Word(_) => false,
    })
}

/// The symbols that a pattern asks for; those it excludes are left out.
pub(crate) fn asked(pattern: &Pattern) -> Vec<&Symbol> {
    fn walk<'a>(items: &'a [Item], out: &mut Vec<&'a Symbol>) {
        for item in items {
            match &item.node {
                Node::Token(any) => out.extend(any.iter().flat_map(|c| &c.all)),
                Node::Anchor(_) => {}
                Node::Group(branches) => branches.iter().for_each(|b| walk(b, out)),
            }
        }
    }
    let mut out = Vec::new();
    walk(&pattern.items, &mut out);
    out
}
