"""Version 1 of the platform tables: outbox, inbox, parked events, idempotency, audit, unit tree.

A migration of every service calls this; a later change is a `v2` beside it, never an edit here.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

TABLES = [
    "aggregate_version",
    "audit_entry",
    "idempotency_key",
    "inbox",
    "inbox_position",
    "inbox_tally",
    "outbox",
    "parked_event",
    "relay_position",
    "schedule_run",
    "unit_node",
]


def upgrade(app_role: str) -> None:
    """Create all of them; `app_role` may only add to the audit trail."""
    create_aggregate_version()
    create_audit_entry()
    create_idempotency_key()
    create_inbox()
    create_inbox_position()
    create_inbox_tally()
    create_outbox()
    create_parked_event()
    create_relay_position()
    create_schedule_run()
    create_unit_node()
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM {app_role}")


def downgrade() -> None:
    """Drop all of them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def create_aggregate_version() -> None:
    op.create_table(
        "aggregate_version",
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate_id", name=op.f("pk_aggregate_version")),
        comment="The version of the last event of an aggregate; contiguous from 1.",
    )


def create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("before_digest", sa.Text(), nullable=True),
        sa.Column("after_digest", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        comment="Who did what to which object. The application can only insert.",
    )
    op.create_index(
        "ix_audit_entry_object", "audit_entry", ["object_type", "object_id"], unique=False
    )
    op.create_index("ix_audit_entry_occurred_at", "audit_entry", ["occurred_at"], unique=False)


def create_idempotency_key() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency_key")),
        comment="The answer that was given to a request with an Idempotency-Key.",
    )
    op.create_index(
        "ix_idempotency_key_created_at",
        "idempotency_key",
        ["created_at"],
        unique=False,
        postgresql_using="brin",
    )


def create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("aggregate_version", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("stream_seq", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "outcome IN ('applied', 'ignored', 'parked')", name=op.f("ck_inbox_outcome")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
        comment="Every event that was received, once, with what became of it.",
        postgresql_with={
            "autovacuum_vacuum_scale_factor": 0.02,
            "autovacuum_analyze_scale_factor": 0.05,
        },
    )
    op.create_index(
        "ix_inbox_received_at", "inbox", ["received_at"], unique=False, postgresql_using="brin"
    )


def create_inbox_position() -> None:
    op.create_table(
        "inbox_position",
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("publisher", "aggregate_id", name=op.f("pk_inbox_position")),
        comment="The last version of an aggregate that was applied or ignored.",
        postgresql_with={
            "autovacuum_vacuum_scale_factor": 0.02,
            "autovacuum_analyze_scale_factor": 0.05,
            "fillfactor": 80,
        },
    )


def create_inbox_tally() -> None:
    op.create_table(
        "inbox_tally",
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("publisher", "generation", "outcome", name=op.f("pk_inbox_tally")),
        comment="Messages of one stream by outcome: with those pending they are all there are.",
        postgresql_with={"fillfactor": 50},
    )


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("aggregate_version", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.Column("causation_id", sa.Text(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stream_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "aggregate_id",
            "aggregate_version",
            name=op.f("uq_outbox_aggregate_id_aggregate_version"),
        ),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
        comment="Events stored with their effect; the relay publishes what has no published_at.",
        postgresql_with={
            "autovacuum_vacuum_scale_factor": 0.02,
            "autovacuum_analyze_scale_factor": 0.05,
        },
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["seq"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
    )


def create_parked_event() -> None:
    op.create_table(
        "parked_event",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("aggregate_id", sa.Text(), nullable=True),
        sa.Column("aggregate_version", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("stream_seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "parked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("replay_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('failed', 'invalid', 'gap', 'behind')", name=op.f("ck_parked_event_reason")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_parked_event")),
        comment="Events that could not be applied, until they are replayed.",
    )
    op.create_index(
        "ix_parked_event_open",
        "parked_event",
        ["publisher", "aggregate_id", "aggregate_version"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def create_relay_position() -> None:
    op.create_table(
        "relay_position",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column("stream_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_relay_position")),
        comment="The highest stream sequence that was acknowledged, and of which stream.",
    )


def create_schedule_run() -> None:
    op.create_table(
        "schedule_run",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "last_run_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedule_run")),
        comment="When a schedule last ran to its end, whichever worker ran it.",
    )


def create_unit_node() -> None:
    op.create_table(
        "unit_node",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parents", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit_node")),
        comment="This service's copy of the unit tree, which permissions need.",
    )
