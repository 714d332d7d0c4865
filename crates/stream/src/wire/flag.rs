//! A verdict as `flag.v1` or `shadow.v1`: value, key and headers. It adds what reviewers need and nothing that the verdict does not say.

use serde::Serialize;
use sha2::{Digest, Sha256};
use vigie_classifier::{BEHAVIOUR, Finding, Verdict};
use vigie_lexicon::Status as EntryStatus;
use vigie_text::{Units, View};

use super::dead_letter::{Coordinates, Header};
use super::excerpt::excerpt;
use super::law::{self, Dsa, Hypothesis};
use super::post::{Author, Post};
use super::units::UnitsTable;
use super::{case_id, flag_id, hex, ids, rfc3339};
use crate::config::{IncludeText, Output, Privacy};

/// What an event says of the post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A person should look at it.
    Flagged,
    /// Only entries on probation fired.
    Shadow,
    /// An edit took away what may have been flagged before.
    Withdrawn,
}

impl Status {
    /// Schema and `CloudEvents` type.
    pub fn schema(self) -> &'static str {
        if self == Self::Shadow { "shadow.v1" } else { "flag.v1" }
    }
}

/// How much is left out so that the broker takes the event: excerpts are cut before a flag is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fit {
    /// All of it.
    Whole,
    /// No text, the first hundred findings of each list.
    Lean,
    /// No text, the first five findings, nothing suppressed.
    Bare,
}

impl Fit {
    /// The next smaller one.
    pub fn smaller(self) -> Option<Self> {
        match self {
            Self::Whole => Some(Self::Lean),
            Self::Lean => Some(Self::Bare),
            Self::Bare => None,
        }
    }

    fn findings(self) -> usize {
        match self {
            Self::Whole => usize::MAX,
            Self::Lean => 100,
            Self::Bare => 5,
        }
    }
}

/// What an event needs beside post and verdict.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Context<'c> {
    pub output: &'c Output,
    pub privacy: &'c Privacy,
    pub lexicon_name: &'c str,
    pub lexicon_version: &'c str,
    pub lexicon_revision: &'c str,
    pub input: Coordinates<'c>,
    /// `traceparent` of the record, passed on.
    pub traceparent: Option<&'c [u8]>,
    /// Template and text for reviewers.
    pub explanation: (&'c str, &'c str),
}

/// One message, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `case_id`: all events of a case meet in one partition, in order.
    pub key: String,
    /// JSON.
    pub value: Vec<u8>,
    /// `CloudEvents` 1.0, binary mode.
    pub headers: Vec<Header>,
}

#[derive(Serialize)]
struct Message<'m> {
    schema: &'static str,
    status: Status,
    flag_id: &'m str,
    case_id: &'m str,
    tenant: &'m str,
    post: PostPart<'m>,
    content: Content<'m>,
    verdict: VerdictPart<'m>,
    findings: Vec<FindingPart<'m>>,
    suppressed: Vec<FindingPart<'m>>,
    shadow: Vec<FindingPart<'m>>,
    /// Present only when findings were left out for size.
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<usize>,
    explanation: Option<Explanation<'m>>,
    legal_hypotheses: Vec<Hypothesis>,
    dsa: Option<Dsa>,
    lexicon: LexiconPart<'m>,
    engine: Engine,
    input: Input<'m>,
}

#[derive(Serialize)]
struct PostPart<'m> {
    post_id: &'m str,
    edit: u64,
    created_at: Option<&'m str>,
    surface: &'m str,
    visibility: &'m str,
    url: Option<&'m str>,
    in_reply_to: Option<&'m str>,
    author_pseudonym: Option<String>,
}

#[derive(Serialize)]
struct Content<'m> {
    sha256: &'m str,
    bytes: usize,
    excerpt: Option<String>,
    excerpt_masked: Option<String>,
    text: Option<&'m str>,
}

#[derive(Serialize)]
struct VerdictPart<'m> {
    hate: bool,
    severity: &'static str,
    priority: u8,
    grounds: Vec<&'static str>,
    acts: Vec<&'static str>,
    queue: &'m str,
    obfuscation_flood: bool,
}

#[derive(Serialize)]
struct FindingPart<'m> {
    entry: &'m str,
    frame: Option<&'m str>,
    group: Option<&'m str>,
    ground: &'static str,
    act: &'static str,
    severity: &'static str,
    status: &'static str,
    span: SpanPart,
    surface: Option<&'m str>,
    views: Vec<&'static str>,
    stance: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked_by: Option<&'m str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clues: Vec<CluePart<'m>>,
}

#[derive(Serialize)]
struct CluePart<'m> {
    entry: &'m str,
    points: i8,
}

#[derive(Serialize)]
#[allow(clippy::struct_field_names)] // the names of the wire
struct SpanPart {
    byte_start: usize,
    byte_end: usize,
    char_start: usize,
    char_end: usize,
    utf16_start: usize,
    utf16_end: usize,
}

