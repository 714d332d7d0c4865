//! Which forms can begin a finding at all: a post without one is clean, and nothing more is done for it.

use rustc_hash::FxHashMap;
use vigie_lexicon::Lexicon;
use vigie_lexicon::pattern::{BUILT_IN, Conjunction, Item, Node, Symbol};
use vigie_text::Dictionary;

use crate::concepts::{ConceptTable, Concepts};
use crate::forms::{FormRef, Forms, Source};
use crate::needs;
use crate::signs::Signs;
use crate::symbols::{SymbolId, Symbols};

/// Contextual bases, which only a form of a group or a slur can give, and the phrase whose hole holds one.
const NAMING: &[&str] = &["G", "GP", "GS", "GI", "SLUR", "AMB", "ANAPHOR", "CEG", "FILLED"];

bitflags::bitflags! {
    /// What is asked of every form that is found.
    #[derive(Debug, Clone, Copy, Default)]
    pub(crate) struct Marks: u8 {
        /// It triggers.
        const PULLS = 1;
        /// Phrases step over it: an intensifier or a negator.
        const SKIPS = 2;
    }
}

/// Forms that open the costly part of the path.
pub(crate) struct Triggers {
    /// By form.
    marks: Vec<Marks>,
}

impl Triggers {
    /// A form triggers when it names people or insults them, or when a frame that needs neither needs it.
    pub(crate) fn new(lexicon: &Lexicon, forms: &Forms, symbols: &Symbols, concepts: &ConceptTable, weights: &Weights) -> Self {
        let mut needed: Vec<SymbolId> = Vec::new();
        for frame in lexicon.frames.iter().filter(|f| f.common.status.is_live()) {
            if !frame.pattern.items.iter().any(names_people)
                && let Some(ids) = anchor(&frame.pattern.items, symbols, weights)
            {
                needed.extend(ids);
            }
        }
        needed.sort_unstable();
        needed.dedup();
        let pulls = |f: FormRef<'_>| {
            f.meanings
                .iter()
                .any(|m| matches!(m.source, Source::Group(_) | Source::Slur(_)) || forms.symbols(m).iter().any(|s| needed.binary_search(s).is_ok()))
        };
        let skips = |f: FormRef<'_>| f.meanings.iter().any(|m| matches!(m.source, Source::Operator(o) if concepts.get(o).intersects(Concepts::SKIPPED)));
        let marks = |f| [(pulls(f), Marks::PULLS), (skips(f), Marks::SKIPS)].into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
        Self { marks: forms.iter().map(marks).collect() }
    }

    /// What is asked of a form.
    pub(crate) fn marks(&self, form: u32) -> Marks {
        self.marks[form as usize]
    }
}

/// Whether an item must be filled by a group or a slur.
fn names_people(item: &Item) -> bool {
    item.min > 0
        && match &item.node {
            Node::Token(any) => !any.is_empty() && any.iter().all(|c| c.all.iter().any(is_naming)),
            Node::Anchor(_) => false,
            Node::Group(branches) => branches.iter().all(|b| b.iter().any(names_people)),
        }
}

fn is_naming(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Concept(name) if NAMING.contains(&name.split(':').next().unwrap_or(name)))
}

/// The symbols of the rarest item that must be filled.
fn anchor(items: &[Item], symbols: &Symbols, weights: &Weights) -> Option<Vec<SymbolId>> {
    let rarest = |c: &Conjunction| c.all.iter().filter_map(|s| needs::id(s, symbols)).min_by_key(|id| weights.of(&[*id]));
    let of = |item: &Item| match &item.node {
        Node::Token(any) if item.min > 0 && any.iter().all(|c| !c.all.is_empty()) => Some(any.iter().filter_map(rarest).collect::<Vec<_>>()),
        Node::Group(branches) if item.min > 0 => branches.iter().map(|b| anchor(b, symbols, weights)).collect::<Option<Vec<_>>>().map(|v| v.concat()),
        _ => None,
    };
    items.iter().filter_map(of).filter(|ids| !ids.is_empty()).min_by_key(|ids| weights.of(ids))
}

/// How often everyday French holds a form with the symbol, per hundred million words.
pub(crate) struct Weights(FxHashMap<SymbolId, u64>);

/// Running words behind the counts of the dictionary.
const WORDS: u64 = 100_000_000;

/// Names in posts that name people, of which needs are mostly asked: one word in twenty.
const NAMED: u64 = WORDS / 20;

/// What the engine gives to few posts, and to the others not at all: as often as a word of everyday speech.
const ENGINE: u64 = 20_000;

impl Weights {
    pub(crate) fn new(forms: &Forms, symbols: &Symbols, dictionary: &Dictionary) -> Self {
        let mut weights: FxHashMap<SymbolId, u64> = FxHashMap::default();
        let mut given = Vec::new();
        for form in forms.iter() {
            let rate = rarest_pair(form.text, dictionary).map_or_else(|| count(form.text, dictionary), |(_, _, product)| product / WORDS) + 1;
            given.clear();
            given.extend(form.meanings.iter().flat_map(|m| forms.symbols(m).iter().copied()));
            given.sort_unstable();
            given.dedup();
            given.iter().for_each(|id| *weights.entry(*id).or_default() += rate);
        }
        // What the engine itself gives to words is on every post.
        let engine = |name: &str| BUILT_IN.contains(&name.split(':').next().unwrap_or(name));
        weights.extend(symbols.all().filter(|(id, name)| engine(name) && !weights.contains_key(id)).map(|(id, _)| (id, u64::MAX)).collect::<Vec<_>>());
        Self(weights)
    }

    /// The same for those who know of a whole post what the engine can give to none of its words, and mostly ask posts that name people.
    pub(crate) fn of_posts(&self, symbols: &Symbols) -> Self {
        let mut weights = self.0.clone();
        weights.extend(Signs::NAMES.iter().filter_map(|(name, _)| Some((symbols.get(name)?, ENGINE))));
        let names = |name: &str| NAMING.contains(&name.split(':').next().unwrap_or(name));
        weights.extend(symbols.all().filter(|(_, name)| names(name)).map(|(id, _)| (id, NAMED)).collect::<Vec<_>>());
        Self(weights)
    }

    /// The rate of any of the symbols; a symbol that no form has never occurs.
    pub(crate) fn of(&self, ids: &[SymbolId]) -> u64 {
        ids.iter().filter_map(|id| self.0.get(id)).fold(0, |sum, rate| sum.saturating_add(*rate))
    }
}

/// Occurrences of a folded word, at least one.
fn count(word: &str, dictionary: &Dictionary) -> u64 {
    dictionary.get(word).map_or(1, |w| u64::from(w.count).max(1))
}

/// The two neighbours of a phrase that meet most rarely, and the product of their counts; nothing for one word.
fn rarest_pair<'a>(form: &'a str, dictionary: &Dictionary) -> Option<(&'a str, &'a str, u64)> {
    let words = form.split(' ');
    let pairs = words.clone().zip(words.skip(1));
    pairs.map(|(a, b)| (a, b, count(a, dictionary) * count(b, dictionary))).min_by_key(|(_, _, product)| *product)
}
