//! Examples of entries: slots such as `{les pl}` filled with a group, brackets turned into a span. Whether an example holds is the classifier's to say.

use vigie_text::Span;

use crate::model::{Form, Group};
use crate::reader::suggest;

/// A parsed example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
    Open,
    Close,
}

/// A place for the name of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    determiner: Option<Determiner>,
    plural: bool,
    feminine: bool,
}

/// The word in front of the name, whatever its gender and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Determiner {
    Definite,
    Indefinite,
    Demonstrative,
    De,
    DeDefinite,
    A,
    ADefinite,
    Que,
}

/// What is wrong with an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleError {
    /// Byte of the example.
    pub at: usize,
    /// For a person.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
}

/// A sentence to run, and what must be shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expanded {
    /// The sentence, without brackets and slots.
    pub text: String,
    /// What stood in brackets.
    pub span: Option<Span>,
}

const DETERMINERS: &[(&str, Determiner)] = &[
    ("le", Determiner::Definite),
    ("la", Determiner::Definite),
    ("les", Determiner::Definite),
    ("un", Determiner::Indefinite),
    ("une", Determiner::Indefinite),
    ("des", Determiner::Indefinite),
    ("ce", Determiner::Demonstrative),
    ("cette", Determiner::Demonstrative),
    ("ces", Determiner::Demonstrative),
    ("de", Determiner::De),
    ("du", Determiner::DeDefinite),
    ("à", Determiner::A),
    ("aux", Determiner::ADefinite),
    ("que", Determiner::Que),
];
const SINGULAR_ONLY: &[&str] = &["le", "la", "un", "une", "ce", "cette", "du"];
const PLURAL_ONLY: &[&str] = &["les", "des", "ces", "aux"];

/// Fills the slots of `example` with `group`; `None` when the group has no form for one of them, or the example is malformed.
pub fn expand(example: &str, group: &Group) -> Option<Expanded> {
    Example::parse(example).ok()?.expand(group)
}

impl Example {
    /// Parses slots and brackets.
    pub fn parse(source: &str) -> Result<Self, ExampleError> {
        let error = |at: usize, message: &str| ExampleError { at, message: message.to_owned(), help: None };
        let (mut pieces, mut text, mut opened, mut closed) = (Vec::new(), String::new(), None, false);
        let mut flush = |text: &mut String, piece: Piece| {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(text)));
            }
            pieces.push(piece);
        };
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            match c {
                '{' => {
                    let Some(length) = source[at..].find('}') else { return Err(error(at, "`{` is not closed")) };
                    flush(&mut text, Piece::Slot(slot(&source[at + 1..at + length], at)?));
                    at += length;
                }
                '}' => return Err(error(at, "`}` without `{`")),
                '[' if opened.is_some() => return Err(error(at, "a second `[`: one span is shown")),
                '[' => {
                    opened = Some(at);
                    flush(&mut text, Piece::Open);
                }
                ']' if opened.is_none() || closed => return Err(error(at, "`]` without `[`")),
                ']' => {
                    closed = true;
                    flush(&mut text, Piece::Close);
                }
                _ => text.push(c),
            }
            at += source[at..].chars().next().map_or(1, char::len_utf8);
        }
        if let Some(at) = opened.filter(|_| !closed) {
            return Err(error(at, "`[` is not closed"));
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Ok(Self { pieces })
    }

    /// Whether the sentence is run over every group.
    pub fn has_slots(&self) -> bool {
        self.pieces.iter().any(|p| matches!(p, Piece::Slot(_)))
    }

    /// Whether an exact span is asked for.
    pub fn has_brackets(&self) -> bool {
        self.pieces.contains(&Piece::Open)
    }

    /// The sentence with `group` in every slot; `None` when it has no form that fits.
    pub fn expand(&self, group: &Group) -> Option<Expanded> {
        self.render(Some(group))
    }

    /// The sentence itself; `None` when it has slots.
    pub fn plain(&self) -> Option<Expanded> {
        self.render(None)
    }

    fn render(&self, group: Option<&Group>) -> Option<Expanded> {
        let (mut out, mut start, mut span) = (String::new(), 0, None);
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Open => start = out.len(),
                Piece::Close => span = Some(Span::new(start, out.len())),
                Piece::Slot(slot) => fill(&mut out, *slot, group?)?,
            }
        }
        Some(Expanded { text: out, span })
    }
}

