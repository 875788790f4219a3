//! `ch24 rules sql`.

use super::args::{RulesSqlArgs, SqlDialect};
use super::exit::Exit;
use super::print;
use super::rules::{pack, rules_of};
use crate::error::Error;
use crate::sql::{Data, Dialect, query};

/// Prints the query of a pack.
pub(super) fn run(args: &RulesSqlArgs) -> Result<Exit, Error> {
    let dialect = match args.dialect {
        SqlDialect::Duckdb => Dialect::DuckDb,
        SqlDialect::Spark => Dialect::Spark,
    };
    let rules = rules_of(&pack(args.rules.as_ref()))?;
    let data = match &args.data {
        None => Data::default(),
        Some(path) => Data::file(path, dialect)?,
    };
    print::code(&query(&rules, dialect, &data)).map(|()| Exit::Done)
}
