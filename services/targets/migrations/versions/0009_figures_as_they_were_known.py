"""Figures keep what they were and when that was known, and so do the units' places."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

QUANTITY = sa.Numeric(precision=20, scale=6)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_roll_up_past()
    create_unit_move()
    # What was known is only added to.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON roll_up_past, unit_move FROM targets_app")


def downgrade() -> None:
    op.drop_table("unit_move")
    op.drop_table("roll_up_past")


def create_roll_up_past() -> None:
    op.create_table(
        "roll_up_past",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("known_to", MOMENT, nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("actual", QUANTITY, nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("reporting", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "indicator_code", "unit_code", "since", "known_to", name=op.f("pk_roll_up_past")
        ),
    )


def create_unit_move() -> None:
    op.create_table(
        "unit_move",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["unit.code"], name=op.f("fk_unit_move_parent")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_unit_move_unit")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_unit_move")),
    )
    op.create_index(op.f("ix_unit_move_unit"), "unit_move", ["unit"], unique=False)
    # When a move was entered has not been kept: not before its day, nor before the unit was there.
    op.execute("""
        INSERT INTO unit_move (unit, parent, since, recorded_at)
        SELECT p.unit, p.parent, p.since,
               greatest(u.created_at, p.since::timestamp AT TIME ZONE 'Asia/Shanghai')
        FROM unit_placement p JOIN unit u ON u.code = p.unit
        ORDER BY p.unit, p.since
    """)
