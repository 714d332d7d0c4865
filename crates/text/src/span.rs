//! Where something stands in the ORIGINAL text, in the three units that readers of flags use.

/// Byte range of the original text; both ends stand on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` to `end`, in bytes of the original text.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The span as a range for slicing the original text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A span in UTF-8 bytes, Unicode scalar values and UTF-16 code units (JavaScript's).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Units {
    pub byte_start: usize,
    pub byte_end: usize,
    pub char_start: usize,
    pub char_end: usize,
    pub utf16_start: usize,
    pub utf16_end: usize,
}

impl Units {
    /// Counts `span` of `text` in the three units. Linear in `span.end`.
    pub fn of(text: &str, span: Span) -> Self {
        let (before, inside) = (&text[..span.start as usize], &text[span.range()]);
        let utf16 = |s: &str| s.chars().map(char::len_utf16).sum::<usize>();
        let (chars, units) = (before.chars().count(), utf16(before));
        Self {
            byte_start: span.start as usize,
            byte_end: span.end as usize,
            char_start: chars,
            char_end: chars + inside.chars().count(),
            utf16_start: units,
            utf16_end: units + utf16(inside),
        }
    }
}
