"""Refunds as a stage; what an account stood at after every entry; what a month added; nobody at all
changes what was booked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAGES = ("authority", "approved", "appropriated", "committed", "disbursed")
KINDS = ("approval", "appropriation", "commitment", "disbursement")
LATER_KINDS = ("refund", "adjustment", "transfer", "carry_over", "close")
FIGURES = (
    "approved", "appropriated", "committed", "disbursed", "refunded", "carried_over", "lapsed",
)  # fmt: skip
BOOKED = "journal_entry, journal_line"

REFUNDED_ACCOUNTS = """
INSERT INTO account (id, budget_id, fund_code, fiscal_year, stage, debit_total, credit_total,
 updated_at)
SELECT gen_random_uuid(), id, fund_code, fiscal_year, 'refunded', 0, 0, now() FROM budget
WHERE state = 'approved'
"""
APPROPRIATED_ON = """
UPDATE journal_entry e SET occurred_on = s.appropriated_on FROM appropriation s
WHERE s.id = e.source_id AND e.kind = 'appropriation'
"""
PAID_ON = """
UPDATE journal_entry e SET occurred_on = s.paid_on FROM disbursement s
WHERE s.id = e.source_id AND e.kind = 'disbursement' AND s.paid_on IS NOT NULL
"""
RUNNING = """
UPDATE journal_line l SET number = r.number, debit_total = r.debits, credit_total = r.credits
FROM (
 SELECT l.entry_id, l.line_no, e.number,
  sum(l.debit) OVER so_far AS debits, sum(l.credit) OVER so_far AS credits
 FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
 WINDOW so_far AS (PARTITION BY l.account_id ORDER BY e.number)
) r WHERE r.entry_id = l.entry_id AND r.line_no = l.line_no
"""
COUNTED_AT = """
UPDATE journal_counter c SET posted_at = (SELECT max(posted_at) FROM journal_entry e
 WHERE e.fiscal_year = c.fiscal_year)
"""
# What had been booked before: a stage's figure is what stands at it and at all after it.
MONTHS = """
INSERT INTO execution_month
SELECT e_fund, e_year, e_month, sum(moved * (stage <> 'authority')::int),
 sum(moved * (stage IN ('appropriated', 'committed', 'disbursed'))::int),
 sum(moved * (stage IN ('committed', 'disbursed'))::int),
 sum(moved * (stage = 'disbursed')::int), 0, 0, 0, max(at)
FROM (
 SELECT a.fund_code AS e_fund, a.fiscal_year AS e_year, a.stage, l.debit - l.credit AS moved,
  e.posted_at AS at, CASE WHEN e.kind = 'approval' THEN 1
   WHEN extract(year FROM e.occurred_on) < a.fiscal_year THEN 1
   WHEN extract(year FROM e.occurred_on) > a.fiscal_year THEN 12
   ELSE extract(month FROM e.occurred_on) END AS e_month
 FROM journal_line l JOIN account a ON a.id = l.account_id JOIN journal_entry e ON e.id = l.entry_id
) m GROUP BY 1, 2, 3
"""
REFUSED = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    stages_and_kinds((*STAGES, "refunded"), (*KINDS, *LATER_KINDS, "reversal"))
    op.execute(REFUNDED_ACCOUNTS)
    entries()
    counter()
    lines()
    months()
    op.execute(REFUSED)
    for table in BOOKED.split(", "):
        op.execute(APPEND_ONLY.format(table=table))


def downgrade() -> None:
    for table in BOOKED.split(", "):
        op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change")
    op.drop_table("execution_month")
    op.drop_constraint("uq_journal_line_account_id_number", "journal_line")
    op.create_index("ix_journal_line_account_id", "journal_line", ["account_id"])
    for column in ("number", "debit_total", "credit_total"):
        op.drop_column("journal_line", column)
    op.drop_column("journal_counter", "posted_at")
    op.drop_index("ix_journal_entry_fiscal_year_posted_at_number", "journal_entry")
    op.drop_column("journal_entry", "occurred_on")
    op.execute("DELETE FROM account WHERE stage = 'refunded'")
    stages_and_kinds(STAGES, (*KINDS, "reversal"))


def stages_and_kinds(stages: Sequence[str], kinds: Sequence[str]) -> None:
    """Let an account stand at these stages, and an entry be of these kinds."""
    for table, column, allowed in (
        ("account", "stage", stages),
        ("journal_entry", "kind", kinds),
    ):
        op.drop_constraint(f"ck_{table}_{column}", table)
        names = ", ".join(f"'{name}'" for name in allowed)
        op.create_check_constraint(column, table, f"{column} IN ({names})")


def entries() -> None:
    op.add_column("journal_entry", sa.Column("occurred_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE journal_entry SET occurred_on = (posted_at AT TIME ZONE 'Asia/Shanghai')::date"
    )
    op.execute(APPROPRIATED_ON)
    op.execute(PAID_ON)
    op.alter_column("journal_entry", "occurred_on", nullable=False)
    op.create_index(
        "ix_journal_entry_fiscal_year_posted_at_number",
        "journal_entry",
        ["fiscal_year", "posted_at", "number"],
    )


def counter() -> None:
    op.add_column(
        "journal_counter", sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(COUNTED_AT)
    op.alter_column("journal_counter", "posted_at", nullable=False)


def lines() -> None:
    total = sa.Numeric(precision=26, scale=2)
    for name, kind in (
        ("number", sa.BigInteger()),
        ("debit_total", total),
        ("credit_total", total),
    ):
        op.add_column("journal_line", sa.Column(name, kind, nullable=True))
    op.execute(RUNNING)
    for name in ("number", "debit_total", "credit_total"):
        op.alter_column("journal_line", name, nullable=False)
    op.drop_index("ix_journal_line_account_id", "journal_line")
    op.create_unique_constraint(
        "uq_journal_line_account_id_number", "journal_line", ["account_id", "number"]
    )


def months() -> None:
    total = sa.Numeric(precision=26, scale=2)
    op.create_table(
        "execution_month",
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, total, nullable=False) for name in FIGURES),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        sa.ForeignKeyConstraint(
            ["fiscal_year"], ["fiscal_year.year"], name="fk_execution_month_fiscal_year"
        ),
        sa.ForeignKeyConstraint(["fund_code"], ["fund.code"], name="fk_execution_month_fund_code"),
        sa.PrimaryKeyConstraint("fund_code", "fiscal_year", "month", name="pk_execution_month"),
    )
    op.execute(MONTHS)
    op.execute("REVOKE DELETE, TRUNCATE ON execution_month FROM funding_app")
