//! A post drawn from its forms alone: the letters that each word may get, before anything is decided of it.
//!
//! Marking a post says exactly what its words mean, and costs more than all before. What they cannot mean is known at once: a letter comes
//! from a form that begins at the word, from a group that a pronoun may take up, or from the engine itself. Frames that do not match this
//! sketch, which only ever has too much, match nothing behind it.

use crate::cells::{HOLE, Hit};
use crate::clause::{Boundary, Place};
use crate::concepts::Concepts;
use crate::forms::Forms;
use crate::frames::Question;
use crate::frames::sweep::{Ground, Places};
use crate::reach::{PRONOUNS, Reach};
use crate::symbols::{Letter, Sign, SymbolId, Symbols};

/// The letters that come from no form, and the tables that say what comes from forms.
pub(crate) struct Pencil {
    /// By kind of pronoun: what it takes from a group.
    pronouns: Vec<Vec<Letter>>,
    /// What the engine itself gives to single words.
    engine: Vec<Letter>,
}

/// What a post is drawn from.
#[derive(Clone, Copy)]
pub(crate) struct Model<'a> {
    pub(crate) forms: &'a Forms,
    pub(crate) symbols: &'a Symbols,
    pub(crate) reach: &'a Reach,
    /// The symbol of a phrase whose hole holds a group.
    pub(crate) filled: Option<SymbolId>,
    pub(crate) hits: &'a [Hit],
    pub(crate) places: &'a [Place],
}

/// The sketch of one post, and its buffers.
#[derive(Debug, Default)]
pub(crate) struct Sketch {
    /// By letter: the words that may have it. Only those of `touched` are not empty.
    words: Vec<Places>,
    touched: Vec<Letter>,
    /// The letters of `touched` as bits.
    sign: Sign,
    /// Of the letters that the engine gives: the words that have them from a form, as if there were any.
    written: Vec<Places>,
    pub(crate) ground: Ground,
    /// By question: the post in which it was last asked, and the answer.
    answers: Vec<(u32, Places)>,
    post: u32,
    ones: Vec<SymbolId>,
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
        Self { pronouns: PRONOUNS.iter().map(pronoun).collect(), engine: engine.filter_map(|id| symbols.letter(id, 1)).collect() }
    }

    /// Draws a post of at most [`MOST_WORDS`](crate::frames::sweep::MOST_WORDS) words. Any word may be what only the engine, and the
    /// dictionary, can tell; [`Pencil::refine`] asks them.
    pub(crate) fn draw(&self, model: &Model<'_>, sketch: &mut Sketch) {
        sketch.clear(model.symbols.letter_count());
        sketch.ground = ground(model);
        let (mut people, mut pronouns, mut tails) = (0, [0; PRONOUNS.len()], 0);
        for hit in model.hits {
            let gift = model.reach.gift(hit);
            gift.letters.iter().for_each(|letter| sketch.put(*letter, 1 << hit.first));
            if hit.length != gift.words {
                // Something stands inside it.
                let meanings = model.forms.meanings(hit.form).iter().filter(|m| m.part.is_none());
                meanings.for_each(|m| sketch.give(model, model.forms.symbols(m), hit.first, hit.length));
            }
            if gift.names {
                people |= range(hit.first, hit.first + hit.length);
            }
            let kinds = pronouns.iter_mut().enumerate().filter(|(kind, _)| gift.pronoun >> kind & 1 == 1);
            kinds.for_each(|(_, words)| *words |= 1 << hit.first);
            tails |= gift.tail;
        }
        if people != 0 {
            for (letters, words) in self.pronouns.iter().zip(pronouns).filter(|(_, words)| *words != 0) {
                letters.iter().for_each(|letter| sketch.put(*letter, words));
            }
        }
        if tails != 0 {
            join(model, people, sketch);
        }
        sketch.written.clear();
        for letter in &self.engine {
            sketch.written.push(sketch.words[letter.index()]);
            sketch.put(*letter, sketch.ground.words);
        }
    }

    /// Draws what the engine gives to single words as it is.
    pub(crate) fn refine(&self, model: &Model<'_>, sketch: &mut Sketch, single: impl Fn(usize, &mut Vec<SymbolId>)) {
        for (letter, words) in self.engine.iter().zip(&sketch.written) {
            sketch.words[letter.index()] = *words;
        }
        sketch.forget();
        let mut ones = std::mem::take(&mut sketch.ones);
        for i in 0..model.places.len() {
            ones.clear();
            single(i, &mut ones);
            sketch.give(model, &ones, i as u32, 1);
        }
        sketch.ones = ones;
    }
}

