//! A pattern as a sweep reads it: what must stand, in which order and how often. It knows no captures, and not which choice comes first, so that
//! all ways to fill a token are one step.

use rustc_hash::FxHashMap;
use vigie_lexicon::pattern::{Anchor, Conjunction, Item, Node};

use super::program::Marks;
use super::token;
use crate::symbols::{Letter, Letters, Symbols};

/// A pattern in outline: each step before its parts.
pub(super) struct Outline {
    pub(super) steps: Box<[Step]>,
    /// Boundaries that may stand before any word of a match.
    pub(super) gap: Marks,
}

/// A part of a pattern, and how often it must and may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) kind: Kind,
    pub(super) min: u8,
    pub(super) max: u8,
    /// One past its last part.
    pub(super) end: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Words that answer, by the number of what is asked.
    Words(u32),
    /// Any word.
    Any,
    /// One of these boundaries.
    Mark(Marks),
    /// One of its parts, each a branch.
    Choice,
    /// All of its parts, in order.
    Branch,
}

/// What words are asked for: each distinct thing once, for all patterns.
#[derive(Default)]
pub(super) struct Asks {
    each: Vec<Ask>,
    numbers: FxHashMap<Vec<Way>, u32>,
    /// Answers by length of all of them.
    slots: u32,
}

/// A number of words, and the letters that the first must have.
type Way = (usize, Vec<Letter>);

/// The ways in which words can answer.
pub(crate) struct Ask {
    /// Lengths of answers, a bit each, and the slot of the shortest: they follow each other.
    pub(crate) lengths: u16,
    pub(crate) slot: u32,
    /// Letters that are enough, by the slot of their length.
    pub(crate) any: Box<[(u8, Letters)]>,
    /// Letters that a word must have together, with the slot of their length; none of them: any word.
    pub(crate) all: Box<[(u8, Box<[Letter]>)]>,
}

impl Asks {
    /// What is asked by a number.
    pub(super) fn get(&self, number: u32) -> &Ask {
        &self.each[number as usize]
    }

    /// Gives back what only numbering needs.
    pub(super) fn seal(&mut self) {
        self.numbers = FxHashMap::default();
        self.each.shrink_to_fit();
    }

    /// The step that asks for any of some conjunctions.
    fn ask<'a>(&mut self, any: impl Iterator<Item = &'a Conjunction>, symbols: &Symbols) -> Kind {
        let mut ways: Vec<Way> = any.flat_map(|c| token::ways(c, symbols)).collect();
        ways.sort_unstable();
        ways.dedup();
        if ways.iter().any(|(length, all)| *length == 1 && all.is_empty()) {
            ways.retain(|(length, all)| *length > 1 || all.is_empty());
            if ways.len() == 1 {
                return Kind::Any;
            }
        }
        if let Some(number) = self.numbers.get(&ways) {
            return Kind::Words(*number);
        }
        let lengths = ways.iter().fold(0, |all, (length, _)| all | 1_u16 << length);
        let slot = |length: usize| (lengths & ((1 << length) - 1)).count_ones() as u8;
        let (one, more): (Vec<&Way>, Vec<&Way>) = ways.iter().partition(|(_, all)| all.len() == 1);
        let any = one.chunk_by(|a, b| a.0 == b.0).map(|ways| (slot(ways[0].0), Letters::new(ways.iter().flat_map(|(_, all)| all)))).collect();
        let all = more.into_iter().map(|(length, all)| (slot(*length), all.as_slice().into())).collect();
        let number = self.each.len() as u32;
        self.each.push(Ask { lengths, slot: self.slots, any, all });
        self.slots += lengths.count_ones();
        self.numbers.insert(ways, number);
        Kind::Words(number)
    }
}

impl Outline {
    pub(super) fn new(items: &[Item], gap: Marks, symbols: &Symbols, asks: &mut Asks) -> Self {
        let mut steps = Vec::new();
        items.iter().for_each(|item| add(item, symbols, asks, &mut steps));
        Self { steps: steps.into(), gap }
    }
}

fn add(item: &Item, symbols: &Symbols, asks: &mut Asks, steps: &mut Vec<Step>) {
    let at = steps.len();
    let push = |kind, steps: &mut Vec<Step>| steps.push(Step { kind, min: item.min, max: item.max, end: 0 });
    match &item.node {
        Node::Anchor(Anchor::Start | Anchor::End) => push(Kind::Mark(Marks::SENTENCE), steps),
        Node::Anchor(Anchor::Bound) => push(Kind::Mark(Marks::ANY), steps),
        Node::Token(any) => push(asks.ask(any.iter(), symbols), steps),
        Node::Group(branches) => {
            let (words, others): (Vec<_>, Vec<_>) = branches.iter().partition(|branch| one_token(branch).is_some());
            let words = words.into_iter().filter_map(|branch| one_token(branch)).flatten();
            if others.is_empty() {
                push(asks.ask(words, symbols), steps);
            } else {
                push(Kind::Choice, steps);
                let mut words = words.peekable();
                if words.peek().is_some() {
                    let (kind, start) = (asks.ask(words, symbols), steps.len() as u32);
                    steps.push(Step { kind: Kind::Branch, min: 1, max: 1, end: start + 2 });
                    steps.push(Step { kind, min: 1, max: 1, end: start + 2 });
                }
                for branch in others {
                    let start = steps.len();
                    steps.push(Step { kind: Kind::Branch, min: 1, max: 1, end: 0 });
                    branch.iter().for_each(|item| add(item, symbols, asks, steps));
                    steps[start].end = steps.len() as u32;
                }
            }
        }
    }
    steps[at].end = steps.len() as u32;
}

/// What a branch asks for that is one token, once.
fn one_token(branch: &[Item]) -> Option<&[Conjunction]> {
    match branch {
        [Item { node: Node::Token(any), min: 1, max: 1, .. }] => Some(any),
        _ => None,
    }
}
