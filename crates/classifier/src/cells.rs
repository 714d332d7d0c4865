//! What each word can mean: the hits of the automaton as marks on words, after innocent phrases and longer matches have taken theirs.

use std::borrow::Cow;

use vigie_lexicon::{Form, Lexicon};
use vigie_text::{Dictionary, TokenFlags, View};

use crate::clause::{Boundary, Place};
use crate::forms::{Forms, Meaning, Source};
use crate::symbols::{Bases, SymbolId};
use crate::words::Words;

/// A form found over a range of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) form: u32,
    pub(crate) first: u32,
    /// In words.
    pub(crate) length: u32,
    pub(crate) view: Option<View>,
}

/// One meaning of a range of words, on its first word.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) source: Source,
    pub(crate) form: Form,
    pub(crate) length: u32,
    pub(crate) view: Option<View>,
    /// A phrase whose hole holds a group.
    pub(crate) filled: bool,
    /// For groups and slurs: what they are at this place.
    pub(crate) bases: Bases,
    /// Indices of the meaning, for its symbols.
    pub(crate) meaning: (u32, u32),
}

/// Who a word speaks of, when it speaks of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum GroupRef {
    Group(u32),
    Slur(u32),
}

/// A word and what it can mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) marks: Vec<Mark>,
    /// Engine concepts: (symbol, length in words).
    pub(crate) extra: Vec<(SymbolId, u32)>,
    /// For a pronoun: the group that it takes up.
    pub(crate) antecedent: Option<GroupRef>,
    /// Part of an innocent phrase.
    pub(crate) innocent: Option<u32>,
}

impl Cell {
    /// Forgets everything, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.marks.clear();
        self.extra.clear();
        self.antecedent = None;
        self.innocent = None;
    }
}

/// Concepts of the pronouns that a reflexive verb takes.
const REFLEXIVE: &[&str] = &["SE", "ME", "NOUS", "PRON2"];

/// Turns hits into cells.
pub(crate) struct Marking<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) forms: &'a Forms,
    pub(crate) text: &'a str,
    pub(crate) words: &'a Words,
    pub(crate) places: &'a [Place],
}

