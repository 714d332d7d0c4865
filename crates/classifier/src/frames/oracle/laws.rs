//! Programs against regexes, on patterns and posts of all kinds.

use proptest::prelude::*;
use vigie_lexicon::Scope;
use vigie_lexicon::pattern::{Names, Pattern};
use vigie_text::Dictionary;

use super::*;
use crate::clause::Boundary;
use crate::forms::Forms;
use crate::frames::sweep::{Ground, MOST_WORDS};
use crate::frames::{FrameSet, Search, Task};
use crate::sketch::Sketch;
use crate::symbols::{Letter, SymbolId};
use crate::trigger::Weights;

const BOUNDARIES: [Boundary; 6] = [Boundary::None, Boundary::None, Boundary::None, Boundary::Soft, Boundary::Hard, Boundary::Sentence];
const CONCEPTS: [&str; 4] = ["EEN", "TWEE", "DRIE", "BEARER"];

/// A pattern of all that the language has, without repeats of repeats of repeats.
fn pattern() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec!["EEN", "TWEE", "DRIE", "BEARER", "."]);
    let token = prop::collection::vec((atom, prop::sample::select(vec!["&", "!"])), 1..3)
        .prop_map(|atoms| {
            atoms.iter().enumerate().map(|(i, (atom, sign))| if i == 0 { (*atom).to_owned() } else { format!("{sign}{atom}") }).collect::<String>()
        })
        .prop_filter("a dot stands alone", |token| token == "." || !token[1..].contains('.'));
    let anchor = prop::sample::select(vec!["START", "END", "BOUND"]).prop_map(str::to_owned);
    let repeat = prop::sample::select(vec!["", "", "", "?", "{0,2}", "{1,3}", "{2,4}"]);
    let item = prop_oneof![6 => (token, repeat.clone()).prop_map(|(token, repeat)| token + repeat), 1 => anchor];
    let sequence = |item: BoxedStrategy<String>| prop::collection::vec(item, 1..4).prop_map(|items| items.join(" "));
    let group =
        (prop::collection::vec(sequence(item.clone().boxed()), 1..3), repeat).prop_map(|(branches, repeat)| format!("({}){repeat}", branches.join(" | ")));
    sequence(prop_oneof![3 => item, 1 => group].boxed())
}

/// A pattern, its symbols and their letters.
fn alphabet(pattern: &str) -> Option<(Pattern, Symbols, Vec<Letter>)> {
    let names = Names::new(CONCEPTS.map(str::to_owned).to_vec(), Vec::new());
    let pattern = Pattern::parse(pattern, &names).ok()?;
    let mut symbols = Symbols::default();
    let ids: Vec<SymbolId> = CONCEPTS.iter().map(|name| symbols.intern(name)).collect();
    let given = [(0, 1), (1, 1), (2, 1), (3, 1), (1, 2), (3, 3)];
    given.iter().for_each(|(n, length)| symbols.register(ids[*n], *length));
    let letters = given.iter().filter_map(|(n, length)| symbols.letter(ids[*n], *length)).collect();
    Some((pattern, symbols, letters))
}

fn encoded(words: Vec<(usize, Vec<usize>)>, letters: &[Letter]) -> Encoded {
    Encoded::of(words.into_iter().map(|(b, l)| (BOUNDARIES[b], l.into_iter().map(|n| letters[n]).collect())))
}

