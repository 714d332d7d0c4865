//! Ratios of one run: Vigie beside memcpy, plain automata, a naive pipeline and its peers, on the same posts, round by round.
//!
//! CPU time of this thread, not of the clock on the wall: the machine may be shared. Each ratio is the median of the ratios of its rounds, so
//! that what slows a whole round slows both sides. `cargo bench -p vigie-benches --bench ratios` prints the tables of RESULTS.md;
//! `-- compare FORMS`, `-- sizes`, `-- adversarial FORMS` and `-- startup` print one of them; `-- memory FORMS` prints what a process with that many
//! forms holds. Without a number of forms it is the French bundle.

mod peers;
mod report;

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use vigie_benches::{Numbers, lexicon, posts};
use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};
use vigie_text::{Folded, fold};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds of each comparison.
const ROUNDS: usize = 9;
/// Posts of a set, 220 bytes each.
const POSTS: usize = 1_000;
const BYTES: usize = 220;

/// CPU time of this thread.
fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// One thing measured: its name, and what it counts in the posts.
struct Candidate<'a> {
    name: String,
    run: Box<dyn FnMut() -> usize + 'a>,
    /// Nanoseconds of each round.
    rounds: Vec<f64>,
    count: usize,
}

impl<'a> Candidate<'a> {
    fn new(name: impl Into<String>, mut run: impl FnMut() -> usize + 'a) -> Self {
        let count = run();
        Self { name: name.into(), run: Box::new(run), rounds: Vec::new(), count }
    }
}

