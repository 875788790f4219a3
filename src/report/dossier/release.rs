//! The releasable edition as a page: what is asked about which shipments, and nothing else.

use super::labels::{label, word};
use crate::dossier::releasable::{Goods, Shipment, State};
use crate::dossier::{Releasable, WITHHELD};
use crate::report::frame::{main_part, page};
use crate::report::html::Html;
use crate::report::table::{Align, Columns, cell, row, table};
use crate::report::words::count;
use crate::schema::{FieldId, field};

const DOCUMENTS: Columns = &[("Document", Align::Left), ("What it shows", Align::Left)];

/// The releasable edition as one self-contained page.
pub fn release_page(edition: &Releasable) -> String {
    page(
        "Information asked for about shipments",
        super::STYLE,
        |html| {
            header(html, edition);
            main_part(html, |html| {
                html.element("section", |html| {
                    html.leaf("h2", "What is asked");
                    html.element("ol", |html| {
                        edition
                            .questions
                            .iter()
                            .for_each(|question| html.leaf("li", question));
                    });
                });
                html.element("section", |html| {
                    html.leaf("h2", "Documents asked for");
                    documents(html, edition);
                });
                html.element("section", |html| {
                    html.leaf("h2", "Shipments");
                    for shipment in &edition.shipments {
                        html.element_with("article", &[("class", "case")], |html| {
                            one(html, edition, shipment);
                        });
                    }
                });
            });
            html.element("footer", |html| {
                html.leaf(
                    "p",
                    format!(
                        "{} Asked under {}. Reference {}.",
                        edition.notice,
                        edition.us_law.join("; "),
                        edition.id
                    ),
                );
            });
        },
    )
}

fn header(html: &mut Html, edition: &Releasable) {
    html.element("header", |html| {
        html.element_with("p", &[("class", "program")], |html| {
            html.text("Verification of particular shipments of Mexico ");
            match &edition.state {
                State::Draft => {
                    html.leaf_of("strong", "mark draft", "DRAFT · NOT APPROVED FOR RELEASE");
                }
                State::Approved { by, on } => html.leaf_of(
                    "strong",
                    "mark approved",
                    format!("Approved for release by {by}, {on}"),
                ),
            }
        });
        html.leaf("h1", "Information asked for about shipments");
        let shipments = count(edition.shipments.len() as u64, "shipment");
        let role = word(edition.subject.role);
        let found_by = edition.subject.found_by.iter();
        let found_by: Vec<String> = found_by
            .map(|(name, value)| format!("{} {value}", label(name)))
            .collect();
        let who = match &edition.subject.name {
            Some(name) => format!("{name} as {role}"),
            None if found_by.is_empty() => format!("one {role}"),
            None => format!("one {role}: {}", found_by.join(", ")),
        };
        let lead = format!("{shipments} with {who}. {}", edition.notice);
        html.leaf_of("p", "lead", lead);
        if edition.withheld.total() > 0 {
            let note = format!(
                "{WITHHELD} stands for {} of free text that are not part of the request.",
                count(edition.withheld.total(), "piece")
            );
            html.leaf_of("p", "note", note);
        }
    });
}

fn documents(html: &mut Html, edition: &Releasable) {
    table(html, "Documents of Mexico", DOCUMENTS, |html| {
        for document in &edition.documents_asked {
            row(html, |html| {
                html.element_with("th", &[("scope", "row")], |html| match document.known {
                    Some(known) => {
                        html.element_with("span", &[("lang", "es")], |html| html.text(known.name));
                        html.leaf_of("span", "under", known.english);
                    }
                    None => html.text(&document.code),
                });
                cell(html, document.known.map(|known| known.shows));
            });
        }
    });
}

fn one(html: &mut Html, edition: &Releasable, shipment: &Shipment) {
    html.leaf("h3", format!("Shipment {}", shipment.number));
    html.element_with("dl", &[("class", "pairs")], |html| {
        let groups = [&shipment.transport, &shipment.mexico, &shipment.parties];
        for (name, value) in groups.into_iter().flatten() {
            match *name == field::US_PORT_OF_ENTRY.name() {
                true => pair(html, &label(name), &ports(edition, value)),
                false => pair(html, &label(name), value),
            }
        }
    });
    if !shipment.is_numbered() {
        let note = "No bill, container or customs entry is on file: its parties, port and days are what it can be found by.";
        html.leaf_of("p", "under", note);
    }
    for (goods, number) in shipment.goods.iter().zip(1..) {
        html.leaf("h4", format!("Goods {number}"));
        one_goods(html, goods);
    }
    html.leaf("h4", "Asked of it");
    html.element("ul", |html| {
        shipment
            .questions
            .iter()
            .for_each(|question| html.leaf("li", question));
    });
    let names = edition.names();
    let documents: Vec<&str> = shipment
        .documents
        .iter()
        .map(|code| names.get(code.as_str()).copied().unwrap_or(code))
        .collect();
    html.leaf_of("p", "on", format!("Documents: {}.", documents.join("; ")));
}

/// Ports of entry by name, as far as names are known, and by code.
fn ports(edition: &Releasable, codes: &str) -> String {
    let named = codes
        .split("; ")
        .map(|code| match edition.us_ports.get(code) {
            Some(name) => format!("{name} (CBP Schedule D {code})"),
            None => format!("code {code} (CBP Schedule D)"),
        });
    named.collect::<Vec<_>>().join("; ")
}

fn one_goods(html: &mut Html, goods: &Goods) {
    html.element_with("dl", &[("class", "pairs")], |html| {
        let value_of = |wanted: FieldId| {
            let mut values = goods.0.iter();
            let (_, value) = values.find(|(name, _)| *name == wanted.name())?;
            Some(value.as_str())
        };
        for (name, value) in &goods.0 {
            if *name == field::QUANTITY_1.name() {
                let unit = match value_of(field::QUANTITY_1_UOM) {
                    Some("NO") => "pieces",
                    unit => unit.unwrap_or(""),
                };
                pair(html, "Quantity", format!("{value} {unit}").trim_end());
            } else if *name != field::QUANTITY_1_UOM.name() {
                pair(html, &label(name), value);
            }
        }
    });
}

fn pair(html: &mut Html, name: &str, value: &str) {
    html.element("div", |html| {
        html.leaf("dt", name);
        html.leaf("dd", value);
    });
}
