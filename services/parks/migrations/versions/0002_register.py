"""Parks, enterprises, recognitions, operating returns and the totals made of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ["park", "park_grade", "enterprise", "recognition", "operating_return", "park_metric"]
AMOUNTS = [
    "sales_revenue",
    "high_tech_value_added",
    "high_tech_output",
    "own_ip_output",
    "rd_spend",
    "profit_and_tax",
]


def versioned() -> list[sa.Column]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    # Equality of ids in an exclusion constraint; a trusted extension, so the owner may make it.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    create_park()
    create_park_grade()
    create_enterprise()
    create_recognition()
    create_operating_return()
    create_park_metric()
    # Nothing that was registered or reported is ever deleted; an obtained grade stays as it is.
    op.execute(f"REVOKE DELETE ON {', '.join(TABLES)} FROM parks_app")
    op.execute("REVOKE UPDATE ON park_grade FROM parks_app")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP EXTENSION btree_gist")


def create_park() -> None:
    op.create_table(
        "park",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("desired_grade", sa.Text(), nullable=False),
        sa.Column("desired_by", sa.Date(), nullable=False),
        sa.Column("current_grade", sa.Text(), nullable=True),
        sa.Column("jurisdictions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("administration_unit", sa.Text(), nullable=True),
        sa.Column("focus_zh", sa.Text(), nullable=True),
        sa.Column("focus_en", sa.Text(), nullable=True),
        sa.Column("open_conflict", sa.Text(), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "current_grade IN ('municipal', 'provincial', 'national')",
            name=op.f("ck_park_current_grade"),
        ),
        sa.CheckConstraint(
            "desired_grade IN ('municipal', 'provincial', 'national')",
            name=op.f("ck_park_desired_grade"),
        ),
        sa.CheckConstraint(
            "kind IN ('private_st_park', 'circular_economy_park')", name=op.f("ck_park_kind")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_park")),
    )
    op.create_index(
        "ix_park_jurisdictions", "park", ["jurisdictions"], unique=False, postgresql_using="gin"
    )
    op.create_index(op.f("ix_park_updated_at"), "park", ["updated_at"], unique=False)


def create_park_grade() -> None:
    op.create_table(
        "park_grade",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "grade IN ('municipal', 'provincial', 'national')", name=op.f("ck_park_grade_grade")
        ),
        sa.ForeignKeyConstraint(["park_code"], ["park.code"], name=op.f("fk_park_grade_park_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park_grade")),
        sa.UniqueConstraint("park_code", "grade", name=op.f("uq_park_grade_park_code_grade")),
    )
    op.create_index(op.f("ix_park_grade_updated_at"), "park_grade", ["updated_at"], unique=False)


def create_enterprise() -> None:
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("park_code", sa.Text(), nullable=True),
        sa.Column("declared_class", sa.Text(), nullable=False),
        sa.Column("enterprise_class", sa.Text(), nullable=False),
        sa.Column("above_scale", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "declared_class IN ('science_type', 'ordinary')",
            name=op.f("ck_enterprise_declared_class"),
        ),
        sa.CheckConstraint(
            "enterprise_class IN ('high_tech', 'science_type', 'ordinary')",
            name=op.f("ck_enterprise_enterprise_class"),
        ),
        sa.CheckConstraint("uscc ~ '^[0-9]{8}[0-9A-Z]{10}$'", name=op.f("ck_enterprise_uscc")),
        sa.ForeignKeyConstraint(["park_code"], ["park.code"], name=op.f("fk_enterprise_park_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprise_uscc")),
    )
    index_enterprise()


def index_enterprise() -> None:
    op.create_index("ix_enterprise_name_id", "enterprise", ["name", "id"], unique=False)
    op.create_index(
        "ix_enterprise_park_code",
        "enterprise",
        ["park_code"],
        unique=False,
        postgresql_where=sa.text("park_code IS NOT NULL"),
    )
    op.create_index(
        "ix_enterprise_unit_code",
        "enterprise",
        ["unit_code"],
        unique=False,
        postgresql_where=sa.text("unit_code IS NOT NULL"),
    )
    op.create_index(op.f("ix_enterprise_updated_at"), "enterprise", ["updated_at"], unique=False)


def create_recognition() -> None:
    op.create_table(
        "recognition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        *versioned(),
        postgresql.ExcludeConstraint(
            (sa.column("enterprise_id"), "="),
            (sa.column("kind"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_recognition_overlap",
        ),
        sa.CheckConstraint(
            "kind IN ('high_tech', 'science_type')", name=op.f("ck_recognition_kind")
        ),
        sa.CheckConstraint("status IN ('valid', 'expired')", name=op.f("ck_recognition_status")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_recognition_validity")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_recognition_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_recognition_kind_number")),
    )
    op.create_index(
        "ix_recognition_due",
        "recognition",
        ["valid_to"],
        unique=False,
        postgresql_where=sa.text("status = 'valid'"),
    )
    op.create_index(op.f("ix_recognition_updated_at"), "recognition", ["updated_at"], unique=False)


def return_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name=op.f("ck_operating_return_period")
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR (enterprise_class IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("ck_operating_return_accepted"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'accepted')",
            name=op.f("ck_operating_return_state"),
        ),
        sa.CheckConstraint(
            "NOT (decided_by = ANY (filed_by))",
            name=op.f("ck_operating_return_separation_of_duties"),
        ),
        sa.CheckConstraint(
            "own_ip_output <= high_tech_output AND high_tech_value_added <= high_tech_output",
            name=op.f("ck_operating_return_parts"),
        ),
        sa.CheckConstraint(
            "sales_revenue >= 0 AND high_tech_value_added >= 0 AND own_ip_output >= 0 AND rd_spend >= 0 AND employees >= 0",
            name=op.f("ck_operating_return_not_negative"),
        ),
    ]


def create_operating_return() -> None:
    op.create_table(
        "operating_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Numeric(20, 6), nullable=False) for name in AMOUNTS),
        sa.Column("employees", sa.BigInteger(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=True),
        sa.Column("enterprise_class", sa.Text(), nullable=True),
        sa.Column("filed_by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *versioned(),
        *return_checks(),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_operating_return_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operating_return")),
        sa.UniqueConstraint(
            "enterprise_id", "period", name=op.f("uq_operating_return_enterprise_id_period")
        ),
    )
    index_operating_return()


def index_operating_return() -> None:
    op.create_index(
        "ix_operating_return_period_id", "operating_return", ["period", "id"], unique=False
    )
    op.create_index(
        "ix_operating_return_submitted",
        "operating_return",
        ["updated_at"],
        unique=False,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_index(
        op.f("ix_operating_return_updated_at"), "operating_return", ["updated_at"], unique=False
    )


def create_park_metric() -> None:
    op.create_table(
        "park_metric",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Numeric(precision=30, scale=6), nullable=False),
        sa.Column("denominator", sa.Numeric(precision=30, scale=6), nullable=True),
        sa.Column(
            "value",
            sa.Numeric(precision=30, scale=6),
            sa.Computed(
                "CASE WHEN (denominator IS NULL) THEN numerator WHEN (denominator = (0)::numeric) THEN NULL::numeric ELSE round((((100)::numeric * numerator) / denominator), 6) END",
                persisted=True,
            ),
            nullable=True,
        ),
        *versioned(),
        sa.CheckConstraint(
            "period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name=op.f("ck_park_metric_period")
        ),
        sa.CheckConstraint("series = metric || ':' || period", name=op.f("ck_park_metric_series")),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_park_metric")),
    )
    op.create_index(
        "ix_park_metric_metric_period", "park_metric", ["metric", "period"], unique=True
    )
    op.create_index("ix_park_metric_period", "park_metric", ["period"], unique=False)
    op.create_index(op.f("ix_park_metric_updated_at"), "park_metric", ["updated_at"], unique=False)
