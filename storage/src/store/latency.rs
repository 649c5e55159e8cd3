//! How long syncs of the log take: the last `LATENCY_SAMPLES` of them.

use super::shared::lock;
use crate::limits;
use std::{collections::VecDeque, sync::Mutex, time::Duration};

/// Quantiles of the latest syncs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LatencyFigures {
    /// Half took no longer.
    pub p50: Duration,
    /// 99 of 100 took no longer.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
    /// Syncs looked at.
    pub count: usize,
}

#[derive(Default)]
pub(super) struct Latency(Mutex<VecDeque<Duration>>);

impl Latency {
    pub(super) fn add(&self, took: Duration) {
        let mut samples = lock(&self.0);
        if samples.len() == limits::LATENCY_SAMPLES {
            samples.pop_front();
        }
        samples.push_back(took);
    }

    pub(super) fn figures(&self) -> LatencyFigures {
        let mut samples: Vec<Duration> = lock(&self.0).iter().copied().collect();
        samples.sort_unstable();
        let at = |per_cent: usize| samples.get((samples.len() * per_cent / 100).min(samples.len().saturating_sub(1)));
        LatencyFigures {
            p50: at(50).copied().unwrap_or_default(),
            p99: at(99).copied().unwrap_or_default(),
            max: samples.last().copied().unwrap_or_default(),
            count: samples.len(),
        }
    }
}
