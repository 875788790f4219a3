//! Parties: what is one and what is two, whatever the order and the number of threads; what links and what does not.

use ch24::batch::FieldSet;
use ch24::entity::network::{ALSO, HubCause, LinkKind, Network, Observations, network};
use ch24::entity::resolve::{
    Cause, Identifier, Override, Overrides, Party, PartyRole, Resolution, resolve,
};
use ch24::normalize::Identities;
use ch24::parties::{PartiesRead, read_parties};
use ch24::read::{Mapping, Reading, find_inputs};
use ch24::rules::RuleSet;
use ch24::scan::with_threads;
use ch24::write::{Format, write_network, write_resolution};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub(crate) fn firm(name: &str, address: &str) -> Party {
    Party {
        role: PartyRole::Shipper,
        name: name.to_owned(),
        address: address.to_owned(),
        country: String::new(),
        identifiers: Vec::new(),
        entity_key: name.to_owned(),
        n_lines: 1,
    }
}

fn with(party: Party, identifier: Identifier) -> Party {
    Party {
        identifiers: vec![identifier],
        ..party
    }
}

pub(crate) fn found(parties: &[Party]) -> Resolution {
    resolve(parties, &Overrides::default()).unwrap()
}

pub(crate) fn is_one(found: &Resolution, left: usize, right: usize) -> bool {
    found.cluster_of[left] == found.cluster_of[right]
}

/// The cause for which two parties were not merged.
pub(crate) fn cause(found: &Resolution, left: u32, right: u32) -> Option<Cause> {
    let pair = |refused: &&ch24::entity::resolve::Refusal| {
        (refused.left, refused.right) == (left, right)
            || (refused.left, refused.right) == (right, left)
    };
    found.refused.iter().find(pair).map(|refused| refused.cause)
}

#[test]
fn ways_of_writing_a_firm_are_one_and_look_alikes_are_not() {
    let parties = [
        firm(
            "MADERAS QUIVANTO DEL RÍO, S.A. DE C.V.",
            "AV. MUESTRA NO. 70, HERMOSILLO SON",
        ),
        firm(
            "MADERAS QUIVANTO DEL RIO SA DE CV",
            "AVENIDA MUESTRA 70 HERMOSILLO",
        ),
        firm(
            "MADERAS QIUVANTO DEL RIO",
            "AV MUESTRA 70, CP 83000 HERMOSILLO",
        ),
        firm("QUIVANTO MADERAS DEL RIO", ""),
        firm(
            "MADERAS QUIVANTO DEL NORTE SA DE CV",
            "CALLE EJEMPLO 12, TIJUANA BC",
        ),
        firm(
            "MADERAS QUIVANTO DEL RIO II SA DE CV",
            "BLVD PRUEBA 9, MERIDA YUC",
        ),
        firm(
            "MARISCOS TOLUMEN SA DE CV",
            "AV. MUESTRA NO. 70, HERMOSILLO SON",
        ),
    ];
    let found = found(&parties);
    for member in [1, 2, 3] {
        assert!(is_one(&found, 0, member), "{member}");
    }
    for stranger in [4, 5, 6] {
        assert!(!is_one(&found, 0, stranger), "{stranger}");
    }
    assert_eq!(found.merges.len(), 3);
}

#[test]
fn numbers_part_and_join() {
    let address = "CALLE MUESTRA 70, NOGALES AZ";
    let number = |text| Identifier::importer(text);
    let parties = [
        with(
            firm("QUIVANTO TOLUMEN FOODS LLC", address),
            number("99-1234567AA"),
        ),
        with(
            firm("QUIVANTO TOLUMEN FOODS LLC", address),
            number("99-7654321"),
        ),
        with(
            firm("QUIVANTO TOLUMEN FOODS", address),
            number("99-123456700"),
        ),
        with(
            firm("BEREMOS LUMBER INC", "1 OTHER RD, MIAMI FL"),
            number("99-1234567"),
        ),
        with(
            firm("QUIVANTO TOLUMEN FOODS LLC", address),
            number("99-1234576"),
        ),
        with(firm("", ""), number("99-1234567")),
        with(firm("KELUNA SUPPLY CORP", ""), number("99-5550000")),
        with(firm("", ""), number("99-5550000")),
        with(
            firm("QUIVANTO TOLUMEN", "9 FAR AWAY BLVD, TAMPA FL"),
            number("99-1234567"),
        ),
    ];
    let found = found(&parties);
    assert!(is_one(&found, 0, 2), "suffixes are branches");
    assert!(!is_one(&found, 0, 1));
    assert_eq!(cause(&found, 0, 1), Some(Cause::TwoNumbers));
    assert!(!is_one(&found, 0, 3));
    assert_eq!(cause(&found, 0, 3), Some(Cause::SameNumberOtherName));
    assert!(is_one(&found, 0, 8), "one number is one party");
    assert!(
        is_one(&found, 6, 7),
        "a number alone joins the one that has it"
    );
    assert!(
        !is_one(&found, 0, 5) && !is_one(&found, 3, 5),
        "and none where two have it"
    );
    assert!(is_one(&found, 0, 4), "one keystroke, and all else agrees");
}

