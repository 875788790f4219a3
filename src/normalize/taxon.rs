//! Brings scientific names to genus, species and subspecies.
//!
//! What the cells say comes in, each `None` where it is missing; the parts in their proper case go
//! out. Synonyms, misspellings and author names are left to the lists: only form changes here.

/// A scientific name in parts, or the Lacey Act designation that stands in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScientificName {
    /// Title case.
    pub genus: Option<String>,
    /// Lower case; `sp.` where the filer gave no single species.
    pub species: Option<String>,
    /// Lower case, with its rank (`var. alba`) where the filer gave one.
    pub subspecies: Option<String>,
    /// `SPECIAL/COMPOSITE`, `TEMP/LOPM` and the like; then the other parts are `None`.
    pub special_use_designation: Option<String>,
}

/// Genus words of APHIS special use designations.
const DESIGNATIONS: &[&str] = &["SPECIAL", "TEMP"];

/// Words that stand where a species should and name none.
const GENERIC: &[&str] = &[
    "sp", "sp.", "spp", "spp.", "ssp", "ssp.", "species", "unknown", "various", "mixed",
];

/// Marks of an uncertain identification; the species after them is not taken as declared.
const UNCERTAIN: &[&str] = &["cf", "cf.", "aff", "aff."];

/// Words before the name of a rank below species.
const RANKS: &[&str] = &[
    "subsp", "subsp.", "ssp", "ssp.", "var", "var.", "f.", "forma",
];

/// First words of genus cells that hold no genus.
const PLACEHOLDERS: &[&str] = &[
    "all",
    "animals",
    "assorted",
    "migratory",
    "mixed",
    "noncites",
    "other",
    "plants",
    "tropical",
    "unknown",
    "various",
];

/// Reads a scientific name out of its cells.
///
/// - Genus title case, species and subspecies lower case; a hybrid sign (`×`, `x`) stays.
/// - `sp`, `spp.`, `species`, `unknown`, `various`, `mixed` as species become `sp.`.
/// - A species that repeats the genus (`Acipenser baerii`, `A. baerii`) loses it.
/// - A whole name in the genus cell is split when there is no species. A third word is a
///   subspecies where a rank stands before it, or where only the genus has a capital; otherwise
///   it can be an author and stays with the species.
/// - Genus `SPECIAL` or `TEMP` makes a special use designation, which is no taxon.
///
/// # Missing values
/// A part that is not there is `None`. `sp.` is not missing: the filer said that there is no one
/// species.
///
/// # Source
/// PG05\[5-66\]; LEMIS `genus`, `species`, `subspecies`; APHIS special use designations
/// (`reference/lacey_special_use_designations.csv`).
pub fn scientific_name(
    genus: Option<&str>,
    species: Option<&str>,
    subspecies: Option<&str>,
) -> ScientificName {
    let genus_words = genus.map(words_of).unwrap_or_default();
    if let Some(designation) = designation(&genus_words, species) {
        return ScientificName {
            special_use_designation: Some(designation),
            ..ScientificName::default()
        };
    }
    let mut species_words = species.map(words_of).unwrap_or_default();
    let mut genus_words = genus_words.as_slice();
    if species_words.is_empty()
        && let Some((first, rest)) = genus_words.split_first()
        && !names_no_taxon(first)
    {
        species_words = rest.to_vec();
        genus_words = genus_words.get(..1).unwrap_or_default();
    }
    if let (Some(genus), [first, _, ..]) = (genus_words.first(), species_words.as_slice())
        && repeats(first, genus)
    {
        species_words.remove(0);
    }
    let mut subspecies_words = subspecies.map(words_of).unwrap_or_default();
    if subspecies_words.is_empty() && !genus_words.first().is_some_and(|word| names_no_taxon(word))
    {
        subspecies_words = split_subspecies(&mut species_words);
    }
    ScientificName {
        genus: joined(genus_words).map(|genus| title_case(&genus)),
        species: joined(&species_words).map(|species| species_form(&species)),
        subspecies: joined(&subspecies_words).map(|subspecies| subspecies.to_lowercase()),
        special_use_designation: None,
    }
}

/// Joins normalized parts to the name that lists are looked up by: `Genus species` or `Genus`.
///
/// The genus stands alone where the species is missing, `sp.`, or uncertain (`cf.`, `aff.`). Of a
/// species with an author only the epithet counts.
///
/// # Missing values
/// `None` where there is no genus, or the genus cell holds more than a genus.
pub fn taxon(genus: Option<&str>, species: Option<&str>) -> Option<String> {
    let genus = genus.map(words_of).filter(|words| words.len() == 1)?;
    let genus = genus.first().filter(|genus| !names_no_taxon(genus))?;
    let species_words = species.map(words_of).unwrap_or_default();
    let epithet = species_words.iter().find(|word| !word.starts_with('('));
    match epithet.map(|epithet| epithet.to_lowercase()) {
        Some(epithet) if !is_any_of(&epithet, GENERIC) && !is_any_of(&epithet, UNCERTAIN) => {
            Some(format!("{genus} {epithet}"))
        }
        _ => Some(genus.clone()),
    }
}

