//! What can be typed.

mod examples;
mod labeled;
mod parties;
mod past;
mod rules;
mod run;
mod tune;
mod typed;

pub(in crate::cli) use labeled::LabeledArgs;
pub(in crate::cli) use parties::{NetworkArgs, PartyArgs, ResolveArgs};
pub(in crate::cli) use past::{
    DecideArgs, EstimateArgs, OutcomesArgs, OutcomesCommand, PastArgs, ReplayArgs, VerifyArgs,
};
#[cfg(feature = "tables")]
pub(in crate::cli) use past::{DossierArgs, EntitiesArgs};
pub(in crate::cli) use rules::{RulesArgs, RulesCommand, RulesDiffArgs, RulesSqlArgs, SqlDialect};
pub(in crate::cli) use run::RunArgs;
pub(in crate::cli) use tune::TuneArgs;

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Scores US import lines for illegal-timber, wildlife-trafficking and IUU-fishing risk under USMCA Chapter 24.
///
/// A red flag is a reason to look, never a finding.
#[derive(Debug, Parser)]
#[command(name = "ch24", version, max_term_width = 80, after_help = examples::ALL)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    pub(in crate::cli) command: Command,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
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
    /// Note what an officer decided on a shipment, or list what was decided.
    Decide(DecideArgs),
    /// Take results of inspections and verifications back.
    Outcomes(OutcomesArgs),
    /// Tell whether any output of a run was altered.
    Verify(VerifyArgs),
    /// Run a past run again, and tell whether the same bytes come out.
    Replay(Box<ReplayArgs>),
    /// Check, list, explain and test rules.
    Rules(RulesArgs),
    /// Estimate from runs and outcomes how much is bad, how much of it is missed, and what each rule is worth.
    Estimate(EstimateArgs),
    /// Judge rules by outcomes: what they would have found, and what each of them is worth.
    Backtest(BacktestArgs),
    /// Propose better points and thresholds from labeled data: a new pack, and why.
    Tune(Box<TuneArgs>),
    /// Find out which names, addresses and numbers stand for one firm, person or vessel.
    Resolve(Box<ResolveArgs>),
    /// Link firms, persons and vessels by what their lines share: addresses, numbers, contacts, vessels, consignees.
    Network(Box<NetworkArgs>),
    /// List the fields of a manifest.
    Fields(FieldsArgs),
    /// Build a store of past lines, for features of earlier lines.
    History(HistoryArgs),
    /// Make a seeded synthetic manifest.
    Generate(GenerateArgs),
    /// Print the completions of a shell.
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual pages.
    #[command(after_help = examples::MANUAL)]
    Manual {
        /// The directory to write them in; it is made where it is missing.
        #[arg(long, value_name = "DIR", default_value = "man")]
        out: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::SCORE)]
