//! Tells cargo that the default bundle is part of this crate: new files in it must reach the binary.

fn main() {
    println!("cargo::rerun-if-changed=../../lexicons/fr");
}
