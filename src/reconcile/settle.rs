//! The keys of all rows -> the standing of each.
//!
//! Memory is some 50 bytes a row while keys are gathered, one byte a row afterwards; in between some 60 bytes per shipment
//! where there is more than one stage.

use super::Standing;
use super::keys::{Key, Keys};
use super::version::Version;
use crate::batch::Batch;
use crate::error::{Error, ErrorKind};
use crate::history::hash::{self, Hashed};
use crate::history::moment::{Moment, UNDATED};
use crate::rules::vocabulary::Stage;
use hashbrown::HashMap;

/// The keys of all rows, in input order, as columns.
#[derive(Clone, Debug, Default)]
pub struct Filings {
    /// The place before the first row of each file; a row that was set aside leaves its place empty.
    bases: Vec<usize>,
    n_places: usize,
    places: Vec<u32>,
    lines: Vec<u64>,
    components: Vec<u32>,
    moments: Vec<Moment>,
    ranks: Vec<u8>,
    days: Vec<i32>,
    stages: Vec<Stage>,
    entries: Vec<u64>,
    bills: Vec<u64>,
    containers: Vec<u32>,
    /// The latest correction of a line at a stage, and of a whole shipment at a stage.
    corrections: [HashMap<u64, Version, Hashed>; 2],
    has_action: bool,
}

impl Filings {
    /// Takes in the keys of a batch; batches come in input order.
    ///
    /// # Errors
    /// When there are more than four billion rows.
    pub fn add(&mut self, keys: Keys) -> Result<(), Error> {
        self.has_action |= keys.has_action;
        while self.bases.len() <= keys.file {
            self.bases.push(self.n_places);
        }
        let base = self.bases[keys.file];
        for (row, key) in keys.rows {
            let place = u32::try_from(base as u64 + row - 1).map_err(|_| {
                let message = "at most four billion rows can be reconciled";
                Error::new(ErrorKind::Usage, message)
            })?;
            self.n_places = place as usize + 1;
            self.places.push(place);
            self.push(&key);
        }
        Ok(())
    }

    fn push(&mut self, key: &Key) {
        self.lines.push(key.filing);
        self.components.push(key.component);
        self.moments.push(key.version.moment);
        self.ranks.push(key.version.rank);
        self.days.push(key.version.day);
        self.stages.push(key.stage);
        self.entries.push(key.entry);
        self.bills.push(key.bill);
        self.containers.push(key.container);
        if key.version.rank > 0 {
            let of_whole = usize::from(key.is_whole);
            let filing = match key.is_whole {
                true => whole(key.entry, key.bill, key.container, key.stage),
                false => key.filing,
            };
            let latest = self.corrections[of_whole].entry(filing);
            let latest = latest.or_insert(key.version);
            *latest = key.version.max(*latest);
        }
    }

    /// Whether a row has an action, or there is more than one stage.
    pub fn do_repeat(&self) -> bool {
        self.has_action || self.has_stages()
    }

    fn has_stages(&self) -> bool {
        self.stages.windows(2).any(|stages| stages[0] != stages[1])
    }

    /// Settles which rows stand, and which of them select.
    pub fn settle(self) -> Standings {
        let mut of_row: Vec<Standing> = (0..self.places.len())
            .map(|row| match self.is_corrected(row) {
                true => Standing::Superseded,
                false => Standing::Latest,
            })
            .collect();
        self.settle_components(&mut of_row);
        if self.has_stages() {
            self.settle_stages(&mut of_row);
        }
        let mut of_place = vec![Standing::Latest; self.n_places];
        for (place, standing) in self.places.iter().zip(of_row) {
            of_place[*place as usize] = standing;
        }
        Standings {
            bases: self.bases,
            of_place,
        }
    }

    fn version(&self, row: usize) -> Version {
        Version {
            moment: self.moments[row],
            rank: self.ranks[row],
            day: self.days[row],
        }
    }

    /// Whether a row is a removal, or a later filing of its line or shipment replaced or removed it.
    fn is_corrected(&self, row: usize) -> bool {
        const REMOVES: u8 = 2;
        let version = self.version(row);
        let is_before = |latest: Option<&Version>| latest.is_some_and(|latest| version < *latest);
        let [lines, shipments] = &self.corrections;
        let shipment = || {
            let (entry, bill) = (self.entries[row], self.bills[row]);
            whole(entry, bill, self.containers[row], self.stages[row])
        };
        version.rank == REMOVES
            || is_before(lines.get(&self.lines[row]))
            || (!shipments.is_empty() && is_before(shipments.get(&shipment())))
    }

    /// Settles rows of one line, stage and component: of versions that were received, the last stands; of corrections that
    /// nothing else tells apart, the last row.
    fn settle_components(&self, of_row: &mut [Standing]) {
        let is_dated = |row: usize| self.moments[row] != UNDATED;
        let component = |row: usize| (self.lines[row], self.components[row]);
        let repeats = |row: &u32| is_dated(*row as usize) || self.ranks[*row as usize] > 0;
        let n_rows = u32::try_from(self.places.len()).expect("fewer than 4 billion rows");
        let mut rows: Vec<u32> = (0..n_rows).filter(repeats).collect();
        rows.sort_unstable_by_key(|row| {
            (component(*row as usize), self.version(*row as usize), *row)
        });
        let mut last: Option<usize> = None;
        let mut latest: Option<usize> = None;
        for row in rows.iter().rev().map(|row| *row as usize) {
            let is_same = |other: &usize| component(*other) == component(row);
            latest = latest.filter(is_same).or(Some(row));
            let moment = latest.map_or(UNDATED, |latest| self.moments[latest]);
            let is_tied =
                |last: usize| self.ranks[row] > 0 && self.version(last) == self.version(row);
            if (is_dated(row) && self.moments[row] < moment)
                || last.filter(is_same).is_some_and(is_tied)
            {
                of_row[row] = Standing::Superseded;
            }
            last = Some(row);
        }
    }

