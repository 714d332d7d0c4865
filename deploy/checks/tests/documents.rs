//! What the documents point at is there: links between pages, and paths of the checkout that they name.

use std::fs;
use std::path::{Path, PathBuf};

use vigie_checks::root;

/// Folders in which a path in backticks is one of the checkout.
const FOLDERS: &[&str] = &["crates/", "config/", "deploy/", "docs/", "lexicons/", "schemas/", "benches/", ".ci/"];

fn pages(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() && name != "target" && name != ".git" {
            pages(&path, into);
        } else if name.ends_with(".md") {
            into.push(path);
        }
    }
}

/// Targets of `[text](target)`, without anchors; those of other sites left out.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.filter(|t| !t.contains("://") && !t.starts_with('#') && !t.contains(' ')).map(|t| t.split('#').next().unwrap_or(t))
}

/// Paths in backticks. A capital letter or an ellipsis marks a placeholder.
fn paths(page: &str) -> impl Iterator<Item = &str> {
    let quoted = page.split('`').skip(1).step_by(2);
    let path = |q: &&str| FOLDERS.iter().any(|f| q.starts_with(f)) && q.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "./_-".contains(c));
    quoted.filter(path)
}

#[test]
fn links_and_paths_lead_somewhere() {
    let mut all = Vec::new();
    pages(&root(), &mut all);
    assert!(all.len() > 5, "only {} pages found", all.len());
    let mut faults = Vec::new();
    for page in all {
        let text = fs::read_to_string(&page).expect("a page can be read");
        let here = page.parent().expect("a page stands in a folder");
        let missing = links(&text).filter(|l| !here.join(l).exists()).chain(paths(&text).filter(|p| !root().join(p).exists()));
        faults.extend(missing.map(|target| format!("{}: {target} is not there", page.strip_prefix(root()).unwrap_or(&page).display())));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
