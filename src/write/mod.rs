//! Results -> files: all of them or none, the same bytes for the same input.
//!
//! What comes in: lines as they stream, and at the end shipments, entities and the account of the run. What goes out: a
//! directory that appears whole. This module decides nothing. Read `output.rs` for the directory, `table.rs` for the
//! formats, then one file per table.

mod cells;
mod columns;
#[cfg(feature = "tables")]
mod dossiers;
#[cfg(feature = "tables")]
mod entities;
mod flags;
mod foreign;
mod issues;
mod lines;
mod masks;
mod network;
mod new_file;
mod normalized;
mod output;
mod output_files;
mod parquet_properties;
mod referrals;
mod resolution;
mod run_json;
mod shipments;
mod table;
mod text_rows;

#[cfg(feature = "tables")]
pub use dossiers::{write_dossier, write_dossier_index};
#[cfg(feature = "tables")]
pub use entities::write_entities;
pub use flags::write_flags;
pub use issues::{Issues, write_issues};
pub use lines::{LINE_FIELDS, LineLabel, lines, lines_writer};
pub use masks::Masks;
pub use network::{path_text, write_network};
pub use new_file::NewFile;
pub use normalized::{ABSENT_FIELDS, NormalizedWriter};
pub use output::Output;
pub(crate) use output::remove_leftovers;
pub use output_files::{OutputFile, output_files};
pub use referrals::ReferralFiles;
pub use resolution::{KeptRow, write_party_lines, write_resolution};
pub use run_json::write_run_json;
pub use shipments::{Finished, mark, reason, write_shipments};
pub use table::{Format, TableWriter};
#[cfg(feature = "cli")]
pub(crate) use text_rows::controls;
pub(crate) use text_rows::{harmless, plain, unharmed};
