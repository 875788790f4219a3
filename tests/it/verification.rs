//! From a run to a verification request: entities, dossiers, approvals, and the notes beside the run.

use crate::end_to_end::Run;
use ch24::dossier::releasable::State;
use ch24::dossier::status::{APPROVED, Event, events, note, state};
use ch24::dossier::{Internal, Releasable, collect, dossier_id, internal, releasable};
use ch24::entity::Role;
use ch24::past::journal::journal_of;
use ch24::past::{Listed, Wanted, listed, look_up, ordered};
use ch24::report::{dossier_page, release_page};
use ch24::schema::field;
use ch24::trace::run::{Moved, PastRun};
use ch24::write::Format;
use std::fs;
use std::path::{Path, PathBuf};

/// Scores the sample, or a manifest of one's own.
pub(crate) fn scored(directory: &Path, manifest: Option<&str>, format: Format) -> PathBuf {
    let out = directory.join("out");
    let mut run = Run {
        format,
        ..Run::of("manifest.csv")
    };
    if let Some(manifest) = manifest {
        let input = directory.join("lines.csv");
        fs::write(&input, manifest).unwrap();
        run.inputs = vec![input];
    }
    run.write_to(&out);
    out
}

pub(crate) fn candidates(run: &Path) -> Vec<Listed> {
    let wanted = Wanted {
        candidates: true,
        ..Wanted::default()
    };
    listed(run, wanted).unwrap()
}

pub(crate) fn dossiers(
    run: &Path,
    entities: Vec<Listed>,
    most: usize,
) -> Vec<(Internal, Releasable)> {
    let past = PastRun::open(run, &Moved::default(), &std::env::temp_dir()).unwrap();
    let noted = events(run).unwrap();
    let (collected, masks) = collect(&past, entities, most).unwrap();
    let made = collected.into_iter().map(|collected| {
        let id = dossier_id(&collected.entity);
        let own = noted.iter().filter(|event| event.dossier == id).cloned();
        let internal = internal(&past, collected, &masks, own.collect());
        let mut edition = releasable(&internal);
        edition.state = state(&internal.id, &edition, &noted);
        (internal, edition)
    });
    made.collect()
}

#[test]
fn every_candidate_has_the_shipments_that_the_run_counted() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path(), None, Format::Csv);
    let entities = candidates(&run);
    assert!(entities.len() > 50, "{}", entities.len());
    for (internal, _) in dossiers(&run, entities, 1_000) {
        let id = &internal.id;
        assert_eq!(
            internal.shipments.len() as u64,
            u64::from(internal.entity.cva_shipments),
            "{id}"
        );
        assert_eq!(internal.shipments_left_out, 0, "{id}");
        assert!(
            !internal.questions.is_empty() && !internal.documents_asked.is_empty(),
            "{id}"
        );
        for line in internal
            .shipments
            .iter()
            .flat_map(|shipment| &shipment.lines)
        {
            assert!(
                line.hits.iter().any(|hit| hit.asks_mexico),
                "{id} {}",
                line.line_id
            );
            assert!(
                line.hits.iter().all(|hit| !hit.facts.is_empty()),
                "{id} {}",
                line.line_id
            );
            let mexico = [
                field::COUNTRY_OF_ORIGIN,
                field::COUNTRY_OF_EXPORT,
                field::COUNTRY_OF_HARVEST,
            ];
            assert!(
                mexico.iter().any(|id| line.value(*id) == Some("MX")),
                "{id}"
            );
        }
    }
}

#[test]
fn the_releasable_edition_holds_no_score_rule_or_importer_number() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path(), None, Format::Csv);
    for (internal, edition) in dossiers(&run, candidates(&run), 1_000) {
        let texts = [
            serde_json::to_string(&edition).unwrap(),
            release_page(&edition),
        ];
        for line in internal
            .shipments
            .iter()
            .flat_map(|shipment| &shipment.lines)
        {
            let mut secret = vec![
                field::IMPORTER_OF_RECORD_NUMBER,
                field::CONSIGNEE_NUMBER,
                field::ENTRY_NUMBER,
            ];
            // A maker without a name is found by its code.
            if edition.subject.found_by.is_empty() {
                secret.push(field::MANUFACTURER_ID);
            }
            let secrets = secret.iter().filter_map(|id| line.value(*id));
            let own = [line.record_id.as_str(), &line.source_ref, &internal.id];
            for secret in secrets.chain(own) {
                for text in &texts {
                    assert!(!text.contains(secret), "{}: {secret}", internal.id);
                }
            }
        }
        for rule in &internal.rules {
            for text in &texts {
                assert!(!text.contains(&format!("\"{}\"", rule.id)), "{}", rule.id);
                assert!(!text.contains(&rule.title), "{}", rule.title);
            }
        }
        assert!(texts[1].contains("DRAFT"), "{}", internal.id);
        assert!(
            !texts[1].to_lowercase().contains("score"),
            "{}",
            internal.id
        );
    }
}

