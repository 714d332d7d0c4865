//! Laws of the fold, as rows and as properties.

#![allow(clippy::unwrap_used)]

use super::oracle;
use super::*;
use proptest::prelude::*;

fn folded(text: &str) -> Folded {
    let mut out = Folded::default();
    fold(text, &mut out);
    out
}

fn check(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(folded(text).text().trim_matches(' '), *expected, "{text:?}");
    }
}

#[test]
fn letters_fold_to_plain_latin() {
    check(&[
        ("", ""),
        ("L’ÉTÉ dernier", "l ete dernier"),
        ("ne\u{301}gociant œuvre Æthel straße", "negociant oeuvre aethel strasse"),
        ("ｌａｒｇｅ 𝐠𝐫𝐚𝐬 ⓒⓔⓡⓒⓛⓔ ᵖᵉᵗⁱᵗ ᴘᴇᴛɪᴛ", "large gras cercle petit petit"),
        ("🅱️ateau 🅿🅴🆃🅸🆃 🇵🇺🇱🇱", "bateau petit pull"),
        ("łódź đ ø ħ", "lodz d o h"),
    ]);
}

#[test]
fn lookalikes_fold_only_among_latin_letters() {
    check(&[
        ("bаteau", "bateau"),
        ("un \u{43E}\u{441}\u{435}\u{430}n", "un ocean"),
        ("un \u{43C}\u{430}\u{43A}\u{43E}", "un mako"),
        ("Я читаю книгу", "я читаю книгу"),
        ("قطة bleue", "قطة bleue"),
    ]);
}

#[test]
fn separators_end_words_and_invisibles_do_not() {
    check(&[
        ("qu'un d´or l`eau", "qu un d or l eau"),
        ("peut-être\u{2011}bien", "peut etre bien"),
        ("ba\u{200B}te\u{AD}au \u{2067}bleu\u{2069}", "bateau bleu"),
        ("b\u{336}l\u{336}e\u{336}u\u{336} b\u{20E3}l\u{20E3}e\u{20E3}u\u{20E3}", "bleu bleu"),
        ("a\tb\u{0}c\nd", "a bc d"),
    ]);
}

#[test]
fn inclusive_suffixes_keep_the_masculine() {
    check(&[
        (
            "étudiant·e·s ouvrier.e.s voisin(e)s sportif-ve-s noble(s) élu·e acteur·rice·s tou·te·s",
            "etudiants ouvriers voisins sportifs nobles elu acteurs tous",
        ),
        ("étudiant*e*s allemand•e•s heureux.se", "etudiants allemands heureux"),
        ("dit-elle, prends-le. Fini.Les autres p.u.r.e", "dit elle prends le fini les autres p u r e"),
    ]);
}

#[test]
fn entities_addresses_and_mentions() {
    check(&[
        ("b&#117;s b&#x75;s &eacute;t&eacute; bleu&nbsp;ciel R&amp;D", "bus bus ete bleu ciel r d"),
        ("voir https://ex.fr/?q=chien et www.chat.fr là", "voir et la"),
        ("voir https://ex.fr/%63hien là", "voir 🔗 la"),
        ("@Jean_Paul bonjour (@marie.bsky.social)", "bonjour"),
        ("ch@t", "ch t"),
        ("&amp;eacute;", "eacute"),
    ]);
}

#[test]
fn emoji_are_tokens() {
    check(&[
        ("ah😀😀bon", "ah 😀 😀 bon"),
        ("👍🏽 ❤️ 👨\u{200D}👩\u{200D}👧", "👍 ❤ 👨\u{200D}👩\u{200D}👧"),
        ("🇫🇷🇩🇪 allez", "🇫🇷 🇩🇪 allez"),
        ("🏳️\u{200D}🌈", "🏳\u{200D}🌈"),
    ]);
}

#[test]
fn spans_cover_what_was_written() {
    let rows: &[(&str, &[&str])] = &[
        ("😡 sale\u{200B} te\u{301}!", &["😡", "sale", "te\u{301}"]),
        ("p&#117;r &eacute;", &["p&#117;r", "&eacute;"]),
        ("voisin·e·s là", &["voisin·e·s", "là"]),
        ("b\u{336}a\u{336} ❤️", &["b\u{336}a\u{336}", "❤️"]),
        ("\u{202E}uelb\u{202C} ciel", &["uelb", "ciel"]),
    ];
    for (text, surfaces) in rows {
        let f = folded(text);
        let found: Vec<&str> = f.tokens().iter().map(|t| &text[t.span.range()]).collect();
        assert_eq!(found, *surfaces, "{text:?}");
    }
}

