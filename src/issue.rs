//! Names what can be wrong with a cell or a row, and what was done about it.
//!
//! Normalizers take text and give a [`Normal`] value; readers give the kinds that concern rows.
//! Nothing here stops a run, and nothing here holds the cell's own text: where it stood is known
//! by whoever called the normalizer.

use serde::Serialize;

/// What to do about rows that are no UTF-8 text.
pub const NOT_UTF8_ADVICE: &str =
    "Convert the file, as with `iconv -f WINDOWS-1252 -t UTF-8`, and run again";

/// What was wrong with a cell or row; a closed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueKind {
    /// The text is no decimal number.
    NotANumber,
    /// The number is infinite, too large for binary64, or NaN.
    NotFinite,
    /// A count has a fraction or is below zero.
    NotAWholeNumber,
    /// A count is too large to be held exactly (above 2^53).
    TooManyDigits,
    /// A weight, quantity or amount is below zero.
    NegativeNumber,
    /// The text is no date of the accepted forms, or no day of the calendar.
    NotADate,
    /// The text is neither yes nor no.
    NotABoolean,
    /// The text names no country.
    NotACountry,
    /// The code does not have the shape its field asks for.
    BadCode,
    /// The code is well formed, but not in its list.
    UnknownCode,
    /// The text is no document status.
    UnknownStatus,
    /// The tariff number had lost its first zero, as spreadsheets do.
    LostLeadingZero,
    /// The unit of measure is not known, so no conversion is possible.
    UnknownUnit,
    /// The unit word has two readings; the metric one was taken.
    AmbiguousUnit,
    /// The check digit does not fit the number.
    BadCheckDigit,
    /// The number can be a Social Security number.
    MaskedIdentity,
    /// The permits cell is no list of objects.
    NotAPermitList,
    /// The text is longer than any cell of a filing (32 KiB).
    CellTooLong,
    /// The row's stage or format cannot carry the field.
    NotCarried,
    /// The row has fewer fields than the header.
    TooFewFields,
    /// The row has more fields than the header.
    TooManyFields,
    /// The row holds bytes that are not UTF-8.
    NotUtf8,
    /// The row holds a NUL byte.
    NulByte,
    /// A quote was opened and not closed.
    UnclosedQuote,
    /// The record is longer than the reader allows.
    RecordTooLong,
    /// The NDJSON line is no JSON object.
    NotAnObject,
}

impl IssueKind {
    /// Lists every kind, cells first, in the order of declaration.
    pub const ALL: &[Self] = &[
        Self::NotANumber,
        Self::NotFinite,
        Self::NotAWholeNumber,
        Self::TooManyDigits,
        Self::NegativeNumber,
        Self::NotADate,
        Self::NotABoolean,
        Self::NotACountry,
        Self::BadCode,
        Self::UnknownCode,
        Self::UnknownStatus,
        Self::LostLeadingZero,
        Self::UnknownUnit,
        Self::AmbiguousUnit,
        Self::BadCheckDigit,
        Self::MaskedIdentity,
        Self::NotAPermitList,
        Self::CellTooLong,
        Self::NotCarried,
        Self::TooFewFields,
        Self::TooManyFields,
        Self::NotUtf8,
        Self::NulByte,
        Self::UnclosedQuote,
        Self::RecordTooLong,
        Self::NotAnObject,
    ];

