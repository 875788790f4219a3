//! The account of a run: what was read, what hit, what was selected, what could not be judged.

mod notices;
mod repeated;

pub use repeated::{RepeatedInput, repeated_inputs};

pub use notices::{LookoutSummary, SuppressionSummary};

use crate::batch::{Batch, FieldSet, PresenceClass};
use crate::history::store::StoreAccount;
use crate::normalize::date::format_date;
use crate::past::Mark;
use crate::reconcile::Standing;
use crate::rules::vocabulary::{Stage, Status, Theme};
use crate::rules::{Rule, RuleId, RuleSet};
use crate::schema::FieldId;
use crate::select::{Judged, Lane, Selection, Shipments};
use notices::NoticeTally;
use serde::Serialize;
use std::collections::BTreeMap;

/// The account of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Rows that were scored.
    pub n_lines: u64,
    /// Whether repeated filings were reconciled; where they were not, the next two are zero.
    pub is_reconciled: bool,
    /// Rows that a later filing replaced or removed, and removals; they are no lines, and no other count has them.
    pub n_superseded: u64,
    /// Lines at an earlier stage of a shipment: they are in the counts of lines, and in none of shipments or entities.
    pub n_context: u64,
    /// Rows that could not be read.
    pub n_set_aside: u64,
    /// Of these, rows that are not UTF-8 text.
    #[serde(skip)]
    pub n_not_utf8: u64,
    /// Cells that could not be read or were changed.
    pub n_cell_issues: u64,
    /// Files that are read more than once, because they were named so; their lines count each time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repeated_inputs: Vec<RepeatedInput>,
    /// Whether shipments were rolled up; where they were not, everything about them here is zero.
    pub has_shipments: bool,
    /// Shipments.
    pub n_shipments: u64,
    /// The day that the run judges by: the one asked for, else the latest date of law read. ISO form.
    pub as_of: Option<String>,
    /// Lines by lane: green, yellow, red.
    pub lines_by_lane: [u64; 3],
    /// Shipments by lane: green, yellow, red.
    pub shipments_by_lane: [u64; 3],
    /// Shipments by queue: name, yellow, red.
    pub queues: Vec<QueueSummary>,
    /// Shipments in the scope of each theme, and those with points in it that are selected.
    pub themes: Vec<ThemeSummary>,
    /// Shipments with a floor that a port had no capacity for.
    pub unmet_mandatory: u64,
    /// Red shipments that became yellow, and yellow ones that became green, for want of capacity.
    pub capacity_overflow: [u64; 2],
    /// Shipments drawn at random.
    pub random_drawn: u64,
    /// Lines and shipments that make candidates for verification.
    pub cva_lines: u64,
    /// See [`Self::cva_lines`].
    pub cva_shipments: u64,
    /// Entities that are candidates for verification, without accounts of importers, which repeat importers.
    pub cva_entities: u64,
    /// Where features of earlier lines came from; none where no active rule asks for one.
    pub history: Option<HistorySummary>,
    /// What is new since an earlier run; none where none was named.
    pub since: Option<SinceSummary>,
    /// Every lookout, in the order of its file.
    pub lookouts: Vec<LookoutSummary>,
    /// Every suppression, in the order of its file.
    pub suppressions: Vec<SuppressionSummary>,
    /// Every evaluated rule, by id.
    pub rules: Vec<RuleSummary>,
    /// Fields whose absence keeps rules from being evaluated, the ones that would enable most first.
    pub missing_fields: Vec<MissingField>,
}

/// Where features of earlier lines came from, besides the earlier lines of the run itself.
#[derive(Clone, Debug, Serialize)]
pub struct HistorySummary {
    /// Features that were computed.
    pub features: usize,
    /// The store; none: the earlier lines of the run alone.
    pub store: Option<StoreAccount>,
    /// Inputs that stand in the store, so that their lines count there alone.
    pub inputs_in_store: Vec<String>,
    /// Features that some segment of the store does not hold as the rules define them: its lines do not count for them.
    pub stale: Vec<String>,
}

/// Shipments by what became of them since an earlier run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SinceSummary {
    /// New, escalated, eased, changed, same.
    pub shipments: BTreeMap<Mark, u64>,
    /// Shipments of the earlier run that are not in this one.
    pub gone: u64,
    /// Shipments on which an officer decided.
    pub decided: u64,
}

/// Shipments of a queue.
#[derive(Clone, Debug, Serialize)]
pub struct QueueSummary {
    /// The agency.
    pub queue: String,
    /// Document reviews.
    pub yellow: u64,
    /// Examinations.
    pub red: u64,
}

