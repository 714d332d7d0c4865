//! How much a lexicon covers: per ground, per class, and which constructions which classes can fill. It counts; it judges nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::{Class, Frame, Ground, Kind, Lexicon, Role, Status};
use crate::pattern::Symbol;

/// How many entries there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ByStatus {
    pub proposed: usize,
    pub shadow: usize,
    pub active: usize,
    pub retired: usize,
}

impl ByStatus {
    fn add(&mut self, status: Status) {
        match status {
            Status::Proposed => self.proposed += 1,
            Status::Shadow => self.shadow += 1,
            Status::Active => self.active += 1,
            Status::Retired => self.retired += 1,
        }
    }

    /// All of them.
    pub fn total(self) -> usize {
        self.proposed + self.shadow + self.active + self.retired
    }
}

/// What there is for one ground.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct GroundStats {
    pub slurs: ByStatus,
    pub slur_headwords: usize,
    pub slur_forms: usize,
    pub groups: ByStatus,
    pub group_forms: usize,
    pub codes: ByStatus,
}

/// What there is for one class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ClassStats {
    pub entries: ByStatus,
    pub headwords: usize,
    pub forms: usize,
    /// Headwords by kind.
    pub kinds: BTreeMap<Kind, usize>,
    /// Active frames that can hold the class.
    pub frames: usize,
}

/// Which classes the frames of one construction can hold. A construction is a file of `frames/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Name of the file without folder and extension.
    pub construction: String,
    /// Active frames in it.
    pub frames: usize,
    /// For each class, in the order of [`Stats::classes`], how many of these frames can hold it.
    pub cells: Vec<usize>,
}

/// Everything `lexicon stats` prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Stats {
    pub grounds: BTreeMap<Ground, GroundStats>,
    pub classes: BTreeMap<String, ClassStats>,
    pub frames: ByStatus,
    pub stance_frames: ByStatus,
    pub clues: ByStatus,
    pub turns: usize,
    pub operators: usize,
    /// Spellings of operators and stance marks.
    pub marks: usize,
    pub innocents: usize,
    pub matrix: Vec<Row>,
    /// Why a class stays out of a construction, by construction and class.
    pub empty: BTreeMap<(String, String), String>,
}

impl Stats {
    /// Counts `lexicon`.
    pub fn of(lexicon: &Lexicon) -> Self {
        let mut stats = Self::default();
        for ground in Ground::ALL {
            stats.grounds.insert(*ground, GroundStats::default());
        }
        for slur in &lexicon.slurs {
            let ground = stats.grounds.entry(slur.ground).or_default();
            ground.slurs.add(slur.common.status);
            ground.slur_headwords += slur.headwords;
            ground.slur_forms += distinct(slur.spellings.iter().map(|s| s.text.as_str()));
        }
        for group in &lexicon.groups {
            let ground = stats.grounds.entry(group.ground).or_default();
            ground.groups.add(group.common.status);
            ground.group_forms += distinct(group.spellings.iter().map(|s| s.text.as_str()));
        }
        for code in &lexicon.codes {
            stats.grounds.entry(code.ground).or_default().codes.add(code.common.status);
        }
        for name in lexicon.policy.classes.keys() {
            stats.classes.insert(name.clone(), ClassStats::default());
        }
        for predicate in &lexicon.predicates {
            let class = stats.classes.entry(predicate.class.clone()).or_default();
            class.entries.add(predicate.common.status);
            class.headwords += predicate.headwords;
            class.forms += distinct(predicate.spellings.iter().map(|s| s.text.as_str()));
            *class.kinds.entry(predicate.kind).or_default() += predicate.headwords;
        }
        stats.operators = lexicon.operators.len();
        stats.marks = lexicon.operators.iter().map(|o| distinct(o.spellings.iter().map(|s| s.text.as_str()))).sum();
        stats.innocents = lexicon.innocents.len();
        lexicon.frames.iter().for_each(|f| stats.frames.add(f.common.status));
        lexicon.stance_frames.iter().for_each(|f| stats.stance_frames.add(f.common.status));
        lexicon.clues.iter().for_each(|c| stats.clues.add(c.common.status));
        stats.turns = lexicon.turns.len();
        stats.fill_matrix(lexicon);
        stats
    }

    fn fill_matrix(&mut self, lexicon: &Lexicon) {
        let mut rows: BTreeMap<String, Vec<BTreeMap<&str, BTreeSet<Kind>>>> = BTreeMap::new();
        for frame in lexicon.frames.iter().filter(|f| f.common.status == Status::Active) {
            rows.entry(construction(frame)).or_default().push(holds(frame, lexicon));
        }
        for (construction, frames) in rows {
            let mut cells = Vec::with_capacity(self.classes.len());
            for (name, class) in &mut self.classes {
                let asked: Vec<&BTreeSet<Kind>> = frames.iter().filter_map(|f| f.get(name.as_str())).collect();
                let filled = asked.iter().filter(|kinds| kinds.iter().any(|k| class.kinds.contains_key(k))).count();
                class.frames += filled;
                if filled == 0 {
                    let reason = lexicon.policy.classes.get(name).map_or_else(String::new, |c| why_empty(c, &asked));
                    self.empty.insert((construction.clone(), name.clone()), reason);
                }
                cells.push(filled);
            }
            self.matrix.push(Row { construction, frames: frames.len(), cells });
        }
    }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.collect::<BTreeSet<_>>().len()
}

fn construction(frame: &Frame) -> String {
    let name = frame.common.place.file.rsplit('/').next().unwrap_or_default();
    name.trim_end_matches(".toml").to_owned()
}

