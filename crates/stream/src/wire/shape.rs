//! Where the fields of a post stand in a record: JSON pointers, gathered in one pass without building the document.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A field of `post.v1` that is read; all others are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    PostId,
    Text,
    Tenant,
    Edit,
    CreatedAt,
    TextFormat,
    AuthorId,
    AuthorPseudonym,
    InReplyTo,
    Surface,
    Visibility,
    Url,
    Mentions,
    Notice,
    /// `ActivityStreams` addressing, from which visibility follows.
    To,
    Cc,
}

impl Field {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("post_id", Self::PostId),
        ("text", Self::Text),
        ("tenant", Self::Tenant),
        ("edit", Self::Edit),
        ("created_at", Self::CreatedAt),
        ("text_format", Self::TextFormat),
        ("author_id", Self::AuthorId),
        ("author_pseudonym", Self::AuthorPseudonym),
        ("in_reply_to", Self::InReplyTo),
        ("surface", Self::Surface),
        ("visibility", Self::Visibility),
        ("url", Self::Url),
        ("mentions", Self::Mentions),
        ("notice_source", Self::Notice),
    ];
}

/// Most places that one shape can read.
const MAX_PLACES: usize = 24;

/// Longest pointer: a dead letter names it in a header, and must fit into its topic.
const MAX_POINTER_BYTES: usize = 1024;

/// The pointers of one record format.
#[derive(Debug)]
pub struct Shape {
    /// Field and pointer of each place; a field may have several, the first that holds a value wins.
    places: Vec<(Field, String)>,
    root: Node,
    /// Foreign systems number their posts; `post.v1` demands text.
    pub(super) numeric_ids: bool,
    /// The text is HTML unless the record says otherwise.
    pub(super) html: bool,
}

#[derive(Debug, Default)]
struct Node {
    place: Option<usize>,
    children: Vec<(String, Node)>,
}

/// What stood at a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(u64),
    /// Texts of an array; what is no text in it is left out.
    List(Vec<Cow<'a, str>>),
    Null,
    /// A boolean, a fraction, a negative number, an object.
    Other,
}

/// What one record holds at the places of a shape.
#[derive(Debug)]
pub(super) struct Values<'a> {
    found: [Option<Value<'a>>; MAX_PLACES],
    pub(super) is_object: bool,
}

impl Shape {
    /// `post.v1`.
    pub fn post() -> Self {
        use Field::{AuthorId, AuthorPseudonym, CreatedAt, Edit, InReplyTo, Mentions, Notice, PostId, Surface, Tenant, Text, TextFormat, Url, Visibility};
        let fields = [
            (PostId, "/post_id"),
            (Text, "/text"),
            (Tenant, "/tenant"),
            (Edit, "/edit"),
            (CreatedAt, "/created_at"),
            (TextFormat, "/text_format"),
            (AuthorId, "/author_id"),
            (AuthorPseudonym, "/author_pseudonym"),
            (InReplyTo, "/in_reply_to"),
            (InReplyTo, "/in_reply_to/post_id"),
            (Surface, "/surface"),
            (Visibility, "/visibility"),
            (Url, "/url"),
            (Mentions, "/mentions"),
            (Notice, "/notice/source"),
        ];
        Self::of(&fields, false, false)
    }

    /// `ActivityStreams` `Create{Note}`; the content is HTML.
    pub fn activitystreams() -> Self {
        use Field::{AuthorId, Cc, CreatedAt, InReplyTo, PostId, Text, TextFormat, To, Url};
        let fields = [
            (PostId, "/object/id"),
            (Text, "/object/content"),
            (CreatedAt, "/object/published"),
            (CreatedAt, "/published"),
            (TextFormat, "/object/mediaType"),
            (AuthorId, "/actor"),
            (AuthorId, "/actor/id"),
            (AuthorId, "/object/attributedTo"),
            (InReplyTo, "/object/inReplyTo"),
            (InReplyTo, "/object/inReplyTo/id"),
            (Url, "/object/url"),
            (To, "/object/to"),
            (To, "/to"),
            (Cc, "/object/cc"),
            (Cc, "/cc"),
        ];
        Self::of(&fields, true, true)
    }

    /// Osprey actions: the post is in `data.data`, the action's own id serves when the post has none.
    pub fn osprey() -> Self {
        use Field::{AuthorId, CreatedAt, InReplyTo, PostId, Text};
        let fields = [
            (PostId, "/data/data/post_id"),
            (PostId, "/data/data/post/id"),
            (PostId, "/data/action_id"),
            (Text, "/data/data/text"),
            (Text, "/data/data/post/text"),
            (CreatedAt, "/data/timestamp"),
            (CreatedAt, "/send_time"),
            (AuthorId, "/data/data/user_id"),
            (AuthorId, "/data/data/post/user_id"),
            (InReplyTo, "/data/data/in_reply_to"),
        ];
        Self::of(&fields, true, false)
    }

    /// `{"id", "text"}`.
    pub fn id_text() -> Self {
        Self::of(&[(Field::PostId, "/id"), (Field::Text, "/text")], true, false)
    }

