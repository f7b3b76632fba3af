"""The platform tables every service's database holds beside its own.

None of them is partitioned by time: `outbox` needs `UNIQUE (id)` and
`UNIQUE (aggregate_id, aggregate_version)`, which is what makes the order of an aggregate a fact
of the database, and a partitioned table can only be unique together with its partition key. Old
rows leave in small deletes instead (`servicekit.messaging.prune`).
"""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

_BUSY = {"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_analyze_scale_factor": 0.05}
"""Queues change all over: the default of one row in five lets the partial indexes bloat."""


def platform_tables(metadata: MetaData) -> None:
    """Declare all of them in a service's metadata, so that its migrations create them."""
    _outgoing(metadata)
    _relaying(metadata)
    _incoming(metadata)
    _parked(metadata)
    _requests(metadata)
    _audit(metadata)
    _schedules(metadata)
    _directory(metadata)


def job_tables(metadata: MetaData) -> None:
    """Declare stored files and jobs as well, for a service that takes files."""
    _files(metadata)
    _jobs(metadata)
    _job_errors(metadata)


def _moment(name: str, *, required: bool = True) -> Column[object]:
    if required:
        return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())
    return Column(name, DateTime(timezone=True))


def _outgoing(metadata: MetaData) -> None:
    Table(
        "aggregate_version",
        metadata,
        Column("aggregate_id", Text, primary_key=True),
        Column("version", BigInteger, nullable=False),
        comment="The version of the last event of an aggregate; contiguous from 1.",
    )
    Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Uuid, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("aggregate_version", BigInteger, nullable=False),
        Column("type", Text, nullable=False),
        # JSON and not JSONB: the text leaves exactly as it was serialised.
        Column("data", JSON, nullable=False),
        Column("time", DateTime(timezone=True), nullable=False),
        Column("correlation_id", Text),
        Column("causation_id", Text),
        Column("traceparent", Text),
        _moment("published_at", required=False),
        Column("stream_seq", BigInteger),
        UniqueConstraint("id"),
        UniqueConstraint("aggregate_id", "aggregate_version"),
        Index("ix_outbox_unpublished", "seq", postgresql_where=text("published_at IS NULL")),
        comment="Events stored with their effect; the relay publishes what has no published_at.",
        postgresql_with=_BUSY,
    )


