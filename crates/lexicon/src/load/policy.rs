//! Reader of `policy.toml`: classes, thresholds, the rule for clues, reviewed templates and French names of codes.

use std::collections::BTreeMap;

use super::tables::Tables;
use crate::model::{Act, Class, ClueRule, Ground, LegalGroup, Policy, Severity, Template};
use crate::reader::{Entry, Text, suggest};

/// What a template may ask for.
const PLACEHOLDERS: &[&str] = &["groupe", "motif"];

pub(super) fn read(tables: &Tables<'_>) -> Policy {
    let mut policy = Policy::default();
    for entry in tables.of("class") {
        if let Some(class) = class(entry) {
            let name = class.name.clone();
            if policy.classes.insert(name.clone(), class).is_some() {
                entry.error(entry.at, format!("class `{name}` stands twice"), None);
            }
        }
    }
    for entry in tables.of("flag_at") {
        flag_at(entry, &mut policy.flag_at);
    }
    for entry in tables.of("clues") {
        if policy.clues.is_some() {
            entry.error(entry.at, "[[clues]] stands twice", None);
        }
        policy.clues = clue_rule(entry).or(policy.clues);
    }
    policy.templates = tables.of("template").filter_map(template).collect();
    for entry in tables.of("label") {
        label(entry, &mut policy.labels);
    }
    policy
}

fn class(entry: &Entry<'_>) -> Option<Class> {
    entry.check_keys(&[&["name", "role", "act", "severity", "sign", "why"]]);
    let name = entry.required("name");
    if let Some(name) = name.filter(|n| !n.value.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
        entry.error(name.at, format!("class `{}` is not in small letters", name.value), Some("a class is made of a-z and `_`".to_owned()));
    }
    let (role, act) = (entry.required_code("role"), entry.code("act"));
    let severity = if entry.has("severity") { entry.code("severity") } else { Some(Severity::None) };
    let sign = match entry.integer("sign") {
        None => -1,
        Some(sign @ (-1 | 1)) => sign as i8,
        Some(sign) => {
            entry.error(entry.at, format!("sign {sign} is neither -1 (bad) nor 1 (good)"), None);
            -1
        }
    };
    Some(Class { name: name?.value.to_owned(), role: role?, act, severity: severity?, sign })
}

/// One threshold, for one ground or for every ground of legal groups. A later line replaces an earlier one only by being more precise.
fn flag_at(entry: &Entry<'_>, out: &mut BTreeMap<(Ground, Option<Act>), Severity>) {
    entry.check_keys(&[&["ground", "groups", "act", "severity", "why"]]);
    let severity: Option<Severity> = entry.required_code("severity");
    let act: Option<Act> = entry.code("act");
    let mut grounds: Vec<Ground> = entry.code("ground").into_iter().collect();
    for text in entry.texts("groups") {
        match legal_group(text) {
            Some(group) => grounds.extend(Ground::ALL.iter().filter(|g| g.legal_group() == group)),
            None => entry.error(text.at, format!("unknown legal group `{}`", text.value), Some(suggest(text.value, &["A", "B", "C", "0"]))),
        }
    }
    if !entry.has("ground") && !entry.has("groups") {
        entry.missing("groups", Some("groups = [\"A\", \"B\"] or ground = \"…\"".to_owned()));
    }
    let Some(severity) = severity else { return };
    for ground in grounds {
        if out.insert((ground, act), severity).is_some() {
            let what = act.map_or_else(|| "every act".to_owned(), |a| format!("`{a}`"));
            entry.error(entry.at, format!("ground `{ground}` has two thresholds for {what}"), None);
        }
    }
}

fn clue_rule(entry: &Entry<'_>) -> Option<ClueRule> {
    entry.check_keys(&[&["points", "words", "step", "act", "severity", "why"]]);
    let number = |key: &str| match entry.integer(key) {
        Some(number @ 1..=99) => u8::try_from(number).ok(),
        Some(number) => {
            entry.error(entry.at, format!("{key} = {number}: from 1 to 99"), None);
            None
        }
        None => {
            entry.missing(key, None);
            None
        }
    };
    let (points, words, step) = (number("points"), number("words"), number("step"));
    let (act, severity) = (entry.required_code("act"), entry.required_code("severity"));
    Some(ClueRule { points: points?, words: words?, step: step?, act: act?, severity: severity? })
}

fn legal_group(text: Text<'_>) -> Option<LegalGroup> {
    Some(match text.value {
        "A" => LegalGroup::A,
        "B" => LegalGroup::B,
        "C" => LegalGroup::C,
        "0" => LegalGroup::Zero,
        _ => return None,
    })
}

fn template(entry: &Entry<'_>) -> Option<Template> {
    entry.check_keys(&[&["id", "act", "ground", "clues", "text"]]);
    let (id, act, ground, text) = (entry.required("id"), entry.required_code("act"), entry.code("ground"), entry.required("text"));
    if let Some(text) = text {
        for part in text.value.split('{').skip(1) {
            let name = part.split('}').next().unwrap_or(part);
            if !PLACEHOLDERS.contains(&name) {
                entry.error(text.at, format!("unknown placeholder `{{{name}}}`"), Some(suggest(name, PLACEHOLDERS)));
            }
        }
    }
    Some(Template { id: id?.value.to_owned(), act: act?, ground, clues: entry.flag("clues"), text: text?.value.to_owned() })
}

fn label(entry: &Entry<'_>, out: &mut BTreeMap<String, String>) {
    entry.check_keys(&[&["ground", "act", "severity", "text"]]);
    let text = entry.required("text");
    let codes = [
        entry.code::<Ground>("ground").map(|c| format!("ground.{c}")),
        entry.code::<Act>("act").map(|c| format!("act.{c}")),
        entry.code::<Severity>("severity").map(|c| format!("severity.{c}")),
    ];
    let mut named = codes.into_iter().flatten();
    let (Some(code), None) = (named.next(), named.next()) else {
        return entry.error(entry.at, "[[label]] names no code, or several", Some("exactly one of ground, act, severity".to_owned()));
    };
    let Some(text) = text else { return };
    if out.insert(code.clone(), text.value.to_owned()).is_some() {
        entry.error(entry.at, format!("`{code}` has two labels"), None);
    }
}