    /// The user's own: field of `post.v1` → JSON pointer (RFC 6901) of at most 1,024 bytes.
    pub fn from_pointers(pointers: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut fields = Vec::new();
        for (name, pointer) in pointers {
            let Some((_, field)) = Field::NAMES.iter().find(|(n, _)| n == name) else {
                let names: Vec<_> = Field::NAMES.iter().map(|(n, _)| *n).collect();
                return Err(format!("unknown field `{name}`: one of {}", names.join(", ")));
            };
            if !pointer.starts_with('/') {
                return Err(format!("the pointer of `{name}` must begin with `/`"));
            }
            if pointer.len() > MAX_POINTER_BYTES {
                return Err(format!("the pointer of `{name}` has {} bytes: at most {MAX_POINTER_BYTES}", pointer.len()));
            }
            fields.push((*field, pointer.as_str()));
        }
        for (name, field) in &Field::NAMES[..2] {
            if !fields.iter().any(|(f, _)| f == field) {
                return Err(format!("`{name}` has no pointer"));
            }
        }
        Ok(Self::of(&fields, true, false))
    }

    fn of(fields: &[(Field, &str)], numeric_ids: bool, html: bool) -> Self {
        let mut root = Node::default();
        let mut places = Vec::new();
        for (field, pointer) in fields {
            let mut node = &mut root;
            for token in pointer.split('/').skip(1) {
                let token = token.replace("~1", "/").replace("~0", "~");
                let at = node.children.iter().position(|(name, _)| *name == token).unwrap_or_else(|| {
                    node.children.push((token, Node::default()));
                    node.children.len() - 1
                });
                node = &mut node.children[at].1;
            }
            node.place = Some(places.len());
            places.push((*field, (*pointer).to_owned()));
        }
        Self { places, root, numeric_ids, html }
    }

    /// Reads the places of `json`, in one pass.
    pub(super) fn read<'a>(&self, json: &'a str) -> serde_json::Result<Values<'a>> {
        let mut values = Values { found: [const { None }; MAX_PLACES], is_object: false };
        let mut source = serde_json::Deserializer::from_str(json);
        Walk { node: &self.root, values: &mut values, root: true }.deserialize(&mut source)?;
        source.end()?;
        Ok(values)
    }

    /// Value and pointer of the first place of `field` that holds one; else its first place that holds anything at all.
    pub(super) fn take<'a>(&self, values: &mut Values<'a>, field: Field) -> Option<(Value<'a>, &str)> {
        let mut fallback = None;
        for (at, (_, pointer)) in self.places.iter().enumerate().filter(|(_, (f, _))| *f == field) {
            match values.found[at].take() {
                None | Some(Value::Null) => {}
                Some(Value::Other) => fallback = fallback.or(Some((Value::Other, pointer.as_str()))),
                Some(value) => return Some((value, pointer)),
            }
        }
        fallback
    }

    /// The first pointer of `field`, for messages about what is missing.
    pub(super) fn pointer(&self, field: Field) -> &str {
        self.places.iter().find(|(f, _)| *f == field).map_or("", |(_, pointer)| pointer)
    }
}

/// Visits one node of the record along with one node of the shape.
struct Walk<'w, 'a> {
    node: &'w Node,
    values: &'w mut Values<'a>,
    root: bool,
}

impl<'a> Walk<'_, 'a> {
    fn put(self, value: Value<'a>) {
        if let Some(place) = self.node.place {
            self.values.found[place] = Some(value);
        }
    }
}

impl<'a> DeserializeSeed<'a> for Walk<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Walk<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<(), E> {
        self.put(Value::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.put(Value::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.put(Value::Number(number));
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.put(Value::Other);
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.put(Value::Other);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.put(Value::Other);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(Value::Null);
        Ok(())
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        if self.root {
            self.values.is_object = true;
        }
        while let Some(child) = map.next_key_seed(Name(&self.node.children))? {
            match child {
                Some(node) => map.next_value_seed(Walk { node, values: self.values, root: false })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        self.put(Value::Other);
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<(), S::Error> {
        // An array is either walked by index (RFC 6901) or, at a place, gathered.
        let mut texts = Vec::new();
        for index in 0.. {
            let child = self.node.children.iter().find(|(name, _)| name.parse() == Ok(index));
            let go_on = match (child, self.node.place) {
                (Some((_, node)), _) => seq.next_element_seed(Walk { node, values: self.values, root: false })?.is_some(),
                (None, Some(_)) => seq.next_element_seed(Element(&mut texts))?.is_some(),
                (None, None) => seq.next_element::<IgnoredAny>()?.is_some(),
            };
            if !go_on {
                break;
            }
        }
        self.put(Value::List(texts));
        Ok(())
    }
}

/// The child that bears the key, compared without copying it.
struct Name<'n>(&'n [(String, Node)]);

impl<'a, 'n> DeserializeSeed<'a> for Name<'n> {
    type Value = Option<&'n Node>;

    fn deserialize<D: Deserializer<'a>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'n> Visitor<'_> for Name<'n> {
    type Value = Option<&'n Node>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|(name, _)| name == key).map(|(_, node)| node))
    }
}

/// One element of a gathered array: at most 64 texts are kept.
struct Element<'e, 'a>(&'e mut Vec<Cow<'a, str>>);

impl<'a> DeserializeSeed<'a> for Element<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, source: D) -> Result<(), D::Error> {
        let mut values = Values { found: [const { None }; MAX_PLACES], is_object: false };
        let node = Node { place: Some(0), children: Vec::new() };
        Walk { node: &node, values: &mut values, root: false }.deserialize(source)?;
        if let (Some(Value::Text(text)), true) = (values.found[0].take(), self.0.len() < 64) {
            self.0.push(text);
        }
        Ok(())
    }
}