#[test]
fn vessels_are_their_numbers() {
    let vessel = |name: &str, flag: &str, number: Option<&str>| Party {
        role: PartyRole::HarvestVessel,
        country: flag.to_owned(),
        identifiers: number.map(Identifier::vessel).into_iter().collect(),
        ..firm(name, "")
    };
    let parties = [
        vessel("MUESTRA I", "MX", Some("9074729")),
        vessel("OTRO NOMBRE", "PA", Some("9074729")),
        vessel("MUESTRA I", "MX", Some("9215907")),
        vessel("MUESTRA III", "MX", None),
        vessel("MUESTRA II", "MX", None),
        vessel("MUESTRA II", "MX", Some("9074728")),
    ];
    let found = found(&parties);
    assert!(is_one(&found, 0, 1), "a hull keeps its number");
    assert!(!is_one(&found, 0, 2));
    assert!(!is_one(&found, 3, 4), "a numeral is another vessel");
    assert!(
        is_one(&found, 4, 5),
        "a number with a wrong check digit tells nothing"
    );
}

#[test]
fn a_cluster_does_not_grow_by_a_chain() {
    // The bare name fits both; they are two firms in two towns.
    let parties = [
        firm("PRODUCTOS DEL MAR SA DE CV", "CALLE MUESTRA 70, HERMOSILLO"),
        firm("PRODUCTOS DEL MAR", ""),
        firm("PRODUCTOS DEL MAR SA DE CV", "AV EJEMPLO 12, TIJUANA"),
    ];
    let found = found(&parties);
    assert!(!is_one(&found, 0, 2));
    assert!(!is_one(&found, 0, 1) && !is_one(&found, 1, 2));
    assert_eq!(cause(&found, 0, 1), Some(Cause::Ambiguous));
}

fn decided(rows: &[(&str, &str, bool)]) -> Overrides {
    let rows = rows
        .iter()
        .zip(2..)
        .map(|((left, right, is_same), line)| Override {
            left: (*left).to_owned(),
            right: (*right).to_owned(),
            is_same: *is_same,
            line,
        });
    Overrides {
        rows: rows.collect(),
    }
}

#[test]
fn people_decide() {
    let parties = [
        firm(
            "MADERAS QUIVANTO DEL RIO SA DE CV",
            "AV MUESTRA 70, HERMOSILLO",
        ),
        firm(
            "MADERAS QUIVANTO DEL RIO SA DE CV",
            "AV MUESTRA 70, HERMOSILLO SONORA",
        ),
        firm("BEREMOS FOODS LLC", "1 OTHER RD, MIAMI FL"),
    ];
    assert!(is_one(&found(&parties), 0, 1));
    let ids = found(&parties).party_ids;
    let overrides = decided(&[
        (&ids[0], &ids[1], false),
        (&ids[0], "beremos foods llc", true),
        ("NOBODY INC", "BEREMOS FOODS LLC", true),
    ]);
    let by_people = resolve(&parties, &overrides).unwrap();
    assert!(is_one(&by_people, 0, 2) && !is_one(&by_people, 0, 1));
    assert_eq!(by_people.unused_overrides, [4]);
    assert!(by_people.merges.iter().any(|merge| merge.is_decided));
    let overrides = decided(&[
        (&ids[0], &ids[1], false),
        (&ids[0], &ids[2], true),
        (&ids[2], &ids[1], true),
    ]);
    let message = resolve(&parties, &overrides).unwrap_err().to_string();
    assert!(message.contains("line 2"), "{message}");
}

