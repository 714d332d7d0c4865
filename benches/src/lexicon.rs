//! Lexicons of a wanted number of forms: the policy, operators, frames and word lists of the default bundle, over made-up groups and
//! predicates. Made up, so that benches hold no insult and that the number of forms is the only thing that varies.

use std::fmt::Write as _;

use vigie_lexicon::{Diagnostic, Files, Lexicon, load};
use vigie_text::fold_word;

use crate::Numbers;

/// A bundle, and its words for posts that must be flagged.
#[derive(Debug)]
pub struct Made {
    /// The checked bundle.
    pub lexicon: Lexicon,
    /// Names of groups, plural.
    pub groups: Vec<String>,
    /// Nouns of the class `vermin`, plural.
    pub predicates: Vec<String>,
}

/// One group for this many predicates, as in the default bundle.
const PREDICATES_PER_GROUP: usize = 20;
/// Headwords in one entry.
const WORDS_PER_ENTRY: usize = 40;

/// A bundle whose groups and predicates have about `forms` forms; `behaviour` goes into its revision.
pub fn of_forms(forms: usize, behaviour: u32) -> Result<Made, Vec<Diagnostic>> {
    let mut files = Files::built_in();
    files.retain(|path| !["groups/", "slurs/", "predicates/", "codes/", "innocent/"].iter().any(|folder| path.starts_with(folder)));
    // A noun has a singular and a plural.
    let words = invented(forms / 2);
    let (groups, predicates) = words.split_at(words.len() / PREDICATES_PER_GROUP);
    let mut text = String::new();
    for (n, some) in groups.chunks(WORDS_PER_ENTRY).enumerate() {
        let list = |suffix: &str| some.iter().map(|w| format!("\"{w}{suffix}\"")).collect::<Vec<_>>().join(", ");
        let _ = write!(
            text,
            "[[group]]\nid = \"fr.group.banc.g{n}\"\nground = \"racism_other\"\nforms.m_sg = [{}]\nforms.m_pl = [{}]\nwhy = \"Groupe inventé pour les mesures.\"\nmust_match = []\nmust_not_match = [\"Bonjour.\"]\n\n",
            list(""),
            list("s"),
        );
    }
    files.insert("groups/banc.toml", text.as_str());
    text.clear();
    for (n, some) in predicates.chunks(WORDS_PER_ENTRY).enumerate() {
        let list = some.iter().map(|w| format!("\"{w}:m\"")).collect::<Vec<_>>().join(", ");
        let _ = write!(
            text,
            "[[predicate]]\nid = \"fr.predicate.vermin.banc.p{n}\"\nclass = \"vermin\"\nkind = \"noun\"\nwords = [{list}]\nmust_match = [\"{{les pl}} sont des [{}s]\"]\nmust_not_match = [\"Bonjour.\"]\n\n",
            some[0],
        );
    }
    files.insert("predicates/banc.toml", text.as_str());
    let plural = |words: &[String]| words.iter().map(|w| format!("{w}s")).collect();
    Ok(Made { lexicon: load(&files, behaviour)?, groups: plural(groups), predicates: plural(predicates) })
}

/// The default bundle, whole.
pub fn french(behaviour: u32) -> Result<Lexicon, Vec<Diagnostic>> {
    load(&Files::built_in(), behaviour)
}

/// Every distinct folded form of a bundle.
pub fn folded(lexicon: &Lexicon) -> Vec<String> {
    let spellings = lexicon.groups.iter().flat_map(|e| &e.spellings);
    let spellings = spellings.chain(lexicon.slurs.iter().flat_map(|e| &e.spellings)).chain(lexicon.predicates.iter().flat_map(|e| &e.spellings));
    let spellings = spellings.chain(lexicon.operators.iter().flat_map(|e| &e.spellings)).chain(lexicon.codes.iter().flat_map(|e| &e.spellings));
    let mut all: Vec<String> =
        spellings.chain(lexicon.innocents.iter().flat_map(|e| &e.spellings)).flat_map(|s| s.text.split('…')).map(fold_word).filter(|f| !f.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Words of French syllables that are no French words: each ends in a cluster that French does not have.
fn invented(count: usize) -> Vec<String> {
    const HEADS: [&str; 16] = ["b", "ch", "d", "f", "g", "j", "l", "m", "n", "p", "r", "s", "t", "v", "br", "tr"];
    const HEARTS: [&str; 10] = ["a", "e", "i", "o", "u", "ou", "an", "on", "ai", "eu"];
    let mut numbers = Numbers::new(7);
    let mut words: Vec<String> = Vec::with_capacity(count);
    let mut seen = std::collections::BTreeSet::new();
    while words.len() < count {
        let mut word = String::new();
        for _ in 0..2 + numbers.below(3) {
            word.push_str(numbers.pick(&HEADS));
            word.push_str(numbers.pick(&HEARTS));
        }
        word.push_str(numbers.pick(&["vk", "zg", "kd", "wl", "jb", "gf"]));
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}
