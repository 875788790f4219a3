//! The reference under which a releasable edition goes out: it tells nothing to who does not have the run.

use crate::normalize::Identities;
use crate::past::Listed;
use crate::trace::run::PastRun;
use serde_json::Value;

/// Tells this use of a hash from every other.
const CONTEXT: &str = "ch24 reference of a releasable dossier";

/// Role and 12 hex digits of a hash of role and key, under a key made of the hashes of the run's inputs, and of the key of
/// masked numbers where the run had one.
///
/// The same inputs give the same reference. Importer numbers are few enough to be tried one after the other, so nobody
/// must be able to compute it without the run: who has every input, byte for byte, can.
///
/// # Missing values
/// An input without a hash (a pipe, or the account of an earlier version): the account as a whole, with its times, stands for
/// it; then the reference is that of this run, and of no repetition.
pub fn reference(past: &PastRun, entity: &Listed) -> String {
    under(&past.account, &past.identities, entity)
}

fn under(account: &Value, identities: &Identities, entity: &Listed) -> String {
    let mut key = blake3::Hasher::new_derive_key(CONTEXT);
    let inputs = account["inputs"].as_array().map_or(&[][..], Vec::as_slice);
    let hashes = inputs.iter().map(|input| input["blake3"].as_str());
    match hashes.collect::<Option<Vec<&str>>>() {
        Some(hashes) if !hashes.is_empty() => {
            for hash in hashes {
                key.update(hash.as_bytes());
            }
        }
        _ => drop(key.update(account.to_string().as_bytes())),
    }
    if let Identities::Keyed(secret) = identities {
        key.update(secret);
    }
    let role = entity.role.as_str();
    let named = format!("{role}\u{0}{}", entity.key);
    let hash = blake3::keyed_hash(key.finalize().as_bytes(), named.as_bytes()).to_hex();
    format!("{role}-{}", hash.get(..12).unwrap_or(""))
}
