//! Random packs and rows: conditions as text over fields of every type, with every operator and function.

use crate::naive::{Row, Value};
use crate::support::{Classed, Files};
use ch24::batch::PresenceClass;
use ch24::rules::vocabulary::Stage;
use ch24::schema::{FieldId, ValueType, find};
use proptest::prelude::*;
use proptest::sample::select;

const TEXT_FIELDS: [&str; 5] = ["hts_number", "country_of_origin", "goods_description", "taxon", "product_class"];
const NUMBER_FIELDS: [&str; 4] = ["entered_value_usd", "gross_weight_kg", "quantity_1", "component_seq"];
const DATE_FIELDS: [&str; 3] = ["legal_date", "entry_date", "cites_permit_expires"];
const BOOLEAN_FIELDS: [&str; 2] = ["related_party", "live_venomous"];
const LIST_FIELDS: [&str; 2] = ["transit_countries", "notify_party_names"];

const TEXTS: [&str; 20] = [
    "MX", "CA", "mx", "44", "4407", "4407299500", "Swietenia macrophylla", "Swietenia", "Ariocarpus fissuratus",
    "Dalbergia  retusa", "BUCHE SECO DE TOTOABA", "Búche,seco", "É", "日本", "O'HARA", "a%b_c", "LOG", "", "ß", "NA",
];
const PATTERNS: [&str; 14] =
    ["44%", "%", "_", "__", "%a%", "%E", "a%b_c", "%'%", "4407299500", "", "É", "%%O", "_%_", "S%a m%a"];
const NUMBERS: [f64; 15] = [
    0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 44.0, 100.0, 1e308, -1e308, 1e-320, 9_007_199_254_740_993.0, 0.1, -2.5, 2024.0,
];
const DAYS: [i32; 11] = [18261, 18262, 18263, 20088, 20089, 19782, 0, -1, -719_162, 84_005, 20_000];
const DATES: [&str; 7] =
    ["2019-12-31", "2020-01-01", "2024-12-31", "2024-02-29", "1970-01-01", "2199-12-31", "2025-01-01"];
const LISTS: [&str; 5] = ["codes", "prefixes", "taxa", "phrases", "taxon_family"];

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
        for (path, text) in self.files.iter().filter(|(path, _)| !path.starts_with("lists/")) {
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
            let absent = columns().into_iter().filter(|(field, _)| !class.fields.contains(*field));
            let absent: Vec<_> = absent.map(|(field, _)| field.name()).filter(|name| !name.is_empty()).collect();
            writeln!(formatter, "class {position}: {} without {absent:?}", class.stage)?;
        }
        Ok(())
    }
}

