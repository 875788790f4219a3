//! Entities by role, and those worth a verification request.

use super::hit_rules::anchor;
use super::html::Html;
use super::table::{Align, Columns, cell, date, grouped_table, number, right, row, wide_table};
use super::words::{count, dollars, filed, short, tenths, thousands};
use crate::entity::{Entity, RankedEntity, Role};
use crate::rules::RuleId;
use crate::summary::Summary;
use crate::write::Finished;

/// Entities of a role that are shown.
pub(super) const MAX_PER_ROLE: usize = 10;
/// Candidates for verification that are shown.
pub(super) const MAX_CANDIDATES: usize = 50;
/// Rules that are named per entity.
const TOP_RULES: usize = 5;

/// The roles that are shown. Accounts of importers repeat importers.
const ROLES: [(Role, &str); 6] = [
    (Role::Importer, "Importers"),
    (Role::Shipper, "Shippers"),
    (Role::Manufacturer, "Manufacturers"),
    (Role::Seller, "Sellers"),
    (Role::Consignee, "Consignees"),
    (Role::HarvestVessel, "Harvest vessels"),
];

const TOP: Columns = &[
    ("Name", Align::Left),
    ("Score", Align::Right),
    ("Shipments", Align::Right),
    ("Red", Align::Right),
    ("Yellow", Align::Right),
];
/// Columns of that table, for cells as wide as it.
const TOP_WIDTH: &str = "5";
const CANDIDATES: Columns = &[
    ("Name", Align::Left),
    ("Role", Align::Left),
    ("Shipments to verify", Align::Right),
    ("All", Align::Right),
    ("First", Align::Left),
    ("Last", Align::Left),
    ("Value not green (USD)", Align::Right),
    ("Rules with a question", Align::Left),
    ("Documents to verify", Align::Left),
];

