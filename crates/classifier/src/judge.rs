//! From frame hits to findings: which entry, which group, which act, and whether negation turns it round.

use std::ops::Range;
use std::sync::Arc;

use vigie_lexicon::{Act, Frame, Ground, Kind, Lexicon, Polarity, Role, Severity, Stance, Status};
use vigie_text::View;

use crate::Finding;
use crate::anaphora::reference;
use crate::cells::{Cell, GroupRef, Mark};
use crate::clause::{Boundary, Place};
use crate::concepts::Concepts;
use crate::forms::{Forms, Source};
use crate::frames::{Fill, FrameHit, FrameSet};
use crate::polarity;
use crate::symbols::Bases;
use crate::words::Words;

/// A finding before stance, with the words it rests on.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) finding: Finding,
    pub(crate) words: Range<usize>,
    pub(crate) frame: Option<usize>,
}

/// Names of entries as shared strings, so that a finding costs no copy.
pub(crate) struct Ids {
    pub(crate) groups: Vec<Arc<str>>,
    pub(crate) slurs: Vec<Arc<str>>,
    pub(crate) predicates: Vec<Arc<str>>,
    pub(crate) frames: Vec<Arc<str>>,
    pub(crate) stance_frames: Vec<Arc<str>>,
    pub(crate) innocents: Vec<Arc<str>>,
    /// Clues, then turns.
    pub(crate) clues: Vec<Arc<str>>,
}

impl Ids {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        fn ids<T>(list: &[T], id: impl Fn(&T) -> &str) -> Vec<Arc<str>> {
            list.iter().map(|e| Arc::from(id(e))).collect()
        }
        Self {
            groups: ids(&lexicon.groups, |e| &e.common.id),
            slurs: ids(&lexicon.slurs, |e| &e.common.id),
            predicates: ids(&lexicon.predicates, |e| &e.common.id),
            frames: ids(&lexicon.frames, |e| &e.common.id),
            stance_frames: ids(&lexicon.stance_frames, |e| &e.common.id),
            innocents: ids(&lexicon.innocents, |e| &e.common.id),
            clues: [ids(&lexicon.clues, |e| &e.common.id), ids(&lexicon.turns, |t| &t.id)].concat(),
        }
    }

    /// The name of what speaks of a group.
    pub(crate) fn group(&self, group: GroupRef) -> &Arc<str> {
        match group {
            GroupRef::Group(g) => &self.groups[g as usize],
            GroupRef::Slur(s) => &self.slurs[s as usize],
        }
    }
}

pub(crate) struct Judge<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) ids: &'a Ids,
    pub(crate) forms: &'a Forms,
    pub(crate) words: &'a Words,
    pub(crate) places: &'a [Place],
    pub(crate) concepts: &'a [Concepts],
    pub(crate) cells: &'a [Cell],
}

