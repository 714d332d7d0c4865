//! Where clauses and sentences end, and what stands between quotation marks: read from the ORIGINAL text between words.

use std::borrow::Cow;

use vigie_text::Span;

use crate::cells::Cell;
use crate::concepts::Concepts;

/// What separates a word from the one before it, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Boundary {
    /// Nothing that matters.
    #[default]
    None,
    /// A comma or a conjunction.
    Soft,
    /// Semicolon, colon, quotation mark, bracket, dash between spaces.
    Hard,
    /// End of a sentence or line.
    Sentence,
}

impl Boundary {
    /// The marker that stands for it in an encoded post.
    pub(crate) fn marker(self) -> Option<char> {
        match self {
            Self::None => None,
            Self::Soft => Some(','),
            Self::Hard => Some(';'),
            Self::Sentence => Some('.'),
        }
    }
}

/// What the punctuation says of one word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    /// What stands before it.
    pub(crate) before: Boundary,
    /// Number of its sentence.
    pub(crate) sentence: u16,
    /// Inside quotation marks.
    pub(crate) quoted: bool,
    /// Its sentence ends with a question mark.
    pub(crate) question: bool,
    /// Its sentence ends with an exclamation mark.
    pub(crate) exclamation: bool,
    /// An equals sign or an arrow stands before it.
    pub(crate) equals: bool,
}

/// Quotation of at most this many words is a way of writing, not a boundary.
const SCARE_QUOTES: usize = 2;
/// A parenthetical of at most this many words between commas does not cut its clause.
const ASIDE: usize = 2;

/// Reads the places of so many words from the original text between them.
pub(crate) fn places(text: &str, words: usize, span: impl Fn(usize) -> Span, out: &mut Vec<Place>) {
    out.clear();
    let mut sentence = 0u16;
    let mut open: Option<(char, usize)> = None;
    let mut from = 0;
    let mut sentence_start = 0;
    for i in 0..words {
        let word = span(i);
        let gap = text.get(from..word.start as usize).unwrap_or("");
        from = word.end as usize;
        let mut place = Place::default();
        // Nine gaps in ten: nothing that could bound, quote or equal.
        if gap == " " && i > 0 {
            place.quoted = open.is_some();
            place.sentence = sentence;
            out.push(place);
            continue;
        }
        let gap = &*decoded(gap);
        let last = i.checked_sub(1).map(&span);
        let before = last.and_then(|last| text.get(..last.end as usize)).and_then(|t| t.chars().next_back());
        place.before = strongest(gap, before, last.is_some_and(|last| last.end - last.start == 1));
        if i == 0 {
            place.before = Boundary::Sentence;
        } else if place.before == Boundary::Sentence {
            close_sentence(gap, &mut out[sentence_start..]);
            sentence = sentence.saturating_add(1);
            sentence_start = i;
        }
        place.equals = gap.contains(['=', '➡', '→', '⇒']);
        quotes(gap, i, &mut open, out, &mut place);
        place.quoted = open.is_some();
        place.sentence = sentence;
        out.push(place);
    }
    if let Some(last) = words.checked_sub(1) {
        let tail = text.get(span(last).end as usize..).unwrap_or("");
        close_sentence(tail, &mut out[sentence_start..]);
        let end = words;
        if let Some((mark, start)) = open.take() {
            // Never closed: an apostrophe-like mark, not a quotation, unless it opened as « or “.
            if !matches!(mark, '«' | '“' | '„') && !tail.contains(closing(mark)) {
                out[start..end].iter_mut().for_each(|p| p.quoted = false);
            } else {
                soften_scare_quotes(out, start, end);
            }
        }
    }
}

/// The gap with its entities decoded: the semicolon of `&nbsp;` bounds nothing.
fn decoded(gap: &str) -> Cow<'_, str> {
    if !gap.contains('&') {
        return Cow::Borrowed(gap);
    }
    let mut out = String::with_capacity(gap.len());
    let mut rest = gap;
    while let Some(c) = rest.chars().next() {
        let (c, length) = vigie_text::entity(rest).unwrap_or((c, c.len_utf8()));
        out.push(c);
        rest = &rest[length..];
    }
    Cow::Owned(out)
}

fn closing(mark: char) -> char {
    match mark {
        '«' => '»',
        '“' | '„' => '”',
        other => other,
    }
}

