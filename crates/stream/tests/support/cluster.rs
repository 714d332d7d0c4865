//! A real Apache Kafka, three brokers in `KRaft` on loopback, started by `tests/kafka/kafka_cluster.py`; it goes with its guard.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

pub struct Cluster {
    home: PathBuf,
    data: tempfile::TempDir,
    /// Ends the brokers when this program ends, in whatever way.
    guard: Child,
    pub bootstrap: String,
    /// `SASL_SSL` listener.
    pub secure: String,
    pub ca_file: PathBuf,
    pub password: String,
}

/// Starts and stops the brokers; the same for every crate that includes this file.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../stream/tests/kafka/kafka_cluster.py");

/// What is missing to start one; empty = nothing.
pub fn missing_tools() -> Vec<&'static str> {
    let has =
        |program: &str, argument: &str| Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success());
    let mut missing = Vec::new();
    for (program, argument, package) in
        [("java", "-version", "Java 17 (openjdk-17-jre-headless)"), ("mvn", "-version", "Maven (maven)"), ("python3", "--version", "Python 3 (python3)")]
    {
        if !has(program, argument) {
            missing.push(package);
        }
    }
    missing
}

impl Cluster {
    pub fn start() -> Self {
        // The jars are fetched once and kept beside the build.
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kafka");
        let data = tempfile::tempdir().unwrap();
        let certificates = data.path().join("certificates");
        std::fs::create_dir_all(&certificates).unwrap();
        let password = "zmotdepasse-canari".to_owned();
        make_certificates(&certificates);
        let port = free_range();
        let brokers = data.path().join("brokers");
        let guard = Command::new("python3").args([SCRIPT, "guard", "--data", path(&brokers)]).stdin(Stdio::piped()).spawn().unwrap();
        let cluster = Self {
            home,
            secure: (0..3).map(|n| format!("127.0.0.1:{}", port + 10 * n + 2)).collect::<Vec<_>>().join(","),
            bootstrap: (0..3).map(|n| format!("127.0.0.1:{}", port + 10 * n)).collect::<Vec<_>>().join(","),
            ca_file: certificates.join("ca.pem"),
            password,
            data,
            guard,
        };
        let user = format!("vigie:{}", cluster.password);
        Self::launcher(&[
            "start",
            "--home",
            path(&cluster.home),
            "--data",
            path(&brokers),
            "--port",
            &port.to_string(),
            "--secure",
            path(&certificates),
            "--user",
            &user,
            // Whoever comes without TLS may do all, and so may the others until a rule says no.
            "--set",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "--set",
            "super.users=User:ANONYMOUS",
            "--set",
            "allow.everyone.if.no.acl.found=true",
        ]);
        cluster
    }

    /// Forbids the user of the secure listener to write to a topic, or takes that back.
    pub fn set_write_denied(&self, topic: &str, denied: bool) {
        let verb: &[&str] = if denied { &["--add"] } else { &["--remove", "--force"] };
        let rule = ["--deny-principal", "User:vigie", "--operation", "Write", "--topic", topic];
        let tool = ["tool", "--home", path(&self.home), "org.apache.kafka.tools.AclCommand", "--bootstrap-server", &self.bootstrap];
        Self::launcher(&[&tool[..], verb, &rule].concat());
    }

    fn brokers(&self) -> PathBuf {
        self.data.path().join("brokers")
    }

    fn launcher(arguments: &[&str]) -> Output {
        let output = Command::new("python3").arg(SCRIPT).args(arguments).output().unwrap();
        assert!(output.status.success(), "kafka_cluster.py {arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    pub fn delete_topic(&self, name: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(30)));
        for result in runtime.block_on(self.admin().delete_topics(&[name], &options)).unwrap() {
            result.unwrap();
        }
    }

    /// Removes the records of a topic, as retention would: everything before the end goes.
    pub fn delete_records(&self, topic: &str, partitions: i32) {
        let consumer: BaseConsumer = self.client().set("group.id", "none").create().unwrap();
        let mut list = TopicPartitionList::new();
        for partition in 0..partitions {
            let (_, high) = consumer.fetch_watermarks(topic, partition, Duration::from_secs(30)).unwrap();
            list.add_partition_offset(topic, partition, Offset::Offset(high)).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.admin().delete_records(&list, &AdminOptions::new())).unwrap();
    }

    /// Waits until every replica of every partition is in sync: then the next node may go.
    pub fn wait_in_sync(&self) {
        let whole = || {
            let metadata = self.admin().inner().fetch_metadata(None, Duration::from_secs(10));
            metadata.is_ok_and(|m| {
                m.brokers().len() == 3
                    && m.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions).all(|p| p.leader() >= 0 && p.isr().len() == p.replicas().len())
            })
        };
        super::eventually("all replicas are in sync", Duration::from_secs(90), whole);
    }

