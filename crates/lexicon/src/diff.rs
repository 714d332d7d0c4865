//! What changed between two lexicons in meaning, not in text: entries, fields and forms. Moving an entry to another file is no change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::{Common, Lexicon, Place, Spelling};

/// The semantic difference of two lexicons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Entries only the candidate has.
    pub added: Vec<Listed>,
    /// Entries only the base has.
    pub removed: Vec<Listed>,
    /// Entries of both that differ.
    pub changed: Vec<Change>,
}

/// An entry by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `slur`, `frame`, `class` …
    pub kind: &'static str,
    /// Its id, or its name in the policy.
    pub id: String,
    /// How many forms it searches for.
    pub forms: usize,
}

/// What changed in one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `slur`, `frame`, `class` …
    pub kind: &'static str,
    /// Its id, or its name in the policy.
    pub id: String,
    /// Field, before, after.
    pub fields: Vec<(&'static str, String, String)>,
    /// Forms searched for only now.
    pub forms_added: Vec<String>,
    /// Forms no longer searched for.
    pub forms_removed: Vec<String>,
}

impl Diff {
    /// Whether both lexicons say the same. Word lists are not compared.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares `base` with `candidate`.
pub fn diff(base: &Lexicon, candidate: &Lexicon) -> Diff {
    let (before, after) = (facts(base), facts(candidate));
    let listed = |(id, f): (&String, &Facts)| Listed { kind: f.kind, id: id.clone(), forms: f.forms.len() };
    let mut out = Diff {
        added: after.iter().filter(|(id, _)| !before.contains_key(*id)).map(listed).collect(),
        removed: before.iter().filter(|(id, _)| !after.contains_key(*id)).map(listed).collect(),
        changed: Vec::new(),
    };
    for (id, old) in &before {
        let Some(new) = after.get(id) else { continue };
        let mut fields = Vec::new();
        if old.kind != new.kind {
            fields.push(("kind of entry", old.kind.to_owned(), new.kind.to_owned()));
        }
        let names: BTreeSet<&'static str> = old.fields.keys().chain(new.fields.keys()).copied().collect();
        for name in names {
            let of = |facts: &Facts| facts.fields.get(name).cloned().unwrap_or_default();
            if of(old) != of(new) {
                fields.push((name, of(old), of(new)));
            }
        }
        let change = Change {
            kind: new.kind,
            id: id.clone(),
            fields,
            forms_added: new.forms.difference(&old.forms).cloned().collect(),
            forms_removed: old.forms.difference(&new.forms).cloned().collect(),
        };
        if !(change.fields.is_empty() && change.forms_added.is_empty() && change.forms_removed.is_empty()) {
            out.changed.push(change);
        }
    }
    out
}

/// An entry as comparable facts.
struct Facts {
    kind: &'static str,
    fields: BTreeMap<&'static str, String>,
    forms: BTreeSet<String>,
}

type Field = (&'static str, String);

/// Every entry and decision of a lexicon, by id or name.
#[derive(Default)]
struct Book(BTreeMap<String, Facts>);

impl Book {
    fn add(&mut self, kind: &'static str, id: &str, fields: Vec<Field>) {
        self.0.insert(id.to_owned(), Facts { kind, fields: fields.into_iter().collect(), forms: BTreeSet::new() });
    }

    fn add_entry(&mut self, kind: &'static str, common: &Common, fields: Vec<Field>, forms: &[Spelling]) {
        let mut fields: BTreeMap<_, _> = fields.into_iter().collect();
        fields.extend([
            ("status", common.status.to_string()),
            ("why", common.why.clone()),
            ("source", common.source.clone()),
            ("must_match", common.must_match.join(" / ")),
            ("must_not_match", common.must_not_match.join(" / ")),
            ("regions", common.regions.join(", ")),
            ("transparent", common.transparent.to_string()),
            ("since", common.since.clone()),
            ("rare_reason", common.rare_reason.clone().unwrap_or_default()),
        ]);
        let forms = forms.iter().map(|s| s.text.clone()).collect();
        self.0.insert(common.id.clone(), Facts { kind, fields, forms });
    }
}

fn facts(lexicon: &Lexicon) -> BTreeMap<String, Facts> {
    let mut book = Book::default();
    words(lexicon, &mut book);
    frames(lexicon, &mut book);
    decisions(lexicon, &mut book);
    book.0
}

fn some<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

fn words(lexicon: &Lexicon, book: &mut Book) {
    for g in &lexicon.groups {
        let fields = vec![
            ("ground", g.ground.to_string()),
            ("name", g.name.clone()),
            ("needs_det", g.needs_det.to_string()),
            ("kin", g.kin.to_string()),
            ("insult_use", g.insult_use.to_string()),
        ];
        book.add_entry("group", &g.common, fields, &g.spellings);
    }
    for s in &lexicon.slurs {
        let fields = vec![
            ("ground", s.ground.to_string()),
            ("act", s.act.to_string()),
            ("severity", s.severity.to_string()),
            ("use", s.usage.to_string()),
            ("kind", s.kind.to_string()),
            ("licensed_by", s.licensed_by.join(", ")),
        ];
        book.add_entry("slur", &s.common, fields, &s.spellings);
    }
    for p in &lexicon.predicates {
        let needs: Vec<&str> = p.needs.iter().map(|n| n.code()).collect();
        let fields =
            vec![("class", p.class.clone()), ("kind", p.kind.to_string()), ("needs", needs.join(" | ")), ("negation_inside", p.negation_inside.to_string())];
        book.add_entry("predicate", &p.common, fields, &p.spellings);
    }
    for o in &lexicon.operators {
        book.add_entry("operator", &o.common, vec![("concept", o.concept.clone()), ("takes", o.takes.to_string())], &o.spellings);
    }
    for c in &lexicon.codes {
        book.add_entry(
            "code",
            &c.common,
            vec![("ground", c.ground.to_string()), ("kind", c.kind.to_string()), ("severity", c.severity.to_string())],
            &c.spellings,
        );
    }
    for i in &lexicon.innocents {
        book.add_entry("innocent", &i.common, Vec::new(), &i.spellings);
    }
}

fn frames(lexicon: &Lexicon, book: &mut Book) {
    for f in &lexicon.frames {
        let fields = vec![
            ("pattern", f.pattern.source.clone()),
            ("scope", f.scope.to_string()),
            ("act", some(f.act)),
            ("severity", some(f.severity)),
            ("polarity", f.polarity.to_string()),
            ("span", some(f.span.map(|(a, b)| format!("{a}..{b}")))),
            ("ground", some(f.ground)),
            ("backoff", f.backoff.to_string()),
        ];
        book.add_entry("frame", &f.common, fields, &[]);
    }
    for f in &lexicon.stance_frames {
        let only: Vec<&str> = f.only.iter().map(|a| a.code()).collect();
        let fields = vec![
            ("pattern", f.pattern.source.clone()),
            ("scope", f.scope.to_string()),
            ("effect", f.effect.to_string()),
            ("stance", f.stance.to_string()),
            ("only", only.join(", ")),
        ];
        book.add_entry("stance_frame", &f.common, fields, &[]);
    }
    for c in &lexicon.clues {
        let fields = vec![("pattern", c.pattern.source.clone()), ("scope", c.scope.to_string()), ("points", c.points.to_string()), ("act", some(c.act))];
        book.add_entry("clue", &c.common, fields, &[]);
    }
    for t in &lexicon.turns {
        book.add("turn", &t.id, vec![("points", t.points.to_string())]);
    }
}

fn decisions(lexicon: &Lexicon, book: &mut Book) {
    for (name, class) in &lexicon.policy.classes {
        let fields =
            vec![("role", class.role.to_string()), ("act", some(class.act)), ("severity", class.severity.to_string()), ("sign", class.sign.to_string())];
        book.add("class", &format!("class.{name}"), fields);
    }
    for ((ground, act), severity) in &lexicon.policy.flag_at {
        let id = format!("flag_at.{ground}.{}", act.map_or("*", |a| a.code()));
        book.add("flag_at", &id, vec![("severity", severity.to_string())]);
    }
    if let Some(rule) = lexicon.policy.clues {
        let fields = vec![
            ("points", rule.points.to_string()),
            ("words", rule.words.to_string()),
            ("step", rule.step.to_string()),
            ("act", rule.act.to_string()),
            ("severity", rule.severity.to_string()),
        ];
        book.add("clues", "clues", fields);
    }
    for t in &lexicon.policy.templates {
        let fields = vec![("act", t.act.to_string()), ("ground", some(t.ground)), ("text", t.text.clone())];
        book.add("template", &t.id, fields);
    }
    for (code, text) in &lexicon.policy.labels {
        book.add("label", &format!("label.{code}"), vec![("text", text.clone())]);
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (sign, list) in [('+', &self.added), ('-', &self.removed)] {
            for entry in list {
                write!(f, "{sign} {} {}", entry.kind, entry.id)?;
                writeln!(f, "{}", if entry.forms > 0 { format!(" ({} forms)", entry.forms) } else { String::new() })?;
            }
        }
        for change in &self.changed {
            writeln!(f, "~ {} {}", change.kind, change.id)?;
            for (field, before, after) in &change.fields {
                writeln!(f, "    {field}: {before} -> {after}")?;
            }
            for (sign, forms) in [('+', &change.forms_added), ('-', &change.forms_removed)] {
                if !forms.is_empty() {
                    writeln!(f, "    {sign} forms: {}", forms.join(", "))?;
                }
            }
        }
        writeln!(f, "{} added, {} removed, {} changed", self.added.len(), self.removed.len(), self.changed.len())
    }
}

/// Where an entry stands, for tools that open it.
pub fn place_of<'a>(lexicon: &'a Lexicon, id: &str) -> Option<&'a Place> {
    lexicon.commons().find(|c| c.id == id).map(|c| &c.place)
}