/// Shipments of a theme.
#[derive(Clone, Debug, Serialize)]
pub struct ThemeSummary {
    /// The theme.
    pub theme: Theme,
    /// Shipments in its scope.
    pub in_scope: u64,
    /// Selected shipments with points in it: yellow.
    pub yellow: u64,
    /// Selected shipments with points in it: red.
    pub red: u64,
}

/// What a rule did.
#[derive(Clone, Debug, Serialize)]
pub struct RuleSummary {
    /// The rule.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Active or draft.
    pub status: Status,
    /// Lines that it hit.
    pub lines: u64,
    /// Shipments that it hit.
    pub shipments: u64,
    /// Lines on which it could not be evaluated.
    pub not_evaluable: u64,
    /// Fields that were absent on such lines; empty where only the stage stood against it.
    pub absent_fields: Vec<&'static str>,
}

/// A field that lines cannot carry, and the rules that would need it.
#[derive(Clone, Debug, Serialize)]
pub struct MissingField {
    /// The field.
    pub field: &'static str,
    /// Active rules that lack nothing else on some lines.
    pub alone_enables: usize,
    /// Active rules that lack it on some lines.
    pub needed_by: usize,
}

/// Counts while lines stream.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    n_lines: u64,
    n_superseded: u64,
    n_context: u64,
    lines_by_lane: [u64; 3],
    cva_lines: u64,
    lines_by_rule: Vec<u64>,
    notices: NoticeTally,
    classes: Vec<(PresenceClass, u64)>,
}

impl Tally {
    /// Counts a batch. Without standings every row selects.
    pub fn add(
        &mut self,
        rules: &RuleSet,
        batch: &Batch,
        judged: &Judged,
        is_cva: &[bool],
        standing: Option<&[Standing]>,
    ) {
        let count = |wanted: Standing| {
            let all = standing.unwrap_or_default().iter();
            all.filter(|standing| **standing == wanted).count() as u64
        };
        let n_superseded = count(Standing::Superseded);
        let stands =
            |row: usize| standing.is_none_or(|standing| standing[row] != Standing::Superseded);
        self.n_superseded += n_superseded;
        self.n_context += count(Standing::Context);
        self.lines_by_rule.resize(rules.rules.len(), 0);
        self.n_lines += batch.n_rows as u64 - n_superseded;
        self.cva_lines += is_cva.iter().filter(|is_cva| **is_cva).count() as u64;
        let mut rows_of_verdict = vec![0_u64; judged.verdicts.len()];
        for (row, verdict) in judged.verdict_of_row.iter().enumerate() {
            rows_of_verdict[*verdict as usize] += u64::from(stands(row));
        }
        for (verdict, rows) in judged.verdicts.iter().zip(rows_of_verdict) {
            self.lines_by_lane[verdict.lane as usize] += rows;
            for hit in verdict.hits.iter().chain(&verdict.drafts) {
                self.lines_by_rule[hit.index()] += rows;
            }
            self.notices.add(verdict, rows);
        }
        let mut rows_of_class = vec![0_u64; batch.presence.classes.len()];
        for (row, class) in batch.presence.class_of_row.iter().enumerate() {
            rows_of_class[*class as usize] += u64::from(stands(row));
        }
        let classes = batch.presence.classes.iter().zip(rows_of_class);
        for (class, rows) in classes.filter(|(_, rows)| *rows > 0) {
            match self.classes.iter_mut().find(|(known, _)| known == class) {
                Some((_, count)) => *count += rows,
                None => self.classes.push((class.clone(), rows)),
            }
        }
    }

    /// The account of everything counted, once shipments are settled; `as_of` is the day that the run judges by.
    pub fn finish(
        &self,
        rules: &RuleSet,
        shipments: &Shipments,
        selection: &Selection,
        as_of: Option<i32>,
    ) -> Summary {
        let mut summary = Summary {
            n_lines: self.n_lines,
            n_superseded: self.n_superseded,
            n_context: self.n_context,
            n_shipments: shipments.all.len() as u64,
            lines_by_lane: self.lines_by_lane,
            cva_lines: self.cva_lines,
            cva_shipments: shipments
                .all
                .iter()
                .filter(|shipment| shipment.is_cva_candidate)
                .count() as u64,
            unmet_mandatory: selection.unmet_mandatory,
            capacity_overflow: selection.overflow,
            random_drawn: selection.drawn,
            ..Summary::default()
        };
        count_selected(rules, shipments, selection, &mut summary);
        let mut shipments_by_rule = vec![0_u64; rules.rules.len()];
        for shipment in &shipments.all {
            for hit in shipments.hit_sets.get(shipment.hits) {
                shipments_by_rule[hit.index()] += 1;
            }
        }
        summary.rules = rules
            .ids()
            .map(|id| self.rule(rules, id, &shipments_by_rule))
            .collect();
        summary.missing_fields = self.missing_fields(rules);
        summary.as_of = as_of.map(format_date);
        (summary.lookouts, summary.suppressions) =
            self.notices.finish(&rules.notices, shipments, as_of);
        summary
    }

