//! Laws that hold between entries: one id, one place for a word, a group is never a slur, a licence names a frame.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry as Slot;
use std::fmt::Write;

use rustc_hash::FxHashMap;
use vigie_text::fold_word;

use super::Tables;
use crate::diagnostic::Sink;
use crate::model::{Lexicon, Place, Status};
use crate::pattern::nearest;
use crate::reader::{Doc, Entry, Text};

/// Ids are unique in the whole bundle.
pub(super) fn unique_ids(read: &Tables<'_>, sink: &Sink) {
    let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
    for entry in read.all() {
        let Some(id) = entry.table.get("id").filter(|v| v.get_ref().is_str()) else { continue };
        let (name, place) = (id.get_ref().as_str().unwrap_or_default(), entry.doc.place(id.span().start));
        if let Some(first) = seen.get(name) {
            sink.error(place, format!("id `{name}` stands twice"), Some(format!("first at {first}; ids are unique for ever")));
        } else {
            seen.insert(name, place);
        }
    }
}

/// A word stands once in its ground (slurs, codes), class and kind (predicates), concept (operators), or ground and form (groups).
pub(super) fn unique_words<'a>(read: &Tables<'a>, sink: &Sink) {
    // By space: the words in it, each with its first place.
    let mut seen: FxHashMap<String, FxHashMap<Cow<'_, str>, (&Doc<'_>, usize)>> = FxHashMap::default();
    let mut visit = |entry: &Entry<'a>, space: String, texts: &mut dyn Iterator<Item = Text<'a>>| {
        let words = seen.entry(space.clone()).or_default();
        for text in texts {
            let base = text.value.split(':').next().unwrap_or(text.value);
            match words.entry(as_written(base)) {
                Slot::Occupied(first) => {
                    let (doc, at) = *first.get();
                    let message = format!("`{base}` stands twice in {space}");
                    sink.error(entry.doc.place(text.at), message, Some(format!("first at {}; case and hyphens make no difference", doc.place(at))));
                }
                Slot::Vacant(slot) => {
                    slot.insert((entry.doc, text.at));
                }
            }
        }
    };
    let field = |entry: &Entry<'_>, key: &str| entry.table.get(key).and_then(|v| v.get_ref().as_str()).unwrap_or_default().to_owned();
    for (kind, of, default) in
        [("slur", "ground", "noun"), ("predicate", "class", ""), ("operator", "concept", ""), ("code", "ground", ""), ("innocent", "", "")]
    {
        for entry in read.of(kind) {
            let mut space = format!("{kind}s");
            if !of.is_empty() {
                write!(space, " of {of} `{}`", field(entry, of)).ok();
            }
            let words = field(entry, "kind");
            let words = if words.is_empty() { default } else { &words };
            if !words.is_empty() {
                write!(space, ", kind {words}").ok();
            }
            visit(entry, space, &mut entry.quiet_texts("words").chain(entry.quiet_texts("forms")));
        }
    }
    for entry in read.of("group") {
        for (name, text) in entry.quiet_lists("forms") {
            visit(entry, format!("groups of ground `{}`, {name}", field(entry, "ground")), &mut std::iter::once(text));
        }
    }
}

/// A spelling without case, hyphens and apostrophes. Accents stay: débauche and débauché are two words. So does the hole of a phrase.
fn as_written(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    let plain: String = word.chars().map(|c| if matches!(c, '-' | '\'' | '’' | '+' | '‑') { ' ' } else { c }).collect();
    Cow::Owned(plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A group is never a slur: the same spelling cannot be a neutral name and a term of contempt that counts by itself.
pub(super) fn groups_are_no_slurs(lexicon: &Lexicon, sink: &Sink) {
    let mut names: FxHashMap<String, &str> = FxHashMap::default();
    for group in lexicon.groups.iter().filter(|g| g.common.status != Status::Retired) {
        for spelling in &group.spellings {
            names.entry(fold_word(&spelling.text)).or_insert(&group.common.id);
        }
    }
    for slur in lexicon.slurs.iter().filter(|s| s.common.status != Status::Retired) {
        let mut clashes: Vec<(String, &str)> = Vec::new();
        for spelling in &slur.spellings {
            let form = format!("`{}`", spelling.text);
            if let Some(group) = names.get(&fold_word(&spelling.text)).filter(|_| !clashes.iter().any(|c| c.0 == form)) {
                clashes.push((form, group));
            }
        }
        if let Some((_, group)) = clashes.first() {
            let forms: Vec<&str> = clashes.iter().map(|c| c.0.as_str()).collect();
            let help = "a group is never a slur: drop one, or mark the group `insult_use = true`".to_owned();
            let message = format!("{} of `{}`: a name of group `{group}`", forms.join(", "), slur.common.id);
            sink.error(slur.common.place.clone(), message, Some(help));
        }
    }
}

/// What licenses an ambiguous slur is a frame of the bundle.
pub(super) fn licences_exist(lexicon: &Lexicon, sink: &Sink) {
    let frames = || lexicon.frames.iter().map(|f| f.common.id.as_str());
    for slur in &lexicon.slurs {
        for licence in slur.licensed_by.iter().filter(|l| !frames().any(|f| f == l.as_str())) {
            let help = nearest(licence, frames()).map(|n| format!("did you mean `{n}`?"));
            sink.error(slur.common.place.clone(), format!("`{}` is licensed by unknown frame `{licence}`", slur.common.id), help);
        }
    }
}
