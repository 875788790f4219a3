//! `dossiers/`: two editions of each dossier, as JSON and as a page, and an index.

use super::text_rows::harmless;
use crate::dossier::releasable::State;
use crate::dossier::{Internal, Releasable};
use crate::error::{Error, ErrorKind};
use crate::report::{dossier_page, release_page};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Writes the editions of a dossier; gives the pages, the internal one first.
///
/// Each file appears whole. A file of the same name is replaced: all of it can be made again.
///
/// # Errors
/// When a file cannot be written.
pub fn write_dossier(
    directory: &Path,
    internal: &Internal,
    releasable: &Releasable,
) -> Result<[PathBuf; 2], Error> {
    std::fs::create_dir_all(directory).map_err(|error| Error::io(directory, &error))?;
    let path = |name: &str, ending: &str| directory.join(format!("{name}{ending}"));
    put(&path(&internal.id, ".json"), &json(internal))?;
    // Under a name of its own: that of the dossier gives its importer number away.
    put(&path(&releasable.id, "-releasable.json"), &json(releasable))?;
    let pages = [
        path(&internal.id, ".html"),
        path(&releasable.id, "-releasable.html"),
    ];
    put(&pages[0], &dossier_page(internal))?;
    put(&pages[1], &release_page(releasable))?;
    Ok(pages)
}

fn json(edition: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(edition);
    text.expect("an edition has only plain keys and values") + "\n"
}

/// Writes `index.csv`: one line per dossier, in the order given.
///
/// # Errors
/// When it cannot be written.
pub fn write_dossier_index(
    directory: &Path,
    dossiers: &[(Internal, Releasable)],
) -> Result<(), Error> {
    let path = directory.join("index.csv");
    let failed = |error: csv::Error| Error::at(ErrorKind::Io, &path, error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "dossier",
        "reference",
        "role",
        "entity_key",
        "name",
        "score",
        "cva_shipments",
        "shipments_listed",
        "documents_asked",
        "releasable",
        "last_status",
    ];
    writer.write_record(header).map_err(failed)?;
    for (internal, releasable) in dossiers {
        let entity = &internal.entity;
        let asked = internal.documents_asked.iter();
        let asked: Vec<&str> = asked.map(|asked| asked.code.as_str()).collect();
        let last = internal.status.last().map_or("", |event| &event.status);
        let record = [
            internal.id.as_str(),
            releasable.id.as_str(),
            entity.role.as_str(),
            &harmless(&entity.key),
            &harmless(&entity.name),
            &format!("{:.1}", entity.score),
            &entity.cva_shipments.to_string(),
            &internal.shipments.len().to_string(),
            &asked.join(";"),
            match releasable.state {
                State::Draft => "draft",
                State::Approved { .. } => "approved",
            },
            last,
        ];
        writer.write_record(record).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Error::at(ErrorKind::Io, &path, error))?;
    put(&path, &String::from_utf8_lossy(&bytes))
}

/// Writes a file beside its place, and puts it there.
#[expect(
    clippy::disallowed_methods,
    reason = "dossiers are put in their place here"
)]
fn put(path: &Path, text: &str) -> Result<(), Error> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".ch24-{}", std::process::id()));
    let beside = PathBuf::from(beside);
    std::fs::write(&beside, text).map_err(|error| Error::io(&beside, &error))?;
    std::fs::rename(&beside, path).map_err(|error| Error::io(path, &error))
}