/// The classes that a frame can hold, with the kinds it takes them in.
fn holds<'a>(frame: &Frame, lexicon: &'a Lexicon) -> BTreeMap<&'a str, BTreeSet<Kind>> {
    const KINDS: [Kind; 4] = [Kind::Noun, Kind::Adj, Kind::Verb, Kind::Phrase];
    let mut out: BTreeMap<&str, BTreeSet<Kind>> = BTreeMap::new();
    for symbol in crate::load::asked(&frame.pattern) {
        let Symbol::Concept(name) = symbol else { continue };
        let mut parts = name.split(':');
        let base = parts.next().unwrap_or_default();
        let kind = parts.next().and_then(|k| k.parse::<Kind>().ok());
        for (class_name, class) in &lexicon.policy.classes {
            if base == class_name || names_role(base, class) {
                out.entry(class_name).or_default().extend(KINDS.iter().filter(|k| kind.is_none_or(|asked| asked == **k)));
            }
        }
    }
    out
}

/// Whether a built-in concept stands for the role of `class`.
fn names_role(concept: &str, class: &Class) -> bool {
    match concept {
        "BEARER" => class.role == Role::Bearer,
        "AGENT" => class.role == Role::Agent,
        "TARGET" => class.role == Role::Target,
        "VICTIM" => class.role == Role::Victim,
        "GOOD" => class.role == Role::Good,
        "EVENT" => class.role == Role::Event,
        "BAD" => class.sign < 0 && class.role != Role::Victim,
        _ => false,
    }
}

fn why_empty(class: &Class, asked: &[&BTreeSet<Kind>]) -> String {
    if let Some(kinds) = asked.first() {
        let kinds: Vec<&str> = kinds.iter().map(|k| k.code()).collect();
        return format!("no predicate of kind {}", kinds.join(", "));
    }
    match class.role {
        Role::Victim => "victims make no finding".to_owned(),
        Role::Event => "said of crimes, not of people".to_owned(),
        _ => "no frame asks for it".to_owned(),
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:>5} {:>6} {:>6} {:>6} {:>6} {:>9} {:>6} {:>8} {:>6}",
            "ground", "group", "slurs", "active", "shadow", "words", "forms", "groups", "names", "codes"
        )?;
        for (ground, g) in &self.grounds {
            let legal = match ground.legal_group() {
                crate::model::LegalGroup::A => "A",
                crate::model::LegalGroup::B => "B",
                crate::model::LegalGroup::C => "C",
                crate::model::LegalGroup::Zero => "0",
            };
            writeln!(
                f,
                "{:<20} {legal:>5} {:>6} {:>6} {:>6} {:>6} {:>9} {:>6} {:>8} {:>6}",
                ground.code(),
                g.slurs.total(),
                g.slurs.active,
                g.slurs.shadow,
                g.slur_headwords,
                g.slur_forms,
                g.groups.total(),
                g.group_forms,
                g.codes.total()
            )?;
        }
        writeln!(
            f,
            "\n{:<20} {:>7} {:>6} {:>9} {:>6} {:>6} {:>6} {:>6} {:>7}",
            "class", "entries", "words", "forms", "noun", "adj", "verb", "phrase", "frames"
        )?;
        for (name, c) in &self.classes {
            let of = |kind: Kind| c.kinds.get(&kind).copied().unwrap_or_default();
            let (noun, adj, verb, phrase) = (of(Kind::Noun), of(Kind::Adj), of(Kind::Verb), of(Kind::Phrase));
            writeln!(f, "{name:<20} {:>7} {:>6} {:>9} {noun:>6} {adj:>6} {verb:>6} {phrase:>6} {:>7}", c.entries.total(), c.headwords, c.forms, c.frames)?;
        }
        let entries: usize = self.classes.values().map(|c| c.entries.total()).sum();
        let words: usize = self.classes.values().map(|c| c.headwords).sum();
        writeln!(
            f,
            "\n{entries} predicates with {words} headwords; {} operators with {} marks; {} innocent phrases",
            self.operators, self.marks, self.innocents
        )?;
        for (what, s) in [("frames", self.frames), ("stance frames", self.stance_frames), ("clues", self.clues)] {
            writeln!(f, "{} {what}: {} active, {} shadow, {} proposed, {} retired", s.total(), s.active, s.shadow, s.proposed, s.retired)?;
        }
        writeln!(f, "{} turns", self.turns)?;
        write_matrix(self, f)
    }
}

/// The matrix of constructions and classes, and its empty cells by reason.
fn write_matrix(stats: &Stats, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if stats.matrix.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nactive frames of each construction that can hold each class")?;
    let width = stats.matrix.iter().map(|r| r.construction.chars().count()).max().unwrap_or_default();
    let longest = stats.classes.keys().map(String::len).max().unwrap_or_default();
    // Class names stand upright above their columns.
    for line in 0..longest {
        write!(f, "{:<width$}", "")?;
        for class in stats.classes.keys() {
            write!(f, "  {}", class.chars().nth((line + class.len()).wrapping_sub(longest)).unwrap_or(' '))?;
        }
        writeln!(f)?;
    }
    for row in &stats.matrix {
        write!(f, "{:<width$}", row.construction)?;
        for count in &row.cells {
            if *count == 0 { write!(f, "  ·")? } else { write!(f, " {count:>2}")? }
        }
        writeln!(f)?;
    }
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for ((construction, class), reason) in &stats.empty {
        reasons.entry((construction, reason)).or_default().push(class);
    }
    writeln!(f, "\nempty cells")?;
    for ((construction, reason), classes) in reasons {
        writeln!(f, "{construction}: {reason}: {}", classes.join(", "))?;
    }
    Ok(())
}
