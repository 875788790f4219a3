//! Brings country codes and names to ISO 3166-1 alpha-2.
//!
//! Codes and English names come in; a two-letter code, and for CBP's Canadian codes the province,
//! goes out. Lists of countries are split by the caller.

use super::country_table::{COUNTRIES, OTHER_NAMES};
use super::text::fold;
use crate::issue::{IssueKind, Normal};

/// A country, and the part of it where the record named a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2, or `XK`, `XZ` or `ZZ`.
    pub country: &'static str,
    /// The CBP province code (`XC`), where the record used one in place of `CA`.
    pub subdivision: Option<&'static str>,
}

/// CBP's codes for Canadian provinces, which stand where a country should.
///
/// Alberta, New Brunswick, British Columbia (also coastal and interior), Manitoba, Nova Scotia,
/// Ontario, Prince Edward Island, Quebec, Saskatchewan, Northwest Territories, Nunavut,
/// Newfoundland and Labrador, Yukon.
///
/// # Source
/// CATAIR AE, July 2026, Table 5 (`formats/FORMATS.md` B.7).
const PROVINCES: &[&str] = &[
    "XA", "XB", "XC", "XD", "XE", "XM", "XN", "XO", "XP", "XQ", "XS", "XT", "XV", "XW", "XY",
];

/// Codes outside ISO 3166-1 that stay: Kosovo; five or more possible countries (Lacey Act
/// declaration); high seas.
const KEPT: &[&str] = &["XK", "XZ", "ZZ"];

/// Codes that ISO 3166-3 replaced one for one, and what they became.
///
/// Codes of countries that split up (`YU`, `SU`, `CS`, `AN`) have no one successor.
const RENAMED: &[(&str, &str)] = &[("BU", "MM"), ("TP", "TL"), ("ZR", "CD")];

/// Reads a country: alpha-2, alpha-3 or English name, in any case.
///
/// `NA` is Namibia, so the caller must not test this field for null words. A Canadian province
/// code becomes `CA` with the province as subdivision. `XZ` is no province but "five or more
/// possible countries"; `ZZ` is the high seas; both stay. In names, case, accents, punctuation and
/// a leading "the" do not count.
///
/// # Missing values
/// Empty text is null; text that names no country is null with an issue.
///
/// # Source
/// ISO 3166-1; CBP 7501 blocks 10 and 14, AE 40\[9-12\], PG06\[8-9\].
pub fn country(text: &str) -> Normal<Country> {
    let text = text.trim();
    if text.is_empty() {
        return Normal::null();
    }
    let found = match text.len() {
        2 => by_alpha2(&text.to_ascii_uppercase()),
        3 => by_alpha3(&text.to_ascii_uppercase()),
        _ => None,
    };
    match found.or_else(|| by_name(text)) {
        Some(country) => Normal::value(country),
        None => Normal::null_with(IssueKind::NotACountry),
    }
}

fn whole(country: &'static str) -> Country {
    Country {
        country,
        subdivision: None,
    }
}

fn by_alpha2(code: &str) -> Option<Country> {
    if let Ok(idx) = COUNTRIES.binary_search_by_key(&code, |row| row.0) {
        return COUNTRIES.get(idx).map(|row| whole(row.0));
    }
    if let Some(province) = PROVINCES.iter().find(|province| **province == code) {
        return Some(Country {
            country: "CA",
            subdivision: Some(province),
        });
    }
    let kept = KEPT
        .iter()
        .find(|kept| **kept == code)
        .map(|kept| whole(kept));
    kept.or_else(|| {
        RENAMED
            .iter()
            .find(|row| row.0 == code)
            .map(|row| whole(row.1))
    })
}

fn by_alpha3(code: &str) -> Option<Country> {
    COUNTRIES
        .iter()
        .find(|row| row.1 == code)
        .map(|row| whole(row.0))
}

fn by_name(text: &str) -> Option<Country> {
    let folded = fold(text).to_ascii_uppercase();
    let name = folded.trim();
    let name = name.strip_prefix("THE ").unwrap_or(name);
    let by_short_name = COUNTRIES
        .iter()
        .find(|row| row.2 == name)
        .map(|row| whole(row.0));
    by_short_name.or_else(|| {
        let idx = OTHER_NAMES.binary_search_by_key(&name, |row| row.0).ok()?;
        OTHER_NAMES.get(idx).map(|row| whole(row.1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_binary_search() {
        assert!(COUNTRIES.is_sorted_by_key(|row| row.0));
        assert!(OTHER_NAMES.is_sorted_by_key(|row| row.0));
        assert_eq!(COUNTRIES.len(), 249);
    }

    #[test]
    fn codes_and_names_become_alpha2() {
        let cases = [
            ("MX", "MX"),
            ("mx", "MX"),
            ("NA", "NA"),
            ("no", "NO"),
            ("CAN", "CA"),
            ("per", "PE"),
            ("UK", "GB"),
            ("Viet Nam", "VN"),
            ("Vietnam", "VN"),
            ("The Gambia", "GM"),
            ("CÔTE D'IVOIRE", "CI"),
            ("Korea, Republic of", "KR"),
            ("Perú", "PE"),
            ("Kosovo", "XK"),
            ("XK", "XK"),
            ("xz", "XZ"),
            ("ZZ", "ZZ"),
            ("ZR", "CD"),
        ];
        for (text, code) in cases {
            assert_eq!(country(text), Normal::value(whole(code)), "{text}");
        }
    }

    #[test]
    fn canadian_provinces_become_canada() {
        for code in PROVINCES {
            let normal = country(&code.to_lowercase());
            let expected = Country {
                country: "CA",
                subdivision: Some(code),
            };
            assert_eq!(normal, Normal::value(expected), "{code}");
        }
    }

    #[test]
    fn what_is_no_country_becomes_null() {
        for text in [
            "XX", "YU", "QQ", "XF", "KOREA", "U.S.", "12", "\u{0}", "é", "日本", "XXX", "CA-BC",
        ] {
            assert_eq!(
                country(text),
                Normal::null_with(IssueKind::NotACountry),
                "{text:?}"
            );
        }
        assert_eq!(country(""), Normal::null());
    }
}