/// Many parties that resemble each other.
fn crowd() -> Vec<Party> {
    let words = [
        "QUIVANTO", "TOLUMEN", "BEREMOS", "SADORI", "KELUNA", "MOVAREX", "PITOSAL",
    ];
    let ends = [
        "SA DE CV",
        "S.A. DE C.V.",
        "LLC",
        "",
        "DEL NORTE SA DE CV",
        "II",
    ];
    (0..900_usize)
        .map(|number| {
            let (first, second) = (words[number % 7], words[number / 7 % 7]);
            let name = match number % 11 {
                0 => format!("{second} {first} {}", ends[number % 6]),
                1 => format!("MARISCOS {} {second} {}", &first[1..], ends[number % 6]),
                _ => format!("MARISCOS {first} {second} {}", ends[number % 6]),
            };
            let address = match number % 5 {
                0 => String::new(),
                place => format!(
                    "CALLE {} {}, HERMOSILLO",
                    words[(number / 3 + place) % 7],
                    number % 13 + 1
                ),
            };
            firm(name.trim(), &address)
        })
        .collect()
}

#[test]
fn neither_order_nor_threads_change_a_cluster() {
    let by_id = |parties: &[Party], threads| {
        let found =
            with_threads(Some(threads), || resolve(parties, &Overrides::default())).unwrap();
        let clusters = found.party_ids.iter().zip(&found.cluster_of);
        let clusters: BTreeMap<String, String> = clusters
            .map(|(id, cluster)| (id.clone(), found.clusters[*cluster as usize].id.clone()))
            .collect();
        let n_refused = found.refused.len();
        (clusters, found.merges.len(), n_refused)
    };
    let mut parties = crowd();
    let expected = by_id(&parties, 1);
    assert!(
        expected.1 > 100 && expected.2 > 10,
        "{} merges, {} refused",
        expected.1,
        expected.2
    );
    parties.reverse();
    assert_eq!(by_id(&parties, 3), expected);
    parties.sort_by_key(|party| party.address.len() * 7 % 5);
    assert_eq!(by_id(&parties, 2), expected);
}

/// Reads CSV text, resolves and links.
fn linked(text: &str) -> (PartiesRead, Resolution, Network) {
    let (read, found, network, _) = seen(text, None);
    (read, found, network)
}

/// The same, with what the lines show; lines are judged where there are rules.
pub(crate) fn seen(
    text: &str,
    rules: Option<&RuleSet>,
) -> (PartiesRead, Resolution, Network, Observations) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("m.csv");
    fs::write(&path, text).unwrap();
    let reading = Reading {
        inputs: find_inputs(&[path.display().to_string()]).unwrap(),
        mapping: Mapping::default(),
        wanted: FieldSet::default(),
        batch_rows: 1 << 16,
    };
    let rules = rules.map(|rules| (rules, directory.path()));
    with_threads(Some(2), || {
        let mut seen = Observations::default();
        let read = read_parties(&reading, &Identities::FirstRow, rules, &ALSO, |batch| {
            seen.add(batch.batch, batch.of_row, batch.judged);
        })?;
        let found = resolve(&read.parties, &Overrides::default())?;
        let network = network(&read.parties, &found, &seen);
        Ok((read, found, network, seen))
    })
    .unwrap()
}

pub(crate) fn cluster(read: &PartiesRead, found: &Resolution, name: &str) -> u32 {
    let position = read
        .parties
        .iter()
        .position(|party| party.name == name)
        .unwrap();
    found.cluster_of[position]
}

#[test]
fn a_path_goes_over_what_two_share_and_hubs_join_nobody() {
    let mut text =
        "importer_name,importer_address,consignee_name,shipper_name,contact_hash\n".to_owned();
    // One address links two importers, one contact the second with a third.
    text += "QUIVANTO FOODS LLC,88 SAMPLE WAY NOGALES AZ,TO ORDER,PESCA TOLUMEN SA,\n";
    text += "BEREMOS TRADING INC,\"88 Sample Way, Nogales, AZ\",TO ORDER,MADERAS KELUNA SA,aa11\n";
    text += "SADORI SUPPLY CORP,5 OTHER RD MIAMI FL,TO ORDER,MUEBLES PITOSAL SA,aa11\n";
    // An agent's address and a forwarder as consignee, shared by many.
    for name in [
        "ALUMEX", "BODIRAN", "CETULO", "DAVOREN", "ESPILUM", "FANDARO", "GUMELIX", "HESTORA",
    ] {
        text += &format!(
            "{name} IMPORTS LLC,1 AGENT PLAZA DOVER DE,MUESTRA FREIGHT FORWARDING INC,{name} EXPORTS SA,\n"
        );
    }
    let (read, found, network) = linked(&text);
    let of = |name| cluster(&read, &found, name);
    let (first, second, third) = (
        of("QUIVANTO FOODS LLC"),
        of("BEREMOS TRADING INC"),
        of("SADORI SUPPLY CORP"),
    );
    let steps = network.ways(first).to(third).unwrap();
    let kinds: Vec<LinkKind> = steps
        .iter()
        .map(|step| network.values[step.value as usize].kind)
        .collect();
    assert_eq!(kinds, [LinkKind::Address, LinkKind::Contact]);
    assert_eq!(
        (
            steps[0].from.cluster,
            steps[0].to.cluster,
            steps[1].to.cluster
        ),
        (first, second, third)
    );
    assert_eq!(
        (steps[0].from.first.1, steps[0].to.first.1),
        (1, 2),
        "each step names its lines"
    );
    let (one, other) = (of("ALUMEX IMPORTS LLC"), of("BODIRAN IMPORTS LLC"));
    assert!(network.ways(one).to(other).is_none());
    let hubs: Vec<_> = network
        .hubs
        .iter()
        .map(|hub| (hub.kind, hub.cause))
        .collect();
    assert!(
        hubs.contains(&(LinkKind::Address, HubCause::TooMany)),
        "{hubs:?}"
    );
    assert!(
        hubs.contains(&(LinkKind::Consignee, HubCause::Agent)),
        "{hubs:?}"
    );
    assert!(read.parties.iter().all(|party| party.name != "TO ORDER"));
    assert_eq!(network.groups.len(), 1);
    assert_eq!(
        (network.groups[0].members.len(), network.groups[0].n_lines),
        (3, 3)
    );
}