impl Group {
    /// The first name of this number, feminine if asked, else masculine with the feminine as a second choice.
    pub fn filler(&self, plural: bool, feminine: bool) -> Option<(&str, Form)> {
        let (masculine, feminine_form) = if plural { (Form::MPl, Form::FPl) } else { (Form::MSg, Form::FSg) };
        let of = |form: Form| self.spellings.iter().find(|s| s.form == form).map(|s| (s.text.as_str(), form));
        if feminine { of(feminine_form) } else { of(masculine).or_else(|| of(feminine_form)) }
    }
}

fn slot(source: &str, at: usize) -> Result<Slot, ExampleError> {
    let known = || DETERMINERS.iter().map(|(word, _)| *word).collect::<Vec<_>>();
    let (word, number) = source.trim().split_once(' ').map_or((None, source.trim()), |(d, n)| (Some(d), n.trim()));
    let (plural, feminine) = match number {
        "sg" => (false, false),
        "pl" => (true, false),
        "f.sg" => (false, true),
        "f.pl" => (true, true),
        _ => return Err(ExampleError { at, message: format!("unknown slot `{{{source}}}`"), help: Some(suggest(number, &["sg", "pl", "f.sg", "f.pl"])) }),
    };
    let Some(word) = word else { return Ok(Slot { determiner: None, plural, feminine }) };
    let Some((_, determiner)) = DETERMINERS.iter().find(|(w, _)| *w == word) else {
        return Err(ExampleError { at, message: format!("unknown word `{word}` in slot `{{{source}}}`"), help: Some(suggest(word, &known())) });
    };
    if (plural && SINGULAR_ONLY.contains(&word)) || (!plural && PLURAL_ONLY.contains(&word)) {
        let message = format!("`{word}` does not go with `{number}` in slot `{{{source}}}`");
        return Err(ExampleError { at, message, help: Some(if plural { "les pl, des pl, ces pl, aux pl" } else { "le sg, un sg, ce sg, du sg" }.to_owned()) });
    }
    Ok(Slot { determiner: Some(*determiner), plural, feminine })
}

/// Writes determiner and name, in agreement with each other and with what stands in front.
fn fill(out: &mut String, slot: Slot, group: &Group) -> Option<()> {
    let (name, form) = group.filler(slot.plural, slot.feminine)?;
    let before = last_word(out).map(str::to_lowercase);
    let determined = !matches!(slot.determiner, None | Some(Determiner::De | Determiner::A | Determiner::Que));
    if group.needs_det && !determined && !before.as_deref().is_some_and(is_determiner) {
        return None;
    }
    let (plural, masculine, elides) = (slot.plural, form == Form::MSg, elides(name));
    let definite = if plural {
        "les "
    } else if elides {
        "l'"
    } else if masculine {
        "le "
    } else {
        "la "
    };
    let mut written = match slot.determiner {
        None => String::new(),
        Some(Determiner::Definite) => definite.to_owned(),
        Some(Determiner::Indefinite) => if plural {
            "des "
        } else if masculine {
            "un "
        } else {
            "une "
        }
        .to_owned(),
        Some(Determiner::Demonstrative) => if plural {
            "ces "
        } else if !masculine {
            "cette "
        } else if elides {
            "cet "
        } else {
            "ce "
        }
        .to_owned(),
        Some(Determiner::De) => if elides { "d'" } else { "de " }.to_owned(),
        Some(Determiner::Que) => if elides { "qu'" } else { "que " }.to_owned(),
        Some(Determiner::A) => "à ".to_owned(),
        Some(Determiner::DeDefinite) => contracted("de", definite)?,
        Some(Determiner::ADefinite) => contracted("à", definite)?,
    };
    if let Some(word) = before.as_deref().filter(|_| out.ends_with(' '))
        && let Some(joined) = join(word, &written, elides)
    {
        let start = out.trim_end().len() - word.len();
        let capital = out[start..].starts_with(char::is_uppercase);
        out.truncate(start);
        written = if capital { capitalised(&joined) } else { joined };
    }
    let starts_sentence = out.is_empty() || [". ", "! ", "? ", "\n"].iter().any(|end| out.ends_with(end));
    let whole = format!("{written}{name}");
    out.push_str(&if starts_sentence { capitalised(&whole) } else { whole });
    Some(())
}

