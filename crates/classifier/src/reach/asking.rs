//! What could match a stretch of a post: needs are asked part by part, as far behind a part as a match that begins in it can get.

use std::ops::Range;

use super::{Gift, Reach};
use crate::cells::{HOLE, Hit};
use crate::needs;
use crate::signs::Signs;
use crate::stretches::{Part, Stretch, Stretches};

/// Pairs of a hit and a tail of which more are not looked at: any head has any tail then, and the work stays linear.
const MANY: usize = 1 << 16;
/// Frames that may cross sentences are asked of parts with at least so many words together.
const TOGETHER: usize = 16;

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

    /// Adds a pattern that could begin at some words, no earlier than those of which it was said before; clues follow so many frames.
    fn add(&mut self, pattern: u32, begins: (u8, u8), frames: u32) {
        let there = &mut self.begins[pattern as usize];
        if there.1 == 0 {
            let list = if pattern < frames { &mut self.frames } else { &mut self.clues };
            list.push(pattern);
            self.touched.push(pattern);
            there.0 = begins.0;
        }
        there.1 = begins.1;
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

/// The parts that are seen from a stretch, the word at which it begins, and whether the post names people.
struct Asked<'a> {
    parts: &'a [Part],
    start: usize,
    names: bool,
}

/// The buffers of asking.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    /// By part that is seen: the needs that it meets.
    rows: Vec<u64>,
    /// By part: kinds of pronoun, as bits.
    pronouns: Vec<u8>,
    /// By word: its part.
    parts: Vec<u16>,
    met: Vec<u64>,
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
        &hits[before(stretch.words.0)..before(self.sight(stretch) + overall.longest + HOLE as usize)]
    }

    /// How far needs are asked behind the own words of a stretch.
    fn sight(&self, stretch: &Stretch) -> usize {
        stretch.own + self.farthest
    }

    /// Replaces what `near` holds by the frames, and if the post names people the clues, that could match from a word of a stretch on. The hits
    /// are all, or those of [`Reach::hits_of`].
    pub(crate) fn find(&self, hits: &[Hit], overall: &Overall, stretches: &Stretches, stretch: &Stretch, asking: &mut Asking, near: &mut Near) {
        near.clear(self.patterns);
        let seen = stretches.from(stretch.parts.0);
        let seen = &seen[..seen.partition_point(|part| part.start < self.sight(stretch))];
        self.fill(hits, overall, seen, asking);
        let own = stretch.parts.1 - stretch.parts.0;
        let asked = Asked { parts: seen, start: stretch.words.0, names: overall.names };
        for n in 0..own {
            self.ask(0..Self::CROSSES, n..n + 1, &asked, asking, near);
        }
        let mut first = 0;
        for n in 0..own {
            if seen[n].end - seen[first].start >= TOGETHER || n + 1 == own {
                self.ask(Self::CROSSES..Self::FAR.len(), first..n + 1, &asked, asking, near);
                first = n + 1;
            }
        }
    }

    /// Adds the patterns of some buckets of which every need is met as far as a match can get that begins in some parts.
    fn ask(&self, buckets: Range<usize>, own: Range<usize>, asked: &Asked<'_>, asking: &mut Asking, near: &mut Near) {
        let width = self.needs.width();
        let Asking { rows, met, .. } = asking;
        let row = |part: usize| &rows[part * width..(part + 1) * width];
        let (first, last) = (&asked.parts[own.start], &asked.parts[own.end - 1]);
        let begins = ((first.start - asked.start) as u8, (last.end - asked.start) as u8);
        met.clear();
        met.extend_from_slice(row(own.start));
        let mut end = own.start + 1;
        for bucket in buckets {
            // One past the last word of the longest match.
            let farthest = last.end - 1 + Self::FAR[bucket].unwrap_or(self.farthest);
            let goes_on = |before: &Part| before.end < farthest && (bucket >= Self::CROSSES || !before.closed);
            while end < asked.parts.len() && (end < own.end || goes_on(&asked.parts[end - 1])) {
                needs::add(met, row(end));
                end += 1;
            }
            self.needs.met(bucket, met, |pattern| {
                if pattern < self.frames || asked.names {
                    near.add(pattern, begins, self.frames);
                }
            });
        }
    }

    /// The needs that each part meets.
    fn fill(&self, hits: &[Hit], overall: &Overall, seen: &[Part], asking: &mut Asking) {
        let width = self.needs.width();
        let Asking { rows, pronouns, parts, .. } = asking;
        let start = seen.first().map_or(0, |part| part.start);
        parts.clear();
        (0..).zip(seen).for_each(|(n, part)| parts.resize(part.end - start, n));
        rows.clear();
        rows.resize(seen.len() * width, 0);
        pronouns.clear();
        pronouns.resize(seen.len(), 0);
        let mut tails = 0;
        for hit in hits {
            let gift = self.gift(hit);
            tails += usize::from(gift.tail != 0);
            let Some(&part) = parts.get(hit.first as usize - start) else { continue };
            let part = usize::from(part);
            needs::add_sparse(&mut rows[part * width..(part + 1) * width], &self.met[gift.met[0] as usize..gift.met[1] as usize]);
            pronouns[part] |= gift.pronoun;
        }
        for (row, pronouns) in rows.chunks_exact_mut(width.max(1)).zip(pronouns) {
            overall.signs.of_each(&self.signs).for_each(|given| needs::add_sparse(row, given));
            if overall.names {
                let found = self.pronouns.iter().enumerate().filter(|(kind, _)| *pronouns >> kind & 1 == 1);
                found.for_each(|(_, given)| needs::add_sparse(row, given));
            }
        }
        if tails != 0 {
            let mut give = |head: &Hit, gift: &Gift| {
                let Some(&part) = parts.get(head.first as usize - start) else { return };
                let row = &mut rows[usize::from(part) * width..(usize::from(part) + 1) * width];
                needs::add_sparse(row, &self.met[gift.met[1] as usize..gift.met[2] as usize]);
                if overall.names {
                    needs::add_sparse(row, &self.filled);
                }
            };
            self.join(hits, tails, &mut give);
        }
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
