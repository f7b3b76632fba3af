"""Corrections of accepted returns, with what they told before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    none = postgresql.JSONB(none_as_null=True)
    op.create_table(
        "return_restatement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("before", none, nullable=True),
        sa.Column("findings", none, nullable=True),
        sa.Column("filed_by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reject_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('submitted', 'accepted', 'rejected')",
            name=op.f("ck_return_restatement_state"),
        ),
        sa.CheckConstraint(
            "NOT (decided_by = ANY (filed_by))",
            name=op.f("ck_return_restatement_separation_of_duties"),
        ),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)"
            " AND (state = 'accepted') = (before IS NOT NULL)",
            name=op.f("ck_return_restatement_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["operating_return.id"], name=op.f("fk_return_restatement_return_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_restatement")),
    )
    index_return_restatement()
    op.execute("REVOKE DELETE ON return_restatement FROM parks_app")


def index_return_restatement() -> None:
    op.create_index(
        "uq_return_restatement_open",
        "return_restatement",
        ["return_id"],
        unique=True,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_index(
        "ix_return_restatement_return_id_decided_at",
        "return_restatement",
        ["return_id", "decided_at"],
    )
    op.create_index(op.f("ix_return_restatement_updated_at"), "return_restatement", ["updated_at"])


def downgrade() -> None:
    op.drop_table("return_restatement")
