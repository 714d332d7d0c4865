//! The 272 cases of disguised and innocent French, at the level of the text: which forms can be read, and where exactly.
//! What needs rules of the lexicon (`stage=rule`) or punctuation patterns is judged by the classifier's own test over the same file.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::Finder;

/// Patterns of punctuation around any word: no form to look for.
const PUNCTUATION: &[&str] = &["(((X)))", "QUI ?"];

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\u{") {
        out.push_str(&rest[..at]);
        let end = at + rest[at..].find('}').unwrap();
        out.push(char::from_u32(u32::from_str_radix(&rest[at + 3..end], 16).unwrap()).unwrap());
        rest = &rest[end + 1..];
    }
    out + rest
}

#[test]
fn every_case_is_read_with_its_exact_span() {
    let lemmas = common::lemmas();
    let mut finder = Finder::new(lemmas.iter().flat_map(|l| &l.forms).map(String::as_str));
    let (mut held, mut faults) = (0, Vec::new());
    for line in include_str!("data/normaliser_cases.tsv").lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, _, text, expect, surface, lemma, note] = cells[..] else { panic!("{line}") };
        let (text, surface) = (unescape(text), unescape(surface));
        if note.contains("stage=rule") || PUNCTUATION.contains(&lemma) {
            held += 1;
            continue;
        }
        finder.read(&text);
        let found: Vec<(&str, &str, String)> = lemmas
            .iter()
            .filter(|l| if lemma == "*" { l.strong } else { l.name == lemma })
            .flat_map(|l| l.forms.iter().map(move |f| (l, f)))
            .flat_map(|(l, f)| finder.hits(f).into_iter().map(move |h| (l.name.as_str(), f.as_str(), h)))
            .map(|(l, f, h)| (l, f, text[h.span.range()].to_owned()))
            .collect();
        let holds = match expect {
            "match" => found.iter().any(|(_, _, s)| *s == surface),
            _ => found.is_empty(),
        };
        if holds {
            held += 1;
        } else {
            let words: Vec<String> = finder.readings.list.iter().map(|r| format!("{:?}:{}", r.view, r.text)).collect();
            faults.push(format!(
                "{id} {text:?} wants {expect} {surface:?} of {lemma}\n    folded {:?}, readings {words:?}, found {found:?}",
                finder.folded().text()
            ));
        }
    }
    assert_eq!(held, 272, "\n{}", faults.join("\n"));
}
