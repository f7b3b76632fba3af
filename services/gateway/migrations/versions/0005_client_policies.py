"""What the door keeps to with each client, and the version its changes are based on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("api_client", sa.Column("rate_limit", sa.Text(), nullable=True))
    op.add_column(
        "api_client",
        sa.Column(
            "allowed_networks", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
    )
    op.add_column(
        "api_client", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False)
    )
    op.create_index(op.f("ix_api_client_updated_at"), "api_client", ["updated_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_api_client_updated_at"), table_name="api_client")
    op.drop_column("api_client", "version")
    op.drop_column("api_client", "allowed_networks")
    op.drop_column("api_client", "rate_limit")
