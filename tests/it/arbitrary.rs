//! Random packs and rows.

use crate::conditions::{
    BOOLEAN_FIELDS, DATE_FIELDS, LIST_FIELDS, NUMBER_FIELDS, NUMBERS, TEXT_FIELDS, TEXTS,
    condition, quoted,
};
use crate::naive::{Row, Value};
use crate::support::{Classed, Files};
use ch24::batch::PresenceClass;
use ch24::rules::vocabulary::Stage;
use ch24::schema::{FieldId, ValueType, find};
use proptest::prelude::*;
use proptest::sample::select;

const DAYS: [i32; 11] = [
    18261, 18262, 18263, 20088, 20089, 19782, 0, -1, -719_162, 84_005, 20_000,
];

const DERIVED: &str = "\
any_related: any(related_party) over entry
total_value: sum(entered_value_usd) over line
first_day: min(entry_date) over bill
unit_value: entered_value_usd / quantity_1
hts4: coalesce(hts_number, '') || lower(country_of_origin)
is_wood: hts_number LIKE '44%' OR product_class = 'LOG' OR in_wood_list
in_wood_list: in_list(hts_number, 'prefixes', legal_date)
";

/// A pack, rows to judge by it, and what the rows can carry.
#[derive(Clone)]
pub struct Case {
    pub files: Files,
    pub rows: Vec<Classed>,
    pub classes: Vec<PresenceClass>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (path, text) in self
            .files
            .iter()
            .filter(|(path, _)| !path.starts_with("lists/"))
        {
            writeln!(formatter, "\n# {path}\n{text}")?;
        }
        for (position, (row, class)) in self.rows.iter().enumerate() {
            write!(formatter, "row {position} (class {class}):")?;
            for (field, value) in row {
                write!(formatter, " {}:{field}={value:?}", FieldId(*field).name())?;
            }
            writeln!(formatter)?;
        }
        for (position, class) in self.classes.iter().enumerate() {
            let absent = columns()
                .into_iter()
                .filter(|(field, _)| !class.fields.contains(*field));
            let absent: Vec<_> = absent
                .map(|(field, _)| field.name())
                .filter(|name| !name.is_empty())
                .collect();
            writeln!(
                formatter,
                "class {position}: {} without {absent:?}",
                class.stage
            )?;
        }
        Ok(())
    }
}

/// The columns that rows have: fields, and the three aggregates.
pub fn columns() -> Vec<(FieldId, ValueType)> {
    let fields = [
        &TEXT_FIELDS[..],
        &NUMBER_FIELDS,
        &DATE_FIELDS,
        &BOOLEAN_FIELDS,
        &LIST_FIELDS,
    ]
    .concat();
    let fields = fields.into_iter().map(|name| find(name).unwrap());
    let mut columns: Vec<_> = fields
        .map(|id| (id, id.field().unwrap().value_type()))
        .collect();
    for (extra, value_type) in (0..).zip([ValueType::Boolean, ValueType::Number, ValueType::Date]) {
        columns.push((FieldId(FieldId::FIRST_EXTRA + extra), value_type));
    }
    columns
}

/// A rule file in which `@` stands for the rule's number.
fn rule() -> impl Strategy<Value = String> {
    let themes = select(vec!["timber", "wildlife", "iuu", "cross"]);
    let statuses = select(vec!["active", "active", "active", "draft", "retired"]);
    let stages = select(vec![
        "",
        "",
        "",
        "stages: [release, manifest]\n",
        "stages: [entry_summary]\n",
    ]);
    (condition(), themes, statuses, stages, any::<bool>()).prop_map(
        |(when, theme, status, stages, is_block)| {
            let when = if is_block {
                format!("|\n  {when}")
            } else {
                quoted(&when)
            };
            format!(
                "id: R-@\nname: rule-@\ntitle: Rule\ntheme: {theme}\nfamily: price\nseverity: low\n\
             points: 7\nstatus: {status}\n{stages}params: {{low: 0.5, high: 100}}\nwhen: {when}\n"
            )
        },
    )
}

