//! Forms: each folded spelling searched for, and everything that it can mean.

mod collect;

use std::num::NonZeroU32;
use std::sync::Arc;

use vigie_lexicon::{Class, Form, Kind, Lexicon, Person, Role, Spelling};
use vigie_text::FormUse;

use crate::graphies::is_graphy;
use crate::symbols::{SymbolId, Symbols};
use crate::texts::{TextId, Texts};
use collect::Collector;

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

/// Half of a phrase with a hole: in one number, since every meaning has room for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part(NonZeroU32);

impl Part {
    fn new(phrase: u32, tail: bool) -> Self {
        Self(NonZeroU32::MIN.saturating_add(phrase << 1 | u32::from(tail)))
    }

    /// The phrase: its two halves share the number.
    pub(crate) fn phrase(self) -> u32 {
        (self.0.get() - 1) >> 1
    }

    /// Whether it is what stands after the hole.
    pub(crate) fn tail(self) -> bool {
        self.0.get() & 1 == 0
    }
}

/// One thing that a form can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) source: Source,
    pub(crate) part: Option<Part>,
    written: Written,
    pub(crate) form: Form,
    /// A reflexive verb without its pronoun.
    pub(crate) reflexive: bool,
}

/// How a meaning is spelled (lower case, with accents, as people write it), and what patterns can ask of it, as a number of [`Forms::lists`]. 27
/// and 21 bits, since there are a million: each spelling takes a byte at least, and there are fewer lists than letters, kinds and forms make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written([u16; 3]);

impl Written {
    /// Bits of a list, and of all.
    const LIST: u32 = 21;
    const ALL: u32 = 48;

    fn new(TextId(spelling): TextId, list: u32) -> Self {
        let all = u64::from(spelling) << Self::LIST | u64::from(list);
        Self([all as u16, (all >> 16) as u16, (all >> 32) as u16])
    }

    fn all(self) -> u64 {
        self.0.into_iter().rev().fold(0, |all, part| all << 16 | u64::from(part))
    }

    fn spelling(self) -> TextId {
        TextId((self.all() >> Self::LIST) as u32)
    }

    fn list(self) -> u32 {
        self.all() as u32 & ((1 << Self::LIST) - 1)
    }
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
    /// Collects the forms of every entry that can count today (active or shadow). Spellings that nobody asks for afterwards are taken out of the
    /// lexicon, entry by entry, so that they are never there twice.
    pub(crate) fn collect(lexicon: &mut Lexicon, literals: &[Arc<str>], symbols: &mut Symbols) -> Self {
        let mut forms = Collector::new(symbols, count(lexicon) + literals.len());
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
        for (i, e) in lexicon.predicates.iter_mut().enumerate() {
            let spellings = std::mem::take(&mut e.spellings);
            let Some(class) = lexicon.policy.classes.get(&e.class).filter(|_| e.common.status.is_live()) else { continue };
            let bases = bases_of(class);
            forms.add_all(Source::Predicate(i as u32), &spellings, &bases, Some(e.kind));
        }
        for (i, e) in lexicon.operators.iter_mut().enumerate() {
            let spellings = std::mem::take(&mut e.spellings);
            if e.common.status.is_live() {
                forms.add_all(Source::Operator(i as u32), &spellings, &[e.concept.as_str()], e.kind);
            }
        }
        for (i, e) in lexicon.codes.iter().enumerate().filter(|(_, e)| e.common.status.is_live()) {
            let folded: Vec<Spelling> = e.spellings.iter().filter(|s| !is_graphy(&s.text)).cloned().collect();
            forms.add_all(Source::Code(i as u32), &folded, &["CODE"], Some(e.kind));
        }
        for (i, e) in lexicon.innocents.iter_mut().enumerate() {
            let spellings = std::mem::take(&mut e.spellings);
            if e.common.status.is_live() {
                forms.add_all(Source::Innocent(i as u32), &spellings, &[], None);
            }
        }
        for word in literals {
            let spelling = Spelling { text: word.to_string(), form: Form::Inv, person: None, reflexive: false };
            forms.add_all(Source::Literal, &[spelling], &[&format!("={word}")], None);
        }
        forms.finish()
    }

    /// Whether there are more spellings or lists of symbols than a meaning has room for.
    pub(crate) fn overflow(&self) -> bool {
        self.lists.len() > 1 << Written::LIST || self.texts.len() > 1 << (Written::ALL - Written::LIST)
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
        self.symbols_of(meaning.written.list())
    }

    /// One of the distinct lists of symbols.
    pub(crate) fn symbols_of(&self, list: u32) -> &[SymbolId] {
        &self.lists[list as usize]
    }

    /// Which of the distinct lists of symbols that is.
    pub(crate) fn list(meaning: &Meaning) -> u32 {
        meaning.written.list()
    }

    /// The distinct lists of symbols, by number.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &[SymbolId]> {
        self.lists.iter().map(|list| &**list)
    }

    /// Whether a meaning of a form is written as the form is folded.
    pub(crate) fn is_folded(&self, form: u32, meaning: &Meaning) -> bool {
        self.list[form as usize].text == meaning.written.spelling()
    }

    /// How a meaning is written: lower case, with accents.
    pub(crate) fn spelling(&self, meaning: &Meaning) -> &str {
        self.texts.get(meaning.written.spelling())
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

/// About how many meanings there will be: a spelling has one, a phrase with a hole two.
fn count(lexicon: &Lexicon) -> usize {
    let counts = [
        lexicon.groups.iter().map(|e| e.spellings.len()).sum::<usize>(),
        lexicon.slurs.iter().map(|e| e.spellings.len()).sum(),
        lexicon.predicates.iter().map(|e| e.spellings.len()).sum(),
        lexicon.operators.iter().map(|e| e.spellings.len()).sum(),
        lexicon.innocents.iter().map(|e| e.spellings.len()).sum(),
    ];
    counts.iter().sum()
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
