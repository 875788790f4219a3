//! Which sets of rules the lines of each shipment were hit by, with some rules replaced by variants of theirs.

use crate::rules::RuleId;
use crate::select::{HitSetId, HitSets};
use crate::tune::aside::{Aside, Bits};
use crate::tune::evidence::{Evidence, Profile};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Profiles of hits, and the profile of each shipment.
#[derive(Clone, Debug)]
pub(in crate::tune) struct Layout {
    /// The sets of rules.
    pub(in crate::tune) hit_sets: HitSets,
    /// What hits a line, and the themes in whose scope it is.
    pub(in crate::tune) line_sets: Vec<(HitSetId, u8)>,
    /// The different ways in which the lines of a shipment were hit.
    pub(in crate::tune) profiles: Vec<Profile>,
    /// The profile of each shipment.
    pub(in crate::tune) profile_of: Vec<u32>,
    /// The line set of each line.
    set_of_line: Vec<u32>,
}

/// The lines of each shipment, by its position.
#[derive(Clone, Debug)]
pub(in crate::tune) struct LinesOfShipments {
    ends: Vec<u32>,
    lines: Vec<u32>,
}

impl LinesOfShipments {
    /// Sorts lines by shipment.
    pub(in crate::tune) fn new(aside: &Aside, n_shipments: usize) -> Self {
        let mut ends = vec![0; n_shipments + 1];
        for (shipment, _) in &aside.lines {
            ends[*shipment as usize + 1] += 1;
        }
        for position in 1..ends.len() {
            ends[position] += ends[position - 1];
        }
        let mut next = ends.clone();
        let mut lines = vec![0; aside.lines.len()];
        for ((shipment, _), line) in aside.lines.iter().zip(0..) {
            let place = &mut next[*shipment as usize];
            lines[*place as usize] = line;
            *place += 1;
        }
        Self { ends, lines }
    }

    fn of(&self, shipment: u32) -> &[u32] {
        let range = self.ends[shipment as usize]..self.ends[shipment as usize + 1];
        &self.lines[range.start as usize..range.end as usize]
    }
}

impl Layout {
    /// The layout of evidence as it was collected.
    pub(in crate::tune) fn new(evidence: &Evidence, aside: &Aside) -> Self {
        Self {
            hit_sets: evidence.hit_sets.clone(),
            line_sets: evidence.line_sets.clone(),
            profiles: evidence.profiles.clone(),
            profile_of: evidence.shipments.iter().map(|case| case.profile).collect(),
            set_of_line: aside.lines.iter().map(|(_, set)| *set).collect(),
        }
    }

    /// The line set of each line, in input order.
    pub(in crate::tune) fn sets_of_lines(&self) -> impl Iterator<Item = u32> + '_ {
        self.set_of_line.iter().copied()
    }

    /// The layout if a rule hit other lines: those of a variant. Only shipments with a line that changes are looked at.
    pub(in crate::tune) fn with_variant(
        &self,
        rule: RuleId,
        hits: &Bits,
        aside: &Aside,
        of_shipment: &LinesOfShipments,
    ) -> Self {
        let mut new = self.clone();
        let has_rule: Vec<bool> = self
            .line_sets
            .iter()
            .map(|(set, _)| self.hit_sets.get(*set).contains(&rule))
            .collect();
        let mut changed_sets: HashMap<u32, u32, FixedState> = HashMap::default();
        let mut known: HashMap<(HitSetId, u8), u32, FixedState> =
            (self.line_sets.iter().copied()).zip(0..).collect();
        let mut touched = Vec::new();
        for (line, (shipment, _)) in aside.lines.iter().enumerate() {
            let set = self.set_of_line[line];
            if has_rule[set as usize] == hits.get(line) {
                continue;
            }
            new.set_of_line[line] = *changed_sets.entry(set).or_insert_with(|| {
                new_set(&mut new.hit_sets, &mut new.line_sets, &mut known, set, rule)
            });
            touched.push(*shipment);
        }
        touched.sort_unstable();
        touched.dedup();
        let mut profiles: HashMap<Vec<u32>, u32, FixedState> = (self.profiles.iter())
            .map(|profile| profile.line_sets.clone())
            .zip(0..)
            .collect();
        for shipment in touched {
            let lines = of_shipment.of(shipment).iter();
            let mut sets: Vec<u32> = lines.map(|line| new.set_of_line[*line as usize]).collect();
            sets.sort_unstable();
            sets.dedup();
            let Layout {
                hit_sets,
                line_sets,
                profiles: all,
                ..
            } = &mut new;
            let profile = *profiles.entry_ref(&sets).or_insert_with(|| {
                let hits = sets.iter().fold(HitSetId::default(), |hits, set| {
                    hit_sets.union(hits, line_sets[*set as usize].0)
                });
                all.push(Profile {
                    line_sets: sets.clone(),
                    hits,
                });
                u32::try_from(all.len() - 1).expect("fewer profiles than shipments")
            });
            new.profile_of[shipment as usize] = profile;
        }
        new
    }
}

/// The line set in which a rule is where it was not, or the other way round.
fn new_set(
    hit_sets: &mut HitSets,
    line_sets: &mut Vec<(HitSetId, u8)>,
    known: &mut HashMap<(HitSetId, u8), u32, FixedState>,
    set: u32,
    rule: RuleId,
) -> u32 {
    let (hits, scopes) = line_sets[set as usize];
    let mut rules = hit_sets.get(hits).to_vec();
    match rules.binary_search(&rule) {
        Ok(position) => {
            rules.remove(position);
        }
        Err(position) => rules.insert(position, rule),
    }
    let key = (hit_sets.intern(&rules), scopes);
    *known.entry(key).or_insert_with(|| {
        line_sets.push(key);
        u32::try_from(line_sets.len() - 1).expect("fewer than 4 billion sets of hits")
    })
}
