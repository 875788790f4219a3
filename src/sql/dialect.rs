//! The few things that engines write differently.

use crate::normalize::date::format_date;
use crate::schema::ValueType;

/// An engine that the query is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Spark SQL, 3.4 or later.
    Spark,
}

impl Dialect {
    /// The engine's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DuckDb => "DuckDB",
            Self::Spark => "Spark",
        }
    }

    /// A name of a column or table, quoted where it is not a plain word.
    pub fn name(self, name: &str) -> String {
        let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && (name == "taxon" || name.contains('_'))
            && !["current_", "session_", "system_"]
                .iter()
                .any(|reserved| name.starts_with(reserved));
        match self {
            _ if is_plain => name.to_owned(),
            Self::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// A text literal.
    ///
    /// Spark reads a backslash as an escape and puts variables in place of `${...}`, before it knows what a literal is.
    pub fn text(self, text: &str) -> String {
        match self {
            Self::DuckDb => format!("'{}'", text.replace('\'', "''")),
            Self::Spark => {
                let text = text
                    .replace('\\', "\\\\")
                    .replace('\'', "\\'")
                    .replace("${", "\\u0024{");
                format!("'{text}'")
            }
        }
    }

    /// A literal of type double, whatever its value.
    pub fn number(self, number: f64) -> String {
        let magnitude = number.abs();
        let is_plain = magnitude == 0.0 || (1e-5..1e15).contains(&magnitude);
        match self {
            Self::DuckDb if is_plain => format!("{number}e0"),
            Self::DuckDb => format!("{number:e}"),
            Self::Spark if is_plain => format!("{number}D"),
            Self::Spark => format!("{number:e}D"),
        }
    }

    /// A date literal.
    pub fn date(self, day: i32) -> String {
        format!("DATE '{}'", format_date(day))
    }

    /// NULL of a type.
    pub fn null(self, value_type: ValueType) -> String {
        format!("CAST(NULL AS {})", self.type_name(value_type))
    }

    /// The name of a type; a list is text with `|` between its items.
    pub fn type_name(self, value_type: ValueType) -> &'static str {
        match (value_type, self) {
            (ValueType::Number, _) => "DOUBLE",
            (ValueType::Date, _) => "DATE",
            (ValueType::Boolean, _) => "BOOLEAN",
            (ValueType::Text | ValueType::List, Self::DuckDb) => "VARCHAR",
            (ValueType::Text | ValueType::List, Self::Spark) => "STRING",
        }
    }

    /// The start of a common table expression that is used more than once.
    pub fn kept(self) -> &'static str {
        match self {
            Self::DuckDb => "AS MATERIALIZED",
            Self::Spark => "AS",
        }
    }

    /// The start of a common table expression of which each use reads only the columns that it needs.
    pub fn inlined(self) -> &'static str {
        match self {
            Self::DuckDb => "AS NOT MATERIALIZED",
            Self::Spark => "AS",
        }
    }

    /// Whether a text starts with another.
    pub fn starts_with(self, text: &str, prefix: &str) -> String {
        let function = match self {
            Self::DuckDb => "starts_with",
            Self::Spark => "startswith",
        };
        format!("{function}({text}, {})", self.text(prefix))
    }

    /// Whether a text joined by `|` holds an item.
    pub fn has_item(self, list: &str, item: &str) -> String {
        let function = match self {
            Self::DuckDb => "list_contains",
            Self::Spark => "array_contains",
        };
        format!("{function}({}, {})", self.items(list), self.text(item))
    }

    /// The items of a text joined by `|`.
    pub fn items(self, list: &str) -> String {
        match self {
            Self::DuckDb => format!("string_split({list}, '|')"),
            Self::Spark => format!("split({list}, '[|]')"),
        }
    }

    /// A row for each word of a text with one space between words.
    pub fn each_word(self, text: &str) -> String {
        match self {
            Self::DuckDb => format!("unnest(string_split({text}, ' '))"),
            Self::Spark => format!("explode(split({text}, ' '))"),
        }
    }

    /// Whether two lists of texts share an item; the second is given by its items.
    pub fn shares_any(self, list: &str, items: &[&str]) -> String {
        let items: Vec<String> = items.iter().map(|item| self.text(item)).collect();
        let items = items.join(", ");
        match self {
            Self::DuckDb => format!("list_has_any({list}, [{items}])"),
            Self::Spark => format!("arrays_overlap({list}, array({items}))"),
        }
    }

    /// The texts whose condition, never NULL, is true; in the order given.
    pub fn texts_where(self, texts: &[String], conditions: &[String]) -> String {
        match self {
            _ if texts.is_empty() && self == Self::DuckDb => "CAST([] AS VARCHAR[])".to_owned(),
            _ if texts.is_empty() => "CAST(array() AS ARRAY<STRING>)".to_owned(),
            Self::DuckDb => format!(
                "list_where(\n    [{}],\n    [{}])",
                texts.join(", "),
                conditions.join(", ")
            ),
            Self::Spark => {
                let pairs = texts.iter().zip(conditions);
                let cases: Vec<_> = pairs
                    .map(|(text, condition)| format!("CASE WHEN {condition} THEN {text} END"))
                    .collect();
                format!(
                    "filter(array(\n    {}),\n    id -> id IS NOT NULL)",
                    cases.join(",\n    ")
                )
            }
        }
    }

    /// Every run of what fits a bracket of a pattern becomes another text; the bracket holds no quote and no backslash.
    pub fn replace_all(self, text: &str, pattern: &str, by: &str) -> String {
        match self {
            Self::DuckDb => format!("regexp_replace({text}, '{pattern}', '{by}', 'g')"),
            Self::Spark => format!("regexp_replace({text}, '{pattern}', '{by}')"),
        }
    }

    /// A cell of CSV without the quote that stands before what a spreadsheet would run as a formula.
    pub fn without_guard(self, cell: &str) -> String {
        format!("regexp_replace({cell}, '^''([-=+@\\t\\r])', '\\1')")
    }

    /// A character in a bracket of a pattern, by its number.
    pub fn pattern_character(self, character: char) -> String {
        match self {
            Self::DuckDb => format!("\\x{{{:X}}}", u32::from(character)),
            Self::Spark => format!("\\\\x{{{:X}}}", u32::from(character)),
        }
    }

    /// The first word of a text.
    pub fn first_word(self, text: &str) -> String {
        format!("split_part({text}, ' ', 1)")
    }

    /// Whether a text is all ASCII.
    pub fn is_ascii(self, text: &str) -> String {
        match self {
            Self::DuckDb => format!("strlen({text}) = length({text})"),
            Self::Spark => format!("octet_length({text}) = char_length({text})"),
        }
    }

    /// Days from one date to another.
    pub fn days_between(self, from: &str, to: &str) -> String {
        match self {
            Self::DuckDb => format!("CAST(date_diff('day', {from}, {to}) AS DOUBLE)"),
            Self::Spark => format!("CAST(datediff({to}, {from}) AS DOUBLE)"),
        }
    }

    /// The value on the row of a group where `rank` is least, NULL included.
    pub fn first_by(self, value: &str, rank: &str) -> String {
        let function = match self {
            Self::DuckDb => "arg_min_null",
            Self::Spark => "min_by",
        };
        format!("{function}({value}, {rank})")
    }

    /// The sum of the numbers of a group, added up in an order.
    pub fn sum_in_order(self, number: &str, order: &str) -> String {
        match self {
            Self::DuckDb => format!("sum({number} ORDER BY {order})"),
            Self::Spark => format!(
                "CASE WHEN count({number}) > 0 THEN aggregate(array_sort(collect_list(CASE WHEN {number} IS NOT NULL \
                 THEN struct({order} AS place, {number} AS number) END)), 0D, (total, one) -> total + one.number) END"
            ),
        }
    }
}

