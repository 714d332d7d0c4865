//! Which words are ordinary French (or slang, names, places, English): the gate in front of the views. Not a spelling checker: words are
//! kept as 32-bit fingerprints, so that half a million take 8 MiB and load in tens of milliseconds; one unknown word in 10,000 looks known.

use std::hash::Hasher as _;

/// Parts of speech of a word, as bits: a word can be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pos(pub u8);

impl Pos {
    /// Common noun.
    pub const NOUN: Self = Self(1);
    /// Adjective.
    pub const ADJ: Self = Self(2);
    /// Verb form.
    pub const VERB: Self = Self(4);
    /// First name, surname, place or brand.
    pub const NAME: Self = Self(8);
    /// Adverb, pronoun, determiner, preposition, conjunction, interjection.
    pub const OTHER: Self = Self(16);
    /// An English word that is not a French one.
    pub const FOREIGN: Self = Self(32);
    /// Plural form of a noun or adjective.
    pub const PLURAL: Self = Self(64);
    /// An insult: counted, never ordinary, so that it closes no view.
    pub const INSULT: Self = Self(128);

    /// Both sets of bits.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every bit of `other` is here.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits written as the letters of a word list (`words/README.md`); `None` names no letter of the format.
    pub fn from_letters(letters: &str) -> Option<Self> {
        if letters == "-" {
            return Some(Self(0));
        }
        letters.chars().try_fold(Self(0), |pos, letter| {
            Some(pos.and(match letter {
                'n' => Self::NOUN,
                'a' => Self::ADJ,
                'v' => Self::VERB,
                'p' => Self::NAME,
                'o' => Self::OTHER,
                'f' => Self::FOREIGN,
                's' => Self::PLURAL,
                'i' => Self::INSULT,
                _ => return None,
            }))
        })
    }
}

/// What the dictionary knows of one folded word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordInfo {
    /// Parts of speech.
    pub pos: Pos,
    /// Occurrences per hundred million words of everyday French, 0 when listed without a count.
    pub count: u32,
}

/// Ordinary words, by folded spelling, and the accented spellings among them.
#[derive(Debug, Default)]
pub struct Dictionary {
    folded: Table,
    /// Once sealed, without those of which `folded` says the same.
    surfaces: Table,
    /// Words of everyday speech again, in a table that stays in the processor's cache: nine tokens in ten end their search here.
    common: Table,
    sealed: bool,
    /// Which words may be common, a bit by hash: what is asked about is mostly none, and this stays in the nearest cache.
    maybe: Vec<u64>,
    scratch: String,
}

impl Dictionary {
    /// Adds a word as people write it. Spellings of several words are ignored: the gate asks for one token.
    pub fn insert(&mut self, word: &str, pos: Pos, count: u32) {
        if word.is_empty() || word.contains([' ', '-', '\'', '’']) {
            return;
        }
        self.open();
        let lower;
        let word = if word.bytes().all(|b| b.is_ascii_lowercase()) {
            word
        } else {
            lower = word.to_lowercase();
            &lower
        };
        if word.is_ascii() {
            self.add(hash(word.as_bytes()), pos, count);
        } else {
            let mut folded = std::mem::take(&mut self.scratch);
            folded.clear();
            if crate::fold::fold_letters(word, &mut folded) {
                self.add(hash(folded.as_bytes()), pos, count);
            }
            self.scratch = folded;
        }
        self.surfaces.add(hash(word.as_bytes()), pos, count);
    }

    /// Makes room for so many words at once: a table that grows as they come is filled twice.
    pub fn reserve(&mut self, words: usize) {
        self.folded.reserve(words);
        self.surfaces.reserve(words);
    }

    /// Gives back what only adding needs: most words have no accents, and stand in one table from here on.
    pub fn seal(&mut self) {
        self.open();
        for slot in &mut self.folded.slots {
            if slot.fingerprint != 0 && self.surfaces.slots.get(self.surfaces.find(slot.fingerprint)) == Some(slot) {
                slot.info |= SURFACE;
            }
        }
        let folded = &self.folded;
        self.surfaces.slots.iter_mut().filter(|s| folded.slot(s.fingerprint).is_some_and(|f| f.info & SURFACE != 0)).for_each(|s| *s = Slot::default());
        for table in [&mut self.folded, &mut self.surfaces, &mut self.common] {
            table.used = table.slots.iter().filter(|s| s.fingerprint != 0).count();
            table.resize(needed(table.used));
        }
        self.sealed = true;
    }

