"""Days that were ruled on, reminders of missing returns, and what a park tells of itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


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
    op.execute("REVOKE UPDATE, DELETE ON return_reminder FROM parks_app")


def downgrade() -> None:
    op.drop_table("return_reminder")
    op.drop_table("ruled_day")
