//! What each word can mean: the hits of the automaton as marks on words, after innocent phrases and longer matches have taken theirs.

use std::borrow::Cow;
use std::cell::OnceCell;

use vigie_lexicon::{Form, Ground, Lexicon};
use vigie_text::{TokenFlags, View};

use crate::anaphora::reference;
use crate::clause::{Boundary, Place};
use crate::concepts::ConceptTable;
use crate::forms::{Forms, Meaning, Source};
use crate::symbols::{Bases, SymbolId};
use crate::taking::Taking;
use crate::words::Words;

/// A form found over a range of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) form: u32,
    pub(crate) first: u32,
    /// In words.
    pub(crate) length: u32,
    pub(crate) view: Option<View>,
    /// Something stands inside it that its form does not have.
    pub(crate) stretched: bool,
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
    /// The form that means it.
    pub(crate) of: u32,
    /// What patterns can ask of it, as a number of [`Forms::symbols_of`].
    pub(crate) symbols: u32,
}

/// Who a word speaks of, when it speaks of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum GroupRef {
    Group(u32),
    Slur(u32),
}

impl GroupRef {
    /// The ground that its name or slur attributes.
    pub(crate) fn ground(self, lexicon: &Lexicon) -> Ground {
        match self {
            Self::Group(g) => lexicon.groups[g as usize].ground,
            Self::Slur(s) => lexicon.slurs[s as usize].ground,
        }
    }
}

/// A word and what it can mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) marks: Vec<Mark>,
    /// What its marks are at this place, all together.
    pub(crate) bases: Bases,
    /// Engine concepts: (symbol, length in words).
    pub(crate) extra: Vec<(SymbolId, u32)>,
    /// For a pronoun: the group that it takes up.
    pub(crate) antecedent: Option<GroupRef>,
    /// Part of an innocent phrase.
    pub(crate) innocent: Option<u32>,
}

impl Cell {
    /// Who it speaks of by the first mark that is one of these.
    pub(crate) fn named(&self, bases: Bases) -> Option<GroupRef> {
        self.mark(bases).and_then(|mark| reference(mark.source))
    }

    /// The first mark that is one of these.
    pub(crate) fn mark(&self, bases: Bases) -> Option<&Mark> {
        if self.bases.meets(bases) { self.marks.iter().find(|mark| mark.bases.meets(bases)) } else { None }
    }

    /// Forgets everything, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.marks.clear();
        self.bases = Bases(0);
        self.extra.clear();
        self.antecedent = None;
        self.innocent = None;
    }
}

/// A phrase's second half begins at most this many words behind its first.
pub(crate) const HOLE: u32 = 4;

/// Buffers of marking.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    /// With their first words.
    marks: Vec<(u32, Mark)>,
    heads: Vec<Hit>,
    tails: Vec<Hit>,
    pronouns: Vec<bool>,
    takers: Vec<usize>,
    /// By word: how long the longest mark is that took it.
    taken: Vec<u32>,
    keep: Vec<bool>,
}

/// Turns hits into cells.
pub(crate) struct Marking<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) concepts: &'a ConceptTable,
    pub(crate) taking: &'a Taking,
    pub(crate) forms: &'a Forms,
    pub(crate) text: &'a str,
    pub(crate) words: &'a Words,
    pub(crate) places: &'a [Place],
}

impl<'a> Marking<'a> {
    /// Fills `cells`, one per word; those that there are have been cleared.
    pub(crate) fn fill(&self, hits: &[Hit], buffers: &mut Buffers, cells: &mut Vec<Cell>) {
        cells.resize_with(self.words.list.len(), Cell::default);
        let accents = self.words.list.iter().any(|w| w.flags.contains(TokenFlags::ACCENT));
        let Buffers { marks, heads, tails, pronouns, takers, taken, keep } = buffers;
        heads.clear();
        tails.clear();
        self.pronouns(hits, pronouns);
        let allowed = Allowed { marking: self, accents, pronouns };
        for hit in hits {
            let (mut head, mut tail) = (false, false);
            let meanings = self.forms.meanings(hit.form);
            let written = allowed.written(hit);
            for meaning in meanings {
                match meaning.part {
                    Some(part) if part.tail() => tail = true,
                    Some(_) => head = true,
                    None if allowed.is(hit, &written, meanings, meaning) => marks.push((hit.first, mark(hit, meaning, hit.length, false))),
                    None => {}
                }
            }
            heads.extend(head.then_some(*hit));
            tails.extend(tail.then_some(*hit));
        }
        taken.clear();
        taken.resize(cells.len(), 0);
        self.take(marks, takers, taken, keep, cells);
        self.join(heads, tails, &allowed, marks);
        for (first, mark) in marks.drain(..) {
            cells[first as usize].marks.push(mark);
        }
    }

