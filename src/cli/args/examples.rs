//! Examples at the end of each help: run by a test in this order, on the sample data.

macro_rules! examples {
    ($($line:literal),+ $(,)?) => { concat!("Examples:", $("\n  ", $line),+) };
}

pub(super) const ALL: &str = concat!(
    examples!(
        "ch24 score sample-data/manifest.csv",
        "ch24 explain ch24-out Q4S22018636-1",
        "ch24 rules explain F-12",
    ),
    "\n\nExit codes: 0 done; 1 done, and the check that was asked for failed; 2 could not run."
);
pub(super) const SCORE: &str = concat!(
    examples!(
        "ch24 score sample-data/manifest.csv --force",
        "ch24 score sample-data/lemis.csv --map sample-data/lemis.map.yaml --out lemis",
        "ch24 score sample-data/manifest.csv --keep flagged --out next --since ch24-out",
        "ch24 score - --outputs lines --out piped --quiet < sample-data/manifest.csv",
    ),
    "\n\nExit codes: 0 done; 2 could not run, and nothing was written."
);
pub(super) const EXPLAIN: &str = examples!(
    "ch24 explain ch24-out Q4S22018636-1",
    "ch24 explain ch24-out 'manifest.csv#17' --why-not F-13",
    "ch24 explain ch24-out 'manifest.csv#17' --near",
);
#[cfg(feature = "tables")]
pub(super) const ENTITIES: &str = examples!(
    "ch24 entities ch24-out --role importer --theme timber",
    "ch24 entities ch24-out --candidates --top 50 --json",
    "ch24 entities ch24-out 'CACTUS Y SUCULENTAS MUESTRA DEL DESIERTO'",
);
#[cfg(feature = "tables")]
pub(super) const DOSSIER: &str = examples!(
    "ch24 dossier ch24-out --all --top 20",
    "ch24 dossier ch24-out 'LANCHA MUESTRA 2'",
    "ch24 dossier ch24-out 'LANCHA MUESTRA 2' --approve 'J. Doe'",
    "ch24 dossier ch24-out 'LANCHA MUESTRA 2' --set-status ustr-request --by JD",
);
pub(super) const DECIDE: &str = examples!(
    "ch24 decide ch24-out Q4S22018636 --decision hold --reason other-agency --by JD",
    "ch24 decide ch24-out",
);
pub(super) const OUTCOMES: &str =
    examples!("ch24 outcomes import sample-data/exams.csv --run ch24-out -o outcomes");
pub(super) const OUTCOMES_IMPORT: &str = concat!(
    "Columns: outcome (bad, ok), outcome_date, one of line_id, shipment_key, referral_id; also\noutcome_basis, outcome_theme, outcome_kind, outcome_scope.\n\n",
    examples!("ch24 outcomes import sample-data/exams.csv --run ch24-out -o outcomes")
);
pub(super) const ESTIMATE: &str = concat!(
    "Outcomes (CSV): `shipment_key` or `line_id`, `outcome` (bad, ok), also `outcome_theme`;\nlabels.csv of `ch24 outcomes import` is one.\n\n",
    examples!(
        "ch24 estimate ch24-out --outcomes sample-data/exams.csv",
        "ch24 estimate ch24-out --outcomes outcomes/labels.csv --half-width 0.01 --json",
    )
);
pub(super) const VERIFY: &str = concat!(
    "Exit code 1 where a file was altered, is gone, or is not of the run. Dossiers, which are\nwritten later, are not judged.\n\n",
    examples!("ch24 verify ch24-out")
);
pub(super) const REPLAY: &str = concat!(
    "Inputs, mapping, rules, lists and history must be what they were: their hashes are checked\nfirst. Exit code 1 where something comes out differently.\n\n",
    examples!(
        "ch24 replay ch24-out",
        "ch24 replay ch24-out --input sample-data/manifest.csv --out again",
    )
);
pub(super) const RULES: &str = examples!(
    "ch24 rules list",
    "ch24 rules explain F-12",
    "ch24 rules check rules",
);
pub(super) const RULES_CHECK: &str = concat!(
    examples!(
        "ch24 rules check rules",
        "ch24 rules check rules --strict --as-of 2026-11-22",
        "ch24 rules check rules --data sample-data/manifest.csv",
    ),
    "\n\nExit codes: 0 no mistake; 1 mistakes, with --strict warnings too; 2 could not run."
);
pub(super) const RULES_TEST: &str = concat!(
    examples!(
        "ch24 rules test F-12",
        "ch24 rules test T-07 W-05 --rules rules",
    ),
    "\n\nExit codes: 0 every example does what it says; 1 one does not; 2 could not run."
);
pub(super) const RULES_DIFF: &str = concat!(
    examples!(
        "ch24 rules diff shipped rules",
        "ch24 rules diff shipped rules --data sample-data/manifest.csv --max-lost 0",
    ),
    "\n\nExit codes: 0 done; 1 a limit is exceeded; 2 could not run."
);
pub(super) const RULES_SCHEMA: &str = examples!("ch24 rules schema > rule.schema.json");
pub(super) const RULES_LISTS: &str = examples!("ch24 rules lists");
pub(super) const RULES_LIST: &str =
    examples!("ch24 rules list", "ch24 rules list --rules rules --json");