    /// The node that coordinates a group (`__consumer_offsets`) or a transactional id (`__transaction_state`): it leads the partition of the name's hash.
    pub fn coordinator(&self, topic: &str, name: &str) -> Option<usize> {
        let metadata = self.admin().inner().fetch_metadata(Some(topic), Duration::from_secs(10)).ok()?;
        let partitions = metadata.topics().first()?.partitions();
        let hash = name.bytes().fold(0_i32, |hash, byte| hash.wrapping_mul(31).wrapping_add(i32::from(byte)));
        let partition = (hash & i32::MAX).checked_rem(i32::try_from(partitions.len()).ok()?)?;
        let leader = partitions.iter().find(|p| p.id() == partition)?.leader();
        usize::try_from(leader - 1).ok()
    }

    pub fn kill_node(&self, node: usize) {
        Self::launcher(&["stop", "--data", path(&self.brokers()), "--node", &node.to_string(), "--kill"]);
    }

    pub fn stop_node(&self, node: usize) {
        Self::launcher(&["stop", "--data", path(&self.brokers()), "--node", &node.to_string()]);
    }

    pub fn pause_nodes(&self) {
        Self::launcher(&["pause", "--data", path(&self.brokers())]);
    }

    pub fn resume_nodes(&self) {
        Self::launcher(&["resume", "--data", path(&self.brokers())]);
    }

    pub fn restart_node(&self, node: usize) {
        Self::launcher(&["restart", "--home", path(&self.home), "--data", path(&self.brokers()), "--node", &node.to_string()]);
    }

    /// All of them at once: none answers before there is a quorum.
    pub fn restart_nodes(&self) {
        std::thread::scope(|scope| (0..3).for_each(|node| drop(scope.spawn(move || self.restart_node(node)))));
    }

    pub fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.bootstrap);
        config
    }

    fn admin(&self) -> AdminClient<DefaultClientContext> {
        self.client().create().unwrap()
    }

    /// Creates a topic with settings, and waits until it can be used.
    pub fn create_topic(&self, name: &str, partitions: i32, settings: &[(&str, &str)]) {
        let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(3));
        for (key, value) in settings {
            topic = topic.set(key, value);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(30)));
        for result in runtime.block_on(self.admin().create_topics([&topic], &options)).unwrap() {
            result.unwrap();
        }
        let start = Instant::now();
        loop {
            let metadata = self.admin().inner().fetch_metadata(Some(name), Duration::from_secs(10)).unwrap();
            let ready = metadata
                .topics()
                .iter()
                .any(|t| t.error().is_none() && i32::try_from(t.partitions().len()) == Ok(partitions) && t.partitions().iter().all(|p| p.leader() >= 0));
            if ready {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(30), "topic {name} has no leaders");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // `wait` closes its standard input first: that is what it waits for.
        let _ = self.guard.wait();
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A base port with room for three brokers of three listeners each.
fn free_range() -> u16 {
    (0..500_u32)
        .map(|n| 20_000 + ((std::process::id() * 7 + n * 40) % 12_000) as u16)
        .find(|base| (0..23).all(|offset| TcpListener::bind(("127.0.0.1", base + offset)).is_ok()))
        .unwrap()
}

/// An authority and a broker's certificate for 127.0.0.1, made for this run.
fn make_certificates(into: &Path) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(rcgen::DnType::CommonName, "test authority");
    let authority_key = KeyPair::generate().unwrap();
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let mut broker = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    broker.distinguished_name.push(rcgen::DnType::CommonName, "test broker");
    let broker_key = KeyPair::generate().unwrap();
    let certificate = broker.signed_by(&broker_key, &issuer).unwrap();
    let write = |name: &str, text: String| std::fs::write(into.join(name), text).unwrap();
    write("ca.pem", authority_certificate.pem());
    write("broker.pem", format!("{}{}{}", broker_key.serialize_pem(), certificate.pem(), authority_certificate.pem()));
}
