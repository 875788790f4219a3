//! The core and the dull interpreter agree on every row; how rows are cut, ordered and encoded changes nothing.

use crate::arbitrary::{Case, case, columns};
use crate::naive;
use crate::support::{
    Classed, Dictionary, batch_of, load_directory, load_files, with_stack, write_files,
};
use ch24::batch::PresenceClass;
use ch24::check::check;
use ch24::rules::expression::Pattern;
use ch24::rules::{RuleId, RuleSet};
use ch24::score::{Program, Scores, score};
use proptest::prelude::*;

/// Scores rows as one batch.
fn scored(
    rules: &RuleSet,
    program: &Program,
    rows: &[Classed],
    classes: &[PresenceClass],
    form: Dictionary,
) -> Scores {
    score(program, rules, &batch_of(rows, &columns(), classes, form))
}

/// Hits and scopes, row by row.
fn results(scores: &Scores) -> Vec<(Vec<RuleId>, u8)> {
    scores
        .scopes
        .iter()
        .enumerate()
        .map(|(row, scopes)| (scores.hits_of(row).to_vec(), *scopes))
        .collect()
}

fn agree_with_naive(case: &Case) {
    let rules = load_files(&case.files);
    let program = Program::new(&rules);
    let scores = scored(
        &rules,
        &program,
        &case.rows,
        &case.classes,
        Dictionary::Tight,
    );
    assert_eq!(scores.ends.len(), case.rows.len());
    assert_eq!(scores.scopes.len(), case.rows.len());
    for (position, (row, class)) in case.rows.iter().enumerate() {
        let found = scores.hits_of(position);
        let expected = naive::hits(&rules, row, &case.classes[usize::from(*class)]);
        for id in rules.ids() {
            let rule = rules.rule(id);
            assert_eq!(
                found.contains(&id),
                expected.contains(&id),
                "row {position}, {}: {}\n{:#?}",
                rule.id,
                rule.when,
                rule.condition
            );
        }
        assert_eq!(found, expected, "order of hits in row {position}");
        assert_eq!(
            scores.scopes[position],
            naive::scopes(&rules, row),
            "scopes of row {position}"
        );
    }
    for (class, count) in case.classes.iter().zip(&scores.not_evaluable) {
        assert_eq!(*count, naive::count_not_evaluable(&rules, class));
    }
}

/// What `rules check` says of the reach of a rule is true of every row.
fn reach_is_true(case: &Case) {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), &case.files);
    let mut loaded = load_directory(directory.path());
    with_stack(|| check(&mut loaded, false, 20_605));
    let rules = loaded.rules.as_ref().unwrap();
    for id in rules.ids() {
        let rule = rules.rule(id);
        let says = |title: &str| {
            loaded
                .diagnostics
                .iter()
                .any(|found| found.title == format!("rule `{}` {title}", rule.id))
        };
        let (never, always) = (says("can never hit"), says("hits every row"));
        for (row, _) in &case.rows {
            let is_hit =
                naive::value(&rules.lists, row, &rule.condition) == naive::Value::Boolean(true);
            assert!(
                !(never && is_hit),
                "said to hit never: {}\n{row:?}",
                rule.when
            );
            assert!(
                !always || is_hit,
                "said to hit always: {}\n{row:?}",
                rule.when
            );
        }
    }
}

fn is_invariant(case: &Case, cuts: &[usize], seed: u64) {
    let rules = load_files(&case.files);
    let program = Program::new(&rules);
    let classes = &case.classes;
    let whole = results(&scored(
        &rules,
        &program,
        &case.rows,
        classes,
        Dictionary::Tight,
    ));

    let loose = results(&scored(
        &rules,
        &program,
        &case.rows,
        classes,
        Dictionary::Loose,
    ));
    assert_eq!(loose, whole, "unused and duplicate texts of a dictionary");

    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (case.rows.len() + 1)).collect();
    cuts.extend([0, case.rows.len()]);
    cuts.sort_unstable();
    let parts = cuts.windows(2).flat_map(|pair| {
        let rows = &case.rows[pair[0]..pair[1]];
        results(&scored(&rules, &program, rows, classes, Dictionary::Tight))
    });
    assert_eq!(parts.collect::<Vec<_>>(), whole, "cut at {cuts:?}");

    let mut order: Vec<_> = (0..case.rows.len()).collect();
    order.sort_by_key(|row| (*row as u64 + 1).wrapping_mul(seed | 1));
    let permuted: Vec<_> = order.iter().map(|row| case.rows[*row].clone()).collect();
    let permuted = results(&scored(
        &rules,
        &program,
        &permuted,
        classes,
        Dictionary::Loose,
    ));
    let expected: Vec<_> = order.iter().map(|row| whole[*row].clone()).collect();
    assert_eq!(permuted, expected, "rows in the order {order:?}");

    let repeated: Vec<_> = (0..300)
        .flat_map(|_| case.rows.iter().take(3).cloned())
        .collect();
    let repeated = results(&scored(
        &rules,
        &program,
        &repeated,
        classes,
        Dictionary::Tight,
    ));
    let n_repeated = case.rows.len().min(3);
    for (position, result) in repeated.iter().enumerate() {
        assert_eq!(
            *result,
            whole[position % n_repeated],
            "a row beyond the first block"
        );
    }
}

proptest! {
    #![proptest_config(crate::config(64))]

    #[test]
    fn core_and_interpreter_agree(case in case(8)) {
        agree_with_naive(&case);
    }

    #[test]
    fn form_of_a_batch_changes_no_hit(
        case in case(4),
        cuts in prop::collection::vec(any::<usize>(), 0..4),
        seed in any::<u64>(),
    ) {
        is_invariant(&case, &cuts, seed);
    }

    #[test]
    fn reach_agrees(case in case(8)) {
        reach_is_true(&case);
    }

    #[test]
    fn patterns_agree(pattern in "[%_aé日]{0,8}", text in "[aé日_%]{0,10}") {
        prop_assert_eq!(Pattern::new(&pattern).matches(&text), naive::like(&pattern, &text));
    }
}

proptest! {
    #![proptest_config(crate::config(4))]

    #[test]
    fn many_rules_fill_many_words(case in case(120)) {
        agree_with_naive(&case);
    }
}
