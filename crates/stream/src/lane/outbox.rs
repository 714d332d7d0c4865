//! Events on their way to the producer. An event that travels alone costs a request of its own, and the threads that carry it drive a lane from
//! its processor: while a lane is behind, its events wait a moment for others and leave together. Otherwise they are sent at once.

use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header as KafkaHeader, OwnedHeaders};
use rdkafka::producer::BaseRecord;

use super::shared::{Parked, Producer, Shared, Ticket};
use crate::metrics::EventKind;

/// No event waits longer for others, but for the batch of records that is being taken.
const HOLD: Duration = Duration::from_millis(50);

/// Events that the producer does not have yet, in order.
#[derive(Default)]
pub(crate) struct Outbox {
    events: Vec<(Box<Ticket>, Parked)>,
    /// When the first of them came.
    since: Option<Instant>,
    /// They found the producer's queue full.
    stuck: bool,
}

impl Outbox {
    /// Takes an event; it leaves with the next [`Shared::release`].
    pub(crate) fn push(&mut self, ticket: Box<Ticket>, message: Parked) {
        self.since.get_or_insert_with(Instant::now);
        self.events.push((ticket, message));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether the producer's queue is full: nothing more may be taken.
    pub(crate) fn is_stuck(&self) -> bool {
        self.stuck
    }

    /// Whether the first event has waited long enough.
    pub(crate) fn is_due(&self) -> bool {
        self.since.is_some_and(|since| since.elapsed() >= HOLD)
    }
}

impl Shared {
    /// Hands all events that wait to the producer. Those of partitions that are no longer ours go: their records are read again. Those that find
    /// the queue full stay, in order.
    pub(crate) fn release(&self, producer: &Producer) {
        let Outbox { events, stuck, .. } = {
            let mut outbox = self.outbox();
            if outbox.is_empty() {
                return;
            }
            std::mem::take(&mut *outbox)
        };
        if stuck {
            producer.poll(Duration::from_millis(1));
        }
        let mut events = events.into_iter();
        while let Some((ticket, message)) = events.next() {
            if self.is_open(&ticket)
                && let Some(first) = self.send(producer, ticket, message)
            {
                *self.outbox() = Outbox { events: std::iter::once(first).chain(events).collect(), since: Some(Instant::now()), stuck: true };
                return;
            }
        }
    }

    /// Hands an event to the producer. It is given back when the queue is full; any other refusal comes back as a delivery report would.
    fn send(&self, producer: &Producer, mut ticket: Box<Ticket>, message: Parked) -> Option<(Box<Ticket>, Parked)> {
        let topics = &self.common.config.topics;
        let topic = match ticket.kind {
            EventKind::Flag | EventKind::Withdrawn => &topics.flags,
            EventKind::Shadow => &topics.shadow,
            EventKind::DeadLetter => &topics.dead_letters,
        };
        ticket.sent = Instant::now();
        let mut headers = OwnedHeaders::new_with_capacity(message.headers.len());
        for header in &message.headers {
            headers = headers.insert(KafkaHeader { key: &header.name, value: header.value.as_deref() });
        }
        let mut record: BaseRecord<'_, [u8], [u8], Box<Ticket>> = BaseRecord::with_opaque_to(topic, ticket).headers(headers);
        record.key = message.key.as_deref();
        record.payload = message.payload.as_deref();
        record.timestamp = message.timestamp_ms.filter(|ms| *ms > 0);
        let (error, record) = producer.send(record).err()?;
        let (ticket, code) = (record.delivery_opaque, error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail));
        match code {
            RDKafkaErrorCode::QueueFull => return Some((ticket, message)),
            RDKafkaErrorCode::Fatal => self.set_fatal("producer", &KafkaError::MessageProduction(code)),
            _ => {}
        }
        self.refuse(ticket, code, message);
        None
    }
}
