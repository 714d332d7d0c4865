//! Ordinary words under the same disguises: how often a view takes one of them for a form. And the bound on work, whatever the post.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::disguise::*;
use common::{Finder, drawn};
use vigie_text::{Readings, View};

/// 4,000 ordinary words of four letters and more that are no form, the commonest first, then every n-th of the dictionary.
fn ordinary(forms: &[&str]) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lexicons/fr/words");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let usable = |word: &str| {
        let folded = vigie_text::fold_word(word);
        (folded.len() >= 4 && folded.bytes().all(|b| b.is_ascii_lowercase()) && !forms.contains(&folded.as_str())).then_some(folded)
    };
    let mut counted: Vec<(u32, String)> = read("counts.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut cells = l.split('\t');
            Some((usable(cells.next()?)?, cells.nth(1)?.parse().ok()?))
        })
        .map(|(w, c)| (c, w))
        .collect();
    counted.sort_by(|a, b| b.cmp(a));
    let rare = read("french.tsv");
    let rare = rare.lines().filter(|l| !l.starts_with('#')).step_by(150).filter_map(|l| usable(l.split('\t').next()?));
    let mut words: Vec<String> = counted.into_iter().take(2_000).map(|(_, w)| w).chain(rare).collect();
    words.truncate(4_000);
    words
}

#[test]
fn ordinary_words_in_disguise_are_seldom_taken_for_a_form() {
    let lemmas = drawn();
    let forms: Vec<&str> = lemmas.iter().flat_map(|l| &l.forms).map(String::as_str).collect();
    let words = ordinary(&forms);
    assert_eq!(words.len(), 4_000);
    let mut finder = Finder::new(forms.iter().copied());
    // A form that is an ordinary word never flags by itself.
    let whole: std::collections::HashSet<&str> = forms.iter().copied().filter(|f| !finder.dictionary.is_ordinary(f)).collect();
    let mut random = Random(5);
    let mechanisms = [
        Case,
        Repetition,
        Leet,
        MaskOne,
        MaskTwo,
        Dots,
        Spaces,
        Hyphens,
        Invisible,
        Cyrillic,
        FullWidth,
        Mathematical,
        Zalgo,
        Emoji,
        Glued,
        Hashtag,
        Swap,
        Insertion,
        Deletion,
        Substitution,
        Split,
    ];
    let (mut taken, mut masked): (BTreeMap<View, Vec<String>>, usize) = (BTreeMap::new(), 0);
    for word in &words {
        for mechanism in mechanisms {
            let Some(disguised) = disguise(word, mechanism, &mut random) else { continue };
            masked += usize::from(matches!(mechanism, MaskOne | MaskTwo));
            finder.read(&format!("Il a dit {disguised} hier soir"));
            // A disguise taken for two forms by one view is one mistake.
            let mut views: Vec<(View, &str)> = finder
                .readings
                .list
                .iter()
                .filter(|r| whole.contains(r.text.as_str()) || r.text.split(' ').any(|w| w.len() >= 4 && whole.contains(w)))
                .map(|r| (r.view, r.text.as_str()))
                .collect();
            views.dedup_by_key(|(view, _)| *view);
            for (view, text) in views {
                taken.entry(view).or_default().push(format!("{mechanism:?} {disguised} → {text}"));
            }
        }
    }
    let table: Vec<String> = taken
        .iter()
        .map(|(v, hits)| {
            let shown: Vec<&str> = hits.iter().step_by(hits.len() / 40 + 1).map(String::as_str).collect();
            format!("{v:?} {} of {} words ({} mechanisms, {masked} masks): {}", hits.len(), words.len(), mechanisms.len(), shown.join(", "))
        })
        .collect();
    println!("{}", table.join("\n"));
    // One in a thousand of what each view can be asked about: the masks, or the words (the slips of five mechanisms each).
    let most = |view: View| match view {
        View::Mask => masked / 1_000,
        View::Typo => 5 * words.len() / 1_000,
        _ => words.len() / 1_000,
    };
    assert!(taken.iter().all(|(v, hits)| hits.len() <= most(*v)), "{}", table.join("\n"));
}

#[test]
fn work_is_linear_on_adversarial_posts() {
    let lemmas = drawn();
    let mut finder = Finder::new(lemmas.iter().flat_map(|l| &l.forms).map(String::as_str));
    let families = [
        "p\u{301}\u{327}\u{336}",
        "*",
        "p*",
        "p**",
        "p***e ",
        "p***e***s***t ",
        "s4l ",
        "a ",
        "a.",
        "a@",
        "$",
        "p$",
        "(((",
        "\u{1F1E6}",
        "&amp;",
        "&amp;lt;",
        "#a",
        "#Aa",
        "aaa",
        "aaab",
        "abab",
        "salo ",
        "pu te ",
        "p\u{200B}u",
        "\u{202E}etup ",
        "🤡p",
        "http://x/%70",
        "http://x/%70 ",
        "desale",
        "xq",
        "xqzw ",
        "con",
        "p2",
        "p_",
        "p!",
        "bou-",
        "e.e.s ",
        "éé",
    ];
    for family in families {
        for times in [100, 1_000, 5_000] {
            let post = family.repeat(times);
            finder.read(&post);
            let bound = Readings::WORK_PER_BYTE * (post.len() as u64 + 100);
            assert!(
                finder.readings.work <= bound,
                "{family:?} × {times}: {} steps, {} per byte",
                finder.readings.work,
                finder.readings.work / post.len() as u64
            );
            assert!(finder.readings.list.len() <= post.len(), "{family:?} × {times}: {} readings", finder.readings.list.len());
        }
    }
}

#[test]
fn a_clean_post_has_no_reading_and_keeps_no_buffer() {
    let lemmas = drawn();
    let mut finder = Finder::new(lemmas.iter().flat_map(|l| &l.forms).map(String::as_str));
    for post in
        ["Bonjour à tous, il fait beau ce matin et le train est à l'heure.", "Rendez-vous à 18h30 au café, 5€ l'entrée :)", "J'ai lu trois livres cet été !!!"]
    {
        finder.read(post);
        assert!(finder.readings.list.is_empty() && finder.readings.list.capacity() == 0 && !finder.readings.flood, "{post}: {:?}", finder.readings.list);
    }
}
