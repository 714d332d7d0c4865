use super::*;

fn load(source: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let environment = environment.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    Config::parse("vigie.toml", source, environment, ConfigErrors::default())
}

const BROKERS: (&str, &str) = ("VIGIE_KAFKA__BROKERS", "127.0.0.1:9092");

#[test]
fn a_wrong_configuration_is_refused_by_name_with_what_to_do() {
    let check = |source: &str, environment: &[(&str, &str)], parts: &[&str]| {
        let mut all = vec![BROKERS];
        all.extend(environment);
        let errors = load(source, &all).expect_err(source).to_string();
        for part in parts {
            assert!(errors.contains(part), "{source} {environment:?}\nexpected: {part}\nfound: {errors}");
        }
    };
    check("[delivery]\nlane = 2", &[], &["vigie.toml:2: unknown key `delivery.lane`: did you mean `delivery.lanes`?"]);
    check("[delivry]\nlanes = 2", &[], &["unknown table `[delivry]`: did you mean `[delivery]`?"]);
    check("lanes = 2", &[], &["`lanes` stands outside every table"]);
    check("[delivery\nlanes", &[], &["not TOML"]);
    check("", &[("VIGIE_KAFKA__BROKER", "x")], &["unknown name `VIGIE_KAFKA__BROKER`: did you mean `VIGIE_KAFKA__BROKERS`?"]);
    check("", &[("VIGIE_DELIVERY__LANES", "two")], &["`VIGIE_DELIVERY__LANES` must be a whole number"]);
    check("[delivery]\nlanes = \"two\"", &[], &["[delivery]", "invalid type"]);
    check("[delivery]\nlanes = 0\nmode = \"exactly_onse\"", &[], &["between 1 and 256", "did you mean \"exactly_once\"?"]);
    check("[delivery]\nmode = \"exactly_once\"", &[], &["needs `kafka.instance_id`"]);
    check("[delivery]\nshutdown_timeout_secs = 60", &[], &["must stay below `kafka.session_timeout_secs` (45)"]);
    check("[topics]\nflags = \"a b\"\nshadow = \"vigie.posts\"", &[], &["`topics.flags` must be", "`topics.shadow` and `topics.posts` are both"]);
    check("[kafka]\nsasl_password = \"x\"", &[], &["refused in a file"]);
    check(
        "[kafka]\nsecurity_protocol = \"SASL_SSL\"",
        &[],
        &["needs `kafka.sasl_mechanism`", "needs `kafka.sasl_username`", "needs `kafka.sasl_password_file`"],
    );
    check("[kafka]\nsasl_username = \"x\"", &[], &["they would be ignored"]);
    check("[kafka]\nssl_ca_file = \"/nowhere/ca.pem\"", &[], &["there is no /nowhere/ca.pem", "would not be encrypted"]);
    check(
        "[kafka.properties]\n\"acks\" = 1\n\"enable.auto.commit\" = false",
        &[],
        &["`kafka.properties.acks` is refused", "`kafka.properties.enable.auto.commit` is refused"],
    );
    check("[kafka.properties]\n\"fetch.mini.bytes\" = 1", &[], &["fetch.mini.bytes"]);
    check("", &[("VIGIE_KAFKA__PROPERTIES__ISOLATION_LEVEL", "read_uncommitted")], &["`kafka.properties.isolation.level` is refused"]);
    check("[input.pointers]\ntext = \"/a\"", &[], &["`input.format` is not \"pointers\""]);
    check("[input]\nformat = \"pointers\"\n[input.pointers]\ntext = \"a\"", &[], &["[input.pointers]", "must begin with `/`"]);
    check("[http]\nlisten = \"nine\"", &[], &["`http.listen` must be an address and a port"]);
}

#[test]
fn nothing_but_the_fixed_environment_names_is_enough() {
    let config = load(
        "",
        &[
            BROKERS,
            ("VIGIE_KAFKA__GROUP", "g"),
            ("VIGIE_KAFKA__INSTANCE_ID", "pod-0"),
            ("VIGIE_DELIVERY__MODE", "exactly_once"),
            ("VIGIE_DELIVERY__LANES", "3"),
            ("VIGIE_TOPICS__DEAD_LETTERS", "dead"),
            ("VIGIE_HTTP__LISTEN", "127.0.0.1:0"),
            ("VIGIE_KAFKA__SASL_USERNAME", ""),
            ("VIGIE_REQUIRE_KAFKA", "1"),
        ],
    )
    .expect("valid");
    assert_eq!((config.delivery.mode, config.delivery.lanes), (Mode::ExactlyOnce, 3));
    assert_eq!((config.kafka.group.as_str(), config.topics.dead_letters.as_str()), ("g", "dead"));
    assert_eq!(config.producer(2).get("transactional.id"), Some("pod-0-2"));
    assert_eq!(config.consumer(2).get("group.instance.id"), Some("pod-0-2"));
    assert_eq!(config.consumer(0).get("enable.auto.offset.store"), Some("false"));
}

#[test]
fn no_secret_is_shown() {
    let config = load(
        "[kafka]\nsecurity_protocol = \"SASL_SSL\"\nsasl_mechanism = \"SCRAM-SHA-512\"\nsasl_username = \"vigie\"",
        &[BROKERS, ("VIGIE_KAFKA__SASL_PASSWORD", "canary")],
    )
    .expect("valid");
    let shown = format!("{:?} {:?}", config.effective(), config.kafka.security);
    assert!(!shown.contains("canary"), "{shown}");
}

/// Every `key = value` of the documented file, commented out or not.
fn documented(source: &str) -> Vec<(String, String, String)> {
    let (mut section, mut found) = (String::new(), Vec::new());
    for line in source.lines() {
        let line = line.trim();
        let bare = line.strip_prefix("#:").unwrap_or(line).trim();
        if let Some(header) = bare.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            header.clone_into(&mut section);
        } else if let Some((key, value)) = bare.split_once('=').filter(|_| !bare.starts_with('#')) {
            found.push((section.clone(), key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
}

#[test]
fn the_documented_file_names_every_key_and_no_other_and_shows_the_defaults() {
    let source = include_str!("../../../../config/vigie.toml");
    let shown = documented(source);
    for key in keys::KEYS.iter().filter(|k| k.name != "sasl_password") {
        assert!(shown.iter().any(|(s, k, _)| s == key.section && k == key.name), "config/vigie.toml lacks {}.{}", key.section, key.name);
    }
    for (section, key, _) in &shown {
        let free = keys::FREE.iter().any(|(s, n)| *section == format!("{s}.{n}"));
        assert!(free || keys::find(section, key).is_some(), "config/vigie.toml shows {section}.{key}, which does not exist");
    }
    let written = load(source, &[]).expect("the documented file is valid");
    let bare = load("", &[BROKERS]).expect("valid");
    assert_eq!(written.effective(), bare.effective(), "the documented values are the defaults");
}

#[test]
fn every_registered_key_has_a_place_in_the_struct() {
    for key in keys::KEYS {
        let value = match key.kind {
            keys::Kind::Text => "\"x\"",
            keys::Kind::Number => "1",
            keys::Kind::List => "[]",
        };
        let errors = match load(&format!("[{}]\n{} = {value}", key.section, key.name), &[BROKERS]) {
            Ok(_) => continue,
            Err(errors) => errors.to_string(),
        };
        assert!(!errors.contains("unknown"), "{}.{}: {errors}", key.section, key.name);
    }
}
