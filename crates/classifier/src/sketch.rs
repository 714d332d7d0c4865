//! A stretch of a post drawn from its forms alone: the letters that each word may get, before anything is decided of it.
//!
//! Marking a post says exactly what its words mean, and costs more than all before. What they cannot mean is known at once: a letter comes
//! from a form that begins at the word, from a group that a pronoun may take up, or from the engine itself. Frames that do not match this
//! sketch, which only ever has too much, match nothing behind it.

use crate::cells::{HOLE, Hit};
use crate::clause::{Boundary, Place};
use crate::concepts::Concepts;
use crate::forms::Forms;
use crate::frames::Ask;
use crate::frames::sweep::{Ground, Places, between};
use crate::reach::{PRONOUNS, Reach};
use crate::signs::Signs;
use crate::symbols::{Letter, SymbolId, Symbols};

/// The letters that come from no form, and the tables that say what comes from forms.
pub(crate) struct Pencil {
    /// By kind of pronoun: what it takes from a group.
    pronouns: Vec<Vec<Letter>>,
    /// What the engine itself gives to single words, to none in a post without the sign.
    engine: Vec<(Letter, Signs)>,
}

/// What a stretch is drawn from.
#[derive(Clone, Copy)]
pub(crate) struct Model<'a> {
    pub(crate) forms: &'a Forms,
    pub(crate) symbols: &'a Symbols,
    pub(crate) reach: &'a Reach,
    /// The symbol of a phrase whose hole holds a group.
    pub(crate) filled: Option<SymbolId>,
    /// Its hits, and those behind it that may be tails of its phrases.
    pub(crate) hits: &'a [Hit],
    pub(crate) signs: Signs,
    /// The post names people.
    pub(crate) names: bool,
    /// Its first word.
    pub(crate) first: usize,
    /// The places of its words.
    pub(crate) places: &'a [Place],
    /// The post goes on behind it.
    pub(crate) more: bool,
}

impl Model<'_> {
    /// The number of a word of the post in the stretch.
    fn at(&self, word: u32) -> usize {
        word as usize - self.first
    }

    fn is_inside(&self, hit: &Hit) -> bool {
        self.at(hit.first) < self.places.len()
    }
}

/// The sketch of one stretch, and its buffers.
#[derive(Debug, Default)]
pub(crate) struct Sketch {
    /// By letter: the words that may have it. Only those of `touched` are not empty.
    words: Vec<Places>,
    touched: Vec<Letter>,
    /// The letters of `touched` as a set: it stays in the nearest cache, where `words` does not.
    held: Vec<u64>,
    /// Of the letters that the engine gives: the words that have them from a form, as if there were any.
    written: Vec<Places>,
    pub(crate) ground: Ground,
    /// By what is asked: the sketch in which it last was, and the lengths of answers, a bit each.
    asked: Vec<(u32, u16)>,
    /// Answers, by the slots of what is asked.
    answers: Vec<Places>,
    post: u32,
    ones: Vec<SymbolId>,
    /// The phrases of which one hit is the tail.
    of_tail: Vec<u32>,
}

impl Pencil {
    /// Looks the letters up.
    pub(crate) fn new(symbols: &Symbols, engine: impl Iterator<Item = SymbolId>) -> Self {
        let letters = |names: &[&str], lengths: std::ops::RangeInclusive<usize>| -> Vec<Letter> {
            let ids = names.iter().filter_map(|name| symbols.get(name));
            ids.flat_map(|id| lengths.clone().filter_map(move |length| symbols.letter(id, length))).collect()
        };
        // An anaphoric phrase takes a group up over all of its words.
        let pronoun = |(concepts, names): &(Concepts, &[&str])| letters(names, 1..=if concepts.contains(Concepts::ANAPHORIC) { 6 } else { 1 });
        let sign = |id| Signs::NAMES.iter().find(|(name, _)| symbols.get(name) == Some(id)).map_or(Signs::empty(), |(_, sign)| *sign);
        let engine = engine.filter_map(|id| Some((symbols.letter(id, 1)?, sign(id)))).collect();
        Self { pronouns: PRONOUNS.iter().map(pronoun).collect(), engine }
    }