    fn rule(&self, rules: &RuleSet, id: RuleId, shipments: &[u64]) -> RuleSummary {
        let rule = rules.rule(id);
        let mut absent = FieldSet::default();
        let mut not_evaluable = 0;
        for (class, rows) in self
            .classes
            .iter()
            .filter(|(class, _)| !rule.is_evaluable(class))
        {
            not_evaluable += rows;
            absent_fields(rule, class.stage, &class.fields)
                .into_iter()
                .for_each(|field| absent.insert(field));
        }
        RuleSummary {
            id: rule.id.clone(),
            title: rule.title.clone(),
            status: rule.status,
            lines: self.lines_by_rule.get(id.index()).copied().unwrap_or(0),
            shipments: shipments[id.index()],
            not_evaluable,
            absent_fields: absent.iter().map(FieldId::name).collect(),
        }
    }

    /// Fields that active rules lack on some lines, those that would enable most rules first.
    pub fn missing_fields(&self, rules: &RuleSet) -> Vec<MissingField> {
        let mut missing: Vec<MissingField> = Vec::new();
        for rule in rules.rules.iter().filter(|rule| rule.is_active()) {
            let mut needed: Vec<(FieldId, bool)> = Vec::new();
            for (class, _) in &self.classes {
                let absent = absent_fields(rule, class.stage, &class.fields);
                for field in &absent {
                    let alone = absent.len() == 1;
                    match needed.iter_mut().find(|(known, _)| known == field) {
                        Some((_, known)) => *known |= alone,
                        None => needed.push((*field, alone)),
                    }
                }
            }
            for (field, alone) in needed {
                let name = field.name();
                let position = missing
                    .iter()
                    .position(|known| known.field == name)
                    .unwrap_or_else(|| {
                        missing.push(MissingField {
                            field: name,
                            alone_enables: 0,
                            needed_by: 0,
                        });
                        missing.len() - 1
                    });
                missing[position].needed_by += 1;
                missing[position].alone_enables += usize::from(alone);
            }
        }
        missing.sort_by_key(|field| {
            (
                std::cmp::Reverse(field.alone_enables),
                std::cmp::Reverse(field.needed_by),
                field.field,
            )
        });
        missing
    }
}

/// Fields that a rule needs and lines of a class cannot carry; none where the rule is not for their stage at all.
fn absent_fields(rule: &Rule, stage: Stage, present: &FieldSet) -> Vec<FieldId> {
    if !rule.has_stage(stage) {
        return Vec::new();
    }
    rule.fields
        .iter()
        .filter(|field| !present.contains(*field))
        .collect()
}

fn count_selected(
    rules: &RuleSet,
    shipments: &Shipments,
    selection: &Selection,
    summary: &mut Summary,
) {
    let mut queues = vec![[0_u64; 3]; rules.policy.file.queues.len()];
    let mut themes = [[0_u64; 3]; 3];
    for selected in &selection.shipments {
        let lane = selected.lane as usize;
        summary.shipments_by_lane[lane] += 1;
        if let Some(queue) = selected.queue {
            queues[usize::from(queue)][lane] += 1;
        }
        let shipment = &shipments.all[selected.id.0 as usize];
        for (theme, counts) in themes.iter_mut().enumerate() {
            counts[lane] += u64::from(shipment.themes >> theme & 1);
        }
    }
    let (yellow, red) = (Lane::Yellow as usize, Lane::Red as usize);
    let named = rules.policy.file.queues.iter().zip(queues);
    summary.queues = named
        .map(|((queue, _), counts)| QueueSummary {
            queue: queue.clone(),
            yellow: counts[yellow],
            red: counts[red],
        })
        .collect();
    summary.themes = crate::rules::SCORED_THEMES
        .iter()
        .zip(themes)
        .zip(selection.in_scope)
        .map(|((theme, counts), in_scope)| ThemeSummary {
            theme: *theme,
            in_scope,
            yellow: counts[yellow],
            red: counts[red],
        })
        .collect();
}

/// A count with separators.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
