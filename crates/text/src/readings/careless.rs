//! Careless writing: the words of text messages ("ki", "tro", "jsui") and endings written as they sound ("les dégagé", "ils vole").
//!
//! The endings are words of their own, so that they are only doubted in a post that shows its carelessness elsewhere, or behind a verb
//! that wants an infinitive ("je vais tué").

use super::{FormUse, Place, View, Views};
use crate::{Pos, TokenFlags};

/// Readings of one post.
const MAX_READINGS: usize = 48;
/// Clitics between a verb and its infinitive: "va vous les tuer".
const MAX_CLITICS: usize = 2;

/// What stands for what, sorted; `true` marks spellings that nobody uses by accident.
const WORDS: &[(&str, bool, &[&str])] = &[
    ("ac", false, &["avec"]),
    ("avc", true, &["avec"]),
    ("bcp", true, &["beaucoup"]),
    ("beaucou", true, &["beaucoup"]),
    ("che", false, &["chez"]),
    ("chui", true, &["je suis"]),
    ("chuis", true, &["je suis"]),
    ("d", false, &["des"]),
    ("de", false, &["des"]),
    ("deor", true, &["dehors"]),
    ("dhors", true, &["dehors"]),
    ("di", true, &["dit"]),
    ("ds", true, &["dans"]),
    ("e", false, &["est", "et"]),
    ("fau", true, &["faut"]),
    ("fo", true, &["faut"]),
    ("fodra", true, &["faudra"]),
    ("fodrai", true, &["faudrait"]),
    ("fodrait", true, &["faudrait"]),
    ("g", false, &["j ai"]),
    ("gro", true, &["gros"]),
    ("j", false, &["je"]),
    ("jai", true, &["j ai"]),
    ("jame", false, &["jamais"]),
    ("jdi", true, &["je dis"]),
    ("jdis", true, &["je dis"]),
    ("jdoi", true, &["je dois"]),
    ("je", false, &["j ai"]),
    ("jen", true, &["j en"]),
    ("jms", true, &["jamais"]),
    ("jpense", true, &["je pense"]),
    ("jsui", true, &["je suis"]),
    ("jsuis", true, &["je suis"]),
    ("jte", true, &["je te"]),
    ("jva", true, &["je vais"]),
    ("jvai", true, &["je vais"]),
    ("jvais", true, &["je vais"]),
    ("jve", true, &["je vais"]),
    ("jveu", true, &["je veux"]),
    ("jveux", true, &["je veux"]),
    ("k", false, &["que"]),
    ("kan", false, &["quand"]),
    ("kand", true, &["quand"]),
    ("ke", true, &["que"]),
    ("kel", true, &["quel", "qu elle"]),
    ("kelle", true, &["quelle", "qu elle"]),
    ("kelles", true, &["quelles", "qu elles"]),
    ("kels", true, &["quels"]),
    ("ki", true, &["qui"]),
    ("kil", true, &["qu il", "qu ils"]),
    ("kils", true, &["qu ils"]),
    ("koi", true, &["quoi"]),
    ("kon", true, &["qu on"]),
    ("le", false, &["les"]),
    ("ma", false, &["m a"]),
    ("mar", true, &["marre"]),
    ("me", false, &["mais"]),
    ("mm", true, &["meme"]),
    ("mor", true, &["mort"]),
    ("mtn", true, &["maintenant"]),
    ("nik", true, &["nique"]),
    ("nike", false, &["nique"]),
    ("ns", true, &["nous"]),
    ("o", true, &["aux", "au"]),
    ("on", false, &["ont"]),
    ("pa", true, &["pas"]),
    ("parske", true, &["parce que"]),
    ("partou", true, &["partout"]),
    ("pck", true, &["parce que"]),
    ("pcq", true, &["parce que"]),
    ("pk", true, &["pourquoi"]),
    ("plu", false, &["plus"]),
    ("pourkoi", true, &["pourquoi"]),
    ("pr", true, &["pour"]),
    ("ps", false, &["pas"]),
    ("psk", true, &["parce que"]),
    ("qd", true, &["quand"]),
    ("ren", false, &["rien"]),
    ("sa", false, &["ca"]),
    ("sal", true, &["sale", "sales"]),
    ("sals", true, &["sales"]),
    ("se", false, &["ce", "ces"]),
    ("ses", false, &["ces"]),
    ("son", false, &["sont"]),
    ("st", false, &["sont"]),
    ("ta", false, &["t a"]),
    ("tjr", true, &["toujours"]),
    ("tjrs", true, &["toujours"]),
    ("tjs", true, &["toujours"]),
    ("tlm", true, &["tout le monde"]),
    ("tou", false, &["tous", "tout"]),
    ("toujour", true, &["toujours"]),
    ("tro", true, &["trop"]),
    ("trp", true, &["trop"]),
    ("ts", true, &["tous"]),
    ("tt", true, &["tous", "tout"]),
    ("tte", true, &["toute"]),
    ("ttes", true, &["toutes"]),
    ("vazi", true, &["vas y"]),
    ("vazy", true, &["vas y"]),
    ("ve", false, &["veut"]),
    ("veu", true, &["veux", "veut"]),
    ("vrmt", true, &["vraiment"]),
    ("vs", true, &["vous"]),
    ("y", false, &["il y a"]),
    ("ya", true, &["il y a"]),
];

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

/// The entry of a word of text messages.
fn entry(word: &str) -> Option<&'static (&'static str, bool, &'static [&'static str])> {
    WORDS.binary_search_by(|(w, ..)| (*w).cmp(word)).ok().map(|at| &WORDS[at])
}

