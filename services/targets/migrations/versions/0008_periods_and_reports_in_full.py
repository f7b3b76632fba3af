"""Due dates in workdays, exceptions and restatements; reports, key tasks and conflicts in full."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

QUANTITY = sa.Numeric(precision=20, scale=6)
TABLES = (
    "ruled_day",
    "period_exception",
    "conflict_argument",
    "task_milestone",
    "overdue_report",
    "reporting_rule",
    "report_action",
    "restatement",
    "evidence_file",
)
APPEND_ONLY = "conflict_argument, report_action, restatement"
NEW_OF_REPORTS = {
    "usual_low": QUANTITY,
    "usual_high": QUANTITY,
    "outlier_explanation": sa.Text(),
    "adjusted_value": QUANTITY,
    "adjusted_numerator": QUANTITY,
    "adjusted_denominator": QUANTITY,
    "adjustment_reason": sa.Text(),
    "withdrawal_reason": sa.Text(),
}
CHECKS = {
    ("progress_report", "state"): (
        "state IN ('draft', 'submitted', 'verified', 'returned', 'resubmitted', 'withdrawn')",
        "state IN ('draft', 'submitted', 'verified', 'returned', 'resubmitted')",
    ),
    ("progress_report", "verifier_is_not_reporter"): (
        "verified_by IS NULL OR (verified_by <> created_by AND verified_by <> submitted_by"
        " AND NOT verified_by = ANY(reporters))",
        "verified_by IS NULL OR (verified_by <> created_by AND verified_by <> submitted_by)",
    ),
    ("progress_report", "adjustment"): (
        "(adjusted_value IS NULL) = (adjustment_reason IS NULL)"
        " AND (adjusted_value IS NULL OR state = 'verified')",
        None,
    ),
    ("observation", "source_kind"): (
        "source_kind IN ('reported', 'parks', 'funding', 'ruling')",
        "source_kind IN ('reported', 'parks', 'funding')",
    ),
    ("plan_conflict", "state"): (
        "state IN ('open', 'argued', 'ruled')",
        "state IN ('open', 'ruled')",
    ),
}
"""Table and name → what holds from here on, and what held before."""


def upgrade() -> None:
    create_ruled_day()
    create_period_exception()
    create_conflict_argument()
    create_task_milestone()
    create_overdue_report()
    create_reporting_rule()
    create_report_action()
    create_restatement()
    create_evidence_file()
    extend_tables()
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {APPEND_ONLY} FROM targets_app")
    op.execute("REVOKE DELETE, TRUNCATE ON period_exception, overdue_report FROM targets_app")
    # From here on every statement is a transaction of its own: checks are read over and the index
    # is built while the service goes on writing.
    with op.get_context().autocommit_block():
        for (table, name), (rule, old) in CHECKS.items():
            replace_check(table, name, rule, had=old is not None)
        replace_index("uq_progress_report_in_progress", "state NOT IN ('verified', 'withdrawn')")
        op.execute("DROP INDEX CONCURRENTLY uq_progress_report_unverified")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for (table, name), (_, old) in CHECKS.items():
            replace_check(table, name, old, had=True)
        replace_index("uq_progress_report_unverified", "state <> 'verified'")
        op.execute("DROP INDEX CONCURRENTLY uq_progress_report_in_progress")
    for name in ("due_workdays", "due_provisional", "first_closed_at"):
        op.drop_column("reporting_period", name)
    for name in ("reporters", *NEW_OF_REPORTS):
        op.drop_column("progress_report", name)
    op.drop_column("plan_conflict", "consequences")
    op.drop_column("key_task", "overdue_at")
    for table in reversed(TABLES):
        op.drop_table(table)


def extend_tables() -> None:
    """Empty columns or with a constant: the release that does not know them goes on writing."""
    op.add_column("key_task", moment("overdue_at"))
    op.add_column(
        "plan_conflict",
        sa.Column("consequences", postgresql.JSONB(), server_default="[]", nullable=False),
    )
    for name, kind in NEW_OF_REPORTS.items():
        op.add_column("progress_report", sa.Column(name, kind, nullable=True))
    op.add_column(
        "progress_report",
        sa.Column("reporters", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.execute(
        "UPDATE progress_report SET reporters = array_remove(ARRAY[created_by, submitted_by], NULL)"
    )
    op.add_column("reporting_period", sa.Column("due_workdays", sa.Integer(), nullable=True))
    op.add_column(
        "reporting_period",
        sa.Column("due_provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("reporting_period", moment("first_closed_at"))
    count_due_dates()


def count_due_dates() -> None:
    """What the office did not set itself is counted in workdays; the worker moves the days."""
    op.execute(
        """
        UPDATE reporting_period SET due_workdays =
          CASE kind WHEN 'half_month' THEN 3 WHEN 'month' THEN 7 WHEN 'quarter' THEN 10 ELSE 20 END
        WHERE due_on = ends_on + 10
        """
    )
    op.execute(
        """
        UPDATE reporting_period p SET first_closed_at = a.acted_at
        FROM (SELECT period, min(acted_at) AS acted_at FROM period_action
              WHERE action = 'close' GROUP BY period) a
        WHERE a.period = p.period
        """
    )


def replace_check(table: str, name: str, rule: str | None, *, had: bool) -> None:
    full = f"ck_{table}_{name}"
    changes = [f"DROP CONSTRAINT {full}"] if had else []
    changes += [f"ADD CONSTRAINT {full} CHECK ({rule}) NOT VALID"] if rule else []
    op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
    if rule is not None:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {full}")


def replace_index(name: str, where: str) -> None:
    """Of a report in progress there is one for an indicator, unit and period."""
    op.create_index(
        name,
        "progress_report",
        ["indicator_code", "unit_code", "period"],
        unique=True,
        postgresql_where=sa.text(where),
        postgresql_concurrently=True,
    )


def moment(name: str, *, required: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def versioned() -> list[sa.Column[object]]:
    """What every row has that callers change."""
    version = sa.Column("version", sa.BigInteger(), nullable=False)
    return [version, moment("created_at", required=True), moment("updated_at", required=True)]


def create_ruled_day() -> None:
    op.create_table(
        "ruled_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workday", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ruled_day")),
    )


def create_period_exception() -> None:
    op.create_table(
        "period_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        moment("ended_at"),
        sa.Column("ended_by", sa.Text(), nullable=True),
        *versioned(),
        refers("period_exception", "period", "reporting_period.period"),
        refers("period_exception", "unit_code", "unit.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_exception")),
    )
    op.create_index(
        "ix_period_exception_of", "period_exception", ["period", "unit_code"], unique=False
    )
    op.create_index(
        op.f("ix_period_exception_updated_at"), "period_exception", ["updated_at"], unique=False
    )


def create_conflict_argument() -> None:
    op.create_table(
        "conflict_argument",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conflict_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("argued_by", sa.Text(), nullable=False),
        moment("argued_at", required=True),
        refers("conflict_argument", "conflict_code", "plan_conflict.code"),
        refers("conflict_argument", "unit_code", "unit.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_argument")),
    )
    op.create_index(
        "ix_conflict_argument_order",
        "conflict_argument",
        ["conflict_code", "argued_at", "id"],
        unique=False,
    )


def create_task_milestone() -> None:
    op.create_table(
        "task_milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_task", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("weight", QUANTITY, nullable=False),
        sa.Column("responsible_unit", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("percent_complete", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reported_by", sa.Text(), nullable=True),
        moment("reported_at"),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        moment("claimed_at"),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        moment("confirmed_at"),
        sa.Column("return_reason", sa.Text(), nullable=True),
        moment("overdue_at"),
        *versioned(),
        check("task_milestone", "reached", "(state = 'confirmed') = (percent_complete = 100)"),
        check("task_milestone", "state", "state IN ('open', 'claimed', 'confirmed')"),
        check("task_milestone", "claimant_does_not_confirm", "confirmed_by <> claimed_by"),
        check("task_milestone", "percent", "percent_complete BETWEEN 0 AND 100"),
        check("task_milestone", "weight", "weight > 0"),
        refers("task_milestone", "key_task", "key_task.code"),
        refers("task_milestone", "responsible_unit", "unit.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_milestone")),
        sa.UniqueConstraint("key_task", "code", name=op.f("uq_task_milestone_key_task_code")),
    )
    op.create_index(
        op.f("ix_task_milestone_updated_at"), "task_milestone", ["updated_at"], unique=False
    )


def create_overdue_report() -> None:
    op.create_table(
        "overdue_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        moment("found_at", required=True),
        moment("handed_in_at"),
        moment("updated_at", required=True),
        refers("overdue_report", "indicator_code", "indicator.code"),
        refers("overdue_report", "period", "reporting_period.period"),
        refers("overdue_report", "unit_code", "unit.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overdue_report")),
        sa.UniqueConstraint(
            "indicator_code",
            "unit_code",
            "period",
            name=op.f("uq_overdue_report_indicator_code_unit_code_period"),
        ),
    )
    op.create_index(
        "ix_overdue_report_unit", "overdue_report", ["unit_code", "updated_at"], unique=False
    )


def create_reporting_rule() -> None:
    op.create_table(
        "reporting_rule",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("outlier_threshold", QUANTITY, nullable=True),
        sa.Column("outlier_min_history", sa.Integer(), nullable=False),
        *versioned(),
        check("reporting_rule", "min_history", "outlier_min_history BETWEEN 4 AND 36"),
        check("reporting_rule", "threshold", "outlier_threshold > 0"),
        refers("reporting_rule", "indicator_code", "indicator.code"),
        sa.PrimaryKeyConstraint("indicator_code", name=op.f("pk_reporting_rule")),
    )
    op.create_index(
        op.f("ix_reporting_rule_updated_at"), "reporting_rule", ["updated_at"], unique=False
    )


def create_report_action() -> None:
    op.create_table(
        "report_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_unit", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        moment("acted_at", required=True),
        refers("report_action", "report_id", "progress_report.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_action")),
    )
    op.create_index(
        "ix_report_action_order", "report_action", ["report_id", "acted_at", "id"], unique=False
    )


def create_restatement() -> None:
    op.create_table(
        "restatement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("old_value", QUANTITY, nullable=True),
        sa.Column("old_numerator", QUANTITY, nullable=True),
        sa.Column("old_denominator", QUANTITY, nullable=True),
        sa.Column("new_value", QUANTITY, nullable=False),
        sa.Column("new_numerator", QUANTITY, nullable=True),
        sa.Column("new_denominator", QUANTITY, nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        moment("recorded_at", required=True),
        check("restatement", "cause", "cause IN ('exception', 'reopened', 'feed', 'ruling')"),
        refers("restatement", "indicator_code", "indicator.code"),
        refers("restatement", "observation_id", "observation.id"),
        refers("restatement", "period", "reporting_period.period"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restatement")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_restatement_observation_id")),
    )
    op.create_index(
        op.f("ix_restatement_indicator_code"), "restatement", ["indicator_code"], unique=False
    )
    op.create_index(
        "ix_restatement_order", "restatement", ["period", "recorded_at", "id"], unique=False
    )


def create_evidence_file() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        moment("added_at", required=True),
        check("evidence_file", "of_one", "num_nonnulls(report_id, milestone_id) = 1"),
        refers("evidence_file", "report_id", "progress_report.id"),
        refers("evidence_file", "milestone_id", "task_milestone.id"),
        refers("evidence_file", "file_sha256", "stored_file.sha256"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint(
            "report_id", "file_sha256", name=op.f("uq_evidence_file_report_id_file_sha256")
        ),
        sa.UniqueConstraint(
            "milestone_id", "file_sha256", name=op.f("uq_evidence_file_milestone_id_file_sha256")
        ),
    )
    op.create_index("ix_evidence_file_file_sha256", "evidence_file", ["file_sha256"], unique=False)