/// A number, or NULL where it is infinite; NaN never arises, since no operand is infinite and none is divided by 0.
pub(super) fn finite(number: &str) -> String {
    format!("nullif(nullif({number}, CAST('Infinity' AS DOUBLE)), CAST('-Infinity' AS DOUBLE))")
}

/// Text of a person as one line of a comment.
pub(super) fn comment(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A backslash at the end would draw the next line into Spark's comment, and `${` would be a variable.
    format!("-- {}", words.replace('\\', "/").replace("${", "$ {"))
}

#[cfg(test)]
mod tests {
    use super::Dialect::{DuckDb, Spark};
    use super::*;

    #[test]
    fn literals_mean_the_same_in_each_dialect() {
        for (text, duckdb, spark) in [
            ("plain", "'plain'", "'plain'"),
            ("O'NEIL", "'O''NEIL'", r"'O\'NEIL'"),
            (r"a\b", r"'a\b'", r"'a\\b'"),
            ("${home}", "'${home}'", r"'\u0024{home}'"),
        ] {
            assert_eq!(DuckDb.text(text), duckdb);
            assert_eq!(Spark.text(text), spark);
        }
        for (number, duckdb, spark) in [
            (60.0, "60e0", "60D"),
            (0.1, "0.1e0", "0.1D"),
            (-2.5, "-2.5e0", "-2.5D"),
            (0.0, "0e0", "0D"),
            (1e300, "1e300", "1e300D"),
            (5e-324, "5e-324", "5e-324D"),
        ] {
            assert_eq!(DuckDb.number(number), duckdb);
            assert_eq!(Spark.number(number), spark);
        }
        assert_eq!(DuckDb.date(0), "DATE '1970-01-01'");
    }

    #[test]
    fn only_plain_words_go_without_quotes() {
        assert_eq!(DuckDb.name("hts_number"), "hts_number");
        assert_eq!(DuckDb.name("T-07"), "\"T-07\"");
        assert_eq!(DuckDb.name("order"), "\"order\"");
        assert_eq!(DuckDb.name("a\"b"), "\"a\"\"b\"");
        assert_eq!(Spark.name("current_date"), "`current_date`");
        assert_eq!(Spark.name("a`b"), "`a``b`");
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(comment("two\nlines; \\"), "-- two lines; /");
    }
}
