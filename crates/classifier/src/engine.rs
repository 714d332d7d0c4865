//! The compiled lexicon and the path of one post through it.

mod gates;
mod glance;

use std::fmt;

use vigie_lexicon::Lexicon;
use vigie_lexicon::pattern::Symbol;
use vigie_text::{Folded, Lookup, Number, Readings, fold, readings};

use crate::anaphora::{self, Anaphora};
use crate::cells::{self, Cell, Hit, Marking};
use crate::clause::{self, Place};
use crate::clues::{self, ClueHit, Scale, Summing};
use crate::concepts::{ConceptTable, Concepts};
use crate::encode::{Encoded, Post};
use crate::forms::{Forms, Source};
use crate::frames::{self, FrameHit, FrameSet, Search, TooLarge};
use crate::graphies::Graphies;
use crate::judge::{Candidate, Ids, Judge};
use crate::known::{Found, Tables};
use crate::matcher::Matcher;
use crate::reach::Reach;
use crate::sketch::Pencil;
use crate::stance::{self, Weighing};
use crate::symbols::{Bases, Letter, SymbolId, Symbols};
use crate::taking::Taking;
use crate::trigger::{Marks, Triggers, Weights};
use crate::turns::{Turned, Turns};
use crate::word_symbols::WordSymbols;
use crate::words::Words;
use crate::{Verdict, groups, policy};
use gates::Gates;
use glance::Glance;

/// Why a checked lexicon cannot be compiled: it is too large for the automata.
#[derive(Debug)]
pub struct CompileError(String);

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the lexicon cannot be compiled: {}", self.0)
    }
}

impl std::error::Error for CompileError {}

/// A compiled lexicon: immutable, shared between threads.
pub struct Classifier {
    pub(crate) lexicon: Lexicon,
    pub(crate) symbols: Symbols,
    pub(crate) forms: Forms,
    matcher: Matcher,
    lookup: Lookup,
    number: Number,
    /// Frames, then clues.
    pub(crate) frames: FrameSet,
    stance: FrameSet,
    concepts: ConceptTable,
    taking: Taking,
    pub(crate) ids: Ids,
    triggers: Triggers,
    reach: Reach,
    pencil: Pencil,
    scale: Scale,
    turns: Turns,
    pub(crate) graphies: Graphies,
    anaphora: anaphora::Letters,
    finding: stance::Letters,
    word_symbols: WordSymbols,
    filled: Option<SymbolId>,
    /// What a plural determiner adds to a group spelled in the singular.
    plural: Vec<(SymbolId, Bases)>,
}

/// Buffers of one thread, reused from post to post.
#[derive(Default)]
pub struct Scratch {
    folded: Folded,
    readings: Readings,
    raw: Found,
    glance: Glance,
    gates: Gates,
    pub(crate) hits: Vec<Hit>,
    pub(crate) words: Words,
    pub(crate) places: Vec<Place>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) concepts: Vec<Concepts>,
    pub(crate) encoded: Encoded,
    marking: cells::Buffers,
    around: stance::Around,
    pub(crate) search: Search,
    pub(crate) frame_hits: Vec<FrameHit>,
    pub(crate) turned: Turned,
    /// Each clue and each turn at its first place.
    pub(crate) clue_hits: Vec<ClueHit>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) suppressed: Vec<Candidate>,
    pub(crate) flood: bool,
}

impl Scratch {
    fn clear(&mut self) {
        self.hits.clear();
        self.cells.iter_mut().for_each(Cell::clear);
        self.concepts.clear();
        self.places.clear();
        self.frame_hits.clear();
        self.clue_hits.clear();
        self.turned.clear();
        self.candidates.clear();
        self.suppressed.clear();
        self.around.clear();
        self.flood = false;
    }
}

/// The patterns that are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patterns {
    /// Those that the gates let through.
    Near,
    All,
}

