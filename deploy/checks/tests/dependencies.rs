//! Who depends on whom, and under which licences: from `cargo metadata` for this platform. Where the sources are already downloaded, as they are
//! whenever the tests could be built, nothing here needs the network.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq};
use vigie_checks::root;

/// Licences that a dependency may have, each with its reason.
const ALLOWED: &[(&str, &str)] = &[
    ("Apache-2.0", "ours"),
    ("MIT", "ours"),
    ("MIT-0", "MIT without the duty to name"),
    ("BSD-2-Clause", "asks for the notice only"),
    ("BSD-3-Clause", "asks for the notice only"),
    ("ISC", "asks for the notice only"),
    ("Zlib", "asks that changes be marked"),
    ("0BSD", "asks for nothing"),
    ("BSL-1.0", "asks for the notice, in source only"),
    ("CC0-1.0", "public domain"),
    ("Unlicense", "public domain"),
    ("Unicode-3.0", "tables of Unicode: asks for the notice only"),
    ("Unicode-DFS-2016", "the older name of the same terms"),
    ("MPL-2.0", "by file: what we do not change asks for nothing more than where its source is"),
];

/// Crates whose field `license` is empty although their licence is known: name, licence, where it was read.
const READ_BY_HAND: &[(&str, &str, &str)] = &[];

/// Of each crate of ours, those it may use: dependencies point one way.
const MAY_USE: &[(&str, &[&str])] = &[
    ("vigie-text", &[]),
    ("vigie-lexicon", &["vigie-text"]),
    ("vigie-classifier", &["vigie-lexicon", "vigie-text"]),
    ("vigie-stream", &["vigie-classifier", "vigie-lexicon", "vigie-text"]),
    ("vigie", &["vigie-stream", "vigie-classifier", "vigie-lexicon", "vigie-text"]),
    ("vigie-benches", &["vigie-stream", "vigie-classifier", "vigie-lexicon", "vigie-text"]),
    ("vigie-checks", &[]),
];

/// What the pure crates must not reach by any path: clocks and randomness of others, sockets, Kafka, logs, metrics, runtimes.
const IMPURE: &[&str] = &[
    "tokio",
    "rdkafka",
    "rdkafka-sys",
    "axum",
    "hyper",
    "mio",
    "socket2",
    "prometheus",
    "tracing",
    "log",
    "rand",
    "getrandom",
    "chrono",
    "time",
    "rayon",
    "reqwest",
];

fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let rustc = Command::new(std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned())).arg("-vV").output().expect("rustc runs");
    let about = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let args = ["metadata", "--format-version", "1", "--locked", "--all-features", "--filter-platform", host];
    let out = Command::new(cargo).args(args).current_dir(root()).output().expect("cargo runs");
    assert!(out.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("cargo metadata speaks JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn allowed(requirement: &LicenseReq) -> bool {
    requirement.license.id().is_some_and(|id| ALLOWED.iter().any(|(name, _)| *name == id.name))
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let metadata = metadata();
    let (mut faults, mut count) = (Vec::new(), 0);
    for package in items(&metadata, "packages").filter(|p| !p["source"].is_null()) {
        count += 1;
        let (name, version) = (text(package, "name"), text(package, "version"));
        let by_hand = READ_BY_HAND.iter().find(|(n, ..)| *n == name).map(|(_, licence, _)| *licence);
        let licence = package["license"].as_str().or(by_hand).unwrap_or_default();
        // Old packages write "MIT/Apache-2.0" for a choice.
        match Expression::parse_mode(licence, spdx::ParseMode::LAX) {
            Ok(expression) if expression.evaluate(allowed) => {}
            Ok(_) => faults.push(format!("{name} {version}: {licence} is not allowed")),
            Err(error) => faults.push(format!("{name} {version}: no licence expression in {licence:?}: {error}")),
        }
    }
    assert!(count > 0, "no dependency seen");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    println!("{count} dependencies, every licence among the {} allowed", ALLOWED.len());
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    let mut faults = Vec::new();
    for package in items(&metadata, "packages").filter(|p| p["source"].is_null()) {
        let name = text(package, "name");
        let Some((_, may)) = MAY_USE.iter().find(|(n, _)| *n == name) else {
            faults.push(format!("{name}: a new crate; say in MAY_USE what it may use"));
            continue;
        };
        // Tests may look further than code.
        let uses = items(package, "dependencies").filter(|d| d["source"].is_null() && d["kind"] != "dev").map(|d| text(d, "name"));
        faults.extend(uses.filter(|u| !may.contains(u)).map(|u| format!("{name} must not use {u}")));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn pure_crates_reach_nothing_impure() {
    let metadata = metadata();
    let names: BTreeMap<&str, &str> = items(&metadata, "packages").map(|p| (text(p, "id"), text(p, "name"))).collect();
    let edges: BTreeMap<&str, Vec<&str>> = items(&metadata["resolve"], "nodes")
        .map(|node| {
            let normal = items(node, "deps").filter(|d| items(d, "dep_kinds").any(|k| k["kind"].is_null())).map(|d| text(d, "pkg"));
            (text(node, "id"), normal.collect())
        })
        .collect();
    for pure in ["vigie-text", "vigie-lexicon", "vigie-classifier"] {
        let mut waiting: Vec<&str> = names.iter().filter(|(_, name)| **name == pure).map(|(id, _)| *id).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                waiting.extend(edges.get(id).into_iter().flatten());
            }
        }
        let reached: Vec<&str> = seen.iter().map(|id| names[id]).filter(|name| IMPURE.contains(name)).collect();
        assert!(reached.is_empty(), "{pure} reaches {reached:?}");
        assert!(seen.len() > 1, "{pure}: no graph");
    }
}
