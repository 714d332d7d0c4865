//! The ways in which a pattern can match, each with what it needs: a pattern of several branches needs little of any post, each of its ways much.

use vigie_lexicon::pattern::{Conjunction, Item, Node};

use crate::needs;
use crate::symbols::{SymbolId, Symbols};
use crate::trigger::Weights;

/// Symbols of which one must be there.
type Need = Vec<SymbolId>;

/// What an item needs, at one word of it or another.
type Step = Vec<Need>;

/// What one way of a pattern needs, in the order of its words.
pub(crate) type Way = Vec<Step>;

/// Most ways of one pattern: branches beyond them are told by what they have in common.
const MOST: usize = 24;

/// What turns patterns into their ways.
pub(crate) struct Ways<'a> {
    pub(crate) symbols: &'a Symbols,
    pub(crate) weights: &'a Weights,
    /// Symbols that any word may have: who needs one of them needs nothing. In order.
    pub(crate) always: &'a [SymbolId],
}

impl Ways<'_> {
    /// The ways of a pattern.
    pub(crate) fn of(&self, items: &[Item]) -> Vec<Way> {
        let mut ways = self.sequence(items, MOST);
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    /// What a way needs, the rarest first.
    pub(crate) fn needs(&self, way: &Way) -> Vec<Need> {
        let mut needs = way.concat();
        needs::rarest_first(&mut needs, self.weights);
        needs
    }

    /// The ways of items in order, at most so many.
    fn sequence(&self, items: &[Item], most: usize) -> Vec<Way> {
        let mut ways = vec![Way::new()];
        for item in items.iter().filter(|item| item.min > 0) {
            let room = most / ways.len();
            let own = match &item.node {
                Node::Group(branches) => {
                    let sequences = |each: usize| branches.iter().flat_map(move |branch| self.sequence(branch, each));
                    [most, most / branches.len().max(1)].into_iter().find_map(|each| choice(sequences(each.max(1)), room))
                }
                Node::Token(overlays) => choice(overlays.iter().map(|overlay| self.overlay(overlay)), room),
                Node::Anchor(_) => None,
            };
            let own = own.unwrap_or_else(|| vec![way(self.common(item))]);
            ways = ways.iter().flat_map(|way| own.iter().map(|more| [way.as_slice(), more].concat())).collect();
        }
        ways
    }

    /// What symbols on one token need.
    fn overlay(&self, overlay: &Conjunction) -> Way {
        let one = |symbol| needs::id(symbol, self.symbols).into_iter().collect();
        way(overlay.all.iter().map(one).filter(|need| self.counts(need)))
    }

    /// What all branches of an item have in common.
    fn common(&self, item: &Item) -> impl Iterator<Item = Need> {
        needs::of(item, self.symbols, self.weights).into_iter().filter(|need| self.counts(need))
    }

    /// Whether a need is one.
    fn counts(&self, need: &Need) -> bool {
        !need.iter().any(|id| self.always.binary_search(id).is_ok())
    }
}

/// The way of one step, if it needs anything.
fn way(needs: impl Iterator<Item = Need>) -> Way {
    let step: Step = needs.collect();
    if step.is_empty() { Way::new() } else { vec![step] }
}

/// The ways of any of some branches; nothing if they are more than so many. Those that need one thing are one way, which needs any of these.
fn choice(branches: impl Iterator<Item = Way>, most: usize) -> Option<Vec<Way>> {
    let (one, mut ways): (Vec<Way>, Vec<Way>) = branches.partition(|way| matches!(way.as_slice(), [step] if step.len() == 1));
    if !one.is_empty() {
        ways.push(vec![vec![needs::either(&one.concat().concat())]]);
    }
    (1..=most).contains(&ways.len()).then_some(ways)
}
