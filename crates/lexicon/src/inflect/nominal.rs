//! Plurals and feminines of nouns and adjectives, by ending; the headword states what the endings do not tell.

use super::{HeadwordError, invariable};
use crate::model::{Form, Spelling};

const GENDERS: &str = "end it with :m, :f, :mf or :inv, then irregular forms: `pou:m:poux`, `fou:mf:folle`, `brutal:mf:brutale:brutaux`";

pub(super) fn inflect(headword: &str) -> Result<Vec<Spelling>, HeadwordError> {
    let parts: Vec<&str> = headword.split(':').map(str::trim).collect();
    if parts.iter().any(|p| p.split([' ', '+']).any(str::is_empty)) {
        return Err(HeadwordError::new(format!("`{headword}` has an empty part"), GENDERS));
    }
    let spelling = |form: Form, text: String| Spelling { text: text.replace('+', " "), form, person: None, reflexive: false };
    match *parts.as_slice() {
        [_] => Err(HeadwordError::new(format!("`{headword}` states no gender"), GENDERS)),
        [base, "inv"] => Ok(vec![invariable(&base.replace('+', " "))]),
        [base, gender @ ("m" | "f")] => {
            let (sg, pl) = if gender == "m" { (Form::MSg, Form::MPl) } else { (Form::FSg, Form::FPl) };
            Ok(vec![spelling(sg, base.to_owned()), spelling(pl, each(base, plural))])
        }
        [base, gender @ ("m" | "f"), irregular] => {
            let (sg, pl) = if gender == "m" { (Form::MSg, Form::MPl) } else { (Form::FSg, Form::FPl) };
            Ok(vec![spelling(sg, base.to_owned()), spelling(pl, with_head(base, irregular))])
        }
        [base, "mf"] => {
            let fem = each_person(base, feminine);
            Ok(four(base, &fem, each_person(base, plural), spelling))
        }
        [base, "mf", fem] => {
            let fem = with_head(base, fem);
            Ok(four(base, &fem, each_person(base, plural), spelling))
        }
        [base, "mf", fem, masculine_plural] => {
            let fem = with_head(base, fem);
            Ok(four(base, &fem, with_head(base, masculine_plural), spelling))
        }
        [] => Err(HeadwordError::new("the headword is empty", GENDERS)),
        [_, gender, ..] => Err(HeadwordError::new(format!("`{headword}` is no headword: unknown gender `{gender}` or too many parts"), GENDERS)),
    }
}

fn four(base: &str, fem: &str, masculine_plural: String, spelling: impl Fn(Form, String) -> Spelling) -> Vec<Spelling> {
    vec![
        spelling(Form::MSg, base.to_owned()),
        spelling(Form::FSg, fem.to_owned()),
        spelling(Form::MPl, masculine_plural),
        spelling(Form::FPl, each_person(fem, plural)),
    ]
}

/// Changes the words of `base` that vary: those joined by `+`, or else the first.
fn each(base: &str, change: impl Fn(&str) -> String) -> String {
    vary(base, change, |_| false)
}

/// The same for words with two genders, which name people or their qualities: an adverb in front does not vary ("trop bête", "naturellement+lâche").
fn each_person(base: &str, change: impl Fn(&str) -> String) -> String {
    const ADVERBS: &[&str] = &["trop", "peu", "bien", "mal", "très", "plus", "moins", "tout", "si", "super", "hyper", "ultra", "archi", "pas", "non"];
    vary(base, change, |word| ADVERBS.contains(&word) || word.ends_with("ment"))
}

fn vary(base: &str, change: impl Fn(&str) -> String, fixed: impl Fn(&str) -> bool) -> String {
    let joined = base.contains('+');
    let words: Vec<&str> = base.split(' ').collect();
    let head = words.iter().position(|w| !fixed(w)).unwrap_or_default();
    let changed = words.iter().enumerate().map(|(at, word)| {
        if word.contains('+') {
            let parts = word.split('+').enumerate();
            let last = word.matches('+').count();
            parts.map(|(at, part)| if at < last && fixed(part) { part.to_owned() } else { change(part) }).collect::<Vec<_>>().join("+")
        } else if at == head && !joined {
            change(word)
        } else {
            (*word).to_owned()
        }
    });
    changed.collect::<Vec<_>>().join(" ")
}