pub(super) const RULES_SQL: &str = examples!(
    "ch24 rules sql --dialect duckdb > rules.sql",
    "ch24 score sample-data/manifest.csv --write-normalized rows.parquet --out sql",
    "ch24 rules sql --dialect duckdb --data rows.parquet > rows.sql",
);
pub(super) const RULES_EXPLAIN: &str = examples!(
    "ch24 rules explain F-12",
    "ch24 rules explain gross_weight_kg",
    "ch24 rules explain in_list",
    "ch24 rules explain type-mismatch",
);
pub(super) const BACKTEST: &str = concat!(
    "Outcomes are the field `outcome` of the data (a mapping can set it), or a file of labels.\n\n",
    examples!(
        "ch24 backtest sample-data/lemis.csv --map sample-data/lemis.map.yaml",
        "ch24 backtest sample-data/manifest.csv --labels sample-data/exams.csv --out bt",
    )
);
pub(super) const TUNE: &str = concat!(
    "The old pack is not touched. The same command gives the same new pack, byte for byte.\n\n",
    examples!(
        "ch24 tune sample-data/lemis.csv --map sample-data/lemis.map.yaml --out tuned",
        "ch24 rules diff shipped tuned",
    )
);
pub(super) const RESOLVE: &str = examples!(
    "ch24 resolve sample-data/manifest.csv",
    "ch24 resolve sample-data/manifest.csv --format csv --lines --out parties",
);
pub(super) const NETWORK: &str = examples!(
    "ch24 network sample-data/manifest.csv --out network",
    "ch24 network sample-data/manifest.csv -o way --between 99-0000023 MXPESMUE3GUA",
);
pub(super) const FIELDS: &str = examples!("ch24 fields", "ch24 fields --json");
pub(super) const HISTORY: &str =
    examples!("ch24 history build sample-data/manifest.csv -o history");
pub(super) const HISTORY_BUILD: &str = examples!(
    "ch24 history build sample-data/manifest.csv -o history",
    "ch24 history build --outcomes outcomes -o history",
    "ch24 score sample-data/manifest.csv --history history --out with-history",
);
pub(super) const GENERATE: &str = examples!(
    "ch24 generate --rows 1000 --seed 1 --out made.csv",
    "ch24 generate --rows 1000 --seed 1 --out made.parquet --labels",
);
pub(super) const COMPLETIONS: &str = examples!("ch24 completions bash > ch24.bash");
pub(super) const MANUAL: &str = examples!("ch24 manual --out man");
