//! The service: lanes on their threads, and around them tokio for HTTP, signals and reloads. It ends with an exit code, never with a panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::thread;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};

use crate::config::Config;
use crate::health::Health;
use crate::http;
use crate::judge::Judge;
use crate::lane::{self, Common, LaneEnd, Slot, StopAt};
use crate::metrics::{LagBook, Metrics};
use crate::probe;

/// Exit code: all is well.
pub const EXIT_FINE: u8 = 0;

/// Exit code: the service failed while running.
pub const EXIT_FAILED: u8 = 4;

/// Reads the lexicons again; called on SIGHUP, off the lanes' threads.
pub type Reload<J> = Box<dyn Fn() -> Result<Arc<J>, String> + Send + Sync>;

/// What makes the service stop.
pub struct Stop(Source);

enum Source {
    Signals,
    Manual(watch::Receiver<u32>),
}

/// Stops a service from another thread: once to drain, twice to leave at once.
#[derive(Clone)]
pub struct Stopper(Arc<watch::Sender<u32>>);

impl Stop {
    /// SIGTERM or SIGINT drains, a second one exits at once; SIGHUP reads the lexicons again.
    pub fn on_signals() -> Self {
        Self(Source::Signals)
    }

    /// A switch in the caller's hand; no signal is listened to.
    pub fn manual() -> (Self, Stopper) {
        let (sender, receiver) = watch::channel(0);
        (Self(Source::Manual(receiver)), Stopper(Arc::new(sender)))
    }
}

impl Stopper {
    /// Drain and end.
    pub fn stop(&self) {
        self.0.send_modify(|n| *n += 1);
    }
}

/// What a run comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// For the operating system.
    pub exit: u8,
    /// How the records ended.
    pub counts: Counts,
}

/// Records by outcome; once drained they add up to the records consumed, less those given back unsettled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Counts {
    pub consumed: u64,
    pub clean: u64,
    pub flagged: u64,
    pub shadow: u64,
    pub skipped: u64,
    pub dead_lettered: u64,
    /// Given back unsettled: they are read again, here or elsewhere.
    pub returned: u64,
}

/// Runs the service until it is stopped. Blocks; call `std::process::exit` with the report's code afterwards.
pub fn run<J: Judge>(config: Config, judge: Arc<J>, reload: Option<Reload<J>>, stop: Stop) -> Report {
    hush_panics();
    match start(config, judge, reload, stop) {
        Ok(report) => report,
        Err(error) => {
            tracing::error!(error, "the service cannot start");
            Report { exit: EXIT_FAILED, counts: Counts::default() }
        }
    }
}

fn start<J: Judge>(config: Config, judge: Arc<J>, reload: Option<Reload<J>>, stop: Stop) -> Result<Report, String> {
    let metrics = Metrics::new().map_err(|e| e.to_string())?;
    let lanes = config.delivery.lanes;
    metrics.workers.set(lanes as f64);
    metrics.in_flight_limit.set(config.delivery.max_in_flight_records as f64);
    let (name, version, revision) = judge.lexicon();
    metrics.set_lexicon(name, version, revision);
    tracing::info!(lanes, mode = ?config.delivery.mode, group = config.kafka.group, lexicon = name, revision, "starting");
    let listen = config.http.listen;
    let common = Arc::new(Common {
        metrics,
        health: Health::new(lanes),
        lags: LagBook::default(),
        alone: AtomicBool::new(false),
        left_behind: AtomicU64::new(0),
        config,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("vigie-io").enable_all().build().map_err(|e| e.to_string())?;
    let listener = runtime.block_on(TcpListener::bind(listen)).map_err(|e| format!("http.listen {listen}: {e}"))?;
    tracing::info!(address = %listener.local_addr().map_err(|e| e.to_string())?, "metrics and probes");
    runtime.spawn(http::serve(listener, Arc::clone(&common)));
    let exit = work(&runtime, &common, judge, reload, stop)?;
    let counts = counts(&common.metrics);
    tracing::info!(?counts, exit, "stopped");
    // A lane that hangs in a call to a broker must not hold up the exit.
    runtime.shutdown_background();
    Ok(Report { exit, counts })
}

fn work<J: Judge>(runtime: &Runtime, common: &Arc<Common>, judge: Arc<J>, reload: Option<Reload<J>>, stop: Stop) -> Result<u8, String> {
    let (slot, stop_at) = (Arc::new(Slot::new(judge)), Arc::new(StopAt::default()));
    let (ended, mut ends) = mpsc::unbounded_channel();
    for lane in 0..common.config.delivery.lanes {
        let (common, slot, stop_at, ended) = (Arc::clone(common), Arc::clone(&slot), Arc::clone(&stop_at), ended.clone());
        let work = move || {
            // A panic of a lane outside of judging is a bug too; the others drain, and the exit code tells.
            let end = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| lane::run(&common, lane, &slot, &stop_at)));
            // The receiver is gone only when the process is about to be.
            let _ = ended.send(end.unwrap_or(LaneEnd::Failed));
        };
        thread::Builder::new().name(format!("vigie-lane-{lane}")).spawn(work).map_err(|e| e.to_string())?;
    }
    drop(ended);
    let (probe_common, probe_stop) = (Arc::clone(common), Arc::clone(&stop_at));
    thread::Builder::new().name("vigie-probe".to_owned()).spawn(move || probe::run(&probe_common, &probe_stop)).map_err(|e| e.to_string())?;
    runtime.block_on(supervise(common, &slot, reload, stop, &stop_at, &mut ends))
}

