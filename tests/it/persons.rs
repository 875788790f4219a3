//! Natural persons, and places that say little: who is not merged.

use crate::parties::{cause, firm, found, is_one};
use ch24::entity::resolve::{Cause, Party};

#[test]
fn a_persons_name_alone_merges_its_exact_normal_form_only() {
    let parties = [
        firm("JUAN QUIVANTO MUESTRA", "CALLE MUESTRA 70, HERMOSILLO"),
        firm("JUAN QUIVANTO MUESTRAS", ""),
        firm("JUAN QUIVANTO MUESTRA", "AV EJEMPLO 12, TIJUANA"),
        firm("JUAN QUIVANTO MUESTRAS", "CALLE MUESTRA 70, HERMOSILLO"),
        firm("Pedro Tolumen Ejemplo", ""),
        firm("PEDRO TOLUMEN, EJEMPLO", "CALLE PRUEBA 1, MERIDA"),
    ];
    let found = found(&parties);
    assert!(!is_one(&found, 0, 2), "one name, two addresses");
    assert_eq!(cause(&found, 0, 2), Some(Cause::PersonByNameAlone));
    assert!(is_one(&found, 0, 3), "the address agrees");
    assert!(is_one(&found, 4, 5), "the same normal form, one address");
}

#[test]
fn relatives_at_one_address_are_not_one_person() {
    let address = "CALLE MUESTRA 70, MERIDA";
    let persons = [
        ("JOSE TOLUMEN QUIVANTO", "JUAN TOLUMEN QUIVANTO"),
        ("MARIA KELUNA BEREMOS", "MARIO KELUNA BEREMOS"),
        (
            "MARIA FERNANDA SOLDANO VEIRA",
            "MARIO FERNANDO SOLDANO VEIRA",
        ),
    ];
    let parties: Vec<Party> = (persons.iter())
        .flat_map(|(left, right)| [firm(left, address), firm(right, address)])
        .chain([
            firm("JOSE TOLUMEN QUIVANTOO", address),
            firm("TOLUMEN MARISCOS SA DE CV", address),
            firm("TOLUMEN MARISCOZ SA DE CV", address),
        ])
        .collect();
    let found = found(&parties);
    for (pair, position) in [(0_u32, 0), (2, 2), (4, 4)] {
        assert!(!is_one(&found, position, position + 1), "{pair}");
        assert_eq!(cause(&found, pair, pair + 1), Some(Cause::OtherPerson));
    }
    assert!(is_one(&found, 0, 6), "one letter is a typing mistake");
    assert!(is_one(&found, 7, 8), "a firm is no person");
}

#[test]
fn a_state_beside_a_street_is_no_other_place() {
    let name = "ROSTIVIA LEATHER SA DE CV";
    let found = found(&[
        firm(name, "JAL"),
        firm(name, "1491 INDUSTRIA, GUADALAJARA"),
        firm("QUIVANTO FOODS SA DE CV", "JAL"),
        firm("QUIVANTO FOODS SA DE CV", "SON"),
    ]);
    assert!(is_one(&found, 0, 1));
    assert!(!is_one(&found, 2, 3), "two states are two places");
}
