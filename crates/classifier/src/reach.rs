//! Whether the forms found in a post could fill some frame: asked before their words are marked, which costs ten times as much.
//!
//! It looks at no order and no place: what it lets through, the frames judge; what it stops, no frame would have matched.

use rustc_hash::FxHashMap;
use vigie_lexicon::pattern::{BUILT_IN, Conjunction, Item, Node, Symbol};
use vigie_lexicon::{Lexicon, Use};

use crate::cells::Hit;
use crate::forms::{Forms, Meaning, Source};
use crate::symbols::{Bases, SymbolId, Symbols};

/// Built-in bases that a form carries from its class, so that they are there only when the form is.
const OF_CLASSES: &[&str] = &["BEARER", "AGENT", "TARGET", "VICTIM", "GOOD", "EVENT", "BAD", "CODE"];
/// A phrase whose hole holds a group or a slur.
const FILLED: &str = "FILLED";

/// What each frame needs, and what each form gives.
pub(crate) struct Reach {
    /// What the engine gives to words of any kind.
    always: Set,
    /// By frame: sets of which a post must have one symbol each.
    frames: Vec<Vec<Set>>,
    /// Sets of symbols that forms give, each once.
    gifts: Vec<Gift>,
    /// By form: its gift.
    of_form: Vec<u32>,
}

/// What a form gives to a post.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Gift {
    symbols: Set,
    /// It is a slur that counts by itself.
    suffices: bool,
}

/// A set of symbols, as bits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Set(Vec<u64>);

impl Set {
    fn of_none(symbols: &Symbols) -> Self {
        Self(vec![0; symbols.all().count().div_ceil(64)])
    }

    fn insert(&mut self, SymbolId(n): SymbolId) {
        self.0[usize::from(n) / 64] |= 1 << (n % 64);
    }

    fn extend(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }
}

impl Reach {
    /// Sorts the symbols by what gives them.
    pub(crate) fn new(lexicon: &Lexicon, forms: &Forms, symbols: &Symbols) -> Self {
        let (mut always, mut naming) = (Set::of_none(symbols), Set::of_none(symbols));
        for (id, name) in symbols.all() {
            let base = name.split(':').next().unwrap_or(name);
            if symbols.base(id) != Bases(0) || base == FILLED {
                // What a group or a slur can be, and what a pronoun can take from it.
                naming.insert(id);
            } else if BUILT_IN.contains(&base) && !OF_CLASSES.contains(&base) {
                always.insert(id);
            }
        }
        // A few hundred distinct gifts for all forms: they stay in the processor's cache.
        let mut numbers: FxHashMap<Gift, u32> = FxHashMap::default();
        let mut number = |gift| {
            let next = numbers.len() as u32;
            *numbers.entry(gift).or_insert(next)
        };
        let of_form = forms.iter().map(|form| number(gift(form.meanings, forms, lexicon, &naming, symbols))).collect();
        let mut gifts: Vec<(Gift, u32)> = numbers.into_iter().collect();
        gifts.sort_unstable_by_key(|(_, number)| *number);
        let needs = |items: &[Item]| {
            let mut needs: Vec<Set> = items.iter().flat_map(|item| needs(item, symbols)).filter(|need| !need.meets(&always)).collect();
            // The hardest to fill first.
            needs.sort_by_key(Set::len);
            needs
        };
        let frames = lexicon.frames.iter().map(|f| needs(&f.pattern.items)).collect();
        Self { frames, gifts: gifts.into_iter().map(|(gift, _)| gift).collect(), of_form, always }
    }

    /// Whether some frame could match a post with these hits, or a slur among them counts by itself.
    pub(crate) fn any(&self, hits: &[Hit], present: &mut Set) -> bool {
        present.0.clone_from(&self.always.0);
        for hit in hits {
            let gift = &self.gifts[self.of_form[hit.form as usize] as usize];
            if gift.suffices {
                return true;
            }
            present.extend(&gift.symbols);
        }
        self.frames.iter().any(|needs| needs.iter().all(|need| need.meets(present)))
    }
}

fn gift(meanings: &[Meaning], forms: &Forms, lexicon: &Lexicon, naming: &Set, symbols: &Symbols) -> Gift {
    let mut gift = Gift { symbols: Set::of_none(symbols), suffices: false };
    for meaning in meanings {
        match meaning.source {
            Source::Slur(i) => {
                gift.suffices |= lexicon.slurs[i as usize].usage == Use::Unambiguous;
                gift.symbols.extend(naming);
            }
            Source::Group(_) => gift.symbols.extend(naming),
            _ => {}
        }
        forms.symbols(meaning).iter().for_each(|id| gift.symbols.insert(*id));
    }
    gift
}

/// The sets of which an item needs one symbol each; none when it may be left out or filled by any word.
fn needs(item: &Item, symbols: &Symbols) -> Vec<Set> {
    if item.min == 0 {
        return Vec::new();
    }
    match &item.node {
        Node::Anchor(_) => Vec::new(),
        Node::Token(choices) => match choices.as_slice() {
            [only] => only.all.iter().map(|symbol| one(symbol, symbols)).collect(),
            many => any(many.iter().map(|c: &Conjunction| c.all.first().map(|symbol| one(symbol, symbols))), symbols).into_iter().collect(),
        },
        Node::Group(branches) => {
            any(branches.iter().map(|b| b.iter().flat_map(|item| needs(item, symbols)).min_by_key(Set::len)), symbols).into_iter().collect()
        }
    }
}

fn one(symbol: &Symbol, symbols: &Symbols) -> Set {
    let id = match symbol {
        Symbol::Concept(name) => symbols.get(name),
        Symbol::Word(word) => symbols.get(&format!("={word}")),
    };
    let mut set = Set::of_none(symbols);
    id.into_iter().for_each(|id| set.insert(id));
    set
}

/// All of them together; nothing when one of them needs nothing.
fn any(choices: impl Iterator<Item = Option<Set>>, symbols: &Symbols) -> Option<Set> {
    choices
        .reduce(|all, choice| {
            let (mut all, choice) = (all?, choice?);
            all.extend(&choice);
            Some(all)
        })
        .unwrap_or_else(|| Some(Set::of_none(symbols)))
}
