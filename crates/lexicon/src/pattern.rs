//! The pattern language of frames: text in, a tree of items over symbols out. It knows no regex; the classifier compiles the tree.
//!
//! ```text
//! pattern = seq                      seq  = (item rep?)+
//! item    = token | anchor | "(" seq ("|" seq)* ")" (":" kind)?
//! token   = atom (("&" | "!") atom)* atom = CONCEPT | MACRO | class (":" kind (":" form)?)? | 'literal' | "."
//! rep     = "?" | "{m,n}", n ≤ 6     anchor = START | END | BOUND
//! ```
//! `&` asks for both, `!` excludes; an alternative of one-token atoms in parentheses may stand wherever an atom may.

mod parser;
mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;

use parser::Parser;
use shared::Shared;

/// Largest upper bound of a repetition.
pub const MAX_REPEAT: u8 = 6;

/// Concepts that the engine itself gives to tokens; every other one is declared by an operator of the bundle.
pub const BUILT_IN: &[&str] = &[
    "G",
    "GP",
    "GS",
    "GI",
    "FIND",
    "SLUR",
    "AMB",
    "CODE",
    "ANAPHOR",
    "FILLED",
    "CEG",
    "QUOTED",
    "COMMENTED",
    "EQUALS",
    "QUESTION",
    "EXCLAM",
    "NOUN",
    "ADJ",
    "VERB",
    "NAME",
    "UNKNOWN",
    "CAPITAL",
    "NUMBER",
    "EMOJI",
    "HASHTAG",
    "BEARER",
    "AGENT",
    "TARGET",
    "VICTIM",
    "GOOD",
    "EVENT",
    "BAD",
];

/// What a pattern may name besides the built-in concepts.
#[derive(Debug, Default, Clone)]
pub struct Names {
    /// Concepts declared by operators and stance marks.
    pub concepts: Vec<String>,
    /// Classes of predicates.
    pub classes: Vec<String>,
    /// Macros and their text.
    macros: BTreeMap<String, String>,
    shared: Shared,
}

impl Names {
    /// Concepts and classes, without a macro yet.
    pub fn new(concepts: Vec<String>, classes: Vec<String>) -> Self {
        Self { concepts, classes, ..Self::default() }
    }

    /// Adds a macro with its text; false when there is one of its name, which it replaces.
    pub fn declare(&mut self, name: &str, expands: &str) -> bool {
        // What was expanded may have meant the one before.
        self.shared = Shared::default();
        self.macros.insert(name.to_owned(), expands.to_owned()).is_none()
    }
}

/// A parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// As written.
    pub source: String,
    /// Items of the top sequence.
    pub items: Vec<Item>,
}

/// One item and how often it may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What must stand here.
    pub node: Node,
    /// At least.
    pub min: u8,
    /// At most.
    pub max: u8,
    /// Its own text without the repetition: the name that `span` uses. Only items of the top sequence have one.
    pub label: Box<str>,
}

/// A node of the tree. What many patterns hold is there once, macros above all: written out in each they were most of what a bundle took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// One token, or one overlay of several.
    Token(Arc<[Conjunction]>),
    /// A place between tokens.
    Anchor(Anchor),
    /// One of several sequences.
    Group(Arc<[Vec<Item>]>),
}

/// Symbols that a token must hold and must not hold. Empty = any token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conjunction {
    /// All of these.
    pub all: Vec<Symbol>,
    /// None of these.
    pub none: Vec<Symbol>,
}

/// What a token can hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A concept or class, with kind and form when asked: `vermin`, `vermin:noun`, `killing:verb:inf`.
    Concept(Arc<str>),
    /// A folded word.
    Word(Arc<str>),
}

/// A place between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Start of a sentence.
    Start,
    /// End of a sentence.
    End,
    /// Any clause boundary, start and end included.
    Bound,
}

/// What is wrong with a pattern, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct PatternError {
    /// Byte of the pattern text.
    pub at: usize,
    /// For a person.
    pub message: String,
    /// The nearest known name.
    pub suggestion: Option<String>,
}

