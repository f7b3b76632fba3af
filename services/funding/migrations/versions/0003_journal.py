"""The double-entry journal: append-only, balanced and gapless by the database itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# At the commit, because an entry and its lines are several rows.
BALANCED = """
CREATE FUNCTION journal_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) < 2 OR sum(debit) <> sum(credit)
      FROM journal_line WHERE entry_id = NEW.entry_id) THEN
    RAISE EXCEPTION 'journal entry % does not balance', NEW.entry_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced';
  END IF;
  RETURN NULL;
END $$"""
NO_GAP = """
CREATE FUNCTION journal_gapless() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (SELECT FROM journal_entry
      WHERE fiscal_year = NEW.fiscal_year AND number = NEW.number - 1) THEN
    RAISE EXCEPTION 'journal entry % of % leaves a gap', NEW.number, NEW.fiscal_year
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_gapless';
  END IF;
  IF NOT EXISTS (SELECT FROM journal_line WHERE entry_id = NEW.id) THEN
    RAISE EXCEPTION 'journal entry % has no lines', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_gapless';
  END IF;
  RETURN NULL;
END $$"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER {function} AFTER INSERT ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}()"""


def upgrade() -> None:
    account()
    journal_counter()
    journal_entry()
    journal_line()
    op.execute(BALANCED)
    op.execute(TRIGGER.format(function="journal_balanced", table="journal_line"))
    op.execute(NO_GAP)
    op.execute(TRIGGER.format(function="journal_gapless", table="journal_entry"))
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, journal_line FROM funding_app")
    op.execute("REVOKE DELETE, TRUNCATE ON account, journal_counter FROM funding_app")


def downgrade() -> None:
    op.drop_table("journal_line")
    op.drop_table("journal_entry")
    op.execute("DROP FUNCTION journal_balanced")
    op.execute("DROP FUNCTION journal_gapless")
    op.drop_table("journal_counter")
    op.drop_table("account")


def account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("debit_total", sa.Numeric(precision=26, scale=2), nullable=False),
        sa.Column("credit_total", sa.Numeric(precision=26, scale=2), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage = 'authority' OR debit_total >= credit_total", name="not_overdrawn"
        ),
        sa.CheckConstraint(
            "stage IN ('authority', 'approved', 'appropriated', 'committed', 'disbursed')",
            name="stage",
        ),
        sa.CheckConstraint("debit_total >= 0 AND credit_total >= 0", name="totals"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name="fk_account_budget_id"),
        sa.ForeignKeyConstraint(
            ["fiscal_year"], ["fiscal_year.year"], name="fk_account_fiscal_year"
        ),
        sa.ForeignKeyConstraint(["fund_code"], ["fund.code"], name="fk_account_fund_code"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("budget_id", "stage", name="uq_account_budget_id_stage"),
    )
    op.create_index("ix_account_fiscal_year_fund_code", "account", ["fiscal_year", "fund_code"])
    op.create_index("ix_account_updated_at", "account", ["updated_at"])


def journal_counter() -> None:
    op.create_table(
        "journal_counter",
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fiscal_year"], ["fiscal_year.year"], name="fk_journal_counter_fiscal_year"
        ),
        sa.PrimaryKeyConstraint("fiscal_year", name="pk_journal_counter"),
    )


def journal_entry() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("source_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("posted_by", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'reversal') = (reverses IS NOT NULL)", name="reversal"),
        sa.CheckConstraint(
            "kind IN ('approval', 'appropriation', 'commitment', 'disbursement', 'reversal')",
            name="kind",
        ),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name="fk_journal_entry_budget_id"),
        sa.ForeignKeyConstraint(
            ["fiscal_year"], ["fiscal_year.year"], name="fk_journal_entry_fiscal_year"
        ),
        sa.ForeignKeyConstraint(
            ["reverses"], ["journal_entry.id"], name="fk_journal_entry_reverses"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal_entry"),
        sa.UniqueConstraint("fiscal_year", "number", name="uq_journal_entry_fiscal_year_number"),
        sa.UniqueConstraint("reverses", name="uq_journal_entry_reverses"),
    )
    op.create_index("ix_journal_entry_budget_id", "journal_entry", ["budget_id"])
    op.create_index("ix_journal_entry_posted_at", "journal_entry", ["posted_at"])
    op.create_index("ix_journal_entry_source_id", "journal_entry", ["source_id"])


def journal_line() -> None:
    op.create_table(
        "journal_line",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("debit", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("credit", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.CheckConstraint(
            "debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)",
            name="one_side",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_journal_line_account_id"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name="fk_journal_line_entry_id"
        ),
        sa.PrimaryKeyConstraint("entry_id", "line_no", name="pk_journal_line"),
    )
    op.create_index("ix_journal_line_account_id", "journal_line", ["account_id"])
