//! Flattens a list of permits into one field per kind of permit.
//!
//! The permits of a row come in, already taken out of their JSON; typed fields that rules can name
//! go out. A permit of a kind without a field of its own stays in the `permits` column only.

use super::country::country;
use super::date::date;
use super::permit_kind::{Kind, kind_of};
use super::permit_quantity::{Grant, add_grant, total, uom_of};
use super::quantity::to_kg;
use super::text::{fold, squeeze_upper};
use crate::issue::{IssueKind, Normal};

/// One object of a `permits` cell.
///
/// A permit with two dates stands as two objects with the same number, as in PG14 repeats.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Permit {
    /// The key `type`: a word from [`flatten`], or `NM4`.
    pub kind: Option<String>,
    /// The permit's own number.
    pub number: Option<String>,
    /// The issuing authority, free text.
    pub issuer: Option<String>,
    /// The country of the issuer.
    pub issuer_country: Option<String>,
    /// What `date` is: `1` or `expiration`, `2` or `effective`, `3` or `issued`, `4` or `applied`.
    pub date_kind: Option<String>,
    /// A date as in [`date`].
    pub date: Option<String>,
    /// The quantity permitted.
    pub quantity: Option<f64>,
    /// The unit of `quantity`, FWS codes.
    pub uom: Option<String>,
    /// Why no permit is needed; such an object has no number.
    pub exemption: Option<String>,
}

/// The permits of a row as fields; every field is a missing value where no permit fills it.
///
/// Dates are days since 1970-01-01; numbers are upper case with single spaces.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    missing_docs,
    reason = "every field has the name and meaning of its schema column"
)]
pub struct FlatPermits {
    pub cites_permit_foreign: Option<String>,
    pub cites_permit_us: Option<String>,
    pub cites_permit_issued: Option<i32>,
    pub cites_permit_expires: Option<i32>,
    pub cites_permit_quantity: Option<f64>,
    pub cites_permit_uom: Option<String>,
    pub iftp_number: Option<String>,
    pub iftp_expires: Option<i32>,
    pub esa_permit_number: Option<String>,
    pub mmpa_permit_number: Option<String>,
    pub wbca_permit_number: Option<String>,
    pub hms_document_number: Option<String>,
    pub preapproval_number: Option<String>,
    pub preapproved_kg: Option<f64>,
    pub dissostichus_export_document: Option<String>,
    pub coa_number: Option<String>,
    pub edecs_number: Option<String>,
    pub fws_license_number: Option<String>,
    pub port_exception_number: Option<String>,
    pub breeding_facility_number: Option<String>,
    pub harvest_authorization: Option<String>,
}

