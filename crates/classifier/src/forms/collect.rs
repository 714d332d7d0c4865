//! Forms in the making: each folded spelling once, its meanings brought together at the end.

use rustc_hash::{FxHashMap, FxHashSet};
use vigie_lexicon::{Form, Kind, Person, Spelling};
use vigie_text::{Folded, fold};

use super::{FormEntry, Forms, Meaning, Part, Source, Written, form_names};
use crate::hits::MAX_SKIPPED;
use crate::symbols::{SymbolId, Symbols};
use crate::texts::{TextId, Texts};

/// Forms in the making.
pub(super) struct Collector<'a> {
    symbols: &'a mut Symbols,
    texts: Texts,
    /// By text: the form that is spelled so, counted from 1.
    form_of: Vec<u32>,
    forms: Vec<TextId>,
    /// In the order in which they came.
    meanings: Vec<Meaning>,
    /// By meaning: its form.
    of_meaning: Vec<u32>,
    lists: Vec<Box<[SymbolId]>>,
    list_numbers: FxHashMap<Box<[SymbolId]>, u32>,
    /// Lengths for which a list of symbols has its letters.
    registered: FxHashSet<(u32, usize)>,
    phrases: u32,
    folded: Folded,
    lower: String,
}

impl<'a> Collector<'a> {
    /// For about so many meanings.
    pub(super) fn new(symbols: &'a mut Symbols, meanings: usize) -> Self {
        Self {
            symbols,
            texts: Texts::default(),
            form_of: Vec::new(),
            forms: Vec::new(),
            meanings: Vec::with_capacity(meanings),
            of_meaning: Vec::with_capacity(meanings),
            lists: Vec::new(),
            list_numbers: FxHashMap::default(),
            registered: FxHashSet::default(),
            phrases: 0,
            folded: Folded::default(),
            lower: String::new(),
        }
    }

    /// Adds the spellings of one entry.
    pub(super) fn add_all(&mut self, source: Source, spellings: &[Spelling], bases: &[&str], kind: Option<Kind>) {
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
                let length = self.words(head) + self.words(tail);
                let filled = self.symbols.get("FILLED");
                for hole in 1..=4 {
                    self.register(list, length + hole);
                    if let Some(filled) = filled {
                        self.symbols.register(filled, length + hole);
                    }
                }
                self.put(source, head, spelling, Some(Part::new(phrase, false)), list);
                self.put(source, tail, spelling, Some(Part::new(phrase, true)), list);
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
        let length = self.words(text);
        let folded = self.folded.text().trim_matches(' ');
        if folded.is_empty() {
            return None;
        }
        let text_id = self.texts.intern(folded);
        let spelled = match text.trim() {
            lower if lower == folded => text_id,
            lower if lower.bytes().all(|b| b.is_ascii_lowercase() || b == b' ') => self.texts.intern(lower),
            other => {
                self.lower.clear();
                self.lower.push_str(&other.to_lowercase());
                self.texts.intern(&self.lower)
            }
        };
        self.form_of.resize(self.texts.len(), 0);
        let form = &mut self.form_of[text_id.0 as usize];
        if *form == 0 {
            self.forms.push(text_id);
            *form = self.forms.len() as u32;
        }
        let meaning = Meaning { source, part, written: Written::new(spelled, list), form: spelling.form, reflexive: spelling.reflexive };
        self.meanings.push(meaning);
        self.of_meaning.push(*form - 1);
        Some(length)
    }

    /// Folds a text, and counts its words: one where none is left.
    fn words(&mut self, text: &str) -> usize {
        fold(text, &mut self.folded);
        self.folded.text().trim_matches(' ').split(' ').count()
    }

    /// Brings the meanings of each form together, each once, in the order in which they came.
    pub(super) fn finish(mut self) -> Forms {
        self.registered = FxHashSet::default();
        self.list_numbers = FxHashMap::default();
        self.form_of = Vec::new();
        self.texts.seal();
        // By form: where its meanings begin in `order`, then where they end.
        let mut ends = vec![0_u32; self.forms.len() + 1];
        self.of_meaning.iter().for_each(|form| ends[*form as usize + 1] += 1);
        (1..ends.len()).for_each(|form| ends[form] += ends[form - 1]);
        let mut order = vec![0_u32; self.meanings.len()];
        for (meaning, form) in (0..).zip(&self.of_meaning) {
            let at = &mut ends[*form as usize];
            order[*at as usize] = meaning;
            *at += 1;
        }
        self.of_meaning = Vec::new();
        let (mut list, mut meanings): (Vec<FormEntry>, Vec<Meaning>) = (Vec::with_capacity(self.forms.len()), Vec::with_capacity(self.meanings.len()));
        let mut from = 0;
        for (text, end) in self.forms.into_iter().zip(ends) {
            let start = meanings.len();
            for meaning in &order[from..end as usize] {
                let meaning = &self.meanings[*meaning as usize];
                if !meanings[start..].contains(meaning) {
                    meanings.push(*meaning);
                }
            }
            from = end as usize;
            list.push(FormEntry { text, end: meanings.len() as u32 });
        }
        meanings.shrink_to_fit();
        Forms { texts: self.texts, list, meanings, lists: self.lists }
    }
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
