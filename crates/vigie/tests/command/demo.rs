//! `vigie demo` from end to end on its own broker, and what `run` and `check` refuse before they open anything.

use std::fs;

use crate::{bundle, vigie};

/// The numbers of a line such as "clean 3 + flagged 1 … = 4".
fn numbers(line: &str) -> Vec<u64> {
    line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
}

#[test]
fn the_demo_shows_flags_and_every_record_ends_one_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let posts = folder.path().join("posts.txt");
    fs::write(&posts, "les martiens sont des cafards\nbonjour\n\nles martiens arrivent\n").expect("writable");
    let ran = vigie(&["demo", "--for", "3s", "--rate", "40", "--posts", &posts.display().to_string(), "--lexicons", &bundle(), "--http", "127.0.0.1:0"], b"");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("les martiens [sont des cafards]"), "{}", ran.out);
    let line = ran.out.lines().find(|l| l.trim_start().starts_with("clean ")).expect("a summary");
    let [clean, flagged, shadow, skipped, dead, sum] = <[u64; 6]>::try_from(numbers(line)).expect("six numbers");
    assert_eq!((clean + flagged, shadow + skipped + dead), (sum, 0), "{line}");
    assert!(flagged > 0 && clean >= flagged, "{line}");
    let shown = ran.out.matches("[sont des cafards]").count() as u64;
    assert_eq!(shown, flagged, "every flag is shown");
}

#[test]
fn a_wrong_configuration_is_refused_before_anything_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("vigie.toml");
    let check = |source: &str, command: &str, part: &str| {
        fs::write(&file, source).expect("writable");
        let ran = vigie(&[command, "--config", &file.display().to_string(), "--lexicons", &bundle()], b"");
        assert_eq!(ran.code, 2, "{source}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(part), "{source}: {}", ran.err);
    };
    for command in ["run", "check"] {
        check("[kafka]\nbroker = \"127.0.0.1:9\"\n", command, "broker");
        check("[kafka]\nbrokers = \"127.0.0.1:9\"\n[delivery]\nmode = \"exactly_once\"\n", command, "instance_id");
    }
    fs::write(&file, "[kafka]\nbrokers = \"127.0.0.1:9\"\n").expect("writable");
    let ran = vigie(&["check", "--config", &file.display().to_string(), "--lexicons", &bundle()], b"");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("kafka.brokers") && ran.out.contains("127.0.0.1:9"), "{}", ran.out);
}
