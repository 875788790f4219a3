//! `ch24 dossier`: dossiers of candidates, approvals, and what is noted of verifications.

use super::args::DossierArgs;
use super::entities::role;
use super::exit::Exit;
use super::past_run::past_run;
use super::print::{self, plain};
use super::rules::today;
use super::score::day;
use crate::dossier::status::{APPROVED, Event, STATUSES, events, last_day, note, state};
use crate::dossier::{
    Internal, Releasable, SCHEMA, WITHHELD, collect, dossier_id, internal, reference, releasable,
};
use crate::entity::Role;
use crate::error::{Error, ErrorKind};
use crate::normalize::date::format_date;
use crate::past::{Listed, Wanted, listed, look_up, ordered};
use crate::trace::run::PastRun;
use crate::write::{write_dossier, write_dossier_index};
use std::fmt::Write;
use std::path::Path;

/// Writes dossiers, or notes a step.
pub(super) fn run(args: &DossierArgs) -> Result<Exit, Error> {
    let Some(run) = args.run.as_deref().filter(|_| !args.schema) else {
        return print::json(SCHEMA).map(|()| Exit::Done);
    };
    if args.all && (args.approve.is_some() || args.set_status.is_some()) {
        let message =
            "--approve and --set-status speak of one dossier: name its entity instead of --all";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let on = args.on.as_deref();
    let on = on.map_or_else(|| Ok(today()), |text| day("--on", text))?;
    let past = past_run(run, &args.past)?;
    let (entities, n_left) = entities(run, args, &past)?;
    if args.approve.is_some() || args.set_status.is_some() {
        in_order(run, the_one(&entities)?, on)?;
    }
    if let (Some(status), [entity]) = (&args.set_status, &entities[..]) {
        note_step(run, args, entity, (status, on))?;
    }
    let mut dossiers = editions(run, args, &past, entities)?;
    if let (Some(by), Some((internal, edition))) = (&args.approve, dossiers.first()) {
        approve(run, by, (&internal.id, edition), on)?;
        let noted = events(run)?;
        for (internal, edition) in &mut dossiers {
            edition.state = state(&internal.id, edition, &noted);
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
                "{} {}: {} of {} shipments to verify\n  internal    {}\n  releasable  {}{}",
                entity.role.as_str(),
                plain(&entity.name),
                internal.shipments.len(),
                entity.cva_shipments,
                page.display(),
                release.display(),
                withheld(edition)
            )
            .expect("a string takes any text");
        }
    }
    if args.all {
        write_dossier_index(&directory, &dossiers)?;
        writeln!(
            text,
            "{} dossiers in {}, listed in index.csv; {n_left} candidates left out (--top {}){}",
            dossiers.len(),
            directory.display(),
            args.top,
            match args.role {
                Some(_) => "",
                None => ".\nAccounts of importers repeat importers: theirs are made with --role importer_account",
            }
        )
        .expect("a string takes any text");
    }
    print::out(&text).map(|()| Exit::Done)
}

/// What of the free text is withheld; nothing is said where nothing is.
fn withheld(edition: &Releasable) -> String {
    match edition.withheld.total() {
        0 => String::new(),
        total => format!(", {WITHHELD} {total} times in its free text"),
    }
}

/// The candidates that are asked for, and how many are left out.
fn entities(run: &Path, args: &DossierArgs, past: &PastRun) -> Result<(Vec<Listed>, usize), Error> {
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
    if let Some(found) = by_dossier(run, name, past)? {
        return Ok((vec![found], 0));
    }
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

/// The candidate whose dossier bears a name, or the reference under which it was released.
fn by_dossier(run: &Path, name: &str, past: &PastRun) -> Result<Option<Listed>, Error> {
    let named = |entity: &Listed| name.starts_with(entity.role.as_str());
    let candidates = Wanted {
        candidates: true,
        ..Wanted::default()
    };
    let mut found = listed(run, candidates)?.into_iter().filter(named);
    Ok(found.find(|entity| dossier_id(entity) == name || reference(past, entity) == name))
}

/// Entities that a message names.
const MOST_NAMED: usize = 8;

fn the_one(entities: &[Listed]) -> Result<&Listed, Error> {
    match entities {
        [one] => Ok(one),
        several => {
            let roles: Vec<_> = several
                .iter()
                .take(MOST_NAMED)
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

/// A step is not before what was noted last, and not of a day to come: what is noted stays.
fn in_order(run: &Path, entity: &Listed, on: i32) -> Result<(), Error> {
    let noted = events(run)?;
    let wrong = |message: String| Err(Error::new(ErrorKind::Usage, message));
    let day = format_date(on);
    if on > today() {
        return wrong(format!(
            "--on {day} is a day to come: note what was done when it is done"
        ));
    }
    match last_day(&dossier_id(entity), &noted) {
        Some(last) if day.as_str() < last => wrong(format!(
            "{day} is before {last}, the day of the last step of this dossier: give the day of this step with --on"
        )),
        _ => Ok(()),
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

fn approve(
    run: &Path,
    by: &str,
    (dossier, edition): (&str, &Releasable),
    on: i32,
) -> Result<(), Error> {
    let event = Event {
        dossier: dossier.to_owned(),
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
    past: &PastRun,
    entities: Vec<Listed>,
) -> Result<Vec<(Internal, Releasable)>, Error> {
    let noted = events(run)?;
    let (collected, masks) = collect(past, entities, args.shipments)?;
    let made = collected.into_iter().map(|collected| {
        let status = of_dossier(&noted, &dossier_id(&collected.entity));
        let internal = internal(past, collected, &masks, status);
        let mut edition = releasable(&internal);
        edition.state = state(&internal.id, &edition, &noted);
        (internal, edition)
    });
    Ok(made.collect())
}
