//! Careless writing: the words of text messages ("ki", "tro", "jsui") and endings written as they sound ("les dégagé", "ils vole").
//!
//! The endings are words of their own, so that they are only doubted in a post that shows its carelessness elsewhere, or behind a verb
//! that wants an infinitive ("je vais tué").

mod signs;
mod words;

use super::{FormUse, Place, View, Views};
use crate::{Pos, TokenFlags};
pub(super) use signs::{is_bare, is_cut, is_unmarked, wants_plural};
use words::entry;
pub(super) use words::shows;

/// Readings of one post.
const MAX_READINGS: usize = 48;
/// Clitics between a verb and its infinitive: "va vous les tuer".
const MAX_CLITICS: usize = 2;

/// Verbs that want an infinitive.
const GOVERNORS: &[&str] = &[
    "allez",
    "allons",
    "dois",
    "doit",
    "doivent",
    "devrait",
    "devraient",
    "devrais",
    "devre",
    "devrai",
    "faudra",
    "faudrait",
    "faudre",
    "faut",
    "fau",
    "fo",
    "fodrai",
    "fodrait",
    "jvai",
    "jvais",
    "jva",
    "jve",
    "jveu",
    "jveux",
    "peut",
    "peux",
    "peuvent",
    "va",
    "vais",
    "vas",
    "veulent",
    "veut",
    "veux",
    "vont",
];

/// What may stand between them.
const CLITICS: &[&str] = &["en", "la", "le", "les", "leur", "lui", "me", "nous", "se", "te", "tous", "tout", "tt", "ts", "vous", "y"];

/// Whether the word is a verb that wants an infinitive.
pub(super) fn governs(word: &str) -> bool {
    GOVERNORS.contains(&word)
}

/// Endings that are written and not heard.
const TAILS: &[&str] = &["s", "e", "es", "t", "nt", "ent", "x", "d", "ts", "ds"];

