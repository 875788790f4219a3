//! Brings numbers of importers and consignees to one form, and holds back personal ones.
//!
//! What comes in can be a Social Security number; what goes out never is. Putting the mask (`E-`
//! and the record id) in its place is left to the caller, who knows the record.

use super::identity::{compact, is_digits};
use crate::issue::{IssueKind, Normal};

/// Reads the number of an importer or consignee: upper case, spaces dropped.
///
/// The forms are `NN-NNNNNNNXX` (employer, the suffix may be missing), `YYDDPP-NNNNN` (assigned by
/// CBP) and, in files this program wrote, `E-` and a record id, which keeps its case.
///
/// # Missing values
/// Empty text is null. A number that can be a Social Security number ([`looks_like_ssn`]) is null
/// with `masked-identity`, so that it cannot leave by oversight; the caller puts the mask in its
/// place. Other shapes are kept with an issue.
///
/// # Source
/// CBP 7501 blocks 26 and 27, AE 11\[3-26\]; CBP 5106.
pub fn importer_number(text: &str) -> Normal<String> {
    let number = compact(text, &[' ']);
    if number.is_empty() {
        return Normal::null();
    }
    if looks_like_ssn(text) {
        return Normal::null_with(IssueKind::MaskedIdentity);
    }
    if is_mask(text.trim()) {
        return Normal::value(text.trim().to_owned());
    }
    let is_known_form = match number.split_once('-') {
        Some((first, second)) if is_digits(first, 2) => {
            second.split_at_checked(7).is_some_and(|(serial, suffix)| {
                is_digits(serial, 7)
                    && matches!(suffix.len(), 0 | 2)
                    && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
        }
        Some((first, second)) => is_digits(first, 6) && is_digits(second, 5),
        None => false,
    };
    if is_known_form {
        Normal::value(number)
    } else {
        Normal::kept(number, IssueKind::BadCode)
    }
}

/// Tells whether text is plainly an employer number, `NN-NNNNNNN` with or without a suffix of two.
///
/// # Source
/// CBP 5106.
pub(super) fn is_employer_number(text: &str) -> bool {
    let is_suffix = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    match text.as_bytes() {
        [first, second, b'-', rest @ ..] if matches!(rest.len(), 7 | 9) => {
            let (serial, suffix) = rest.split_at(7);
            [first, second]
                .into_iter()
                .chain(serial)
                .all(u8::is_ascii_digit)
                && suffix.iter().all(is_suffix)
        }
        _ => false,
    }
}

/// Tells whether an importer number can be a Social Security number.
///
/// It errs on the side of masking, since a masked number still tells its rows apart:
/// - digits grouped 3-2-4, whatever stands between the groups, before them or after them;
/// - nine digits in any other grouping, bare ones included: they can be an employer number or a
///   person's, and nothing in them tells which; with anything after them if they are bare;
/// - seven or eight bare digits: a number that a spreadsheet robbed of its leading zeros;
/// - any of these with the `.0` that a data frame puts behind whole numbers.
///
/// `NN-NNNNNNN`, with its hyphen, is an employer number and passes.
///
/// # Missing values
/// Empty text is not one.
///
/// # Source
/// CBP 5106: `NNN-NN-NNNN` for persons, `NN-NNNNNNNXX` for companies.
pub fn looks_like_ssn(text: &str) -> bool {
    let text = text.trim();
    if is_mask(text) {
        return false;
    }
    let text = text.strip_suffix(".0").unwrap_or(text);
    let body = text.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let has_letters = body.chars().any(char::is_alphabetic);
    let groups: Vec<usize> = body
        .split(|letter: char| !letter.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    match groups.as_slice() {
        [3, 2, serial, ..] if *serial >= 4 => true,
        [9, ..] => true,
        [2, 7] => !body.contains('-'),
        [7 | 8] => !has_letters,
        groups => !has_letters && groups.iter().sum::<usize>() == 9,
    }
}

/// The nine-digit root of an employer number, `NN-NNNNNNN` without its suffix; any other number whole.
pub fn employer_root(number: &str) -> &str {
    if number.starts_with("E-") {
        return number;
    }
    match number.get(..10) {
        Some(root) if number.len() == 12 && root.as_bytes().get(2) == Some(&b'-') => root,
        _ => number,
    }
}

/// Tells whether text is what this program writes for a masked number: `E-` and a record id.
fn is_mask(text: &str) -> bool {
    if let Some(digest) = text.strip_prefix("E-")
        && digest.len() == 24
        && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return true;
    }
    let Some((label, row)) = text.strip_prefix("E-").and_then(|id| id.split_once('-')) else {
        return false;
    };
    label.len() == 12 && label.bytes().all(|byte| byte.is_ascii_hexdigit()) && is_digits(row, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_numbers_pass() {
        let cases = [
            ("12-345678900", "12-345678900", None),
            ("12-3456789ab", "12-3456789AB", None),
            ("12-3456789", "12-3456789", None),
            ("240101-12345", "240101-12345", None),
            (
                "E-a123456789bc-0000000001",
                "E-a123456789bc-0000000001",
                None,
            ),
            ("12345678900", "12345678900", Some(IssueKind::BadCode)),
            ("ABC", "ABC", Some(IssueKind::BadCode)),
        ];
        for (text, number, issue) in cases {
            let expected = Normal {
                value: Some(number.to_owned()),
                issue,
            };
            assert_eq!(importer_number(text), expected, "{text}");
            // What is plainly in form must be what reading gives.
            let is_same = expected.issue.is_none() && expected.value.as_deref() == Some(text);
            assert!(is_same || !is_employer_number(text), "{text}");
        }
        assert!(is_employer_number("12-3456789") && is_employer_number("12-345678900"));
        assert_eq!(importer_number(" "), Normal::null());
    }

    #[test]
    fn what_can_be_a_social_security_number_is_not_given_back() {
        for text in [
            "123-45-6789",
            "123 45 6789",
            "123456789",
            "123\u{2011}45\u{2011}6789",
            "123.45.6789",
            "SSN 123-45-6789",
            "123-45-6789 00",
            "123456789AB",
            "12 3456789",
            "E-123-45-6789",
            "123-45-6789AB",
            "123456789.0",
            "12345678",
            "1234567.0",
            "123-456789",
            "1-2-3-4-5-6-7-8-9",
            " 123 - 45 - 6789 ",
        ] {
            assert!(looks_like_ssn(text), "{text}");
            assert_eq!(
                importer_number(text),
                Normal::null_with(IssueKind::MaskedIdentity),
                "{text}"
            );
        }
        for text in [
            "12-3456789",
            "12-345678900",
            "240101-12345",
            "",
            "123456",
            "A1B2C3",
            "E-1a-2",
        ] {
            assert!(!looks_like_ssn(text), "{text}");
        }
    }

    #[test]
    fn an_importer_is_the_root_of_its_number() {
        assert_eq!(employer_root("99-0000012AA"), "99-0000012");
        assert_eq!(employer_root("99-0000012"), "99-0000012");
        assert_eq!(employer_root("241234-56789"), "241234-56789");
        assert_eq!(
            employer_root("E-0123456789ab-0000000001"),
            "E-0123456789ab-0000000001"
        );
    }
}
