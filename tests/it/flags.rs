//! Red flags that links and lists raise: questions about entities, without points.

use crate::parties::{cluster, firm, seen};
use crate::support::{load_files, rule_text};
use ch24::entity::network::{Basis, Flag, flags};
use ch24::entity::resolve::{near, read_listed};

const HEADER: &str = "importer_name,importer_address,seller_name,seller_address,country_of_origin,contact_hash,outcome\n";

#[test]
fn a_contact_of_one_with_bad_lines_is_a_question_about_the_other() {
    let text = format!(
        "{HEADER}\
         QUIVANTO FOODS LLC,88 SAMPLE WAY NOGALES AZ,,,MX,aa11,bad\n\
         QUIVANTO FOODS LLC,88 SAMPLE WAY NOGALES AZ,,,MX,aa11,ok\n\
         BEREMOS TRADING INC,5 OTHER RD MIAMI FL,,,MX,aa11,ok\n\
         SADORI SUPPLY CORP,7 FAR AVE RENO NV,,,MX,bb22,\n\
         KELUNA IMPORTS CORP,9 OAK ST YUMA AZ,,,MX,bb22,\n"
    );
    let (read, found, network, seen) = seen(&text, None);
    let flags = flags(&found, &seen, &network, &[]);
    let [flag] = flags[..] else {
        panic!("{flags:?}")
    };
    let of = |name| cluster(&read, &found, name);
    assert_eq!(flag.cluster, of("BEREMOS TRADING INC"));
    assert_eq!((flag.lines.n_lines, flag.lines.n_bad), (1, 0));
    let Basis::SharedWithViolator { other, n_bad, .. } = flag.basis else {
        panic!("{flag:?}")
    };
    assert_eq!((other, n_bad), (of("QUIVANTO FOODS LLC"), 1));
    assert_eq!(flag.basis.rule(), "E-04");
}

/// A seller of two importers, one with a red line; a trading house of many; a seller without a red line.
#[test]
fn a_seller_of_a_few_importers_with_red_lines_is_to_be_looked_up() {
    let mut text = HEADER.to_owned();
    let mut line = |importer: &str, seller: &str, origin: &str| {
        text += &format!("{importer} LLC,,{seller} SA,CALLE MUESTRA 7 TIJUANA,{origin},,\n");
    };
    line("QUIVANTO", "PESCA TOLUMEN", "MX");
    line("BEREMOS", "PESCA TOLUMEN", "CA");
    line("QUIVANTO", "MADERAS PITOSAL", "CA");
    line("BEREMOS", "MADERAS PITOSAL", "CA");
    for importer in [
        "ALUMEX", "BODIRAN", "CETULO", "DAVOREN", "ESPILUM", "FANDARO", "GUMELIX",
    ] {
        line(importer, "COMERCIAL MOVAREX", "MX");
    }
    let rule = rule_text("T-01", "country_of_origin = 'MX'", "floor: examine\n");
    let rules = load_files(&vec![("T-01.yaml".to_owned(), rule)]);
    let (read, found, network, seen) = seen(&text, Some(&rules));
    let flags = flags(&found, &seen, &network, &[]);
    let [flag] = flags[..] else {
        panic!("{flags:?}")
    };
    assert_eq!(flag.cluster, cluster(&read, &found, "PESCA TOLUMEN SA"));
    assert_eq!(
        flag.basis,
        Basis::SellerOfSeveral {
            n_importers: 2,
            n_red: 1
        }
    );
    assert_eq!((flag.lines.n_red, flag.lines.n_lines), (1, 2));
}

#[test]
fn a_listed_name_finds_who_may_stand_behind_it_and_nobody_else() {
    let text = format!(
        "{HEADER}\
         MARISCOS QUIVANTO DEL NORTE LLC,88 SAMPLE WAY NOGALES AZ,,,MX,,\n\
         MARISCOS QIUVANTO DEL NORTE,88 SAMPLE WAY NOGALES AZ,,,MX,,\n\
         QUIVANTO BEREMOS TIMBER LLC,1 OAK ST YUMA AZ,,,MX,,\n\
         JOSE MUESTRA TOLUMEN,5 OTHER RD MIAMI FL,,,MX,,\n"
    );
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("listed.csv");
    let list = "Name,source,address\n\
                Mariscos Quivanto del Norte S.A.,our own,\"88 Sample Way, Nogales, AZ\"\n\
                Juan Muestra Tolumen,our own,\n\
                Nobody Known Inc,our own,\n";
    std::fs::write(&path, list).unwrap();
    let listed = read_listed(&path).unwrap();
    assert_eq!(
        (listed.len(), listed[2].name.as_str()),
        (3, "NOBODY KNOWN INC")
    );
    let (read, found, network, seen) = seen(&text, None);
    let flags = flags(&found, &seen, &network, &near(&read.parties, &listed));
    let named = |flag: &Flag| match flag.basis {
        Basis::NearListed { listed, .. } => (flag.cluster, listed),
        _ => panic!("{flag:?}"),
    };
    let firm_of = cluster(&read, &found, "MARISCOS QUIVANTO DEL NORTE LLC");
    assert_eq!(flags.iter().map(named).collect::<Vec<_>>(), [(firm_of, 0)]);
    assert!(near(&[firm("QUIVANTO", "")], &[]).is_empty());

    std::fs::write(&path, "firm\nA\n").unwrap();
    let message = read_listed(&path).unwrap_err().to_string();
    assert!(message.contains("write name,address,country"), "{message}");
}
