//! Boards, alert rules and the metric catalogue agree: every query parses, every series, label and closed value in it exists, every counter is asked
//! for its differences, and every metric that is not for debugging is somewhere a person looks.

use std::collections::BTreeSet;
use std::fs;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{Expr, LabelModifier, VectorSelector, parse};
use serde_json::Value;
use vigie_checks::catalogue::Catalogue;
use vigie_checks::{boards, generated, root};

/// A query, and where it stands.
struct Query {
    at: String,
    text: String,
    legend: String,
}

/// What a query was seen to name.
#[derive(Default)]
struct Names {
    series: Vec<(VectorSelector, bool)>,
    grouped: Vec<String>,
}

/// Labels that Prometheus or Grafana add, not the catalogue.
const OUTSIDE: &[&str] = &["job", "instance", "alertname", "alertstate", "__name__"];

fn rules() -> Value {
    let text = fs::read_to_string(root().join("deploy/prometheus/rules.yml")).expect("the rules stand in the checkout");
    serde_saphyr::from_str(&text).expect("the rules are YAML")
}

fn every_rule() -> Vec<Value> {
    let groups = rules()["groups"].as_array().cloned().unwrap_or_default();
    groups.iter().flat_map(|g| g["rules"].as_array().cloned().unwrap_or_default()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn queries() -> Vec<Query> {
    let mut all = Vec::new();
    for board in boards::all() {
        for panel in board["panels"].as_array().expect("a board has panels") {
            for target in panel["targets"].as_array().into_iter().flatten() {
                let at = format!("{}/{}", text(&board["uid"]), text(&panel["title"]));
                all.push(Query { at, text: text(&target["expr"]), legend: text(&target["legendFormat"]) });
            }
        }
        for note in board["annotations"]["list"].as_array().expect("a board has annotations") {
            all.push(Query { at: format!("{}/annotation", text(&board["uid"])), text: text(&note["expr"]), legend: String::new() });
        }
    }
    for rule in every_rule() {
        let name = if rule["alert"].is_string() { &rule["alert"] } else { &rule["record"] };
        all.push(Query { at: format!("rules.yml/{}", text(name)), text: text(&rule["expr"]), legend: String::new() });
    }
    all
}

/// Grafana's variables stand for values that Prometheus never sees as such.
fn expanded(query: &str) -> String {
    query.replace("$__rate_interval", "5m").replace("$__range", "6h").replace("$job", ".+").replace("$instance", ".+")
}

/// Collects the selectors of a tree, each with whether a function that takes differences stands around it.
fn walk(expr: &Expr, differences: bool, into: &mut Names) {
    match expr {
        Expr::VectorSelector(v) => into.series.push((v.clone(), differences)),
        Expr::MatrixSelector(m) => into.series.push((m.vs.clone(), differences)),
        Expr::Paren(e) => walk(&e.expr, differences, into),
        Expr::Unary(e) => walk(&e.expr, differences, into),
        Expr::Subquery(e) => walk(&e.expr, differences, into),
        Expr::Binary(e) => {
            walk(&e.lhs, differences, into);
            walk(&e.rhs, differences, into);
        }
        Expr::Aggregate(e) => {
            if let Some(LabelModifier::Include(labels)) = &e.modifier {
                into.grouped.extend(labels.labels.iter().cloned());
            }
            walk(&e.expr, differences, into);
        }
        Expr::Call(call) => {
            let differences = differences || ["rate", "increase", "irate"].contains(&call.func.name);
            for arg in &call.args.args {
                walk(arg, differences, into);
            }
        }
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

fn values_of(matcher: &Matcher) -> Vec<String> {
    match matcher.op {
        MatchOp::Equal | MatchOp::NotEqual => vec![matcher.value.clone()],
        _ => matcher.value.split('|').map(str::to_owned).collect(),
    }
}

#[test]
fn every_query_asks_for_what_the_catalogue_has() {
    let known = Catalogue::read(&root()).expect("the catalogue").series();
    let records: BTreeSet<String> = every_rule().iter().filter(|r| r["record"].is_string()).map(|r| text(&r["record"])).collect();
    let (mut faults, mut used) = (Vec::new(), BTreeSet::new());
    for query in queries() {
        let mut fault = |what: String| faults.push(format!("{}: {what}", query.at));
        let expr = match parse(&expanded(&query.text)) {
            Ok(expr) => expr,
            Err(error) => {
                fault(format!("no PromQL: {error}"));
                continue;
            }
        };
        let mut names = Names::default();
        walk(&expr, false, &mut names);
        let mut labels: BTreeSet<String> = OUTSIDE.iter().map(|l| (*l).to_owned()).collect();
        for (selector, differences) in &names.series {
            let name = selector.name.clone().unwrap_or_default();
            if name.starts_with("process_") || name == "up" || name == "ALERTS" || records.contains(&name) {
                continue;
            }
            let Some(series) = known.get(&name) else {
                fault(format!("no such series: {name}"));
                continue;
            };
            used.insert(series.metric.clone());
            labels.extend(series.labels.keys().cloned());
            if series.cumulative != *differences {
                fault(format!("{name}: rate and increase are for counters, and counters for them"));
            }
            for matcher in selector.matchers.matchers.iter().filter(|m| !OUTSIDE.contains(&m.name.as_str())) {
                match series.labels.get(&matcher.name) {
                    None => fault(format!("{name} has no label {}", matcher.name)),
                    Some(None) => {}
                    Some(Some(closed)) => {
                        for value in values_of(matcher).iter().filter(|v| !closed.contains(v)) {
                            fault(format!("{name} has no {}={value:?}", matcher.name));
                        }
                    }
                }
            }
        }
        let legend = query.legend.split("{{").skip(1).filter_map(|part| part.split_once("}}")).map(|(label, _)| label.trim().to_owned());
        for label in names.grouped.iter().cloned().chain(legend).filter(|l| l != "le" && !labels.contains(l)) {
            if !names.series.iter().any(|(s, _)| s.name.as_ref().is_some_and(|n| records.contains(n))) {
                fault(format!("grouped or shown by {label}, which none of its series has"));
            }
        }
    }
    let unseen = known.values().filter(|s| !s.debug && !used.contains(&s.metric)).map(|s| s.metric.clone()).collect::<BTreeSet<_>>();
    faults.extend(unseen.iter().map(|m| format!("{m}: on no board and in no rule; show it, or mark it debug in the catalogue")));
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn generated_files_are_what_the_description_gives() {
    for (path, bytes) in generated(&Catalogue::read(&root()).expect("the catalogue")) {
        let committed = fs::read_to_string(root().join(&path)).unwrap_or_default();
        assert!(committed == bytes, "{path} differs from what is described: cargo run -p vigie-checks");
    }
}

#[test]
fn boards_can_be_provisioned_and_read() {
    let mut faults = Vec::new();
    for board in boards::all() {
        let uid = text(&board["uid"]);
        let mut fault = |what: String| faults.push(format!("{uid}: {what}"));
        if board.to_string().contains("${DS_") || board.get("__inputs").is_some() {
            fault("exported for sharing: provisioning never resolves that".to_owned());
        }
        let mut cells = BTreeSet::new();
        for panel in board["panels"].as_array().expect("a board has panels") {
            let (title, place) = (text(&panel["title"]), &panel["gridPos"]);
            if panel["type"] != "row" && (text(&panel["description"]).is_empty() || panel["targets"].as_array().is_none_or(Vec::is_empty)) {
                fault(format!("{title}: no description or no query"));
            }
            let number = |key: &str| place[key].as_u64().expect("a place is four numbers");
            for x in number("x")..number("x") + number("w") {
                for y in number("y")..number("y") + number("h") {
                    if x > 23 || !cells.insert((x, y)) {
                        fault(format!("{title}: leaves the 24 columns or lies over another panel"));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_alert_says_who_what_and_where_to_read_on() {
    let runbook = fs::read_to_string(root().join("docs/runbook.md")).expect("the runbook stands in the checkout");
    let tests = fs::read_to_string(root().join("deploy/prometheus/rules_test.yml")).expect("the rule tests stand in the checkout");
    let mut faults = Vec::new();
    for rule in every_rule().iter().filter(|r| r["alert"].is_string()) {
        let name = text(&rule["alert"]);
        if !["page", "ticket", "none"].contains(&text(&rule["labels"]["severity"]).as_str()) || text(&rule["annotations"]["summary"]).is_empty() {
            faults.push(format!("{name}: no severity or no summary"));
        }
        let heading = format!("## {name}\n");
        if text(&rule["annotations"]["runbook"]) != format!("docs/runbook.md#{}", name.to_lowercase()) || !runbook.contains(&heading) {
            faults.push(format!("{name}: no paragraph in the runbook"));
        }
        if !tests.contains(&name) {
            faults.push(format!("{name}: in no rule test"));
        }
    }
    let alerts: BTreeSet<String> = every_rule().iter().map(|r| text(&r["alert"])).collect();
    let headings = runbook.lines().filter_map(|l| l.strip_prefix("## Vigie")).map(|l| format!("Vigie{l}"));
    faults.extend(headings.filter(|h| !alerts.contains(h)).map(|h| format!("{h}: in the runbook, but no alert")));
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
