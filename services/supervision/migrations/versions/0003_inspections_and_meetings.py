"""Inspections, meetings, work reports and recipients."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "inspection_plan",
    "inspection",
    "inspection_finding",
    "meeting_series",
    "meeting",
    "meeting_decision",
    "work_report",
    "recipient_group",
)


def upgrade() -> None:
    create_inspection_plan()
    create_inspection()
    create_inspection_finding()
    create_meeting_series()
    create_meeting()
    create_meeting_decision()
    create_work_report()
    create_recipient_group()


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


def create_inspection_plan() -> None:
    op.create_table(
        "inspection_plan",
        sa.Column("organiser_unit", sa.Text(), nullable=False),
        sa.Column("scope_units", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("months", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("days_of_month", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=True),
        *_stamped(),
        sa.CheckConstraint("cadence = 'monthly'", name=op.f("ck_inspection_plan_cadence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_inspection_plan_code")),
    )
    op.create_index(
        op.f("ix_inspection_plan_updated_at"), "inspection_plan", ["updated_at"], unique=False
    )


def create_inspection() -> None:
    op.create_table(
        "inspection",
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("finding_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("plan_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("nominal_on", sa.Date(), nullable=False),
        sa.Column("scheduled_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("units", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        *_stamped(),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_on IS NOT NULL)",
            name=op.f("ck_inspection_completed_has_day"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'completed', 'withdrawn')", name=op.f("ck_inspection_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint(
            "plan_code", "nominal_on", name=op.f("uq_inspection_plan_code_nominal_on")
        ),
    )
    op.create_index(
        op.f("ix_inspection_scheduled_on"), "inspection", ["scheduled_on"], unique=False
    )
    op.create_index(op.f("ix_inspection_updated_at"), "inspection", ["updated_at"], unique=False)


def create_inspection_finding() -> None:
    op.create_table(
        "inspection_finding",
        sa.Column("inspection_id", sa.UUID(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("checklist_code", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("item_id", sa.UUID(), nullable=True),
        *_stamped(),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_finding_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["supervision_item.id"], name=op.f("fk_inspection_finding_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_finding")),
    )
    op.create_index(
        "ix_inspection_finding_inspection_id", "inspection_finding", ["inspection_id"], unique=False
    )
    op.create_index(
        "ix_inspection_finding_unit_code", "inspection_finding", ["unit_code"], unique=False
    )
    op.create_index(
        op.f("ix_inspection_finding_updated_at"), "inspection_finding", ["updated_at"], unique=False
    )


def create_meeting_series() -> None:
    op.create_table(
        "meeting_series",
        sa.Column("convener_unit", sa.Text(), nullable=False),
        sa.Column("participant_units", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("headings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("months", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("days_of_month", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=True),
        *_stamped(),
        sa.CheckConstraint(
            "cadence IN ('half_monthly', 'monthly', 'quarterly', 'half_yearly', 'yearly')",
            name=op.f("ck_meeting_series_cadence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
        sa.UniqueConstraint("code", name=op.f("uq_meeting_series_code")),
    )
    op.create_index(
        op.f("ix_meeting_series_updated_at"), "meeting_series", ["updated_at"], unique=False
    )


def create_meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column(
            "attended_units",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("plan_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("nominal_on", sa.Date(), nullable=False),
        sa.Column("scheduled_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("units", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        *_stamped(),
        sa.CheckConstraint(
            "(status = 'held') = (held_on IS NOT NULL)", name=op.f("ck_meeting_held_has_day")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'held', 'withdrawn')", name=op.f("ck_meeting_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint(
            "plan_code", "nominal_on", name=op.f("uq_meeting_plan_code_nominal_on")
        ),
    )
    op.create_index(op.f("ix_meeting_scheduled_on"), "meeting", ["scheduled_on"], unique=False)
    op.create_index(op.f("ix_meeting_updated_at"), "meeting", ["updated_at"], unique=False)


def create_meeting_decision() -> None:
    op.create_table(
        "meeting_decision",
        sa.Column("meeting_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("responsible_unit", sa.Text(), nullable=False),
        sa.Column("item_id", sa.UUID(), nullable=True),
        *_stamped(),
        sa.ForeignKeyConstraint(
            ["item_id"], ["supervision_item.id"], name=op.f("fk_meeting_decision_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_decision_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
        sa.UniqueConstraint(
            "meeting_id", "position", name=op.f("uq_meeting_decision_meeting_id_position")
        ),
    )
    op.create_index(
        "ix_meeting_decision_responsible_unit",
        "meeting_decision",
        ["responsible_unit"],
        unique=False,
    )
    op.create_index(
        op.f("ix_meeting_decision_updated_at"), "meeting_decision", ["updated_at"], unique=False
    )


def create_work_report() -> None:
    op.create_table(
        "work_report",
        sa.Column("meeting_id", sa.UUID(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("good_practice", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        *_stamped(),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_work_report_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_report")),
        sa.UniqueConstraint(
            "meeting_id", "unit_code", name=op.f("uq_work_report_meeting_id_unit_code")
        ),
    )
    op.create_index("ix_work_report_unit_code", "work_report", ["unit_code"], unique=False)
    op.create_index(op.f("ix_work_report_updated_at"), "work_report", ["updated_at"], unique=False)


def create_recipient_group() -> None:
    op.create_table(
        "recipient_group",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("members", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        *_stamped(),
        sa.CheckConstraint(
            "delivery IN ('main', 'copy')", name=op.f("ck_recipient_group_delivery")
        ),
        sa.CheckConstraint(
            "kind IN ('superior_city', 'leading_bodies', 'units')",
            name=op.f("ck_recipient_group_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_group")),
        sa.UniqueConstraint("code", name=op.f("uq_recipient_group_code")),
    )
    op.create_index(
        op.f("ix_recipient_group_updated_at"), "recipient_group", ["updated_at"], unique=False
    )
