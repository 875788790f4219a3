//! Entities -> a ranked table, with scores that neither size nor scarcity of evidence distorts.

use super::roll_up::{Entities, Entity};
use crate::batch::NULL_DATE;
use polars::prelude::{Column, DataFrame, SortMultipleOptions};

/// Days in which evidence loses half its weight, as in the roll-up.
const HALF_LIFE_DAYS: f64 = 365.0;

/// Shipments' worth of weight that the mean of the role has in an entity's score: with fewer shipments of its own an
/// entity is mostly judged as its peers are.
const PRIOR_SHIPMENTS: f64 = 5.0;

/// An entity with its scores and its rank among those of its role.
#[derive(Clone, Debug)]
pub struct RankedEntity<'a> {
    /// The entity.
    pub entity: &'a Entity,
    /// What tells it apart.
    pub key: &'a str,
    /// How its first line names it, where that is not its key.
    pub name: Option<&'a str>,
    /// Mean theme score of its shipments, recent ones weighing more, drawn towards the mean of its role.
    pub theme_scores: [f64; 3],
    /// The largest of them.
    pub score: f64,
    /// From 1 within its role.
    pub rank: u32,
}

/// Ranks entities by role: score, red shipments, yellow shipments, then key.
///
/// # Units
/// `as_of` is days since 1970-01-01; evidence of that day weighs 1.
pub fn rank(entities: &Entities, as_of: i32) -> Vec<RankedEntity<'_>> {
    let scale = if as_of == NULL_DATE { 1.0 } else { (-f64::from(as_of) / HALF_LIFE_DAYS).exp2() };
    let priors = priors(&entities.all);
    let scored: Vec<_> = entities
        .all
        .iter()
        .map(|entity| {
            let shipments = entity.weighted_shipments * scale;
            let prior = priors[entity.role as usize];
            let scores = [0, 1, 2].map(|theme| {
                let own = entity.weighted_scores[theme] * scale;
                (own + PRIOR_SHIPMENTS * prior[theme]) / (shipments + PRIOR_SHIPMENTS)
            });
            (scores, scores.into_iter().fold(0.0, f64::max))
        })
        .collect();
    let order = order(entities, &scored.iter().map(|(_, score)| *score).collect::<Vec<_>>());
    let mut ranked: Vec<RankedEntity<'_>> = Vec::with_capacity(order.len());
    for position in order {
        let entity = &entities.all[position];
        let rank = ranked.last().filter(|last| last.entity.role == entity.role).map_or(1, |last| last.rank + 1);
        let (theme_scores, score) = scored[position];
        let (key, name) = (entities.key(entity), entities.name(entity));
        ranked.push(RankedEntity { entity, key, name, theme_scores, score, rank });
    }
    ranked
}

/// Mean theme scores per role.
fn priors(entities: &[Entity]) -> [[f64; 3]; super::Role::ALL.len()] {
    let mut sums = [([0.0; 3], 0.0); super::Role::ALL.len()];
    for entity in entities {
        let (scores, shipments) = &mut sums[entity.role as usize];
        *shipments += entity.weighted_shipments;
        for (sum, score) in scores.iter_mut().zip(entity.weighted_scores) {
            *sum += score;
        }
    }
    sums.map(|(scores, shipments)| scores.map(|score| if shipments > 0.0 { score / shipments } else { 0.0 }))
}

/// Positions of the entities in the order of their ranks.
fn order(entities: &Entities, scores: &[f64]) -> Vec<usize> {
    let keys: Vec<&str> = entities.all.iter().map(|entity| entities.key(entity)).collect();
    let entities = &entities.all;
    let count = entities.len();
    let numbers = |number: fn(&Entity) -> u32| entities.iter().map(number).collect::<Vec<_>>();
    let positions: Vec<u32> = (0..count).map(|position| u32::try_from(position).expect("entities are u32")).collect();
    let table = DataFrame::new(
        count,
        vec![
            Column::new("role".into(), numbers(|entity| entity.role as u32)),
            Column::new("score".into(), scores),
            Column::new("red".into(), numbers(|entity| entity.n_red)),
            Column::new("yellow".into(), numbers(|entity| entity.n_yellow)),
            Column::new("key".into(), keys),
            Column::new("position".into(), positions),
        ],
    )
    .expect("columns of one length and different names");
    let options =
        SortMultipleOptions::default().with_order_descending_multi([false, true, true, true, false]).with_maintain_order(true);
    let sorted = table.sort(["role", "score", "red", "yellow", "key"], options).expect("the columns are there");
    let positions = sorted.column("position").and_then(|column| column.u32().cloned()).expect("a column of u32");
    positions.into_no_null_iter().map(|position| position as usize).collect()
}