fn compile(pattern: &Pattern, scope: Scope, span: Option<(usize, usize)>, symbols: &Symbols) -> FrameSet {
    let weights = Weights::new(&Forms::default(), symbols, &Dictionary::default());
    FrameSet::compile(&[Source { pattern, scope, span, live: true }], symbols, &weights, &|_| false).expect("not too large")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn a_program_finds_what_its_regex_finds(
        words in prop::collection::vec((0..6_usize, prop::collection::vec(0..6_usize, 0..4)), 0..150),
        pattern in pattern(),
        scope in prop::sample::select(vec![Scope::Clause, Scope::Sentence, Scope::TwoSentences]),
    ) {
        let Some((pattern, symbols, letters)) = alphabet(&pattern) else { return Err(TestCaseError::reject("not a pattern")) };
        let encoded = encoded(words, &letters);
        let span = (pattern.items.len() > 1).then_some((1, pattern.items.len() - 1));
        let set = compile(&pattern, scope, span, &symbols);
        let source = Source { pattern: &pattern, scope, span, live: true };
        let mut found = Vec::new();
        set.find(&encoded, &mut Search::default(), &mut found);
        prop_assert_eq!(found, Oracle::compile(&source, &symbols, &|_| false).find(0, &encoded));
    }

    #[test]
    fn a_frame_that_matches_a_post_may_match_the_sketch_of_the_stretch_in_which_it_begins(
        words in prop::collection::vec((0..6_usize, prop::collection::vec(0..6_usize, 0..4)), 0..=2 * MOST_WORDS),
        more in prop::collection::vec((0..MOST_WORDS, 0..6_usize, 0..6_usize), 0..20),
        (first, from, to) in (0..2 * MOST_WORDS, 0..MOST_WORDS, 0..MOST_WORDS),
        pattern in pattern(),
        scope in prop::sample::select(vec![Scope::Clause, Scope::Sentence, Scope::TwoSentences]),
    ) {
        let Some((pattern, symbols, letters)) = alphabet(&pattern) else { return Err(TestCaseError::reject("not a pattern")) };
        let encoded = encoded(words, &letters);
        let set = compile(&pattern, scope, None, &symbols);
        let mut found = Vec::new();
        set.find(&encoded, &mut Search::default(), &mut found);
        let first = if encoded.len() <= MOST_WORDS { 0 } else { first % encoded.len() };
        let length = (encoded.len() - first).min(MOST_WORDS);
        let (from, to) = (from.min(to).min(length), (from.max(to) + 1).min(length));
        // The sketch holds the stretch, and whatever else.
        let mut sketch = Sketch::default();
        sketch.clear(symbols.letter_count());
        sketch.ground = if first + length < encoded.len() { Ground::with_more(length) } else { Ground::of(length) };
        for i in 0..length {
            sketch.ground.may(i, encoded.boundary(first + i));
            encoded.letters(first + i).iter().for_each(|letter| sketch.put(*letter, 1 << i));
        }
        for (word, letter, boundary) in more.into_iter().filter(|(word, ..)| *word < length) {
            sketch.ground.may(word, BOUNDARIES[boundary]);
            sketch.put(letters[letter], 1 << word);
        }
        if from < to {
            let mut may = || set.may_match(0, (from as u8, to as u8), &mut sketch);
            let begins = found.iter().any(|hit| (first + from..first + to).contains(&hit.words.start));
            prop_assert!(!begins || may());
            prop_assert_eq!(may(), may(), "a sweep leaves something behind");
        }
    }

    #[test]
    fn a_program_finds_the_same_in_one_search_and_in_several(
        words in prop::collection::vec((0..6_usize, prop::collection::vec(0..6_usize, 0..4)), 1..150),
        cuts in prop::collection::vec(0..150_usize, 0..6),
        pattern in pattern(),
        scope in prop::sample::select(vec![Scope::Clause, Scope::Sentence, Scope::TwoSentences]),
    ) {
        let Some((pattern, symbols, letters)) = alphabet(&pattern) else { return Err(TestCaseError::reject("not a pattern")) };
        let encoded = encoded(words, &letters);
        let set = compile(&pattern, scope, None, &symbols);
        let (mut found, mut again) = (Vec::new(), Vec::new());
        set.find(&encoded, &mut Search::default(), &mut found);
        let mut cuts: Vec<u32> = cuts.into_iter().map(|cut| (cut % encoded.len()) as u32).chain([0, encoded.len() as u32]).collect();
        cuts.sort_unstable();
        let tasks: Vec<Task> = cuts.windows(2).map(|cut| Task { pattern: 0, start: cut[0], end: cut[1] }).collect();
        set.find_among(&tasks, &encoded, &mut Search::default(), &mut again);
        prop_assert_eq!(found, again);
    }
}
