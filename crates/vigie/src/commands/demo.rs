//! `vigie demo`: a broker in the process, realistic French posts, and between them the pipeline that `vigie run` runs. Nothing is imitated but the broker.

mod feed;
mod meter;
mod show;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use vigie_classifier::Classifier;
use vigie_stream::config::{Config, Topics};
use vigie_stream::demo::Broker;
use vigie_stream::service::{self, Counts, Report, Stop};

use super::settings::start_log;
use crate::bundle::Lexicons;
use crate::exit::Exit;
use crate::paint::{Ink, Paint, say};
use crate::posts::Input;
use feed::Records;
use show::Screen;

/// Show the whole pipeline on a broker of its own, with French posts.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Stop after this long (30s, 5m) [default: until Ctrl-C]
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    time: Option<Duration>,
    /// Posts a second
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=2_000))]
    rate: u32,
    /// Your own posts, over and over, instead of those of the demo
    #[arg(long, value_name = "FILE")]
    posts: Option<PathBuf>,
    /// What FILE holds [default: by its name, else by its first line: JSON Lines or text]
    #[arg(long, value_enum, requires = "posts")]
    input: Option<Input>,
    /// Where /metrics is served [default: 127.0.0.1:9464, or a free port]
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,
    #[command(flatten)]
    lexicons: Lexicons,
}

const EXAMPLES: &str = "\
Examples:
  vigie demo --for 30s
  vigie demo --rate 200 --posts my_posts.jsonl
  vigie demo --lexicons lexicons/fr

Other Kafka clients can attach to the bootstrap address that it prints.";

/// Partitions of the posts.
const PARTITIONS: i32 = 4;
/// What may still be under way when the posts stop.
const PATIENCE: Duration = Duration::from_secs(5);

fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => Duration::from_millis(1),
        "" | "s" => Duration::from_secs(1),
        "m" | "min" => Duration::from_mins(1),
        "h" => Duration::from_hours(1),
        other => return Err(format!("unknown unit `{other}`: ms, s, m or h")),
    };
    let n: u32 = digits.parse().map_err(|_| format!("`{text}` is no duration: write 30s or 5m"))?;
    unit.checked_mul(n).filter(|d| !d.is_zero()).ok_or_else(|| format!("`{text}` is no duration: write 30s or 5m"))
}

/// What ends the demo before its time.
enum End {
    Asked,
    Service,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let (started, paint) = (Instant::now(), Paint::stdout());
    let records = Records::load(args.posts.as_deref(), args.input)?;
    let classifier = Arc::new(args.lexicons.classifier()?);
    let broker = Broker::start(&Topics::default(), PARTITIONS)?;
    let mut config = broker.config(http(args.http)?)?;
    "warn".clone_into(&mut config.log.level);
    start_log(&config.log);
    greet(&broker, &config, &classifier, paint);

    let (ends, ended) = channel();
    let (stop, stopper) = Stop::manual();
    watch_signals(ends.clone())?;
    let listen = config.http.listen;
    let topics = config.topics.clone();
    let service = serve(config, Arc::clone(&classifier), stop, ends)?;
    let records = Arc::new(records);
    let screen = Screen::start(broker.bootstrap(), &topics.flags, classifier, Arc::clone(&records), paint, started)?;
    let halt = Arc::new(AtomicBool::new(false));
    let feeder = feed::start(broker.bootstrap().to_owned(), topics.posts, records, args.rate, Arc::clone(&halt))?;

    let end = match args.time {
        Some(time) => ended.recv_timeout(time),
        None => ended.recv().map_err(|_| RecvTimeoutError::Disconnected),
    };
    halt.store(true, Ordering::Relaxed);
    let sent = feeder.join().map_err(|_| anyhow!("the feed of posts failed"))?;
    if !matches!(end, Ok(End::Service)) {
        meter::wait_for(listen, *sent.as_ref().unwrap_or(&0), PATIENCE);
    }
    stopper.stop();
    let report = service.join().map_err(|_| anyhow!("the service failed"))?;
    screen.finish(report.counts.flagged, PATIENCE);
    Ok(summary(&report, sent?, started.elapsed(), paint))
}

/// The address of the metrics: the usual one if it is free, so that two demos can run side by side. Port 0 asks for any free one.
fn http(asked: Option<SocketAddr>) -> anyhow::Result<SocketAddr> {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, 9464));
    let free = match asked {
        Some(asked) if asked.port() != 0 => return Ok(asked),
        Some(asked) => TcpListener::bind(asked),
        None => TcpListener::bind(usual).or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))),
    };
    free.and_then(|listener| listener.local_addr()).context("no free port for /metrics")
}

fn greet(broker: &Broker, config: &Config, classifier: &Classifier, paint: Paint) {
    let title = |text: &str| paint.ink(Ink::Title, format!("{text:<10}"));
    say(format!("{} {} (topic {}, flags on {})", title("kafka"), broker.bootstrap(), config.topics.posts, config.topics.flags));
    say(format!("{} http://{}/metrics", title("metrics"), config.http.listen));
    say(format!("{} {}, {} forms\n", title("lexicon"), classifier.lexicon().revision, classifier.form_count()));
}

/// Ctrl-C and SIGTERM end the demo; a second one ends it at once.
fn watch_signals(ends: Sender<End>) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let watch = move || {
        runtime.block_on(async {
            let (Ok(mut interrupt), Ok(mut term)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else { return };
            for asked in 0.. {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = term.recv() => {}
                }
                if asked > 0 || ends.send(End::Asked).is_err() {
                    std::process::exit(service::EXIT_FAILED.into());
                }
            }
        });
    };
    thread::Builder::new().name("demo-signals".to_owned()).spawn(watch)?;
    Ok(())
}

fn serve(config: Config, judge: Arc<Classifier>, stop: Stop, ends: Sender<End>) -> anyhow::Result<thread::JoinHandle<Report>> {
    let work = move || {
        let report = service::run(config, judge, None, stop);
        // Nobody listens when it was asked to end.
        let _ = ends.send(End::Service);
        report
    };
    Ok(thread::Builder::new().name("demo-service".to_owned()).spawn(work)?)
}

/// Every record ended one way, or the demo failed.
fn summary(report: &Report, sent: u64, took: Duration, paint: Paint) -> Exit {
    let Counts { consumed, clean, flagged, shadow, skipped, dead_lettered, returned } = report.counts;
    let settled = clean + flagged + shadow + skipped + dead_lettered;
    let adds_up = settled + returned == consumed && consumed >= sent && report.exit == service::EXIT_FINE;
    say(paint.ink(Ink::Title, format!("{sent} posts sent, {consumed} consumed in {:.1} s", took.as_secs_f64())));
    say(format!("  clean {clean} + flagged {flagged} + shadow {shadow} + skipped {skipped} + dead-lettered {dead_lettered} = {settled}"));
    if adds_up {
        say(format!("  {}", paint.ink(Ink::Good, "every record ended exactly one way")));
        return Exit::Fine;
    }
    say(format!("  {}", paint.ink(Ink::Bad, format!("{} records have no outcome, {returned} were given back", sent.max(consumed).saturating_sub(settled)))));
    Exit::Service
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_their_units() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(duration(text).ok(), expected.map(Duration::from_millis), "{text}");
        check("30s", Some(30_000));
        check("30", Some(30_000));
        check("5m", Some(300_000));
        check("250ms", Some(250));
        check("1h", Some(3_600_000));
        for text in ["", "s", "0s", "-1s", "1.5s", "3 jours", "9999999999s"] {
            check(text, None);
        }
    }
}
