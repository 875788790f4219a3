//! A dossier -> one page for print: who, which shipments, what is asked, on what evidence, and what is left to fill in.
//!
//! Two pages are made here: the internal edition, and the releasable one in `release.rs`. Neither decides anything.

mod blanks;
mod evidence;
mod labels;
mod release;
mod who;

pub use release::release_page;

use super::frame::{contents, main_part, page, part};
use super::html::Html;
use super::table::{Align, Columns, cell, head, row, table};
use super::words::{count, thousands};
use crate::dossier::Internal;
use labels::{role_name, word};

/// The parts of the internal page: anchor and title.
const PARTS: [(&str, &str); 8] = [
    ("asked", "What is asked"),
    ("documents", "Documents that would answer it"),
    ("shipments", "Shipments and evidence"),
    ("rules", "Law, and what would clear it"),
    ("who", "Who"),
    ("us-law", "Basis on the US side"),
    ("to-fill", "To be filled in"),
    ("status", "Status"),
];

const QUESTIONS: Columns = &[
    ("Question", Align::Left),
    ("Rules", Align::Left),
    ("Shipments", Align::Right),
];
const DOCUMENTS: Columns = &[
    ("Document", Align::Left),
    ("What it shows", Align::Left),
    ("Known from", Align::Left),
    ("Shipments", Align::Right),
];

/// The internal edition as one self-contained page.
pub fn dossier_page(dossier: &Internal) -> String {
    page("ch24: dossier, internal", STYLE, |html| {
        header(html, dossier);
        main_part(html, |html| {
            part(html, &PARTS, "asked", |html| asked(html, dossier));
            part(html, &PARTS, "documents", |html| documents(html, dossier));
            part(html, &PARTS, "shipments", |html| {
                evidence::shipments(html, dossier);
            });
            part(html, &PARTS, "rules", |html| evidence::rules(html, dossier));
            part(html, &PARTS, "who", |html| who::write(html, dossier));
            part(html, &PARTS, "us-law", |html| us_law(html, dossier));
            part(html, &PARTS, "to-fill", blanks::write);
            part(html, &PARTS, "status", |html| blanks::status(html, dossier));
        });
        html.element("footer", |html| {
            html.leaf("p", format!("{} Dossier {}, internal edition. Not for release: the releasable edition is a page of its own.", dossier.notice, dossier.id));
        });
    })
}

/// The style of both editions, on top of that of all pages.
const STYLE: &str = include_str!("dossier.css");

fn header(html: &mut Html, dossier: &Internal) {
    let entity = &dossier.entity;
    html.element("header", |html| {
        html.element_with("p", &[("class", "program")], |html| {
            html.text("ch24 · Verification of shipments of Mexico ");
            html.leaf_of("strong", "mark", "INTERNAL · NOT FOR RELEASE");
        });
        html.leaf("h1", &entity.name);
        let key = match entity.key == entity.name {
            true => String::new(),
            false => format!(" · {}", entity.key),
        };
        let lead = format!("{}{key}. {}", role_name(entity.role), dossier.notice);
        html.leaf_of("p", "lead", lead);
        html.element_with("dl", &[("class", "facts")], |html| facts(html, dossier));
        contents(html, &PARTS);
    });
}

fn facts(html: &mut Html, dossier: &Internal) {
    let entity = &dossier.entity;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("–").to_owned();
    let to_verify = match dossier.shipments_left_out {
        0 => count(u64::from(entity.cva_shipments), "shipment"),
        left_out => format!(
            "{}, of which the worst {} stand here; {} are left out",
            count(u64::from(entity.cva_shipments), "shipment"),
            dossier.shipments.len(),
            thousands(left_out)
        ),
    };
    let days = [&entity.first_date, &entity.last_date];
    let days = days.map(|day| day.as_deref().unwrap_or("–"));
    let [timber, wildlife, iuu] = entity.theme_scores;
    let hash = text(&dossier.run["rules"]["blake3"]);
    let facts = [
        ("To verify", to_verify),
        (
            "All its shipments",
            format!(
                "{}: {} red, {} yellow",
                thousands(u64::from(entity.n_shipments)),
                thousands(u64::from(entity.n_red)),
                thousands(u64::from(entity.n_yellow))
            ),
        ),
        (
            "At risk",
            format!(
                "USD {}, {} kg gross, in lines that are not green",
                whole(entity.value_at_risk_usd),
                whole(entity.weight_at_risk_kg)
            ),
        ),
        ("First and last day", format!("{} to {}", days[0], days[1])),
        (
            "Score",
            format!(
                "{:.1} (timber {timber:.1}, wildlife {wildlife:.1}, IUU {iuu:.1}); rank {} among {}",
                entity.score,
                thousands(u64::from(entity.rank)),
                role_name(entity.role).to_lowercase() + "s"
            ),
        ),
        (
            "Judged",
            format!(
                "as of {}, rule pack {} ({})",
                text(&dossier.run["as_of"]),
                pack_name(&text(&dossier.run["rules"]["pack"])),
                hash.get(..12).unwrap_or(&hash)
            ),
        ),
    ];
    let released = ("Released as", released(dossier));
    for (name, text) in facts.into_iter().chain([released]) {
        html.element("div", |html| {
            html.leaf("dt", name);
            html.leaf("dd", text);
        });
    }
}

