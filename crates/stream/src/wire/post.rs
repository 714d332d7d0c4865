//! One record to one post, or the reason why not: the first rows of the outcome table. It judges nothing and keeps no author.

use std::borrow::Cow;

use super::dead_letter::{Reason, Refusal};
use super::html::blank_tags;
use super::shape::{Field, Shape, Value, Values};
use crate::config::Input;

/// A post as read: borrowed from the record wherever JSON allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Post<'a> {
    /// Whose post it is.
    pub tenant: Cow<'a, str>,
    /// Unique within the tenant.
    pub post_id: Cow<'a, str>,
    /// Number of the rewording; 0 is the first text.
    pub edit: u64,
    /// The text as received: spans refer to it.
    pub text: Cow<'a, str>,
    /// The text without its tags, byte for byte as long.
    pub judged: Option<String>,
    /// As the sender wrote it.
    pub created_at: Option<Cow<'a, str>>,
    /// Who wrote it.
    pub author: Option<Author<'a>>,
    /// A post id, never an author.
    pub in_reply_to: Option<Cow<'a, str>>,
    /// Where it appeared.
    pub surface: Cow<'a, str>,
    /// Who can read it.
    pub visibility: Cow<'a, str>,
    /// Passed through; longer than 2 KiB it is left out.
    pub url: Option<Cow<'a, str>>,
    /// Names of accounts that the text mentions, with or without `@`: masked in excerpts.
    pub mentions: Vec<Cow<'a, str>>,
    /// Source of a notice about it.
    pub notice: Option<Cow<'a, str>>,
}

/// An author, raw or already a pseudonym.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author<'a> {
    /// To be keyed, then forgotten.
    Id(Cow<'a, str>),
    /// The platform's own pseudonym.
    Pseudonym(Cow<'a, str>),
}

impl Post<'_> {
    /// What the classifier reads.
    pub fn judged(&self) -> &str {
        self.judged.as_deref().unwrap_or(&self.text)
    }
}

/// What a record turned out to be.
#[derive(Debug, PartialEq)]
pub enum Decoded<'a> {
    /// Null payload.
    Tombstone,
    /// Not for us.
    Private,
    /// To be judged.
    Post(Box<Post<'a>>),
}

/// Bounds and choices of the configuration, ready for use.
#[derive(Debug)]
pub struct Limits {
    shape: Shape,
    tenant: String,
    max_payload: usize,
    max_text: usize,
    skip_surfaces: Vec<String>,
    skip_visibilities: Vec<String>,
}

impl Limits {
    /// From a checked configuration.
    pub fn new(input: &Input) -> Result<Self, String> {
        use crate::config::Format;
        let shape = match &input.format {
            Format::Post => Shape::post(),
            Format::ActivityStreams => Shape::activitystreams(),
            Format::Osprey => Shape::osprey(),
            Format::IdText => Shape::id_text(),
            Format::Pointers(pointers) => Shape::from_pointers(pointers)?,
        };
        Ok(Self {
            shape,
            tenant: input.tenant.clone(),
            max_payload: input.max_payload_bytes,
            max_text: input.max_text_bytes,
            skip_surfaces: input.skip_surfaces.clone(),
            skip_visibilities: input.skip_visibilities.clone(),
        })
    }
}

/// The address of everyone in `ActivityStreams`, in its three spellings.
const PUBLIC: [&str; 3] = ["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"];

