//! A name as filed -> the words that tell it apart, its legal form, and whether it can be a person's.

use super::business_words::is_business_word;
use super::legal_form::{LegalForm, take_legal_form};
use crate::normalize::text::fold;

/// A name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameParts {
    /// Words in order: lower-case ASCII, abbreviations written out, no legal form, no article.
    pub words: Vec<String>,
    /// The legal form, where one stands in the name.
    pub form: Option<LegalForm>,
    /// It can be the name of a natural person: two to five words of letters, no legal form, no word of trade.
    pub can_be_person: bool,
}

/// Takes a name apart.
///
/// # Missing values
/// Text with nothing visible in it has no words. A name without Latin letters is one word, as it stands.
pub fn name_parts(name: &str) -> NameParts {
    let folded = fold(name);
    let mut words: Vec<String> = folded.split_ascii_whitespace().map(written_out).collect();
    if words.is_empty() {
        let whole = crate::normalize::text::squeeze_upper(name);
        return NameParts {
            words: Some(whole)
                .filter(|text| !text.is_empty())
                .into_iter()
                .collect(),
            form: None,
            can_be_person: false,
        };
    }
    join_initials(&mut words);
    let form = take_legal_form(&mut words);
    let can_be_person = form.is_none()
        && (2..=5).contains(&words.len())
        && words.iter().all(|word| {
            word.bytes().all(|byte| byte.is_ascii_alphabetic()) && !is_business_word(word)
        });
    let has_core = words.iter().any(|word| !is_small_word(word));
    words.retain(|word| !has_core || !is_small_word(word));
    NameParts {
        words,
        form,
        can_be_person,
    }
}

/// `s a de c v` -> `sa de cv`; a letter alone stays.
fn join_initials(words: &mut Vec<String>) {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    let mut is_run = false;
    for word in words.drain(..) {
        let is_letter = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        match joined.last_mut() {
            Some(last) if is_letter && is_run => last.push_str(&word),
            _ => joined.push(word),
        }
        is_run = is_letter;
    }
    *words = joined;
}

/// Articles and the like, in the languages of the trade.
fn is_small_word(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "and"
            | "da"
            | "das"
            | "de"
            | "del"
            | "do"
            | "dos"
            | "e"
            | "el"
            | "et"
            | "for"
            | "la"
            | "las"
            | "los"
            | "of"
            | "the"
            | "und"
            | "y"
    )
}

/// Writes out what is usually shortened.
fn written_out(word: &str) -> String {
    let whole = match word {
        "amer" => "american",
        "bros" => "brothers",
        "com" => "comercial",
        "comerc" => "comercializadora",
        "dev" => "development",
        "dist" | "distr" => "distribuidora",
        "ent" => "enterprises",
        "exp" | "exports" | "exporting" => "export",
        "gral" => "general",
        "grp" => "group",
        "hnos" => "hermanos",
        "imp" | "imports" | "importing" => "import",
        "ind" | "inds" => "industrias",
        "intl" | "intern" => "international",
        "mfg" | "mfr" => "manufacturing",
        "mgmt" => "management",
        "mktg" => "marketing",
        "natl" => "national",
        "nte" => "norte",
        "pac" => "pacific",
        "prod" => "productos",
        "serv" => "servicios",
        "sta" => "santa",
        "svc" | "svcs" => "services",
        "tech" => "technology",
        "trdg" | "trd" => "trading",
        "whse" => "warehouse",
        word => word,
    };
    whole.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_form_and_keep_words() {
        for (name, words, form) in [
            (
                "Maderas del Río, S.A. de C.V.",
                "maderas rio",
                Some(LegalForm::Shares),
            ),
            (
                "MADERAS DEL RIO S DE R L DE C V",
                "maderas rio",
                Some(LegalForm::Limited),
            ),
            (
                "O'Brien & Sons Imp. Exp. Co., Ltd.",
                "o brien sons import export",
                Some(LegalForm::LimitedCompany),
            ),
            ("A.B.C. Company", "abc", Some(LegalForm::Company)),
            ("有限公司", "有限公司", None),
            ("The Company", "the", Some(LegalForm::Company)),
        ] {
            let parts = name_parts(name);
            assert_eq!(
                (parts.words.join(" ").as_str(), parts.form),
                (words, form),
                "{name}"
            );
        }
        assert!(name_parts(" ").words.is_empty());
    }

    #[test]
    fn a_person_has_neither_form_nor_trade() {
        assert!(name_parts("Juan Pérez Muestra").can_be_person);
        for name in [
            "Juan Perez SA",
            "Mariscos Perez",
            "Perez",
            "Bodega 12",
            "Perez 7 Muestra",
        ] {
            assert!(!name_parts(name).can_be_person, "{name}");
        }
    }
}
