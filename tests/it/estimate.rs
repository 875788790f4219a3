//! `ch24 estimate`: intervals that hold, on samples whose truth is known.

use crate::end_to_end::Run;
use crate::support::write_files;
use ch24::estimate::{
    Bounded, Estimate, HalfWidth, Inspected, Stratum, draws_for, estimate, share, sum,
};
use ch24::tune::Labels;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::{Path, PathBuf};

/// How many of so many shipments a draw takes, each by itself; skips from one that is taken to the next.
fn taken(dice: &mut ChaCha8Rng, shipments: u32, probability: f64) -> u32 {
    if probability >= 1.0 {
        return shipments;
    }
    let (mut taken, mut place) = (0, 0.0);
    loop {
        let uniform: f64 = 1.0 - dice.random::<f64>();
        place += 1.0 + (uniform.ln() / (-probability).ln_1p()).floor();
        if place > f64::from(shipments) {
            return taken;
        }
        taken += 1;
    }
}

/// Shipments that are reached with one probability: all, bad ones, and the probability.
type Group = (u32, u32, f64);

/// A sample of groups, of which a share is inspected; the shipments of the stratum are those of all groups.
fn sampled(dice: &mut ChaCha8Rng, groups: &[Group], answered: f64) -> Stratum {
    let mut stratum = Stratum::default();
    for (all, bad, probability) in groups {
        let (bad_drawn, ok_drawn) = (
            taken(dice, *bad, *probability),
            taken(dice, all - bad, *probability),
        );
        let (bad, ok) = (
            taken(dice, bad_drawn, answered),
            taken(dice, ok_drawn, answered),
        );
        stratum.shipments += f64::from(*all);
        stratum.sampled += f64::from(bad_drawn + ok_drawn);
        stratum.found.push(Inspected {
            probability: *probability,
            inspected: f64::from(bad + ok),
            bad: f64::from(bad),
        });
    }
    stratum
}

/// Shares of resamples, of those that tell an interval, in which the truth lies within, below and above it.
#[derive(Debug)]
struct Coverage {
    within: f64,
    below: f64,
    above: f64,
    mean: f64,
}

fn coverage(truth: f64, mut interval: impl FnMut(&mut ChaCha8Rng) -> Option<Bounded>) -> Coverage {
    let (mut told, mut below, mut above, mut sum) = (0.0, 0.0, 0.0, 0.0);
    for seed in 0..RESAMPLES {
        let mut dice = ChaCha8Rng::seed_from_u64(u64::from(seed));
        let Some(found) = interval(&mut dice) else {
            continue;
        };
        assert!(
            found.low <= found.estimate && found.estimate <= found.high,
            "{found:?}"
        );
        told += 1.0;
        sum += found.estimate;
        below += f64::from(u8::from(truth < found.low - 1e-9));
        above += f64::from(u8::from(truth > found.high + 1e-9));
    }
    Coverage {
        within: 1.0 - (below + above) / told,
        below: below / told,
        above: above / told,
        mean: sum / told / truth,
    }
}

/// Resamples of each case: with them a coverage of 95 % is told to 1 %.
const RESAMPLES: u32 = 400;

