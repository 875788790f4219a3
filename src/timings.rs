//! Wall-clock times of the stages: for run.json, and for nothing else.

use serde_json::{Map, Value};
use std::time::Instant;

/// Times of the stages so far.
#[derive(Debug)]
pub struct Timings {
    start: Instant,
    last: Instant,
    laps: Vec<(&'static str, f64)>,
}

impl Timings {
    /// Starts the clock.
    pub fn start() -> Self {
        let now = Instant::now();
        Self {
            start: now,
            last: now,
            laps: Vec::new(),
        }
    }

    /// Ends a stage.
    pub fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps
            .push((stage, now.duration_since(self.last).as_secs_f64()));
        self.last = now;
    }

    /// Seconds by stage, and in total.
    pub fn to_json(&self) -> Value {
        let mut seconds: Map<String, Value> = self
            .laps
            .iter()
            .map(|(stage, seconds)| ((*stage).to_owned(), Value::from(*seconds)))
            .collect();
        seconds.insert(
            "total".to_owned(),
            Value::from(self.start.elapsed().as_secs_f64()),
        );
        Value::Object(seconds)
    }
}
