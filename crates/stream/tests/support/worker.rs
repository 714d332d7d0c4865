//! Worker processes: started, killed, paused and read, by their own process id.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use vigie_stream::config::Config;
use vigie_stream::service::{self, Stop};

use super::judge::Script;
use super::{eventually, free_port, http_get, metric};

/// In its environment: the program is a worker.
pub const AS_WORKER: &str = "VIGIE_TEST_WORKER";

/// The real service, configured by the environment alone, with a judge that follows a script.
pub fn be_worker() -> ! {
    // The test program holds the other end of the standard input: a worker must not outlive it.
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(9);
    });
    let config = match Config::load(None, std::env::vars()) {
        Ok(config) => config,
        Err(errors) => {
            eprintln!("{errors}");
            std::process::exit(2);
        }
    };
    let level = config.log.level.parse().unwrap_or(tracing::Level::INFO);
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_max_level(level).init();
    for (key, value) in config.effective() {
        eprintln!("{key} = {value}");
    }
    let report = service::run(config, Arc::new(Script), None, Stop::on_signals());
    println!("{report:?}");
    std::process::exit(report.exit.into());
}

pub struct Worker {
    child: Child,
    pub http: SocketAddr,
    log: PathBuf,
}

impl Worker {
    /// This very program as a worker, with nothing but these names in its environment.
    pub fn start(environment: &[(String, String)], logs: &Path) -> Self {
        let as_worker = (AS_WORKER.to_owned(), "1".to_owned());
        Self::start_program(&std::env::current_exe().unwrap(), &[], &[environment, &[as_worker]].concat(), logs)
    }

    /// A program that is configured by the same names.
    pub fn start_program(program: &Path, arguments: &[&str], environment: &[(String, String)], logs: &Path) -> Self {
        let http = free_port();
        let log = logs.join(format!("worker-{}.log", http.port()));
        let file = File::create(&log).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(environment.iter().cloned())
            .env("VIGIE_HTTP__LISTEN", http.to_string())
            .stdin(Stdio::piped())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}", program.display()));
        Self { child, http, log }
    }

    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status().unwrap();
        assert!(status.success(), "kill -{signal}");
    }

    /// SIGKILL; its log.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log()
    }

    /// SIGTERM; its exit code and its log.
    pub fn stop(self) -> (i32, String) {
        self.signal("TERM");
        self.end()
    }

    /// Waits for the end: exit code and log.
    pub fn end(mut self) -> (i32, String) {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code().unwrap_or(-1), self.log());
            }
            assert!(start.elapsed() < Duration::from_mins(3), "the worker does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    pub fn metric(&self, series: &str) -> f64 {
        metric(self.http, series).unwrap_or(0.0)
    }

    pub fn is_ready(&self) -> bool {
        http_get(self.http, "/readyz").is_some_and(|(status, _)| status == 200)
    }

    /// What /readyz says when it says no.
    pub fn not_ready(&self) -> Option<String> {
        http_get(self.http, "/readyz").filter(|(status, _)| *status == 503).map(|(_, body)| body.split(':').next().unwrap_or("").to_owned())
    }

    pub fn wait_ready(&self) {
        eventually("the worker is ready", Duration::from_mins(3), || self.is_ready());
    }

    /// Waits until it answers at all. A worker that compiles a large lexicon is at work, however slow the machine: what is given up is one
    /// that has ended, or that neither answers nor computes.
    pub fn wait_started(&mut self) {
        let (mut busy, mut since) = (0, Instant::now());
        while http_get(self.http, "/livez").is_none() {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the worker ended with {status}\n{}", self.log());
            }
            match self.cpu_ticks() {
                Some(ticks) if ticks > busy => (busy, since) = (ticks, Instant::now()),
                _ => assert!(since.elapsed() < Duration::from_mins(1), "the worker hangs: it neither answers nor computes\n{}", self.log()),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Processor time used so far; nothing where `/proc` is not.
    fn cpu_ticks(&self) -> Option<u64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
        Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
    }

    /// Resident memory in MiB.
    pub fn rss_mib(&self) -> f64 {
        self.metric("vigie_process_resident_memory_bytes").max(self.metric("process_resident_memory_bytes")) / 1_048_576.0
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
