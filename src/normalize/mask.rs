//! Numbers that can be Social Security numbers: masked as they are read.

use super::importer::{importer_number, looks_like_ssn};
use crate::issue::{IssueKind, Normal};
use std::borrow::Cow;
use std::fmt::Write;

/// How a masked number begins in memory, before its first row is known; never written.
pub const MASK_PREFIX: &str = "E-#";

/// What becomes of a number that can be a Social Security number.
#[derive(Clone, Debug, Default)]
pub enum Identities {
    /// It stands as `E-` and the record id of its first row.
    #[default]
    FirstRow,
    /// It stands as `E-` and a hash under this key, the same in every run with the key.
    Keyed([u8; 32]),
    /// It is shown; run.json says so.
    Shown,
}

/// The key of the hash that tells masked numbers apart within a run. It hides nothing, and is never written.
const RUN_CONTEXT: &str = "ch24 masked identity within one run";

impl Identities {
    /// Reads an importer or consignee number.
    ///
    /// # Source
    /// CBP 7501 blocks 26 and 27; CBP 5106.
    pub(super) fn read(&self, text: &str) -> Normal<String> {
        let text = &*ascii_digits(text);
        let normal = importer_number(text);
        if normal.issue != Some(IssueKind::MaskedIdentity) {
            return normal;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let masked = match self {
            Self::Shown => return Normal::value(text.trim().to_owned()),
            Self::FirstRow => {
                let hash = blake3::derive_key(RUN_CONTEXT, digits.as_bytes());
                format!("{MASK_PREFIX}{}", hex(&hash, 12))
            }
            Self::Keyed(key) => format!(
                "E-{}",
                hex(blake3::keyed_hash(key, digits.as_bytes()).as_bytes(), 12)
            ),
        };
        Normal::kept(masked, IssueKind::MaskedIdentity)
    }
}

impl Identities {
    /// Tells keys of masked numbers apart and shows nothing of them; none without a key.
    pub fn fingerprint(&self) -> Option<String> {
        match self {
            Self::Keyed(key) => {
                let hash =
                    blake3::derive_key("ch24 fingerprint of the key of masked identities", key);
                Some(hex(&hash, 8))
            }
            Self::FirstRow | Self::Shown => None,
        }
    }
}

impl Identities {
    /// The start of a row that could not be read, as it may be shown: nobody knows which of its cells was an importer
    /// number, so `#` stands for the digits of every cell that can be a Social Security number, whole or cut off.
    pub fn row_shown(&self, text: &str) -> String {
        if matches!(self, Self::Shown) {
            return text.to_owned();
        }
        let is_mark = |c: char| {
            matches!(
                c,
                ',' | ';' | '|' | '"' | '\t' | ':' | '{' | '}' | '[' | ']'
            )
        };
        let mut shown = String::with_capacity(text.len());
        let text = ascii_digits(text);
        for piece in text.split_inclusive(is_mark) {
            let cell = piece.trim_end_matches(is_mark);
            let n_digits = cell.bytes().filter(u8::is_ascii_digit).count();
            let is_cut = piece == cell && n_digits >= CUT_DIGITS;
            match is_cut || looks_like_ssn(cell) || is_grouped(cell) {
                true => shown.push_str(&without_digits(piece)),
                false => shown.push_str(piece),
            }
        }
        shown
    }

    /// A cell of any field that could not be read, as it may be shown: in a row whose columns are shifted it can be an
    /// importer number, which its groups of 3, 2 and 4 digits give away.
    pub fn cell_shown(&self, text: &str) -> String {
        let in_ascii = ascii_digits(text);
        match !matches!(self, Self::Shown) && is_grouped(&in_ascii) {
            true => without_digits(&in_ascii),
            false => text.to_owned(),
        }
    }
}

/// Zeros of the scripts whose digits a keyboard or a form may write, each followed by 1 to 9 (Unicode, category Nd).
const ZEROS: [char; 19] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}',
    '\u{17e0}', '\u{1810}', '\u{ff10}',
];

/// A text with digits of any script as ASCII ones, so that none hides a number.
fn ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let digit = |letter: char| {
        let value = |zero: &char| u32::from(letter).checked_sub(u32::from(*zero));
        let value = ZEROS.iter().filter_map(value).find(|value| *value < 10);
        let digit = value.and_then(|value| char::from_digit(value, 10));
        digit.unwrap_or(letter)
    };
    Cow::Owned(text.chars().map(digit).collect())
}

impl Identities {
    /// A free text as it may be kept: `#` stands for the digits of a Social Security number in it, as written on forms.
    pub(super) fn free_text_read(&self, normal: Normal<String>) -> Normal<String> {
        match normal.value.as_deref().map(ssn_at) {
            Some(Some(_)) if !matches!(self, Self::Shown) => {}
            _ => return normal,
        }
        let text = without_ssn(normal.value.unwrap_or_default());
        Normal::kept(text, IssueKind::MaskedIdentity)
    }
}

/// How a Social Security number is written on forms, as it is shown.
const SSN_FORM: &str = "###-##-####";

/// Whether a text may hold a Social Security number as it is written on forms.
pub(super) fn holds_ssn(text: &str) -> bool {
    ssn_at(text).is_some()
}

/// A text of people, as it may be shown: without what controls a terminal, `#` for the digits of Social Security numbers as
/// written on forms.
pub fn said(text: &str) -> String {
    let seen = text.chars().filter(|letter| !letter.is_control());
    without_ssn(ascii_digits(&seen.collect::<String>()).into_owned())
}