    /// Takes sealing back.
    fn open(&mut self) {
        if !std::mem::take(&mut self.sealed) {
            return;
        }
        for slot in self.folded.slots.iter_mut().filter(|s| s.info & SURFACE != 0) {
            slot.info &= !SURFACE;
            self.surfaces.put(*slot);
        }
    }

    fn add(&mut self, hash: u64, pos: Pos, count: u32) {
        let info = self.folded.add(hash, pos, count);
        if info.count >= Self::COMMON {
            self.common.add(hash, info.pos, 0);
            self.maybe.resize(MAYBE / 64, 0);
            self.maybe[place(hash) / 64] |= 1 << (place(hash) % 64);
        }
    }

    /// A word met this often is common. Per hundred million words: one in a million.
    pub const COMMON: u32 = 100;

    /// Whether a folded word is ordinary and met at least [`Dictionary::COMMON`] times.
    pub fn is_common(&self, folded: &str) -> bool {
        let hash = hash(folded.as_bytes());
        self.may_hold(hash) && self.common.get(hash).is_some_and(|info| !info.pos.has(Pos::INSULT))
    }

    /// False when these letters are no common word. True may be wrong.
    pub(crate) fn may_be_common(&self, letters: &[u8]) -> bool {
        self.may_hold(hash(letters))
    }

    fn may_hold(&self, hash: u64) -> bool {
        self.maybe.get(place(hash) / 64).is_some_and(|bits| bits >> (place(hash) % 64) & 1 == 1)
    }

    /// What is known of a folded word.
    pub fn get(&self, folded: &str) -> Option<WordInfo> {
        self.folded.get(hash(folded.as_bytes()))
    }

    /// Whether a folded word is ordinary: known, and no insult.
    pub fn is_ordinary(&self, folded: &str) -> bool {
        self.get(folded).is_some_and(|info| !info.pos.has(Pos::INSULT))
    }

    /// Whether `surface`, lower-cased but with its accents, is itself an ordinary word: "salé", whatever is thought of "sale".
    pub fn has_surface(&self, surface: &str) -> bool {
        self.surface(surface).is_some_and(|info| !info.pos.has(Pos::INSULT))
    }

    /// What is known of `surface`, lower-cased but with its accents: its own parts of speech and count, not those of other accents.
    pub fn surface(&self, surface: &str) -> Option<WordInfo> {
        let hash = hash(surface.as_bytes());
        let same = self.folded.slot(fingerprint(hash)).filter(|slot| slot.info & SURFACE != 0);
        same.map(Slot::word).or_else(|| self.surfaces.get(hash))
    }

    /// How many folded spellings are known.
    pub fn len(&self) -> usize {
        self.folded.used
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.folded.used == 0
    }
}

/// Bits that tell which words may be common: some ten for each of everyday French.
const MAYBE: usize = 1 << 19;

/// The bit of a hash: that of its fingerprint, by which the tables know it.
fn place(hash: u64) -> usize {
    fingerprint(hash) as usize % MAYBE
}