/// Whether the word shows that its post is written carelessly. Two letters say no to most words.
pub(super) fn shows(word: &str) -> bool {
    let likely = match word.as_bytes() {
        [only] => *only == b'o',
        [a, b] => matches!(
            (a, b),
            (b'd', b'i' | b's')
                | (b'f', b'o')
                | (b'k', _)
                | (b'm' | b'n' | b't' | b'v', b's' | b't' | b'm')
                | (b'p', b'a' | b'k' | b'r')
                | (b'q', b'd')
                | (b'y', b'a')
        ),
        [a, _, c] => matches!(
            (a, c),
            (b'k' | b'j', _)
                | (b'a', b'c')
                | (b'b', b'p')
                | (b'f' | b'v', b'u')
                | (b'g', b'o')
                | (b'm', b'r' | b'n')
                | (b'n', b'k')
                | (b'p', b'k' | b'q')
                | (b's', b'l')
                | (b't', b'o' | b'p' | b'm' | b'e' | b'r' | b's')
        ),
        letters => (4..=8).contains(&letters.len()),
    };
    likely && entry(word).is_some_and(|e| e.1)
}

/// Whether the word is a verb that wants an infinitive.
pub(super) fn governs(word: &str) -> bool {
    matches!(word.as_bytes(), [b'v' | b'f' | b'd' | b'p' | b'j', ..] | [b'a', b'l', b'l', ..]) && GOVERNORS.contains(&word)
}

/// Endings that are written and not heard.
const TAILS: &[&str] = &["s", "e", "es", "t", "nt", "x", "d", "ts"];

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
                let ordinary = matches!(word, "le" | "de" | "me" | "e" | "es" | "che" | "jame" | "se" | "ce" | "je" | "y" | "et");
                if *sure || !ordinary || accented {
                    readings.iter().for_each(|r| self.push(&here, r, View::Phonetic));
                }
                continue;
            }
            self.endings(word, &here, index);
        }
    }

    /// Another ending that sounds the same makes a form of it.
    fn endings(&mut self, word: &str, here: &Place, index: usize) {
        if word.len() < 4 || self.is_name_inside(index) {
            return;
        }
        if !self.dictionary.is_ordinary(word) && word.bytes().all(|b| b.is_ascii_lowercase()) {
            let voiced = self.voiced(index);
            self.phonetic(word, voiced.as_deref(), here, super::phonetic::KEEN);
        }
        // What nobody knows may be several forms; a word that is known is likely what it seems.
        let known = self.lookup.key(word.as_bytes()).is_some_and(|k| self.lookup.is_whole(k));
        let tails: &[&str] = if known { if word.ends_with('e') { &["nt"] } else { &[] } } else { TAILS };
        let mut letters = std::mem::take(&mut self.out.scratch.word);
        for tail in tails {
            letters.clear();
            letters.extend_from_slice(word.as_bytes());
            letters.extend_from_slice(tail.as_bytes());
            self.out.work += 1;
            self.heard(&letters, here);
        }
        // "animo" for "animaux", "mentau" for "mentaux".
        for (written, meant) in [
            ("o", "aux"),
            ("o", "eau"),
            ("au", "aux"),
            ("au", "al"),
            ("eu", "eux"),
            ("e", "ais"),
            ("k", "que"),
            ("k", "c"),
            ("ar", "ard"),
            ("e", "er"),
            ("e", "ez"),
            ("e", "et"),
            ("e", "ets"),
        ] {
            if !known && let Some(stem) = word.strip_suffix(written) {
                letters.clear();
                letters.extend_from_slice(stem.as_bytes());
                letters.extend_from_slice(meant.as_bytes());
                self.out.work += 1;
                self.heard(&letters, here);
            }
        }
        self.out.scratch.word = letters;
    }

    /// An unknown word whose last letters, mute, were left out: "migran", "femm".
    pub(super) fn cut_short(&mut self, word: &str, here: &Place) -> bool {
        if word.len() < 4 {
            return false;
        }
        let before = self.out.list.len();
        let mut letters = std::mem::take(&mut self.out.scratch.word);
        for tail in ["e", "s", "es", "t", "ts", "d", "ds"] {
            letters.clear();
            letters.extend_from_slice(word.as_bytes());
            letters.extend_from_slice(tail.as_bytes());
            self.out.work += 1;
            self.heard(&letters, here);
        }
        self.out.scratch.word = letters;
        self.out.list.len() > before
    }

    fn heard(&mut self, letters: &[u8], here: &Place) {
        let lookup = self.lookup;
        if let Some(key) = lookup.key(letters).filter(|k| lookup.allows(*k, FormUse::WEAK) && !lookup.is_joined(*k)) {
            self.push(here, lookup.text(key), View::Phonetic);
        }
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
        let mut letters = std::mem::take(&mut self.out.scratch.word);
        letters.clear();
        letters.extend_from_slice(stem.as_bytes());
        letters.extend_from_slice(b"er");
        self.heard(&letters, &here);
        self.out.scratch.word = letters;
    }
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn the_words_are_sorted_and_folded() {
        assert!(WORDS.windows(2).all(|w| w[0].0 < w[1].0));
        for (word, _, readings) in WORDS {
            assert_eq!(crate::fold_word(word), **word);
            assert!(readings.iter().all(|r| crate::fold_word(r) == **r), "{word}");
        }
    }
}
