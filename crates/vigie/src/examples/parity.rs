//! Parity: the same sentence gets the same verdict whichever group it names. Compared over the legal groups A and B; C is terms and conditions only.

use std::collections::BTreeMap;

use vigie_lexicon::{Act, Expanded, Group, LegalGroup, Severity, Status};

/// What an example said of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) flagged: bool,
    /// Of the most severe finding of the entry, when there is one.
    pub(super) finding: Option<(Severity, Act)>,
}

/// What one example said of each group.
#[derive(Default)]
pub(super) struct Parity {
    seen: BTreeMap<Said, Vec<(String, Expanded)>>,
}

impl Parity {
    /// Takes note of a sentence that holds.
    pub(super) fn see(&mut self, group: &Group, said: Said, sentence: Expanded) {
        let compared = matches!(group.ground.legal_group(), LegalGroup::A | LegalGroup::B) && group.common.status == Status::Active;
        if compared {
            self.seen.entry(said).or_default().push((group.common.id.clone(), sentence));
        }
    }

    /// The groups of which something else is said than of most.
    pub(super) fn broken(mut self) -> Vec<(String, Expanded, String)> {
        let Some(usual) = self.seen.iter().max_by_key(|(_, groups)| groups.len()).map(|(said, _)| *said) else { return Vec::new() };
        self.seen.remove(&usual);
        let mut out = Vec::new();
        for (said, groups) in self.seen {
            let reason = format!("parity: {}; of most groups: {}", said.readable(), usual.readable());
            out.extend(groups.into_iter().map(|(group, sentence)| (group, sentence, reason.clone())));
        }
        out
    }
}

impl Said {
    fn readable(self) -> String {
        let flagged = if self.flagged { "flagged" } else { "not flagged" };
        self.finding.map_or_else(|| flagged.to_owned(), |(severity, act)| format!("{flagged}, {act}, {severity}"))
    }
}
