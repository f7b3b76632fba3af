"""What other services told of the units of enterprises."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "dossier_entry",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("fund_code", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(20, 2), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('award', 'payment', 'rectification')", name=op.f("ck_dossier_entry_kind")
        ),
        sa.PrimaryKeyConstraint("kind", "source_id", name=op.f("pk_dossier_entry")),
    )
    op.create_index(op.f("ix_dossier_entry_unit_code"), "dossier_entry", ["unit_code"])
    op.execute("REVOKE DELETE ON dossier_entry FROM parks_app")


def downgrade() -> None:
    op.drop_table("dossier_entry")
