//! The real binary on a lexicon of a pocket's size: rows of data in, output and exit codes out.

mod backtest;
mod curation;
#[cfg(feature = "kafka")]
mod demo;
mod eval;
mod explain;
mod scan;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a call printed and how it ended.
struct Ran {
    out: String,
    err: String,
    code: i32,
}

impl Ran {
    /// Standard output as JSON Lines.
    fn rows(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("JSON Lines")).collect()
    }
}

/// Runs `vigie` with `arguments`, `input` on standard input.
fn vigie(arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that ends before it has read everything is in its right.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the input was offered");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { out: text(output.stdout), err: text(output.stderr), code: output.status.code().expect("an exit code") }
}

/// The lexicon of these tests.
fn bundle() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundle").display().to_string()
}

/// A copy of it in a folder of the caller's.
fn copied(to: &Path) -> PathBuf {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let path = entry.expect("an entry").path();
            let target = to.join(path.file_name().expect("a name"));
            if path.is_dir() {
                copy(&path, &target);
            } else {
                std::fs::copy(&path, &target).expect("a copy");
            }
        }
    }
    let target = to.join("bundle");
    copy(Path::new(&bundle()), &target);
    target
}

/// Replaces `from` by `to` in one file.
fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).expect("readable");
    assert!(text.contains(from), "{} has no `{from}`", path.display());
    std::fs::write(path, text.replace(from, to)).expect("writable");
}