/// What a thread made; its panic goes on here.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Classifier {
    /// Compiles a checked lexicon. What only compiling needs of it goes: the spellings of operators, predicates and innocent phrases, which are
    /// most of its bytes, and the items of patterns.
    pub fn new(mut lexicon: Lexicon) -> Result<Self, CompileError> {
        let mut symbols = Symbols::default();
        let mut literals = Vec::new();
        let patterns = lexicon.frames.iter().filter(|f| f.common.status.is_live()).map(|f| &f.pattern);
        let patterns = patterns.chain(lexicon.stance_frames.iter().map(|f| &f.pattern)).chain(lexicon.clues.iter().map(|c| &c.pattern));
        for pattern in patterns {
            pattern.symbols(&mut |symbol| match symbol {
                Symbol::Concept(name) => _ = symbols.intern(name),
                Symbol::Word(word) => {
                    symbols.intern(&format!("={word}"));
                    literals.push(word.clone());
                }
            });
        }
        literals.sort_unstable();
        literals.dedup();
        let forms = Forms::collect(&mut lexicon, &literals, &mut symbols);
        for name in ["G", "GP", "GS", "ANAPHOR", "CEG"] {
            if let Some(id) = symbols.get(name) {
                (1..=6).for_each(|length| symbols.register(id, length));
            }
        }
        let word_symbols = WordSymbols::new(&mut symbols);
        if symbols.letter_count() > Letter::MAX {
            return Err(CompileError(format!("its patterns and phrases need {} symbols by length, more than {}", symbols.letter_count(), Letter::MAX)));
        }
        if forms.overflow() {
            return Err(CompileError("it has more spellings, or more combinations of what patterns can ask of them, than there is room for".to_owned()));
        }
        let is_class = |name: &str| lexicon.policy.classes.contains_key(name);
        let concepts = ConceptTable::new(&lexicon);
        let weights = Weights::new(&forms, &symbols, &lexicon.words);
        let of_posts = weights.of_posts(&symbols);
        let compile = |sources: &[frames::Source<'_>], id: &dyn Fn(usize) -> String| {
            FrameSet::compile(sources, &symbols, &of_posts, &is_class).map_err(|TooLarge(n)| CompileError(format!("the pattern of {} is too large", id(n))))
        };
        // The costly parts need nothing of each other, and two threads are enough for them: each frees and takes memory of its own.
        let (matcher, lookup, frames, stance, triggers) = std::thread::scope(|scope| {
            let lookup = scope.spawn(|| Lookup::build(forms.uses()));
            let matcher = Matcher::build(&forms);
            let clues = lexicon.clues.iter().map(frames::Source::of_clue);
            let sources: Vec<_> = lexicon.frames.iter().map(frames::Source::of_finding).chain(clues).collect();
            let of_clue = |n: usize| &lexicon.clues[n - lexicon.frames.len()].common;
            let frames = compile(&sources, &|n| lexicon.frames.get(n).map_or_else(|| of_clue(n), |f| &f.common).id.clone());
            let sources: Vec<_> = lexicon.stance_frames.iter().map(frames::Source::of_stance).collect();
            let stance = compile(&sources, &|n| lexicon.stance_frames[n].common.id.clone());
            let triggers = Triggers::new(&lexicon, &forms, &symbols, &concepts, &weights);
            (matcher, joined(lookup), frames, stance, triggers)
        });
        let (frames, stance) = (frames?, stance?);
        let reach = Reach::new(&lexicon, &forms, &symbols, &concepts, &of_posts, &frames.extents());
        let patterns = lexicon.frames.iter_mut().map(|f| &mut f.pattern).chain(lexicon.stance_frames.iter_mut().map(|f| &mut f.pattern));
        patterns.chain(lexicon.clues.iter_mut().map(|c| &mut c.pattern)).for_each(|pattern| pattern.items = Vec::new());
        Ok(Self {
            reach,
            pencil: Pencil::new(&symbols, word_symbols.all()),
            graphies: Graphies::new(&lexicon).map_err(|e| CompileError(e.to_string()))?,
            scale: Scale::new(&lexicon),
            turns: Turns::new(&lexicon),
            concepts,
            taking: Taking::new(&lexicon),
            ids: Ids::new(&lexicon),
            anaphora: anaphora::Letters::new(&symbols),
            finding: stance::Letters::new(&symbols),
            filled: symbols.get("FILLED"),
            plural: [("GP:noun:pl", Bases::GP), ("GS:noun:pl", Bases::GS)].iter().filter_map(|&(name, bases)| Some((symbols.get(name)?, bases))).collect(),
            lexicon,
            symbols,
            forms,
            matcher,
            lookup,
            number: Number::default(),
            frames,
            stance,
            triggers,
            word_symbols,
        })
    }

    /// The lexicon it was compiled from, without what only compiling needs.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Forms searched for, after inflection.
    pub fn form_count(&self) -> usize {
        self.forms.len()
    }

    /// Judges one post. Total, deterministic, linear in its length.
    pub fn classify(&self, text: &str, scratch: &mut Scratch) -> Verdict {
        self.open(text, scratch);
        let Scratch { folded, readings, raw, glance, .. } = scratch;
        let clean = readings.list.is_empty() && !self.may_hold(text, folded, &raw.words, glance);
        if clean || !self.find(text, scratch) || !self.may_say(text, scratch) {
            return nothing(scratch);
        }
        self.judge(text, scratch, Patterns::Near);
        policy::verdict(&self.lexicon.policy, scratch)
    }

    /// Runs the whole path; false when nothing in the post can make a finding.
    pub(crate) fn analyse(&self, text: &str, scratch: &mut Scratch) -> bool {
        self.open(text, scratch);
        let found = self.find(text, scratch);
        if found {
            self.turned(scratch);
            self.judge(text, scratch, Patterns::All);
        }
        found
    }

    /// All that is asked of single words.
    fn tables(&self) -> Tables<'_> {
        Tables {
            forms: &self.forms,
            matcher: &self.matcher,
            triggers: &self.triggers,
            reach: &self.reach,
            lookup: &self.lookup,
            dictionary: &self.lexicon.words,
            number: self.number,
        }
    }

    /// Folds and opens views.
    fn open(&self, text: &str, s: &mut Scratch) {
        s.clear();
        fold(text, &mut s.folded);
        self.tables().read(&s.folded, &mut s.raw);
        readings(text, &s.folded, &s.raw.facts, &self.lookup, &self.lexicon.words, &mut s.readings);
        s.flood = s.readings.flood;
    }

    /// Finds every form; false when none of them can begin a finding.
    fn find(&self, text: &str, s: &mut Scratch) -> bool {
        self.match_words(s);
        let found = s.hits.iter().any(|h| self.triggers.marks(h.form).contains(Marks::PULLS));
        if found {
            self.complete(text, s);
        }
        found
    }

    /// Finds the phrases that step over a word, and where the words stand.
    fn complete(&self, text: &str, s: &mut Scratch) {
        crate::hits::skipping(&self.tables(), &s.words, &mut s.raw, &mut s.hits);
        clause::places(text, s.words.list.len(), |i| s.words.list[i].span, &mut s.places);
    }

    /// Marks the words, tries the patterns, and asks of what they find who speaks; the turns of a post that names people are known.
    fn judge(&self, text: &str, scratch: &mut Scratch, patterns: Patterns) {
        self.mark(text, scratch);
        self.frame(scratch, patterns);
        self.weigh(scratch);
        let silent = !self.speaks(scratch);
        if silent || patterns == Patterns::All {
            self.clues(scratch, patterns);
        }
        if silent {
            self.sum(scratch);
        }
    }

    /// The forms of the words as they stand and as the views read them.
    fn match_words(&self, s: &mut Scratch) {
        let tables = self.tables();
        s.words.set(&s.folded, &s.raw.words);
        tables.find_again(&mut s.raw);
        crate::hits::canonical(&s.words, &s.raw, &mut s.hits);
        if s.readings.list.is_empty() {
            return;
        }
        let mut known = vec![false; s.words.list.len()];
        for hit in &s.hits {
            if self.forms.meanings(hit.form).iter().any(|m| !matches!(m.source, Source::Literal)) {
                known[hit.first as usize..(hit.first + hit.length) as usize].fill(true);
            }
        }
        if s.words.set_with(&s.folded, &s.readings.list, |i| known[i]) {
            s.hits.clear();
            tables.find(&s.words.text, &mut s.raw);
            s.words.know(&s.raw.words);
            crate::hits::canonical(&s.words, &s.raw, &mut s.hits);
        }
        crate::hits::alternative(&tables, &s.words, &mut s.raw, &mut s.hits);
    }

    /// Gives every word its concepts, groups and antecedents.
    fn mark(&self, text: &str, s: &mut Scratch) {
        Marking { lexicon: &self.lexicon, concepts: &self.concepts, taking: &self.taking, forms: &self.forms, text, words: &s.words, places: &s.places }.fill(
            &s.hits,
            &mut s.marking,
            &mut s.cells,
        );
        self.concepts.fill(&s.cells, &mut s.concepts);
        clause::soften(&mut s.places, &s.concepts, &s.cells);
        groups::decide(&self.lexicon, &s.words, &s.places, &s.concepts, &self.plural, &mut s.cells);
        Anaphora { text, words: &s.words, places: &s.places, concepts: &s.concepts, letters: &self.anaphora }.resolve(&mut s.cells);
    }

    /// Puts groups under predicates.
    fn frame(&self, s: &mut Scratch, patterns: Patterns) {
        let single = self.single(&s.words, &s.places);
        s.encoded.fill(&Post { cells: &s.cells, places: &s.places, forms: &self.forms, symbols: &self.symbols, filled: self.filled }, single);
        match patterns {
            Patterns::Near => self.frames.find_among(&s.gates.tasks[..self.first_clue(s)], &s.encoded, &mut s.search, &mut s.frame_hits),
            Patterns::All => self.frames.find(&s.encoded, &mut s.search, &mut s.frame_hits),
        }
        clues::split_off(self.lexicon.frames.len(), &mut s.frame_hits, &mut s.clue_hits);
        let judge =
            Judge { lexicon: &self.lexicon, ids: &self.ids, forms: &self.forms, words: &s.words, places: &s.places, concepts: &s.concepts, cells: &s.cells };
        judge.slurs(&mut s.candidates);
        s.candidates.extend(s.frame_hits.iter().filter_map(|hit| judge.frame(&self.frames, hit)));
    }

    /// Where the tasks of clues begin.
    fn first_clue(&self, s: &Scratch) -> usize {
        s.gates.tasks.partition_point(|task| (task.pattern as usize) < self.lexicon.frames.len())
    }

    /// Finds the clues, and puts the turns beside them.
    fn clues(&self, s: &mut Scratch, patterns: Patterns) {
        if patterns == Patterns::Near {
            self.frames.find_among(&s.gates.tasks[self.first_clue(s)..], &s.encoded, &mut s.search, &mut s.frame_hits);
            clues::split_off(self.lexicon.frames.len(), &mut s.frame_hits, &mut s.clue_hits);
        }
        clues::join(&self.lexicon, &s.turned, &mut s.clue_hits);
    }

    /// What the turns of the post add up to.
    fn turned(&self, s: &mut Scratch) -> i32 {
        self.turns.find(&self.lexicon, &self.forms, &s.words, &s.hits, &mut s.turned)
    }

    /// Whether something flags or is blocked already, so that clues are not asked.
    fn speaks(&self, s: &Scratch) -> bool {
        !s.suppressed.is_empty() || s.candidates.iter().any(|c| self.flags(&c.finding))
    }

    /// Adds up the clues of a post in which nothing else flags and nothing is blocked.
    fn sum(&self, s: &mut Scratch) {
        let Some(rule) = self.lexicon.policy.clues else { return };
        let summing = Summing { lexicon: &self.lexicon, ids: &self.ids, words: &s.words, cells: &s.cells, hits: &s.clue_hits };
        if let Some(candidate) = summing.sum(rule) {
            self.ask_who_speaks(candidate, s);
        }
    }

    /// A finding survives or is blocked.
    fn ask_who_speaks(&self, mut candidate: Candidate, s: &mut Scratch) {
        let weighing = Weighing {
            lexicon: &self.lexicon,
            ids: &self.ids,
            set: &self.stance,
            letters: &self.finding,
            symbols: &self.symbols,
            places: &s.places,
            encoded: &s.encoded,
            concepts: &s.concepts,
        };
        if weighing.apply(&mut candidate, &mut s.around, &mut s.search) { s.candidates.push(candidate) } else { s.suppressed.push(candidate) }
    }

    /// Asks of every finding who speaks.
    fn weigh(&self, s: &mut Scratch) {
        for candidate in std::mem::take(&mut s.candidates) {
            self.ask_who_speaks(candidate, s);
        }
        stance::follow(&mut s.candidates, &mut s.suppressed);
        stance::stand_back(&self.lexicon, &mut s.candidates, &s.suppressed);
    }

    fn single<'a>(&'a self, words: &'a Words, places: &'a [Place]) -> impl Fn(usize, &mut Vec<SymbolId>) + 'a {
        self.word_symbols.of(words, places)
    }

    /// Whether the policy of the bundle flags a finding of this kind.
    pub fn flags(&self, finding: &crate::Finding) -> bool {
        policy::flags(&self.lexicon.policy, finding)
    }
}

/// The verdict on a post in which nothing can be found.
fn nothing(scratch: &Scratch) -> Verdict {
    Verdict { obfuscation_flood: scratch.flood, ..Verdict::clean() }
}

#[cfg(test)]
mod paths;
