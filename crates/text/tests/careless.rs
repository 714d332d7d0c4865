//! What shows that a post is written carelessly, and what does not: only behind a sign are its words read by ear.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Finder, lemmas};
use vigie_text::View;

#[test]
fn a_post_is_read_by_ear_behind_a_sign_and_only_there() {
    let lemmas = lemmas();
    let mut finder = Finder::new(lemmas.iter().flat_map(|l| &l.forms).map(String::as_str));
    let rows = [
        // A word of text messages, a letter for a word, an accent that gives the sound away, a plural without its mark, a mute ending left out.
        ("ki a dit sa", true),
        ("c nul sa", true),
        ("lé gens sa parle", true),
        ("les fille sa parle", true),
        ("ferm la porte, sa caille", true),
        // Each of these looks like one of them.
        ("plan c, ou plan d", false),
        ("1 g de sucre dans sa tasse", false),
        ("c'est sa tasse", false),
        ("C. et D. dans sa cour", false),
        ("les demi-vies de sa liste", false),
        ("les prix de sa maison", false),
        ("il les porte à sa sœur", false),
        ("sa sœur et sa mère", false),
    ];
    for (text, by_ear) in rows {
        finder.read(text);
        let read = finder.readings.list.iter().any(|r| r.view == View::Careless);
        assert_eq!(read, by_ear, "{text}: {:?}", finder.readings.list);
    }
}
