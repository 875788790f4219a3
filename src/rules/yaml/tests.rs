//! One broken file per mistake, with what its author sees.

use crate::diagnostic::{Diagnostics, Sources};

use super::*;

/// Reads a file called `x.yaml` and renders its mistakes.
pub(super) fn read<T>(
    text: &str,
    entry: impl Fn(&Sources, crate::diagnostic::FileId, &mut Diagnostics) -> Option<T>,
) -> (Option<T>, String) {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let file = sources.add("x.yaml", text);
    let found = entry(&sources, file, &mut diagnostics);
    diagnostics.sort();
    (found, diagnostics.render(&sources, false))
}

#[track_caller]
pub(super) fn check(kind: &str, text: &str, expected: &str) {
    let rendered = match kind {
        "rule" => read(text, rule).1,
        "policy" => read(text, policy).1,
        "derived" => read(text, derived).1,
        "history" => read(text, history).1,
        "list" => read(text, list).1,
        _ => read(text, mapping).1,
    };
    assert_eq!(rendered.trim(), expected.trim(), "rendered:\n{rendered}");
}

/// A rule with all required keys but `when`.
pub(super) const RULE: &str =
    "id: T-07\nname: n\ntitle: t\ntheme: timber\nfamily: document\nseverity: high\npoints: 60\n";

#[test]
fn indented_key_continues_the_value_above() {
    check(
        "rule",
        "id: T-07\ntitle: Bois de cèdre\n  when: |\n    x = 1\n",
        r"
error[bad-yaml]: `when:` is indented too far
 --> x.yaml:3:3
  |
2 | title: Bois de cèdre
  |        ------------- the value starts here
3 |   when: |
  |   ^^^^^ this line continues the value above it
  |
  = help: start `when:` in the same column as the keys above it
",
    );
}

#[test]
fn indented_key_is_swallowed_by_a_block() {
    check(
        "rule",
        &format!("{RULE}why: |\n  because\n  when: x = 1\n"),
        r"
error[missing-key]: missing key `when`
  --> x.yaml:10:3
   |
10 |   when: x = 1
   |   ^^^^ this line is indented, so it belongs to the value above it
   |
   = help: start `when:` in the first column
",
    );
}

#[test]
fn indented_key_becomes_part_of_another_mapping() {
    check(
        "rule",
        &format!("{RULE}examples:\n  hit: []\n  when: x = 1\n"),
        r"
error[missing-key]: missing key `when`
  --> x.yaml:10:3
   |
10 |   when: x = 1
   |   ^^^^ this line is indented, so it belongs to the value above it
   |
   = help: start `when:` in the first column
",
    );
}

#[test]
fn condition_is_not_indented() {
    check(
        "rule",
        &format!("{RULE}when: |\nx = 1\n"),
        r"
error[bad-yaml]: a line without a key
 --> x.yaml:9:1
  |
9 | x = 1
  | ^
  |
  = help: write `key: value`; lines that belong to the value above must be indented
",
    );
}

#[test]
fn condition_is_only_a_comment() {
    check(
        "rule",
        &format!("{RULE}when: |\n\n# x = 1\n"),
        r"
error[empty-condition]: `when` holds no condition
 --> x.yaml:8:1
  |
8 | when: |
  | ^^^^
  |
  = help: indent the lines of the condition below `|`
",
    );
}

#[test]
fn required_key_is_missing_or_null() {
    check(
        "rule",
        "id: T-07\ntitle: t\ntheme: timber\nfamily: document\nseverity: high\npoints: 60\nwhen:\n",
        r"
error[missing-key]: missing key `name`
 --> x.yaml:1:1
  |
1 | id: T-07
  | ^^
  |
  = help: add `name: ...`

error[missing-key]: key `when` has no value
 --> x.yaml:7:1
  |
7 | when:
  | ^^^^
",
    );
}

#[test]
fn near_miss_of_a_key_is_not_missing_too() {
    check(
        "rule",
        "id: T-07\nnaem: n\ntitle: t\ntheme: timber\nfamily: document\nseverity: high\npoints: 60\nwhen: x = 1\n",
        r"
error[unknown-key]: unknown key `naem`
 --> x.yaml:2:1
  |
2 | naem: n
  | ^^^^ no key of a rule
  |
  = help: did you mean `name`?
",
    );
}

#[test]
fn unknown_keys() {
    check(
        "rule",
        &format!("{RULE}when: x = 1\nzzz: 1\nexamples: {{hits: []}}\n"),
        r"
error[unknown-key]: unknown key `zzz`
 --> x.yaml:9:1
  |
9 | zzz: 1
  | ^^^ no key of a rule
  |
  = help: `ch24 rules explain unknown-key` lists the keys

error[unknown-key]: unknown key `hits`
  --> x.yaml:10:12
   |
10 | examples: {hits: []}
   |            ^^^^ no key of `examples`
   |
   = help: did you mean `hit`?
",
    );
}