/// Under which name the releasable edition goes out, and what it keeps back: who approves it looks at the rest.
fn released(dossier: &Internal) -> String {
    let withheld = &dossier.withheld;
    let parts = [
        (withheld.personal_numbers, "importer or personal number"),
        (withheld.entry_numbers, "entry number"),
        (withheld.amounts, "money amount"),
        (withheld.contacts, "contact"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, what)| count(number, what)).collect();
    let parts = match parts.is_empty() {
        true => "nothing".to_owned(),
        false => parts.join(", "),
    };
    format!(
        "{}; withheld from its free text, by form: {}",
        dossier.reference, parts
    )
}

/// The last part of a path: where a pack stood is nobody's business.
fn pack_name(pack: &str) -> &str {
    pack.rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or(pack)
}

fn whole(number: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "amounts are far below 2^53, and a negative one is shown as none"
    )]
    let whole = number.round().max(0.0) as u64;
    thousands(whole)
}

fn asked(html: &mut Html, dossier: &Internal) {
    let caption = format!(
        "{} to Mexico on {}",
        count(dossier.questions.len() as u64, "question"),
        count(dossier.shipments.len() as u64, "shipment")
    );
    table(html, &caption, QUESTIONS, |html| {
        for question in &dossier.questions {
            row(html, |html| {
                head(html, &question.question);
                cell(html, Some(question.rules.join(", ")));
                html.leaf_of("td", "n", question.shipments.len());
            });
        }
    });
}

fn documents(html: &mut Html, dossier: &Internal) {
    table(html, "Documents of Mexico to ask for", DOCUMENTS, |html| {
        for asked in &dossier.documents_asked {
            row(html, |html| {
                html.element_with("th", &[("scope", "row")], |html| match &asked.known {
                    Some(known) => {
                        html.element_with("span", &[("lang", "es")], |html| html.text(known.name));
                        html.leaf_of("span", "under", known.english);
                    }
                    None => html.text(&asked.code),
                });
                cell(html, asked.known.map(|known| known.shows));
                cell(html, asked.known.map(|known| known.basis));
                html.leaf_of("td", "n", asked.shipments.len());
            });
        }
    });
    let note = "What is marked as general knowledge was not read in a source: check it before it is cited.";
    html.leaf_of("p", "note", note);
}

fn us_law(html: &mut Html, dossier: &Internal) {
    html.element("ul", |html| {
        for law in &dossier.us_law {
            html.element("li", |html| {
                html.leaf("strong", law.citation);
                html.text(format!(": {}", law.says));
            });
        }
    });
    let themes: Vec<&str> = dossier
        .rules
        .iter()
        .filter(|rule| rule.asks_mexico)
        .flat_map(|rule| rule.legal_basis.iter().map(String::as_str))
        .collect();
    let mut cited: Vec<&str> = Vec::new();
    for citation in themes {
        if !cited.contains(&citation) {
            cited.push(citation);
        }
    }
    html.leaf(
        "p",
        format!("Law behind the questions: {}.", cited.join("; ")),
    );
    html.leaf_of("p", "note", "The terms of the agreement itself (deadlines, visits, required contents) are not known to this program.");
}

/// A step of a verification, as a reader expects it.
fn step(status: &str) -> String {
    match status {
        "iecme-review" => "IECME review".to_owned(),
        "ustr-request" => "USTR request".to_owned(),
        other => word(other),
    }
}
