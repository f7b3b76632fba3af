"""Periods, reports, the numbers taken and how they are judged."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    "reporting_period",
    "period_action",
    "progress_report",
    "observation",
    "current_observation",
    "indicator_status",
    "supervision_item",
)


def upgrade() -> None:
    create_reporting_period()
    create_period_action()
    create_progress_report()
    create_observation()
    create_current_observation()
    create_indicator_status()
    create_supervision_item()
    # Numbers and closings are only added to; reports and periods are never deleted.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON observation, period_action FROM targets_app")
    op.execute("REVOKE DELETE, TRUNCATE ON progress_report, reporting_period FROM targets_app")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_reporting_period() -> None:
    op.create_table(
        "reporting_period",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('year', 'quarter', 'month', 'half_month')",
            name=op.f("ck_reporting_period_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_reporting_period_state")),
        sa.CheckConstraint("due_on >= ends_on", name=op.f("ck_reporting_period_due")),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_reporting_period")),
    )
    op.create_index(
        op.f("ix_reporting_period_ends_on"), "reporting_period", ["ends_on"], unique=False
    )
    op.create_index(
        op.f("ix_reporting_period_updated_at"), "reporting_period", ["updated_at"], unique=False
    )


def create_period_action() -> None:
    op.create_table(
        "period_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("action IN ('close', 'reopen')", name=op.f("ck_period_action_action")),
        sa.ForeignKeyConstraint(
            ["period"], ["reporting_period.period"], name=op.f("fk_period_action_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_action")),
    )
    op.create_index(op.f("ix_period_action_period"), "period_action", ["period"], unique=False)


def create_progress_report() -> None:
    op.create_table(
        "progress_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("numerator", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("denominator", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'verified', 'returned', 'resubmitted')",
            name=op.f("ck_progress_report_state"),
        ),
        sa.CheckConstraint(
            "verified_by IS NULL OR (verified_by <> created_by AND verified_by <> submitted_by)",
            name=op.f("ck_progress_report_verifier_is_not_reporter"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_progress_report_indicator_code")
        ),
        sa.ForeignKeyConstraint(
            ["period"], ["reporting_period.period"], name=op.f("fk_progress_report_period")
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["unit.code"], name=op.f("fk_progress_report_unit_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
    )
    op.create_index(
        op.f("ix_progress_report_indicator_code"),
        "progress_report",
        ["indicator_code"],
        unique=False,
    )
    op.create_index(op.f("ix_progress_report_period"), "progress_report", ["period"], unique=False)
    op.create_index(op.f("ix_progress_report_state"), "progress_report", ["state"], unique=False)
    op.create_index(
        "ix_progress_report_unit", "progress_report", ["unit_code", "updated_at"], unique=False
    )
    op.create_index(
        op.f("ix_progress_report_updated_at"), "progress_report", ["updated_at"], unique=False
    )
    op.create_index(
        "uq_progress_report_unverified",
        "progress_report",
        ["indicator_code", "unit_code", "period"],
        unique=True,
        postgresql_where=sa.text("state <> 'verified'"),
    )


def create_observation() -> None:
    op.create_table(
        "observation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("denominator", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("year_to_date", sa.Boolean(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("source_value", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("source_unit", sa.Text(), nullable=False),
        sa.Column("after_close", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source_kind IN ('reported', 'parks', 'funding')",
            name=op.f("ck_observation_source_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_observation_indicator_code")
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["unit.code"], name=op.f("fk_observation_unit_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("indicator_code", "source_id", name="uq_observation_source"),
        sa.UniqueConstraint("seq", name=op.f("uq_observation_seq")),
    )
    op.create_index(
        "ix_observation_series", "observation", ["indicator_code", "ends_on", "seq"], unique=False
    )


def create_current_observation() -> None:
    op.create_table(
        "current_observation",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("numerator", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("denominator", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("year_to_date", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_code"],
            ["indicator.code"],
            name=op.f("fk_current_observation_indicator_code"),
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_current_observation_observation_id"),
        ),
        sa.PrimaryKeyConstraint("observation_id", name=op.f("pk_current_observation")),
        sa.UniqueConstraint(
            "indicator_code",
            "unit_code",
            "period",
            name="uq_current_observation_of",
            postgresql_nulls_not_distinct=True,
        ),
    )


def create_indicator_status() -> None:
    op.create_table(
        "indicator_status",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("actual", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("expected", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('green', 'amber', 'red', 'unknown')",
            name=op.f("ck_indicator_status_status"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_indicator_status_indicator_code")
        ),
        sa.PrimaryKeyConstraint("indicator_code", name=op.f("pk_indicator_status")),
    )
    op.create_index(
        op.f("ix_indicator_status_updated_at"), "indicator_status", ["updated_at"], unique=False
    )


def create_supervision_item() -> None:
    op.create_table(
        "supervision_item",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_ref", sa.Text(), nullable=True),
        sa.Column("responsible_unit", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_supervision_item")),
    )
    op.create_index(
        "ix_supervision_item_open",
        "supervision_item",
        ["origin_ref"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
