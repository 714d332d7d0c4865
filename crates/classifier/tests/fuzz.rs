//! The whole classifier on anything at all: no panic, the same verdict twice, spans that cut the post at its characters.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../text/tests/common/fuzz.rs"]
mod fuzz;

use std::cell::RefCell;
use std::path::Path;

use fuzz::{broken_text, corpus};
use proptest::strategy::Strategy;
use vigie_classifier::{BEHAVIOUR, Classifier, Scratch};
use vigie_lexicon::Lexicon;

const PIECES: &[&str] = &[
    " les juifs ",
    " les arabes ",
    " sont des rats",
    " ne ",
    " pas ",
    "« ",
    " »",
    " selon lui, ",
    " il a raison",
    " tous ",
    " ils ",
    " il faut ",
    " virer ",
    " mort aux ",
    "espèce de ",
    ", ",
    ". ",
    "\n",
    " ? ",
    " ! ",
    "@nom ",
    "https://x.fr/ ",
    "p*t3",
    "s 4 l e",
    "\u{200B}",
    "é",
    "🐀",
    " et ",
    " que ",
    " qui ",
    "&lt;b&gt;",
    "\0",
];

#[test]
fn a_verdict_comes_of_anything() {
    let classifier = Classifier::new(Lexicon::default_bundle(BEHAVIOUR).unwrap()).unwrap();
    let (scratch, fresh) = (RefCell::new(Scratch::default()), RefCell::new(0_u32));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut posts = corpus(&root.join("posts.txt"));
    posts.extend(corpus(&root.join("../../../text/tests/corpus/posts.txt")));
    // Long posts are dear, and say nothing that short ones do not: the bound per byte is seen as well on these.
    let short = broken_text(posts, PIECES).prop_map(|post| post.chars().take(400).collect::<String>());
    fuzz::fuzz("classify", 1_700_000, short, |post| {
        let verdict = classifier.classify(post, &mut scratch.borrow_mut());
        for finding in verdict.findings.iter().chain(&verdict.shadow).chain(&verdict.suppressed) {
            assert!(post.get(finding.span.range()).is_some_and(|s| !s.is_empty()), "{finding:?}");
        }
        // What earlier posts left in the buffers changes nothing; seen on one in a hundred.
        *fresh.borrow_mut() += 1;
        if *fresh.borrow() % 100 == 0 {
            let again = classifier.classify(post, &mut Scratch::default());
            assert_eq!(format!("{verdict:?}"), format!("{again:?}"));
        }
        let _ = classifier.explanation(&verdict);
    });
}