fn quotes(gap: &str, i: usize, open: &mut Option<(char, usize)>, out: &mut [Place], place: &mut Place) {
    for c in gap.chars() {
        match *open {
            Some((mark, start)) if c == closing(mark) || (mark == '"' && c == '”') => {
                *open = None;
                place.before = soften_scare_quotes(out, start, i).unwrap_or(place.before);
            }
            None if matches!(c, '«' | '“' | '„' | '"') => *open = Some((c, i)),
            _ => {}
        }
    }
}

/// Words between quotation marks that are only a way of writing: no boundary around them. Returns the boundary after them.
fn soften_scare_quotes(out: &mut [Place], start: usize, end: usize) -> Option<Boundary> {
    if start >= end || end - start > SCARE_QUOTES || start == 0 {
        return None;
    }
    if out[start].before == Boundary::Hard {
        out[start].before = Boundary::None;
        return Some(Boundary::None);
    }
    None
}

fn strongest(gap: &str, before: Option<char>, after_initial: bool) -> Boundary {
    let mut found = Boundary::None;
    let mut previous = before.unwrap_or(' ');
    let mut chars = gap.chars().peekable();
    while let Some(c) = chars.next() {
        let spaced = previous.is_whitespace() && chars.peek().is_none_or(|n| n.is_whitespace());
        let this = match c {
            '\n' | '!' | '?' | '…' | '‽' | '⁉' | '‼' => Boundary::Sentence,
            '.' if chars.peek().is_some_and(|&n| n == '.') => Boundary::Sentence,
            '.' if !after_initial && chars.peek().is_some_and(|n| n.is_whitespace() || matches!(n, '"' | '»' | '”' | ')')) => Boundary::Sentence,
            ';' | ':' | '«' | '»' | '“' | '”' | '"' | '(' | ')' | '[' | ']' | '—' | '|' | '/' => Boundary::Hard,
            '-' | '–' if spaced => Boundary::Hard,
            ',' | '،' => Boundary::Soft,
            _ => Boundary::None,
        };
        found = found.max(this);
        previous = c;
    }
    found
}

fn close_sentence(gap: &str, sentence: &mut [Place]) {
    let (question, exclamation) = (gap.contains(['?', '⁉', '‽']), gap.contains(['!', '‼', '⁉']));
    for place in sentence {
        place.question = question;
        place.exclamation = exclamation;
    }
}

/// "Les uns, franchement, sont …": two commas around a word or two bound nothing. A noun phrase between commas is no aside.
fn join_asides(places: &mut [Place], concepts: &[Concepts]) {
    let mut last: Option<usize> = None;
    for i in 1..places.len() {
        match places[i].before {
            Boundary::Soft => match last {
                Some(j) if i - j <= ASIDE && places[j].sentence == places[i].sentence && !noun_phrase(concepts[j]) => {
                    places[j].before = Boundary::None;
                    places[i].before = Boundary::None;
                    last = None;
                }
                _ => last = Some(i),
            },
            Boundary::None => {}
            _ => last = None,
        }
    }
}

/// What opens with an article; "ces …" takes up what stands before it.
fn noun_phrase(first: Concepts) -> bool {
    first.contains(Concepts::DET) && !first.contains(Concepts::DEMONSTRATIVE)
}

/// What the words themselves say of boundaries: a conjunction opens a clause, a comma after a copula bounds nothing.
pub(crate) fn soften(places: &mut [Place], concepts: &[Concepts], cells: &[Cell]) {
    join_asides(places, concepts);
    for i in 1..places.len() {
        let place = &mut places[i];
        if place.before == Boundary::Soft && (concepts[i - 1].contains(Concepts::COPULA) || concepts[i].contains(Concepts::NE)) {
            place.before = Boundary::None;
        } else if place.before == Boundary::None && concepts[i].contains(Concepts::CONJ) {
            place.before = Boundary::Soft;
        }
    }
    // A phrase of several words is one thing: "haut et court" holds no boundary.
    for (i, cell) in cells.iter().enumerate() {
        for mark in cell.marks.iter().filter(|m| m.length > 1) {
            for place in places.iter_mut().take(i + mark.length as usize).skip(i + 1).filter(|p| p.before == Boundary::Soft) {
                place.before = Boundary::None;
            }
        }
    }
}
