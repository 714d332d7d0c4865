//! Hits over words: the canonical ones, and those that another reading of a word adds.

use vigie_text::View;

use crate::cells::Hit;
use crate::forms::Source;
use crate::known::{Found, Tables};
use crate::trigger::Marks;
use crate::words::Words;

/// Intensifiers and negators that a phrase may step over.
pub(crate) const MAX_SKIPPED: usize = 2;
/// Words on each side of another reading that a phrase may reach.
const WINDOW: usize = 6;

/// The hits that were found last, in the words as they stand.
pub(crate) fn canonical(words: &Words, raw: &Found, out: &mut Vec<Hit>) {
    for hit in &raw.hits {
        let view = words.list[hit.first as usize..=hit.last as usize].iter().filter_map(|w| w.view).max();
        out.push(Hit { form: hit.form, first: hit.first, length: hit.last - hit.first + 1, view, stretched: false });
    }
}

/// Hits that the other readings add: each beside its neighbours as they stand, then all first readings together.
pub(crate) fn alternative(tables: &Tables<'_>, words: &Words, raw: &mut Found, out: &mut Vec<Hit>) {
    let mut firsts: Vec<Option<(&str, View)>> = vec![None; words.list.len()];
    for a in &words.alternatives {
        let from = a.word.saturating_sub(WINDOW);
        let to = (a.word + WINDOW + 1).min(words.list.len());
        collect(tables, words, from..to, |i| (i == a.word).then_some((a.text.as_str(), a.view)), 1, raw, out);
        if !a.ending {
            firsts[a.word].get_or_insert((a.text.as_str(), a.view));
        }
    }
    if words.alternatives.len() > 1 {
        collect(tables, words, 0..words.list.len(), |i| firsts[i], 2, raw, out);
    }
}

/// Hits of phrases with an intensifier or a negator inside ("font *tellement* …", "n'ont *pas* honte"): one more pass over the words without those.
pub(crate) fn skipping(tables: &Tables<'_>, words: &Words, raw: &mut Found, out: &mut Vec<Hit>) {
    let skips = |hit: &&Hit| hit.view.is_none() && tables.triggers.marks(hit.form).contains(Marks::SKIPS);
    if !out.iter().any(|hit| skips(&hit)) {
        return;
    }
    let Found { skipped, kept: left, .. } = raw;
    skipped.clear();
    skipped.resize(words.list.len(), false);
    for hit in out.iter().filter(skips) {
        skipped[hit.first as usize..(hit.first + hit.length) as usize].fill(true);
    }
    if !steps_over(skipped, |before, word| tables.matcher.may_join(words.known[before].entry, words.known[word].entry)) {
        return;
    }
    left.clear();
    left.extend(kept(skipped));
    raw.words.clear();
    raw.words.extend(raw.kept.iter().map(|word| words.known[*word]));
    tables.find_again(raw);
    for hit in &raw.hits {
        let (first, last) = (hit.first as usize, hit.last as usize);
        let (from, to) = (raw.kept[first], raw.kept[last]);
        let inserted = (to - from).saturating_sub(last - first);
        let phrase = tables.forms.meanings(hit.form).iter().any(|m| matches!(m.source, Source::Predicate(_)) && m.part.is_none());
        if (1..=MAX_SKIPPED).contains(&inserted) && last > first && phrase {
            out.push(Hit { form: hit.form, first: from as u32, length: (to - from + 1) as u32, view: None, stretched: true });
        }
    }
}

/// The words that are not stepped over.
pub(crate) fn kept(skipped: &[bool]) -> impl Iterator<Item = usize> + '_ {
    (0..skipped.len()).filter(|&word| !skipped[word])
}

/// Whether stepping over words could make a phrase: one that is new has two of the words that became neighbours.
pub(crate) fn steps_over(skipped: &[bool], may_join: impl Fn(usize, usize) -> bool) -> bool {
    kept(skipped).zip(kept(skipped).skip(1)).any(|(before, word)| word - before > 1 && may_join(before, word))
}

fn collect<'a>(
    tables: &Tables<'_>,
    words: &'a Words,
    window: std::ops::Range<usize>,
    reading: impl Fn(usize) -> Option<(&'a str, View)>,
    least: usize,
    raw: &mut Found,
    out: &mut Vec<Hit>,
) {
    raw.words.clear();
    // Which word each is: a reading of several words stands for one.
    let mut of: Vec<usize> = Vec::with_capacity(window.len());
    for i in window {
        match reading(i) {
            Some((text, _)) => tables.add(text, raw),
            None => raw.words.push(words.known[i]),
        }
        of.resize(raw.words.len(), i);
    }
    tables.find_again(raw);
    for hit in &raw.hits {
        let range = of[hit.first as usize]..=of[hit.last as usize];
        let read = || range.clone().filter_map(&reading).map(|(_, view)| view);
        if read().count() < least {
            continue;
        }
        let view = range.clone().filter_map(|i| words.list[i].view).chain(read()).max();
        let hit = Hit { form: hit.form, first: *range.start() as u32, length: range.count() as u32, view, stretched: false };
        if !out.contains(&hit) {
            out.push(hit);
        }
    }
}
