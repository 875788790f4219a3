//! What scores mean: the content of `policy.yaml`, with its defaults.

use std::collections::BTreeMap;

use crate::diagnostic::{FileId, Span};
use crate::rules::vocabulary::{Family, Stage, Theme};

use super::text::Text;

/// A policy as it is written, with the default for all that is not.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyFile {
    /// Default 1.
    pub version: u32,
    /// The scope condition of each theme that has one; without: every row. Never cross.
    pub scopes: BTreeMap<Theme, Text>,
    /// The cap of every family.
    pub families: BTreeMap<Family, i32>,
    /// The most that mitigating rules subtract; default 20.
    pub mitigation_cap: i32,
    /// Default 60 points from 2 families.
    pub red: LaneThreshold,
    /// Default 30 points from 1 family.
    pub yellow: LaneThreshold,
    /// What a lane means at a stage. A stage that the file names replaces the default of that stage.
    pub actions: BTreeMap<Stage, LaneActions>,
    /// The themes of each agency's queue, in file order; a file that names queues replaces them all.
    pub queues: Vec<(String, Vec<Theme>)>,
    /// Limits; none: no limit.
    pub capacity: Vec<Capacity>,
    /// The random stratum; default none.
    pub random: RandomDraw,
    /// Hours before the day of arrival by which each agency must hear of a referral; see [`Self::contact_hours`].
    pub contact_hours: BTreeMap<String, u32>,
    /// None: these are the defaults, no file was read.
    pub file: Option<FileId>,
}

/// What a lane asks of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneThreshold {
    /// 0 to 100.
    pub min_score: i32,
    /// How many families of the deciding theme must have points.
    pub min_families: u32,
}

/// What to do with a shipment of a lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneActions {
    /// For red.
    pub red: Option<String>,
    /// For yellow.
    pub yellow: Option<String>,
}

/// How many shipments can be handled per arrival day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// The entry.
    pub span: Span,
    /// A port code; none: each port.
    pub port: Option<Text>,
    /// One of the queues; none: each queue.
    pub queue: Option<Text>,
    /// Examinations; none: no limit.
    pub red: Option<u32>,
    /// Document reviews; none: no limit.
    pub yellow: Option<u32>,
}

/// The random stratum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RandomDraw {
    /// The share of all shipments that is drawn, 0 to 1.
    pub share: f64,
    /// The least number per theme.
    pub min_per_theme: u32,
    /// The file with the secret salt.
    pub salt_file: Option<Text>,
}

/// Hours for an agency that the policy does not name: a working day, by our own choice.
const CONTACT_HOURS: u32 = 24;

impl PolicyFile {
    /// Hours before the day of arrival by which an agency must hear of a referral.
    pub fn contact_hours(&self, agency: &str) -> u32 {
        let hours = self.contact_hours.get(agency);
        hours.copied().unwrap_or(CONTACT_HOURS)
    }
}

impl Default for PolicyFile {
    /// The policy of a pack without `policy.yaml`.
    fn default() -> Self {
        use Family::{Document, Entity, History, List, Price, Quantity, Routing, Species};
        let action = |red: &str, yellow: &str| LaneActions {
            red: Some(red.to_owned()),
            yellow: Some(yellow.to_owned()),
        };
        Self {
            version: 1,
            scopes: BTreeMap::new(),
            families: BTreeMap::from([
                (Document, 60),
                (Species, 50),
                (List, 80),
                (History, 40),
                (Entity, 30),
                (Price, 25),
                (Quantity, 25),
                (Routing, 20),
            ]),
            mitigation_cap: 20,
            red: LaneThreshold {
                min_score: 60,
                min_families: 2,
            },
            yellow: LaneThreshold {
                min_score: 30,
                min_families: 1,
            },
            actions: BTreeMap::from([
                (
                    Stage::Manifest,
                    action("hold on arrival", "document request"),
                ),
                (Stage::InBond, action("hold movement", "document request")),
                (Stage::Release, action("examine", "document hold")),
                (
                    Stage::EntrySummary,
                    action("request for information or redelivery", "post-entry audit"),
                ),
                (Stage::Historical, LaneActions::default()),
            ]),
            queues: vec![
                ("FWS".to_owned(), vec![Theme::Wildlife]),
                ("NMFS".to_owned(), vec![Theme::Iuu]),
                ("APHIS".to_owned(), vec![Theme::Timber]),
                (
                    "CBP".to_owned(),
                    vec![Theme::Timber, Theme::Wildlife, Theme::Iuu],
                ),
            ],
            capacity: Vec::new(),
            random: RandomDraw::default(),
            // 50 CFR 14.54 asks for 48 hours' notice of live and perishable wildlife, so the agency works with that much.
            contact_hours: BTreeMap::from([("FWS".to_owned(), 48)]),
            file: None,
        }
    }
}