#[test]
fn wrong_words_and_kinds_all_in_one_pass() {
    check(
        "rule",
        "id: [T]\nname: ''\ntitle: é\ntheme: timbre\nfamily: price\nseverity: High\npoints: 101\nversion: 1.5\nmitigates: yes\nstages: release\nparams: {low: .inf}\nwhen: x\n",
        r"
error[bad-value]: `id` must be one text, not a list
 --> x.yaml:1:5
  |
1 | id: [T]
  |     ^^^
  |
  = help: put the text in quotes if it starts with `[`

error[bad-value]: `name` is empty
 --> x.yaml:2:7
  |
2 | name: ''
  |       ^^

error[bad-value]: `timbre` is not a theme
 --> x.yaml:4:8
  |
4 | theme: timbre
  |        ^^^^^^ expected one of: timber, wildlife, iuu, cross
  |
  = help: did you mean `timber`?

error[bad-value]: `High` is not a severity
 --> x.yaml:6:11
  |
6 | severity: High
  |           ^^^^ expected one of: low, medium, high, critical
  |
  = help: did you mean `high`?

error[points-out-of-range]: `points` is 101, but must be from 1 to 100
 --> x.yaml:7:9
  |
7 | points: 101
  |         ^^^

error[bad-value]: `version` must be a whole number, not `1.5`
 --> x.yaml:8:10
  |
8 | version: 1.5
  |          ^^^

error[bad-value]: `mitigates` must be true or false, not `yes`
 --> x.yaml:9:12
  |
9 | mitigates: yes
  |            ^^^
  |
  = help: write true or false, without quotes

error[bad-value]: `stages` must be a list, not a single text
  --> x.yaml:10:9
   |
10 | stages: release
   |         ^^^^^^^
   |
   = help: write `[release]`

error[bad-value]: `low` must be a number, not `.inf`
  --> x.yaml:11:15
   |
11 | params: {low: .inf}
   |               ^^^^
",
    );
}

#[test]
fn mitigating_documents() {
    check(
        "rule",
        &format!("{RULE}when: x = 1\nmitigates: true\n"),
        r"
error[bad-value]: a rule of family `document` cannot mitigate
 --> x.yaml:9:12
  |
5 | family: document
  |         -------- the family
...
9 | mitigates: true
  |            ^^^^
  |
  = help: only price, quantity, routing, entity and history rules may subtract points
",
    );
}

#[test]
fn duplicate_key() {
    check(
        "rule",
        &format!("{RULE}when: x = 1\npoints: 40\n"),
        r"
error[duplicate-key]: key `points` stands twice
 --> x.yaml:9:1
  |
7 | points: 60
  | ------ first time
8 | when: x = 1
9 | points: 40
  | ^^^^^^ second time
  |
  = help: keep one of the two
",
    );
}

#[test]
fn example_cell_is_a_list() {
    check(
        "rule",
        &format!("{RULE}when: x = 1\nexamples: {{hit: [{{é: NO, b: [1]}}]}}\n"),
        r"
error[bad-value]: `b` must be one value
 --> x.yaml:9:29
  |
9 | examples: {hit: [{é: NO, b: [1]}]}
  |                             ^^^
  |
  = help: write a list field as one text, its items separated by `|`
",
    );
}

#[test]
fn complete_rule_reads_as_written() {
    let text = "\u{feff}id: T-07\r\nname: n\r\ntitle: t # comment\r\ntheme: timber\r\nfamily: price\r\nseverity: high\r\n\
        points: 60\r\nlevel: entry\r\nfloor: examine\r\nstages: [in_bond]\r\nmitigates: true\r\nparams: {low: 2.5}\r\n\
        owner: ~\r\nwhen: x\r\nexamples:\r\n  hit: [{hts_number: 0101, country_of_origin: NO, day: 2026-03-01, n: }]\r\n";
    let (found, rendered) = read(text, rule);
    let found = found.expect("a rule");
    assert_eq!(rendered, "");
    assert!(found.mitigates && !found.is_broken);
    assert_eq!((found.points.value, found.params[0].1.value), (60, 2.5));
    let cells: Vec<_> = found.examples.hit[0]
        .cells
        .iter()
        .map(|(_, cell)| cell.as_ref().map(|text| &*text.value))
        .collect();
    assert_eq!(cells, [Some("0101"), Some("NO"), Some("2026-03-01"), None]);
    assert!(found.present.contains(&"examples") && !found.present.contains(&"owner"));
}

