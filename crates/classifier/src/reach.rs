//! Whether the forms found in a post could fill some frame, or enough clues: asked before their words are marked, which costs ten times as much.
//!
//! What it lets through, the frames judge; what it stops, no frame would have matched. What a form gives is no more than what the path behind can give it: a pronoun names people only in a
//! post that names some, half of a phrase with a hole means nothing without the other half.

mod asking;
mod order;
mod whole;

use rustc_hash::FxHashMap;
use vigie_lexicon::pattern::BUILT_IN;
use vigie_lexicon::{Lexicon, Use};

use crate::cells::Hit;
use crate::concepts::{ConceptTable, Concepts};
use crate::forms::{FormRef, Forms, Source};
use crate::frames::Extent;
use crate::needs::{self, Needs, Needy, Sparse};
use crate::signs::Signs;
use crate::symbols::{Bases, Letter, SymbolId, Symbols};
use crate::trigger::Weights;
use crate::ways::{Way, Ways};
use asking::Row;
pub(crate) use asking::{Asking, Near, Overall};
use order::Orders;
use whole::Plain;
pub(crate) use whole::{Brief, Whole};

/// Built-in bases that a form carries from its class, so that they are there only when the form is.
const OF_CLASSES: &[&str] = &["BEARER", "AGENT", "TARGET", "VICTIM", "GOOD", "EVENT", "BAD", "CODE"];
/// A phrase whose hole holds a group or a slur.
const FILLED: &str = "FILLED";
/// What a plural determiner adds to a group spelled in the singular.
const PLURAL: &[&str] = &["GP:noun:pl", "GS:noun:pl"];
/// What pronouns take from a group, by the concepts of the pronoun: [`crate::anaphora`].
pub(crate) const PRONOUNS: &[(Concepts, &[&str])] = &[
    (Concepts::ANAPHORIC.union(Concepts::PRON3).union(Concepts::PRON2), &["G", "GP", "GS", "ANAPHOR"]),
    (Concepts::CLITIC, &["G", "GP", "ANAPHOR"]),
    (Concepts::POSSESSIVE, &["ANAPHOR"]),
    (Concepts::CE, &["CEG"]),
];

/// What each frame needs, and what each form gives.
pub(crate) struct Reach {
    /// Of the ways of patterns, in symbols, without what the engine gives to words of any kind.
    needs: Needs,
    orders: Orders,
    /// By way: its pattern.
    of_way: Vec<u32>,
    plain: Plain,
    /// What forms give, each once, the commonest first: those of most words stay in the cache together.
    gifts: Vec<Gift>,
    /// The needs that gifts meet, then those that they meet as heads, gift by gift.
    met: Vec<(u32, u64)>,
    /// The letters of gifts, gift by gift.
    letters: Vec<Letter>,
    /// By form: its gift.
    of_form: Vec<GiftId>,
    /// By kind of pronoun: the needs that it meets in a post that names people.
    pronouns: Vec<Row>,
    /// By sign: the needs that it meets.
    signs: Vec<Row>,
    /// The needs that a phrase with a group in its hole meets.
    filled: Row,
    /// How many frames there are; the clues follow them.
    frames: u32,
    patterns: usize,
    /// Most words of a match.
    farthest: usize,
}

/// What some forms give, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct GiftId(u32);

/// What a form gives to a post.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gift {
    own: Row,
    /// What it meets with a tail behind it.
    head: Row,
    /// Where its letters stand in [`Reach::letters`].
    letters: [u32; 2],
    gives: Gives,
}

/// The part of a gift that has one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Gives {
    /// How many words the form has where it stands as it is written.
    pub(crate) words: u32,
    /// The tails that can stand behind it, each a bit.
    tails: u64,
    /// Its own bit, as a tail.
    pub(crate) tail: u64,
    /// Kinds of pronoun, as bits.
    pub(crate) pronoun: u8,
    /// It opens a clause.
    pub(crate) joins: bool,
    /// It names people.
    pub(crate) names: bool,
    /// It is a slur that counts by itself.
    suffices: bool,
}

impl std::ops::Deref for Gift {
    type Target = Gives;

    fn deref(&self) -> &Gives {
        &self.gives
    }
}

/// What a gift is made of: lists of symbols that the form has as it stands, those that it has as a head, the rest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Outset {
    lists: Vec<u32>,
    heads: Vec<u32>,
    gives: Gives,
}

/// A way of a pattern, and what it needs, in the numbers of symbols, the rarest first.
struct Asked {
    pattern: u32,
    crosses: bool,
    way: Way,
    needs: Vec<Vec<usize>>,
}

