//! What free text may not carry out of the house: numbers of persons and entries, amounts of money, contacts.
//!
//! [`WITHHELD`] stands in their place. Forms are recognized, not meanings: a lot number of the form of an entry number goes
//! as well, a number in words stays. So an approver still reads what is released.

use serde::Serialize;
use std::ops::AddAssign;

/// What stands in the place of what is withheld.
pub const WITHHELD: &str = "[withheld]";

/// How many pieces of text were withheld, by what they look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// Numbers of importers or persons.
    pub personal_numbers: u64,
    /// Entry numbers.
    pub entry_numbers: u64,
    /// Amounts of money.
    pub amounts: u64,
    /// Phone numbers and mail addresses.
    pub contacts: u64,
}

impl Withheld {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.personal_numbers + self.entry_numbers + self.amounts + self.contacts
    }
}

impl AddAssign for Withheld {
    fn add_assign(&mut self, other: Self) {
        self.personal_numbers += other.personal_numbers;
        self.entry_numbers += other.entry_numbers;
        self.amounts += other.amounts;
        self.contacts += other.contacts;
    }
}

#[derive(Clone, Copy)]
enum What {
    Personal,
    Entry,
    Amount,
    Contact,
}

/// Numbers that are known of the shipments: they are found in any spelling, whatever their form.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Letters and digits of importer numbers, with and without suffix.
    pub(super) importers: Vec<String>,
    /// Letters and digits of entry numbers.
    pub(super) entries: Vec<String>,
}

/// The letters and digits of a number; short ones tell nothing.
pub(super) fn compact(number: &str) -> Option<String> {
    let kept = number.chars().filter(char::is_ascii_alphanumeric);
    let kept: String = kept.map(|letter| letter.to_ascii_uppercase()).collect();
    (kept.len() >= MIN_KNOWN).then_some(kept)
}

/// Letters and digits from which on a number is one.
const MIN_KNOWN: usize = 7;

/// A text as it may be released. Of texts that are no free text, only what is known or has the form of a person's number goes.
pub(super) fn released(text: &str, is_free: bool, known: &Known) -> (String, Withheld) {
    // Of the same length: places are those of the text.
    let upper = text.to_ascii_uppercase();
    let mut released = String::with_capacity(text.len());
    let mut withheld = Withheld::default();
    let mut at = 0;
    while at < text.len() {
        let found = match is_start(&upper, at) {
            true => known_number(&upper[at..], known).or_else(|| form(&upper[at..], is_free)),
            false => None,
        };
        if let Some((what, length)) = found {
            let count = match what {
                What::Personal => &mut withheld.personal_numbers,
                What::Entry => &mut withheld.entry_numbers,
                What::Amount => &mut withheld.amounts,
                What::Contact => &mut withheld.contacts,
            };
            *count += 1;
            released.push_str(WITHHELD);
            at += length;
        } else {
            let letter = text[at..].chars().next().map_or(1, char::len_utf8);
            released.push_str(&text[at..at + letter]);
            at += letter;
        }
    }
    (released, withheld)
}

/// Whether something can begin here: not within a word or number.
fn is_start(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    !before.is_some_and(char::is_alphanumeric)
}

fn known_number(rest: &str, known: &Known) -> Option<(What, usize)> {
    let of = |numbers: &[String]| {
        let mut lengths = numbers.iter().filter_map(|number| spelled(rest, number));
        lengths.next()
    };
    let importer = of(&known.importers).map(|length| (What::Personal, length));
    importer.or_else(|| of(&known.entries).map(|length| (What::Entry, length)))
}

/// The length of a number at the start of a text, with single marks between its letters and digits.
fn spelled(rest: &str, number: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    for (position, wanted) in number.bytes().enumerate() {
        if position > 0 && matches!(bytes.get(at), Some(b'-' | b' ' | b'.' | b'/')) {
            at += 1;
        }
        if bytes.get(at) != Some(&wanted) {
            return None;
        }
        at += 1;
    }
    is_end(bytes, at).then_some(at)
}

