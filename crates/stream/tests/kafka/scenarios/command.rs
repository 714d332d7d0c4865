//! The command itself, as an operator starts it: `vigie run` with no file, and in its environment nothing but the names that are fixed.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::field::Field;
use crate::support::worker::Worker;

const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The command beside this test program, where `cargo test --workspace` and `cargo build` put it; or why it cannot be used.
fn command() -> Result<PathBuf, String> {
    let program = std::env::current_exe().unwrap().parent().and_then(Path::parent).unwrap().join("vigie");
    let built = program.metadata().and_then(|m| m.modified()).map_err(|_| format!("{} is not there: cargo build", program.display()))?;
    let sources = ["text", "lexicon", "classifier", "stream", "vigie"].map(|name| newest(&Path::new(CRATES).join(name).join("src")));
    if sources.into_iter().any(|source| source > built) {
        return Err(format!("{} is older than its source: cargo build", program.display()));
    }
    Ok(program)
}

fn newest(folder: &Path) -> SystemTime {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap());
    entries.map(|e| if e.path().is_dir() { newest(&e.path()) } else { e.metadata().unwrap().modified().unwrap() }).max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// What `vigie scan` says of posts, by id: the pipeline without Kafka must agree with the one on Kafka.
fn scanned(program: &Path, bundle: &[&str], posts: &str) -> Vec<(String, &'static str)> {
    let mut command = Command::new(program);
    command.args(["scan", "--all", "--input", "jsonl"]).args(bundle).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut input, posts) = (child.stdin.take().unwrap(), posts.to_owned());
    let writer = std::thread::spawn(move || input.write_all(posts.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let outcome = |row: &Value| match (row["flagged"] == true, row["shadow"].as_array().is_some_and(|s| !s.is_empty())) {
        (true, _) => "flagged",
        (false, true) => "shadow",
        (false, false) => "clean",
    };
    let rows = String::from_utf8(output.stdout).unwrap();
    rows.lines().map(|line| serde_json::from_str(line).unwrap()).map(|row: Value| (row["id"].as_str().unwrap().to_owned(), outcome(&row))).collect()
}

/// Over TLS and SCRAM, with the fixed names and no others. At least once the lexicon inside the program judges, else the small one of the tests.
pub fn command_alone(field: &mut Field<'_>) {
    let program = match command() {
        Ok(program) => program,
        Err(why) => return field.did_not_run(&why),
    };
    field.create_all();
    field.secure();
    let folder = format!("{CRATES}/vigie/tests/bundle");
    let mut environment: Vec<(String, String)> =
        field.environment.iter().filter(|(name, _)| !name.ends_with("_SECS") && !name.ends_with("LANES")).cloned().collect();
    environment.extend([("VIGIE_KAFKA__INSTANCE_ID", "harness"), ("VIGIE_DELIVERY__LANES", "2")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let (bundle, posts): (&[&str], String) = if field.mode == "exactly_once" {
        environment.push(("VIGIE_LEXICONS__PATH".to_owned(), folder.clone()));
        let texts = ["les martiens sont des cafards", "bonjour", "les martiens arrivent"];
        (&["--lexicons", &folder], (0..300).map(|n| json!({"post_id": format!("p{n}"), "text": texts[n % 3]}).to_string() + "\n").collect())
    } else {
        (&[], std::fs::read_to_string(format!("{CRATES}/vigie/data/demo_posts.jsonl")).unwrap())
    };
    let lines = posts.lines().map(|line| (line, serde_json::from_str::<Value>(line).unwrap()));
    let mut records: Vec<_> = lines.map(|(line, post)| (post["post_id"].as_str().unwrap().to_owned(), line.to_owned())).collect();
    records.push(("broken".to_owned(), "{".to_owned()));
    // What `scan` tells as a bad line is a dead letter here.
    let scanned: BTreeMap<String, &str> = scanned(&program, bundle, &posts).into_iter().collect();
    records.iter().for_each(|(id, _)| field.expect(id, scanned.get(id).copied().unwrap_or("dead_lettered")));
    field.send(&records);
    let mut worker = Worker::start_program(&program, &["run"], &environment, field.logs.path());
    worker.wait_started();
    field.workers.push(worker);
    field.settle();
    assert!(field.count("flagged") > 0 && field.count("clean") > 0);
    field.counters_add_up();
    field.workers[0].wait_ready();
    field.stop_all();
}
