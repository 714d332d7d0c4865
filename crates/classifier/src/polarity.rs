//! Polarity: how many negations stand over a predicate.

use std::ops::Range;

use crate::clause::{Boundary, Place};
use crate::concepts::Concepts;

/// Whether the negations in scope of the predicate at `predicate` turn it round. `whole` is the frame's match; the negation of a
/// phrase that holds its own, at `own`, says nothing of the rest. Spoken French drops *ne*: the word behind a verb, at `after_verb`, may negate it.
pub(crate) fn negated(concepts: &[Concepts], places: &[Place], predicate: usize, whole: &Range<usize>, own: &Range<usize>, after_verb: Option<usize>) -> bool {
    let start = scope_start(concepts, places, predicate, whole.start);
    let mut end = scope_end(concepts, places, start, whole.end.max(predicate + 1));
    let spoken = |at: usize| concepts[at].contains(Concepts::NEG) && !concepts[at].contains(Concepts::NOT_NEG) && places[at].before < Boundary::Soft;
    if after_verb.is_some_and(|at| at == end && at < concepts.len() && spoken(at)) {
        end += 1;
    }
    let scope: Vec<Concepts> = (start..end).map(|i| if own.contains(&i) { concepts[i] - Concepts::NEGATING } else { concepts[i] }).collect();
    let ne = scope.iter().any(|c| c.contains(Concepts::NE));
    let restricted =
        scope.iter().any(|c| c.contains(Concepts::RESTRICT)) || (0..scope.len()).any(|i| scope[i].contains(Concepts::SUB) && restrictive(&scope, i));
    let mut count = 0;
    let plain = scope.iter().any(|c| c.contains(Concepts::NEG) && !c.contains(Concepts::NOT_NEG));
    let with_ne = ne && scope.iter().any(|c| c.contains(Concepts::NEG_NE) && !c.contains(Concepts::NOT_NEG));
    let quantified = scope.iter().any(|c| c.contains(Concepts::NWORD));
    if plain || quantified || (with_ne && !restricted) {
        count += 1;
    }
    count += scope.iter().filter(|c| c.contains(Concepts::REFUSE)).count();
    count += usize::from(raised(concepts, places, start));
    count % 2 == 1
}

/// Most words between "ne" and its "que", and from a predicate back to where its scope begins: the work on a post stays linear.
const NEAR: usize = 24;
const FAR: usize = 100;

/// "ne … que" without a negator between them.
fn restrictive(scope: &[Concepts], que: usize) -> bool {
    let before = que.saturating_sub(NEAR);
    let Some(ne) = scope[before..que].iter().rposition(|c| c.contains(Concepts::NE)).map(|ne| before + ne) else { return false };
    !scope[ne..que].iter().any(|c| c.intersects(Concepts::NEG | Concepts::NEG_NE | Concepts::NWORD))
}

/// From the last subordinator, boundary, conjunction or speech verb before the predicate.
fn scope_start(concepts: &[Concepts], places: &[Place], predicate: usize, match_start: usize) -> usize {
    let mut i = predicate;
    while i > predicate.saturating_sub(FAR) {
        if places[i].before >= Boundary::Soft {
            // A soft boundary inside the match was stepped over by the frame itself.
            if places[i].before >= Boundary::Hard || i <= match_start {
                return i;
            }
        }
        let before = concepts[i - 1];
        let subordinator = before.contains(Concepts::SUB) && !restrictive(&concepts[..i], i - 1);
        if subordinator || before.contains(Concepts::SPEECH) {
            return i;
        }
        if concepts[i].contains(Concepts::CONJ) && i <= match_start {
            return i;
        }
        i -= 1;
    }
    i
}

/// To the end of the match, two words further while a *ne* waits for its negator.
fn scope_end(concepts: &[Concepts], places: &[Place], start: usize, end: usize) -> usize {
    let mut end = end.min(concepts.len());
    let waits = |e: usize| {
        let scope = &concepts[start..e];
        scope.iter().any(|c| c.contains(Concepts::NE))
            && !scope.iter().any(|c| c.intersects(Concepts::NEG | Concepts::NEG_NE | Concepts::NWORD | Concepts::RESTRICT))
    };
    for _ in 0..2 {
        if end < concepts.len() && waits(end) && places[end].before < Boundary::Soft {
            end += 1;
        }
    }
    end
}

/// "je ne pense pas que …": the negation of a verb of thought before the scope counts inside it.
fn raised(concepts: &[Concepts], places: &[Place], start: usize) -> bool {
    if start == 0 || !concepts[start - 1].contains(Concepts::SUB) {
        return false;
    }
    let mut i = start - 1;
    let (mut thought, mut negator) = (false, false);
    for _ in 0..6 {
        if places[i].before >= Boundary::Soft || i == 0 {
            thought |= concepts[i].contains(Concepts::THINK);
            negator |= concepts[i].intersects(Concepts::NEG | Concepts::NWORD | Concepts::REFUSE);
            break;
        }
        i -= 1;
        thought |= concepts[i].contains(Concepts::THINK);
        negator |= concepts[i].intersects(Concepts::NEG | Concepts::NWORD | Concepts::REFUSE);
    }
    thought && negator
}
