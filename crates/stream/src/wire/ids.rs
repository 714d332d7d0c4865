//! Identifiers: hashes that a redelivered record repeats. None of them can be turned back into a post or an author.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::config::Secret;

/// Crockford's base 32 in lower case: letters and digits, none that look alike.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 26 characters carry the first 130 bits.
const LENGTH: usize = 26;

/// One case per post: `c1-` + hash of tenant and post id. An edit keeps it.
pub fn case_id(tenant: &str, post_id: &str) -> String {
    format!("c1-{}", digest("case/1", &[tenant.as_bytes(), post_id.as_bytes()]))
}

/// One flag per case, edit, text and lexicon revision.
pub fn flag_id(case_id: &str, edit: u64, text_sha256: &[u8], lexicon_revision: &str) -> String {
    format!("f1-{}", digest("flag/1", &[case_id.as_bytes(), &edit.to_be_bytes(), text_sha256, lexicon_revision.as_bytes()]))
}

/// Keyed pseudonym of an author: `KID:` + 80 bits or more of HMAC-SHA-256. A bare hash would fall to a dictionary of handles.
pub fn pseudonym(key: &Secret, key_id: &str, tenant: &str, author_id: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).ok()?;
    for part in ["author/1", tenant, author_id] {
        mac.update(&(part.len() as u32).to_be_bytes());
        mac.update(part.as_bytes());
    }
    Some(format!("{key_id}:{}", &base32(&mac.finalize().into_bytes())[..20]))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// Each part goes in with its length, so that no two lists of parts make the same bytes.
fn digest(tag: &str, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in std::iter::once(&tag.as_bytes()).chain(parts) {
        hash.update((part.len() as u32).to_be_bytes());
        hash.update(part);
    }
    let mut text = base32(&hash.finalize());
    text.truncate(LENGTH);
    text
}

fn base32(bytes: &[u8]) -> String {
    let (mut bits, mut held, mut out) = (0_u32, 0, String::with_capacity(bytes.len() * 8 / 5));
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            out.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    out
}
