//! The ways in which a pattern can match, each with what it needs: a pattern of several branches needs little of any post, each of its ways much.

use vigie_lexicon::pattern::{Anchor, Conjunction, Item, Node};

use crate::frames::longest;
use crate::needs;
use crate::symbols::{SymbolId, Symbols};
use crate::trigger::Weights;

/// Symbols of which one must be there.
type Need = Vec<SymbolId>;

/// What must stand somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step {
    pub(crate) needs: Vec<Need>,
    pub(crate) kind: Kind,
    /// How many words it can begin behind the beginning of the step before it, or of the way.
    pub(crate) far: usize,
}

/// Where the needs of a step stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// All at the word where it begins.
    Word,
    /// Anywhere in so many words.
    Within(usize),
    /// There are none: it is the boundary in front of a word.
    Bound,
    /// The end of a sentence.
    Sentence,
}

/// What one way of a pattern needs, in the order of its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Way {
    pub(crate) steps: Vec<Step>,
    /// Most words from the beginning of its last step on, or of all of it when it has none.
    rest: usize,
}

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
        let mut needs = way.steps.iter().flat_map(|step| step.needs.iter().cloned()).collect();
        needs::rarest_first(&mut needs, self.weights);
        needs
    }

    /// The ways of items in order, at most so many.
    fn sequence(&self, items: &[Item], most: usize) -> Vec<Way> {
        let mut ways = vec![Way::default()];
        for item in items {
            let all = longest(std::slice::from_ref(item), self.symbols);
            if item.min == 0 {
                ways.iter_mut().for_each(|way| way.rest += all);
                continue;
            }
            // What is needed stands in its first copy.
            let one = all / usize::from(item.max.max(1));
            let room = most / ways.len();
            let own = match &item.node {
                Node::Group(branches) => {
                    let sequences = |each: usize| branches.iter().flat_map(move |branch| self.sequence(branch, each));
                    [most, most / branches.len().max(1)].into_iter().find_map(|each| choice(sequences(each.max(1)), room))
                }
                Node::Token(overlays) => choice(overlays.iter().map(|overlay| self.overlay(overlay, one)), room),
                Node::Anchor(Anchor::Bound) => Some(vec![edge(Kind::Bound)]),
                Node::Anchor(Anchor::Start | Anchor::End) => Some(vec![edge(Kind::Sentence)]),
            };
            let mut own = own.unwrap_or_else(|| vec![way(self.common(item), Kind::Within(one), one)]);
            own.iter_mut().for_each(|way| way.rest += all - one);
            ways = ways.iter().flat_map(|way| own.iter().map(|more| way.then(more))).collect();
        }
        ways
    }

    /// What symbols on one token, of so many words at most, need.
    fn overlay(&self, overlay: &Conjunction, longest: usize) -> Way {
        let one = |symbol| needs::id(symbol, self.symbols).into_iter().collect();
        way(overlay.all.iter().map(one).filter(|need| self.counts(need)), Kind::Word, longest)
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

impl Way {
    /// This way, then another.
    fn then(&self, next: &Self) -> Self {
        let mut steps = self.steps.clone();
        let behind = steps.len();
        steps.extend(next.steps.iter().cloned());
        match steps.get_mut(behind) {
            Some(first) => {
                first.far += self.rest;
                Self { steps, rest: next.rest }
            }
            None => Self { steps, rest: self.rest + next.rest },
        }
    }
}

/// The way of one step, if it needs anything, of at most so many words.
fn way(needs: impl Iterator<Item = Need>, kind: Kind, longest: usize) -> Way {
    let step = Step { needs: needs.collect(), kind, far: 0 };
    Way { steps: if step.needs.is_empty() { Vec::new() } else { vec![step] }, rest: longest }
}

/// The way that is a boundary.
fn edge(kind: Kind) -> Way {
    Way { steps: vec![Step { needs: Vec::new(), kind, far: 0 }], rest: 0 }
}

/// The ways of any of some branches; nothing if they are more than so many. Those that need one thing at one word are one way, which needs any of
/// these, and so are those that are a boundary.
fn choice(branches: impl Iterator<Item = Way>, most: usize) -> Option<Vec<Way>> {
    let (words, others): (Vec<Way>, Vec<Way>) =
        branches.partition(|way| matches!(way.steps.as_slice(), [Step { needs, kind: Kind::Word, .. }] if needs.len() == 1));
    let (edges, mut ways): (Vec<Way>, Vec<Way>) =
        others.into_iter().partition(|way| matches!(way.steps.as_slice(), [Step { kind: Kind::Bound | Kind::Sentence, .. }]));
    ways.extend(either(&words));
    ways.extend(either(&edges));
    (1..=most).contains(&ways.len()).then_some(ways)
}

/// The one way that any of some ways of one step are.
fn either(ways: &[Way]) -> Option<Way> {
    let steps = || ways.iter().flat_map(|way| &way.steps);
    let kind = steps().map(|step| step.kind).min()?;
    let all: Vec<Need> = steps().flat_map(|step| step.needs.iter().cloned()).collect();
    let needs = if all.is_empty() { all } else { vec![needs::either(&all)] };
    let far = steps().map(|step| step.far).max()?;
    Some(Way { steps: vec![Step { needs, kind, far }], rest: ways.iter().map(|way| way.rest).max()? })
}
