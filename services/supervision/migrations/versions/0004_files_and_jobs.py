"""Stored files, and the jobs that take them."""

from collections.abc import Sequence

from servicekit.platform_history import v2

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    v2.upgrade(app_role="supervision_app")


def downgrade() -> None:
    v2.downgrade()
