//! Events and questions of one key, in the order of time.
//!
//! An event counts for what is asked after it entered and until it left. Every state is one of exact whole numbers or of
//! sets, so that the order of events within a moment changes nothing.

use super::moment::{Moment, NEVER};

/// What an earlier line adds to the history of its key.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// When it happened: windows go by its day.
    pub at: Moment,
    /// It counts for what is asked after this.
    pub enter: Moment,
    /// It counts for what is asked until this.
    pub exit: Moment,
    /// What counts once: a line, component or shipment.
    pub unit: u64,
    /// It is no history of rows of the line or shipment of this name; 0 where it is history of all.
    pub own: u64,
    /// Its shipment, where that matters.
    pub shipment: u64,
    /// Bits of a number, or a hash.
    pub item: u64,
    /// The outcome was bad.
    pub is_bad: bool,
}

/// A row that asks.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// Its place.
    pub row: u32,
    /// What entered before this counts.
    pub asked: Moment,
    /// Its own value: bits of a number, or a hash.
    pub item: u64,
    /// Its own line: what else was filed of it is no history of it.
    pub line: u64,
    /// Its own shipment.
    pub shipment: u64,
}

/// What a row gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The value; NaN for NULL.
    pub value: f64,
    /// The units that it rests on.
    pub support: u32,
}

/// What is known of a key at a moment.
pub trait State {
    /// Sees all events of the key before the first enters.
    fn begin(&mut self, _events: &[Event]) {}
    /// An event begins to count.
    fn enter(&mut self, event: &Event);
    /// An event that counted does no more.
    fn leave(&mut self, event: &Event);
    /// What a row gets now.
    fn answer(&self, query: &Query) -> Answer;
}

/// Goes through the time of one key. Events that never count are left out; events and queries are put in order.
pub fn sweep(
    state: &mut impl State,
    events: &mut Vec<Event>,
    queries: &mut [Query],
    mut answer: impl FnMut(&Query, Answer),
) {
    events.retain(|event| event.enter < event.exit);
    if !events.is_sorted_by_key(|event| event.enter) {
        events.sort_unstable_by_key(|event| event.enter);
    }
    let owned = Owned::of(events);
    if !queries.is_sorted_by_key(|query| query.asked) {
        queries.sort_unstable_by_key(|query| query.asked);
    }
    let mut leaving: Vec<Event> = (events.iter().copied())
        .filter(|event| event.exit != NEVER)
        .collect();
    if !leaving.is_sorted_by_key(|event| event.exit) {
        leaving.sort_unstable_by_key(|event| event.exit);
    }
    state.begin(events);
    let (mut entering, mut leaving) = (events.iter().peekable(), leaving.iter().peekable());
    let mut own = Vec::new();
    for same in queries.chunk_by(|left, right| left.asked == right.asked) {
        let asked = same[0].asked;
        while let Some(event) = entering.next_if(|event| event.enter < asked) {
            state.enter(event);
        }
        while let Some(event) = leaving.next_if(|event| event.exit < asked) {
            state.leave(event);
        }
        for query in same {
            owned.counting(events, query, &mut own);
            own.iter().for_each(|event| state.leave(event));
            answer(query, state.answer(query));
            own.iter().for_each(|event| state.enter(event));
        }
    }
}

/// Events that are no history of some rows, by the names of these: pairs of name and position, in order.
struct Owned(Vec<(u64, usize)>);

impl Owned {
    fn of(events: &[Event]) -> Self {
        let named = events
            .iter()
            .enumerate()
            .filter(|(_, event)| event.own != 0);
        let mut owned: Vec<_> = named
            .map(|(position, event)| (event.own, position))
            .collect();
        owned.sort_unstable();
        Self(owned)
    }

    /// Those that count at the moment of a row and are its own.
    fn counting(&self, events: &[Event], query: &Query, own: &mut Vec<Event>) {
        own.clear();
        if self.0.is_empty() {
            return;
        }
        for name in [query.line, query.shipment] {
            let start = self.0.partition_point(|(known, _)| *known < name);
            let of_name = self.0[start..]
                .iter()
                .take_while(|(known, _)| *known == name);
            let events = of_name.map(|(_, position)| events[*position]);
            own.extend(
                events.filter(|event| event.enter < query.asked && query.asked <= event.exit),
            );
        }
    }
}

/// Makes events of one unit one event for as long as one of them counts; when it happened is that of the first. Events that
/// are no history of some rows stay apart from the others of their unit.
pub fn join_units(events: &mut Vec<Event>) {
    let unit = |event: &Event| (event.unit, event.own);
    events.sort_unstable_by_key(|event| (unit(event), event.enter, event.exit));
    let mut joined: Vec<Event> = Vec::with_capacity(events.len());
    for event in events.iter().filter(|event| event.enter < event.exit) {
        match joined.last_mut() {
            Some(last) if unit(last) == unit(event) && event.enter <= last.exit => {
                last.exit = last.exit.max(event.exit);
            }
            _ => joined.push(*event),
        }
    }
    *events = joined;
}

/// Makes events of one unit follow one another: what is filed again counts once, by its latest filing. Within a moment the
/// greatest number stands, since amounts of a line are repeated on its rows, then what was first filed first.
pub fn chain_units(events: &mut Vec<Event>) {
    let number = |event: &Event| f64::from_bits(event.item);
    events.sort_unstable_by(|left, right| {
        (left.unit, left.enter)
            .cmp(&(right.unit, right.enter))
            .then(number(left).total_cmp(&number(right)))
            .then(right.at.cmp(&left.at))
            .then(left.exit.cmp(&right.exit))
    });
    events.retain(|event| event.enter < event.exit);
    let mut chained: Vec<Event> = Vec::with_capacity(events.len());
    for of_unit in events.chunk_by(|left, right| left.unit == right.unit) {
        match of_unit.is_sorted_by_key(|event| event.exit) {
            true => chain(of_unit, &mut chained),
            false => chain_with_returns(of_unit, &mut chained),
        }
    }
    *events = chained;
}

/// Chains events of a unit of which none leaves before an earlier one.
fn chain(of_unit: &[Event], chained: &mut Vec<Event>) {
    let start = chained.len();
    for event in of_unit {
        if let Some(last) = chained[start..].last_mut() {
            if last.enter == event.enter {
                *last = *event;
                continue;
            }
            last.exit = last.exit.min(event.enter);
        }
        chained.push(*event);
    }
}

/// Chains events of a unit: where a later one leaves first, an earlier one that still stands counts again.
fn chain_with_returns(of_unit: &[Event], chained: &mut Vec<Event>) {
    let ends = of_unit.iter().flat_map(|event| [event.enter, event.exit]);
    let mut moments: Vec<Moment> = ends.collect();
    moments.sort_unstable();
    moments.dedup();
    for span in moments.windows(2) {
        let counts = |event: &&Event| event.enter <= span[0] && span[0] < event.exit;
        if let Some(event) = of_unit.iter().rev().find(counts) {
            chained.push(Event {
                enter: span[0],
                exit: span[1],
                ..*event
            });
        }
    }
}
