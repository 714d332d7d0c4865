//! Where web addresses and mentions end. They are no prose: their words are not matched (a view may read an address, at low weight).

/// The token that stands for an address which hides letters behind percent signs; other addresses leave none.
pub(crate) const SIGN: &str = "🔗";

/// Whether an address has letters behind percent signs.
pub(crate) fn is_encoded(address: &str) -> bool {
    address.as_bytes().windows(3).any(|w| w[0] == b'%' && w[1].is_ascii_hexdigit() && w[2].is_ascii_hexdigit())
}

/// End of the address whose scheme or `www` ends at `at`.
pub(crate) fn end(text: &str, at: usize) -> usize {
    text[at..].char_indices().find(|(_, c)| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”')).map_or(text.len(), |(i, _)| at + i)
}

/// End of the mention that begins with the `@` at `at`, when a name follows it and no letter stands before it.
/// Names may go on over `.` and `@`, as federated handles do.
pub(crate) fn mention(text: &str, at: usize) -> Option<usize> {
    if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '@') {
        return None;
    }
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = at + 1;
    let mut chars = text[end..].chars().peekable();
    while let Some(c) = chars.next() {
        let goes_on = is_name(c) || end > at + 1 && matches!(c, '.' | '@') && chars.peek().is_some_and(|n| is_name(*n));
        if !goes_on {
            break;
        }
        end += c.len_utf8();
    }
    (end > at + 1).then_some(end)
}
