"""Codes that begin with letters, and the day from which on an enterprise is no more.

Who registered an enterprise, and as what, may be a letter (GB 32100): the six digits of the division
come after it. What an enterprise counted for before it was struck off stays counted; of those that
are struck off already the row's last change is the day that is known.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = "ck_enterprise_uscc"


def upgrade() -> None:
    form_of_codes("^[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}$")
    op.execute("ALTER TABLE enterprise ADD COLUMN IF NOT EXISTS inactive_from date")
    op.execute(
        "UPDATE enterprise SET inactive_from = (updated_at AT TIME ZONE 'Asia/Shanghai')::date"
        " WHERE NOT active"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE enterprise DROP COLUMN IF EXISTS inactive_from")
    form_of_codes("^[0-9]{8}[0-9A-Z]{10}$")


def form_of_codes(form: str) -> None:
    """The form is wider than the one before: what an old process writes has both. The look at the
    rows that are there is a transaction of its own, so nobody waits for it."""
    with op.get_context().autocommit_block():
        op.execute(
            "-- squawk-ignore ban-drop-constraint\n"
            f"ALTER TABLE enterprise DROP CONSTRAINT IF EXISTS {CODE},"
            f" ADD CONSTRAINT {CODE} CHECK (uscc ~ '{form}') NOT VALID"
        )
        op.execute(
            "-- squawk-ignore constraint-missing-not-valid\n"
            f"ALTER TABLE enterprise VALIDATE CONSTRAINT {CODE}"
        )
