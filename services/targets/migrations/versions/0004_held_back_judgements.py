"""A judgement may wait until the numbers of its period are complete."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("indicator_status", sa.Column("provisional_until", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("indicator_status", "provisional_until")
