//! What commands share that read manifests and write a directory.

use super::TableFormat;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that is typed"
)]
pub(in crate::cli) struct RunArgs {
    /// Files, directories or globs; `-` is standard input. CSV, Parquet, Arrow IPC or NDJSON, also .gz and .zst.
    #[arg(required = true, value_name = "INPUT")]
    pub(in crate::cli) inputs: Vec<String>,
    /// How source columns become fields (YAML); without: by names and known aliases.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) map: Option<PathBuf>,
    /// Format of the tables.
    #[arg(long, value_enum, default_value_t = TableFormat::Parquet)]
    pub(in crate::cli) format: TableFormat,
    /// Worker threads, 256 at most; without: one per core.
    #[arg(long, value_name = "N", value_parser = super::typed::threads)]
    pub(in crate::cli) threads: Option<usize>,
    /// Most rows that may be set aside: a number, or a share such as 1% (then at least 100).
    #[arg(long, value_name = "N|P%", default_value = "1%")]
    pub(in crate::cli) max_bad_rows: String,
    /// A key under which masked importer numbers are hashed, for joins across runs.
    #[arg(long, value_name = "FILE", conflicts_with = "show_ids")]
    pub(in crate::cli) id_key: Option<PathBuf>,
    /// Show importer numbers that look like Social Security numbers; run.json records it.
    #[arg(long)]
    pub(in crate::cli) show_ids: bool,
    /// Replace an earlier output of this program.
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// No messages and no summary.
    #[arg(long)]
    pub(in crate::cli) quiet: bool,
    /// The summary as one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}
