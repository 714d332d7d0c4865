//! What the deployment files have in common: the metric catalogue, the Grafana boards made from it, and where they stand.
//! It starts nothing and talks to nobody; the tests beside it compare files with files.

#![forbid(unsafe_code)]

pub mod boards;
pub mod catalogue;
pub mod panel;

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Every generated file: its path from the root, and its bytes.
pub fn generated(catalogue: &catalogue::Catalogue) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = boards::all()
        .into_iter()
        .map(|board| {
            let uid = board["uid"].as_str().unwrap_or_default();
            (format!("deploy/grafana/dashboards/{uid}.json"), format!("{board:#}\n"))
        })
        .collect();
    files.push(("docs/metrics.md".to_owned(), catalogue.page()));
    files
}
