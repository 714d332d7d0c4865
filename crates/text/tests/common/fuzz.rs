//! Fuzzing on stable Rust, for every crate: a kept corpus, broken in the ways that break parsers, many times; what fails is made small and printed
//! as a line for the corpus. Included by path, so that no crate depends on another for its tests.
#![allow(dead_code)] // each crate uses a part of it

use std::cell::Cell;
use std::path::Path;
use std::time::Instant;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Inputs of a corpus file: one a line, bytes outside of printable ASCII escaped as Rust does. `#` begins a remark.
pub(crate) fn corpus(path: &Path) -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().filter(|line| !line.starts_with('#')).map(unescape).collect()
}

fn unescape(line: &str) -> Vec<u8> {
    let (mut out, mut bytes) = (Vec::new(), line.bytes());
    while let Some(byte) = bytes.next() {
        let escaped = match byte {
            b'\\' => match bytes.next() {
                Some(b'n') => b'\n',
                Some(b't') => b'\t',
                Some(b'r') => b'\r',
                Some(b'x') => {
                    let digits: Vec<u8> = bytes.by_ref().take(2).collect();
                    u8::from_str_radix(&String::from_utf8_lossy(&digits), 16).unwrap_or_else(|e| panic!("{line}: {e}"))
                }
                Some(other) => other,
                None => panic!("{line}: ends in a backslash"),
            },
            other => other,
        };
        out.push(escaped);
    }
    out
}

/// One change: what to do, where, and with what, all taken modulo what there is.
type Change = (u8, u16, u16);

/// An input is no longer than this after its changes, unless the corpus has it longer.
const LONG: usize = 4096;

/// Inputs made of the corpus: each with up to a dozen changes, in which `pieces` are put in too.
pub(crate) fn broken(corpus: Vec<Vec<u8>>, pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec(any::<Change>(), 0..12);
    (any::<u16>(), changes).prop_map(move |(seed, changes)| {
        let mut input = corpus[usize::from(seed) % corpus.len()].clone();
        for (what, at, with) in changes {
            change(&mut input, what, usize::from(at), usize::from(with), &corpus, pieces);
        }
        input
    })
}

fn change(input: &mut Vec<u8>, what: u8, at: usize, with: usize, corpus: &[Vec<u8>], pieces: &[&str]) {
    let at = at % (input.len() + 1);
    let end = (at + with % 40).min(input.len());
    match what % 12 {
        0 if at < input.len() => input[at] ^= 1 << (with % 8),
        1 if at < input.len() => input[at] = with as u8,
        2 => drop(input.drain(at..end)),
        3 => input.truncate(at),
        4 => {
            // A stretch again and again: what should cost as much each time.
            let part = input[at..end].to_vec();
            for _ in 0..with % 64 {
                if input.len() + part.len() > LONG {
                    break;
                }
                input.splice(at..at, part.iter().copied());
            }
        }
        5 => {
            let other = &corpus[with % corpus.len()];
            input.truncate(at);
            input.extend_from_slice(&other[at.min(other.len())..]);
        }
        6 => {
            let scalar = char::from_u32((with as u32).wrapping_mul(0x11) % 0x11_0000).unwrap_or('\u{FFFD}');
            input.splice(at..at, scalar.to_string().into_bytes());
        }
        _ if !pieces.is_empty() => drop(input.splice(at..at, pieces[with % pieces.len()].bytes())),
        _ => {}
    }
}

/// As text: what is not UTF-8 is replaced.
pub(crate) fn broken_text(corpus: Vec<Vec<u8>>, pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    broken(corpus, pieces).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Runs `check` so many times: `full` with `VIGIE_FUZZ=full`, else a hundredth of it. `VIGIE_FUZZ_SEED` runs other inputs than last time.
pub(crate) fn fuzz<I: AsRef<[u8]> + std::fmt::Debug>(name: &str, full: u32, inputs: impl Strategy<Value = I>, check: impl Fn(&I)) {
    let whole = std::env::var("VIGIE_FUZZ").is_ok_and(|v| v == "full");
    let cases = if whole { full } else { full / 100 };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 5_000, ..Config::default() };
    let seed: u64 = std::env::var("VIGIE_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, random);
    let (total, worst, start) = (Cell::new(0_u64), Cell::new((0.0_f64, 0)), Instant::now());
    let result = runner.run(&inputs, |input| {
        let size = input.as_ref().len();
        let time = || {
            let start = Instant::now();
            check(&input);
            start.elapsed().as_nanos() as f64 / (size + 64) as f64
        };
        let mut taken = time();
        if taken > worst.get().0 {
            // Measured again: the machine may have been elsewhere.
            taken = taken.min(time()).min(time());
            if taken > worst.get().0 {
                worst.set((taken, size));
                if std::env::var_os("VIGIE_FUZZ_SHOW").is_some() {
                    println!("{taken:.0} ns a byte: {}", input.as_ref().escape_ascii());
                }
            }
        }
        total.set(total.get() + size as u64);
        Ok(())
    });
    if let Err(proptest::test_runner::TestError::Fail(why, input)) = &result {
        panic!("{name}: {why}\nadd this line to the corpus:\n{}", input.as_ref().escape_ascii());
    }
    result.unwrap_or_else(|e| panic!("{name}: {e}"));
    let (nanos, size) = worst.get();
    println!(
        "fuzz {name}: {cases} executions, {} MB in {:.0} s, dearest input {nanos:.0} ns a byte ({size} bytes)",
        total.get() / 1_000_000,
        start.elapsed().as_secs_f64()
    );
}