/// A text with [`SSN_FORM`] for every Social Security number in it.
fn without_ssn(mut text: String) -> String {
    while let Some(at) = ssn_at(&text) {
        text.replace_range(at..at + SSN_FORM.len(), SSN_FORM);
    }
    text
}

/// Where the first Social Security number of a text begins, `NNN-NN-NNNN` with nothing that goes on at either side.
fn ssn_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_one = |start: usize| {
        let number = bytes.get(start..start + SSN_FORM.len())?;
        let fits = number
            .iter()
            .zip(SSN_FORM.bytes())
            .all(|(byte, form)| match form {
                b'#' => byte.is_ascii_digit(),
                mark => *byte == mark,
            });
        let goes_on = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(start + SSN_FORM.len());
        (fits && !goes_on(before) && !goes_on(after)).then_some(start)
    };
    memchr::memchr_iter(b'-', bytes).find_map(|dash| is_one(dash.checked_sub(3)?))
}

/// Digits of a cell that was cut off from which on it can have been a Social Security number.
const CUT_DIGITS: usize = 4;

/// Whether digits stand in groups of 3, 2 and 4 or more, with something small between them.
fn is_grouped(text: &str) -> bool {
    let mut groups: Vec<usize> = Vec::new();
    let mut between = 0;
    for c in text.chars() {
        match c.is_ascii_digit() {
            true if between == 0 && !groups.is_empty() => {
                groups.last_mut().into_iter().for_each(|count| *count += 1);
            }
            true => groups.push(1),
            false if c.is_alphanumeric() => between = LARGE_GAP,
            false => between += 1,
        }
        if c.is_ascii_digit() {
            if between >= LARGE_GAP {
                groups.drain(..groups.len() - 1);
            }
            between = 0;
            if matches!(groups.as_slice(), [.., 3, 2, serial] if *serial >= 4) {
                return true;
            }
        }
    }
    false
}

/// Characters between digits that make them two numbers.
const LARGE_GAP: usize = 4;

fn without_digits(text: &str) -> String {
    text.replace(|c: char| c.is_ascii_digit(), "#")
}

fn hex(bytes: &[u8], n_bytes: usize) -> String {
    let mut text = String::new();
    for byte in bytes.iter().take(n_bytes) {
        write!(text, "{byte:02x}").expect("a string takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_cells_that_could_not_be_read_show_no_such_number() {
        let ours = Identities::FirstRow;
        for (row, shown) in [
            (
                "ABC,987-65-4329,4407299500,OAK,",
                "ABC,###-##-####,4407299500,OAK,",
            ),
            ("ABC,987654329,12-3456789,", "ABC,#########,12-3456789,"),
            (
                "{\"importer\":\"987 65 4329\",\"x\":44}",
                "{\"importer\":\"### ## ####\",\"x\":44}",
            ),
            (
                "ABC,JOHN DOE 987-65-4329 JR,x",
                "ABC,JOHN DOE ###-##-#### JR,x",
            ),
            ("ABC,OAK,987-65", "ABC,OAK,###-##"),
        ] {
            assert_eq!(ours.row_shown(row), shown);
            assert_eq!(Identities::Shown.row_shown(row), row);
        }
        assert_eq!(ours.cell_shown("987-65-4329"), "###-##-####");
        assert_eq!(ours.cell_shown("９８７-65-4329"), "###-##-####");
        for kept in ["440729950", "2026-13-45", "987 654329", "1987-65-4329"] {
            assert_eq!(ours.cell_shown(kept), kept);
        }
    }

    #[test]
    fn free_text_keeps_everything_but_such_a_number() {
        let read = |identities: &Identities, text: &str| {
            identities.free_text_read(Normal::value(text.to_owned()))
        };
        let ours = Identities::FirstRow;
        let masked = read(&ours, "IOR 123-45-6789, É987-65-4329/X 5-7 OZ");
        assert_eq!(
            masked,
            Normal::kept(
                "IOR ###-##-####, É###-##-####/X 5-7 OZ".to_owned(),
                IssueKind::MaskedIdentity
            )
        );
        assert_eq!(
            read(&Identities::Shown, "IOR 123-45-6789").value.as_deref(),
            Some("IOR 123-45-6789")
        );
        for kept in [
            "123-45-67890",
            "1123-45-6789",
            "A123-45-6789",
            "664-123-4567",
            "5-7",
            "-",
        ] {
            assert_eq!(read(&ours, kept), Normal::value(kept.to_owned()));
        }
    }

    #[test]
    fn a_masked_number_keeps_nothing_of_itself() {
        let masked = Identities::FirstRow
            .read("000-12-3456")
            .value
            .expect("a mask");
        assert!(masked.starts_with(MASK_PREFIX));
        for same in ["000 12 3456", "０００-12-3456", "٠٠٠-١٢-٣٤٥٦"] {
            assert_eq!(Identities::FirstRow.read(same).value, Some(masked.clone()));
        }
        assert_eq!(
            Identities::FirstRow.read("99-0000012AA").value.as_deref(),
            Some("99-0000012AA")
        );
        let first = Identities::Keyed([1; 32]).read("000-12-3456").value;
        assert_ne!(first, Identities::Keyed([2; 32]).read("000-12-3456").value);
    }
}
