//! What could match a stretch of a post: what patterns need, met by any of its hits, and then the order in which it stands there.

use std::ops::Range;

use super::order::Sight;
use super::{Gift, Reach};
use crate::cells::{HOLE, Hit};
use crate::clause::Place;
use crate::frames::sweep::{MOST_WORDS, Places};
use crate::signs::Signs;
use crate::stretches::Stretch;

/// Pairs of a hit and a tail of which more are not looked at: any head has any tail then, and the work stays linear.
const MANY: usize = 1 << 16;

/// What could match a stretch, in the numbers of the engine's patterns: frames, then clues.
#[derive(Debug, Default)]
pub(crate) struct Near {
    pub(crate) frames: Vec<u32>,
    pub(crate) clues: Vec<u32>,
    /// By pattern: the words of the stretch at which it could begin, from one to before another; empty for those that are in no list.
    pub(crate) begins: Vec<(u8, u8)>,
    touched: Vec<u32>,
}

impl Near {
    fn clear(&mut self, patterns: usize) {
        self.frames.clear();
        self.clues.clear();
        self.touched.drain(..).for_each(|pattern| self.begins[pattern as usize] = (0, 0));
        self.begins.resize(patterns, (0, 0));
    }

    /// Adds a pattern that could begin at some words; clues follow so many frames.
    fn add(&mut self, pattern: u32, (from, to): (usize, usize), frames: u32) {
        let there = &mut self.begins[pattern as usize];
        let (from, to) = (from as u8, to as u8);
        if there.1 == 0 {
            let list = if pattern < frames { &mut self.frames } else { &mut self.clues };
            list.push(pattern);
            self.touched.push(pattern);
            *there = (from, to);
        } else {
            *there = (there.0.min(from), there.1.max(to));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.clues.is_empty()
    }
}

/// What is so in all of a post.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overall {
    pub(crate) signs: Signs,
    /// It names people.
    pub(crate) names: bool,
    /// It holds a slur that counts by itself.
    pub(crate) suffices: bool,
    /// Most words of a hit.
    longest: usize,
}

/// The needs that something meets: where they stand in [`Reach::met`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Row {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// Rows of which it is remembered where they stand in what is given.
const SLOTS: usize = 256;

/// What a stretch meets, and where.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    /// What is given, and the words at which: the same mostly once.
    given: Vec<(Row, Places)>,
    /// Where in `given` a row may stand, by what it begins with.
    places: Vec<u16>,
    met: Vec<u64>,
    /// By word of a set of needs: where its last entry stands in `entries`, counted from 1.
    last: Vec<u32>,
    /// Needs of one word of a set, the words at which they are met, and the entry before of the same word of a set.
    entries: Vec<(u64, Places, u32)>,
    /// Words that may open a clause.
    joins: Places,
}

impl Asking {
    fn give(&mut self, row: Row, places: Places) {
        if row.start == row.end {
            return;
        }
        let last = &mut self.places[row.start as usize % SLOTS];
        match self.given.get_mut(usize::from(*last)) {
            Some((given, all)) if *given == row => *all |= places,
            _ => {
                *last = u16::try_from(self.given.len()).unwrap_or(u16::MAX);
                self.given.push((row, places));
            }
        }
    }

    /// Forgets what was given.
    fn clear(&mut self) {
        self.given.clear();
        self.places.clear();
        self.places.resize(SLOTS, u16::MAX);
        self.joins = 0;
    }

    /// Meets all that is given; sets of needs have so many words.
    fn meet(&mut self, met: &[(u32, u64)], width: usize) {
        let Self { given, met: all, last, entries, .. } = self;
        all.clear();
        all.resize(width, 0);
        last.clear();
        last.resize(width, 0);
        entries.clear();
        for (row, places) in given {
            let next = entries.len() as u32 + 1;
            entries.extend(met[Range::from(*row)].iter().zip(next..).map(|((at, bits), entry)| {
                let at = *at as usize;
                all[at] |= bits;
                (*bits, *places, std::mem::replace(&mut last[at], entry))
            }));
        }
    }
}

/// Where a need is met, by what [`Asking::meet`] wrote.
fn positions(need: u32, last: &[u32], entries: &[(u64, Places, u32)]) -> Places {
    let (mut at, mut all) = (last[need as usize / 64], 0);
    while let Some((bits, places, before)) = at.checked_sub(1).map(|n| entries[n as usize]) {
        all |= if bits >> (need % 64) & 1 == 1 { places } else { 0 };
        at = before;
    }
    all
}

