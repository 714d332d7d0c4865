//! What the tables say of one word, whatever post it stands in.

use super::{Lookup, careless};
use crate::Dictionary;

bitflags::bitflags! {
    /// Asked of every word of every post, so that they are remembered.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Facts: u16 {
        /// Everyday speech.
        const COMMON = 1;
        /// No word of a form, and not common.
        const RARE = 2;
        /// Rare, and in no dictionary either.
        const UNKNOWN = 4;
        /// Nothing that a dictionary or a form knows, run together or not.
        const NOTHING = 8;
        /// Its post is written carelessly.
        const CARELESS = 16;
        /// It wants an infinitive.
        const GOVERNOR = 32;
        /// It wants a plural.
        const PLURAL = 64;
        /// A noun without the s of its plural.
        const UNMARKED = 128;
        /// Nobody knows it but with a mute ending: "femm", "ferm".
        const CUT = 256;
        /// Careless when it is written with an accent.
        const BARE = 512;
        /// What makes a view, or the views of a post, worth a look.
        const TELLING = Self::RARE.bits() | Self::CARELESS.bits() | Self::GOVERNOR.bits() | Self::PLURAL.bits() | Self::BARE.bits();
    }
}

impl Facts {
    /// What they say of a folded word.
    pub fn of(word: &str, lookup: &Lookup, dictionary: &Dictionary) -> Self {
        let mut facts = Self::empty();
        let common = dictionary.is_common(word);
        facts.set(Self::CARELESS, careless::shows(word) && (word.len() <= 3 || !common));
        facts.set(Self::GOVERNOR, careless::governs(word));
        facts.set(Self::PLURAL, careless::wants_plural(word));
        facts.set(Self::UNMARKED, careless::is_unmarked(word, dictionary));
        facts.set(Self::BARE, careless::is_bare(word));
        if common {
            return facts | Self::COMMON;
        }
        let key = lookup.key(word.as_bytes());
        let ordinary = dictionary.is_ordinary(word);
        let rare = key.is_none_or(|k| lookup.is_joined(k));
        facts.set(Self::RARE, rare);
        facts.set(Self::UNKNOWN, rare && !ordinary);
        facts.set(Self::CUT, rare && !ordinary && careless::is_cut(word, dictionary));
        facts.set(Self::NOTHING, key.is_none() && !ordinary);
        facts
    }
}
