//! The configuration as librdkafka takes it, and as `check` shows it. Every number has its reason in `docs/delivery.md`.

use rdkafka::ClientConfig;

use super::{Config, DeadPayload, Format, IncludeText, LogFormat, Mode, OffsetReset};

impl Config {
    /// Static name of one lane: group membership and transactions.
    pub fn lane_id(&self, lane: usize) -> Option<String> {
        self.kafka.instance_id.as_ref().map(|instance| format!("{instance}-{lane}"))
    }

    /// What every client shares: addresses, TLS, SASL, reconnection, then the user's own properties.
    pub fn client(&self) -> ClientConfig {
        self.client_over(&[])
    }

    /// As [`Config::client`], over settings of ours that a user may override.
    fn client_over(&self, overridable: &[(&str, &str)]) -> ClientConfig {
        let (kafka, security) = (&self.kafka, &self.kafka.security);
        let mut client = ClientConfig::new();
        for (name, value) in overridable {
            client.set(*name, *value);
        }
        for (name, value) in [
            ("client.id", kafka.client_id.as_str()),
            ("socket.keepalive.enable", "true"),
            ("reconnect.backoff.ms", "100"),
            ("reconnect.backoff.max.ms", "1000"),
            ("retry.backoff.max.ms", "1000"),
            // A topic that appears, or loses its leader, is noticed within this.
            ("topic.metadata.refresh.interval.ms", "10000"),
            ("log.connection.close", "false"),
        ] {
            client.set(name, value);
        }
        for (name, value) in &kafka.properties {
            client.set(name, value);
        }
        client.set("bootstrap.servers", &kafka.brokers).set("security.protocol", &security.protocol);
        let path = |p: &Option<std::path::PathBuf>| p.as_ref().map(|p| p.display().to_string());
        let optional = [
            ("sasl.mechanisms", security.mechanism.clone()),
            ("sasl.username", security.username.clone()),
            ("sasl.password", security.password.as_ref().and_then(|s| s.expose_text()).map(str::to_owned)),
            ("ssl.ca.location", path(&security.ca_file)),
            ("ssl.certificate.location", path(&security.certificate_file)),
            ("ssl.key.location", path(&security.key_file)),
            ("ssl.key.password", security.key_password.as_ref().and_then(|s| s.expose_text()).map(str::to_owned)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                client.set(name, value);
            }
        }
        client
    }

    /// The consumer of a lane.
    pub fn consumer(&self, lane: usize) -> ClientConfig {
        // First the ones that a user may override, then the user's, then the promise.
        let mut client = self.client_over(&[
            ("queued.max.messages.kbytes", "16384"),
            ("queued.min.messages", "10000"),
            ("fetch.queue.backoff.ms", "50"),
            ("fetch.wait.max.ms", "100"),
        ]);
        let ms = |d: std::time::Duration| d.as_millis().to_string();
        let reset = if self.kafka.offset_reset == OffsetReset::Earliest { "earliest" } else { "error" };
        client
            .set("group.id", &self.kafka.group)
            .set("max.poll.interval.ms", ms(self.kafka.max_poll_interval))
            .set("auto.offset.reset", reset)
            .set("enable.auto.offset.store", "false")
            .set("enable.partition.eof", "false")
            .set("isolation.level", "read_committed")
            .set("allow.auto.create.topics", "false")
            .set("group.protocol", &self.kafka.group_protocol)
            .set("statistics.interval.ms", "5000");
        if self.kafka.group_protocol == "classic" {
            // With KIP-848 both belong to the broker.
            client.set("session.timeout.ms", ms(self.kafka.session_timeout)).set("partition.assignment.strategy", "cooperative-sticky");
        }
        match self.delivery.mode {
            Mode::AtLeastOnce => client.set("enable.auto.commit", "true").set("auto.commit.interval.ms", "1000"),
            Mode::ExactlyOnce => client.set("enable.auto.commit", "false"),
        };
        if let Some(id) = self.lane_id(lane) {
            client.set("group.instance.id", id);
        }
        client
    }

    /// The producer of a lane.
    pub fn producer(&self, lane: usize) -> ClientConfig {
        let mut client = self.client_over(&[
            ("linger.ms", "5"),
            ("batch.size", "1000000"),
            ("queue.buffering.max.kbytes", "65536"),
            ("queue.buffering.max.messages", "100000"),
        ]);
        client
            .set("enable.idempotence", "true")
            .set("compression.codec", &self.kafka.compression)
            .set("message.max.bytes", self.kafka.message_max_bytes.to_string())
            .set("message.timeout.ms", self.delivery.message_timeout.as_millis().to_string())
            .set("statistics.interval.ms", "5000");
        if let (Mode::ExactlyOnce, Some(id)) = (self.delivery.mode, self.lane_id(lane)) {
            // A broker-side time-out is fatal: longer than an interval, a message's life and a rebalance together.
            let timeout = self.delivery.message_timeout + self.delivery.transaction_interval + self.kafka.session_timeout;
            client.set("transactional.id", id).set("transaction.timeout.ms", timeout.as_millis().to_string());
        }
        client
    }

