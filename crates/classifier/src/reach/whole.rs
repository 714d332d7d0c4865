//! What could match anywhere in a post that names nobody: one question for all of it, in front of those for its stretches. Most posts name nobody, and
//! most frames need somebody: of the ways of frames, those are left that such a post can take, with needs of their own in small numbers. Of the few
//! ways that have all they need it is asked whether that stands in their order.

use super::order::{Orders, Sight};
use super::{Asked, GiftId, Outset, Reach, turned_round};
use crate::clause::Place;
use crate::forms::Forms;
use crate::frames::sweep::{MOST_WORDS, Places};
use crate::needs::{self, Needs, Sparse};
use crate::signs::Signs;
use crate::symbols::{SymbolId, Symbols};

/// What frames need of a post that names nobody, and what gifts meet of it.
pub(super) struct Plain {
    /// By way.
    needs: Needs,
    orders: Orders,
    /// The needs that gifts meet, then those that they meet as heads, gift by gift.
    met: Vec<(u32, u64)>,
    /// By gift.
    pub(super) briefs: Vec<Brief>,
    /// By sign: the needs that it meets.
    signs: Vec<Sparse>,
}

bitflags::bitflags! {
    /// What is rare of a form.
    #[derive(Debug, Clone, Copy, Default)]
    struct Rare: u8 {
        /// It names people, or counts by itself.
        const NAMES = 1;
        /// It is half of a phrase with a hole.
        const PART = 2;
        /// It may open a clause.
        const JOINS = 4;
    }
}

/// What a form gives to a post that names nobody.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Brief {
    gift: GiftId,
    /// Where the needs that it meets begin in [`Plain::met`], and how many words of a set they are.
    start: u32,
    own: u16,
    /// How many those behind them are, which it meets with a tail behind it.
    head: u16,
    rare: Rare,
}

impl Plain {
    /// Of all ways of patterns, those of frames that can match without a name; `gifts` are what gifts are made of, in their order.
    pub(super) fn new(all: &[Asked], frames: u32, gifts: &[&Outset], forms: &Forms, symbols: &Symbols) -> Self {
        let of_signs: Vec<Option<SymbolId>> = Signs::NAMES.iter().map(|(name, _)| symbols.get(name)).collect();
        let mut there = vec![false; symbols.all().count()];
        let mut give = |SymbolId(n): SymbolId| there[usize::from(n)] = true;
        of_signs.iter().flatten().for_each(|id| give(*id));
        for outset in gifts.iter().filter(|outset| !outset.gives.names) {
            outset.lists.iter().chain(&outset.heads).flat_map(|list| forms.symbols_of(*list)).for_each(|id| give(*id));
        }
        let can = |asked: &&Asked| asked.pattern < frames && asked.needs.iter().all(|need| need.iter().any(|item| there[*item]));
        let (needs, orders) = turned_round(symbols, all.iter().filter(can));
        let (mut met, mut briefs) = (Vec::new(), Vec::with_capacity(gifts.len()));
        for (gift, outset) in (0..).map(GiftId).zip(gifts) {
            let symbols = |lists: &[u32]| needs.row(&mut lists.iter().flat_map(|list| forms.symbols_of(*list)).copied());
            let (own, head, gives) = (symbols(&outset.lists), symbols(&outset.heads), &outset.gives);
            let mut rare = Rare::empty();
            rare.set(Rare::NAMES, gives.names || gives.suffices);
            rare.set(Rare::PART, gives.tail | gives.tails != 0);
            rare.set(Rare::JOINS, gives.joins);
            briefs.push(Brief { gift, start: met.len() as u32, own: own.len() as u16, head: head.len() as u16, rare });
            met.extend(own);
            met.extend(head);
        }
        met.shrink_to_fit();
        let signs = of_signs.iter().map(|id| needs.row(&mut id.iter().copied())).collect();
        Self { needs, orders, met, briefs, signs }
    }
}

/// A post that has all that so many ways need is not looked through for their order: it is no ordinary post, and the work stays small.
const MOST_WAYS: usize = 64;

/// What a post gives as a whole.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    /// The needs that it meets.
    met: Vec<u64>,
    /// What begins at which word.
    given: Vec<(u32, Brief)>,
    /// Tails of phrases with a hole, a bit each.
    tails: u64,
    /// Words that may open a clause.
    joins: Places,
}

impl Whole {
    /// Nothing yet.
    pub(crate) fn clear(&mut self, reach: &Reach) {
        self.met.clear();
        self.met.resize(reach.plain.needs.width(), 0);
        self.given.clear();
        self.tails = 0;
        self.joins = 0;
    }

    /// Adds what a form gives that begins at a word; false when it names people, or counts by itself.
    pub(crate) fn add(&mut self, reach: &Reach, word: usize, brief: &Brief) -> bool {
        needs::add_sparse(&mut self.met, reach.plain.own(brief));
        if brief.rare.contains(Rare::PART) {
            self.tails |= reach.given(brief.gift).tail;
        }
        if brief.rare.contains(Rare::JOINS) {
            self.joins |= 1_u128.checked_shl(word as u32).unwrap_or(0);
        }
        if brief.own | brief.head != 0 {
            self.given.push((word as u32, *brief));
        }
        !brief.rare.contains(Rare::NAMES)
    }

    /// Whether any frame could match a post of so many words, which has what it needs in its order; the places of the words are looked up only when
    /// they matter.
    pub(crate) fn may_match(&mut self, reach: &Reach, signs: Signs, words: usize, places: &mut Vec<Place>, look_up: impl Fn(&mut Vec<Place>)) -> bool {
        let Self { met, given, tails, joins: opening } = self;
        let plain = &reach.plain;
        let joins = |brief: &Brief| brief.head != 0 && reach.given(brief.gift).tails & *tails != 0;
        given.iter().filter(|(_, brief)| joins(brief)).for_each(|(_, brief)| needs::add_sparse(met, plain.head(brief)));
        signs.of_each(&plain.signs).for_each(|given| needs::add_sparse(met, given));
        let positions = |need: u32| {
            let meets =
                |row: &[(u32, u64)]| row.iter().find(|(at, _)| *at >= need / 64).is_some_and(|(at, bits)| *at == need / 64 && bits >> (need % 64) & 1 == 1);
            if signs.of_each(&plain.signs).any(|given| meets(given)) {
                return Places::MAX;
            }
            let meeting = given.iter().filter(|(_, brief)| meets(plain.own(brief)) || joins(brief) && meets(plain.head(brief)));
            meeting.fold(0, |all, (word, _)| all | 1 << word)
        };
        let may = |way: u32, sight: &Sight| plain.orders.begins(way, sight, positions).is_some();
        let (blind, mut sight, mut asked) = (Sight::blind(words), None, 0);
        plain.needs.any(met, |way| {
            asked += 1;
            if words > MOST_WORDS || asked > MOST_WAYS {
                return true;
            }
            let known = || {
                look_up(places);
                Sight::of(places, *opening)
            };
            may(way, &blind) && may(way, sight.get_or_insert_with(known))
        })
    }
}

impl Plain {
    /// The needs that a form meets.
    fn own(&self, brief: &Brief) -> &[(u32, u64)] {
        &self.met[brief.start as usize..][..usize::from(brief.own)]
    }

    /// The needs that it meets with a tail behind it.
    fn head(&self, brief: &Brief) -> &[(u32, u64)] {
        &self.met[brief.start as usize + usize::from(brief.own)..][..usize::from(brief.head)]
    }
}
