//! Rows of the referral files.

use super::agency::{COMMON, of_agency};
use super::corridor::Corridor;
use crate::batch::{Batch, Column, FALSE, TRUE};
use crate::normalize::date::format_date;
use crate::rules::{Rule, RuleSet, SCORED_THEMES};
use crate::schema::{FieldId, field};
use crate::select::{Judged, Lane, Verdict};
use crate::write::{LineLabel, harmless};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What stands before the fields.
const HEAD: [&str; 15] = [
    "referral_id",
    "agency",
    "shipment_key",
    "line_id",
    "record_id",
    "lane",
    "score",
    "themes",
    "rules",
    "reason",
    "legal_basis",
    "corridor",
    "foreign_counterpart",
    "arrival_date",
    "contact_by",
];

/// The agencies of a pack, and how their files are made.
#[derive(Clone, Debug)]
pub struct Referrals {
    /// The agencies, in order of name.
    pub agencies: Vec<String>,
}

impl Referrals {
    /// The agencies that active rules refer to.
    pub fn new(rules: &RuleSet) -> Self {
        let active = rules.rules.iter().filter(|rule| refers(rule));
        let agencies: BTreeSet<&String> = active.flat_map(|rule| &rule.texts.refer_to).collect();
        Self {
            agencies: agencies.into_iter().cloned().collect(),
        }
    }

    /// The header of an agency's file.
    pub fn header(&self, agency: usize) -> String {
        let fields = fields_of(&self.agencies[agency]);
        let names = fields.map(FieldId::name);
        let mut header: Vec<&str> = HEAD.into_iter().chain(names).collect();
        if self.agencies[agency] == "FWS" {
            header.push("is_live");
        }
        header.join(",") + "\n"
    }

    /// The rows of a batch for each agency, as lines of CSV: one per line that is not green and that a rule refers.
    pub fn rows(
        &self,
        rules: &RuleSet,
        batch: &Batch,
        judged: &Judged,
        label: &LineLabel,
    ) -> Vec<Vec<u8>> {
        let mut files: Vec<Option<csv::Writer<Vec<u8>>>> =
            self.agencies.iter().map(|_| None).collect();
        let by_verdict: Vec<Vec<Referred>> = judged
            .verdicts
            .iter()
            .map(|verdict| self.referred(rules, verdict))
            .collect();
        for row in 0..batch.n_rows {
            let referred = &by_verdict[judged.verdict_of_row[row] as usize];
            for referred in referred {
                let writer = files[referred.agency]
                    .get_or_insert_with(|| csv::Writer::from_writer(Vec::new()));
                let line = Line {
                    rules,
                    batch,
                    row,
                    verdict: judged.of_row(row),
                    agency: &self.agencies[referred.agency],
                    referred,
                };
                line.write(writer, label)
                    .expect("memory takes any number of cells, and every row has as many");
            }
        }
        let bytes = |file: Option<csv::Writer<Vec<u8>>>| {
            file.map_or_else(Vec::new, |writer| {
                writer.into_inner().expect("memory takes any bytes")
            })
        };
        files.into_iter().map(bytes).collect()
    }

    /// What a verdict says to each agency that it refers to.
    fn referred(&self, rules: &RuleSet, verdict: &Verdict) -> Vec<Referred> {
        if verdict.lane == Lane::Green {
            return Vec::new();
        }
        let agencies = self.agencies.iter().enumerate();
        let referred = agencies.filter_map(|(position, agency)| {
            let hits = verdict.hits.iter().map(|hit| rules.rule(*hit));
            let mut hits: Vec<&Rule> = hits
                .filter(|rule| refers(rule) && rule.texts.refer_to.contains(agency))
                .collect();
            // The strongest first; of equal ones the first by id.
            hits.sort_by_key(|rule| std::cmp::Reverse((rule.floor, rule.points)));
            Some(Referred {
                agency: position,
                reason: hits.first()?.title.clone(),
                rules: joined(hits.iter().map(|rule| rule.id.as_str()), ";"),
                law: joined(
                    hits.iter()
                        .flat_map(|rule| &rule.texts.legal_basis)
                        .map(String::as_str),
                    "; ",
                ),
                themes: themes(verdict),
            })
        });
        referred.collect()
    }
}

/// What lines of a verdict say to an agency.
struct Referred {
    agency: usize,
    rules: String,
    reason: String,
    law: String,
    themes: String,
}

/// Different texts, in order of first use.
fn joined<'a>(texts: impl Iterator<Item = &'a str>, between: &str) -> String {
    let mut different: Vec<&str> = Vec::new();
    for text in texts {
        if !different.contains(&text) {
            different.push(text);
        }
    }
    different.join(between)
}

fn themes(verdict: &Verdict) -> String {
    let named = SCORED_THEMES.iter().enumerate();
    let named = named.filter(|(position, _)| verdict.themes >> position & 1 == 1);
    joined(named.map(|(_, theme)| theme.as_str()), ";")
}

