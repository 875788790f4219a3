//! `ch24 verify` and `ch24 replay`: what a run wrote is still there, and comes out again.

use crate::end_to_end::{Run, root};
use ch24::error::Error;
use ch24::job::BadRows;
use ch24::pipeline;
use ch24::replay::{Again, Compared, State, compare, job, verify};
use ch24::rules::{PackSource, load};
use ch24::select::Salt;
use ch24::trace::run::{Moved, PastRun};
use ch24::write::Format;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

/// A copy of the sample and the pack, which a test may change, and a run of them.
struct Scored {
    directory: tempfile::TempDir,
    run: PathBuf,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

impl Scored {
    fn new(format: Format) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::copy(
            root().join("sample-data/manifest.csv"),
            path("manifest.csv"),
        )
        .unwrap();
        copy(&root().join("rules"), &path("rules"));
        let policy = path("rules/policy.yaml");
        let text = fs::read_to_string(&policy).unwrap();
        let drawn = text.replacen("random: {share: 0.0", "random: {share: 0.1", 1);
        assert_ne!(text, drawn, "the policy draws");
        fs::write(&policy, drawn).unwrap();
        let run = path("out");
        let scored = Run {
            inputs: vec![path("manifest.csv")],
            pack: path("rules"),
            salted: true,
            format,
            ..Run::of("manifest.csv")
        };
        scored.write_to(&run);
        Self { directory, run }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn states(&self) -> Vec<(String, State)> {
        let verified = verify(&self.run).unwrap();
        let odd = verified.files.into_iter();
        odd.filter(|(_, state)| *state != State::Same).collect()
    }

    fn replayed(&self, name: &str, salt: &str, moved: &Moved) -> Result<Compared, Error> {
        let past = PastRun::open(&self.run, moved, self.directory.path())?;
        let again = Again {
            out: self.path(name),
            salt: Some(Salt::new(salt)),
            bad_rows: |word| {
                assert_eq!(word, "1%");
                Ok(BadRows::default())
            },
            threads: Some(1),
        };
        pipeline::run(&job(past, again)?, &AtomicU64::new(0))?;
        compare(&self.run, &self.path(name))
    }
}

const SALT: &str = "a secret of tests";

#[test]
fn an_altered_byte_a_missing_file_and_a_foreign_one_are_found() {
    let scored = Scored::new(Format::Csv);
    assert!(verify(&scored.run).unwrap().is_whole());
    assert_eq!(scored.states(), []);
    let account = verify(&scored.run).unwrap();
    for file in [
        "shipments.csv",
        "lines.csv",
        "issues.csv",
        "referrals/FWS.csv",
    ] {
        assert_eq!(account.files.get(file), Some(&State::Same), "{file}");
    }
    let lines = scored.run.join("lines.csv");
    let mut bytes = fs::read(&lines).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&lines, bytes).unwrap();
    fs::remove_file(scored.run.join("referrals/FWS.csv")).unwrap();
    fs::write(scored.run.join("referrals/notes.txt"), "mine").unwrap();
    fs::create_dir(scored.run.join("dossiers")).unwrap();
    fs::write(scored.run.join("dossiers/a.json"), "{}").unwrap();
    let expected = [
        ("dossiers/a.json", State::Later),
        ("lines.csv", State::Altered),
        ("referrals/FWS.csv", State::Missing),
        ("referrals/notes.txt", State::Foreign),
    ];
    assert_eq!(
        scored.states(),
        expected.map(|(file, state)| (file.to_owned(), state))
    );
    assert!(!verify(&scored.run).unwrap().is_whole());
    // Who alters the account too is found by the hash of the account, kept elsewhere.
    let path = scored.run.join("run.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"masked\"", "\"shown\"", 1)).unwrap();
    assert_ne!(verify(&scored.run).unwrap().run_json, account.run_json);
    fs::write(&path, text.replacen("\"outputs\": [", "\"outputs_\": [", 1)).unwrap();
    assert!(
        verify(&scored.run)
            .unwrap_err()
            .to_string()
            .contains("names no files")
    );
}

#[test]
fn a_run_comes_out_again_byte_for_byte_in_every_format() {
    for format in Format::ALL {
        let scored = Scored::new(format);
        let again = scored.replayed("again", SALT, &Moved::default()).unwrap();
        assert!(again.is_same() && again.same > 4, "{format:?}: {again:?}");
    }
}

#[test]
fn a_changed_input_changed_rules_and_another_salt_are_refused() {
    let scored = Scored::new(Format::Csv);
    let nothing = Moved::default();
    let refused = |salt: &str, what: &str| {
        let message = scored
            .replayed("again", salt, &nothing)
            .unwrap_err()
            .to_string();
        assert!(message.contains(what), "{message}");
        assert!(!scored.path("again").exists(), "nothing is left over");
    };
    refused("another secret", "the salt is not that of the run");
    let input = scored.path("manifest.csv");
    let manifest = fs::read(&input).unwrap();
    fs::write(&input, [&manifest[..], b"\n"].concat()).unwrap();
    refused(SALT, "changed since this run");
    fs::write(&input, &manifest).unwrap();
    let policy = scored.path("rules/policy.yaml");
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, text.replacen("share: 0.1", "share: 0.2", 1)).unwrap();
    refused(SALT, "the rules changed");
    fs::write(&policy, text).unwrap();
    // What was moved can be named.
    fs::rename(&input, scored.path("moved.csv")).unwrap();
    let moved = Moved {
        inputs: vec![scored.path("moved.csv").display().to_string()],
        ..Moved::default()
    };
    let again = scored.replayed("again", SALT, &moved).unwrap();
    assert!(again.is_same(), "{again:?}");
}

#[test]
fn what_comes_out_differently_is_named() {
    let scored = Scored::new(Format::Csv);
    scored.replayed("again", SALT, &Moved::default()).unwrap();
    let path = scored.path("again").join("run.json");
    let text = fs::read_to_string(&path).unwrap();
    let lines = ch24::input_hash::hash_file(&scored.run.join("lines.csv")).unwrap();
    let other = text
        .replacen(&lines, &"0".repeat(64), 1)
        .replacen("referrals/FWS.csv", "referrals/XYZ.csv", 1)
        .replacen("\"identities\": \"masked\"", "\"identities\": \"shown\"", 1);
    fs::write(&path, other).unwrap();
    let compared = compare(&scored.run, &scored.path("again")).unwrap();
    assert_eq!(compared.differ, ["lines.csv"]);
    assert_eq!(compared.only_first, ["referrals/FWS.csv"]);
    assert_eq!(compared.only_again, ["referrals/XYZ.csv"]);
    assert_eq!(compared.account, ["identities"]);
}

#[test]
fn the_hash_of_a_pack_does_not_depend_on_line_ends() {
    let directory = tempfile::tempdir().unwrap();
    let pack = directory.path().join("rules");
    copy(&root().join("rules"), &pack);
    let hashes = || {
        let rules = load(&PackSource::Directory(pack.clone()))
            .unwrap()
            .rules
            .unwrap();
        let lists: Vec<String> = rules.lists.iter().map(|list| list.hash.clone()).collect();
        (rules.hash, lists)
    };
    let before = hashes();
    for file in [
        "policy.yaml",
        "lists/shrimp_hts.csv",
        "lists/shrimp_hts.yaml",
    ] {
        let path = pack.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace('\n', "\r\n")).unwrap();
    }
    assert_eq!(hashes(), before);
    let path = pack.join("policy.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "# A remark.\r\n").unwrap();
    assert_ne!(hashes().0, before.0, "content counts");
}
