//! What each frame cannot do without, turned round: from what a post holds to the frames that could match it.
//!
//! A need is a set of items (symbols or letters) of which one must be there. Each frame, or each way of it, is listed under its rarest need, so
//! that one whose rarest need is not met costs nothing at all. The numbers of needs are chosen so that sets of them are read and written in few
//! words: the rarest of some frame first, and needs that one item meets side by side.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;
use vigie_lexicon::pattern::{Conjunction, Item, Node, Symbol};

use crate::symbols::{SymbolId, Symbols};
use crate::trigger::Weights;

/// Needs, by number, and who has them.
pub(crate) struct Needs {
    /// By item, in order: the needs that it meets, as those words of a set that are not empty, each with its place in the set.
    rows: Vec<(u32, u64)>,
    /// By item: where its row ends.
    ends: Vec<u32>,
    /// Words of a row.
    width: usize,
    /// By bucket: the frames by their rarest need.
    frames: Vec<List>,
    /// By bucket: frames that need nothing.
    free: Vec<Vec<u32>>,
}

/// Frames by their rarest need, in one row: most are turned away by their second need, without a trip to memory of their own.
struct List {
    /// Needs that are the rarest of some frame.
    rarest: Sparse,
    /// By need: where its frames end.
    ends: Vec<u32>,
    frames: Vec<Listed>,
    /// The third need and those behind it, of all frames.
    others: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Listed {
    frame: u32,
    /// Its second need; its rarest again when there is none.
    second: u32,
    /// Its other needs, the rarest first.
    others: (u32, u32),
}

/// What a frame needs, or one way of it, in items, the rarest need first; and the bucket in which it is asked for.
pub(crate) struct Needy {
    pub(crate) pattern: u32,
    pub(crate) bucket: usize,
    pub(crate) needs: Vec<Vec<usize>>,
}

impl Needs {
    /// Turns the needs of all frames round; `items` is one more than the greatest item.
    pub(crate) fn new(items: usize, buckets: usize, all: &[Needy]) -> Self {
        Self::numbered(items, buckets, all).0
    }

    /// The same, and the number of each need.
    pub(crate) fn numbered(items: usize, buckets: usize, all: &[Needy]) -> (Self, Numbers<'_>) {
        let numbers = numbers(items, all);
        let width = numbers.len().div_ceil(64);
        let mut met: Vec<(usize, u32)> = numbers.iter().flat_map(|(need, number)| need.iter().map(|item| (*item, *number))).collect();
        met.sort_unstable();
        let (mut rows, mut ends): (Vec<(u32, u64)>, Vec<u32>) = (Vec::new(), Vec::with_capacity(items));
        let mut rest = met.as_slice();
        for item in 0..items {
            let (of_item, others) = rest.split_at(rest.partition_point(|(i, _)| *i == item));
            rest = others;
            let start = rows.len();
            for (_, number) in of_item {
                match rows[start..].last_mut() {
                    Some((at, bits)) if *at == number / 64 => *bits |= 1 << (number % 64),
                    _ => rows.push((number / 64, 1 << (number % 64))),
                }
            }
            ends.push(rows.len() as u32);
        }
        let mut free = vec![Vec::new(); buckets];
        let mut listed: Vec<Vec<(u32, u32, Vec<u32>)>> = vec![Vec::new(); buckets];
        for needy in all {
            let mut needs = needy.needs.iter().map(|need| numbers[need.as_slice()]);
            match needs.next() {
                Some(rarest) => listed[needy.bucket].push((rarest, needy.pattern, needs.collect())),
                None => free[needy.bucket].push(needy.pattern),
            }
        }
        let frames = listed.into_iter().map(|frames| List::new(frames, numbers.len(), width)).collect();
        (Self { rows, ends, width, frames, free }, numbers)
    }

    /// Words of a set of needs.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// One more than the greatest item.
    pub(crate) fn items(&self) -> usize {
        self.ends.len()
    }

    /// Adds what an item meets to `met`.
    pub(crate) fn meet(&self, item: usize, met: &mut [u64]) {
        let start = item.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        for (at, bits) in &self.rows[start..self.ends[item] as usize] {
            met[*at as usize] |= bits;
        }
    }

