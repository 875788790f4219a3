//! A manufacturer's code against the name and address that it claims.
//!
//! # Source
//! 19 CFR part 102, appendix: country (a province for Canada), three letters of each of the first two words of the name, up to
//! four digits of the largest number of the street, three letters of the city; 15 characters at most.

use crate::normalize::text::fold;

/// Whether a part of a code fits what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MidAgreement {
    /// It fits.
    Agrees,
    /// It does not.
    Differs,
    /// One side is missing.
    Unknown,
}

impl MidAgreement {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::Unknown => "unknown",
        }
    }

    fn of(agrees: bool) -> Self {
        if agrees { Self::Agrees } else { Self::Differs }
    }
}

/// A code against a name and an address, part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MidCheck {
    /// The first two characters against the country.
    pub country: MidAgreement,
    /// The letters after them against the first two words of the name.
    pub name: MidAgreement,
    /// The digits against the largest number of the street.
    pub number: MidAgreement,
    /// The last letters against the city: some three letters of the address or city, at the start of a word.
    pub city: MidAgreement,
}

impl MidCheck {
    /// Whether any part differs.
    pub fn has_difference(&self) -> bool {
        [self.country, self.name, self.number, self.city].contains(&MidAgreement::Differs)
    }
}

/// The codes of Canadian provinces in place of a country.
const PROVINCES: &[&str] = &[
    "XA", "XB", "XC", "XM", "XN", "XO", "XP", "XQ", "XS", "XT", "XV", "XW", "XY",
];

/// Checks a code, as normalized, against the party that it stands for. Brokers build codes by hand, and a code that does not fit
/// is a reason to ask, never a finding.
///
/// # Missing values
/// A part for which code or party has nothing is unknown.
pub fn check_mid(mid: &str, name: &str, address: &str, country: &str) -> MidCheck {
    let parts = parts(mid);
    let known = |is_known: bool, agrees: bool| match is_known {
        true => MidAgreement::of(agrees),
        false => MidAgreement::Unknown,
    };
    let prefix = name_prefix(name);
    // The city may follow the street in one line; where the code has no digits its letters end the name's.
    let letters = parts.letters;
    let city_fits = |city: &str| {
        fold(address)
            .split_ascii_whitespace()
            .any(|word| word.get(..3.min(word.len())) == Some(city))
    };
    let largest = largest_number(address);
    let (name_letters, city) = match parts.city {
        "" => letters.split_at(prefix.len().min(letters.len())),
        city => (letters, city),
    };
    let (name_letters, city) = (name_letters.to_ascii_lowercase(), city.to_ascii_lowercase());
    MidCheck {
        country: known(
            country.len() == 2,
            parts.country == country || (country == "CA" && PROVINCES.contains(&parts.country)),
        ),
        name: known(
            !prefix.is_empty() && !letters.is_empty(),
            name_letters == prefix,
        ),
        number: known(
            !address.is_empty() && (!parts.digits.is_empty() || largest.is_some()),
            largest.as_deref().unwrap_or("") == parts.digits,
        ),
        city: known(!address.is_empty() && !city.is_empty(), city_fits(&city)),
    }
}

struct Parts<'a> {
    country: &'a str,
    letters: &'a str,
    digits: &'a str,
    city: &'a str,
}

/// Country, letters of the name, digits, letters of the city; without digits name and city stand together in `letters`.
/// A name may hold digits of its own (`ABC200`): the last run of digits is the number of the street.
fn parts(mid: &str) -> Parts<'_> {
    let (country, rest) = mid.split_at_checked(2).unwrap_or((mid, ""));
    let is_digit = |letter: char| letter.is_ascii_digit();
    let Some(last) = rest.rfind(is_digit) else {
        return Parts {
            country,
            letters: rest,
            digits: "",
            city: "",
        };
    };
    let first = rest[..=last]
        .rfind(|letter| !is_digit(letter))
        .map_or(0, |place| place + 1);
    Parts {
        country,
        letters: &rest[..first],
        digits: &rest[first..=last],
        city: &rest[last + 1..],
    }
}

