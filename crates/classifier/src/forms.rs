//! Forms: each folded spelling searched for, and everything that it can mean.

use rustc_hash::{FxHashMap, FxHashSet};
use vigie_lexicon::{Class, Form, Kind, Lexicon, Person, Role, Spelling};
use vigie_text::{FormUse, fold_word};

use crate::graphies::is_graphy;
use crate::hits::MAX_SKIPPED;
use crate::symbols::{SymbolId, Symbols};
use crate::texts::{TextId, Texts};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) source: Source,
    pub(crate) part: Option<Part>,
    /// Lower case, with accents, as people write it.
    spelling: TextId,
    /// What patterns can ask of it, as a number of [`Forms::lists`].
    symbols: u32,
    pub(crate) form: Form,
    /// A reflexive verb without its pronoun.
    pub(crate) reflexive: bool,
}

/// Every form of the lexicon. Hundreds of thousands: their texts are one string, their meanings one list.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    texts: Texts,
    list: Vec<FormEntry>,
    /// By form, in order.
    meanings: Vec<Meaning>,
    /// Distinct lists of symbols.
    lists: Vec<Box<[SymbolId]>>,
}

/// A folded spelling.
#[derive(Debug, Clone, Copy)]
struct FormEntry {
    text: TextId,
    /// Where its meanings end.
    end: u32,
}

/// A form with all that belongs to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormRef<'a> {
    pub(crate) text: &'a str,
    pub(crate) meanings: &'a [Meaning],
}

impl FormRef<'_> {
    /// How many words it has.
    pub(crate) fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

impl Forms {
    /// Collects the forms of every entry that can count today (active or shadow).
    pub(crate) fn collect(lexicon: &Lexicon, literals: &[String], symbols: &mut Symbols) -> Self {
        let mut forms = Collector::new(symbols);
        for (i, e) in lexicon.groups.iter().enumerate().filter(|(_, e)| e.common.status.is_live()) {
            let mut bases = vec!["G", "GP", "GS", "GI"];
            if e.insult_use {
                bases.push("AMB");
            }
            forms.add_all(Source::Group(i as u32), &e.spellings, &bases, Some(Kind::Noun));
        }
        for (i, e) in lexicon.slurs.iter().enumerate().filter(|(_, e)| e.common.status.is_live()) {
            forms.add_all(Source::Slur(i as u32), &e.spellings, &["G", "GP", "GS", "GI", "SLUR", "AMB"], Some(e.kind));
        }
        for (i, e) in lexicon.predicates.iter().enumerate().filter(|(_, e)| e.common.status.is_live()) {
            let Some(class) = lexicon.policy.classes.get(&e.class) else { continue };
            let bases = bases_of(class);
            forms.add_all(Source::Predicate(i as u32), &e.spellings, &bases, Some(e.kind));
        }
        for (i, e) in lexicon.operators.iter().enumerate().filter(|(_, e)| e.common.status.is_live()) {
            forms.add_all(Source::Operator(i as u32), &e.spellings, &[e.concept.as_str()], e.kind);
        }
        for (i, e) in lexicon.codes.iter().enumerate().filter(|(_, e)| e.common.status.is_live()) {
            let folded: Vec<Spelling> = e.spellings.iter().filter(|s| !is_graphy(&s.text)).cloned().collect();
            forms.add_all(Source::Code(i as u32), &folded, &["CODE"], Some(e.kind));
        }
        for (i, e) in lexicon.innocents.iter().enumerate().filter(|(_, e)| e.common.status.is_live()) {
            forms.add_all(Source::Innocent(i as u32), &e.spellings, &[], None);
        }
        for word in literals {
            let spelling = Spelling { text: word.clone(), form: Form::Inv, person: None, reflexive: false };
            forms.add_all(Source::Literal, &[spelling], &[&format!("={word}")], None);
        }
        forms.finish()
    }

    /// How many forms there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// One form.
    pub(crate) fn get(&self, form: u32) -> FormRef<'_> {
        FormRef { text: self.texts.get(self.list[form as usize].text), meanings: self.meanings(form) }
    }

    /// All that a form can mean, without a look at its text.
    pub(crate) fn meanings(&self, form: u32) -> &[Meaning] {
        let start = form.checked_sub(1).map_or(0, |before| self.list[before as usize].end);
        &self.meanings[start as usize..self.list[form as usize].end as usize]
    }

    /// Every form, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = FormRef<'_>> {
        (0..self.list.len() as u32).map(|form| self.get(form))
    }

    /// What patterns can ask of a meaning.
    pub(crate) fn symbols(&self, meaning: &Meaning) -> &[SymbolId] {
        &self.lists[meaning.symbols as usize]
    }

    /// Which of the distinct lists of symbols that is.
    pub(crate) fn list(meaning: &Meaning) -> u32 {
        meaning.symbols
    }

    /// The distinct lists of symbols, by number.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &[SymbolId]> {
        self.lists.iter().map(|list| &**list)
    }

    /// How a meaning is written: lower case, with accents.
    pub(crate) fn spelling(&self, meaning: &Meaning) -> &str {
        self.texts.get(meaning.spelling)
    }

    /// Forms as the views need them: what strong and weak views may lead to.
    pub(crate) fn uses(&self) -> impl Iterator<Item = (&str, FormUse)> {
        self.iter().map(|f| {
            let mut uses = FormUse::empty();
            for m in f.meanings {
                uses |= match m.source {
                    // A disguised word inside a long phrase is reached through the word, not through two hundred thousand phrases.
                    Source::Predicate(_) if f.text.matches(' ').count() > 1 => FormUse::empty(),
                    Source::Group(_) | Source::Slur(_) => FormUse::STRONG | FormUse::WEAK | FormUse::NAMING | FormUse::SPOKEN,
                    Source::Predicate(_) => FormUse::STRONG | FormUse::WEAK | FormUse::SPOKEN,
                    Source::Operator(_) => FormUse::STRONG | FormUse::SPOKEN,
                    Source::Literal => FormUse::SPOKEN,
                    Source::Code(_) | Source::Innocent(_) => FormUse::empty(),
                };
            }
            (f.text, uses)
        })
    }

    /// Forms without a meaning, for tests of what only reads their texts.
    #[cfg(test)]
    pub(crate) fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms = Self::default();
        for text in texts {
            let text = forms.texts.intern(text);
            forms.list.push(FormEntry { text, end: 0 });
        }
        forms.texts.seal();
        forms
    }
}