/// Splits text into words; a hybrid sign forms one word with the name after it.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut sign: Option<&str> = None;
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if word.is_empty() {
            continue;
        }
        match (sign.take(), word) {
            (None, "×" | "x" | "X") => sign = Some(word),
            (None, _) => words.push(word.to_owned()),
            (Some(sign), _) => words.push(format!("{} {word}", sign.to_lowercase())),
        }
    }
    words.extend(sign.map(str::to_owned));
    words
}

/// Reads a special use designation; its second part stands in the genus or the species cell.
fn designation(genus_words: &[String], species: Option<&str>) -> Option<String> {
    let cell = genus_words.join(" ").to_uppercase();
    let mut parts = cell.split(['/', ' ']).filter(|part| !part.is_empty());
    let first = parts.next().filter(|first| DESIGNATIONS.contains(first))?;
    let mut second: Vec<String> = parts.map(str::to_owned).collect();
    if second.is_empty() {
        second.extend(species.map(words_of).unwrap_or_default());
    }
    let second = second.concat().to_uppercase();
    Some(if second.is_empty() {
        first.to_owned()
    } else {
        format!("{first}/{second}")
    })
}

/// Tells whether a word is the genus again, in full or as an initial with a point.
fn repeats(word: &str, genus: &str) -> bool {
    let (word, genus) = (word.to_lowercase(), genus.to_lowercase());
    let is_initial = word
        .strip_suffix('.')
        .is_some_and(|initial| initial.chars().count() == 1 && genus.starts_with(initial));
    word == genus || is_initial
}

/// Takes the words of a subspecies off the species.
fn split_subspecies(species_words: &mut Vec<String>) -> Vec<String> {
    // A hybrid sign begins the second parent of the species, not a rank below it.
    let is_epithet = |word: &String| {
        word.starts_with(|letter: char| letter.is_lowercase()) && !word.starts_with("x ")
    };
    let has_rank = |word: &String| is_any_of(&word.to_lowercase(), RANKS);
    match species_words.as_slice() {
        [first, second] if is_generic_start(first) || is_generic_start(second) => Vec::new(),
        [first, second] if is_epithet(first) && is_epithet(second) => species_words.split_off(1),
        [_, second, _, ..] if has_rank(second) => species_words.split_off(1),
        _ => Vec::new(),
    }
}

fn is_generic_start(word: &str) -> bool {
    let word = word.to_lowercase();
    is_any_of(&word, GENERIC) || is_any_of(&word, UNCERTAIN) || word.starts_with('(')
}

fn names_no_taxon(word: &str) -> bool {
    is_any_of(&word.to_lowercase(), PLACEHOLDERS)
}

fn is_any_of(word: &str, words: &[&str]) -> bool {
    words.contains(&word)
}

fn joined(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(" "))
}

fn species_form(species: &str) -> String {
    let species = species.to_lowercase();
    if is_any_of(&species, GENERIC) {
        "sp.".to_owned()
    } else {
        species
    }
}