/// What stands at the start of a text, by its form.
fn form(rest: &str, is_free: bool) -> Option<(What, usize)> {
    let bytes = rest.as_bytes();
    let personal = || PERSONAL.iter().find_map(|form| shaped(bytes, form));
    let personal = personal().map(|length| (What::Personal, length));
    if !is_free {
        return personal;
    }
    let named = |words: &[&str], enough| {
        let word = words.iter().filter_map(|word| worded(bytes, word)).max()?;
        let length = number_of(&bytes[word..], enough)?;
        Some(word + length)
    };
    personal
        .or_else(|| named(&IMPORTER_WORDS, 9).map(|length| (What::Personal, length)))
        .or_else(|| named(&ENTRY_WORDS, 8).map(|length| (What::Entry, length)))
        .or_else(|| entry(bytes).map(|length| (What::Entry, length)))
        .or_else(|| amount(bytes).map(|length| (What::Amount, length)))
        .or_else(|| named(&PHONE_WORDS, 10).map(|length| (What::Contact, length)))
        .or_else(|| phone(bytes).map(|length| (What::Contact, length)))
        .or_else(|| mail(bytes).map(|length| (What::Contact, length)))
}

/// Forms of numbers of persons and importers: `0` is a digit (or `#`, where it was masked), `X` a letter or digit.
///
/// # Source
/// CBP 5106: Social Security number, employer number with its suffix, number assigned by CBP.
const PERSONAL: [&str; 6] = [
    "000-00-0000",
    "000 00 0000",
    "000.00.0000",
    "00-0000000XX",
    "00-0000000",
    "000000-00000",
];
/// Entry numbers: filer code, seven digits, check digit (CBP 7501 block 1).
const ENTRIES: [&str; 2] = ["XXX-0000000-0", "XXX00000000"];
/// Phone numbers that are plain without a word.
const PHONES: [&str; 6] = [
    "(000) 000-0000",
    "(000)000-0000",
    "(000) 000 0000",
    "000-000-0000",
    "000.000.0000",
    "000 000 0000",
];
const IMPORTER_WORDS: [&str; 6] = ["IOR", "EIN", "SSN", "ITIN", "TAX ID", "IMPORTER"];
const ENTRY_WORDS: [&str; 2] = ["ENTRY", "ENTRIES"];
const PHONE_WORDS: [&str; 11] = [
    "TEL", "TELS", "TELEFONO", "PHONE", "PH", "FAX", "CEL", "CELL", "CELULAR", "MOBILE", "WHATSAPP",
];
/// Currencies that stand before or after an amount. Words that also mean something else (`EUR` pallets, sand dollars,
/// `peso` for weight) count after an amount only.
const CURRENCIES: [&str; 12] = [
    "USD", "US$", "MXN", "MX$", "M.N.", "CAD", "GBP", "CNY", "RMB", "JPY", "CHF", "EUR",
];
const CURRENCIES_AFTER: [&str; 6] = ["DOLLARS", "DOLARES", "DLLS", "DLS", "PESOS", "EUROS"];
const SIGNS: [&str; 4] = ["$", "\u{20ac}", "\u{a3}", "\u{a5}"];

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'#'
}

/// Whether a word or number ends before a place.
fn is_end(bytes: &[u8], at: usize) -> bool {
    !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)
}

/// The length of a form at the start of a text; what goes on with a further group is of another form.
fn shaped(bytes: &[u8], form: &str) -> Option<usize> {
    let fits = |(byte, wanted): (&u8, u8)| match wanted {
        b'0' => is_digit(*byte),
        b'X' => byte.is_ascii_alphanumeric(),
        mark => *byte == mark,
    };
    let whole = bytes.len() >= form.len() && bytes.iter().zip(form.bytes()).all(fits);
    let goes_on =
        matches!(bytes.get(form.len()..), Some([b'-' | b'.', next, ..]) if is_digit(*next));
    (whole && is_end(bytes, form.len()) && !goes_on).then_some(form.len())
}

/// The length of an entry number: one without marks has a letter in its filer code, or it could be anything.
fn entry(bytes: &[u8]) -> Option<usize> {
    let length = ENTRIES.iter().find_map(|form| shaped(bytes, form))?;
    let is_marked = bytes[3] == b'-';
    let has_letter = bytes[..3].iter().any(u8::is_ascii_alphabetic);
    (is_marked || has_letter).then_some(length)
}