/// The needs of some ways, by the numbers that they get here, and the orders of those needs.
fn turned_round<'a>(symbols: &Symbols, ways: impl Iterator<Item = &'a Asked> + Clone) -> (Needs, Orders) {
    let needy: Vec<Needy> = (0..).zip(ways.clone()).map(|(way, asked)| Needy { pattern: way, bucket: 0, needs: asked.needs.clone() }).collect();
    let (needs, numbers) = Needs::numbered(symbols.all().count(), 1, &needy);
    let mut orders = Orders::default();
    ways.for_each(|asked| orders.push(&asked.way, asked.crosses, |need| numbers[need]));
    (needs, orders)
}

/// A gift in the making: needs met, needs met as a head, letters, the rest.
type Made = (Sparse, Sparse, Box<[Letter]>, Gives);

impl Reach {
    /// Sorts the symbols by what gives them; `extents` are those of the patterns of frames, then of clues.
    pub(crate) fn new(lexicon: &Lexicon, forms: &Forms, symbols: &Symbols, concepts: &ConceptTable, weights: &Weights, extents: &[Extent]) -> Self {
        let mut always: Vec<SymbolId> = Vec::new();
        for (id, name) in symbols.all() {
            let base = name.split(':').next().unwrap_or(name);
            let engine = BUILT_IN.contains(&base) && !OF_CLASSES.contains(&base);
            if engine && symbols.base(id) == Bases(0) && base != FILLED && Signs::named(name).is_none() {
                always.push(id);
            }
        }
        let ways = Ways { symbols, weights, always: &always };
        let frames = lexicon.frames.iter().map(|f| (&f.common, &f.pattern)).chain(lexicon.clues.iter().map(|c| (&c.common, &c.pattern)));
        let live = (0..).zip(frames).filter(|(_, (common, _))| common.status.is_live());
        let all: Vec<(u32, Way)> = live.flat_map(|(pattern, (_, tree))| ways.of(&tree.items).into_iter().map(move |way| (pattern, way))).collect();
        let numbers = |need: Vec<SymbolId>| need.into_iter().map(|SymbolId(n)| usize::from(n)).collect();
        let asked = |(pattern, way): (u32, Way)| {
            let needs = ways.needs(&way).into_iter().map(numbers).collect();
            Asked { pattern, crosses: extents[pattern as usize].crosses, needs, way }
        };
        let all: Vec<Asked> = all.into_iter().map(asked).collect();
        let (needs, orders) = turned_round(symbols, all.iter());
        let of_names = |names: &[&str]| needs.row(&mut names.iter().filter_map(|name| symbols.get(name)));
        let giving = Giving {
            lexicon,
            forms,
            symbols,
            concepts,
            lists: forms.lists().map(|list| needs.row(&mut list.iter().copied())).collect(),
            plural: of_names(PLURAL),
            plural_letters: PLURAL.iter().filter_map(|name| symbols.letter(symbols.get(name)?, 1)).collect(),
            tails: tails(forms),
        };
        // Some thousand distinct gifts for all forms, each with its first form and the count of its commonest.
        let mut numbers: FxHashMap<Made, usize> = FxHashMap::default();
        // What most forms give is known from the lists of their meanings, before any need is looked up.
        let mut known: FxHashMap<Outset, usize> = FxHashMap::default();
        let mut outset = Outset::default();
        let (mut counts, mut of_form): (Vec<u32>, Vec<GiftId>) = (Vec::new(), Vec::with_capacity(forms.len()));
        for (n, form) in (0..).zip(forms.iter()) {
            giving.outset(n, form, &mut outset);
            let number = known.get(&outset).copied().unwrap_or_else(|| {
                let number = *numbers.entry(giving.gift(&outset, needs.width())).or_insert(counts.len());
                known.insert(outset.clone(), number);
                number
            });
            counts.resize(counts.len().max(number + 1), 0);
            counts[number] = counts[number].max(lexicon.words.get(form.text).map_or(0, |word| word.count));
            of_form.push(GiftId(number as u32));
        }
        let mut made: Vec<(Made, usize)> = numbers.into_iter().collect();
        made.sort_unstable_by_key(|(_, number)| (std::cmp::Reverse(counts[*number]), *number));
        let mut outsets: Vec<&Outset> = vec![&outset; made.len()];
        known.iter().for_each(|(outset, number)| outsets[*number] = outset);
        let outsets: Vec<&Outset> = made.iter().map(|(_, number)| outsets[*number]).collect();
        let plain = Plain::new(&all, lexicon.frames.len() as u32, &outsets, forms, symbols);
        let mut places = vec![0; made.len()];
        let (mut gifts, mut all_met, mut letters) = (Vec::with_capacity(made.len()), Vec::new(), Vec::new());
        let mut row = |met: &[(u32, u64)]| {
            let start = all_met.len() as u32;
            all_met.extend_from_slice(met);
            Row { start, end: all_met.len() as u32 }
        };
        for (place, ((own, head, its, gives), number)) in (0..).zip(made) {
            places[number] = place;
            let first = letters.len() as u32;
            letters.extend_from_slice(&its);
            gifts.push(Gift { own: row(&own), head: row(&head), letters: [first, letters.len() as u32], gives });
        }
        of_form.iter_mut().for_each(|GiftId(number)| *number = places[*number as usize]);
        let pronouns = PRONOUNS.iter().map(|(_, names)| row(&of_names(names))).collect();
        let signs = Signs::NAMES.iter().map(|(name, _)| row(&of_names(&[name]))).collect();
        let filled = row(&of_names(&[FILLED]));
        all_met.shrink_to_fit();
        letters.shrink_to_fit();
        Self {
            gifts,
            met: all_met,
            letters,
            of_form,
            pronouns,
            signs,
            filled,
            frames: lexicon.frames.len() as u32,
            patterns: extents.len(),
            farthest: extents.iter().map(|extent| extent.longest).max().unwrap_or(0).max(1),
            needs,
            orders,
            of_way: all.iter().map(|asked| asked.pattern).collect(),
            plain,
        }
    }