pub(in crate::cli) struct ScoreArgs {
    #[command(flatten)]
    pub(in crate::cli) run: RunArgs,
    /// A rule pack; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
    /// Where the results go.
    #[arg(long, value_name = "DIR", default_value = "ch24-out")]
    pub(in crate::cli) out: PathBuf,
    /// Which lines and shipments are written; totals and entities always cover all.
    #[arg(long, value_enum, default_value_t = Keep::All)]
    pub(in crate::cli) keep: Keep,
    /// A store of past lines (`ch24 history build`); without: earlier lines of the inputs are the history.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) history: Option<PathBuf>,
    /// An earlier run: the shipments tell what is new, escalated, eased or changed since, and what officers decided.
    #[arg(long, value_name = "RUN_DIR")]
    pub(in crate::cli) since: Option<PathBuf>,
    /// Keep the latest version of each filing, and let the latest stage of a shipment select; without: where a row has
    /// `record_action` or there is more than one stage. `--reconcile=false` takes every row for itself.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(in crate::cli) reconcile: Option<bool>,
    /// The day to judge by; without: the latest date of law read.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) as_of: Option<String>,
    /// The secret of random draws; made where it is missing.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) salt_file: Option<PathBuf>,
    /// Where the rows go as the rules see them: not in the output; a file that exists is replaced with --force only.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) write_normalized: Option<PathBuf>,
    /// What is written besides issues.csv and run.json.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST")]
    pub(in crate::cli) outputs: Option<Vec<OutputName>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TableFormat {
    Parquet,
    Csv,
    Arrow,
    Ndjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Keep {
    /// All of them.
    All,
    /// Those whose lane is not green.
    Flagged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OutputName {
    Lines,
    Shipments,
    Entities,
    Report,
    Referrals,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::EXPLAIN)]
pub(in crate::cli) struct ExplainArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR")]
    pub(in crate::cli) run: PathBuf,
    /// The line: a `record_id`, `source_ref` or `line_id` of the lines.
    #[arg(value_name = "LINE")]
    pub(in crate::cli) line: String,
    /// Show every part of this rule's condition, true, false or unknown.
    #[arg(long, value_name = "RULE")]
    pub(in crate::cli) why_not: Option<String>,
    /// List the rules that were one condition short.
    #[arg(long)]
    pub(in crate::cli) near: bool,
    /// The rule pack of the run, where it was moved.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
    /// The inputs of the run, where they were moved.
    #[arg(long, value_name = "INPUT")]
    pub(in crate::cli) input: Vec<String>,
    /// The mapping of the run, where it was moved.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) map: Option<PathBuf>,
    /// The history store of the run, where it was moved.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) history: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::HISTORY)]
pub(in crate::cli) struct HistoryArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: HistoryCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum HistoryCommand {
    /// Add past lines to a store; what stands in it already is passed over.
    Build(HistoryBuildArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::HISTORY_BUILD)]
pub(in crate::cli) struct HistoryBuildArgs {
    /// Files, directories or globs; `-` is standard input.
    #[arg(required_unless_present = "outcomes", value_name = "INPUT")]
    pub(in crate::cli) inputs: Vec<String>,
    /// How source columns become fields (YAML).
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) map: Option<PathBuf>,
    /// A rule pack, whose history.yaml says what is kept; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
    /// What inspections found: a store of `ch24 outcomes import`, or a file as it takes it. Labels are joined with these
    /// lines and with all that the store has or gets, and count from the day after they were known.
    #[arg(long, value_name = "DIR|FILE")]
    pub(in crate::cli) outcomes: Option<PathBuf>,
    /// The store; made where there is none.
    #[arg(short, long, value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    /// A key under which masked importer numbers are hashed; without, they are in no history.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) id_key: Option<PathBuf>,
    /// Worker threads, 256 at most; without: one per core.
    #[arg(long, value_name = "N", value_parser = typed::threads)]
    pub(in crate::cli) threads: Option<usize>,
    /// Most rows that may be set aside: a number, or a share such as 1% (then at least 100).
    #[arg(long, value_name = "N|P%", default_value = "1%")]
    pub(in crate::cli) max_bad_rows: String,
    /// No messages.
    #[arg(long)]
    pub(in crate::cli) quiet: bool,
    /// The account of the new segment as one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::BACKTEST)]
pub(in crate::cli) struct BacktestArgs {
    #[command(flatten)]
    pub(in crate::cli) data: LabeledArgs,
    /// Also measure what each rule costs to evaluate, by processor time: no two runs tell the same.
    #[arg(long)]
    pub(in crate::cli) cost: bool,
    /// As one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// Also write backtest.json and a page to read, backtest.html, there; the directory must not exist.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::FIELDS)]
pub(in crate::cli) struct FieldsArgs {
    /// As JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::GENERATE)]
pub(in crate::cli) struct GenerateArgs {
    /// Rows: declared lines times their species components.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) rows: u64,
    /// The same seed and number of rows give the same bytes.
    #[arg(long, value_name = "S")]
    pub(in crate::cli) seed: u64,
    /// The file: .csv, or Parquet.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: PathBuf,
    /// Add outcome columns, and the truth about planted lines in FILE.labels.csv.
    #[arg(long)]
    pub(in crate::cli) labels: bool,
    /// Replace the file where it exists.
    #[arg(long)]
    pub(in crate::cli) force: bool,
}
