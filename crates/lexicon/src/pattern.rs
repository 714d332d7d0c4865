//! The pattern language of frames: text in, a tree of items over symbols out. It knows no regex; the classifier compiles the tree.
//!
//! ```text
//! pattern = seq                      seq  = (item rep?)+
//! item    = token | anchor | "(" seq ("|" seq)* ")" (":" kind)?
//! token   = atom (("&" | "!") atom)* atom = CONCEPT | MACRO | class (":" kind (":" form)?)? | 'literal' | "."
//! rep     = "?" | "{m,n}", n ≤ 6     anchor = START | END | BOUND
//! ```
//! `&` asks for both, `!` excludes; an alternative of one-token atoms in parentheses may stand wherever an atom may.

mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;

use shared::{Expansion, Shared};

/// Largest upper bound of a repetition.
pub const MAX_REPEAT: u8 = 6;
/// Deepest nesting of macros and parentheses.
const MAX_DEPTH: usize = 12;

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
        let mut parser = Parser { source, at: 0, names, depth: 0, deepest: 0 };
        let mut items = parser.sequence()?;
        items.shrink_to_fit();
        if parser.at < source.len() {
            return Err(parser.error("unexpected character"));
        }
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

struct Parser<'a> {
    source: &'a str,
    at: usize,
    names: &'a Names,
    depth: usize,
    /// The deepest it has been.
    deepest: usize,
}

impl Parser<'_> {
    fn error(&self, message: impl Into<String>) -> PatternError {
        PatternError { at: self.at, message: message.into(), suggestion: None }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn sequence(&mut self) -> Result<Vec<Item>, PatternError> {
        let mut items = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some('|' | ')') => break,
                Some(_) => items.push(self.item()?),
            }
        }
        if items.is_empty() { Err(self.error("a sequence needs at least one item")) } else { Ok(items) }
    }

    fn item(&mut self) -> Result<Item, PatternError> {
        let from = self.at;
        let mut node = self.primary()?;
        while let Some(op @ ('&' | '!')) = self.peek() {
            let at = self.at;
            self.at += 1;
            let right = self.primary()?;
            let (Node::Token(left), Node::Token(right)) = (node, right) else {
                return Err(PatternError { at, message: format!("`{op}` stands between one-token atoms only"), suggestion: None });
            };
            node = Node::Token(if op == '&' {
                both(&left, &right)
            } else {
                without(&left, &right).map_err(|m| PatternError { at, message: m, suggestion: None })?
            });
        }
        let label = if self.depth == 0 { self.source[from..self.at].into() } else { Box::default() };
        let (min, max) = self.repetition()?;
        Ok(Item { node, min, max, label })
    }

    fn repetition(&mut self) -> Result<(u8, u8), PatternError> {
        if self.eat('?') {
            return Ok((0, 1));
        }
        if !self.eat('{') {
            return Ok((1, 1));
        }
        let Some(close) = self.source[self.at..].find('}') else { return Err(self.error("`{` is not closed")) };
        let inside = &self.source[self.at..self.at + close];
        let bounds = inside.split_once(',').and_then(|(m, n)| Some((m.trim().parse().ok()?, n.trim().parse().ok()?)));
        let Some((min, max)) = bounds.filter(|(m, n): &(u8, u8)| m <= n && *n <= MAX_REPEAT && *n > 0) else {
            return Err(self.error(format!("`{{{inside}}}` is no repetition: write {{m,n}} with m ≤ n ≤ {MAX_REPEAT}")));
        };
        self.at += close + 1;
        Ok((min, max))
    }

    fn primary(&mut self) -> Result<Node, PatternError> {
        match self.peek() {
            Some('(') => self.group(),
            Some('.') => {
                self.at += 1;
                Ok(Node::Token(self.names.shared.any()))
            }
            Some(quote @ ('\'' | '"')) => {
                self.at += 1;
                let Some(end) = self.source[self.at..].find(quote) else { return Err(self.error("a literal word is not closed")) };
                let word = vigie_text::fold_word(&self.source[self.at..self.at + end]);
                if word.is_empty() || word.contains(' ') {
                    return Err(self.error("a literal is one word"));
                }
                self.at += end + 1;
                Ok(Node::Token(self.names.shared.one(&word, Symbol::Word)))
            }
            Some(c) if c.is_ascii_alphabetic() => self.name(),
            _ => Err(self.error("expected a concept, a class, a literal, `.` or `(`")),
        }
    }

    fn group(&mut self) -> Result<Node, PatternError> {
        self.at += 1;
        self.deeper()?;
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        if !self.eat(')') {
            return Err(self.error("`(` is not closed"));
        }
        let node = flatten(branches);
        if !self.eat(':') {
            return Ok(node);
        }
        let suffix = self.word();
        self.suffixed(node, Some(&suffix))
    }

    /// A kind, and form, after a group or a macro applies to each of its branches.
    fn suffixed(&self, node: Node, suffix: Option<&str>) -> Result<Node, PatternError> {
        let Some(suffix) = suffix else { return Ok(node) };
        self.check_suffix(suffix)?;
        let Node::Token(any) = node else { return Err(self.error("a kind applies to a group of one-token atoms")) };
        let mut any = any.to_vec();
        for symbol in any.iter_mut().flat_map(|c| &mut c.all) {
            if let Symbol::Concept(name) = symbol {
                *name = self.names.shared.name(&format!("{name}:{suffix}"));
            }
        }
        Ok(Node::Token(any.into()))
    }

    fn deeper(&mut self) -> Result<(), PatternError> {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.depth > MAX_DEPTH { Err(self.too_deep()) } else { Ok(()) }
    }

    /// What a macro stands for, read at its first use.
    fn expansion(&mut self, name: &str, text: &str) -> Result<Node, PatternError> {
        if let Some(Expansion { node, depth }) = self.names.shared.expansion(name) {
            // As deep as it would be if it stood here.
            self.deepest = self.deepest.max(self.depth + depth);
            return if self.depth + depth > MAX_DEPTH { Err(self.too_deep()) } else { Ok(node) };
        }
        let mut inner = Parser { source: text, at: 0, names: self.names, depth: self.depth, deepest: self.depth };
        let mut branches = vec![inner.sequence()?];
        while inner.eat('|') {
            branches.push(inner.sequence()?);
        }
        self.deepest = self.deepest.max(inner.deepest);
        let node = flatten(branches);
        self.names.shared.expand(name, Expansion { node: node.clone(), depth: inner.deepest - self.depth });
        Ok(node)
    }

    fn too_deep(&self) -> PatternError {
        self.error(format!("nested more than {MAX_DEPTH} deep"))
    }

    fn word(&mut self) -> String {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':') {
            self.at += 1;
        }
        self.source[from..self.at].to_owned()
    }

    fn check_suffix(&self, suffix: &str) -> Result<(), PatternError> {
        const KINDS: &[&str] = &["noun", "adj", "verb", "phrase"];
        const FORMS: &[&str] = &[
            "sg", "pl", "m", "f", "inf", "pp", "prs", "past", "fut", "imp", "sbj", "ger", "coll", "inv", "p1", "p2", "p3", "p1s", "p2s", "p3s", "p1p", "p2p",
            "p3p",
        ];
        let (kind, form) = suffix.split_once(':').map_or((suffix, None), |(k, f)| (k, Some(f)));
        let unknown = |what: &str, name: &str, known: &[&str]| PatternError {
            at: self.at,
            message: format!("unknown {what} `{name}`: one of {}", known.join(", ")),
            suggestion: nearest(name, known.iter().copied()),
        };
        if !KINDS.contains(&kind) {
            return Err(unknown("kind", kind, KINDS));
        }
        match form {
            Some(form) if !FORMS.contains(&form) => Err(unknown("form", form, FORMS)),
            _ => Ok(()),
        }
    }

    fn name(&mut self) -> Result<Node, PatternError> {
        let from = self.at;
        let word = self.word();
        match word.as_str() {
            "START" => return Ok(Node::Anchor(Anchor::Start)),
            "END" => return Ok(Node::Anchor(Anchor::End)),
            "BOUND" => return Ok(Node::Anchor(Anchor::Bound)),
            _ => {}
        }
        let (base, suffix) = word.split_once(':').map_or((word.as_str(), None), |(b, s)| (b, Some(s)));
        if let Some(text) = self.names.macros.get(base) {
            self.deeper()?;
            let node = self.expansion(base, text)?;
            self.depth -= 1;
            return self.suffixed(node, suffix);
        }
        let known = BUILT_IN.contains(&base) || self.names.concepts.iter().chain(&self.names.classes).any(|n| n == base);
        if !known {
            let all = BUILT_IN.iter().copied().chain(self.names.concepts.iter().chain(&self.names.classes).chain(self.names.macros.keys()).map(String::as_str));
            let (what, suggestion) = (if base.starts_with(|c: char| c.is_ascii_uppercase()) { "concept" } else { "class" }, nearest(base, all));
            return Err(PatternError { at: from, message: format!("unknown {what} `{base}` (a literal word is quoted)"), suggestion });
        }
        if let Some(suffix) = suffix {
            self.check_suffix(suffix)?;
        }
        Ok(Node::Token(self.names.shared.one(&word, Symbol::Concept)))
    }
}

