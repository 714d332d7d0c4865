//! The 272 cases of disguised and innocent French through the whole classifier: what is found, of which entry, and where exactly. A case is
//! about what is seen, not about flags: context may suppress it.

use vigie_classifier::{BEHAVIOUR, Classifier, Scratch};
use vigie_lexicon::{Lexicon, Use};
use vigie_text::Span;

/// Something seen in a post: an entry or a frame, and its place.
type Seen = (String, Span);

fn unescape(text: &str) -> String {
    let mut pieces = text.split("\\u{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('}').expect("an escape ends");
        out.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a scalar"));
        out.push_str(rest);
    }
    out
}

/// The entries that stand for each lemma of the cases; a phrase of several concepts is a frame.
fn lemmas() -> Vec<(&'static str, Vec<&'static str>)> {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        (cells.next().expect("a lemma"), cells.collect())
    };
    include_str!("data/lemmas.tsv").lines().map(row).collect()
}

/// Everything seen, and what of it survived context.
fn seen(classifier: &Classifier, scratch: &mut Scratch, text: &str) -> (Vec<Seen>, Vec<Seen>) {
    let trace = classifier.trace(text, scratch);
    let names = |f: &vigie_classifier::Finding| {
        [Some(f.entry.to_string()), f.frame.as_ref().map(ToString::to_string)].into_iter().flatten().map(|n| (n, f.span)).collect::<Vec<_>>()
    };
    let survived: Vec<Seen> = trace.verdict.findings.iter().chain(&trace.verdict.shadow).flat_map(names).collect();
    let found = trace.findings.iter().chain(&trace.suppressed).flat_map(names);
    (trace.matches.iter().map(|m| (m.entry.clone(), m.span)).chain(found).collect(), survived)
}

#[test]
fn every_case_is_seen_as_its_entry_with_its_exact_span() {
    let lexicon = Lexicon::default_bundle(BEHAVIOUR).expect("the default bundle loads");
    let strong: Vec<String> = lexicon.slurs.iter().filter(|s| s.usage == Use::Unambiguous).map(|s| s.common.id.clone()).collect();
    let classifier = Classifier::new(lexicon).expect("the default bundle compiles");
    let (lemmas, mut scratch) = (lemmas(), Scratch::default());
    let (mut held, mut faults) = (0, Vec::new());
    for line in include_str!("../../text/tests/data/normaliser_cases.tsv").lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, _, text, expect, surface, lemma, note]: [&str; 7] = cells.try_into().expect("seven columns");
        let (text, surface) = (unescape(text), unescape(surface));
        let ids = lemmas.iter().find(|(l, _)| *l == lemma).map(|(_, ids)| ids.as_slice());
        assert!(ids.is_some() || lemma == "*", "{id}: {lemma} stands for no entry");
        let (seen, survived) = seen(&classifier, &mut scratch, &text);
        let of = |name: &str| ids.map_or_else(|| strong.iter().any(|s| s == name), |ids| ids.contains(&name));
        let holds = match expect {
            "match" => seen.iter().any(|(name, span)| of(name) && text[span.range()] == surface),
            // Context takes these away: a name, a title, a fixed phrase.
            _ if note.contains("stage=rule") => !survived.iter().any(|(name, _)| of(name)),
            _ => !seen.iter().any(|(name, _)| of(name)) && (lemma != "*" || survived.is_empty()),
        };
        if holds {
            held += 1;
        } else {
            let seen: Vec<String> = seen.iter().map(|(name, span)| format!("{name} [{}]", &text[span.range()])).collect();
            faults.push(format!("{id} {text:?} wants {expect} {surface:?} of {lemma}, sees {}", seen.join(", ")));
        }
    }
    assert_eq!(held, 272, "\n{}", faults.join("\n"));
}
