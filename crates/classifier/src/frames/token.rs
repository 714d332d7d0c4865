//! What a token of a pattern asks for: the letters that its word must have, and what its capture is for.

use vigie_lexicon::pattern::{Conjunction, Symbol};

use super::Fill;
use crate::needs;
use crate::symbols::{Letter, Symbols};

/// Bases whose token names who is spoken of.
const GROUP_BASES: &[&str] = &["G", "GP", "GS", "GI", "SLUR", "AMB", "ANAPHOR", "CEG", "CODE"];
/// Role concepts: whose token carries the predicate.
const ROLE_BASES: &[&str] = &["BEARER", "AGENT", "TARGET", "VICTIM", "GOOD", "EVENT", "BAD"];

/// What the words of a token are captured for, if they are.
pub(super) fn fill(any: &[Conjunction], classes: &dyn Fn(&str) -> bool) -> Option<Fill> {
    let mut found = None;
    for symbol in any.iter().flat_map(|c| &c.all) {
        if let Symbol::Concept(name) = symbol {
            let base = name.split(':').next().unwrap_or(name);
            if GROUP_BASES.contains(&base) {
                return Some(Fill::Group);
            }
            if ROLE_BASES.contains(&base) || classes(base) {
                found = Some(Fill::Predicate);
            }
        }
    }
    found
}

/// The ways in which the symbols can stand on one token or one overlay: the words that each takes, and its letters in order.
pub(super) fn ways(c: &Conjunction, symbols: &Symbols) -> Vec<(usize, Vec<Letter>)> {
    let mut ways: Vec<(usize, Vec<Letter>)> = vec![(1, Vec::new())];
    for (i, symbol) in c.all.iter().enumerate() {
        let letters = letters(symbol, symbols);
        let mut next = Vec::new();
        for (length, so_far) in &ways {
            for &(l, letter) in &letters {
                if i == 0 || l == *length || l == 1 || *length == 1 {
                    let mut with = so_far.clone();
                    with.push(letter);
                    next.push((if i == 0 { l } else { l.max(*length) }, with));
                }
            }
        }
        ways = next;
    }
    for (_, all) in &mut ways {
        all.sort_unstable();
        all.dedup();
    }
    ways
}

/// The letters that the first word must not have.
pub(super) fn excluded(c: &Conjunction, symbols: &Symbols) -> Vec<Letter> {
    c.none.iter().flat_map(|symbol| letters(symbol, symbols)).map(|(_, letter)| letter).collect()
}

fn letters(symbol: &Symbol, symbols: &Symbols) -> Vec<(usize, Letter)> {
    needs::id(symbol, symbols).map(|id| symbols.letters(id)).unwrap_or_default()
}