/// A group whose branches are all one plain token is itself a token set.
fn flatten(branches: Vec<Vec<Item>>) -> Node {
    let plain = branches.iter().all(|b| matches!(b.as_slice(), [Item { node: Node::Token(_), min: 1, max: 1, .. }]));
    if !plain {
        return Node::Group(branches.into());
    }
    let mut tokens = branches.into_iter().flatten().filter_map(|i| if let Node::Token(any) = i.node { Some(any) } else { None });
    match (tokens.next(), tokens.next()) {
        (Some(only), None) => Node::Token(only),
        (first, second) => Node::Token(first.into_iter().chain(second).chain(tokens).flat_map(|any| any.to_vec()).collect()),
    }
}

fn both(left: &[Conjunction], right: &[Conjunction]) -> Arc<[Conjunction]> {
    let join = |a: &[Symbol], b: &[Symbol]| a.iter().chain(b).cloned().collect();
    left.iter().flat_map(|l| right.iter().map(move |r| Conjunction { all: join(&l.all, &r.all), none: join(&l.none, &r.none) })).collect()
}

fn without(left: &[Conjunction], right: &[Conjunction]) -> Result<Arc<[Conjunction]>, String> {
    let mut excluded = Vec::new();
    for c in right {
        match (c.all.as_slice(), c.none.is_empty()) {
            ([symbol], true) => excluded.push(symbol.clone()),
            _ => return Err("`!` excludes single symbols only".to_owned()),
        }
    }
    let without = |c: &Conjunction| Conjunction { all: c.all.clone(), none: c.none.iter().chain(&excluded).cloned().collect() };
    Ok(left.iter().map(without).collect())
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