/// Puts the first letter of the first word in upper case, all else in lower case.
fn title_case(genus: &str) -> String {
    let mut title = String::with_capacity(genus.len());
    let is_hybrid = genus.starts_with("x ");
    let mut is_first = true;
    for (idx, letter) in genus.chars().enumerate() {
        if is_first && letter.is_alphabetic() && !(is_hybrid && idx == 0) {
            title.extend(letter.to_uppercase());
            is_first = false;
        } else {
            title.extend(letter.to_lowercase());
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(genus: &str, species: &str, subspecies: &str) -> [String; 4] {
        let [genus, species, subspecies] =
            [genus, species, subspecies].map(|text| (!text.is_empty()).then_some(text));
        let name = scientific_name(genus, species, subspecies);
        [
            name.genus,
            name.species,
            name.subspecies,
            name.special_use_designation,
        ]
        .map(Option::unwrap_or_default)
    }

    fn assert_parts(cases: &[([&str; 3], [&str; 4])]) {
        for ([genus, species, subspecies], expected) in cases {
            assert_eq!(
                parts(genus, species, subspecies),
                *expected,
                "{genus} {species}"
            );
        }
    }

    #[test]
    fn names_come_apart_and_take_their_case() {
        let cases = [
            (
                ["SWIETENIA", "MACROPHYLLA", ""],
                ["Swietenia", "macrophylla", "", ""],
            ),
            ([" dalbergia ", " Spp. ", ""], ["Dalbergia", "sp.", "", ""]),
            (["Hyla", "species", ""], ["Hyla", "sp.", "", ""]),
            (
                ["Acipenser", "Acipenser baerii", ""],
                ["Acipenser", "baerii", "", ""],
            ),
            (
                ["ACIPENSER", "A. BAERII", ""],
                ["Acipenser", "baerii", "", ""],
            ),
            (["Bison", "bison", ""], ["Bison", "bison", "", ""]),
            (
                ["Gorilla", "Gorilla gorilla gorilla", ""],
                ["Gorilla", "gorilla", "gorilla", ""],
            ),
            (["Cedrela odorata", "", ""], ["Cedrela", "odorata", "", ""]),
            (["Quercus spp.", "", ""], ["Quercus", "sp.", "", ""]),
            (
                ["Pan troglodytes verus", "", ""],
                ["Pan", "troglodytes", "verus", ""],
            ),
            (
                ["Swietenia macrophylla King", "", ""],
                ["Swietenia", "macrophylla king", "", ""],
            ),
            (
                ["PINUS NIGRA SUBSP. LARICIO", "", ""],
                ["Pinus", "nigra", "subsp. laricio", ""],
            ),
        ];
        assert_parts(&cases);
    }

    #[test]
    fn hybrids_empty_words_and_missing_parts() {
        let cases = [
            (
                ["Populus X canadensis", "", ""],
                ["Populus", "x canadensis", "", ""],
            ),
            (
                ["× Cupressocyparis", "leylandii", ""],
                ["× Cupressocyparis", "leylandii", "", ""],
            ),
            (
                ["x cupressocyparis", "", ""],
                ["x Cupressocyparis", "", "", ""],
            ),
            (
                ["Canis", "lupus", "FAMILIARIS"],
                ["Canis", "lupus", "familiaris", ""],
            ),
            (["Noncites Entry", "", ""], ["Noncites entry", "", "", ""]),
            (
                ["Unknown", "cites bird", ""],
                ["Unknown", "cites bird", "", ""],
            ),
            (
                ["Canis", "lupus x familiaris", ""],
                ["Canis", "lupus x familiaris", "", ""],
            ),
            (
                ["Hyla", "sp. (australia)", ""],
                ["Hyla", "sp. (australia)", "", ""],
            ),
            (["", "macrophylla", ""], ["", "macrophylla", "", ""]),
            (["", "", ""], ["", "", "", ""]),
            (["\u{0}", "x", "é"], ["", "x", "é", ""]),
        ];
        assert_parts(&cases);
    }

    #[test]
    fn special_use_designations_are_no_taxa() {
        let cases = [
            ("SPECIAL", "COMPOSITE", "SPECIAL/COMPOSITE"),
            ("special", " recycled ", "SPECIAL/RECYCLED"),
            ("Temp", "lopm", "TEMP/LOPM"),
            ("SPECIAL/SPF", "", "SPECIAL/SPF"),
            ("SPECIAL COMPOSITE", "", "SPECIAL/COMPOSITE"),
            ("SPECIAL", "", "SPECIAL"),
        ];
        for (genus, species, designation) in cases {
            assert_eq!(
                parts(genus, species, ""),
                ["", "", "", designation],
                "{genus} {species}"
            );
        }
        assert_eq!(parts("Specialis", "x", ""), ["Specialis", "x", "", ""]);
    }

    #[test]
    fn a_taxon_is_what_lists_are_looked_up_by() {
        let cases = [
            (
                Some("Swietenia"),
                Some("macrophylla"),
                Some("Swietenia macrophylla"),
            ),
            (
                Some("Swietenia"),
                Some("macrophylla king"),
                Some("Swietenia macrophylla"),
            ),
            (Some("Dalbergia"), Some("sp."), Some("Dalbergia")),
            (Some("Dalbergia"), None, Some("Dalbergia")),
            (Some("Hyla"), Some("sp. (australia)"), Some("Hyla")),
            (
                Some("Etheostoma"),
                Some("(doration) sp."),
                Some("Etheostoma"),
            ),
            (Some("Dalbergia"), Some("cf. nigra"), Some("Dalbergia")),
            (
                Some("Populus"),
                Some("x canadensis"),
                Some("Populus x canadensis"),
            ),
            (
                Some("x Cupressocyparis"),
                Some("leylandii"),
                Some("x Cupressocyparis leylandii"),
            ),
            (Some("Tropical fish"), None, None),
            (Some("Various"), Some("sp."), None),
            (None, Some("macrophylla"), None),
            (Some(""), None, None),
        ];
        for (genus, species, expected) in cases {
            assert_eq!(
                taxon(genus, species).as_deref(),
                expected,
                "{genus:?} {species:?}"
            );
        }
    }
}
