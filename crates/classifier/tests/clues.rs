//! Clues: they are added up where no frame speaks, and nowhere else.
#![allow(clippy::unwrap_used, clippy::panic)]

mod rounds;

use std::collections::{BTreeMap, BTreeSet};

use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch, TracedClue};
use vigie_lexicon::{Lexicon, Severity, Status};

fn classifier() -> Classifier {
    Classifier::new(Lexicon::default_bundle(BEHAVIOUR).unwrap()).unwrap()
}

fn is_turn(clue: &TracedClue) -> bool {
    clue.id.starts_with("fr.turn.")
}

/// A post of clues only; `{}` is a group in the plural.
const CLUES_ONLY: &str = "On sait tous pourquoi les {} du quartier vont en boîte, regardez leur tronche";

#[test]
fn a_finding_of_clues_is_their_sum_and_no_more_than_medium() {
    let classifier = classifier();
    let rule = classifier.lexicon().policy.clues.unwrap();
    let (mut scratch, mut made) = (Scratch::default(), 0);
    for text in rounds::texts() {
        let trace = classifier.trace(&text, &mut scratch);
        // The same words say one thing: of the clues for hate that they give, the heaviest. Turns all count.
        let outweighed = |c: &TracedClue| trace.clues.iter().any(|o| !is_turn(o) && o.span == c.span && (o.points, &c.id) > (c.points, &o.id));
        let seen: i32 = trace.clues.iter().filter(|c| c.points <= 0 || is_turn(c) || !outweighed(c)).map(|c| i32::from(c.points)).sum();
        for finding in trace.verdict.findings.iter().filter(|f| !f.clues.is_empty()) {
            made += 1;
            let summed: i32 = finding.clues.iter().map(|c| i32::from(c.points)).sum();
            assert_eq!(summed, seen, "{text}");
            assert!(usize::try_from(summed).unwrap() >= rule.enough(trace.words.len()), "{text}");
            assert_eq!(classifier.explain_finding(finding).template, "fr.template.clues", "{text}");
            assert!(finding.frame.is_none() && finding.group.is_some() && finding.severity <= Severity::Medium, "{text}");
            let mut ids: Vec<_> = finding.clues.iter().map(|c| &c.entry).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), finding.clues.len(), "each counts once: {text}");
            let flags = |f: &vigie_classifier::Finding| f.clues.is_empty() && classifier.flags(f);
            assert!(!trace.verdict.findings.iter().any(flags), "a frame speaks already: {text}");
        }
    }
    assert!(made > 200, "only {made} findings of clues");
}

#[test]
fn turns_are_the_listed_words_and_neighbours_of_the_post_with_names_of_groups_as_one() {
    let classifier = classifier();
    let listed: BTreeMap<&str, &str> = classifier.lexicon().turns.iter().map(|t| (t.text.as_str(), t.id.as_str())).collect();
    let (mut scratch, mut found) = (Scratch::default(), 0);
    for text in rounds::texts() {
        let trace = classifier.trace(&text, &mut scratch);
        // A word that no turn holds may have a reading that one does.
        if trace.clauses.is_empty() || trace.words.iter().any(|w| !w.readings.is_empty()) {
            continue;
        }
        let pairs = trace.spoken.windows(2).map(|two| two.join(" "));
        let expected: BTreeSet<&str> = trace.spoken.iter().cloned().chain(pairs).filter_map(|turn| listed.get(turn.as_str()).copied()).collect();
        let seen: BTreeSet<&str> = trace.clues.iter().filter(|c| is_turn(c)).map(|c| c.id.as_str()).collect();
        found += seen.len();
        assert_eq!(seen, expected, "{text}");
    }
    assert!(found > 10_000, "only {found} turns");
}

#[test]
fn clues_weigh_the_same_whichever_group_is_named() {
    let classifier = classifier();
    let mut scratch = Scratch::default();
    for group in
        ["Suisses", "Juifs", "Noirs", "Arabes", "Roms", "gays", "lesbiennes", "trans", "femmes", "hommes", "musulmans", "catholiques", "aveugles", "Bretons"]
    {
        let verdict = classifier.classify(&CLUES_ONLY.replace("{}", group), &mut scratch);
        let [finding] = verdict.findings.as_slice() else { panic!("{group}: {:?}", verdict.findings) };
        assert!(!finding.clues.is_empty() && verdict.decision == Decision::Flagged, "{group}");
    }
    for others in ["cyclistes", "voisins", "banquiers", "supporters", "députés"] {
        let verdict = classifier.classify(&CLUES_ONLY.replace("{}", others), &mut scratch);
        assert_eq!(verdict.decision, Decision::Clean, "{others}");
    }
}

#[test]
fn clues_say_nothing_where_a_frame_speaks_others_do_or_the_entries_sleep() {
    let post = CLUES_ONLY.replace("{}", "Suisses");
    let classifier = classifier();
    let clues_in = |classifier: &Classifier, text: &str| {
        let verdict = classifier.classify(text, &mut Scratch::default());
        verdict.findings.iter().chain(&verdict.shadow).any(|f| !f.clues.is_empty())
    };
    let rows = [
        (post.clone(), true),
        (format!("{post}. Les Suisses sont des cafards."), false),
        (format!("Elle m'a dit : « {post} » Je condamne ces propos, c'est une honte."), false),
        ("Les Suisses dînent tôt".to_owned(), false),
    ];
    for (text, finds) in rows {
        assert_eq!(clues_in(&classifier, &text), finds, "{text}");
    }
    for (status, finds) in [(Status::Active, true), (Status::Shadow, true), (Status::Proposed, false), (Status::Retired, false)] {
        let mut lexicon = Lexicon::default_bundle(BEHAVIOUR).unwrap();
        lexicon.clues.iter_mut().for_each(|c| c.common.status = status);
        let classifier = Classifier::new(lexicon).unwrap();
        assert_eq!(clues_in(&classifier, &post), finds, "{status}");
        let flagged = classifier.classify(&post, &mut Scratch::default()).decision == Decision::Flagged;
        assert_eq!(flagged, status == Status::Active, "{status}");
    }
}
