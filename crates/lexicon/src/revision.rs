//! The content hash that names a bundle: equal revisions give equal verdicts.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::source::Files;

/// Version of the file format that this loader reads.
pub const FORMAT: u32 = 1;

/// Versions of Unicode behind the fold: case and letters come from the standard library, decomposition from its own tables.
fn unicode() -> String {
    let (letters, decomposition) = (char::UNICODE_VERSION, unicode_normalization::UNICODE_VERSION);
    format!("{}.{}.{}, {}.{}.{}", letters.0, letters.1, letters.2, decomposition.0, decomposition.1, decomposition.2)
}

/// The first 16 hexadecimal digits of a SHA-256 over every file (path, length, content, in path order), the format version,
/// the engine's `behaviour` version and the Unicode version. Lengths are hashed so that bytes cannot move from one file to its neighbour.
pub fn revision(files: &Files, behaviour: u32) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("vigie lexicon\nformat {FORMAT}\nbehaviour {behaviour}\nunicode {}\n", unicode()));
    for (path, bytes) in files.iter() {
        hash.update(format!("{}:{path}\n{}:", path.len(), bytes.len()));
        hash.update(bytes);
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(String::with_capacity(16), |mut hex, byte| {
        // Writing to a string cannot fail.
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_changes_with_every_byte_path_and_version_and_with_nothing_else() {
        let base = || vec![("a.toml", "x"), ("b.toml", "yz")];
        let of = |pairs: Vec<(&str, &str)>, behaviour| revision(&Files::from_pairs(pairs), behaviour);
        let first = of(base(), 1);
        assert_eq!(first.len(), 16);
        let mut reversed = base();
        reversed.reverse();
        assert_eq!(first, of(reversed, 1), "order of reading");
        for (what, other) in [
            ("behaviour", of(base(), 2)),
            ("content", of(vec![("a.toml", "x"), ("b.toml", "yw")], 1)),
            ("path", of(vec![("a.toml", "x"), ("c.toml", "yz")], 1)),
            ("border between files", of(vec![("a.toml", "xy"), ("b.toml", "z")], 1)),
            ("a file less", of(vec![("a.toml", "x")], 1)),
        ] {
            assert_ne!(first, other, "{what}");
        }
    }
}