    /// Draws a stretch of at most [`MOST_WORDS`](crate::frames::sweep::MOST_WORDS) words. Any word may be what only the engine, and the
    /// dictionary, can tell; [`Pencil::refine`] asks them.
    pub(crate) fn draw(&self, model: &Model<'_>, sketch: &mut Sketch) {
        sketch.clear(model.symbols.letter_count());
        sketch.ground = ground(model);
        let (mut people, mut pronouns, mut tails) = (0, [0; PRONOUNS.len()], 0);
        for hit in model.hits {
            let gift = model.reach.gift(hit);
            tails |= gift.tail;
            if !model.is_inside(hit) {
                continue;
            }
            let at = model.at(hit.first);
            model.reach.letters(gift).iter().for_each(|letter| sketch.put(*letter, 1 << at));
            if hit.length != gift.words {
                // Something stands inside it.
                let meanings = model.forms.meanings(hit.form).iter().filter(|m| m.part.is_none());
                meanings.for_each(|m| sketch.give(model, model.forms.symbols(m), at, hit.length));
            }
            if gift.names {
                people |= between(at, at + hit.length as usize);
            }
            let kinds = pronouns.iter_mut().enumerate().filter(|(kind, _)| gift.pronoun >> kind & 1 == 1);
            kinds.for_each(|(_, words)| *words |= 1 << at);
        }
        if model.names {
            for (letters, words) in self.pronouns.iter().zip(pronouns).filter(|(_, words)| *words != 0) {
                letters.iter().for_each(|letter| sketch.put(*letter, words));
            }
        }
        if tails != 0 {
            join(model, people, sketch);
        }
        sketch.written.clear();
        for (letter, sign) in &self.engine {
            sketch.written.push(sketch.words[letter.index()]);
            if model.signs.contains(*sign) {
                sketch.put(*letter, sketch.ground.words);
            }
        }
    }

    /// Draws what the engine gives to single words as it is.
    pub(crate) fn refine(&self, model: &Model<'_>, sketch: &mut Sketch, single: impl Fn(usize, &mut Vec<SymbolId>)) {
        for ((letter, _), words) in self.engine.iter().zip(&sketch.written) {
            sketch.words[letter.index()] = *words;
        }
        sketch.forget();
        let mut ones = std::mem::take(&mut sketch.ones);
        for i in 0..model.places.len() {
            ones.clear();
            single(model.first + i, &mut ones);
            sketch.give(model, &ones, i, 1);
        }
        sketch.ones = ones;
    }
}

impl Sketch {
    /// An empty post, of so many letters.
    pub(crate) fn clear(&mut self, letters: usize) {
        self.touched.drain(..).for_each(|letter| {
            self.words[letter.index()] = 0;
            self.held[letter.index() / 64] = 0;
        });
        self.words.resize(letters, 0);
        self.held.resize(letters.div_ceil(64), 0);
        self.forget();
    }

    /// Forgets the answers.
    fn forget(&mut self) {
        self.post = self.post.wrapping_add(1);
        if self.post == 0 {
            self.answers.clear();
            self.post = 1;
        }
    }

    /// Lets words have a letter.
    pub(crate) fn put(&mut self, letter: Letter, words: Places) {
        let there = &mut self.words[letter.index()];
        if *there == 0 {
            self.touched.push(letter);
            self.held[letter.index() / 64] |= 1 << (letter.index() % 64);
        }
        *there |= words;
    }

    fn give(&mut self, model: &Model<'_>, symbols: &[SymbolId], word: usize, length: u32) {
        symbols.iter().filter_map(|&id| model.symbols.letter(id, length as usize)).for_each(|letter| self.put(letter, 1 << word));
    }

    /// Whether one of the words from one to before another may have one of some letters: those that are not seen may have any.
    pub(crate) fn holds(&self, letters: &[Letter], from: usize, to: usize) -> bool {
        let words = between(from, to);
        let held = |n: usize| self.held[n / 64] >> (n % 64) & 1 == 1 && self.words[n] & words != 0;
        words & self.ground.more != 0 || letters.iter().any(|letter| held(letter.index()))
    }

