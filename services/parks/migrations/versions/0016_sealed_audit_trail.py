"""The audit trail is chained, and where the chain stands is signed."""

from servicekit.platform_history import v3

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    v3.upgrade(app_role="parks_app")


def downgrade() -> None:
    v3.downgrade()
