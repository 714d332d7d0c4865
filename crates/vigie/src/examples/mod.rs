//! The examples of a bundle are its tests: each is run as written, or over every group there is when it has a slot. It judges sentences, not style.

pub(crate) mod known;
mod law;
mod parity;

use rayon::prelude::*;
use vigie_classifier::{Classifier, Scratch};
use vigie_lexicon::{Common, Example, Expanded, Group, Lexicon, Place};

use crate::order::Buffers;
use law::{Law, Way};
use parity::Parity;

/// What running every example showed.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) entries: usize,
    pub(crate) examples: usize,
    pub(crate) sentences: usize,
    /// By place.
    pub(crate) failures: Vec<Failure>,
}

/// One example that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Failure {
    pub(crate) place: Place,
    pub(crate) entry: String,
    /// `must_match` or `must_not_match`.
    pub(crate) way: &'static str,
    /// As written.
    pub(crate) example: String,
    /// Sentences that fail, out of those that were run.
    pub(crate) failing: usize,
    pub(crate) of: usize,
    /// The first sentence that fails.
    pub(crate) sentence: String,
    /// What is wrong with it.
    pub(crate) reason: String,
    /// Ids of the first groups that fail.
    pub(crate) groups: Vec<String>,
}

/// One example, to be run.
struct Task<'a> {
    law: Law<'a>,
    common: &'a Common,
    way: Way,
    source: &'a str,
}

/// Groups named in one failure.
const NAMED: usize = 5;

/// Which examples run, and over how many groups.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Extent<'a> {
    /// Only entries whose id starts so.
    pub(crate) only: Option<&'a str>,
    /// At most so many groups, spread evenly over all of them; every group when absent.
    pub(crate) groups: Option<u32>,
}

/// Runs the examples of every entry that is active or in shadow, on every core. `done` is called after each example.
pub(crate) fn run(classifier: &Classifier, extent: &Extent<'_>, done: impl Fn() + Sync) -> Outcome {
    let lexicon = classifier.lexicon();
    let mut groups: Vec<&Group> = lexicon.groups.iter().filter(|g| g.common.status.is_live()).collect();
    if let Some(most) = extent.groups {
        let step = groups.len().div_ceil(most as usize).max(1);
        groups = groups.into_iter().step_by(step).collect();
    }
    let wanted: Vec<_> =
        laws(lexicon).filter(|(_, common)| common.status.is_live() && extent.only.is_none_or(|prefix| common.id.starts_with(prefix))).collect();
    let tasks: Vec<Task<'_>> = wanted.iter().flat_map(|&(law, common)| tasks(law, common)).collect();
    let buffers = Buffers::default();
    let run: Vec<(usize, Option<Failure>)> = tasks
        .par_iter()
        .with_max_len(1)
        .map_init(
            || buffers.borrow(),
            |lease, task| {
                let found = task.run(classifier, &groups, lease.scratch());
                done();
                found
            },
        )
        .collect();
    let mut failures: Vec<Failure> = run.iter().filter_map(|(_, failure)| failure.clone()).collect();
    failures.sort();
    Outcome { entries: wanted.len(), examples: tasks.len(), sentences: run.iter().map(|(n, _)| n).sum(), failures }
}

/// How many examples there are to run.
pub(crate) fn count(lexicon: &Lexicon) -> u64 {
    laws(lexicon).filter(|(_, c)| c.status.is_live()).map(|(_, c)| (c.must_match.len() + c.must_not_match.len()) as u64).sum()
}

/// Every entry with what its examples mean.
fn laws(lexicon: &Lexicon) -> impl Iterator<Item = (Law<'_>, &Common)> {
    let groups = lexicon.groups.iter().map(|e| (Law::Group(&e.common.id), &e.common));
    let slurs = lexicon.slurs.iter().map(|e| (Law::Entry(&e.common.id), &e.common));
    let predicates = lexicon.predicates.iter().map(|e| (Law::Entry(&e.common.id), &e.common));
    let operators = lexicon.operators.iter().map(|e| (Law::Match(&e.common.id), &e.common));
    let codes = lexicon.codes.iter().map(|e| (Law::Match(&e.common.id), &e.common));
    let innocents = lexicon.innocents.iter().map(|e| (Law::Innocent, &e.common));
    let frames = lexicon.frames.iter().map(|e| (Law::Frame(&e.common.id), &e.common));
    let stance = lexicon.stance_frames.iter().map(|e| (Law::Stance(&e.common.id, e.effect), &e.common));
    let clues = lexicon.clues.iter().map(|e| (Law::Clue(&e.common.id), &e.common));
    groups.chain(slurs).chain(predicates).chain(operators).chain(codes).chain(innocents).chain(frames).chain(stance).chain(clues)
}

fn tasks<'a>(law: Law<'a>, common: &'a Common) -> impl Iterator<Item = Task<'a>> {
    let of = move |way: Way, list: &'a [String]| list.iter().map(move |source| Task { law, common, way, source });
    of(Way::Match, &common.must_match).chain(of(Way::NotMatch, &common.must_not_match))
}

impl Task<'_> {
    /// How many sentences were run, and what failed.
    fn run(&self, classifier: &Classifier, groups: &[&Group], scratch: &mut Scratch) -> (usize, Option<Failure>) {
        let example = match Example::parse(self.source) {
            Ok(example) => example,
            Err(error) => return (0, Some(self.failure(1, 1, self.source, error.message, Vec::new()))),
        };
        if !example.has_slots() {
            let Some(sentence) = example.plain() else { return (0, None) };
            let fault = self.law.check(classifier, scratch, self.way, &sentence).err();
            return (1, fault.map(|reason| self.failure(1, 1, &sentence.text, reason, Vec::new())));
        }
        self.over_groups(classifier, &example, groups, scratch)
    }

    fn over_groups(&self, classifier: &Classifier, example: &Example, groups: &[&Group], scratch: &mut Scratch) -> (usize, Option<Failure>) {
        let (mut of, mut failing, mut first, mut names) = (0, 0, None::<(String, String)>, Vec::new());
        let mut parity = Parity::default();
        for group in groups {
            let Some(sentence) = example.expand(group) else { continue };
            of += 1;
            match self.law.check(classifier, scratch, self.way, &sentence) {
                Ok(said) => parity.see(group, said, sentence),
                Err(reason) => {
                    failing += 1;
                    first.get_or_insert((sentence.text, reason));
                    names.push(group.common.id.clone());
                }
            }
        }
        for (group, Expanded { text, .. }, reason) in parity.broken() {
            failing += 1;
            first.get_or_insert((text, reason));
            names.push(group);
        }
        names.truncate(NAMED);
        if of == 0 {
            return (0, Some(self.failure(0, 0, self.source, "no group has a form for its slots".to_owned(), names)));
        }
        (of, first.map(|(sentence, reason)| self.failure(failing, of, &sentence, reason, names)))
    }

    fn failure(&self, failing: usize, of: usize, sentence: &str, reason: String, groups: Vec<String>) -> Failure {
        Failure {
            place: self.common.place.clone(),
            entry: self.common.id.clone(),
            way: self.way.key(),
            example: self.source.to_owned(),
            failing,
            of,
            sentence: sentence.to_owned(),
            reason,
            groups,
        }
    }
}
