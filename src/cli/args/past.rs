//! Commands on what a run left behind, as they are typed.

use clap::Subcommand;
use std::path::PathBuf;

#[cfg(feature = "tables")]
#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::ENTITIES)]
pub(in crate::cli) struct EntitiesArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR")]
    pub(in crate::cli) run: PathBuf,
    /// One entity, by key or name: also what it called itself over time, and who stands on the same lines.
    #[arg(value_name = "ENTITY")]
    pub(in crate::cli) entity: Option<String>,
    /// Of this role only: importer, `importer_account`, consignee, shipper, manufacturer, seller, `harvest_vessel`, filer, carrier, `notify_party`.
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: Option<String>,
    /// By the score of this theme: timber, wildlife, iuu.
    #[arg(long, value_name = "THEME")]
    pub(in crate::cli) theme: Option<String>,
    /// Candidates for verification only.
    #[arg(long)]
    pub(in crate::cli) candidates: bool,
    /// The first so many; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(in crate::cli) top: usize,
    /// As JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) past: PastArgs,
}

/// Where a past run finds what it read.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PastArgs {
    /// The key under which the run masked importer numbers, where it had one.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) id_key: Option<PathBuf>,
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

#[cfg(feature = "tables")]
#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::DOSSIER)]
pub(in crate::cli) struct DossierArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR", required_unless_present = "schema")]
    pub(in crate::cli) run: Option<PathBuf>,
    /// The entity: its key or name in the table of entities, or the name or reference of its dossier.
    #[arg(value_name = "ENTITY", conflicts_with = "all")]
    pub(in crate::cli) entity: Option<String>,
    /// The role of the entity, where it has several.
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: Option<String>,
    /// Every candidate, the highest score first.
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// With --all: the first so many candidates.
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(in crate::cli) top: usize,
    /// Shipments in a dossier, the worst first.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(in crate::cli) shipments: usize,
    /// Where the dossiers go; without: `dossiers` in the run.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Approve the releasable edition as it is, by this name.
    #[arg(long, value_name = "NAME", requires = "run", value_parser = super::typed::person)]
    pub(in crate::cli) approve: Option<String>,
    /// Note a step: comment, iecme-review, ustr-request, reply, additional-steps, closed.
    #[arg(long, value_name = "STATUS", requires = "run")]
    pub(in crate::cli) set_status: Option<String>,
    /// A note to the step.
    #[arg(long, value_name = "TEXT", requires = "set_status")]
    pub(in crate::cli) note: Option<String>,
    /// Who noted the step.
    #[arg(long, value_name = "NAME", requires = "set_status", value_parser = super::typed::person)]
    pub(in crate::cli) by: Option<String>,
    /// The day of the step or approval, not before the last one; without: today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) on: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) past: PastArgs,
    /// Print the JSON Schema of both editions.
    #[arg(long, exclusive = true)]
    pub(in crate::cli) schema: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::ESTIMATE)]
pub(in crate::cli) struct EstimateArgs {
    /// Outputs of `ch24 score`; a shipment that stands in several counts with the last, by the day the run judged by.
    #[arg(required = true, value_name = "RUN_DIR")]
    pub(in crate::cli) runs: Vec<PathBuf>,
    /// What inspections found.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) outcomes: PathBuf,
    /// Tell how many draws an interval of this half width takes: a share of the shipments drawn from, such as 0.001.
    #[arg(long, value_name = "SHARE", conflicts_with = "relative_half_width")]
    pub(in crate::cli) half_width: Option<f64>,
    /// The same as a part of the estimate: 0.5 tells 2 % as 1 % to 3 %.
    #[arg(long, value_name = "PART", default_value_t = 0.5)]
    pub(in crate::cli) relative_half_width: f64,
    /// As one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::VERIFY)]
pub(in crate::cli) struct VerifyArgs {
    /// The output of `ch24 score`, `resolve` or `network`.
    #[arg(value_name = "RUN_DIR")]
    pub(in crate::cli) run: PathBuf,
    /// As JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::REPLAY)]
pub(in crate::cli) struct ReplayArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR")]
    pub(in crate::cli) run: PathBuf,
    /// Keep the repetition there; without: it is compared and removed.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// The secret of random draws, where the run drew.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) salt_file: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) past: PastArgs,
    /// Worker threads, 256 at most; without: one per core.
    #[arg(long, value_name = "N", value_parser = super::typed::threads)]
    pub(in crate::cli) threads: Option<usize>,
    /// As JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = super::examples::OUTCOMES)]
pub(in crate::cli) struct OutcomesArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: OutcomesCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum OutcomesCommand {
    /// Add a file of outcomes to a store of labels; rows that do not fit become issues.
    #[command(after_help = super::examples::OUTCOMES_IMPORT)]
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
#[command(after_help = super::examples::DECIDE)]
pub(in crate::cli) struct DecideArgs {
    /// The output of `ch24 score`.
    #[arg(value_name = "RUN_DIR")]
    pub(in crate::cli) run: PathBuf,
    /// The key of the shipment; without: what was decided is listed.
    #[arg(value_name = "SHIPMENT", requires_all = ["decision", "reason", "by"])]
    pub(in crate::cli) shipment: Option<String>,
    /// What: release, review, examine, hold, refer.
    #[arg(long, value_name = "DECISION", requires = "shipment")]
    pub(in crate::cli) decision: Option<String>,
    /// Why: documents-in-order, documents-missing, examined-in-order, violation-found, known-false-alarm, other-agency, no-capacity, other.
    #[arg(long, value_name = "REASON", requires = "shipment")]
    pub(in crate::cli) reason: Option<String>,
    /// Who.
    #[arg(long, value_name = "NAME", requires = "shipment", value_parser = super::typed::person)]
    pub(in crate::cli) by: Option<String>,
    /// The day; without: today.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "shipment")]
    pub(in crate::cli) on: Option<String>,
    /// What else.
    #[arg(long, value_name = "TEXT", requires = "shipment")]
    pub(in crate::cli) note: Option<String>,
    /// As JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}