/// What `word` and the determiner after it become together; `None` when they stay apart.
fn join(word: &str, written: &str, elides: bool) -> Option<String> {
    match (word, written) {
        ("de" | "à", "le " | "les ") => contracted(word, written),
        ("de", "des ") => Some(if elides { "d'" } else { "de " }.to_owned()),
        ("de", "un " | "une ") => Some(format!("d'{written}")),
        ("que", "un " | "une ") => Some(format!("qu'{written}")),
        ("de" | "que" | "le" | "la" | "ne", "") if elides => Some(format!("{}'", word.trim_end_matches(['e', 'a']))),
        _ => None,
    }
}

fn contracted(preposition: &str, definite: &str) -> Option<String> {
    Some(match (preposition, definite) {
        ("de", "le ") => "du ".to_owned(),
        ("de", "les ") => "des ".to_owned(),
        ("à", "le ") => "au ".to_owned(),
        ("à", "les ") => "aux ".to_owned(),
        ("de" | "à", other) => format!("{preposition} {other}"),
        _ => return None,
    })
}

fn last_word(text: &str) -> Option<&str> {
    text.trim_end().rsplit(|c: char| !c.is_alphabetic()).next().filter(|w| !w.is_empty())
}

fn is_determiner(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "le", "la", "les", "un", "une", "des", "du", "au", "aux", "ce", "cet", "cette", "ces", "mon", "ma", "mes", "ton", "ta", "tes", "son", "sa", "ses",
        "nos", "vos", "leur", "leurs",
    ];
    WORDS.contains(&word)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Whether `le`, `de` and `que` lose their vowel before `name`: a vowel or a mute h. Unknown words in h count as mute.