    /// Puts the two halves of phrases with a hole together. A form can be half of hundreds of phrases and stand in every clause: so each head
    /// is asked only when a tail is near, and for the phrases of that tail.
    fn join(&self, heads: &[Hit], tails: &[Hit], allowed: &Allowed<'_>, marks: &mut Vec<(u32, Mark)>) {
        if heads.is_empty() || tails.is_empty() {
            return;
        }
        let groups = self.group_words(marks);
        let mut by_place: Vec<usize> = (0..tails.len()).collect();
        by_place.sort_by_key(|&n| tails[n].first);
        // By tail: its phrases in order, once it has been asked.
        let mut phrases: Vec<Option<Vec<u32>>> = vec![None; tails.len()];
        let mut near: Vec<usize> = Vec::new();
        for head in heads {
            let end = head.first + head.length;
            let from = by_place.partition_point(|&n| tails[n].first <= end);
            let open = |tail: &Hit| (end as usize..=tail.first as usize).all(|i| self.places[i].before < Boundary::Hard);
            near.clear();
            near.extend(by_place[from..].iter().copied().take_while(|&n| tails[n].first <= end + HOLE).filter(|&n| open(&tails[n])));
            if near.is_empty() {
                continue;
            }
            near.sort_unstable();
            for &n in &near {
                phrases[n].get_or_insert_with(|| allowed.tails(&tails[n]));
            }
            let meanings = self.forms.meanings(head.form);
            let written = allowed.written(head);
            for meaning in meanings {
                let Some(part) = meaning.part.filter(|part| !part.tail()) else { continue };
                for &n in &near {
                    let phrases = phrases[n].as_deref().unwrap_or_default();
                    let at = phrases.partition_point(|phrase| *phrase < part.phrase());
                    let times = phrases[at..].iter().take_while(|phrase| **phrase == part.phrase()).count();
                    if times > 0 && allowed.is(head, &written, meanings, meaning) {
                        let tail = tails[n];
                        let filled = groups[end as usize..tail.first as usize].contains(&true);
                        let joined = mark(head, meaning, tail.first + tail.length - head.first, filled);
                        marks.extend(std::iter::repeat_n((head.first, joined), times));
                    }
                }
            }
        }
    }

    /// Words that can be the pronoun of a reflexive verb.
    fn pronouns(&self, hits: &[Hit], found: &mut Vec<bool>) {
        found.clear();
        found.resize(self.words.list.len(), false);
        for hit in hits {
            let reflexive = |m: &Meaning| matches!(m.source, Source::Operator(i) if self.concepts.is_reflexive(i));
            if hit.length == 1 && self.forms.meanings(hit.form).iter().any(reflexive) {
                found[hit.first as usize] = true;
            }
        }
    }

    /// Innocent phrases, groups, slurs and one-word predicates take their words, the longest first; the rest only overlays.
    fn take(&self, marks: &mut Vec<(u32, Mark)>, takers: &mut Vec<usize>, taken: &mut [u32], keep: &mut Vec<bool>, cells: &mut [Cell]) {
        takers.clear();
        takers.extend((0..marks.len()).filter(|&i| self.taking.takes(&marks[i].1)));
        takers.sort_unstable_by_key(|&i| (std::cmp::Reverse(marks[i].1.length), marks[i].1.view, marks[i].0, i));
        keep.clear();
        keep.resize(marks.len(), true);
        for &i in &*takers {
            let (first, mark) = &marks[i];
            let range = *first as usize..(*first + mark.length) as usize;
            if taken[range.clone()].iter().any(|&length| length > mark.length) {
                keep[i] = false;
                continue;
            }
            if let Source::Innocent(entry) = mark.source {
                cells[range.clone()].iter_mut().for_each(|c| c.innocent = Some(entry));
            }
            if !self.taking.transparent(mark) {
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
            if self.taking.cut(mark, &taken[range.clone()]) {
                return false;
            }
            // An innocent phrase takes everything that does not reach beyond it.
            !cells[range].iter().all(|c| c.innocent.is_some()) || matches!(mark.source, Source::Literal)
        });
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

    /// A single word as its writer wrote it; nothing where the spelling says nothing.
    fn surface(&self, hit: &Hit) -> Option<&'a str> {
        if hit.length != 1 || hit.view.is_some() {
            return None;
        }
        Some(&self.text[self.words.list[hit.first as usize].span.range()])
    }