fn hash(word: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(word);
    // The fingerprint is the high bits: mix them well (splitmix64's finaliser).
    let mut h = hasher.finish();
    h = (h ^ (h >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    h ^ (h >> 31)
}

/// Open addressing, linear probing, at most two thirds full. The fingerprint 0 marks a free slot.
#[derive(Debug, Default)]
struct Table {
    slots: Vec<Slot>,
    used: usize,
}

/// Eight bytes: fingerprint, then 23 bits of count, one of [`SURFACE`] and 8 of parts of speech.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Slot {
    fingerprint: u32,
    info: u32,
}

/// Of a folded spelling: the same holds of it as a surface.
const SURFACE: u32 = 1 << 8;
/// Highest count that a slot holds: one word in twelve, more than any word's share.
const MAX_COUNT: u32 = (1 << 23) - 1;

impl Slot {
    fn word(self) -> WordInfo {
        WordInfo { pos: Pos((self.info & 0xFF) as u8), count: self.info >> 9 }
    }
}

impl Table {
    fn add(&mut self, hash: u64, pos: Pos, count: u32) -> WordInfo {
        let slot = self.put(Slot { fingerprint: fingerprint(hash), info: 0 });
        let total = (slot.info >> 9).saturating_add(count).min(MAX_COUNT);
        slot.info = total << 9 | (slot.info & 0xFF) | u32::from(pos.0);
        slot.word()
    }

    /// The slot of a fingerprint: this one when there was none.
    fn put(&mut self, new: Slot) -> &mut Slot {
        self.reserve(1);
        let at = self.find(new.fingerprint);
        if self.slots[at].fingerprint == 0 {
            self.slots[at] = new;
            self.used += 1;
        }
        &mut self.slots[at]
    }

    fn get(&self, hash: u64) -> Option<WordInfo> {
        self.slot(fingerprint(hash)).map(Slot::word)
    }

    fn slot(&self, fingerprint: u32) -> Option<Slot> {
        self.slots.get(self.find(fingerprint)).copied().filter(|slot| slot.fingerprint != 0)
    }

    /// Where a fingerprint is, or where it would go. Slots know their fingerprint only, so their home is derived from it alone.
    fn find(&self, fingerprint: u32) -> usize {
        let mut at = ((u64::from(fingerprint) * self.slots.len() as u64) >> 32) as usize;
        while self.slots.get(at).is_some_and(|slot| slot.fingerprint != 0 && slot.fingerprint != fingerprint) {
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
        at
    }

    /// Makes room for so many more.
    fn reserve(&mut self, more: usize) {
        let needed = needed(self.used + more);
        if needed > self.slots.len() {
            // One by one it would be filled again and again.
            self.resize(if more == 1 { (needed * 2).max(1 << 10) } else { needed });
        }
    }

    fn resize(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in old.into_iter().filter(|s| s.fingerprint != 0) {
            let at = self.find(slot.fingerprint);
            self.slots[at] = slot;
        }
    }
}

/// Slots for so many words.
fn needed(words: usize) -> usize {
    words * 3 / 2 + 1
}

fn fingerprint(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_counts_add_up_by_folded_spelling() {
        let mut d = Dictionary::default();
        d.insert("salé", Pos::ADJ, 5);
        d.insert("sale", Pos::ADJ, 100);
        d.insert("sale", Pos::VERB, 0);
        d.insert("Œuf", Pos::NOUN, 3);
        d.insert("peut-être", Pos::OTHER, 9);
        d.insert("gros", Pos::ADJ.and(Pos::INSULT), 9);
        assert_eq!(d.get("sale"), Some(WordInfo { pos: Pos::ADJ.and(Pos::VERB), count: 105 }));
        assert_eq!(d.surface("salé"), Some(WordInfo { pos: Pos::ADJ, count: 5 }));
        assert!(d.has_surface("salé") && d.has_surface("sale") && !d.has_surface("salè"));
        assert!(d.is_ordinary("oeuf") && d.get("peut").is_none());
        assert!(d.is_common("sale") && !d.is_common("oeuf"));
        d.insert("salé", Pos::INSULT, 0);
        assert!(!d.is_common("sale"), "an insult is never common, whenever it is learnt");
        assert!(d.get("gros").is_some() && !d.is_ordinary("gros") && !d.has_surface("gros"));
    }

    #[test]
    fn sealing_changes_no_answer_and_stops_no_word_from_being_added() {
        let (mut sealed, mut plain) = (Dictionary::default(), Dictionary::default());
        let words = [("salé", 5), ("sale", 100), ("cote", 7), ("côte", 0), ("côté", 3), ("mur", 900), ("été", 2), ("gros", 0), ("mur", 50)];
        let asked = ["sale", "salé", "cote", "côte", "côté", "mur", "ete", "été", "gros", "rien"];
        for (word, count) in words {
            sealed.insert(word, Pos::NOUN, count);
            plain.insert(word, Pos::NOUN, count);
            sealed.seal();
            for word in asked {
                assert_eq!((sealed.surface(word), sealed.get(word)), (plain.surface(word), plain.get(word)), "{word}");
                assert_eq!((sealed.is_common(word), sealed.len()), (plain.is_common(word), plain.len()), "{word}");
            }
        }
        assert!(sealed.surfaces.used < plain.surfaces.used);
    }

    #[test]
    fn half_a_million_words_are_told_from_the_others() {
        let mut d = Dictionary::default();
        let word = |n: u32, tail: &str| format!("{}{tail}", n.to_string().bytes().map(|b| char::from(b'a' + (b - b'0'))).collect::<String>());
        for n in 0..500_000 {
            d.insert(&word(n, ""), Pos::NOUN, n);
        }
        // 32-bit fingerprints: about 500,000² / 2³³ = 29 pairs share one.
        assert!(d.len() > 499_900, "{}", d.len());
        let known = (0..500_000).filter(|n| d.get(&word(*n, "")).is_some()).count();
        let mistaken = (0..500_000).filter(|n| d.get(&word(*n, "z")).is_some()).count();
        assert_eq!(known, 500_000);
        assert!((Dictionary::COMMON..500_000).all(|n| d.is_common(&word(n, ""))), "what may be common holds all that is");
        assert!(mistaken < 200, "{mistaken}");
    }
}
