//! Mistakes in files that are not rules.

use super::tests::check;

#[test]
fn policy_mistakes() {
    check(
        "policy",
        "themes: {cross: {scope: x}}\nfamilies: {list: 5000, lists: 1}\nlanes: {red: {min_score: 40}, yellow: {min_score: 50, min_families: 0}}\nqueues: {FWS: [wildlife, cross]}\ncapacity: [{port: 2604, queue: FW, red: -1}]\nrandom: {share: 2}\n",
        r"
error[unknown-theme-scope]: `cross` cannot have a scope
 --> x.yaml:1:10
  |
1 | themes: {cross: {scope: x}}
  |          ^^^^^
  |
  = help: a cross rule counts for each theme whose own scope holds

error[bad-policy]: `list` is 5000, but must be from 0 to 1000
 --> x.yaml:2:18
  |
2 | families: {list: 5000, lists: 1}
  |                  ^^^^

error[bad-value]: `lists` is not a family
 --> x.yaml:2:24
  |
2 | families: {list: 5000, lists: 1}
  |                        ^^^^^ expected one of: document, species, price, quantity, routing, entity, history, list
  |
  = help: did you mean `list`?

error[bad-policy]: yellow starts at 50, above red at 40
 --> x.yaml:3:51
  |
3 | lanes: {red: {min_score: 40}, yellow: {min_score: 50, min_families: 0}}
  |                          -- red starts here       ^^
  |
  = help: give yellow the lower `min_score`

error[bad-policy]: `min_families` is 0, but must be from 1 to 8
 --> x.yaml:3:69
  |
3 | lanes: {red: {min_score: 40}, yellow: {min_score: 50, min_families: 0}}
  |                                                                     ^

error[bad-policy]: a queue cannot hold the theme `cross`
 --> x.yaml:4:26
  |
4 | queues: {FWS: [wildlife, cross]}
  |                          ^^^^^
  |
  = help: a cross rule counts for timber, wildlife and iuu: name those

error[bad-policy]: `FW` is not one of the queues
 --> x.yaml:5:32
  |
5 | capacity: [{port: 2604, queue: FW, red: -1}]
  |                                ^^
  |
  = help: did you mean `FWS`?

error[bad-policy]: `red` is -1, but must be at least 0
 --> x.yaml:5:41
  |
5 | capacity: [{port: 2604, queue: FW, red: -1}]
  |                                         ^^

error[bad-policy]: `share` is 2, but must be from 0 to 1
 --> x.yaml:6:17
  |
6 | random: {share: 2}
  |                 ^
  |
  = help: write 0.02 for 2 percent
",
    );
}

#[test]
fn derived_mistakes() {
    check(
        "derived",
        "a: x + 1\nb: [1]\nc:\n",
        r"
error[bad-value]: `b` must be one text, not a list
 --> x.yaml:2:4
  |
2 | b: [1]
  |    ^^^
  |
  = help: put the text in quotes if it starts with `[`

error[bad-value]: `c` has no value
 --> x.yaml:3:1
  |
3 | c:
  | ^
",
    );
}

#[test]
fn history_mistakes() {
    check(
        "history",
        "a: {kind: count, key: [importer_name], window: 30}\nb: {meaning: m, kind: sum}\nc: {meaning: m, kind: external}\nd: {meaning: m, kind: count, key: [x], of: y, type: number}\n",
        r"
error[missing-key]: missing key `meaning`
 --> x.yaml:1:5
  |
1 | a: {kind: count, key: [importer_name], window: 30}
  |     ^^^^
  |
  = help: add `meaning: ...`

error[unknown-key]: unknown key `window`
 --> x.yaml:1:40
  |
1 | a: {kind: count, key: [importer_name], window: 30}
  |                                        ^^^^^^ no key of a feature
  |
  = help: did you mean `window_days`?

error[missing-key]: a feature of kind `sum` needs `key`
 --> x.yaml:2:23
  |
2 | b: {meaning: m, kind: sum}
  |                       ^^^

error[missing-key]: a feature of kind `sum` needs `of`
 --> x.yaml:2:23
  |
2 | b: {meaning: m, kind: sum}
  |                       ^^^

error[missing-key]: a feature of kind `external` needs `type`
 --> x.yaml:3:23
  |
3 | c: {meaning: m, kind: external}
  |                       ^^^^^^^^

error[bad-value]: a feature of kind `count` takes no `type`
 --> x.yaml:4:23
  |
4 | d: {meaning: m, kind: count, key: [x], of: y, type: number}
  |                       ^^^^^

error[bad-value]: a feature of kind `count` takes no `of`
 --> x.yaml:4:23
  |
4 | d: {meaning: m, kind: count, key: [x], of: y, type: number}
  |                       ^^^^^
",
    );
}

#[test]
fn list_mistakes() {
    check(
        "list",
        "source: s\nas_of: 2026-01-01\nlicence: l\nkey: k\nmatch: taxa\ncolumns: {b: int}\nmax_age_days: 0\n",
        r"
error[unknown-key]: unknown key `licence`
 --> x.yaml:3:1
  |
3 | licence: l
  | ^^^^^^^ no key of a list
  |
  = help: did you mean `license`?

error[bad-value]: `taxa` is not a way to match
 --> x.yaml:5:8
  |
5 | match: taxa
  |        ^^^^ expected one of: exact, prefix, taxon
  |
  = help: did you mean `taxon`?

error[bad-value]: `int` is not a column type
 --> x.yaml:6:14
  |
6 | columns: {b: int}
  |              ^^^ expected one of: text, number, date

error[bad-value]: `max_age_days` is 0, but must be at least 1
 --> x.yaml:7:15
  |
7 | max_age_days: 0
  |               ^
",
    );
}

#[test]
fn mapping_mistakes() {
    check(
        "mapping",
        "columns:\n  genus: {feild: scientific_genus}\n  x: y\njoin:\n  a: {columns: []}\noutcome: {date: d, theme: cross, scope: lien}\n",
        r#"
error[unknown-key]: unknown key `feild`
 --> x.yaml:2:11
  |
2 |   genus: {feild: scientific_genus}
  |           ^^^^^ no key of a column
  |
  = help: did you mean `field`?

error[bad-value]: column `x` must say which field it fills in a mapping
 --> x.yaml:3:6
  |
3 |   x: y
  |      ^
  |
  = help: write `x: {field: y}`

error[bad-mapping]: `a` joins no column
 --> x.yaml:5:3
  |
5 |   a: {columns: []}
  |   ^

error[bad-mapping]: `outcome` says neither what is bad nor what is ok
 --> x.yaml:6:1
  |
6 | outcome: {date: d, theme: cross, scope: lien}
  | ^^^^^^^
  |
  = help: add `bad: "disposition IN ('S', 'R')"`, over source columns

error[bad-value]: an outcome cannot have the theme `cross`
 --> x.yaml:6:27
  |
6 | outcome: {date: d, theme: cross, scope: lien}
  |                           ^^^^^
  |
  = help: write timber, wildlife or iuu, or leave it out

error[bad-value]: `lien` is not a scope
 --> x.yaml:6:41
  |
6 | outcome: {date: d, theme: cross, scope: lien}
  |                                         ^^^^ expected one of: line, shipment
  |
  = help: did you mean `line`?
"#,
    );
}
