"""The years of the calendar, and the plans that units owe."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("calendar_year", "plan_request", "unit_plan", "unit_plan_edition", "unit_plan_file")
STATES = "'requested', 'submitted', 'reviewed', 'approved', 'returned', 'revising', 'cancelled'"


def upgrade() -> None:
    create_calendar_year()
    create_plan_request()
    create_unit_plan()
    create_edition()
    create_file()
    for table in ("plan_request", "unit_plan", "unit_plan_edition"):
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM supervision_app")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def _text(*names: str, nullable: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
    ]


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def create_calendar_year() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        *_text("document_no", "confirmed_by"),
        _time("confirmed_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR NOT provisional",
            name=op.f("ck_calendar_year_confirmed_is_certain"),
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_index(op.f("ix_calendar_year_updated_at"), "calendar_year", ["updated_at"])


def create_plan_request() -> None:
    op.create_table(
        "plan_request",
        *_text("programme", "kind", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        *_text("title", nullable=False),
        *_text("note"),
        sa.Column("units", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("due_from", sa.Date(), nullable=False),
        sa.Column("due_workdays", sa.Integer(), nullable=False),
        *_text("state", "requested_by", nullable=False),
        _time("cancelled_at"),
        *_text("cancel_reason"),
        *_versioned(),
        sa.CheckConstraint(
            "kind IN ('implementation_plan', 'annual_work_plan')", name=op.f("ck_plan_request_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'annual_work_plan') = (year IS NOT NULL)", name=op.f("ck_plan_request_year")
        ),
        sa.CheckConstraint("state IN ('open', 'cancelled')", name=op.f("ck_plan_request_state")),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)",
            name=op.f("ck_plan_request_cancelled_with_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_request")),
    )
    op.create_index(op.f("ix_plan_request_updated_at"), "plan_request", ["updated_at"])


def create_unit_plan() -> None:
    op.create_table(
        "unit_plan",
        sa.Column("request_id", sa.UUID(), nullable=False),
        *_text("programme", "kind", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        *_text("unit_code", "unit_name", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("due_set_on", sa.Date(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        _time("overdue_at"),
        *_text("state", nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("approved_edition", sa.Integer(), nullable=True),
        *_text("title", "summary"),
        sa.Column("late", sa.Boolean(), nullable=False),
        *_text("submitted_by"),
        _time("submitted_at"),
        *_text("reviewed_by", "review_note", "approved_by"),
        _time("approved_at"),
        *_text("return_reason"),
        sa.Column("return_count", sa.Integer(), nullable=False),
        *_text("revision_reason", "cancel_reason"),
        *_text("correlation_id", nullable=False),
        *_versioned(),
        *unit_plan_rules(),
    )
    op.create_index(
        "uq_unit_plan_asked",
        "unit_plan",
        ["programme", "kind", sa.text("coalesce(year, 0)"), "unit_code"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_index("ix_unit_plan_unit", "unit_plan", ["unit_code", "kind"])
    op.create_index("ix_unit_plan_request_id", "unit_plan", ["request_id"])
    op.create_index(
        "ix_unit_plan_remind_on",
        "unit_plan",
        ["remind_on"],
        postgresql_where=sa.text("state IN ('requested', 'returned', 'revising')"),
    )
    op.create_index(op.f("ix_unit_plan_updated_at"), "unit_plan", ["updated_at"])


def unit_plan_rules() -> list[sa.Constraint]:
    name = op.f
    return [
        sa.CheckConstraint(f"state IN ({STATES})", name=name("ck_unit_plan_state")),
        sa.CheckConstraint(
            "reviewed_by <> submitted_by", name=name("ck_unit_plan_reviewer_is_not_author")
        ),
        sa.CheckConstraint(
            "approved_by <> submitted_by", name=name("ck_unit_plan_approver_is_not_author")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_edition = edition",
            name=name("ck_unit_plan_approved_is_in_force"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["plan_request.id"], name=name("fk_unit_plan_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=name("pk_unit_plan")),
    ]


def create_edition() -> None:
    op.create_table(
        "unit_plan_edition",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("plan_id", sa.UUID(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        *_text("title", "summary", nullable=False),
        *_text("revision_reason"),
        sa.Column("late", sa.Boolean(), nullable=False),
        *_text("submitted_by", nullable=False),
        _moment("submitted_at"),
        *_text("outcome", "decided_by"),
        _time("decided_at"),
        *_text("note"),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(
            "outcome IN ('approved', 'returned')", name=op.f("ck_unit_plan_edition_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["unit_plan.id"], name=op.f("fk_unit_plan_edition_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_plan_edition")),
        sa.UniqueConstraint(
            "plan_id", "edition", name=op.f("uq_unit_plan_edition_plan_id_edition")
        ),
    )
    op.create_index(op.f("ix_unit_plan_edition_updated_at"), "unit_plan_edition", ["updated_at"])


def create_file() -> None:
    op.create_table(
        "unit_plan_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("plan_id", sa.UUID(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        *_text("file_sha256", "file_name", "media_type", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *_text("added_by", nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["unit_plan.id"], name=op.f("fk_unit_plan_file_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_file.sha256"], name=op.f("fk_unit_plan_file_file_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_plan_file")),
        sa.UniqueConstraint(
            "plan_id",
            "edition",
            "file_sha256",
            name=op.f("uq_unit_plan_file_plan_id_edition_file_sha256"),
        ),
    )
    op.create_index(op.f("ix_unit_plan_file_file_sha256"), "unit_plan_file", ["file_sha256"])
