#!/usr/bin/env python3
"""A client that shares no line with ours: kafka-python, which speaks the protocol in Python. Used by the scenario `outside_clients`.

  outside.py produce BOOTSTRAP TOPIC < lines      [key, payload] as JSON, one a line; in transactions of 500, with an aborted copy of each
  outside.py read BOOTSTRAP TOPIC                 every message that a reader of committed data sees: [key, payload] as JSON, one a line
"""
import json
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition


class NotUtf8(str):
    """A header name whose bytes are not UTF-8: the protocol does not look at them, and a client may choke on them."""

    def encode(self, *_):
        return b"\xff\xfename"


def produce(bootstrap, topic):
    producer = KafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"outside-{topic}", linger_ms=5)
    producer.init_transactions()
    records = [json.loads(line) for line in sys.stdin]
    for start in range(0, len(records), 500):
        for commit in (False, True):
            producer.begin_transaction()
            for at, (key, payload) in enumerate(records[start:start + 500], start):
                headers = [(NotUtf8("name"), b"value"), ("langue", "français".encode())] if at % 10 == 0 or at % 500 == 1 else []
                producer.send(topic, key=key.encode(), value=payload.encode(), headers=headers)
            producer.flush()
            if commit:
                producer.commit_transaction()
            else:
                producer.abort_transaction()
    producer.close()


def read(bootstrap, topic):
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest", enable_auto_commit=False)
    partitions = [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    while any(consumer.position(p) < ends[p] for p in partitions):
        for messages in consumer.poll(timeout_ms=500).values():
            for message in messages:
                text = lambda b: None if b is None else b.decode("utf-8", "replace")
                print(json.dumps([text(message.key), text(message.value)]))
    consumer.close()


if __name__ == "__main__":
    {"produce": produce, "read": read}[sys.argv[1]](sys.argv[2].split(","), sys.argv[3])
