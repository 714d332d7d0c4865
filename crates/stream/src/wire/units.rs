//! Offsets of many spans in three units, in one sweep over the text: counting from the start for each would be quadratic.

use std::collections::BTreeMap;

use vigie_text::{Span, Units};

/// Where each wanted byte offset stands in Unicode scalars and UTF-16 units.
#[derive(Debug)]
pub struct UnitsTable(BTreeMap<usize, (usize, usize)>);

impl UnitsTable {
    /// Counts the ends of `spans` in `text`.
    pub fn of(text: &str, spans: impl IntoIterator<Item = Span>) -> Self {
        let wanted = spans.into_iter().flat_map(|s| [s.start as usize, s.end as usize]);
        let mut table: BTreeMap<usize, (usize, usize)> = wanted.map(|at| (at, (0, 0))).collect();
        let (mut from, mut chars, mut utf16) = (0, 0, 0);
        for (&at, count) in &mut table {
            for c in text[from..at].chars() {
                chars += 1;
                utf16 += c.len_utf16();
            }
            from = at;
            *count = (chars, utf16);
        }
        Self(table)
    }

    /// The three units of one of the spans given at the start.
    pub fn units(&self, span: Span) -> Units {
        let at = |byte: u32| self.0.get(&(byte as usize)).copied().unwrap_or_default();
        let ((char_start, utf16_start), (char_end, utf16_end)) = (at(span.start), at(span.end));
        Units { byte_start: span.start as usize, byte_end: span.end as usize, char_start, char_end, utf16_start, utf16_end }
    }
}
