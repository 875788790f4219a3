//! Rows of the inputs -> places in columns over all rows of a run.
//!
//! Rows that were set aside have no place, so that a file of little else takes no memory. Rows that follow each other are one
//! run, which is all that is kept of them.

/// Where the rows of each file stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// For each file the first row of each run of rows, counted from 1, and its place.
    runs: Vec<Vec<(u64, u32)>>,
    /// The row after the last one, in the last file.
    next_row: u64,
    next_place: u32,
}

impl Places {
    /// Gives places to rows, which come file by file and ascending; none where there are more than four billion.
    pub(super) fn add(&mut self, file: usize, rows: &[u64]) -> Option<()> {
        if self.runs.len() <= file {
            self.runs.resize_with(file + 1, Vec::new);
            self.next_row = 0;
        }
        for row in rows {
            if *row != self.next_row {
                self.runs[file].push((*row, self.next_place));
            }
            self.next_row = row + 1;
            self.next_place = self.next_place.checked_add(1)?;
        }
        Some(())
    }

    /// How many places there are.
    pub(super) fn len(&self) -> u32 {
        self.next_place
    }

    /// The places of rows of a file, ascending as the rows are; every one was added.
    pub(super) fn of(&self, file: usize, rows: &[u64]) -> Vec<usize> {
        let runs = self.runs.get(file).map_or(&[][..], Vec::as_slice);
        let first = rows.first().copied().unwrap_or(0);
        let mut at = runs.partition_point(|(row, _)| *row <= first);
        let place = |row: &u64| {
            while runs.get(at).is_some_and(|(start, _)| start <= row) {
                at += 1;
            }
            let (start, place) = runs[at - 1];
            usize::try_from(u64::from(place) + row - start).expect("places fit memory")
        };
        rows.iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_find_their_places_over_gaps_and_files() {
        let mut places = Places::default();
        places.add(0, &[2, 3]).expect("few");
        places.add(0, &[4, 9, 10]).expect("few");
        places.add(2, &[1]).expect("few");
        places.add(2, &[1_000_000_000_000]).expect("few");
        assert_eq!(places.len(), 7);
        assert_eq!(places.runs[0].len(), 2, "a run goes on over batches");
        assert_eq!(places.of(0, &[2, 3, 4, 9, 10]), [0, 1, 2, 3, 4]);
        assert_eq!(places.of(0, &[4, 10]), [2, 4]);
        assert_eq!(places.of(2, &[1, 1_000_000_000_000]), [5, 6]);
        assert!(places.of(1, &[]).is_empty());
    }
}
