//! Commands on rule packs, as they are typed.

use super::examples;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::RULES)]
pub(in crate::cli) struct RulesArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RulesCommand {
    /// Report every mistake of a pack.
    #[command(after_help = examples::RULES_CHECK)]
    Check {
        /// A rule pack; without: the shipped one.
        #[arg(value_name = "DIR")]
        rules: Option<PathBuf>,
        /// The same, as an option.
        #[arg(long = "rules", value_name = "DIR", conflicts_with = "rules")]
        rules_option: Option<PathBuf>,
        /// Fail on warnings too, and want every key.
        #[arg(long)]
        strict: bool,
        /// The mistakes as JSON; with --data an object of mistakes and findings.
        #[arg(long)]
        json: bool,
        /// The day by which lists, reviews, lookouts and suppressions are out of date; without: today.
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<String>,
        /// Also run the rules over these inputs: which never hit, which say the same.
        #[arg(long, value_name = "INPUT")]
        data: Vec<String>,
        /// How columns of the data become fields (YAML).
        #[arg(long, value_name = "FILE", requires = "data")]
        map: Option<PathBuf>,
        /// Judge the latest version of each filing and the latest stage of each shipment, as `score` does; without: where a row
        /// has `record_action` or there is more than one stage.
        #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", requires = "data")]
        reconcile: Option<bool>,
    },
    /// Run the examples of the rules.
    #[command(after_help = examples::RULES_TEST)]
    Test {
        /// Rules by id or name; without: all.
        #[arg(value_name = "RULE")]
        names: Vec<String>,
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// Compare two packs: what changed, and what it does to data.
    Diff(RulesDiffArgs),
    /// Print a JSON Schema of rule files, for editors.
    #[command(after_help = examples::RULES_SCHEMA)]
    Schema,
    /// List the reference lists of a pack, with their age.
    #[command(after_help = examples::RULES_LISTS)]
    Lists {
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the rules of a pack.
    #[command(after_help = examples::RULES_LIST)]
    List {
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print one SQL query for the whole pack, whose hits are those of `score`; lookouts and suppressions are no rules.
    Sql(RulesSqlArgs),
    /// Explain a rule, a diagnostic code, a field or a function.
    #[command(after_help = examples::RULES_EXPLAIN)]
    Explain {
        /// Its id or name.
        name: String,
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::RULES_DIFF)]
pub(in crate::cli) struct RulesDiffArgs {
    /// The pack as it was: a directory, or `shipped`.
    #[arg(value_name = "A")]
    pub(in crate::cli) before: PathBuf,
    /// The pack as it is to be.
    #[arg(value_name = "B")]
    pub(in crate::cli) after: PathBuf,
    /// Rows on which both are run.
    #[arg(long, value_name = "INPUT")]
    pub(in crate::cli) data: Vec<String>,
    /// How columns of the data become fields (YAML).
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(in crate::cli) map: Option<PathBuf>,
    /// Judge the latest version of each filing and the latest stage of each shipment, as `score` does; without: where a row
    /// has `record_action` or there is more than one stage.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", requires = "data")]
    pub(in crate::cli) reconcile: Option<bool>,
    /// A store of past lines, as for `score`; without: the earlier lines of the data.
    #[arg(long, value_name = "DIR", requires = "data")]
    pub(in crate::cli) history: Option<PathBuf>,
    /// Outcomes (CSV), as for `backtest`.
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(in crate::cli) labels: Option<PathBuf>,
    /// Fail when more shipments than this turn red.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) max_new_red: Option<u64>,
    /// Fail when more shipments than this turn green.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) max_lost: Option<u64>,
    /// As one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::RULES_SQL)]
pub(in crate::cli) struct RulesSqlArgs {
    /// The engine that it is written for.
    #[arg(long, value_enum)]
    pub(in crate::cli) dialect: SqlDialect,
    /// A rule pack; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
    /// The rows, as `score --write-normalized` wrote them; without: a table `lines`.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) data: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SqlDialect {
    Duckdb,
    Spark,
}
