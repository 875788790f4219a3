//! Brings the names and addresses of parties to one form.
//!
//! Only form changes here. Legal suffixes, abbreviations and word order are facts until entities
//! are clustered.

use super::text::squeeze_upper;
use crate::issue::Normal;

/// Reads a party name: upper case, control characters and runs of white space to one space.
///
/// Accents and punctuation stay; they are Unicode upper case, without Unicode normalization.
///
/// # Missing values
/// Text with nothing visible in it is null.
///
/// # Source
/// CBP 7501 blocks 29 and 30, SE30/SF30, BD 0N, N1, LEMIS `us_co` and `foreign_co`.
pub fn party_name(text: &str) -> Normal<String> {
    let name = squeeze_upper(text);
    if name.is_empty() {
        Normal::null()
    } else {
        Normal::value(name)
    }
}

/// Reads an address as one line, in the form of [`party_name`].
///
/// # Missing values
/// Text with nothing visible in it is null.
///
/// # Source
/// BD 2N/3N, N3/N4, AMS `address_1` to `address_4`.
pub fn address(text: &str) -> Normal<String> {
    party_name(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_suffixes_accents_and_punctuation() {
        let cases = [
            (
                " Maderas  del Río,\tS.A. de C.V. ",
                "MADERAS DEL RÍO, S.A. DE C.V.",
            ),
            ("o'Brien & sons\u{0}ltd", "O'BRIEN & SONS LTD"),
            ("有限公司 abc", "有限公司 ABC"),
        ];
        for (text, name) in cases {
            assert_eq!(party_name(text), Normal::value(name.to_owned()), "{text:?}");
        }
        assert_eq!(party_name("\r\n"), Normal::null());
    }

    #[test]
    fn an_address_becomes_one_line() {
        let line = "12 CALLE 5 LAREDO TX 78040".to_owned();
        assert_eq!(address("12 Calle 5\nLaredo  TX 78040"), Normal::value(line));
    }
}
