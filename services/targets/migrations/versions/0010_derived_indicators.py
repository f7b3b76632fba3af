"""Indicators that are worked out from others by a formula."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

CHECKS = {
    ("observation", "source_kind"): (
        "source_kind IN ('reported', 'parks', 'funding', 'ruling', 'derived')",
        "source_kind IN ('reported', 'parks', 'funding', 'ruling')",
    ),
    ("restatement", "cause"): (
        "cause IN ('exception', 'reopened', 'feed', 'ruling', 'derived')",
        "cause IN ('exception', 'reopened', 'feed', 'ruling')",
    ),
    ("indicator", "formula"): ("formula IS NULL OR source_kind = 'derived'", None),
}
"""Table and name → what holds from here on, and what held before."""


def upgrade() -> None:
    op.add_column("indicator", sa.Column("formula", sa.Text(), nullable=True))
    create_formula_input()
    create_derivation()
    # From here on every statement is a transaction of its own: checks are read over while the
    # service goes on writing.
    with op.get_context().autocommit_block():
        for (table, name), (rule, old) in CHECKS.items():
            replace_check(table, name, rule, had=old is not None)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for (table, name), (_, old) in CHECKS.items():
            replace_check(table, name, old, had=True)
    op.drop_table("derivation")
    op.drop_table("formula_input")
    op.drop_column("indicator", "formula")


def replace_check(table: str, name: str, rule: str | None, *, had: bool) -> None:
    full = f"ck_{table}_{name}"
    changes = [f"DROP CONSTRAINT {full}"] if had else []
    changes += [f"ADD CONSTRAINT {full} CHECK ({rule}) NOT VALID"] if rule else []
    op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
    if rule is not None:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {full}")


def refers(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["indicator.code"], name=name)


def create_formula_input() -> None:
    op.create_table(
        "formula_input",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("input_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "indicator_code <> input_code", name=op.f("ck_formula_input_not_itself")
        ),
        refers("formula_input", "indicator_code"),
        refers("formula_input", "input_code"),
        sa.PrimaryKeyConstraint("indicator_code", "input_code", name=op.f("pk_formula_input")),
    )
    op.create_index(op.f("ix_formula_input_input_code"), "formula_input", ["input_code"])


def create_derivation() -> None:
    op.create_table(
        "derivation",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("inputs", postgresql.JSONB(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason_zh", sa.Text(), nullable=True),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(value IS NULL) = (code IS NOT NULL)", name=op.f("ck_derivation_number_or_reason")
        ),
        sa.CheckConstraint(
            "num_nonnulls(code, reason_zh, reason_en) IN (0, 3)", name=op.f("ck_derivation_reason")
        ),
        refers("derivation", "indicator_code"),
        sa.PrimaryKeyConstraint("indicator_code", "period", name=op.f("pk_derivation")),
    )
    op.create_index("ix_derivation_order", "derivation", ["indicator_code", "ends_on"])
