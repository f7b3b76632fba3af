"""How far each durable of the own stream has read is kept in a table of its own."""

from servicekit.platform_history import v4

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    v4.upgrade()


def downgrade() -> None:
    v4.downgrade()
