//! What the program is built of: the oldest Rust that Cargo.toml names is one that every dependency takes.

use crate::end_to_end::root;
use serde_json::Value;
use std::process::Command;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--all-features",
            "--locked",
            "--offline",
        ])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn version(text: &str) -> Vec<u32> {
    let mut parts: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
    parts.resize(3, 0);
    parts
}

#[test]
fn no_dependency_asks_for_a_newer_rust_than_is_promised() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let is_own = |package: &&Value| package["name"] == "ch24";
    let own = packages.iter().find(is_own).unwrap()["rust_version"]
        .as_str()
        .unwrap();
    let newer: Vec<String> = packages
        .iter()
        .filter_map(|package| Some((package, package["rust_version"].as_str()?)))
        .filter(|(_, asked)| version(asked) > version(own))
        .map(|(package, asked)| {
            format!(
                "{} {} asks for {asked}",
                package["name"], package["version"]
            )
        })
        .collect();
    assert!(packages.len() > 100 && newer.is_empty(), "{newer:?}");
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.contains(&format!("Rust {own} or later")),
        "README.md tells another version"
    );
}
