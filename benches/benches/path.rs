//! Fold, match (fold and bare automaton) and classify: kind of post × length × size of the lexicon, each with its number of findings asserted before it is timed.

use std::hint::black_box;
use std::time::Duration;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use vigie_benches::{Numbers, lexicon, posts};
use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};
use vigie_text::{Folded, fold};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BYTES: [usize; 4] = [50, 220, 2_000, 65_536];
const FORMS: [usize; 3] = [5_000, 20_000, 100_000];

/// A set of posts of one kind, and how many of them are to be flagged at least and at most.
struct Set {
    kind: &'static str,
    posts: Vec<String>,
    flagged: std::ops::RangeInclusive<usize>,
}

fn sets(groups: &[String], predicates: &[String], bytes: usize) -> Vec<Set> {
    let count = (200_000 / bytes).clamp(4, 256);
    let mut numbers = Numbers::new(bytes as u64);
    let mut many = |make: &mut dyn FnMut(&mut Numbers) -> String| (0..count).map(|_| make(&mut numbers)).collect::<Vec<_>>();
    vec![
        Set { kind: "plain", posts: many(&mut |n| posts::plain(n, bytes)), flagged: 0..=0 },
        // A star can stand for a letter that another form has too: a few of the disguised words are read as nothing.
        Set { kind: "obfuscated", posts: many(&mut |n| posts::obfuscated(n, bytes, groups, predicates)), flagged: count / 2..=count },
        Set { kind: "hateful", posts: many(&mut |n| posts::hateful(n, bytes, groups, predicates)), flagged: count..=count },
        Set {
            kind: "adversarial",
            posts: (0..posts::ADVERSARIAL.len()).map(|kind| posts::adversarial(kind, bytes, groups, predicates)).collect(),
            flagged: 0..=2,
        },
    ]
}

fn paths(c: &mut Criterion) {
    for forms in FORMS {
        let lexicon::Made { lexicon, groups, predicates } = lexicon::of_forms(forms, BEHAVIOUR).expect("the made-up bundle is good");
        let patterns = lexicon::folded(&lexicon).into_iter().map(|form| format!(" {form} "));
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(patterns).expect("few enough forms");
        let classifier = Classifier::new(lexicon).expect("and compiles");
        let (mut scratch, mut folded) = (Scratch::default(), Folded::default());
        for bytes in BYTES {
            for set in sets(&groups, &predicates, bytes) {
                let mut flagged = || set.posts.iter().filter(|p| classifier.classify(black_box(p), &mut scratch).decision == Decision::Flagged).count();
                let found = flagged();
                assert!(set.flagged.contains(&found), "{} of {bytes} bytes, {forms} forms: {found} flagged, not in {:?}", set.kind, set.flagged);
                let mut matched =
                    || set.posts.iter().map(|p| (fold(black_box(p), &mut folded), automaton.find_overlapping_iter(folded.text()).count()).1).sum::<usize>();
                let hits = matched();
                assert!(hits >= found, "{}: {hits} forms for {found} flagged posts", set.kind);
                let total = set.posts.iter().map(String::len).sum::<usize>() as u64;
                let mut group = c.benchmark_group(format!("{forms}_forms/{}", set.kind));
                group
                    .throughput(Throughput::Bytes(total))
                    .sample_size(10)
                    .warm_up_time(Duration::from_millis(200))
                    .measurement_time(Duration::from_millis(600));
                group.bench_function(BenchmarkId::new("match", bytes), |b| b.iter(|| assert_eq!(matched(), hits)));
                group.bench_function(BenchmarkId::new("classify", bytes), |b| b.iter(|| assert_eq!(flagged(), found)));
                if forms == FORMS[0] {
                    let mut folded = Folded::default();
                    group.bench_function(BenchmarkId::new("fold", bytes), |b| b.iter(|| set.posts.iter().for_each(|p| fold(black_box(p), &mut folded))));
                }
                group.finish();
            }
        }
    }
}

criterion_group!(benches, paths);
criterion_main!(benches);