/// The length of a word at the start, with the marks and the `NO.` after it.
fn worded(bytes: &[u8], word: &str) -> Option<usize> {
    let rest = bytes.strip_prefix(word.as_bytes())?;
    if rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let marks = |bytes: &[u8]| {
        let is_mark = |byte: &&u8| matches!(**byte, b' ' | b':' | b'.' | b'#' | b'=');
        bytes.iter().take_while(is_mark).count()
    };
    let mut at = marks(rest);
    for more in [&b"NUMBER"[..], b"NUM", b"NO", b"NR"] {
        if rest[at..].starts_with(more) {
            at += more.len();
            at += marks(&rest[at..]);
            break;
        }
    }
    Some(word.len() + at)
}

/// The length of a number with marks between its digits, which a space ends when there are enough; it may begin with up to
/// three letters, such as a filer code, and end in two.
fn number_of(bytes: &[u8], enough: usize) -> Option<usize> {
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic();
    let first = bytes.iter().take_while(is_letter).count();
    let (mut n_digits, mut length) = (0, first);
    for (place, byte) in bytes.iter().enumerate().skip(first) {
        match *byte {
            byte if is_digit(byte) => (n_digits, length) = (n_digits + 1, place + 1),
            b' ' if n_digits >= enough => break,
            b'-' | b' ' | b'.' | b'(' | b')' | b'+' => {}
            _ => break,
        }
    }
    let suffix = bytes[length..].iter().take_while(is_letter).count();
    if suffix <= 2 && is_end(bytes, length + suffix) {
        length += suffix;
    }
    (first <= 3 && n_digits >= MIN_KNOWN).then_some(length)
}

/// The length of digits with commas and points, and of what multiplies them.
fn figure(bytes: &[u8]) -> Option<usize> {
    let is_part = |byte: &&u8| byte.is_ascii_digit() || matches!(**byte, b',' | b'.');
    let mut length = bytes.iter().take_while(is_part).count();
    while length > 0 && !bytes[length - 1].is_ascii_digit() {
        length -= 1;
    }
    if length == 0 || !bytes[0].is_ascii_digit() {
        return None;
    }
    for more in [&b"MM"[..], b"K", b"M"] {
        if bytes[length..].starts_with(more) && is_end(bytes, length + more.len()) {
            return Some(length + more.len());
        }
    }
    Some(length)
}

/// The length of a currency; more words are one after a figure.
fn currency(bytes: &[u8], is_after_figure: bool) -> Option<usize> {
    let after = CURRENCIES_AFTER.iter().filter(|_| is_after_figure);
    let mut all = CURRENCIES.iter().chain(&SIGNS).chain(after);
    let fits = |currency: &&&str| {
        let Some(rest) = bytes.strip_prefix(currency.as_bytes()) else {
            return false;
        };
        let is_word = currency.ends_with(|last: char| last.is_ascii_alphabetic());
        let goes_on = is_word && rest.first().is_some_and(u8::is_ascii_alphabetic);
        // `6 EUR PALLETS` are pallets.
        !goes_on && !rest.trim_ascii_start().starts_with(b"PAL")
    };
    all.find(fits).map(|currency| currency.len())
}

/// The digits that a text begins with, where nothing but an end follows them.
fn digits(bytes: &[u8]) -> usize {
    let length = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    match bytes.get(length) {
        None | Some(b' ') => length,
        Some(_) => 0,
    }
}

/// The length of figures and currencies that stand side by side: `1,200 USD 57157` can be read in two ways, so all of it goes.
fn amount(bytes: &[u8]) -> Option<usize> {
    let (mut n_figures, mut n_currencies, mut end) = (0, 0, 0);
    let mut was_figure = false;
    loop {
        let is_mark = |byte: &&u8| matches!(**byte, b' ' | b':' | b'=');
        let at = end
            + match end {
                0 => 0,
                end => bytes[end..].iter().take_while(is_mark).count(),
            };
        let found = figure(&bytes[at..]).filter(|_| !was_figure);
        if let Some(length) = found {
            (n_figures, was_figure, end) = (n_figures + 1, true, at + length);
        } else if let Some(length) = currency(&bytes[at..], was_figure) {
            (n_currencies, was_figure, end) = (n_currencies + 1, false, at + length);
        } else {
            break;
        }
    }
    let is_small = |bytes: &[u8]| (1..=3).contains(&digits(bytes));
    match (n_figures, n_currencies) {
        (0, _) | (_, 0) => None,
        // `25 USD 57157`: a size or a count, and then the amount.
        (2, 1) if is_small(bytes) => None,
        _ => Some(end),
    }
}

