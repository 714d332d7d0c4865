//! Which records are settled: the offset that may be stored is the one below which nothing is open. A queue, not a counter: offsets have holes.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::metrics::Outcome;

/// Records of every assigned partition, from the first unsettled one on.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    partitions: FxHashMap<i32, Track>,
    epoch: u64,
    /// Entries held, settled ones behind an open one included.
    held: usize,
    /// Bytes of unacknowledged events.
    bytes: usize,
    /// Events not acknowledged.
    open: usize,
}

#[derive(Debug)]
struct Track {
    /// An acknowledgement of an older assignment is dropped.
    epoch: u64,
    entries: VecDeque<Entry>,
    /// One past the last offset of the settled front run.
    next: Option<i64>,
    /// What the group has, as far as we know: where an abort goes back to.
    committed: Option<i64>,
    stored: Option<i64>,
    /// One past the last record read.
    position: Option<i64>,
}

#[derive(Debug)]
struct Entry {
    offset: i64,
    /// Events of this record that are not acknowledged.
    pending: u8,
    outcome: Outcome,
}

impl Track {
    fn new(epoch: u64) -> Self {
        Self { epoch, entries: VecDeque::new(), next: None, committed: None, stored: None, position: None }
    }
}

/// What was dropped with a partition.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Forgotten {
    /// Records that were open.
    pub(crate) records: usize,
}

impl Ledger {
    /// New partitions; their older acknowledgements count no more.
    pub(crate) fn assign(&mut self, partitions: impl IntoIterator<Item = i32>) {
        self.epoch += 1;
        for partition in partitions {
            self.forget(partition);
            self.partitions.insert(partition, Track::new(self.epoch));
        }
    }

    /// Drops a partition.
    pub(crate) fn forget(&mut self, partition: i32) -> Forgotten {
        let Some(track) = self.partitions.remove(&partition) else { return Forgotten::default() };
        self.held -= track.entries.len();
        self.open -= track.entries.iter().map(|e| usize::from(e.pending)).sum::<usize>();
        if self.open == 0 {
            self.bytes = 0;
        }
        Forgotten { records: track.entries.iter().filter(|e| e.pending > 0).count() }
    }

    /// Epoch of an assigned partition; where it was expected to go on, `None` for the first record of the assignment. `None` when the partition
    /// is not ours: a record that was on its way when it was handed over belongs to the next owner, who reads it again.
    pub(crate) fn enter(&mut self, partition: i32, offset: i64) -> Option<(u64, Option<i64>)> {
        let track = self.partitions.get_mut(&partition)?;
        track.committed.get_or_insert(offset);
        Some((track.epoch, track.position.replace(offset + 1)))
    }

    /// A record with `events` to be acknowledged; with none it is settled.
    pub(crate) fn record(&mut self, partition: i32, offset: i64, events: u8, outcome: Outcome) {
        let Some(track) = self.partitions.get_mut(&partition) else { return };
        if events == 0 && track.entries.is_empty() {
            track.next = Some(offset + 1);
            return;
        }
        track.entries.push_back(Entry { offset, pending: events, outcome });
        self.held += 1;
        self.open += usize::from(events);
    }

    /// One event is acknowledged. The outcome of its record, if that settles it.
    pub(crate) fn acknowledge(&mut self, partition: i32, epoch: u64, offset: i64, bytes: usize) -> Option<Outcome> {
        let track = self.partitions.get_mut(&partition).filter(|t| t.epoch == epoch)?;
        let at = track.entries.binary_search_by_key(&offset, |e| e.offset).ok()?;
        let entry = &mut track.entries[at];
        if entry.pending == 0 {
            return None;
        }
        entry.pending -= 1;
        self.open -= 1;
        self.bytes = if self.open == 0 { 0 } else { self.bytes.saturating_sub(bytes) };
        let settled = (entry.pending == 0).then_some(entry.outcome);
        while track.entries.front().is_some_and(|e| e.pending == 0) {
            if let Some(entry) = track.entries.pop_front() {
                track.next = Some(entry.offset + 1);
                self.held -= 1;
            }
        }
        settled
    }

    /// An event takes another form: the record will end otherwise.
    pub(crate) fn change(&mut self, partition: i32, epoch: u64, offset: i64, outcome: Outcome) {
        if let Some(track) = self.partitions.get_mut(&partition).filter(|t| t.epoch == epoch)
            && let Ok(at) = track.entries.binary_search_by_key(&offset, |e| e.offset)
        {
            track.entries[at].outcome = outcome;
        }
    }

    /// Whether the acknowledgement of this record would still count.
    pub(crate) fn is_open(&self, partition: i32, epoch: u64, offset: i64) -> bool {
        self.partitions
            .get(&partition)
            .filter(|t| t.epoch == epoch)
            .is_some_and(|t| t.entries.binary_search_by_key(&offset, |e| e.offset).is_ok_and(|at| t.entries[at].pending > 0))
    }

