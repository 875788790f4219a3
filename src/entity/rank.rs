//! Entities -> a ranked table, with scores that neither size nor scarcity of evidence distorts.

use super::role::Role;
use super::roll_up::Entities;
use super::totals::Entity;
use crate::batch::NULL_DATE;
use crate::select::key_hash;
use polars::prelude::{Column, DataFrame, SortMultipleOptions};
use rayon::prelude::*;

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
    /// Mean score of its shipments in the scope of each theme, recent ones weighing more, drawn towards the mean of its
    /// role; 0 where none is in the scope.
    pub theme_scores: [f64; 3],
    /// The largest of them.
    pub score: f64,
    /// From 1 within its role.
    pub rank: u32,
}

/// The ranks of all entities of a run.
#[derive(Debug)]
pub struct Ranking<'a> {
    entities: &'a Entities,
    /// Positions of the entities of each role, the first rank first.
    order: Vec<Vec<u32>>,
    scorer: Scorer,
}

/// Ranks entities by role: score, red shipments, yellow shipments, then a hash of the key.
///
/// # Units
/// `as_of` is days since 1970-01-01; evidence of that day weighs 1.
pub fn rank(entities: &Entities, as_of: i32) -> Ranking<'_> {
    let scale = if as_of == NULL_DATE {
        1.0
    } else {
        (-f64::from(as_of) / HALF_LIFE_DAYS).exp2()
    };
    let scorer = Scorer {
        scale,
        priors: Role::ALL.map(|role| priors(entities.of_role(role))),
    };
    let order = Role::ALL
        .into_par_iter()
        .map(|role| order(entities, role, &scorer))
        .collect();
    Ranking {
        entities,
        order,
        scorer,
    }
}

impl<'a> Ranking<'a> {
    /// Every entity with its rank, role by role.
    pub fn iter(&self) -> impl Iterator<Item = RankedEntity<'a>> + '_ {
        let of_role = Role::ALL.iter().zip(&self.order);
        of_role.flat_map(move |(role, order)| {
            let all = self.entities.of_role(*role);
            order.iter().zip(1..).map(move |(position, rank)| {
                let entity = &all[*position as usize];
                let theme_scores = self.scorer.scores(entity);
                RankedEntity {
                    entity,
                    key: self.entities.key(entity),
                    name: self.entities.name(entity),
                    theme_scores,
                    score: largest(theme_scores),
                    rank,
                }
            })
        })
    }
}

fn largest(scores: [f64; 3]) -> f64 {
    scores.into_iter().fold(0.0, f64::max)
}

/// What turns an entity's sums into scores.
#[derive(Debug)]
struct Scorer {
    scale: f64,
    priors: [[f64; 3]; Role::ALL.len()],
}

impl Scorer {
    fn scores(&self, entity: &Entity) -> [f64; 3] {
        let prior = self.priors[entity.role as usize];
        [0, 1, 2].map(|theme| {
            let shipments = entity.weighted_shipments[theme] * self.scale;
            if shipments <= 0.0 {
                return 0.0;
            }
            let own = entity.evidence().weighted_scores[theme] * self.scale;
            (own + PRIOR_SHIPMENTS * prior[theme]) / (shipments + PRIOR_SHIPMENTS)
        })
    }
}

/// Mean scores of the shipments of a role in the scope of each theme.
fn priors(entities: &[Entity]) -> [f64; 3] {
    let mut sums = [(0.0, 0.0); 3];
    for entity in entities {
        let own = entity.evidence().weighted_scores;
        let own = own.into_iter().zip(entity.weighted_shipments);
        for (sum, (score, shipments)) in sums.iter_mut().zip(own) {
            sum.0 += score;
            sum.1 += shipments;
        }
    }
    sums.map(|(scores, shipments)| match shipments > 0.0 {
        true => scores / shipments,
        false => 0.0,
    })
}

/// Positions of the entities of a role in the order of their ranks.
fn order(entities: &Entities, role: Role, scorer: &Scorer) -> Vec<u32> {
    let of_role = || entities.of_role(role).iter();
    let positions: Vec<u32> = (0..).zip(of_role()).map(|(position, _)| position).collect();
    let columns = vec![
        Column::new(
            "score".into(),
            of_role()
                .map(|entity| largest(scorer.scores(entity)))
                .collect::<Vec<f64>>(),
        ),
        Column::new(
            "red".into(),
            of_role()
                .map(|entity| entity.evidence().n_red)
                .collect::<Vec<u32>>(),
        ),
        Column::new(
            "yellow".into(),
            of_role()
                .map(|entity| entity.evidence().n_yellow)
                .collect::<Vec<u32>>(),
        ),
        Column::new(
            "hash".into(),
            of_role()
                .map(|entity| key_hash(entities.key(entity)))
                .collect::<Vec<u64>>(),
        ),
        Column::new("position".into(), positions),
    ];
    let table =
        DataFrame::new_infer_height(columns).expect("columns of one length and different names");
    let options =
        SortMultipleOptions::default().with_order_descending_multi([true, true, true, false]);
    let sorted = table.sort(
        ["score", "red", "yellow", "hash"],
        options.with_maintain_order(true),
    );
    let sorted = sorted.expect("the columns are there");
    let positions = sorted
        .column("position")
        .and_then(|column| column.u32().cloned())
        .expect("a column of u32");
    positions.into_no_null_iter().collect()
}
