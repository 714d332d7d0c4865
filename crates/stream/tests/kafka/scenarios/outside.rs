//! Clients written by others, in another language: they send the posts and read what came of them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::field::{Field, Record};
use crate::support::schema::Schemas;

/// A client in Python, made of nothing of ours.
const CLIENT: &[&str] = &["kafka-python==3.0.12", "lz4==4.4.5"];

/// Python with the client, installed once beside the build; or why it cannot be had.
fn python() -> Result<PathBuf, String> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let program = home.join("bin/python");
    let run = |command: &mut Command| match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("no reason given").to_owned()),
        Err(error) => Err(error.to_string()),
    };
    let has_it = || run(Command::new(&program).args(["-c", "import kafka, lz4.frame"]));
    if has_it().is_err() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        run(Command::new(&program).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(CLIENT))?;
        has_it()?;
    }
    Ok(program)
}

fn outside(python: &Path, verb: &str, field: &Field<'_>, kind: &str, input: &[Record]) -> Vec<(Option<String>, Value)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/outside.py");
    let mut command = Command::new(python);
    command.arg(script).args([verb, &field.cluster.bootstrap, &field.topic(kind)]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines: String = input.iter().map(|record| serde_json::to_string(record).unwrap() + "\n").collect();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "outside.py {verb}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let (key, payload): (Option<String>, Option<String>) = serde_json::from_str(line).unwrap();
            (key, payload.and_then(|p| serde_json::from_str(&p).ok()).unwrap_or(Value::Null))
        })
        .collect()
}

/// Posts come in transactions, a copy of each aborted, some with header names that are no UTF-8. Flags and dead letters are read and counted outside.
pub fn outside_clients(field: &mut Field<'_>) {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            println!("\n!!! outside_clients DID NOT RUN: {CLIENT:?} could not be installed: {why}\n");
            return;
        }
    };
    field.create_all();
    field.worker("w0");
    field.worker("w1");
    let posts = field.posts("a", if field.full { 50_000 } else { 3_000 });
    outside(&python, "produce", field, "posts", &posts);
    // Our own readers first: they know the law.
    field.settle();
    let schemas = Schemas::load();
    for (kind, outcome) in [("flags", "flagged"), ("shadow", "shadow"), ("dead", "dead_lettered")] {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for (key, value) in outside(&python, "read", field, kind, &[]) {
            let id = if kind == "dead" { key.unwrap() } else { schemas.event(value.to_string().as_bytes())["post"]["post_id"].as_str().unwrap().to_owned() };
            *found.entry(id).or_default() += 1;
        }
        let expected: Vec<&String> = field.sent.iter().filter(|(_, (o, _))| *o == outcome).map(|(id, _)| id).collect();
        assert!(found.keys().eq(expected), "{kind}: the outside reader sees other posts than were sent");
        assert!(found.values().all(|n| *n == 1), "{kind}: nothing broke, so nothing comes twice");
    }
    field.counters_add_up();
}
