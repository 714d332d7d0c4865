//! Fold and views on anything at all: no panic, spans inside the post, work bounded by its length.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
#[path = "common/fuzz.rs"]
mod fuzz;

use std::cell::RefCell;
use std::path::Path;

use common::{Finder, lemmas};
use fuzz::{broken_text, corpus};
use vigie_text::{Folded, Readings};

const PIECES: &[&str] = &[
    "p*t3",
    "s a l o p e",
    "\u{200B}",
    "\u{AD}",
    "\u{202E}",
    "\u{336}",
    "e\u{301}",
    "&#117;",
    "&amp",
    "&#x110000;",
    "%70%75",
    "https://",
    "www.",
    "@nom",
    "#Un",
    "🇫🇷",
    "👍🏽",
    "\u{FE0F}",
    "Ꮲ",
    "𝐩",
    "ⓤ",
    "·e·s",
    "(e)s",
    "****",
    "....",
    "4444",
    "ﬁ",
    "ß",
    "İ",
    "ǅ",
    "قط",
    "\0",
    "\r\n",
    "\u{2028}",
    "'",
    "’",
    "aaaa",
    "1488",
];

#[test]
fn fold_and_views_take_anything() {
    let lemmas = lemmas();
    let finder = RefCell::new(Finder::new(lemmas.iter().flat_map(|l| &l.forms).map(String::as_str)));
    let inputs = broken_text(corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/posts.txt")), PIECES);
    fuzz::fuzz("fold and views", 3_000_000, inputs, |post| {
        let mut finder = finder.borrow_mut();
        finder.read(post);
        for token in finder.folded().tokens() {
            assert!(post.get(token.span.range()).is_some(), "{token:?}");
        }
        for reading in &finder.readings.list {
            assert!(post.get(reading.span.range()).is_some_and(|s| !s.is_empty()), "{reading:?}");
        }
        assert!(finder.folded().work() <= Folded::WORK_PER_BYTE * post.len() as u64, "fold: {} steps", finder.folded().work());
        assert!(finder.readings.work <= Readings::WORK_PER_BYTE * (post.len() as u64 + 100), "views: {} steps", finder.readings.work);
    });
}