impl Marking<'_> {
    /// Fills `cells`, one per word; those that there are have been cleared.
    pub(crate) fn fill(&self, hits: &[Hit], cells: &mut Vec<Cell>) {
        cells.resize_with(self.words.list.len(), Cell::default);
        let accents = self.words.list.iter().any(|w| w.flags.contains(TokenFlags::ACCENT));
        let mut marks: Vec<(u32, Mark)> = Vec::new();
        let mut heads: Vec<(u32, Hit, usize)> = Vec::new();
        // With their numbers in the order of the hits.
        let mut tails: Vec<(u32, usize, Hit)> = Vec::new();
        let pronouns = self.pronouns(hits);
        let reflexive = |hit: &Hit| {
            let (first, end) = (hit.first as usize, (hit.first + hit.length) as usize);
            pronouns[first.saturating_sub(2)..first].contains(&true) || pronouns.get(end) == Some(&true)
        };
        for hit in hits {
            let entry = self.forms.get(hit.form);
            let stretched = hit.length as usize > entry.text.split(' ').count();
            let spelled = self.surface(hit);
            for (m, meaning) in entry.meanings.iter().enumerate() {
                if (meaning.reflexive && !reflexive(hit))
                    || (stretched && !matches!(meaning.source, Source::Predicate(_)))
                    || !self.spelled(hit, spelled.as_deref(), meaning, entry.meanings, accents)
                    || !self.weighs(hit, meaning)
                {
                    continue;
                }
                match meaning.part {
                    Some(part) if part.tail => tails.push((part.phrase, tails.len(), *hit)),
                    Some(part) => heads.push((part.phrase, *hit, m)),
                    None => marks.push((hit.first, mark(hit, meaning, m, hit.length, false))),
                }
            }
        }
        self.take(&mut marks, cells);
        let groups: Vec<bool> = if heads.is_empty() || tails.is_empty() { Vec::new() } else { self.group_words(&marks) };
        // A post can hold thousands of both: each head is asked only for the tails of its phrase that are near, in the order of the hits.
        tails.sort_unstable_by_key(|(phrase, number, tail)| (*phrase, tail.first, *number));
        let mut near: Vec<(usize, Hit)> = Vec::new();
        for (phrase, head, m) in heads {
            let end = head.first + head.length;
            let from = tails.partition_point(|(p, _, t)| (*p, t.first) <= (phrase, end));
            near.clear();
            near.extend(tails[from..].iter().take_while(|(p, _, t)| *p == phrase && t.first <= end + 4).map(|(_, number, tail)| (*number, *tail)));
            near.sort_unstable_by_key(|(number, _)| *number);
            for (_, tail) in &near {
                let inside = end as usize..tail.first as usize;
                let open = (inside.start..=inside.end).all(|i| self.places[i].before < Boundary::Hard);
                if open {
                    let meaning = &self.forms.get(head.form).meanings[m];
                    let length = tail.first + tail.length - head.first;
                    marks.push((head.first, mark(&head, meaning, m, length, groups[inside].iter().any(|&g| g))));
                }
            }
        }
        for (first, mark) in marks {
            cells[first as usize].marks.push(mark);
        }
    }

    /// Words that can be the pronoun of a reflexive verb.
    fn pronouns(&self, hits: &[Hit]) -> Vec<bool> {
        let mut found = vec![false; self.words.list.len()];
        for hit in hits {
            let reflexive = |m: &Meaning| matches!(m.source, Source::Operator(i) if REFLEXIVE.contains(&self.lexicon.operators[i as usize].concept.as_str()));
            if hit.length == 1 && self.forms.get(hit.form).meanings.iter().any(reflexive) {
                found[hit.first as usize] = true;
            }
        }
        found
    }

    /// Innocent phrases, groups, slurs and one-word predicates take their words, the longest first; the rest only overlays.
    fn take(&self, marks: &mut Vec<(u32, Mark)>, cells: &mut [Cell]) {
        let mut taken: Vec<u32> = vec![0; cells.len()];
        let mut by_length: Vec<usize> = (0..marks.len()).filter(|&i| self.takes(&marks[i].1)).collect();
        by_length.sort_by_key(|&i| (std::cmp::Reverse(marks[i].1.length), marks[i].1.view, marks[i].0));
        let mut keep = vec![true; marks.len()];
        for i in by_length {
            let (first, mark) = &marks[i];
            let range = *first as usize..(*first + mark.length) as usize;
            if taken[range.clone()].iter().any(|&length| length > mark.length) {
                keep[i] = false;
                continue;
            }
            if let Source::Innocent(entry) = mark.source {
                cells[range.clone()].iter_mut().for_each(|c| c.innocent = Some(entry));
            }
            if !self.transparent(mark) {
                taken[range].fill(mark.length);
            }
        }
        let mut i = 0;
        marks.retain(|(first, mark)| {
            i += 1;
            if !keep[i - 1] {
                return false;
            }
            let range = *first as usize..(*first + mark.length) as usize;
            if matches!(mark.source, Source::Innocent(_)) {
                return false;
            }
            if self.cut(mark, &taken[range.clone()]) {
                return false;
            }
            // An innocent phrase takes everything that does not reach beyond it.
            !cells[range].iter().all(|c| c.innocent.is_some()) || matches!(mark.source, Source::Literal)
        });
    }

    /// An operator neither begins nor ends inside a longer phrase that took its words; determiners may.
    fn cut(&self, mark: &Mark, taken: &[u32]) -> bool {
        let Source::Operator(i) = mark.source else { return false };
        let determiner = self.lexicon.operators[i as usize].concept.starts_with("DET");
        let edge = |length: Option<&u32>| length.is_some_and(|&l| l > 1 && l > mark.length);
        !determiner && (edge(taken.first()) || edge(taken.last()))
    }

    fn takes(&self, mark: &Mark) -> bool {
        match mark.source {
            Source::Innocent(_) | Source::Group(_) | Source::Slur(_) => true,
            Source::Predicate(_) => mark.length == 1,
            Source::Operator(i) => self.lexicon.operators[i as usize].takes,
            Source::Code(_) | Source::Literal => false,
        }
    }

    fn transparent(&self, mark: &Mark) -> bool {
        match mark.source {
            Source::Innocent(i) => self.lexicon.innocents[i as usize].common.transparent,
            Source::Group(i) => self.lexicon.groups[i as usize].common.transparent,
            Source::Slur(i) => self.lexicon.slurs[i as usize].common.transparent,
            Source::Predicate(i) => self.lexicon.predicates[i as usize].common.transparent,
            _ => false,
        }
    }

    fn group_words(&self, marks: &[(u32, Mark)]) -> Vec<bool> {
        let mut found = vec![false; self.words.list.len()];
        for (first, mark) in marks {
            if matches!(mark.source, Source::Group(_) | Source::Slur(_)) {
                found[*first as usize..(*first + mark.length) as usize].fill(true);
            }
        }
        found
    }

    /// A single word as its writer wrote it, in lower case; nothing where the spelling says nothing.
    fn surface(&self, hit: &Hit) -> Option<Cow<'_, str>> {
        if hit.length != 1 || hit.view.is_some() {
            return None;
        }
        let surface = &self.text[self.words.list[hit.first as usize].span.range()];
        Some(if surface.bytes().all(|b| b.is_ascii_lowercase()) { Cow::Borrowed(surface) } else { Cow::Owned(surface.to_lowercase()) })
    }

    /// Whether the accents of the surface allow the meaning: "salé" is not "sale", "tue" is not "tué" for a writer who uses accents.
    fn spelled(&self, hit: &Hit, surface: Option<&str>, meaning: &Meaning, others: &[Meaning], accents: bool) -> bool {
        let Some(surface) = surface.filter(|_| meaning.source != Source::Literal) else { return true };
        let word = &self.words.list[hit.first as usize];
        let spelling = self.forms.spelling(meaning);
        if surface == spelling {
            return true;
        }
        let dictionary: &Dictionary = &self.lexicon.words;
        let exact_elsewhere = others.iter().any(|m| self.forms.spelling(m) == surface);
        if word.flags.contains(TokenFlags::ACCENT) {
            return !exact_elsewhere && !dictionary.has_surface(surface);
        }
        if spelling.is_ascii() || !accents {
            return true;
        }
        !exact_elsewhere && !dictionary.has_surface(surface)
    }

    /// What a view may not do: a guess at the spelling never yields an ambiguous slur, nor touches a capitalised word inside a sentence.
    fn weighs(&self, hit: &Hit, meaning: &Meaning) -> bool {
        let Some(view) = hit.view else { return true };
        let word = &self.words.list[hit.first as usize];
        let inside = self.places[hit.first as usize].before != Boundary::Sentence;
        if view >= View::Typo && word.flags.contains(TokenFlags::CAPITAL) && inside {
            return false;
        }
        match meaning.source {
            Source::Slur(i) if view.is_weak() => self.lexicon.slurs[i as usize].usage == vigie_lexicon::Use::Unambiguous,
            Source::Innocent(_) => !view.is_weak(),
            _ => true,
        }
    }
}

fn mark(hit: &Hit, meaning: &Meaning, index: usize, length: u32, filled: bool) -> Mark {
    Mark { source: meaning.source, form: meaning.form, length, view: hit.view, filled, bases: Bases(0), meaning: (hit.form, index as u32) }
}
