//! The matcher: every whole-word occurrence of every form, by walking a trie of words. It compares words by hash and forms by text.
//!
//! A token costs one look into the table of first words, and a phrase one look a word: no state of one byte waits for the byte before, as in
//! an automaton. Aho-Corasick over the same forms is the oracle of the tests, and what the benches compare with.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};

use crate::forms::Forms;

/// Finds forms in folded text: tokens separated by single spaces, with a space at both ends.
pub(crate) struct Matcher {
    /// First words of forms.
    roots: Edges,
    /// A node and a further word.
    edges: Edges,
    /// By node: [`DEEPER`] when a longer form goes on from here, and the form that ends here, counted from 1.
    nodes: Vec<u32>,
    /// Forms whose words have the same hashes, one after the other. Empty unless two words collide.
    twins: FxHashMap<u32, u32>,
}

/// Bit of a node from which a longer form goes on.
const DEEPER: u32 = 1 << 31;

/// One occurrence: a form between two byte positions of the folded text, outer spaces left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub(crate) form: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Hits, and the buffer that finding them needs.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In order of their end, the longest first.
    pub(crate) hits: Vec<RawHit>,
    words: Vec<Token>,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    start: u32,
    end: u32,
    hash: u64,
}

/// The hash of one folded word: equal in the matcher and in the gate of [`crate::trigger`].
pub(crate) fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

impl Matcher {
    /// Indexes all forms.
    pub(crate) fn build(forms: &Forms) -> Self {
        let words: usize = forms.list.iter().map(|f| f.text.bytes().filter(|b| *b == b' ').count()).sum();
        let mut matcher = Self { roots: Edges::for_at_most(forms.list.len()), edges: Edges::for_at_most(words), nodes: Vec::with_capacity(forms.list.len() + words / 2), twins: FxHashMap::default() };
        for (number, form) in forms.list.iter().enumerate() {
            matcher.add(&form.text, number as u32);
        }
        matcher.roots.shrink();
        matcher.edges.shrink();
        matcher.nodes.shrink_to_fit();
        matcher
    }

    fn add(&mut self, text: &str, form: u32) {
        let mut at: Option<u32> = None;
        for word in text.split(' ') {
            let next = self.nodes.len() as u32;
            let hash = hash(word.as_bytes());
            let node = match at {
                None => self.roots.entry(hash, next),
                Some(from) => {
                    self.nodes[from as usize] |= DEEPER;
                    self.edges.entry(beyond(from, hash), next)
                }
            };
            if node == next {
                self.nodes.push(0);
            }
            at = Some(node);
        }
        let Some(node) = at else { return };
        let here = &mut self.nodes[node as usize];
        let first = *here & !DEEPER;
        if first == 0 {
            *here |= form + 1;
        } else {
            let mut last = first - 1;
            while let Some(&next) = self.twins.get(&last) {
                last = next;
            }
            self.twins.insert(last, form);
        }
    }

    /// Replaces what `found` holds by every hit in `text`.
    pub(crate) fn find(&self, forms: &Forms, text: &str, found: &mut Found) {
        let Found { hits, words } = found;
        hits.clear();
        words.clear();
        let mut start = 1;
        for end in memchr::memchr_iter(b' ', text.as_bytes()).skip(1) {
            words.push(Token { start: start as u32, end: end as u32, hash: hash(&text.as_bytes()[start..end]) });
            start = end + 1;
        }
        for (i, first) in words.iter().enumerate() {
            let Some(mut node) = self.roots.get(first.hash) else { continue };
            let mut rest = words[i + 1..].iter();
            let mut end = first.end;
            loop {
                let here = self.nodes[node as usize];
                if here & !DEEPER != 0 {
                    self.confirm((here & !DEEPER) - 1, forms, text, (first.start, end), hits);
                }
                if here & DEEPER == 0 {
                    break;
                }
                let Some(next) = rest.next() else { break };
                let Some(further) = self.edges.get(beyond(node, next.hash)) else { break };
                (node, end) = (further, next.end);
            }
        }
        // The order of an automaton: by end, then the longest first.
        hits.sort_unstable_by_key(|h| (h.end, h.start));
    }

    /// The form of these words, if the text is its text.
    fn confirm(&self, form: u32, forms: &Forms, text: &str, (start, end): (u32, u32), hits: &mut Vec<RawHit>) {
        let mut form = form;
        while *forms.list[form as usize].text != text[start as usize..end as usize] {
            let Some(&twin) = self.twins.get(&form) else { return };
            form = twin;
        }
        hits.push(RawHit { form, start, end });
    }
}

