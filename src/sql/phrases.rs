//! Searches: which texts hold a phrase of which lists, each distinct text once.
//!
//! A phrase is in a text as words exactly when its folded form is in the folded text. Phrases are folded here; texts in
//! the query, by a table that is made with the same function, character by character.

use super::dialect::{Dialect, comment};
use super::expression::Writer;
use super::list_tables::values_table;
use super::plan::{Key, Plan};
use super::rows::{joined, tables_of_key};
use crate::normalize::text::fold;
use crate::rules::expression::{Expression, ListId};
use std::collections::{BTreeMap, BTreeSet};

/// The tables of a text that is searched.
pub(super) fn searched(plan: &Plan<'_>, table: usize, text: &Expression) -> String {
    let dialect = plan.dialect;
    let name = &plan.tables[table].name;
    let quoted = dialect.name(name);
    let from = joined(plan, &tables_of_key(plan, Key::Searched(text)), "\n    ");
    let text = Writer::over_tables(plan).sql(text);
    let mut columns = vec!["texts.searched".to_owned()];
    for value in plan.values_of(table) {
        if let Expression::ContainsAny(_, list) = value.expression {
            let list = dialect.text(&plan.rules.lists.get(*list).name);
            let column = dialect.name(&value.name);
            columns.push(format!(
                "coalesce(bool_or(found.list_name = {list}), FALSE) AS {column}"
            ));
        }
    }
    format!(
        "texts_{name} {kept} (\n  SELECT DISTINCT searched\n  FROM (\n    SELECT {text} AS searched\n    FROM {from}\n  ) AS said\n  WHERE searched IS NOT NULL\n),\n\n\
         folded_{name} AS (\n  {said}\n  SELECT searched, trim({folded}) AS folded\n  FROM texts_{name}\n),\n\n\
         words_{name} AS (\n  SELECT searched, folded, {word} AS word\n  FROM folded_{name}\n),\n\n\
         {quoted} AS (\n  SELECT\n    {columns}\n  FROM texts_{name} AS texts\n  LEFT JOIN (
    SELECT words.searched, phrases.list_name
    FROM words_{name} AS words
    JOIN phrases ON phrases.first_word = words.word
      AND contains(concat(' ', words.folded, ' '), phrases.phrase)
  ) AS found ON found.searched = texts.searched\n  GROUP BY texts.searched\n)",
        kept = dialect.kept(),
        said = comment("letters without accents in lower case, one space for anything else"),
        folded = folded("searched", dialect),
        word = dialect.each_word("folded"),
        columns = columns.join(",\n    "),
    )
}

/// Every phrase of the lists that texts are searched for; none where no text is.
pub(super) fn phrases(plan: &Plan<'_>) -> Option<String> {
    let lists: BTreeSet<ListId> = plan
        .values
        .iter()
        .filter_map(|value| match value.expression {
            Expression::ContainsAny(_, list) => Some(*list),
            _ => None,
        })
        .collect();
    if lists.is_empty() {
        return None;
    }
    let dialect = plan.dialect;
    let mut rows = Vec::new();
    for list in lists {
        let list = plan.rules.lists.get(list);
        let phrases: BTreeSet<String> = list.rows.iter().map(|row| fold(&row.key)).collect();
        for phrase in phrases {
            if let Some(first) = phrase.split_ascii_whitespace().next() {
                let cells = [list.name.as_str(), first, phrase.as_str()];
                rows.push(format!(
                    "({})",
                    cells.map(|cell| dialect.text(cell)).join(", ")
                ));
            }
        }
    }
    let names = ["list_name", "first_word", "phrase"].map(str::to_owned);
    Some(values_table(
        "phrases",
        "phrases of the lists, folded",
        &names,
        &names,
        rows,
    ))
}

/// A text folded, with a space or nothing at its ends.
fn folded(text: &str, dialect: Dialect) -> String {
    let table = FoldTable::new();
    let invisible: Vec<String> = table
        .dropped
        .iter()
        .map(|(first, last)| {
            let (first, last) = (
                dialect.pattern_character(*first),
                dialect.pattern_character(*last),
            );
            format!("{first}-{last}")
        })
        .collect();
    let visible = dialect.replace_all(text, &format!("[{}]", invisible.concat()), "");
    let (from, to) = (dialect.text(&table.from), dialect.text(&table.to));
    let mut letters = format!("translate({visible}, {from}, {to})");
    for (letter, spelling) in &table.spelled {
        letters = format!("replace({letters}, '{letter}', '{spelling}')");
    }
    let lower = format!(
        "CASE WHEN {} THEN lower({text})\n    ELSE {letters} END",
        dialect.is_ascii(text)
    );
    dialect.replace_all(&lower, "[^a-z0-9]+", " ")
}

/// What folding does to each character beyond its own case.
struct FoldTable {
    /// Characters that become the one at the same place of `to`.
    from: String,
    to: String,
    /// Characters that become several letters; others of the same spelling become these first.
    spelled: Vec<(char, String)>,
    /// First and last of runs of characters that vanish.
    dropped: Vec<(char, char)>,
}

impl FoldTable {
    /// Folds every character that can be a letter; beyond 16 bits nothing is.
    fn new() -> Self {
        let mut table = Self {
            from: String::new(),
            to: String::new(),
            spelled: Vec::new(),
            dropped: Vec::new(),
        };
        let mut first_of: BTreeMap<String, char> = BTreeMap::new();
        for character in '\u{0}'..='\u{FFFF}' {
            let folded = fold(&format!("0{character}0"));
            let spelling = folded.trim_matches([' ', '0']);
            let mut letters = spelling.chars();
            match (letters.next(), letters.next()) {
                _ if character == '0' => {}
                // Digits and lower-case letters stay; all that is not in a table becomes a space.
                (Some(letter), None) if letter == character => {}
                (None, _) if folded.trim() == "0 0" => {}
                (None, _) => match table.dropped.last_mut() {
                    Some((_, last)) if u32::from(*last) + 1 == u32::from(character) => {
                        *last = character;
                    }
                    _ => table.dropped.push((character, character)),
                },
                (Some(letter), None) => {
                    table.from.push(character);
                    table.to.push(letter);
                }
                _ => match first_of.get(spelling) {
                    Some(first) => {
                        table.from.push(character);
                        table.to.push(*first);
                    }
                    None => {
                        first_of.insert(spelling.to_owned(), character);
                        table.spelled.push((character, spelling.to_owned()));
                    }
                },
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fold_table_holds_letters_and_invisible_characters() {
        let table = FoldTable::new();
        assert_eq!(table.from.chars().count(), table.to.chars().count());
        assert!(table.from.starts_with("ABC"));
        assert!(table.to.starts_with("abc"));
        assert_eq!(
            table.dropped,
            [
                ('\u{AD}', '\u{AD}'),
                ('\u{300}', '\u{36F}'),
                ('\u{200B}', '\u{200B}'),
                ('\u{FEFF}', '\u{FEFF}')
            ]
        );
        assert!(('\u{10000}'..=char::MAX).all(|character| fold(&character.to_string()) == " "));
        for (letter, spelling) in table.spelled {
            assert!(spelling.len() > 1, "{letter} is {spelling}");
        }
    }
}
