//! The whole path of one post, for `explain` and `scan --all`: everything that was seen, and why it counted or did not.

use vigie_text::{Span, View};

use crate::clause::Boundary;
use crate::engine::{Classifier, Scratch};
use crate::forms::Source;
use crate::judge::Candidate;
use crate::{Finding, Verdict, clues, policy};

/// What was seen on the way to a verdict.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The folded post, after the views rewrote what they split or joined.
    pub folded: String,
    /// Its words in order.
    pub words: Vec<TracedWord>,
    /// Every hit of the automaton, views included.
    pub matches: Vec<Match>,
    /// The post as frames see it: symbols by name, `,` `;` `.` for boundaries. Empty when nothing could make a finding.
    pub clauses: String,
    /// Frames whose pattern matched, whether or not they made a finding.
    pub frames: Vec<TracedFrame>,
    /// Clues that are in the post, whether or not they were added up.
    pub clues: Vec<TracedClue>,
    /// The words as turns are made of them: `{G}` and `{S}` where people are named.
    pub spoken: Vec<String>,
    /// Findings that survived, before doubles were removed.
    pub findings: Vec<Finding>,
    /// Findings that a stance blocked, before doubles were removed.
    pub suppressed: Vec<Finding>,
    /// The verdict.
    pub verdict: Verdict,
}

/// One word and what it can mean.
#[derive(Debug, Clone)]
pub struct TracedWord {
    /// In the original.
    pub span: Span,
    /// Folded letters.
    pub folded: String,
    /// Other readings of it.
    pub readings: Vec<(View, String)>,
    /// Classes, `group`, `slur`, concepts.
    pub concepts: Vec<String>,
    /// Ids of entries, with the view that led there.
    pub entries: Vec<(String, Option<View>)>,
    /// For a pronoun: the entry that it takes up.
    pub antecedent: Option<String>,
    /// Inside quotation marks.
    pub quoted: bool,
    /// What stands before it: nothing, `,`, `;` or `.`.
    pub boundary: Option<char>,
}

/// A form found in the post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Entry that lists the form.
    pub entry: String,
    /// The form as the lexicon writes it.
    pub form: String,
    /// The view that was needed.
    pub view: Option<View>,
    /// In the original.
    pub span: Span,
}

/// A frame whose pattern matched.
#[derive(Debug, Clone)]
pub struct TracedFrame {
    /// Its id.
    pub id: String,
    /// What it matched, in the original.
    pub span: Span,
    /// Whether it made a finding: `false` when polarity, class or modality say that nothing bad is said.
    pub finding: bool,
}

/// A clue that was found.
#[derive(Debug, Clone)]
pub struct TracedClue {
    /// Its id.
    pub id: String,
    /// What it adds.
    pub points: i8,
    /// Where it stands first, in the original.
    pub span: Span,
}

impl Classifier {
    /// Judges one post and keeps everything that was seen. For people and tools, not for the hot path.
    pub fn trace(&self, text: &str, scratch: &mut Scratch) -> Trace {
        let analysed = self.analyse(text, scratch);
        let verdict = if analysed { policy::verdict(&self.lexicon.policy, scratch) } else { Verdict { obfuscation_flood: scratch.flood, ..Verdict::clean() } };
        let words = (0..scratch.words.list.len()).map(|i| self.word(i, scratch)).collect();
        let frames = scratch.frame_hits.iter().map(|hit| TracedFrame {
            id: self.ids.frames[hit.frame].to_string(),
            span: scratch.words.span(&hit.words),
            finding: scratch.candidates.iter().chain(&scratch.suppressed).any(|c| c.frame == Some(hit.frame) && c.words == hit.words),
        });
        Trace {
            folded: scratch.words.text.trim().to_owned(),
            words,
            matches: self.matches(text, scratch),
            clauses: if analysed { scratch.encoded.readable(&self.symbols) } else { String::new() },
            frames: frames.collect(),
            clues: self.traced_clues(scratch),
            spoken: scratch.turned.spoken(&scratch.words),
            findings: findings(&scratch.candidates),
            suppressed: findings(&scratch.suppressed),
            verdict,
        }
    }

