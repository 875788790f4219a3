//! Legal forms of firms: which words are no part of the name.
//!
//! A form at the end of a name (in some countries at its beginning) is taken off and kept apart: firms of the same name with
//! two known forms may be two firms, while a form that is missing says nothing.

/// A legal form; those of one kind differ only in how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegalForm {
    /// Shares: S.A., Inc., Corp., AG, JSC.
    Shares,
    /// Limited liability: LLC, S. de R.L., Ltda., `GmbH`, S.R.L.
    Limited,
    /// Ltd., Co. Ltd., Pte. Ltd., Sdn. Bhd.: shares or limited, by country.
    LimitedCompany,
    /// Partnerships: LLP, LP, KG, S. en C.
    Partnership,
    /// Simplified shares: S.A.S., S.A.P.I.
    Simplified,
    /// Cooperatives and farmers: S.C., S.C. de R.L., S.P.R.
    Cooperative,
    /// Co., Company, Cía.: a firm, and no more is said.
    Company,
}

/// Forms as words, after runs of single letters are joined (`S.A. de C.V.` is `sa de cv`). Longer ones stand first.
#[rustfmt::skip]
const FORMS: &[(&[&str], LegalForm)] = &[
    (&["sociedad", "anonima", "promotora", "de", "inversion", "de", "capital", "variable"], LegalForm::Simplified),
    (&["sociedad", "de", "responsabilidad", "limitada", "de", "capital", "variable"], LegalForm::Limited),
    (&["sociedad", "de", "produccion", "rural", "de", "responsabilidad", "limitada"], LegalForm::Cooperative),
    (&["sociedad", "cooperativa", "de", "responsabilidad", "limitada"], LegalForm::Cooperative),
    (&["sociedad", "anonima", "de", "capital", "variable"], LegalForm::Shares),
    (&["sociedad", "de", "responsabilidad", "limitada"], LegalForm::Limited),
    (&["sociedad", "de", "produccion", "rural"], LegalForm::Cooperative),
    (&["scp", "de", "rl", "de", "cv"], LegalForm::Cooperative),
    (&["sc", "de", "rl", "de", "cv"], LegalForm::Cooperative),
    (&["spr", "de", "rl", "de", "cv"], LegalForm::Cooperative),
    (&["sc", "de", "cp", "de", "rl"], LegalForm::Cooperative),
    (&["s", "de", "rl", "de", "cv"], LegalForm::Limited),
    (&["sapi", "de", "cv"], LegalForm::Simplified),
    (&["sab", "de", "cv"], LegalForm::Shares),
    (&["spr", "de", "rl"], LegalForm::Cooperative),
    (&["spr", "de", "ri"], LegalForm::Cooperative),
    (&["sc", "de", "rl"], LegalForm::Cooperative),
    (&["s", "de", "rl", "cv"], LegalForm::Limited),
    (&["srl", "de", "cv"], LegalForm::Limited),
    (&["s", "en", "c", "por", "a"], LegalForm::Partnership),
    (&["s", "de", "rl"], LegalForm::Limited),
    (&["sa", "de", "cv"], LegalForm::Shares),
    (&["sas", "de", "cv"], LegalForm::Simplified),
    (&["s", "en", "c"], LegalForm::Partnership),
    (&["s", "en", "nc"], LegalForm::Partnership),
    (&["de", "rl", "de", "cv"], LegalForm::Limited),
    (&["sociedad", "anonima", "cerrada"], LegalForm::Simplified),
    (&["sociedad", "anonima"], LegalForm::Shares),
    (&["sociedad", "cooperativa"], LegalForm::Cooperative),
    (&["limited", "liability", "company"], LegalForm::Limited),
    (&["limited", "liability", "partnership"], LegalForm::Partnership),
    (&["limited", "partnership"], LegalForm::Partnership),
    (&["joint", "stock", "company"], LegalForm::Shares),
    (&["company", "private", "limited"], LegalForm::LimitedCompany),
    (&["company", "limited"], LegalForm::LimitedCompany),
    (&["private", "limited"], LegalForm::LimitedCompany),
    (&["public", "limited", "company"], LegalForm::Shares),
    (&["co", "pvt", "ltd"], LegalForm::LimitedCompany),
    (&["co", "pte", "ltd"], LegalForm::LimitedCompany),
    (&["gmbh", "co", "kg"], LegalForm::Partnership),
    (&["gmbh", "and", "co", "kg"], LegalForm::Partnership),
    (&["co", "ltd"], LegalForm::LimitedCompany),
    (&["co", "limited"], LegalForm::LimitedCompany),
    (&["company", "ltd"], LegalForm::LimitedCompany),
    (&["pte", "ltd"], LegalForm::LimitedCompany),
    (&["pvt", "ltd"], LegalForm::LimitedCompany),
    (&["pty", "ltd"], LegalForm::LimitedCompany),
    (&["sdn", "bhd"], LegalForm::LimitedCompany),
    (&["co", "inc"], LegalForm::Shares),
    (&["co", "llc"], LegalForm::Limited),
    (&["cia", "ltda"], LegalForm::Limited),
    (&["kabushiki", "kaisha"], LegalForm::Shares),
    (&["sa", "cv"], LegalForm::Shares),
    (&["sadecv"], LegalForm::Shares),
    (&["sacv"], LegalForm::Shares),
    (&["llc"], LegalForm::Limited),
    (&["lc"], LegalForm::Limited),
    (&["inc"], LegalForm::Shares),
    (&["incorporated"], LegalForm::Shares),
    (&["corp"], LegalForm::Shares),
    (&["corporation"], LegalForm::Shares),
    (&["ltd"], LegalForm::LimitedCompany),
    (&["limited"], LegalForm::LimitedCompany),
    (&["coltd"], LegalForm::LimitedCompany),
    (&["llp"], LegalForm::Partnership),
    (&["lp"], LegalForm::Partnership),
    (&["plc"], LegalForm::Shares),
    (&["jsc"], LegalForm::Shares),
    (&["ltda"], LegalForm::Limited),
    (&["eirl"], LegalForm::Limited),
    (&["srl"], LegalForm::Limited),
    (&["sarl"], LegalForm::Limited),
    (&["gmbh"], LegalForm::Limited),
    (&["bv"], LegalForm::Limited),
    (&["nv"], LegalForm::Shares),
    (&["ag"], LegalForm::Shares),
    (&["kg"], LegalForm::Partnership),
    (&["spa"], LegalForm::Shares),
    (&["sac"], LegalForm::Simplified),
    (&["sas"], LegalForm::Simplified),
    (&["sapi"], LegalForm::Simplified),
    (&["saa"], LegalForm::Shares),
    (&["sa"], LegalForm::Shares),
    (&["spr"], LegalForm::Cooperative),
    (&["sc"], LegalForm::Cooperative),
    (&["aps"], LegalForm::Limited),
    (&["oy"], LegalForm::Limited),
    (&["ab"], LegalForm::Shares),
    (&["tbk"], LegalForm::Shares),
    (&["kk"], LegalForm::Shares),
    (&["cia"], LegalForm::Company),
    (&["compania"], LegalForm::Company),
    (&["company"], LegalForm::Company),
    (&["co"], LegalForm::Company),
];

