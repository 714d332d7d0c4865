//! Writes the Grafana boards and the table of metrics again: `cargo run -p vigie-checks`, after a change of the catalogue or of `boards.rs`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    match write() {
        Ok(count) => {
            println!("{count} files written");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("vigie-checks: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<usize, String> {
    let root = vigie_checks::root();
    let files = vigie_checks::generated(&vigie_checks::catalogue::Catalogue::read(&root)?);
    for (path, bytes) in &files {
        std::fs::write(root.join(path), bytes).map_err(|e| format!("{path}: {e}"))?;
    }
    Ok(files.len())
}
