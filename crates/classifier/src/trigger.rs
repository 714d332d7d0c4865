//! Which forms can begin a finding at all: a post without one is clean, and nothing more is done for it.

use vigie_lexicon::Lexicon;
use vigie_lexicon::pattern::{Item, Node, Symbol};

use crate::forms::{Forms, Source};
use crate::symbols::{SymbolId, Symbols};

/// Contextual bases: a form of a group or a slur can give any of them.
const NAMING: &[&str] = &["G", "GP", "GS", "GI", "SLUR", "AMB", "ANAPHOR", "CEG"];

/// Forms that open the costly part of the path.
pub(crate) struct Triggers(Vec<bool>);

impl Triggers {
    /// A form triggers when it names people or insults them, or when a frame that needs neither needs it.
    pub(crate) fn new(lexicon: &Lexicon, forms: &Forms, symbols: &Symbols) -> Self {
        let mut needed: Vec<SymbolId> = Vec::new();
        for frame in &lexicon.frames {
            if !frame.pattern.items.iter().any(names_people) {
                if let Some(ids) = anchor(&frame.pattern.items, symbols, forms) {
                    needed.extend(ids);
                }
            }
        }
        let pulls = |f: &crate::forms::FormEntry| {
            f.meanings.iter().any(|m| matches!(m.source, Source::Group(_) | Source::Slur(_)) || m.symbols.iter().any(|s| needed.contains(s)))
        };
        Self(forms.list.iter().map(pulls).collect())
    }

    /// Whether a form triggers.
    pub(crate) fn pulls(&self, form: u32) -> bool {
        self.0[form as usize]
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
fn anchor(items: &[Item], symbols: &Symbols, forms: &Forms) -> Option<Vec<SymbolId>> {
    let of = |item: &Item| match &item.node {
        Node::Token(any) if item.min > 0 && any.iter().all(|c| !c.all.is_empty()) => Some(any.iter().filter_map(|c| c.all.first()).filter_map(|s| id(s, symbols)).collect::<Vec<_>>()),
        Node::Group(branches) if item.min > 0 => branches.iter().map(|b| anchor(b, symbols, forms)).collect::<Option<Vec<_>>>().map(|v| v.concat()),
        _ => None,
    };
    items.iter().filter_map(of).filter(|ids| !ids.is_empty()).min_by_key(|ids| weight(ids, forms))
}

/// Prefers anchors on predicates and words to anchors on function words, which every post holds.
fn weight(ids: &[SymbolId], forms: &Forms) -> (bool, usize) {
    let mut operator = false;
    let mut count = 0;
    for m in forms.list.iter().flat_map(|f| &f.meanings).filter(|m| m.symbols.iter().any(|s| ids.contains(s))) {
        operator |= matches!(m.source, Source::Operator(_));
        count += 1;
    }
    (operator || count == 0, count)
}

fn id(symbol: &Symbol, symbols: &Symbols) -> Option<SymbolId> {
    match symbol {
        Symbol::Concept(name) => symbols.get(name),
        Symbol::Word(word) => symbols.get(&format!("={word}")),
    }
}
