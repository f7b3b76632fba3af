"""Extensions, transfers and merges, and what has to be shown before a closure."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW = (
    sa.Column("due_from", sa.Date(), nullable=True),
    sa.Column("due_workdays", sa.Integer(), nullable=True),
    sa.Column("extension_count", sa.Integer(), server_default="0", nullable=False),
    sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("reinspected_on", sa.Date(), nullable=True),
    sa.Column("reinspected_by", sa.Text(), nullable=True),
    sa.Column("merged_into", sa.UUID(), nullable=True),
)
"""Of a supervision item."""
CHECK = "ck_supervision_item_inspector_is_not_doer"
REFERS = "fk_supervision_item_merged_into"


def upgrade() -> None:
    for column in NEW:
        op.add_column("supervision_item", column)
    create_extension_request()
    op.execute("REVOKE DELETE, TRUNCATE ON extension_request FROM supervision_app")
    # Every statement is a transaction of its own from here on: the table is read over while the
    # service goes on writing.
    with op.get_context().autocommit_block():
        for rule in (
            f"CONSTRAINT {CHECK} CHECK (reinspected_by <> submitted_by)",
            f"CONSTRAINT {REFERS} FOREIGN KEY (merged_into) REFERENCES supervision_item (id)",
        ):
            op.execute(f"ALTER TABLE supervision_item ADD {rule} NOT VALID")
            name = rule.split()[1]
            op.execute(f"ALTER TABLE supervision_item VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.drop_table("extension_request")
    for column in NEW:
        op.drop_column("supervision_item", column.name)


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def create_extension_request() -> None:
    op.create_table(
        "extension_request",
        sa.Column("item_id", sa.UUID(), nullable=False),
        sa.Column("item_number", sa.Text(), nullable=False),
        sa.Column("responsible_unit", sa.Text(), nullable=False),
        sa.Column("workdays", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_extension_request_state"),
        ),
        sa.CheckConstraint("workdays BETWEEN 1 AND 20", name=op.f("ck_extension_request_workdays")),
        sa.CheckConstraint(
            "decided_by <> requested_by",
            name=op.f("ck_extension_request_requester_does_not_decide"),
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (due_after IS NOT NULL)",
            name=op.f("ck_extension_request_approved_has_day"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["supervision_item.id"], name=op.f("fk_extension_request_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    op.create_index(
        "uq_extension_request_pending",
        "extension_request",
        ["item_id"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_index(
        "ix_extension_request_responsible_unit", "extension_request", ["responsible_unit"]
    )
    op.create_index(op.f("ix_extension_request_updated_at"), "extension_request", ["updated_at"])
