//! The JSON Schemas of the wire, compiled: every message that the tests see passes through them.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::Value;

pub struct Schemas {
    post: Validator,
    flag: Validator,
    shadow: Validator,
    dead_letter: Validator,
}

impl Schemas {
    pub fn load() -> Self {
        let compile = |source: &str| jsonschema::draft202012::new(&serde_json::from_str(source).unwrap()).unwrap();
        Self {
            post: compile(include_str!("../../../../schemas/post.v1.json")),
            flag: compile(include_str!("../../../../schemas/flag.v1.json")),
            shadow: compile(include_str!("../../../../schemas/shadow.v1.json")),
            dead_letter: compile(include_str!("../../../../schemas/dead-letter.v1.json")),
        }
    }

    pub fn is_post(&self, value: &Value) -> bool {
        self.post.is_valid(value)
    }

    /// A flag, a withdrawal or a shadow event, by what it says of itself.
    pub fn event(&self, bytes: &[u8]) -> Value {
        let value: Value = serde_json::from_slice(bytes).unwrap();
        let validator = if value["schema"] == "shadow.v1" { &self.shadow } else { &self.flag };
        Self::check(validator, &value);
        value
    }

    pub fn dead_letter(&self, headers: &BTreeMap<String, String>) {
        Self::check(&self.dead_letter, &serde_json::to_value(headers).unwrap());
    }

    fn check(validator: &Validator, value: &Value) {
        let problems: Vec<String> = validator.iter_errors(value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(problems.is_empty(), "{problems:#?}\n{value:#}");
    }
}
