//! Verbs with what belongs to them: clitics, negation, complements. The head is conjugated, the rest stays; clitics take the place that the mood gives them.

use super::nominal;
use super::verb::{VerbForm, conjugate};
use super::{HeadwordError, invariable};
use crate::model::{Form, Person, Spelling};

/// A phrase taken as it is; `:inv` may say so.
pub(super) fn fixed(headword: &str) -> Result<Spelling, HeadwordError> {
    let text = headword.strip_suffix(":inv").unwrap_or(headword);
    // A colon inside a phrase (`tg :`) would be a paradigm in the wrong kind.
    if text.contains(':') {
        return Err(HeadwordError::new(
            format!("`{headword}` has a paradigm, but a phrase is never inflected"),
            "drop what follows the colon, or change the kind",
        ));
    }
    Ok(invariable(text))
}

/// The parts of a verb headword.
struct Parts<'a> {
    /// `se` or `s'`.
    reflexive: bool,
    /// Object clitics in front of the verb.
    clitics: Vec<&'a str>,
    /// `pas`, `plus` …: after a finite verb, in front of an infinitive.
    negation: Option<&'a str>,
    head: &'a str,
    /// What follows; empty or with a leading space.
    rest: String,
    /// Rest in the feminine singular, masculine plural and feminine plural, where it agrees with the subject.
    agreeing: Option<[String; 4]>,
}

const CLITICS: &[&str] = &["en", "y", "le", "la", "les", "leur", "lui"];
const NEGATIONS: &[&str] = &["pas", "plus", "jamais", "rien", "guère", "point"];

/// Every form of a verb headword.
pub(super) fn verb(headword: &str) -> Result<Vec<Spelling>, HeadwordError> {
    if headword.contains(':') {
        return Err(HeadwordError::new(
            format!("`{headword}` has a paradigm mark, but verbs are conjugated from their infinitive"),
            "write the infinitive alone",
        ));
    }
    let text = headword.replace('’', "'");
    let parts = split(&text)?;
    let mut out = Vec::new();
    for form in conjugate(parts.head)? {
        render(&parts, &form, &mut out);
    }
    Ok(out)
}

fn split(text: &str) -> Result<Parts<'_>, HeadwordError> {
    let mut left = text.trim();
    let (mut reflexive, mut clitics, mut negation) = (false, Vec::new(), None);
    let word = |prefix: &str, left: &str| left.strip_prefix(prefix).and_then(|l| l.strip_prefix(' ')).map(str::len);
    loop {
        let drop = |length: usize| left.len() - length;
        if let Some(rest) = word("ne", left).or_else(|| left.strip_prefix("n'").map(str::len)) {
            left = &left[drop(rest)..];
        } else if let Some(rest) = word("se", left).or_else(|| left.strip_prefix("s'").map(str::len)) {
            reflexive = true;
            left = &left[drop(rest)..];
        } else if let Some(rest) = left.strip_prefix("l'") {
            clitics.push("l'");
            left = rest;
        } else if let Some((clitic, rest)) = CLITICS.iter().find_map(|c| word(c, left).map(|r| (*c, r))) {
            clitics.push(clitic);
            left = &left[drop(rest)..];
        } else if let Some((word, rest)) = NEGATIONS.iter().find_map(|c| word(c, left).map(|r| (*c, r))) {
            negation = Some(word);
            left = &left[drop(rest)..];
        } else {
            break;
        }
    }
    let end = left.find([' ', '+']).unwrap_or(left.len());
    let (head, mut rest) = (&left[..end], &left[end..]);
    if head.is_empty() {
        return Err(HeadwordError::new(format!("`{text}` has no verb"), "start with the infinitive"));
    }
    if negation.is_none() {
        let first = rest.trim_start().split(' ').next().unwrap_or_default();
        if let Some(word) = NEGATIONS.iter().find(|n| **n == first) {
            negation = Some(word);
            rest = &rest[rest.len() - rest.trim_start().len() + first.len()..];
        }
    }
    Ok(Parts { reflexive, clitics, negation, head, agreeing: agreeing(head, rest), rest: rest.replace('+', " ") })
}

/// After être, a participle agrees with the subject, as does whatever is joined by `+`.
fn agreeing(head: &str, rest: &str) -> Option<[String; 4]> {
    const ADVERBS: &[&str] = &["très", "trop", "bien", "tout", "complètement", "totalement", "vraiment", "mal"];
    let marked = rest.contains('+');
    let words: Vec<&str> = rest.split([' ', '+']).filter(|w| !w.is_empty()).collect();
    let at = if marked {
        rest.split([' ', '+']).filter(|w| !w.is_empty()).position(|w| rest.contains(&format!("+{w}")))?
    } else {
        let at = words.iter().position(|w| !ADVERBS.contains(w))?;
        (head == "être" && words[at].ends_with('é')).then_some(at)?
    };
    let with = |word: String| -> String { words.iter().enumerate().flat_map(|(i, w)| [" ", if i == at { word.as_str() } else { w }]).collect() };
    let feminine = nominal::feminine(words[at]);
    Some([with(words[at].to_owned()), with(feminine.clone()), with(nominal::plural(words[at])), with(nominal::plural(&feminine))])
}

