//! Whether the forms found in a post could fill some frame: asked before their words are marked, which costs ten times as much.
//!
//! It looks at no order and no place: what it lets through, the frames judge; what it stops, no frame would have matched.

use vigie_lexicon::pattern::BUILT_IN;
use vigie_lexicon::{Lexicon, Use};

use crate::cells::Hit;
use crate::forms::{Forms, Source};
use crate::frames::FrameSet;
use crate::symbols::{Bases, Letters, Symbols};

/// Built-in bases that a form carries from its class, so that they are there only when the form is.
const OF_CLASSES: &[&str] = &["BEARER", "AGENT", "TARGET", "VICTIM", "GOOD", "EVENT", "BAD", "CODE"];
/// A phrase whose hole holds a group or a slur.
const FILLED: &str = "FILLED";

/// What each symbol adds to the letters of a post.
pub(crate) struct Reach {
    /// One letter of each symbol: a frame that needs the symbol accepts any of its letters.
    letter: Vec<Option<char>>,
    /// What the engine gives to words of any kind.
    always: Letters,
    /// What a group or a slur can be, and what a pronoun can take from it.
    naming: Letters,
}

impl Reach {
    /// Sorts the symbols by what gives them.
    pub(crate) fn new(symbols: &Symbols) -> Self {
        let mut reach = Self { letter: Vec::new(), always: Letters::default(), naming: Letters::default() };
        for (id, name) in symbols.all() {
            let letter = symbols.letters(id).first().map(|(_, letter)| *letter);
            reach.letter.push(letter);
            let Some(letter) = letter else { continue };
            let base = name.split(':').next().unwrap_or(name);
            if symbols.base(id) != Bases(0) || base == FILLED {
                reach.naming.insert(letter);
            } else if BUILT_IN.contains(&base) && !OF_CLASSES.contains(&base) {
                reach.always.insert(letter);
            }
        }
        reach
    }

    /// Whether some frame could match a post with these hits, or a slur among them counts by itself.
    pub(crate) fn any(&self, frames: &FrameSet, lexicon: &Lexicon, forms: &Forms, hits: &[Hit], present: &mut Letters) -> bool {
        present.clear();
        present.extend(&self.always);
        let mut named = false;
        for meaning in hits.iter().flat_map(|h| &forms.list[h.form as usize].meanings) {
            match meaning.source {
                Source::Slur(i) if lexicon.slurs[i as usize].usage == Use::Unambiguous => return true,
                Source::Slur(_) | Source::Group(_) => named = true,
                _ => {}
            }
            for letter in meaning.symbols.iter().filter_map(|s| self.letter[s.0 as usize]) {
                present.insert(letter);
            }
        }
        if named {
            present.extend(&self.naming);
        }
        frames.can_match(present)
    }
}
