"""Where parks lie."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "park_location",
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("boundary", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90",
            name=op.f("ck_park_location_degrees"),
        ),
        sa.ForeignKeyConstraint(
            ["park_code"], ["park.code"], name=op.f("fk_park_location_park_code")
        ),
        sa.PrimaryKeyConstraint("park_code", name=op.f("pk_park_location")),
    )
    op.create_index(op.f("ix_park_location_updated_at"), "park_location", ["updated_at"])
    op.execute("REVOKE DELETE ON park_location FROM parks_app")


def downgrade() -> None:
    op.drop_table("park_location")
