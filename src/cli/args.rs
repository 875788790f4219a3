//! What can be typed.

use crate::cli::exit;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Scores US import lines for illegal-timber, wildlife-trafficking and IUU-fishing risk under USMCA Chapter 24.
///
/// A red flag is a reason to look, never a finding.
#[derive(Debug, Parser)]
#[command(name = "ch24", version, after_help = exit::HELP)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Score manifests: which shipments to look at, which entities to verify, and why.
    Score(Box<ScoreArgs>),
    /// Explain a line of a run: what hit and why, and what did not.
    Explain(ExplainArgs),
    /// Check, list, explain and test rules.
    Rules(RulesArgs),
    /// Find out which names, addresses and numbers stand for one firm, person or vessel.
    Resolve(Box<ResolveArgs>),
    /// Link firms, persons and vessels by what their lines share: addresses, numbers, contacts, vessels, consignees.
    Network(Box<NetworkArgs>),
    /// List the fields of a manifest.
    Fields(FieldsArgs),
    /// Make a seeded synthetic manifest.
    Generate(GenerateArgs),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that is typed"
)]
pub(super) struct ScoreArgs {
    /// Files, directories or globs; `-` is standard input. CSV, Parquet, Arrow IPC or NDJSON, also .gz and .zst.
    #[arg(required = true, value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// How source columns become fields (YAML); without: by names and known aliases.
    #[arg(long, value_name = "FILE")]
    pub(super) map: Option<PathBuf>,
    /// A rule pack; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// Where the results go.
    #[arg(long, value_name = "DIR", default_value = "ch24-out")]
    pub(super) out: PathBuf,
    /// Format of the tables.
    #[arg(long, value_enum, default_value_t = TableFormat::Parquet)]
    pub(super) format: TableFormat,
    /// Which lines and shipments are written; totals and entities always cover all.
    #[arg(long, value_enum, default_value_t = Keep::All)]
    pub(super) keep: Keep,
    /// The day to judge by; without: the latest date of law read.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) as_of: Option<String>,
    /// Worker threads; without: one per core.
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// Most rows that may be set aside: a number, or a share such as 1% (then at least 100).
    #[arg(long, value_name = "N|P%", default_value = "1%")]
    pub(super) max_bad_rows: String,
    /// The secret of random draws; made where it is missing.
    #[arg(long, value_name = "FILE")]
    pub(super) salt_file: Option<PathBuf>,
    /// A key under which masked importer numbers are hashed, for joins across runs.
    #[arg(long, value_name = "FILE", conflicts_with = "show_ids")]
    pub(super) id_key: Option<PathBuf>,
    /// Where the rows go as the rules see them.
    #[arg(long, value_name = "FILE")]
    pub(super) write_normalized: Option<PathBuf>,
    /// What is written besides issues.csv and run.json.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST")]
    pub(super) outputs: Option<Vec<OutputName>>,
    /// Replace an earlier output of this program.
    #[arg(long)]
    pub(super) force: bool,
    /// No messages and no summary.
    #[arg(long)]
    pub(super) quiet: bool,
    /// The summary as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
    /// Show importer numbers that look like Social Security numbers; run.json records it.
    #[arg(long)]
    pub(super) show_ids: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    Parquet,
    Csv,
    Arrow,
    Ndjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Keep {
    /// All of them.
    All,
    /// Those whose lane is not green.
    Flagged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputName {
    Lines,
    Shipments,
    Entities,
    Report,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ch24 explain ch24-out ABC12345678-1\n  ch24 explain ch24-out 'manifest.csv#17' --why-not F-13\n  ch24 explain ch24-out 0f1e2d3c4b5a-0000000017 --near"
)]
pub(super) struct ExplainArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR")]
    pub(super) run: PathBuf,
    /// The line: a `record_id`, `source_ref` or `line_id` of the lines.
    #[arg(value_name = "LINE")]
    pub(super) line: String,
    /// Show every part of this rule's condition, true, false or unknown.
    #[arg(long, value_name = "RULE")]
    pub(super) why_not: Option<String>,
    /// List the rules that were one condition short.
    #[arg(long)]
    pub(super) near: bool,
    /// The rule pack of the run, where it was moved.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// The inputs of the run, where they were moved.
    #[arg(long, value_name = "INPUT")]
    pub(super) input: Vec<String>,
    /// The mapping of the run, where it was moved.
    #[arg(long, value_name = "FILE")]
    pub(super) map: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    pub(super) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Report every mistake of a pack.
    #[command(after_help = exit::HELP)]
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
        /// The day by which lists and reviews are out of date; without: today.
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<String>,
        /// Also run the rules over these inputs: which never hit, which say the same.
        #[arg(long, value_name = "INPUT")]
        data: Vec<String>,
        /// How columns of the data become fields (YAML).
        #[arg(long, value_name = "FILE", requires = "data")]
        map: Option<PathBuf>,
    },
    /// Run the examples of the rules.
    #[command(after_help = exit::HELP)]
    Test {
        /// Rules by id or name; without: all.
        #[arg(value_name = "RULE")]
        names: Vec<String>,
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// Print a JSON Schema of rule files, for editors.
    Schema,
    /// List the reference lists of a pack, with their age.
    Lists {
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the rules of a pack.
    List {
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print one SQL query for the whole pack, whose hits are those of `score`.
    Sql(RulesSqlArgs),
    /// Explain a rule, a diagnostic code, a field or a function.
    Explain {
        /// Its id or name.
        name: String,
        /// A rule pack; without: the shipped one.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct RulesSqlArgs {
    /// The engine that it is written for.
    #[arg(long, value_enum)]
    pub(super) dialect: SqlDialect,
    /// A rule pack; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// The rows, as `score --write-normalized` wrote them; without: a table `lines`.
    #[arg(long, value_name = "FILE")]
    pub(super) data: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SqlDialect {
    Duckdb,
    Spark,
}

/// What commands over parties share.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that is typed"
)]
pub(super) struct PartyArgs {
    /// Files, directories or globs; `-` is standard input. CSV, Parquet, Arrow IPC or NDJSON, also .gz and .zst.
    #[arg(required = true, value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// How source columns become fields (YAML); without: by names and known aliases.
    #[arg(long, value_name = "FILE")]
    pub(super) map: Option<PathBuf>,
    /// Pairs that people decided on: CSV with left, right and verdict (same or `not_same`).
    #[arg(long, value_name = "FILE")]
    pub(super) same: Option<PathBuf>,
    /// Where the results go.
    #[arg(short, long, value_name = "DIR", default_value = "ch24-parties")]
    pub(super) out: PathBuf,
    /// Format of the tables.
    #[arg(long, value_enum, default_value_t = TableFormat::Parquet)]
    pub(super) format: TableFormat,
    /// Worker threads; without: one per core.
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// Most rows that may be set aside: a number, or a share such as 1% (then at least 100).
    #[arg(long, value_name = "N|P%", default_value = "1%")]
    pub(super) max_bad_rows: String,
    /// A key under which masked importer numbers are hashed, for joins across runs.
    #[arg(long, value_name = "FILE", conflicts_with = "show_ids")]
    pub(super) id_key: Option<PathBuf>,
    /// Replace an earlier output of this program.
    #[arg(long)]
    pub(super) force: bool,
    /// No messages and no summary.
    #[arg(long)]
    pub(super) quiet: bool,
    /// The summary as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
    /// Show importer numbers that look like Social Security numbers; run.json records it.
    #[arg(long)]
    pub(super) show_ids: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(super) struct ResolveArgs {
    #[command(flatten)]
    pub(super) parties: PartyArgs,
    /// Also write the cluster of each party of each line, as `party_lines`.
    #[arg(long)]
    pub(super) lines: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(super) struct NetworkArgs {
    #[command(flatten)]
    pub(super) parties: PartyArgs,
    /// Print the shortest evidence path between two parties: a cluster, a party, a number or a name each.
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub(super) between: Option<Vec<String>>,
    /// The rules that say which lines are at risk; without: the shipped pack.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct FieldsArgs {
    /// As JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct GenerateArgs {
    /// Rows: declared lines times their species components.
    #[arg(long, value_name = "N")]
    pub(super) rows: u64,
    /// The same seed and number of rows give the same bytes.
    #[arg(long, value_name = "S")]
    pub(super) seed: u64,
    /// The file: .csv, or Parquet.
    #[arg(long, value_name = "FILE")]
    pub(super) out: PathBuf,
    /// Add outcome columns, and the truth about planted lines in FILE.labels.csv.
    #[arg(long)]
    pub(super) labels: bool,
}