impl From<Units> for SpanPart {
    fn from(u: Units) -> Self {
        Self {
            byte_start: u.byte_start,
            byte_end: u.byte_end,
            char_start: u.char_start,
            char_end: u.char_end,
            utf16_start: u.utf16_start,
            utf16_end: u.utf16_end,
        }
    }
}

#[derive(Serialize)]
struct Explanation<'m> {
    template: &'m str,
    text: &'m str,
}

#[derive(Serialize)]
struct LexiconPart<'m> {
    name: &'m str,
    version: &'m str,
    revision: &'m str,
}

#[derive(Serialize)]
struct Engine {
    version: &'static str,
    behaviour: u32,
    unicode: &'static str,
}

#[derive(Serialize)]
struct Input<'m> {
    topic: &'m str,
    partition: i32,
    offset: i64,
    timestamp_ms: Option<i64>,
}

/// The Unicode version of `char`'s tables, which the fold stands on: "16.0.0".
fn unicode() -> &'static str {
    static VERSION: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    VERSION.get_or_init(|| {
        let (major, minor, patch) = char::UNICODE_VERSION;
        format!("{major}.{minor}.{patch}")
    })
}

/// Encodes what `verdict` says of `post`.
pub fn encode(status: Status, post: &Post<'_>, verdict: &Verdict, context: &Context<'_>, fit: Fit) -> serde_json::Result<Event> {
    let sha256 = Sha256::digest(post.text.as_bytes());
    let sha256_text = hex(&sha256);
    let case = case_id(&post.tenant, &post.post_id);
    let flag = flag_id(&case, post.edit, &sha256, context.lexicon_revision);
    // A withdrawal says that nothing flags any more: it shows no findings.
    let (main, side): (&[Finding], &[Finding]) = match status {
        Status::Flagged => (&verdict.findings, &verdict.shadow),
        Status::Shadow => (&[], &verdict.shadow),
        Status::Withdrawn => (&[], &[]),
    };
    let suppressed: &[Finding] = if status == Status::Withdrawn || fit == Fit::Bare { &[] } else { &verdict.suppressed };
    let table = UnitsTable::of(&post.text, main.iter().chain(side).chain(suppressed).map(|f| f.span));
    let with_surface = context.output.include_text != IncludeText::None;
    let show = Show { text: &post.text, table: &table, with_surface, limit: fit.findings() };
    let omitted: usize = [main, side, suppressed].iter().map(|list| list.len().saturating_sub(show.limit)).sum();
    let basis: &[Finding] = if status == Status::Shadow { side } else { main };
    let message = Message {
        schema: status.schema(),
        status,
        flag_id: &flag,
        case_id: &case,
        tenant: &post.tenant,
        post: PostPart {
            post_id: &post.post_id,
            edit: post.edit,
            created_at: post.created_at.as_deref(),
            surface: &post.surface,
            visibility: &post.visibility,
            url: post.url.as_deref(),
            in_reply_to: post.in_reply_to.as_deref(),
            author_pseudonym: author(post, context.privacy),
        },
        content: content(post, basis, &sha256_text, context.output, fit, status),
        verdict: verdict_part(verdict, status, basis, post.notice.as_deref()),
        findings: show.all(main),
        suppressed: show.all(suppressed),
        shadow: show.all(side),
        omitted: (omitted > 0).then_some(omitted),
        explanation: (status != Status::Withdrawn).then_some(Explanation { template: context.explanation.0, text: context.explanation.1 }),
        legal_hypotheses: hypotheses(basis),
        dsa: (!basis.is_empty()).then(|| law::dsa(basis.iter().map(|f| (f.act, f.ground, f.severity)))),
        lexicon: LexiconPart { name: context.lexicon_name, version: context.lexicon_version, revision: context.lexicon_revision },
        engine: Engine { version: env!("CARGO_PKG_VERSION"), behaviour: BEHAVIOUR, unicode: unicode() },
        input: Input { topic: context.input.topic, partition: context.input.partition, offset: context.input.offset, timestamp_ms: context.input.timestamp_ms },
    };
    let value = serde_json::to_vec(&message)?;
    Ok(Event { headers: headers(status, &post.tenant, &flag, &case, context), key: case, value })
}

fn headers(status: Status, tenant: &str, flag: &str, case: &str, context: &Context<'_>) -> Vec<Header> {
    let at = context.input;
    let mut headers = vec![
        Header::text("ce_specversion", "1.0"),
        Header::text("ce_id", flag),
        Header::text("ce_type", status.schema()),
        Header::text("ce_source", &format!("/vigie/{tenant}")),
        Header::text("ce_subject", case),
        Header::text("content-type", "application/json"),
        Header::text("vigie_source", &format!("{}/{}/{}", at.topic, at.partition, at.offset)),
    ];
    if let Some(ms) = at.timestamp_ms {
        headers.push(Header::text("ce_time", &rfc3339(ms)));
    }
    if let Some(traceparent) = context.traceparent {
        headers.push(Header { name: "traceparent".to_owned(), value: Some(traceparent.to_owned()) });
    }
    headers
}