#[test]
fn every_style_of_text_maps_back_to_the_file() {
    let cases = [
        "when: é = 'ü' AND wrong > 1\n",
        "when: é = 'ü'\n  AND wrong > 1\n",
        "when: \"é = 'ü'\n\n   AND wrong > 1\"\n",
        "when: \"é = \\\"ü\\\" AND wrong > 1\"\n",
        "when: 'é = ''ü''  AND wrong > 1'\n",
        "when: |\n    é = 'ü'\n      -- odd\n\n    AND wrong > 1\n",
        "when: |\r\n  é = 'ü'\r\n  AND wrong > 1\r\n",
        "when: >-  # folded\n  é = 'ü'\n  AND\n\n    wrong\n  > 1\n",
        "when: |2+\n   é\n  AND wrong > 1\n\n",
    ];
    for case in cases {
        let text = format!("owner: ñ\n{case}{RULE}");
        let when = read(&text, rule).0.expect("a rule").when;
        for word in ["é", "wrong", "1"] {
            let start = when.value.find(word).expect("the word is in the value");
            let span = when.span_of(start, start + word.len());
            assert_eq!(text.get(span.start..span.end), Some(word), "{case}");
        }
        let end = when.span_of(when.value.len(), when.value.len());
        assert!(
            text.get(..end.start).unwrap().ends_with('1') && end.start == end.end,
            "{case}"
        );
    }
}

#[test]
fn text_with_other_escapes_maps_to_the_whole_place() {
    let text = format!("{RULE}when: \"a\\u0020= 1\"\n");
    let when = read(&text, rule).0.expect("a rule").when;
    assert_eq!(when.value, "a = 1");
    assert_eq!(when.span_of(4, 5), when.span);
    let plain = Text::at("é = 1", crate::diagnostic::FileId::default(), 10);
    assert_eq!(
        (plain.span_of(5, 6).start, plain.span_of(9, 9).start),
        (15, 16)
    );
}

#[test]
fn limits_give_an_error_and_no_hang() {
    let cases = [
        (format!("a: {}", "[".repeat(1_000_000)), "too-deep"),
        (format!("a: {}", "{a: ".repeat(100)), "too-deep"),
        ("- ".repeat(100_000), "too-deep"),
        ("\n".repeat((16 << 20) + 1), "too-long"),
        (
            "a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]\n".to_owned(),
            "aliases are not used",
        ),
    ];
    for (text, expected) in cases {
        let (_, rendered) = read(&text, rule);
        assert!(rendered.contains(expected), "{rendered}");
    }
}

#[test]
fn empty_policy_is_the_default() {
    let found = read("version: 1\n", policy).0.expect("a policy");
    assert_eq!(
        PolicyFile {
            file: None,
            ..found
        },
        PolicyFile::default()
    );
    let (found, rendered) = read(
        "actions: {release: {red: hold}, isf: }\nlanes: {yellow: {min_score: 20}}\n",
        policy,
    );
    let found = found.expect("a policy");
    assert_eq!(rendered, "");
    assert_eq!(
        (
            found.red.min_score,
            found.yellow.min_score,
            found.yellow.min_families
        ),
        (60, 20, 1)
    );
    assert_eq!(found.actions.len(), 6);
}

#[test]
fn an_agency_that_is_named_has_its_own_hours() {
    let text = "referrals: {contact_by_hours: {NMFS: 72, HSI: 0}}\n";
    let (found, rendered) = read(text, policy);
    let found = found.expect("a policy");
    assert_eq!(rendered, "");
    let hours = ["FWS", "NMFS", "HSI", "CBP"].map(|agency| found.contact_hours(agency));
    assert_eq!(hours, [48, 72, 0, 24]);
}

#[test]
fn mapping_reads_as_written() {
    let text = "constants: {evidence_stage: historical}\nnull_words: ['', NA]\ncolumns:\n  unit: {field: quantity_1_uom, \
        known_at: inspection, values: {GM: G, NO: null}}\njoin:\n  shipper_address: {columns: [addr_1, addr_2], separator: ', '}\n\
        carries: [entered_value_usd]\noutcome: {bad: \"d IN ('S')\", date: d, basis: exam, theme: wildlife, kind: other, scope: line}\n";
    let (found, rendered) = read(text, mapping);
    let found = found.expect("a mapping");
    assert_eq!(rendered, "");
    assert_eq!(found.null_words.expect("given").len(), 2);
    assert_eq!(found.columns[0].values[1].0.value, "NO");
    assert_eq!(found.columns[0].values[1].1, None);
    assert_eq!(found.join[0].separator, ", ");
    assert!(!found.auto && found.outcome.expect("given").bad.is_some());
}