    /// The letters of a gift, where its form stands as it is written.
    pub(crate) fn letters(&self, gift: &Gift) -> &[Letter] {
        &self.letters[gift.letters[0] as usize..gift.letters[1] as usize]
    }

    /// What the form of a hit gives.
    pub(crate) fn gift(&self, hit: &Hit) -> &Gift {
        self.given(self.of_form[hit.form as usize])
    }

    /// What a form gives to a post that names nobody.
    pub(crate) fn brief(&self, form: u32) -> Brief {
        self.plain.briefs[self.of_form[form as usize].0 as usize]
    }

    fn given(&self, GiftId(number): GiftId) -> &Gift {
        &self.gifts[number as usize]
    }
}

/// What forms give, put together from what their meanings give.
struct Giving<'a> {
    lexicon: &'a Lexicon,
    forms: &'a Forms,
    symbols: &'a Symbols,
    concepts: &'a ConceptTable,
    /// By list of symbols: the needs that it meets.
    lists: Vec<Sparse>,
    plural: Sparse,
    plural_letters: Vec<Letter>,
    tails: Vec<u64>,
}

impl Giving<'_> {
    /// Replaces what `out` holds by the outset of a form.
    fn outset(&self, number: u32, form: FormRef<'_>, out: &mut Outset) {
        let Outset { lists, heads, gives } = out;
        lists.clear();
        heads.clear();
        *gives = Gives { words: form.words() as u32, ..Gives::default() };
        for meaning in form.meanings {
            match meaning.part {
                None => lists.push(Forms::list(meaning)),
                Some(part) if part.tail() => gives.tail = bit_of(number),
                Some(part) => {
                    heads.push(Forms::list(meaning));
                    gives.tails |= self.tails[part.phrase() as usize];
                }
            }
            match meaning.source {
                Source::Slur(i) => {
                    gives.suffices |= self.lexicon.slurs[i as usize].usage == Use::Unambiguous;
                    gives.names = true;
                }
                Source::Group(_) => gives.names = true,
                Source::Operator(o) => {
                    let found = PRONOUNS.iter().enumerate().filter(|(_, (concepts, _))| self.concepts.get(o).intersects(*concepts));
                    found.for_each(|(kind, _)| gives.pronoun |= 1 << kind);
                    gives.joins |= self.concepts.get(o).contains(Concepts::CONJ);
                }
                _ => {}
            }
        }
        for lists in [lists, heads] {
            lists.sort_unstable();
            lists.dedup();
        }
    }

    fn gift(&self, outset: &Outset, width: usize) -> Made {
        let (mut met, mut head) = (vec![0; width], vec![0; width]);
        let mut letters: Vec<Letter> = Vec::new();
        for list in &outset.lists {
            needs::add_sparse(&mut met, &self.lists[*list as usize]);
            letters.extend(self.forms.symbols_of(*list).iter().filter_map(|&id| self.symbols.letter(id, outset.gives.words as usize)));
        }
        outset.heads.iter().for_each(|list| needs::add_sparse(&mut head, &self.lists[*list as usize]));
        if outset.gives.names {
            needs::add_sparse(&mut met, &self.plural);
            letters.extend(&self.plural_letters);
        }
        letters.sort_unstable();
        letters.dedup();
        (needs::sparse(&met), needs::sparse(&head), letters.into(), outset.gives)
    }
}

/// By phrase with a hole: the bit of the form that is its tail.
fn tails(forms: &Forms) -> Vec<u64> {
    let mut tails = Vec::new();
    for (number, form) in (0..).zip(forms.iter()) {
        for part in form.meanings.iter().filter_map(|m| m.part.filter(|part| part.tail())) {
            let phrase = part.phrase() as usize;
            tails.resize(tails.len().max(phrase + 1), 0);
            tails[phrase] = bit_of(number);
        }
    }
    tails
}

/// One of 64 bits for a form.
fn bit_of(form: u32) -> u64 {
    1 << (form.wrapping_mul(0x9E37_79B9) >> 26)
}