fn list_files() -> Files {
    let yaml = |kind: &str, columns: &str| {
        format!(
            "source: test\nas_of: 2026-01-01\nlicense: none\nkey: key\nmatch: {kind}\ncolumns: {columns}\n"
        )
    };
    let all = "{note: text, rate: number, since: date}";
    let file = |name: &str, text: &str| (format!("lists/{name}"), text.to_owned());
    vec![
        file("codes.yaml", &yaml("exact", all)),
        file(
            "codes.csv",
            "key,note,rate,since,valid_from,valid_to\nMX,first,1,2020-01-01,2020-01-01,2024-12-31\nMX,second,0.5,,,\n\
             É,accent,,2024-02-29,2024-02-29,2024-02-29\nCA,,100,,2025-01-01,\nNA,code,-2.5,,,2019-12-31\n日本,x,0,,,\n",
        ),
        file("prefixes.yaml", &yaml("prefix", all)),
        file(
            "prefixes.csv",
            "key,note,rate,since,valid_from,valid_to\n44,short,1,,,\n4407,long,3,2020-01-01,2020-01-01,2024-12-31\n\
             4407,later,44,,2024-12-31,\nO'H,hara,,,,\nB,b,0,,,1970-01-01\nBú,bu,,,,\n",
        ),
        file("taxa.yaml", &yaml("taxon", "{note: text}")),
        file(
            "taxa.csv",
            "key,note,valid_from,valid_to\nSwietenia,genus,,2024-12-31\nSwietenia macrophylla,species,2024-02-29,\n\
             Cactaceae,family,2020-01-01,\nDalbergia,,,\nLOG,word,,\n",
        ),
        file("taxon_family.yaml", &yaml("exact", "{family: text}")),
        file(
            "taxon_family.csv",
            "key,family\nAriocarpus,Cactaceae\nSwietenia,Meliaceae\nDalbergia,\n",
        ),
        file("taxon_synonyms.yaml", &yaml("exact", "{accepted: text}")),
        file(
            "taxon_synonyms.csv",
            "key,accepted\nDalbergia retusa,Swietenia macrophylla\nlog,LOG\nSwietenia,\nO'HARA,Ariocarpus fissuratus\n",
        ),
        file("phrases.yaml", &yaml("exact", "{note: text}")),
        file(
            "phrases.csv",
            "key,note,valid_to\n\"Buche, Séco\",x,1970-01-01\ntotoaba,,\nß,,\n!!!,,\nlog,,\nmx,,\n日本,,\n",
        ),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let cells = columns().into_iter().map(|(field, value_type)| {
        let value: BoxedStrategy<Value> = match value_type {
            ValueType::Text => select(TEXTS.to_vec())
                .prop_map(|text| Value::Text(text.to_owned()))
                .boxed(),
            ValueType::Number => select(NUMBERS.to_vec()).prop_map(Value::Number).boxed(),
            ValueType::Date => select(DAYS.to_vec()).prop_map(Value::Date).boxed(),
            ValueType::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
            ValueType::List => {
                let items = TEXTS
                    .iter()
                    .filter(|text| !text.is_empty())
                    .copied()
                    .collect::<Vec<_>>();
                prop::collection::vec(select(items).prop_map(str::to_owned), 1..4)
                    .prop_map(Value::List)
                    .boxed()
            }
        };
        prop::option::weighted(0.8, value)
            .prop_map(move |value| value.map(|value| (field.0, value)))
    });
    cells
        .collect::<Vec<_>>()
        .prop_map(|cells| cells.into_iter().flatten().collect())
}

fn class() -> impl Strategy<Value = PresenceClass> {
    let stages = select(vec![
        Stage::EntrySummary,
        Stage::EntrySummary,
        Stage::Release,
        Stage::Manifest,
    ]);
    let fields: Vec<_> = columns()
        .into_iter()
        .map(|(field, _)| field)
        .filter(|field| field.field().is_some())
        .collect();
    (
        stages,
        prop::collection::vec(prop::bool::weighted(0.97), fields.len()),
    )
        .prop_map(move |(stage, is_there)| {
            let fields = fields
                .iter()
                .zip(is_there)
                .filter(|(_, is_there)| *is_there)
                .map(|(field, _)| *field);
            PresenceClass {
                stage,
                fields: fields.collect(),
                has_history: false,
                has_feeds: false,
            }
        })
}

fn scope() -> impl Strategy<Value = String> {
    let theme = select(vec!["timber", "wildlife", "iuu"]);
    // A scope has no params.
    let condition =
        condition().prop_map(|text| text.replace(":low", "0.5").replace(":high", "100"));
    prop::option::of((theme, condition)).prop_map(|scope| match scope {
        None => "themes: {}\n".to_owned(),
        Some((theme, scope)) => format!("themes:\n  {theme}:\n    scope: {}\n", quoted(&scope)),
    })
}

/// A pack of at most `n_rules`, and rows.
pub fn case(n_rules: usize) -> impl Strategy<Value = Case> {
    let rules = prop::collection::vec(rule(), 1..=n_rules);
    let rows = prop::collection::vec((row(), any::<u16>()), 0..40);
    (rules, scope(), rows, prop::collection::vec(class(), 1..4)).prop_map(
        |(rules, scope, rows, classes)| {
            let mut files = list_files();
            files.push(("derived.yaml".to_owned(), DERIVED.to_owned()));
            files.push(("policy.yaml".to_owned(), format!("version: 1\n{scope}")));
            for (position, rule) in rules.iter().enumerate() {
                files.push((
                    format!("rules/{position}.yaml"),
                    rule.replacen('@', &format!("{position:03}"), 2),
                ));
            }
            let n_classes = u16::try_from(classes.len()).unwrap();
            let rows = rows
                .into_iter()
                .map(|(mut row, class)| {
                    let class = class % n_classes;
                    let fields = &classes[usize::from(class)].fields;
                    // What a row cannot carry is NULL, as `normalize` leaves it.
                    row.retain(|field, _| {
                        *field >= FieldId::FIRST_EXTRA || fields.contains(FieldId(*field))
                    });
                    (row, class)
                })
                .collect();
            Case {
                files,
                rows,
                classes,
            }
        },
    )
}
