//! The spellings without spaces that views lead to, by number, and those of each sound: as few bytes as they can be kept in, since there are
//! hundreds of thousands.

use rustc_hash::FxHashMap;

use super::FormUse;

/// Spellings in the order of their letters.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// As they are written, with spaces.
    texts: String,
    each: Vec<Key>,
}

#[derive(Debug, Clone, Copy)]
struct Key {
    /// Where its text ends.
    end: u32,
    uses: FormUse,
    whole: bool,
}

impl Keys {
    /// The next spelling.
    pub(super) fn push(&mut self, text: &str, uses: FormUse, whole: bool) {
        self.texts.push_str(text);
        self.each.push(Key { end: self.texts.len() as u32, uses, whole });
    }

    /// Gives back what is not filled.
    pub(super) fn seal(&mut self) {
        self.texts.shrink_to_fit();
        self.each.shrink_to_fit();
    }

    pub(super) fn text(&self, key: u32) -> &str {
        let start = key.checked_sub(1).map_or(0, |before| self.each[before as usize].end);
        &self.texts[start as usize..self.each[key as usize].end as usize]
    }

    pub(super) fn uses(&self, key: u32) -> FormUse {
        self.each[key as usize].uses
    }

    /// A form, not only a word of one.
    pub(super) fn is_whole(&self, key: u32) -> bool {
        self.each[key as usize].whole
    }

    /// A slip of the fingers may lead here: to what carries meaning, and to what only ties it.
    pub(super) fn leads(&self, key: u32) -> bool {
        self.uses(key).intersects(FormUse::WEAK | FormUse::SPOKEN)
    }
}

/// Keys by sound.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    /// By sound: from which of `keys` to which.
    ranges: FxHashMap<Box<[u8]>, (u32, u32)>,
    keys: Vec<u32>,
}

/// Sounds in the making: which keys have which.
#[derive(Debug, Default)]
pub(super) struct SoundsMaking {
    numbers: FxHashMap<Box<[u8]>, u32>,
    /// Sound and key.
    all: Vec<(u32, u32)>,
}

impl SoundsMaking {
    /// A key, greater than those before.
    pub(super) fn add(&mut self, sound: &[u8], key: u32) {
        let number = self.numbers.get(sound).copied().unwrap_or_else(|| {
            let number = self.numbers.len() as u32;
            self.numbers.insert(sound.into(), number);
            number
        });
        self.all.push((number, key));
    }

    pub(super) fn finish(mut self) -> Sounds {
        self.all.sort_unstable();
        let range = |number: u32| {
            let start = self.all.partition_point(|(sound, _)| *sound < number);
            (start as u32, (start + self.all[start..].partition_point(|(sound, _)| *sound == number)) as u32)
        };
        let ranges = self.numbers.into_iter().map(|(sound, number)| (sound, range(number))).collect();
        Sounds { ranges, keys: self.all.iter().map(|(_, key)| *key).collect() }
    }
}

impl Sounds {
    /// The keys of a sound, in order.
    pub(super) fn get(&self, sound: &[u8]) -> &[u32] {
        self.ranges.get(sound).map_or(&[], |(start, end)| &self.keys[*start as usize..*end as usize])
    }
}