def _relaying(metadata: MetaData) -> None:
    Table(
        "relay_position",
        metadata,
        Column("stream", Text, primary_key=True),
        Column("generation", Text, nullable=False),
        Column("stream_seq", BigInteger, nullable=False),
        comment="The highest stream sequence that was acknowledged, and of which stream.",
    )
    Table(
        "relay_reading",
        metadata,
        Column("durable", Text, primary_key=True),
        Column("generation", Text, nullable=False),
        Column("read", BigInteger, nullable=False),
        Column("again", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        comment="How far each durable of the own stream had read it, and what goes out once more.",
    )


def _incoming(metadata: MetaData) -> None:
    Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("publisher", Text, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("aggregate_version", BigInteger, nullable=False),
        Column("type", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("stream_seq", BigInteger, nullable=False),
        Column("generation", Text, nullable=False),
        _moment("received_at"),
        CheckConstraint("outcome IN ('applied', 'ignored', 'parked')", name="outcome"),
        Index("ix_inbox_received_at", "received_at", postgresql_using="brin"),
        comment="Every event that was received, once, with what became of it.",
        postgresql_with=_BUSY,
    )
    Table(
        "inbox_position",
        metadata,
        Column("publisher", Text, primary_key=True),
        Column("aggregate_id", Text, primary_key=True),
        Column("version", BigInteger, nullable=False),
        comment="The last version of an aggregate that was applied or ignored.",
        postgresql_with=_BUSY | {"fillfactor": 80},
    )
    Table(
        "inbox_tally",
        metadata,
        Column("publisher", Text, primary_key=True),
        Column("generation", Text, primary_key=True),
        Column("outcome", Text, primary_key=True),
        Column("events", BigInteger, nullable=False),
        comment="Messages of one stream by outcome: with those pending they are all there are.",
        postgresql_with={"fillfactor": 50},
    )


def _parked(metadata: MetaData) -> None:
    Table(
        "parked_event",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("publisher", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("type", Text),
        Column("aggregate_id", Text),
        Column("aggregate_version", BigInteger),
        Column("reason", Text, nullable=False),
        Column("error", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        # Bytes: what could not even be parsed is kept as well.
        Column("envelope", LargeBinary, nullable=False),
        Column("stream_seq", BigInteger, nullable=False),
        _moment("parked_at"),
        _moment("replay_requested_at", required=False),
        _moment("resolved_at", required=False),
        CheckConstraint("reason IN ('failed', 'invalid', 'gap', 'behind')", name="reason"),
        Index(
            "ix_parked_event_open",
            "publisher",
            "aggregate_id",
            "aggregate_version",
            postgresql_where=text("resolved_at IS NULL"),
        ),
        comment="Events that could not be applied, until they are replayed.",
    )


def _requests(metadata: MetaData) -> None:
    Table(
        "idempotency_key",
        metadata,
        Column("principal", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("operation", Text, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        _moment("created_at"),
        Index("ix_idempotency_key_created_at", "created_at", postgresql_using="brin"),
        comment="The answer that was given to a request with an Idempotency-Key.",
    )


def _audit(metadata: MetaData) -> None:
    Table(
        "audit_entry",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        Column("actor", Text, nullable=False),
        Column("client_id", Text, nullable=False),
        Column("unit", Text),
        Column("roles", ARRAY(Text), nullable=False),
        Column("action", Text, nullable=False),
        Column("object_type", Text, nullable=False),
        Column("object_id", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("before_digest", Text),
        Column("after_digest", Text),
        Column("detail", JSONB),
        Column("request_id", Text, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Index("ix_audit_entry_occurred_at", "occurred_at"),
        Index("ix_audit_entry_object", "object_type", "object_id"),
        comment="Who did what to which object. The application can only insert.",
    )
    # No foreign key: a seal must outlive what it seals, to tell that it is gone.
    Table(
        "audit_seal",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("entry_id", Uuid, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("chain", LargeBinary, nullable=False),
        _moment("sealed_at"),
        UniqueConstraint("entry_id"),
        comment="The audit trail as a chain of hashes. The application can only insert.",
    )
    Table(
        "audit_checkpoint",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("line", Text, nullable=False),
        comment="Signed words on where the chain stood, as they were exported.",
    )


def _schedules(metadata: MetaData) -> None:
    Table(
        "schedule_run",
        metadata,
        Column("name", Text, primary_key=True),
        _moment("last_run_at"),
        comment="When a schedule last ran to its end, whichever worker ran it.",
    )


def _directory(metadata: MetaData) -> None:
    Table(
        "unit_node",
        metadata,
        Column("code", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("parents", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        Column("active", Boolean, nullable=False, server_default=true()),
        Column("version", BigInteger, nullable=False, server_default=text("0")),
        comment="This service's copy of the unit tree, which permissions need.",
    )


def _files(metadata: MetaData) -> None:
    Table(
        "stored_file",
        metadata,
        Column("sha256", Text, primary_key=True),
        Column("size", BigInteger, nullable=False),
        Column("media_type", Text, nullable=False),
        _moment("stored_at"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index("ix_stored_file_stored_at", "stored_at"),
        comment="Files by their content. What refers to one has a foreign key here.",
    )
    Table(
        "stored_file_piece",
        metadata,
        Column("sha256", ForeignKey("stored_file.sha256", ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("content", LargeBinary, nullable=False),
        comment="The content of a file, in pieces that are read and written one at a time.",
    )


def _jobs(metadata: MetaData) -> None:
    Table(
        "job",
        metadata,
        Column("id", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("client_id", Text, nullable=False),
        Column("unit", Text),
        Column("roles", ARRAY(Text), nullable=False),
        Column("scopes", ARRAY(Text), nullable=False),
        Column("language", Text, nullable=False),
        Column("request_id", Text, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Column("parameters", JSONB, nullable=False),
        Column("input_sha256", ForeignKey("stored_file.sha256"), index=True),
        Column("input_name", Text),
        Column("result_sha256", ForeignKey("stored_file.sha256"), index=True),
        Column("result_name", Text),
        Column("total", BigInteger),
        Column("done", BigInteger, nullable=False, server_default=text("0")),
        Column("refused", BigInteger, nullable=False, server_default=text("0")),
        Column("errors", BigInteger, nullable=False, server_default=text("0")),
        Column("failure", JSONB),
        # Counts the workers that took it, and tells them apart: only the last one may write.
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("cancel_requested", Boolean, nullable=False, server_default=false()),
        _moment("lease_until", required=False),
        _moment("created_at"),
        _moment("started_at", required=False),
        _moment("finished_at", required=False),
        _moment("updated_at"),
        CheckConstraint(
            "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="state"
        ),
        Index(
            "ix_job_open",
            "created_at",
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index("ix_job_created_at_id", "created_at", "id"),
        comment="Work that was asked for and takes longer than a request, with what became of it.",
        postgresql_with={"fillfactor": 70},
    )


def _job_errors(metadata: MetaData) -> None:
    Table(
        "job_error",
        metadata,
        Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("sheet", Text),
        Column("row_number", Integer),
        Column("head", Text),
        Column("cell", Text),
        Column("field", Text),
        Column("code", Text, nullable=False),
        Column("message_zh", Text, nullable=False),
        Column("message_en", Text, nullable=False),
        comment="Every wrong place in a job's file.",
    )
