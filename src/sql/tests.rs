use super::dialect::Dialect::{self, DuckDb, Spark};
use super::expression::Writer;
use super::plan::Plan;
use super::{Data, query};
use crate::rules::condition::ast::{Comparison, Operator};
use crate::rules::expression::{ConstantValues, Constants, Expression, Pattern};
use crate::rules::{PackSource, RuleSet, load};
use crate::schema::{ValueType, field};
use std::sync::Arc;

fn shipped() -> RuleSet {
    let loaded = load(&PackSource::Shipped).expect("the shipped pack can be read");
    loaded.rules.expect("the shipped pack has no errors")
}

fn written(rules: &RuleSet, dialect: Dialect, expression: &Expression) -> String {
    let data = Data::default();
    Writer::over_names(&Plan::new(rules, dialect, &data)).sql(expression)
}

#[test]
fn expressions_are_written_for_each_dialect() {
    let rules = shipped();
    let text = |id| Box::new(Expression::Column(id, ValueType::Text));
    let number = |number| Box::new(Expression::Number(number));
    let value = || Box::new(Expression::Column(field::QUANTITY_1, ValueType::Number));
    let words = |words: &[&str], has_null| {
        Arc::new(Constants {
            values: ConstantValues::Texts(words.iter().map(|word| (*word).into()).collect()),
            has_null,
        })
    };
    let overflow = "CAST('Infinity' AS DOUBLE)), CAST('-Infinity' AS DOUBLE))";
    let cases = [
        (
            Expression::OneOf(text(field::ENTRY_TYPE), words(&["01", "O'N"], false)),
            "entry_type IN ('01', 'O''N')".to_owned(),
            r"entry_type IN ('01', 'O\'N')".to_owned(),
        ),
        (
            Expression::Not(Box::new(Expression::OneOf(
                text(field::ENTRY_TYPE),
                words(&["01"], true),
            ))),
            "entry_type NOT IN ('01', CAST(NULL AS VARCHAR))".to_owned(),
            "entry_type NOT IN ('01', CAST(NULL AS STRING))".to_owned(),
        ),
        (
            Expression::Like(text(field::HTS_NUMBER), Arc::new(Pattern::new("%a_c%"))),
            "hts_number LIKE '%a_c%'".to_owned(),
            "hts_number LIKE '%a_c%'".to_owned(),
        ),
        (
            Expression::Arithmetic(Operator::Divide, value(), number(0.1)),
            format!("nullif(nullif(quantity_1 / nullif(0.1e0, 0e0), {overflow}"),
            format!("nullif(nullif(quantity_1 / nullif(0.1D, 0D), {overflow}"),
        ),
        (
            Expression::Not(Box::new(Expression::Or(vec![
                Expression::IsNull(value()),
                Expression::Compare(Comparison::LessOrEqual, value(), number(-2.0)),
            ]))),
            "NOT (quantity_1 IS NULL OR quantity_1 <= -2e0)".to_owned(),
            "NOT (quantity_1 IS NULL OR quantity_1 <= -2D)".to_owned(),
        ),
        (
            Expression::HasItem(text(field::TRANSIT_COUNTRIES), "MX".into()),
            "list_contains(string_split(transit_countries, '|'), 'MX')".to_owned(),
            "array_contains(split(transit_countries, '[|]'), 'MX')".to_owned(),
        ),
    ];
    for (expression, duckdb, spark) in cases {
        assert_eq!(written(&rules, DuckDb, &expression), duckdb);
        assert_eq!(written(&rules, Spark, &expression), spark);
    }
}

#[test]
fn every_rule_is_a_column_under_its_id() {
    let rules = shipped();
    for dialect in [DuckDb, Spark] {
        let query = query(&rules, dialect, &Data::default());
        for rule in &rules.rules {
            let id = dialect.name(&rule.id);
            assert_eq!(
                query.matches(&format!(", FALSE) AS {id}")).count(),
                1,
                "{id}"
            );
            assert!(query.contains(&format!("-- {} ", rule.id)), "{id}");
        }
        assert!(query.contains("FROM lines"));
    }
}

#[test]
fn a_derived_name_stands_where_its_expression_stood() {
    let rules = shipped();
    let named = rules
        .derived
        .iter()
        .find(|named| named.name == "unit_value_usd");
    let named = named.expect("the shipped pack has this name");
    assert_eq!(written(&rules, DuckDb, &named.expression), "unit_value_usd");
}
