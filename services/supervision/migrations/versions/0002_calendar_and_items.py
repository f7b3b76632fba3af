"""The calendar and supervision items."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("calendar_day", "item_counter", "supervision_item", "supervision_item_step")


def upgrade() -> None:
    create_calendar_day()
    create_item_counter()
    create_supervision_item()
    create_supervision_item_step()
    # What was done to an item is only added to, and an item is closed or cancelled, not deleted.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON supervision_item_step FROM supervision_app")
    op.execute("REVOKE DELETE, TRUNCATE ON supervision_item, item_counter FROM supervision_app")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _stamped() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
    ]


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def create_calendar_day() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "source IN ('announced', 'office')", name=op.f("ck_calendar_day_source")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_index(
        op.f("ix_calendar_day_updated_at"), "calendar_day", ["updated_at"], unique=False
    )


def create_item_counter() -> None:
    op.create_table(
        "item_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_item_counter")),
    )


def create_supervision_item() -> None:
    op.create_table(
        "supervision_item",
        *_stamped(),
        *_item(),
        *_measurements(),
        *_rectification(),
        *_checks(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_item")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_item_number")),
    )
    _index_supervision_item()


def _index_supervision_item() -> None:
    op.create_index(
        "ix_supervision_item_open_due",
        "supervision_item",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"),
    )
    op.create_index(
        "ix_supervision_item_open_indicator",
        "supervision_item",
        ["indicator_code"],
        unique=False,
        postgresql_where=sa.text(
            "indicator_code IS NOT NULL AND status NOT IN ('closed', 'cancelled')"
        ),
    )
    op.create_index(
        "ix_supervision_item_unit", "supervision_item", ["responsible_unit", "status"], unique=False
    )
    op.create_index(
        op.f("ix_supervision_item_updated_at"), "supervision_item", ["updated_at"], unique=False
    )
    op.create_index(
        "uq_supervision_item_open_case",
        "supervision_item",
        ["origin", "origin_ref"],
        unique=True,
        postgresql_where=sa.text(
            "origin IN ('indicator', 'rule') AND status NOT IN ('closed', 'cancelled')"
        ),
    )


def _item() -> list[sa.Column[object]]:
    return [
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_ref", sa.Text(), nullable=True),
        sa.Column("responsible_unit", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("holds_payments", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_count", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
    ]


def _measurements() -> list[sa.Column[object]]:
    return [
        sa.Column("indicator_code", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("reason_zh", sa.Text(), nullable=True),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.Column("measured_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remeasured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remeasured_period", sa.Text(), nullable=True),
        sa.Column("remeasured_status", sa.Text(), nullable=True),
    ]


def _rectification() -> list[sa.Column[object]]:
    return [
        sa.Column("rectification", sa.Text(), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("verification_note", sa.Text(), nullable=True),
        sa.Column("exception_by", sa.Text(), nullable=True),
        sa.Column("exception_reason", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
    ]


def _checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "origin IN ('manual', 'indicator', 'rule', 'finding', 'decision', 'overdue_report')",
            name=op.f("ck_supervision_item_origin"),
        ),
        sa.CheckConstraint(
            "status <> 'cancelled' OR cancel_reason IS NOT NULL",
            name=op.f("ck_supervision_item_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('issued', 'acknowledged', 'in_progress', 'submitted', 'verified', 'closed', 'cancelled')",
            name=op.f("ck_supervision_item_status"),
        ),
        sa.CheckConstraint(
            "closed_by <> submitted_by", name=op.f("ck_supervision_item_closer_is_not_doer")
        ),
        sa.CheckConstraint(
            "exception_by <> submitted_by", name=op.f("ck_supervision_item_approver_is_not_doer")
        ),
        sa.CheckConstraint(
            "verified_by <> submitted_by", name=op.f("ck_supervision_item_verifier_is_not_doer")
        ),
    ]


def create_supervision_item_step() -> None:
    op.create_table(
        "supervision_item_step",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("item_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["supervision_item.id"], name=op.f("fk_supervision_item_step_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_item_step")),
        sa.UniqueConstraint(
            "item_id", "version", name=op.f("uq_supervision_item_step_item_id_version")
        ),
    )
