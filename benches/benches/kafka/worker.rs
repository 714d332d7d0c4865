//! Vigie itself in a process of its own: the service as `vigie run` starts it, with the made-up bundle or with a judge that costs nothing.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use vigie_classifier::{Classifier, Scratch, Verdict};
use vigie_stream::Judge;
use vigie_stream::config::Config;
use vigie_stream::service::{self, Stop};
use vigie_text::Span;

use crate::feed;
use crate::meter::{Outcome, watch};

/// Between two looks at the count.
const LOOK: Duration = Duration::from_millis(4);
/// Posts between two reports of a lane: counting must not cost.
const EVERY: u64 = 64;

/// The configuration in production, on the topics of this run. Group and ids are new each time.
pub(crate) fn configuration(bootstrap: &str, mode: &str, posts: &str, flags: &str) -> Config {
    let listen = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").to_string();
    let group = format!("bench-{}", std::process::id());
    let pairs = [
        ("VIGIE_KAFKA__BROKERS", bootstrap),
        ("VIGIE_KAFKA__GROUP", &group),
        ("VIGIE_KAFKA__INSTANCE_ID", &group),
        ("VIGIE_TOPICS__POSTS", posts),
        ("VIGIE_TOPICS__FLAGS", flags),
        ("VIGIE_TOPICS__SHADOW", "shadow"),
        ("VIGIE_TOPICS__DEAD_LETTERS", "dead"),
        ("VIGIE_DELIVERY__MODE", mode),
        ("VIGIE_HTTP__LISTEN", &listen),
    ];
    Config::load(None, pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap_or_else(|errors| panic!("{errors}"))
}

/// A judge that knows the flagged posts by how they begin, and has their verdict ready: what is left is the stream's own cost.
struct Known {
    classifier: Classifier,
    verdict: Verdict,
}

impl Judge for Known {
    type Scratch = ();

    fn judge(&self, text: &str, (): &mut ()) -> Verdict {
        let begins = text.strip_prefix("Les ").and_then(|rest| rest.split_once(' ')).is_some_and(|(_, rest)| rest.starts_with("sont des "));
        if begins { self.verdict.clone() } else { Verdict::clean() }
    }

    fn explain(&self, verdict: &Verdict) -> (String, String) {
        Judge::explain(&self.classifier, verdict)
    }

    fn lexicon(&self) -> (&str, &str, &str) {
        Judge::lexicon(&self.classifier)
    }
}

/// Counts what another judge judges: asking the service's metrics every few milliseconds would cost more than its own work.
struct Counted<J> {
    judge: J,
    judged: Arc<AtomicU64>,
}

/// Posts of one lane that were judged and not reported.
#[derive(Default)]
struct Unreported<S> {
    scratch: S,
    posts: u64,
}

impl<J: Judge> Judge for Counted<J> {
    type Scratch = Unreported<J::Scratch>;

    fn judge(&self, text: &str, unreported: &mut Unreported<J::Scratch>) -> Verdict {
        unreported.posts += 1;
        if unreported.posts == EVERY {
            self.judged.fetch_add(std::mem::take(&mut unreported.posts), Ordering::Relaxed);
        }
        self.judge.judge(text, &mut unreported.scratch)
    }

    fn explain(&self, verdict: &Verdict) -> (String, String) {
        self.judge.explain(verdict)
    }

    fn lexicon(&self) -> (&str, &str, &str) {
        self.judge.lexicon()
    }
}

/// The service with the classifier until it has settled every post.
pub(crate) fn vigie(config: Config, messages: u64) -> Outcome {
    measured(config, feed::classifier(), messages)
}

/// The service without the cost of classification.
pub(crate) fn stream_alone(config: Config, messages: u64) -> Outcome {
    let classifier = feed::classifier();
    let text = feed::Writer::new(5).text(0, 10);
    let mut verdict = classifier.classify(&text, &mut Scratch::default());
    // Spans that lie in every flagged post: "Les ".
    verdict.findings.iter_mut().chain(&mut verdict.suppressed).for_each(|finding| finding.span = Span::new(0, 4));
    measured(config, Known { classifier, verdict }, messages)
}

fn measured<J: Judge>(config: Config, judge: J, messages: u64) -> Outcome {
    let (at, lanes, (stop, stopper)) = (config.http.listen, config.delivery.lanes as u64, Stop::manual());
    let judged = Arc::new(AtomicU64::new(0));
    let judge = Counted { judge, judged: Arc::clone(&judged) };
    let watcher = thread::spawn(move || {
        // What the last reports lack is less than this; whether all is settled, the service itself must say.
        let nearly = messages - lanes * EVERY;
        let outcome = watch(messages, LOOK, || match judged.load(Ordering::Relaxed) {
            judged if judged < nearly => judged,
            judged => settled(at).filter(|settled| *settled >= messages).unwrap_or(judged.min(messages - 1)),
        });
        stopper.stop();
        outcome
    });
    let report = service::run(config, Arc::new(judge), None, stop);
    let outcome = watcher.join().expect("the watcher ends");
    assert_eq!(report.exit, service::EXIT_FINE, "{report:?}");
    let counts = report.counts;
    assert_eq!(counts.consumed, counts.clean + counts.flagged, "{counts:?}");
    Outcome { consumed: counts.consumed, flagged: counts.flagged, ..outcome }
}

/// Records that the service has settled, as its own metrics say.
fn settled(at: SocketAddr) -> Option<u64> {
    let (mut stream, mut text) = (TcpStream::connect(at).ok()?, String::new());
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n").ok()?;
    stream.read_to_string(&mut text).ok()?;
    let series = text.lines().filter(|l| l.starts_with("vigie_processed_records_total"));
    Some(series.filter_map(|l| l.rsplit(' ').next()?.parse::<f64>().ok()).sum::<f64>() as u64)
}

/// The service until this process is killed.
pub(crate) fn vigie_for_ever(config: Config) {
    service::run(config, Arc::new(feed::classifier()), None, Stop::on_signals());
}