/// What the outside asks for.
enum Ask {
    Stop,
    Reload,
}

async fn supervise<J: Judge>(
    common: &Arc<Common>,
    slot: &Arc<Slot<J>>,
    reload: Option<Reload<J>>,
    stop: Stop,
    stop_at: &StopAt,
    ends: &mut mpsc::UnboundedReceiver<LaneEnd>,
) -> Result<u8, String> {
    let mut asks = listen(stop)?;
    let reload = reload.map(Arc::new);
    let mut exit = EXIT_FINE;
    let total = common.config.delivery.shutdown_timeout;
    loop {
        let deadline = stop_at.since().map(|since| (since + total).saturating_duration_since(Instant::now()));
        tokio::select! {
            end = ends.recv() => match end {
                None => return Ok(exit),
                Some(LaneEnd::Drained) => {}
                Some(end) => {
                    exit = EXIT_FAILED;
                    if end == LaneEnd::Undrained {
                        tracing::warn!("something was still under way at the deadline: it will be read again");
                    }
                    common.health.stop();
                    stop_at.stop();
                }
            },
            ask = asks.recv() => match ask {
                Some(Ask::Stop) if stop_at.since().is_some() => {
                    tracing::warn!("asked twice: leaving at once");
                    return Ok(EXIT_FAILED);
                }
                Some(Ask::Stop) => {
                    tracing::info!("draining");
                    common.health.stop();
                    stop_at.stop();
                }
                Some(Ask::Reload) => {
                    if let Some(reload) = &reload {
                        let (common, slot, reload) = (Arc::clone(common), Arc::clone(slot), Arc::clone(reload));
                        tokio::task::spawn_blocking(move || reload_now(&common, &slot, &reload));
                    }
                }
                // Nobody can ask any more: wait for the lanes.
                None => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            () = tokio::time::sleep(deadline.unwrap_or(Duration::MAX)), if deadline.is_some() => {
                tracing::error!(seconds = total.as_secs(), "delivery.shutdown_timeout_secs is over");
                return Ok(EXIT_FAILED);
            }
        }
    }
}

fn listen(stop: Stop) -> Result<mpsc::Receiver<Ask>, String> {
    let (sender, receiver) = mpsc::channel(8);
    match stop.0 {
        Source::Manual(mut counter) => {
            tokio::spawn(async move {
                let mut seen = 0;
                while seen < 2 && counter.changed().await.is_ok() {
                    let now = (*counter.borrow()).min(2);
                    while seen < now {
                        seen += 1;
                        if sender.send(Ask::Stop).await.is_err() {
                            return;
                        }
                    }
                }
                // Keeps the channel open, so that its end is not mistaken for a request.
                std::future::pending::<()>().await;
            });
        }
        Source::Signals => {
            let of = |kind| signal(kind).map_err(|e| format!("signals: {e}"));
            let (mut term, mut interrupt, mut hup) = (of(SignalKind::terminate())?, of(SignalKind::interrupt())?, of(SignalKind::hangup())?);
            tokio::spawn(async move {
                loop {
                    let ask = tokio::select! {
                        _ = term.recv() => Ask::Stop,
                        _ = interrupt.recv() => Ask::Stop,
                        _ = hup.recv() => Ask::Reload,
                    };
                    if sender.send(ask).await.is_err() {
                        return;
                    }
                }
            });
        }
    }
    Ok(receiver)
}

fn reload_now<J: Judge>(common: &Common, slot: &Slot<J>, reload: &Reload<J>) {
    let (start, metrics) = (Instant::now(), &common.metrics);
    match reload() {
        Ok(judge) => {
            let before = slot.get().lexicon().2.to_owned();
            let (name, version, revision) = judge.lexicon();
            let unchanged = revision == before;
            tracing::info!(revision, before, unchanged, "lexicon read again");
            metrics.set_lexicon(name, version, revision);
            metrics.reloads[usize::from(unchanged)].inc();
            if !unchanged {
                slot.put(judge);
            }
        }
        Err(error) => {
            metrics.reloads[2].inc();
            metrics.reload_successful.set(0.0);
            tracing::error!(error, "lexicon refused: the one in force stays");
        }
    }
    metrics.reload_seconds.observe(start.elapsed().as_secs_f64());
}

fn counts(metrics: &Metrics) -> Counts {
    let [clean, flagged, shadow, skipped, dead_lettered] = metrics.outcomes();
    Counts { consumed: metrics.records.get(), clean, flagged, shadow, skipped, dead_lettered, returned: metrics.returned.get() }
}

/// On our threads a panic tells where it was, never with what: its message could hold a word of a post. Other threads keep their hook.
fn hush_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !thread::current().name().is_some_and(|n| n.starts_with("vigie-")) {
                return before(info);
            }
            let place = info.location().map_or_else(|| "unknown".to_owned(), |l| format!("{}:{}", l.file(), l.line()));
            tracing::error!(place, thread = thread::current().name(), "panic");
        }));
    });
}
