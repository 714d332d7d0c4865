//! Which constructions take which classes: the files of frames, one a construction or a family of them, down; classes across. An empty cell says by its
//! sign whether the construction has no use for the whole role, or leaves out this class alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use vigie_lexicon::pattern::{Item, Node, Symbol};
use vigie_lexicon::{Frame, Lexicon, Policy, Role};

use crate::paint::{Ink, Paint};

/// Class → kinds of headword that can fill it.
type Cells = BTreeMap<String, BTreeSet<String>>;

/// Construction → class → kinds of headword, for each file of frames and for each frame.
#[derive(Serialize)]
pub(super) struct Coverage {
    constructions: BTreeMap<String, Cells>,
    pub(super) frames: BTreeMap<String, Cells>,
    /// Class → frames that take it.
    pub(super) taken_by: BTreeMap<String, usize>,
    /// Class → its role, which explains empty cells.
    roles: BTreeMap<String, &'static str>,
}

impl Coverage {
    /// Reads the patterns of the live frames.
    pub(super) fn of(lexicon: &Lexicon) -> Self {
        let kinds = kinds(lexicon);
        let mut frames = BTreeMap::new();
        let mut constructions: BTreeMap<String, Cells> = BTreeMap::new();
        let mut taken_by: BTreeMap<String, usize> = lexicon.policy.classes.keys().map(|c| (c.clone(), 0)).collect();
        for frame in lexicon.frames.iter().filter(|f| f.common.status.is_live()) {
            let mut cells = BTreeMap::new();
            walk(&frame.pattern.items, &mut |name| cells_of(name, &lexicon.policy, &kinds, &mut cells));
            let construction = constructions.entry(construction(frame)).or_default();
            for (class, kinds) in &cells {
                *taken_by.entry(class.clone()).or_default() += 1;
                construction.entry(class.clone()).or_default().extend(kinds.iter().cloned());
            }
            frames.insert(frame.common.id.clone(), cells);
        }
        let roles = lexicon.policy.classes.values().map(|c| (c.name.clone(), c.role.code())).collect();
        Self { constructions, frames, taken_by, roles }
    }

    /// A matrix that fits a screen: one column a class, numbered.
    pub(super) fn print(&self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        writeln!(
            out,
            "{}",
            paint.ink(Ink::Title, "constructions × classes (n noun, a adjective, v verb, p phrase; · no use for the role, – this class alone left out)")
        )?;
        let columns: Vec<&String> = self.taken_by.keys().collect();
        for (i, class) in columns.iter().enumerate() {
            writeln!(out, "  {:>2} {class} ({}), in {} frames", i + 1, self.roles.get(*class).unwrap_or(&"?"), self.taken_by[*class])?;
        }
        write!(out, "{:<24}", "")?;
        (1..=columns.len()).try_for_each(|i| write!(out, "{i:>5}"))?;
        writeln!(out)?;
        for (construction, cells) in &self.constructions {
            write!(out, "{construction:<24}")?;
            for class in &columns {
                let kinds: String = cells.get(*class).into_iter().flatten().filter_map(|k| k.chars().next()).collect();
                let role_taken = cells.keys().any(|c| self.roles.get(c) == self.roles.get(*class));
                write!(
                    out,
                    "{:>5}",
                    if !kinds.is_empty() {
                        &kinds
                    } else if role_taken {
                        "–"
                    } else {
                        "·"
                    }
                )?;
            }
            writeln!(out)?;
        }
        writeln!(
            out,
            "\n– other classes of the role stand in this construction; this one is left out because it would say nothing of people there, or is written"
        )?;
        writeln!(out, "  as a concept of its own in the file. The same matrix frame by frame: --format json.")?;
        writeln!(out, "· the construction has no use for the role:")?;
        for role in Role::ALL {
            writeln!(out, "  {role}: {}", reason(*role))?;
        }
        Ok(())
    }
}

/// The file of a frame, without folder and ending: files are named for what their frames build.
fn construction(frame: &Frame) -> String {
    Path::new(&frame.common.place.file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Why most constructions leave a role out.
fn reason(role: Role) -> &'static str {
    match role {
        Role::Bearer => "a quality is said of the group (copula, apposition, comparison); it takes no object",
        Role::Agent => "a deed needs the group as its subject; the group as its object is a victim",
        Role::Target => "an act or a feeling needs the group as its object, and the author, a deontic or a wish behind it",
        Role::Victim => "never a finding: compassion, press, history",
        Role::Good => "only negated",
        Role::Event => "denied or praised, without a group in the clause",
    }
}

/// Kinds of headword that each class has.
fn kinds(lexicon: &Lexicon) -> BTreeMap<String, BTreeSet<String>> {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for predicate in &lexicon.predicates {
        kinds.entry(predicate.class.clone()).or_default().insert(predicate.kind.to_string());
    }
    kinds
}

/// The classes and kinds that a symbol of a pattern stands for: a class, a role, or every bad class.
fn cells_of(name: &str, policy: &Policy, kinds: &BTreeMap<String, BTreeSet<String>>, cells: &mut BTreeMap<String, BTreeSet<String>>) {
    let mut parts = name.split(':');
    let (base, kind) = (parts.next().unwrap_or_default(), parts.next());
    let holds = |class: &vigie_lexicon::Class| {
        class.name == base || class.role.code().to_uppercase() == base || (base == "BAD" && class.sign < 0 && matches!(class.role, Role::Bearer | Role::Agent))
    };
    for class in policy.classes.values().filter(|c| holds(c)) {
        let all = kinds.get(&class.name).into_iter().flatten();
        let found: Vec<&String> = all.filter(|k| kind.is_none_or(|asked| *k == asked)).collect();
        if !found.is_empty() {
            cells.entry(class.name.clone()).or_default().extend(found.into_iter().cloned());
        }
    }
}

/// Visits the concepts that a pattern asks for, not those that it excludes.
fn walk(items: &[Item], visit: &mut impl FnMut(&str)) {
    for item in items {
        match &item.node {
            Node::Token(any) => {
                for symbol in any.iter().flat_map(|c| &c.all) {
                    if let Symbol::Concept(name) = symbol {
                        visit(name);
                    }
                }
            }
            Node::Group(branches) => branches.iter().for_each(|b| walk(b, visit)),
            Node::Anchor(_) => {}
        }
    }
}
