//! Searches of one frame over one post. A long post is searched window by window, so that the work and the memory of a search stay small.

use std::ops::Range;

use regex_automata::Input;
use regex_automata::nfa::thompson::backtrack::Cache;
use regex_automata::util::primitives::NonMaxUsize;

use super::Compiled;
use crate::encode::Encoded;

/// Words beyond two longest matches in a window.
const WINDOW: usize = 64;

/// Buffers of searches: one for all frames of a thread.
#[derive(Default)]
pub(crate) struct Search {
    cache: Option<Cache>,
    captures: Vec<Option<NonMaxUsize>>,
    view: View,
}

/// A post in the alphabet of one frame.
#[derive(Default)]
struct View {
    text: Vec<u8>,
    /// Where each word begins, and where the text ends.
    starts: Vec<u32>,
}

/// A match and its captures.
pub(super) struct Found<'a> {
    captures: &'a [Option<NonMaxUsize>],
    view: &'a View,
}

impl Found<'_> {
    /// The words of a group, if it took part.
    pub(super) fn words(&self, group: usize) -> Option<Range<usize>> {
        let at = |slot: usize| self.captures.get(slot).copied().flatten().map(NonMaxUsize::get);
        Some(self.view.words(at(group * 2)?, at(group * 2 + 1)?))
    }
}

impl View {
    fn fill(&mut self, compiled: &Compiled, encoded: &Encoded) {
        self.text.clear();
        self.starts.clear();
        for (boundary, letters) in encoded.words() {
            self.text.extend(boundary);
            self.starts.push(self.text.len() as u32);
            self.text.push(b'<');
            compiled.alphabet.write(letters, &mut self.text);
            self.text.push(b'>');
        }
        self.text.push(b'.');
        self.starts.push(self.text.len() as u32);
    }

    /// The words that begin in `start..end` of the text.
    fn words(&self, start: usize, end: usize) -> Range<usize> {
        let first = self.starts.partition_point(|&s| (s as usize) < start);
        let last = self.starts.partition_point(|&s| (s as usize) < end).min(self.starts.len().saturating_sub(1));
        first..last.max(first)
    }

    /// Words, and the end.
    fn len(&self) -> usize {
        self.starts.len()
    }

    fn start(&self, word: usize) -> usize {
        self.starts.get(word).map_or(self.text.len(), |s| *s as usize)
    }
}

impl Search {
    /// Hands every match of a frame to `found`, in order; matches do not overlap.
    pub(super) fn each(&mut self, compiled: &Compiled, encoded: &Encoded, mut found: impl FnMut(&Found<'_>)) {
        self.captures.clear();
        self.captures.resize(compiled.regex.get_nfa().group_info().slot_len(), None);
        self.run(compiled, encoded, WINDOW, |captures, view| {
            found(&Found { captures, view });
            true
        });
    }

    /// Whether a frame matches anywhere.
    pub(super) fn any(&mut self, compiled: &Compiled, encoded: &Encoded) -> bool {
        // The two ends of the match, to know in which window it begins.
        self.captures.clear();
        self.captures.resize(2, None);
        let mut any = false;
        self.run(compiled, encoded, WINDOW, |_, _| {
            any = true;
            false
        });
        any
    }

    /// Every match until `go_on` says no, in windows of `spare` words and twice the longest match.
    fn run(&mut self, compiled: &Compiled, encoded: &Encoded, spare: usize, mut go_on: impl FnMut(&[Option<NonMaxUsize>], &View) -> bool) {
        let Self { cache, captures, view } = self;
        view.fill(compiled, encoded);
        let cache = cache.get_or_insert_with(|| compiled.regex.create_cache());
        cache.reset(&compiled.regex);
        let (mut at, mut word) = (0, 0);
        while at < view.text.len() {
            // A match that begins before `limit` ends inside the window, whatever follows it.
            let limit_word = word + compiled.longest + spare;
            let end_word = limit_word + compiled.longest;
            let (limit, end) = if end_word >= view.len() { (view.text.len() + 1, view.text.len()) } else { (view.start(limit_word), view.start(end_word)) };
            while at < limit.min(view.text.len()) {
                let input = Input::new(&view.text).span(at..end);
                // Too long a text is the only error, and a window is never too long.
                let Ok(Some(_)) = compiled.regex.try_search_slots(cache, &input, captures) else { break };
                let ends = captures.first().copied().flatten().zip(captures.get(1).copied().flatten());
                let Some((start, after)) = ends.map(|(start, after)| (start.get(), after.get())) else { return };
                if start >= limit {
                    break;
                }
                if after > start && !go_on(captures, view) {
                    return;
                }
                at = after.max(start + 1);
            }
            at = at.max(limit);
            word = limit_word;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vigie_lexicon::Scope;
    use vigie_lexicon::pattern::{Names, Pattern};

    use super::*;
    use crate::clause::Boundary;
    use crate::frames::{FrameSet, Source};
    use crate::symbols::{Letter, SymbolId, Symbols};

    const CONCEPTS: [&str; 3] = ["EEN", "TWEE", "DRIE"];
    const PATTERNS: [&str; 5] = ["EEN .{0,2} TWEE", "EEN{1,3}", "START TWEE (DRIE|EEN .)", "(EEN!TWEE DRIE|TWEE&EEN){2,4}", "DRIE (.!EEN){0,6} BOUND TWEE"];

    proptest! {
        #[test]
        fn a_post_in_windows_gives_the_matches_of_the_post_in_one(
            words in prop::collection::vec((0..6_usize, prop::collection::vec(0..4_usize, 0..4)), 0..120),
            pattern in 0..PATTERNS.len(),
        ) {
            let names = Names { concepts: CONCEPTS.map(str::to_owned).to_vec(), ..Names::default() };
            let pattern = Pattern::parse(PATTERNS[pattern], &names).expect("a good pattern");
            let mut symbols = Symbols::default();
            let ids: Vec<SymbolId> = CONCEPTS.iter().map(|name| symbols.intern(name)).collect();
            ids.iter().for_each(|id| symbols.register(*id, 1));
            symbols.register(ids[1], 2);
            let letters: Vec<Letter> = (0..4).filter_map(|n| symbols.letter(ids[n % 3], 1 + n / 3 * usize::from(n % 3 == 1))).collect();
            let boundaries = [Boundary::None, Boundary::None, Boundary::None, Boundary::Soft, Boundary::Hard, Boundary::Sentence];
            let words = words.into_iter().map(|(b, l)| (boundaries[b], l.into_iter().filter_map(|n| letters.get(n).copied()).collect()));
            let encoded = Encoded::of(words);
            let set = FrameSet::compile(&[Source { pattern: &pattern, scope: Scope::Sentence, span: None }], &symbols, &|_| false).expect("compiles");
            let mut search = Search::default();
            let mut matches = |spare: usize| {
                let mut found = Vec::new();
                search.captures = vec![None; 2];
                search.run(&set.each[0], &encoded, spare, |captures, _| {
                    found.push((captures[0], captures[1]));
                    true
                });
                found
            };
            prop_assert_eq!(matches(1), matches(10_000));
        }
    }
}
