//! One broker on loopback, by the launcher of the scenarios of `vigie-stream`; it goes with its guard.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

pub(crate) struct Broker {
    pub(crate) bootstrap: String,
    data: tempfile::TempDir,
}

fn launcher() -> Command {
    let mut command = Command::new("python3");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/stream/tests/kafka/kafka_cluster.py"));
    command
}

impl Broker {
    pub(crate) fn start() -> Self {
        // The jars are fetched once and kept beside the build.
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kafka");
        let data = tempfile::tempdir().expect("a folder for the broker");
        let free = |base: &u16| (0..3).all(|offset| TcpListener::bind(("127.0.0.1", base + offset)).is_ok());
        let port = (33_000..40_000).step_by(10).find(free).expect("free ports");
        let status = launcher()
            .arg("start")
            .args([Path::new("--home"), &home, Path::new("--data"), &data.path().join("brokers")])
            .args(["--brokers", "1", "--port", &port.to_string()])
            .status()
            .expect("python3");
        assert!(status.success(), "the broker does not start");
        Self { bootstrap: format!("127.0.0.1:{port}"), data }
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
        let start = Instant::now();
        let ready = || {
            let metadata = admin.inner().fetch_metadata(Some(name), Duration::from_secs(10)).ok()?;
            let partitions_of = |t: &rdkafka::metadata::MetadataTopic| t.partitions().iter().filter(|p| p.leader() >= 0).count();
            metadata.topics().iter().any(|t| partitions_of(t) == partitions as usize).then_some(())
        };
        while ready().is_none() {
            assert!(start.elapsed() < Duration::from_secs(60), "topic {name} has no leaders");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = launcher().args(["stop", "--kill", "--data"]).arg(self.data.path().join("brokers")).status();
    }
}
