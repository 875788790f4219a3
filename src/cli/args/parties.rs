//! Commands on parties, as they are typed.

use super::RunArgs;
use std::path::PathBuf;

/// What commands over parties share.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PartyArgs {
    #[command(flatten)]
    pub(in crate::cli) run: RunArgs,
    /// Pairs that people decided on: CSV with left, right and verdict (same or `not_same`).
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) same: Option<PathBuf>,
    /// Where the results go.
    #[arg(short, long, value_name = "DIR", default_value = "ch24-parties")]
    pub(in crate::cli) out: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::RESOLVE)]
pub(in crate::cli) struct ResolveArgs {
    #[command(flatten)]
    pub(in crate::cli) parties: PartyArgs,
    /// Also write the cluster of each party of each line, as `party_lines`.
    #[arg(long)]
    pub(in crate::cli) lines: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::NETWORK)]
pub(in crate::cli) struct NetworkArgs {
    #[command(flatten)]
    pub(in crate::cli) parties: PartyArgs,
    /// Print the shortest evidence path between two parties: a cluster, a party, a number or a name each.
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub(in crate::cli) between: Option<Vec<String>>,
    /// Names to look for among the parties: CSV with the columns name, address, country; the first is needed.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) listed: Option<PathBuf>,
    /// The rules that say which lines are at risk; without: the shipped pack.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
}
