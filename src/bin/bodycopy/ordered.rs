//! Tasks → results by many threads, in the order of the tasks.
//!
//! Tasks and results wait in bounded queues, so memory does not grow with the
//! input however unevenly the work falls. Each task carries a channel for its
//! result; the results' channels wait in the tasks' order.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Tasks that may wait for each worker.
const WAITING: usize = 2;

/// Runs `work` on every task that `produce` sends, on `jobs` threads, and gives
/// the results to `consume`, on this thread, in the tasks' order. Where
/// `consume` breaks, `send` tells `produce` to break too.
pub fn ordered<T: Send, R: Send>(
    jobs: usize,
    produce: impl FnOnce(&mut dyn FnMut(T) -> ControlFlow<()>) + Send,
    work: impl Fn(T) -> R + Sync,
    mut consume: impl FnMut(R) -> ControlFlow<()>,
) {
    if jobs <= 1 {
        return produce(&mut |task| consume(work(task)));
    }
    type Task<T, R> = (T, SyncSender<R>);
    let (tasks, queue): (SyncSender<Task<T, R>>, _) = sync_channel(jobs * WAITING);
    let (promise, promised): (SyncSender<Receiver<R>>, _) = sync_channel(jobs * WAITING);
    let queue = Mutex::new(queue);
    let next = || queue.lock().ok().and_then(|queue| queue.recv().ok());
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some((task, result)) = next() {
                    // Nobody waits for it when `consume` has broken off.
                    let _ = result.send(work(task));
                }
            });
        }
        scope.spawn(move || {
            produce(&mut |task| {
                let (result, waiting) = sync_channel(1);
                if promise.send(waiting).is_err() || tasks.send((task, result)).is_err() {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
        });
        for result in promised {
            let Ok(result) = result.recv() else { break };
            if consume(result).is_break() {
                break;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let produce = |send: &mut dyn FnMut(u64) -> ControlFlow<()>| {
                for n in 0..100 {
                    if send(n).is_break() {
                        return;
                    }
                }
            };
            let work = |n: u64| {
                thread::sleep(std::time::Duration::from_micros(n * 7919 % 300));
                n
            };
            ordered(jobs, produce, work, |n| {
                seen.push(n);
                if n == 60 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert_eq!(seen, (0..=60).collect::<Vec<_>>(), "{jobs} jobs");
        }
    }
}
