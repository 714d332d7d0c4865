//! `vigie replay`: rebuilds the verdict behind a flag from the text and the lexicon, or prints the exact difference. Same bytes, same revision, same verdict.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use vigie_classifier::{BEHAVIOUR, Classifier, Decision, Scratch};

use crate::bundle::Lexicons;
use crate::exit::Exit;
use crate::row;

/// Rebuild the verdict behind a flag, or show the exact difference.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A file with one flag.v1 or shadow.v1 message; `-` is standard input
    #[arg(long, value_name = "FILE")]
    flag: PathBuf,
    /// The post: its text, or a file that holds it. The one whose SHA-256 the flag names is taken
    #[arg(long, value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie replay --flag flag.json --text post.txt --lexicons lexicons/fr
  kafka-console-consumer … | head -1 | vigie replay --flag - --text post.txt

The exit code is 1 when anything differs: the text, the revision of the lexicon, the behaviour of the engine, or the verdict.";

/// Parts of a message that a verdict decides.
const PARTS: &[&str] = &["status", "verdict", "findings", "suppressed", "shadow", "explanation", "lexicon", "engine"];

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let flag = read_flag(&args.flag)?;
    let wanted = flag.get("content").and_then(|c| c.get("sha256")).and_then(Value::as_str).context("the flag has no content.sha256")?;
    let mut out = io::stdout().lock();
    let Some(text) = find_text(&args.text, wanted)? else {
        writeln!(out, "the text is not the one that was flagged: its SHA-256 is not {wanted}")?;
        return Ok(Exit::Gate);
    };
    let classifier = args.lexicons.classifier()?;
    let rebuilt = rebuild(&classifier, &text);
    let mut differences = Vec::new();
    for &part in PARTS {
        if let (Some(was), Some(is)) = (flag.get(part), rebuilt.get(part)) {
            compare(part, &shortened(&flag, part, was), is, &mut differences);
        }
    }
    for line in &differences {
        writeln!(out, "{line}")?;
    }
    let revision = &classifier.lexicon().revision;
    if differences.is_empty() {
        writeln!(out, "identical: the verdict was rebuilt from the text and lexicon {revision}")?;
        return Ok(Exit::Fine);
    }
    writeln!(out, "{} differences", differences.len())?;
    Ok(Exit::Gate)
}

fn read_flag(path: &Path) -> anyhow::Result<Map<String, Value>> {
    let source = if path == Path::new("-") { io::read_to_string(io::stdin()) } else { fs::read_to_string(path) };
    let source = source.with_context(|| path.display().to_string())?;
    match serde_json::from_str(&source) {
        Ok(Value::Object(flag)) => Ok(flag),
        Ok(_) => bail!("{}: not a JSON object", path.display()),
        // Where, not what: a flag holds somebody's post.
        Err(error) => bail!("{}:{}:{}: not one JSON object", path.display(), error.line(), error.column()),
    }
}

/// The text with this SHA-256: as given, or in the file of that name, with or without its last end of line.
fn find_text(given: &str, sha256: &str) -> anyhow::Result<Option<String>> {
    let mut candidates = vec![given.as_bytes().to_vec()];
    if Path::new(given).is_file() {
        let mut content = Vec::new();
        fs::File::open(given).and_then(|mut f| f.read_to_end(&mut content)).with_context(|| given.to_owned())?;
        let ends = [&b"\r\n"[..], b"\n"];
        candidates.extend(ends.iter().filter_map(|end| content.strip_suffix(*end)).map(<[u8]>::to_vec));
        candidates.push(content);
    }
    let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat();
    let found = candidates.into_iter().find(|bytes| hex(bytes).eq_ignore_ascii_case(sha256));
    found.map(|bytes| String::from_utf8(bytes).context("the text is not UTF-8")).transpose()
}

/// What a message would say today.
fn rebuild(classifier: &Classifier, text: &str) -> Value {
    let verdict = classifier.classify(text, &mut Scratch::default());
    let status = match verdict.decision {
        Decision::Flagged => "flagged",
        Decision::Shadow => "shadow",
        Decision::Clean => "withdrawn",
    };
    let lexicon = classifier.lexicon();
    let explanation = classifier.explanation(&verdict).filter(|_| verdict.decision != Decision::Clean);
    let withdrawn = verdict.decision == Decision::Clean;
    let findings = |list| if withdrawn { json!([]) } else { json!(row::findings(text, list)) };
    json!({
        "status": status,
        "verdict": {"hate": verdict.hate, "severity": verdict.severity, "grounds": verdict.grounds, "acts": verdict.acts, "obfuscation_flood": verdict.obfuscation_flood},
        "findings": findings(&verdict.findings),
        "suppressed": findings(&verdict.suppressed),
        "shadow": findings(&verdict.shadow),
        "explanation": explanation.map(|e| json!({"template": e.template, "text": e.text})),
        "lexicon": {"name": lexicon.bundle.name, "version": lexicon.bundle.version, "revision": lexicon.revision},
        "engine": {"behaviour": BEHAVIOUR},
    })
}

/// A list of a message that was cut for size is compared as far as it goes.
fn shortened(flag: &Map<String, Value>, part: &str, value: &Value) -> Value {
    let cut = flag.get("omitted").and_then(Value::as_u64).is_some_and(|n| n > 0) && value.is_array();
    if cut { json!({"first": value, "of": part}) } else { value.clone() }
}

/// Collects where two values differ. Keys that only one side has are of no concern to a verdict; a text that was left out is not compared.
fn compare(path: &str, was: &Value, is: &Value, out: &mut Vec<String>) {
    match (was, is) {
        (Value::Object(cut), Value::Array(all)) if cut.contains_key("first") => {
            let first = cut["first"].as_array().map_or(&[][..], Vec::as_slice);
            first.iter().zip(all).enumerate().for_each(|(i, (a, b))| compare(&format!("{path}[{i}]"), a, b, out));
        }
        (Value::Object(a), Value::Object(b)) => {
            for (key, was) in a {
                match b.get(key) {
                    Some(_) if key == "surface" && was.is_null() => {}
                    Some(is) => compare(&format!("{path}.{key}"), was, is, out),
                    None => {}
                }
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| compare(&format!("{path}[{i}]"), a, b, out));
            a.iter().enumerate().skip(b.len()).for_each(|(i, was)| out.push(format!("{path}[{i}]: flag {was}, rebuilt nothing")));
            b.iter().enumerate().skip(a.len()).for_each(|(i, is)| out.push(format!("{path}[{i}]: flag nothing, rebuilt {is}")));
        }
        _ if was == is => {}
        _ => out.push(format!("{path}: flag {was}, rebuilt {is}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_name_their_place_and_both_values() {
        let check = |was: Value, is: Value, expected: &[&str]| {
            let mut found = Vec::new();
            compare("x", &was, &is, &mut found);
            assert_eq!(found, expected);
        };
        check(json!({"a": 1, "more": 2}), json!({"a": 1}), &[]);
        check(json!({"a": [1, 2]}), json!({"a": [1, 3]}), &["x.a[1]: flag 2, rebuilt 3"]);
        check(json!([1, 2]), json!([1]), &["x[1]: flag 2, rebuilt nothing"]);
        check(json!([1]), json!([1, 2]), &["x[1]: flag nothing, rebuilt 2"]);
        check(json!({"surface": null}), json!({"surface": "mot"}), &[]);
        check(json!({"first": [1], "of": "findings"}), json!([1, 2]), &[]);
        check(json!({"first": [1], "of": "findings"}), json!([2]), &["x[0]: flag 1, rebuilt 2"]);
    }
}
