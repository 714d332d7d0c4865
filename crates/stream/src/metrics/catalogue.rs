//! `catalogue.json` to registered metrics: the one source of names, labels and help. Every closed label value exists, at 0, from the start.

use std::collections::BTreeMap;

use prometheus::{CounterVec, GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};
use serde::Deserialize;

/// The catalogue, as text: dashboards, alerts and the documentation are checked against it.
pub const CATALOGUE: &str = include_str!("catalogue.json");

/// What could not be registered, or is not in the catalogue.
#[derive(Debug, thiserror::Error)]
#[error("metric `{name}`: {problem}")]
pub struct MetricsError {
    pub(super) name: String,
    pub(super) problem: String,
}

#[derive(Deserialize)]
struct File {
    prefix: String,
    sets: BTreeMap<String, Vec<String>>,
    metrics: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    r#type: String,
    unit: String,
    labels: BTreeMap<String, Values>,
    help: String,
    #[serde(default)]
    buckets: Vec<f64>,
    /// Labels whose values are known only at run time, with a bound on their number.
    #[serde(default)]
    open: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Set(String),
    List(Vec<String>),
}

/// Registered families by name (without prefix), with the order of their labels.
pub(super) struct Families {
    pub(super) registry: Registry,
    families: BTreeMap<String, (Family, Vec<String>)>,
}

enum Family {
    Count(IntCounterVec),
    Sum(CounterVec),
    Gauge(GaugeVec),
    Histogram(HistogramVec),
}

impl Families {
    pub(super) fn register() -> Result<Self, MetricsError> {
        let fail = |name: &str, problem: String| MetricsError { name: name.to_owned(), problem };
        let file: File = serde_json::from_str(CATALOGUE).map_err(|e| fail("catalogue.json", e.to_string()))?;
        let registry = Registry::new();
        let mut families = BTreeMap::new();
        for entry in &file.metrics {
            let closed: Vec<(String, Vec<String>)> = entry
                .labels
                .iter()
                .map(|(label, values)| {
                    let values = match values {
                        Values::Set(set) => file.sets.get(set).cloned().unwrap_or_default(),
                        Values::List(list) => list.clone(),
                    };
                    (label.clone(), values)
                })
                .collect();
            let labels: Vec<String> = closed.iter().map(|(l, _)| l.clone()).chain(entry.open.keys().cloned()).collect();
            let names: Vec<&str> = labels.iter().map(String::as_str).collect();
            let (name, help) = (format!("{}{}", file.prefix, entry.name), entry.help.as_str());
            let problem = |e: prometheus::Error| fail(&entry.name, e.to_string());
            let family = match (entry.r#type.as_str(), entry.unit.as_str()) {
                ("counter", "seconds") => Family::Sum(CounterVec::new(Opts::new(name, help), &names).map_err(problem)?),
                ("counter", _) => Family::Count(IntCounterVec::new(Opts::new(name, help), &names).map_err(problem)?),
                ("gauge", _) => Family::Gauge(GaugeVec::new(Opts::new(name, help), &names).map_err(problem)?),
                ("histogram", _) => {
                    let opts = HistogramOpts::new(name, help).buckets(entry.buckets.clone());
                    Family::Histogram(HistogramVec::new(opts, &names).map_err(problem)?)
                }
                (other, _) => return Err(fail(&entry.name, format!("unknown type `{other}`"))),
            };
            match &family {
                Family::Count(f) => registry.register(Box::new(f.clone())),
                Family::Sum(f) => registry.register(Box::new(f.clone())),
                Family::Gauge(f) => registry.register(Box::new(f.clone())),
                Family::Histogram(f) => registry.register(Box::new(f.clone())),
            }
            .map_err(problem)?;
            if entry.open.is_empty() {
                for values in product(&closed) {
                    let values: Vec<&str> = values.iter().map(String::as_str).collect();
                    match &family {
                        Family::Count(f) => drop(f.with_label_values(&values)),
                        Family::Sum(f) => drop(f.with_label_values(&values)),
                        Family::Gauge(f) => drop(f.with_label_values(&values)),
                        Family::Histogram(f) => drop(f.with_label_values(&values)),
                    }
                }
            }
            families.insert(entry.name.clone(), (family, labels));
        }
        Ok(Self { registry, families })
    }

    pub(super) fn count(&self, name: &str) -> Result<IntCounterVec, MetricsError> {
        match self.family(name)? {
            (Family::Count(f), _) => Ok(f.clone()),
            _ => Err(self.wrong(name, "not a counter")),
        }
    }

    pub(super) fn sum(&self, name: &str) -> Result<CounterVec, MetricsError> {
        match self.family(name)? {
            (Family::Sum(f), _) => Ok(f.clone()),
            _ => Err(self.wrong(name, "not a counter of seconds")),
        }
    }

    pub(super) fn gauge(&self, name: &str) -> Result<GaugeVec, MetricsError> {
        match self.family(name)? {
            (Family::Gauge(f), _) => Ok(f.clone()),
            _ => Err(self.wrong(name, "not a gauge")),
        }
    }

    pub(super) fn histogram(&self, name: &str) -> Result<HistogramVec, MetricsError> {
        match self.family(name)? {
            (Family::Histogram(f), _) => Ok(f.clone()),
            _ => Err(self.wrong(name, "not a histogram")),
        }
    }

    fn family(&self, name: &str) -> Result<&(Family, Vec<String>), MetricsError> {
        self.families.get(name).ok_or_else(|| self.wrong(name, "not in the catalogue"))
    }

    #[allow(clippy::unused_self)] // reads as "wrong among these families"
    fn wrong(&self, name: &str, problem: &str) -> MetricsError {
        MetricsError { name: name.to_owned(), problem: problem.to_owned() }
    }
}

/// Every combination of closed label values.
fn product(labels: &[(String, Vec<String>)]) -> Vec<Vec<String>> {
    labels.iter().fold(vec![Vec::new()], |rows, (_, values)| {
        rows.iter().flat_map(|row| values.iter().map(move |v| row.iter().cloned().chain([v.clone()]).collect())).collect()
    })
}
