//! What a token of a frame asks of a word, and how branches of frames can begin: each distinct question once, for all frames.

use rustc_hash::FxHashMap;

use super::first::First;
use crate::encode::Encoded;
use crate::symbols::{Letter, Sign};

/// One way in which a word can be the answer: it holds all of these letters and none of those.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// In order.
    pub(super) all: Vec<Letter>,
    /// None of them among `all`.
    pub(super) none: Vec<Letter>,
}

/// Questions, by number.
#[derive(Default)]
pub(super) struct Questions {
    each: Vec<Question>,
    numbers: FxHashMap<Vec<Way>, u32>,
    firsts: Vec<First>,
    numbers_of_firsts: FxHashMap<First, u32>,
}

struct Question {
    /// A word without these bits is no answer; every bit when a word without letters can be one.
    sign: Sign,
    /// Any of these letters is enough, in order.
    any: Box<[Letter]>,
    /// The other ways.
    ways: Box<[Way]>,
}

impl Questions {
    /// The number of a question.
    pub(super) fn number(&mut self, ways: Vec<Way>) -> u32 {
        if let Some(number) = self.numbers.get(&ways) {
            return *number;
        }
        let (simple, other): (Vec<Way>, Vec<Way>) = ways.iter().cloned().partition(|way| way.all.len() == 1 && way.none.is_empty());
        let mut any: Vec<Letter> = simple.into_iter().flat_map(|way| way.all).collect();
        any.sort_unstable();
        any.dedup();
        let bits = |way: &Way| way.all.first().map_or(Sign::MAX, |letter| letter.sign());
        let bits = ways.iter().map(bits).fold(0, |all, bits| all | bits);
        let number = self.each.len() as u32;
        self.each.push(Question { sign: bits, any: any.into(), ways: other.into() });
        self.numbers.insert(ways, number);
        number
    }

    /// The number of a beginning.
    pub(super) fn first(&mut self, first: First) -> u32 {
        *self.numbers_of_firsts.entry(first).or_insert_with(|| {
            self.firsts.push(first);
            self.firsts.len() as u32 - 1
        })
    }

    /// Whether what has a numbered beginning can begin at a place.
    pub(super) fn can_begin(&self, first: u32, encoded: &Encoded, at: usize) -> bool {
        self.firsts[first as usize].can_be(encoded, at)
    }

    /// Which bits an answer has one of.
    pub(super) fn sign(&self, number: u32) -> Sign {
        self.each[number as usize].sign
    }

    /// Whether a word with these letters, in order, is an answer.
    pub(super) fn holds(&self, number: u32, letters: &[Letter], sign: Sign) -> bool {
        let question = &self.each[number as usize];
        if question.sign & sign == 0 && question.sign != Sign::MAX {
            return false;
        }
        let has = |letter: &Letter| letters.binary_search(letter).is_ok();
        let any = if question.any.len() > letters.len() { letters.iter().any(|l| question.any.binary_search(l).is_ok()) } else { question.any.iter().any(has) };
        any || question.ways.iter().any(|way| way.all.iter().all(has) && !way.none.iter().any(has))
    }

    /// Gives back what only numbering needs.
    pub(super) fn seal(&mut self) {
        self.numbers = FxHashMap::default();
        self.numbers_of_firsts = FxHashMap::default();
    }
}