    /// What symbols meet, where they are the items.
    pub(crate) fn row(&self, ids: &mut dyn Iterator<Item = SymbolId>) -> Sparse {
        let mut met = vec![0; self.width];
        ids.for_each(|SymbolId(n)| self.meet(usize::from(n), &mut met));
        sparse(&met)
    }

    /// Hands the frames of a bucket of which every need is met to `found`, in no order, once for each way of which it is so.
    pub(crate) fn met(&self, bucket: usize, met: &[u64], mut found: impl FnMut(u32)) {
        self.find(bucket, met, |frame| {
            found(frame);
            false
        });
    }

    /// Whether every need of some frame is met that is `found` good.
    pub(crate) fn any(&self, met: &[u64], mut found: impl FnMut(u32) -> bool) -> bool {
        (0..self.frames.len()).any(|bucket| self.find(bucket, met, &mut found))
    }

    /// Hands the frames of a bucket of which every need is met to `found` until it says that this is enough; whether it did.
    fn find(&self, bucket: usize, met: &[u64], mut found: impl FnMut(u32) -> bool) -> bool {
        let has = |need: u32| met[need as usize / 64] >> (need % 64) & 1 == 1;
        let list = &self.frames[bucket];
        if self.free[bucket].iter().any(|frame| found(*frame)) {
            return true;
        }
        for (at, rarest) in &list.rarest {
            for bit in ones(rarest & met[*at as usize]) {
                let mut met = list.of((at * 64 + bit) as usize).iter().filter(|listed| has(listed.second) && list.others(listed).iter().all(|need| has(*need)));
                if met.any(|listed| found(listed.frame)) {
                    return true;
                }
            }
        }
        false
    }
}

/// The places of the bits that are set, from the lowest.
pub(crate) fn ones(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (bits != 0).then(|| bits.trailing_zeros())?;
        bits &= bits - 1;
        Some(bit)
    })
}

/// The number of each need.
pub(crate) type Numbers<'a> = FxHashMap<&'a [usize], u32>;

/// Numbers each need.
fn numbers(items: usize, all: &[Needy]) -> Numbers<'_> {
    // By need: in which bucket it is the rarest of some frame.
    let mut rarest: FxHashMap<&[usize], usize> = FxHashMap::default();
    for needy in all {
        for (n, need) in needy.needs.iter().enumerate() {
            let bucket = rarest.entry(need).or_insert(usize::MAX);
            *bucket = if n == 0 { needy.bucket.min(*bucket) } else { *bucket };
        }
    }
    let mut needs = vec![0_u32; items];
    rarest.keys().flat_map(|need| need.iter()).for_each(|item| needs[*item] += 1);
    // The item that meets most needs is mostly that of the commonest words.
    let busiest = |need: &[usize]| need.iter().map(|item| (Reverse(needs[*item]), *item)).min();
    let mut order: Vec<(&[usize], usize)> = rarest.into_iter().collect();
    order.sort_by_cached_key(|(need, bucket)| (*bucket, busiest(need), *need));
    order.into_iter().zip(0..).map(|((need, _), number)| (need, number)).collect()
}

impl List {
    fn new(mut all: Vec<(u32, u32, Vec<u32>)>, needs: usize, width: usize) -> Self {
        all.sort_by_key(|(rarest, ..)| *rarest);
        let mut bits = vec![0; width];
        let mut list = Self { rarest: Sparse::default(), ends: Vec::with_capacity(needs), frames: Vec::with_capacity(all.len()), others: Vec::new() };
        let mut all = all.into_iter().peekable();
        for need in 0..needs as u32 {
            while let Some((rarest, frame, mut others)) = all.next_if(|(rarest, ..)| *rarest == need) {
                bits[need as usize / 64] |= 1 << (need % 64);
                let second = if others.is_empty() { rarest } else { others.remove(0) };
                let start = list.others.len() as u32;
                list.others.extend(others);
                list.frames.push(Listed { frame, second, others: (start, list.others.len() as u32) });
            }
            list.ends.push(list.frames.len() as u32);
        }
        list.rarest = sparse(&bits);
        list
    }

    fn of(&self, need: usize) -> &[Listed] {
        let start = need.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.frames[start..self.ends[need] as usize]
    }

    fn others(&self, listed: &Listed) -> &[u32] {
        &self.others[listed.others.0 as usize..listed.others.1 as usize]
    }
}

