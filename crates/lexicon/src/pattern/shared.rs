//! What patterns of one bundle have in common: names, tokens of one name, expanded macros. Each is there once, however many patterns hold it.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Conjunction, Node, Symbol};

/// Parts that are handed out again to whoever asks for the same.
#[derive(Debug, Default, Clone)]
pub(super) struct Shared(RefCell<Parts>);

#[derive(Debug, Default, Clone)]
struct Parts {
    names: FxHashSet<Arc<str>>,
    tokens: FxHashMap<Symbol, Arc<[Conjunction]>>,
    any: Option<Arc<[Conjunction]>>,
    macros: FxHashMap<String, Expansion>,
}

/// What a macro stands for.
#[derive(Debug, Clone)]
pub(super) struct Expansion {
    pub(super) node: Node,
    /// How deep it is nested in itself.
    pub(super) depth: usize,
}

impl Shared {
    pub(super) fn name(&self, name: &str) -> Arc<str> {
        self.0.borrow_mut().name(name)
    }

    /// The token that is one symbol.
    pub(super) fn one(&self, name: &str, symbol: impl Fn(Arc<str>) -> Symbol) -> Arc<[Conjunction]> {
        let mut parts = self.0.borrow_mut();
        let symbol = symbol(parts.name(name));
        let token = || Arc::from([Conjunction { all: vec![symbol.clone()], none: Vec::new() }]);
        parts.tokens.entry(symbol.clone()).or_insert_with(token).clone()
    }

    /// The token that is any word.
    pub(super) fn any(&self) -> Arc<[Conjunction]> {
        self.0.borrow_mut().any.get_or_insert_with(|| Arc::from([Conjunction::default()])).clone()
    }

    pub(super) fn expansion(&self, name: &str) -> Option<Expansion> {
        self.0.borrow().macros.get(name).cloned()
    }

    pub(super) fn expand(&self, name: &str, expansion: Expansion) {
        self.0.borrow_mut().macros.insert(name.to_owned(), expansion);
    }
}

impl Parts {
    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }
}
