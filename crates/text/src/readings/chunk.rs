//! Strong views: repetition, leet, masks, emoji inside a word. Each makes a pattern out of neighbouring tokens and the
//! symbols between them, and walks it over the forms.

use super::trie::{ANY, Element, bit};
use super::{FormUse, MAX_STRONG, Place, View, Views};
use crate::{Span, TokenFlags};

/// Longest pattern, in elements.
const MAX_ELEMENTS: usize = 40;
/// People mask what is rude: a masked form is worth this many ordinary words of the same frequency …
const MASKED_BOOST: u32 = 20;
/// … and at least this many occurrences per hundred million words.
const MASKED_FLOOR: u32 = 60;
/// Steps of one walk over the forms.
const BUDGET: u64 = 2_000;
/// The same for a mask of any length, which is tried on every form that begins with its first letter.
const ELASTIC_BUDGET: u64 = 4_000;
/// Readings of one chunk: past it a mask says nothing.
const MAX_READINGS: usize = 8;
/// Longest gap between tokens that is looked into, in bytes.
const MAX_GAP: usize = 64;

/// What a chunk is made of.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Made {
    /// Plain letters.
    pub(super) letters: usize,
    /// Digits and symbols that stand for a letter.
    leet: usize,
    /// Stars and the like.
    masks: usize,
    /// A star that stands for any number of letters.
    elastic: bool,
    runs: usize,
    emoji: usize,
}

/// Letters that a digit or symbol stands for; `None` for anything else.
pub(super) fn leet(c: char) -> Option<u32> {
    let letters: &[u8] = match c {
        '0' => b"o",
        '1' | '!' | '|' => b"il",
        '2' => b"z",
        '3' | '€' => b"e",
        '4' | '@' => b"a",
        '5' | '$' | '§' => b"s",
        '6' => b"gb",
        '7' | '+' => b"t",
        '8' => b"b",
        '9' => b"gq",
        '£' => b"le",
        '¡' => b"i",
        '¢' => b"c",
        '¥' => b"y",
        '×' => b"x",
        _ => return None,
    };
    Some(letters.iter().fold(0, |set, l| set | bit(*l)))
}

fn is_mask(c: char) -> bool {
    matches!(c, '*' | '#' | '_' | '%' | '?' | '•' | '●' | '∗' | '＊' | '■' | '█' | '…' | '.')
}