/// The key of an edge.
fn beyond(node: u32, hash: u64) -> u64 {
    (hash ^ u64::from(node).wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

/// Keys to nodes: open addressing, linear probing, at most two thirds full. The tag 0 marks a free slot.
struct Edges {
    slots: Vec<Slot>,
    used: usize,
}

/// Thirty-two bits of the key, and the node. Keys that share them share the node: what that mixes up, [`Matcher::confirm`] sorts out.
#[derive(Clone, Copy, Default)]
struct Slot {
    tag: u32,
    node: u32,
}

impl Edges {
    fn for_at_most(keys: usize) -> Self {
        Self { slots: vec![Slot::default(); size(keys)], used: 0 }
    }

    /// The node of `key`, `new` if it had none.
    fn entry(&mut self, key: u64, new: u32) -> u32 {
        let at = self.find(tag(key));
        let slot = &mut self.slots[at];
        if slot.tag == 0 {
            *slot = Slot { tag: tag(key), node: new };
            self.used += 1;
        }
        slot.node
    }

    fn get(&self, key: u64) -> Option<u32> {
        let slot = self.slots[self.find(tag(key))];
        (slot.tag != 0).then_some(slot.node)
    }

    /// The slot of a tag, or the free one where it would go.
    fn find(&self, tag: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = tag as usize & mask;
        while self.slots[at].tag != 0 && self.slots[at].tag != tag {
            at = (at + 1) & mask;
        }
        at
    }

    /// Gives back what the estimate of the keys took too much.
    fn shrink(&mut self) {
        if size(self.used) < self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size(self.used)]);
            for slot in old.into_iter().filter(|s| s.tag != 0) {
                let at = self.find(slot.tag);
                self.slots[at] = slot;
            }
        }
    }
}

fn size(keys: usize) -> usize {
    (keys * 3 / 2 + 1).next_power_of_two().max(2)
}

fn tag(key: u64) -> u32 {
    let mixed = (key ^ (key >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use aho_corasick::{AhoCorasick, MatchKind};
    use proptest::prelude::*;

    use super::*;
    use crate::forms::FormEntry;

    fn forms(texts: &[String]) -> Forms {
        let mut texts: Vec<&String> = texts.iter().collect();
        texts.sort_unstable();
        texts.dedup();
        let mut forms = Forms::default();
        forms.list.extend(texts.into_iter().map(|t| FormEntry { text: t.as_str().into(), meanings: Vec::new() }));
        forms
    }

    /// The slow, obvious way: an automaton over " form ".
    fn oracle(forms: &Forms, text: &str) -> Vec<RawHit> {
        let patterns = forms.list.iter().map(|f| format!(" {} ", f.text));
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).expect("few patterns");
        automaton.find_overlapping_iter(text).map(|m| RawHit { form: m.pattern().as_u32(), start: m.start() as u32 + 1, end: m.end() as u32 - 1 }).collect()
    }

    fn check(forms: &Forms, text: &str) {
        let mut found = Found::default();
        Matcher::build(forms).find(forms, text, &mut found);
        assert_eq!(found.hits, oracle(forms, text), "{text:?}");
    }

    proptest! {
        #[test]
        fn the_matcher_finds_what_an_automaton_finds_in_the_same_order(
            texts in prop::collection::vec("[abé🍀]{1,2}( [abé🍀]{1,2}){0,3}", 1..40),
            words in prop::collection::vec("[abé🍀]{1,2}", 0..60),
        ) {
            let text = words.iter().fold(" ".to_owned(), |text, word| text + word + " ");
            check(&forms(&texts), &text);
        }
    }

    #[test]
    fn words_whose_tags_collide_are_told_apart_by_their_text() {
        // Among 120,000 words, about one pair shares a tag of 32 bits; phrases of them go through shared nodes.
        let word = |n: u32| n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect::<String>();
        let texts: Vec<String> = (0..120_000).map(word).collect();
        let forms = forms(&texts);
        let matcher = Matcher::build(&forms);
        let mut found = Found::default();
        for form in &forms.list {
            matcher.find(&forms, &format!(" {} ", form.text), &mut found);
            assert_eq!(found.hits.len(), 1, "{}", form.text);
            assert_eq!(*forms.list[found.hits[0].form as usize].text, *form.text);
        }
    }
}
