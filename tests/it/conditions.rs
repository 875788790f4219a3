//! Random conditions as text, over fields of every type, with every operator and function.

use proptest::prelude::*;
use proptest::sample::select;

pub const TEXT_FIELDS: [&str; 5] = [
    "hts_number",
    "country_of_origin",
    "goods_description",
    "taxon",
    "product_class",
];
pub const NUMBER_FIELDS: [&str; 4] = [
    "entered_value_usd",
    "gross_weight_kg",
    "quantity_1",
    "component_seq",
];
pub const DATE_FIELDS: [&str; 3] = ["legal_date", "entry_date", "cites_permit_expires"];
pub const BOOLEAN_FIELDS: [&str; 2] = ["related_party", "live_venomous"];
pub const LIST_FIELDS: [&str; 2] = ["transit_countries", "notify_party_names"];

pub const TEXTS: [&str; 20] = [
    "MX",
    "CA",
    "mx",
    "44",
    "4407",
    "4407299500",
    "Swietenia macrophylla",
    "Swietenia",
    "Ariocarpus fissuratus",
    "Dalbergia  retusa",
    "BUCHE SECO DE TOTOABA",
    "Búche,seco",
    "É",
    "日本",
    "O'HARA",
    "a%b_c",
    "LOG",
    "",
    "ß",
    "NA",
];
const PATTERNS: [&str; 14] = [
    "44%",
    "%",
    "_",
    "__",
    "%a%",
    "%E",
    "a%b_c",
    "%'%",
    "4407299500",
    "",
    "É",
    "%%O",
    "_%_",
    "S%a m%a",
];
pub const NUMBERS: [f64; 15] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    3.0,
    44.0,
    100.0,
    1e308,
    -1e308,
    1e-320,
    9_007_199_254_740_992.0,
    0.1,
    -2.5,
    2024.0,
];
const DATES: [&str; 7] = [
    "2019-12-31",
    "2020-01-01",
    "2024-12-31",
    "2024-02-29",
    "1970-01-01",
    "2199-12-31",
    "2025-01-01",
];
const LISTS: [&str; 5] = ["codes", "prefixes", "taxa", "phrases", "taxon_family"];

/// A text between single quotes, of a condition or of YAML.
pub fn quoted(text: &str) -> String {
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
    let number = || {
        select(NUMBERS.to_vec())
            .prop_map(|number| format!("({number:?})"))
            .boxed()
    };
    let date = || {
        select(DATES.to_vec())
            .prop_map(|date| format!("DATE '{date}'"))
            .boxed()
    };
    Level {
        boolean: any_of(vec![
            words(&BOOLEAN_FIELDS),
            words(&["TRUE", "false", "is_wood", "any_related"]),
        ]),
        number: any_of(vec![
            words(&NUMBER_FIELDS),
            number(),
            words(&[":low", ":high", "unit_value", "total_value"]),
        ]),
        text: any_of(vec![
            words(&TEXT_FIELDS),
            words(&TEXT_FIELDS),
            text(),
            words(&["hts4"]),
        ]),
        date: any_of(vec![words(&DATE_FIELDS), date(), words(&["first_day"])]),
        list: words(&LIST_FIELDS),
    }
}

fn next(below: &Level) -> Level {
    let Level {
        boolean: b,
        number: n,
        text: t,
        date: d,
        list: l,
    } = below;
    let one = |template, part: &BoxedStrategy<String>| fill(template, vec![part.clone()]);
    let two = |template, first: &BoxedStrategy<String>, second: &BoxedStrategy<String>| {
        fill(template, vec![first.clone(), second.clone()])
    };
    let arithmetic = fill(
        "({} {} {})",
        vec![n.clone(), words(&["+", "-", "*", "/"]), n.clone()],
    );
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
    let boolean = any_of(vec![
        comparisons(below),
        tests(below),
        tests(below),
        joins(b),
        joins(b),
        explosion(b),
    ]);
    Level {
        boolean,
        number,
        text,
        date,
        list,
    }
}

fn comparisons(below: &Level) -> BoxedStrategy<String> {
    let Level {
        boolean: b,
        number: n,
        text: t,
        date: d,
        ..
    } = below;
    let sign = || words(&["=", "<>", "!=", "<", "<=", ">", ">="]);
    let compared =
        |x: &BoxedStrategy<String>| fill("({} {} {})", vec![x.clone(), sign(), x.clone()]);
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
    let Level {
        boolean: b,
        number: n,
        text: t,
        date: d,
        list: l,
    } = below;
    let not = || words(&["", "", "NOT"]);
    let within = |x: &BoxedStrategy<String>| {
        fill(
            "({} {} IN ({}, {}))",
            vec![x.clone(), not(), x.clone(), x.clone()],
        )
    };
    let maybe = |x: &BoxedStrategy<String>| {
        fill("({} {} IN ({}, NULL))", vec![x.clone(), not(), x.clone()])
    };
    let between = |x: &BoxedStrategy<String>| {
        fill(
            "({} {} BETWEEN {} AND {})",
            vec![x.clone(), not(), x.clone(), x.clone()],
        )
    };
    let is_null = |x: &BoxedStrategy<String>| fill("({} IS {} NULL)", vec![x.clone(), not()]);
    let literal = |texts: &[&'static str]| select(texts.to_vec()).prop_map(quoted).boxed();
    let texts = fill(
        "({} {} IN ('MX', {}, '44', 'É'))",
        vec![t.clone(), not(), literal(&TEXTS)],
    );
    let numbers = fill("({} {} IN (0, 1, -0.0, 1e308, 44))", vec![n.clone(), not()]);
    let dates = fill(
        "({} {} IN (DATE '2020-01-01', NULL, DATE '2024-12-31'))",
        vec![d.clone(), not()],
    );
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
        fill(
            "({} {} BETWEEN NULL AND {})",
            vec![n.clone(), not(), n.clone()],
        ),
        fill(
            "({} {} LIKE {})",
            vec![t.clone(), not(), literal(&PATTERNS)],
        ),
        fill(
            "({} {} LIKE {})",
            vec![t.clone(), not(), literal(&PATTERNS)],
        ),
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
            let (inner, outer) = if is_and {
                (" OR ", " AND ")
            } else {
                (" AND ", " OR ")
            };
            let groups: Vec<_> = groups
                .iter()
                .map(|parts| format!("({})", parts.join(inner)))
                .collect();
            format!("({})", groups.join(outer))
        })
        .boxed()
}

/// A condition, three levels deep at most.
pub fn condition() -> BoxedStrategy<String> {
    let first = next(&ground());
    let second = next(&first);
    let third = next(&second);
    prop_oneof![3 => first.boolean, 4 => second.boolean, 2 => third.boolean].boxed()
}