/// Forms in the making.
struct Collector<'a> {
    symbols: &'a mut Symbols,
    texts: Texts,
    /// By text: the form that is spelled so, counted from 1.
    form_of: Vec<u32>,
    forms: Vec<TextId>,
    /// Each with its form.
    meanings: Vec<(u32, Meaning)>,
    lists: Vec<Box<[SymbolId]>>,
    list_numbers: FxHashMap<Box<[SymbolId]>, u32>,
    /// Lengths for which a list of symbols has its letters.
    registered: FxHashSet<(u32, usize)>,
    phrases: u32,
}

impl<'a> Collector<'a> {
    fn new(symbols: &'a mut Symbols) -> Self {
        Self {
            symbols,
            texts: Texts::default(),
            form_of: Vec::new(),
            forms: Vec::new(),
            meanings: Vec::new(),
            lists: Vec::new(),
            list_numbers: FxHashMap::default(),
            registered: FxHashSet::default(),
            phrases: 0,
        }
    }

    fn add_all(&mut self, source: Source, spellings: &[Spelling], bases: &[&str], kind: Option<Kind>) {
        // Forms of one entry that agree in form and person have the same symbols: naming them anew for each was half of the time.
        let mut known: FxHashMap<(Form, Option<Person>), u32> = FxHashMap::default();
        for spelling in spellings {
            let list = *known.entry((spelling.form, spelling.person)).or_insert_with(|| self.list(symbols_of(self.symbols, bases, kind, spelling)));
            self.add(source, spelling, list);
        }
    }

    /// The number of a list of symbols.
    fn list(&mut self, ids: Vec<SymbolId>) -> u32 {
        if let Some(number) = self.list_numbers.get(ids.as_slice()) {
            return *number;
        }
        let number = self.lists.len() as u32;
        self.lists.push(ids.clone().into());
        self.list_numbers.insert(ids.into(), number);
        number
    }

    fn add(&mut self, source: Source, spelling: &Spelling, list: u32) {
        match spelling.text.split_once('…') {
            Some((head, tail)) => {
                let phrase = self.phrases;
                self.phrases += 1;
                let length = fold_word(head).split(' ').count() + fold_word(tail).split(' ').count();
                let filled = self.symbols.get("FILLED");
                for hole in 1..=4 {
                    self.register(list, length + hole);
                    if let Some(filled) = filled {
                        self.symbols.register(filled, length + hole);
                    }
                }
                self.put(source, head, spelling, Some(Part { phrase, tail: false }), list);
                self.put(source, tail, spelling, Some(Part { phrase, tail: true }), list);
            }
            None => {
                if let Some(length) = self.put(source, &spelling.text, spelling, None, list) {
                    let reach = if length > 1 && matches!(source, Source::Predicate(_)) { MAX_SKIPPED } else { 0 };
                    (length..=length + reach).for_each(|stretched| self.register(list, stretched));
                }
            }
        }
    }

    /// Gives every symbol of a list its letter for a length.
    fn register(&mut self, list: u32, length: usize) {
        if self.registered.insert((list, length)) {
            self.lists[list as usize].iter().for_each(|id| self.symbols.register(*id, length));
        }
    }

    fn put(&mut self, source: Source, text: &str, spelling: &Spelling, part: Option<Part>, list: u32) -> Option<usize> {
        let folded = fold_word(text);
        if folded.is_empty() {
            return None;
        }
        let length = folded.split(' ').count();
        let text_id = self.texts.intern(&folded);
        let spelled = self.texts.intern(&text.trim().to_lowercase());
        self.form_of.resize(self.texts.len(), 0);
        let form = &mut self.form_of[text_id.0 as usize];
        if *form == 0 {
            self.forms.push(text_id);
            *form = self.forms.len() as u32;
        }
        let meaning = Meaning { source, part, spelling: spelled, symbols: list, form: spelling.form, reflexive: spelling.reflexive };
        self.meanings.push((*form - 1, meaning));
        Some(length)
    }

    /// Brings the meanings of each form together, each once, in the order in which they came.
    fn finish(mut self) -> Forms {
        self.meanings.sort_by_key(|(form, _)| *form);
        let mut forms = Forms { list: Vec::with_capacity(self.forms.len()), meanings: Vec::with_capacity(self.meanings.len()), ..Forms::default() };
        let mut rest = self.meanings.as_slice();
        for (form, text) in self.forms.into_iter().enumerate() {
            let (of_form, others) = rest.split_at(rest.partition_point(|(f, _)| *f as usize <= form).min(rest.len()));
            rest = others;
            let start = forms.meanings.len();
            for (_, meaning) in of_form {
                if !forms.meanings[start..].contains(meaning) {
                    forms.meanings.push(*meaning);
                }
            }
            forms.list.push(FormEntry { text, end: forms.meanings.len() as u32 });
        }
        forms.meanings.shrink_to_fit();
        forms.lists = self.lists;
        self.texts.seal();
        forms.texts = self.texts;
        forms
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
