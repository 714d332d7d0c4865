//! From the text of a pattern to its items.

use std::sync::Arc;

use super::shared::Expansion;
use super::{Anchor, BUILT_IN, Conjunction, Item, MAX_REPEAT, Names, Node, PatternError, Symbol, nearest};

/// Deepest nesting of macros and parentheses.
const MAX_DEPTH: usize = 12;

/// What is being read, and how far it is read.
pub(super) struct Parser<'a> {
    source: &'a str,
    at: usize,
    names: &'a Names,
    depth: usize,
    /// The deepest it has been.
    deepest: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(source: &'a str, names: &'a Names) -> Self {
        Self { source, at: 0, names, depth: 0, deepest: 0 }
    }

    /// The items of the whole text.
    pub(super) fn whole(mut self) -> Result<Vec<Item>, PatternError> {
        let mut items = self.sequence()?;
        items.shrink_to_fit();
        if self.at < self.source.len() { Err(self.error("unexpected character")) } else { Ok(items) }
    }

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

    fn branches(&mut self) -> Result<Vec<Vec<Item>>, PatternError> {
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        Ok(branches)
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
        let branches = self.branches()?;
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
        let branches = inner.branches()?;
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
