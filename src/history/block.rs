//! A block of a column as bytes.
//!
//! Most columns have few different values in a block, so that it is written as those, and a number of one or two bytes a
//! cell, where that is shorter: to tell values apart takes less time than to write and read their bytes.

use super::hash::Hashed;
use hashbrown::HashMap;

/// Different values that a block may have to be written by their numbers.
const MOST_VALUES: usize = 1 << 14;

/// A cell of a column.
pub trait Cell: Copy + Default + Send + Sync {
    /// Bytes of a cell.
    const SIZE: usize;
    /// What tells cells apart.
    fn bits(self) -> u64;
    /// Adds the cell to bytes.
    fn put(self, bytes: &mut Vec<u8>);
    /// Reads the cell from its bytes.
    fn get(bytes: &[u8]) -> Self;
}

macro_rules! cells {
    ($($kind:ty: $bits:expr),*) => {$(
        impl Cell for $kind {
            const SIZE: usize = size_of::<Self>();

            fn bits(self) -> u64 {
                $bits(self)
            }

            fn put(self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            fn get(bytes: &[u8]) -> Self {
                Self::from_le_bytes(bytes.try_into().expect("the bytes of one cell"))
            }
        }
    )*};
}
cells!(u8: u64::from, u32: u64::from, u64: u64::from, i64: i64::cast_unsigned, f64: f64::to_bits);

/// Writes a block, after the bytes that are there: the number of its different values, which is 0 where the cells themselves follow; the values; their numbers.
pub fn encode<T: Cell>(cells: &[T], bytes: &mut Vec<u8>) {
    let by_number = if T::SIZE > 1 { numbered(cells) } else { None };
    let n_values = by_number.as_ref().map_or(0, |(values, _)| values.len());
    u32::try_from(n_values).expect("few values").put(bytes);
    match by_number {
        None => cells.iter().for_each(|cell| cell.put(bytes)),
        Some((values, numbers)) => {
            values.iter().for_each(|value| value.put(bytes));
            match n_values {
                0 | 1 => {}
                2..=256 => bytes.extend(numbers.iter().map(|number| number.to_le_bytes()[0])),
                _ => bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
            }
        }
    }
}

/// The different values of cells, and the number of the value of each; none where there are many.
fn numbered<T: Cell>(cells: &[T]) -> Option<(Vec<T>, Vec<u16>)> {
    let mut values: Vec<T> = Vec::new();
    let mut numbers = Vec::with_capacity(cells.len());
    let mut known: HashMap<u64, u16, Hashed> = HashMap::default();
    let mut last = None;
    for cell in cells {
        let bits = cell.bits();
        let number = match last {
            Some((last, number)) if last == bits => number,
            _ => {
                let next = u16::try_from(values.len()).expect("few values");
                let number = *known.entry(bits).or_insert(next);
                if number == next {
                    if values.len() == MOST_VALUES {
                        return None;
                    }
                    values.push(*cell);
                }
                number
            }
        };
        last = Some((bits, number));
        numbers.push(number);
    }
    Some((values, numbers))
}

/// Reads cells of a block from a position on, as many as there is room for.
pub fn decode<T: Cell>(bytes: &[u8], from: usize, cells: &mut [T]) {
    let (n_values, rest) = bytes.split_at(u32::SIZE);
    let n_values = u32::get(n_values) as usize;
    if n_values == 0 {
        let read = rest[from * T::SIZE..].chunks_exact(T::SIZE);
        return (cells.iter_mut().zip(read)).for_each(|(cell, bytes)| *cell = T::get(bytes));
    }
    let (values, numbers) = rest.split_at(n_values * T::SIZE);
    let values: Vec<T> = values.chunks_exact(T::SIZE).map(T::get).collect();
    match n_values {
        1 => cells.fill(values[0]),
        2..=256 => {
            let read = cells.iter_mut().zip(&numbers[from..]);
            read.for_each(|(cell, number)| *cell = values[usize::from(*number)]);
        }
        _ => {
            let read = cells.iter_mut().zip(&numbers.as_chunks::<2>().0[from..]);
            read.for_each(|(cell, number)| {
                *cell = values[usize::from(u16::from_le_bytes(*number))];
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of one value, of few, of some, of many.
    #[test]
    fn a_block_is_as_short_as_its_values_are_few() {
        for (different, n_bytes) in [
            (1, 12),
            (200, 4 + 200 * 8 + 65_536),
            (10_000, 4 + 10_000 * 8 + 2 * 65_536),
            (1 << 30, 4 + 8 * 65_536),
        ] {
            let cells: Vec<u64> = (0..65_536).map(|at| (at % different) * 977).collect();
            let mut bytes = Vec::new();
            encode(&cells, &mut bytes);
            assert_eq!(bytes.len(), n_bytes);
            let mut read = vec![0; cells.len()];
            decode(&bytes, 0, &mut read);
            assert_eq!(read, cells);
            let mut part = [0; 5];
            decode(&bytes, 65_531, &mut part);
            assert_eq!(part, cells[65_531..]);
        }
    }

    #[test]
    fn numbers_keep_their_bits() {
        let odd = f64::from_bits(0x7ff8_0000_0000_0123);
        let cells = [0.0, -0.0, f64::NAN, -f64::NAN, odd, 1.5, odd, 0.0];
        let mut bytes = Vec::new();
        encode(&cells, &mut bytes);
        let mut read = [1.0; 8];
        decode(&bytes, 0, &mut read);
        assert_eq!(read.map(f64::to_bits), cells.map(f64::to_bits));
    }
}
