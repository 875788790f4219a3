//! Every code a diagnostic can have, with the text that `ch24 rules explain CODE` shows.
//!
//! The text says what the code means, then shows something wrong and the same thing right. Documentation is generated
//! from here. Texts are Markdown, without a final line end.

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab words, never changed once published.
    pub name: &'static str,
    /// One line, no full stop.
    pub summary: &'static str,
    /// What it means, a wrong example, the right one.
    pub text: &'static str,
}

/// Finds a code by its name.
pub fn code(name: &str) -> Option<&'static Code> {
    let found = CODES.binary_search_by(|code| code.name.cmp(name)).ok()?;
    CODES.get(found)
}

/// All codes, sorted by name.
pub const CODES: &[Code] = &[
    Code {
        name: "always-true",
        summary: "a condition, or a part of it, is true for every row",
        text: "The condition or one side of an OR cannot be false, so the rule tells nothing about a row. Often an OR stands where an
AND was meant.

    # wrong
    when: country_of_origin <> 'MX' OR country_of_origin <> 'CA'
    # right
    when: country_of_origin <> 'MX' AND country_of_origin <> 'CA'",
    },
    Code {
        name: "bad-date",
        summary: "a date cannot be read",
        text: "Dates are written year-month-day, and the day must exist.

    # wrong
    when: entry_date >= DATE '2026-02-30'
    # right
    when: entry_date >= DATE '2026-02-28'",
    },
    Code {
        name: "bad-like-pattern",
        summary: "a LIKE pattern cannot be used",
        text: r"`%` stands for any text and `_` for one character. A backslash is not an escape here, and the pattern must be a
literal text.

    # wrong
    when: goods_description LIKE '50\% teak'
    # right
    when: starts_with(goods_description, '50% teak')",
    },
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
        name: "country-alone",
        summary: "a rule hits on a country of origin alone",
        text: "A country is context, not evidence: such a rule would hold every honest trader of that country. Join it with something
about the goods, the papers or the parties.

    # wrong
    when: country_of_origin = 'MM'
    # right
    when: country_of_origin = 'MM' AND in_list(taxon, 'cites_timber')",
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
        name: "empty-condition",
        summary: "a condition holds nothing",
        text: "The lines of a condition below `|` must be indented; a line that starts with `#` there is a comment.

    # wrong
    when: |
    country_of_origin = 'MX'
    # right
    when: |
      country_of_origin = 'MX'",
    },
    Code {
        name: "example-failed",
        summary: "an example of a rule does not do what it says",
        text: "Each row under `examples: hit` must make the condition true, each row under `miss` must not. A field that the row does
not name is null.

    # wrong
    when: gross_weight_kg > 100
    examples: {hit: [{gross_weight_kg: 80}]}
    # right
    when: gross_weight_kg > 100
    examples: {hit: [{gross_weight_kg: 180}]}",
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
        name: "list-expired",
        summary: "a list is older than its max_age_days",
        text: "The list may miss newer entries. Fetch it again and set `as_of`; the rules go on with the old one.

    # wrong
    as_of: 2024-01-15
    max_age_days: 365
    # right
    as_of: 2026-01-15
    max_age_days: 365",
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
        name: "missing-example",
        summary: "a rule has no example, or only one kind",
        text: "A rule carries at least one row that must hit and one that must not. They are its tests and its best explanation.

    # wrong
    examples: {hit: []}
    # right
    examples:
      hit: [{country_of_origin: MX}]
      miss: [{country_of_origin: CA}]",
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
        name: "naming",
        summary: "a name does not follow the naming rules",
        text: "`name` is in kebab case and names the suspicious pattern, not the remedy; the file is called ID-NAME.yaml.

    # wrong
    name: CheckPermit
    # right
    name: cites-timber-no-permit",
    },
    Code {
        name: "never-true",
        summary: "a condition, or a part of it, is true for no row",
        text: "The condition contradicts itself, or compares with NULL, which is never true.

    # wrong
    when: permit = NULL AND month(entry_date) = 13
    # right
    when: permit IS NULL AND month(entry_date) = 12",
    },
    Code {
        name: "outcome-field",
        summary: "a rule reads an outcome",
        text: "Outcomes are what rules are judged by. A rule that reads one would be right in every backtest and blind at the border.

    # wrong
    when: outcome = 'bad'
    # right
    use an `outcome_rate` feature in history.yaml, which sees earlier outcomes only",
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
        name: "review-due",
        summary: "a rule was to be reviewed before today",
        text: "Someone should look whether the rule still holds, and then move the date.

    # wrong
    review_by: 2025-06-30
    # right
    review_by: 2027-06-30",
    },
    Code {
        name: "syntax",
        summary: "a condition cannot be read",
        text: r#"A condition is a Boolean SQL expression. Texts stand in single quotes, a quote inside is doubled, equality is one `=`.

    # wrong
    when: country_of_origin == "MX"
    # right
    when: country_of_origin = 'MX'"#,
    },
    Code {
        name: "too-deep",
        summary: "something is nested too deep",
        text: "Parentheses in a condition may stand 256 deep in each other, lists and mappings in YAML 64.

    # wrong
    when: ((((...((a = 1))...))))
    # right
    when: a = 1",
    },
    Code {
        name: "too-long",
        summary: "a file, a condition or a derived field is too long",
        text: "A YAML file may have 16 MiB, a condition 8 MiB, with derived fields written out. Long lists of values belong in
`lists/`.

    # wrong
    when: hts_number IN ('4407110001', ... a million more)
    # right
    when: in_list(hts_number, 'timber_hts')",
    },
    Code {
        name: "too-many-values",
        summary: "an IN list has more than 1,000,000 values",
        text: "Long lists of values belong in `lists/`, where they have a source and a date.

    # wrong
    when: hts_number IN ('4407110001', ... a million more)
    # right
    when: in_list(hts_number, 'timber_hts')",
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
        name: "type-mismatch",
        summary: "two types do not go together",
        text: "Text, numbers, dates and conditions are compared only with their own kind. Codes such as HTS numbers are text.

    # wrong
    when: hts_number = 4407
    # right
    when: hts_number LIKE '4407%'",
    },
    Code {
        name: "unknown-code",
        summary: "a text is not a code of the column it is compared with",
        text: "Country, port, status and other columns hold codes of a known list; a comparison with any other text is never true.

    # wrong
    when: country_of_origin = 'Mexico'
    # right
    when: country_of_origin = 'MX'",
    },
    Code {
        name: "unknown-column",
        summary: "a list has no such column",
        text: "The third argument of `lookup` is a column of the CSV file of the list.

    # wrong
    when: lookup('cites', taxon, 'apendix') = 'I'
    # right
    when: lookup('cites', taxon, 'appendix') = 'I'",
    },
    Code {
        name: "unknown-field",
        summary: "no field has this name",
        text: "A name in a condition, an example or a mapping is a manifest field (`ch24 fields`), a derived field or a history
feature. A text needs single quotes.

    # wrong
    when: gross_wieght_kg > 100
    # right
    when: gross_weight_kg > 100",
    },
    Code {
        name: "unknown-function",
        summary: "no function has this name",
        text: "The functions are in_list, lookup, contains_any, starts_with, days_between, month, year, has_item, coalesce, abs,
least, greatest, length, lower and upper.

    # wrong
    when: startswith(hts_number, '44')
    # right
    when: starts_with(hts_number, '44')",
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
        name: "unknown-list",
        summary: "no list has this name",
        text: "The list `x` is `lists/x.csv` with `lists/x.yaml`; the name has no ending.

    # wrong
    when: in_list(taxon, 'cites_timber.csv')
    # right
    when: in_list(taxon, 'cites_timber')",
    },
    Code {
        name: "unknown-param",
        summary: "a condition names a parameter that the rule does not define",
        text: "Each `:name` in `when` needs a number under `params`.

    # wrong
    when: unit_value < :low
    params: {}
    # right
    when: unit_value < :low
    params: {low: 2.5}",
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
    Code {
        name: "unused-param",
        summary: "a parameter is defined but not used",
        text: "A tuner would move it without any effect.

    # wrong
    when: unit_value < 2.5
    params: {low: 2.5}
    # right
    when: unit_value < :low
    params: {low: 2.5}",
    },
    Code {
        name: "wrong-arguments",
        summary: "a function is called with too many or too few arguments, or of the wrong kind",
        text: "List and column names are literal texts; `ch24 rules explain unknown-function` names the functions.

    # wrong
    when: days_between(entry_date) > 30
    # right
    when: days_between(export_date, entry_date) > 30",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_explain_themselves() {
        assert!(CODES.is_sorted_by(|left, right| left.name < right.name));
        for entry in CODES {
            assert_eq!(code(entry.name), Some(entry));
            let is_kebab = entry
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(is_kebab && !entry.summary.ends_with('.'), "{}", entry.name);
            assert!(
                entry.text.contains("\n\n    # wrong\n    "),
                "{}",
                entry.name
            );
            assert!(entry.text.contains("\n    # right\n    "), "{}", entry.name);
            assert!(
                entry.text.lines().all(|line| line.len() <= 120),
                "{}",
                entry.name
            );
        }
        assert_eq!(code("nothing"), None);
    }
}
