//! Codes of mistakes in lookouts.csv and suppressions.csv.

use super::Code;

pub(super) const CODES: &[Code] = &[
    Code {
        name: "bad-notice",
        summary: "lookouts.csv or suppressions.csv, or a row of it, cannot be used",
        text: "lookouts.csv has the columns key, action, reason, owner, expires and may have added; suppressions.csv has rule, entity,
approver, expires and may have product, reason, added. Each cell of a column that is needed holds something; an action
is review or examine; a row has as many cells as the header. A file with nearly such a name is not read, which is a
warning.

    # wrong
    key,action,reason,owner,expires
    importer:12-3456789,hold,,J. Doe,2026-08-30
    # right
    key,action,reason,owner,expires
    importer:12-3456789,examine,case 26-114,J. Doe,2026-08-30",
    },
    Code {
        name: "bad-notice-key",
        summary: "a lookout or suppression names nothing that a line can hold",
        text: "A key is KIND:KEY. Kinds are importer, importer_account, consignee, shipper, manufacturer, seller, vessel,
harvest_vessel, filer, carrier, notify_party, shipment, entry, bill, container, hts and taxon. The entity of a
suppression is not goods; its product is nothing else. A number with a wrong check digit is a warning: only lines with
the same mistake are found.

    # wrong
    key
    12-3456789
    # right
    key
    importer:12-3456789",
    },
    Code {
        name: "duplicate-notice",
        summary: "two rows of lookouts.csv or suppressions.csv are about the same",
        text: "Which of two actions or last days holds would be a guess. Keys are compared in the form that lines have, so two
spellings of one number are the same.

    # wrong
    importer:12-3456789,review,case 26-114,J. Doe,2026-08-30
    importer:12-345678900,examine,case 26-120,J. Doe,2026-08-30
    # right
    importer:12-3456789,examine,cases 26-114 and 26-120,J. Doe,2026-08-30",
    },
    Code {
        name: "not-suppressible",
        summary: "a suppression of a rule with a floor, of one that mitigates, or of one that does not count",
        text: "A floor is there to hold whatever else is known, so nothing suppresses it; a rule that mitigates takes points away, so
leaving it out would add some. A rule that is a draft, retired or rejected counts for nothing anyway: a warning.

    # wrong
    rule,entity,approver,expires      # T-07 has floor: examine
    T-07,importer:12-3456789,J. Doe,2026-08-30
    # right
    rule,entity,approver,expires      # T-12 has points only
    T-12,importer:12-3456789,J. Doe,2026-08-30",
    },
    Code {
        name: "notice-expired",
        summary: "a lookout or suppression is over",
        text: "It counts no more for lines whose date of law is after its last day. Take the row out, or look at it again and move
the day.

    # wrong
    importer:12-3456789,examine,case 26-114,J. Doe,2025-12-31
    # right
    importer:12-3456789,examine,case 26-114,J. Doe,2026-08-30",
    },
    Code {
        name: "notice-too-long",
        summary: "a lookout or suppression lasts more than 90 days",
        text: "Days count from `added`, else from today (or --as-of). What nobody looks at again for longer than that is a rule, or is
forgotten: write a rule, or move the day every 90 days. `added` itself is not a day to come.

    # wrong
    key,action,reason,owner,added,expires
    importer:12-3456789,examine,case 26-114,J. Doe,2026-06-01,2027-06-01
    # right
    key,action,reason,owner,added,expires
    importer:12-3456789,examine,case 26-114,J. Doe,2026-06-01,2026-08-30",
    },
    Code {
        name: "unknown-rule",
        summary: "a suppression names a rule that the pack does not have",
        text: "A rule is named by its id, letter by letter.

    # wrong
    rule,entity,approver,expires
    T-7,importer:12-3456789,J. Doe,2026-08-30
    # right
    rule,entity,approver,expires
    T-07,importer:12-3456789,J. Doe,2026-08-30",
    },
];
