//! Ratios of one run: Vigie beside memcpy, plain automata, a naive pipeline and its peers, on the same posts, round by round.
//!
//! CPU time of this thread, not of the clock on the wall: the machine may be shared. Each ratio is the median of the ratios of its rounds, so
//! that what slows a whole round slows both sides. `cargo bench -p vigie-benches --bench ratios` prints the tables of RESULTS.md;
//! `-- memory FORMS` prints what a process with that many forms holds.

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
const ROUNDS: usize = 11;
/// Posts of a set, 220 bytes each.
const POSTS: usize = 2_000;
const BYTES: usize = 220;

/// CPU time of this thread.
fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec as u32)
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
            c.rounds.push((cpu() - start).as_secs_f64() * 1e9);
            assert_eq!(count, c.count, "{} counts differently in each round", c.name);
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["memory", forms] => memory(forms.parse().ok()),
        _ => {
            for forms in [Some(5_000), Some(20_000), Some(100_000), None] {
                compare(forms);
            }
            adversarial();
            startup();
        }
    }
}

/// A bundle and words for posts that must be flagged; `None` is the French bundle.
fn bundle(forms: Option<usize>) -> lexicon::Made {
    match forms {
        Some(forms) => lexicon::of_forms(forms, BEHAVIOUR).expect("the made-up bundle is good"),
        None => {
            let lexicon = lexicon::french(BEHAVIOUR).expect("the French bundle is good");
            let plural = |s: &&vigie_lexicon::Spelling| s.form == vigie_lexicon::Form::MPl && !s.text.contains(' ');
            let groups = lexicon.groups.iter().filter(|g| g.common.id.contains(".nation")).flat_map(|g| &g.spellings);
            let groups = groups.filter(plural).map(|s| s.text.clone()).collect();
            let predicates = lexicon.predicates.iter().filter(|p| p.class == "vermin").flat_map(|p| &p.spellings);
            let predicates = predicates.filter(plural).map(|s| s.text.clone()).collect();
            lexicon::Made { lexicon, groups, predicates }
        }
    }
}

/// One table: every candidate on clean posts, Vigie also on the mixed ones.
fn compare(forms: Option<usize>) {
    let lexicon::Made { lexicon, groups, predicates } = bundle(forms);
    let folded_forms = lexicon::folded(&lexicon);
    let classifier = Classifier::new(lexicon).expect("the bundle compiles");
    let clean = posts::plain_set(3, POSTS, BYTES);
    let mut numbers = Numbers::new(5);
    // 1 % hateful, 5 % with something for a view.
    let mixed: Vec<String> = (0..POSTS)
        .map(|n| match n % 100 {
            0 => posts::hateful(&mut numbers, BYTES, &groups, &predicates),
            1..=5 => posts::obfuscated(&mut numbers, BYTES, &groups, &predicates),
            _ => posts::plain(&mut numbers, BYTES),
        })
        .collect();
    let mut scratch = [Scratch::default(), Scratch::default()];
    let [first, second] = &mut scratch;
    let flagged =
        |posts: &[String], scratch: &mut Scratch| posts.iter().filter(|p| classifier.classify(black_box(p), scratch).decision == Decision::Flagged).count();
    let (of_clean, of_mixed) = (flagged(&clean, first), flagged(&mixed, second));
    assert_eq!(of_clean, 0, "clean posts are flagged");
    assert!(of_mixed >= POSTS / 100, "of {POSTS} mixed posts {of_mixed} are flagged");
    let mut folded = Folded::default();
    let mut candidates = vec![
        Candidate::new("Vigie, clean posts", || flagged(&clean, first)),
        Candidate::new("Vigie, mixed posts", || flagged(&mixed, second)),
        Candidate::new("Vigie, fold alone", || {
            clean.iter().for_each(|p| fold(black_box(p), &mut folded));
            folded.tokens().len()
        }),
    ];
    candidates.extend(peers::automata(&folded_forms, &clean));
    if forms.is_some_and(|f| f <= 20_000) {
        candidates.push(peers::alternation(&folded_forms, &clean));
    }
    candidates.extend(peers::others(&clean, &mixed));
    measure(&mut candidates);
    let bytes = clean.iter().map(String::len).sum();
    let name = forms.map_or("the French bundle".to_owned(), |f| format!("about {f} made-up forms"));
    report::table(
        &format!("{name}: {} forms compiled, {POSTS} posts of {BYTES} bytes, {of_mixed} of the mixed ones flagged", classifier.form_count()),
        bytes,
        &candidates,
    );
}

/// Worst against ordinary, at 64 KiB.
fn adversarial() {
    const LONG: usize = 65_536;
    let lexicon::Made { lexicon, groups, .. } = bundle(Some(20_000));
    let classifier = Classifier::new(lexicon).expect("the bundle compiles");
    let mut all = vec![("ordinary".to_owned(), posts::plain(&mut Numbers::new(9), LONG))];
    all.extend(posts::ADVERSARIAL.iter().enumerate().map(|(kind, name)| ((*name).to_owned(), posts::adversarial(kind, LONG, &groups))));
    let mut candidates: Vec<Candidate<'_>> = all
        .iter()
        .map(|(name, post)| {
            let (classifier, mut scratch) = (&classifier, Scratch::default());
            Candidate::new(name.clone(), move || usize::from(classifier.classify(black_box(post), &mut scratch).decision == Decision::Flagged))
        })
        .collect();
    measure(&mut candidates);
    report::against_first("64 KiB posts, about 20000 made-up forms", &candidates);
}

/// From the bundle to the first verdict, against the bare automaton of the same forms. Wall clock: start-up uses several threads.
fn startup() {
    for forms in [Some(20_000), None] {
        let (mut whole, mut load, mut bare) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..5 {
            let start = std::time::Instant::now();
            let made = bundle(forms);
            load.push(start.elapsed());
            let patterns = lexicon::folded(&made.lexicon);
            let start = std::time::Instant::now();
            let classifier = Classifier::new(made.lexicon).expect("the bundle compiles");
            black_box(classifier.classify("Bonjour à toutes et à tous.", &mut Scratch::default()));
            whole.push(start.elapsed());
            let start = std::time::Instant::now();
            black_box(peers::bare(&patterns));
            bare.push(start.elapsed());
        }
        [&mut whole, &mut load, &mut bare].into_iter().for_each(|all| all.sort_unstable());
        let name = forms.map_or("the French bundle".to_owned(), |f| format!("about {f} made-up forms"));
        println!("start-up, {name}: load and check {:.0?}, compile to first verdict {:.0?}, bare automaton {:.0?}", load[2], whole[2], bare[2]);
    }
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
