//! The one door to disk: the files of a bundle, from a folder or from the binary itself. It reads bytes and understands none of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use thiserror::Error;

/// The bundle compiled into the binary.
static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../lexicons/fr");

/// Largest file of a bundle. The biggest word list is a tenth of this; a larger file is a mistake, or meant to exhaust memory.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// Most files in a bundle.
pub const MAX_FILES: usize = 4_096;
/// Deepest folder below the root.
const MAX_DEPTH: usize = 6;

/// The files that make a bundle, by path from its root with `/` between folders: every `.toml` and `.tsv`. Others cannot change a verdict and are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Those of the binary are not copied.
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

/// Why a folder is not readable as a bundle.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The root is missing or not a folder.
    #[error("lexicon folder {}: not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The operating system refused.
    #[error("lexicon file {}: {error}", path.display())]
    Io {
        /// What was read.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// One file is too large.
    #[error("lexicon file {}: {bytes} bytes, more than the limit of {MAX_FILE_BYTES}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// Too many files.
    #[error("lexicon folder {}: more than {MAX_FILES} files", .0.display())]
    TooMany(PathBuf),
    /// Folders in folders.
    #[error("lexicon folder {}: more than {MAX_DEPTH} folders deep", .0.display())]
    TooDeep(PathBuf),
    /// A name that has no portable spelling.
    #[error("lexicon file {}: name is not UTF-8", .0.display())]
    Name(PathBuf),
}

impl Files {
    /// The bundle compiled into the binary.
    pub fn built_in() -> Self {
        fn walk(dir: &'static Dir<'static>, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
            for file in dir.files() {
                if let Some(path) = file.path().to_str().filter(|p| belongs(p)) {
                    files.insert(path.replace('\\', "/"), Cow::Borrowed(file.contents()));
                }
            }
            dir.dirs().for_each(|d| walk(d, files));
        }
        let mut files = BTreeMap::new();
        walk(&DEFAULT, &mut files);
        Self { files }
    }

    /// Reads every file of the bundle in `root`. Hidden files and folders are skipped.
    pub fn from_dir(root: &Path) -> Result<Self, SourceError> {
        if !root.is_dir() {
            return Err(SourceError::NotAFolder(root.to_owned()));
        }
        let mut files = BTreeMap::new();
        read_dir(root, root, 0, &mut files)?;
        Ok(Self { files })
    }

    /// A bundle from memory.
    pub fn from_pairs<P: Into<String>, B: Into<Vec<u8>>>(pairs: impl IntoIterator<Item = (P, B)>) -> Self {
        Self { files: pairs.into_iter().map(|(p, b)| (p.into(), Cow::Owned(b.into()))).collect() }
    }

    /// Adds or replaces one file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), Cow::Owned(bytes.into()));
    }

    /// Keeps the files whose path `wanted` holds good.
    pub fn retain(&mut self, mut wanted: impl FnMut(&str) -> bool) {
        self.files.retain(|path, _| wanted(path));
    }

    /// One file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(p, b)| (p.as_str(), b.as_ref()))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

fn belongs(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let extension = Path::new(name).extension().and_then(|e| e.to_str());
    !name.starts_with('.') && matches!(extension, Some("toml" | "tsv"))
}

fn read_dir(root: &Path, dir: &Path, depth: usize, files: &mut BTreeMap<String, Cow<'static, [u8]>>) -> Result<(), SourceError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| SourceError::Io { path, error }
    };
    if depth > MAX_DEPTH {
        return Err(SourceError::TooDeep(root.to_owned()));
    }
    for entry in fs::read_dir(dir).map_err(io(dir))? {
        let path = entry.map_err(io(dir))?.path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return Err(SourceError::Name(path)) };
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            read_dir(root, &path, depth + 1, files)?;
            continue;
        }
        if !belongs(name) {
            continue;
        }
        let bytes = fs::metadata(&path).map_err(io(&path))?.len();
        if bytes > MAX_FILE_BYTES {
            return Err(SourceError::TooLarge { path, bytes });
        }
        if files.len() == MAX_FILES {
            return Err(SourceError::TooMany(root.to_owned()));
        }
        let content = fs::read(&path).map_err(io(&path))?;
        let relative: Vec<&str> = path.strip_prefix(root).unwrap_or(&path).iter().filter_map(|p| p.to_str()).collect();
        files.insert(relative.join("/"), Cow::Owned(content));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_bundle_files_and_nothing_else() {
        let root = tempfile::tempdir().expect("temporary folder");
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("parent")).expect("folder");
            fs::write(path, text).expect("file");
        };
        write("bundle.toml", "a");
        write("slurs/x.toml", "b");
        write("words/ordinary.tsv", "c");
        write("words/README.md", "d");
        write(".git/config.toml", "e");
        write("slurs/.x.toml.swp", "f");
        let files = Files::from_dir(root.path()).expect("readable");
        let paths: Vec<&str> = files.iter().map(|(p, _)| p).collect();
        assert_eq!(paths, ["bundle.toml", "slurs/x.toml", "words/ordinary.tsv"]);
    }

    #[test]
    fn a_bad_folder_is_named_with_its_limit() {
        let root = tempfile::tempdir().expect("temporary folder");
        let missing = Files::from_dir(&root.path().join("nowhere")).expect_err("missing");
        assert!(missing.to_string().ends_with("nowhere: not a folder"), "{missing}");
        let file = fs::File::create(root.path().join("big.toml")).expect("file");
        file.set_len(MAX_FILE_BYTES + 1).expect("sparse file");
        let big = Files::from_dir(root.path()).expect_err("too large");
        assert!(big.to_string().ends_with("big.toml: 16777217 bytes, more than the limit of 16777216"), "{big}");
    }
}
