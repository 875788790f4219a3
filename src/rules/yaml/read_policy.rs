//! Reads `policy.yaml`.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Sources, Span};
use crate::rules::vocabulary::{Family, Stage, Theme, Word};

use super::fields::{Field, Spanned};
use super::policy::{Capacity, LaneActions, LaneThreshold, PolicyFile, RandomDraw};
use super::reader::Reader;
use super::rule::condition;
use super::text::Text;
use super::values;

const KEYS: &[&str] = &[
    "version",
    "themes",
    "families",
    "mitigation_cap",
    "lanes",
    "actions",
    "queues",
    "capacity",
    "random",
    "referrals",
];

/// Reads `policy.yaml`; none when it is not a mapping. A wrong value is reported and its default kept.
pub fn policy(
    sources: &Sources,
    file: FileId,
    diagnostics: &mut Diagnostics,
) -> Option<PolicyFile> {
    let (mut reader, root) = Reader::open(sources, file, diagnostics, "a policy");
    let reader = &mut reader;
    let mut fields = reader.fields(root?, "a policy", KEYS)?;
    let mut policy = PolicyFile {
        file: Some(file),
        ..PolicyFile::default()
    };
    if let Some(version) = values::whole(reader, fields.take("version"), 1..=i64::MAX, "bad-value")
    {
        policy.version = version.value;
    }
    policy.scopes = scopes(reader, fields.take("themes"));
    for (family, field) in keyed::<Family>(reader, fields.take("families")) {
        if let Some(cap) = values::whole(reader, Some(field), 0..=1000, "bad-policy") {
            policy.families.insert(family.value, cap.value);
        }
    }
    if let Some(cap) = values::whole(
        reader,
        fields.take("mitigation_cap"),
        0..=1000,
        "bad-policy",
    ) {
        policy.mitigation_cap = cap.value;
    }
    if let Some(field) = fields.take("lanes") {
        lanes(reader, field, &mut policy);
    }
    for (stage, field) in keyed::<Stage>(reader, fields.take("actions")) {
        policy
            .actions
            .extend(actions(reader, field).map(|found| (stage.value, found)));
    }
    if let Some(field) = fields.take("queues") {
        policy.queues = queues(reader, field);
    }
    policy.capacity = capacity(reader, fields.take("capacity"), &policy.queues);
    policy.random = fields
        .take("random")
        .and_then(|field| random(reader, field))
        .unwrap_or_default();
    if let Some(field) = fields.take("referrals") {
        referrals(reader, field, &mut policy);
    }
    Some(policy)
}

/// Most hours before arrival: a year.
const MOST_HOURS: i64 = 8_760;

/// Reads the hours of the agencies that are named; an agency that the file names replaces its default.
fn referrals(reader: &mut Reader<'_>, field: Field, policy: &mut PolicyFile) {
    let Some(mut fields) = reader.fields(field.node, "`referrals`", &["contact_by_hours"]) else {
        return;
    };
    let hours = fields.take("contact_by_hours");
    let hours = hours.and_then(|field| reader.entries(field));
    for (agency, field) in hours.unwrap_or_default() {
        if let Some(hours) = values::whole(reader, Some(field), 0..=MOST_HOURS, "bad-policy") {
            policy.contact_hours.insert(agency.value, hours.value);
        }
    }
}

/// Reads a mapping whose keys are words of a closed set.
fn keyed<W: Word>(reader: &mut Reader<'_>, field: Option<Field>) -> Vec<(Spanned<W>, Field)> {
    let entries = field
        .and_then(|field| reader.entries(field))
        .unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|(key, field)| Some((values::known::<W>(reader, &key)?, field)))
        .collect()
}

fn scopes(reader: &mut Reader<'_>, field: Option<Field>) -> BTreeMap<Theme, Text> {
    let mut scopes = BTreeMap::new();
    for (theme, field) in keyed::<Theme>(reader, field) {
        if theme.value == Theme::Cross {
            let found = Diagnostic::error(
                "unknown-theme-scope",
                theme.span,
                "`cross` cannot have a scope",
            );
            reader.push(found.help("a cross rule counts for each theme whose own scope holds"));
            continue;
        }
        if field.is_null() {
            continue;
        }
        let Some(mut fields) = reader.fields(field.node, "a theme", &["scope"]) else {
            continue;
        };
        scopes.extend(condition(reader, fields.take("scope")).map(|scope| (theme.value, scope)));
    }
    scopes
}

