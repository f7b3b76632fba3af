"""How severe an item is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECK = "ck_supervision_item_severity"


def upgrade() -> None:
    op.add_column(
        "supervision_item",
        sa.Column("severity", sa.Text(), server_default="ordinary", nullable=False),
    )
    # Every statement is a transaction of its own from here on: the table is read over while the
    # service goes on writing.
    with op.get_context().autocommit_block():
        op.execute(
            f"ALTER TABLE supervision_item ADD CONSTRAINT {CHECK}"
            " CHECK (severity IN ('ordinary', 'serious', 'critical')) NOT VALID"
        )
        op.execute(f"ALTER TABLE supervision_item VALIDATE CONSTRAINT {CHECK}")


def downgrade() -> None:
    op.drop_column("supervision_item", "severity")
