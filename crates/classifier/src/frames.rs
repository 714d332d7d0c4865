//! Frames as regexes over encoded posts: a mask of the letters that each frame needs tells which frames can hit at all, and only those run.
//!
//! One `RegexSet` over all frames was measured first: its lazy DFA fills with states that no second post visits, and it costs ten times the masks.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use vigie_lexicon::Scope;
use vigie_lexicon::pattern::{Anchor, Conjunction, Item, Node, Pattern, Symbol};

use crate::encode::Encoded;
use crate::symbols::{Letters, SymbolId, Symbols};

/// Memory that compiled frames may take, in bytes.
const SIZE_LIMIT: usize = 64 << 20;
/// Memory of the lazy DFA of one frame, in bytes.
const DFA_LIMIT: usize = 4 << 20;

/// Bases whose token names who is spoken of.
const GROUP_BASES: &[&str] = &["G", "GP", "GS", "GI", "SLUR", "AMB", "ANAPHOR", "CEG", "CODE"];
/// Role concepts: whose token carries the predicate.
const ROLE_BASES: &[&str] = &["BEARER", "AGENT", "TARGET", "VICTIM", "GOOD", "EVENT", "BAD"];

/// A set of compiled patterns.
pub(crate) struct FrameSet {
    each: Vec<Compiled>,
}

struct Compiled {
    regex: Regex,
    /// Which symbols each predicate capture asked for, by capture name.
    slots: Vec<Slot>,
    /// A post that lacks every letter of one of these cannot match.
    needs: Vec<Letters>,
}

impl Compiled {
    fn can_match(&self, present: &Letters) -> bool {
        self.needs.iter().all(|any| any.meets(present))
    }
}

/// What a capture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    Group,
    Predicate,
}

/// A capture group of a pattern.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) fill: Fill,
    name: String,
    pub(crate) asked: Vec<SymbolId>,
}

/// A frame that hit, in words.
#[derive(Debug, Clone)]
pub(crate) struct FrameHit {
    pub(crate) frame: usize,
    pub(crate) words: Range<usize>,
    pub(crate) shown: Range<usize>,
    /// Words that filled each slot: slot index, range.
    pub(crate) fills: Vec<(usize, Range<usize>)>,
}

/// A pattern to compile.
pub(crate) struct Source<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) scope: Scope,
    pub(crate) span: Option<(usize, usize)>,
}

impl FrameSet {
    /// Compiles patterns in order; every symbol they name has its letters by now.
    pub(crate) fn compile(sources: &[Source<'_>], symbols: &Symbols, classes: &dyn Fn(&str) -> bool) -> Result<Self, regex::Error> {
        let mut each = Vec::with_capacity(sources.len());
        for source in sources {
            let mut writer = Writer { symbols, classes, out: String::new(), slots: Vec::new(), gap: gap(source.scope) };
            writer.pattern(source);
            let regex = RegexBuilder::new(&writer.out).size_limit(SIZE_LIMIT).dfa_size_limit(DFA_LIMIT).build()?;
            let needs = source.pattern.items.iter().filter_map(|item| writer.needs(item)).collect();
            each.push(Compiled { regex, slots: writer.slots, needs });
        }
        Ok(Self { each })
    }

    /// The slots of a frame.
    pub(crate) fn slots(&self, frame: usize) -> &[Slot] {
        &self.each[frame].slots
    }

    /// Every match of every frame, in order of frame and place.
    pub(crate) fn find(&self, encoded: &Encoded, out: &mut Vec<FrameHit>) {
        let able = self.each.iter().enumerate().filter(|(_, c)| c.can_match(&encoded.present));
        for (frame, compiled) in able {
            for found in compiled.regex.captures_iter(&encoded.text) {
                let Some(whole) = found.get(0) else { continue };
                let shown = found.name("s").unwrap_or(whole);
                let fills =
                    compiled.slots.iter().enumerate().filter_map(|(i, slot)| found.name(&slot.name).map(|m| (i, encoded.words(m.start(), m.end())))).collect();
                out.push(FrameHit { frame, words: encoded.words(whole.start(), whole.end()), shown: encoded.words(shown.start(), shown.end()), fills });
            }
        }
    }

    /// The patterns that hit, for patterns that need no captures.
    pub(crate) fn which(&self, encoded: &Encoded) -> Vec<usize> {
        let hits = |c: &Compiled| c.can_match(&encoded.present) && c.regex.is_match(&encoded.text);
        (0..self.each.len()).filter(|&i| hits(&self.each[i])).collect()
    }
}

/// What may stand between two words of a match, by scope.
fn gap(scope: Scope) -> &'static str {
    match scope {
        Scope::Clause => "",
        Scope::Sentence => "[,;]?",
        Scope::TwoSentences => "[,;.]?",
    }
}

