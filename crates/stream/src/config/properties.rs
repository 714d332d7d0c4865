//! Properties of librdkafka that a user may not set, with what to use instead: each would break the delivery promise or leak a secret.

/// Name and reason. A name that ends in `*` stands for all that begin so.
const REFUSED: &[(&str, &str)] = &[
    ("bootstrap.servers", "use `kafka.brokers`"),
    ("metadata.broker.list", "use `kafka.brokers`"),
    ("group.id", "use `kafka.group`"),
    ("group.instance.id", "use `kafka.instance_id`"),
    ("group.protocol", "use `kafka.group_protocol`"),
    ("client.id", "use `kafka.client_id`"),
    ("transactional.id", "use `kafka.instance_id`"),
    ("transaction.timeout.ms", "it follows from `delivery.message_timeout_secs`"),
    ("enable.auto.commit", "offsets are committed only after the acknowledgement of every event below them"),
    ("enable.auto.offset.store", "offsets are stored only after the acknowledgement of every event below them"),
    ("auto.offset.reset", "use `kafka.offset_reset`; `latest` skips posts in silence"),
    ("offset.store.*", "offsets live in Kafka"),
    ("isolation.level", "posts of aborted transactions were never posted"),
    ("acks", "a flag is delivered when every in-sync replica has it"),
    ("request.required.acks", "a flag is delivered when every in-sync replica has it"),
    ("enable.idempotence", "retries must not duplicate or reorder"),
    ("enable.gapless.guarantee", "a failed event is sent again, the client is not stopped"),
    ("max.in.flight", "idempotence fixes it"),
    ("max.in.flight.requests.per.connection", "idempotence fixes it"),
    ("message.timeout.ms", "use `delivery.message_timeout_secs`"),
    ("delivery.timeout.ms", "use `delivery.message_timeout_secs`"),
    ("message.send.max.retries", "use `delivery.message_timeout_secs`"),
    ("retries", "use `delivery.message_timeout_secs`"),
    ("delivery.report.only.error", "offsets follow delivery reports"),
    ("session.timeout.ms", "use `kafka.session_timeout_secs`"),
    ("max.poll.interval.ms", "use `kafka.max_poll_interval_secs`"),
    ("message.max.bytes", "use `kafka.message_max_bytes`"),
    ("compression.codec", "use `kafka.compression`"),
    ("compression.type", "use `kafka.compression`"),
    ("partition.assignment.strategy", "it is cooperative-sticky; `kafka.group_protocol` chooses the protocol"),
    ("statistics.interval.ms", "the metrics depend on it"),
    ("security.protocol", "use `kafka.security_protocol`"),
    ("sasl.mechanism", "use `kafka.sasl_mechanism`"),
    ("sasl.mechanisms", "use `kafka.sasl_mechanism`"),
    ("sasl.username", "use `kafka.sasl_username`"),
    ("sasl.password", "use `kafka.sasl_password_file`"),
    ("ssl.ca.location", "use `kafka.ssl_ca_file`"),
    ("ssl.certificate.location", "use `kafka.ssl_certificate_file`"),
    ("ssl.key.location", "use `kafka.ssl_key_file`"),
    ("ssl.key.password", "use `kafka.ssl_key_password_file`"),
    ("ssl.key.pem", "use `kafka.ssl_key_file`"),
    ("ssl.keystore.*", "use `kafka.ssl_key_file` and `kafka.ssl_certificate_file`"),
    ("enable.ssl.certificate.verification", "a broker that is not verified may be anyone"),
    ("plugin.library.paths", "no foreign code is loaded"),
    ("test.mock.*", "`vigie demo` has its own broker"),
    ("enable.partition.eof", "the end of a partition is no event here"),
];

/// Why `name` may not be set, if so.
pub fn refused(name: &str) -> Option<&'static str> {
    // librdkafka takes per-topic defaults under a prefix too: the same rule holds there.
    let name = name.strip_prefix("topic.").unwrap_or(name);
    REFUSED.iter().find(|(n, _)| n.strip_suffix('*').map_or(*n == name, |prefix| name.starts_with(prefix))).map(|(_, why)| *why)
}
