//! One reader for each kind of entry with words: what it must say and what it may. Frames have their own file.

use crate::examples::Example;
use crate::inflect::{distinct, inflect, invariable};
use crate::model::{Code, Common, Form, Group, Innocent, Kind, Operator, Policy, Predicate, Severity, Slur, Spelling, Status};
use crate::reader::{Entry, Text, suggest};

/// Keys of every kind of entry.
pub(super) const COMMON: &[&str] = &["id", "status", "since", "why", "source", "regions", "must_match", "must_not_match", "transparent", "rare_reason"];

/// What the "Required" rule of the format asks of a kind, besides its own keys.
pub(super) struct Rule {
    /// What the second part of the id must be.
    pub(super) families: &'static [&'static str],
    /// Examples that must match, and that must not.
    pub(super) examples: (usize, usize),
    /// `why` must be there.
    pub(super) why: bool,
    /// `source` must be there.
    pub(super) source: bool,
    /// `status` must be stated; elsewhere it defaults to active.
    pub(super) status: bool,
}

const SLUR: Rule = Rule { families: &["slur"], examples: (2, 2), why: true, source: true, status: true };
const CODE: Rule = Rule { families: &["code"], examples: (2, 2), why: true, source: true, status: true };
const GROUP: Rule = Rule { families: &["group"], examples: (0, 1), why: true, source: false, status: false };
const PREDICATE: Rule = Rule { families: &["predicate"], examples: (1, 1), why: false, source: false, status: false };
const INNOCENT: Rule = Rule { families: &["innocent"], examples: (0, 1), why: false, source: false, status: false };
const OPERATOR: Rule = Rule { families: &["operator", "stance"], examples: (0, 0), why: false, source: false, status: false };

pub(super) fn common(entry: &Entry<'_>, language: &str, rule: &Rule) -> Option<Common> {
    let id = entry.required("id");
    if let Some(id) = id {
        check_id(entry, id, language, rule.families);
    }
    let status = if rule.status { entry.required_code("status") } else { entry.code("status").or(Some(Status::Active)) };
    let prose = |key: &str, wanted: bool| if wanted { entry.required(key) } else { entry.text(key) }.map(|t| t.value.to_owned()).unwrap_or_default();
    let (why, source) = (prose("why", rule.why), prose("source", rule.source));
    let must_match = examples(entry, "must_match", rule.examples.0);
    let must_not_match = examples(entry, "must_not_match", rule.examples.1);
    Some(Common {
        id: id?.value.to_owned(),
        status: status?,
        why,
        source,
        must_match,
        must_not_match,
        place: entry.place(),
        regions: entry.texts("regions").iter().map(|t| t.value.to_owned()).collect(),
        transparent: entry.flag("transparent"),
        since: entry.date("since"),
        rare_reason: entry.text("rare_reason").map(|t| t.value.to_owned()),
    })
}

fn check_id(entry: &Entry<'_>, id: Text<'_>, language: &str, families: &[&str]) {
    if let Some(bad) = id.value.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '.' | '_')) {
        entry.error(id.at, format!("id `{}` holds `{bad}`", id.value), Some("an id is made of a-z, 0-9, `.` and `_`".to_owned()));
    }
    let rest = id.value.strip_prefix(language).and_then(|r| r.strip_prefix('.'));
    let fits = rest.is_some_and(|r| families.iter().any(|f| r.strip_prefix(f).is_some_and(|r| r.starts_with('.') && r.len() > 1)));
    if !fits {
        let wanted: Vec<String> = families.iter().map(|f| format!("`{language}.{f}.`")).collect();
        entry.error(id.at, format!("id `{}` does not fit a [[{}]]", id.value, entry.kind), Some(format!("start it with {}", wanted.join(" or "))));
    }
}

/// Examples with their syntax checked; whether they are true is a test of the classifier.
fn examples(entry: &Entry<'_>, key: &str, at_least: usize) -> Vec<String> {
    let all = entry.texts(key);
    if all.len() < at_least {
        entry.error(entry.at, format!("[[{}]] has {} of the {at_least} `{key}` it needs", entry.kind, all.len()), None);
    }
    for example in &all {
        match Example::parse(example.value) {
            Ok(parsed) if key == "must_not_match" && parsed.has_brackets() => {
                entry.error(example.at, "an example that must not match shows no span", Some("leave the [brackets] out".to_owned()));
            }
            Ok(_) => {}
            Err(error) => entry.error(entry.inside(*example) + error.at, error.message, error.help),
        }
    }
    all.iter().map(|t| t.value.to_owned()).collect()
}

/// How the words of an entry are inflected.
#[derive(Clone, Copy)]
enum Words {
    /// By the paradigm of a kind.
    Of(Kind),
    /// By their own gender mark if they have one, else not at all.
    Marked,
}

