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
    /// Any of these letters is enough.
    any: Enough,
    /// The other ways.
    ways: Box<[Way]>,
}

/// Letters of which a word needs one.
enum Enough {
    Few(Box<[Letter]>),
    /// As bits from some word of 64 letters on.
    Many(usize, Box<[u64]>),
}

impl Enough {
    /// More are kept as bits: each of a few is compared with all letters of a word.
    const FEW: usize = 16;

    /// Letters in order.
    fn new(letters: Vec<Letter>) -> Self {
        match letters.as_slice() {
            [first, .., last] if letters.len() > Self::FEW => {
                let start = first.index() / 64;
                let mut bits = vec![0; last.index() / 64 - start + 1];
                letters.iter().for_each(|letter| bits[letter.index() / 64 - start] |= 1 << (letter.index() % 64));
                Self::Many(start, bits.into())
            }
            _ => Self::Few(letters.into()),
        }
    }

    /// Whether one of them is among these.
    fn among(&self, letters: &[Letter]) -> bool {
        match self {
            Self::Few(few) => few.iter().any(|letter| has(letters, *letter)),
            Self::Many(start, bits) => {
                let held = |letter: &Letter| {
                    (letter.index() / 64).checked_sub(*start).and_then(|at| bits.get(at)).is_some_and(|bits| bits >> (letter.index() % 64) & 1 == 1)
                };
                letters.iter().any(held)
            }
        }
    }
}

/// Whether a letter is one of some. A word has some dozens: to compare all of them without a jump takes less than to search among them.
#[allow(clippy::needless_bitwise_bool, reason = "a lazy operator jumps")]
fn has(letters: &[Letter], letter: Letter) -> bool {
    letters.iter().fold(false, |found, other| found | (*other == letter))
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
        self.each.push(Question { sign: bits, any: Enough::new(any), ways: other.into() });
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

    /// Whether a word with these letters is an answer.
    pub(super) fn holds(&self, number: u32, letters: &[Letter], sign: Sign) -> bool {
        let question = &self.each[number as usize];
        if question.sign & sign == 0 && question.sign != Sign::MAX {
            return false;
        }
        let holds = |way: &Way| way.all.iter().all(|letter| has(letters, *letter)) && !way.none.iter().any(|letter| has(letters, *letter));
        question.any.among(letters) || question.ways.iter().any(holds)
    }

    /// Gives back what only numbering needs.
    pub(super) fn seal(&mut self) {
        self.numbers = FxHashMap::default();
        self.numbers_of_firsts = FxHashMap::default();
    }
}
