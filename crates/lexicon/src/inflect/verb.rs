//! Conjugation of one infinitive. Compound tenses are not here: their auxiliary is a token of its own.

use super::HeadwordError;
use super::verb_table::{DOUBLING, GRAVE, ROWS, Row, SECOND_GROUP};
use crate::model::{Form, Person};

/// One form of a verb, with what it agrees with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VerbForm {
    pub(super) text: String,
    pub(super) form: Form,
    pub(super) person: Option<Person>,
}

/// je tu il nous vous ils.
const PERSONS: [Person; 6] = [
    Person { person: 1, plural: false },
    Person { person: 2, plural: false },
    Person { person: 3, plural: false },
    Person { person: 1, plural: true },
    Person { person: 2, plural: true },
    Person { person: 3, plural: true },
];
/// tu nous vous, as indices of [`PERSONS`].
const IMPERATIVE: [usize; 3] = [1, 3, 4];
const IMPERFECT: [&str; 6] = ["ais", "ais", "ait", "ions", "iez", "aient"];
const FUTURE: [&str; 6] = ["ai", "as", "a", "ons", "ez", "ont"];
const SUBJUNCTIVE: [&str; 6] = ["e", "es", "e", "ions", "iez", "ent"];

/// Everything that a conjugation is made of.
struct Paradigm {
    present: [String; 6],
    imperfect: [String; 6],
    past: Vec<String>,
    future: String,
    subjunctive: [String; 6],
    imperative: [String; 3],
    participles: Vec<String>,
    gerund: String,
}

/// Every simple form of `infinitive`.
pub(super) fn conjugate(infinitive: &str) -> Result<Vec<VerbForm>, HeadwordError> {
    let paradigms = paradigms(infinitive).ok_or_else(|| {
        HeadwordError::new(
            format!("`{infinitive}` is no infinitive with a known paradigm"),
            "verbs are infinitives in -er, -ir, -oir or -re; for a fixed phrase use kind = \"phrase\"",
        )
    })?;
    let mut out = vec![VerbForm { text: infinitive.to_owned(), form: Form::Inf, person: None }];
    for paradigm in &paradigms {
        emit(paradigm, &mut out);
    }
    if infinitive == "ficher" {
        out.push(VerbForm { text: "fiche".to_owned(), form: Form::Inf, person: None });
        out.extend(agreeing("fichu", "").into_iter().map(|text| VerbForm { text, form: Form::Pp, person: None }));
    }
    out.retain(|f| !f.text.is_empty());
    Ok(out)
}

fn emit(paradigm: &Paradigm, out: &mut Vec<VerbForm>) {
    let mut push = |text: &str, form: Form, person: Option<Person>| {
        if !text.is_empty() && text != "-" {
            out.push(VerbForm { text: text.to_owned(), form, person });
        }
    };
    let six = |forms: &[String; 6], form: Form, push: &mut dyn FnMut(&str, Form, Option<Person>)| {
        for (text, person) in forms.iter().zip(PERSONS) {
            push(text, form, Some(person));
        }
    };
    six(&paradigm.present, Form::Prs, &mut push);
    six(&paradigm.imperfect, Form::Past, &mut push);
    for (text, person) in paradigm.past.iter().zip([PERSONS[2], PERSONS[5]]) {
        push(text, Form::Past, Some(person));
    }
    // A verb without a first person (falloir) has none in the future either.
    let impersonal = paradigm.present[0].is_empty();
    for endings in [FUTURE, IMPERFECT] {
        for (ending, person) in endings.iter().zip(PERSONS) {
            if !impersonal || person == PERSONS[2] {
                push(&format!("{}{ending}", paradigm.future), Form::Fut, Some(person));
            }
        }
    }
    six(&paradigm.subjunctive, Form::Sbj, &mut push);
    for (text, person) in paradigm.imperative.iter().zip(IMPERATIVE) {
        push(text, Form::Imp, Some(PERSONS[person]));
    }
    for text in &paradigm.participles {
        push(text, Form::Pp, None);
    }
    push(&paradigm.gerund, Form::Ger, None);
}

