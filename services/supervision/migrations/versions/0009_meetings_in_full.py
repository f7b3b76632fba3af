"""Meetings with agenda, attendance and confirmed minutes; what was heard of the units' numbers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECK = "ck_meeting_recorder_does_not_confirm"


def _text(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=True) for name in names]


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def meeting_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("attendance", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("reports_due_on", sa.Date(), nullable=True),
        _time("reports_chased_at"),
        sa.Column("agenda", postgresql.JSONB(), nullable=True),
        *_text("place", "minutes_by", "confirmed_by"),
        _time("confirmed_at"),
    ]


def upgrade() -> None:
    for column in meeting_columns():
        op.add_column("meeting", column)
    op.create_check_constraint(op.f(CHECK), "meeting", "confirmed_by <> minutes_by")
    workdays = sa.Column("report_workdays", sa.Integer(), server_default="1", nullable=False)
    op.add_column("meeting_series", workdays)
    create_unit_fact()


def downgrade() -> None:
    op.drop_table("unit_fact")
    op.drop_column("meeting_series", "report_workdays")
    op.drop_constraint(op.f(CHECK), "meeting")
    for column in meeting_columns():
        op.drop_column("meeting", column.name)


def create_unit_fact() -> None:
    now = sa.text("clock_timestamp()")
    op.create_table(
        "unit_fact",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("units", postgresql.ARRAY(sa.Text()), nullable=False),
        *_text("name", "period"),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("target", sa.Numeric(), nullable=True),
        *_text("measure", "status", "note"),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_unit_fact")),
    )
    op.create_index("ix_unit_fact_units", "unit_fact", ["units"], postgresql_using="gin")
    op.create_index("ix_unit_fact_happened_at", "unit_fact", ["kind", "happened_at"])
    op.create_index(op.f("ix_unit_fact_updated_at"), "unit_fact", ["updated_at"])
