//! Changes of a rule, written into its file: nothing but the value that changes is touched, so comments and layout stay.

use super::yaml::RuleFile;
use crate::diagnostic::{Sources, Span};

/// A change of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Other points.
    Points(i32),
    /// Another value of a param.
    Param {
        /// Its name.
        name: String,
        /// The value.
        value: f64,
    },
    /// Another number in the condition.
    Number {
        /// First byte of the number in `when`.
        start: usize,
        /// One past its last byte.
        end: usize,
        /// The value.
        value: f64,
    },
    /// An example that changes sides, since it stands at a limit that moved: from those that hit, or that miss, to the others.
    Example {
        /// Whether it stands among those that hit.
        is_hit: bool,
        /// Which of them.
        position: usize,
    },
    /// The status `retired`, with a reason of one line.
    Retire(String),
    /// Another id and the status `draft`: a variant that is tried beside the rule.
    Variant(String),
}

/// The text of a rule's file with the changes in it; none when a place cannot be told, as in a file of one flow mapping.
pub fn edited(sources: &Sources, file: &RuleFile, edits: &[Edit]) -> Option<String> {
    let text = sources.text(file.file);
    let mut parts: Vec<(usize, usize, String)> = Vec::new();
    for edit in edits {
        match edit {
            Edit::Points(points) => {
                let span = file.points.span;
                parts.push((span.start, span.end, points.to_string()));
            }
            Edit::Param { name, value } => {
                let mut params = file.params.iter();
                let (_, old) = params.find(|(known, _)| known.value == *name)?;
                parts.push((old.span.start, old.span.end, number(*value)));
            }
            Edit::Number { start, end, value } => {
                let span = file.when.span_of(*start, *end);
                if text.get(span.start..span.end) != file.when.value.get(*start..*end) {
                    return None;
                }
                parts.push((span.start, span.end, number(*value)));
            }
            Edit::Example { is_hit, position } => {
                let (own, other) = match is_hit {
                    true => (&file.examples.hit, &file.examples.miss),
                    false => (&file.examples.miss, &file.examples.hit),
                };
                let (start, end) = row_line(text, own.get(*position)?.span)?;
                let (_, behind) = row_line(text, other.last()?.span)?;
                parts.push((start, end, String::new()));
                parts.push((behind, behind, text[start..end].to_owned()));
            }
            Edit::Retire(reason) => {
                let reason = format!("\nreason: '{}'", reason.replace('\'', "''"));
                let reason = if file.reason.is_some() { "" } else { &reason };
                parts.push(status(text, &format!("status: retired{reason}"))?);
            }
            Edit::Variant(id) => {
                parts.push((file.id.span.start, file.id.span.end, id.clone()));
                parts.push(status(text, "status: draft")?);
            }
        }
    }
    parts.sort_unstable_by_key(|(start, ..)| std::cmp::Reverse(*start));
    let mut text = text.to_owned();
    for (start, end, with) in parts {
        text.replace_range(start..end, &with);
    }
    Some(text)
}

/// The line of an example, with its end; none where the example is not one line of its own.
fn row_line(text: &str, row: Span) -> Option<(usize, usize)> {
    let start = text.get(..row.start)?.rfind('\n')? + 1;
    let end = row.end + text.get(row.end..)?.find('\n')? + 1;
    let is_own = text[start..row.start].trim() == "-" && text[row.end..end].trim().is_empty();
    (is_own && !text[row.start..row.end].contains('\n')).then_some((start, end))
}

/// Where the status stands, or belongs: behind the points.
fn status(text: &str, line: &str) -> Option<(usize, usize, String)> {
    let line_of = |key: &str| {
        let mut at = 0;
        for known in text.split_inclusive('\n') {
            if known.starts_with(key) {
                let length = known.trim_end_matches(['\n', '\r']).len();
                return Some((at, at + length));
            }
            at += known.len();
        }
        None
    };
    if let Some((start, end)) = line_of("status:") {
        // What stands behind the value, as a comment, stays.
        let kept = text[start..end]
            .find(" #")
            .map_or(end, |comment| start + comment);
        return Some((start, kept, line.to_owned()));
    }
    let (_, end) = line_of("points:")?;
    Some((end, end, format!("\n{line}")))
}

/// A number as it is written in YAML and in conditions: shortest form that reads back.
pub fn number(value: f64) -> String {
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::load_files;

    const RULE: &str = "# A note.\nid: T-01\nname: a-rule\ntitle: A rule\ntheme: timber\nfamily: price\nseverity: low\npoints:   10 # by the desk\nwhen: |\n  entered_value_usd > :least\n  AND quantity_1 >= 2.50\nparams: {least: 100}\n";

    fn changed(edits: &[Edit]) -> String {
        let loaded = load_files(vec![("T-01.yaml".to_owned(), RULE.as_bytes().to_vec())]);
        edited(&loaded.sources, &loaded.files[0], edits).expect("a place for each change")
    }

    #[test]
    fn only_the_value_changes() {
        let text = changed(&[
            Edit::Points(14),
            Edit::Param {
                name: "least".to_owned(),
                value: 250.0,
            },
        ]);
        assert_eq!(
            text,
            RULE.replace("  10 #", "  14 #")
                .replace("least: 100", "least: 250")
        );
    }

    #[test]
    fn a_number_of_the_condition_is_found_below_its_indentation() {
        let at = "entered_value_usd > :least\nAND quantity_1 >= ".len();
        let edit = Edit::Number {
            start: at,
            end: at + 4,
            value: 4.0,
        };
        assert_eq!(changed(&[edit]), RULE.replace("2.50", "4"));
    }

    #[test]
    fn an_example_at_a_limit_that_moves_changes_sides() {
        let examples = "examples:\n  hit:\n    - {quantity_1: 9}\n  miss:\n    - {quantity_1: 1}\n    - {quantity_1: 2}\n";
        let moved = "examples:\n  hit:\n    - {quantity_1: 9}\n    - {quantity_1: 2}\n  miss:\n    - {quantity_1: 1}\n";
        let files = vec![(
            "T-01.yaml".to_owned(),
            (RULE.to_owned() + examples).into_bytes(),
        )];
        let loaded = load_files(files);
        let edit = Edit::Example {
            is_hit: false,
            position: 1,
        };
        let text = edited(&loaded.sources, &loaded.files[0], &[edit]);
        assert_eq!(text, Some(RULE.to_owned() + moved));
    }

    #[test]
    fn a_status_that_is_not_written_goes_behind_the_points() {
        let text = changed(&[Edit::Retire("3 of 400: it's less".to_owned())]);
        let status = "# by the desk\nstatus: retired\nreason: '3 of 400: it''s less'\nwhen";
        assert_eq!(text, RULE.replace("# by the desk\nwhen", status));
        let loaded = load_files(vec![("T-01.yaml".to_owned(), text.into_bytes())]);
        assert_eq!(loaded.rules.expect("no mistakes").shelved.len(), 1);
    }
}