fn refers(rule: &Rule) -> bool {
    rule.is_active() && !rule.mitigates
}

/// The fields of an agency's file.
fn fields_of(agency: &str) -> impl Iterator<Item = FieldId> {
    let own = of_agency(agency).iter();
    let own = own.filter(|id| !COMMON.contains(id));
    COMMON.iter().chain(own).copied()
}

/// The id of a referral: the same in every run, and nothing of the shipment can be read from it.
pub fn referral_id(agency: &str, shipment_key: &str) -> String {
    let hash = blake3::hash(format!("{agency}\u{0}{shipment_key}").as_bytes()).to_hex();
    format!("R-{agency}-{}", hash.get(..16).unwrap_or(""))
}

struct Line<'a> {
    rules: &'a RuleSet,
    batch: &'a Batch,
    row: usize,
    verdict: &'a Verdict,
    agency: &'a str,
    referred: &'a Referred,
}

impl Line<'_> {
    fn write(&self, writer: &mut csv::Writer<Vec<u8>>, label: &LineLabel) -> csv::Result<()> {
        let text = |id| self.batch.text_at(id, self.row).unwrap_or("");
        let shipment = text(field::SHIPMENT_KEY);
        let corridor = Corridor::of_row(self.batch, self.row);
        let arrival = self.arrival();
        let score = self.verdict.score.to_string();
        let head: [&str; HEAD.len()] = [
            &referral_id(self.agency, shipment),
            self.agency,
            shipment,
            text(field::LINE_ID),
            &label.record_id(self.batch.rows[self.row]),
            self.verdict.lane.as_str(),
            &score,
            &self.referred.themes,
            &self.referred.rules,
            &self.referred.reason,
            &self.referred.law,
            corridor.map_or("", Corridor::as_str),
            &corridor.map_or_else(String::new, |corridor| corridor.counterpart(self.agency)),
            &arrival.map_or_else(String::new, format_date),
            &arrival.map_or_else(String::new, |day| self.contact_by(day)),
        ];
        for cell in head {
            writer.write_field(harmless(cell).as_ref())?;
        }
        for id in fields_of(self.agency) {
            writer.write_field(self.cell(id).as_ref())?;
        }
        if self.agency == "FWS" {
            writer.write_field(if self.is_live() { "true" } else { "false" })?;
        }
        writer.write_record(None::<&[u8]>)
    }

    fn cell(&self, id: FieldId) -> Cow<'_, str> {
        let empty = Cow::Borrowed("");
        match self.batch.column(id) {
            Some(Column::Text(column)) => column.get(self.row).map_or(empty, harmless),
            Some(Column::Number(_)) => self
                .batch
                .number_at(id, self.row)
                .map_or(empty, |number| Cow::Owned(number.to_string())),
            Some(Column::Date(_)) => self
                .batch
                .date_at(id, self.row)
                .map_or(empty, |day| Cow::Owned(format_date(day))),
            Some(Column::Boolean(truths)) => Cow::Borrowed(match truths[self.row] {
                TRUE => "true",
                FALSE => "false",
                _ => "",
            }),
            None => empty,
        }
    }

    /// The day of arrival, else of the law that applies.
    fn arrival(&self) -> Option<i32> {
        [
            field::ACTUAL_ARRIVAL_DATE,
            field::ESTIMATED_ARRIVAL_DATE,
            field::DATE_OF_IMPORT,
            field::LEGAL_DATE,
        ]
        .iter()
        .find_map(|id| self.batch.date_at(*id, self.row))
    }

    /// So many hours before the day of arrival begins.
    fn contact_by(&self, arrival: i32) -> String {
        let hours = self.rules.policy.file.contact_hours(self.agency);
        let moment = i64::from(arrival) * 24 - i64::from(hours);
        let day = i32::try_from(moment.div_euclid(24)).unwrap_or(arrival);
        format!("{}T{:02}:00", format_date(day), moment.rem_euclid(24))
    }

    /// Live animals: form 3-177 says so, or the tariff.
    fn is_live(&self) -> bool {
        let text = |id| self.batch.text_at(id, self.row).unwrap_or("");
        let hts = text(field::HTS_NUMBER);
        text(field::WILDLIFE_DESCRIPTION_CODE) == "LIV"
            || hts.starts_with("01")
            || hts.starts_with("0301")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_agency_and_shipment_only() {
        assert_eq!(
            referral_id("FWS", "AAA00000001"),
            referral_id("FWS", "AAA00000001")
        );
        assert_ne!(
            referral_id("FWS", "AAA00000001"),
            referral_id("NMFS", "AAA00000001")
        );
        assert!(!referral_id("FWS", "AAA00000001").contains("AAA00000001"));
    }
}
