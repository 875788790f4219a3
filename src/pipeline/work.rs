//! A batch -> scores, verdicts, lines and referrals, by any thread.

use crate::batch::Batch;
use crate::job::Job;
use crate::read::raw::SetAside;
use crate::reconcile::Standing;
use crate::refer::Referrals;
use crate::scan::selecting;
use crate::score::{Program, score};
use crate::select::{Judged, NoticeKeys, Selecting, cva_candidates, judge_noticed};
use crate::write::{LineLabel, lines};
use arrow::array::RecordBatch;

/// What a batch became.
pub(super) struct Worked {
    pub(super) batch: Batch,
    pub(super) judged: Judged,
    pub(super) scopes: Vec<u8>,
    pub(super) is_cva: Vec<bool>,
    /// None where every row selects.
    pub(super) standing: Option<Vec<Standing>>,
    /// The rows that select, where they are not all.
    pub(super) selecting: Option<Selecting>,
    pub(super) lines: Option<RecordBatch>,
    pub(super) referred: Vec<Vec<u8>>,
    pub(super) set_aside: Vec<SetAside>,
}

/// What every batch is worked on with.
pub(super) struct With<'a> {
    pub(super) job: &'a Job,
    pub(super) program: &'a Program,
    pub(super) notices: &'a NoticeKeys,
    pub(super) referrals: Option<&'a Referrals>,
}

/// Scores and judges a batch, and makes the rows of its lines and referrals.
pub(super) fn work(
    with: &With<'_>,
    label: &LineLabel,
    batch: Batch,
    standing: Option<Vec<Standing>>,
    set_aside: Vec<SetAside>,
) -> Worked {
    let job = with.job;
    let scores = score(with.program, &job.rules, &batch);
    let noticed = with.notices.find(&job.rules, &batch, &scores);
    let mut judged = judge_noticed(&job.rules, &scores, &noticed);
    if let Some(standing) = &standing {
        judged.forget(|row| standing[row] == Standing::Superseded);
    }
    let mut is_cva = cva_candidates(&batch, &judged);
    let selecting = standing.as_ref().map(|standing| {
        for (is_cva, standing) in is_cva.iter_mut().zip(standing) {
            *is_cva &= *standing == Standing::Latest;
        }
        Selecting::new(
            &batch,
            &judged,
            &scores.scopes,
            &is_cva,
            &selecting(standing),
        )
    });
    let lines = job.outputs.lines.then(|| {
        lines(
            &job.rules,
            &batch,
            &scores,
            &judged,
            &is_cva,
            standing.as_deref(),
            label,
            job.flagged_only,
        )
    });
    let (of_referrals, judged_of_referrals) = match &selecting {
        Some(selecting) => (&selecting.batch, &selecting.judged),
        None => (&batch, &judged),
    };
    let referred = with.referrals.map_or_else(Vec::new, |referrals| {
        referrals.rows(&job.rules, of_referrals, judged_of_referrals, label)
    });
    Worked {
        batch,
        scopes: scores.scopes,
        judged,
        is_cva,
        standing,
        selecting,
        lines,
        referred,
        set_aside,
    }
}
