"""Criteria of grades, and how long a grade holds."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GRADE = "IN ('municipal', 'provincial', 'national')"


def upgrade() -> None:
    create_grade_criterion()
    limit_park_grade()
    create_park_grade_review()
    op.execute("REVOKE DELETE ON grade_criterion FROM parks_app")
    op.execute("REVOKE UPDATE, DELETE ON park_grade_review FROM parks_app")
    op.execute(
        "GRANT UPDATE (valid_to, lost_on, lost_reason, updated_at) ON park_grade TO parks_app"
    )


def downgrade() -> None:
    op.drop_table("park_grade_review")
    op.execute(
        "REVOKE UPDATE (valid_to, lost_on, lost_reason, updated_at) ON park_grade FROM parks_app"
    )
    op.drop_index("ix_park_grade_due", table_name="park_grade")
    op.drop_index("uq_park_grade_held", table_name="park_grade")
    # A grade that was lost and obtained again stands there twice.
    op.execute(
        "DELETE FROM park_grade g USING park_grade later WHERE later.park_code = g.park_code"
        " AND later.grade = g.grade AND later.id > g.id"
    )
    for column in ("lost_reason", "lost_on", "valid_to"):
        op.drop_column("park_grade", column)
    op.create_unique_constraint(
        op.f("uq_park_grade_park_code_grade"), "park_grade", ["park_code", "grade"]
    )
    op.drop_table("grade_criterion")


def create_grade_criterion() -> None:
    op.create_table(
        "grade_criterion",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("park_kind", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("platform_kind", sa.Text(), nullable=True),
        sa.Column("platform_level", sa.Text(), nullable=True),
        sa.Column("threshold", sa.Numeric(20, 6), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "park_kind IN ('private_st_park', 'circular_economy_park')",
            name=op.f("ck_grade_criterion_kind"),
        ),
        sa.CheckConstraint(f"grade {GRADE}", name=op.f("ck_grade_criterion_grade")),
        sa.CheckConstraint(
            "measure IN ('sales_revenue', 'enterprises', 'high_tech_enterprises', 'above_scale_enterprises', 'platforms')",
            name=op.f("ck_grade_criterion_measure"),
        ),
        sa.CheckConstraint(
            "(measure = 'platforms') = (platform_kind IS NOT NULL)",
            name=op.f("ck_grade_criterion_platforms"),
        ),
        sa.CheckConstraint(
            f"platform_level {GRADE}", name=op.f("ck_grade_criterion_platform_level")
        ),
        sa.CheckConstraint("threshold > 0", name=op.f("ck_grade_criterion_threshold")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grade_criterion")),
    )
    op.create_index("ix_grade_criterion_park_kind_grade", "grade_criterion", ["park_kind", "grade"])
    op.create_index(op.f("ix_grade_criterion_updated_at"), "grade_criterion", ["updated_at"])


def limit_park_grade() -> None:
    """A grade may be lost, and obtained again."""
    op.add_column("park_grade", sa.Column("valid_to", sa.Date(), nullable=True))
    op.add_column("park_grade", sa.Column("lost_on", sa.Date(), nullable=True))
    op.add_column("park_grade", sa.Column("lost_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_park_grade_lost"), "park_grade", "(lost_on IS NULL) = (lost_reason IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_park_grade_lost_reason"), "park_grade", "lost_reason IN ('expired', 'revoked')"
    )
    op.drop_constraint(op.f("uq_park_grade_park_code_grade"), "park_grade")
    held = sa.text("lost_on IS NULL")
    op.create_index(
        "uq_park_grade_held",
        "park_grade",
        ["park_code", "grade"],
        unique=True,
        postgresql_where=held,
    )
    op.create_index("ix_park_grade_due", "park_grade", ["valid_to"], postgresql_where=held)


def create_park_grade_review() -> None:
    op.create_table(
        "park_grade_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('renewed', 'revoked')", name=op.f("ck_park_grade_review_outcome")
        ),
        sa.CheckConstraint(
            "outcome = 'renewed' OR valid_to IS NULL", name=op.f("ck_park_grade_review_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["grade_id"], ["park_grade.id"], name=op.f("fk_park_grade_review_grade_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park_grade_review")),
    )
    op.create_index(op.f("ix_park_grade_review_grade_id"), "park_grade_review", ["grade_id"])
    op.create_index(op.f("ix_park_grade_review_updated_at"), "park_grade_review", ["updated_at"])
