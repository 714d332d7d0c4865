//! What Vigie is compared with. Each does less than Vigie does: none has offsets into the original, views, groups or context.

use std::hint::black_box;

use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored};
use regex::RegexBuilder;
use rustrict::CensorStr as _;
use unicode_normalization::UnicodeNormalization as _;
use vigie_text::{Folded, fold};

use crate::Candidate;

/// The automaton of the forms and nothing else.
pub(crate) fn bare(forms: &[String]) -> AhoCorasick {
    let kind = if forms.len() <= 30_000 { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    AhoCorasick::builder().kind(Some(kind)).build(forms.iter().map(|f| format!(" {f} "))).expect("few enough forms")
}

/// Automata over the same forms: on raw bytes, behind a naive normaliser, and on folded posts several at once.
pub(crate) fn automata<'a>(forms: &'a [String], posts: &'a [String]) -> Vec<Candidate<'a>> {
    // A DFA of 200,000 forms would be a gigabyte.
    let kind = if forms.len() <= 120_000 { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    let name = if kind == AhoCorasickKind::DFA { "DFA" } else { "contiguous NFA" };
    let raw = AhoCorasick::builder().kind(Some(kind)).ascii_case_insensitive(true).build(forms).expect("few enough forms");
    let spaced = AhoCorasick::builder().kind(Some(kind)).build(forms.iter().map(|f| format!(" {f} "))).expect("few enough forms");
    let mut all = vec![
        Candidate::new(format!("aho-corasick {name} on raw bytes"), move || {
            posts.iter().map(|p| raw.find_overlapping_iter(black_box(p.as_bytes())).count()).sum()
        }),
        Candidate::new(format!("naive: NFKD, strip, lower, aho-corasick {name}"), move || {
            posts.iter().map(|p| spaced.find_overlapping_iter(&naive(black_box(p))).count()).sum()
        }),
    ];
    if kind == AhoCorasickKind::DFA {
        let dfa = DFA::builder().build(forms.iter().map(|f| format!(" {f} "))).expect("few enough forms");
        let mut folded: Vec<Folded> = (0..8).map(|_| Folded::default()).collect();
        all.push(Candidate::new("fold, aho-corasick DFA over eight posts in lockstep", move || {
            posts
                .chunks(8)
                .map(|posts| {
                    posts.iter().zip(&mut folded).for_each(|(p, f)| fold(black_box(p), f));
                    lockstep(&dfa, &folded[..posts.len()])
                })
                .sum()
        }));
    }
    all
}

/// A normaliser as it is mostly written: a string for each step.
fn naive(post: &str) -> String {
    let letters: String = post.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect::<String>().to_lowercase();
    let spaced: String = letters.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Steps the automaton over all posts at once, a byte of each in turn, so that one table look-up need not wait for another; counts matches.
fn lockstep(dfa: &DFA, posts: &[Folded]) -> usize {
    let start = dfa.start_state(Anchored::No).expect("the automaton searches unanchored");
    let mut states = [start; 8];
    let mut count = 0;
    let bytes: Vec<&[u8]> = posts.iter().map(|f| f.text().as_bytes()).collect();
    let common = bytes.iter().map(|b| b.len()).min().unwrap_or(0);
    let mut step = |state: &mut aho_corasick::automaton::StateID, byte: u8| {
        *state = dfa.next_state(Anchored::No, *state, byte);
        if dfa.is_special(*state) && dfa.is_match(*state) {
            count += dfa.match_len(*state);
        }
    };
    for at in 0..common {
        for (state, bytes) in states.iter_mut().zip(&bytes) {
            step(state, bytes[at]);
        }
    }
    for (state, bytes) in states.iter_mut().zip(&bytes) {
        bytes[common..].iter().for_each(|b| step(state, *b));
    }
    count
}

/// One regex of all forms; bounds of ASCII words, since those of Unicode would leave it without its DFA.
pub(crate) fn alternation<'a>(forms: &[String], posts: &'a [String]) -> Candidate<'a> {
    let any = format!(r"(?-u:\b)(?:{})(?-u:\b)", forms.iter().map(|f| regex::escape(f)).collect::<Vec<_>>().join("|"));
    let regex = RegexBuilder::new(&any).case_insensitive(true).size_limit(4 << 30).dfa_size_limit(256 << 20).build().expect("few enough forms");
    Candidate::new("regex alternation", move || posts.iter().map(|p| regex.find_iter(black_box(p)).count()).sum())
}

/// What needs no list of ours.
pub(crate) fn others<'a>(clean: &'a [String], mixed: &'a [String]) -> Vec<Candidate<'a>> {
    let mut copy = String::new();
    vec![
        Candidate::new("memcpy", move || {
            for p in clean {
                copy.clear();
                copy.push_str(black_box(p));
                black_box(&copy);
            }
            copy.len()
        }),
        Candidate::new("rustrict 0.7 (English list), mixed posts", || mixed.iter().filter(|p| black_box(p).as_str().is(rustrict::Type::SEVERE)).count()),
        Candidate::new("decancer 4.0 (folding only)", || clean.iter().filter(|p| decancer::cure!(black_box(p)).is_ok()).count()),
    ]
}