impl Pattern {
    /// Parses `source`; every name in it must be known.
    pub fn parse(source: &str, names: &Names) -> Result<Self, PatternError> {
        let items = Parser::new(source, names).whole()?;
        Ok(Self { source: source.to_owned(), items })
    }

    /// Index of the first item named `label`, with or without its repetition.
    pub fn item(&self, label: &str) -> Option<usize> {
        self.items.iter().position(|i| i.is_named(label))
    }

    /// The items that `span` names: `A..B`, `A..end`, `start..B` or `A`.
    pub fn span(&self, span: &str) -> Option<(usize, usize)> {
        let last = self.items.len().checked_sub(1)?;
        let (from, to) = span.split_once("..").unwrap_or((span, span));
        let from = if from == "start" { 0 } else { self.item(from)? };
        let to = if to == "end" { last } else { self.items.iter().rposition(|i| i.is_named(to))? };
        (from <= to).then_some((from, to))
    }

    /// Visits every symbol.
    pub fn symbols(&self, visit: &mut impl FnMut(&Symbol)) {
        fn walk(items: &[Item], visit: &mut impl FnMut(&Symbol)) {
            for item in items {
                match &item.node {
                    Node::Token(any) => any.iter().flat_map(|c| c.all.iter().chain(&c.none)).for_each(&mut *visit),
                    Node::Anchor(_) => {}
                    Node::Group(branches) => branches.iter().for_each(|b| walk(b, visit)),
                }
            }
        }
        walk(&self.items, visit);
    }
}

impl Item {
    fn is_named(&self, label: &str) -> bool {
        label.strip_prefix(&*self.label).is_some_and(|rest| match rest {
            "" => true,
            "?" => (self.min, self.max) == (0, 1),
            _ => rest == format!("{{{},{}}}", self.min, self.max),
        })
    }
}

/// The known name closest to `name`, if close enough to be meant.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known.map(|k| (strsim::damerau_levenshtein(name, k), k)).filter(|(d, k)| *d <= 1 + k.len() / 4).min().map(|(_, k)| k.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::new(["COPULA", "SUB", "HAVE"].map(str::to_owned).to_vec(), ["vermin", "animal"].map(str::to_owned).to_vec());
        names.declare("BE", "COPULA (.!SUB){0,2}");
        names
    }

    #[test]
    fn a_pattern_says_what_is_wrong_and_where() {
        let check = |source: &str, at: usize, part: &str, suggestion: Option<&str>| {
            let error = Pattern::parse(source, &names()).expect_err(source);
            assert_eq!((error.at, error.suggestion.as_deref()), (at, suggestion), "{source}: {error}");
            assert!(error.message.contains(part), "{source}: {error}");
        };
        check("GP COPULE vermin", 3, "unknown concept `COPULE`", Some("COPULA"));
        check("GP vermn:noun", 3, "unknown class `vermn`", Some("vermin"));
        check("GP vermin:nown", 14, "unknown kind `nown`", Some("noun"));
        check("GP (vermin|animal", 17, "not closed", None);
        check("GP vermin{2,9}", 10, "no repetition", None);
        check("(GP HAVE)&vermin", 9, "one-token atoms", None);
        check("", 0, "at least one item", None);
    }

    #[test]
    fn a_kind_after_a_group_applies_to_each_branch_and_macros_keep_their_label() {
        let pattern = Pattern::parse("GP BE (vermin|animal):noun", &names()).expect("valid");
        assert_eq!(pattern.span("BE..end"), Some((1, 2)));
        let repeated = Pattern::parse("SUB{1,2} GP SUB{0,3} vermin?", &names()).expect("valid");
        assert_eq!(repeated.span("SUB{0,3}..end"), Some((2, 3)), "a repetition tells two items apart");
        assert_eq!(repeated.span("SUB..vermin?"), Some((0, 3)));
        assert_eq!(repeated.span("SUB{0,9}..end"), None);
        let mut symbols = Vec::new();
        pattern.symbols(&mut |s| symbols.push(s.clone()));
        assert!(symbols.contains(&Symbol::Concept("animal:noun".into())) && symbols.contains(&Symbol::Concept("vermin:noun".into())));
    }
}
