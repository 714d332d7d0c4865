//! Tables of RESULTS.md, from the rounds.

use crate::Candidate;

/// The median of `values`.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How many times longer `of` takes than `than`, round by round.
fn ratio(of: &Candidate<'_>, than: &Candidate<'_>) -> f64 {
    median(of.rounds.iter().zip(&than.rounds).map(|(a, b)| a / b).collect())
}

/// Every candidate with its speed, and how many times faster Vigie is.
pub(crate) fn table(title: &str, bytes: usize, all: &[Candidate<'_>]) {
    println!("\n### {title}\n");
    println!("| | MB/s | counted | Vigie on clean posts is … times as fast | on mixed posts |\n|---|---:|---:|---:|---:|");
    let (clean, mixed) = (&all[0], &all[1]);
    for c in all {
        let speed = bytes as f64 / median(c.rounds.clone()) * 1e3;
        println!("| {} | {speed:.0} | {} | {:.2} | {:.2} |", c.name, c.count, ratio(c, clean), ratio(c, mixed));
    }
}

/// Every candidate against the first.
pub(crate) fn against_first(title: &str, all: &[Candidate<'_>]) {
    println!("\n### {title}\n\n| | ms | times the first |\n|---|---:|---:|");
    for c in all {
        println!("| {} | {:.2} | {:.2} |", c.name, median(c.rounds.clone()) / 1e6, ratio(c, &all[0]));
    }
}
