//! The compose file: valid by the Compose specification's own schema, and what the schema cannot see — exact versions, loopback ports, no default
//! secret, health checks, hardening, names that exist. What only an engine can show is not shown here.
#![allow(clippy::panic)] // a file that is not there fails the test, with its name

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use vigie_checks::root;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Something done to a compose file that makes it wrong.
type Change = fn(&mut Value);

fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn the_compose_file_is_valid_by_the_specification() {
    let schema: Value = serde_json::from_str(&read("deploy/schema/compose-spec.json")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let faults: Vec<String> = validator.iter_errors(&yaml("docker-compose.yml")).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let schema: Value = serde_json::from_str(&read("deploy/schema/compose-spec.json")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let mutants: [(&str, Change); 4] = [
        ("a misspelt key", |c| c["services"]["vigie"]["enviroment"] = Value::Null),
        ("a condition that does not exist", |c| c["services"]["vigie"]["depends_on"]["topics"]["condition"] = "service_finished".into()),
        ("a command that is a number", |c| c["services"]["prometheus"]["command"] = 3.into()),
        ("an unknown part of a health check", |c| c["services"]["kafka"]["healthcheck"]["every"] = "5s".into()),
    ];
    for (what, change) in mutants {
        let mut compose = yaml("docker-compose.yml");
        change(&mut compose);
        assert!(!validator.is_valid(&compose), "{what} passed");
    }
}

#[test]
fn services_are_pinned_closed_and_watched() {
    let compose = yaml("docker-compose.yml");
    let services = compose["services"].as_object().expect("services");
    let volumes: BTreeSet<&String> = compose["volumes"].as_object().expect("volumes").keys().collect();
    let mut faults = Vec::new();
    for (name, service) in services {
        let mut fault = |what: String| faults.push(format!("{name}: {what}"));
        let image = service["image"].as_str().unwrap_or_default();
        let tag = image.rsplit_once(':').map_or("", |(_, tag)| tag);
        if service.get("build").is_none() && !(tag.trim_start_matches('v').split('.').count() == 3 && tag.ends_with(|c: char| c.is_ascii_digit())) {
            fault(format!("{image}: no exact version"));
        }
        for port in list(&service["ports"]) {
            if !port.starts_with("127.0.0.1:") {
                fault(format!("port {port} is not on loopback"));
            }
        }
        if name != "topics" && service.get("healthcheck").is_none() {
            fault("no health check".to_owned());
        }
        if !list(&service["cap_drop"]).contains(&"ALL".to_owned()) || !list(&service["security_opt"]).contains(&"no-new-privileges:true".to_owned()) {
            fault("keeps capabilities or new privileges".to_owned());
        }
        if name == "vigie" && (service["read_only"] != true || service["user"] != "65532:65532") {
            fault("writes to its root, or is root".to_owned());
        }
        for (key, value) in service["environment"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap_or_default();
            if ["PASSWORD", "SECRET", "TOKEN"].iter().any(|word| key.contains(word)) && !(value.starts_with("${") && value.contains(":?")) {
                fault(format!("{key} has a default"));
            }
        }
        for needed in service["depends_on"].as_object().into_iter().flatten().map(|(needed, _)| needed) {
            if !services.contains_key(needed) {
                fault(format!("depends on {needed}, which is no service"));
            }
        }
        for volume in list(&service["volumes"]) {
            let from = volume.split(':').next().unwrap_or_default();
            let there = if from.starts_with('.') { root().join(from).exists() } else { volumes.contains(&from.to_owned()) };
            if !there {
                fault(format!("volume {volume} comes from nowhere"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn names_agree_between_the_files() {
    let compose = yaml("docker-compose.yml");
    let prometheus = yaml("deploy/prometheus/prometheus.yml");
    let service = |target: &str| target.split(':').next().unwrap_or_default().to_owned();
    let mut faults = Vec::new();
    for target in prometheus["scrape_configs"].as_array().into_iter().flatten().flat_map(|job| list(&job["static_configs"][0]["targets"])) {
        if service(&target) != "localhost" && compose["services"].get(service(&target)).is_none() {
            faults.push(format!("prometheus.yml: {target} is no service"));
        }
    }
    let source = yaml("deploy/grafana/provisioning/datasources/prometheus.yml");
    let url = source["datasources"][0]["url"].as_str().unwrap_or_default().trim_start_matches("http://").to_owned();
    if compose["services"].get(service(&url)).is_none() {
        faults.push(format!("the data source {url} is no service"));
    }
    // The topics that are created are those that the default configuration reads and writes.
    let script = list(&compose["services"]["topics"]["command"]).join("\n");
    let config = read("config/vigie.toml");
    for topic in config.lines().skip_while(|l| *l != "[topics]").take_while(|l| *l != "[input]").filter_map(|l| l.split('"').nth(1)) {
        if !script.contains(&format!("topic {topic} ")) {
            faults.push(format!("topic {topic} is not created"));
        }
    }
    // A stop that the engine cuts short would lose the drain.
    let grace = compose["services"]["vigie"]["stop_grace_period"].as_str().unwrap_or_default().trim_end_matches('s').parse::<u64>().unwrap_or_default();
    let timeout = config.lines().find_map(|l| l.strip_prefix("shutdown_timeout_secs = ")).and_then(|v| v.parse::<u64>().ok()).expect("a default in the file");
    if grace <= timeout {
        faults.push(format!("stop_grace_period {grace} s is not longer than delivery.shutdown_timeout_secs {timeout} s"));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
