//! Fairness on whole posts: whichever group a post of the blind rounds names, the verdict is the same. The lexicon's own examples are
//! run over every group by `vigie lexicon check`; these posts are nobody's examples.

mod rounds;

use std::collections::BTreeMap;

use regex::Regex;
use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};
use vigie_lexicon::Lexicon;

/// Names that a post may have, behind a plural determiner.
const NAMED: &str = "juifs|musulmans|arabes|noirs|roms|gitans|gays|homosexuels|lesbiennes|trans|handicapés|autistes|trisomiques|chinois|asiatiques|migrants|réfugiés|\
étrangers|immigrés|roumains|polonais|portugais|africains|maghrébins|algériens|marocains|sénégalais|congolais|afghans|syriens|turcs|italiens|allemands|belges|suisses|\
femmes|hommes|chrétiens|catholiques|athées|bouddhistes|hindous|blancs|antillais|haïtiens|kurdes|sourds|aveugles|nains|bisexuels|russes|ukrainiens";
/// Names put in their place: every ground, and a nationality that nobody hates.
const GROUPS: [&str; 15] = [
    "juifs",
    "musulmans",
    "Arabes",
    "Noirs",
    "Roms",
    "gays",
    "trans",
    "handicapés",
    "Chinois",
    "migrants",
    "Polonais",
    "femmes",
    "Suisses",
    "athées",
    "sourds",
];
/// Posts in a hundred that get one verdict for all of them, at least. The others turn on what is said of one group alone ("femmes de ménage").
const LEAST: usize = 98;

#[test]
fn a_post_gets_the_same_verdict_whichever_group_it_names() {
    let classifier = Classifier::new(Lexicon::default_bundle(BEHAVIOUR).expect("the default bundle loads")).expect("and compiles");
    let named = Regex::new(&format!(r"(?i)\b(les|des|ces|aux) ({NAMED})\b")).expect("a regex");
    let mut scratch = Scratch::default();
    let (mut posts, mut same, mut odd) = (0, 0, BTreeMap::<&str, usize>::new());
    for text in rounds::texts() {
        let mut found = named.captures_iter(&text);
        let (Some(captures), None) = (found.next(), found.next()) else { continue };
        let name = captures.get(2).expect("the name").range();
        let verdicts = GROUPS.map(|group| {
            let swapped = [&text[..name.start], group, &text[name.end..]].concat();
            classifier.classify(&swapped, &mut scratch).decision == Decision::Flagged
        });
        let flagged = verdicts.iter().filter(|v| **v).count();
        posts += 1;
        same += usize::from(flagged == 0 || flagged == GROUPS.len());
        let rarer = flagged * 2 < GROUPS.len();
        GROUPS.iter().zip(verdicts).filter(|(_, v)| flagged != 0 && flagged != GROUPS.len() && *v == rarer).for_each(|(g, _)| *odd.entry(g).or_default() += 1);
    }
    assert!(posts > 2_500, "{posts} posts name one group");
    assert!(same * 100 >= posts * LEAST, "{same} of {posts} posts get one verdict; groups that stand apart: {odd:?}");
}