struct Writer<'a> {
    symbols: &'a Symbols,
    classes: &'a dyn Fn(&str) -> bool,
    out: String,
    slots: Vec<Slot>,
    gap: &'static str,
}

impl Writer<'_> {
    fn pattern(&mut self, source: &Source<'_>) {
        for (i, item) in source.pattern.items.iter().enumerate() {
            if source.span.is_some_and(|(from, _)| from == i) {
                self.out.push_str("(?P<s>");
            }
            self.item(item);
            if source.span.is_some_and(|(_, to)| to == i) {
                self.out.push(')');
            }
        }
    }

    /// The letters of which an item needs one; `None` when it needs none in particular.
    fn needs(&self, item: &Item) -> Option<Letters> {
        if item.min == 0 {
            return None;
        }
        let mut any = Letters::default();
        match &item.node {
            Node::Anchor(_) => return None,
            Node::Token(choices) => {
                for choice in choices {
                    let id = choice.all.first().and_then(|s| self.id(s))?;
                    self.symbols.letters(id).into_iter().for_each(|(_, letter)| any.insert(letter));
                }
            }
            Node::Group(branches) => {
                for branch in branches {
                    any.extend(&branch.iter().find_map(|item| self.needs(item))?);
                }
            }
        }
        Some(any)
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
        let fill = self.fill(any);
        if let Some(fill) = fill {
            let name = format!("c{}", self.slots.len());
            let asked = any.iter().flat_map(|c| &c.all).filter_map(|s| self.id(s)).collect();
            self.out.push_str(&format!("(?P<{name}>"));
            self.slots.push(Slot { fill, name, asked });
        }
        let mut choices: Vec<String> = any.iter().flat_map(|c| self.conjunction(c)).collect();
        choices.dedup();
        match choices.as_slice() {
            [] => self.out.push_str("[^\\s\\S]"),
            [only] => self.out.push_str(only),
            many => self.out.push_str(&format!("(?:{})", many.join("|"))),
        }
        if fill.is_some() {
            self.out.push(')');
        }
    }

    fn fill(&self, any: &[Conjunction]) -> Option<Fill> {
        let mut found = None;
        for symbol in any.iter().flat_map(|c| &c.all) {
            if let Symbol::Concept(name) = symbol {
                let base = name.split(':').next().unwrap_or(name);
                if GROUP_BASES.contains(&base) {
                    return Some(Fill::Group);
                }
                if ROLE_BASES.contains(&base) || (self.classes)(base) {
                    found = Some(Fill::Predicate);
                }
            }
        }
        found
    }

    fn id(&self, symbol: &Symbol) -> Option<SymbolId> {
        match symbol {
            Symbol::Concept(name) => self.symbols.get(name),
            Symbol::Word(word) => self.symbols.get(&format!("={word}")),
        }
    }

    /// Any letters but these. The range is spelled out: "anything but `>`" is all of Unicode, whose automaton has five times the states.
    fn letters(&self, excluded: &str) -> String {
        let all = self.symbols.range();
        if excluded.is_empty() { format!("[{all}]*") } else { format!("[{all}--[{excluded}]]*") }
    }

    /// One choice for each way in which the symbols can stand on one token or one overlay.
    fn conjunction(&self, c: &Conjunction) -> Vec<String> {
        let excluded: String = c.none.iter().filter_map(|s| self.id(s)).flat_map(|id| self.symbols.letters(id)).map(|(_, letter)| letter).collect();
        let mut ways: Vec<(usize, Vec<char>)> = vec![(1, Vec::new())];
        for (i, symbol) in c.all.iter().enumerate() {
            let letters = self.id(symbol).map(|id| self.symbols.letters(id)).unwrap_or_default();
            let mut next = Vec::new();
            for (length, so_far) in &ways {
                for &(l, letter) in &letters {
                    if i == 0 || l == *length || l == 1 || *length == 1 {
                        let mut with = so_far.clone();
                        with.push(letter);
                        next.push((if i == 0 { l } else { l.max(*length) }, with));
                    }
                }
            }
            ways = next;
        }
        ways.into_iter()
            .map(|(length, mut letters)| {
                letters.sort_unstable();
                letters.dedup();
                let other = self.letters(&excluded);
                let inside: String = letters.iter().map(|l| format!("{l}{other}")).collect();
                let rest = format!("<{}>", self.letters("")).repeat(length - 1);
                if rest.is_empty() { format!("<{other}{inside}>") } else { format!("(?:<{other}{inside}>{rest})") }
            })
            .collect()
    }
}
