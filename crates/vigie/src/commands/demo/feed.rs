//! The platform of the demo: puts posts on the topic, round after round, at a steady pace in posts and in bytes.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};
use vigie_stream::demo::Feed;

use crate::posts::{self, Columns, Input};

/// Records in the shape of post.v1, written for this: every ground and register, disguises, quotations, press, testimony, and ordinary life.
const POSTS: &str = include_str!("../../../data/demo_posts.jsonl");
/// Bytes a second, at most: the broker of the demo keeps 5 MiB a partition and drops the oldest in silence.
const BYTES_PER_SECOND: f64 = 1_048_576.0;
/// Posts of a user that are kept in memory to be replayed.
const MAX_POSTS: usize = 100_000;
/// Between a post's own id and the number of the round.
const ROUND: char = '#';

/// What is put on the topic.
pub(super) struct Records {
    list: Vec<Map<String, Value>>,
    texts: HashMap<String, String>,
}

impl Records {
    /// The posts of `file`, or those of the demo.
    pub(super) fn load(file: Option<&Path>, input: Option<Input>) -> anyhow::Result<Self> {
        let list = match file {
            Some(file) => of_user(file, input.or_else(|| Input::by_name(file)))?,
            None => POSTS.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("the posts of the demo")?,
        };
        ensure!(!list.is_empty(), "{}: no post in it", file.map_or_else(|| "demo".to_owned(), |f| f.display().to_string()));
        let text = |r: &Map<String, Value>| Some((r.get("post_id")?.as_str()?.to_owned(), r.get("text")?.as_str()?.to_owned()));
        let texts = list.iter().filter_map(text).collect();
        Ok(Self { list, texts })
    }

    /// The text of a post that was sent, in whichever round.
    pub(super) fn text(&self, post_id: &str) -> Option<&str> {
        let own = post_id.rsplit_once(ROUND).map_or(post_id, |(own, _)| own);
        self.texts.get(own).map(String::as_str)
    }

    /// The record at `i`, counted over all rounds: a post of a later round is another post.
    fn at(&self, i: usize) -> (String, Vec<u8>) {
        let mut record = self.list[i % self.list.len()].clone();
        let own = record.get("post_id").and_then(Value::as_str).map_or_else(|| i.to_string(), str::to_owned);
        let id = format!("{own}{ROUND}{}", i / self.list.len() + 1);
        record.insert("post_id".to_owned(), Value::String(id.clone()));
        (id, Value::Object(record).to_string().into_bytes())
    }
}

fn of_user(file: &Path, input: Option<Input>) -> anyhow::Result<Vec<Map<String, Value>>> {
    let (source, bar) = posts::open(file)?;
    let mut list = Vec::new();
    for row in posts::posts(source, input, Columns { text: "text", id: None })? {
        match row? {
            Ok(post) => {
                let id = post.id.as_str().map_or_else(|| post.id.to_string(), str::to_owned);
                list.extend(json!({"post_id": id, "text": post.text}).as_object().cloned());
            }
            Err(bad) => eprintln!("vigie: {}:{}: {}", file.display(), bad.line, bad.message),
        }
        ensure!(list.len() <= MAX_POSTS, "{}: more than {MAX_POSTS} posts; `vigie scan` reads files of any size", file.display());
    }
    bar.finish_and_clear();
    Ok(list)
}

/// Sends until `halt`, and says how many records were acknowledged.
pub(super) fn start(
    bootstrap: String,
    topic: String,
    records: Arc<Records>,
    rate: u32,
    halt: Arc<AtomicBool>,
) -> anyhow::Result<JoinHandle<anyhow::Result<u64>>> {
    let work = move || -> anyhow::Result<u64> {
        let feed = Feed::open(&bootstrap, &topic)?;
        let start = Instant::now();
        let (mut sent, mut bytes) = (0usize, 0usize);
        while !halt.load(Ordering::Relaxed) {
            let due = Duration::from_secs_f64((sent as f64 / f64::from(rate)).max(bytes as f64 / BYTES_PER_SECOND));
            let early = due.saturating_sub(start.elapsed());
            if !early.is_zero() {
                thread::sleep(early.min(Duration::from_millis(100)));
                continue;
            }
            let (key, json) = records.at(sent);
            feed.send(&key, &json)?;
            sent += 1;
            bytes += json.len();
        }
        feed.finish(Duration::from_secs(5))?;
        Ok(sent as u64)
    };
    Ok(thread::Builder::new().name("demo-feed".to_owned()).spawn(work)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_posts_of_the_demo_are_records_and_a_later_round_sends_other_posts() {
        let records = Records::load(None, None).expect("the posts of the demo are JSON");
        let n = records.list.len();
        assert!(n >= 300, "{n} posts");
        let ids: std::collections::BTreeSet<String> = (0..2 * n).map(|i| records.at(i).0).collect();
        assert_eq!(ids.len(), 2 * n, "every id once");
        let (id, json) = records.at(n);
        let record: Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(record["text"].as_str(), records.text(&id));
    }
}
