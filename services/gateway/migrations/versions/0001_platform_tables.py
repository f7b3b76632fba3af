"""The tables every service has beside its own."""

from collections.abc import Sequence

from servicekit.platform_history import v1

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    v1.upgrade(app_role="gateway_app")


def downgrade() -> None:
    v1.downgrade()