impl Views<'_> {
    /// Tokens that hold digits, symbols, runs, or touch an emoji.
    pub(super) fn chunks(&mut self) {
        let mut tried = 0;
        let mut index = 0;
        let tokens = self.folded.tokens();
        while index < tokens.len() {
            self.out.work += 1;
            let flags = tokens[index].flags;
            let emoji_follows = tokens.get(index + 1).is_some_and(|t| t.flags.contains(TokenFlags::EMOJI) && t.span.start == tokens[index].span.end);
            if flags.contains(TokenFlags::INCLUSIVE) {
                self.suffixed(index);
            }
            let open = flags.intersects(TokenFlags::DIGIT | TokenFlags::SYMBOL | TokenFlags::RUN) || emoji_follows;
            if !open || flags.contains(TokenFlags::EMOJI) {
                index += 1;
                continue;
            }
            tried += 1;
            if tried > MAX_STRONG {
                self.out.flood = true;
                return;
            }
            let end = self.chunk(index);
            index = end.max(index + 1);
        }
    }

    /// What was taken for an inclusive suffix may be a mask or a cut: `bat*au`, `ba.teau`.
    fn suffixed(&mut self, index: usize) {
        let word = self.folded.word(index);
        let token = self.folded.tokens()[index];
        if self.dictionary.is_ordinary(word) || self.lookup.key(word.as_bytes()).is_some() {
            return;
        }
        let mut elements = std::mem::take(&mut self.out.scratch.elements);
        elements.clear();
        let mut made = Made::default();
        let surface = &self.post[token.span.range()];
        for c in surface.chars().take(MAX_ELEMENTS) {
            match c {
                '*' => push_symbol(c, token.span.end, &mut elements, &mut made),
                _ if c.is_ascii() => {
                    if c.is_ascii_alphabetic() {
                        push_letter(c.to_ascii_lowercase() as u8, token.span.end, &mut elements, &mut made);
                    }
                }
                _ => crate::fold_word(c.encode_utf8(&mut [0; 4])).bytes().for_each(|b| push_letter(b, token.span.end, &mut elements, &mut made)),
            }
        }
        self.out.work += surface.len() as u64;
        let view = if made.masks > 0 { View::Mask } else { View::Separated };
        let here = Place { tokens: index..index + 1, span: token.span };
        self.walk(&elements, 4, view, &here);
        self.out.scratch.elements = elements;
    }

    /// Reads the chunk that begins with token `first`; returns the token after it.
    fn chunk(&mut self, first: usize) -> usize {
        let tokens = self.folded.tokens();
        let mut made = Made::default();
        let mut elements = std::mem::take(&mut self.out.scratch.elements);
        elements.clear();
        let mut start = tokens[first].span.start;
        let floor = first.checked_sub(1).map_or(0, |p| tokens[p].span.end);
        // Leading symbols: "$alope". One or two; stars in front are emphasis.
        let mut led = Vec::new();
        for (at, c) in self.post[floor as usize..start as usize].char_indices().rev().take(2) {
            if c.is_ascii_digit() || leet(c).is_none() {
                break;
            }
            led.push((c, start));
            start = floor + at as u32;
        }
        for (c, end) in led.into_iter().rev() {
            push_symbol(c, end, &mut elements, &mut made);
        }
        let mut last = first;
        let mut index = first;
        // Elements up to the last letter, so that trailing emoji and masks can be cut.
        let mut kept = (0, made, first);
        loop {
            let token = tokens[index];
            if token.flags.contains(TokenFlags::EMOJI) {
                made.emoji += 1;
                elements.push(Element { letters: ANY, min: 0, max: 1, de: false, end: token.span.end });
            } else {
                for b in self.folded.word(index).bytes() {
                    push_letter(b, token.span.end, &mut elements, &mut made);
                }
                kept = (elements.len(), made, index);
            }
            last = last.max(index);
            let Some(next) = tokens.get(index + 1) else { break };
            let gap = token.span.end as usize..next.span.start as usize;
            if elements.len() > MAX_ELEMENTS || gap.len() > MAX_GAP || next.flags.contains(TokenFlags::HASHTAG) {
                break;
            }
            self.out.work += gap.len() as u64 + 1;
            if !push_gap(self.post, gap, &mut elements, &mut made) {
                break;
            }
            index += 1;
        }
        let after = kept.2 + 1;
        elements.truncate(kept.0);
        // 2 is "de" between words only: CO2 is no "code".
        if let Some(last) = elements.last_mut() {
            last.de = false;
        }
        made = kept.1;
        let mut end = tokens[kept.2].span.end;
        let ceiling = tokens.get(after).map_or(self.post.len(), |t| t.span.start as usize);
        let leading_star = self.post[..start as usize].ends_with(['*', '_']);
        for c in self.post[end as usize..ceiling].chars().take(3) {
            let letter = leet(c).is_some() && !matches!(c, '!' | '|' | '+' | '€' | '£' | '$' | '×')
                || matches!(c, '€' | '$' | '£') && made.letters >= 3 && made.leet + 3 > made.letters / 2;
            let mask = matches!(c, '*' | '#') && !leading_star && (made.masks > 0 || !self.dictionary.is_ordinary(self.folded.word(kept.2)));
            if !(letter || mask) {
                break;
            }
            end += c.len_utf8() as u32;
            push_symbol(c, end, &mut elements, &mut made);
        }
        if elements.len() <= MAX_ELEMENTS {
            let here = Place { tokens: first..after, span: Span { start, end } };
            self.read_chunk(&elements, made, &here);
        }
        self.out.scratch.elements = elements;
        last + 1
    }

    fn read_chunk(&mut self, elements: &[Element], made: Made, here: &Place) {
        let plain = made.leet + made.masks + made.emoji == 0;
        if plain && (made.runs == 0 || here.tokens.len() > 1 || self.dictionary.is_ordinary(self.folded.word(here.tokens.start))) {
            return;
        }
        let known = made.letters + made.leet;
        if made.letters < 2 || made.masks > 0 && (made.masks > known || made.elastic && made.letters < 3 || elements.first().is_some_and(|e| e.letters == ANY))
        {
            return;
        }
        let view = match made {
            Made { masks: 1.., .. } => View::Mask,
            Made { leet: 1.., .. } => View::Leet,
            Made { emoji: 1.., .. } => View::Separated,
            _ => View::Repetition,
        };
        if made.elastic {
            self.elastic(elements, here);
            return;
        }
        let shortest = if plain { 3 } else { 4 };
        if self.walk(elements, shortest, view, here) || made.masks > 0 {
            return;
        }
        if made.runs > 0 {
            return;
        }
        // Disguised twice: the plainest reading goes through the weak views.
        let word = plainest(elements);
        if (6..=super::MAX_LETTERS).contains(&word.len()) && !self.dictionary.is_ordinary(&word) {
            let _ = self.glued(&word, here, here.tokens.start) || self.typo(&word, here);
        }
    }

    pub(super) fn walk(&mut self, elements: &[Element], shortest: usize, view: View, here: &Place) -> bool {
        let mut found = std::mem::take(&mut self.out.scratch.found);
        found.clear();
        self.out.work += self.lookup.trie().walk(elements, false, BUDGET, &mut found);
        found.retain(|(key, _)| self.lookup.letters(*key) >= shortest && self.lookup.allows(*key, FormUse::STRONG));
        let lookup = self.lookup;
        if view == View::Mask && !found.is_empty() {
            let rival = self.mask_rival(elements);
            let dictionary = self.dictionary;
            found.retain(|(key, _)| {
                let own = dictionary.get(lookup.text(*key)).map_or(0, |i| i.count).max(MASKED_FLOOR);
                rival <= own.saturating_mul(MASKED_BOOST)
            });
        }
        // What people hide first, then forms before words of forms: an ambiguous mask is cut where it matters least.
        found.sort_by_key(|(key, _)| (!lookup.allows(*key, FormUse::NAMING), !lookup.is_whole(*key), *key));
        for (key, _) in found.iter().take(MAX_READINGS) {
            self.push(here, lookup.text(*key), view);
        }
        let any = !found.is_empty();
        self.out.scratch.found = found;
        any
    }

    /// Forms that name or insult people and fit a mask of any length: several words do, so that none is sure.
    fn elastic(&mut self, elements: &[Element], here: &Place) {
        let stars = elements.iter().filter(|e| e.max > 2).map(|e| usize::from(e.max) - 2).sum::<usize>();
        let written = elements.len() + stars - elements.iter().filter(|e| e.max > 2).count();
        let (lookup, first) = (self.lookup, elements[0].letters);
        // The letters behind the last star, from the end: they turn most forms away at once.
        let tail: Vec<u32> = elements.iter().rev().take_while(|e| e.max == 1).map(|e| e.letters).collect();
        let mut found: Vec<(usize, u32)> = Vec::new();
        let mut steps = 0;
        for key in (b'a'..=b'z').filter(|l| first & bit(*l) != 0).flat_map(|l| lookup.naming(l)) {
            steps += 1;
            let letters = lookup.text(*key).bytes().filter(|b| *b != b' ');
            if tail.iter().zip(letters.clone().rev()).all(|(set, l)| set & bit(l) != 0) && fits(elements, letters.clone(), &mut steps) {
                found.push((letters.count().abs_diff(written), *key));
            }
            if steps > ELASTIC_BUDGET {
                break;
            }
        }
        self.out.work += steps;
        found.sort_unstable();
        for (_, key) in found.into_iter().take(MAX_READINGS) {
            self.push(here, lookup.text(key), View::Elastic);
        }
    }

    /// The count of the most frequent ordinary word that fits a mask of one or two letters. A word that is a form answers for itself.
    fn mask_rival(&mut self, elements: &[Element]) -> u32 {
        let masks: Vec<usize> = (0..elements.len()).filter(|i| elements[*i].letters == ANY).collect();
        let Some(&at) = masks.first() else { return 0 };
        if masks.len() > 2 || elements.iter().any(|e| e.max > 1 || e.min != 1 || e.de || e.letters == 0) {
            return 0;
        }
        let mut word: Vec<u8> = elements.iter().map(|e| b'a' + (e.letters.trailing_zeros() as u8)).collect();
        let mut most = 0;
        for first in b'a'..=b'z' {
            for second in b'a'..=if masks.len() == 2 { b'z' } else { b'a' } {
                word[at] = first;
                if let Some(other) = masks.get(1) {
                    word[*other] = second;
                }
                self.out.work += 1;
                let count =
                    std::str::from_utf8(&word).ok().filter(|w| self.dictionary.is_common(w)).and_then(|w| self.dictionary.get(w)).map_or(0, |i| i.count);
                most = most.max(count);
            }
        }
        most
    }
}

