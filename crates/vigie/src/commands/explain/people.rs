//! The path of a post as a page in French: the verdict and its reasons first, then the steps that led there.

use std::io::{self, Write};

use vigie_classifier::{Classifier, Decision, Finding, Trace, TracedWord};
use vigie_lexicon::{Policy, Stance};
use vigie_text::{Span, View};

use crate::paint::{Ink, Paint, harmless};

/// Words that negate, by the concept they carry.
const NEGATIONS: &[&str] = &["NEG", "NEG_NE", "NWORD", "REFUSE"];

/// One page.
pub(super) struct Page<'a> {
    pub(super) classifier: &'a Classifier,
    pub(super) text: &'a str,
    pub(super) trace: &'a Trace,
    pub(super) paint: Paint,
}

impl Page<'_> {
    /// Verdict, findings, what was set aside, then the path.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.verdict(out)?;
        let verdict = &self.trace.verdict;
        for (title, findings) in
            [("Constats", &verdict.findings), ("À l'essai (ne signale pas)", &verdict.shadow), ("Écartés par le contexte", &verdict.suppressed)]
        {
            if !findings.is_empty() {
                self.title(out, title)?;
                findings.iter().try_for_each(|f| self.finding(out, f))?;
            }
        }
        self.dropped_frames(out)?;
        self.words(out)?;
        if !self.trace.clauses.is_empty() {
            self.title(out, "Phrase vue par les patrons")?;
            writeln!(out, "  {}", self.paint.ink(Ink::Faint, harmless(&self.trace.clauses)))?;
        }
        writeln!(out, "\n{}", self.paint.ink(Ink::Faint, format!("lexique {}", self.classifier.lexicon().revision)))
    }

    fn policy(&self) -> &Policy {
        &self.classifier.lexicon().policy
    }

    fn title(&self, out: &mut impl Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{}", self.paint.ink(Ink::Title, title))
    }

    fn verdict(&self, out: &mut impl Write) -> io::Result<()> {
        let verdict = &self.trace.verdict;
        let spans: Vec<Span> = verdict.findings.iter().map(|f| f.span).collect();
        writeln!(out, "{}\n", self.paint.highlight(self.text, &spans))?;
        let says = match verdict.decision {
            Decision::Flagged if verdict.hate => self.paint.ink(Ink::Bad, "SIGNALÉ : haine"),
            Decision::Flagged => self.paint.ink(Ink::Bad, "SIGNALÉ, sans motif protégé"),
            Decision::Shadow => "Pas de signalement : seules des entrées à l'essai se déclenchent".to_owned(),
            Decision::Clean if verdict.findings.is_empty() && verdict.suppressed.is_empty() => self.paint.ink(Ink::Good, "Rien à signaler"),
            Decision::Clean if verdict.findings.is_empty() => self.paint.ink(Ink::Good, "Rien à signaler : le contexte écarte ce qui a été trouvé"),
            Decision::Clean => "Pas de signalement : gravité sous le seuil".to_owned(),
        };
        writeln!(out, "{says}")?;
        if verdict.decision == Decision::Flagged {
            let join = |kind: &str, codes: Vec<&str>| codes.iter().map(|c| self.label(kind, c)).collect::<Vec<_>>().join(", ");
            writeln!(out, "  gravité  {}", self.label("severity", verdict.severity.code()))?;
            writeln!(out, "  motif    {}", join("ground", verdict.grounds.iter().map(|g| g.code()).collect()))?;
            writeln!(out, "  acte     {}", join("act", verdict.acts.iter().map(|a| a.code()).collect()))?;
        }
        if let Some(explanation) = self.classifier.explanation(verdict) {
            writeln!(out, "  {}", explanation.text)?;
        }
        if verdict.obfuscation_flood {
            writeln!(out, "  Beaucoup de mots déguisés : un indice en soi.")?;
        }
        Ok(())
    }

    fn label(&self, kind: &str, code: &str) -> String {
        self.policy().label(&format!("{kind}.{code}")).to_owned()
    }

    /// What was said, of whom, by whom, and what negates it.
    fn finding(&self, out: &mut impl Write, f: &Finding) -> io::Result<()> {
        writeln!(out, "  {}", self.paint.ink(Ink::Span, harmless(&self.text[f.span.range()])))?;
        let mut line = |name: &str, value: String| writeln!(out, "    {name:<12}{value}");
        line("entrée", self.named(&f.entry))?;
        match &f.frame {
            Some(frame) => line("patron", self.named(frame))?,
            None if !f.clues.is_empty() => line("patron", "aucun : un faisceau d'indices".to_owned())?,
            None => line("patron", "aucun : l'injure suffit".to_owned())?,
        }
        if let Some(group) = &f.group {
            line("groupe", format!("{}{}", self.taken_up(group, f), self.named(group)))?;
        }
        line(
            "sens",
            format!("{}, {}, gravité {}", self.label("ground", f.ground.code()), self.label("act", f.act.code()), self.label("severity", f.severity.code())),
        )?;
        line("négation", self.negation(f.span))?;
        line("lecture", if f.views.is_empty() { "telle quelle".to_owned() } else { f.views.iter().map(|v| view(*v)).collect::<Vec<_>>().join(", ") })?;
        line("qui parle", stance(f.stance).to_owned())?;
        if let Some(by) = &f.blocked_by {
            line("écarté par", self.named(by))?;
        }
        let (mut name, mut turns) = ("indices", Vec::new());
        for clue in &f.clues {
            match self.classifier.lexicon().turns.iter().find(|t| *t.id == *clue.entry) {
                Some(turn) => turns.push(format!("{:+} « {} »", clue.points, turn.text)),
                None => line(std::mem::take(&mut name), format!("{:+} {}", clue.points, self.named(&clue.entry)))?,
            }
        }
        if turns.is_empty() { Ok(()) } else { line("tournures", turns.join(", ")) }
    }

    /// An id, and why its entry is there.
    fn named(&self, id: &str) -> String {
        let lexicon = self.classifier.lexicon();
        let commons =
            lexicon.groups.iter().map(|e| &e.common).chain(lexicon.slurs.iter().map(|e| &e.common)).chain(lexicon.predicates.iter().map(|e| &e.common));
        let commons = commons
            .chain(lexicon.frames.iter().map(|e| &e.common))
            .chain(lexicon.stance_frames.iter().map(|e| &e.common))
            .chain(lexicon.clues.iter().map(|e| &e.common))
            .chain(lexicon.innocents.iter().map(|e| &e.common));
        let why = commons.into_iter().find(|c| c.id == id).map(|c| c.why.as_str()).filter(|why| !why.is_empty());
        why.map_or_else(|| id.to_owned(), |why| format!("{id}  {}", self.paint.ink(Ink::Faint, why)))
    }

    /// The words of the finding's own pattern that take its group up, when it is not named on the spot.
    fn taken_up(&self, group: &str, f: &Finding) -> String {
        let holds = |outer: Span, inner: Span| outer.start <= inner.start && inner.end <= outer.end;
        let frames = self.trace.frames.iter().filter(|t| t.finding && Some(t.id.as_str()) == f.frame.as_deref() && holds(t.span, f.span));
        let reach = frames.map(|t| t.span).reduce(Span::join).unwrap_or(f.span);
        let words = self.trace.words.iter().filter(|w| w.antecedent.as_deref() == Some(group) && holds(reach, w.span));
        let taking: Vec<String> = words.map(|w| format!("« {} » reprend ", harmless(&self.text[self.phrase_at(w).range()]))).collect();
        taking.first().cloned().unwrap_or_default()
    }

    /// The longest phrase of operators that starts on a word: "ces gens-là" rather than "ces".
    fn phrase_at(&self, word: &TracedWord) -> Span {
        let here = self.trace.matches.iter().filter(|m| m.span.start == word.span.start && m.entry.contains(".operator."));
        here.map(|m| m.span).max_by_key(|s| s.end).unwrap_or(word.span)
    }

    /// The words that negate in the clause of `span`.
    fn negation(&self, span: Span) -> String {
        let words = &self.trace.words;
        let Some(first) = words.iter().position(|w| w.span.start >= span.start) else { return "aucune".to_owned() };
        let last = words.iter().rposition(|w| w.span.end <= span.end).unwrap_or(first).max(first);
        let hard = |w: &TracedWord| matches!(w.boundary, Some('.' | ';'));
        let start = (1..=first).rev().find(|&i| hard(&words[i])).unwrap_or(0);
        let end = (last + 1..words.len()).find(|&i| hard(&words[i])).unwrap_or(words.len());
        let negating = words[start..end].iter().filter(|w| w.concepts.iter().any(|c| NEGATIONS.contains(&c.as_str())));
        let found: Vec<String> = negating.map(|w| format!("« {} »", harmless(&self.text[w.span.range()]))).collect();
        if found.is_empty() { "aucune dans la proposition".to_owned() } else { format!("{} dans la proposition", found.join(", ")) }
    }

    /// Patterns that matched and say nothing bad.
    fn dropped_frames(&self, out: &mut impl Write) -> io::Result<()> {
        let dropped: Vec<_> = self.trace.frames.iter().filter(|f| !f.finding).collect();
        if dropped.is_empty() {
            return Ok(());
        }
        self.title(out, "Patrons reconnus sans rien de mal dit (négation, sens du mot ou mode du verbe)")?;
        for frame in dropped {
            writeln!(out, "  « {} »  {}", harmless(&self.text[frame.span.range()]), self.named(&frame.id))?;
            writeln!(out, "    {:<12}{}", "négation", self.negation(frame.span))?;
        }
        Ok(())
    }

    /// Every word with what it can mean.
    fn words(&self, out: &mut impl Write) -> io::Result<()> {
        self.title(out, "Mots")?;
        let surfaces: Vec<String> = self.trace.words.iter().map(|w| harmless(&self.text[w.span.range()])).collect();
        let width = surfaces.iter().map(|s| s.chars().count()).max().unwrap_or(0).min(24);
        for (word, surface) in self.trace.words.iter().zip(&surfaces) {
            let boundary = word.boundary.map_or(' ', |b| b);
            let mut said = Vec::new();
            said.extend(word.readings.iter().map(|(v, text)| format!("lu « {text} » ({})", view(*v))));
            for concept in word.concepts.iter().map(|c| self.concept(c)) {
                if !said.contains(&concept) {
                    said.push(concept);
                }
            }
            said.extend(word.antecedent.as_ref().map(|a| format!("→ {}", short(a))));
            if word.quoted {
                said.push("entre guillemets".to_owned());
            }
            let entries: Vec<String> = word.entries.iter().filter(|(id, _)| !id.contains(".operator.")).map(|(id, _)| short(id).to_owned()).collect();
            writeln!(out, "  {boundary} {surface:<width$}  {}  {}", said.join(", "), self.paint.ink(Ink::Faint, entries.join(" ")))?;
        }
        Ok(())
    }

    fn concept(&self, concept: &str) -> String {
        match concept {
            "group" => "groupe".to_owned(),
            "slur" => "injure".to_owned(),
            "NE" | "NEG" | "NEG_NE" | "NWORD" | "NOT_NEG" | "RESTRICT" | "REFUSE" => format!("négation ({concept})"),
            "COPULA" => "être".to_owned(),
            "HAVE" => "avoir".to_owned(),
            "MODAL" | "DEONTIC" | "WISH" | "LET" => format!("mode ({concept})"),
            "SPEECH" | "NAME_AS" | "THINK" => format!("parole ou pensée ({concept})"),
            "CONDEMN" => "dénonciation".to_owned(),
            "ENDORSE" => "adhésion".to_owned(),
            "ANAPHORIC" | "PRON3" | "PRON2" | "POSSESSIVE" => format!("reprise ({concept})"),
            "SUB" | "CONJ" => format!("liaison ({concept})"),
            other if other.starts_with("DET") || other == "CLITIC" || other == "DEMONSTRATIVE" => "déterminant ou pronom".to_owned(),
            other => self.label("class", other),
        }
    }
}

/// An id without its language.
fn short(id: &str) -> &str {
    id.split_once('.').map_or(id, |(_, rest)| rest)
}

fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Author => "l'auteur",
        Stance::Quoted => "quelqu'un que l'auteur cite",
        Stance::Reported => "quelqu'un dont l'auteur rapporte les propos",
        Stance::Condemned => "l'auteur, qui dénonce",
        Stance::Own => "l'auteur, de lui-même",
    }
}

fn view(view: View) -> &'static str {
    match view {
        View::Invisible => "caractères invisibles",
        View::Lookalike => "lettres d'un autre alphabet",
        View::Repetition => "lettres répétées",
        View::Leet => "chiffres et signes pour des lettres",
        View::Mask => "lettres masquées",
        View::Separated => "lettres séparées",
        View::Careless => "écrit comme un texto",
        View::Elastic => "lettres masquées, sans leur nombre",
        View::Split => "mot coupé",
        View::Glued => "mots collés",
        View::Typo => "faute de frappe",
        View::Phonetic => "écrit comme cela se prononce",
    }
}