/// Every spelling of `words` and `forms`, and how many headwords there are.
fn spellings(entry: &Entry<'_>, how: Words, unfolded: bool) -> (Vec<Spelling>, usize) {
    let (words, forms) = (entry.texts("words"), entry.texts("forms"));
    if !entry.has("words") && !entry.has("forms") {
        entry.missing("words", Some("`words` are inflected, `forms` are taken as they are".to_owned()));
    } else if words.is_empty() && forms.is_empty() {
        entry.error(entry.at, format!("[[{}]] holds no word", entry.kind), None);
    }
    let mut out = Vec::new();
    for word in &words {
        check_letters(entry, *word, unfolded);
        let kind = match how {
            Words::Of(kind) => kind,
            Words::Marked if word.value.contains(':') => Kind::Noun,
            Words::Marked => Kind::Phrase,
        };
        match inflect(word.value, kind) {
            Ok(forms) => out.extend(forms),
            Err(error) => entry.error(word.at, error.message, error.help),
        }
    }
    for form in &forms {
        check_letters(entry, *form, unfolded);
        check_holes(entry, *form);
        out.push(invariable(form.value));
    }
    (distinct(out), words.len() + forms.len())
}

fn check_letters(entry: &Entry<'_>, word: Text<'_>, unfolded: bool) {
    let base = word.value.split(':').next().unwrap_or(word.value);
    if !unfolded && vigie_text::fold_word(base).is_empty() {
        entry.error(word.at, format!("`{}` holds no letter: it can never be found", word.value), None);
    }
}

fn check_holes(entry: &Entry<'_>, word: Text<'_>) {
    if word.value.matches('…').count() > 1 {
        entry.error(word.at, format!("`{}` has more than one hole", word.value), None);
    }
}

fn kind_of(entry: &Entry<'_>, default: Option<Kind>, allowed: &[Kind]) -> Option<Kind> {
    let Some(text) = entry.text("kind") else {
        if default.is_none() && !entry.has("kind") {
            entry.missing("kind", Some(format!("one of {}", list(allowed))));
        }
        return default;
    };
    let found = allowed.iter().copied().find(|k| k.code() == text.value);
    if found.is_none() {
        let known: Vec<&str> = allowed.iter().map(|k| k.code()).collect();
        entry.error(text.at, format!("unknown kind `{}`", text.value), Some(suggest(text.value, &known)));
    }
    found
}

fn list(kinds: &[Kind]) -> String {
    kinds.iter().map(|k| k.code()).collect::<Vec<_>>().join(", ")
}

const WORD_KINDS: &[Kind] = &[Kind::Noun, Kind::Adj, Kind::Verb, Kind::Phrase];

pub(super) fn slur(entry: &Entry<'_>, language: &str) -> Option<Slur> {
    entry.check_keys(&[COMMON, &["words", "forms", "kind", "ground", "act", "severity", "use", "licensed_by"]]);
    let common = common(entry, language, &SLUR);
    let (ground, act, severity, usage) =
        (entry.required_code("ground"), entry.required_code("act"), entry.required_code("severity"), entry.required_code("use"));
    let kind = kind_of(entry, Some(Kind::Noun), WORD_KINDS);
    let (spellings, headwords) = spellings(entry, Words::Of(kind.unwrap_or(Kind::Noun)), false);
    let written =
        entry.quiet_texts("words").chain(entry.quiet_texts("forms")).map(|t| t.value.split(':').next().unwrap_or(t.value).replace('+', " ")).collect();
    let licensed_by = entry.texts("licensed_by").iter().map(|t| t.value.to_owned()).collect();
    Some(Slur { common: common?, ground: ground?, act: act?, severity: severity?, usage: usage?, kind: kind?, spellings, headwords, written, licensed_by })
}