    pub(crate) fn add_bytes(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Offsets that may be stored and were not yet; marks them stored.
    pub(crate) fn take_storable(&mut self) -> Vec<(i32, i64)> {
        let mut out = Vec::new();
        for (partition, track) in &mut self.partitions {
            if track.next.is_some() && track.next != track.stored {
                track.stored = track.next;
                out.extend(track.next.map(|next| (*partition, next)));
            }
        }
        out
    }

    /// As [`Self::take_storable`], for some partitions, marking nothing.
    pub(crate) fn storable(&self, wanted: impl Fn(i32) -> bool) -> Vec<(i32, i64)> {
        self.partitions.iter().filter(|(p, _)| wanted(**p)).filter_map(|(p, t)| t.next.map(|next| (*p, next))).collect()
    }

    /// Offsets that a transaction moves: settled beyond what is committed.
    pub(crate) fn uncommitted(&self) -> Vec<(i32, i64)> {
        self.partitions.iter().filter_map(|(p, t)| t.next.filter(|next| Some(*next) != t.committed).map(|next| (*p, next))).collect()
    }

    /// A transaction moved them.
    pub(crate) fn committed(&mut self, offsets: &[(i32, i64)]) {
        for (partition, offset) in offsets {
            if let Some(track) = self.partitions.get_mut(partition) {
                track.committed = Some(*offset);
            }
        }
    }

    /// Goes back to what is committed: where each partition must be read from again. Everything above is unread.
    pub(crate) fn rewind(&mut self) -> Vec<(i32, i64)> {
        self.epoch += 1;
        let mut out = Vec::new();
        for (partition, track) in &mut self.partitions {
            if let Some(committed) = track.committed.filter(|c| track.next.is_some_and(|next| next != *c) || !track.entries.is_empty()) {
                out.push((*partition, committed));
            }
            track.entries.clear();
            track.next = track.committed;
            track.position = track.position.and(track.committed);
            track.epoch = self.epoch;
        }
        (self.held, self.open, self.bytes) = (0, 0, 0);
        out
    }

    /// Whether events of the partitions are unacknowledged.
    pub(crate) fn is_settled(&self, wanted: impl Fn(i32) -> bool) -> bool {
        self.partitions.iter().filter(|(p, _)| wanted(**p)).all(|(_, t)| t.entries.is_empty())
    }

    /// Assigned partitions.
    pub(crate) fn partitions(&self) -> Vec<i32> {
        self.partitions.keys().copied().collect()
    }

    /// Entries held, bytes and events unacknowledged.
    pub(crate) fn load(&self) -> (usize, usize, usize) {
        (self.held, self.bytes, self.open)
    }

    /// Number of assignments and rewinds so far.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One step: a record with its events, or an acknowledgement, then what may be stored.
    enum Step {
        Record(i64, u8),
        Ack(i64),
    }
    use Step::{Ack, Record};

    #[test]
    fn the_stored_offset_never_passes_an_open_record() {
        let check = |law: &str, steps: &[(Step, Option<i64>)]| {
            let mut ledger = Ledger::default();
            ledger.assign([0]);
            let mut stored = None;
            for (i, (step, expected)) in steps.iter().enumerate() {
                match step {
                    Record(offset, events) => {
                        ledger.enter(0, *offset);
                        ledger.record(0, *offset, *events, Outcome::Clean);
                    }
                    Ack(offset) => {
                        ledger.acknowledge(0, 1, *offset, 0);
                    }
                }
                if let Some((_, offset)) = ledger.take_storable().first() {
                    stored = Some(*offset);
                }
                assert_eq!(stored, *expected, "{law}, step {i}");
            }
        };
        check("clean records need nothing", &[(Record(5, 0), Some(6)), (Record(6, 0), Some(7))]);
        check("a clean record waits for the flag below it", &[(Record(5, 1), None), (Record(6, 0), None), (Ack(5), Some(7))]);
        check("acknowledgements come in any order", &[(Record(5, 1), None), (Record(6, 1), None), (Ack(6), None), (Ack(5), Some(7))]);
        check("offsets have holes", &[(Record(5, 1), None), (Record(9, 1), None), (Ack(5), Some(6)), (Ack(9), Some(10))]);
        check("every event of a record counts", &[(Record(5, 2), None), (Ack(5), None), (Ack(5), Some(6))]);
        check("an acknowledgement counts once", &[(Record(5, 1), None), (Ack(5), Some(6)), (Ack(5), Some(6))]);
    }

    #[test]
    fn acknowledgements_of_an_older_assignment_are_dropped() {
        let mut ledger = Ledger::default();
        ledger.assign([0]);
        ledger.enter(0, 5);
        ledger.record(0, 5, 1, Outcome::Flagged);
        assert_eq!(ledger.forget(0).records, 1);
        ledger.assign([0]);
        ledger.enter(0, 5);
        ledger.record(0, 5, 1, Outcome::Flagged);
        assert_eq!(ledger.acknowledge(0, 1, 5, 0), None);
        assert_eq!(ledger.take_storable(), []);
        assert_eq!(ledger.acknowledge(0, 2, 5, 0), Some(Outcome::Flagged));
        assert_eq!(ledger.take_storable(), [(0, 6)]);
        assert_eq!(ledger.load(), (0, 0, 0));
    }

    #[test]
    fn a_record_of_a_partition_that_is_not_ours_is_not_taken_and_a_jump_is_seen() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.enter(0, 5), None);
        ledger.assign([0]);
        assert_eq!(ledger.enter(0, 5), Some((1, None)));
        assert_eq!(ledger.enter(0, 9), Some((1, Some(6))));
        ledger.forget(0);
        assert_eq!(ledger.enter(0, 10), None);
        assert!(ledger.partitions().is_empty());
    }

    #[test]
    fn an_abort_goes_back_to_what_is_committed() {
        let mut ledger = Ledger::default();
        ledger.assign([0, 1, 2]);
        for (partition, offset) in [(0, 5), (0, 6), (1, 0)] {
            ledger.enter(partition, offset);
            ledger.record(partition, offset, 0, Outcome::Clean);
        }
        ledger.committed(&[(0, 6)]);
        let mut back = ledger.rewind();
        back.sort_unstable();
        assert_eq!(back, [(0, 6), (1, 0)]);
        assert_eq!(ledger.rewind(), [], "nothing is read since");
        assert_eq!(ledger.uncommitted(), []);
    }
}