/// Every spelling of one form of the head with what belongs to it.
fn render(parts: &Parts<'_>, form: &VerbForm, out: &mut Vec<Spelling>) {
    let bare = parts.reflexive;
    let mut push = |text: String, reflexive: bool| out.push(Spelling { text, form: form.form, person: form.person, reflexive });
    let (before, negation) = (clitics(&parts.clitics, &form.text), parts.negation.map(|n| format!(" {n}")).unwrap_or_default());
    for rest in rests(parts, form) {
        let (verb, tail) = (&form.text, format!("{negation}{rest}"));
        match form.form {
            Form::Inf => {
                let reflexive = if !parts.reflexive {
                    ""
                } else if before.is_empty() && starts_with_vowel(verb) || before.starts_with('e') || before.starts_with('y') {
                    "s'"
                } else {
                    "se "
                };
                push(format!("{before}{verb}{tail}"), bare);
                if parts.reflexive {
                    push(format!("{reflexive}{before}{verb}{tail}"), false);
                }
                if let Some(word) = parts.negation {
                    push(format!("{word} {reflexive}{before}{verb}{rest}"), false);
                    if parts.reflexive {
                        push(format!("{word} {before}{verb}{rest}"), bare);
                    }
                }
            }
            Form::Imp => {
                // "ferme-la", "casse-toi d'ici"; the bare form serves "ne te casse pas" and one-word verbs.
                push(format!("{before}{verb}{tail}"), bare);
                let after: String = parts.clitics.iter().flat_map(|c| ["-", if *c == "l'" { "le" } else { c }]).collect();
                if !after.is_empty() {
                    push(format!("{verb}{after}{tail}"), bare);
                }
                if parts.reflexive && !tail.is_empty() && parts.clitics.is_empty() {
                    push(format!("{verb}-{}{tail}", stressed(form.person)), false);
                }
            }
            Form::Pp => push(format!("{verb}{tail}"), bare),
            _ => push(format!("{before}{verb}{tail}"), bare),
        }
    }
}

/// What follows the verb, in agreement with its person: one variant, or one for each gender and number that the subject can have.
fn rests(parts: &Parts<'_>, form: &VerbForm) -> Vec<String> {
    let of = |rest: &str| reflexive_inside(rest, form.person);
    match (&parts.agreeing, form.person) {
        (None, _) => vec![of(&parts.rest)],
        // Polite vous takes the singular too.
        (Some(all), None | Some(Person { person: 2, plural: true })) => all.iter().map(|r| of(r)).collect(),
        (Some(all), Some(person)) => all[if person.plural { 2 } else { 0 }..][..2].iter().map(|r| of(r)).collect(),
    }
}

/// "aller se faire voir" → "va te faire voir".
fn reflexive_inside(rest: &str, person: Option<Person>) -> String {
    let (short, long) = match person {
        Some(Person { person: 1, plural: false }) => ("m'", "me "),
        Some(Person { person: 2, plural: false }) => ("t'", "te "),
        Some(Person { person: 1, plural: true }) => ("nous ", "nous "),
        Some(Person { person: 2, plural: true }) => ("vous ", "vous "),
        _ => return rest.to_owned(),
    };
    if let Some(after) = rest.strip_prefix(" se ") {
        format!(" {long}{after}")
    } else if let Some(after) = rest.strip_prefix(" s'") {
        format!(" {short}{after}")
    } else {
        rest.to_owned()
    }
}

/// Clitics as they stand in front of `verb`.
fn clitics(all: &[&str], verb: &str) -> String {
    let mut out = String::new();
    for (at, clitic) in all.iter().enumerate() {
        let elides = starts_with_vowel(all.get(at + 1).unwrap_or(&verb));
        let (word, gap) = match *clitic {
            "le" | "la" | "l'" if elides => ("l'", ""),
            "l'" => ("le", " "),
            other => (other, " "),
        };
        out.extend([word, gap]);
    }
    out
}

fn stressed(person: Option<Person>) -> &'static str {
    match person {
        Some(Person { person: 2, plural: false }) => "toi",
        Some(Person { person: 1, plural: true }) => "nous",
        _ => "vous",
    }
}

fn starts_with_vowel(word: &str) -> bool {
    vigie_text::fold_word(word).starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h'])
}
