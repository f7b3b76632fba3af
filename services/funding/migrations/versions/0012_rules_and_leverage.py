"""Cancelled calls; revisions and evaluations of the rules; counterpart reports of projects."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CALL_STATES = "'draft', 'published', 'open', 'closed', 'ranked', 'announced', 'awarded'"
APPLICATION_STATES = (
    "'draft', 'submitted', 'returned', 'resubmitted', 'accepted', 'refused', 'withdrawn',"
    " 'awarded', 'declined'"
)
FORMULAS = "'three_st_share', 'st_share', 'leverage', 'special_funds_floor'"
RULES = {
    "formula": f"formula IN ({FORMULAS}, 'custom')",
    "comparator": "comparator IN ('at_least', 'reach', 'at_most')",
    "judged": "judged IN ('at_once', 'year_end')",
}
# What the plan's formulas stand for.
EXPRESSIONS = """
UPDATE funding_rule SET expression = CASE formula
  WHEN 'three_st_share' THEN 'three_st_expenses / budget_expenditure * 100'
  WHEN 'st_share' THEN
   '(three_st_expenses + science_operating_expenses) / budget_expenditure * 100'
  WHEN 'leverage' THEN 'enterprise_st_input / government_st_input'
  ELSE 'special_funds_appropriated / 10000' END,
 judged = CASE formula WHEN 'special_funds_floor' THEN 'year_end' ELSE 'at_once' END,
 inputs = CASE formula
  WHEN 'three_st_share' THEN ARRAY['budget_expenditure', 'three_st_expenses']
  WHEN 'st_share' THEN
   ARRAY['budget_expenditure', 'science_operating_expenses', 'three_st_expenses']
  WHEN 'leverage' THEN ARRAY['enterprise_st_input', 'government_st_input']
  ELSE ARRAY['special_funds_appropriated'] END"""
# The history begins with what is said now, and with what was last found.
FIRST_REVISIONS = """
INSERT INTO funding_rule_revision (id, rule_code, number, ends, revised_by, revised_at, programme,
 name_zh, name_en, formula, expression, comparator, judged, unit, thresholds, inputs, funds,
 source_ref)
SELECT gen_random_uuid(), code, 1, false, 'migration', created_at, programme, name_zh, name_en,
 formula, expression, comparator, judged, unit, thresholds, inputs, funds, source_ref
FROM funding_rule"""
NOTHING_IS_NULL = """
UPDATE funding_rule_state SET inputs = replace(inputs::text, '"None"', 'null')::jsonb"""
FIRST_EVALUATIONS = """
INSERT INTO funding_rule_evaluation (id, rule_code, fiscal_year, revision, state, actual, threshold,
 distance, inputs, missing, evaluated_at)
SELECT gen_random_uuid(), rule_code, fiscal_year, 1, state, actual, threshold, actual - threshold,
 inputs, ARRAY(SELECT key FROM jsonb_each(inputs) WHERE value = 'null'), evaluated_at
