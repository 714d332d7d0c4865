//! Work on every core that keeps the order of its input, in bounded memory: rows are read ahead in batches of a bounded weight.

use std::io;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::thread;

use rayon::prelude::*;
use vigie_classifier::Scratch;

/// Bytes of text in one batch, at most (and one post more). Two batches wait while a third is judged.
const BATCH_BYTES: usize = 1 << 20;
/// Rows in one batch, at most.
const BATCH_ROWS: usize = 8_192;
/// Rows that one core takes at a time.
const GRAIN: usize = 64;

/// A row that knows how much memory it holds.
pub(crate) trait Weigh {
    /// Bytes.
    fn weight(&self) -> usize;
}

/// Judges every row on every core and hands the results to `sink` in the order of the rows.
pub(crate) fn in_order<T: Weigh + Send, R: Send>(
    rows: impl Iterator<Item = io::Result<T>> + Send,
    judge: impl Fn(&mut Scratch, T) -> R + Sync,
    mut sink: impl FnMut(R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let buffers = Buffers::default();
    thread::scope(|scope| {
        let (send, receive) = sync_channel::<io::Result<Vec<T>>>(1);
        scope.spawn(move || {
            let mut rows = rows;
            while let Some(batch) = next_batch(&mut rows) {
                let failed = batch.is_err();
                // The receiver is gone when the sink failed: nobody waits for the rest.
                if send.send(batch).is_err() || failed {
                    return;
                }
            }
        });
        for batch in receive {
            let judged: Vec<R> = batch?.into_par_iter().with_min_len(GRAIN).map_init(|| buffers.borrow(), |lease, row| judge(lease.scratch(), row)).collect();
            for result in judged {
                sink(result)?;
            }
        }
        Ok(())
    })
}

fn next_batch<T: Weigh>(rows: &mut impl Iterator<Item = io::Result<T>>) -> Option<io::Result<Vec<T>>> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < BATCH_ROWS && bytes < BATCH_BYTES {
        match rows.next() {
            None => break,
            Some(Err(error)) => return Some(Err(error)),
            Some(Ok(row)) => {
                bytes += row.weight();
                batch.push(row);
            }
        }
    }
    (!batch.is_empty()).then_some(Ok(batch))
}

/// Buffers of threads, kept from batch to batch.
#[derive(Default)]
pub(crate) struct Buffers(Mutex<Vec<Scratch>>);

impl Buffers {
    /// A buffer that comes back when the lease ends.
    pub(crate) fn borrow(&self) -> Lease<'_> {
        let scratch = self.0.lock().ok().and_then(|mut all| all.pop()).unwrap_or_default();
        Lease { buffers: self, scratch }
    }
}

/// One buffer, lent.
pub(crate) struct Lease<'a> {
    buffers: &'a Buffers,
    scratch: Scratch,
}

impl Lease<'_> {
    /// The buffer.
    pub(crate) fn scratch(&mut self) -> &mut Scratch {
        &mut self.scratch
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.buffers.0.lock() {
            all.push(std::mem::take(&mut self.scratch));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weigh for u32 {
        fn weight(&self) -> usize {
            *self as usize
        }
    }

    fn check(rows: u32) {
        let mut seen = Vec::new();
        let judge = |_: &mut Scratch, row: u32| u64::from(row) * 3;
        in_order((0..rows).map(Ok), judge, |r| {
            seen.push(r);
            Ok(())
        })
        .expect("no row fails");
        assert_eq!(seen, (0..u64::from(rows)).map(|r| r * 3).collect::<Vec<_>>());
    }

    #[test]
    fn order_is_kept_over_any_number_of_batches() {
        [0, 1, 63, 1_000, 8_192, 8_193, 30_000].into_iter().for_each(check);
    }

    #[test]
    fn a_failing_sink_ends_the_work_and_a_failing_source_is_told() {
        let mut taken = 0;
        let ended = in_order(
            (0..u32::MAX).map(Ok),
            |_, row| row,
            |row| {
                taken += 1;
                anyhow::ensure!(row < 5, "enough");
                Ok(())
            },
        );
        assert_eq!((ended.expect_err("the sink failed").to_string().as_str(), taken), ("enough", 6));
        let rows = [Ok(1u32), Err(io::Error::other("disk"))];
        let told = in_order(rows.into_iter(), |_, row| row, |_| Ok(()));
        assert_eq!(told.expect_err("the source failed").to_string(), "disk");
    }
}