/// An irregular form: of the head alone when it is one word, else of the whole.
fn with_head(base: &str, irregular: &str) -> String {
    match base.split_once(' ') {
        Some((_, rest)) if !irregular.contains([' ', '+']) => format!("{irregular} {rest}"),
        _ => irregular.to_owned(),
    }
}

fn ends(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|e| word.ends_with(e))
}

fn is(word: &str, words: &[&str]) -> bool {
    words.contains(&word)
}

/// `word` with its last `cut` bytes replaced; the endings cut are ASCII.
fn swap(word: &str, cut: usize, by: &str) -> String {
    format!("{}{by}", word.get(..word.len() - cut).unwrap_or(word))
}

/// Words in -al with a plural in -als.
const AL_S: &[&str] = &[
    "bal",
    "cal",
    "carnaval",
    "cérémonial",
    "chacal",
    "choral",
    "festival",
    "narval",
    "naval",
    "pal",
    "récital",
    "régal",
    "serval",
    "banal",
    "bancal",
    "fatal",
    "final",
    "natal",
    "glacial",
    "tonal",
];
/// Words in -ail with a plural in -aux.
const AIL_AUX: &[&str] = &["bail", "corail", "émail", "soupirail", "travail", "vantail", "vitrail"];
/// Words in -ou with a plural in -oux.
const OU_X: &[&str] = &["bijou", "caillou", "chou", "genou", "hibou", "joujou", "pou", "ripou"];
/// Words in -au and -eu with a plural in s.
const U_S: &[&str] = &["pneu", "bleu", "émeu", "landau", "sarrau", "unau"];

/// The plural by ending. A hyphenated compound varies in its last part.
pub(super) fn plural(word: &str) -> String {
    if let Some((first, last)) = word.rsplit_once('-').filter(|(_, last)| !last.is_empty()) {
        return format!("{first}-{}", plural(last));
    }
    match word {
        "œil" => "yeux".to_owned(),
        "monsieur" => "messieurs".to_owned(),
        "madame" => "mesdames".to_owned(),
        _ if ends(word, &["s", "x", "z"]) => word.to_owned(),
        _ if is(word, OU_X) => format!("{word}x"),
        _ if is(word, U_S) || is(word, AL_S) => format!("{word}s"),
        _ if is(word, AIL_AUX) => swap(word, 2, "ux"),
        _ if word.ends_with("al") => swap(word, 1, "ux"),
        _ if ends(word, &["au", "eu", "œu"]) => format!("{word}x"),
        _ => format!("{word}s"),
    }
}

/// The feminine by ending.
pub(super) fn feminine(word: &str) -> String {
    if let Some((first, last)) = word.rsplit_once('-').filter(|(_, last)| !last.is_empty()) {
        return format!("{first}-{}", feminine(last));
    }
    if let Some((_, feminine)) = IRREGULAR.iter().find(|(m, _)| *m == word) {
        return (*feminine).to_owned();
    }
    let double = || format!("{word}{}e", word.chars().last().unwrap_or_default());
    match word {
        _ if ends(word, &["e", "a", "o", "y", "ā", "ée"]) => word.to_owned(),
        _ if word.ends_with("eur") => agent(word),
        _ if word.ends_with("eux") || word.ends_with("oux") => swap(word, 1, "se"),
        _ if word.ends_with("eau") => swap(word, 2, "lle"),
        _ if ends(word, &["if", "euf", "ïf", "auf"]) => swap(word, 1, "ve"),
        _ if word.ends_with('f') => word.to_owned(),
        _ if word.ends_with("er") => swap(word, 2, "ère"),
        _ if ends(word, &["el", "eil", "en", "on"]) => double(),
        _ if ends(word, &["et", "êt"]) && !word.ends_with("êt") => double(),
        _ if word.ends_with("gu") => format!("{word}ë"),
        _ => format!("{word}e"),
    }
}

