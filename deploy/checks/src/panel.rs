//! Grafana's classic dashboard model, as much of it as the boards use: queries, panels, rows that fill 24 columns, a board with its variables.
//! What a board says stands in `boards`.

use serde_json::{Value, json};

const COLUMNS: u32 = 24;

/// The data source is a variable, so that the board works with any name and uid.
fn source() -> Value {
    json!({"type": "prometheus", "uid": "${datasource}"})
}

/// Every query asks for the jobs and instances chosen above the board.
const CHOSEN: &str = r#"job=~"$job", instance=~"$instance""#;

/// A selector of `metric` with further matchers.
pub fn select(metric: &str, matchers: &str) -> String {
    let more = if matchers.is_empty() { String::new() } else { format!(", {matchers}") };
    format!("vigie_{metric}{{{CHOSEN}{more}}}")
}

/// The selector of `process_*` metrics and of `up`, which have no prefix.
pub fn bare(metric: &str) -> String {
    format!("{metric}{{{CHOSEN}}}")
}

fn by(labels: &str) -> String {
    if labels.is_empty() { String::new() } else { format!(" by ({labels})") }
}

/// Sum of the rates of a counter.
pub fn rate(metric: &str, labels: &str) -> String {
    format!("sum{} (rate({}[$__rate_interval]))", by(labels), select(metric, ""))
}

/// Sum of what a counter gained in `range`.
pub fn gained(metric: &str, matchers: &str, labels: &str, range: &str) -> String {
    format!("sum{} (increase({}[{range}]))", by(labels), select(metric, matchers))
}

/// A gauge, put together over instances.
pub fn gauge(how: &str, metric: &str, labels: &str) -> String {
    format!("{how}{} ({})", by(labels), select(metric, ""))
}

/// A quantile of a histogram.
pub fn quantile(q: f64, metric: &str, matchers: &str, labels: &str) -> String {
    let labels = if labels.is_empty() { "le".to_owned() } else { format!("le, {labels}") };
    format!("histogram_quantile({q}, sum by ({labels}) (rate({}[$__rate_interval])))", select(&format!("{metric}_bucket"), matchers))
}

/// A panel being described.
#[derive(Debug)]
pub struct Panel {
    value: Value,
    width: u32,
    height: u32,
}