#[test]
fn an_approval_holds_for_what_was_approved() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path(), None, Format::Csv);
    let one = || vec![candidates(&run).remove(0)];
    let (internal, draft) = dossiers(&run, one(), 1_000).remove(0);
    assert_eq!(draft.state, State::Draft);
    let event = Event {
        dossier: dossier_id(&one()[0]),
        status: APPROVED.to_owned(),
        on: "2026-10-07".to_owned(),
        by: Some("J. Doe".to_owned()),
        note: None,
        blake3: Some(draft.hash()),
    };
    let blank = Event {
        by: Some("  ".to_owned()),
        ..event.clone()
    };
    assert_eq!(
        state(&internal.id, &draft, &[blank]),
        State::Draft,
        "a blank is nobody's name"
    );
    note(&run, &event).unwrap();
    let (internal, approved) = dossiers(&run, one(), 1_000).remove(0);
    assert!(matches!(&approved.state, State::Approved { by, .. } if by == "J. Doe"));
    assert_eq!(approved.hash(), draft.hash());
    assert!(!release_page(&approved).contains("DRAFT"));
    assert_eq!(internal.status, [event]);
    // Another content is a draft again.
    let mut other = approved;
    other.questions.push("And what else?".to_owned());
    let noted = events(&run).unwrap();
    assert_eq!(state(&internal.id, &other, &noted), State::Draft);
}

#[test]
fn notes_are_only_added_and_outlive_the_run() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path(), None, Format::Csv);
    let event = |status: &str, text: &str| Event {
        dossier: "seller-0123456789ab".to_owned(),
        status: status.to_owned(),
        on: "2026-10-07".to_owned(),
        by: None,
        note: Some(text.to_owned()),
        blake3: None,
    };
    note(&run, &event("comment", "first \"line\"\nsecond line")).unwrap();
    let path = journal_of(&run, "verification").unwrap();
    let before = fs::read_to_string(&path).unwrap();
    note(&run, &event("closed", "")).unwrap();
    let after = fs::read_to_string(&path).unwrap();
    assert!(
        after.starts_with(&before) && after.lines().count() == 2,
        "{after}"
    );
    fs::remove_dir_all(&run).unwrap();
    fs::create_dir(&run).unwrap();
    let noted = events(&run).unwrap();
    assert_eq!(
        noted[0].note.as_deref(),
        Some("first \"line\"\nsecond line")
    );
    assert_eq!(noted[1].status, "closed");
}

#[test]
fn a_dossier_keeps_the_worst_shipments_and_counts_the_others() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path(), None, Format::Csv);
    let mut entities = candidates(&run);
    entities.retain(|entity| entity.cva_shipments >= 3);
    let all = dossiers(&run, entities.clone(), 1_000);
    let few = dossiers(&run, entities, 2);
    for ((all, _), (few, _)) in all.iter().zip(&few) {
        assert_eq!(few.shipments.len(), 2);
        assert_eq!(
            few.shipments_left_out + few.shipments.len() as u64,
            all.shipments.len() as u64
        );
        let rank = |lane: &str| {
            ["green", "yellow", "red"]
                .iter()
                .position(|known| *known == lane)
        };
        let worst = |dossier: &Internal| {
            dossier
                .shipments
                .iter()
                .map(|shipment| rank(shipment.lane))
                .max()
        };
        assert_eq!(worst(few), worst(all));
    }
}

