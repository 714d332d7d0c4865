//! The one style of lexicon files: `key = value`, lists on one line or wrapped, one blank line between entries. It moves white space and trailing commas, nothing else.

/// Longest line that a list may fill, in characters.
const WIDTH: usize = 120;
/// In front of the items of a wrapped list.
const INDENT: &str = "    ";

/// A file in the style, or why it cannot be read.
pub(super) fn file(text: &str) -> Result<String, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    let (mut at, mut blank, mut comment_above) = (0, false, false);
    while at < text.len() {
        let line_end = end_of_line(&text, at);
        let line = text[at..line_end].trim();
        if line.is_empty() {
            blank = true;
            at = line_end + 1;
            continue;
        }
        let header = line.starts_with('[');
        if !out.is_empty() && (blank || (header && !comment_above)) {
            out.push('\n');
        }
        blank = false;
        comment_above = line.starts_with('#');
        if header || comment_above {
            out.push_str(line);
            out.push('\n');
            at = line_end + 1;
            continue;
        }
        let (key, from) = key(&text, at)?;
        let to = end_of_value(&text, from).ok_or_else(|| format!("the value of `{key}` does not end"))?;
        let line_end = end_of_line(&text, to);
        let rest = text[to..line_end].trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            return Err(format!("something stands behind the value of `{key}`"));
        }
        let tail = if rest.is_empty() { String::new() } else { format!(" {rest}") };
        out.push_str(&value(key, text[from..to].trim(), &tail));
        at = line_end + 1;
    }
    Ok(out)
}

fn end_of_line(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at)
}

/// The key of a line and where its value starts.
fn key(text: &str, at: usize) -> Result<(&str, usize), String> {
    let line = &text[at..end_of_line(text, at)];
    match line.find('=') {
        Some(equals) => Ok((line[..equals].trim(), at + equals + 1)),
        None => Err(format!("`{}` is no `key = value`", line.trim().chars().take(40).collect::<String>())),
    }
}

/// One past the last byte of the value that starts at or after `from`.
fn end_of_value(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (from, 0usize);
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' => {
                at = end_of_string(text, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'#' | b'\n' if depth == 0 => return Some(at),
            b'#' => at = end_of_line(text, at),
            _ => {}
        }
        at += 1;
    }
    (depth == 0).then_some(text.len())
}

/// One past the closing quote of the string that opens at `at`.
fn end_of_string(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let quote = &rest[..1];
    let triple = quote.repeat(3);
    if rest.starts_with(&triple) {
        let end = find_unescaped(&rest[3..], &triple, quote == "\"")?;
        // Up to two more quotes may belong to the string.
        let extra = rest[3 + end + 3..].bytes().take(2).take_while(|b| *b == quote.as_bytes()[0]).count();
        return Some(at + 3 + end + 3 + extra);
    }
    Some(at + 1 + find_unescaped(&rest[1..], quote, quote == "\"")? + 1)
}

fn find_unescaped(text: &str, wanted: &str, escapes: bool) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        let c = text[at..].chars().next()?;
        at += c.len_utf8();
        if escapes && c == '\\' {
            at += text[at..].chars().next()?.len_utf8();
        }
    }
    None
}

fn value(key: &str, value: &str, tail: &str) -> String {
    let Some(items) = items(value) else { return format!("{key} = {value}{tail}\n") };
    let one_line = format!("{key} = [{}]{tail}\n", items.join(", "));
    if one_line.chars().count() <= WIDTH + 1 || items.len() < 2 {
        return one_line;
    }
    // Examples are read one by one, headwords by the dozen.
    let wrapped = if key.starts_with("must_") { one_by_one(&items) } else { filled(&items) };
    format!("{key} = [{tail}\n{wrapped}]\n")
}

