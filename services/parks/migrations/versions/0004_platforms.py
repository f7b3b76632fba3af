"""Platforms and the levels they obtained."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ["platform", "platform_level"]
LEVEL = "IN ('municipal', 'provincial', 'national')"


def upgrade() -> None:
    create_platform()
    create_platform_level()
    # What was registered stays; an obtained level is never changed.
    op.execute(f"REVOKE DELETE ON {', '.join(TABLES)} FROM parks_app")
    op.execute("REVOKE UPDATE ON platform_level FROM parks_app")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_platform() -> None:
    op.create_table(
        "platform",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host_name", sa.Text(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("park_code", sa.Text(), nullable=True),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('key_laboratory', 'engineering_centre', 'incubator', 'intermediary', 'association', 'iur_base')",
            name=op.f("ck_platform_kind"),
        ),
        sa.CheckConstraint(f"level {LEVEL}", name=op.f("ck_platform_level")),
        sa.CheckConstraint("state IN ('active', 'closed')", name=op.f("ck_platform_state")),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_platform_closed")
        ),
        sa.CheckConstraint("closed_on >= established_on", name=op.f("ck_platform_days")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_platform_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["park_code"], ["park.code"], name=op.f("fk_platform_park_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_platform_kind_name")),
    )
    for column in ("park_code", "enterprise_id"):
        op.create_index(
            f"ix_platform_{column}",
            "platform",
            [column],
            unique=False,
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_index(op.f("ix_platform_updated_at"), "platform", ["updated_at"], unique=False)


def create_platform_level() -> None:
    op.create_table(
        "platform_level",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("recognised_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"level {LEVEL}", name=op.f("ck_platform_level_level")),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_platform_level_platform_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_level")),
        sa.UniqueConstraint(
            "platform_id", "level", name=op.f("uq_platform_level_platform_id_level")
        ),
    )
    op.create_index(
        op.f("ix_platform_level_updated_at"), "platform_level", ["updated_at"], unique=False
    )
