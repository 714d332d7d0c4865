//! The metric catalogue of `vigie-stream`: names, types, labels and their closed values, as the boards and rules may use them.
//! The code that counts registers from the same file, so it is the one place where a metric is named.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

/// The whole catalogue.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    prefix: String,
    sets: BTreeMap<String, Vec<String>>,
    metrics: Vec<Metric>,
}

/// One metric.
#[derive(Debug, Deserialize)]
pub struct Metric {
    name: String,
    /// `counter`, `gauge` or `histogram`.
    #[serde(rename = "type")]
    pub kind: String,
    unit: String,
    labels: BTreeMap<String, Values>,
    /// Labels whose values come from outside, with the largest number of them.
    #[serde(default)]
    open: BTreeMap<String, u32>,
    help: String,
    /// For people who debug: on no board and in no rule.
    #[serde(default)]
    pub debug: bool,
}

/// The values of a label: a named set, or a list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Values {
    Set(String),
    List(Vec<String>),
}

/// What may be asked of a series name.
#[derive(Debug, Clone)]
pub struct Series {
    /// Name in the catalogue, prefix included.
    pub metric: String,
    /// Whether only differences mean anything.
    pub cumulative: bool,
    /// Label → closed values, `None` where they come from outside.
    pub labels: BTreeMap<String, Option<Vec<String>>>,
    /// For people who debug.
    pub debug: bool,
}

impl Catalogue {
    /// Reads the file of the checkout.
    ///
    /// # Errors
    /// The file is not there, or is no catalogue.
    pub fn read(root: &Path) -> Result<Self, String> {
        let path = root.join("crates/stream/src/metrics/catalogue.json");
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Every series name that a scrape can hold, histograms by their three.
    pub fn series(&self) -> BTreeMap<String, Series> {
        let mut all = BTreeMap::new();
        for metric in &self.metrics {
            let name = format!("{}{}", self.prefix, metric.name);
            let mut labels: BTreeMap<String, Option<Vec<String>>> = metric.labels.iter().map(|(l, v)| (l.clone(), Some(self.values(v)))).collect();
            labels.extend(metric.open.keys().map(|l| (l.clone(), None)));
            let series = Series { metric: name.clone(), cumulative: metric.kind != "gauge", labels, debug: metric.debug };
            if metric.kind == "histogram" {
                let mut bucket = series.clone();
                bucket.labels.insert("le".to_owned(), None);
                all.insert(format!("{name}_bucket"), bucket);
                all.insert(format!("{name}_sum"), series.clone());
                all.insert(format!("{name}_count"), series);
            } else {
                all.insert(name, series);
            }
        }
        all
    }

    fn values(&self, values: &Values) -> Vec<String> {
        match values {
            Values::Set(name) => self.sets.get(name).cloned().unwrap_or_default(),
            Values::List(list) => list.clone(),
        }
    }

    /// The catalogue as a page of the documentation.
    pub fn page(&self) -> String {
        let mut page = String::from(
            "# Metrics\n\nGenerated from `crates/stream/src/metrics/catalogue.json` by `cargo run -p vigie-checks`; a test compares the two. Prometheus text format on\n\
             `http.listen` at `/metrics`, 127.0.0.1:9464 by default. No label ever holds a term, a post, an author or an error message: values are closed lists,\n\
             or names that the operator gave (topics, brokers, partitions). Metrics marked *debug* are on no board and in no rule.\n\n\
             | name | type | labels | unit | meaning |\n|---|---|---|---|---|\n",
        );
        for metric in &self.metrics {
            let closed = metric.labels.iter().map(|(label, values)| match values {
                Values::Set(name) => format!("`{label}` ({name})"),
                Values::List(list) => format!("`{label}` ({})", list.join(", ")),
            });
            let open = metric.open.iter().map(|(label, most)| format!("`{label}` (at most {most})"));
            let labels = closed.chain(open).collect::<Vec<_>>().join(", ");
            let labels = if labels.is_empty() { "–".to_owned() } else { labels };
            let debug = if metric.debug { " *debug*" } else { "" };
            let _ = writeln!(page, "| `{}{}` | {} | {labels} | {} | {}{debug} |", self.prefix, metric.name, metric.kind, metric.unit, metric.help);
        }
        page.push_str("\nNamed sets of values:\n\n");
        for (name, values) in &self.sets {
            let _ = writeln!(page, "- **{name}**: {}", values.join(", "));
        }
        page.push_str("\n`process_*` (CPU, memory, file descriptors, start time, threads) come from the `prometheus` crate.\n");
        page
    }
}
