//! A pattern as a regex over the strings of its own alphabet.

use vigie_lexicon::Scope;
use vigie_lexicon::pattern::{Anchor, Conjunction, Item, Node};

use super::alphabet::Alphabet;
use crate::frames::{Source, token};
use crate::symbols::Symbols;

/// What may stand between two words of a match, by scope.
fn gap(scope: Scope) -> &'static str {
    match scope {
        Scope::Clause => "",
        Scope::Sentence => "[,;]?",
        Scope::TwoSentences => "[,;.]?",
    }
}

/// A pattern, written.
pub(super) struct Written {
    pub(super) regex: String,
    /// The group of each token that has one.
    pub(super) slots: Vec<usize>,
    /// The group of what is shown.
    pub(super) shown: Option<usize>,
}

/// Writes one pattern.
pub(super) struct Writer<'a> {
    symbols: &'a Symbols,
    classes: &'a dyn Fn(&str) -> bool,
    alphabet: &'a Alphabet,
    out: String,
    slots: Vec<usize>,
    shown: Option<usize>,
    groups: usize,
    gap: &'static str,
}

impl<'a> Writer<'a> {
    pub(super) fn new(symbols: &'a Symbols, classes: &'a dyn Fn(&str) -> bool, alphabet: &'a Alphabet) -> Self {
        Self { symbols, classes, alphabet, out: String::new(), slots: Vec::new(), shown: None, groups: 0, gap: "" }
    }

    pub(super) fn write(mut self, source: &Source<'_>) -> Written {
        self.gap = gap(source.scope);
        let items = &source.pattern.items;
        for (i, item) in items.iter().enumerate() {
            if source.span.is_some_and(|(from, _)| from == i) {
                self.shown = Some(self.group());
            }
            self.item(item);
            if source.span.is_some_and(|(_, to)| to == i) {
                self.out.push(')');
            }
        }
        Written { regex: self.out, slots: self.slots, shown: self.shown }
    }

    /// Opens a capture group; its number.
    fn group(&mut self) -> usize {
        self.out.push('(');
        self.groups += 1;
        self.groups
    }

    fn item(&mut self, item: &Item) {
        let plain = item.min == 1 && item.max == 1;
        if !plain {
            self.out.push_str("(?:");
        }
        self.node(&item.node);
        if !plain {
            self.out.push_str(&format!("){{{},{}}}", item.min, item.max));
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Anchor(Anchor::Start | Anchor::End) => self.out.push_str("\\."),
            Node::Anchor(Anchor::Bound) => self.out.push_str("[.,;]"),
            Node::Token(any) => self.token(any),
            Node::Group(branches) => {
                self.out.push_str("(?:");
                for (i, branch) in branches.iter().enumerate() {
                    if i > 0 {
                        self.out.push('|');
                    }
                    branch.iter().for_each(|item| self.item(item));
                }
                self.out.push(')');
            }
        }
    }

    fn token(&mut self, any: &[Conjunction]) {
        self.out.push_str(self.gap);
        let fill = token::fill(any, self.classes).is_some();
        if fill {
            let group = self.group();
            self.slots.push(group);
        }
        let mut choices: Vec<String> = any.iter().flat_map(|c| self.conjunction(c)).collect();
        choices.dedup();
        match choices.as_slice() {
            [] => self.out.push_str("[^\\x00-\\xFF]"),
            [only] => self.out.push_str(only),
            many => self.out.push_str(&format!("(?:{})", many.join("|"))),
        }
        if fill {
            self.out.push(')');
        }
    }

    /// One choice for each way in which the symbols can stand on one token or one overlay.
    fn conjunction(&self, c: &Conjunction) -> Vec<String> {
        let other = self.alphabet.others(&token::excluded(c, self.symbols));
        token::ways(c, self.symbols)
            .into_iter()
            .map(|(length, letters)| {
                let inside: String = letters.iter().map(|l| format!("{}{other}", self.alphabet.letter(*l))).collect();
                let rest = format!("<{}>", self.alphabet.others(&[])).repeat(length - 1);
                if rest.is_empty() { format!("<{other}{inside}>") } else { format!("(?:<{other}{inside}>{rest})") }
            })
            .collect()
    }
}
