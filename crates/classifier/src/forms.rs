//! Forms: each folded spelling searched for, and everything that it can mean.

use rustc_hash::FxHashMap;
use vigie_lexicon::{Class, Form, Kind, Lexicon, Person, Role, Spelling, Status};
use vigie_text::{FormUse, fold_word};

use crate::hits::MAX_SKIPPED;
use crate::symbols::{SymbolId, Symbols};

/// The entry behind a meaning, by its index in the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Source {
    Group(u32),
    Slur(u32),
    Predicate(u32),
    Operator(u32),
    Code(u32),
    Innocent(u32),
    /// A word that patterns quote.
    Literal,
}

/// Half of a phrase with a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// The phrase: its two halves share the number.
    pub(crate) phrase: u32,
    /// Whether it is what stands after the hole.
    pub(crate) tail: bool,
}

/// One thing that a form can mean.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub(crate) source: Source,
    /// Lower case, with accents, as people write it.
    pub(crate) spelling: Box<str>,
    pub(crate) form: Form,
    pub(crate) person: Option<Person>,
    pub(crate) part: Option<Part>,
    /// A reflexive verb without its pronoun.
    pub(crate) reflexive: bool,
    /// What patterns can ask of it.
    pub(crate) symbols: Box<[SymbolId]>,
}

/// A folded spelling.
#[derive(Debug)]
pub(crate) struct FormEntry {
    pub(crate) text: Box<str>,
    pub(crate) meanings: Vec<Meaning>,
}

/// Every form of the lexicon.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    pub(crate) list: Vec<FormEntry>,
    ids: FxHashMap<Box<str>, u32>,
    phrases: u32,
}

impl Forms {
    /// Collects the forms of every entry that can count today (active or shadow).
    pub(crate) fn collect(lexicon: &Lexicon, literals: &[String], symbols: &mut Symbols) -> Self {
        let mut forms = Self::default();
        let live = |status: Status| matches!(status, Status::Active | Status::Shadow);
        for (i, e) in lexicon.groups.iter().enumerate().filter(|(_, e)| live(e.common.status)) {
            let mut bases = vec!["G", "GP", "GS", "GI"];
            if e.insult_use {
                bases.push("AMB");
            }
            forms.add_all(symbols, Source::Group(i as u32), &e.spellings, &bases, Some(Kind::Noun));
        }
        for (i, e) in lexicon.slurs.iter().enumerate().filter(|(_, e)| live(e.common.status)) {
            forms.add_all(symbols, Source::Slur(i as u32), &e.spellings, &["G", "GP", "GS", "GI", "SLUR", "AMB"], Some(e.kind));
        }
        for (i, e) in lexicon.predicates.iter().enumerate().filter(|(_, e)| live(e.common.status)) {
            let Some(class) = lexicon.policy.classes.get(&e.class) else { continue };
            let bases = bases_of(class);
            forms.add_all(symbols, Source::Predicate(i as u32), &e.spellings, &bases, Some(e.kind));
        }
        for (i, e) in lexicon.operators.iter().enumerate().filter(|(_, e)| live(e.common.status)) {
            forms.add_all(symbols, Source::Operator(i as u32), &e.spellings, &[e.concept.as_str()], e.kind);
        }
        for (i, e) in lexicon.codes.iter().enumerate().filter(|(_, e)| live(e.common.status)) {
            forms.add_all(symbols, Source::Code(i as u32), &e.spellings, &["CODE"], Some(e.kind));
        }
        for (i, e) in lexicon.innocents.iter().enumerate().filter(|(_, e)| live(e.common.status)) {
            forms.add_all(symbols, Source::Innocent(i as u32), &e.spellings, &[], None);
        }
        for word in literals {
            let spelling = Spelling { text: word.clone(), form: Form::Inv, person: None, reflexive: false };
            let ids = symbols_of(symbols, &[&format!("={word}")], None, &spelling);
            forms.add(symbols, Source::Literal, &spelling, &ids);
        }
        // Only needed to build.
        forms.ids = FxHashMap::default();
        forms.list.shrink_to_fit();
        forms
    }

    /// Forms as the views need them: what strong and weak views may lead to.
    pub(crate) fn uses(&self) -> impl Iterator<Item = (&str, FormUse)> {
        self.list.iter().map(|f| {
            let mut uses = FormUse::empty();
            for m in &f.meanings {
                uses |= match m.source {
                    // A disguised word inside a long phrase is reached through the word, not through two hundred thousand phrases.
                    Source::Predicate(_) if f.text.matches(' ').count() > 1 => FormUse::empty(),
                    Source::Group(_) | Source::Slur(_) | Source::Predicate(_) => FormUse::STRONG | FormUse::WEAK,
                    Source::Operator(_) => FormUse::STRONG,
                    Source::Code(_) | Source::Innocent(_) | Source::Literal => FormUse::empty(),
                };
            }
            (&*f.text, uses)
        })
    }