#[test]
fn flags_tell_what_was_seen() {
    let rows: &[(&str, TokenFlags)] = &[
        ("b4teau", TokenFlags::DIGIT),
        ("Bateau", TokenFlags::CAPITAL),
        ("été", TokenFlags::ACCENT),
        ("#bateau", TokenFlags::HASHTAG),
        ("baaateau", TokenFlags::RUN),
        ("y", TokenFlags::SINGLE),
        ("bаteau", TokenFlags::LOOKALIKE),
        ("ba\u{200B}teau", TokenFlags::INVISIBLE),
        ("\u{202E}uaetab", TokenFlags::REVERSED),
        ("😀", TokenFlags::EMOJI),
        ("voisin·e", TokenFlags::INCLUSIVE),
        ("$teau", TokenFlags::SYMBOL),
        ("книга", TokenFlags::FOREIGN),
        ("bateau.", TokenFlags::empty()),
        ("bateau !", TokenFlags::empty()),
        ("bateau!", TokenFlags::empty()),
    ];
    for (text, flags) in rows {
        assert_eq!(folded(text).tokens()[0].flags, *flags, "{text:?}");
    }
}

#[test]
fn work_is_linear_on_adversarial_posts() {
    let families = [
        "e\u{301}\u{327}\u{336}",
        "*",
        "\u{1F1E6}",
        "&amp;",
        "&",
        "@",
        "@a.",
        "#",
        "a.e.",
        "(",
        "(e)",
        "a\u{200D}",
        "👨\u{200D}",
        "http://",
        "www.",
        "é",
        "\u{202E}a",
        "а",
        ":",
        "a(e)(s)",
    ];
    for family in families {
        for times in [100, 1_000, 10_000] {
            let text = family.repeat(times);
            let f = folded(&text);
            assert!(f.work() <= Folded::WORK_PER_BYTE * text.len() as u64, "{family:?} × {times}: {} steps", f.work());
        }
    }
}

/// Pieces that the fold treats apart, mixed at random.
fn post() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "B",
        "e",
        "s",
        "pur",
        "www",
        "http",
        "https",
        ".",
        "://",
        "/",
        "-",
        "·",
        "(e)",
        "(s)",
        "e.s",
        "*",
        "#",
        "@",
        "$",
        "!",
        " ",
        "\n",
        "é",
        "É",
        "œ",
        "\u{301}",
        "\u{336}",
        "\u{200B}",
        "\u{200D}",
        "\u{FE0F}",
        "\u{202E}",
        "\u{202C}",
        "😀",
        "👍🏽",
        "🇫",
        "🇷",
        "🅱",
        "ⓒ",
        "а",
        "Н",
        "й",
        "ж",
        "α",
        "Ꮲ",
        "ꭰ",
        "&amp;",
        "&eacute;",
        "&#117;",
        "&#x200B;",
        "&#x1F1EB;",
        "&",
        ";",
        "1",
        "٣",
        "½",
        "قط",
        "한",
        "ﬁ",
        "İ",
        "ẞ",
        "µ",
        "ʼ",
        "´",
    ];
    prop_oneof![
        3 => prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|v| v.concat()),
        1 => prop::collection::vec(any::<char>(), 0..24).prop_map(|v| v.into_iter().collect()),
        1 => prop::collection::vec(prop_oneof![any::<char>().prop_map(|c| c.to_string()), prop::sample::select(PIECES).prop_map(str::to_owned)], 0..24).prop_map(|v| v.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_fold_is_the_slow_one(text in post()) {
        let fast = folded(&text);
        let slow = oracle::fold(&text);
        let found: Vec<(String, Span, TokenFlags)> = fast.tokens().iter().enumerate().map(|(i, t)| (fast.word(i).to_owned(), t.span, t.flags & oracle::FLAGS)).collect();
        prop_assert_eq!(found, slow);
    }

    #[test]
    fn folding_twice_changes_nothing(text in post()) {
        let once = folded(&text);
        let twice = folded(once.text());
        prop_assert_eq!(once.text(), twice.text());
    }

    #[test]
    fn spans_stand_on_characters_in_order(text in post()) {
        let f = folded(&text);
        let mut last = 0;
        for (i, t) in f.tokens().iter().enumerate() {
            prop_assert!(text.get(t.span.range()).is_some_and(|s| !s.is_empty()));
            prop_assert!(t.span.start >= last && t.end > t.start);
            last = t.span.end;
            prop_assert_eq!(&f.text()[t.end as usize..=t.end as usize], " ");
            let units = crate::Units::of(&text, t.span);
            prop_assert_eq!(text.chars().skip(units.char_start).take(units.char_end - units.char_start).collect::<String>(), &text[t.span.range()]);
            let utf16: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(String::from_utf16(&utf16[units.utf16_start..units.utf16_end]).unwrap(), &text[t.span.range()]);
            prop_assert!(!f.word(i).contains(' '));
        }
        prop_assert!(f.work() <= Folded::WORK_PER_BYTE * text.len() as u64);
    }

    #[test]
    fn a_warm_buffer_gives_the_same(first in post(), second in post()) {
        let mut out = Folded::default();
        fold(&first, &mut out);
        fold(&second, &mut out);
        let fresh = folded(&second);
        prop_assert_eq!(out.text(), fresh.text());
        prop_assert_eq!(out.tokens(), fresh.tokens());
    }
}
