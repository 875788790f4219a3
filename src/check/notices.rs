//! Lookouts and suppressions on a day: those that are over, and those that would last too long.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::normalize::date::format_date;
use crate::rules::Loaded;
use crate::rules::notices::{MOST_DAYS, Term, TermState, too_long};

/// Reports notices that are over, were added later than today, or last longer than they may, counted from the day on which
/// they were added, else from today.
///
/// # Units
/// `today` is days since 1970-01-01.
pub fn check_notices(loaded: &mut Loaded, today: i32) {
    for (named, term) in loaded.notices.terms() {
        check_term(&named, term, today, &mut loaded.diagnostics);
    }
    loaded.diagnostics.sort();
}

fn check_term(named: &str, term: &Term, today: i32, diagnostics: &mut Diagnostics) {
    match term.added {
        Some((added, added_at)) if added > today => {
            let title = format!("this day is after {}", format_date(today));
            diagnostics.push(
                Diagnostic::error("notice-too-long", added_at, title)
                    .help("write the day on which it is added, or leave the cell empty"),
            );
        }
        None if i64::from(term.expires) - i64::from(today) > i64::from(MOST_DAYS) => {
            diagnostics.push(too_long(term.expires_at, today));
        }
        _ => {}
    }
    if term.state(today) == TermState::Expired {
        let title = format!("{named} is over since {}", term.until());
        diagnostics.push(
            Diagnostic::warning("notice-expired", term.expires_at, title)
                .help("take the row out, or look at it again and move the day"),
        );
    }
}
