//! The public list of known misses: examples that say what is wanted and do not hold today. The list is exact, so that it can only shrink on purpose.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;

use super::Failure;

/// Entry, `must_match` or `must_not_match`, and the example as written.
type Row = (String, String, String);

/// Known misses, by row.
#[derive(Debug, Default)]
pub(crate) struct Known(BTreeSet<Row>);

impl Known {
    /// Reads a list: a row `entry<TAB>way<TAB>example` a line, `#` for comments.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("known misses {}", path.display()))?;
        let mut rows = BTreeSet::new();
        for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let mut parts = line.splitn(3, '\t').map(str::to_owned);
            let (Some(entry), Some(way), Some(example)) = (parts.next(), parts.next(), parts.next()) else {
                anyhow::bail!("known misses {}:{}: a row is entry, way and example, set apart by tabs", path.display(), i + 1);
            };
            rows.insert((entry, way, example));
        }
        Ok(Self(rows))
    }

    /// Takes what is known out of `failures`; gives the rows that hold by now and are to leave the list, those of `only` if given.
    pub(crate) fn settle(&self, failures: &mut Vec<Failure>, only: Option<&str>) -> Vec<&Row> {
        let mut met = BTreeSet::new();
        failures.retain(|f| match self.0.get(&(f.entry.clone(), f.way.to_owned(), f.example.clone())) {
            Some(row) => {
                met.insert(row);
                false
            }
            None => true,
        });
        self.0.iter().filter(|row| only.is_none_or(|prefix| row.0.starts_with(prefix)) && !met.contains(row)).collect()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
