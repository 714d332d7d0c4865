//! Counts of right and wrong answers, and the ratios that people read. A ratio without a denominator is absent, not zero.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::SerializeMap;

/// Right and wrong answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Score {
    pub(super) tp: u64,
    pub(super) fp: u64,
    pub(super) false_negatives: u64,
    pub(super) tn: u64,
}

impl Score {
    /// Counts one answer.
    pub(super) fn count(&mut self, positive: bool, found: bool) {
        *match (positive, found) {
            (true, true) => &mut self.tp,
            (false, true) => &mut self.fp,
            (true, false) => &mut self.false_negatives,
            (false, false) => &mut self.tn,
        } += 1;
    }

    pub(super) fn n(self) -> u64 {
        self.tp + self.fp + self.false_negatives + self.tn
    }

    /// Of what was found, how much is right.
    pub(super) fn precision(self) -> Option<f64> {
        ratio(self.tp, self.tp + self.fp)
    }

    /// Of what should be found, how much was.
    pub(super) fn recall(self) -> Option<f64> {
        ratio(self.tp, self.tp + self.false_negatives)
    }

    /// Of what should not be found, how much was.
    pub(super) fn fpr(self) -> Option<f64> {
        ratio(self.fp, self.fp + self.tn)
    }

    pub(super) fn accuracy(self) -> Option<f64> {
        ratio(self.tp + self.tn, self.n())
    }

    /// Harmonic mean of precision and recall, of the positive class.
    pub(super) fn f1(self) -> Option<f64> {
        ratio(2 * self.tp, 2 * self.tp + self.fp + self.false_negatives)
    }

    fn negative_f1(self) -> Option<f64> {
        ratio(2 * self.tn, 2 * self.tn + self.fp + self.false_negatives)
    }

    /// Mean of the F1 of both classes; of the one that occurs, when only one does.
    pub(super) fn macro_f1(self) -> Option<f64> {
        let both: Vec<f64> = [self.f1(), self.negative_f1()].into_iter().flatten().collect();
        (!both.is_empty()).then(|| both.iter().sum::<f64>() / both.len() as f64)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Serialize for Score {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in [("n", self.n()), ("tp", self.tp), ("fp", self.fp), ("fn", self.false_negatives), ("tn", self.tn)] {
            map.serialize_entry(name, &value)?;
        }
        for (name, value) in self.ratios() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

impl Score {
    fn ratios(self) -> [(&'static str, Option<f64>); 6] {
        [
            ("precision", self.precision()),
            ("recall", self.recall()),
            ("f1", self.f1()),
            ("macro_f1", self.macro_f1()),
            ("fpr", self.fpr()),
            ("accuracy", self.accuracy()),
        ]
    }
}

/// Writes one line per value and one for all of them.
pub(super) fn table(out: &mut impl Write, name: &str, values: &BTreeMap<String, Score>, total: &Score) -> io::Result<()> {
    let width = values.keys().map(|k| k.chars().count()).chain([name.chars().count(), "all".len()]).max().unwrap_or(0);
    writeln!(out, "{name:width$}       n    tp    fp    fn    tn  precis.  recall      F1  macroF1     FPR   accur.")?;
    for (value, score) in values.iter().map(|(v, s)| (v.as_str(), s)).chain([("all", total)]) {
        write!(out, "{value:width$} {:>7} {:>5} {:>5} {:>5} {:>5}", score.n(), score.tp, score.fp, score.false_negatives, score.tn)?;
        for (_, ratio) in score.ratios() {
            match ratio {
                Some(ratio) => write!(out, "  {ratio:>6.4}")?,
                None => write!(out, "       –")?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_the_books_and_absent_without_a_denominator() {
        let check = |counts: [u64; 4], expected: [Option<f64>; 6]| {
            let [tp, fp, false_negatives, tn] = counts;
            let score = Score { tp, fp, false_negatives, tn };
            for ((name, found), expected) in score.ratios().into_iter().zip(expected) {
                let close = match (found, expected) {
                    (Some(a), Some(b)) => (a - b).abs() < 1e-9,
                    (a, b) => a == b,
                };
                assert!(close, "{counts:?} {name}: {found:?}, expected {expected:?}");
            }
        };
        let third = 1.0 / 3.0;
        check([2, 1, 1, 4], [Some(2.0 * third), Some(2.0 * third), Some(2.0 * third), Some(f64::midpoint(2.0 * third, 0.8)), Some(0.2), Some(0.75)]);
        check([0, 0, 0, 5], [None, None, None, Some(1.0), Some(0.0), Some(1.0)]);
        check([0, 0, 2, 0], [None, Some(0.0), Some(0.0), Some(0.0), None, Some(0.0)]);
        check([0, 0, 0, 0], [None; 6]);
    }
}