/// Lines over time.
pub fn lines(title: &str, unit: &str, description: &str) -> Panel {
    Panel::new("timeseries", title, unit, description, (8, 7)).with("/fieldConfig/defaults/custom", json!({"fillOpacity": 10, "showPoints": "never"})).with(
        "/options",
        json!({"legend": {"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []}, "tooltip": {"mode": "multi", "sort": "desc"}}),
    )
}

/// One figure.
pub fn figure(title: &str, unit: &str, description: &str) -> Panel {
    let reduce = json!({"calcs": ["lastNotNull"], "fields": "", "values": false});
    Panel::new("stat", title, unit, description, (4, 4)).with(
        "/options",
        json!({"reduceOptions": reduce, "colorMode": "value", "graphMode": "none", "textMode": "auto", "justifyMode": "auto", "orientation": "auto"}),
    )
}

/// A table of the labels of a query.
pub fn table(title: &str, description: &str) -> Panel {
    Panel::new("table", title, "none", description, (12, 5))
}

/// Bars, one per series.
pub fn bars(title: &str, unit: &str, description: &str) -> Panel {
    Panel::new("bargauge", title, unit, description, (12, 8))
}

impl Panel {
    fn new(kind: &str, title: &str, unit: &str, description: &str, (width, height): (u32, u32)) -> Self {
        let steps = json!({"mode": "absolute", "steps": [{"color": "green", "value": null}]});
        let value = json!({
            "type": kind, "title": title, "description": description, "datasource": source(), "targets": [], "options": {},
            "fieldConfig": {"defaults": {"unit": unit, "min": 0, "thresholds": steps}, "overrides": []},
        });
        Self { value, width, height }
    }

    fn with(mut self, pointer: &str, value: Value) -> Self {
        let (parent, key) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        if let Some(parent) = self.value.pointer_mut(parent) {
            parent[key] = value;
        }
        self
    }

    /// Adds a query with its legend. Figures, bars and tables ask for the last value only.
    #[must_use]
    pub fn ask(mut self, query: &str, legend: &str) -> Self {
        let kind = self.value["type"].as_str().unwrap_or_default().to_owned();
        if let Some(targets) = self.value["targets"].as_array_mut() {
            let id = char::from(b'A' + targets.len() as u8).to_string();
            let mut target = json!({"refId": id, "datasource": source(), "expr": query, "legendFormat": legend});
            if kind != "timeseries" {
                target["instant"] = json!(true);
            }
            if kind == "table" {
                target["format"] = json!("table");
            }
            targets.push(target);
        }
        self
    }

    /// Colours from a value on.
    #[must_use]
    pub fn limits(self, limits: &[(&str, f64)]) -> Self {
        let steps = limits.iter().map(|(color, value)| json!({"color": color, "value": value}));
        let steps: Vec<Value> = std::iter::once(json!({"color": "green", "value": null})).chain(steps).collect();
        self.with("/fieldConfig/defaults/thresholds/steps", json!(steps))
    }

    /// What stands where there is no value: never 0, which would look like health.
    #[must_use]
    pub fn nothing(self, text: &str) -> Self {
        self.with("/fieldConfig/defaults/noValue", json!(text))
    }

    /// Areas on top of each other.
    #[must_use]
    pub fn stacked(self) -> Self {
        self.with("/fieldConfig/defaults/custom/stacking", json!({"mode": "normal", "group": "A"}))
    }

    /// A share: the axis ends at one.
    #[must_use]
    pub fn share(self) -> Self {
        self.with("/fieldConfig/defaults/max", json!(1))
    }

    /// Width in columns of the 24.
    #[must_use]
    pub fn wide(mut self, columns: u32) -> Self {
        self.width = columns;
        self
    }
}

/// A titled row of panels.
pub type Row = (&'static str, Vec<Panel>);

/// The whole board: rows from top to bottom, panels from left to right, in the order given.
pub fn board(uid: &str, title: &str, description: &str, rows: Vec<Row>) -> Value {
    let (mut panels, mut top, mut id) = (Vec::new(), 0, 0);
    let mut next = || {
        id += 1;
        id
    };
    for (name, row) in rows {
        panels.push(json!({"type": "row", "title": name, "id": next(), "collapsed": false, "panels": [], "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1}}));
        top += 1;
        let (mut left, mut tallest) = (0, 0);
        for Panel { mut value, width, height } in row {
            if left + width > COLUMNS {
                (left, top, tallest) = (0, top + tallest, 0);
            }
            value["gridPos"] = json!({"x": left, "y": top, "w": width, "h": height});
            value["id"] = json!(next());
            panels.push(value);
            left += width;
            tallest = tallest.max(height);
        }
        top += tallest;
    }
    let variable = |name: &str, query: &str| {
        json!({"type": "query", "name": name, "label": name, "datasource": source(), "query": {"query": query, "refId": name}, "definition": query, "refresh": 2,
               "includeAll": true, "multi": true, "allValue": ".+", "current": {"text": ["All"], "value": ["$__all"], "selected": true}, "sort": 1})
    };
    let current = json!({"text": "default", "value": "default", "selected": true});
    json!({
        "uid": uid, "title": title, "description": description, "tags": ["vigie"], "editable": false, "graphTooltip": 1, "schemaVersion": 39, "version": 1,
        "timezone": "utc", "refresh": "30s", "time": {"from": "now-6h", "to": "now"}, "panels": panels,
        "links": [{"type": "dashboards", "title": "Vigie", "tags": ["vigie"], "asDropdown": false, "icon": "external link", "includeVars": true, "keepTime": true,
                   "targetBlank": false, "tooltip": "", "url": ""}],
        "templating": {"list": [
            {"type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "current": current},
            variable("job", "label_values(vigie_build_info, job)"),
            variable("instance", "label_values(vigie_build_info{job=~\"$job\"}, instance)")]},
        "annotations": {"list": [{"name": "Lexicon", "datasource": source(), "enable": true, "iconColor": "blue", "titleFormat": "lexicon reloaded",
            "expr": "changes(vigie_lexicon_last_reload_success_timestamp_seconds{job=~\"$job\"}[1m]) > 0"}]},
    })
}