impl Sketch {
    fn clear(&mut self, letters: usize) {
        self.touched.drain(..).for_each(|letter| self.words[letter.index()] = 0);
        self.words.resize(letters, 0);
        self.sign = 0;
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

    fn put(&mut self, letter: Letter, words: Places) {
        let there = &mut self.words[letter.index()];
        if *there == 0 {
            self.touched.push(letter);
            self.sign |= letter.sign();
        }
        *there |= words;
    }

    fn give(&mut self, model: &Model<'_>, symbols: &[SymbolId], word: u32, length: u32) {
        symbols.iter().filter_map(|&id| model.symbols.letter(id, length as usize)).for_each(|letter| self.put(letter, 1 << word));
    }

    /// Whether a word may have one of some letters.
    pub(crate) fn holds(&self, letters: &(Sign, Box<[Letter]>)) -> bool {
        letters.0 & self.sign != 0 && letters.1.iter().any(|letter| self.words[letter.index()] != 0)
    }

    /// The words that may answer a question, by its number.
    pub(crate) fn answer(&mut self, number: u32, question: &Question) -> Places {
        if !question.meets(self.sign) {
            return 0;
        }
        let number = number as usize;
        if self.answers.len() <= number {
            self.answers.resize(number + 1, (0, 0));
        }
        let (post, answer) = &mut self.answers[number];
        if *post != self.post {
            (*post, *answer) = (self.post, question.may(|letter| self.words[letter.index()]));
        }
        *answer
    }
}

/// Words from one to before another.
fn range(from: u32, to: u32) -> Places {
    let below = |n: u32| Places::MAX.checked_shl(n).map_or(Places::MAX, |above| !above);
    below(to) & !below(from)
}

/// What stands before each word, and what the words may still make of it: a comma can turn out to bound nothing, a conjunction to bound.
fn ground(model: &Model<'_>) -> Ground {
    let mut ground = Ground::of(model.places.len());
    for (i, place) in model.places.iter().enumerate() {
        let boundary = if i == 0 { Boundary::Sentence } else { place.before };
        ground.may(i, boundary);
        if boundary == Boundary::Soft {
            ground.may(i, Boundary::None);
        }
    }
    for hit in model.hits {
        let at = hit.first as usize;
        if ground.none >> at & 1 == 1 && model.reach.gift(hit).joins {
            ground.may(at, Boundary::Soft);
        }
    }
    ground
}

/// Gives what phrases with a hole mean at their first word.
fn join(model: &Model<'_>, people: Places, sketch: &mut Sketch) {
    let phrases = |hit: &Hit, tail: bool| model.forms.meanings(hit.form).iter().filter_map(move |m| Some((m, m.part.filter(|p| p.tail == tail)?.phrase)));
    let mut of_tail: Vec<u32> = Vec::new();
    for tail in model.hits {
        of_tail.clear();
        of_tail.extend(phrases(tail, true).map(|(_, phrase)| phrase));
        if of_tail.is_empty() {
            continue;
        }
        of_tail.sort_unstable();
        for head in model.hits {
            let end = head.first + head.length;
            if !(1..=HOLE).contains(&tail.first.wrapping_sub(end)) {
                continue;
            }
            let length = tail.first + tail.length - head.first;
            for (meaning, _) in phrases(head, false).filter(|(_, phrase)| of_tail.binary_search(phrase).is_ok()) {
                sketch.give(model, model.forms.symbols(meaning), head.first, length);
                if people & range(end, tail.first) != 0 {
                    sketch.give(model, model.filled.as_slice(), head.first, length);
                }
            }
        }
    }
}