fn author(post: &Post<'_>, privacy: &Privacy) -> Option<String> {
    match post.author.as_ref()? {
        Author::Pseudonym(given) => Some(given.to_string()),
        Author::Id(id) => ids::pseudonym(privacy.author_key.as_ref()?, &privacy.author_key_id, &post.tenant, id),
    }
}

fn content<'m>(post: &'m Post<'_>, findings: &[Finding], sha256: &'m str, output: &Output, fit: Fit, status: Status) -> Content<'m> {
    let mut content = Content { sha256, bytes: post.text.len(), excerpt: None, excerpt_masked: None, text: None };
    if fit != Fit::Whole || status == Status::Withdrawn || output.include_text == IncludeText::None {
        return content;
    }
    let marks: Vec<_> = findings.iter().map(|f| (f.span, law::label(f.act))).collect();
    let cut = excerpt(post.judged(), &marks, &post.mentions, output.excerpt_chars);
    content.excerpt = Some(cut.shown);
    content.excerpt_masked = Some(cut.masked);
    content.text = (output.include_text == IncludeText::Full).then_some(&post.text);
    content
}

fn verdict_part<'m>(verdict: &Verdict, status: Status, basis: &[Finding], notice: Option<&str>) -> VerdictPart<'m> {
    let (severity, grounds, acts) = if status == Status::Shadow {
        let severity = basis.iter().map(|f| f.severity).max().unwrap_or(vigie_lexicon::Severity::None);
        let (mut grounds, mut acts): (Vec<_>, Vec<_>) = basis.iter().map(|f| (f.ground, f.act)).unzip();
        grounds.sort();
        grounds.dedup();
        acts.sort();
        acts.dedup();
        (severity, grounds, acts)
    } else if status == Status::Withdrawn {
        (vigie_lexicon::Severity::None, Vec::new(), Vec::new())
    } else {
        (verdict.severity, verdict.grounds.clone(), verdict.acts.clone())
    };
    VerdictPart {
        hate: status == Status::Flagged && verdict.hate,
        severity: severity.code(),
        priority: law::priority(severity, notice),
        grounds: grounds.into_iter().map(vigie_lexicon::Ground::code).collect(),
        acts: acts.into_iter().map(vigie_lexicon::Act::code).collect(),
        queue: if severity == vigie_lexicon::Severity::Critical { "danger" } else { "default" },
        obfuscation_flood: verdict.obfuscation_flood,
    }
}

fn hypotheses(findings: &[Finding]) -> Vec<Hypothesis> {
    let mut out = Vec::new();
    for hypothesis in findings.iter().flat_map(|f| law::hypotheses(f.act, f.ground)) {
        if !out.contains(&hypothesis) {
            out.push(hypothesis);
        }
    }
    out
}

/// How findings are shown.
struct Show<'m> {
    text: &'m str,
    table: &'m UnitsTable,
    with_surface: bool,
    limit: usize,
}

impl<'m> Show<'m> {
    fn all(&self, findings: &'m [Finding]) -> Vec<FindingPart<'m>> {
        findings.iter().take(self.limit).map(|f| self.one(f)).collect()
    }

    fn one(&self, finding: &'m Finding) -> FindingPart<'m> {
        debug_assert!(matches!(finding.status, EntryStatus::Active | EntryStatus::Shadow), "no other entry makes findings");
        FindingPart {
            entry: &finding.entry,
            frame: finding.frame.as_deref(),
            group: finding.group.as_deref(),
            ground: finding.ground.code(),
            act: finding.act.code(),
            severity: finding.severity.code(),
            status: finding.status.code(),
            span: self.table.units(finding.span).into(),
            surface: self.with_surface.then(|| &self.text[finding.span.range()]),
            views: finding.views.iter().map(|v| view(*v)).collect(),
            stance: finding.stance.code(),
            blocked_by: finding.blocked_by.as_deref(),
            clues: finding.clues.iter().map(|c| CluePart { entry: &c.entry, points: c.points }).collect(),
        }
    }
}

/// The code of a view on the wire.
fn view(view: View) -> &'static str {
    match view {
        View::Invisible => "invisible",
        View::Lookalike => "lookalike",
        View::Repetition => "repetition",
        View::Leet => "leet",
        View::Mask | View::Elastic => "mask",
        View::Separated => "separated",
        View::Careless => "careless",
        View::Split => "split",
        View::Glued => "glued",
        View::Typo => "typo",
        View::Phonetic => "phonetic",
    }
}
