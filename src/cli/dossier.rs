//! `ch24 dossier`: dossiers of candidates, approvals, and what is noted of verifications.

use super::args::DossierArgs;
use super::entities::role;
use super::exit::Exit;
use super::past_run::past_run;
use super::print::{self, plain};
use super::rules::today;
use super::score::day;
use crate::dossier::status::{APPROVED, Event, STATUSES, events, note, state};
use crate::dossier::{Internal, Releasable, SCHEMA, collect, dossier_id, internal, releasable};
use crate::entity::Role;
use crate::error::{Error, ErrorKind};
use crate::normalize::date::format_date;
use crate::past::{Listed, Wanted, listed, look_up, ordered};
use crate::write::{write_dossier, write_dossier_index};
use std::fmt::Write;
use std::path::Path;

/// Writes dossiers, or notes a step.
pub(super) fn run(args: &DossierArgs) -> Result<Exit, Error> {
    let Some(run) = args.run.as_deref().filter(|_| !args.schema) else {
        return print::json(SCHEMA).map(|()| Exit::Done);
    };
    let on = args.on.as_deref().map_or_else(|| Ok(today()), day)?;
    let (entities, n_left) = entities(run, args)?;
    if let Some(status) = &args.set_status {
        let entity = the_one(&entities)?;
        note_step(run, args, entity, (status, on))?;
    } else if args.approve.is_some() {
        the_one(&entities)?;
    }
    let mut dossiers = editions(run, args, entities)?;
    if let (Some(by), Some((_, edition))) = (&args.approve, dossiers.first()) {
        approve(run, by, edition, on)?;
        let noted = events(run)?;
        for (internal, edition) in &mut dossiers {
            edition.state = state(edition, &noted);
            internal.status = of_dossier(&noted, &internal.id);
        }
    }
    let directory = args.out.clone().unwrap_or_else(|| run.join("dossiers"));
    let mut text = String::new();
    for (internal, edition) in &dossiers {
        let [page, release] = write_dossier(&directory, internal, edition)?;
        if !args.all {
            let entity = &internal.entity;
            writeln!(
                text,
                "{} {}: {} of {} shipments to verify\n  internal    {}\n  releasable  {}",
                entity.role.as_str(),
                plain(&entity.name),
                internal.shipments.len(),
                entity.cva_shipments,
                page.display(),
                release.display()
            )
            .expect("a string takes any text");
        }
    }
    if args.all {
        write_dossier_index(&directory, &dossiers)?;
        writeln!(
            text,
            "{} dossiers in {}, listed in index.csv; {n_left} candidates left out (--top {})",
            dossiers.len(),
            directory.display(),
            args.top
        )
        .expect("a string takes any text");
    }
    print::out(&text).map(|()| Exit::Done)
}

/// The candidates that are asked for, and how many are left out.
fn entities(run: &Path, args: &DossierArgs) -> Result<(Vec<Listed>, usize), Error> {
    let wanted = args.role.as_deref().map(role).transpose()?;
    let Some(name) = &args.entity else {
        if !args.all {
            let message = "name an entity, or ask for all candidates with --all";
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let mut found = listed(
            run,
            Wanted {
                role: wanted,
                theme: None,
                candidates: true,
            },
        )?;
        // Accounts repeat importers, unless they are asked for.
        found.retain(|entity| wanted.is_some() || entity.role != Role::ImporterAccount);
        ordered(&mut found, None);
        let n_left = found.len().saturating_sub(args.top);
        found.truncate(args.top);
        return Ok((found, n_left));
    };
    let mut found = look_up(run, name, wanted)?;
    let is_importer = |entity: &Listed| entity.role == Role::Importer;
    if wanted.is_none() && found.iter().any(is_importer) {
        found.retain(|entity| entity.role != Role::ImporterAccount);
    }
    found.retain(|entity| entity.cva_shipments > 0);
    if found.is_empty() {
        let message = format!(
            "`{}` is no candidate: no rule whose question documents of Mexico could settle hit a named shipment of Mexico on which it stands",
            plain(name)
        );
        return Err(Error::new(ErrorKind::Usage, message));
    }
    Ok((found, 0))
}

fn the_one(entities: &[Listed]) -> Result<&Listed, Error> {
    match entities {
        [one] => Ok(one),
        several => {
            let roles: Vec<_> = several
                .iter()
                .map(|entity| format!("{} {}", entity.role.as_str(), plain(&entity.key)))
                .collect();
            let message = format!(
                "several entities bear this name; name the key, or --role: {}",
                roles.join(", ")
            );
            Err(Error::new(ErrorKind::Usage, message))
        }
    }
}

fn note_step(
    run: &Path,
    args: &DossierArgs,
    entity: &Listed,
    (status, on): (&str, i32),
) -> Result<(), Error> {
    let status = status.to_lowercase().replace([' ', '_'], "-");
    if !STATUSES.contains(&status.as_str()) {
        let message = format!("`{status}` is not a status: {}", STATUSES.join(", "));
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let event = Event {
        dossier: dossier_id(entity),
        status,
        on: format_date(on),
        by: args.by.clone(),
        note: args.note.clone(),
        blake3: None,
    };
    note(run, &event)
}

fn approve(run: &Path, by: &str, edition: &Releasable, on: i32) -> Result<(), Error> {
    let event = Event {
        dossier: edition.id.clone(),
        status: APPROVED.to_owned(),
        on: format_date(on),
        by: Some(by.to_owned()),
        note: None,
        blake3: Some(edition.hash()),
    };
    note(run, &event)
}

fn of_dossier(events: &[Event], id: &str) -> Vec<Event> {
    let of_dossier = events.iter().filter(|event| event.dossier == id);
    of_dossier.cloned().collect()
}

/// Reads the inputs again, and makes both editions of each.
fn editions(
    run: &Path,
    args: &DossierArgs,
    entities: Vec<Listed>,
) -> Result<Vec<(Internal, Releasable)>, Error> {
    let past = past_run(run, &args.past)?;
    let noted = events(run)?;
    let (collected, masks) = collect(&past, entities, args.shipments)?;
    let made = collected.into_iter().map(|collected| {
        let status = of_dossier(&noted, &dossier_id(&collected.entity));
        let internal = internal(&past, collected, &masks, status);
        let mut edition = releasable(&internal);
        edition.state = state(&edition, &noted);
        (internal, edition)
    });
    Ok(made.collect())
}
