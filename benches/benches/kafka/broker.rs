//! One Apache Kafka broker on loopback, by the launcher of the scenarios of `vigie-stream`; it goes with its guard, in whatever way this program ends.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};

pub(crate) struct Broker {
    pub(crate) bootstrap: String,
    data: tempfile::TempDir,
    /// Kills the broker once this program no longer holds its standard input.
    guard: Child,
}

/// What is missing to start one; empty = nothing.
pub(crate) fn missing_tools() -> Vec<&'static str> {
    let needed = [("java", "-version", "Java 17"), ("mvn", "-version", "Maven"), ("python3", "--version", "Python 3")];
    let has = |program: &str, argument: &str| {
        let mut command = Command::new(program);
        command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    needed.iter().filter(|(program, argument, _)| !has(program, argument)).map(|(.., name)| *name).collect()
}

fn launcher() -> Command {
    let mut command = Command::new("python3");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/stream/tests/kafka/kafka_cluster.py"));
    command
}

impl Broker {
    pub(crate) fn start() -> Self {
        // The jars are fetched once and kept beside the build.
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kafka");
        let data = tempfile::tempdir().expect("a folder for the broker");
        let brokers = data.path().join("brokers");
        let free = |base: &u16| (0..3).all(|offset| TcpListener::bind(("127.0.0.1", base + offset)).is_ok());
        let port = (33_000..40_000).step_by(10).find(free).expect("free ports");
        let guard = launcher().args([Path::new("guard"), Path::new("--data"), &brokers]).stdin(Stdio::piped()).spawn().expect("python3");
        let status = launcher()
            .arg("start")
            .args([Path::new("--home"), &home, Path::new("--data"), &brokers])
            .args(["--brokers", "1", "--port", &port.to_string()])
            // All lanes of a group join before the first assignment: no rebalance in the middle of a measurement.
            .args(["--set", "group.initial.rebalance.delay.ms=1500"])
            .stdout(Stdio::null())
            .status()
            .expect("python3");
        assert!(status.success(), "the broker does not start");
        Self { bootstrap: format!("127.0.0.1:{port}"), data, guard }
    }

    fn signal(&self, verb: &str) {
        let status = launcher().args([verb, "--data"]).arg(self.data.path().join("brokers")).status().expect("python3");
        assert!(status.success(), "the broker does not {verb}");
    }

    /// The broker hangs, and keeps its sockets.
    pub(crate) fn pause(&self) {
        self.signal("pause");
    }

    pub(crate) fn resume(&self) {
        self.signal("resume");
    }

    /// A topic whose timestamps are the broker's.
    pub(crate) fn create_topic(&self, name: &str, partitions: i32) {
        let admin: AdminClient<DefaultClientContext> = ClientConfig::new().set("bootstrap.servers", &self.bootstrap).create().expect("a client");
        let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1)).set("message.timestamp.type", "LogAppendTime");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(30)));
        for result in runtime.block_on(admin.create_topics([&topic], &options)).expect("an answer") {
            result.expect("a new topic");
        }
        let (start, wanted) = (Instant::now(), usize::try_from(partitions).expect("a number of partitions"));
        let led = |t: &rdkafka::metadata::MetadataTopic| t.partitions().iter().filter(|p| p.leader() >= 0).count();
        let ready = || admin.inner().fetch_metadata(Some(name), Duration::from_secs(10)).is_ok_and(|m| m.topics().iter().any(|t| led(t) == wanted));
        while !ready() {
            assert!(start.elapsed() < Duration::from_mins(1), "topic {name} has no leaders");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Messages in a topic.
    pub(crate) fn size(&self, topic: &str, partitions: i32) -> u64 {
        let consumer: BaseConsumer = ClientConfig::new().set("bootstrap.servers", &self.bootstrap).set("group.id", "none").create().expect("a client");
        let in_one = |partition| {
            let start = Instant::now();
            loop {
                // A broker that was away for a moment leads nothing until its controller has found it again.
                match consumer.fetch_watermarks(topic, partition, Duration::from_secs(30)) {
                    Ok((low, high)) => return (high - low).unsigned_abs(),
                    Err(error) => assert!(start.elapsed() < Duration::from_mins(1), "{topic}: {error}"),
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        };
        (0..partitions).map(in_one).sum()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // `wait` closes its standard input first: that is what it waits for.
        let _ = self.guard.wait();
    }
}