FROM funding_rule_state"""


def upgrade() -> None:
    cancelled_calls()
    definitions()
    revisions()
    evaluations()
    projects()
    evidence()
    for statement in (FIRST_REVISIONS, NOTHING_IS_NULL, FIRST_EVALUATIONS):
        op.execute(statement)
    op.execute(
        "REVOKE UPDATE, DELETE, TRUNCATE ON funding_rule_revision, funding_rule_evaluation"
        " FROM funding_app"
    )


def downgrade() -> None:
    op.drop_table("counterpart_file")
    for name in ("award_has_a_fund", "corrects_another"):
        op.drop_constraint(f"ck_counterpart_report_{name}", "counterpart_report")
    one_report_a(["unit_code", "period"])
    for name in ("award_id", "fund_code", "corrects"):
        op.drop_column("counterpart_report", name)
    op.drop_table("funding_rule_evaluation")
    op.drop_table("funding_rule_revision")
    op.drop_constraint("ck_funding_rule_judged", "funding_rule")
    replace("funding_rule", "comparator", "comparator IN ('at_least', 'reach')")
    replace("funding_rule", "formula", f"formula IN ({FORMULAS})")
    for name in ("expression", "judged", "document_no", "ended_from"):
        op.drop_column("funding_rule", name)
    replace("application", "number", "state IN ('draft', 'withdrawn') OR number IS NOT NULL")
    replace("application", "state", f"state IN ({APPLICATION_STATES})")
    op.drop_constraint("ck_funding_call_cancelled", "funding_call")
    op.drop_column("funding_call", "cancel_reason")
    replace("funding_call", "published", "(state = 'draft') = (published_by IS NULL)")
    replace("funding_call", "state", f"state IN ({CALL_STATES})")


def replace(table: str, name: str, rule: str) -> None:
    """Give a rule of a table another text."""
    op.drop_constraint(f"ck_{table}_{name}", table)
    op.create_check_constraint(name, table, rule)


def cancelled_calls() -> None:
    replace("funding_call", "state", f"state IN ({CALL_STATES}, 'cancelled')")
    replace(
        "funding_call",
        "published",
        "CASE state WHEN 'draft' THEN published_by IS NULL WHEN 'cancelled' THEN true"
        " ELSE published_by IS NOT NULL END",
    )
    op.add_column("funding_call", sa.Column("cancel_reason", sa.String(), nullable=True))
    op.create_check_constraint(
        "cancelled", "funding_call", "(state = 'cancelled') = (cancel_reason IS NOT NULL)"
    )
    replace("application", "state", f"state IN ({APPLICATION_STATES}, 'cancelled')")
    replace(
        "application",
        "number",
        "state IN ('draft', 'withdrawn', 'cancelled') OR number IS NOT NULL",
    )


def definitions() -> None:
    for name in ("expression", "judged", "document_no"):
        op.add_column("funding_rule", sa.Column(name, sa.String(), nullable=True))
    op.add_column("funding_rule", sa.Column("ended_from", sa.Integer(), nullable=True))
    op.execute(EXPRESSIONS)
    for name in ("expression", "judged"):
        op.alter_column("funding_rule", name, nullable=False)
    for name in ("formula", "comparator"):
        replace("funding_rule", name, RULES[name])
    op.create_check_constraint("judged", "funding_rule", RULES["judged"])


def revisions() -> None:
    op.create_table(
        "funding_rule_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("revised_by", sa.String(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("formula", sa.String(), nullable=False),
        sa.Column("expression", sa.String(), nullable=False),
        sa.Column("comparator", sa.String(), nullable=False),
        sa.Column("judged", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("thresholds", JSONB(), nullable=False),
        sa.Column("inputs", ARRAY(sa.Text()), nullable=False),
        sa.Column("funds", ARRAY(sa.Text()), nullable=False),
        sa.Column("source_ref", sa.String(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=True),
        *(sa.CheckConstraint(rule, name=name) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(
            ["rule_code"], ["funding_rule.code"], name="fk_funding_rule_revision_rule_code"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_funding_rule_revision"),
        sa.UniqueConstraint(
            "rule_code", "number", name="uq_funding_rule_revision_rule_code_number"
        ),
    )


def evaluations() -> None:
    figure = sa.Numeric(precision=40, scale=6)
    op.create_table(
        "funding_rule_evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actual", figure, nullable=True),
        sa.Column("threshold", figure, nullable=True),
        sa.Column("distance", figure, nullable=True),
        sa.Column("spare", sa.Numeric(precision=40, scale=2), nullable=True),
        sa.Column("inputs", JSONB(), nullable=False),
        sa.Column("missing", ARRAY(sa.Text()), nullable=False),
        sa.Column("correlation_id", sa.String(), nullable=True),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('satisfied', 'breached', 'pending', 'unknown')", name="state"
        ),
        sa.ForeignKeyConstraint(
            ["rule_code"], ["funding_rule.code"], name="fk_funding_rule_evaluation_rule_code"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_funding_rule_evaluation"),
    )
    op.create_index(
        "ix_funding_rule_evaluation_order",
        "funding_rule_evaluation",
        ["rule_code", "fiscal_year", "evaluated_at"],
    )


def projects() -> None:
    for name, kind, of in (
        ("award_id", sa.Uuid(), "award.id"),
        ("fund_code", sa.String(), "fund.code"),
        ("corrects", sa.Uuid(), "counterpart_report.id"),
    ):
        op.add_column("counterpart_report", sa.Column(name, kind, nullable=True))
        table, _, column = of.partition(".")
        op.create_foreign_key(
            f"fk_counterpart_report_{name}", "counterpart_report", table, [name], [column]
        )
    op.create_index("ix_counterpart_report_award_id", "counterpart_report", ["award_id"])
    op.create_unique_constraint(
        "uq_counterpart_report_corrects", "counterpart_report", ["corrects"]
    )
    op.create_check_constraint(
        "award_has_a_fund", "counterpart_report", "(award_id IS NULL) = (fund_code IS NULL)"
    )
    op.create_check_constraint("corrects_another", "counterpart_report", "corrects <> id")
    one_report_a(["unit_code", "period", "award_id"])


def one_report_a(columns: list[str]) -> None:
    """What there may be one report of that was not returned."""
    name = "uq_counterpart_report_unit_period"
    op.drop_index(name, "counterpart_report")
    op.create_index(
        name,
        "counterpart_report",
        columns,
        unique=True,
        postgresql_where=sa.text("state <> 'returned'"),
        postgresql_nulls_not_distinct="award_id" in columns or None,
    )


def evidence() -> None:
    op.create_table(
        "counterpart_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["counterpart_report.id"], name="fk_counterpart_file_report_id"
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_file.sha256"], name="fk_counterpart_file_file_sha256"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_counterpart_file"),
        sa.UniqueConstraint(
            "report_id", "file_sha256", name="uq_counterpart_file_report_id_file_sha256"
        ),
    )
    op.create_index("ix_counterpart_file_file_sha256", "counterpart_file", ["file_sha256"])