#[test]
fn intervals_hold_the_truth_however_rare_and_however_unequal_the_draws() {
    // Name, groups, and the most that the interval may cover: where few are found no interval can be exact, only safe.
    let cases: &[(&str, &[Group], f64, f64)] = &[
        ("20 of 40,000", &[(40_000, 20, 0.02)], 1.0, 1.0),
        ("80 of 40,000", &[(40_000, 80, 0.02)], 1.0, 0.995),
        ("1 %", &[(40_000, 400, 0.02)], 1.0, 0.99),
        ("half", &[(20_000, 10_000, 0.02)], 1.0, 0.985),
        (
            "1 %, of which 60 % answered",
            &[(40_000, 400, 0.02)],
            0.6,
            0.99,
        ),
        (
            "more bad where more themes draw",
            &[
                (20_000, 20, 0.02),
                (15_000, 60, 0.0396),
                (5_000, 80, 0.0588),
            ],
            1.0,
            0.995,
        ),
        (
            "fewer bad where more themes draw",
            &[
                (20_000, 160, 0.02),
                (15_000, 60, 0.0396),
                (5_000, 5, 0.0588),
            ],
            1.0,
            0.995,
        ),
        (
            "all bad where few are drawn",
            &[(30_000, 600, 0.005), (10_000, 0, 0.2)],
            1.0,
            0.995,
        ),
        (
            "all bad where many are drawn",
            &[(30_000, 0, 0.005), (10_000, 200, 0.2)],
            1.0,
            0.995,
        ),
        (
            "10 % of draws far apart",
            &[(30_000, 3_000, 0.005), (10_000, 1_000, 0.2)],
            1.0,
            0.985,
        ),
        ("half of few are drawn", &[(300, 15, 0.5)], 1.0, 0.99),
        (
            "nearly all of very few are drawn",
            &[(20, 3, 0.9)],
            1.0,
            1.0,
        ),
        (
            "selected, of which 90 % answered",
            &[(200, 60, 1.0)],
            0.9,
            0.99,
        ),
        (
            "selected, of which half answered",
            &[(200, 60, 1.0)],
            0.5,
            0.99,
        ),
    ];
    for (name, groups, answered, most) in cases {
        let truth: u32 = groups.iter().map(|group| group.1).sum();
        let total = |dice: &mut ChaCha8Rng| sampled(dice, groups, *answered).total();
        let found = coverage(f64::from(truth), total);
        assert!((0.935..=*most).contains(&found.within), "{name}: {found:?}");
        // Neither end may be the one that always fails.
        assert!(
            found.below < 0.04 && found.above < 0.04,
            "{name}: {found:?}"
        );
        let is_told_well = *most < 1.0;
        assert!(
            !is_told_well || (found.mean - 1.0).abs() < 0.1,
            "{name} is biased: {found:?}"
        );
    }
}

#[test]
fn sums_and_shares_of_strata_hold_the_truth() {
    for (red, draw) in [
        ((200, 80, 1.0), (40_000, 40, 0.02)),
        ((500, 100, 1.0), (40_000, 400, 0.02)),
        ((100, 20, 1.0), (10_000, 5, 0.05)),
    ] {
        for answered in [1.0, 0.7] {
            let both = |dice: &mut ChaCha8Rng| {
                let red = sampled(dice, &[red], answered).total()?;
                Some((red, sampled(dice, &[draw], answered).total()?))
            };
            let truth = f64::from(red.1 + draw.1);
            let found = coverage(truth, |dice| {
                both(dice).map(|(red, draw)| sum(&[red, draw]))
            });
            assert!(found.within >= 0.935, "{red:?} and {draw:?}: {found:?}");
            let truth = f64::from(draw.1) / truth;
            let found = coverage(truth, |dice| {
                both(dice).and_then(|(red, draw)| share(draw, red))
            });
            assert!(found.within >= 0.935, "{draw:?} of {red:?}: {found:?}");
        }
    }
}

#[test]
fn the_draw_that_is_asked_for_gives_the_interval_that_is_wanted() {
    for (bad, half_width) in [(10_000_u32, 0.005_f64), (2_000, 0.001), (200_000, 0.02)] {
        let draws = draws_for(f64::from(bad) / 1e6, half_width, 1e6).unwrap();
        let probability = draws as f64 / 1e6;
        let mut widths = 0.0;
        for seed in 0..50 {
            let mut dice = ChaCha8Rng::seed_from_u64(seed);
            let found = sampled(&mut dice, &[(1_000_000, bad, probability)], 1.0);
            let found = found.total().unwrap().per(1e6).unwrap();
            widths += (found.high - found.low) / 2.0;
        }
        let ratio = widths / 50.0 / half_width;
        let told = format!("{bad}, {half_width}: {draws} draws give {ratio}");
        assert!((0.9..1.15).contains(&ratio), "{told}");
    }
    assert_eq!(
        draws_for(0.01, 1e-9, 500.0),
        Some(500),
        "no draw of a part does"
    );
}