fn phone(bytes: &[u8]) -> Option<usize> {
    if bytes.first() == Some(&b'+') && bytes.get(1).is_some_and(u8::is_ascii_digit) {
        return number_of(bytes, 10);
    }
    PHONES.iter().find_map(|form| shaped(bytes, form))
}

fn mail(bytes: &[u8]) -> Option<usize> {
    let of = |bytes: &[u8], marks: &[u8]| {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || marks.contains(byte);
        bytes.iter().take_while(is_part).count()
    };
    let name = of(bytes, b"._%+-");
    let host = bytes.get(name..)?.strip_prefix(b"@")?;
    let length = of(host, b".-");
    let is_host = host[..length].iter().skip(1).any(|byte| *byte == b'.');
    (name > 0 && is_host).then_some(name + 1 + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        released(text, true, &Known::default()).0
    }

    #[test]
    fn numbers_money_and_contacts_are_withheld() {
        for (text, expected) in [
            (
                "ABALONE 26/30 USD 57157 IOR 123-45-6789 LOT 63886 ENTRY AF300033368 TEL 664-123-4567 26/30",
                "ABALONE 26/30 [withheld] [withheld] LOT 63886 [withheld] [withheld] 26/30",
            ),
            ("SSN:123456789, FROZEN", "[withheld], FROZEN"),
            (
                "OWNER 123-45-6789/ ###-##-####",
                "OWNER [withheld]/ [withheld]",
            ),
            ("EIN 12-3456789AB BOOTS", "[withheld] BOOTS"),
            ("12-3456789 240101-12345", "[withheld] [withheld]"),
            ("REF AF3-0003336-8 AF300033368", "REF [withheld] [withheld]"),
            ("ENTRY NO. 12345678901 OAK", "[withheld] OAK"),
            (
                "VALUE $57,157.00 US$ 5 12.50 USD 3K MXN",
                "VALUE [withheld] [withheld]",
            ),
            (
                "US$57157.00 KG €5, 5 €/KG 900 DLLS",
                "[withheld] KG [withheld], [withheld]/KG [withheld]",
            ),
            ("+52 (664) 123 4567 CALL", "[withheld] CALL"),
            ("WHATSAPP: 52 1 664 123 4567", "[withheld]"),
            (
                "555.123.4567 J.DOE@ACME-FISH.COM.MX",
                "[withheld] [withheld]",
            ),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        let (_, withheld) = released("USD 5 IOR 12-3456789 A@B.MX", true, &Known::default());
        assert_eq!(
            (
                withheld.amounts,
                withheld.personal_numbers,
                withheld.contacts
            ),
            (1, 1, 1)
        );
        assert_eq!(withheld.total(), 3);
    }

    #[test]
    fn quantities_sizes_codes_and_names_stay() {
        for text in [
            "409 CAJAS ABULON EN LATA 21/25 LOT 74297 REF 637096",
            "38 MASTER CASES FROZEN ABALONE MEAT 5-7 OZ HTS 0307830000 (4407.29.0190)",
            "1466 CTNS FISH STOMACH FACTURA 456306 NET WT 14656 KG",
            "DALBERGIA RETUSA 12 X 45 X 2400 MM, 1.250 M3, 0.5 KG",
            "CONTAINER QQCU4701284 2026-03-02 03-02-2026",
            "6 EUR PALLETS 200 SAND DOLLARS 40 PCS PESO 500 KG",
            "TELA DE ALGODON 1234567 M, TINTA, ENTRYWAY DOORS 1200000",
            "PH 7 CELERY 10 KG, IMPORTER SPECIAL 12 PCS",
            "CAMARÓN Nº 16/20, AÑO 2026, 日本 100",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn known_numbers_are_found_in_any_spelling() {
        let known = Known {
            importers: vec![compact("99-0000006").unwrap()],
            entries: vec![compact("AF3-0003336-8").unwrap()],
        };
        for text in ["990000006", "99 0000006", "99-000-0006", "AF3 0003336 8"] {
            assert_eq!(released(text, false, &known).0, WITHHELD, "{text}");
        }
        // What is no free text keeps everything else.
        for text in ["664-123-4567", "USD 5", "1990000006"] {
            assert_eq!(released(text, false, &known).0, text);
        }
        assert_eq!(compact("A-1"), None);
    }
}
