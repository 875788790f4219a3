//! What leaves the house: the releasable edition, its reference, who approved it.

use crate::verification::{candidates, dossiers, scored};
use ch24::dossier::WITHHELD;
use ch24::entity::Role;
use ch24::report::{dossier_page, release_page};
use ch24::write::Format;
use std::fs;
use std::path::Path;

#[test]
fn nobody_outside_can_tell_an_importer_by_its_reference() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path(), None, Format::Csv);
    let again = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let again = scored(again.path(), None, Format::Csv);
    let sample = crate::end_to_end::root().join("sample-data/manifest.csv");
    let longer = fs::read_to_string(sample).unwrap();
    let last = longer.lines().last().unwrap().to_owned();
    let other = scored(
        other.path(),
        Some(&format!("{longer}{last}\n")),
        Format::Csv,
    );
    let references = |run: &Path| -> Vec<(String, String)> {
        let made = dossiers(run, candidates(run), 1);
        made.into_iter()
            .map(|(internal, edition)| (internal.id, edition.id))
            .collect()
    };
    let (own, same, changed) = (references(&run), references(&again), references(&other));
    assert_eq!(own, same, "the same inputs give the same references");
    for (dossier, reference) in &own {
        assert_ne!(dossier, reference);
        let mut elsewhere = changed.iter().filter(|(known, _)| known == dossier);
        assert!(
            elsewhere.all(|(_, known)| known != reference),
            "{reference}"
        );
    }
    // The account of an earlier version names no hashes: then all of it is the key.
    let account = run.join("run.json");
    let text = fs::read_to_string(&account).unwrap();
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    old["inputs"][0]["blake3"] = serde_json::Value::Null;
    fs::write(&account, old.to_string()).unwrap();
    let old = references(&run);
    assert_eq!(old, references(&run));
    assert!(old.iter().zip(&own).all(|(old, own)| old.1 != own.1));
}

/// Lines of animal skins, or other goods, of one maker.
const MAKER: &str = "entry_number,entry_line_number,importer_of_record_number,importer_name,shipper_name,manufacturer_id,manufacturer_address,hts_number,goods_description,country_of_origin,country_of_export,country_of_harvest,legal_date,us_port_of_entry,fws3177_status,scientific_genus,scientific_species,cites_permit_foreign,cites_permit_us\n";

#[test]
fn what_importers_wrote_into_free_text_is_withheld_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    let line = "AF300033368,1,123-45-6789,J DOE,PIELES MUESTRA TEL 664-123-4567,MXPIEMUE12LEO,1 CALLE LEON,4103200000,CROCODILE SKINS 21/25 USD 57157 IOR 123-45-6789 EIN 99-0000006 ENTRY AF300033368 J@DOE.MX 409 PCS,MX,MX,MX,2026-03-01,2305,disclaimed,Crocodylus,moreletii,,\n";
    let run = scored(
        directory.path(),
        Some(&format!("{MAKER}{line}")),
        Format::Csv,
    );
    let shipper = candidates(&run)
        .into_iter()
        .find(|entity| entity.role == Role::Shipper);
    let (internal, edition) = dossiers(&run, vec![shipper.unwrap()], 10).remove(0);
    let texts = [
        serde_json::to_string(&edition).unwrap(),
        release_page(&edition),
    ];
    for text in &texts {
        for secret in [
            "57157",
            "6789",
            "99-0000006",
            "AF300033368",
            "DOE.MX",
            "4567",
        ] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert!(text.contains("CROCODILE SKINS 21/25 [withheld]"), "{text}");
        assert!(text.contains("[withheld] 409 PCS"), "{text}");
        assert!(text.contains("PIELES MUESTRA [withheld]"), "{text}");
    }
    assert!(texts[1].contains(&format!("{WITHHELD} stands for 6 pieces")));
    let withheld = internal.withheld;
    assert_eq!(withheld, edition.withheld);
    let counts = [
        withheld.personal_numbers,
        withheld.entry_numbers,
        withheld.amounts,
        withheld.contacts,
    ];
    assert_eq!(counts, [2, 1, 1, 2]);
    assert!(dossier_page(&internal).contains("2 importer or personal numbers, 1 entry number"));
    // A number that can be a person's is in no output, free text included.
    for entry in fs::read_dir(run.join("referrals")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(
            !text.contains("123-45-6789") && text.contains("###-##-####"),
            "{text}"
        );
    }
    let lines = fs::read_to_string(run.join("lines.csv")).unwrap();
    assert!(!lines.contains("123-45-6789"), "{lines}");
}

