//! A clean post takes no memory once the buffers of its thread have grown: what is asked of an allocator a million times a second is paid a million times.

use allocation_counter::measure;
use vigie_benches::{lexicon, posts};
use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};

#[test]
fn a_clean_post_allocates_nothing() {
    let made_up = lexicon::of_forms(5_000, BEHAVIOUR).expect("a made-up bundle").lexicon;
    for lexicon in [made_up, lexicon::french(BEHAVIOUR).expect("the bundle is good")] {
        let classifier = Classifier::new(lexicon).expect("and compiles");
        let mut scratch = Scratch::default();
        let posts: Vec<String> = [50, 220, 2_000, 20_000].into_iter().flat_map(|bytes| posts::plain_set(7, 100_000 / bytes, bytes)).collect();
        let pass = |scratch: &mut Scratch| posts.iter().filter(|post| classifier.classify(post, scratch).decision == Decision::Clean).count();
        // Buffers grow, and words are remembered.
        assert_eq!(pass(&mut scratch), posts.len());
        let allocating = posts.iter().filter(|post| measure(|| _ = classifier.classify(post, &mut scratch)).count_total > 0);
        let allocating: Vec<&String> = allocating.collect();
        assert!(allocating.is_empty(), "{} of {} posts, the first: {}", allocating.len(), posts.len(), allocating[0]);
    }
}
