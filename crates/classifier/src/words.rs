//! The words of a post: the folded tokens, with tokens that a view splits or joins rewritten as the words they stand for.

use vigie_text::{Folded, Reading, Span, TokenFlags, View};

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
}

/// The words of a post and their other readings.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// A space, then each word and a space.
    pub(crate) text: String,
    pub(crate) list: Vec<Word>,
    pub(crate) alternatives: Vec<Alternative>,
}

impl Words {
    /// Takes the tokens as they are.
    pub(crate) fn set(&mut self, folded: &Folded) {
        self.alternatives.clear();
        self.list.clear();
        self.text.clear();
        self.text.push_str(folded.text());
        self.list.extend(folded.tokens().iter().map(|t| Word { start: t.start, end: t.end, span: t.span, flags: t.flags, view: canonical_view(t.flags) }));
    }

    /// Takes the tokens with `readings`: those that join or split tokens rewrite the words, the others stand beside them.
    /// `keep` tells which words already mean something and are not to be rewritten.
    pub(crate) fn set_with(&mut self, folded: &Folded, readings: &[Reading], keep: impl Fn(usize) -> bool) {
        self.alternatives.clear();
        self.list.clear();
        self.text.clear();
        self.text.push(' ');
        let tokens = folded.tokens();
        let mut at = 0;
        let mut word_of = vec![0usize; tokens.len()];
        while at < tokens.len() {
            let rewriting = readings
                .iter()
                .filter(|r| r.tokens.start == at && is_structural(r) && !r.tokens.clone().all(&keep))
                .max_by_key(|r| (r.tokens.len(), std::cmp::Reverse(r.view)));
            if let Some(r) = rewriting {
                let parts = r.text.split(' ').count();
                for (k, part) in r.text.split(' ').enumerate() {
                    let span = part_span(r, k, parts, part, folded);
                    self.push(part, span, tokens[at].flags, Some(r.view));
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
        for r in readings.iter().filter(|r| !is_structural(r)) {
            let word = word_of[r.tokens.start];
            if self.list[word].span == r.span || !self.list[word].view.is_some_and(View::is_weak) {
                self.alternatives.push(Alternative { word, text: r.text.clone(), view: r.view });
            }
        }
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

    /// The word that starts at `byte` of the text.
    pub(crate) fn at(&self, byte: u32) -> Option<usize> {
        self.list.binary_search_by_key(&byte, |w| w.start).ok()
    }

    /// The word that ends at `byte` of the text.
    pub(crate) fn ending(&self, byte: u32) -> Option<usize> {
        self.list.binary_search_by_key(&byte, |w| w.end).ok()
    }
}

fn is_structural(r: &Reading) -> bool {
    r.tokens.len() > 1 || r.text.contains(' ')
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

/// Where part `k` of a split token stands: exact when the token's letters are the parts' letters, else the whole reading.
fn part_span(r: &Reading, k: usize, parts: usize, part: &str, folded: &Folded) -> Span {
    if parts == 1 || r.tokens.len() != 1 {
        return r.span;
    }
    let token = folded.tokens()[r.tokens.start];
    let letters = (token.end - token.start) as usize;
    let total: usize = r.text.split(' ').map(str::len).sum();
    let original = (token.span.end - token.span.start) as usize;
    if total != letters || original != letters {
        return r.span;
    }
    let before: usize = r.text.split(' ').take(k).map(str::len).sum();
    let start = token.span.start as usize + before;
    Span::new(start, start + part.len())
}