impl Judge<'_> {
    /// Unambiguous slurs count by themselves.
    pub(crate) fn slurs(&self, out: &mut Vec<Candidate>) {
        for (i, cell) in self.cells.iter().enumerate().filter(|(_, cell)| cell.bases.meets(Bases::SLUR)) {
            for mark in cell.marks.iter().filter(|m| m.bases.meets(Bases::SLUR)) {
                let Source::Slur(s) = mark.source else { continue };
                let slur = &self.lexicon.slurs[s as usize];
                let words = i..i + mark.length as usize;
                let finding = Finding {
                    entry: self.ids.slurs[s as usize].clone(),
                    frame: None,
                    group: None,
                    ground: slur.ground,
                    act: slur.act,
                    severity: slur.severity,
                    status: slur.common.status,
                    span: self.words.span(&words),
                    views: mark.view.into_iter().collect(),
                    stance: Stance::Author,
                    blocked_by: None,
                    clues: Vec::new(),
                };
                out.push(Candidate { finding, words, frame: None });
            }
        }
    }

    /// What a frame's match says, if it says anything bad.
    pub(crate) fn frame(&self, set: &FrameSet, hit: &FrameHit) -> Option<Candidate> {
        let frame = &self.lexicon.frames[hit.frame];
        let mut predicate: Option<(usize, &Mark)> = None;
        let mut group: Option<(GroupRef, Option<View>)> = None;
        let mut slur: Option<(u32, &Mark)> = None;
        for (slot, range) in &hit.fills {
            let slot = &set.slots(hit.frame)[*slot];
            match slot.fill {
                Fill::Predicate => {
                    if predicate.is_none() {
                        predicate = self.predicate_at(range, &slot.asked).map(|m| (range.start, m));
                    }
                }
                Fill::Group => {
                    if let Some(mark) = self.group_mark(range) {
                        if let Source::Slur(s) = mark.source {
                            slur = slur.or(Some((s, mark)));
                        }
                        group = group.or_else(|| Some((self.of_whom(range.start, reference(mark.source)?), mark.view)));
                    } else if let Some(antecedent) = self.cells.get(range.start).and_then(|c| c.antecedent) {
                        group = group.or(Some((antecedent, None)));
                    }
                }
            }
        }
        // A split phrase holds its group in its hole.
        if group.is_none() {
            group = hit.words.clone().find_map(|i| {
                let cell = &self.cells[i];
                cell.mark(Bases::G).and_then(|m| Some((reference(m.source)?, m.view))).or_else(|| Some((cell.antecedent?, None)))
            });
        }
        let (act, severity) = self.sense(frame, predicate, slur, &hit.words)?;
        let ground = match (group, frame.ground) {
            (_, Some(ground)) => ground,
            (Some((group, _)), None) => group.ground(self.lexicon),
            (None, None) => Ground::None,
        };
        let entry = match (predicate, slur) {
            (Some((_, Mark { source: Source::Predicate(p), .. })), _) => self.ids.predicates[*p as usize].clone(),
            (_, Some((s, _))) => self.ids.slurs[s as usize].clone(),
            _ => self.ids.frames[hit.frame].clone(),
        };
        let mut views: Vec<View> =
            predicate.iter().filter_map(|(_, m)| m.view).chain(group.and_then(|(_, v)| v)).chain(slur.and_then(|(_, m)| m.view)).collect();
        views.sort_unstable();
        views.dedup();
        // Two guesses at the spelling are no evidence.
        if views.len() > 1 && views.iter().all(|v| *v >= View::Typo) {
            return None;
        }
        let finding = Finding {
            entry,
            frame: Some(self.ids.frames[hit.frame].clone()),
            group: group.map(|(g, _)| self.ids.group(g).clone()),
            ground,
            act,
            severity,
            status: self.status(frame, predicate.map(|p| p.1), group, slur),
            span: self.words.span(&hit.shown),
            views,
            stance: Stance::Author,
            blocked_by: None,
            clues: Vec::new(),
        };
        let words = hit
            .fills
            .iter()
            .map(|(_, r)| r)
            .chain([&hit.shown])
            .filter(|r| !r.is_empty())
            .fold(hit.shown.clone(), |all, r| all.start.min(r.start)..all.end.max(r.end));
        Some(Candidate { finding, words, frame: Some(hit.frame) })
    }

    /// "les G malades": of two groups side by side, the one that the law protects against hate.
    fn of_whom(&self, at: usize, group: GroupRef) -> GroupRef {
        let protected = |g: GroupRef| g.ground(self.lexicon).is_protected();
        let before = at.checked_sub(1).filter(|_| self.places[at].before < Boundary::Soft);
        let neighbour = before.and_then(|i| self.cells[i].named(Bases::G));
        neighbour.filter(|&g| protected(g) && !protected(group)).unwrap_or(group)
    }

    /// Act and severity, or nothing when polarity or the class says that nothing bad is said.
    fn sense(&self, frame: &Frame, predicate: Option<(usize, &Mark)>, slur: Option<(u32, &Mark)>, whole: &Range<usize>) -> Option<(Act, Severity)> {
        if let Some((at, mark)) = predicate {
            let Source::Predicate(p) = mark.source else { return None };
            let entry = &self.lexicon.predicates[p as usize];
            let class = self.lexicon.policy.classes.get(&entry.class)?;
            let end = at + mark.length as usize;
            // A negator that the bad phrase itself is made of ("moins que rien") negates nothing; one put into it ("font pas chier") does.
            let unbroken = class.sign < 0 && !mark.filled && self.forms.get(mark.of).words() == mark.length as usize;
            let own = if entry.negation_inside || unbroken { at..end } else { 0..0 };
            let after_verb = (entry.kind == Kind::Verb).then_some(end);
            let negated = frame.polarity == Polarity::Product && polarity::negated(self.concepts, self.places, at, whole, &own, after_verb);
            let bad = (class.sign < 0) != negated;
            if frame.polarity == Polarity::Product {
                if !bad {
                    return None;
                }
                if class.role == Role::Good {
                    return Some((frame.act.unwrap_or(Act::Insult), frame.severity.unwrap_or(Severity::High)));
                }
            }
            if class.role == Role::Victim && frame.act.is_none() {
                return None;
            }
            // A frame of fixed polarity brings its own modality: it is a wish, a threat or an order by construction.
            if frame.polarity == Polarity::Product && !entry.needs.is_empty() && !self.modality(at, mark, entry) {
                return None;
            }
            let act = frame.act.or(class.act).or(slur.map(|(s, _)| self.lexicon.slurs[s as usize].act))?;
            return Some((act, frame.severity.unwrap_or(class.severity)));
        }
        if let Some((s, mark)) = slur {
            let slur = &self.lexicon.slurs[s as usize];
            if frame.polarity == Polarity::Product
                && mark.bases.meets(Bases::AMB)
                && !mark.bases.meets(Bases::SLUR)
                && polarity::negated(self.concepts, self.places, whole.end.saturating_sub(1), whole, &(0..0), None)
            {
                return None;
            }
            return Some((frame.act.unwrap_or(slur.act), frame.severity.unwrap_or(slur.severity)));
        }
        if frame.polarity == Polarity::Product && polarity::negated(self.concepts, self.places, whole.end.saturating_sub(1), whole, &(0..0), None) {
            return None;
        }
        Some((frame.act?, frame.severity.unwrap_or(Severity::High)))
    }

    /// Whether a phrase that is news in the indicative stands under the modality that it needs.
    fn modality(&self, at: usize, mark: &Mark, entry: &vigie_lexicon::Predicate) -> bool {
        use vigie_lexicon::{Form, Modality};
        let before = |concepts: Concepts| {
            (0..at).rev().take_while(|&i| self.places[i + 1].before < Boundary::Hard).take(8).any(|i| self.concepts[i].intersects(concepts))
        };
        // A future or conditional behind a first person is taken for a promise: "je les expulserai".
        let promised = mark.form == Form::Fut && before(Concepts::PRON1 | Concepts::NOUS);
        let governed = promised || before(Concepts::MODAL | Concepts::DEONTIC | Concepts::WISH | Concepts::LET);
        // "expulsez" is an indicative and an imperative: without a subject in front of it, an order.
        let opens = self.places[at].before >= Boundary::Soft;
        let can_order = || opens && self.cells[at].marks.iter().any(|m| m.source == mark.source && m.length == mark.length && m.form == Form::Imp);
        entry.needs.iter().any(|needed| match needed {
            Modality::Modal => governed,
            Modality::Imperative => mark.form == Form::Imp || can_order(),
            Modality::Infinitive => mark.form == Form::Inf,
            Modality::Wish => mark.form == Form::Sbj || governed,
        })
    }

    fn predicate_at(&self, range: &Range<usize>, asked: &[crate::symbols::SymbolId]) -> Option<&Mark> {
        let cell = self.cells.get(range.start)?;
        let found = cell
            .marks
            .iter()
            .filter(|m| matches!(m.source, Source::Predicate(_)) && m.length as usize == range.len())
            .filter(|m| self.forms.symbols_of(m.symbols).iter().any(|s| asked.binary_search(s).is_ok()));
        found.min_by_key(|m| (m.view, m.source))
    }

    fn group_mark(&self, range: &Range<usize>) -> Option<&Mark> {
        let cell = self.cells.get(range.start)?;
        let of_length = |m: &&Mark| m.length as usize == range.len() && m.bases != Bases(0);
        cell.marks.iter().filter(of_length).min_by_key(|m| (!matches!(m.source, Source::Slur(_)), m.view))
    }

    fn status(&self, frame: &Frame, predicate: Option<&Mark>, group: Option<(GroupRef, Option<View>)>, slur: Option<(u32, &Mark)>) -> Status {
        let slurs = &self.lexicon.slurs;
        let predicate = predicate.and_then(|mark| match mark.source {
            Source::Predicate(p) => Some(self.lexicon.predicates[p as usize].common.status),
            _ => None,
        });
        let group = group.map(|(group, _)| match group {
            GroupRef::Group(g) => self.lexicon.groups[g as usize].common.status,
            GroupRef::Slur(s) => slurs[s as usize].common.status,
        });
        let slur = slur.map(|(s, _)| slurs[s as usize].common.status);
        let mut all = [Some(frame.common.status), predicate, group, slur].into_iter().flatten();
        if all.any(|status| status == Status::Shadow) { Status::Shadow } else { Status::Active }
    }
}
