"""Adjustments, transfers, refunds, carry-overs and the close of a year."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

YUAN = sa.Numeric(precision=20, scale=2)
YUAN_TOTAL = sa.Numeric(precision=26, scale=2)
DOCUMENTS = ("adjustment", "transfer", "refund", "carry_over", "year_close")
TOTALS = {
    "budget": ("refunded", "recovered", "carried_in", "carried_over", "lapsed"),
    "award": ("refunded",),
    "disbursement": ("refunded",),
}
RULES = (
    ("budget", "lapsed", "lapsed >= 0 AND committed + carried_over + lapsed <= amount"),
    ("budget", "carried_in", "carried_in >= 0 AND carried_in <= appropriated"),
    ("budget", "refunded", "refunded >= 0 AND refunded <= disbursed AND recovered >= 0"),
    ("award", "refunded", "refunded >= 0 AND refunded <= paid"),
    (
        "disbursement",
        "refunded",
        "refunded >= 0 AND refunded <= amount AND (refunded = 0 OR state = 'succeeded')",
    ),
)
# Whoever books takes the year's counter first, and the close holds that until it is committed.
YEAR_IS_OPEN = """
CREATE FUNCTION journal_year_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fiscal_year WHERE year = NEW.fiscal_year AND closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'fiscal year % is closed', NEW.fiscal_year
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_year_is_open';
  END IF;
  RETURN NEW;
END $$"""
BOOKED_IN_AN_OPEN_YEAR = """
CREATE TRIGGER journal_year_is_open BEFORE INSERT ON journal_entry
FOR EACH ROW EXECUTE FUNCTION journal_year_is_open()"""
STAYS_CLOSED = """
CREATE FUNCTION year_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'fiscal year % is closed for good', OLD.year
    USING ERRCODE = 'check_violation', CONSTRAINT = 'year_stays_closed';
END $$"""
NOT_REOPENED = """
CREATE TRIGGER year_stays_closed BEFORE UPDATE ON fiscal_year FOR EACH ROW
WHEN (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at)
EXECUTE FUNCTION year_stays_closed()"""


def upgrade() -> None:
    op.add_column("fiscal_year", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    totals()
    adjustment()
    transfer()
    refund()
    carry_over()
    year_close()
    for statement in (YEAR_IS_OPEN, BOOKED_IN_AN_OPEN_YEAR, STAYS_CLOSED, NOT_REOPENED):
        op.execute(statement)
    op.execute(f"REVOKE DELETE, TRUNCATE ON {', '.join(DOCUMENTS)} FROM funding_app")


def downgrade() -> None:
    for name, table in (
        ("journal_year_is_open", "journal_entry"),
        ("year_stays_closed", "fiscal_year"),
    ):
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}")
    for table in DOCUMENTS:
        op.drop_table(table)
    for table, name, _ in RULES:
        op.drop_constraint(f"ck_{table}_{name}", table)
    replace("committed", "committed >= 0 AND committed <= appropriated")
    replace("amount", "amount > 0")
    for table, names in TOTALS.items():
        for name in names:
            op.drop_column(table, name)
    op.drop_column("fiscal_year", "closed_at")


def totals() -> None:
    for table, names in TOTALS.items():
        for name in names:
            op.add_column(table, sa.Column(name, YUAN, nullable=False, server_default=sa.text("0")))
            op.alter_column(table, name, server_default=None)
    replace("amount", "amount >= 0 AND (amount > 0 OR state = 'approved')")
    replace(
        "committed",
        "committed >= 0 AND carried_over >= 0 AND committed + carried_over <= appropriated",
    )
    for table, name, rule in RULES:
        op.create_check_constraint(name, table, rule)


def replace(name: str, rule: str) -> None:
    """Give a rule of budget lines another text."""
    op.drop_constraint(f"ck_budget_{name}", "budget")
    op.create_check_constraint(name, "budget", rule)


def document(table: str, *own: Any) -> None:
    """A table of documents: its own columns and rules, and those of every document."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *own,
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'approved', 'rejected', 'withdrawn')", name="state"),
        sa.CheckConstraint("(state = 'draft') = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR decided_by <> made_by", name="maker_decides_not"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_updated_at", table, ["updated_at"])


def links(table: str, columns: dict[str, str], *indexed: str) -> None:
    """Foreign keys, by column, and the columns that are looked up by."""
    for column, target in columns.items():
        there, of = target.split(".")
        op.create_foreign_key(f"fk_{table}_{column}", table, there, [column], [of])
    for column in indexed:
        op.create_index(f"ix_{table}_{column}", table, [column])


def adjustment() -> None:
    document(
        "adjustment",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.CheckConstraint("amount <> 0", name="amount"),
    )
    links(
        "adjustment",
        {"budget_id": "budget.id", "fund_code": "fund.code", "fiscal_year": "fiscal_year.year"},
        "budget_id",
        "fiscal_year",
    )


def transfer() -> None:
    document(
        "transfer",
        sa.Column("from_budget_id", sa.Uuid(), nullable=False),
        sa.Column("to_budget_id", sa.Uuid(), nullable=False),
        sa.Column("from_fund", sa.String(), nullable=False),
        sa.Column("to_fund", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("document_no", sa.String(), nullable=True),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("from_budget_id <> to_budget_id", name="two_lines"),
        sa.CheckConstraint("from_fund = to_fund OR document_no IS NOT NULL", name="permitted"),
    )
    links(
        "transfer",
        {
            "from_budget_id": "budget.id",
            "to_budget_id": "budget.id",
            "from_fund": "fund.code",
            "to_fund": "fund.code",
            "fiscal_year": "fiscal_year.year",
        },
        "from_budget_id",
        "to_budget_id",
        "fiscal_year",
    )


def refund() -> None:
    document(
        "refund",
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.CheckConstraint("amount > 0", name="amount"),
    )
    links(
        "refund",
        {
            "disbursement_id": "disbursement.id",
            "award_id": "award.id",
            "fund_code": "fund.code",
            "fiscal_year": "fiscal_year.year",
        },
        "disbursement_id",
        "award_id",
        "fiscal_year",
        "payee_unit",
    )


def carry_over() -> None:
    document(
        "carry_over",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("to_budget_id", sa.Uuid(), nullable=True),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name="amount"),
    )
    links(
        "carry_over",
        {
            "budget_id": "budget.id",
            "to_budget_id": "budget.id",
            "fund_code": "fund.code",
            "fiscal_year": "fiscal_year.year",
        },
        "budget_id",
        "fiscal_year",
    )


def year_close() -> None:
    document(
        "year_close",
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("carried_over", YUAN_TOTAL, nullable=True),
        sa.Column("lapsed", YUAN_TOTAL, nullable=True),
    )
    links("year_close", {"fiscal_year": "fiscal_year.year"})
    op.create_index(
        "uq_year_close_fiscal_year",
        "year_close",
        ["fiscal_year"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'approved')"),
    )
