"""Days that were ruled on, reminders of missing returns, and what a park tells of itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AMOUNTS = (
    "sales_revenue",
    "high_tech_value_added",
    "high_tech_output",
    "own_ip_output",
    "rd_spend",
    "profit_and_tax",
)


def upgrade() -> None:
    op.create_table(
        "ruled_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workday", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ruled_day")),
    )
    op.create_table(
        "return_reminder",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('soon', 'today', 'overdue')", name=op.f("ck_return_reminder_stage")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_return_reminder_enterprise_id")
        ),
        sa.PrimaryKeyConstraint(
            "enterprise_id", "period", "stage", name=op.f("pk_return_reminder")
        ),
    )
    create_park_return()
    op.execute("REVOKE UPDATE, DELETE ON return_reminder FROM parks_app")
    op.execute("REVOKE DELETE ON park_return FROM parks_app")


def create_park_return() -> None:
    op.create_table(
        "park_return",
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Numeric(20, 6), nullable=False) for name in AMOUNTS),
        sa.Column("employees", sa.BigInteger(), nullable=False),
        sa.Column("findings", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "period ~ '^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$'", name=op.f("ck_park_return_period")
        ),
        sa.ForeignKeyConstraint(
            ["park_code"], ["park.code"], name=op.f("fk_park_return_park_code")
        ),
        sa.PrimaryKeyConstraint("park_code", "period", name=op.f("pk_park_return")),
    )
    op.create_index(op.f("ix_park_return_updated_at"), "park_return", ["updated_at"])


def downgrade() -> None:
    op.drop_table("park_return")
    op.drop_table("return_reminder")
    op.drop_table("ruled_day")
