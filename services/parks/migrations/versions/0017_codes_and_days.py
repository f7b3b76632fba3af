"""Codes that begin with letters, and the day from which on an enterprise is no more.

Who registered an enterprise, and as what, may be a letter (GB 32100): the six digits of the division
come after it. What an enterprise counted for before it was struck off stays counted; of those that
are struck off already the row's last change is the day that is known.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = "ck_enterprise_uscc"


def upgrade() -> None:
    form_of_codes("^[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}$")
    op.add_column("enterprise", sa.Column("inactive_from", sa.Date(), nullable=True))
    op.execute(
        "UPDATE enterprise SET inactive_from = (updated_at AT TIME ZONE 'Asia/Shanghai')::date"
        " WHERE NOT active"
    )


def downgrade() -> None:
    op.drop_column("enterprise", "inactive_from")
    form_of_codes("^[0-9]{8}[0-9A-Z]{10}$")


def form_of_codes(form: str) -> None:
    """The rows that are there keep both forms or this is refused: they are looked at without a lock
    that anybody waits for."""
    op.drop_constraint(op.f(CODE), "enterprise")
    op.create_check_constraint(
        op.f(CODE), "enterprise", f"uscc ~ '{form}'", postgresql_not_valid=True
    )
    op.execute(f"ALTER TABLE enterprise VALIDATE CONSTRAINT {CODE}")
