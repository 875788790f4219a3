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
    /// List the entities of a run, by score.
    #[cfg(feature = "tables")]
    Entities(EntitiesArgs),
    /// Write dossiers for verification requests to Mexico.
    #[cfg(feature = "tables")]
    Dossier(Box<DossierArgs>),
    /// Take results of inspections and verifications back.
    Outcomes(OutcomesArgs),
    /// Check, list, explain and test rules.
    Rules(RulesArgs),
    /// Judge rules by outcomes: what they would have found, and what each of them is worth.
    Backtest(BacktestArgs),
    /// List the fields of a manifest.
    Fields(FieldsArgs),
    /// Build a store of past lines, for features of earlier lines.
    History(HistoryArgs),
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
    /// A store of past lines (`ch24 history build`); without: earlier lines of the inputs are the history.
    #[arg(long, value_name = "DIR")]
    pub(super) history: Option<PathBuf>,
    /// Keep the latest version of each filing, and let the latest stage of a shipment select; without: where a row has
    /// `record_action` or there is more than one stage. `--reconcile=false` takes every row for itself.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) reconcile: Option<bool>,
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
    Referrals,
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
    /// The history store of the run, where it was moved.
    #[arg(long, value_name = "DIR")]
    pub(super) history: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct HistoryArgs {
    #[command(subcommand)]
    pub(super) command: HistoryCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum HistoryCommand {
    /// Add past lines to a store; what stands in it already is passed over.
    Build(HistoryBuildArgs),
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  ch24 history build 2024/ 2025/ -o history\n  ch24 score today.csv --history history"
)]
pub(super) struct HistoryBuildArgs {
    /// Files, directories or globs; `-` is standard input.
    #[arg(required = true, value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// How source columns become fields (YAML).
    #[arg(long, value_name = "FILE")]
    pub(super) map: Option<PathBuf>,
    /// A rule pack, whose history.yaml says what is kept; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// The store; made where there is none.
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// A key under which masked importer numbers are hashed; without, they are in no history.
    #[arg(long, value_name = "FILE")]
    pub(super) id_key: Option<PathBuf>,
    /// Worker threads; without: one per core.
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// Most rows that may be set aside: a number, or a share such as 1% (then at least 100).
    #[arg(long, value_name = "N|P%", default_value = "1%")]
    pub(super) max_bad_rows: String,
    /// No messages.
    #[arg(long)]
    pub(super) quiet: bool,
    /// The account of the new segment as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Outcomes are the field `outcome` of the data (a mapping can set it), or a file of labels.\n\nExamples:\n  ch24 backtest lemis.csv --map sample-data/lemis.map.yaml\n  ch24 backtest 2026-10.parquet --labels exams.csv --capacity 500 --out backtest"
)]
pub(super) struct BacktestArgs {
    /// Files, directories or globs, as for `score`.
    #[arg(required = true, value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// How source columns become fields (YAML).
    #[arg(long, value_name = "FILE")]
    pub(super) map: Option<PathBuf>,
    /// A rule pack; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// The store of past lines; without: the lines' own earlier ones are the history.
    #[arg(long, value_name = "DIR")]
    pub(super) history: Option<PathBuf>,
    /// Outcomes (CSV): `line_id` or `shipment_key`, `outcome` (bad, ok), `outcome_theme`; in place of those of the data.
    #[arg(long, value_name = "FILE")]
    pub(super) labels: Option<PathBuf>,
    /// Shipments that can be looked at; without: a twentieth of them.
    #[arg(long, value_name = "N")]
    pub(super) capacity: Option<u64>,
    /// Worker threads; without: one per core.
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// As one JSON object.
    #[arg(long)]
    pub(super) json: bool,
    /// Also write backtest.json there; the directory must not exist.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

#[cfg(feature = "tables")]
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ch24 entities ch24-out --role importer --theme timber\n  ch24 entities ch24-out --candidates --top 50 --json\n  ch24 entities ch24-out 'PESCADOS DEL GOLFO SA DE CV'"
)]
pub(super) struct EntitiesArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR")]
    pub(super) run: PathBuf,
    /// One entity, by key or name: also what it called itself over time, and who stands on the same lines.
    #[arg(value_name = "ENTITY")]
    pub(super) entity: Option<String>,
    /// Of this role only: importer, `importer_account`, consignee, shipper, manufacturer, seller, `harvest_vessel`, filer, carrier, `notify_party`.
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// By the score of this theme: timber, wildlife, iuu.
    #[arg(long, value_name = "THEME")]
    pub(super) theme: Option<String>,
    /// Candidates for verification only.
    #[arg(long)]
    pub(super) candidates: bool,
    /// The first so many; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) top: usize,
    /// As JSON.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) past: PastArgs,
}

