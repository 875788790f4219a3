//! Many pieces of text, searched for in one pass.

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind, dfa};

/// Pieces of text in one automaton.
#[derive(Clone, Debug)]
pub(super) enum Pieces {
    /// A table of all states: fastest, as long as it is small.
    Few(dfa::DFA),
    /// States by what they differ in.
    Many(NFA),
}

/// Bytes of pieces up to which the automaton is a full table.
const MOST_TABLE_BYTES: usize = 1 << 14;

impl Pieces {
    /// Builds the automaton.
    pub(super) fn new<P: AsRef<[u8]>>(pieces: &[P]) -> Self {
        const FITS: &str = "pieces of a pack are far below the limits of the automaton";
        let n_bytes: usize = pieces.iter().map(|piece| piece.as_ref().len()).sum();
        match n_bytes <= MOST_TABLE_BYTES {
            true => {
                let mut builder = dfa::DFA::builder();
                let built = builder.match_kind(MatchKind::Standard).build(pieces);
                Self::Few(built.expect(FITS))
            }
            false => {
                let mut builder = NFA::builder();
                let built = builder.match_kind(MatchKind::Standard).build(pieces);
                Self::Many(built.expect(FITS))
            }
        }
    }

    /// Calls `take` with the number of each piece that a text holds, once per place.
    pub(super) fn find(&self, text: &str, take: impl FnMut(usize)) {
        match self {
            Self::Few(automaton) => find(automaton, text, take),
            Self::Many(automaton) => find(automaton, text, take),
        }
    }
}

fn find(automaton: &impl Automaton, text: &str, mut take: impl FnMut(usize)) {
    let start = automaton.start_state(Anchored::No);
    let mut state = start.expect("the automaton searches everywhere");
    for byte in text.bytes() {
        state = automaton.next_state(Anchored::No, state, byte);
        if automaton.is_special(state) && automaton.is_match(state) {
            for hit in 0..automaton.match_len(state) {
                take(automaton.match_pattern(state, hit).as_usize());
            }
        }
    }
}