impl Lexicon {
    /// What every entry has, whatever its kind.
    pub fn commons(&self) -> impl Iterator<Item = &Common> {
        let words = self.groups.iter().map(|e| &e.common).chain(self.slurs.iter().map(|e| &e.common)).chain(self.predicates.iter().map(|e| &e.common));
        let marks = self.operators.iter().map(|e| &e.common).chain(self.codes.iter().map(|e| &e.common)).chain(self.innocents.iter().map(|e| &e.common));
        let frames = self.frames.iter().map(|e| &e.common).chain(self.stance_frames.iter().map(|e| &e.common));
        words.chain(marks).chain(frames).chain(self.clues.iter().map(|e| &e.common))
    }

    /// The spellings of an entry; empty for frames. `None`: no such entry.
    pub fn spellings_of(&self, id: &str) -> Option<&[Spelling]> {
        let groups = self.groups.iter().map(|e| (&e.common, e.spellings.as_slice()));
        let slurs = self.slurs.iter().map(|e| (&e.common, e.spellings.as_slice()));
        let predicates = self.predicates.iter().map(|e| (&e.common, e.spellings.as_slice()));
        let operators = self.operators.iter().map(|e| (&e.common, e.spellings.as_slice()));
        let codes = self.codes.iter().map(|e| (&e.common, e.spellings.as_slice()));
        let innocents = self.innocents.iter().map(|e| (&e.common, e.spellings.as_slice()));
        let words = groups.chain(slurs).chain(predicates).chain(operators).chain(codes).chain(innocents).find(|(c, _)| c.id == id).map(|(_, s)| s);
        words.or_else(|| self.commons().any(|c| c.id == id).then_some(&[]))
    }
}
