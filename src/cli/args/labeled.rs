//! Lines with outcomes, as `backtest` and `tune` take them.

use std::path::PathBuf;

#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct LabeledArgs {
    /// Files, directories or globs, as for `score`.
    #[arg(required = true, value_name = "INPUT")]
    pub(in crate::cli) inputs: Vec<String>,
    /// How source columns become fields (YAML).
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) map: Option<PathBuf>,
    /// A rule pack; without: the shipped one.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
    /// The store of past lines; without: the lines' own earlier ones are the history.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) history: Option<PathBuf>,
    /// Outcomes (CSV): `line_id` or `shipment_key`, `outcome` (bad, ok), `outcome_theme`; in place of those of the data.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) labels: Option<PathBuf>,
    /// Take the latest version of each filing and the latest stage of each shipment, as `score` does; without: where a row has
    /// `record_action` or there is more than one stage.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(in crate::cli) reconcile: Option<bool>,
    /// Shipments that can be looked at, of all in the data; without: a twentieth of them.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) capacity: Option<u64>,
    /// Worker threads, 256 at most; without: one per core.
    #[arg(long, value_name = "N", value_parser = super::typed::threads)]
    pub(in crate::cli) threads: Option<usize>,
}
