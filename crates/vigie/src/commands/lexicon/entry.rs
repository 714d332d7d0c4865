//! One view of every kind of entry, so that they can be listed, counted and compared alike.

use sha2::{Digest, Sha256};
use vigie_lexicon::pattern::Pattern;
use vigie_lexicon::{Common, Lexicon, Spelling};

/// An entry of any kind.
#[derive(Clone, Copy)]
pub(super) struct AnyEntry<'a> {
    pub(super) kind: &'static str,
    pub(super) common: &'a Common,
    /// Empty for frames.
    pub(super) spellings: &'a [Spelling],
}

/// Every entry of a bundle, by kind.
pub(super) fn all(lexicon: &Lexicon) -> Vec<AnyEntry<'_>> {
    let mut out = Vec::new();
    macro_rules! take {
        ($kind:literal, $list:ident) => {
            out.extend(lexicon.$list.iter().map(|e| AnyEntry { kind: $kind, common: &e.common, spellings: &e.spellings }));
        };
    }
    take!("group", groups);
    take!("slur", slurs);
    take!("predicate", predicates);
    take!("operator", operators);
    take!("code", codes);
    take!("innocent", innocents);
    out.extend(lexicon.frames.iter().map(|e| AnyEntry { kind: "frame", common: &e.common, spellings: &[] }));
    out.extend(lexicon.stance_frames.iter().map(|e| AnyEntry { kind: "stance_frame", common: &e.common, spellings: &[] }));
    out.extend(lexicon.clues.iter().map(|e| AnyEntry { kind: "clue", common: &e.common, spellings: &[] }));
    out
}

/// What decides a verdict in an entry besides its forms and examples, as `name: value`.
pub(super) fn traits(lexicon: &Lexicon, id: &str) -> Vec<(&'static str, String)> {
    if let Some(e) = lexicon.groups.iter().find(|e| e.common.id == id) {
        return vec![
            ("ground", e.ground.to_string()),
            ("needs_det", e.needs_det.to_string()),
            ("kin", e.kin.to_string()),
            ("insult_use", e.insult_use.to_string()),
        ];
    }
    if let Some(e) = lexicon.slurs.iter().find(|e| e.common.id == id) {
        let licensed = e.licensed_by.join(" ");
        return vec![
            ("ground", e.ground.to_string()),
            ("act", e.act.to_string()),
            ("severity", e.severity.to_string()),
            ("use", e.usage.to_string()),
            ("kind", e.kind.to_string()),
            ("licensed_by", licensed),
        ];
    }
    if let Some(e) = lexicon.predicates.iter().find(|e| e.common.id == id) {
        let needs = e.needs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        return vec![("class", e.class.clone()), ("kind", e.kind.to_string()), ("needs", needs), ("negation_inside", e.negation_inside.to_string())];
    }
    if let Some(e) = lexicon.operators.iter().find(|e| e.common.id == id) {
        return vec![("concept", e.concept.clone()), ("takes", e.takes.to_string())];
    }
    if let Some(e) = lexicon.codes.iter().find(|e| e.common.id == id) {
        return vec![("ground", e.ground.to_string()), ("kind", e.kind.to_string()), ("severity", e.severity.to_string())];
    }
    if let Some(e) = lexicon.frames.iter().find(|e| e.common.id == id) {
        let act = e.act.map_or_else(|| "of what fills it".to_owned(), |a| a.to_string());
        let severity = e.severity.map_or_else(|| "of what fills it".to_owned(), |s| s.to_string());
        return vec![
            ("pattern", e.pattern.source.clone()),
            ("pattern, expanded (hash)", expanded(&e.pattern)),
            ("scope", e.scope.to_string()),
            ("act", act),
            ("severity", severity),
            ("polarity", e.polarity.to_string()),
            ("span", format!("{:?}", e.span)),
        ];
    }
    if let Some(e) = lexicon.stance_frames.iter().find(|e| e.common.id == id) {
        let only = e.only.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        return vec![
            ("pattern", e.pattern.source.clone()),
            ("pattern, expanded (hash)", expanded(&e.pattern)),
            ("effect", e.effect.to_string()),
            ("stance", e.stance.to_string()),
            ("only", only),
        ];
    }
    if let Some(e) = lexicon.clues.iter().find(|e| e.common.id == id) {
        let act = e.act.map_or_else(|| "as the policy says".to_owned(), |a| a.to_string());
        return vec![
            ("pattern", e.pattern.source.clone()),
            ("pattern, expanded (hash)", expanded(&e.pattern)),
            ("scope", e.scope.to_string()),
            ("points", e.points.to_string()),
            ("act", act),
        ];
    }
    Vec::new()
}

/// Stands for the whole tree of a pattern: a changed macro shows in every frame that uses it.
fn expanded(pattern: &Pattern) -> String {
    let digest = Sha256::digest(format!("{:?}", pattern.items));
    digest.iter().take(4).map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat()
}