impl Views<'_> {
    /// Every careless spelling of a post that shows some.
    pub(super) fn careless(&mut self) {
        let folded = self.folded;
        let before = self.out.list.len();
        for (index, token) in folded.tokens().iter().enumerate() {
            let word = folded.word(index);
            self.out.work += 1;
            if token.flags.intersects(TokenFlags::EMOJI | TokenFlags::FOREIGN | TokenFlags::DIGIT) || self.out.list.len() > before + MAX_READINGS {
                continue;
            }
            let here = Place { tokens: index..index + 1, span: token.span };
            // "d'un", "c'est": the apostrophe has been written.
            let elided = self.post.get(token.span.end as usize..).is_some_and(|rest| rest.starts_with(['\'', '’']));
            if let Some((_, sure, readings)) = entry(word).filter(|_| !elided) {
                // "le", "es": only with the accent that gives the sound away, or where the word can be nothing else.
                let accented = token.flags.contains(TokenFlags::ACCENT);
                let ordinary = matches!(word, "le" | "de" | "me" | "e" | "es" | "che" | "jame" | "se" | "ce" | "je" | "te" | "y" | "et");
                if *sure || !ordinary || accented {
                    readings.iter().for_each(|r| self.push(&here, r, View::Careless));
                }
                continue;
            }
            self.endings(word, &here, index);
        }
    }

    /// Another ending that sounds the same makes a form of it.
    fn endings(&mut self, word: &str, here: &Place, index: usize) {
        let ordinary = self.dictionary.is_ordinary(word);
        if word.len() < if ordinary { 4 } else { 3 } || self.is_name_inside(index) {
            return;
        }
        // What nobody knows may also be a word of the grammar.
        let uses = if ordinary { FormUse::WEAK } else { FormUse::SPOKEN };
        if !ordinary && word.bytes().all(|b| b.is_ascii_lowercase()) {
            let voiced = self.voiced(index);
            self.phonetic(word, voiced.as_deref(), here, super::phonetic::KEEN);
        }
        // What nobody knows may be several forms; a word that is known is likely what it seems.
        let key = self.lookup.key(word.as_bytes());
        let known = key.is_some_and(|k| self.lookup.is_whole(k));
        let names = || key.is_some_and(|k| self.lookup.allows(k, FormUse::NAMING));
        let verb = || self.dictionary.get(word).is_some_and(|info| info.pos.has(Pos::VERB));
        let tails: &[&str] = match word.as_bytes().last() {
            _ if !known => TAILS,
            Some(b's' | b'x' | b'z') => &[],
            // A noun of people may have lost its plural; what may be a verb has lost nothing.
            _ if names() && !verb() => &["s"],
            Some(b'e') => &["nt"],
            _ => &[],
        };
        for tail in tails {
            self.ended(word, tail, here, uses, View::Careless);
        }
        // "animo" for "animaux", "mentau" for "mentaux".
        for (written, meant) in [
            ("o", "aux"),
            ("o", "eau"),
            ("au", "aux"),
            ("au", "al"),
            ("eu", "eux"),
            ("e", "ais"),
            ("e", "ait"),
            ("e", "aient"),
            ("ai", "ait"),
            ("ai", "aient"),
            ("k", "que"),
            ("k", "c"),
            ("ar", "ard"),
            ("e", "er"),
            ("e", "ez"),
            ("e", "et"),
            ("e", "ets"),
        ] {
            if !known && let Some(stem) = word.strip_suffix(written) {
                self.ended(stem, meant, here, uses, View::Careless);
            }
        }
    }

    /// An unknown word whose last letters, mute, were left out: "migran", "femm".
    pub(super) fn cut_short(&mut self, word: &str, here: &Place) -> bool {
        if word.len() < 4 {
            return false;
        }
        let before = self.out.list.len();
        for tail in ["e", "s", "es", "t", "ts", "d", "ds"] {
            self.ended(word, tail, here, FormUse::WEAK, View::Phonetic);
        }
        self.out.list.len() > before
    }

    /// Reads the form that a stem makes with an ending.
    fn ended(&mut self, stem: &str, ending: &str, here: &Place, uses: FormUse, view: View) {
        let mut letters = std::mem::take(&mut self.out.scratch.word);
        letters.clear();
        letters.extend_from_slice(stem.as_bytes());
        letters.extend_from_slice(ending.as_bytes());
        self.heard(&letters, here, uses, view);
        self.out.scratch.word = letters;
    }

    /// Reads the form of these letters. True when there is one.
    pub(super) fn heard(&mut self, letters: &[u8], here: &Place, uses: FormUse, view: View) -> bool {
        self.out.work += 1;
        let lookup = self.lookup;
        let key = lookup.key(letters).filter(|k| lookup.allows(*k, uses) && !lookup.is_joined(*k));
        if let Some(key) = key {
            self.push(here, lookup.text(key), view);
        }
        key.is_some()
    }

    /// Behind a verb that wants an infinitive: "je vais tué", "faut les dégagez".
    pub(super) fn infinitive(&mut self, governor: usize) {
        let tokens = self.folded.tokens();
        let mut index = governor + 1;
        while index < tokens.len() && index <= governor + MAX_CLITICS && CLITICS.contains(&self.folded.word(index)) {
            index += 1;
        }
        let Some(token) = tokens.get(index) else { return };
        let word = self.folded.word(index);
        self.out.work += 1;
        let article = index > governor + 1 && matches!(self.folded.word(index - 1), "la" | "le" | "les");
        let noun = || self.dictionary.get(word).is_some_and(|i| i.pos.has(Pos::NOUN));
        if word.len() < 3 || word.ends_with("er") || article && !token.flags.contains(TokenFlags::ACCENT) && noun() {
            return;
        }
        let Some(stem) = ["ees", "ee", "es", "ez", "ait", "ais", "ai", "e"].iter().find_map(|tail| word.strip_suffix(tail)).filter(|s| s.len() >= 2) else {
            return;
        };
        let gap = &self.post[tokens[governor].span.end as usize..token.span.start as usize];
        if gap.contains(['.', '!', '?', ',', ';', ':', '\n', '-']) {
            return;
        }
        let here = Place { tokens: index..index + 1, span: token.span };
        self.ended(stem, "er", &here, FormUse::WEAK, View::Phonetic);
    }
}
