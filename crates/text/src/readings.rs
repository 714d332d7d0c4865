//! Views: other readings of one suspicious token, opened by cheap gates. A view only ever adds a reading that leads to a known form or to
//! a word of one; it never rewrites the post, and it does not judge: how much a view weighs is the classifier's business.
//!
//! Law: the work on a post, counted in [`Readings::work`], is linear in its length, whatever stands in it.

mod apart;
mod careless;
mod chunk;
mod facts;
mod glue;
mod hidden;
mod keys;
mod lookup;
mod neighbours;
mod phonetic;
mod trie;
mod typo;

use crate::{Dictionary, Folded, Span, TokenFlags};
pub use facts::Facts;
pub use lookup::Lookup;

/// The mechanism that a reading undoes, from the surest to the least sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum View {
    /// Invisible characters, bidi controls.
    Invisible,
    /// Letters of other alphabets.
    Lookalike,
    /// Letters repeated.
    Repetition,
    /// Digits and symbols for letters.
    Leet,
    /// Stars and the like in place of letters.
    Mask,
    /// Letters set apart, or emoji between them.
    Separated,
    /// A word of text messages, or a mute ending left out, in a post that shows that it is written so.
    Careless,
    /// Stars that tell nothing of the length: `b****u`.
    Elastic,
    /// A word cut in two or three.
    Split,
    /// Words run together, hashtags included; words inside an encoded web address.
    Glued,
    /// A swap, an insertion, a deletion or a substitution.
    Typo,
    /// Spelled as it sounds.
    Phonetic,
}

impl View {
    /// Whether what it yields counts as weak evidence.
    pub fn is_weak(self) -> bool {
        self >= Self::Elastic
    }
}

bitflags::bitflags! {
    /// What views may lead to a form.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct FormUse: u8 {
        /// Strong views may (leet, masks, repetition, separated letters).
        const STRONG = 1;
        /// Weak views may too (elastic masks, split, glued, typo, phonetic).
        const WEAK = 2;
        /// It names or insults people: what is hidden first, when a mask has several readings.
        const NAMING = 4;
        /// The careless view may, from a word that nobody knows: what carries meaning, and what only ties it.
        const SPOKEN = 8;
    }
}

/// Another reading of one or a few neighbouring tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Tokens of the folded post that it replaces: one at least.
    pub tokens: std::ops::Range<usize>,
    /// Folded words, separated by single spaces.
    pub text: String,
    /// How it was read.
    pub view: View,
    /// What it covers in the original.
    pub span: Span,
}

/// The readings of a post: reusable, no allocation for a post without any.
#[derive(Debug, Default)]
pub struct Readings {
    /// In order of their first token.
    pub list: Vec<Reading>,
    /// More suspicious tokens than the cap: evidence in itself.
    pub flood: bool,
    /// Steps taken: at most [`Readings::WORK_PER_BYTE`] per byte of the post.
    pub work: u64,
    scratch: Scratch,
}

impl Readings {
    /// Upper bound of the steps per byte of the post.
    pub const WORK_PER_BYTE: u64 = 600;
}

/// Buffers that views share.
#[derive(Debug, Default)]
struct Scratch {
    elements: Vec<trie::Element>,
    found: Vec<(u32, u32)>,
    word: Vec<u8>,
    best: Vec<(f32, u8)>,
    folded: Folded,
    text: String,
}

/// Tokens that leet, mask and repetition may be tried on in one post; past it the post counts as a flood.
const MAX_STRONG: usize = 64;
/// Unknown tokens that glue, typo and sound may be tried on.
const MAX_WEAK: usize = 1_000;
/// Longest token, in letters, that weak views look at.
const MAX_LETTERS: usize = 60;

/// Opens the views of a folded post, with the facts of each of its tokens. Bounded work: linear in the length of the post.
pub fn readings(post: &str, folded: &Folded, facts: &[Facts], lookup: &Lookup, dictionary: &Dictionary, out: &mut Readings) {
    out.list.clear();
    out.flood = false;
    out.work = 0;
    let mut views = Views { post, folded, facts, lookup, dictionary, out };
    views.run();
    out.list.sort_by_key(|r| (r.tokens.start, r.tokens.end));
}

/// Whether a folded word stands before people rather than before the name of one: "les Albanais", "un Kurde". French writes both with a capital.
pub fn introduces(word: &str) -> bool {
    matches!(
        word,
        "les" | "des" | "ces" | "aux" | "un" | "une" | "nos" | "vos" | "leurs" | "sale" | "sales" | "aucun" | "aucune" | "chaque" | "quels" | "quelles" | "ls"
    )
}

/// One post under its views.
struct Views<'a> {
    post: &'a str,
    folded: &'a Folded,
    /// By token.
    facts: &'a [Facts],
    lookup: &'a Lookup,
    dictionary: &'a Dictionary,
    out: &'a mut Readings,
}

