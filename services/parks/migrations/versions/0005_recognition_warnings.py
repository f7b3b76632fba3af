"""Which warning of its end a recognition has had."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("recognition", sa.Column("warned_days", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_recognition_warned_days"), "recognition", "warned_days IN (180, 90, 30)"
    )


def downgrade() -> None:
    op.drop_column("recognition", "warned_days")
