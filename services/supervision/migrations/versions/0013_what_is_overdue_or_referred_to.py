"""When what was overdue was handed in, what other services have by code and name, and whose number an
indicator's is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OPEN = "origin = 'overdue_report' AND status NOT IN ('closed', 'cancelled')"
INDEXES = (
    (
        "uq_supervision_item_open_report",
        "supervision_item",
        ["origin_ref"],
        {"unique": True, "postgresql_where": sa.text(OPEN)},
    ),
    ("ix_indicator_standing_units", "indicator_standing", ["units"], {"postgresql_using": "gin"}),
)


def upgrade() -> None:
    # First, and so that it can be done again: what runs outside of the transaction stays when a lock
    # is not to be had, and the whole step is tried again.
    with op.get_context().autocommit_block():
        op.add_column(
            "indicator_standing",
            sa.Column("units", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
            if_not_exists=True,
        )
        for name, table, columns, options in INDEXES:
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, columns, postgresql_concurrently=True, **options)
    op.add_column(
        "supervision_item", sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True)
    )
    # With one moment for all rows the table is not written anew; who comes later has their own.
    op.add_column(
        "indicator_standing",
        sa.Column(
            "told_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
    )
    op.alter_column("indicator_standing", "told_at", server_default=sa.func.clock_timestamp())
    op.execute(
        "UPDATE indicator_standing s SET units = f.units, told_at = f.happened_at FROM unit_fact f"
        " WHERE f.kind = 'indicator' AND f.key = s.indicator_code"
    )
    op.create_table(
        "reference",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_reference")),
    )
    # Indicators were heard of before; the others are told of again when they change.
    op.execute(
        "INSERT INTO reference (kind, code, name, active)"
        " SELECT 'indicator', indicator_code, name, true FROM indicator_standing"
    )


def downgrade() -> None:
    op.drop_index("uq_supervision_item_open_report", table_name="supervision_item")
    op.drop_index("ix_indicator_standing_units", table_name="indicator_standing")
    op.drop_column("indicator_standing", "told_at")
    op.drop_column("indicator_standing", "units")
    op.drop_table("reference")
    op.drop_column("supervision_item", "handed_in_at")
