//! A frame compiled: instructions that read words and the boundaries between them, tried in the order in which a regex tries its choices.

use vigie_lexicon::Scope;
use vigie_lexicon::pattern::{Anchor, Conjunction, Item, Node};

use super::first::{Beginnings, First};
use super::questions::{Questions, Way};
use super::{Slot, Source, token};
use crate::clause::Boundary;
use crate::needs;
use crate::symbols::{Letter, Sign, Symbols};

/// Instructions that one frame may take: the largest of the bundle take a tenth.
const MOST: usize = 100_000;

/// Captures: the match, what is shown of it, and its slots from here on.
pub(super) const WHOLE: usize = 0;
pub(super) const SHOWN: usize = 1;
pub(super) const SLOTS: usize = 2;

/// A set of boundaries, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Marks(u8);

impl Marks {
    pub(super) const NONE: Self = Self(0);
    pub(super) const SENTENCE: Self = Self(4);
    const INSIDE: Self = Self(3);
    pub(super) const ANY: Self = Self(7);

    /// What a scope lets stand between two words of a match.
    pub(super) fn inside(scope: Scope) -> Self {
        match scope {
            Scope::Clause => Self::NONE,
            Scope::Sentence => Self::INSIDE,
            Scope::TwoSentences => Self::ANY,
        }
    }

    /// The set that holds one boundary, or none.
    pub(super) fn of(boundary: Boundary) -> Self {
        match boundary {
            Boundary::None => Self::NONE,
            Boundary::Soft => Self(1),
            Boundary::Hard => Self(2),
            Boundary::Sentence => Self::SENTENCE,
        }
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One step.
#[derive(Debug, Clone, Copy)]
pub(super) enum Inst {
    /// A word that answers the question.
    Word(u32),
    /// Any word.
    Any,
    /// One of these boundaries.
    Mark(Marks),
    /// One of these boundaries, if there is one.
    Gap(Marks),
    /// The first branch that leads to a match, of those in [`Program::branches`] from that one to the next [`Branch::END`].
    Choose(u32),
    Jump(u32),
    /// Here begins or ends a capture.
    Save(u32),
    Fail,
    Match,
}

/// A way to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Branch {
    pub(super) step: u32,
    /// How it can begin, as a number of [`Questions::first`].
    pub(super) first: u32,
}

impl Branch {
    /// No branch: what stands behind the last of a choice.
    pub(super) const END: Self = Self { step: u32::MAX, first: u32::MAX };
}

/// How far a match can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Clause,
    Sentence,
    Post,
}

impl Reach {
    /// How many there are.
    pub(super) const ALL: usize = 3;
}

/// A compiled frame.
pub(super) struct Program {
    pub(super) code: Vec<Inst>,
    pub(super) branches: Vec<Branch>,
    /// What each predicate and group capture asked for.
    pub(super) slots: Vec<Slot>,
    pub(super) reach: Reach,
    /// Most words of a match.
    pub(super) longest: usize,
    pub(super) first: First,
    /// Letters of which a match holds one, the rarest such set, in order, with their bits; nothing when it needs none.
    pub(super) rare: Option<(Sign, Box<[Letter]>)>,
}

struct Compiler<'a> {
    symbols: &'a Symbols,
    classes: &'a dyn Fn(&str) -> bool,
    questions: &'a mut Questions,
    code: Vec<Inst>,
    branches: Vec<Branch>,
    slots: Vec<Slot>,
    /// The slot of the next token that has one: a repeated token has one slot.
    slot: usize,
    gap: Marks,
}

impl Program {
    /// Compiles one pattern; nothing when it is too large.
    pub(super) fn compile(source: &Source<'_>, symbols: &Symbols, classes: &dyn Fn(&str) -> bool, questions: &mut Questions) -> Option<Self> {
        let gap = Marks::inside(source.scope);
        let mut compiler = Compiler { symbols, classes, questions, code: Vec::new(), branches: Vec::new(), slots: Vec::new(), slot: 0, gap };
        let items = &source.pattern.items;
        for (i, item) in items.iter().enumerate() {
            if source.span.is_some_and(|(from, _)| from == i) {
                compiler.save(SHOWN, 0);
            }
            compiler.item(item);
            if source.span.is_some_and(|(_, to)| to == i) {
                compiler.save(SHOWN, 1);
            }
        }
        compiler.code.push(Inst::Match);
        let Compiler { code, mut branches, mut slots, .. } = compiler;
        if code.len() > MOST {
            return None;
        }
        // Copied, since an allocator leaves as it is what shrinks by less than half.
        let code = code.as_slice().to_vec();
        slots.shrink_to_fit();
        let mut beginnings = Beginnings::new(&code, &branches);
        let firsts: Vec<First> = branches.iter().map(|branch| beginnings.of(branch.step, questions)).collect();
        let first = beginnings.of(0, questions);
        branches.iter_mut().zip(firsts).filter(|(branch, _)| **branch != Branch::END).for_each(|(branch, first)| branch.first = questions.first(first));
        branches.shrink_to_fit();
        let reach = match source.scope {
            _ if crosses(items, true, true) => Reach::Post,
            Scope::Clause => Reach::Clause,
            Scope::Sentence => Reach::Sentence,
            Scope::TwoSentences => Reach::Post,
        };
        Some(Self { code, branches, slots, reach, longest: longest(items, symbols), first, rare: None })
    }
}

