//! Names of fields and roles, for people.

use crate::entity::Role;

/// Words that are written in capitals.
const CAPITALS: [&str; 14] = [
    "hts", "usd", "kg", "imo", "rfc", "us", "fws", "iftp", "cites", "coa", "uuid", "id", "esa",
    "hms",
];

/// The name of a field as a label.
pub(super) fn label(name: &str) -> String {
    let words = name.split('_').enumerate().map(|(position, word)| {
        let is_unit = word == "kg";
        match CAPITALS.contains(&word) && !is_unit {
            true => word.to_uppercase(),
            false if word == "uom" => "unit".to_owned(),
            false if position == 0 => capital(word),
            false => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A word of a closed set: spaces for underscores.
pub(super) fn word(text: &str) -> String {
    text.replace(['_', '-'], " ")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// The name of a role.
pub(super) fn role_name(role: Role) -> String {
    capital(&word(role.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_read_like_words() {
        assert_eq!(label("gross_weight_kg"), "Gross weight kg");
        assert_eq!(label("hts_number"), "HTS number");
        assert_eq!(label("exporter_rfc"), "Exporter RFC");
        assert_eq!(role_name(Role::HarvestVessel), "Harvest vessel");
    }
}