fn elides(name: &str) -> bool {
    const ASPIRATED: &[&str] = &[
        "halal", "handicap", "haoussa", "hard", "haredi", "harki", "hassid", "haut", "hazara", "hijab", "hip", "hmong", "holland", "hongr", "hors", "hugueno",
        "hutu",
    ];
    let folded = vigie_text::fold_word(name);
    match folded.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => !["onz", "ouist"].iter().any(|p| folded.starts_with(p)),
        Some('h') => !ASPIRATED.iter().any(|p| folded.starts_with(p)),
        Some('y') => folded.chars().nth(1).is_some_and(|c| !"aeiou".contains(c)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Common, Ground, Place, Spelling, Status};

    fn group(forms: [&str; 4], needs_det: bool) -> Group {
        let common = Common {
            id: "fr.group.test.one".into(),
            status: Status::Active,
            why: String::new(),
            source: String::new(),
            must_match: Vec::new(),
            must_not_match: Vec::new(),
            place: Place::default(),
            regions: Vec::new(),
            transparent: false,
            since: String::new(),
            rare_reason: None,
        };
        let spellings = [Form::MSg, Form::FSg, Form::MPl, Form::FPl].into_iter().zip(forms).filter(|(_, t)| !t.is_empty());
        let spellings = spellings.map(|(form, text)| Spelling { text: text.into(), form, person: None, reflexive: false }).collect();
        Group { common, ground: Ground::RacismOther, spellings, name: String::new(), needs_det, kin: false, insult_use: false }
    }

    #[test]
    fn slots_agree_elide_and_contract_and_brackets_give_the_span() {
        let vowel = group(["islandais", "islandaise", "islandais", "islandaises"], false);
        let plain = group(["breton", "bretonne", "bretons", "bretonnes"], false);
        let aspirated = group(["hongrois", "hongroise", "hongrois", "hongroises"], false);
        let feminine = group(["", "fille", "", "filles"], false);
        let det = group(["grand", "grande", "grands", "grandes"], true);
        let check = |example: &str, group: &Group, text: Option<&str>, shown: Option<&str>| {
            let expanded = expand(example, group);
            assert_eq!(expanded.as_ref().map(|e| e.text.as_str()), text, "{example}");
            let span = expanded.as_ref().and_then(|e| Some(&e.text[e.span?.range()]));
            assert_eq!(span, shown, "{example}");
        };
        check("{les pl} [sont là], non ?", &plain, Some("Les bretons sont là, non ?"), Some("sont là"));
        check("J'ai vu {le sg}", &vowel, Some("J'ai vu l'islandais"), None);
        check("J'ai vu {le sg}", &aspirated, Some("J'ai vu le hongrois"), None);
        check("J'ai vu {le sg}", &feminine, Some("J'ai vu la fille"), None);
        check("J'ai vu {un sg}", &feminine, Some("J'ai vu une fille"), None);
        check("J'ai vu {une f.sg}", &plain, Some("J'ai vu une bretonne"), None);
        check("J'ai vu {ce sg}", &vowel, Some("J'ai vu cet islandais"), None);
        check("J'ai vu {ce sg}", &plain, Some("J'ai vu ce breton"), None);
        check("Il parle {du sg}", &vowel, Some("Il parle de l'islandais"), None);
        check("Il parle {du sg}", &feminine, Some("Il parle de la fille"), None);
        check("Il parle {du sg}", &plain, Some("Il parle du breton"), None);
        check("Il parle {aux pl} et {de pl}", &vowel, Some("Il parle aux islandais et d'islandais"), None);
        check("Il parle [de {les pl}]", &plain, Some("Il parle des bretons"), Some("des bretons"));
        check("De {les pl}, on dit rien", &plain, Some("Des bretons, on dit rien"), None);
        check("Oui à {les pl} et à {le sg} que {un sg}", &plain, Some("Oui aux bretons et au breton qu'un breton"), None);
        check("Rien de {un sg}, de {pl}", &vowel, Some("Rien d'un islandais, d'islandais"), None);
        check("rien que {f.pl}", &vowel, Some("rien qu'islandaises"), None);
        check("Non. {ces pl} !", &vowel, Some("Non. Ces islandais !"), None);
        check("{un sg}", &group(["", "", "tous", ""], false), None, None);
        check("trop de {pl}", &det, None, None);
        check("Vos {pl}", &det, Some("Vos grands"), None);
        check("aucun slot", &det, Some("aucun slot"), None);
    }

    #[test]
    fn a_malformed_example_says_where() {
        let check = |example: &str, at: usize, part: &str| {
            let error = Example::parse(example).expect_err(example);
            assert_eq!(error.at, at, "{example}: {}", error.message);
            assert!(error.message.contains(part), "{example}: {}", error.message);
        };
        check("é {les pl", 3, "not closed");
        check("{les plur}", 0, "unknown slot");
        check("{lez pl}", 0, "unknown word `lez`");
        check("{les sg}", 0, "does not go with");
        check("[a] [b]", 4, "one span");
        check("[a", 0, "not closed");
        check("a]", 1, "without `[`");
        check("a}", 1, "without `{`");
    }
}
