//! Tuning, as it is typed.

use super::LabeledArgs;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::TUNE)]
pub(in crate::cli) struct TuneArgs {
    #[command(flatten)]
    pub(in crate::cli) data: LabeledArgs,
    /// The first day of validation; without: the day before which seven of ten bad shipments lie.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) split: Option<String>,
    /// The seed of resamples.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    /// A rule that stays as it is, by id or name; may be given again.
    #[arg(long, value_name = "RULE")]
    pub(in crate::cli) pin: Vec<String>,
    /// Line ids or shipment keys, one a line, that stay in capacity where they are in it before.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) protect: Option<PathBuf>,
    /// Mine no new conditions.
    #[arg(long)]
    pub(in crate::cli) no_mining: bool,
    /// Where the new pack goes; the directory must not exist.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    /// The proposal as one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}
