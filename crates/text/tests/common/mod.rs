//! What the tests of this folder share: the word lists of the project, the forms of the cases, and the walk that finds a form among
//! canonical tokens and readings. A small stand-in for the automaton of the classifier, kept here so that this crate is tested alone.
// Each test file uses its own part of this module.
#![allow(dead_code)]

pub(crate) mod disguise;

use std::ops::Range;
use std::path::Path;

use vigie_text::{Dictionary, Facts, Folded, FormUse, Lookup, Pos, Readings, Span, View, fold, readings};

/// The ordinary words of the default bundle.
pub(crate) fn dictionary() -> Dictionary {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lexicons/fr/words");
    let mut out = Dictionary::default();
    for file in ["french", "counts", "slang", "names", "english", "insults"] {
        let path = folder.join(file).with_extension("tsv");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let mut cells = line.split('\t');
            let (word, letters) = (cells.next().unwrap(), cells.next().unwrap());
            let count = cells.next().map_or(0, |c| c.parse().unwrap());
            out.insert(word, Pos::from_letters(letters).unwrap(), count);
        }
    }
    out
}

/// One lemma of the cases.
#[derive(Debug)]
pub(crate) struct Lemma {
    pub(crate) name: String,
    pub(crate) strong: bool,
    pub(crate) forms: Vec<String>,
}

/// The lemmas of the cases.
pub(crate) fn lemmas() -> Vec<Lemma> {
    parse(include_str!("../data/forms.tsv"))
}

/// The forms that disguises are drawn from: a snapshot of the slurs of the default bundle, plainly inflected.
pub(crate) fn drawn() -> Vec<Lemma> {
    parse(include_str!("../data/drawn_forms.tsv"))
}

fn parse(table: &str) -> Vec<Lemma> {
    table
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            Lemma { name: cells[0].to_owned(), strong: cells[1] == "strong", forms: cells[2].split('|').map(str::to_owned).collect() }
        })
        .collect()
}

/// Everything needed to look for forms in posts.
pub(crate) struct Finder {
    pub(crate) dictionary: Dictionary,
    pub(crate) lookup: Lookup,
    folded: Folded,
    pub(crate) readings: Readings,
}

/// A form found, and the surest view on its path: the least sure of the views it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) span: Span,
    pub(crate) view: Option<View>,
}

/// A step of the walk: words between two places of the post.
struct Edge {
    tokens: Range<usize>,
    words: Vec<String>,
    span: Span,
    view: Option<View>,
}

impl Finder {
    pub(crate) fn new<'a>(forms: impl IntoIterator<Item = &'a str>) -> Self {
        let dictionary = dictionary();
        let lookup = Lookup::build(forms.into_iter().map(|f| (f, FormUse::all())));
        Self { dictionary, lookup, folded: Folded::default(), readings: Readings::default() }
    }

    /// Folds the post and opens its views.
    pub(crate) fn read(&mut self, post: &str) {
        fold(post, &mut self.folded);
        let facts: Vec<Facts> = (0..self.folded.tokens().len()).map(|i| Facts::of(self.folded.word(i), &self.lookup, &self.dictionary)).collect();
        readings(post, &self.folded, &facts, &self.lookup, &self.dictionary, &mut self.readings);
    }

    /// Where `form` stands in the post that was read last.
    pub(crate) fn hits(&self, form: &str) -> Vec<Hit> {
        let mut edges: Vec<Edge> = (0..self.folded.tokens().len())
            .map(|i| Edge { tokens: i..i + 1, words: vec![self.folded.word(i).to_owned()], span: self.folded.tokens()[i].span, view: None })
            .collect();
        edges.extend(self.readings.list.iter().map(|r| Edge {
            tokens: r.tokens.clone(),
            words: r.text.split(' ').map(str::to_owned).collect(),
            span: r.span,
            view: Some(r.view),
        }));
        let words: Vec<&str> = form.split(' ').collect();
        let mut hits = Vec::new();
        for edge in &edges {
            for from in 0..edge.words.len() {
                walk(&edges, edge, from, &words, Hit { span: edge.span, view: edge.view }, &mut hits);
            }
        }
        hits
    }

    pub(crate) fn folded(&self) -> &Folded {
        &self.folded
    }
}

fn walk(edges: &[Edge], edge: &Edge, from: usize, words: &[&str], hit: Hit, hits: &mut Vec<Hit>) {
    let here = &edge.words[from..];
    let common = here.len().min(words.len());
    if here[..common].iter().map(String::as_str).ne(words[..common].iter().copied()) {
        return;
    }
    let rest = &words[common..];
    if rest.is_empty() {
        hits.push(hit);
        return;
    }
    for next in edges.iter().filter(|e| e.tokens.start == edge.tokens.end && !e.tokens.is_empty()) {
        walk(edges, next, 0, rest, Hit { span: hit.span.join(next.span), view: hit.view.max(next.view) }, hits);
    }
}