/// Flattens the permits of one row.
///
/// The `type` is recognized by a word in it: `CITES`, `IFTP` or `NM4`, `ESA`, `MMPA`, `WBCA`,
/// `HMS`, `DED` (Dissostichus export document), `PREAPPROVAL`, `COA`, `EDECS`, `FWS LICENSE`,
/// `PORT EXCEPTION`, `BREEDING`, `HARVEST AUTHORIZATION`; longer names in English work too. Of
/// several permits of a kind the first number stands. For CITES:
///
/// - issuer country `US` makes a US permit, any other or none a foreign one;
/// - of several dates the earliest expiration and the latest issue stand, so that the date a rule
///   tests is the one that can fail it;
/// - quantities of different foreign permits add up (of US permits, where no foreign one has a
///   quantity: both cover the same goods), unless one lacks its quantity or the units differ.
///
/// # Missing values
/// A field that no permit fills is `None`, and so is what could not be read. The issue is
/// `unknown-code` where a type was not recognized, else `not-a-date` where a date could not be
/// read, else `unknown-unit`; the value is always there.
///
/// # Source
/// PG13 and PG14 (CBP PGA Message Set 2026-07-01); LPCO type `NM4` is from there. The list of LPCO
/// types (Appendix PGA) was not to be had, hence words.
pub fn flatten(permits: &[Permit]) -> Normal<FlatPermits> {
    let mut flat = FlatPermits::default();
    let mut issues: Vec<IssueKind> = Vec::new();
    let mut grants: [Vec<Grant>; 2] = [Vec::new(), Vec::new()];
    for permit in permits {
        let Some(kind) = permit.kind.as_deref().and_then(kind_of) else {
            issues.push(IssueKind::UnknownCode);
            continue;
        };
        let number = permit
            .number
            .as_deref()
            .map(squeeze_upper)
            .filter(|text| !text.is_empty());
        let dates = dates_of(permit, &mut issues);
        match kind {
            Kind::Cites => {
                let is_us = is_us(permit);
                flat.add_cites_dates(dates);
                let (field, side) = if is_us {
                    (&mut flat.cites_permit_us, &mut grants[1])
                } else {
                    (&mut flat.cites_permit_foreign, &mut grants[0])
                };
                add_grant(side, permit, number.as_deref(), &mut issues);
                keep_first(field, number);
            }
            Kind::Preapproval => {
                let kg = preapproved_kg(permit, &mut issues);
                flat.preapproved_kg = flat.preapproved_kg.or(kg);
                keep_first(&mut flat.preapproval_number, number);
            }
            Kind::Iftp => {
                flat.iftp_expires = earliest(flat.iftp_expires, dates.expires);
                keep_first(&mut flat.iftp_number, number);
            }
            _ => {
                if let Some(field) = flat.number_field(kind) {
                    keep_first(field, number);
                }
            }
        }
    }
    (flat.cites_permit_quantity, flat.cites_permit_uom) = total(&grants);
    let rank = [
        IssueKind::UnknownCode,
        IssueKind::NotADate,
        IssueKind::UnknownUnit,
    ];
    let issue = rank.into_iter().find(|kind| issues.contains(kind));
    Normal {
        value: Some(flat),
        issue,
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Dates {
    issued: Option<i32>,
    expires: Option<i32>,
}

impl FlatPermits {
    fn add_cites_dates(&mut self, dates: Dates) {
        self.cites_permit_expires = earliest(self.cites_permit_expires, dates.expires);
        self.cites_permit_issued = self.cites_permit_issued.max(dates.issued);
    }

    /// Returns the field of a kind whose number is all that is kept.
    fn number_field(&mut self, kind: Kind) -> Option<&mut Option<String>> {
        match kind {
            Kind::Esa => Some(&mut self.esa_permit_number),
            Kind::Mmpa => Some(&mut self.mmpa_permit_number),
            Kind::Wbca => Some(&mut self.wbca_permit_number),
            Kind::Hms => Some(&mut self.hms_document_number),
            Kind::Dissostichus => Some(&mut self.dissostichus_export_document),
            Kind::Coa => Some(&mut self.coa_number),
            Kind::Edecs => Some(&mut self.edecs_number),
            Kind::FwsLicense => Some(&mut self.fws_license_number),
            Kind::PortException => Some(&mut self.port_exception_number),
            Kind::Breeding => Some(&mut self.breeding_facility_number),
            Kind::Harvest => Some(&mut self.harvest_authorization),
            Kind::Cites | Kind::Iftp | Kind::Preapproval => None,
        }
    }
}

fn is_us(permit: &Permit) -> bool {
    let issuer = permit
        .issuer_country
        .as_deref()
        .and_then(|text| country(text).value);
    issuer.is_some_and(|issuer| issuer.country == "US")
}

fn dates_of(permit: &Permit, issues: &mut Vec<IssueKind>) -> Dates {
    let normal = date(permit.date.as_deref().unwrap_or_default());
    issues.extend(normal.issue);
    match permit
        .date_kind
        .as_deref()
        .map(fold)
        .unwrap_or_default()
        .trim()
    {
        "1" | "expiration" | "expires" | "expiry" => Dates {
            expires: normal.value,
            ..Dates::default()
        },
        "3" | "issued" | "issue" => Dates {
            issued: normal.value,
            ..Dates::default()
        },
        _ => Dates::default(),
    }
}

fn earliest(known: Option<i32>, new: Option<i32>) -> Option<i32> {
    known.into_iter().chain(new).min()
}

fn keep_first(field: &mut Option<String>, number: Option<String>) {
    if field.is_none() {
        *field = number;
    }
}

fn preapproved_kg(permit: &Permit, issues: &mut Vec<IssueKind>) -> Option<f64> {
    let uom = uom_of(permit, issues)?;
    to_kg(permit.quantity?, &uom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permit(kind: &str, number: &str) -> Permit {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Permit {
            kind: text(kind),
            number: text(number),
            ..Permit::default()
        }
    }

    fn dated(number: &str, date_kind: &str, date: &str) -> Permit {
        Permit {
            date_kind: Some(date_kind.to_owned()),
            date: Some(date.to_owned()),
            ..permit("CITES", number)
        }
    }

    fn granted(number: &str, issuer_country: &str, quantity: Option<f64>, uom: &str) -> Permit {
        Permit {
            issuer_country: Some(issuer_country.to_owned()),
            quantity,
            uom: Some(uom.to_owned()),
            ..permit("CITES export permit", number)
        }
    }

    fn flat(permits: &[Permit]) -> FlatPermits {
        flatten(permits).value.unwrap()
    }

    #[test]
    fn each_kind_fills_its_field() {
        let filled_by = |kind: &str| {
            let flat = flat(&[permit(kind, " ab  1 ")]);
            let fields = [
                flat.iftp_number,
                flat.esa_permit_number,
                flat.mmpa_permit_number,
                flat.wbca_permit_number,
                flat.hms_document_number,
                flat.preapproval_number,
                flat.dissostichus_export_document,
                flat.coa_number,
                flat.edecs_number,
                flat.fws_license_number,
                flat.port_exception_number,
                flat.breeding_facility_number,
                flat.harvest_authorization,
                flat.cites_permit_foreign,
            ];
            fields.map(|field| field.map_or("0", |_| "1")).concat()
        };
        for (kind, filled) in [
            ("NM4", "10000000000000"),
            ("iftp", "10000000000000"),
            ("ESA", "01000000000000"),
            ("MMPA permit", "00100000000000"),
            ("wbca", "00010000000000"),
            ("HMS", "00001000000000"),
            ("Dissostichus pre-approval", "00000100000000"),
            ("DED", "00000010000000"),
            ("COA", "00000001000000"),
            ("eDecs", "00000000100000"),
            ("FWS license", "00000000010000"),
            ("port exception", "00000000001000"),
            ("CITES breeding facility", "00000000000100"),
            ("fishing license", "00000000000010"),
            ("CITES", "00000000000001"),
            ("decited", "00000000000000"),
        ] {
            assert_eq!(filled_by(kind), filled, "{kind}");
        }
    }

    #[test]
    fn the_issuer_tells_us_permits_from_foreign_ones() {
        let flat = flat(&[
            granted("mx 1", "MX", None, ""),
            granted("mx 2", "mex", None, ""),
            granted("us 1", "USA", None, ""),
        ]);
        assert_eq!(flat.cites_permit_foreign.as_deref(), Some("MX 1"));
        assert_eq!(flat.cites_permit_us.as_deref(), Some("US 1"));
    }

    #[test]
    fn the_dates_that_can_fail_a_rule_stand() {
        let flat = flat(&[
            dated("A", "1", "1970-01-11"),
            dated("B", "expiration", "1970-01-06"),
            dated("A", "3", "1970-01-02"),
            dated("B", "issued", "1970-01-03"),
            dated("A", "2", "1960-01-01"),
            dated("A", "", "1960-01-01"),
        ]);
        assert_eq!(flat.cites_permit_expires, Some(5));
        assert_eq!(flat.cites_permit_issued, Some(2));
    }

    #[test]
    fn quantities_add_up_over_permits_of_one_side() {
        let cases: [(&[Permit], Option<f64>); 5] = [
            (
                &[
                    granted("A", "MX", Some(2.0), "KG"),
                    granted("B", "PE", Some(3.0), "kgs"),
                ],
                Some(5.0),
            ),
            (
                &[
                    granted("A", "MX", Some(2.0), "KG"),
                    granted("A", "MX", Some(2.0), "KG"),
                ],
                Some(2.0),
            ),
            (
                &[
                    granted("A", "MX", None, ""),
                    granted("U", "US", Some(4.0), "KG"),
                ],
                Some(4.0),
            ),
            (
                &[
                    granted("A", "MX", Some(2.0), "KG"),
                    granted("B", "MX", Some(3.0), "NO"),
                ],
                None,
            ),
            (
                &[
                    granted("A", "MX", Some(2.0), "KG"),
                    granted("B", "MX", None, "KG"),
                ],
                None,
            ),
        ];
        for (permits, quantity) in cases {
            let flat = flat(permits);
            assert_eq!(flat.cites_permit_quantity, quantity, "{permits:?}");
            assert_eq!(flat.cites_permit_uom.is_some(), quantity.is_some());
        }
    }

    #[test]
    fn a_preapproval_is_weighed_in_kilograms() {
        let tons = Permit {
            quantity: Some(2.0),
            uom: Some("T".to_owned()),
            ..permit("preapproval", "P")
        };
        assert_eq!(flat(&[tons]).preapproved_kg, Some(2000.0));
        assert_eq!(flat(&[permit("preapproval", "P")]).preapproved_kg, None);
    }

    #[test]
    fn what_cannot_be_read_is_reported() {
        assert_eq!(flatten(&[]), Normal::value(FlatPermits::default()));
        let unknown = flatten(&[Permit::default()]);
        assert_eq!(
            unknown,
            Normal::kept(FlatPermits::default(), IssueKind::UnknownCode)
        );
        let bad_date = flatten(&[dated("A", "1", "soon")]);
        assert_eq!(bad_date.issue, Some(IssueKind::NotADate));
        let bad_unit = flatten(&[granted("A", "MX", Some(1.0), "flasks")]);
        assert_eq!(bad_unit.issue, Some(IssueKind::UnknownUnit));
    }
}
