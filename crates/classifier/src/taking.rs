//! Which marks take the words they stand on from others: facts of entries that are asked for at every mark, in tables that stay in the processor's
//! cache.

use vigie_lexicon::{Common, Lexicon};

use crate::cells::Mark;
use crate::forms::Source;

bitflags::bitflags! {
    /// What is asked of an entry.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Entry: u8 {
        /// It takes its words from shorter ones.
        const TAKES = 1;
        /// Only where it is one word.
        const ALONE = 2;
        /// Its words are still there for others.
        const TRANSPARENT = 4;
        /// It may stand at the edge of what took its words.
        const STAYS = 8;
    }
}

/// By entry.
pub(crate) struct Taking {
    groups: Vec<Entry>,
    slurs: Vec<Entry>,
    predicates: Vec<Entry>,
    operators: Vec<Entry>,
    innocents: Vec<Entry>,
}

impl Taking {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        fn entries<T>(list: &[T], always: Entry, common: impl Fn(&T) -> &Common) -> Vec<Entry> {
            list.iter().map(|e| if common(e).transparent { always | Entry::TRANSPARENT } else { always }).collect()
        }
        let whole = Entry::TAKES | Entry::STAYS;
        let operators = lexicon.operators.iter().map(|o| {
            let mut entry = Entry::empty();
            entry.set(Entry::TAKES, o.takes);
            entry.set(Entry::STAYS, o.concept.starts_with("DET"));
            entry
        });
        Self {
            groups: entries(&lexicon.groups, whole, |e| &e.common),
            slurs: entries(&lexicon.slurs, whole, |e| &e.common),
            predicates: entries(&lexicon.predicates, whole | Entry::ALONE, |e| &e.common),
            operators: operators.collect(),
            innocents: entries(&lexicon.innocents, whole, |e| &e.common),
        }
    }

    fn of(&self, source: Source) -> Entry {
        match source {
            Source::Group(i) => self.groups[i as usize],
            Source::Slur(i) => self.slurs[i as usize],
            Source::Predicate(i) => self.predicates[i as usize],
            Source::Operator(i) => self.operators[i as usize],
            Source::Innocent(i) => self.innocents[i as usize],
            Source::Code(_) | Source::Literal => Entry::STAYS,
        }
    }

    /// Innocent phrases, groups, slurs, one-word predicates and some operators do; the rest only overlays.
    pub(crate) fn takes(&self, mark: &Mark) -> bool {
        let entry = self.of(mark.source);
        entry.contains(Entry::TAKES) && (mark.length == 1 || !entry.contains(Entry::ALONE))
    }

    /// Whether the words that a mark took are still there for others.
    pub(crate) fn transparent(&self, mark: &Mark) -> bool {
        self.of(mark.source).contains(Entry::TRANSPARENT)
    }

    /// An operator neither begins nor ends inside a longer phrase that took its words, given as how long the longest is that took each; determiners may.
    pub(crate) fn cut(&self, mark: &Mark, taken: &[u32]) -> bool {
        let edge = |length: Option<&u32>| length.is_some_and(|&l| l > 1 && l > mark.length);
        (edge(taken.first()) || edge(taken.last())) && !self.of(mark.source).contains(Entry::STAYS)
    }
}