/// A set of needs as those of its words that are not empty, each with its place: most forms meet a few needs of thousands.
pub(crate) type Sparse = Box<[(u32, u64)]>;

/// The words of a set that are not empty.
pub(crate) fn sparse(met: &[u64]) -> Sparse {
    (0..).zip(met.iter().copied()).filter(|(_, bits)| *bits != 0).collect()
}

/// Adds the needs of `more` to `met`.
pub(crate) fn add(met: &mut [u64], more: &[u64]) {
    met.iter_mut().zip(more).for_each(|(mine, theirs)| *mine |= theirs);
}

/// The same where `more` is given by its words that are not empty.
pub(crate) fn add_sparse(met: &mut [u64], more: &[(u32, u64)]) {
    more.iter().for_each(|(at, bits)| met[*at as usize] |= bits);
}

/// The needs of a frame that is never to be tried: of nothing, one must be there.
pub(crate) fn never() -> Vec<Vec<usize>> {
    vec![Vec::new()]
}

/// The sets of symbols of which an item needs one each; none when it may be left out or filled by any word.
pub(crate) fn of(item: &Item, symbols: &Symbols, weights: &Weights) -> Vec<Vec<SymbolId>> {
    if item.min == 0 {
        return Vec::new();
    }
    let one = |symbol: &Symbol| id(symbol, symbols).into_iter().collect::<Vec<_>>();
    let of_choice = |c: &Conjunction| c.all.iter().map(one).collect::<Vec<_>>();
    let of_branch = |b: &Vec<Item>| b.iter().flat_map(|item| of(item, symbols, weights)).collect::<Vec<_>>();
    match &item.node {
        Node::Anchor(_) => Vec::new(),
        Node::Token(choices) => match &choices[..] {
            [only] => of_choice(only),
            many => any(many.iter().map(of_choice).collect(), weights),
        },
        Node::Group(branches) => match &branches[..] {
            [only] => of_branch(only),
            many => any(many.iter().map(of_branch).collect(), weights),
        },
    }
}

/// Most needs that choices have in common.
const IN_COMMON: usize = 6;

/// What choices have in common: the rarest need of any of them, the second rarest of any, and so on; nothing when one of them needs nothing.
fn any(mut choices: Vec<Vec<Vec<SymbolId>>>, weights: &Weights) -> Vec<Vec<SymbolId>> {
    choices.iter_mut().for_each(|needs| rarest_first(needs, weights));
    let most = choices.iter().map(Vec::len).max().unwrap_or(0).min(IN_COMMON);
    let rank = |rank: usize| {
        let of_each = choices.iter().map(|needs| needs.get(rank).or(needs.last()).cloned());
        of_each.collect::<Option<Vec<_>>>().map(|needs| either(&needs))
    };
    (0..most).filter_map(rank).collect()
}

/// The need for anything that one of some needs asks for.
pub(crate) fn either(needs: &[Vec<SymbolId>]) -> Vec<SymbolId> {
    let mut need = needs.concat();
    need.sort_unstable();
    need.dedup();
    need
}

/// Puts needs in order of rarity, each once.
pub(crate) fn rarest_first(needs: &mut Vec<Vec<SymbolId>>, weights: &Weights) {
    needs.sort_by_cached_key(|need| (weights.of(need), need.clone()));
    needs.dedup();
}

/// Whether every match of some items holds a symbol.
pub(crate) fn holds_always(items: &[Item], symbol: SymbolId, symbols: &Symbols) -> bool {
    let asks = |c: &Conjunction| c.all.iter().any(|s| id(s, symbols) == Some(symbol));
    items.iter().filter(|item| item.min > 0).any(|item| match &item.node {
        Node::Anchor(_) => false,
        Node::Token(choices) => !choices.is_empty() && choices.iter().all(asks),
        Node::Group(branches) => !branches.is_empty() && branches.iter().all(|branch| holds_always(branch, symbol, symbols)),
    })
}

/// The id of a symbol of a pattern.
pub(crate) fn id(symbol: &Symbol, symbols: &Symbols) -> Option<SymbolId> {
    match symbol {
        Symbol::Concept(name) => symbols.get(name),
        Symbol::Word(word) => symbols.get(&format!("={word}")),
    }
}
