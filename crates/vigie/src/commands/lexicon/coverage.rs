//! Which constructions take which classes: frames down, classes across. An empty cell is either a role that the frame has no use for, or a gap.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;
use vigie_lexicon::pattern::{Item, Node, Symbol};
use vigie_lexicon::{Lexicon, Policy, Role, Status};

use crate::paint::{Ink, Paint};

/// Frame → class → kinds of headword that can fill it.
#[derive(Serialize)]
pub(super) struct Coverage {
    pub(super) frames: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
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
        let mut taken_by: BTreeMap<String, usize> = lexicon.policy.classes.keys().map(|c| (c.clone(), 0)).collect();
        for frame in lexicon.frames.iter().filter(|f| matches!(f.common.status, Status::Active | Status::Shadow)) {
            let mut cells = BTreeMap::new();
            walk(&frame.pattern.items, &mut |name| cells_of(name, &lexicon.policy, &kinds, &mut cells));
            for class in cells.keys() {
                *taken_by.entry(class.clone()).or_default() += 1;
            }
            frames.insert(frame.common.id.clone(), cells);
        }
        let roles = lexicon.policy.classes.values().map(|c| (c.name.clone(), c.role.code())).collect();
        Self { frames, taken_by, roles }
    }

    /// A matrix that fits a screen: one column a class, numbered.
    pub(super) fn print(&self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        writeln!(out, "{}", paint.ink(Ink::Title, "constructions × classes (a letter per kind: n noun, a adjective, v verb, p phrase; · not taken)"))?;
        let columns: Vec<&String> = self.taken_by.keys().collect();
        for (i, class) in columns.iter().enumerate() {
            writeln!(out, "  {:>2} {class} ({}), in {} frames", i + 1, self.roles.get(*class).unwrap_or(&"?"), self.taken_by[*class])?;
        }
        write!(out, "{:<44}", "")?;
        (1..=columns.len()).try_for_each(|i| write!(out, "{i:>4}"))?;
        writeln!(out)?;
        for (frame, cells) in &self.frames {
            write!(out, "{:<44}", frame.strip_prefix("fr.frame.").unwrap_or(frame))?;
            for class in &columns {
                let kinds: String = cells.get(*class).into_iter().flatten().filter_map(|k| k.chars().next()).collect();
                write!(out, "{:>4}", if kinds.is_empty() { "·" } else { &kinds })?;
            }
            writeln!(out)?;
        }
        writeln!(out, "\nempty cells, by role of the class:")?;
        for role in Role::ALL {
            writeln!(out, "  {role}: {}", reason(*role))?;
        }
        Ok(())
    }
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
