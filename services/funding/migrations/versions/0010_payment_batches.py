"""Bank accounts of payees, payment batches with their results, and second tries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

YUAN = sa.Numeric(precision=20, scale=2)
YUAN_TOTAL = sa.Numeric(precision=26, scale=2)
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    payee_account()
    batch_counter()
    payment_batch()
    disbursement()
    payment_line()
    payment_result()
    op.execute(
        "REVOKE DELETE, TRUNCATE ON payee_account, batch_counter, payment_batch, payment_line"
        " FROM funding_app"
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON payment_result FROM funding_app")


def downgrade() -> None:
    op.drop_table("payment_result")
    op.drop_table("payment_line")
    op.drop_index("uq_disbursement_retry_of", "disbursement")
    for name in ("batch", "attempt"):
        op.drop_constraint(op.f(f"ck_disbursement_{name}"), "disbursement", type_="check")
    for column in ("batch_id", "attempt", "retry_of"):
        op.drop_column("disbursement", column)
    op.drop_table("payment_batch")
    op.drop_table("batch_counter")
    op.drop_table("payee_account")


def versioned() -> list[sa.Column]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("updated_at", AT, nullable=False),
    ]


def payee_account() -> None:
    op.create_table(
        "payee_account",
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("bank_name", sa.String(), nullable=False),
        sa.Column("bank_code", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        *versioned(),
        sa.CheckConstraint("state IN ('draft', 'approved', 'rejected', 'withdrawn')", name="state"),
        sa.CheckConstraint("(state = 'draft') = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR decided_by <> made_by", name="maker_decides_not"
        ),
        sa.CheckConstraint("account_number ~ '^[0-9]{6,32}$'", name="account_number"),
        sa.PrimaryKeyConstraint("id", name="pk_payee_account"),
    )
    op.create_index("ix_payee_account_payee_unit", "payee_account", ["payee_unit"])
    op.create_index("ix_payee_account_updated_at", "payee_account", ["updated_at"])


def batch_counter() -> None:
    op.create_table(
        "batch_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_batch_counter"),
    )


def payment_batch() -> None:
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total", YUAN_TOTAL, nullable=False),
        sa.Column("succeeded_count", sa.Integer(), nullable=False),
        sa.Column("succeeded_total", YUAN_TOTAL, nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("failed_total", YUAN_TOTAL, nullable=False),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.Column("returned_total", YUAN_TOTAL, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("issued_at", AT, nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        *versioned(),
        sa.CheckConstraint("state IN ('draft', 'issued', 'settled', 'cancelled')", name="state"),
        sa.CheckConstraint("count > 0 AND total > 0", name="totals"),
        sa.CheckConstraint(
            "least(succeeded_count, failed_count, returned_count) >= 0"
            " AND succeeded_count + failed_count + returned_count <= count"
            " AND succeeded_total + failed_total + returned_total <= total",
            name="results",
        ),
        sa.CheckConstraint(
            "(state = 'settled') = (succeeded_count + failed_count + returned_count = count)",
            name="settled",
        ),
        sa.CheckConstraint(
            "(state IN ('issued', 'settled')) = (issued_by IS NOT NULL)"
            " AND (issued_by IS NULL) = (file_sha256 IS NULL)",
            name="issued",
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_file.sha256"], name="fk_payment_batch_file_sha256"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_batch"),
        sa.UniqueConstraint("number", name="uq_payment_batch_number"),
    )
    op.create_index("ix_payment_batch_file_sha256", "payment_batch", ["file_sha256"])
    op.create_index("ix_payment_batch_updated_at", "payment_batch", ["updated_at"])


def disbursement() -> None:
    op.add_column("disbursement", sa.Column("retry_of", sa.Uuid(), nullable=True))
    op.add_column(
        "disbursement", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1")
    )
    op.alter_column("disbursement", "attempt", server_default=None)
    op.add_column("disbursement", sa.Column("batch_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_disbursement_retry_of", "disbursement", "disbursement", ["retry_of"], ["id"]
    )
    op.create_foreign_key(
        "fk_disbursement_batch_id", "disbursement", "payment_batch", ["batch_id"], ["id"]
    )
    op.create_check_constraint(
        "batch", "disbursement", "batch_id IS NULL OR state NOT IN ('requested', 'rejected')"
    )
    op.create_check_constraint(
        "attempt", "disbursement", "(attempt = 1) = (retry_of IS NULL) AND attempt >= 1"
    )
    op.create_index("ix_disbursement_batch_id", "disbursement", ["batch_id"])
    op.create_index(
        "uq_disbursement_retry_of",
        "disbursement",
        ["retry_of"],
        unique=True,
        postgresql_where=sa.text("state <> 'rejected'"),
    )


def payment_line() -> None:
    op.create_table(
        "payment_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("payee_name", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=True),
        sa.Column("account_number", sa.String(), nullable=True),
        sa.Column("bank_name", sa.String(), nullable=True),
        sa.Column("bank_code", sa.String(), nullable=True),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        *versioned(),
        sa.CheckConstraint("number > 0 AND amount > 0", name="values"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'succeeded', 'failed', 'returned', 'taken_out')",
            name="state",
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken_out') OR (account_name IS NOT NULL"
            " AND account_number IS NOT NULL AND bank_name IS NOT NULL)",
            name="account",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payment_batch.id"], name="fk_payment_line_batch_id"
        ),
        sa.ForeignKeyConstraint(
            ["disbursement_id"], ["disbursement.id"], name="fk_payment_line_disbursement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_line"),
        sa.UniqueConstraint("batch_id", "number", name="uq_payment_line_batch_id_number"),
    )
    op.create_index("ix_payment_line_disbursement_id", "payment_line", ["disbursement_id"])
    op.create_index("ix_payment_line_updated_at", "payment_line", ["updated_at"])
    op.create_index(
        "uq_payment_line_disbursement",
        "payment_line",
        ["disbursement_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'taken_out'"),
    )


def payment_result() -> None:
    op.create_table(
        "payment_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("batch_number", sa.String(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.CheckConstraint("outcome IN ('succeeded', 'failed', 'returned')", name="outcome"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payment_batch.id"], name="fk_payment_result_batch_id"
        ),
        sa.ForeignKeyConstraint(["line_id"], ["payment_line.id"], name="fk_payment_result_line_id"),
        sa.ForeignKeyConstraint(
            ["disbursement_id"], ["disbursement.id"], name="fk_payment_result_disbursement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_result"),
        sa.UniqueConstraint("line_id", "outcome", name="uq_payment_result_line_id_outcome"),
    )
    op.create_index("ix_payment_result_batch_id", "payment_result", ["batch_id"])
    op.create_index("ix_payment_result_disbursement_id", "payment_result", ["disbursement_id"])
    op.create_index("ix_payment_result_recorded_at", "payment_result", ["recorded_at"])