    /// Makes what stands at an earlier stage of a shipment context.
    fn settle_stages(&self, of_row: &mut [Standing]) {
        let mut latest: HashMap<u64, Latest, Hashed> = HashMap::default();
        let mut last = None;
        for row in (0..of_row.len()).filter(|row| of_row[*row] != Standing::Superseded) {
            // Lines of a shipment stand together, most of the time.
            let same = last
                .replace(row)
                .is_some_and(|last| self.are_alike(last, row));
            if same {
                continue;
            }
            let (stage, has_entry) = (self.stages[row], self.entries[row] != 0);
            for name in self.names(row).into_iter().flatten() {
                latest.entry(name).or_default().add(stage, has_entry);
            }
        }
        let mut was_context = false;
        for (row, standing) in of_row.iter_mut().enumerate() {
            if row > 0 && self.are_alike(row - 1, row) {
                *standing = context(*standing, was_context);
                continue;
            }
            let (stage, has_entry) = (self.stages[row], self.entries[row] != 0);
            let is_earlier = |name: u64, is_bill: bool| {
                let latest = latest.get(&name);
                latest.is_some_and(|latest| latest.of(is_bill && has_entry) > Some(stage))
            };
            let mut bills = self.sought_bills(row).into_iter().flatten();
            was_context = self
                .entry_name(row)
                .is_some_and(|name| is_earlier(name, false))
                || bills.any(|name| is_earlier(name, true));
            *standing = context(*standing, was_context);
        }
    }

    /// Whether two rows are of one shipment at one stage.
    fn are_alike(&self, left: usize, right: usize) -> bool {
        let keys = |row: usize| {
            let (entry, bill) = (self.entries[row], self.bills[row]);
            (entry, bill, self.containers[row], self.stages[row])
        };
        keys(left) == keys(right)
    }

    /// What a row can be found by: its entry, its bill, and its bill as a whole or the part in its container.
    fn names(&self, row: usize) -> [Option<u64>; 3] {
        let (bill, container) = (self.bills[row], self.containers[row]);
        [
            self.entry_name(row),
            Some(name(Named::Bill, bill, 0)),
            Some(match container {
                0 => name(Named::WholeBill, bill, 0),
                container => name(Named::PartOfBill, bill, container),
            }),
        ]
    }

    /// What later filings of a row's bill are found by: where it names no container, any of the bill; else those of its
    /// container and those that name none.
    fn sought_bills(&self, row: usize) -> [Option<u64>; 2] {
        let (bill, container) = (self.bills[row], self.containers[row]);
        match container {
            0 => [Some(name(Named::Bill, bill, 0)), None],
            container => [
                Some(name(Named::PartOfBill, bill, container)),
                Some(name(Named::WholeBill, bill, 0)),
            ],
        }
    }

    fn entry_name(&self, row: usize) -> Option<u64> {
        let entry = self.entries[row];
        (entry != 0).then(|| name(Named::Entry, entry, 0))
    }
}

/// What becomes of a row for which a later stage selects, or none does.
fn context(standing: Standing, is_context: bool) -> Standing {
    match standing {
        Standing::Latest if is_context => Standing::Context,
        standing => standing,
    }
}

/// What a row can be found by.
#[derive(Clone, Copy, Debug)]
enum Named {
    Entry,
    Bill,
    WholeBill,
    PartOfBill,
}

fn name(named: Named, hash: u64, container: u32) -> u64 {
    hash::join([hash, u64::from(container) + 1, named as u64 + 1])
}

/// A whole shipment at a stage: its entry, else its bill and container.
fn whole(entry: u64, bill: u64, container: u32, stage: Stage) -> u64 {
    let shipment = match entry {
        0 => hash::join([bill, u64::from(container) + 1]),
        entry => entry,
    };
    hash::join([shipment, stage as u64 + 1])
}

/// The latest stage of an entry or bill, over rows with an entry and over those without.
#[derive(Clone, Copy, Debug, Default)]
struct Latest {
    with_entry: Option<Stage>,
    without_entry: Option<Stage>,
}

impl Latest {
    fn add(&mut self, stage: Stage, has_entry: bool) {
        let latest = match has_entry {
            true => &mut self.with_entry,
            false => &mut self.without_entry,
        };
        *latest = Some(stage).max(*latest);
    }

    /// Two entries of one bill are two shipments: a row with an entry looks at rows without one only.
    fn of(self, without_entry: bool) -> Option<Stage> {
        match without_entry {
            true => self.without_entry,
            false => self.with_entry.max(self.without_entry),
        }
    }
}

/// The standing of every row of a run.
#[derive(Clone, Debug)]
pub struct Standings {
    bases: Vec<usize>,
    of_place: Vec<Standing>,
}

impl Standings {
    /// The standing of each row of a batch; none where every row selects.
    pub fn of(&self, batch: &Batch) -> Option<Vec<Standing>> {
        let base = *self.bases.get(batch.file)?;
        let standing = |row: &u64| {
            let place = usize::try_from(*row).ok()?.checked_sub(1)?;
            self.of_place.get(base + place).copied()
        };
        let standings = batch
            .rows
            .iter()
            .map(|row| standing(row).unwrap_or_default());
        let standings: Vec<Standing> = standings.collect();
        let all_select = standings
            .iter()
            .all(|standing| *standing == Standing::Latest);
        (!all_select).then_some(standings)
    }
}
