"""Refunds among what funding told of the units of enterprises."""

from collections.abc import Sequence

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ck_dossier_entry_kind"


def upgrade() -> None:
    limit_kinds("'award', 'payment', 'refund', 'rectification'")


def downgrade() -> None:
    op.execute("DELETE FROM dossier_entry WHERE kind = 'refund'")
    limit_kinds("'award', 'payment', 'rectification'")


def limit_kinds(kinds: str) -> None:
    op.drop_constraint(op.f(NAME), "dossier_entry")
    op.create_check_constraint(op.f(NAME), "dossier_entry", f"kind IN ({kinds})")
