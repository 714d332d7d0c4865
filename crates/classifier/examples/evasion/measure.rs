//! Seeded disguises of the lexicon's own forms, through the whole classifier: what is seen, what is flagged, what is flagged wrongly.

use std::hint::black_box;
use std::time::Instant;

use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};
use vigie_lexicon::{Lexicon, Person, Spelling, Status, Use};
use vigie_text::fold_word;

#[allow(clippy::wildcard_imports, reason = "the mechanisms are named one by one below")]
use super::disguise::*;

/// Every mechanism, with its name and the least share of slurs seen, in percent.
pub(crate) const MECHANISMS: &[(Mechanism, &str, f64)] = &[
    (Case, "capitals at random", 97.0),
    (Repetition, "letters repeated", 97.0),
    (Leet, "digits and symbols for letters", 97.0),
    (MaskOne, "one letter masked", 97.0),
    (MaskTwo, "two letters masked", 97.0),
    (Dots, "dots between letters", 97.0),
    (Spaces, "spaces between letters", 97.0),
    (Hyphens, "hyphens between letters", 97.0),
    (Invisible, "invisible characters", 97.0),
    (Cyrillic, "Cyrillic and Greek letters", 97.0),
    (FullWidth, "full-width letters", 97.0),
    (Mathematical, "mathematical letters", 97.0),
    (Squared, "squared letters", 97.0),
    (Zalgo, "combining marks", 97.0),
    (Entity, "HTML entities", 97.0),
    (Reversed, "right-to-left override", 97.0),
    (Emoji, "emoji inside a word", 97.0),
    (Glued, "words run together", 97.0),
    (Hashtag, "hashtags", 97.0),
    (Swap, "two letters swapped", 97.0),
    (Insertion, "a letter inserted", 75.0),
    (Substitution, "another letter", 68.0),
    (Deletion, "a letter dropped", 68.0),
    (Split, "a word cut in two", 68.0),
];

/// Disguises of each mechanism, for slurs; half as many for groups, predicates and operators.
const DRAWS: usize = 400;
/// What is told of a mechanism beside its shares.
const EXAMPLES: usize = 12;
/// Posts of one timing.
const TIMED: usize = 300;
/// Timings, each way in turn; the median counts.
const ROUNDS: usize = 9;

/// Found out of tried.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Share {
    pub(crate) found: usize,
    pub(crate) tried: usize,
}

impl Share {
    fn add(&mut self, found: bool) {
        self.found += usize::from(found);
        self.tried += 1;
    }

    pub(crate) fn percent(self) -> f64 {
        100.0 * self.found as f64 / self.tried.max(1) as f64
    }
}

/// What disguises are drawn from.
pub(crate) struct Bench<'a> {
    classifier: &'a Classifier,
    scratch: Scratch,
    slurs: Vec<(&'a str, String)>,
    groups: Vec<String>,
    predicates: Vec<String>,
    ordinary: Vec<String>,
}

/// Deontics, quantifiers and cries: what makes a sentence of a group and a verb. `{}` is disguised.
const OPERATORS: &[(&str, &str)] = &[
    ("faut", "Il {} expulser tous les GROUP"),
    ("devrait", "On {} expulser tous les GROUP"),
    ("doivent", "Les GROUP {} être expulsés"),
    ("dehors", "Les GROUP {} !"),
    ("mort", "{} aux GROUP"),
    ("sont", "Les GROUP {} des parasites"),
    ("toujours", "Les GROUP sont {} des parasites"),
];

impl<'a> Bench<'a> {
    /// Collects the forms; `ordinary` are words that nobody needs to hide.
    pub(crate) fn new(classifier: &'a Classifier, ordinary: Vec<String>) -> Self {
        let lexicon: &Lexicon = classifier.lexicon();
        let plain = |s: &Spelling| {
            Some(fold_word(&s.text)).filter(|f| f.bytes().filter(u8::is_ascii_lowercase).count() >= 4 && f.bytes().all(|b| b.is_ascii_lowercase() || b == b' '))
        };
        let active = |status: Status| status == Status::Active;
        let slurs = lexicon.slurs.iter().filter(|e| active(e.common.status) && e.usage == Use::Unambiguous);
        let slurs = slurs.flat_map(|e| e.spellings.iter().filter_map(plain).map(|f| (e.common.id.as_str(), f))).collect();
        let plural = |s: &&Spelling| s.form.is_plural() && s.person.is_none_or(|p: Person| p.plural);
        let one_word = |f: &String| !f.contains(' ');
        let groups = lexicon
            .groups
            .iter()
            .filter(|e| active(e.common.status))
            .flat_map(|e| e.spellings.iter().filter(plural).filter_map(plain))
            .filter(one_word)
            .collect();
        // The classifier keeps no spellings of predicates.
        let whole = Lexicon::default_bundle(BEHAVIOUR).unwrap_or_else(|all| unreachable!("the default bundle was loaded before: {all:?}"));
        let nouns = whole
            .predicates
            .iter()
            .filter(|e| active(e.common.status) && matches!(e.class.as_str(), "vermin" | "waste" | "parasitism" | "theft" | "stupidity" | "monster"));
        let predicates = nouns.flat_map(|e| e.spellings.iter().filter(plural).filter_map(plain)).filter(one_word).collect();
        Self { classifier, scratch: Scratch::default(), slurs, groups, predicates, ordinary }
    }