fn paradigms(infinitive: &str) -> Option<Vec<Paradigm>> {
    let matches = |row: &Row| match row.ending.strip_prefix('=') {
        Some(whole) => infinitive == whole,
        None => infinitive.ends_with(row.ending),
    };
    if !SECOND_GROUP.contains(&infinitive) {
        let longest = ROWS.iter().filter(|r| matches(r)).map(|r| r.ending.len()).max();
        let rows: Vec<Paradigm> = ROWS.iter().filter(|r| matches(r) && Some(r.ending.len()) == longest).map(|r| irregular(infinitive, r)).collect();
        if !rows.is_empty() {
            return Some(rows);
        }
    }
    if let Some(stem) = infinitive.strip_suffix("er").filter(|s| !s.is_empty()) {
        return Some(mute_stems(infinitive, stem).iter().map(|mute| first_group(infinitive, stem, mute)).collect());
    }
    let regular = |stem: &str, present: [&str; 6], future: &str, past: [&str; 2], participle: &str| {
        let present = present.map(|e| format!("{stem}{e}"));
        derive(present, format!("{stem}{future}"), past.map(|e| format!("{stem}{e}")).to_vec(), &format!("{stem}{participle}"), "", &[])
    };
    if let Some(stem) = infinitive.strip_suffix("ir").filter(|s| !s.is_empty() && !s.ends_with('o')) {
        return Some(vec![regular(stem, ["is", "is", "it", "issons", "issez", "issent"], "ir", ["it", "irent"], "i")]);
    }
    let stem = infinitive.strip_suffix("re").filter(|s| s.ends_with('d'))?;
    Some(vec![regular(stem, ["s", "s", "", "ons", "ez", "ent"], "r", ["it", "irent"], "u")])
}

/// A conjugation from a row of the table.
fn irregular(infinitive: &str, row: &Row) -> Paradigm {
    let prefix = if row.ending.starts_with('=') { "" } else { &infinitive[..infinitive.len() - row.ending.len()] };
    let with = |part: &str| if part == "-" || part.is_empty() { String::new() } else { format!("{prefix}{part}") };
    let mut present: [String; 6] = std::array::from_fn(|_| String::new());
    for (slot, part) in present.iter_mut().zip(row.present.split(' ')) {
        *slot = with(part);
    }
    let past = row.past.split_whitespace().map(with).collect();
    let extras: Vec<(&str, Vec<String>)> =
        row.extra.split_whitespace().map(|e| e.split_once('=').map_or((e, Vec::new()), |(k, v)| (k, v.split(',').map(with).collect()))).collect();
    let (participle, fixed) = row.participle.strip_suffix('!').map_or((row.participle, false), |p| (p, true));
    derive(present, with(row.future), past, &with(participle), if fixed { "!" } else { "" }, &extras)
}

/// Fills in what follows from the present, unless `extras` says otherwise.
fn derive(present: [String; 6], future: String, past: Vec<String>, participle: &str, agreement: &str, extras: &[(&str, Vec<String>)]) -> Paradigm {
    let extra = |key: &str| extras.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_slice());
    let first = |key: &str| extra(key).and_then(|v| v.first().cloned());
    let plural_stem = present[3].strip_suffix("ons").unwrap_or_default().to_owned();
    let they_stem = present[5].strip_suffix("ent").unwrap_or_default().to_owned();
    let impersonal = extra("impersonal").is_some();
    let six = |stems: [&str; 2], endings: [&str; 6]| -> [String; 6] {
        std::array::from_fn(|at| {
            let stem = if at == 3 || at == 4 { stems[1] } else { stems[0] };
            if stem.is_empty() || (impersonal && at != 2) { String::new() } else { format!("{stem}{}", endings[at]) }
        })
    };
    let imperfect_stem = first("impf").unwrap_or(plural_stem.clone());
    let subjunctive = match (extra("sbj6"), extra("sbj")) {
        (Some(forms), _) => std::array::from_fn(|at| forms.get(at).cloned().unwrap_or_default()),
        (None, Some([one])) => six([one, one], SUBJUNCTIVE),
        (None, Some([singular, plural, ..])) => six([singular, plural], SUBJUNCTIVE),
        _ => six([&they_stem, &plural_stem], SUBJUNCTIVE),
    };
    let imperative = match extra("imp") {
        Some(forms) => std::array::from_fn(|at| forms.get(at).cloned().unwrap_or_default()),
        // `tu ouvres` but `ouvre !`
        None => IMPERATIVE.map(|at| if present[at].ends_with("es") { present[at][..present[at].len() - 1].to_owned() } else { present[at].clone() }),
    };
    let gerund = first("ger").unwrap_or_else(|| if plural_stem.is_empty() { String::new() } else { format!("{plural_stem}ant") });
    let participles = if participle.is_empty() {
        Vec::new()
    } else if agreement == "!" {
        vec![participle.to_owned()]
    } else {
        agreeing(participle, &first("fem").unwrap_or_default())
    };
    let imperfect = six([&imperfect_stem, &imperfect_stem], IMPERFECT);
    Paradigm { present, imperfect, past, future, subjunctive, imperative, participles, gerund }
}

