//! Tells kinds of permit by the words that filers use.

use super::text::fold;

/// The kinds of permit that have fields of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Cites,
    Iftp,
    Esa,
    Mmpa,
    Wbca,
    Hms,
    Preapproval,
    Dissostichus,
    Coa,
    Edecs,
    FwsLicense,
    PortException,
    Breeding,
    Harvest,
}

/// Phrases that tell the kind, in folded form; the first that is found decides.
///
/// More special kinds come first: a preapproval names *Dissostichus* too.
const PHRASES: &[(&str, Kind)] = &[
    (" nm4 ", Kind::Iftp),
    (" iftp ", Kind::Iftp),
    (" international fisheries trade permit ", Kind::Iftp),
    (" port exception ", Kind::PortException),
    (" breeding ", Kind::Breeding),
    (" cites ", Kind::Cites),
    (" esa ", Kind::Esa),
    (" endangered species act ", Kind::Esa),
    (" mmpa ", Kind::Mmpa),
    (" marine mammal ", Kind::Mmpa),
    (" wbca ", Kind::Wbca),
    (" wild bird ", Kind::Wbca),
    (" hms ", Kind::Hms),
    (" highly migratory ", Kind::Hms),
    (" preapproval ", Kind::Preapproval),
    (" pre approval ", Kind::Preapproval),
    (" ded ", Kind::Dissostichus),
    (" dissostichus ", Kind::Dissostichus),
    (" coa ", Kind::Coa),
    (" certificate of admissibility ", Kind::Coa),
    (" edecs ", Kind::Edecs),
    (" fws license ", Kind::FwsLicense),
    (" fws licence ", Kind::FwsLicense),
    (" harvest authorization ", Kind::Harvest),
    (" fishing authorization ", Kind::Harvest),
    (" fishing license ", Kind::Harvest),
];

/// Finds the kind that a permit type names; `None` where no phrase is in it.
pub(crate) fn kind_of(text: &str) -> Option<Kind> {
    let folded = fold(text);
    PHRASES
        .iter()
        .find(|(phrase, _)| folded.contains(phrase))
        .map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        for (text, kind) in [
            ("NM4", Some(Kind::Iftp)),
            ("CITES re-export certificate", Some(Kind::Cites)),
            ("Dissostichus pre-approval", Some(Kind::Preapproval)),
            ("eDecs", Some(Kind::Edecs)),
            ("ESAB", None),
            ("decited", None),
            ("", None),
        ] {
            assert_eq!(kind_of(text), kind, "{text}");
        }
    }

    #[test]
    fn phrases_are_in_folded_form() {
        for (phrase, _) in PHRASES {
            assert_eq!(fold(phrase), *phrase);
        }
    }
}
