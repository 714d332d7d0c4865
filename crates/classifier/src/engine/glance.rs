//! The first look at a post without another reading: whether it has all that some frame needs, in its order. Most posts are turned away here, before
//! a hit is listed; where sentences end is looked up only for those that have all that some frame needs.

use vigie_text::{Folded, TokenFlags};

use super::Classifier;
use crate::clause::{self, Place};
use crate::hits::{kept, steps_over};
use crate::known::{Known, Tables};
use crate::reach::Whole;
use crate::signs::Signs;
use crate::trigger::Marks;

/// What a first look needs.
#[derive(Debug, Default)]
pub(super) struct Glance {
    whole: Whole,
    /// By word: phrases step over it.
    skipped: Vec<bool>,
    /// The words that are left.
    left: Vec<Known>,
    places: Vec<Place>,
}

impl Classifier {
    /// False when nothing in a post as it stands, of which the words are known, can make a finding. True of any that names people.
    pub(super) fn may_hold(&self, text: &str, folded: &Folded, words: &[Known], glance: &mut Glance) -> bool {
        // Phrases step over no word that is disguised, and here every word is taken for plain.
        if folded.gates().intersects(TokenFlags::LOOKALIKE | TokenFlags::INVISIBLE) {
            return true;
        }
        let Tables { matcher, triggers, reach, .. } = self.tables();
        let Glance { whole, skipped, .. } = &mut *glance;
        whole.clear(reach);
        skipped.clear();
        skipped.resize(words.len(), false);
        let (mut all, mut plain) = (Marks::empty(), true);
        for (at, known) in words.iter().enumerate() {
            if known.entry.alone().is_some() {
                all |= known.marks;
                plain &= whole.add(reach, at, &known.brief);
            }
            let mut end = at + usize::from(known.marks.contains(Marks::SKIPS));
            matcher.phrases(words, at, |form, last| {
                let marks = triggers.marks(form);
                all |= marks;
                plain &= whole.add(reach, at, &reach.brief(form));
                if marks.contains(Marks::SKIPS) {
                    end = end.max(last + 1);
                }
            });
            skipped[at..end].fill(true);
            if !plain {
                return true;
            }
        }
        if !all.contains(Marks::PULLS) {
            return false;
        }
        if all.contains(Marks::SKIPS) && !self.step_over(words, glance) {
            return true;
        }
        let tokens = folded.tokens();
        let places = |out: &mut Vec<Place>| clause::places(text, tokens.len(), |i| tokens[i].span, out);
        glance.whole.may_match(reach, Signs::of(text, folded), tokens.len(), &mut glance.places, places)
    }

    /// Adds what phrases give that step over a word: those among the words that are not stepped over, which are at least those of
    /// [`crate::hits::skipping`]. False when one of them names people.
    fn step_over(&self, words: &[Known], glance: &mut Glance) -> bool {
        let Glance { whole, skipped, left, .. } = glance;
        if !steps_over(skipped, |before, word| self.matcher.may_join(words[before].entry, words[word].entry)) {
            return true;
        }
        left.clear();
        left.extend(kept(skipped).map(|at| words[at]));
        let mut plain = true;
        for (n, at) in kept(skipped).enumerate() {
            self.matcher.phrases(left, n, |form, _| plain &= whole.add(&self.reach, at, &self.reach.brief(form)));
        }
        plain
    }
}
