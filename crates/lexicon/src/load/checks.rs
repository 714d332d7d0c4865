//! Laws that hold between entries: one id, one place for a word, a group is never a slur, a licence names a frame.

use std::borrow::Cow;
use std::collections::hash_map::Entry as Slot;
use std::fmt::Write;

use rustc_hash::FxHashMap;
use vigie_text::fold_word;

use super::tables::Tables;
use crate::diagnostic::Sink;
use crate::model::{Lexicon, Status};
use crate::pattern::nearest;
use crate::reader::{Doc, Entry, Text};

/// A place of the bundle that is only spelled out when something is wrong with it.
type At<'a> = (&'a Doc<'a>, usize);

/// What stands once: ids in the whole bundle, and a word in its ground (slurs, codes), class and kind (predicates), concept (operators), or
/// ground and form (groups).
pub(super) struct Twice<'a> {
    sink: &'a Sink,
    ids: FxHashMap<Cow<'a, str>, At<'a>>,
    /// By space: the words in it.
    words: FxHashMap<String, FxHashMap<Cow<'a, str>, At<'a>>>,
}

impl<'a> Twice<'a> {
    pub(super) fn new(sink: &'a Sink) -> Self {
        Self { sink, ids: FxHashMap::default(), words: FxHashMap::default() }
    }

    /// Looks at the entries of some kinds of one file, after those of the files before it.
    pub(super) fn look<'k>(&mut self, doc: &'a Doc<'a>, tables: &Tables<'_>, kinds: impl IntoIterator<Item = &'k &'k str>) {
        for entry in kinds.into_iter().flat_map(|kind| tables.of(kind)) {
            self.id(doc, entry);
            self.words(doc, entry);
        }
    }

    fn id(&mut self, doc: &'a Doc<'a>, entry: &Entry<'_>) {
        let Some(text) = entry.quiet_text("id") else { return };
        match self.ids.entry(doc.borrowed(text)) {
            Slot::Occupied(first) => {
                let (first_doc, at) = *first.get();
                let help = format!("first at {}; ids are unique for ever", first_doc.place(at));
                self.sink.error(doc.place(text.at), format!("id `{}` stands twice", text.value), Some(help));
            }
            Slot::Vacant(slot) => {
                slot.insert((doc, text.at));
            }
        }
    }

    fn words(&mut self, doc: &'a Doc<'a>, entry: &Entry<'_>) {
        let field = |key: &str| entry.quiet_text(key).map_or("", |text| text.value);
        if entry.kind == "group" {
            for (name, text) in entry.quiet_lists("forms") {
                self.space(format!("groups of ground `{}`, {name}", field("ground"))).add(doc, text);
            }
            return;
        }
        let (of, default) = match entry.kind {
            "slur" => ("ground", "noun"),
            "predicate" => ("class", ""),
            "operator" => ("concept", ""),
            "code" => ("ground", ""),
            "innocent" => ("", ""),
            _ => return,
        };
        let mut name = format!("{}s", entry.kind);
        if !of.is_empty() {
            write!(name, " of {of} `{}`", field(of)).ok();
        }
        let kind = Some(field("kind")).filter(|kind| !kind.is_empty()).unwrap_or(default);
        if !kind.is_empty() {
            write!(name, ", kind {kind}").ok();
        }
        let mut space = self.space(name);
        entry.quiet_texts("words").chain(entry.quiet_texts("forms")).for_each(|text| space.add(doc, text));
    }

    fn space(&mut self, name: String) -> Space<'a, '_> {
        Space { sink: self.sink, words: self.words.entry(name.clone()).or_default(), name }
    }
}

/// Where a word may stand once.
struct Space<'a, 'w> {
    sink: &'a Sink,
    name: String,
    words: &'w mut FxHashMap<Cow<'a, str>, At<'a>>,
}

impl<'a> Space<'a, '_> {
    fn add(&mut self, doc: &'a Doc<'a>, text: Text<'_>) {
        let base = |word: &str| word.find(':').unwrap_or(word.len());
        let word = match doc.borrowed(text) {
            Cow::Borrowed(word) => as_written(&word[..base(word)]),
            Cow::Owned(word) => Cow::Owned(as_written(&word[..base(&word)]).into_owned()),
        };
        match self.words.entry(word) {
            Slot::Occupied(first) => {
                let (first_doc, at) = *first.get();
                let message = format!("`{}` stands twice in {}", &text.value[..base(text.value)], self.name);
                let help = format!("first at {}; case and hyphens make no difference", first_doc.place(at));
                self.sink.error(doc.place(text.at), message, Some(help));
            }
            Slot::Vacant(slot) => {
                slot.insert((doc, text.at));
            }
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
