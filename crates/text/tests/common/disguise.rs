//! Seeded disguises: every mechanism of obfuscation that people use, applied at random to a form. The same seed gives the same posts.

/// splitmix64: enough for tests, and the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// What people do to a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    Case,
    Repetition,
    Leet,
    MaskOne,
    MaskTwo,
    Dots,
    Spaces,
    Hyphens,
    Invisible,
    Cyrillic,
    FullWidth,
    Mathematical,
    Zalgo,
    Emoji,
    Glued,
    Hashtag,
    Swap,
    Insertion,
    Deletion,
    Substitution,
    Split,
    Entity,
    Reversed,
    Squared,
}

pub(crate) use Mechanism::*;

/// Neutral posts with a place for a disguised form.
pub(crate) const POSTS: &[&str] = &[
    "Hier soir à la télé, {} et puis la météo.",
    "{} bonne journée à tous",
    "Franchement je ne sais plus quoi dire {}",
    "On m'a montré le texte : {} , rien de plus.",
    "Tu as vu {} dans le bus ce matin ?",
    "je suis rentré tard, {} voilà",
];

/// A disguised form, in place of `form`; `None` when the mechanism cannot touch it (too short, nothing to replace).
#[allow(clippy::too_many_lines, reason = "one arm per mechanism")]
pub(crate) fn disguise(form: &str, mechanism: Mechanism, random: &mut Random) -> Option<String> {
    const LEET: &[(char, &str)] = &[('a', "4@"), ('e', "3€"), ('i', "1!"), ('o', "0"), ('s', "5$"), ('t', "7"), ('b', "8"), ('g', "9")];
    const CYRILLIC: &[(char, char)] =
        &[('a', 'а'), ('e', 'е'), ('o', 'о'), ('p', 'р'), ('c', 'с'), ('x', 'х'), ('i', 'і'), ('s', 'ѕ'), ('b', 'Ь'), ('t', 'т'), ('u', 'υ')];
    const INVISIBLE: &[char] = &['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{AD}', '\u{FEFF}', '\u{34F}', '\u{E0061}', '\u{FE0F}'];
    const EMOJI: &[char] = &['🤡', '💩', '🔥', '🌟', '😂', '❤'];
    const MARKS: &[char] = &['\u{301}', '\u{316}', '\u{327}', '\u{332}', '\u{336}', '\u{337}', '\u{353}', '\u{31B}'];
    const NEIGHBOURS: &[&str] = &["cette", "trop", "encore", "vraiment", "toujours", "quelle"];
    let letters: Vec<char> = form.chars().collect();
    // The longest word of a phrase, as a range of letters: what one slip or one mask touches.
    let word = {
        let mut at = 0;
        form.split(' ')
            .map(|w| {
                let start = at;
                at += w.len() + 1;
                start..start + w.len()
            })
            .max_by_key(std::ops::Range::len)?
    };
    let inside = |random: &mut Random| word.start + 1 + random.below(word.len() - 2);
    let join = |letters: &[char], with: &str| letters.iter().filter(|c| **c != ' ').map(char::to_string).collect::<Vec<_>>().join(with);
    let mut out = letters.clone();
    match mechanism {
        Case => out.iter_mut().for_each(|c| {
            if random.below(2) == 0 {
                *c = c.to_ascii_uppercase();
            }
        }),
        Repetition => {
            let at = word.start + random.below(word.len());
            let times = 2 + random.below(4);
            (0..times).for_each(|_| out.insert(at, letters[at]));
        }
        Leet => {
            let can: Vec<usize> = word.clone().filter(|i| LEET.iter().any(|(l, _)| *l == letters[*i])).collect();
            if can.is_empty() {
                return None;
            }
            for _ in 0..=random.below(2) {
                let at = *random.pick(&can);
                let (_, signs) = LEET.iter().find(|(l, _)| *l == letters[at])?;
                let signs: Vec<char> = signs.chars().collect();
                out[at] = *random.pick(&signs);
            }
            // A leading @ makes a handle, a trailing ! or € is punctuation or a price.
            if out[word.start] == '@' || out[0] == '!' || matches!(out[word.end - 1], '!' | '€' | '$') {
                return None;
            }
        }
        MaskOne => {
            let at = inside(random);
            out[at] = *random.pick(&['*', '*', '#', '_']);
        }
        MaskTwo => {
            if word.len() < 5 {
                return None;
            }
            for _ in 0..2 {
                let at = inside(random);
                out[at] = '*';
            }
        }
        Dots => return Some(join(&letters, ".")),
        Spaces => return Some(join(&letters, " ")),
        Hyphens => return Some(join(&letters, "-")),
        Invisible => {
            for _ in 0..=random.below(3) {
                let at = inside(random);
                out.insert(at, *random.pick(INVISIBLE));
            }
        }
        Cyrillic => {
            for c in &mut out {
                if let Some((_, alike)) = CYRILLIC.iter().find(|(l, _)| l == c)
                    && random.below(3) > 0
                {
                    *c = *alike;
                }
            }
        }
        FullWidth => out.iter_mut().filter(|c| **c != ' ').for_each(|c| *c = char::from_u32(*c as u32 - 0x61 + 0xFF41).unwrap_or(*c)),
        Mathematical => out.iter_mut().filter(|c| **c != ' ').for_each(|c| *c = char::from_u32(*c as u32 - 0x61 + 0x1D41A).unwrap_or(*c)),
        Zalgo => {
            let mut marked = String::new();
            for c in letters {
                marked.push(c);
                if c != ' ' {
                    (0..=random.below(3)).for_each(|_| marked.push(*random.pick(MARKS)));
                }
            }
            return Some(marked);
        }
        Emoji => {
            let at = inside(random) + 1;
            out.insert(at, *random.pick(EMOJI));
        }
        Glued => return Some(format!("{}{}", random.pick(NEIGHBOURS), form.replace(' ', ""))),
        Hashtag => return Some(format!("#{}{}", random.pick(NEIGHBOURS), form.replace(' ', ""))),
        Swap => {
            let at = inside(random);
            if letters[at] == letters[at + 1] {
                return None;
            }
            out.swap(at, at + 1);
        }
        Insertion => out.insert(word.start + random.below(word.len() + 1), char::from(b'a' + random.below(26) as u8)),
        Deletion => {
            out.remove(word.start + random.below(word.len()));
        }
        Substitution => {
            let at = word.start + random.below(word.len());
            let letter = char::from(b'a' + random.below(26) as u8);
            if letter == letters[at] {
                return None;
            }
            out[at] = letter;
        }
        Split => {
            let at = inside(random) + 1;
            out.insert(at, ' ');
        }
        Entity => {
            let at = inside(random);
            let code = letters[at] as u32;
            let entity = if random.below(2) == 0 { format!("&#{code};") } else { format!("&#x{code:x};") };
            return Some(format!("{}{entity}{}", letters[..at].iter().collect::<String>(), letters[at + 1..].iter().collect::<String>()));
        }
        Reversed => return Some(format!("\u{202E}{}\u{202C}", letters.iter().rev().collect::<String>())),
        Squared => out.iter_mut().filter(|c| **c != ' ').for_each(|c| *c = char::from_u32(*c as u32 - 0x61 + 0x1F170).unwrap_or(*c)),
    }
    let out: String = out.into_iter().collect();
    (out != form || mechanism == Case).then_some(out)
}