/// The items of a list of strings; `None` when it holds anything else, comments included, and is better left alone.
fn items(value: &str) -> Option<Vec<&str>> {
    let inner = value.strip_prefix('[')?.strip_suffix(']')?;
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        at += inner[at..].len() - inner[at..].trim_start().len();
        let rest = &inner[at..];
        if rest.is_empty() {
            return Some(out);
        }
        if !rest.starts_with(['"', '\'']) || rest.starts_with("\"\"\"") || rest.starts_with("'''") {
            return None;
        }
        let end = end_of_string(inner, at)?;
        out.push(&inner[at..end]);
        let rest = inner[end..].trim_start();
        if rest.is_empty() {
            return Some(out);
        }
        at = inner.len() - rest.strip_prefix(',')?.len();
    }
}

/// One item a line.
fn one_by_one(items: &[&str]) -> String {
    let lines: Vec<String> = items.iter().map(|item| format!("{INDENT}{item},\n")).collect();
    lines.concat()
}

/// As many items a line as fit.
fn filled(items: &[&str]) -> String {
    let mut out = String::new();
    let mut width = 0;
    for item in items {
        let more = item.chars().count() + 1;
        if width > 0 && width + 1 + more > WIDTH {
            out.push('\n');
            width = 0;
        }
        out.push_str(if width == 0 { INDENT } else { " " });
        width += more + if width == 0 { INDENT.len() } else { 1 };
        out.push_str(item);
        out.push(',');
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_lexicon::Files;

    #[test]
    fn the_style_moves_white_space_and_nothing_else() {
        let check = |source: &str, expected: &str| assert_eq!(file(source).as_deref(), Ok(expected), "{source}");
        check("[[slur]]\r\nid    =   \"a\"\t\n\n\n\nwhy='b'   # c\n", "[[slur]]\nid = \"a\"\n\nwhy = 'b' # c\n");
        check("# x\n[[slur]]\nid = 1\n[[slur]]\nid = 2", "# x\n[[slur]]\nid = 1\n\n[[slur]]\nid = 2\n");
        check("words = [\n \"a, b\",\n  'c#',\n]\n", "words = [\"a, b\", 'c#']\n");
        check("words = [\n  \"a\", # kept\n]\n", "words = [\n  \"a\", # kept\n]\n");
        check("forms = { m_sg = [\"a\"],  f_sg=[] }\n", "forms = { m_sg = [\"a\"],  f_sg=[] }\n");
        check("why = \"\"\"\nun = [\n\"\"\"\n", "why = \"\"\"\nun = [\n\"\"\"\n");
        check("a = \"x \\\" = # ]\"\nb = ''", "a = \"x \\\" = # ]\"\nb = ''\n");
        let long: Vec<String> = (0..30).map(|i| format!("\"mot{i:02}\"")).collect();
        let lines = [&long[..13], &long[13..26], &long[26..]].map(|l| format!("    {},\n", l.join(", ")));
        check(&format!("words = [{}]", long.join(",")), &format!("words = [\n{}]\n", lines.concat()));
        check(
            &format!("must_match = [{}]", long.join(",")),
            &format!("must_match = [\n{}]\n", one_by_one(&long.iter().map(String::as_str).collect::<Vec<_>>())),
        );
        assert!(file("a = [\n\"b\"\n").is_err());
        assert!(file("a = \"b\" c\n").is_err());
        assert!(file("seul\n").is_err());
    }

    #[test]
    fn styled_files_stay_as_they_are_and_keep_their_words() {
        let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect::<String>();
        for (path, bytes) in Files::built_in().iter().filter(|(path, _)| std::path::Path::new(path).extension().is_some_and(|e| e == "toml")) {
            let source = std::str::from_utf8(bytes).expect("the bundle is UTF-8");
            let once = file(source).map_err(|e| format!("{path}: {e}")).expect("the bundle is readable");
            assert_eq!(file(&once).as_deref(), Ok(once.as_str()), "{path}");
            assert_eq!(squeezed(source), squeezed(&once), "{path}");
        }
    }
}