#[test]
fn a_large_buyer_joins_no_strangers() {
    let names = [
        "ALUMEX", "BODIRAN", "CETULO", "DAVOREN", "ESPILUM", "FANDARO", "GUMELIX", "HESTORA",
        "IVORANZ", "JALUPER", "KORDIMA", "LUMIDEX", "MAROTIL",
    ];
    let linked_two = |n_consignees: usize| {
        let mut text = "importer_name,consignee_name,shipper_name\n".to_owned();
        for name in &names[..n_consignees] {
            text += &format!("QUIVANTO BUYERS LLC,{name} FOODS INC,{name} EXPORTS SA\n");
        }
        let (read, found, network) = linked(&text);
        let of = |name| cluster(&read, &found, name);
        network
            .ways(of("ALUMEX EXPORTS SA"))
            .to(of("BODIRAN EXPORTS SA"))
            .is_some()
    };
    assert!(linked_two(3));
    assert!(!linked_two(13));
}

#[test]
fn no_output_holds_a_personal_number_or_its_hash() {
    let mut text = "importer_of_record_number,importer_name,importer_address\n".to_owned();
    for (number, name) in [
        ("000-12-3456", "ANA QUIVANTO"),
        ("000-12-3456", "BEREMOS FOODS LLC"),
        ("000-65-4321", "ANA QUIVANTO"),
    ] {
        text += &format!("{number},{name},1 SAMPLE WAY NOGALES AZ\n");
    }
    let (read, found, network) = linked(&text);
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    write_resolution(file, Format::Csv, &read, &found).unwrap();
    write_network(file, Format::Csv, &read, &found, &network).unwrap();
    let mut written = String::new();
    for entry in fs::read_dir(directory.path()).unwrap() {
        written += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(written.contains("masked_number:E-"), "{written}");
    for part in ["3456", "4321", "E-#"] {
        assert!(!written.contains(part), "{part} in {written}");
    }
    let ids: std::collections::BTreeSet<_> = found.party_ids.iter().collect();
    assert_eq!(
        ids.len(),
        read.parties.len(),
        "parties that differ by a masked number have ids of their own"
    );
}

#[test]
fn a_file_of_decisions_is_read_or_refused_with_its_line() {
    let directory = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        let path = directory.path().join("same.csv");
        fs::write(&path, text).unwrap();
        ch24::entity::resolve::read_overrides(&path).map_err(|error| error.to_string())
    };
    let overrides = read("left,right,verdict,by\nA,B,same,me\nA, C ,not_same,\n").unwrap();
    let rows: Vec<_> = overrides
        .rows
        .iter()
        .map(|row| (row.right.as_str(), row.is_same, row.line))
        .collect();
    assert_eq!(rows, [("B", true, 2), ("C", false, 3)]);
    assert!(read("left,right\nA,B\n").unwrap_err().contains("`verdict`"));
    assert!(
        read("left,right,verdict\nA,B,maybe\n")
            .unwrap_err()
            .contains("line 2")
    );
    assert!(
        read("left,right,verdict\nA,,same\n")
            .unwrap_err()
            .contains("line 2")
    );
    assert!(ch24::entity::resolve::read_overrides(Path::new("no-such-file.csv")).is_err());
}