/// A rule that asks for examination, and one that is too weak to select; two themes whose scopes overlap.
fn pack(directory: &Path) -> PathBuf {
    let rule = |id: &str, points: i32, floor: &str, when: &str| {
        let text = format!(
            "id: {id}\nname: a-rule\ntitle: A rule\ntheme: timber\nfamily: document\nseverity: high\npoints: {points}\n{floor}when: {when}\n"
        );
        (format!("{id}.yaml"), text)
    };
    let policy = "version: 1\nthemes:\n  timber: {scope: \"hts_number LIKE '44%'\"}\n  iuu: {scope: \"hts_number LIKE '03%' OR hts_number LIKE '4407%'\"}\n  wildlife: {scope: \"hts_number LIKE '01%'\"}\nrandom: {share: 0.05}\n";
    let pack = directory.join("pack");
    let strong = rule("A-1", 60, "floor: examine\n", "entered_value_usd > 900");
    let weak = rule("B-1", 5, "", "entered_value_usd BETWEEN 500 AND 900");
    write_files(
        &pack,
        &vec![strong, weak, ("policy.yaml".to_owned(), policy.to_owned())],
    );
    pack
}

/// Shipments: 40 bad of 60 that are selected; of 3,000 others 60 bad, 20 of them among the 100 that the weak rule hits.
/// Goods are of one theme, of the other, of both, and 50 of none.
fn shipment(number: u32) -> (u32, &'static str, bool) {
    let hts = match number {
        0..60 => "4403990000",
        3_010.. => "8703230100",
        number if number % 3 == 0 => "4407110001",
        number if number % 3 == 1 => "4403990000",
        _ => "0302110010",
    };
    match number {
        0..60 => (1_000, hts, number < 40),
        60..160 => (600, hts, number < 80),
        160.. => (10, hts, number < 200),
    }
}

const SHIPMENTS: u32 = 3_060;

