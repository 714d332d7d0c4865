//! The words of a post: the folded tokens, with tokens that a view splits or joins rewritten as the words they stand for.

use std::ops::Range;

use vigie_text::{Folded, Reading, Span, TokenFlags, View};

use crate::known::Known;

/// One word.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Folded letters, as a range of [`Words::text`].
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// In the original.
    pub(crate) span: Span,
    pub(crate) flags: TokenFlags,
    /// The view that made this word out of the tokens.
    pub(crate) view: Option<View>,
}

/// Another reading of one word, left beside it.
#[derive(Debug, Clone)]
pub(crate) struct Alternative {
    pub(crate) word: usize,
    pub(crate) text: String,
    pub(crate) view: View,
    /// It only adds an ending to a word that means something as it stands.
    pub(crate) ending: bool,
}

/// The words of a post and their other readings.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// A space, then each word and a space.
    pub(crate) text: String,
    pub(crate) list: Vec<Word>,
    /// What the tables say of each.
    pub(crate) known: Vec<Known>,
    pub(crate) alternatives: Vec<Alternative>,
}

impl Words {
    /// What some words cover in the original; nothing for no words.
    pub(crate) fn span(&self, words: &Range<usize>) -> Span {
        match self.list.get(words.clone()) {
            Some([first, .., last]) => first.span.join(last.span),
            Some([only]) => only.span,
            _ => Span::new(0, 0),
        }
    }

    /// Takes the tokens as they are, of which the tables say that.
    pub(crate) fn set(&mut self, folded: &Folded, known: &[Known]) {
        self.know(known);
        self.alternatives.clear();
        self.list.clear();
        self.text.clear();
        self.text.push_str(folded.text());
        self.list.extend(folded.tokens().iter().map(|t| Word { start: t.start, end: t.end, span: t.span, flags: t.flags, view: canonical_view(t.flags) }));
    }

    /// Takes the tokens with `readings`: those that join or split tokens rewrite the words, the others stand beside them.
    /// `keep` tells which words already mean something and are not to be rewritten. True when a word was.
    pub(crate) fn set_with(&mut self, folded: &Folded, readings: &[Reading], keep: impl Fn(usize) -> bool) -> bool {
        let mut rewritten = false;
        self.alternatives.clear();
        self.list.clear();
        self.text.clear();
        self.text.push(' ');
        let tokens = folded.tokens();
        let mut at = 0;
        let mut word_of = vec![0usize; tokens.len()];
        // Readings come in the order of their first token.
        let mut rest = readings;
        while at < tokens.len() {
            let (here, later) = rest.split_at(rest.partition_point(|r| r.tokens.start <= at));
            rest = later;
            // Letters that only symbols keep apart are one word, even where each piece is one too: the weak views guess, and must not.
            let rewriting = here
                .iter()
                .filter(|r| r.tokens.start == at && is_structural(r))
                .filter(|r| r.tokens.len() > 1 && !r.view.is_weak() || !r.tokens.clone().all(&keep))
                .min_by_key(|r| (std::cmp::Reverse(r.tokens.len()), r.view));
            if let Some(r) = rewriting {
                rewritten = true;
                for part in r.text.split(' ') {
                    self.push(part, r.span, tokens[at].flags, Some(r.view));
                }
                word_of[r.tokens.clone()].fill(self.list.len() - 1);
                at = r.tokens.end;
            } else {
                word_of[at] = self.list.len();
                let t = tokens[at];
                self.push(folded.word(at), t.span, t.flags, canonical_view(t.flags));
                at += 1;
            }
        }
        for r in readings.iter().filter(|r| !r.text.contains(' ') || is_careless(r)) {
            let word = word_of[r.tokens.start];
            if word != word_of[r.tokens.end - 1] || self.word(word) == r.text {
                continue;
            }
            let written = self.list[word].span;
            if written == r.span || r.tokens.len() == 1 && !self.list[word].view.is_some_and(View::is_weak) {
                // What the word is made of may begin before its letters: "$".
                let stands = keep(r.tokens.start);
                if !stands {
                    self.list[word].span = written.join(r.span);
                }
                let ending = stands && r.text.starts_with(self.word(word));
                self.alternatives.push(Alternative { word, text: r.text.clone(), view: r.view, ending });
            }
        }
        rewritten
    }

    /// Takes what the tables say of each word.
    pub(crate) fn know(&mut self, known: &[Known]) {
        self.known.clear();
        self.known.extend_from_slice(known);
    }

    fn push(&mut self, letters: &str, span: Span, flags: TokenFlags, view: Option<View>) {
        let start = self.text.len() as u32;
        self.text.push_str(letters);
        let end = self.text.len() as u32;
        self.text.push(' ');
        self.list.push(Word { start, end, span, flags, view });
    }

    /// Folded letters of a word.
    pub(crate) fn word(&self, i: usize) -> &str {
        let w = &self.list[i];
        &self.text[w.start as usize..w.end as usize]
    }
}

fn is_structural(r: &Reading) -> bool {
    r.tokens.len() > 1 || r.text.contains(' ') && !is_careless(r)
}

/// A word of text messages that stands for several ("jsui"): it is often known as it is, and stays.
fn is_careless(r: &Reading) -> bool {
    r.tokens.len() == 1 && r.view == View::Careless
}

fn canonical_view(flags: TokenFlags) -> Option<View> {
    if flags.contains(TokenFlags::LOOKALIKE) {
        Some(View::Lookalike)
    } else if flags.contains(TokenFlags::INVISIBLE) {
        Some(View::Invisible)
    } else {
        None
    }
}