impl Reach {
    /// What the hits say of the whole post.
    pub(crate) fn overall(&self, hits: &[Hit], signs: Signs) -> Overall {
        let mut overall = Overall { signs, names: false, suffices: false, longest: 0 };
        for hit in hits {
            let gift = self.gift(hit);
            overall.suffices |= gift.suffices;
            overall.names |= gift.names;
            overall.longest = overall.longest.max(hit.length as usize);
        }
        overall
    }

    /// Those of `hits`, which stand in order of place, that can give something to the words that are seen from a stretch.
    pub(crate) fn hits_of<'a>(&self, hits: &'a [Hit], overall: &Overall, stretch: &Stretch) -> &'a [Hit] {
        let before = |word: usize| hits.partition_point(|hit| (hit.first as usize) < word);
        &hits[before(stretch.start)..before(stretch.own + self.farthest + overall.longest + HOLE as usize)]
    }

    /// Replaces what `near` holds by the frames, and if the post names people the clues, that could match from a word of a stretch on. The hits
    /// are all, or those of [`Reach::hits_of`].
    pub(crate) fn find(&self, hits: &[Hit], overall: &Overall, places: &[Place], stretch: &Stretch, asking: &mut Asking, near: &mut Near) {
        near.clear(self.patterns);
        self.fill(hits, overall, stretch, asking);
        let own = stretch.own - stretch.start;
        let sight = Sight::of_stretch(places, *stretch, asking.joins);
        let Asking { met, last, entries, .. } = asking;
        self.needs.met(0, met, |way| {
            let pattern = self.of_way[way as usize];
            if pattern >= self.frames && !overall.names {
                return;
            }
            if let Some((from, to)) = self.orders.begins(way, &sight, |need| positions(need, last, entries)) {
                near.add(pattern, (from.min(own - 1), to.min(own)), self.frames);
            }
        });
    }

    /// The needs that the words of a stretch meet, and those behind it as far as a match may get.
    fn fill(&self, hits: &[Hit], overall: &Overall, stretch: &Stretch, asking: &mut Asking) {
        asking.clear();
        let seen = self.farthest + stretch.own - stretch.start;
        // What stands beyond the last word that is seen stands at the end.
        let place = |hit: &Hit| Some(hit.first as usize - stretch.start).filter(|at| *at < seen).map(|at| 1 << at.min(MOST_WORDS));
        let mut tails = 0;
        for hit in hits {
            let gift = self.gift(hit);
            tails += usize::from(gift.tail != 0);
            let Some(at) = place(hit) else { continue };
            asking.give(gift.own, at);
            asking.joins |= if gift.joins { at } else { 0 };
            if overall.names && gift.pronoun != 0 {
                let found = self.pronouns.iter().enumerate().filter(|(kind, _)| gift.pronoun >> kind & 1 == 1);
                found.for_each(|(_, row)| asking.give(*row, at));
            }
        }
        overall.signs.of_each(&self.signs).for_each(|row| asking.give(*row, Places::MAX));
        if tails != 0 {
            let mut give = |head: &Hit, gift: &Gift| {
                let Some(at) = place(head) else { return };
                asking.give(gift.head, at);
                if overall.names {
                    asking.give(self.filled, at);
                }
            };
            self.join(hits, tails, &mut give);
        }
        asking.meet(&self.met, self.needs.width());
    }

    /// Gives what phrases with a hole mean whose two halves stand as near to each other as they must.
    fn join(&self, hits: &[Hit], tails: usize, give: &mut dyn FnMut(&Hit, &Gift)) {
        let heads = |bit: u64| hits.iter().map(|hit| (hit, self.gift(hit))).filter(move |(_, gift)| gift.tails & bit != 0);
        if tails * hits.len() > MANY {
            let any = hits.iter().fold(0, |all, hit| all | self.gift(hit).tail);
            return heads(any).for_each(|(head, gift)| give(head, gift));
        }
        for tail in hits {
            let bit = self.gift(tail).tail;
            let near = |head: &Hit| (1..=HOLE).contains(&tail.first.wrapping_sub(head.first + head.length));
            if bit != 0 {
                heads(bit).filter(|(head, _)| near(head)).for_each(|(head, gift)| give(head, gift));
            }
        }
    }
}

impl From<Row> for Range<usize> {
    fn from(row: Row) -> Self {
        row.start as usize..row.end as usize
    }
}
