//! Commands on parties, as they are typed.

use super::TableFormat;
use crate::cli::exit;
use std::path::PathBuf;

/// What commands over parties share.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that is typed"
)]
pub(in crate::cli) struct PartyArgs {
    /// Files, directories or globs; `-` is standard input. CSV, Parquet, Arrow IPC or NDJSON, also .gz and .zst.
    #[arg(required = true, value_name = "INPUT")]
    pub(in crate::cli) inputs: Vec<String>,
    /// How source columns become fields (YAML); without: by names and known aliases.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) map: Option<PathBuf>,
    /// Pairs that people decided on: CSV with left, right and verdict (same or `not_same`).
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) same: Option<PathBuf>,
    /// Where the results go.
    #[arg(short, long, value_name = "DIR", default_value = "ch24-parties")]
    pub(in crate::cli) out: PathBuf,
    /// Format of the tables.
    #[arg(long, value_enum, default_value_t = TableFormat::Parquet)]
    pub(in crate::cli) format: TableFormat,
    /// Worker threads; without: one per core.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) threads: Option<usize>,
    /// Most rows that may be set aside: a number, or a share such as 1% (then at least 100).
    #[arg(long, value_name = "N|P%", default_value = "1%")]
    pub(in crate::cli) max_bad_rows: String,
    /// A key under which masked importer numbers are hashed, for joins across runs.
    #[arg(long, value_name = "FILE", conflicts_with = "show_ids")]
    pub(in crate::cli) id_key: Option<PathBuf>,
    /// Replace an earlier output of this program.
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// No messages and no summary.
    #[arg(long)]
    pub(in crate::cli) quiet: bool,
    /// The summary as one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// Show importer numbers that look like Social Security numbers; run.json records it.
    #[arg(long)]
    pub(in crate::cli) show_ids: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(in crate::cli) struct ResolveArgs {
    #[command(flatten)]
    pub(in crate::cli) parties: PartyArgs,
    /// Also write the cluster of each party of each line, as `party_lines`.
    #[arg(long)]
    pub(in crate::cli) lines: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(in crate::cli) struct NetworkArgs {
    #[command(flatten)]
    pub(in crate::cli) parties: PartyArgs,
    /// Print the shortest evidence path between two parties: a cluster, a party, a number or a name each.
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub(in crate::cli) between: Option<Vec<String>>,
    /// The rules that say which lines are at risk; without: the shipped pack.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
}