/// Reads a record. The size is checked before a single byte is parsed.
pub fn decode<'a>(payload: Option<&'a [u8]>, limits: &'a Limits) -> Result<Decoded<'a>, Refusal> {
    let Some(payload) = payload else { return Ok(Decoded::Tombstone) };
    if payload.len() > limits.max_payload {
        return Err(Refusal::new(Reason::PayloadTooLarge, format!("{} bytes, limit {}", payload.len(), limits.max_payload)));
    }
    // Confluent framing: a zero byte and the four bytes of a schema id. JSON never begins with a zero byte.
    let payload = if payload.len() >= 5 && payload[0] == 0 { &payload[5..] } else { payload };
    if payload.is_empty() {
        return Err(Refusal::new(Reason::EmptyPayload, "the payload holds no byte"));
    }
    let json = std::str::from_utf8(payload).map_err(|e| Refusal::new(Reason::InvalidUtf8, format!("byte {} is not UTF-8", e.valid_up_to())))?;
    let shape = &limits.shape;
    // The parser's own message can quote the record: only its place is kept.
    let mut values = shape.read(json).map_err(|e| Refusal::new(Reason::InvalidJson, format!("line {}, column {}", e.line(), e.column())))?;
    if !values.is_object {
        return Err(Refusal::invalid("", "the record is not an object"));
    }
    let mut read = Reader { shape, values: &mut values };
    // Private posts are not ours, whatever else may be wrong with them.
    let surface = read.optional(Field::Surface, 64);
    let visibility = read.visibility();
    let matches =
        |value: &Result<Option<Cow<'_, str>>, Refusal>, list: &[String]| value.as_ref().is_ok_and(|v| v.as_ref().is_some_and(|v| list.iter().any(|s| s == v)));
    if matches(&surface, &limits.skip_surfaces) || matches(&visibility, &limits.skip_visibilities) {
        return Ok(Decoded::Private);
    }
    let post_id = read.id(Field::PostId)?.ok_or_else(|| Refusal::invalid(shape.pointer(Field::PostId), "missing"))?;
    let text = match read.take(Field::Text) {
        Some((Value::Text(text), _)) => text,
        Some((_, pointer)) => return Err(Refusal::invalid(pointer, "not a text")),
        None => return Err(Refusal::invalid(shape.pointer(Field::Text), "missing")),
    };
    let tenant = read.optional(Field::Tenant, 64)?.filter(|t| !t.is_empty()).unwrap_or(Cow::Borrowed(&limits.tenant));
    let edit = match read.take(Field::Edit) {
        None => 0,
        Some((Value::Number(edit), _)) => edit,
        Some((_, pointer)) => return Err(Refusal::invalid(pointer, "not a whole number from 0 on")),
    };
    let html = read.optional(Field::TextFormat, 64)?.map_or(shape.html, |f| f == "html" || f == "text/html");
    let created_at = read.optional(Field::CreatedAt, 64)?;
    let pseudonym = read.id(Field::AuthorPseudonym)?.map(Author::Pseudonym);
    let author = pseudonym.or(read.id(Field::AuthorId)?.map(Author::Id));
    let in_reply_to = read.id(Field::InReplyTo)?;
    let url = read.optional(Field::Url, usize::MAX)?.filter(|u| u.len() <= 2048);
    let mentions = read.list(Field::Mentions).unwrap_or_default();
    let notice = read.optional(Field::Notice, 64).unwrap_or(None);
    if text.len() > limits.max_text {
        return Err(Refusal::new(Reason::TextTooLong, format!("{} bytes, limit {}", text.len(), limits.max_text)));
    }
    let judged = match html.then(|| blank_tags(&text)) {
        Some(Cow::Owned(blanked)) => Some(blanked),
        _ => None,
    };
    Ok(Decoded::Post(Box::new(Post {
        tenant,
        post_id,
        edit,
        text,
        judged,
        created_at,
        author,
        in_reply_to,
        surface: surface?.unwrap_or(Cow::Borrowed("post")),
        visibility: visibility?.unwrap_or(Cow::Borrowed("unknown")),
        url,
        mentions,
        notice,
    })))
}

struct Reader<'r, 'a> {
    shape: &'r Shape,
    values: &'r mut Values<'a>,
}

impl<'r, 'a> Reader<'r, 'a> {
    fn take(&mut self, field: Field) -> Option<(Value<'a>, &'r str)> {
        self.shape.take(self.values, field)
    }

    /// A text that may be missing or null.
    fn optional(&mut self, field: Field, max: usize) -> Result<Option<Cow<'a, str>>, Refusal> {
        match self.take(field) {
            None => Ok(None),
            Some((Value::Text(text), pointer)) if text.len() > max => Err(Refusal::invalid(pointer, &format!("longer than {max} bytes"))),
            Some((Value::Text(text), _)) => Ok(Some(text)),
            Some((Value::Number(number), _)) if self.shape.numeric_ids => Ok(Some(Cow::Owned(number.to_string()))),
            // ActivityStreams writes one value or an array of them.
            Some((Value::List(mut list), _)) if self.shape.numeric_ids => Ok(if list.is_empty() { None } else { Some(list.swap_remove(0)) }),
            Some((_, pointer)) => Err(Refusal::invalid(pointer, "not a text")),
        }
    }

    /// An identifier: 1 to 256 bytes.
    fn id(&mut self, field: Field) -> Result<Option<Cow<'a, str>>, Refusal> {
        let pointer = self.shape.pointer(field);
        match self.optional(field, 256)? {
            Some(id) if id.is_empty() && field == Field::PostId => Err(Refusal::invalid(pointer, "empty")),
            Some(id) if id.is_empty() => Ok(None),
            other => Ok(other),
        }
    }

    /// Texts; one alone counts as a list of one, and anything else as none.
    fn list(&mut self, field: Field) -> Option<Vec<Cow<'a, str>>> {
        match self.take(field)?.0 {
            Value::List(list) => Some(list),
            Value::Text(one) => Some(vec![one]),
            _ => None,
        }
    }

    /// Given, or from the addressing of `ActivityStreams`: public in `to`, unlisted in `cc`, a followers' collection, else direct.
    fn visibility(&mut self) -> Result<Option<Cow<'a, str>>, Refusal> {
        if let given @ Some(_) = self.optional(Field::Visibility, 64)? {
            return Ok(given);
        }
        let (to, cc) = (self.list(Field::To), self.list(Field::Cc));
        if to.is_none() && cc.is_none() {
            return Ok(None);
        }
        let (to, cc) = (to.unwrap_or_default(), cc.unwrap_or_default());
        let public = |list: &[Cow<'_, str>]| list.iter().any(|a| PUBLIC.contains(&a.as_ref()));
        let followers = to.iter().chain(&cc).any(|a| a.ends_with("/followers"));
        Ok(Some(Cow::Borrowed(match (public(&to), public(&cc), followers) {
            (true, _, _) => "public",
            (_, true, _) => "unlisted",
            (_, _, true) => "followers",
            _ => "direct",
        })))
    }
}
