//! An Arrow stream, message by message: each is read and checked before the library sees it, so that a damaged length takes
//! no more memory than the bytes that are there.

use super::ipc_check::check_message;
use arrow::ipc::root_as_message;
use std::io::{Error, ErrorKind, Read, Result};
use std::ops::Range;

/// Largest metadata of a message, in bytes.
const MAX_METADATA: u64 = 64 << 20;
/// The mark at the start of a message; writers of old versions leave it out.
const MARK: [u8; 4] = [0xff; 4];

/// Gives the bytes of a stream, one whole message after the other.
pub(super) struct Messages<R> {
    source: R,
    message: Vec<u8>,
    place: usize,
}

impl<R: Read> Messages<R> {
    /// Takes a stream.
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            message: Vec::new(),
            place: 0,
        }
    }

    /// Reads the next message; an empty one at the end.
    fn next_message(&mut self) -> Result<()> {
        (self.place, self.message) = (0, Vec::new());
        let mut length = self.more(4)?;
        if self.message[length.clone()] == MARK {
            length = self.more(4)?;
        }
        let length = match <[u8; 4]>::try_from(&self.message[length]) {
            Ok(length) => u64::from(u32::from_le_bytes(length)),
            // A stream may end without its end mark.
            Err(_) => return Ok(()),
        };
        if length == 0 {
            return Ok(());
        }
        if length > MAX_METADATA {
            return Err(corrupt());
        }
        let metadata = self.more(length)?;
        let header = root_as_message(&self.message[metadata.clone()]).map_err(|_| corrupt())?;
        let body_length = u64::try_from(header.bodyLength()).map_err(|_| corrupt())?;
        let body = self.more(body_length)?;
        if body.len() as u64 != body_length {
            return Err(corrupt());
        }
        let body = &self.message[body];
        let eight_at = |place: u64| {
            let place = usize::try_from(place).ok()?;
            body.get(place..place.checked_add(8)?)?.try_into().ok()
        };
        let header = root_as_message(&self.message[metadata]).map_err(|_| corrupt())?;
        check_message(&header, body_length, eight_at).ok_or_else(corrupt)
    }

    /// Reads so many bytes more of the message, or what there is; gives their place.
    fn more(&mut self, length: u64) -> Result<Range<usize>> {
        let start = self.message.len();
        self.source
            .by_ref()
            .take(length)
            .read_to_end(&mut self.message)?;
        Ok(start..self.message.len())
    }
}

impl<R: Read> Read for Messages<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.place == self.message.len() {
            self.next_message()?;
        }
        let left = &self.message[self.place..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.place += count;
        Ok(count)
    }
}

fn corrupt() -> Error {
    Error::new(ErrorKind::InvalidData, "the stream is truncated or corrupt")
}
