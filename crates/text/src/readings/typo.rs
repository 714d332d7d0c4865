//! One slip of the fingers: a swap, an insertion, a deletion or a substitution. Never under six letters (four for a swap), never on a word
//! that is known.

use super::{FormUse, Place, View, Views};
use crate::{Dictionary, Pos};

/// Shortest form that a slip may lead to.
pub(super) const SHORTEST_FORM: usize = 6;
/// Shortest form that a swap may lead to.
const SHORTEST_SWAP: usize = 4;
/// A form of this length may have lost one letter inside, when it is the likeliest word to have lost one.
const SHORT_FORM: usize = 5;
/// How far the partner of a word in a phrase may stand, in tokens: "fils de X".
const NEIGHBOURS: usize = 2;
/// A word with more partners than this is no context.
const MAX_PARTNERS: usize = 128;
/// Readings of one word.
const MAX_READINGS: usize = 2;
/// An ordinary word this frequent, one slip away, explains the spelling better.
const RIVAL: u32 = Dictionary::COMMON;

/// Every form with one letter less, by hash: a word and a form one slip apart share a spelling of this table or are in it.
#[derive(Debug, Default)]
pub(super) struct Deletions {
    /// Low bits of a hash that name its bucket.
    bucket: u32,
    /// Low bits of a hash that name its drawer, which holds a bucket or a few.
    drawer: u32,
    /// Where the entries of each drawer end.
    ends: Vec<u32>,
    /// Form, and above it the bits of the hash that do not name the drawer; drawer by drawer, the last that was added first.
    entries: Vec<u32>,
}

/// Deletions in the making: hash and form.
#[derive(Debug, Default)]
pub(super) struct DeletionsMaking(Vec<(u32, u32)>);

impl DeletionsMaking {
    pub(super) fn add(&mut self, letters: &[u8], form: u32) {
        self.0.push((hash(letters, usize::MAX), form));
        for skip in 0..letters.len() {
            // Equal neighbours give the same spelling.
            if skip > 0 && letters[skip] == letters[skip - 1] {
                continue;
            }
            self.0.push((hash(letters, skip), form));
        }
    }

    pub(super) fn finish(self) -> Deletions {
        let bucket = self.0.len().next_power_of_two().max(2).trailing_zeros();
        // As few drawers as leave room for the rest of the hash beside the form.
        let forms = self.0.iter().map(|(_, form)| form).max().map_or(0, |most| u32::BITS - most.leading_zeros());
        let drawer = forms.max(bucket.saturating_sub(Deletions::BUCKETS)).clamp(1, u32::BITS - 1);
        let mask = (1_u32 << drawer) - 1;
        let mut ends = vec![0; 1 << drawer];
        self.0.iter().for_each(|(hash, _)| ends[(hash & mask) as usize] += 1);
        (1..ends.len()).for_each(|drawer| ends[drawer] += ends[drawer - 1]);
        // Each drawer is filled from its end.
        let mut entries = vec![0; self.0.len()];
        let mut at = ends.clone();
        for (hash, form) in self.0 {
            let at = &mut at[(hash & mask) as usize];
            *at -= 1;
            entries[*at as usize] = (hash & !mask) | form;
        }
        Deletions { bucket, drawer, ends, entries }
    }
}

impl Deletions {
    /// Buckets of a drawer, as bits: more would save little and cost a longer search.
    const BUCKETS: u32 = 2;

    /// Calls `seen` with each form that shares `hash`; at most `limit` entries of its bucket are looked at.
    fn each(&self, hash: u32, limit: usize, mut seen: impl FnMut(u32)) {
        if self.ends.is_empty() {
            return;
        }
        let mask = (1 << self.drawer) - 1;
        let drawer = (hash & mask) as usize;
        let start = drawer.checked_sub(1).map_or(0, |before| self.ends[before]);
        let all = &self.entries[start as usize..self.ends[drawer] as usize];
        let in_bucket = ((1_u64 << self.bucket) - 1) as u32 & !mask;
        let same = all.iter().filter(|entry| (*entry ^ hash) & in_bucket == 0).take(limit);
        same.filter(|entry| (*entry ^ hash) & !mask == 0).for_each(|entry| seen(entry & mask));
    }
}

/// FNV-1a of the letters without the one at `skip`, with its bits mixed once more.
fn hash(letters: &[u8], skip: usize) -> u32 {
    let mut h = 0x811C_9DC5_u32;
    for (index, letter) in letters.iter().enumerate() {
        if index != skip {
            h = (h ^ u32::from(*letter)).wrapping_mul(0x0100_0193);
        }
    }
    h ^ (h >> 15)
}

