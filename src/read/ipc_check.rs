//! Lengths in an Arrow file, checked before they are believed: a damaged one must not exhaust memory.

use super::columnar::Failure;
use arrow::ipc::{Block, Message, root_as_footer, root_as_message};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Largest buffer of a column, in bytes, when it is decompressed.
const MAX_BUFFER: i64 = 2 << 30;

/// Most rows of a batch whose columns hold nothing.
const MAX_EMPTY_ROWS: u64 = 1 << 24;

/// Checks that every block of an Arrow file lies within it, and that no buffer claims an absurd size.
pub(super) fn check_lengths(file: &mut File) -> Result<(), Failure> {
    let io = |error: std::io::Error| error.to_string();
    let corrupt = || "the file is truncated or corrupt".to_owned();
    let length = file.seek(SeekFrom::End(0)).map_err(io)?;
    let tail = read_at(file, length.checked_sub(10).ok_or_else(corrupt)?, 10)?;
    let footer_length = tail
        .get(..4)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u32::from_le_bytes);
    let footer_length = u64::from(footer_length.ok_or_else(corrupt)?);
    let footer_start = length.checked_sub(10 + footer_length).ok_or_else(corrupt)?;
    let footer = read_at(file, footer_start, footer_length)?;
    let footer = root_as_footer(&footer).map_err(|_| corrupt())?;
    let blocks = footer
        .recordBatches()
        .into_iter()
        .chain(footer.dictionaries())
        .flatten();
    for block in blocks {
        check_block(file, block, length).ok_or_else(corrupt)?;
    }
    file.seek(SeekFrom::Start(0)).map_err(io)?;
    Ok(())
}

fn read_at(file: &mut File, start: u64, length: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))
        .map_err(|error| error.to_string())?;
    file.take(length)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// None where a block does not lie within the file, or a buffer of it claims too much.
fn check_block(file: &mut File, block: &Block, length: u64) -> Option<()> {
    let start = u64::try_from(block.offset()).ok()?;
    let metadata_length = u64::try_from(block.metaDataLength()).ok()?;
    let body_length = u64::try_from(block.bodyLength()).ok()?;
    let body = start.checked_add(metadata_length)?;
    if body.checked_add(body_length)? > length {
        return None;
    }
    let metadata = read_at(file, start, metadata_length).ok()?;
    // A message begins with a mark and its length; files of old writers have the length alone.
    let skipped = if metadata.starts_with(&[0xff; 4]) {
        8
    } else {
        4
    };
    let message = root_as_message(metadata.get(skipped..)?).ok()?;
    check_message(&message, body_length, |place| {
        read_at(file, body + place, 8).ok()?.try_into().ok()
    })
}

/// None where a batch of a message claims more than its body can hold; `eight_at` gives eight bytes of the body.
pub(super) fn check_message(
    message: &Message<'_>,
    body_length: u64,
    mut eight_at: impl FnMut(u64) -> Option<[u8; 8]>,
) -> Option<()> {
    let batch = match message.header_as_dictionary_batch() {
        Some(dictionary) => dictionary.data(),
        None => message.header_as_record_batch(),
    };
    let Some(batch) = batch else {
        return Some(());
    };
    let mut n_bytes = body_length;
    for buffer in batch.buffers().into_iter().flatten() {
        let (offset, length) = (
            u64::try_from(buffer.offset()).ok()?,
            u64::try_from(buffer.length()).ok()?,
        );
        if offset.checked_add(length)? > body_length {
            return None;
        }
        if batch.compression().is_some() && length >= 8 {
            // A compressed buffer begins with its length when it is decompressed; -1 means that it is not compressed.
            let claimed = i64::from_le_bytes(eight_at(offset)?);
            if !(-1..=MAX_BUFFER).contains(&claimed) {
                return None;
            }
            n_bytes = n_bytes.saturating_add(u64::try_from(claimed).unwrap_or(0));
        }
    }
    // A value takes a bit at least, unless the column has none at all.
    let n_rows = u64::try_from(batch.length()).ok()?;
    (n_rows <= n_bytes.saturating_mul(8).max(MAX_EMPTY_ROWS)).then_some(())
}