/// The first letter of each element.
pub(super) fn plainest(elements: &[Element]) -> String {
    let mut word = String::new();
    for e in elements.iter().filter(|e| e.min > 0 && e.letters != 0) {
        if e.de {
            word.push_str("de");
        } else {
            word.push(char::from(b'a' + e.letters.trailing_zeros() as u8));
        }
    }
    word
}

/// Whether the letters fill the pattern: all of its elements, in order.
fn fits(elements: &[Element], mut letters: impl Iterator<Item = u8> + Clone, steps: &mut u64) -> bool {
    let Some((element, rest)) = elements.split_first() else { return letters.next().is_none() };
    let mut taken = 0;
    loop {
        *steps += 1;
        if taken >= element.min && fits(rest, letters.clone(), steps) {
            return true;
        }
        if taken == element.max || letters.next().is_none_or(|l| element.letters & bit(l) == 0) {
            return false;
        }
        taken += 1;
    }
}

/// A folded letter or digit. The third of a run makes the run one element, read as one letter or two.
pub(super) fn push_letter(byte: u8, end: u32, elements: &mut Vec<Element>, made: &mut Made) {
    let (letters, de) = if byte.is_ascii_lowercase() {
        made.letters += 1;
        (bit(byte), false)
    } else if let Some(letters) = leet(char::from(byte)) {
        made.leet += 1;
        (letters, byte == b'2')
    } else {
        // No form is spelled with this letter.
        (0, false)
    };
    add(Element { letters, min: 1, max: 1, de, end }, elements, made);
}

