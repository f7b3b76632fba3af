"""Version 4 of the platform tables: how far each durable has read gets a table of its own."""

import sqlalchemy as sa
from alembic import op

# Before, one reading was three rows beside the stream's own position.
_MOVE = """WITH kept AS (
   DELETE FROM relay_position WHERE stream LIKE '%\\_\\_%' RETURNING stream, generation, stream_seq)
 INSERT INTO relay_reading (durable, generation, read, again, until)
 SELECT r.stream, r.generation, r.stream_seq, a.stream_seq, u.stream_seq
 FROM kept r JOIN kept a ON a.stream = r.stream || ' again'
 JOIN kept u ON u.stream = r.stream || ' until'"""

_MOVE_BACK = """INSERT INTO relay_position (stream, generation, stream_seq)
 SELECT durable || suffix, generation, seq FROM relay_reading,
 LATERAL (VALUES ('', read), (' again', again), (' until', until)) AS kept (suffix, seq)"""


def upgrade() -> None:
    """Create it, and move there what is known."""
    op.create_table(
        "relay_reading",
        sa.Column("durable", sa.Text(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("again", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("durable", name=op.f("pk_relay_reading")),
        comment="How far each durable of the own stream had read it, and what goes out once more.",
    )
    op.execute(_MOVE)


def downgrade() -> None:
    """Move back what is known, and drop it."""
    op.execute(_MOVE_BACK)
    op.drop_table("relay_reading")