fn lanes(reader: &mut Reader<'_>, field: Field, policy: &mut PolicyFile) {
    let Some(mut fields) = reader.fields(field.node, "`lanes`", &["red", "yellow"]) else {
        return;
    };
    let place = field.place;
    let red = lane(reader, fields.take("red"), &mut policy.red).unwrap_or(place);
    let yellow = lane(reader, fields.take("yellow"), &mut policy.yellow).unwrap_or(place);
    if policy.yellow.min_score > policy.red.min_score {
        let title = format!(
            "yellow starts at {}, above red at {}",
            policy.yellow.min_score, policy.red.min_score
        );
        let found = Diagnostic::error("bad-policy", yellow, title);
        reader.push(
            found
                .also(red, "red starts here")
                .help("give yellow the lower `min_score`"),
        );
    }
}

/// Reads the thresholds that are given into `lane`, and says where its score stands.
fn lane(reader: &mut Reader<'_>, field: Option<Field>, lane: &mut LaneThreshold) -> Option<Span> {
    let mut fields = field
        .and_then(|field| reader.fields(field.node, "a lane", &["min_score", "min_families"]))?;
    if let Some(min_families) =
        values::whole(reader, fields.take("min_families"), 1..=8, "bad-policy")
    {
        lane.min_families = min_families.value;
    }
    let min_score = values::whole(reader, fields.take("min_score"), 0..=100, "bad-policy")?;
    lane.min_score = min_score.value;
    Some(min_score.span)
}

fn actions(reader: &mut Reader<'_>, field: Field) -> Option<LaneActions> {
    if field.is_null() {
        return Some(LaneActions::default());
    }
    let mut fields = reader.fields(field.node, "the actions of a stage", &["red", "yellow"])?;
    let red = values::text(reader, fields.take("red")).map(|text| text.value);
    let yellow = values::text(reader, fields.take("yellow")).map(|text| text.value);
    Some(LaneActions { red, yellow })
}

fn queues(reader: &mut Reader<'_>, field: Field) -> Vec<(String, Vec<Theme>)> {
    let entries = reader.entries(field).unwrap_or_default();
    let mut queues = Vec::new();
    for (name, field) in entries {
        let themes = values::words::<Theme>(reader, Some(field)).unwrap_or_default();
        for theme in themes.iter().filter(|theme| theme.value == Theme::Cross) {
            let found = Diagnostic::error(
                "bad-policy",
                theme.span,
                "a queue cannot hold the theme `cross`",
            );
            reader.push(found.help("a cross rule counts for timber, wildlife and iuu: name those"));
        }
        queues.push((
            name.value,
            themes.into_iter().map(|theme| theme.value).collect(),
        ));
    }
    queues
}

fn capacity(
    reader: &mut Reader<'_>,
    field: Option<Field>,
    queues: &[(String, Vec<Theme>)],
) -> Vec<Capacity> {
    let items = values::items(reader, field).unwrap_or_default();
    items
        .into_iter()
        .filter_map(|item| limit(reader, item, queues))
        .collect()
}

fn limit(
    reader: &mut Reader<'_>,
    item: Field,
    queues: &[(String, Vec<Theme>)],
) -> Option<Capacity> {
    let span = item.node.span;
    let mut fields = reader.fields(item.node, "a capacity", &["port", "queue", "red", "yellow"])?;
    let port = values::text(reader, fields.take("port"));
    let queue = values::text(reader, fields.take("queue"));
    let names = || queues.iter().map(|(name, _)| &**name);
    if let Some(queue) = queue
        .as_ref()
        .filter(|queue| !names().any(|name| name == queue.value))
    {
        let title = format!("`{}` is not one of the queues", queue.value);
        reader.push(
            Diagnostic::error("bad-policy", queue.span, title).help_similar(&queue.value, names()),
        );
    }
    let red = values::whole(reader, fields.take("red"), 0..=i64::MAX, "bad-policy")
        .map(|found| found.value);
    let yellow = values::whole(reader, fields.take("yellow"), 0..=i64::MAX, "bad-policy")
        .map(|found| found.value);
    Some(Capacity {
        span,
        port,
        queue,
        red,
        yellow,
    })
}

fn random(reader: &mut Reader<'_>, field: Field) -> Option<RandomDraw> {
    let mut fields = reader.fields(
        field.node,
        "`random`",
        &["share", "min_per_theme", "salt_file"],
    )?;
    let share = fields
        .take("share")
        .and_then(|field| values::number(reader, field));
    if let Some(share) = share.filter(|share| !(0.0..=1.0).contains(&share.value)) {
        let title = format!("`share` is {}, but must be from 0 to 1", share.value);
        reader.push(
            Diagnostic::error("bad-policy", share.span, title).help("write 0.02 for 2 percent"),
        );
    }
    let min_per_theme = values::whole(
        reader,
        fields.take("min_per_theme"),
        0..=i64::MAX,
        "bad-policy",
    );
    Some(RandomDraw {
        share: share.map_or(0.0, |found| found.value),
        min_per_theme: min_per_theme.map_or(0, |found| found.value),
        salt_file: values::text(reader, fields.take("salt_file")),
    })
}
