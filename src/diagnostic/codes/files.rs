//! Codes of mistakes in how the files of a pack or a mapping are written.

use super::Code;

pub(super) const CODES: &[Code] = &[
    Code {
        name: "bad-list",
        summary: "a list cannot be loaded",
        text: "A list is two files: `lists/NAME.yaml` with source, as_of, license and key, and `lists/NAME.csv` with a header.

    # wrong
    lists/cites_timber.yaml without lists/cites_timber.csv
    # right
    lists/cites_timber.yaml and lists/cites_timber.csv",
    },
    Code {
        name: "bad-mapping",
        summary: "a mapping says something that cannot be done",
        text: r#"A mapping (`--map FILE`) says which source column fills which field. What it says must be complete.

    # wrong
    outcome: {date: disposition_date}
    # right
    outcome: {bad: "disposition IN ('S', 'R')", date: disposition_date}"#,
    },
    Code {
        name: "bad-policy",
        summary: "a value of policy.yaml is out of range or contradicts another",
        text: "Scores are 0 to 100, shares 0 to 1, families 1 to 8, caps 0 to 1000; yellow starts below red; a capacity names one of
the queues.

    # wrong
    lanes: {red: {min_score: 60}, yellow: {min_score: 70}}
    # right
    lanes: {red: {min_score: 60}, yellow: {min_score: 30}}",
    },
    Code {
        name: "bad-value",
        summary: "a value is not of the kind that its key takes",
        text: "Some keys take a number, some true or false, some a list, some one word of a closed set. Only price, quantity,
routing, entity and history rules may have `mitigates: true`.

    # wrong
    severity: High
    stages: release
    # right
    severity: high
    stages: [release]",
    },
    Code {
        name: "bad-yaml",
        summary: "a file cannot be read as YAML, or uses a part of YAML that is not allowed",
        text: r#"Keys of one level stand in the same column, indented with spaces. A text that holds `: ` or starts with a quote, `*`,
`&`, `!`, `%`, `@`, `[` or `{` needs quotes, or its own line below `|`. Anchors, aliases, tags and second documents
are not used.

    # wrong
    title: Timber: no permit
    # right
    title: "Timber: no permit""#,
    },
    Code {
        name: "derived-cycle",
        summary: "derived fields are defined by each other",
        text: "A derived field may use fields and other derived fields, but not itself, however many steps lie between.

    # wrong
    unit_value: total / n
    total: unit_value * n
    # right
    unit_value: entered_value_usd / n
    total: unit_value * n",
    },
    Code {
        name: "duplicate-id",
        summary: "two rules have the same id",
        text: "Outputs name a rule by its id, so no two files may share one, in whatever directory they are.

    # wrong
    timber/a.yaml: id: T-07
    timber/b.yaml: id: T-07
    # right
    timber/a.yaml: id: T-07
    timber/b.yaml: id: T-08",
    },
    Code {
        name: "duplicate-key",
        summary: "a key stands twice in one mapping",
        text: "YAML would keep one of the two values and drop the other.

    # wrong
    points: 40
    points: 60
    # right
    points: 60",
    },
    Code {
        name: "list-bad-row",
        summary: "a row of a list cannot be used",
        text: "A row needs a key, as many cells as the header, numbers and dates of the declared form, and `valid_from` not after
`valid_to`.

    # wrong
    species,valid_from
    Dalbergia retusa,2013/06/12
    # right
    species,valid_from
    Dalbergia retusa,2013-06-12",
    },
    Code {
        name: "list-key-missing",
        summary: "the key column of a list is not in its CSV file",
        text: "`key` names one column of the CSV header, letter by letter.

    # wrong
    key: species          # header: Species,annotation
    # right
    key: Species",
    },
    Code {
        name: "missing-key",
        summary: "a required key is missing or has no value",
        text: "A rule needs id, name, title, theme, family, severity, points and when; a list needs source, as_of, license and key.
With `--strict` a rule needs all keys. A key that is indented belongs to the value above it.

    # wrong
    title: Teak without papers
      when: x = 1
    # right
    title: Teak without papers
    when: x = 1",
    },
    Code {
        name: "name-taken",
        summary: "a history feature bears the name of something else",
        text: "A name in a condition means one thing: a field, a derived name or a history feature.

    # wrong
    entered_value_usd: {meaning: Value in the month before, kind: sum, of: entered_value_usd, key: [importer_name]}
    # right
    importer_value_30d: {meaning: Value in the month before, kind: sum, of: entered_value_usd, key: [importer_name]}",
    },
    Code {
        name: "points-out-of-range",
        summary: "points are not from 1 to 100",
        text: "A rule of more than 100 points says no more than one of 100; a rule of 0 points is a draft.

    # wrong
    points: 0
    # right
    points: 10
    status: draft",
    },
    Code {
        name: "two-columns-one-field",
        summary: "two source columns fill the same field",
        text: "One of the two values would be lost. Fill different fields, or put both together with `join`.

    # wrong
    columns: {addr_1: {field: shipper_address}, addr_2: {field: shipper_address}}
    # right
    join: {shipper_address: {columns: [addr_1, addr_2]}}",
    },
    Code {
        name: "unknown-column",
        summary: "a list, lookouts.csv or suppressions.csv has no such column",
        text: "The third argument of `lookup` is a column of the CSV file of the list. The columns of lookouts.csv and suppressions.csv
are those that `ch24 rules explain bad-notice` names.

    # wrong
    when: lookup('cites', taxon, 'apendix') = 'I'
    # right
    when: lookup('cites', taxon, 'appendix') = 'I'",
    },
    Code {
        name: "unknown-key",
        summary: "a key has no meaning here",
        text: "Keys of a rule: id, name, title, theme, level, family, severity, points, floor, status, version, owner, review_by,
stages, when, params, mitigates, refer_to, verify, question, examine, legal_basis, why, clears, false_positives,
sources, examples. Keys of a list: source, as_of, license, key, match, columns, max_age_days.

    # wrong
    point: 60
    # right
    points: 60",
    },
    Code {
        name: "unknown-theme-scope",
        summary: "policy.yaml gives a scope to something that has none",
        text: r#"Only timber, wildlife and iuu have a scope. A cross rule counts for each theme in whose scope the row is.

    # wrong
    themes: {cross: {scope: "country_of_origin = 'MX'"}}
    # right
    themes: {timber: {scope: "hts_number LIKE '44%'"}}"#,
    },
];
