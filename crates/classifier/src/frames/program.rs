//! A frame compiled: instructions that read words and the boundaries between them, tried in the order in which a regex tries its choices.

use vigie_lexicon::Scope;
use vigie_lexicon::pattern::{Anchor, Conjunction, Item, Node};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks(u8);

impl Marks {
    const NONE: Self = Self(0);
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

    fn with(self, other: Self) -> Self {
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
    /// The next step, or else that one.
    Split(u32),
    Jump(u32),
    /// Here begins or ends a capture.
    Save(u32),
    Fail,
    Match,
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
    /// What each predicate and group capture asked for.
    pub(super) slots: Vec<Slot>,
    pub(super) reach: Reach,
    /// Most words of a match.
    pub(super) longest: usize,
    pub(super) first: First,
    /// Letters of which a match holds one, the rarest such set, in order, with their bits; nothing when it needs none.
    pub(super) rare: Option<(Sign, Box<[Letter]>)>,
}

/// How a match can begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct First {
    pub(super) marks: Marks,
    pub(super) sign: Sign,
    /// With anything at all.
    pub(super) open: bool,
}

struct Compiler<'a> {
    symbols: &'a Symbols,
    classes: &'a dyn Fn(&str) -> bool,
    questions: &'a mut Questions,
    code: Vec<Inst>,
    slots: Vec<Slot>,
    /// The slot of the next token that has one: a repeated token has one slot.
    slot: usize,
    gap: Marks,
}

impl Program {
    /// Compiles one pattern; nothing when it is too large.
    pub(super) fn compile(source: &Source<'_>, symbols: &Symbols, classes: &dyn Fn(&str) -> bool, questions: &mut Questions) -> Option<Self> {
        let gap = Marks::inside(source.scope);
        let mut compiler = Compiler { symbols, classes, questions, code: Vec::new(), slots: Vec::new(), slot: 0, gap };
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
        let Compiler { code, mut slots, .. } = compiler;
        if code.len() > MOST {
            return None;
        }
        // Copied, since an allocator leaves as it is what shrinks by less than half.
        let code = code.as_slice().to_vec();
        slots.shrink_to_fit();
        let reach = match source.scope {
            _ if crosses(items, true, true) => Reach::Post,
            Scope::Clause => Reach::Clause,
            Scope::Sentence => Reach::Sentence,
            Scope::TwoSentences => Reach::Post,
        };
        let first = first(&code, questions);
        Some(Self { code, slots, reach, longest: longest(items, symbols), first, rare: None })
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
        let mut splits = Vec::new();
        for copy in 0..item.max {
            if self.code.len() > MOST {
                return;
            }
            if copy >= item.min {
                splits.push(self.code.len());
                self.code.push(Inst::Fail);
            }
            self.slot = slot;
            self.node(&item.node);
        }
        let end = self.here();
        for split in splits {
            self.code[split] = Inst::Split(end);
        }
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
        let mut jumps = Vec::new();
        for n in 0..choices {
            let split = self.code.len();
            if n + 1 < choices {
                self.code.push(Inst::Fail);
            }
            write(self, n);
            if n + 1 < choices {
                jumps.push(self.code.len());
                self.code.push(Inst::Fail);
                self.code[split] = Inst::Split(self.here());
            }
        }
        let end = self.here();
        for jump in jumps {
            self.code[jump] = Inst::Jump(end);
        }
    }

    fn token(&mut self, any: &[Conjunction]) {
        if self.gap != Marks::NONE {
            self.code.push(Inst::Gap(self.gap));
        }
        let capture = token::fill(any, self.classes).map(|fill| {
            if self.slot == self.slots.len() {
                let asked = any.iter().flat_map(|c| &c.all).filter_map(|s| needs::id(s, self.symbols)).collect();
                self.slots.push(Slot { fill, asked });
            }
            self.slot += 1;
            SLOTS + self.slot - 1
        });
        capture.into_iter().for_each(|capture| self.save(capture, 0));
        // Neighbours that take as many words are one question: which of them it was makes no difference.
        let ways: Vec<(usize, Way)> = any.iter().flat_map(|c| self.conjunction(c)).collect();
        let runs: Vec<&[(usize, Way)]> = ways.chunk_by(|a, b| a.0 == b.0).collect();
        if runs.is_empty() {
            self.code.push(Inst::Fail);
        }
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

/// What the first word or boundary of a match can be.
fn first(code: &[Inst], questions: &Questions) -> First {
    let mut first = First { marks: Marks::NONE, sign: 0, open: false };
    let (mut seen, mut todo) = (vec![false; code.len()], vec![0]);
    while let Some(at) = todo.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        match code[at] {
            Inst::Word(question) if questions.sign(question) != Sign::MAX => first.sign |= questions.sign(question),
            Inst::Word(_) | Inst::Any | Inst::Match => first.open = true,
            Inst::Mark(marks) => first.marks = first.marks.with(marks),
            Inst::Gap(marks) => {
                first.marks = first.marks.with(marks);
                todo.push(at + 1);
            }
            Inst::Split(other) => todo.extend([at + 1, other as usize]),
            Inst::Jump(to) => todo.push(to as usize),
            Inst::Save(_) => todo.push(at + 1),
            Inst::Fail => {}
        }
    }
    first
}
