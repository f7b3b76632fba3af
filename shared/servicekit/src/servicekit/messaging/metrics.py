"""What the message side tells Prometheus; the counts of events come from the database."""

from prometheus_client import Counter, Gauge

HANDLED = Counter(
    "kechuang_events_total", "Messages handled by this process", ["publisher", "outcome"]
)
ATTEMPTS_FAILED = Counter(
    "kechuang_event_attempts_failed_total", "Handlers that raised", ["publisher"]
)
PUBLISHED = Counter("kechuang_events_published_total", "Events this process published")
REPUBLISHED = Counter(
    "kechuang_events_republished_total",
    "Events sent again: the stream had lost them, or they left it before everybody had read them",
)
PERMISSION_VIOLATIONS = Counter(
    "kechuang_nats_permission_violations_total", "Publishes or subscribes the server refused"
)
SCHEDULE_FAILURES = Counter("kechuang_schedule_failures_total", "Schedules that raised", ["name"])
SCHEDULE_PERIOD = Gauge(
    "kechuang_schedule_period_seconds", "How often this process would run it", ["name"]
)
SCHEDULE_RUN = Gauge(
    "kechuang_schedule_last_run_timestamp_seconds", "When any worker last ran it", ["name"]
)
LOOP_FAILURES = Counter(
    "kechuang_worker_loop_failures_total",
    "Worker loops that broke and were started again",
    ["loop"],
)
MISSING = Gauge("kechuang_topology_missing", "1 while a stream or durable is missing", ["name"])

OUTBOX_PENDING = Gauge("kechuang_outbox_pending", "Events not yet published")
OUTBOX_AGE = Gauge("kechuang_outbox_oldest_seconds", "Age of the oldest unpublished event")
STREAM_MESSAGES = Gauge(
    "kechuang_stream_messages",
    "Messages of the stream, also those that left it because it is full",
    ["publisher"],
)
INBOX = Gauge(
    "kechuang_inbox_events", "Messages of the stream by outcome", ["publisher", "outcome"]
)
CONSUMER_PENDING = Gauge(
    "kechuang_consumer_pending", "Messages not yet delivered or not yet acknowledged", ["publisher"]
)
UNACCOUNTED = Gauge(
    "kechuang_events_unaccounted",
    "Stream messages that are neither applied, ignored, parked nor pending; 0 at rest",
    ["publisher"],
)
PARKED = Gauge("kechuang_events_parked", "Events waiting for a replay", ["publisher"])
