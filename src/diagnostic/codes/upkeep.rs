//! Codes of rules and lists that load but deserve a second look.

use super::Code;

pub(super) const CODES: &[Code] = &[
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
        name: "review-due",
        summary: "a rule was to be reviewed before today",
        text: "Someone should look whether the rule still holds, and then move the date.

    # wrong
    review_by: 2025-06-30
    # right
    review_by: 2027-06-30",
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
];
