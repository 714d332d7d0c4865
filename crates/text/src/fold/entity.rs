//! HTML entities, decoded once: `&eacute;`, `&#117;`, `&#x75;`. Nothing else of HTML is known here.

/// Longest entity looked for, `&` and `;` included: keeps the work linear in the length of the post.
const LONGEST: usize = 10;

/// Named entities that French web text carries; accented letters are built from their base and their accent.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("shy", '\u{AD}'),
    ("euro", '€'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("middot", '·'),
    ("bull", '•'),
    ("oelig", 'œ'),
    ("OElig", 'Œ'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("szlig", 'ß'),
    ("oslash", 'ø'),
    ("Oslash", 'Ø'),
    ("zwj", '\u{200D}'),
    ("zwnj", '\u{200C}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("cent", '¢'),
    ("pound", '£'),
    ("yen", '¥'),
    ("iexcl", '¡'),
    ("sect", '§'),
    ("times", '×'),
    ("deg", '°'),
];

/// The character written by the entity at the start of `text` (which begins with `&`), and the length of the entity.
pub(crate) fn decode(text: &str) -> Option<(char, usize)> {
    let bytes = &text.as_bytes()[..text.len().min(LONGEST)];
    let end = memchr::memchr(b';', bytes)?;
    let name = text.get(1..end)?;
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        char::from_u32(code.ok()?)?
    } else if let Some((_, c)) = NAMED.iter().find(|(known, _)| *known == name) {
        *c
    } else {
        accented(name)?
    };
    Some((c, end + 1))
}

fn accented(name: &str) -> Option<char> {
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let mark = match &name[1..] {
        "acute" => '\u{301}',
        "grave" => '\u{300}',
        "circ" => '\u{302}',
        "uml" => '\u{308}',
        "cedil" => '\u{327}',
        "tilde" => '\u{303}',
        "ring" => '\u{30A}',
        "caron" => '\u{30C}',
        _ => return None,
    };
    unicode_normalization::char::compose(letter, mark)
}