    fn flagged(&mut self, post: &str) -> bool {
        self.classifier.classify(post, &mut self.scratch).decision == Decision::Flagged
    }

    /// Disguised slurs that are seen at their place, and some of those that are not.
    pub(crate) fn slurs(&mut self, mechanism: Mechanism) -> (Share, Vec<String>) {
        let mut random = Random(7 * 31 + mechanism as u64);
        let (mut seen, mut missed) = (Share::default(), Vec::new());
        while seen.tried < DRAWS {
            let (entry, form) = random.pick(&self.slurs).clone();
            if let Some(disguised) = disguise(&form, mechanism, &mut random) {
                let sees = self.sees(entry, &disguised, mechanism, &mut random);
                seen.add(sees);
                if !sees && missed.len() < EXAMPLES {
                    missed.push(format!("missed: {form:?} as {disguised:?}"));
                }
            }
        }
        (seen, missed)
    }

    /// Sentences flagged although a group's name, a predicate, an operator is disguised, of those flagged without the disguise.
    pub(crate) fn sentences(&mut self, mechanism: Mechanism) -> [Share; 3] {
        let mut random = Random(5 * 31 + mechanism as u64);
        [0, 1, 2].map(|place| {
            let mut share = Share::default();
            let mut left = 20 * DRAWS;
            while share.tried < DRAWS / 2 && left > 0 {
                left -= 1;
                let (group, predicate) = (random.pick(&self.groups).clone(), random.pick(&self.predicates).clone());
                let (hidden, post) = match place {
                    0 => (group, format!("Les {{}} sont des {predicate}")),
                    1 => (predicate, format!("Les {group} sont des {{}}")),
                    _ => {
                        let (operator, post) = *random.pick(OPERATORS);
                        (operator.to_owned(), post.replace("GROUP", &group))
                    }
                };
                if let Some(disguised) = disguise(&hidden, mechanism, &mut random)
                    && self.flagged(&post.replace("{}", &hidden))
                {
                    share.add(self.flagged(&post.replace("{}", &disguised)));
                }
            }
            share
        })
    }

    /// Neutral posts that are flagged for an ordinary word in disguise, and some of them.
    pub(crate) fn wrong(&mut self, mechanism: Mechanism) -> (Share, Vec<String>) {
        let mut random = Random(3 * 31 + mechanism as u64);
        let (mut wrong, mut examples) = (Share::default(), Vec::new());
        for n in 0..self.ordinary.len() {
            let word = self.ordinary[n].clone();
            if let Some(disguised) = disguise(&word, mechanism, &mut random) {
                let flagged = self.flagged(&random.pick(POSTS).replace("{}", &disguised));
                wrong.add(flagged);
                if flagged && examples.len() < EXAMPLES {
                    examples.push(format!("wrong: {word:?} as {disguised:?}"));
                }
            }
        }
        (wrong, examples)
    }

    /// Whether the slur is seen where it was hidden. A cut or a slip may leave a shorter form whole: anywhere in it will do.
    fn sees(&mut self, entry: &str, disguised: &str, mechanism: Mechanism, random: &mut Random) -> bool {
        let post = random.pick(POSTS).replace("{}", disguised);
        let surface = disguised.trim_start_matches(['#', '\u{202E}']);
        let start = post.find(disguised).unwrap_or(0) + disguised.len() - surface.len();
        let place = start..start + surface.trim_end_matches('\u{202C}').len();
        let loose = matches!(mechanism, Insertion | Deletion | Substitution | Split);
        let trace = self.classifier.trace(&post, &mut self.scratch);
        trace.matches.iter().filter(|m| m.entry == entry || loose && m.entry.starts_with("fr.slur.")).any(|m| {
            let span = m.span.range();
            span == place || loose && span.start < place.end && place.start < span.end
        })
    }

    /// How much longer neutral posts take for the one ordinary word in them that is disguised.
    pub(crate) fn cost(&mut self, mechanism: Mechanism) -> f64 {
        let mut random = Random(11);
        let mut posts: Vec<[String; 2]> = Vec::new();
        while posts.len() < TIMED {
            let word = random.pick(&self.ordinary).clone();
            if let Some(disguised) = disguise(&word, mechanism, &mut random) {
                let post = random.pick(POSTS);
                posts.push([post.replace("{}", &word), post.replace("{}", &disguised)]);
            }
        }
        let mut time = |which: usize| {
            let start = Instant::now();
            for post in &posts {
                black_box(self.classifier.classify(&post[which], &mut self.scratch));
            }
            start.elapsed().as_secs_f64()
        };
        let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| time(1) / time(0)).collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ROUNDS / 2]
    }
}

/// Ordinary words: the commonest, then some of the rare ones, none of them a form of the lexicon.
pub(crate) fn ordinary(classifier: &Classifier, words: &str, count: usize) -> Vec<String> {
    let mut scratch = Scratch::default();
    let mut innocent = |word: &str| {
        let entries = classifier.trace(word, &mut scratch).matches;
        !entries.iter().any(|m| m.entry.starts_with("fr.slur.") || m.entry.starts_with("fr.group.") || m.entry.starts_with("fr.predicate."))
    };
    let folded = words.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()).map(fold_word);
    folded.filter(|w| w.len() >= 4 && w.bytes().all(|b| b.is_ascii_lowercase())).filter(|w| innocent(w)).take(count).collect()
}