    fn traced_clues(&self, s: &Scratch) -> Vec<TracedClue> {
        let traced = s.clue_hits.iter().map(|hit| TracedClue {
            id: self.ids.clues[hit.clue].to_string(),
            points: clues::points(&self.lexicon, hit.clue),
            span: s.words.span(&hit.words),
        });
        traced.collect()
    }

    fn word(&self, i: usize, s: &Scratch) -> TracedWord {
        let word = &s.words.list[i];
        let cell = s.cells.get(i);
        let place = s.places.get(i);
        let marks = cell.map_or(&[][..], |c| &c.marks);
        let mut concepts: Vec<String> = marks.iter().filter_map(|m| self.concept(m.source)).collect();
        let mut entries: Vec<(String, Option<View>)> = marks.iter().filter_map(|m| Some((self.entry_id(m.source)?.to_owned(), m.view))).collect();
        entries.extend(cell.and_then(|c| c.innocent).map(|e| (self.ids.innocents[e as usize].to_string(), None)));
        concepts.dedup();
        entries.dedup();
        TracedWord {
            span: word.span,
            folded: s.words.word(i).to_owned(),
            readings: s
                .words
                .alternatives
                .iter()
                .filter(|a| a.word == i)
                .map(|a| (a.view, a.text.clone()))
                .chain(word.view.map(|v| (v, s.words.word(i).to_owned())))
                .collect(),
            concepts,
            entries,
            antecedent: cell.and_then(|c| c.antecedent).map(|g| self.ids.group(g).to_string()),
            quoted: place.is_some_and(|p| p.quoted),
            boundary: place.and_then(|p| if i == 0 { None } else { Boundary::marker(p.before) }),
        }
    }

    fn matches(&self, text: &str, s: &Scratch) -> Vec<Match> {
        let graphy = |(code, form, span): (u32, &str, Span)| Match {
            entry: self.lexicon.codes[code as usize].common.id.clone(),
            form: form.to_owned(),
            view: None,
            span,
        };
        let mut found: Vec<Match> = self.graphies.find(text).map(graphy).collect();
        for hit in &s.hits {
            let span = s.words.span(&(hit.first as usize..(hit.first + hit.length) as usize));
            for meaning in self.forms.meanings(hit.form) {
                if let Some(id) = self.entry_id(meaning.source) {
                    let this = Match { entry: id.to_owned(), form: self.forms.spelling(meaning).to_owned(), view: hit.view, span };
                    if !found.contains(&this) {
                        found.push(this);
                    }
                }
            }
        }
        found
    }

    fn concept(&self, source: Source) -> Option<String> {
        Some(match source {
            Source::Group(_) => "group".to_owned(),
            Source::Slur(_) => "slur".to_owned(),
            Source::Predicate(i) => self.lexicon.predicates[i as usize].class.clone(),
            Source::Operator(i) => self.lexicon.operators[i as usize].concept.clone(),
            Source::Code(_) => "code".to_owned(),
            Source::Innocent(_) | Source::Literal => return None,
        })
    }

    fn entry_id(&self, source: Source) -> Option<&str> {
        let l = &self.lexicon;
        Some(match source {
            Source::Group(i) => &l.groups[i as usize].common.id,
            Source::Slur(i) => &l.slurs[i as usize].common.id,
            Source::Predicate(i) => &l.predicates[i as usize].common.id,
            Source::Operator(i) => &l.operators[i as usize].common.id,
            Source::Code(i) => &l.codes[i as usize].common.id,
            Source::Innocent(i) => &l.innocents[i as usize].common.id,
            Source::Literal => return None,
        })
    }
}

fn findings(candidates: &[Candidate]) -> Vec<Finding> {
    candidates.iter().map(|c| c.finding.clone()).collect()
}