/// Feminines that no ending tells.
#[rustfmt::skip] // many pairs a line: it is a table
const IRREGULAR: &[(&str, &str)] = &[
    ("beau", "belle"), ("nouveau", "nouvelle"), ("jumeau", "jumelle"), ("chameau", "chamelle"), ("fou", "folle"), ("mou", "molle"), ("vieux", "vieille"),
    ("faux", "fausse"), ("roux", "rousse"), ("doux", "douce"), ("gros", "grosse"), ("gras", "grasse"), ("bas", "basse"), ("las", "lasse"), ("épais", "épaisse"),
    ("métis", "métisse"), ("frais", "fraîche"), ("tiers", "tierce"), ("blanc", "blanche"), ("franc", "franche"), ("sec", "sèche"), ("grec", "grecque"),
    ("turc", "turque"), ("public", "publique"), ("caduc", "caduque"), ("laïc", "laïque"), ("long", "longue"), ("oblong", "oblongue"), ("favori", "favorite"),
    ("rigolo", "rigolote"), ("coi", "coite"), ("gentil", "gentille"), ("nul", "nulle"), ("sot", "sotte"), ("vieillot", "vieillotte"), ("pâlot", "pâlotte"),
    ("boulot", "boulotte"), ("maigriot", "maigriotte"), ("chat", "chatte"), ("complet", "complète"), ("incomplet", "incomplète"), ("concret", "concrète"),
    ("désuet", "désuète"), ("discret", "discrète"), ("indiscret", "indiscrète"), ("inquiet", "inquiète"), ("replet", "replète"), ("secret", "secrète"),
    ("paysan", "paysanne"), ("valaisan", "valaisanne"), ("bénin", "bénigne"), ("malin", "maligne"), ("copain", "copine"), ("andalou", "andalouse"),
    ("bref", "brève"), ("traître", "traîtresse"), ("maître", "maîtresse"), ("nègre", "négresse"), ("prêtre", "prêtresse"), ("tigre", "tigresse"),
    ("ogre", "ogresse"), ("diable", "diablesse"), ("âne", "ânesse"), ("singe", "guenon"), ("loup", "louve"), ("roi", "reine"), ("dieu", "déesse"),
    ("héros", "héroïne"), ("pécheur", "pécheresse"), ("vengeur", "vengeresse"), ("enchanteur", "enchanteresse"), ("mormon", "mormone"), ("pion", "pionne"),
    ("beur", "beurette"), ("hébreu", "hébraïque"), ("snob", "snob"), ("chic", "chic"), ("cool", "cool"), ("trans", "trans"), ("gay", "gay"),
];

/// Feminine of a word in -eur. French takes -trice for agents from Latin and -euse for those from its own verbs; the exceptions are listed.
fn agent(word: &str) -> String {
    const E: &[&str] = &[
        "majeur",
        "mineur",
        "meilleur",
        "auteur",
        "professeur",
        "docteur",
        "ingénieur",
        "gouverneur",
        "procureur",
        "assesseur",
        "censeur",
        "prédécesseur",
        "successeur",
        "défenseur",
        "proviseur",
        "pasteur",
    ];
    const TRICE: &[&str] = &["inventeur", "promoteur", "moteur", "tuteur", "détenteur", "fomenteur", "ambassadeur", "bienfaiteur", "malfaiteur"];
    const EUSE: &[&str] = &["profiteur", "visiteur", "exploiteur", "sauteur", "dompteur", "emprunteur", "gâteur", "boiteur", "décapiteur"];
    let stem = &word[..word.len() - 3];
    let latin = ends(stem, &["at", "ct", "it", "ut", "pt", "st"]) && !ends(stem, &["ait", "oit", "out", "fait"]);
    match word {
        _ if is(word, E) || ends(word, &["érieur"]) => format!("{word}e"),
        _ if is(word, EUSE) => format!("{stem}euse"),
        _ if is(word, TRICE) || latin => format!("{stem}rice"),
        _ => format!("{stem}euse"),
    }
}