impl Compiler<'_> {
    fn save(&mut self, capture: usize, end: usize) {
        self.code.push(Inst::Save((capture * 2 + end) as u32));
    }

    fn here(&self) -> u32 {
        self.code.len() as u32
    }

    /// An item as often as it must stand, then as often as it may, the more the better.
    fn item(&mut self, item: &Item) {
        let slot = self.slot;
        let mut optional = Vec::new();
        for copy in 0..item.max {
            if self.code.len() > MOST {
                return;
            }
            if copy >= item.min {
                optional.push(self.here());
                self.code.push(Inst::Fail);
            }
            self.slot = slot;
            self.node(&item.node);
        }
        let end = self.here();
        for at in optional {
            self.choose(at, [at + 1, end]);
        }
    }

    /// The step at which one of some branches is chosen.
    fn choose(&mut self, at: u32, branches: impl IntoIterator<Item = u32>) {
        self.code[at as usize] = Inst::Choose(self.branches.len() as u32);
        self.branches.extend(branches.into_iter().map(|step| Branch { step, ..Branch::END }));
        self.branches.push(Branch::END);
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Anchor(Anchor::Start | Anchor::End) => self.code.push(Inst::Mark(Marks::SENTENCE)),
            Node::Anchor(Anchor::Bound) => self.code.push(Inst::Mark(Marks::ANY)),
            Node::Token(any) => self.token(any),
            Node::Group(branches) => self.choice(branches.len(), |compiler, n| branches[n].iter().for_each(|item| compiler.item(item))),
        }
    }

    /// The first of some choices that leads to a match.
    fn choice(&mut self, choices: usize, mut write: impl FnMut(&mut Self, usize)) {
        if choices == 1 {
            return write(self, 0);
        }
        let at = self.here();
        self.code.push(Inst::Fail);
        let (mut branches, mut jumps) = (Vec::with_capacity(choices), Vec::with_capacity(choices));
        for n in 0..choices {
            branches.push(self.here());
            write(self, n);
            jumps.push(self.code.len());
            self.code.push(Inst::Fail);
        }
        let end = self.here();
        for jump in jumps {
            self.code[jump] = Inst::Jump(end);
        }
        self.choose(at, branches);
    }

    fn token(&mut self, any: &[Conjunction]) {
        if self.gap != Marks::NONE {
            self.code.push(Inst::Gap(self.gap));
        }
        let capture = token::fill(any, self.classes).map(|fill| {
            if self.slot == self.slots.len() {
                let mut asked: Vec<_> = any.iter().flat_map(|c| &c.all).filter_map(|s| needs::id(s, self.symbols)).collect();
                asked.sort_unstable();
                asked.dedup();
                self.slots.push(Slot { fill, asked });
            }
            self.slot += 1;
            SLOTS + self.slot - 1
        });
        capture.into_iter().for_each(|capture| self.save(capture, 0));
        // Neighbours that take as many words are one question: which of them it was makes no difference.
        let ways: Vec<(usize, Way)> = any.iter().flat_map(|c| self.conjunction(c)).collect();
        let runs: Vec<&[(usize, Way)]> = ways.chunk_by(|a, b| a.0 == b.0).collect();
        self.choice(runs.len(), |compiler, n| {
            let ways: Vec<Way> = runs[n].iter().map(|(_, way)| way.clone()).collect();
            let first = if ways.iter().any(|way| way.all.is_empty() && way.none.is_empty()) { Inst::Any } else { Inst::Word(compiler.questions.number(ways)) };
            compiler.code.push(first);
            compiler.code.extend(std::iter::repeat_n(Inst::Any, runs[n][0].0 - 1));
        });
        capture.into_iter().for_each(|capture| self.save(capture, 1));
    }

    /// The ways in which the symbols can stand on one token or one overlay, with the words that each takes.
    fn conjunction(&self, c: &Conjunction) -> impl Iterator<Item = (usize, Way)> {
        let excluded = token::excluded(c, self.symbols);
        token::ways(c, self.symbols).into_iter().map(move |(length, all)| {
            let none = excluded.iter().filter(|letter| !all.contains(letter)).copied().collect();
            (length, Way { all, none })
        })
    }
}

/// Whether a boundary can stand inside a match, beyond those that the scope lets through.
fn crosses(items: &[Item], first: bool, last: bool) -> bool {
    items.iter().enumerate().any(|(i, item)| {
        let once = item.max <= 1;
        let (first, last) = (first && once && i == 0, last && once && i + 1 == items.len());
        match &item.node {
            Node::Token(_) => false,
            Node::Anchor(_) => !first && !last,
            Node::Group(branches) => branches.iter().any(|b| crosses(b, first, last)),
        }
    })
}

/// Most words that a sequence of items can take.
pub(crate) fn longest(items: &[Item], symbols: &Symbols) -> usize {
    let of = |item: &Item| match &item.node {
        Node::Anchor(_) => 0,
        Node::Token(choices) => {
            let asked = choices.iter().flat_map(|c| &c.all).filter_map(|s| needs::id(s, symbols));
            asked.flat_map(|id| symbols.letters(id)).map(|(length, _)| length).max().unwrap_or(1)
        }
        Node::Group(branches) => branches.iter().map(|b| longest(b, symbols)).max().unwrap_or(0),
    };
    items.iter().map(|item| of(item) * usize::from(item.max)).sum()
}