    fn add_all(&mut self, symbols: &mut Symbols, source: Source, spellings: &[Spelling], bases: &[&str], kind: Option<Kind>) {
        // Forms of one entry that agree in form and person have the same symbols: naming them anew for each was half of the time.
        let mut known: Vec<((Form, Option<Person>), Vec<SymbolId>)> = Vec::new();
        for spelling in spellings {
            let key = (spelling.form, spelling.person);
            let at = known.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                known.push((key, symbols_of(symbols, bases, kind, spelling)));
                known.len() - 1
            });
            self.add(symbols, source, spelling, &known[at].1);
        }
    }

    fn add(&mut self, symbols: &mut Symbols, source: Source, spelling: &Spelling, ids: &[SymbolId]) {
        match spelling.text.split_once('…') {
            Some((head, tail)) => {
                let phrase = self.phrases;
                self.phrases += 1;
                let length = fold_word(head).split(' ').count() + fold_word(tail).split(' ').count();
                for hole in 1..=4 {
                    ids.iter().for_each(|&id| symbols.register(id, length + hole));
                    if let Some(filled) = symbols.get("FILLED") {
                        symbols.register(filled, length + hole);
                    }
                }
                self.put(source, head, spelling, Some(Part { phrase, tail: false }), ids);
                self.put(source, tail, spelling, Some(Part { phrase, tail: true }), ids);
            }
            None => {
                if let Some(length) = self.put(source, &spelling.text, spelling, None, &ids) {
                    let reach = if length > 1 && matches!(source, Source::Predicate(_)) { MAX_SKIPPED } else { 0 };
                    for stretched in length..=length + reach {
                        ids.iter().for_each(|&id| symbols.register(id, stretched));
                    }
                }
            }
        }
    }

    fn put(&mut self, source: Source, text: &str, spelling: &Spelling, part: Option<Part>, ids: &[SymbolId]) -> Option<usize> {
        let folded = fold_word(text);
        if folded.is_empty() {
            return None;
        }
        let length = folded.split(' ').count();
        let next = self.list.len() as u32;
        let id = *self.ids.entry(folded.as_str().into()).or_insert(next);
        if id == next {
            self.list.push(FormEntry { text: folded.into(), meanings: Vec::new() });
        }
        let meaning = Meaning {
            source,
            spelling: text.trim().to_lowercase().into(),
            form: spelling.form,
            person: spelling.person,
            part,
            reflexive: spelling.reflexive,
            symbols: ids.into(),
        };
        let meanings = &mut self.list[id as usize].meanings;
        let same = |m: &Meaning| {
            m.source == source
                && m.form == meaning.form
                && m.person == meaning.person
                && m.spelling == meaning.spelling
                && m.part == part
                && m.reflexive == meaning.reflexive
        };
        if !meanings.iter().any(same) {
            // Exactly: most forms have one meaning, and room for three more of each would be most of the memory.
            meanings.reserve_exact(1);
            meanings.push(meaning);
        }
        Some(length)
    }
}

fn bases_of(class: &Class) -> Vec<&str> {
    let role = match class.role {
        Role::Bearer => "BEARER",
        Role::Agent => "AGENT",
        Role::Target => "TARGET",
        Role::Victim => "VICTIM",
        Role::Good => "GOOD",
        Role::Event => "EVENT",
    };
    let mut bases = vec![class.name.as_str(), role];
    if class.sign < 0 && matches!(class.role, Role::Bearer | Role::Agent) {
        bases.push("BAD");
    }
    bases
}

/// `vermin`, `vermin:noun`, `vermin:noun:pl` … for each base, those that some pattern names.
fn symbols_of(symbols: &Symbols, bases: &[&str], kind: Option<Kind>, spelling: &Spelling) -> Vec<SymbolId> {
    let mut found = Vec::new();
    for base in bases {
        found.extend(symbols.get(base));
        let Some(kind) = kind else { continue };
        found.extend(symbols.get(&format!("{base}:{kind}")));
        for form in form_names(spelling.form, spelling.person) {
            found.extend(symbols.get(&format!("{base}:{kind}:{form}")));
        }
    }
    found
}

/// The names under which patterns know a form.
pub(crate) fn form_names(form: Form, person: Option<Person>) -> Vec<String> {
    let mut names: Vec<String> = match form {
        Form::MSg => vec!["sg".into(), "m".into()],
        Form::FSg => vec!["sg".into(), "f".into()],
        Form::MPl => vec!["pl".into(), "m".into()],
        Form::FPl => vec!["pl".into(), "f".into()],
        other => vec![other.code().into()],
    };
    if let Some(p) = person {
        let number = if p.plural { 'p' } else { 's' };
        names.push(format!("p{}", p.person));
        names.push(format!("p{}{number}", p.person));
    }
    names
}