/// Scores the shipments under keys of their own, and looks at those that were selected or drawn.
fn run(directory: &Path, name: &str, day: &str, seed: u32) -> (PathBuf, Vec<(String, bool)>) {
    let input = directory.join(format!("{name}.csv"));
    let mut text =
        "entry_number,hts_number,date_of_import,us_port_of_entry,entered_value_usd\n".to_owned();
    for number in 0..SHIPMENTS {
        let (value, hts, _) = shipment(number);
        text.push_str(&format!("S{seed:02}{number:08},{hts},{day},2604,{value}\n"));
    }
    std::fs::write(&input, text).unwrap();
    let out = directory.join(name);
    let run = Run {
        inputs: vec![input],
        pack: pack(directory),
        salted: true,
        ..Run::of("manifest.csv")
    };
    run.write_to(&out);
    let mut reader = csv::Reader::from_path(out.join("shipments.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|heading| heading == name).unwrap();
    let (key, lane) = (at("shipment_key"), at("lane"));
    let rows = reader.records().map(Result::unwrap);
    let looked_at = rows.filter(|row| &row[lane] != "green").map(|row| {
        let number: u32 = row[key][3..].parse().unwrap();
        (row[key].to_owned(), shipment(number).2)
    });
    let looked_at = looked_at.collect();
    (out, looked_at)
}

fn labels(directory: &Path, outcomes: &[(String, bool)]) -> Labels {
    let mut text = "shipment_key,outcome,outcome_theme\n".to_owned();
    for (key, is_bad) in outcomes {
        let outcome = if *is_bad { "bad,timber" } else { "ok," };
        text.push_str(&format!("{key},{outcome}\n"));
    }
    let path = directory.join("outcomes.csv");
    std::fs::write(&path, text).unwrap();
    Labels::read(&path).unwrap()
}

fn estimated(runs: &[PathBuf], labels: Labels) -> Estimate {
    estimate(runs, labels, HalfWidth::OfEstimate(0.5)).unwrap()
}

#[test]
fn whole_runs_tell_what_is_bad_what_was_missed_and_what_rules_are_worth() {
    let directory = tempfile::tempdir().unwrap();
    let (mut held, mut sum, mut bare) = ([0; 4], 0.0, 0.0);
    let seeds = 40;
    for seed in 0..seeds {
        let name = format!("run{seed}");
        let (run, outcomes) = run(directory.path(), &name, "2026-03-02", seed);
        let found = estimated(&[run], labels(directory.path(), &outcomes));
        assert_eq!((found.shipments, found.out_of_reach), (3_060, 50));
        let missed = found.all.missed.unwrap();
        sum += missed.estimate;
        bare += found.all.missed_bare.unwrap();
        let strong = found.rules.iter().find(|rule| rule.id == "A-1").unwrap();
        let strong = strong.precision.unwrap();
        assert!(
            strong.low == strong.high && (strong.estimate - 40.0 / 60.0).abs() < 1e-9,
            "all of its hits were inspected: {strong:?}"
        );
        let weak = found.rules.iter().find(|rule| rule.id == "B-1").unwrap();
        assert_eq!((weak.shipments, weak.selected), (100.0, 0.0));
        let told = [
            (Some(missed), 60.0),
            (found.all.bad, 100.0),
            (found.all.missed_share, 0.6),
            (weak.precision, 0.2),
        ];
        for (held, (interval, truth)) in held.iter_mut().zip(told) {
            // Where none of the hits of a rule was drawn nothing is told, which is no failure.
            *held += u32::from(interval.is_none_or(|it| it.low <= truth && truth <= it.high));
        }
        let timber = found
            .themes
            .iter()
            .find(|theme| theme.theme == "timber")
            .unwrap();
        assert_eq!(timber.missed, found.all.missed, "all that is bad is timber");
        assert_eq!(found.themes[2].missed.unwrap().estimate, 0.0);
        assert!(timber.needed.unwrap().draws > found.themes.len() as u64);
    }
    let seeds = f64::from(seeds);
    assert!(
        held.iter().all(|held| f64::from(*held) >= 0.9 * seeds),
        "{held:?} of {seeds}"
    );
    assert!((sum / seeds / 60.0 - 1.0).abs() < 0.15, "{}", sum / seeds);
    assert!((bare / seeds / 60.0 - 1.0).abs() < 0.15, "{}", bare / seeds);
}

#[test]
fn what_was_looked_at_outside_of_the_plan_has_no_weight_and_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let (run, mut outcomes) = run(directory.path(), "run", "2026-03-02", 0);
    let plain = estimated(
        std::slice::from_ref(&run),
        labels(directory.path(), &outcomes),
    );
    assert_eq!(plain.unplanned.inspected, 0);
    let known: Vec<String> = outcomes.iter().map(|(key, _)| key.clone()).collect();
    let keys = (60..SHIPMENTS).map(|number| format!("S00{number:08}"));
    let others: Vec<String> = keys.filter(|key| !known.contains(key)).take(30).collect();
    outcomes.extend(others.into_iter().map(|key| (key, true)));
    outcomes.push(("NOWHERE".to_owned(), true));
    let found = estimated(&[run], labels(directory.path(), &outcomes));
    assert_eq!((found.unplanned.inspected, found.unplanned.bad), (30, 30));
    assert_eq!(found.unknown_outcomes, 1);
    assert_eq!(
        found.all.missed, plain.all.missed,
        "tips do not raise the estimate"
    );
}

#[test]
fn a_shipment_of_several_runs_counts_with_the_last_and_the_order_of_names_does_not_matter() {
    let directory = tempfile::tempdir().unwrap();
    let (first, outcomes) = run(directory.path(), "first", "2026-03-02", 0);
    let (last, _) = run(directory.path(), "last", "2026-03-05", 0);
    let (other, more) = run(directory.path(), "other", "2026-03-04", 1);
    let outcomes = [outcomes, more].concat();
    let text = |found: &Estimate| serde_json::to_string(&found.all).unwrap();
    let once = estimated(
        &[last.clone(), other.clone()],
        labels(directory.path(), &outcomes),
    );
    let found = estimated(&[last, other, first], labels(directory.path(), &outcomes));
    assert_eq!((found.shipments, found.runs[0].later), (6_120, 3_060));
    assert!(found.runs[0].path.ends_with("first"), "runs stand by day");
    assert_eq!(text(&found), text(&once));
}

#[test]
fn runs_that_do_not_hold_everything_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (run, outcomes) = run(directory.path(), "run", "2026-03-02", 0);
    let labels = || labels(directory.path(), &outcomes);
    let refused = |runs: &[PathBuf]| {
        let half_width = HalfWidth::OfEstimate(0.5);
        estimate(runs, labels(), half_width)
            .unwrap_err()
            .to_string()
    };
    let account = run.join("run.json");
    let text = std::fs::read_to_string(&account).unwrap();
    let flagged = text.replacen("\"keep\": \"all\"", "\"keep\": \"flagged\"", 1);
    std::fs::write(&account, flagged).unwrap();
    assert!(refused(std::slice::from_ref(&run)).contains("--keep all"));
    std::fs::write(&account, text).unwrap();
    std::fs::remove_file(run.join("shipments.csv")).unwrap();
    assert!(refused(&[run]).contains("wrote no shipments"));
}