/// Runs all candidates in turn, round by round; each must count in every round what it counted in the first.
fn measure(candidates: &mut [Candidate<'_>]) {
    for _ in 0..ROUNDS {
        for c in &mut *candidates {
            let start = cpu();
            let count = (c.run)();
            c.rounds.push(cpu().saturating_sub(start).as_secs_f64() * 1e9);
            assert_eq!(count, c.count, "{} counts differently in each round", c.name);
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["memory", forms] => memory(forms.parse().ok()),
        ["compare", forms] => compare(forms.parse().ok()),
        ["sizes"] => sizes(),
        ["adversarial", forms] => adversarial(forms.parse().ok()),
        ["startup"] => startup(),
        _ => {
            for forms in [Some(5_000), Some(20_000), Some(100_000), None] {
                compare(forms);
            }
            sizes();
            adversarial(Some(20_000));
            adversarial(None);
            startup();
        }
    }
}

/// A bundle and words for posts that must be flagged; `None` is the French bundle.
fn bundle(forms: Option<usize>) -> lexicon::Made {
    if let Some(forms) = forms {
        return lexicon::of_forms(forms, BEHAVIOUR).expect("the made-up bundle is good");
    }
    let lexicon = lexicon::french(BEHAVIOUR).expect("the French bundle is good");
    let plural = |s: &&vigie_lexicon::Spelling| s.form == vigie_lexicon::Form::MPl && !s.text.contains(' ');
    let groups = lexicon.groups.iter().filter(|g| g.common.id.contains(".nation")).flat_map(|g| &g.spellings);
    let groups = groups.filter(plural).map(|s| s.text.clone()).collect();
    let predicates = lexicon.predicates.iter().filter(|p| p.class == "vermin").flat_map(|p| &p.spellings);
    let predicates = predicates.filter(plural).map(|s| s.text.clone()).collect();
    lexicon::Made { lexicon, groups, predicates }
}

/// 1 % hateful, 5 % with something for a view, the rest plain.
fn mixed(groups: &[String], predicates: &[String]) -> Vec<String> {
    let mut numbers = Numbers::new(5);
    let post = |n: usize| match n % 100 {
        0 => posts::hateful(&mut numbers, BYTES, groups, predicates),
        1..=5 => posts::obfuscated(&mut numbers, BYTES, groups, predicates),
        _ => posts::plain(&mut numbers, BYTES),
    };
    (0..POSTS).map(post).collect()
}

/// How many of the posts are flagged.
fn flagged(classifier: &Classifier, posts: &[String], scratch: &mut Scratch) -> usize {
    posts.iter().filter(|p| classifier.classify(black_box(p), scratch).decision == Decision::Flagged).count()
}

/// What a bundle is called.
fn name(forms: Option<usize>) -> String {
    forms.map_or_else(|| "the French bundle".to_owned(), |f| format!("about {f} made-up forms"))
}

/// One table: every candidate on clean posts, Vigie also on the mixed ones.
fn compare(forms: Option<usize>) {
    let lexicon::Made { lexicon, groups, predicates } = bundle(forms);
    let folded_forms = lexicon::folded(&lexicon);
    let classifier = Classifier::new(lexicon).expect("the bundle compiles");
    let clean = posts::plain_set(3, POSTS, BYTES);
    let mixed = mixed(&groups, &predicates);
    let mut scratch = [Scratch::default(), Scratch::default()];
    let [first, second] = &mut scratch;
    let (of_clean, of_mixed) = (flagged(&classifier, &clean, first), flagged(&classifier, &mixed, second));
    assert_eq!(of_clean, 0, "clean posts are flagged");
    assert!(of_mixed >= POSTS / 100, "of {POSTS} mixed posts {of_mixed} are flagged");
    let mut folded = Folded::default();
    let mut candidates = vec![
        Candidate::new("Vigie, clean posts", || flagged(&classifier, &clean, first)),
        Candidate::new("Vigie, mixed posts", || flagged(&classifier, &mixed, second)),
        Candidate::new("Vigie, fold alone", || {
            clean.iter().for_each(|p| fold(black_box(p), &mut folded));
            folded.tokens().len()
        }),
    ];
    candidates.extend(peers::automata(&folded_forms, &clean));
    // With more forms it takes minutes a round.
    if forms.is_some_and(|f| f <= 5_000) {
        candidates.push(peers::alternation(&folded_forms, &clean));
    }
    candidates.extend(peers::others(&clean, &mixed));
    measure(&mut candidates);
    let bytes = clean.iter().map(String::len).sum();
    let name = name(forms);
    report::table(
        &format!("{name}: {} forms compiled, {POSTS} posts of {BYTES} bytes, {of_mixed} of the mixed ones flagged", classifier.form_count()),
        bytes,
        &candidates,
    );
}

/// Worst against ordinary, at 64 KiB.
fn adversarial(forms: Option<usize>) {
    const LONG: usize = 65_536;
    let lexicon::Made { lexicon, groups, predicates } = bundle(forms);
    let classifier = Classifier::new(lexicon).expect("the bundle compiles");
    let mut all = vec![("ordinary".to_owned(), posts::plain(&mut Numbers::new(9), LONG))];
    all.extend(posts::ADVERSARIAL.iter().enumerate().map(|(kind, name)| ((*name).to_owned(), posts::adversarial(kind, LONG, &groups, &predicates))));
    let mut candidates: Vec<Candidate<'_>> = all
        .iter()
        .map(|(name, post)| {
            let (classifier, mut scratch) = (&classifier, Scratch::default());
            Candidate::new(name.clone(), move || usize::from(classifier.classify(black_box(post), &mut scratch).decision == Decision::Flagged))
        })
        .collect();
    measure(&mut candidates);
    report::against_first(&format!("64 KiB posts, {}", name(forms)), &candidates);
}

/// A post against twenty times as many forms: clean posts, the same ones, and mixed posts of each bundle.
fn sizes() {
    let made = [Some(5_000), Some(100_000)].map(bundle);
    let sets: Vec<Vec<String>> = made.iter().map(|m| mixed(&m.groups, &m.predicates)).collect();
    let clean = posts::plain_set(3, POSTS, BYTES);
    let classifiers = made.map(|m| Classifier::new(m.lexicon).expect("the bundle compiles"));
    for (title, sets) in [("clean posts", [&clean, &clean]), ("mixed posts", [&sets[0], &sets[1]])] {
        let candidate = |(classifier, posts): (&'_ Classifier, &'_ Vec<String>)| (classifier.form_count(), flagged(classifier, posts, &mut Scratch::default()));
        let counts: Vec<(usize, usize)> = classifiers.iter().zip(sets).map(candidate).collect();
        let mut candidates: Vec<Candidate<'_>> = Vec::new();
        for ((classifier, posts), (forms, found)) in classifiers.iter().zip(sets).zip(counts) {
            let mut scratch = Scratch::default();
            candidates.push(Candidate::new(format!("{forms} forms, {found} flagged"), move || flagged(classifier, posts, &mut scratch)));
        }
        measure(&mut candidates);
        report::against_first(&format!("{POSTS} {title}, by the number of forms"), &candidates);
    }
}

/// From the bundle to the first verdict, against the bare automaton of the same forms. CPU time of all threads: the machine may be shared.
fn startup() {
    println!(
        "\n### Start-up\n\n| bundle | load and check | compile, first verdict | bare automaton | compile ÷ bare | all ÷ bare |\n|---|---:|---:|---:|---:|---:|"
    );
    for forms in [Some(20_000), Some(100_000), None] {
        let mut rounds: Vec<[f64; 3]> = Vec::new();
        for _ in 0..5 {
            let (load, made) = process_cpu(|| bundle(forms));
            let patterns = lexicon::folded(&made.lexicon);
            let (compile, _) = process_cpu(|| {
                let classifier = Classifier::new(made.lexicon).expect("the bundle compiles");
                black_box(classifier.classify("Bonjour à toutes et à tous.", &mut Scratch::default()));
                classifier
            });
            let (bare, _) = process_cpu(|| peers::bare(&patterns));
            rounds.push([load, compile, bare]);
        }
        let median = |of: &dyn Fn(&[f64; 3]) -> f64| report::median(rounds.iter().map(of).collect());
        println!(
            "| {} | {:.0} ms | {:.0} ms | {:.0} ms | {:.1} | {:.1} |",
            name(forms),
            median(&|r| r[0] * 1e3),
            median(&|r| r[1] * 1e3),
            median(&|r| r[2] * 1e3),
            median(&|r| r[1] / r[2]),
            median(&|r| (r[0] + r[1]) / r[2]),
        );
    }
}

/// Seconds of processor time that all threads together spend on `work`.
fn process_cpu<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = clock_gettime(ClockId::ProcessCPUTime);
    let result = black_box(work());
    let end = clock_gettime(ClockId::ProcessCPUTime);
    ((end.tv_sec - start.tv_sec) as f64 + (end.tv_nsec - start.tv_nsec) as f64 / 1e9, result)
}

/// What the process holds with a compiled bundle, after a few thousand posts.
fn memory(forms: Option<usize>) {
    let made = bundle(forms);
    let classifier = Classifier::new(made.lexicon).expect("the bundle compiles");
    let mut scratch = Scratch::default();
    for post in posts::plain_set(3, POSTS, BYTES) {
        black_box(classifier.classify(&post, &mut scratch));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines: Vec<&str> = status.lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM")).collect();
    println!("{} forms compiled: {}", classifier.form_count(), lines.join(", "));
}
