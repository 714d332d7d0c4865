//! What a process of this program measures, told by its environment, and how another is started.

use std::fmt;
use std::process::{Child, Command, Stdio};

use crate::meter::Outcome;
use crate::{FLAGGED, ONE_PERCENT, plain, topic, worker};

const ROLE: &str = "VIGIE_BENCH_ROLE";
const BROKER: &str = "VIGIE_BENCH_BROKER";
const MESSAGES: &str = "VIGIE_BENCH_MESSAGES";
const TOPICS: [&str; 2] = ["VIGIE_BENCH_POSTS", "VIGIE_BENCH_OUT"];

/// What a process measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Consume,
    Parse,
    Pass,
    Classify,
    /// All three in one loop.
    Bare,
    /// And a message sent for every flagged post.
    Sending,
    /// The service with a judge that costs nothing.
    Stream,
    /// Flagged posts in a thousand.
    AtLeastOnce(u64),
    ExactlyOnce(u64),
    /// Until they are killed, for [`crate::latency`].
    PacedPass,
    PacedVigie,
}

/// In the order of a round.
pub(crate) const MEASURED: [Role; 11] = [
    Role::Consume,
    Role::Parse,
    Role::Classify,
    Role::Bare,
    Role::Sending,
    Role::AtLeastOnce(ONE_PERCENT),
    Role::ExactlyOnce(ONE_PERCENT),
    Role::AtLeastOnce(FLAGGED[0]),
    Role::AtLeastOnce(FLAGGED[2]),
    Role::Stream,
    Role::Pass,
];

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |per_mille: u64| per_mille as f64 / 10.0;
        match self {
            Self::Consume => f.write_str("consume"),
            Self::Parse => f.write_str("consume and parse"),
            Self::Pass => f.write_str("consume and produce, every message"),
            Self::Classify => f.write_str("classification alone, 1 % flagged"),
            Self::Bare => f.write_str("consume, parse and classify, nothing delivered, 1 % flagged"),
            Self::Sending => f.write_str("consume, parse and classify, a bare message sent for each flagged post, 1 % flagged"),
            Self::Stream => f.write_str("Vigie without classification, 1 % flagged"),
            Self::AtLeastOnce(n) => write!(f, "Vigie, at least once, {} % flagged", percent(*n)),
            Self::ExactlyOnce(n) => write!(f, "Vigie, exactly once, {} % flagged", percent(*n)),
            Self::PacedPass => f.write_str("paced, passing on"),
            Self::PacedVigie => f.write_str("paced, Vigie"),
        }
    }
}

impl Role {
    /// The topic that it reads and the one that it writes; paced ones have new ones each time.
    pub(crate) fn topics(self) -> (String, &'static str) {
        match self {
            Self::Consume | Self::Parse | Self::Classify | Self::Bare | Self::Sending | Self::Stream => (topic(ONE_PERCENT), "flags"),
            Self::Pass => (topic(ONE_PERCENT), "passed"),
            Self::AtLeastOnce(per_mille) | Self::ExactlyOnce(per_mille) => (topic(per_mille), "flags"),
            Self::PacedPass | Self::PacedVigie => (String::new(), ""),
        }
    }

    /// Flagged posts in a thousand of what it reads and judges; 0 = it does not judge.
    pub(crate) fn per_mille(self) -> u64 {
        match self {
            Self::Consume | Self::Parse | Self::Pass | Self::PacedPass => 0,
            Self::Classify | Self::Bare | Self::Sending | Self::Stream | Self::PacedVigie => ONE_PERCENT,
            Self::AtLeastOnce(per_mille) | Self::ExactlyOnce(per_mille) => per_mille,
        }
    }

    fn run(self, bootstrap: &str, [posts, out]: &[String; 2], messages: u64) -> Option<Outcome> {
        let mode = if matches!(self, Self::ExactlyOnce(_)) { "exactly_once" } else { "at_least_once" };
        let config = worker::configuration(bootstrap, mode, posts, out);
        match self {
            Self::Consume => Some(plain::consume(&config, messages)),
            Self::Parse => Some(plain::parse(&config, messages)),
            Self::Pass => Some(plain::pass(&config, messages)),
            Self::Classify => Some(plain::classify(config.delivery.lanes, messages, ONE_PERCENT)),
            Self::Bare => Some(plain::bare(&config, messages)),
            Self::Sending => Some(plain::sending(&config, messages)),
            Self::Stream => Some(worker::stream_alone(config, messages)),
            Self::AtLeastOnce(_) | Self::ExactlyOnce(_) => Some(worker::vigie(config, messages)),
            Self::PacedPass => {
                plain::pass_for_ever(&config);
                None
            }
            Self::PacedVigie => {
                worker::vigie_for_ever(config);
                None
            }
        }
    }

    fn command(self, bootstrap: &str, [posts, out]: [&str; 2], messages: u64) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.env(ROLE, self.to_string()).env(BROKER, bootstrap).env(MESSAGES, messages.to_string());
        command.env(TOPICS[0], posts).env(TOPICS[1], out).stdin(Stdio::piped());
        command
    }

    /// Measures in a process of its own.
    pub(crate) fn measure(self, bootstrap: &str, messages: u64) -> Outcome {
        let (posts, out) = self.topics();
        let mut child = self.command(bootstrap, [&posts, out], messages).stdout(Stdio::piped()).spawn().expect("this program starts again");
        let _held = child.stdin.take();
        let output = child.wait_with_output().expect("its output");
        let text = String::from_utf8_lossy(&output.stdout);
        let outcome = text.lines().rev().find_map(Outcome::parse).unwrap_or_else(|| panic!("{self} ended with {} and said {text:?}", output.status));
        let judged = messages * self.per_mille() / 1000;
        assert_eq!((outcome.consumed, outcome.flagged), (messages, judged), "{self}: messages and flags");
        outcome
    }

    /// Starts a process that works until it is killed.
    pub(crate) fn start(self, bootstrap: &str, topics: [&str; 2]) -> Running {
        Running(self.command(bootstrap, topics, 0).stdout(Stdio::null()).spawn().expect("this program starts again"))
    }
}

/// Whether this process was asked to measure something; then it has.
pub(crate) fn done_as_asked() -> bool {
    let get = |name: &str| std::env::var(name).ok();
    let (Some(role), Some(broker), Some(messages)) = (get(ROLE), get(BROKER), get(MESSAGES).and_then(|n| n.parse().ok())) else { return false };
    let topics = TOPICS.map(|name| get(name).unwrap_or_default());
    // The one who started it holds the other end of the standard input: this process must not outlive it.
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(9);
    });
    let role = MEASURED.into_iter().chain([Role::PacedPass, Role::PacedVigie]).find(|r| r.to_string() == role).expect("a role");
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing_subscriber::filter::LevelFilter::WARN).init();
    if let Some(outcome) = role.run(&broker, &topics, messages) {
        println!("{outcome}");
    }
    true
}

/// A process that goes with its guard.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn id(&self) -> String {
        self.0.id().to_string()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
