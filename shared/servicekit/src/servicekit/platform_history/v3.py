"""Version 3 of the platform tables: the chain of the audit trail, and what was signed of it."""

import sqlalchemy as sa
from alembic import op


def upgrade(app_role: str) -> None:
    """Create both; `app_role` may only add to them."""
    op.create_table(
        "audit_seal",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column(
            "sealed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seal_entry_id")),
        comment="The audit trail as a chain of hashes. The application can only insert.",
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_checkpoint")),
        comment="Signed words on where the chain stood, as they were exported.",
    )
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_seal, audit_checkpoint FROM {app_role}")


def downgrade() -> None:
    """Drop both."""
    op.drop_table("audit_checkpoint")
    op.drop_table("audit_seal")
