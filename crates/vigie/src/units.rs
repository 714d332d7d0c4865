//! Spans of one text in bytes, characters and UTF-16 units, counted in one pass over the text however many spans there are.

use serde::Serialize;
use vigie_text::Span;

/// A span in the three units, as flags carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(clippy::struct_field_names)] // the names of the wire
pub(crate) struct SpanUnits {
    byte_start: usize,
    byte_end: usize,
    char_start: usize,
    char_end: usize,
    utf16_start: usize,
    utf16_end: usize,
}

/// Counts up to each border of the spans asked for.
pub(crate) struct Counted {
    /// Byte, characters before it, UTF-16 units before it; sorted.
    borders: Vec<(usize, usize, usize)>,
}

impl Counted {
    /// Walks `text` once.
    pub(crate) fn new(text: &str, spans: impl Iterator<Item = Span>) -> Self {
        let mut bytes: Vec<usize> = spans.flat_map(|s| [s.start as usize, s.end as usize]).collect();
        bytes.sort_unstable();
        bytes.dedup();
        let (mut at, mut chars, mut utf16) = (0, 0, 0);
        let mut borders = Vec::with_capacity(bytes.len());
        for byte in bytes {
            for c in text[at..byte].chars() {
                chars += 1;
                utf16 += c.len_utf16();
            }
            at = byte;
            borders.push((byte, chars, utf16));
        }
        Self { borders }
    }

    /// `span`, which must be one of those counted.
    pub(crate) fn of(&self, span: Span) -> SpanUnits {
        let border = |byte: u32| {
            let found = self.borders.binary_search_by_key(&(byte as usize), |b| b.0);
            self.borders[found.expect("every border was counted")]
        };
        let (start, end) = (border(span.start), border(span.end));
        SpanUnits { byte_start: start.0, byte_end: end.0, char_start: start.1, char_end: end.1, utf16_start: start.2, utf16_end: end.2 }
    }
}

#[cfg(test)]
mod tests {
    use vigie_text::Units;

    use super::*;

    #[test]
    fn one_pass_counts_as_the_slow_way_does() {
        let text = "é😀 les 🧑‍🌾 œufs\u{301} fin";
        let borders: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let spans: Vec<Span> = borders.iter().flat_map(|&a| borders.iter().filter(move |&&b| b >= a).map(move |&b| Span::new(a, b))).collect();
        let counted = Counted::new(text, spans.iter().copied());
        for span in spans {
            let (fast, slow) = (counted.of(span), Units::of(text, span));
            let fast = [fast.byte_start, fast.byte_end, fast.char_start, fast.char_end, fast.utf16_start, fast.utf16_end];
            assert_eq!(fast, [slow.byte_start, slow.byte_end, slow.char_start, slow.char_end, slow.utf16_start, slow.utf16_end], "{span:?}");
        }
    }
}
