//! The reviewers of the demo: read flags off their topic and show them, the words that count highlighted, the reason in French.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigie_classifier::Classifier;
use vigie_stream::demo::Tap;
use vigie_text::Span;

use super::feed::Records;
use crate::paint::{Ink, Paint, harmless, say};

/// How long a look at the topic takes when nothing is there.
const LOOK: Duration = Duration::from_millis(100);

/// Shows flags until it is told to finish.
pub(super) struct Screen {
    thread: JoinHandle<()>,
    shared: Arc<Shared>,
}

struct Shared {
    shown: AtomicU64,
    finish: AtomicBool,
}

/// What is needed to show a flag.
struct Shower {
    classifier: Arc<Classifier>,
    records: Arc<Records>,
    paint: Paint,
    started: Instant,
}

impl Screen {
    /// Reads `topic` from its beginning.
    pub(super) fn start(
        bootstrap: &str,
        topic: &str,
        classifier: Arc<Classifier>,
        records: Arc<Records>,
        paint: Paint,
        started: Instant,
    ) -> anyhow::Result<Self> {
        let tap = Tap::open(bootstrap, topic)?;
        let shared = Arc::new(Shared { shown: AtomicU64::new(0), finish: AtomicBool::new(false) });
        let (theirs, shower) = (Arc::clone(&shared), Shower { classifier, records, paint, started });
        let work = move || {
            while !theirs.finish.load(Ordering::Relaxed) {
                match tap.next(LOOK) {
                    Ok(Some(value)) => {
                        shower.show(&value);
                        theirs.shown.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(None) => {}
                    Err(error) => {
                        eprintln!("vigie: the flags cannot be read: {error}");
                        return;
                    }
                }
            }
        };
        Ok(Self { thread: thread::Builder::new().name("demo-screen".to_owned()).spawn(work)?, shared })
    }

    /// Waits until `flags` were shown, or for `patience`.
    pub(super) fn finish(self, flags: u64, patience: Duration) {
        let deadline = Instant::now() + patience;
        while self.shared.shown.load(Ordering::Relaxed) < flags && Instant::now() < deadline && !self.thread.is_finished() {
            thread::sleep(Duration::from_millis(20));
        }
        self.shared.finish.store(true, Ordering::Relaxed);
        // A screen that failed has said so.
        let _ = self.thread.join();
    }
}

impl Shower {
    fn show(&self, value: &[u8]) {
        let Ok(flag) = serde_json::from_slice::<Value>(value) else {
            eprintln!("vigie: a flag is not JSON");
            return;
        };
        let text = |pointer: &str| flag.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let policy = &self.classifier.lexicon().policy;
        let labels = |kind: &str, pointer: &str| {
            let codes = flag.pointer(pointer).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            codes.map(|code| policy.label(&format!("{kind}.{code}")).to_owned()).collect::<Vec<_>>().join(", ")
        };
        let severity = format!("severity.{}", text("/verdict/severity"));
        let (grounds, acts) = (labels("ground", "/verdict/grounds"), labels("act", "/verdict/acts"));
        let clock = format!("{:>6.1} s", self.started.elapsed().as_secs_f64());
        let head = self.paint.ink(Ink::Bad, format!("gravité {}", policy.label(&severity)));
        say(format!("{}  {head} · {grounds} · {acts}  {}", self.paint.ink(Ink::Faint, clock), self.paint.ink(Ink::Faint, harmless(text("/post/post_id")))));
        say(format!("          {}", self.post(&flag, text("/post/post_id"), text("/content/excerpt"))));
        say(format!("          {}\n", self.paint.ink(Ink::Faint, text("/explanation/text"))));
    }

    /// The post as it was sent; of a post that another client sent, the excerpt.
    fn post(&self, flag: &Value, post_id: &str, excerpt: &str) -> String {
        let Some(text) = self.records.text(post_id) else { return harmless(excerpt) };
        let span = |finding: &Value| {
            let byte = |name: &str| finding.pointer(name)?.as_u64()?.try_into().ok();
            let (start, end): (usize, usize) = (byte("/span/byte_start")?, byte("/span/byte_end")?);
            text.get(start..end).map(|_| Span::new(start, end))
        };
        let spans: Vec<Span> = flag.get("findings").and_then(Value::as_array).into_iter().flatten().filter_map(span).collect();
        self.paint.highlight(text, &spans)
    }
}