#[test]
fn a_number_that_can_be_a_persons_is_nowhere() {
    let directory = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (1..=3)
        .map(|row| {
            format!(
                "AAA0000000{row},1,123-45-6789,J DOE,PESQUERA MUESTRA,0307830000,ABALONE FROZEN,MX,MX,2026-03-0{row},2026-03-0{row},not_filed,Haliotis,sp.,=CMD()\n"
            )
        })
        .collect();
    let manifest = format!(
        "entry_number,entry_line_number,importer_of_record_number,importer_name,shipper_name,hts_number,goods_description,country_of_origin,country_of_harvest,legal_date,date_of_import,simp_status,scientific_genus,scientific_species,seller_name\n{}",
        rows.concat()
    );
    let run = scored(directory.path(), Some(&manifest), Format::Csv);
    let wanted = Wanted {
        role: Some(Role::Importer),
        ..Wanted::default()
    };
    let importer = listed(&run, wanted).unwrap().remove(0);
    assert!(importer.key.starts_with("E-"), "{}", importer.key);
    let found = look_up(&run, &importer.key, None).unwrap();
    let (internal, edition) = dossiers(&run, vec![found[0].clone()], 10).remove(0);
    assert_eq!(internal.shipments.len(), 3);
    let pages = [
        serde_json::to_string(&internal).unwrap(),
        serde_json::to_string(&edition).unwrap(),
        dossier_page(&internal),
        release_page(&edition),
    ];
    let mut files: Vec<String> = fs::read_dir(run.join("referrals"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert!(
        files.iter().any(|file| file.contains("'=CMD()")),
        "a formula is harmless"
    );
    files.extend(pages);
    files.push(fs::read_to_string(run.join("entities.csv")).unwrap());
    for text in &files {
        assert!(!text.contains("123-45-6789") && !text.contains("123456789"));
        assert!(!text.contains("E-#"), "a mask of memory");
    }
}

#[test]
fn every_format_lists_the_same_entities() {
    let lists: Vec<Vec<Listed>> = [Format::Csv, Format::Ndjson, Format::Parquet, Format::Arrow]
        .into_iter()
        .map(|format| {
            let directory = tempfile::tempdir().unwrap();
            let mut found =
                listed(&scored(directory.path(), None, format), Wanted::default()).unwrap();
            ordered(&mut found, None);
            found
        })
        .collect();
    assert!(lists[0].len() > 100);
    assert!(lists.iter().all(|list| *list == lists[0]));
}

#[test]
fn an_unknown_name_is_met_with_those_that_are_near() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path(), None, Format::Csv);
    let message = |name: &str| look_up(&run, name, None).unwrap_err().to_string();
    assert!(message("baja marina").contains("`COMERCIALIZADORA SAMPLE BAJA MARINA`"));
    assert!(message("Comercializadora Sampel Baja Marina").contains("SAMPLE BAJA MARINA"));
    assert!(!message("qqqqqqq").contains("did you mean"));
    let found = look_up(
        &run,
        "comercializadora sample baja-marina",
        Some(Role::Seller),
    )
    .unwrap();
    assert_eq!(found.len(), 1);
}

#[test]
fn inspections_are_counted_by_shipment_and_named_in_the_dossier() {
    let directory = tempfile::tempdir().unwrap();
    let row = |entry: u32, line: u32, outcome: &str, day: &str| {
        format!(
            "AAA0000000{entry},{line},99-0000001AA,ACME,PESQUERA MUESTRA,0307830000,MX,2026-03-0{entry},not_filed,{outcome},{day}\n"
        )
    };
    let rows = [
        row(1, 1, "ok", "2026-03-05"),
        row(1, 2, "bad", "2026-03-05"),
        row(2, 1, "ok", "2026-03-06"),
        row(2, 2, "ok", "2026-03-06"),
        row(3, 1, "", ""),
        // Nobody says since when.
        row(4, 1, "bad", ""),
    ];
    let header = "entry_number,entry_line_number,importer_of_record_number,importer_name,shipper_name,hts_number,country_of_origin,legal_date,simp_status,outcome,outcome_date\n";
    let run = scored(
        directory.path(),
        Some(&(header.to_owned() + &rows.concat())),
        Format::Csv,
    );
    let shipper = look_up(&run, "Pesquera Muestra", Some(Role::Shipper))
        .unwrap()
        .remove(0);
    assert_eq!((shipper.n_outcome_bad, shipper.n_outcome_ok), (1, 1));
    let (internal, _) = dossiers(&run, vec![shipper], 10).remove(0);
    assert_eq!(internal.outcomes.len(), 5);
    let page = dossier_page(&internal);
    for text in [
        "Inspected before: found wrong (2026-03-05), line AAA00000001-2; in order (2026-03-05), line AAA00000001-1.",
        "Inspected before: in order (2026-03-06), line AAA00000002-1, AAA00000002-2.",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("2026 03 05"));
    let looked_at = |shipment: &&internal::Shipment| !shipment.outcomes.is_empty();
    assert_eq!(internal.shipments.iter().filter(looked_at).count(), 3);
}
