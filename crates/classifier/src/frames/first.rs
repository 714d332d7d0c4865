//! How a program, or a branch of it, can begin: asked before it is tried, since most branches of a choice begin with no word that is there.

use super::program::{Branch, Inst, Marks};
use super::questions::Questions;
use crate::clause::Boundary;
use crate::encode::Encoded;
use crate::symbols::Sign;

/// What the first word or boundary can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct First {
    marks: Marks,
    sign: Sign,
    /// Anything at all.
    open: bool,
}

impl First {
    /// Whether it can be what stands at a place: before a boundary, or before a word.
    pub(super) fn can_be(self, encoded: &Encoded, at: usize) -> bool {
        let word = at / 2;
        if at.is_multiple_of(2) {
            let boundary = encoded.boundary(word);
            return boundary != Boundary::None && (self.open || self.marks.meets(Marks::of(boundary)));
        }
        self.open || word < encoded.len() && self.sign & encoded.sign(word) != 0
    }
}

/// The beginnings of the parts of a program.
pub(super) struct Beginnings<'a> {
    code: &'a [Inst],
    branches: &'a [Branch],
    /// By step: the search that came to it last.
    seen: Vec<u32>,
    search: u32,
    todo: Vec<u32>,
}

impl<'a> Beginnings<'a> {
    pub(super) fn new(code: &'a [Inst], branches: &'a [Branch]) -> Self {
        Self { code, branches, seen: vec![0; code.len()], search: 0, todo: Vec::new() }
    }

    /// How what begins at a step can begin; nothing where no step is.
    pub(super) fn of(&mut self, step: u32, questions: &Questions) -> First {
        let mut first = First { marks: Marks::NONE, sign: 0, open: false };
        self.search += 1;
        self.todo.push(step);
        while let Some(at) = self.todo.pop() {
            let Some(seen) = self.seen.get_mut(at as usize) else { continue };
            if std::mem::replace(seen, self.search) == self.search {
                continue;
            }
            match self.code[at as usize] {
                Inst::Word(question) if questions.sign(question) != Sign::MAX => first.sign |= questions.sign(question),
                Inst::Word(_) | Inst::Any | Inst::Match => first.open = true,
                Inst::Mark(marks) => first.marks = first.marks.with(marks),
                Inst::Gap(marks) => {
                    first.marks = first.marks.with(marks);
                    self.todo.push(at + 1);
                }
                Inst::Choose(branch) => {
                    let branches = self.branches[branch as usize..].iter().take_while(|branch| **branch != Branch::END);
                    self.todo.extend(branches.map(|branch| branch.step));
                }
                Inst::Jump(to) => self.todo.push(to),
                Inst::Save(_) => self.todo.push(at + 1),
                Inst::Fail => {}
            }
        }
        first
    }
}