    /// Every key with its value in force, secrets hidden: what `vigie check` prints.
    pub fn effective(&self) -> Vec<(String, String)> {
        let (k, s, d) = (&self.kafka, &self.kafka.security, &self.delivery);
        let text = |v: &Option<String>| v.clone().unwrap_or_default();
        let path = |v: &Option<std::path::PathBuf>| v.as_ref().map_or(String::new(), |p| p.display().to_string());
        let hidden = |set: bool| if set { "(hidden)".to_owned() } else { String::new() };
        let secs = |v: std::time::Duration| v.as_secs().to_string();
        let (format, pointers) = match &self.input.format {
            Format::Post => ("post_v1", None),
            Format::ActivityStreams => ("activitystreams", None),
            Format::Osprey => ("osprey", None),
            Format::IdText => ("id_text", None),
            Format::Pointers(map) => ("pointers", Some(map)),
        };
        let reset = if k.offset_reset == OffsetReset::Earliest { "earliest" } else { "error" };
        let include = match self.output.include_text {
            IncludeText::None => "none",
            IncludeText::Excerpt => "excerpt",
            IncludeText::Full => "full",
        };
        let mut all: Vec<(String, String)> = [
            ("kafka.brokers", k.brokers.clone()),
            ("kafka.group", k.group.clone()),
            ("kafka.client_id", k.client_id.clone()),
            ("kafka.instance_id", text(&k.instance_id)),
            ("kafka.security_protocol", s.protocol.clone()),
            ("kafka.sasl_mechanism", text(&s.mechanism)),
            ("kafka.sasl_username", text(&s.username)),
            ("kafka.sasl_password", hidden(s.password.is_some())),
            ("kafka.ssl_ca_file", path(&s.ca_file)),
            ("kafka.ssl_certificate_file", path(&s.certificate_file)),
            ("kafka.ssl_key_file", path(&s.key_file)),
            ("kafka.ssl_key_password", hidden(s.key_password.is_some())),
            ("kafka.offset_reset", reset.to_owned()),
            ("kafka.group_protocol", k.group_protocol.clone()),
            ("kafka.session_timeout_secs", secs(k.session_timeout)),
            ("kafka.max_poll_interval_secs", secs(k.max_poll_interval)),
            ("kafka.compression", k.compression.clone()),
            ("kafka.message_max_bytes", k.message_max_bytes.to_string()),
            ("topics.posts", self.topics.posts.clone()),
            ("topics.flags", self.topics.flags.clone()),
            ("topics.shadow", self.topics.shadow.clone()),
            ("topics.dead_letters", self.topics.dead_letters.clone()),
            ("input.format", format.to_owned()),
            ("input.tenant", self.input.tenant.clone()),
            ("input.max_payload_bytes", self.input.max_payload_bytes.to_string()),
            ("input.max_text_bytes", self.input.max_text_bytes.to_string()),
            ("input.skip_surfaces", self.input.skip_surfaces.join(",")),
            ("input.skip_visibilities", self.input.skip_visibilities.join(",")),
            ("output.include_text", include.to_owned()),
            ("output.excerpt_chars", self.output.excerpt_chars.to_string()),
            ("delivery.mode", if d.mode == Mode::ExactlyOnce { "exactly_once" } else { "at_least_once" }.to_owned()),
            ("delivery.lanes", d.lanes.to_string()),
            ("delivery.max_in_flight_records", d.max_in_flight_records.to_string()),
            ("delivery.max_in_flight_bytes", d.max_in_flight_bytes.to_string()),
            ("delivery.message_timeout_secs", secs(d.message_timeout)),
            ("delivery.shutdown_timeout_secs", secs(d.shutdown_timeout)),
            ("delivery.transaction_interval_ms", d.transaction_interval.as_millis().to_string()),
            ("delivery.transaction_max_records", d.transaction_max_records.to_string()),
            ("dead_letters.payload", if self.dead_letters.payload == DeadPayload::Full { "full" } else { "reference" }.to_owned()),
            ("dead_letters.breaker_percent", self.dead_letters.breaker_percent.to_string()),
            ("dead_letters.breaker_min_records", self.dead_letters.breaker_min_records.to_string()),
            ("dead_letters.breaker_window_secs", secs(self.dead_letters.breaker_window)),
            ("privacy.author_key", hidden(self.privacy.author_key.is_some())),
            ("privacy.author_key_id", self.privacy.author_key_id.clone()),
            ("lexicons.path", path(&self.lexicons.path)),
            ("http.listen", self.http.listen.to_string()),
            ("log.level", self.log.level.clone()),
            ("log.format", if self.log.format == LogFormat::Json { "json" } else { "text" }.to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        let secret = |name: &str| ["password", "secret", "pem", "oauthbearer"].iter().any(|part| name.contains(part));
        all.extend(k.properties.iter().map(|(n, v)| (format!("kafka.properties.{n}"), if secret(n) { hidden(true) } else { v.clone() })));
        all.extend(pointers.into_iter().flatten().map(|(n, v)| (format!("input.pointers.{n}"), v.clone())));
        all
    }
}