/// Three letters of each of the first two words of a name. Initials together are one word; `a`, `an`, `and`, `of`, `the` are
/// no words.
fn name_prefix(name: &str) -> String {
    let folded = fold(&name.replace(['\'', '-'], ""));
    let mut words: Vec<String> = Vec::new();
    let mut is_initials = false;
    for word in folded.split_ascii_whitespace() {
        let is_initial = word.len() == 1;
        match words.last_mut() {
            Some(last) if is_initial && is_initials => last.push_str(word),
            _ if !is_initial && matches!(word, "an" | "and" | "of" | "the") => continue,
            _ => words.push(word.to_owned()),
        }
        is_initials = is_initial;
    }
    words.retain(|word| word != "a");
    let letters = words.iter().take(2).flat_map(|word| word.chars().take(3));
    letters.collect()
}

/// The first four digits of the largest number of an address; commas and hyphens within a number fall out. A postal code is
/// no number of a street.
fn largest_number(address: &str) -> Option<String> {
    let mut text = String::with_capacity(address.len());
    let letters: Vec<char> = address.chars().collect();
    let is_digit_at = |place: usize| letters.get(place).is_some_and(char::is_ascii_digit);
    for (place, letter) in letters.iter().enumerate() {
        let is_within = matches!(letter, ',' | '-')
            && place > 0
            && is_digit_at(place - 1)
            && is_digit_at(place + 1);
        if !is_within {
            text.push(*letter);
        }
    }
    let parts = super::address::address_parts(&text);
    let digits = |number: &String| {
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        // `12th` is the name of a street.
        let is_name = ["st", "nd", "rd", "th"]
            .iter()
            .any(|end| number.ends_with(end));
        (!is_name).then_some(digits)
    };
    let numbers = parts.numbers.iter().chain(&parts.unit).filter_map(digits);
    let largest = numbers
        .filter(|number| !number.is_empty())
        .max_by_key(|number| (number.trim_start_matches('0').len(), number.clone()))?;
    Some(largest.chars().take(4).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use MidAgreement::{Agrees, Differs, Unknown};

    #[test]
    fn words_of_a_name_as_the_appendix_has_them() {
        for (name, letters) in [
            ("Amalgamated Plastics Corp.", "amapla"),
            ("Bergstrom", "ber"),
            ("A.B.C. Company", "abccom"),
            ("A B C Company", "abccom"),
            ("O.A.S.I.S. Corp.", "oascor"),
            ("Dr. S.A. Smith", "drsa"),
            ("Shavings B L Inc.", "shabl"),
            ("The Greenhouse", "gre"),
        ] {
            assert_eq!(name_prefix(name), letters, "{name}");
        }
    }

    #[test]
    fn the_largest_number_of_a_street() {
        for (address, number) in [
            ("11455 Main Street Suite 9999", Some("1145")),
            ("12,34,56 Akasaka Road", Some("1234")),
            ("12-34-56 Akasaka Road", Some("1234")),
            ("49 250th St", Some("49")),
            ("One Hundred Century Plaza", None),
            ("Calle Muestra 70, Ciudad Obregon 85000", Some("70")),
        ] {
            assert_eq!(largest_number(address).as_deref(), number, "{address}");
        }
    }

    #[test]
    fn a_code_is_checked_part_by_part() {
        let check = |mid, name, address, country| {
            let check = check_mid(mid, name, address, country);
            [check.country, check.name, check.number, check.city]
        };
        let (name, address) = (
            "ACUICOLA MUESTRA DEL YAQUI SA DE CV",
            "CALLE MUESTRA 70, CIUDAD OBREGON",
        );
        assert_eq!(check("MXACUMUE70CIU", name, address, "MX"), [Agrees; 4]);
        assert_eq!(
            check("HKGOLSEA12HON", name, address, "MX"),
            [Differs, Differs, Differs, Differs]
        );
        assert_eq!(
            check("MXACUMUECIU", name, "CALLE MUESTRA, CIUDAD OBREGON", "MX"),
            [Agrees, Agrees, Unknown, Agrees]
        );
        assert_eq!(check("XQACUMUE70CIU", name, address, "CA"), [Agrees; 4]);
        assert_eq!(
            check("MXACUMUE70CIU", name, "", ""),
            [Unknown, Agrees, Unknown, Unknown]
        );
    }
}
