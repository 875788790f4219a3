//! YAML that cannot be read, or that is not used here.

use super::tests::{RULE, check};

#[test]
fn anchors_aliases_tags_and_documents() {
    check(
        "rule",
        &format!("{RULE}when: x = 1\nowner: &a x\nwhy: *a\nclears: !t y\n---\n"),
        r"
error[bad-yaml]: YAML anchors are not used here
 --> x.yaml:9:8
  |
9 | owner: &a x
  |        ^^
  |
  = help: leave it out, or quote the text that starts with `&`

error[bad-yaml]: YAML aliases are not used here
  --> x.yaml:10:6
   |
10 | why: *a
   |      ^^
   |
   = help: write the value out, or quote it if it starts with `*`

error[bad-yaml]: YAML tags are not used here
  --> x.yaml:11:9
   |
11 | clears: !t y
   |         ^^
   |
   = help: leave out the word that starts with `!`, or quote the text

error[bad-yaml]: a second document starts here
  --> x.yaml:12:1
   |
12 | ---
   | ^^^
   |
   = help: one file is one document: move what follows to its own file
",
    );
}

#[test]
fn empty_file() {
    check(
        "rule",
        "# nothing\n",
        r"
error[bad-yaml]: file is empty, but must hold a rule
 --> x.yaml:1:1
  |
1 | # nothing
  | ^
",
    );
}

#[test]
fn list_in_place_of_a_mapping() {
    check(
        "rule",
        "- a\n- b\n",
        r"
error[bad-value]: a rule must be a mapping of `key: value` lines, not a list
 --> x.yaml:1:1
  |
1 | - a
  | ^^^
",
    );
}

#[test]
fn colon_in_a_value() {
    check(
        "rule",
        &format!("{RULE}why: wood: teak\n"),
        r"
error[bad-yaml]: a value without quotes holds a colon
 --> x.yaml:8:10
  |
8 | why: wood: teak
  |          ^ `: ` ends a key
  |
  = help: put the value in quotes, or start it on the next line below `|`
",
    );
}

#[test]
fn text_after_a_quote() {
    check(
        "rule",
        &format!("{RULE}when: 'x' = y\n"),
        r"
error[bad-yaml]: text after a closing quote
 --> x.yaml:8:11
  |
8 | when: 'x' = y
  |           ^
  |
  = help: a value that starts with a quote ends at the next one: start the text on the next line below `|`
",
    );
}

#[test]
fn tab() {
    check(
        "rule",
        &format!("{RULE}examples:\n\thit: []\n"),
        r"
error[bad-yaml]: a tab in the indentation
 --> x.yaml:9:2
  |
9 |     hit: []
  |     ^
  |
  = help: indent with spaces
",
    );
}

#[test]
fn list_not_closed() {
    check(
        "rule",
        &format!("{RULE}stages: [release\nwhen: x\n"),
        r"
error[bad-yaml]: a list is not closed
 --> x.yaml:9:5
  |
9 | when: x
  |     ^
  |
  = help: end the list with `]`
",
    );
}

#[test]
fn quote_not_closed() {
    check(
        "rule",
        &format!("{RULE}owner: \"me\nwhen: x\n"),
        r"
error[bad-yaml]: a quote is not closed
 --> x.yaml:9:1
  |
9 | when: x
  | ^
  |
  = help: end the text with the quote it starts with
",
    );
}

#[test]
fn reserved_character() {
    check(
        "rule",
        &format!("{RULE}owner: @me\n"),
        r"
error[bad-yaml]: a value cannot start with `@`
 --> x.yaml:8:8
  |
8 | owner: @me
  |        ^
  |
  = help: put the value in quotes
",
    );
}

#[test]
fn uneven_indentation() {
    check(
        "rule",
        &format!("{RULE}examples:\n  hit: []\n miss: []\n"),
        r"
error[bad-yaml]: this line does not line up with the keys above it
  --> x.yaml:10:2
   |
10 |  miss: []
   |  ^
   |
   = help: start each key in the same column; indent the lines of a value alike
",
    );
}
