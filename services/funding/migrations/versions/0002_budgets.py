"""Fiscal years, funds, budget lines, appropriations, counterpart reports and the rules."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    fiscal_year()
    fund()
    budget()
    budget_rules()
    appropriation()
    counterpart_report()
    funding_rule()
    funding_rule_state()
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON appropriation FROM funding_app")


def downgrade() -> None:
    op.drop_table("funding_rule_state")
    op.drop_table("funding_rule")
    op.drop_table("counterpart_report")
    op.drop_table("appropriation")
    op.drop_table("budget")
    op.drop_table("fund")
    op.drop_table("fiscal_year")


def fiscal_year() -> None:
    op.create_table(
        "fiscal_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("budget_expenditure", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("three_st_expenses", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("science_operating_expenses", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "three_st_expenses + science_operating_expenses <= budget_expenditure",
            name="parts",
        ),
        sa.CheckConstraint(
            "three_st_expenses >= 0 AND science_operating_expenses >= 0",
            name="signs",
        ),
        sa.PrimaryKeyConstraint("year", name="pk_fiscal_year"),
    )
    op.create_index("ix_fiscal_year_updated_at", "fiscal_year", ["updated_at"])


def fund() -> None:
    op.create_table(
        "fund",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose_zh", sa.String(), nullable=False),
        sa.Column("purpose_en", sa.String(), nullable=False),
        sa.Column("manager_unit", sa.String(), nullable=False),
        sa.Column("counts_towards_floor", sa.Boolean(), nullable=False),
        sa.Column("source_ref", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('special', 'three_st_expenses', 'science_operating_expenses')",
            name="kind",
        ),
        sa.PrimaryKeyConstraint("code", name="pk_fund"),
    )
    op.create_index("ix_fund_updated_at", "fund", ["updated_at"])


def budget() -> None:
    op.create_table(
        "budget",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=True),
        sa.Column("appropriated", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("committed", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("disbursed", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_budget"),
        sa.UniqueConstraint(
            "fund_code", "fiscal_year", "line", name="uq_budget_fund_code_fiscal_year_line"
        ),
    )


def budget_rules() -> None:
    op.create_check_constraint(
        "approval",
        "budget",
        "(state = 'approved') = (approved_by IS NOT NULL) AND (state = 'approved') = (document_no IS NOT NULL)",
    )
    op.create_check_constraint(
        "draft_is_untouched", "budget", "state = 'approved' OR appropriated = 0"
    )
    op.create_check_constraint("state", "budget", "state IN ('draft', 'approved')")
    op.create_check_constraint("amount", "budget", "amount > 0")
    op.create_check_constraint(
        "appropriated", "budget", "appropriated >= 0 AND appropriated <= amount"
    )
    op.create_check_constraint("maker_is_not_approver", "budget", "approved_by <> made_by")
    op.create_check_constraint(
        "committed", "budget", "committed >= 0 AND committed <= appropriated"
    )
    op.create_check_constraint("disbursed", "budget", "disbursed >= 0 AND disbursed <= committed")
    op.create_foreign_key(
        "fk_budget_fiscal_year", "budget", "fiscal_year", ["fiscal_year"], ["year"]
    )
    op.create_foreign_key("fk_budget_fund_code", "budget", "fund", ["fund_code"], ["code"])
    op.create_index("ix_budget_fiscal_year", "budget", ["fiscal_year"])
    op.create_index("ix_budget_updated_at", "budget", ["updated_at"])


def appropriation() -> None:
    op.create_table(
        "appropriation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("appropriated_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name="fk_appropriation_budget_id"),
        sa.ForeignKeyConstraint(
            ["fiscal_year"], ["fiscal_year.year"], name="fk_appropriation_fiscal_year"
        ),
        sa.ForeignKeyConstraint(["fund_code"], ["fund.code"], name="fk_appropriation_fund_code"),
        sa.PrimaryKeyConstraint("id", name="pk_appropriation"),
    )
    op.create_index("ix_appropriation_budget_id", "appropriation", ["budget_id"])
    op.create_index("ix_appropriation_fiscal_year", "appropriation", ["fiscal_year"])
    op.create_index("ix_appropriation_updated_at", "appropriation", ["updated_at"])


def counterpart_report() -> None:
    op.create_table(
        "counterpart_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'reported') = (reviewed_by IS NULL)", name="reviewed"),
        sa.CheckConstraint("state IN ('reported', 'verified', 'returned')", name="state"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("reviewed_by <> reported_by", name="reporter_is_not_reviewer"),
        sa.PrimaryKeyConstraint("id", name="pk_counterpart_report"),
    )
    op.create_index(
        "ix_counterpart_report_fiscal_year_state", "counterpart_report", ["fiscal_year", "state"]
    )
    op.create_index("ix_counterpart_report_updated_at", "counterpart_report", ["updated_at"])
    op.create_index(
        "uq_counterpart_report_unit_period",
        "counterpart_report",
        ["unit_code", "period"],
        unique=True,
        postgresql_where=sa.text("state <> 'returned'"),
    )


def funding_rule() -> None:
    op.create_table(
        "funding_rule",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("formula", sa.String(), nullable=False),
        sa.Column("comparator", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("thresholds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("funds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("source_ref", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("comparator IN ('at_least', 'reach')", name="comparator"),
        sa.CheckConstraint(
            "formula IN ('three_st_share', 'st_share', 'leverage', 'special_funds_floor')",
            name="formula",
        ),
        sa.PrimaryKeyConstraint("code", name="pk_funding_rule"),
    )
    op.create_index("ix_funding_rule_updated_at", "funding_rule", ["updated_at"])


def funding_rule_state() -> None:
    op.create_table(
        "funding_rule_state",
        sa.Column("rule_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actual", sa.Numeric(precision=40, scale=6), nullable=True),
        sa.Column("threshold", sa.Numeric(precision=40, scale=6), nullable=True),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("breach_told", sa.Boolean(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('satisfied', 'breached', 'pending', 'unknown')",
            name="state",
        ),
        sa.ForeignKeyConstraint(
            ["rule_code"], ["funding_rule.code"], name="fk_funding_rule_state_rule_code"
        ),
        sa.PrimaryKeyConstraint("rule_code", "fiscal_year", name="pk_funding_rule_state"),
    )