#[test]
fn specimens_of_other_countries_are_asked_about_with_what_mexico_wrote_of_them() {
    let directory = tempfile::tempdir().unwrap();
    let line = |entry: u32, harvest: &str| {
        format!(
            "AAA0000000{entry},1,99-0000001AA,ACME,PIELES MUESTRA,MXPIEMUE12LEO,1 CALLE LEON,4103200000,CROCODILE SKINS,MX,MX,{harvest},2026-03-01,230{entry},disclaimed,Crocodylus,moreletii,,\n"
        )
    };
    let manifest = [MAKER.to_owned(), line(4, "MX"), line(5, "GT")].concat();
    let run = scored(directory.path(), Some(&manifest), Format::Csv);
    let maker = candidates(&run)
        .into_iter()
        .find(|entity| entity.role == Role::Manufacturer);
    let (internal, edition) = dossiers(&run, vec![maker.unwrap()], 10).remove(0);
    let asked = |shipment: &str, code: &str| {
        let mut asked = internal.documents_asked.iter();
        asked.any(|asked| asked.code == code && asked.shipments.iter().any(|key| key == shipment))
    };
    assert!(asked("AAA00000004", "semarnat-cites-permit"));
    assert!(!asked("AAA00000004", "cites-reexport-certificate"));
    assert!(asked("AAA00000005", "cites-reexport-certificate"));
    assert!(asked("AAA00000005", "pedimento"));
    assert!(!asked("AAA00000005", "semarnat-cites-permit"));
    assert!(!asked("AAA00000005", "uma-registration"));
    let page = release_page(&edition);
    // The maker has no name, and ports have names where a list of the pack has them.
    for text in [
        "2 shipments with one manufacturer: Manufacturer ID MXPIEMUE12LEO, Manufacturer address 1 CALLE LEON.",
        "CITES re-export certificate",
        "LAREDO, TEXAS (CBP Schedule D 2304)",
        "code 2305 (CBP Schedule D)",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[cfg(feature = "cli")]
mod typed {
    use crate::verification::{candidates, scored};
    use ch24::entity::Role;
    use ch24::trace::run::{Moved, PastRun};
    use ch24::write::Format;
    use std::path::Path;
    use std::process::{Command, Output};

    fn ch24(arguments: &[&str]) -> Output {
        let program = Command::new(env!("CARGO_BIN_EXE_ch24"))
            .args(arguments)
            .output();
        program.unwrap()
    }

    fn dossier(run: &Path, arguments: &[&str]) -> (i32, String) {
        let run = run.to_str().unwrap();
        let output = ch24(&[&["dossier", run], arguments].concat());
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        (output.status.code().unwrap(), words.join(" "))
    }

    #[test]
    fn steps_are_noted_by_name_and_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let run = scored(directory.path(), None, Format::Csv);
        let mut entities = candidates(&run);
        entities.retain(|entity| entity.role == Role::Shipper);
        let id = ch24::dossier::dossier_id(&entities[0]);
        let noted = |arguments: &[&str]| dossier(&run, &[&[id.as_str()], arguments].concat());
        for name in ["", "   ", "-"] {
            let (code, text) = noted(&["--approve", name]);
            assert!(
                code == 2 && text.contains("write the name of the person"),
                "{text}"
            );
            let (code, text) = noted(&["--set-status", "reply", "--by", name]);
            assert!(
                code == 2 && text.contains("write the name of the person"),
                "{text}"
            );
        }
        let (code, text) = noted(&[
            "--set-status",
            "reply",
            "--on",
            "2026-10-07",
            "--by",
            " J. Doe ",
        ]);
        assert_eq!(code, 0, "{text}");
        let (code, text) = noted(&["--set-status", "closed", "--on", "2020-01-01"]);
        assert!(
            code == 2 && text.contains("2020-01-01 is before 2026-10-07"),
            "{text}"
        );
        let (code, text) = noted(&["--approve", "J. Doe", "--on", "2026-10-06"]);
        assert!(
            code == 2 && text.contains("2026-10-06 is before 2026-10-07"),
            "{text}"
        );
        let (code, text) = noted(&["--set-status", "closed", "--on", "2099-01-01"]);
        assert!(code == 2 && text.contains("a day to come"), "{text}");
        let (code, text) = noted(&["--set-status", "closed", "--on", "soon"]);
        assert!(
            code == 2 && text.contains("--on `soon` is not a date"),
            "{text}"
        );
        let (code, text) = dossier(&run, &["--all", "--approve", "J. Doe"]);
        assert!(
            code == 2 && text.contains("name its entity instead of --all"),
            "{text}"
        );
        let journal = ch24::dossier::status::events(&run).unwrap();
        assert_eq!(journal.len(), 1);
        assert_eq!(journal[0].by.as_deref(), Some("J. Doe"));
        // A reply comes back under the reference that was released.
        let past = PastRun::open(&run, &Moved::default(), directory.path());
        let reference = ch24::dossier::reference(&past.unwrap(), &entities[0]);
        let (code, text) = dossier(&run, &[&reference, "--set-status", "closed"]);
        assert_eq!(code, 0, "{text}");
        let journal = ch24::dossier::status::events(&run).unwrap();
        assert_eq!(journal[1].dossier, id);
        assert!(
            run.join(format!("dossiers/{reference}-releasable.html"))
                .is_file()
        );
        assert!(!run.join(format!("dossiers/{id}-releasable.html")).exists());
    }

    #[test]
    fn a_run_announces_as_many_candidates_as_dossiers_are_written() {
        let directory = tempfile::tempdir().unwrap();
        let run = scored(directory.path(), None, Format::Csv);
        let account = ch24::past::account(&run).unwrap();
        let announced = account["summary"]["cva_entities"].as_u64().unwrap();
        assert!(announced > 50, "{announced}");
        let (code, text) = dossier(&run, &["--all", "--top", "100000"]);
        assert_eq!(code, 0, "{text}");
        assert!(
            text.starts_with(&format!("{announced} dossiers in ")),
            "{text}"
        );
        assert!(text.contains("--role importer_account"), "{text}");
    }
}