pub(super) fn push_symbol(c: char, end: u32, elements: &mut Vec<Element>, made: &mut Made) {
    if let Some(letters) = leet(c) {
        made.leet += 1;
        add(Element { letters, min: 1, max: 1, de: false, end }, elements, made);
    } else {
        made.masks += 1;
        elements.push(Element { letters: ANY, min: 1, max: 1, de: false, end });
    }
}

fn add(element: Element, elements: &mut Vec<Element>, made: &mut Made) {
    let same = |e: &Element| e.letters == element.letters && e.de == element.de && e.letters != ANY && e.letters != 0;
    if let Some(last) = elements.last_mut()
        && same(last)
        && last.max == 2
    {
        last.end = element.end;
        return;
    }
    if let [.., a, b] = elements.as_mut_slice()
        && same(a)
        && same(b)
    {
        a.max = 2;
        a.end = element.end;
        made.runs += 1;
        elements.pop();
        return;
    }
    elements.push(element);
}

/// Symbols between two tokens; false when something else stands there too.
fn push_gap(post: &str, gap: std::ops::Range<usize>, elements: &mut Vec<Element>, made: &mut Made) -> bool {
    let text = &post[gap.clone()];
    let dots = text.chars().filter(|c| *c == '.').count();
    if dots == 1 || dots > 0 && dots != text.len() {
        return false;
    }
    if text.contains(|c: char| !is_mask(c) && leet(c).is_none() && !is_hidden(c)) {
        return false;
    }
    let masks = text.chars().filter(|c| is_mask(*c)).count();
    if masks >= 3 || text.contains('…') {
        // Three stars and more tell nothing of the length.
        made.masks += 1;
        made.elastic = true;
        elements.push(Element { letters: ANY, min: 1, max: (masks + 2).clamp(3, 12) as u8, de: false, end: gap.end as u32 });
        return true;
    }
    for (at, c) in text.char_indices().filter(|(_, c)| !is_hidden(*c)) {
        push_symbol(c, (gap.start + at + c.len_utf8()) as u32, elements, made);
    }
    true
}

/// Invisible characters, and marks on a symbol.
pub(super) fn is_hidden(c: char) -> bool {
    !c.is_ascii() && crate::fold::is_dropped(c)
}
