//! Frames as regexes over encoded posts: a mask of the letters that each frame needs tells which frames can hit at all, and only those run.
//!
//! A frame reads a post through its own alphabet: the letters that it names, a byte each, and no others. So the strings are short, and the
//! bounded backtracker needs no more memory than one search. Tried before: one `RegexSet` over all frames (its lazy DFA fills with states that
//! no second post visits, ten times the cost of the masks), then a lazy DFA for each frame (as fast, with 150 MiB of states in every thread).

mod alphabet;
mod search;
mod write;

use std::ops::Range;

use regex_automata::nfa::thompson::backtrack::BoundedBacktracker;
use regex_automata::nfa::thompson::{BuildError, WhichCaptures};
use regex_automata::util::primitives::PatternID;
use regex_automata::util::syntax;
use vigie_lexicon::Scope;
use vigie_lexicon::pattern::Pattern;

use crate::encode::Encoded;
use crate::symbols::{Letters, SymbolId, Symbols};
use alphabet::Alphabet;
pub(crate) use alphabet::MOST;
pub(crate) use search::Search;
use write::Writer;

/// Memory that one compiled frame may take, in bytes.
const SIZE_LIMIT: usize = 64 << 20;
/// Memory of one search, in bytes: never reached, since a search looks at a window of words.
const VISITED: usize = 1 << 30;

/// A set of compiled patterns.
pub(crate) struct FrameSet {
    each: Vec<Compiled>,
}

struct Compiled {
    regex: BoundedBacktracker,
    alphabet: Alphabet,
    /// Which symbols each predicate capture asked for.
    slots: Vec<Slot>,
    /// The group of the words that are shown, when they are not all.
    shown: Option<usize>,
    /// A post that lacks every letter of one of these cannot match.
    needs: Vec<Letters>,
    /// Most words of a match.
    longest: usize,
}

impl Compiled {
    fn can_match(&self, present: &Letters) -> bool {
        self.needs.iter().all(|any| any.meets(present))
    }
}

/// What a capture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    Group,
    Predicate,
}

/// A capture group of a pattern.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) fill: Fill,
    /// Number of the group in the regex.
    group: usize,
    pub(crate) asked: Vec<SymbolId>,
}

/// A frame that hit, in words.
#[derive(Debug, Clone)]
pub(crate) struct FrameHit {
    pub(crate) frame: usize,
    pub(crate) words: Range<usize>,
    pub(crate) shown: Range<usize>,
    /// Words that filled each slot: slot index, range.
    pub(crate) fills: Vec<(usize, Range<usize>)>,
}

/// A pattern to compile.
pub(crate) struct Source<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) scope: Scope,
    pub(crate) span: Option<(usize, usize)>,
}

/// Whether the letters that a pattern names have room in an alphabet of its own.
pub(crate) fn fits(pattern: &Pattern, symbols: &Symbols) -> bool {
    Alphabet::new(pattern, symbols).letters <= MOST
}

impl FrameSet {
    /// Compiles patterns in order; every symbol they name has its letters by now.
    pub(crate) fn compile(sources: &[Source<'_>], symbols: &Symbols, classes: &dyn Fn(&str) -> bool) -> Result<Self, Box<BuildError>> {
        let mut each = Vec::with_capacity(sources.len());
        for source in sources {
            let alphabet = Alphabet::new(source.pattern, symbols);
            let written = Writer::new(symbols, classes, &alphabet).write(source);
            let captures = if written.groups == 0 { WhichCaptures::Implicit } else { WhichCaptures::All };
            let regex = BoundedBacktracker::builder()
                .configure(BoundedBacktracker::config().visited_capacity(VISITED))
                .thompson(regex_automata::nfa::thompson::Config::new().utf8(false).nfa_size_limit(Some(SIZE_LIMIT)).which_captures(captures))
                .syntax(syntax::Config::new().unicode(false).utf8(false))
                .build(&written.regex)?;
            debug_assert_eq!(regex.get_nfa().group_info().group_len(PatternID::ZERO), written.groups + 1);
            each.push(Compiled { regex, alphabet, slots: written.slots, shown: written.shown, needs: written.needs, longest: written.longest });
        }
        Ok(Self { each })
    }

    /// The slots of a frame.
    pub(crate) fn slots(&self, frame: usize) -> &[Slot] {
        &self.each[frame].slots
    }

    /// Every match of every frame, in order of frame and place.
    pub(crate) fn find(&self, encoded: &Encoded, search: &mut Search, out: &mut Vec<FrameHit>) {
        for (frame, compiled) in self.each.iter().enumerate().filter(|(_, c)| c.can_match(&encoded.present)) {
            search.each(compiled, encoded, |found| {
                let words = found.words(0).unwrap_or_default();
                let shown = compiled.shown.and_then(|group| found.words(group)).unwrap_or_else(|| words.clone());
                let fills = compiled.slots.iter().enumerate().filter_map(|(i, slot)| Some((i, found.words(slot.group)?))).collect();
                out.push(FrameHit { frame, words, shown, fills });
            });
        }
    }

    /// The patterns that hit, for patterns that need no captures.
    pub(crate) fn which(&self, encoded: &Encoded, search: &mut Search) -> Vec<usize> {
        let mut hits = |c: &Compiled| c.can_match(&encoded.present) && search.any(c, encoded);
        (0..self.each.len()).filter(|&i| hits(&self.each[i])).collect()
    }
}
