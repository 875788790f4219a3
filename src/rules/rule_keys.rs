//! The keys of a rule file, once: documentation and the JSON Schema for editors follow this table.

use super::vocabulary::{Family, Floor, Level, Severity, Stage, Status, Theme};
use crate::schema::{FIELDS, ValueType};
use serde_json::{Map, Value, json};

/// A key of a rule file.
#[derive(Clone, Copy, Debug)]
pub struct RuleKey {
    /// As written.
    pub name: &'static str,
    /// What stands under it.
    pub form: KeyForm,
    /// Without it the rule cannot be read.
    pub is_required: bool,
    /// What it says.
    pub meaning: &'static str,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub enum KeyForm {
    /// One text.
    Text,
    /// A list of texts.
    Texts,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// A list of these words.
    Words(fn() -> Vec<&'static str>),
    /// A whole number in a range.
    Whole(i64, Option<i64>),
    /// True or false.
    Boolean,
    /// A date.
    Date,
    /// Numbers by name.
    Params,
    /// Rows that hit and rows that miss.
    Examples,
}

macro_rules! words {
    ($kind:ty) => {
        || <$kind>::ALL.iter().map(|word| word.as_str()).collect()
    };
}

const fn key(
    name: &'static str,
    form: KeyForm,
    is_required: bool,
    meaning: &'static str,
) -> RuleKey {
    RuleKey {
        name,
        form,
        is_required,
        meaning,
    }
}

/// Every key, in the order in which the shipped rules have them.
pub const RULE_KEYS: &[RuleKey] = &[
    key(
        "id",
        KeyForm::Text,
        true,
        "Short and stable; used in every output.",
    ),
    key(
        "name",
        KeyForm::Text,
        true,
        "Kebab words that name the suspicious pattern.",
    ),
    key("title", KeyForm::Text, true, "One line for people."),
    key(
        "theme",
        KeyForm::Word(words!(Theme)),
        true,
        "What the rule is about; `cross` counts for each theme in whose scope a row is.",
    ),
    key(
        "level",
        KeyForm::Word(words!(Level)),
        false,
        "The unit that a hit counts once for; default line.",
    ),
    key(
        "family",
        KeyForm::Word(words!(Family)),
        true,
        "The kind of evidence; the points of a family are capped.",
    ),
    key(
        "severity",
        KeyForm::Word(words!(Severity)),
        true,
        "How bad it is if true.",
    ),
    key(
        "points",
        KeyForm::Whole(1, Some(100)),
        true,
        "What a hit adds to the score of its theme.",
    ),
    key(
        "floor",
        KeyForm::Word(words!(Floor)),
        false,
        "The least that a hit leads to: review is yellow, examine is red.",
    ),
    key(
        "status",
        KeyForm::Word(words!(Status)),
        false,
        "Drafts are evaluated and reported, never counted; default active.",
    ),
    key(
        "reason",
        KeyForm::Text,
        false,
        "Why a draft does not count yet, or why a rule was rejected.",
    ),
    key(
        "version",
        KeyForm::Whole(1, None),
        false,
        "Raised when the rule changes its meaning; default 1.",
    ),
    key("owner", KeyForm::Text, false, "Who answers for the rule."),
    key(
        "review_by",
        KeyForm::Date,
        false,
        "The day of the next review.",
    ),
    key(
        "stages",
        KeyForm::Words(words!(Stage)),
        false,
        "The filings on which the rule is evaluated; without: all.",
    ),
    key(
        "when",
        KeyForm::Text,
        true,
        "The condition: true on the rows that the rule hits.",
    ),
    key(
        "params",
        KeyForm::Params,
        false,
        "Numbers that a tuner may move; `when` names them as :name.",
    ),
    key(
        "mitigates",
        KeyForm::Boolean,
        false,
        "Points are subtracted; never for document, species or list evidence.",
    ),
    key(
        "refer_to",
        KeyForm::Texts,
        false,
        "Agencies that act on a hit: FWS, NMFS, APHIS, HSI, CBP.",
    ),
    key(
        "verify",
        KeyForm::Texts,
        false,
        "Documents of Mexico that would settle the question; only rules with this make candidates for verification.",
    ),
    key("question", KeyForm::Text, false, "What to ask."),
    key(
        "examine",
        KeyForm::Texts,
        false,
        "What an examiner looks at.",
    ),
    key("legal_basis", KeyForm::Texts, false, "Citations of law."),
    key("why", KeyForm::Text, false, "Why it matters."),
    key("clears", KeyForm::Text, false, "What would clear a hit."),
    key(
        "false_positives",
        KeyForm::Texts,
        false,
        "Lawful goods that it also hits.",
    ),
    key(
        "sources",
        KeyForm::Texts,
        false,
        "Where the rule comes from.",
    ),
    key(
        "examples",
        KeyForm::Examples,
        false,
        "Rows that the rule must hit and rows that it must miss.",
    ),
];

/// A JSON Schema (draft 2020-12) of a rule file, for editors.
pub fn json_schema() -> Value {
    let properties: Map<String, Value> = RULE_KEYS
        .iter()
        .map(|key| (key.name.to_owned(), described(key)))
        .collect();
    let required: Vec<&str> = RULE_KEYS
        .iter()
        .filter(|key| key.is_required)
        .map(|key| key.name)
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of ch24",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "$defs": { "row": row() },
    })
}

fn described(key: &RuleKey) -> Value {
    let mut schema = match key.form {
        KeyForm::Text => json!({ "type": "string", "minLength": 1 }),
        KeyForm::Texts => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
        KeyForm::Word(words) => json!({ "enum": words() }),
        KeyForm::Words(words) => json!({ "type": "array", "items": { "enum": words() } }),
        KeyForm::Whole(low, None) => json!({ "type": "integer", "minimum": low }),
        KeyForm::Whole(low, Some(high)) => {
            json!({ "type": "integer", "minimum": low, "maximum": high })
        }
        KeyForm::Boolean => json!({ "type": "boolean" }),
        // YAML readers turn an unquoted date into a date of their own.
        KeyForm::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        KeyForm::Params => {
            json!({ "type": "object", "additionalProperties": { "type": "number" } })
        }
        KeyForm::Examples => {
            let rows = json!({ "type": "array", "items": { "$ref": "#/$defs/row" } });
            json!({ "type": "object", "properties": { "hit": rows, "miss": rows }, "additionalProperties": false })
        }
    };
    schema["description"] = Value::from(key.meaning);
    schema
}

/// An example row: fields by name. Other names are history features.
fn row() -> Value {
    let fields = FIELDS.iter().filter(|field| !field.is_outcome());
    let properties: Map<String, Value> = fields
        .map(|field| {
            let kinds = match field.value_type() {
                ValueType::Number => json!(["number", "null"]),
                ValueType::Boolean => json!(["boolean", "null"]),
                ValueType::Text | ValueType::List | ValueType::Date => {
                    json!(["string", "number", "null"])
                }
            };
            let schema = json!({ "type": kinds, "description": field.meaning });
            (field.name.to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "properties": properties })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_the_reader_knows_is_described() {
        let described: Vec<&str> = RULE_KEYS.iter().map(|key| key.name).collect();
        assert_eq!(described, super::super::yaml::RULE_FILE_KEYS);
        let schema = json_schema();
        assert_eq!(schema["required"].as_array().map(Vec::len), Some(8));
        assert_eq!(
            schema["properties"]["floor"]["enum"],
            json!(["review", "examine"])
        );
        assert!(schema["$defs"]["row"]["properties"]["hts_number"].is_object());
        assert!(schema["$defs"]["row"]["properties"]["outcome"].is_null());
    }
}
