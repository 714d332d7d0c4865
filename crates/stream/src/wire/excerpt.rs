//! What a reviewer sees of a post: a window around the findings, with people, links and numbers masked. Never used for judging.

use std::borrow::Cow;
use std::ops::Range;

use vigie_text::Span;

/// The two texts of a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Mentions, links, e-mails and numbers masked.
    pub shown: String,
    /// The terms masked too.
    pub masked: String,
}

/// Cuts `text` to about `chars` characters around `findings` (span and label of what it does), and masks both ways; `names` are accounts that the
/// sender says are mentioned, as the sender writes them, with or without `@`.
pub fn excerpt(text: &str, findings: &[(Span, &str)], names: &[Cow<'_, str>], chars: usize) -> Excerpt {
    let window = window(text, findings, chars);
    let mut personal = personal(text, &window);
    named(text, &window, names, &mut personal);
    let mut shown = String::new();
    let mut masked = String::new();
    if window.start > 0 {
        shown.push('…');
        masked.push('…');
    }
    // Findings win over masks, since a leet spelling may look like a number.
    let mut marks: Vec<(Range<usize>, &str, bool)> = merged(findings, &window).into_iter().map(|(r, label)| (r, label, true)).collect();
    let covered: Vec<_> = marks.iter().map(|(r, ..)| r.clone()).collect();
    marks.extend(personal.into_iter().filter(|(r, _)| covered.iter().all(|c| r.end <= c.start || c.end <= r.start)).map(|(r, label)| (r, label, false)));
    marks.sort_by_key(|(r, ..)| r.start);
    let mut at = window.start;
    for (range, label, is_finding) in marks {
        push_visible(&mut shown, &text[at..range.start]);
        push_visible(&mut masked, &text[at..range.start]);
        if is_finding {
            push_visible(&mut shown, &text[range.clone()]);
        } else {
            shown.push_str(label);
        }
        if is_finding {
            masked.extend(["[", label, "]"]);
        } else {
            masked.push_str(label);
        }
        at = range.end;
    }
    push_visible(&mut shown, &text[at..window.end]);
    push_visible(&mut masked, &text[at..window.end]);
    if window.end < text.len() {
        shown.push('…');
        masked.push('…');
    }
    Excerpt { shown, masked }
}

/// The window begins so that the first finding stands in its middle, and takes in as many findings as fit.
fn window(text: &str, findings: &[(Span, &str)], chars: usize) -> Range<usize> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let count = starts.len() - 1;
    if count <= chars {
        return 0..text.len();
    }
    let index = |byte: usize| starts.partition_point(|s| *s < byte).min(count);
    let Some(first) = findings.iter().map(|(s, _)| s.start as usize).min() else { return 0..starts[chars] };
    let first = index(first);
    let last = findings.iter().map(|(s, _)| index(s.end as usize)).filter(|end| end - first <= chars).max().unwrap_or(first);
    let spare = chars.saturating_sub(last.saturating_sub(first));
    let from = first.saturating_sub(spare / 2).min(count - chars);
    starts[from]..starts[(from + chars).min(count)]
}

fn merged<'l>(findings: &[(Span, &'l str)], window: &Range<usize>) -> Vec<(Range<usize>, &'l str)> {
    let mut inside: Vec<_> = findings
        .iter()
        .map(|(span, label)| ((span.start as usize).max(window.start)..(span.end as usize).min(window.end), *label))
        .filter(|(r, _)| r.start < r.end)
        .collect();
    inside.sort_by_key(|(r, _)| (r.start, std::cmp::Reverse(r.end)));
    let mut out: Vec<(Range<usize>, &str)> = Vec::new();
    for (range, label) in inside {
        match out.last_mut() {
            Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
            _ => out.push((range, label)),
        }
    }
    out
}

/// Words that name or reach a person, by the blank-separated word that holds them.
fn personal(text: &str, window: &Range<usize>) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut at = window.start;
    for word in text[window.clone()].split_inclusive(char::is_whitespace) {
        let start = at;
        at += word.len();
        let bare = word.trim();
        let trimmed =
            bare.trim_start_matches(['(', '[', '"', '«', '\'', '.', ',', ':']).trim_end_matches([')', ']', '"', '»', '\'', '.', ',', ':', ';', '!', '?']);
        let from = start + (trimmed.as_ptr() as usize - word.as_ptr() as usize);
        let label = if trimmed.contains("://") || trimmed.starts_with("www.") {
            "[lien]"
        } else if trimmed.len() > 1 && trimmed.starts_with('@') {
            "[mention]"
        } else if trimmed.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
            "[courriel]"
        } else if trimmed.contains(|c: char| c.is_ascii_digit()) && trimmed.chars().all(|c| c.is_ascii_digit() || "+-./()".contains(c)) {
            "[nombre]"
        } else {
            continue;
        };
        found.push((from..from + trimmed.len(), label));
    }
    found
}

/// Adds the places where one of `names` stands as a word of its own and nothing is masked yet.
fn named(text: &str, window: &Range<usize>, names: &[Cow<'_, str>], found: &mut Vec<(Range<usize>, &'static str)>) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for name in names.iter().map(|name| name.trim_start_matches('@')).filter(|name| name.chars().nth(1).is_some()) {
        for (at, _) in text[window.clone()].match_indices(name) {
            let range = window.start + at..window.start + at + name.len();
            let alone = !text[..range.start].ends_with(is_word) && !text[range.end..].starts_with(is_word);
            if alone && found.iter().all(|(r, _)| r.end <= range.start || range.end <= r.start) {
                found.push((range, "[mention]"));
            }
        }
    }
}

/// Without the filler that stands for tags, and without control characters; runs of blanks become one.
fn push_visible(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\u{200b}' | '\u{ad}' => {}
            c if c.is_control() || c.is_whitespace() => {
                if !out.ends_with([' ', '…']) && !out.is_empty() {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
}