/// Writes the tables by role, then the candidates.
pub(super) fn write(
    html: &mut Html,
    run: &Finished<'_>,
    summary: &Summary,
    entities: &[RankedEntity<'_>],
) {
    html.leaf_of(
        "p",
        "note",
        "The score of a party is the mean score of its shipments in the scope of a theme: recent ones weigh more, size does not count, and with few shipments it is drawn towards the mean of its role. Linked parties do not share points. Below each: the rules that hit most of its shipments, and how many.",
    );
    html.element_with("div", &[("class", "pages")], |html| {
        for (role, title) in ROLES {
            by_role(html, run, entities, role, title);
        }
    });
    candidates(html, run, summary, entities);
}

fn by_role(
    html: &mut Html,
    run: &Finished<'_>,
    entities: &[RankedEntity<'_>],
    role: Role,
    title: &str,
) {
    let hit = || {
        entities.iter().filter(|ranked| {
            ranked.entity.role == role && !ranked.entity.evidence().rules.is_empty()
        })
    };
    let total = hit().count();
    if total == 0 {
        return;
    }
    let caption = if total > MAX_PER_ROLE {
        format!(
            "{title}: the first {MAX_PER_ROLE} of {} that rules hit",
            thousands(total as u64)
        )
    } else {
        format!("{title} that rules hit")
    };
    grouped_table(html, &caption, TOP, |html| {
        for ranked in hit().take(MAX_PER_ROLE) {
            let entity = ranked.entity;
            html.element_with("tbody", &[("class", "entity")], |html| {
                row(html, |html| {
                    name(html, run, ranked, "rowgroup");
                    right(html, Some(tenths(ranked.score)));
                    number(html, entity.n_shipments);
                    number(html, entity.evidence().n_red);
                    number(html, entity.evidence().n_yellow);
                });
                row(html, |html| {
                    let why = [("colspan", TOP_WIDTH), ("class", "why ids")];
                    html.element_with("td", &why, |html| {
                        html.element("div", |html| reasons(html, run, entity));
                    });
                });
            });
        }
    });
}

/// The rule that hit most shipments of an entity in words, and the next ones by id; what speaks for it is left out.
fn reasons(html: &mut Html, run: &Finished<'_>, entity: &Entity) {
    let top = top_rules(entity, &|id| !run.rules.rule(id).mitigates);
    let Some((first, others)) = top.split_first() else {
        html.text("Only rules that speak for it.");
        return;
    };
    html.text(short(run.rules.rule(first.0).title.trim_end_matches('.')));
    html.text(" (");
    link(html, run, first.0);
    html.text(format!(":\u{a0}{})", thousands(u64::from(first.1))));
    for (position, (id, shipments)) in others.iter().enumerate() {
        html.text(if position > 0 { ", " } else { "; also " });
        link(html, run, *id);
        html.text(format!(":\u{a0}{}", thousands(u64::from(*shipments))));
    }
}

fn candidates(
    html: &mut Html,
    run: &Finished<'_>,
    summary: &Summary,
    entities: &[RankedEntity<'_>],
) {
    html.element_with("h3", &[("id", "candidates")], |html| {
        html.text("To verify with Mexico");
    });
    let about = "Entities with named shipments of Mexico (origin, export or harvest) on which a rule hit whose question Mexican documents could settle. Rules and the documents that they name are those of all shipments of an entity. `ch24 dossier` writes what a request about one needs, with the documents that fit where each specimen comes from.";
    html.note(about);
    let candidates = entities
        .iter()
        .filter(|ranked| ranked.entity.evidence().n_cva > 0);
    let (accounts, mut found): (Vec<_>, Vec<_>) = candidates
        .partition(|ranked: &&RankedEntity<'_>| ranked.entity.role == Role::ImporterAccount);
    if found.is_empty() {
        html.leaf("p", "No candidates.");
        return;
    }
    // Stable: what is equal stays in the order of roles and ranks.
    found.sort_by_key(|ranked| std::cmp::Reverse(ranked.entity.evidence().n_cva));
    let total = found.len();
    let more = if total > MAX_CANDIDATES {
        format!(": the first {MAX_CANDIDATES}")
    } else {
        String::new()
    };
    let entities = if total == 1 { "entity" } else { "entities" };
    let caption = format!(
        "{} {entities} in {}{more}",
        thousands(total as u64),
        count(summary.cva_shipments, "shipment")
    );
    wide_table(html, &caption, CANDIDATES, |html| {
        for ranked in found.iter().take(MAX_CANDIDATES) {
            row(html, |html| candidate(html, run, ranked));
        }
    });
    if total > MAX_CANDIDATES {
        html.leaf_of(
            "p",
            "note",
            format!(
                "{} more in the table of entities.",
                thousands((total - MAX_CANDIDATES) as u64)
            ),
        );
    }
    if !accounts.is_empty() {
        let text = format!(
            "Not counted here: {}, which repeat importers; they stand in the table of entities.",
            count(accounts.len() as u64, "importer account")
        );
        html.leaf_of("p", "note", text);
    }
}

fn candidate(html: &mut Html, run: &Finished<'_>, ranked: &RankedEntity<'_>) {
    let entity = ranked.entity;
    let asking = top_rules(entity, &|id| {
        let rule = run.rules.rule(id);
        !rule.mitigates && !rule.texts.verify.is_empty()
    });
    let mut documents: Vec<&str> = Vec::new();
    for document in asking
        .iter()
        .flat_map(|(id, _)| &run.rules.rule(*id).texts.verify)
    {
        if !documents.contains(&document.as_str()) {
            documents.push(document);
        }
    }
    name(html, run, ranked, "row");
    cell(html, Some(role_name(entity.role)));
    number(html, entity.evidence().n_cva);
    number(html, entity.n_shipments);
    date(html, entity.first_day);
    date(html, entity.last_day);
    right(html, Some(dollars(entity.evidence().value_at_risk_cents)));
    rules(html, run, &asking);
    html.element("td", |html| {
        for (position, document) in documents.iter().enumerate() {
            html.text(if position > 0 { ", " } else { "" });
            html.leaf_of("span", "id", document);
        }
    });
}

/// The name of an entity, and below it the key where that says more.
fn name(html: &mut Html, run: &Finished<'_>, ranked: &RankedEntity<'_>, scope: &'static str) {
    let key = filed(run.masks, ranked.key);
    let name = ranked.name.map(|name| filed(run.masks, name));
    html.element_with("th", &[("scope", scope)], |html| match name {
        Some(name) => {
            // The key of a vessel without a number is its name and flag.
            let rest = key.strip_prefix(&name).unwrap_or(&key).trim();
            html.text(&name);
            if !rest.is_empty() {
                html.leaf_of("span", "under", rest);
            }
        }
        None => html.text(key),
    });
}

/// The rules that hit most shipments of an entity, and how many; of equal ones the first by id.
fn top_rules(entity: &Entity, is_wanted: &dyn Fn(RuleId) -> bool) -> Vec<(RuleId, u32)> {
    let mut counted: Vec<(RuleId, u32)> = entity
        .evidence()
        .rules
        .iter()
        .filter(|(rule, _)| is_wanted(*rule))
        .copied()
        .collect();
    counted.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    counted.truncate(TOP_RULES);
    counted
}

fn rules(html: &mut Html, run: &Finished<'_>, ids: &[(RuleId, u32)]) {
    html.element_with("td", &[("class", "ids")], |html| {
        for (position, (id, _)) in ids.iter().enumerate() {
            html.text(if position > 0 { ", " } else { "" });
            link(html, run, *id);
        }
    });
}

fn link(html: &mut Html, run: &Finished<'_>, id: RuleId) {
    let rule = run.rules.rule(id);
    let (href, title) = (format!("#{}", anchor(id)), short(&rule.title));
    html.element_with("a", &[("href", &href), ("title", &title)], |html| {
        html.text(&rule.id);
    });
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Importer => "Importer",
        Role::ImporterAccount => "Importer account",
        Role::Consignee => "Consignee",
        Role::Shipper => "Shipper",
        Role::Manufacturer => "Manufacturer",
        Role::Seller => "Seller",
        Role::HarvestVessel => "Harvest vessel",
        Role::Filer => "Filer",
        Role::Carrier => "Carrier",
        Role::NotifyParty => "Notify party",
    }
}