    /// Whether the accents of the surface allow the meaning: "salé" is not "sale", "tue" is not "tué" for a writer who uses accents.
    fn spelled(&self, hit: &Hit, written: &Written<'_>, meaning: &Meaning, others: &[Meaning], accents: bool) -> bool {
        // Most words, told without a look at the texts of forms.
        if meaning.source == Source::Literal || written.plain && self.forms.is_folded(hit.form, meaning) {
            return true;
        }
        let Some(surface) = written.lower() else { return true };
        let spelling = self.forms.spelling(meaning);
        if surface == spelling {
            return true;
        }
        let accented = self.words.list[hit.first as usize].flags.contains(TokenFlags::ACCENT);
        if !accented && (spelling.is_ascii() || !accents) {
            return true;
        }
        let exact = || others.iter().any(|m| self.forms.spelling(m) == surface);
        !*written.another.get_or_init(|| exact() || self.lexicon.words.has_surface(surface))
    }

    /// What a view may not do: a guess at the spelling never yields an ambiguous slur, nor touches a capitalised word inside a sentence.
    fn weighs(&self, hit: &Hit, meaning: &Meaning) -> bool {
        let Some(view) = hit.view else { return true };
        let word = &self.words.list[hit.first as usize];
        let inside = self.places[hit.first as usize].before != Boundary::Sentence;
        let name = || hit.first > 0 && !vigie_text::introduces(self.words.word(hit.first as usize - 1));
        if view >= View::Typo && word.flags.contains(TokenFlags::CAPITAL) && inside && name() {
            return false;
        }
        match meaning.source {
            Source::Slur(i) if view.is_weak() => self.lexicon.slurs[i as usize].usage != vigie_lexicon::Use::Ambiguous,
            Source::Innocent(_) => !view.is_weak(),
            _ => true,
        }
    }
}

/// What the place and the spelling of a hit let it mean.
struct Allowed<'a> {
    marking: &'a Marking<'a>,
    /// The post is written with accents.
    accents: bool,
    pronouns: &'a [bool],
}

/// How a hit is written.
struct Written<'a> {
    /// A single word.
    surface: Option<&'a str>,
    lower: OnceCell<Cow<'a, str>>,
    /// Its accents are those of another meaning of the form, or of an ordinary word.
    another: OnceCell<bool>,
    /// It is a word of which nothing had to be folded.
    plain: bool,
}

impl Written<'_> {
    /// The surface in lower case.
    fn lower(&self) -> Option<&str> {
        let surface = self.surface?;
        Some(
            self.lower
                .get_or_init(|| if surface.bytes().all(|b| b.is_ascii_lowercase()) { Cow::Borrowed(surface) } else { Cow::Owned(surface.to_lowercase()) }),
        )
    }
}

impl<'a> Allowed<'a> {
    fn written(&self, hit: &Hit) -> Written<'a> {
        let surface = self.marking.surface(hit);
        let word = self.marking.words.word(hit.first as usize);
        let plain = surface.is_some_and(|surface| surface == word || surface.eq_ignore_ascii_case(word));
        Written { surface, lower: OnceCell::new(), another: OnceCell::new(), plain }
    }

    fn is(&self, hit: &Hit, written: &Written<'_>, others: &[Meaning], meaning: &Meaning) -> bool {
        (!meaning.reflexive || self.reflexive(hit))
            && (!hit.stretched || matches!(meaning.source, Source::Predicate(_)))
            && self.marking.spelled(hit, written, meaning, others, self.accents)
            && self.marking.weighs(hit, meaning)
    }

    fn reflexive(&self, hit: &Hit) -> bool {
        let (first, end) = (hit.first as usize, (hit.first + hit.length) as usize);
        self.pronouns[first.saturating_sub(2)..first].contains(&true) || self.pronouns.get(end) == Some(&true)
    }

    /// The phrases of which a hit is the tail, in order.
    fn tails(&self, hit: &Hit) -> Vec<u32> {
        let meanings = self.marking.forms.meanings(hit.form);
        let written = self.written(hit);
        let tails = meanings.iter().filter_map(|m| Some((m, m.part.filter(|part| part.tail())?.phrase())));
        let mut phrases: Vec<u32> = tails.filter(|(m, _)| self.is(hit, &written, meanings, m)).map(|(_, phrase)| phrase).collect();
        phrases.sort_unstable();
        phrases
    }
}

fn mark(hit: &Hit, meaning: &Meaning, length: u32, filled: bool) -> Mark {
    Mark { source: meaning.source, form: meaning.form, length, view: hit.view, filled, bases: Bases(0), of: hit.form, symbols: Forms::list(meaning) }
}
