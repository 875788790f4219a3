//! Codes of mistakes in conditions.

use super::Code;

pub(super) const CODES: &[Code] = &[
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
        name: "outcome-field",
        summary: "a rule reads an outcome",
        text: "Outcomes are what rules are judged by. A rule that reads one would be right in every backtest and blind at the border.

    # wrong
    when: outcome = 'bad'
    # right
    use an `outcome_rate` feature in history.yaml, which sees earlier outcomes only",
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
        name: "type-mismatch",
        summary: "two types do not go together",
        text: "Text, numbers, dates and conditions are compared only with their own kind. Codes such as HTS numbers are text.

    # wrong
    when: hts_number = 4407
    # right
    when: hts_number LIKE '4407%'",
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
        name: "wrong-arguments",
        summary: "a function is called with too many or too few arguments, or of the wrong kind",
        text: "List and column names are literal texts; `ch24 rules explain unknown-function` names the functions.

    # wrong
    when: days_between(entry_date) > 30
    # right
    when: days_between(export_date, entry_date) > 30",
    },
];