pub(super) fn group(entry: &Entry<'_>, language: &str) -> Option<Group> {
    const FORMS: &[&str] = &["m_sg", "f_sg", "m_pl", "f_pl", "collective"];
    entry.check_keys(&[COMMON, &["ground", "forms", "needs", "kin", "insult_use", "name"]]);
    let common = common(entry, language, &GROUP);
    let ground = entry.required_code("ground");
    let mut spellings = Vec::new();
    for (field, forms) in entry.lists("forms", FORMS) {
        let form = match field {
            "m_sg" => Form::MSg,
            "f_sg" => Form::FSg,
            "m_pl" => Form::MPl,
            "f_pl" => Form::FPl,
            _ => Form::Collective,
        };
        for text in forms {
            check_letters(entry, text, false);
            spellings.push(Spelling { text: text.value.to_owned(), form, person: None, reflexive: false });
        }
    }
    if !entry.has("forms") {
        entry.missing("forms", Some("forms = { m_sg = [\"…\"], f_sg = [\"…\"], m_pl = [\"…\"], f_pl = [\"…\"], collective = [\"…\"] }".to_owned()));
    } else if spellings.is_empty() {
        entry.error(entry.at, "[[group]] holds no form", None);
    }
    let needs_det = entry.text("needs").is_some_and(|needs| {
        if needs.value != "det" {
            entry.error(needs.at, format!("unknown needs `{}`", needs.value), Some("a group can need `det`".to_owned()));
        }
        needs.value == "det"
    });
    let first_plural = spellings.iter().find(|s| s.form.is_plural()).map(|s| format!("les {}", s.text));
    let name = entry.text("name").map(|t| t.value.to_owned()).or(first_plural).or_else(|| spellings.first().map(|s| s.text.clone()));
    Some(Group { common: common?, ground: ground?, spellings, name: name?, needs_det, kin: entry.flag("kin"), insult_use: entry.flag("insult_use") })
}

pub(super) fn predicate(entry: &Entry<'_>, language: &str, policy: &Policy) -> Option<Predicate> {
    entry.check_keys(&[COMMON, &["class", "kind", "words", "forms", "needs", "negation"]]);
    let common = common(entry, language, &PREDICATE);
    let class = entry.required("class");
    if let Some(class) = class
        && !policy.classes.contains_key(class.value)
    {
        let known: Vec<&str> = policy.classes.keys().map(String::as_str).collect();
        entry.error(class.at, format!("unknown class `{}`", class.value), Some(suggest(class.value, &known)));
    }
    let kind = kind_of(entry, None, WORD_KINDS);
    let (spellings, headwords) = kind.map_or_else(Default::default, |kind| spellings(entry, Words::Of(kind), false));
    let mut needs = Vec::new();
    if let Some(text) = entry.text("needs") {
        needs = text.value.split('|').filter_map(|part| entry.parse_code("needs", Text { value: part.trim(), at: text.at })).collect();
    }
    let negation = entry.text("negation");
    if let Some(text) = negation.filter(|t| t.value != "inside") {
        entry.error(text.at, format!("unknown negation `{}`", text.value), Some("write negation = \"inside\" or leave it out".to_owned()));
    }
    Some(Predicate { common: common?, class: class?.value.to_owned(), kind: kind?, spellings, headwords, needs, negation_inside: negation.is_some() })
}

pub(super) fn operator(entry: &Entry<'_>, language: &str) -> Option<Operator> {
    entry.check_keys(&[COMMON, &["concept", "words", "forms", "kind", "takes"]]);
    let common = common(entry, language, &OPERATOR);
    let concept = entry.required("concept");
    if let Some(concept) = concept {
        let well_formed =
            concept.value.starts_with(|c: char| c.is_ascii_uppercase()) && concept.value.chars().all(|c| matches!(c, 'A'..='Z' | '0'..='9' | '_'));
        if !well_formed {
            entry.error(concept.at, format!("concept `{}` is not in capitals", concept.value), Some("a concept is made of A-Z, 0-9 and `_`".to_owned()));
        }
    }
    let kind = if entry.has("kind") { kind_of(entry, None, WORD_KINDS) } else { None };
    let (spellings, _) = spellings(entry, kind.map_or(Words::Marked, Words::Of), false);
    Some(Operator { common: common?, concept: concept?.value.to_owned(), kind, spellings, takes: entry.flag("takes") })
}

pub(super) fn code(entry: &Entry<'_>, language: &str) -> Option<Code> {
    entry.check_keys(&[COMMON, &["words", "forms", "ground", "kind", "severity"]]);
    let common = common(entry, language, &CODE);
    let ground = entry.required_code("ground");
    let kind = kind_of(entry, Some(Kind::Word), &[Kind::Word, Kind::Number, Kind::Emoji, Kind::Phrase]);
    let severity = if entry.has("severity") { entry.code("severity") } else { Some(Severity::Low) };
    if !entry.has("since") {
        entry.missing("since", Some("codes age: since = 2026-11-24".to_owned()));
    }
    let (spellings, _) = spellings(entry, Words::Marked, true);
    Some(Code { common: common?, ground: ground?, kind: kind?, severity: severity?, spellings })
}

pub(super) fn innocent(entry: &Entry<'_>, language: &str) -> Option<Innocent> {
    entry.check_keys(&[COMMON, &["words", "forms", "kind"]]);
    let common = common(entry, language, &INNOCENT);
    let kind = if entry.has("kind") { kind_of(entry, None, WORD_KINDS) } else { None };
    let (spellings, _) = spellings(entry, kind.map_or(Words::Marked, Words::Of), false);
    Some(Innocent { common: common?, spellings })
}
