"""Kinds of support besides projects, and what comes after an award: acceptance and evaluation."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

YUAN = sa.Numeric(precision=20, scale=2)
PERCENT = sa.Numeric(precision=9, scale=6)
KINDS = "'innovation_award', 'patent_subsidy', 'interest_subsidy', 'platform_grant'"
SUPPORTS = ("patent_subsidy", "interest_subsidy", "innovation_award", "platform_grant")
AFTER = ("acceptance", "performance_evaluation")
LIVE = "state IN ('draft', 'approved') AND award_state IS DISTINCT FROM 'cancelled'"
JOURNAL = (
    "kind IN ('approval', 'appropriation', 'commitment', 'disbursement', 'refund', 'adjustment',"
    " 'transfer', 'carry_over', 'close', 'reversal'{})"
)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    award()
    support_rate()
    patent_subsidy()
    interest_subsidy()
    innovation_award()
    platform_grant()
    acceptance()
    acceptance_file()
    performance_evaluation()
    op.execute(f"REVOKE DELETE, TRUNCATE ON {', '.join((*SUPPORTS, *AFTER))} FROM funding_app")


def downgrade() -> None:
    op.drop_table("acceptance_file")
    for table in AFTER:
        op.drop_table(table)
    for table in (*SUPPORTS, "support_rate"):
        op.drop_table(table)
    op.drop_constraint("uq_award_id_state", "award")
    op.drop_constraint("ck_award_closed_has_nothing_left", "award")
    op.drop_constraint("ck_award_kind", "award")
    replace("award", "state", "state IN ('granted', 'cancelled')")
    replace(
        "award", "within_commitment", "requested >= 0 AND paid >= 0 AND requested + paid <= amount"
    )
    replace("award", "cancelled_is_unpaid", "state = 'granted' OR requested + paid = 0")
    replace("journal_entry", "kind", JOURNAL.format(""))
    op.drop_column("award", "released")
    op.drop_column("award", "kind")
    op.execute("DROP EXTENSION btree_gist")


def replace(table: str, name: str, rule: str) -> None:
    """Give a rule another text."""
    op.drop_constraint(f"ck_{table}_{name}", table)
    op.create_check_constraint(name, table, rule)


def award() -> None:
    for name, type_, default in (("kind", sa.String(), "'project_grant'"), ("released", YUAN, "0")):
        column = sa.Column(name, type_, nullable=False, server_default=sa.text(default))
        op.add_column("award", column)
        op.alter_column("award", name, server_default=None)
    replace("award", "state", "state IN ('granted', 'cancelled', 'closed')")
    replace(
        "award",
        "within_commitment",
        "requested >= 0 AND paid >= 0 AND requested + paid + released <= amount",
    )
    replace("award", "cancelled_is_unpaid", "state <> 'cancelled' OR requested + paid = 0")
    op.create_check_constraint(
        "closed_has_nothing_left",
        "award",
        "released >= 0 AND (state = 'closed' OR released = 0)"
        " AND (state <> 'closed' OR requested + paid + released = amount)",
    )
    op.create_check_constraint("kind", "award", f"kind IN ('project_grant', {KINDS})")
    op.create_unique_constraint("uq_award_id_state", "award", ["id", "state"])
    replace("journal_entry", "kind", JOURNAL.format(", 'release'"))


def support_rate() -> None:
    op.create_table(
        "support_rate",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("amount", YUAN, nullable=True),
        sa.Column("share", PERCENT, nullable=True),
        sa.Column("cap", YUAN, nullable=True),
        *versioned(),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        sa.CheckConstraint(
            "amount > 0 AND share > 0 AND share <= 100 AND cap > 0", name="positive"
        ),
        sa.CheckConstraint(
            "(amount IS NULL) = (share IS NOT NULL AND cap IS NOT NULL)", name="what"
        ),
        *links("support_rate", fiscal_year="fiscal_year.year", fund_code="fund.code"),
        sa.PrimaryKeyConstraint("code", name="pk_support_rate"),
        sa.UniqueConstraint(
            "kind", "grade", "fiscal_year", name="uq_support_rate_kind_grade_fiscal_year"
        ),
    )
    op.create_index("ix_support_rate_updated_at", "support_rate", ["updated_at"])


def versioned() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def links(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")
        for column, target in targets.items()
    ]


def support(table: str, *own: Any) -> None:
    """A table of a kind of support: its own columns and rules, and those of every kind."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("formula", sa.String(), nullable=False),
        sa.Column("inputs", JSONB(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=True),
        sa.Column("award_state", sa.String(), nullable=True),
        *own,
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        *versioned(),
        sa.CheckConstraint("state IN ('draft', 'approved', 'rejected', 'withdrawn')", name="state"),
        sa.CheckConstraint("(state = 'draft') = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR decided_by <> made_by", name="maker_decides_not"
        ),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(
            "(award_id IS NULL) = (award_state IS NULL)"
            " AND (award_id IS NULL OR state = 'approved')",
            name="award",
        ),
        *links(table, fiscal_year="fiscal_year.year", fund_code="fund.code"),
        sa.ForeignKeyConstraint(
            ["award_id", "award_state"],
            ["award.id", "award.state"],
            name=f"fk_{table}_award_id_award_state",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("award_id", name=f"uq_{table}_award_id"),
    )
    for column in ("payee_unit", "fiscal_year", "updated_at"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def once(name: str, table: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), unique=True, postgresql_where=sa.text(LIVE))


def patent_subsidy() -> None:
    support(
        "patent_subsidy",
        sa.Column("patent_number", sa.String(), nullable=False),
        sa.Column("patent_type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.CheckConstraint("patent_type IN ('invention', 'utility_model', 'design')", name="type"),
    )
    once("uq_patent_subsidy_number", "patent_subsidy", "patent_number")


def interest_subsidy() -> None:
    support(
        "interest_subsidy",
        sa.Column("lender", sa.String(), nullable=False),
        sa.Column("loan_contract", sa.String(), nullable=False),
        sa.Column("contract_key", sa.String(), nullable=False),
        sa.Column("principal", YUAN, nullable=False),
        sa.Column("annual_rate", PERCENT, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("day_count", sa.String(), nullable=False),
        sa.CheckConstraint("day_count IN ('act_360', 'act_365')", name="day_count"),
        sa.CheckConstraint("principal > 0 AND annual_rate > 0", name="loan"),
        sa.CheckConstraint("ends_on > starts_on", name="period"),
        ExcludeConstraint(
            (sa.column("payee_unit"), "="),
            (sa.column("contract_key"), "="),
            (sa.text("daterange(starts_on, ends_on)"), "&&"),
            name="ex_interest_subsidy_overlap",
            using="gist",
            where=sa.text(LIVE),
        ),
    )


def innovation_award() -> None:
    support(
        "innovation_award",
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("achievement", sa.String(), nullable=False),
        sa.Column("nominee_kind", sa.String(), nullable=False),
        sa.Column("nominee_name", sa.String(), nullable=False),
        sa.Column("nominee_key", sa.String(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("bank_account", sa.String(), nullable=True),
        sa.CheckConstraint("nominee_kind IN ('person', 'collective')", name="nominee_kind"),
        sa.CheckConstraint("(nominee_kind = 'person') = (id_number IS NOT NULL)", name="id_number"),
    )
    once("uq_innovation_award_nominee", "innovation_award", "fiscal_year", "nominee_key")


def platform_grant() -> None:
    support(
        "platform_grant",
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("item_key", sa.String(), nullable=False),
        sa.Column("cost", YUAN, nullable=False),
        sa.Column("own_funds", YUAN, nullable=False),
        sa.CheckConstraint("cost > 0 AND own_funds >= 0", name="cost"),
        sa.CheckConstraint("amount + own_funds <= cost", name="not_above_cost"),
    )
    once("uq_platform_grant_item", "platform_grant", "payee_unit", "item_key")


def acceptance() -> None:
    op.create_table(
        "acceptance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("experts", JSONB(), nullable=False),
        sa.Column("opinions", JSONB(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        sa.Column("concluded_by", sa.String(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("released", YUAN, nullable=True),
        sa.Column("give_back", YUAN, nullable=True),
        sa.Column("repayments", JSONB(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'rectification', 'passed',"
            " 'passed_after_rectification', 'failed')",
            name="state",
        ),
        sa.CheckConstraint(
            "(state IN ('passed', 'passed_after_rectification', 'failed'))"
            " = (released IS NOT NULL AND give_back IS NOT NULL)",
            name="concluded",
        ),
        sa.CheckConstraint("released >= 0 AND give_back >= 0", name="amounts"),
        sa.CheckConstraint("state = 'failed' OR give_back = 0", name="only_failed_give_back"),
        sa.CheckConstraint("concluded_by <> submitted_by", name="submitter_does_not_conclude"),
        *links("acceptance", award_id="award.id"),
        sa.PrimaryKeyConstraint("id", name="pk_acceptance"),
        sa.UniqueConstraint("award_id", name="uq_acceptance_award_id"),
    )
    for column in ("payee_unit", "updated_at"):
        op.create_index(f"ix_acceptance_{column}", "acceptance", [column])


def acceptance_file() -> None:
    op.create_table(
        "acceptance_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        *links("acceptance_file", acceptance_id="acceptance.id", file_sha256="stored_file.sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_acceptance_file"),
        sa.UniqueConstraint(
            "acceptance_id", "file_sha256", name="uq_acceptance_file_acceptance_id_file_sha256"
        ),
    )
    op.create_index("ix_acceptance_file_file_sha256", "acceptance_file", ["file_sha256"])


def performance_evaluation() -> None:
    op.create_table(
        "performance_evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("indicators", JSONB(), nullable=False),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        *versioned(),
        sa.CheckConstraint("state IN ('draft', 'published')", name="state"),
        sa.CheckConstraint("(state = 'published') = (published_by IS NOT NULL)", name="published"),
        sa.CheckConstraint("grade IN ('excellent', 'good', 'fair', 'poor')", name="grade"),
        sa.CheckConstraint("score >= 0 AND score <= 100", name="score"),
        *links("performance_evaluation", award_id="award.id"),
        sa.PrimaryKeyConstraint("id", name="pk_performance_evaluation"),
        sa.UniqueConstraint("award_id", name="uq_performance_evaluation_award_id"),
    )
    for column in ("payee_unit", "updated_at"):
        op.create_index(f"ix_performance_evaluation_{column}", "performance_evaluation", [column])