    /// Returns the kebab-case name that files and messages use, such as `not-a-number`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "not-a-number",
            Self::NotFinite => "not-finite",
            Self::NotAWholeNumber => "not-a-whole-number",
            Self::TooManyDigits => "too-many-digits",
            Self::NegativeNumber => "negative-number",
            Self::NotADate => "not-a-date",
            Self::NotABoolean => "not-a-boolean",
            Self::NotACountry => "not-a-country",
            Self::BadCode => "bad-code",
            Self::UnknownCode => "unknown-code",
            Self::UnknownStatus => "unknown-status",
            Self::LostLeadingZero => "lost-leading-zero",
            Self::UnknownUnit => "unknown-unit",
            Self::AmbiguousUnit => "ambiguous-unit",
            Self::BadCheckDigit => "bad-check-digit",
            Self::MaskedIdentity => "masked-identity",
            Self::NotAPermitList => "not-a-permit-list",
            Self::CellTooLong => "cell-too-long",
            Self::NotCarried => "not-carried",
            Self::TooFewFields => "too-few-fields",
            Self::TooManyFields => "too-many-fields",
            Self::NotUtf8 => "not-utf8",
            Self::NulByte => "nul-byte",
            Self::UnclosedQuote => "unclosed-quote",
            Self::RecordTooLong => "record-too-long",
            Self::NotAnObject => "not-an-object",
        }
    }

    /// Returns what was done: `set to null`, `kept`, `converted`, `masked` or `row set aside`.
    pub fn action(self) -> &'static str {
        match self {
            Self::NotANumber
            | Self::NotFinite
            | Self::NotAWholeNumber
            | Self::TooManyDigits
            | Self::NotADate
            | Self::NotABoolean
            | Self::NotACountry
            | Self::UnknownStatus
            | Self::NotAPermitList
            | Self::CellTooLong
            | Self::NotCarried => "set to null",
            Self::NegativeNumber
            | Self::BadCode
            | Self::UnknownCode
            | Self::UnknownUnit
            | Self::BadCheckDigit => "kept",
            Self::LostLeadingZero | Self::AmbiguousUnit => "converted",
            Self::MaskedIdentity => "masked",
            Self::TooFewFields
            | Self::TooManyFields
            | Self::NotUtf8
            | Self::NulByte
            | Self::UnclosedQuote
            | Self::RecordTooLong
            | Self::NotAnObject => "row set aside",
        }
    }
}

/// A normalized cell: its value, and what was wrong with the text it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Normal<T> {
    /// The value; `None` is a missing value.
    pub value: Option<T>,
    /// What was wrong, if anything.
    pub issue: Option<IssueKind>,
}

impl<T> Normal<T> {
    /// Wraps a value that nothing was wrong with.
    pub fn value(value: T) -> Self {
        Self {
            value: Some(value),
            issue: None,
        }
    }

    /// Makes a missing value that was missing in the text.
    pub fn null() -> Self {
        Self {
            value: None,
            issue: None,
        }
    }

    /// Makes a missing value out of text that could not be read.
    pub fn null_with(issue: IssueKind) -> Self {
        Self {
            value: None,
            issue: Some(issue),
        }
    }

    /// Wraps a value that stands in spite of an issue.
    pub fn kept(value: T, issue: IssueKind) -> Self {
        Self {
            value: Some(value),
            issue: Some(issue),
        }
    }

    /// Changes the value and keeps the issue.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Normal<U> {
        Normal {
            value: self.value.map(change),
            issue: self.issue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_variant_names_in_kebab_case() {
        for kind in IssueKind::ALL {
            let name = format!("{kind:?}");
            let kebab: String = name
                .char_indices()
                .flat_map(|(idx, letter)| {
                    let hyphen = (idx > 0 && letter.is_ascii_uppercase()).then_some('-');
                    hyphen.into_iter().chain([letter.to_ascii_lowercase()])
                })
                .collect();
            assert_eq!(kind.code(), kebab);
        }
    }

    #[test]
    fn all_is_in_order_of_declaration_and_complete() {
        assert!(IssueKind::ALL.is_sorted());
        assert_eq!(IssueKind::ALL.len(), IssueKind::NotAnObject as usize + 1);
    }

    #[test]
    fn map_keeps_the_issue() {
        let kept = Normal::kept(2, IssueKind::BadCode);
        assert_eq!(
            kept.map(|number| number * 2),
            Normal::kept(4, IssueKind::BadCode)
        );
        assert_eq!(Normal::<u8>::null().map(u16::from), Normal::null());
    }
}
