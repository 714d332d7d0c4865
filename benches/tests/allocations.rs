//! A clean post takes no memory once the buffers of its thread have grown: what is asked of an allocator a million times a second is paid a million times.
//! Of the French bundle one plain sentence in ten has its words marked before it is found clean, which takes some.

use allocation_counter::measure;
use vigie_benches::{lexicon, posts};
use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};

#[test]
fn a_post_that_the_gates_turn_away_allocates_nothing() {
    let lexicon = lexicon::of_forms(5_000, BEHAVIOUR).expect("a made-up bundle").lexicon;
    let classifier = Classifier::new(lexicon).expect("and compiles");
    let mut scratch = Scratch::default();
    let posts: Vec<String> = [50, 220, 2_000, 20_000].into_iter().flat_map(|bytes| posts::plain_set(7, 100_000 / bytes, bytes)).collect();
    // Buffers grow, and words are remembered.
    let clean = posts.iter().filter(|post| classifier.classify(post, &mut scratch).decision == Decision::Clean).count();
    assert_eq!(clean, posts.len());
    let mut allocates = |post: &&String| measure(|| _ = classifier.classify(post, &mut scratch)).count_total > 0;
    let allocating: Vec<&String> = posts.iter().filter(|post| allocates(post)).collect();
    assert!(allocating.is_empty(), "{} of {} posts, the first: {}", allocating.len(), posts.len(), allocating[0]);
}
