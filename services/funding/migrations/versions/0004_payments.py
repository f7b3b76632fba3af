"""Holds, awards and disbursements."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    payment_hold()
    award()
    award_rules()
    disbursement()
    disbursement_rules()
    disbursement_links()
    op.execute("REVOKE DELETE, TRUNCATE ON award, disbursement FROM funding_app")


def downgrade() -> None:
    op.drop_table("disbursement")
    op.drop_table("award")
    op.drop_table("payment_hold")


def payment_hold() -> None:
    op.create_table(
        "payment_hold",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("item_number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_payment_hold"),
    )
    op.create_index(
        "ix_payment_hold_open",
        "payment_hold",
        ["payee_unit"],
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index("ix_payment_hold_updated_at", "payment_hold", ["updated_at"])


def award() -> None:
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("requested", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_award"),
    )


def award_rules() -> None:
    op.create_check_constraint(
        "cancelled_is_unpaid", "award", "state = 'granted' OR requested + paid = 0"
    )
    op.create_check_constraint("state", "award", "state IN ('granted', 'cancelled')")
    op.create_check_constraint("amount", "award", "amount > 0")
    op.create_check_constraint(
        "within_commitment",
        "award",
        "requested >= 0 AND paid >= 0 AND requested + paid <= amount",
    )
    op.create_foreign_key("fk_award_budget_id", "award", "budget", ["budget_id"], ["id"])
    op.create_foreign_key("fk_award_fiscal_year", "award", "fiscal_year", ["fiscal_year"], ["year"])
    op.create_foreign_key("fk_award_fund_code", "award", "fund", ["fund_code"], ["code"])
    op.create_index("ix_award_budget_id", "award", ["budget_id"])
    op.create_index("ix_award_fiscal_year", "award", ["fiscal_year"])
    op.create_index("ix_award_payee_unit", "award", ["payee_unit"])
    op.create_index("ix_award_updated_at", "award", ["updated_at"])


def disbursement() -> None:
    op.create_table(
        "disbursement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_by", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_disbursement"),
    )


def disbursement_rules() -> None:
    op.create_check_constraint(
        "paid_on", "disbursement", "state <> 'succeeded' OR paid_on IS NOT NULL"
    )
    op.create_check_constraint(
        "state",
        "disbursement",
        "state IN ('requested', 'checked', 'paying', 'succeeded', 'failed', 'returned', 'rejected')",
    )
    op.create_check_constraint(
        "checked",
        "disbursement",
        "state IN ('requested', 'rejected') OR checked_by IS NOT NULL",
    )
    op.create_check_constraint(
        "paid",
        "disbursement",
        "state IN ('requested', 'rejected', 'checked') OR paid_by IS NOT NULL",
    )
    op.create_check_constraint("amount", "disbursement", "amount > 0")
    op.create_check_constraint("maker_is_not_checker", "disbursement", "checked_by <> made_by")
    op.create_check_constraint(
        "payer_is_a_third",
        "disbursement",
        "paid_by <> made_by AND paid_by <> checked_by",
    )


def disbursement_links() -> None:
    op.create_foreign_key("fk_disbursement_award_id", "disbursement", "award", ["award_id"], ["id"])
    op.create_foreign_key(
        "fk_disbursement_budget_id", "disbursement", "budget", ["budget_id"], ["id"]
    )
    op.create_foreign_key(
        "fk_disbursement_fiscal_year", "disbursement", "fiscal_year", ["fiscal_year"], ["year"]
    )
    op.create_foreign_key(
        "fk_disbursement_fund_code", "disbursement", "fund", ["fund_code"], ["code"]
    )
    op.create_foreign_key(
        "fk_disbursement_held_by", "disbursement", "payment_hold", ["held_by"], ["item_id"]
    )
    op.create_index("ix_disbursement_award_id", "disbursement", ["award_id"])
    op.create_index("ix_disbursement_budget_id", "disbursement", ["budget_id"])
    op.create_index("ix_disbursement_fiscal_year", "disbursement", ["fiscal_year"])
    op.create_index("ix_disbursement_payee_unit", "disbursement", ["payee_unit"])
    op.create_index(
        "ix_disbursement_stoppable",
        "disbursement",
        ["payee_unit"],
        postgresql_where=sa.text("state IN ('requested', 'checked')"),
    )
    op.create_index("ix_disbursement_updated_at", "disbursement", ["updated_at"])