/// A participle in both genders and numbers.
fn agreeing(masculine: &str, feminine: &str) -> Vec<String> {
    let feminine = if feminine.is_empty() { format!("{masculine}e") } else { feminine.to_owned() };
    let plural = if masculine.ends_with('s') { masculine.to_owned() } else { format!("{masculine}s") };
    vec![masculine.to_owned(), feminine.clone(), plural, format!("{feminine}s")]
}

/// Verbs in -er. `mute` is the stem before a mute e: `jett` for jeter, `lèv` for lever, `nettoi` for nettoyer.
fn first_group(infinitive: &str, stem: &str, mute: &str) -> Paradigm {
    // c and g keep their sound before a and o.
    let soft = match stem.as_bytes() {
        [.., b'c'] => format!("{}ç", &stem[..stem.len() - 1]),
        [.., b'g'] => format!("{stem}e"),
        _ => stem.to_owned(),
    };
    let present = [format!("{mute}e"), format!("{mute}es"), format!("{mute}e"), format!("{soft}ons"), format!("{stem}ez"), format!("{mute}ent")];
    // é stays in the future (céderai); the other changes reach it (lèverai, jetterai, nettoierai).
    let future = if stem.contains('é') && mute.replace('è', "é") == *stem { infinitive.to_owned() } else { format!("{mute}er") };
    let imperfect = std::array::from_fn(|at| if at == 3 || at == 4 { format!("{stem}{}", IMPERFECT[at]) } else { format!("{soft}{}", IMPERFECT[at]) });
    let subjunctive = std::array::from_fn(|at| if at == 3 || at == 4 { format!("{stem}{}", SUBJUNCTIVE[at]) } else { format!("{mute}{}", SUBJUNCTIVE[at]) });
    Paradigm {
        imperative: [format!("{mute}e"), present[3].clone(), present[4].clone()],
        past: vec![format!("{soft}a"), format!("{stem}èrent")],
        participles: agreeing(&format!("{stem}é"), ""),
        gerund: format!("{soft}ant"),
        present,
        imperfect,
        future,
        subjunctive,
    }
}

/// The stems of a verb in -er before a mute e; several where spelling is free.
fn mute_stems(infinitive: &str, stem: &str) -> Vec<String> {
    const CLUSTERS: &[&str] = &["br", "cr", "dr", "fl", "fr", "gl", "gr", "pl", "pr", "tr", "vr", "ch", "gn", "gu", "qu", "th"];
    if let Some(base) = stem.strip_suffix('y') {
        return match base.chars().last() {
            Some('a') => vec![format!("{base}i"), stem.to_owned()],
            Some('o' | 'u') => vec![format!("{base}i")],
            _ => vec![stem.to_owned()],
        };
    }
    let grave = |from: char| stem.rfind(from).map(|at| format!("{}è{}", &stem[..at], &stem[at + from.len_utf8()..]));
    if stem.ends_with("el") || stem.ends_with("et") {
        let doubled = format!("{stem}{}", &stem[stem.len() - 1..]);
        let known = |list: &[&str]| list.contains(&infinitive);
        return match grave('e') {
            _ if known(DOUBLING) => vec![doubled],
            Some(grave) if known(GRAVE) => vec![grave],
            Some(grave) => vec![grave, doubled],
            None => vec![stem.to_owned()],
        };
    }
    let vowel = |c: char| "aeiouyéèêàâîïôûùœ".contains(c);
    let Some(at) = stem.rfind(['e', 'é']) else { return vec![stem.to_owned()] };
    let from = if stem[at..].starts_with('é') { 'é' } else { 'e' };
    let tail = &stem[at + from.len_utf8()..];
    let single = tail.chars().count() == 1 && !tail.chars().any(vowel);
    let before_vowel = stem[..at].chars().last().is_some_and(vowel) && from == 'e';
    let changes = (single && tail != "x") || CLUSTERS.contains(&tail);
    match grave(from) {
        Some(grave) if changes && !before_vowel => vec![grave],
        _ => vec![stem.to_owned()],
    }
}