/// Where a past run finds what it read.
#[cfg(feature = "tables")]
#[derive(Debug, clap::Args)]
pub(super) struct PastArgs {
    /// The key under which the run masked importer numbers, where it had one.
    #[arg(long, value_name = "FILE")]
    pub(super) id_key: Option<PathBuf>,
    /// The rule pack of the run, where it was moved.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// The inputs of the run, where they were moved.
    #[arg(long, value_name = "INPUT")]
    pub(super) input: Vec<String>,
    /// The mapping of the run, where it was moved.
    #[arg(long, value_name = "FILE")]
    pub(super) map: Option<PathBuf>,
    /// The history store of the run, where it was moved.
    #[arg(long, value_name = "DIR")]
    pub(super) history: Option<PathBuf>,
}

#[cfg(feature = "tables")]
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ch24 dossier ch24-out 'PESCADOS DEL GOLFO SA DE CV'\n  ch24 dossier ch24-out --all\n  ch24 dossier ch24-out 'PESCADOS DEL GOLFO SA DE CV' --approve 'J. Doe'\n  ch24 dossier ch24-out 'PESCADOS DEL GOLFO SA DE CV' --set-status ustr-request --by 'J. Doe' --on 2026-10-06"
)]
pub(super) struct DossierArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR", required_unless_present = "schema")]
    pub(super) run: Option<PathBuf>,
    /// The entity: its key or name in the table of entities.
    #[arg(value_name = "ENTITY", conflicts_with = "all")]
    pub(super) entity: Option<String>,
    /// The role of the entity, where it has several.
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// Every candidate, the highest score first.
    #[arg(long)]
    pub(super) all: bool,
    /// With --all: the first so many candidates.
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(super) top: usize,
    /// Shipments in a dossier, the worst first.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(super) shipments: usize,
    /// Where the dossiers go; without: `dossiers` in the run.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Approve the releasable edition as it is, by this name.
    #[arg(long, value_name = "NAME", requires = "entity")]
    pub(super) approve: Option<String>,
    /// Note a step: comment, iecme-review, ustr-request, reply, additional-steps, closed.
    #[arg(long, value_name = "STATUS", requires = "entity")]
    pub(super) set_status: Option<String>,
    /// A note to the step.
    #[arg(long, value_name = "TEXT", requires = "set_status")]
    pub(super) note: Option<String>,
    /// Who noted the step.
    #[arg(long, value_name = "NAME", requires = "set_status")]
    pub(super) by: Option<String>,
    /// The day of the step or approval; without: today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) on: Option<String>,
    #[command(flatten)]
    pub(super) past: PastArgs,
    /// Print the JSON Schema of both editions.
    #[arg(long, exclusive = true)]
    pub(super) schema: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct OutcomesArgs {
    #[command(subcommand)]
    pub(super) command: OutcomesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum OutcomesCommand {
    /// Add a file of outcomes to a store of labels; rows that do not fit become issues.
    #[command(
        after_help = "Columns: outcome (bad, ok), outcome_date, one of line_id, shipment_key, referral_id; also outcome_basis, outcome_theme,\noutcome_kind, outcome_scope.\n\nExample:\n  ch24 outcomes import exams.csv --run ch24-out -o outcomes"
    )]
    Import {
        /// The outcomes: CSV with a header, or NDJSON.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The run that they speak of; without: referral ids cannot be resolved, and no key is checked.
        #[arg(long, value_name = "RUN_DIR")]
        run: Option<PathBuf>,
        /// The store: a directory with labels.csv and issues.csv.
        #[arg(short = 'o', long = "out", value_name = "STORE")]
        out: PathBuf,
        /// The counts as one JSON object.
        #[arg(long)]
        json: bool,
    },
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
    /// Compare two packs: what changed, and what it does to data.
    Diff(RulesDiffArgs),
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
#[command(
    after_help = "Exit 1 when a limit is exceeded.\n\nExamples:\n  ch24 rules diff shipped my-rules\n  ch24 rules diff main/rules rules --data week.parquet --labels exams.csv --max-new-red 50 --max-lost 0"
)]
pub(super) struct RulesDiffArgs {
    /// The pack as it was: a directory, or `shipped`.
    #[arg(value_name = "A")]
    pub(super) before: PathBuf,
    /// The pack as it is to be.
    #[arg(value_name = "B")]
    pub(super) after: PathBuf,
    /// Rows on which both are run.
    #[arg(long, value_name = "INPUT")]
    pub(super) data: Vec<String>,
    /// How columns of the data become fields (YAML).
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(super) map: Option<PathBuf>,
    /// Outcomes (CSV), as for `backtest`.
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(super) labels: Option<PathBuf>,
    /// Fail when more shipments than this turn red.
    #[arg(long, value_name = "N")]
    pub(super) max_new_red: Option<u64>,
    /// Fail when more shipments than this turn green.
    #[arg(long, value_name = "N")]
    pub(super) max_lost: Option<u64>,
    /// As one JSON object.
    #[arg(long)]
    pub(super) json: bool,
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