    /// How many words may answer, and from which words on. What they must not have is not known yet.
    pub(crate) fn answers(&mut self, number: usize, ask: &Ask) -> impl Iterator<Item = (u32, Places)> {
        if self.asked.len() <= number {
            self.asked.resize(number + 1, (0, 0));
        }
        let (post, mut lengths) = self.asked[number];
        if post != self.post {
            lengths = self.answer(ask);
            self.asked[number] = (self.post, lengths);
        }
        let slots = &self.answers;
        std::iter::from_fn(move || {
            let length = (lengths != 0).then(|| lengths.trailing_zeros())?;
            lengths &= lengths - 1;
            Some((length, slots[ask.slot as usize + (ask.lengths & ((1 << length) - 1)).count_ones() as usize]))
        })
    }

    /// Fills the slots of what is asked; gives the lengths of answers, a bit each.
    fn answer(&mut self, ask: &Ask) -> u16 {
        let first = ask.slot as usize;
        let count = ask.lengths.count_ones() as usize;
        if self.answers.len() < first + count {
            self.answers.resize(first + count, 0);
        }
        let (words, slots) = (&self.words, &mut self.answers[first..first + count]);
        slots.fill(0);
        for (slot, letters) in &ask.any {
            slots[usize::from(*slot)] = letters.within(&self.held).fold(0, |all, letter| all | words[letter.index()]);
        }
        for (slot, all) in &ask.all {
            slots[usize::from(*slot)] |= all.iter().fold(self.ground.words, |with, letter| with & words[letter.index()]);
        }
        let mut lengths = ask.lengths;
        let mut found = 0;
        for slot in slots {
            let length = lengths & lengths.wrapping_neg();
            lengths &= lengths - 1;
            found |= if *slot == 0 { 0 } else { length };
        }
        found
    }
}

/// What stands before each word, and what the words may still make of it: a comma can turn out to bound nothing, a conjunction to bound.
fn ground(model: &Model<'_>) -> Ground {
    let words = model.places.len();
    let mut ground = if model.more { Ground::with_more(words) } else { Ground::of(words) };
    for (i, place) in model.places.iter().enumerate() {
        let boundary = if model.first + i == 0 { Boundary::Sentence } else { place.before };
        ground.may(i, boundary);
        if boundary == Boundary::Soft {
            ground.may(i, Boundary::None);
        }
    }
    for hit in model.hits.iter().filter(|hit| model.is_inside(hit)) {
        let at = model.at(hit.first);
        if ground.none >> at & 1 == 1 && model.reach.gift(hit).joins {
            ground.may(at, Boundary::Soft);
        }
    }
    ground
}

/// Gives what phrases with a hole mean at their first word.
fn join(model: &Model<'_>, people: Places, sketch: &mut Sketch) {
    let phrases = |hit: &Hit, tail: bool| model.forms.meanings(hit.form).iter().filter_map(move |m| Some((m, m.part.filter(|p| p.tail() == tail)?.phrase())));
    let mut of_tail = std::mem::take(&mut sketch.of_tail);
    for tail in model.hits {
        of_tail.clear();
        of_tail.extend(phrases(tail, true).map(|(_, phrase)| phrase));
        if of_tail.is_empty() {
            continue;
        }
        of_tail.sort_unstable();
        for head in model.hits.iter().filter(|hit| model.is_inside(hit)) {
            let end = head.first + head.length;
            if !(1..=HOLE).contains(&tail.first.wrapping_sub(end)) {
                continue;
            }
            let length = tail.first + tail.length - head.first;
            let (at, hole) = (model.at(head.first), (model.at(end), model.at(tail.first)));
            let filled = if hole.1 > model.places.len() { model.names } else { people & between(hole.0, hole.1) != 0 };
            for (meaning, _) in phrases(head, false).filter(|(_, phrase)| of_tail.binary_search(phrase).is_ok()) {
                sketch.give(model, model.forms.symbols(meaning), at, length);
                if filled {
                    sketch.give(model, model.filled.as_slice(), at, length);
                }
            }
        }
    }
    sketch.of_tail = of_tail;
}