/// Forms that stand before the name.
#[rustfmt::skip]
const LEADING: &[(&[&str], LegalForm)] = &[
    (&["cong", "ty", "trach", "nhiem", "huu", "han"], LegalForm::Limited),
    (&["cong", "ty", "tnhh"], LegalForm::Limited),
    (&["cong", "ty", "co", "phan"], LegalForm::Shares),
    (&["pt"], LegalForm::Shares),
    (&["cv"], LegalForm::Partnership),
    (&["ud"], LegalForm::Company),
];

/// Takes the legal form off the words of a name; the name keeps one word at least.
pub(super) fn take_legal_form(words: &mut Vec<String>) -> Option<LegalForm> {
    let mut form = None;
    let starts = |words: &[String], pattern: &[&str]| {
        words.len() > pattern.len() && words.iter().zip(pattern).all(|(word, part)| word == part)
    };
    if let Some((pattern, found)) = LEADING.iter().find(|(pattern, _)| starts(words, pattern)) {
        words.drain(..pattern.len());
        form = Some(*found);
    }
    let ends = |words: &[String], pattern: &[&str]| {
        words.len() > pattern.len()
            && words[words.len() - pattern.len()..]
                .iter()
                .zip(pattern)
                .all(|(word, part)| word == part)
    };
    // `Acme Trading Co., Inc.` has two; the last says more than a mere `Co.`.
    while let Some((pattern, found)) = FORMS.iter().find(|(pattern, _)| ends(words, pattern)) {
        words.truncate(words.len() - pattern.len());
        form = match form {
            None | Some(LegalForm::Company) => Some(*found),
            known => known,
        };
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(name: &str) -> (String, Option<LegalForm>) {
        let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let form = take_legal_form(&mut words);
        (words.join(" "), form)
    }

    #[test]
    fn forms_come_off_and_the_name_stays() {
        use LegalForm::{Limited, LimitedCompany, Partnership, Shares};
        for (name, core, form) in [
            (
                "maderas del norte sa de cv",
                "maderas del norte",
                Some(Shares),
            ),
            ("maderas s de rl de cv", "maderas", Some(Limited)),
            ("acme trading co inc", "acme trading", Some(Shares)),
            ("hai long co ltd", "hai long", Some(LimitedCompany)),
            ("pt samudra jaya", "samudra jaya", Some(Shares)),
            ("holz gmbh co kg", "holz", Some(Partnership)),
            ("inc", "inc", None),
            ("juan perez", "juan perez", None),
        ] {
            assert_eq!(taken(name), (core.to_owned(), form), "{name}");
        }
    }

    #[test]
    fn longer_forms_stand_before_their_ends() {
        for (place, (pattern, _)) in FORMS.iter().enumerate() {
            let hidden = FORMS[..place]
                .iter()
                .find(|(earlier, _)| earlier.len() < pattern.len() && pattern.ends_with(earlier));
            assert!(hidden.is_none(), "{pattern:?} is hidden by {hidden:?}");
        }
    }
}