impl Views<'_> {
    /// Forms one slip away. True when one was read.
    pub(super) fn typo(&mut self, word: &str, here: &Place) -> bool {
        let letters = word.as_bytes();
        let mut found: [Option<u32>; 8] = [None; 8];
        let mut count = 0;
        let mut add = |key: u32| {
            if count < found.len() && !found[..count].contains(&Some(key)) {
                found[count] = Some(key);
                count += 1;
            }
        };
        if letters.len() >= SHORTEST_SWAP {
            let mut swapped = std::mem::take(&mut self.out.scratch.word);
            swapped.clear();
            swapped.extend_from_slice(letters);
            for i in 1..letters.len() {
                if letters[i] == letters[i - 1] {
                    continue;
                }
                swapped.swap(i - 1, i);
                self.out.work += 1;
                if let Some(key) = self.lookup.key(&swapped).filter(|k| self.lookup.leads(*k) && !self.lookup.is_joined(*k)) {
                    add(key);
                }
                swapped.swap(i - 1, i);
            }
            self.out.scratch.word = swapped;
        }
        let swaps = count;
        let mut add = |key: u32| {
            if count < found.len() && !found[..count].contains(&Some(key)) {
                found[count] = Some(key);
                count += 1;
            }
        };
        if swaps == 0 && letters.len() + 1 >= SHORTEST_FORM {
            for skip in (0..letters.len()).chain([usize::MAX]) {
                self.out.work += 1;
                self.lookup.deletions.each(hash(letters, skip), 16, |key| {
                    if one_slip(letters, self.lookup.text(key).as_bytes()) {
                        add(key);
                    }
                });
            }
        }
        if count == 0 && letters.len() + 1 == SHORT_FORM {
            return self.dropped(letters, here);
        }
        // A swap is the commonest slip and the least ambiguous one: only other swaps rival it.
        let own = found[..count].iter().flatten().filter_map(|k| self.dictionary.get(self.lookup.text(*k))).map(|i| i.count).max();
        if count == 0 || self.has_rival(letters, own.unwrap_or(0), swaps > 0) {
            return false;
        }
        let lookup = self.lookup;
        let keys = &mut found[..count];
        // Forms before words of forms, same first letter before others.
        keys.sort_by_key(|k| k.map(|k| (!lookup.is_whole(k), lookup.text(k).as_bytes()[0] != letters[0], k)));
        for key in keys.iter().flatten().take(MAX_READINGS) {
            self.push(here, lookup.text(*key), View::Typo);
        }
        true
    }

    /// A letter written twice that stands once in a form. True when one was read.
    pub(super) fn doubled(&mut self, word: &str, here: &Place) -> bool {
        let letters = word.as_bytes();
        let mut once = std::mem::take(&mut self.out.scratch.word);
        let mut read = false;
        for at in (1..letters.len()).filter(|&at| letters.len() > SHORTEST_SWAP && letters[at] == letters[at - 1]) {
            once.clear();
            once.extend_from_slice(letters);
            once.remove(at);
            read |= self.heard(&once, here, FormUse::WEAK, View::Repetition);
        }
        self.out.scratch.word = once;
        read
    }

    /// One letter dropped inside a form of five letters: "batu" for "bateau" is past telling, "chvl" is not.
    fn dropped(&mut self, letters: &[u8], here: &Place) -> bool {
        let mut whole = std::mem::take(&mut self.out.scratch.word);
        let mut found: [Option<u32>; MAX_READINGS] = [None; MAX_READINGS];
        let mut count = 0;
        for at in 1..letters.len() {
            for letter in b'a'..=b'z' {
                whole.clear();
                whole.extend_from_slice(letters);
                whole.insert(at, letter);
                self.out.work += 1;
                let key = self.lookup.key(&whole).filter(|k| self.lookup.is_whole(*k) && self.lookup.allows(*k, FormUse::WEAK) && !self.lookup.is_joined(*k));
                if key.is_some() && count < found.len() && !found.contains(&key) {
                    found[count] = key;
                    count += 1;
                }
            }
        }
        self.out.scratch.word = whole;
        let own = found.iter().flatten().filter_map(|k| self.dictionary.get(self.lookup.text(*k))).map(|i| i.count).max();
        if count == 0 || self.has_rival(letters, own.unwrap_or(0), false) {
            return false;
        }
        let lookup = self.lookup;
        for key in found.into_iter().flatten() {
            self.push(here, lookup.text(key), View::Typo);
        }
        true
    }

    /// A word one slip away from the partner of its neighbour in a phrase: so strong a context that neither length nor rivals matter.
    pub(super) fn typo_in_phrase(&mut self, index: usize, here: &Place) -> bool {
        let word = self.folded.word(index);
        let lookup = self.lookup;
        let content = |i: &usize| !super::lookup::is_small(self.folded.word(*i));
        let before = (index.saturating_sub(NEIGHBOURS)..index).rev().find(content).map(|i| lookup.partners(self.folded.word(i), true));
        let after = (index + 1..self.folded.tokens().len().min(index + 1 + NEIGHBOURS)).find(content).map(|i| lookup.partners(self.folded.word(i), false));
        let mut read = false;
        for partners in [before, after].into_iter().flatten().filter(|p| p.len() <= MAX_PARTNERS) {
            for key in partners {
                self.out.work += 1;
                if lookup.allows(*key, FormUse::WEAK) && one_slip(word.as_bytes(), lookup.text(*key).as_bytes()) {
                    self.push(here, lookup.text(*key), View::Typo);
                    read = true;
                }
            }
        }
        read
    }

    /// A frequent ordinary word stands one slip away, twice as frequent as the form (`own`): the likelier explanation.
    /// Only asked once a form was found.
    pub(super) fn has_rival(&mut self, letters: &[u8], own: u32, swaps_only: bool) -> bool {
        let least = RIVAL.max(own.saturating_mul(2));
        let mut word = std::mem::take(&mut self.out.scratch.word);
        let (dictionary, lookup) = (self.dictionary, self.lookup);
        let rival = |word: &[u8]| {
            dictionary.may_be_common(word)
                && std::str::from_utf8(word).is_ok_and(|w| {
                    dictionary.is_common(w) && dictionary.get(w).is_some_and(|i| i.count >= least && i.pos != Pos::NAME) && lookup.key(word).is_none()
                })
        };
        // Without a vowel it has lost one: only that explains it.
        let skeleton = !letters.iter().any(|l| matches!(l, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'));
        self.out.work += 54 * letters.len() as u64;
        let any = !skeleton && swapped(letters, &mut word, rival)
            || !swaps_only
                && (!skeleton && (shortened(letters, &mut word, rival) || changed(letters, &mut word, rival)) || lengthened(letters, &mut word, rival));
        self.out.scratch.word = word;
        any
    }
}

/// Whether one of the spellings with two neighbours swapped is wanted.
fn swapped(letters: &[u8], word: &mut Vec<u8>, wanted: impl Fn(&[u8]) -> bool) -> bool {
    word.clear();
    word.extend_from_slice(letters);
    (1..letters.len()).any(|i| {
        word.swap(i - 1, i);
        let found = wanted(word);
        word.swap(i - 1, i);
        found
    })
}

/// The same of those with a letter less.
fn shortened(letters: &[u8], word: &mut Vec<u8>, wanted: impl Fn(&[u8]) -> bool) -> bool {
    word.clear();
    word.extend_from_slice(letters.get(1..).unwrap_or_default());
    (0..letters.len()).any(|i| {
        let found = wanted(word);
        if let Some(next) = word.get_mut(i) {
            *next = letters[i];
        }
        found
    })
}

/// The same of those with another letter in the place of one.
fn changed(letters: &[u8], word: &mut Vec<u8>, wanted: impl Fn(&[u8]) -> bool) -> bool {
    word.clear();
    word.extend_from_slice(letters);
    (0..letters.len()).any(|i| {
        let found = (b'a'..=b'z').filter(|l| *l != letters[i]).any(|l| {
            word[i] = l;
            wanted(word)
        });
        word[i] = letters[i];
        found
    })
}

/// The same of those with a letter more.
fn lengthened(letters: &[u8], word: &mut Vec<u8>, wanted: impl Fn(&[u8]) -> bool) -> bool {
    word.clear();
    word.push(b'a');
    word.extend_from_slice(letters);
    (0..=letters.len()).any(|i| {
        let found = (b'a'..=b'z').any(|l| {
            word[i] = l;
            wanted(word)
        });
        if let Some(letter) = letters.get(i) {
            word[i] = *letter;
        }
        found
    })
}

/// Whether one swap of neighbours, insertion, deletion or substitution makes `b` out of `a`.
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    match (a, b) {
        ([], [_]) | ([_], []) => true,
        _ if a.len() >= 2 && b.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..] => true,
        _ => a.get(1..) == Some(b) || b.get(1..) == Some(a) || !a.is_empty() && !b.is_empty() && a[1..] == b[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::{DeletionsMaking, hash, one_slip};

    #[test]
    fn a_deletion_leads_to_the_forms_that_share_it_the_last_first() {
        for (count, step) in [(0, 1), (1, 1), (3, 1_000), (5_000, 1), (5_000, 7)] {
            let word = |n: u32| format!("{:05}abc", n % 1_000).into_bytes();
            let mut making = DeletionsMaking::default();
            (0..count).for_each(|n| making.add(&word(n), n * step));
            let (all, deletions) = (making.0.clone(), making.finish());
            for hash in (0..count.min(1_000)).flat_map(|n| (0..9).map(move |skip| hash(&word(n), skip))).chain([0, 1, u32::MAX]) {
                let mut found = Vec::new();
                deletions.each(hash, usize::MAX, |form| found.push(form));
                let expected: Vec<u32> = all.iter().rev().filter(|(h, _)| *h == hash).map(|(_, form)| *form).collect();
                assert_eq!(found, expected, "{count} forms, {step} apart");
            }
        }
    }

    #[test]
    fn one_slip_is_one_edit() {
        let rows = [
            ("bateau", "bateua", true),
            ("bateau", "bteau", true),
            ("bateau", "batteau", true),
            ("bateau", "bareau", true),
            ("bateau", "bateaux", true),
            ("bateau", "abteau", true),
            ("bateau", "bateau", false),
            ("bateau", "bate", false),
            ("bateau", "tabeau", false),
        ];
        for (a, b, expected) in rows {
            assert_eq!(one_slip(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(one_slip(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
    }
}