/// The columns that rows have: fields, and the three aggregates.
pub fn columns() -> Vec<(FieldId, ValueType)> {
    let fields = [&TEXT_FIELDS[..], &NUMBER_FIELDS, &DATE_FIELDS, &BOOLEAN_FIELDS, &LIST_FIELDS].concat();
    let fields = fields.into_iter().map(|name| find(name).unwrap());
    let mut columns: Vec<_> = fields.map(|id| (id, id.field().unwrap().value_type())).collect();
    for (extra, value_type) in (0..).zip([ValueType::Boolean, ValueType::Number, ValueType::Date]) {
        columns.push((FieldId(FieldId::FIRST_EXTRA + extra), value_type));
    }
    columns
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Texts of expressions, by type.
#[derive(Clone)]
struct Level {
    boolean: BoxedStrategy<String>,
    number: BoxedStrategy<String>,
    text: BoxedStrategy<String>,
    date: BoxedStrategy<String>,
    list: BoxedStrategy<String>,
}

fn words(words: &[&'static str]) -> BoxedStrategy<String> {
    select(words.to_vec()).prop_map(str::to_owned).boxed()
}

/// Fills the `{}` of a template, one after the other.
fn fill(template: &'static str, parts: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    parts
        .prop_map(move |parts| {
            let mut pieces = template.split("{}");
            let mut text = pieces.next().unwrap().to_owned();
            for (part, piece) in parts.iter().zip(pieces) {
                text.push_str(part);
                text.push_str(piece);
            }
            text
        })
        .boxed()
}

fn any_of(options: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    proptest::strategy::Union::new(options).boxed()
}

fn ground() -> Level {
    let text = || select(TEXTS.to_vec()).prop_map(quoted).boxed();
    let number = || select(NUMBERS.to_vec()).prop_map(|number| format!("({number:?})")).boxed();
    let date = || select(DATES.to_vec()).prop_map(|date| format!("DATE '{date}'")).boxed();
    Level {
        boolean: any_of(vec![words(&BOOLEAN_FIELDS), words(&["TRUE", "false", "is_wood", "any_related"])]),
        number: any_of(vec![words(&NUMBER_FIELDS), number(), words(&[":low", ":high", "unit_value", "total_value"])]),
        text: any_of(vec![words(&TEXT_FIELDS), words(&TEXT_FIELDS), text(), words(&["hts4"])]),
        date: any_of(vec![words(&DATE_FIELDS), date(), words(&["first_day"])]),
        list: words(&LIST_FIELDS),
    }
}

fn next(below: &Level) -> Level {
    let Level { boolean: b, number: n, text: t, date: d, list: l } = below;
    let one = |template, part: &BoxedStrategy<String>| fill(template, vec![part.clone()]);
    let two = |template, first: &BoxedStrategy<String>, second: &BoxedStrategy<String>| {
        fill(template, vec![first.clone(), second.clone()])
    };
    let arithmetic = fill("({} {} {})", vec![n.clone(), words(&["+", "-", "*", "/"]), n.clone()]);
    let number = any_of(vec![
        n.clone(),
        arithmetic.clone(),
        arithmetic,
        one("(-{})", n),
        one("(+{})", n),
        one("abs({})", n),
        one("length({})", t),
        two("days_between({}, {})", d, d),
        one("month({})", d),
        one("year({})", d),
        two("coalesce(NULL, {}, {})", n, n),
        two("least({}, NULL, {})", n, n),
        two("greatest({}, {})", n, n),
        one("lookup('codes', {}, 'rate')", t),
        two("lookup('prefixes', {}, 'rate', {})", t, d),
        two("({} + 2 * {} - 1)", n, n),
    ]);
    let text = any_of(vec![
        t.clone(),
        two("({} || {})", t, t),
        one("lower({})", t),
        one("upper({})", t),
        two("coalesce({}, NULL, {})", t, t),
        one("coalesce({})", t),
        two("least({}, {}, NULL)", t, t),
        two("greatest(NULL, {}, {})", t, t),
        one("lookup('taxa', {}, 'note')", t),
        two("lookup('codes', {}, 'note', {})", t, d),
    ]);
    let date = any_of(vec![
        d.clone(),
        two("coalesce(NULL, {}, {})", d, d),
        two("least({}, {})", d, d),
        two("greatest({}, NULL, {})", d, d),
        two("lookup('codes', {}, 'since', {})", t, d),
        one("lookup('prefixes', {}, 'since')", t),
    ]);
    let list = any_of(vec![l.clone(), two("coalesce({}, NULL, {})", l, l)]);
    let boolean = any_of(vec![comparisons(below), tests(below), tests(below), joins(b), joins(b), explosion(b)]);
    Level { boolean, number, text, date, list }
}

fn comparisons(below: &Level) -> BoxedStrategy<String> {
    let Level { boolean: b, number: n, text: t, date: d, .. } = below;
    let sign = || words(&["=", "<>", "!=", "<", "<=", ">", ">="]);
    let compared = |x: &BoxedStrategy<String>| fill("({} {} {})", vec![x.clone(), sign(), x.clone()]);
    let null = |x: &BoxedStrategy<String>| fill("({} {} NULL)", vec![x.clone(), sign()]);
    any_of(vec![
        compared(n),
        compared(n),
        compared(t),
        compared(t),
        compared(d),
        compared(b),
        null(n),
        null(t),
        null(b),
        fill("(NULL {} {})", vec![sign(), d.clone()]),
    ])
}

fn tests(below: &Level) -> BoxedStrategy<String> {
    let Level { boolean: b, number: n, text: t, date: d, list: l } = below;
    let not = || words(&["", "", "NOT"]);
    let within = |x: &BoxedStrategy<String>| fill("({} {} IN ({}, {}))", vec![x.clone(), not(), x.clone(), x.clone()]);
    let maybe = |x: &BoxedStrategy<String>| fill("({} {} IN ({}, NULL))", vec![x.clone(), not(), x.clone()]);
    let between = |x: &BoxedStrategy<String>| {
        fill("({} {} BETWEEN {} AND {})", vec![x.clone(), not(), x.clone(), x.clone()])
    };
    let is_null = |x: &BoxedStrategy<String>| fill("({} IS {} NULL)", vec![x.clone(), not()]);
    let literal = |texts: &[&'static str]| select(texts.to_vec()).prop_map(quoted).boxed();
    let texts = fill("({} {} IN ('MX', {}, '44', 'É'))", vec![t.clone(), not(), literal(&TEXTS)]);
    let numbers = fill("({} {} IN (0, 1, -0.0, 1e308, 44))", vec![n.clone(), not()]);
    let dates = fill("({} {} IN (DATE '2020-01-01', NULL, DATE '2024-12-31'))", vec![d.clone(), not()]);
    let list = || select(LISTS.to_vec()).prop_map(quoted).boxed();
    any_of(vec![
        texts.clone(),
        texts,
        numbers,
        dates,
        within(n),
        within(t),
        within(d),
        maybe(n),
        maybe(t),
        maybe(b),
        fill("({} IN (NULL))", vec![n.clone()]),
        between(n),
        between(t),
        between(d),
        fill("({} {} BETWEEN NULL AND {})", vec![n.clone(), not(), n.clone()]),
        fill("({} {} LIKE {})", vec![t.clone(), not(), literal(&PATTERNS)]),
        fill("({} {} LIKE {})", vec![t.clone(), not(), literal(&PATTERNS)]),
        fill("starts_with({}, {})", vec![t.clone(), literal(&TEXTS)]),
        fill("has_item({}, {})", vec![l.clone(), literal(&TEXTS)]),
        fill("contains_any({}, {})", vec![t.clone(), list()]),
        fill("contains_any({}, 'phrases')", vec![t.clone()]),
        fill("in_list({}, {})", vec![t.clone(), list()]),
        fill("in_list({}, {}, {})", vec![t.clone(), list(), d.clone()]),
        fill("in_list(taxon, 'taxa', {})", vec![d.clone()]),
        is_null(n),
        is_null(t),
        is_null(d),
        is_null(b),
        is_null(l),
    ])
}

fn joins(b: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    let parts = |n| vec![b.clone(); n];
    any_of(vec![
        fill("(NOT {})", parts(1)),
        fill("(NOT ({} AND NOT {}))", parts(2)),
        fill("({} AND {})", parts(2)),
        fill("({} AND {} AND {})", parts(3)),
        fill("({} OR {})", parts(2)),
        fill("({} OR {} AND {} OR {})", parts(4)),
        fill("({} AND NULL)", parts(1)),
        fill("({} OR NULL)", parts(1)),
        fill("coalesce({}, NULL, {})", parts(2)),
    ])
}

/// An AND of ORs, whose alternatives multiply, or the other way round.
fn explosion(b: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    let group = prop::collection::vec(b.clone(), 1..4);
    (prop::collection::vec(group, 2..7), any::<bool>())
        .prop_map(|(groups, is_and)| {
            let (inner, outer) = if is_and { (" OR ", " AND ") } else { (" AND ", " OR ") };
            let groups: Vec<_> = groups.iter().map(|parts| format!("({})", parts.join(inner))).collect();
            format!("({})", groups.join(outer))
        })
        .boxed()
}

/// A condition, three levels deep at most.
fn condition() -> BoxedStrategy<String> {
    let first = next(&ground());
    let second = next(&first);
    let third = next(&second);
    prop_oneof![3 => first.boolean, 4 => second.boolean, 2 => third.boolean].boxed()
}

/// A rule file in which `@` stands for the rule's number.
fn rule() -> impl Strategy<Value = String> {
    let themes = select(vec!["timber", "wildlife", "iuu", "cross"]);
    let statuses = select(vec!["active", "active", "active", "draft", "retired"]);
    let stages = select(vec!["", "", "", "stages: [release, manifest]\n", "stages: [entry_summary]\n"]);
    (condition(), themes, statuses, stages, any::<bool>()).prop_map(|(when, theme, status, stages, is_block)| {
        let when = if is_block { format!("|\n  {when}") } else { quoted(&when) };
        format!(
            "id: R-@\nname: rule-@\ntitle: Rule\ntheme: {theme}\nfamily: price\nseverity: low\n\
             points: 7\nstatus: {status}\n{stages}params: {{low: 0.5, high: 100}}\nwhen: {when}\n"
        )
    })
}

fn list_files() -> Files {
    let yaml = |kind: &str, columns: &str| {
        format!("source: test\nas_of: 2026-01-01\nlicense: none\nkey: key\nmatch: {kind}\ncolumns: {columns}\n")
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
        file("taxon_family.csv", "key,family\nAriocarpus,Cactaceae\nSwietenia,Meliaceae\nDalbergia,\n"),
        file("phrases.yaml", &yaml("exact", "{note: text}")),
        file("phrases.csv", "key,note,valid_to\n\"Buche, Séco\",x,1970-01-01\ntotoaba,,\nß,,\n!!!,,\nlog,,\nmx,,\n日本,,\n"),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let cells = columns().into_iter().map(|(field, value_type)| {
        let value: BoxedStrategy<Value> = match value_type {
            ValueType::Text => select(TEXTS.to_vec()).prop_map(|text| Value::Text(text.to_owned())).boxed(),
            ValueType::Number => select(NUMBERS.to_vec()).prop_map(Value::Number).boxed(),
            ValueType::Date => select(DAYS.to_vec()).prop_map(Value::Date).boxed(),
            ValueType::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
            ValueType::List => {
                let items = TEXTS.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>();
                prop::collection::vec(select(items).prop_map(str::to_owned), 1..4).prop_map(Value::List).boxed()
            }
        };
        prop::option::weighted(0.8, value).prop_map(move |value| value.map(|value| (field.0, value)))
    });
    cells.collect::<Vec<_>>().prop_map(|cells| cells.into_iter().flatten().collect())
}

fn class() -> impl Strategy<Value = PresenceClass> {
    let stages = select(vec![Stage::EntrySummary, Stage::EntrySummary, Stage::Release, Stage::Manifest]);
    let fields: Vec<_> = columns().into_iter().map(|(field, _)| field).filter(|field| field.field().is_some()).collect();
    (stages, prop::collection::vec(prop::bool::weighted(0.97), fields.len())).prop_map(move |(stage, is_there)| {
        let fields = fields.iter().zip(is_there).filter(|(_, is_there)| *is_there).map(|(field, _)| *field);
        PresenceClass { stage, fields: fields.collect() }
    })
}

fn scope() -> impl Strategy<Value = String> {
    let theme = select(vec!["timber", "wildlife", "iuu"]);
    // A scope has no params.
    let condition = condition().prop_map(|text| text.replace(":low", "0.5").replace(":high", "100"));
    prop::option::of((theme, condition)).prop_map(|scope| match scope {
        None => "themes: {}\n".to_owned(),
        Some((theme, scope)) => format!("themes:\n  {theme}:\n    scope: {}\n", quoted(&scope)),
    })
}

/// A pack of at most `n_rules`, and rows.
pub fn case(n_rules: usize) -> impl Strategy<Value = Case> {
    let rules = prop::collection::vec(rule(), 1..=n_rules);
    let rows = prop::collection::vec((row(), any::<u16>()), 0..40);
    (rules, scope(), rows, prop::collection::vec(class(), 1..4)).prop_map(|(rules, scope, rows, classes)| {
        let mut files = list_files();
        files.push(("derived.yaml".to_owned(), DERIVED.to_owned()));
        files.push(("policy.yaml".to_owned(), format!("version: 1\n{scope}")));
        for (position, rule) in rules.iter().enumerate() {
            files.push((format!("rules/{position}.yaml"), rule.replacen('@', &format!("{position:03}"), 2)));
        }
        let n_classes = u16::try_from(classes.len()).unwrap();
        let rows = rows
            .into_iter()
            .map(|(mut row, class)| {
                let class = class % n_classes;
                let fields = &classes[usize::from(class)].fields;
                // What a row cannot carry is NULL, as `normalize` leaves it.
                row.retain(|field, _| *field >= FieldId::FIRST_EXTRA || fields.contains(FieldId(*field)));
                (row, class)
            })
            .collect();
        Case { files, rows, classes }
    })
}