impl Views<'_> {
    fn run(&mut self) {
        let gates = self.folded.gates();
        if gates.intersects(TokenFlags::INVISIBLE | TokenFlags::REVERSED) {
            self.invisible();
        }
        if gates.intersects(TokenFlags::DIGIT | TokenFlags::SYMBOL | TokenFlags::RUN | TokenFlags::EMOJI | TokenFlags::INCLUSIVE) {
            self.chunks();
        }
        if gates.contains(TokenFlags::SINGLE) {
            self.separated();
        }
        if gates.contains(TokenFlags::EMOJI) {
            self.emoji_between_words();
        }
        self.unknown_words();
        for address in self.folded.addresses() {
            self.address(*address);
        }
    }

    /// The weak views, on words that nobody knows.
    fn unknown_words(&mut self) {
        let mut tried = 0;
        // Distance to the last rare word: a split word has one among its two or three pieces.
        let mut since_rare = usize::MAX;
        let folded = self.folded;
        // One sign, and the whole post is read by ear.
        let mut careless = false;
        for (index, (token, &facts)) in folded.tokens().iter().zip(self.facts).enumerate() {
            self.out.work += 1;
            // Most words of most posts.
            if since_rare > 2 && !facts.intersects(Facts::TELLING) && !token.flags.contains(TokenFlags::SINGLE) {
                continue;
            }
            let word = folded.word(index);
            if facts.contains(Facts::GOVERNOR) {
                self.infinitive(index);
            }
            let settled = word.len() < 3 || token.flags.intersects(TokenFlags::EMOJI | TokenFlags::FOREIGN) || facts.contains(Facts::COMMON);
            careless = careless || self.is_sign(index, facts);
            let rare = !settled && facts.contains(Facts::RARE);
            let unknown = rare && facts.contains(Facts::UNKNOWN);
            since_rare = if rare { 0 } else { since_rare.saturating_add(1) };
            if since_rare < 3 {
                self.split(index);
            }
            let hashtag = token.flags.contains(TokenFlags::HASHTAG);
            if !unknown || !hashtag && word.len() < 3 {
                continue;
            }
            careless = careless || !token.flags.contains(TokenFlags::CAPITAL) && facts.contains(Facts::CUT);
            tried += 1;
            if tried > MAX_WEAK {
                self.out.flood = true;
                return;
            }
            if self.is_piece(index) {
                continue;
            }
            if word.len() <= MAX_LETTERS && word.bytes().all(|b| b.is_ascii_lowercase()) {
                let here = Place { tokens: index..index + 1, span: token.span };
                self.weak_views(word, &here, index);
            } else if hashtag {
                self.hashtag(index);
            }
        }
        if careless {
            self.careless();
        }
    }

    /// Glue and typo, then sound when neither explains the word.
    fn weak_views(&mut self, word: &str, here: &Place, index: usize) {
        let glued = self.glued(word, here, index);
        if self.is_name_inside(index) {
            return;
        }
        let slipped = self.doubled(word, here) || self.cut_short(word, here) || self.typo_in_phrase(index, here) || self.typo(word, here);
        if !glued && !slipped && !self.folded.tokens()[index].flags.contains(TokenFlags::RUN) {
            let voiced = self.voiced(index);
            self.phonetic(word, voiced.as_deref(), here, phonetic::WARY);
        }
    }

    /// A symbol or an emoji ties the token to its neighbour: the chunk was read whole, its pieces are no words.
    fn is_piece(&mut self, index: usize) -> bool {
        let tokens = self.folded.tokens();
        // Whether the tokens `left` and `left + 1` exist and nothing but symbols stands between them.
        let tied = |left: Option<usize>| {
            let Some((a, b)) = left.and_then(|l| tokens.get(l).zip(tokens.get(l + 1))) else { return false };
            let gap = &self.post[a.span.end as usize..b.span.start as usize];
            gap.len() <= 64 && !gap.contains(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '\'' | '’' | ',' | ';' | ':' | '(' | ')' | '"' | '.'))
        };
        let is_emoji = |index: Option<usize>| index.and_then(|i| tokens.get(i)).is_some_and(|t| t.flags.contains(TokenFlags::EMOJI));
        self.out.work += 2;
        let (before, after) = (index.checked_sub(1), index + 1);
        if is_emoji(before) || is_emoji(Some(after)) {
            // An emoji at the end of a word is no disguise.
            return is_emoji(before) && tied(before) && tied(index.checked_sub(2)) || is_emoji(Some(after)) && tied(Some(index)) && tied(Some(after));
        }
        tokens[index].flags.contains(TokenFlags::SYMBOL) && (tied(before) || tied(Some(index)))
    }

    /// A capitalised word inside a sentence is a name more often than a misspelling; a word in capitals is not.
    pub(super) fn is_name_inside(&self, index: usize) -> bool {
        let token = self.folded.tokens()[index];
        if !token.flags.contains(TokenFlags::CAPITAL) || index == 0 || introduces(self.folded.word(index - 1)) {
            return false;
        }
        let surface = &self.post[token.span.range()];
        if surface.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) {
            return false;
        }
        let before = self.folded.tokens()[index - 1].span.end as usize;
        let gap = &self.post[before..token.span.start as usize];
        !gap.contains(['.', '!', '?', '…', '\n', ':', '«', '"'])
    }

    fn push(&mut self, here: &Place, text: &str, view: View) {
        let known = self.out.list.iter().rev().take(16).any(|r| r.tokens == here.tokens && r.text == text);
        if !known {
            self.out.list.push(Reading { tokens: here.tokens.clone(), text: text.to_owned(), view, span: here.span });
        }
    }
}

/// Where a reading would stand.
#[derive(Debug, Clone)]
struct Place {
    tokens: std::ops::Range<usize>,
    span: Span,
}
