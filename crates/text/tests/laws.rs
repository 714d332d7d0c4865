//! Laws of the views, as properties over posts made of everything that opens one.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::sync::{LazyLock, Mutex};

use common::{Finder, lemmas};
use proptest::prelude::*;
use vigie_text::{Readings, TokenFlags};

static FINDER: LazyLock<Mutex<Finder>> = LazyLock::new(|| {
    let lemmas = lemmas();
    Mutex::new(Finder::new(lemmas.iter().flat_map(|l| &l.forms).map(String::as_str)))
});

fn post() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "pute",
        "p",
        "u",
        "t",
        "e",
        "sal",
        "ope",
        "bou",
        "gnoule",
        "s4l",
        "cette",
        "sale",
        "arabe",
        "PU",
        "Te",
        "b**",
        "a",
        "ô",
        "é",
        "e\u{301}",
        "2",
        "4",
        "0",
        "1488",
        "$",
        "@",
        "€",
        "!",
        "|",
        "*",
        "**",
        "*****",
        "#",
        "_",
        "%",
        "+",
        ".",
        "..",
        "…",
        "-",
        "/",
        "'",
        "’",
        "(",
        ")",
        " ",
        "  ",
        "\n",
        "\t",
        "\u{200B}",
        "\u{AD}",
        "\u{2009}",
        "\u{202E}",
        "\u{202C}",
        "\u{336}",
        "\u{FE0F}",
        "🤡",
        "👍🏽",
        "🇫🇷",
        "🇵",
        "🇺",
        "р",
        "е",
        "ж",
        "Ꮲ",
        "𝐩",
        "ⓤ",
        "·e·s",
        "(e)s",
        ".e.s",
        "*e*s",
        "&#117;",
        "&amp;",
        "https://x.fr/%70%75te",
        "www.x.fr/sale%20arabe ",
        "@nom",
        "#Un",
        "Bon",
        "Juif",
        "aaa",
        "tttt",
        "قط",
    ];
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(PIECES), 0..20).prop_map(|v| v.concat()),
        1 => prop::collection::vec(prop_oneof![any::<char>().prop_map(|c| c.to_string()), prop::sample::select(PIECES).prop_map(str::to_owned)], 0..20).prop_map(|v| v.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readings_slice_the_original_and_name_real_tokens(post in post()) {
        let mut finder = FINDER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        finder.read(&post);
        let tokens = finder.folded().tokens();
        let mut first = 0;
        for r in &finder.readings.list {
            prop_assert!(r.tokens.start < r.tokens.end && r.tokens.end <= tokens.len());
            prop_assert!(r.tokens.start >= first, "in order");
            first = r.tokens.start;
            let surface = post.get(r.span.range());
            prop_assert!(surface.is_some_and(|s| !s.is_empty()), "{:?}", r);
            if let (Some(a), Some(b)) = (tokens.get(r.tokens.start), r.tokens.clone().last().map(|i| tokens[i])) {
                prop_assert!(r.span.start <= a.span.start && r.span.end >= b.span.end, "{:?} covers its tokens", r);
            }
            prop_assert!(!r.text.is_empty() && r.text.split(' ').all(|w| !w.is_empty() && w == vigie_text::fold_word(w)), "{:?} is folded", r);
        }
        prop_assert!(finder.readings.work <= Readings::WORK_PER_BYTE * (post.len() as u64 + 100), "{} steps for {} bytes", finder.readings.work, post.len());
    }

    #[test]
    fn the_same_post_gives_the_same_readings(post in post(), other in post()) {
        let mut finder = FINDER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        finder.read(&post);
        let once = finder.readings.list.clone();
        finder.read(&other);
        finder.read(&post);
        prop_assert_eq!(&once, &finder.readings.list);
    }

    #[test]
    fn a_post_of_plain_common_words_is_read_as_it_stands(words in prop::collection::vec(prop::sample::select(&["bonjour", "le", "train", "est", "en", "retard", "ce", "matin", "merci"][..]), 0..20)) {
        let mut finder = FINDER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        finder.read(&words.join(" "));
        prop_assert!(finder.readings.list.is_empty());
        prop_assert!(!finder.folded().gates().intersects(TokenFlags::all()));
    }
}

#[test]
fn a_flood_is_told_and_costs_no_more() {
    let mut finder = FINDER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    finder.read(&"p*t3 ".repeat(60));
    assert!(!finder.readings.flood);
    finder.read(&"p*t3 ".repeat(5_000));
    assert!(finder.readings.flood);
    assert!(finder.readings.list.len() <= 64 * 8);
}
