//! Whether the forms found in a post could fill some frame, or enough clues: asked before their words are marked, which costs ten times as much.
//!
//! It looks at no order and no place: what it lets through, the frames judge; what it stops, no frame would have matched.

use rustc_hash::FxHashMap;
use vigie_lexicon::pattern::BUILT_IN;
use vigie_lexicon::{Lexicon, Use};

use crate::cells::Hit;
use crate::forms::{Forms, Meaning, Source};
use crate::needs::{self, Needs, Needy};
use crate::symbols::{Bases, SymbolId, Symbols};
use crate::trigger::Weights;

/// Built-in bases that a form carries from its class, so that they are there only when the form is.
const OF_CLASSES: &[&str] = &["BEARER", "AGENT", "TARGET", "VICTIM", "GOOD", "EVENT", "BAD", "CODE"];
/// A phrase whose hole holds a group or a slur.
const FILLED: &str = "FILLED";

/// What each frame needs, and what each form gives.
pub(crate) struct Reach {
    /// In symbols, without what the engine gives to words of any kind.
    needs: Needs,
    /// What forms give, each once.
    gifts: Vec<Gift>,
    /// By form: its gift.
    of_form: Vec<u32>,
    /// How many frames there are; the clues follow them.
    frames: u32,
    /// What each clue adds at most, and the sum that counts.
    points: Vec<u32>,
    enough: u32,
}

/// What a form gives to a post.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Gift {
    /// The needs that it meets, as bits.
    met: Box<[u64]>,
    /// It is a slur that counts by itself.
    suffices: bool,
}

impl Reach {
    /// Sorts the symbols by what gives them.
    pub(crate) fn new(lexicon: &Lexicon, forms: &Forms, symbols: &Symbols, weights: &Weights) -> Self {
        let (mut always, mut naming) = (Vec::new(), Vec::new());
        for (id, name) in symbols.all() {
            let base = name.split(':').next().unwrap_or(name);
            if symbols.base(id) != Bases(0) || base == FILLED {
                // What a group or a slur can be, and what a pronoun can take from it.
                naming.push(id);
            } else if BUILT_IN.contains(&base) && !OF_CLASSES.contains(&base) {
                always.push(id);
            }
        }
        let needy = |items: &[_]| {
            let all = items.iter().flat_map(|item| needs::of(item, symbols, weights));
            let mut needs: Vec<Vec<SymbolId>> = all.filter(|need| !need.iter().any(|id| always.binary_search(id).is_ok())).collect();
            needs.sort_by_key(|need| weights.of(need));
            needs.dedup();
            Needy { bucket: 0, needs: needs.into_iter().map(|need| need.into_iter().map(|SymbolId(n)| usize::from(n)).collect()).collect() }
        };
        let frames = lexicon.frames.iter().map(|f| (&f.common, &f.pattern));
        let all: Vec<Needy> = frames
            .chain(lexicon.clues.iter().map(|c| (&c.common, &c.pattern)))
            .map(|(common, pattern)| if common.status.is_live() { needy(&pattern.items) } else { Needy { bucket: 0, needs: needs::never() } })
            .collect();
        let needs = Needs::new(symbols.all().count(), 1, &all);
        // A few hundred distinct gifts for all forms: they stay in the processor's cache.
        let mut numbers: FxHashMap<Gift, u32> = FxHashMap::default();
        let mut number = |gift| {
            let next = numbers.len() as u32;
            *numbers.entry(gift).or_insert(next)
        };
        let of_form = forms.iter().map(|form| number(gift(form.meanings, forms, lexicon, &naming, &needs))).collect();
        let mut gifts: Vec<(Gift, u32)> = numbers.into_iter().collect();
        gifts.sort_unstable_by_key(|(_, number)| *number);
        Self {
            needs,
            gifts: gifts.into_iter().map(|(gift, _)| gift).collect(),
            of_form,
            frames: lexicon.frames.len() as u32,
            points: lexicon.clues.iter().map(|c| u32::try_from(c.points).unwrap_or(0)).collect(),
            enough: lexicon.policy.clues.map_or(u32::MAX, |rule| u32::from(rule.points)),
        }
    }

    /// Whether some frame could match a post with these hits, its clues could add up to enough, or a slur among them counts by itself.
    pub(crate) fn any(&self, hits: &[Hit], met: &mut Vec<u64>) -> bool {
        met.clear();
        met.resize(self.needs.width(), 0);
        for hit in hits {
            let gift = &self.gifts[self.of_form[hit.form as usize] as usize];
            if gift.suffices {
                return true;
            }
            needs::add(met, &gift.met);
        }
        let mut sum = 0;
        self.needs.met(0, met).any(|number| {
            number < self.frames || {
                sum += self.points[(number - self.frames) as usize];
                sum >= self.enough
            }
        })
    }
}

fn gift(meanings: &[Meaning], forms: &Forms, lexicon: &Lexicon, naming: &[SymbolId], needs: &Needs) -> Gift {
    let mut gift = Gift { met: vec![0; needs.width()].into_boxed_slice(), suffices: false };
    let mut give = |ids: &[SymbolId]| ids.iter().for_each(|SymbolId(n)| needs.meet(usize::from(*n), &mut gift.met));
    for meaning in meanings {
        match meaning.source {
            Source::Slur(i) => {
                gift.suffices |= lexicon.slurs[i as usize].usage == Use::Unambiguous;
                give(naming);
            }
            Source::Group(_) => give(naming),
            _ => {}
        }
        give(forms.symbols(meaning));
    }
    gift
}
