//! An address in one line -> words, numbers, unit and postal code.

use crate::normalize::text::fold;

/// An address, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressParts {
    /// Words in order: lower-case ASCII; kinds of street (`street`, `calle`, `avenue`) and signs of a number are left out.
    pub words: Vec<String>,
    /// Numbers, but for those below: `12`, `245a`.
    pub numbers: Vec<String>,
    /// Suite, floor, room, interior.
    pub unit: Option<String>,
    /// Postal code: five digits after the first word, or after `CP`.
    pub postal: Option<String>,
}

impl AddressParts {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.numbers.is_empty() && self.postal.is_none()
    }

    /// The same text for every way of writing the address: sorted words, numbers, unit, postal code.
    ///
    /// # Missing values
    /// Empty where there is nothing in it.
    pub fn normal_form(&self) -> String {
        let mut words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        words.sort_unstable();
        words.dedup();
        let mut numbers: Vec<&str> = self.numbers.iter().map(String::as_str).collect();
        numbers.sort_unstable();
        let mut form = [words, numbers].concat().join(" ");
        for (sign, part) in [(" u", &self.unit), (" z", &self.postal)] {
            if let Some(part) = part {
                form.push_str(sign);
                form.push_str(part);
            }
        }
        form
    }
}

/// Takes an address apart.
///
/// # Missing values
/// Text without Latin letters or digits is an empty address.
pub fn address_parts(address: &str) -> AddressParts {
    let folded = fold(address);
    let folded = folded.replace(" c p ", " cp ");
    let tokens: Vec<&str> = folded.split_ascii_whitespace().collect();
    let mut parts = AddressParts::default();
    let is_postal =
        |token: &str| token.len() == 5 && token.bytes().all(|byte| byte.is_ascii_digit());
    let last_postal = tokens
        .iter()
        .rposition(|token| is_postal(token))
        .filter(|place| *place > 0);
    let mut place = 0;
    while place < tokens.len() {
        let token = tokens[place];
        let next = tokens.get(place + 1).copied();
        match token {
            "cp" | "zip" if next.is_some_and(is_postal) => {
                parts.postal = next.map(str::to_owned);
                place += 1;
            }
            _ if is_unit_sign(token) && next.is_some_and(is_unit) => {
                parts.unit = next.map(str::to_owned);
                place += 1;
            }
            _ if Some(place) == last_postal && parts.postal.is_none() => {
                parts.postal = Some(token.to_owned());
                // The four digits of a long ZIP code.
                if next.is_some_and(|next| {
                    next.len() == 4 && next.bytes().all(|byte| byte.is_ascii_digit())
                }) {
                    place += 1;
                }
            }
            _ if token.starts_with(|letter: char| letter.is_ascii_digit()) => {
                parts.numbers.push(token.to_owned());
            }
            _ if is_kind_of_street(token) => {}
            _ => parts.words.push(written_out(token).to_owned()),
        }
        place += 1;
    }
    parts.numbers.sort_unstable();
    parts.numbers.dedup();
    parts
}

fn is_unit_sign(token: &str) -> bool {
    matches!(
        token,
        "apt"
            | "bodega"
            | "bldg"
            | "depto"
            | "despacho"
            | "edificio"
            | "fl"
            | "floor"
            | "int"
            | "interior"
            | "local"
            | "nave"
            | "oficina"
            | "piso"
            | "rm"
            | "room"
            | "ste"
            | "suite"
            | "unit"
            | "warehouse"
    )
}

fn is_unit(token: &str) -> bool {
    token.len() == 1 || token.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_kind_of_street(token: &str) -> bool {
    matches!(
        token,
        "av" | "ave"
            | "avenida"
            | "avenue"
            | "blvd"
            | "boulevard"
            | "c"
            | "calle"
            | "calz"
            | "calzada"
            | "carr"
            | "carretera"
            | "col"
            | "colonia"
            | "cp"
            | "de"
            | "del"
            | "dr"
            | "drive"
            | "ext"
            | "exterior"
            | "fracc"
            | "fraccionamiento"
            | "highway"
            | "hwy"
            | "la"
            | "lane"
            | "las"
            | "ln"
            | "los"
            | "no"
            | "num"
            | "number"
            | "numero"
            | "parkway"
            | "pkwy"
            | "prol"
            | "prolongacion"
            | "rd"
            | "road"
            | "sn"
            | "st"
            | "street"
            | "the"
            | "y"
            | "and"
    )
}

fn written_out(token: &str) -> &str {
    match token {
        "e" => "east",
        "fco" => "francisco",
        "gpe" => "guadalupe",
        "gral" => "general",
        "ind" => "industrial",
        "mex" => "mexico",
        "n" => "north",
        "nte" => "norte",
        "ote" => "oriente",
        "pque" => "parque",
        "pte" => "poniente",
        "s" => "south",
        "sta" => "santa",
        "sto" => "santo",
        "w" => "west",
        token => token,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_an_address_are_one() {
        let form = |text| address_parts(text).normal_form();
        assert_eq!(
            form("Av. Gral. Muestra No. 70, Int. 4, C.P. 83000 Hermosillo"),
            form("AVENIDA GENERAL MUESTRA 70 INTERIOR 4 HERMOSILLO CP 83000")
        );
        assert_eq!(
            form("88 Sample Way, Suite 5, Nogales AZ 85621-1234"),
            "az nogales sample way 88 u5 z85621"
        );
        assert_ne!(form("88 Sample Way Suite 5"), form("88 Sample Way Suite 6"));
        assert!(address_parts("，。").is_empty());
    }

    #[test]
    fn a_first_number_of_five_digits_is_no_postal_code() {
        let parts = address_parts("11455 Main Street");
        assert_eq!(
            (parts.numbers, parts.postal),
            (vec!["11455".to_owned()], None)
        );
    }
}
