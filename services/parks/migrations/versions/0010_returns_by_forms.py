"""Returns of months, quarters and years, by forms and rules that are data; the sums of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXTS = sa.ARRAY(sa.Text())
FLOWS = {
    "sales_revenue": ("销售收入", "sales revenue"),
    "high_tech_value_added": ("高新技术产业增加值", "high-tech value added"),
    "high_tech_output": ("高新技术产品产值", "high-tech output"),
    "own_ip_output": ("自主知识产权产品产值", "own-IP output"),
    "rd_spend": ("科技投入", "R&D spend"),
    "profit_and_tax": ("利税", "profit and tax"),
}
MEASURES = (*FLOWS, "employees")


def upgrade() -> None:
    create_return_form()
    create_return_rule()
    widen_operating_return()
    create_sums()
    op.execute("REVOKE UPDATE, DELETE ON return_form FROM parks_app")
    op.execute("REVOKE DELETE ON return_rule, return_count, measure_total FROM parks_app")
    first_form()
    first_rules()
    sum_what_was_accepted()


def downgrade() -> None:
    op.drop_table("measure_total")
    op.drop_table("return_count")
    op.execute("DELETE FROM operating_return WHERE period !~ '^[0-9]{4}-(0[1-9]|1[0-2])$'")
    for column in ("findings", "form_id", "extra"):
        op.drop_column("operating_return", column)
    limit_periods("^[0-9]{4}-(0[1-9]|1[0-2])$")
    op.drop_table("return_rule")
    op.drop_table("return_form")


def create_return_form() -> None:
    op.create_table(
        "return_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("applies_from", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("enterprise_classes", TEXTS, nullable=False),
        sa.Column("above_scale", sa.Boolean(), nullable=True),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("due_workdays", sa.Integer(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "frequency IN ('month', 'quarter', 'year')", name=op.f("ck_return_form_frequency")
        ),
        sa.CheckConstraint(
            "due_workdays BETWEEN 0 AND 120", name=op.f("ck_return_form_due_workdays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_form")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_return_form_code_number")),
    )
    op.create_index(op.f("ix_return_form_updated_at"), "return_form", ["updated_at"])


def create_return_rule() -> None:
    op.create_table(
        "return_rule",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=True),
        sa.Column("lowest", sa.Numeric(20, 6), nullable=True),
        sa.Column("highest", sa.Numeric(20, 6), nullable=True),
        sa.Column("frequencies", TEXTS, nullable=False),
        sa.Column("enterprise_classes", TEXTS, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('at_most', 'ratio', 'jump', 'sum_of_parts', 'park_total')",
            name=op.f("ck_return_rule_kind"),
        ),
        sa.CheckConstraint(
            "severity IN ('error', 'warning')", name=op.f("ck_return_rule_severity")
        ),
        sa.CheckConstraint(
            "(kind IN ('at_most', 'ratio')) = (other IS NOT NULL)",
            name=op.f("ck_return_rule_other"),
        ),
        sa.CheckConstraint("lowest <= highest", name=op.f("ck_return_rule_bounds")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_return_rule")),
    )
    op.create_index(op.f("ix_return_rule_updated_at"), "return_rule", ["updated_at"])


def widen_operating_return() -> None:
    limit_periods("^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$")
    none = postgresql.JSONB(none_as_null=True)
    op.add_column("operating_return", sa.Column("extra", none, nullable=True))
    op.add_column("operating_return", sa.Column("form_id", sa.Uuid(), nullable=True))
    op.add_column("operating_return", sa.Column("findings", none, nullable=True))
    op.create_foreign_key(
        op.f("fk_operating_return_form_id"),
        "operating_return",
        "return_form",
        ["form_id"],
        ["id"],
    )


def limit_periods(pattern: str) -> None:
    op.drop_constraint(op.f("ck_operating_return_period"), "operating_return")
    op.create_check_constraint(
        op.f("ck_operating_return_period"), "operating_return", f"period ~ '{pattern}'"
    )


def create_sums() -> None:
    op.create_table(
        "return_count",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(30, 6), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_id"], ["operating_return.id"], name=op.f("fk_return_count_return_id")
        ),
        sa.PrimaryKeyConstraint("return_id", "measure", name=op.f("pk_return_count")),
    )
    op.create_table(
        "measure_total",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("enterprise_class", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(30, 6), nullable=False),
        sa.Column("returns", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "period", "park_code", "enterprise_class", "measure", name=op.f("pk_measure_total")
        ),
    )
    op.create_index("ix_measure_total_measure_period", "measure_total", ["measure", "period"])


def first_form() -> None:
    """What was asked of everybody until now."""
    op.execute(
        "INSERT INTO return_form (id, code, number, frequency, applies_from, name_zh, name_en,"
        " enterprise_classes, fields, due_workdays, active, created_at, updated_at)"
        " VALUES (gen_random_uuid(), 'enterprise-monthly', 1, 'month', '2000-01', '企业经营月报',"
        " 'Monthly return', '{}', '[]', 7, true, now(), now())"
    )


def first_rules() -> None:
    """A quarter is its months and a year its quarters; a park is its enterprises; what is made
    with own intellectual property is a part of what is made."""
    rule = sa.text(
        "INSERT INTO return_rule (code, kind, severity, measure, other, highest, frequencies,"
        " enterprise_classes, name_zh, name_en, active, version, created_at, updated_at)"
        " VALUES (:code, :kind, :severity, :measure, :other, :highest, '{}', '{}', :zh, :en,"
        " :active, 1, now(), now())"
    ).bindparams(sa.bindparam("highest", type_=sa.Numeric()))
    for measure, (zh, en) in FLOWS.items():
        slug, none = measure.replace("_", "-"), {"measure": measure, "other": None}
        parts = {"kind": "sum_of_parts", "severity": "error", "highest": 1, "active": True}
        whole = {"kind": "park_total", "severity": "warning", "highest": 1, "active": True}
        texts = {"zh": f"{zh}与各期之和", "en": f"The parts of {en}"}
        op.get_bind().execute(rule, {"code": f"parts-{slug}", **none, **parts, **texts})
        texts = {"zh": f"{zh}与企业之和", "en": f"The enterprises' {en}"}
        op.get_bind().execute(rule, {"code": f"park-{slug}", **none, **whole, **texts})
    most = {"kind": "at_most", "highest": None}
    for code, severity, measure, other, zh, en, active in (
        ("own-ip-within-high-tech", "error", "own_ip_output", "high_tech_output",
         "自主知识产权产品产值与高新技术产品产值", "Own-IP output within high-tech output", True),
        ("high-tech-within-sales", "warning", "high_tech_output", "sales_revenue",
         "高新技术产品产值与销售收入", "High-tech output within sales", False),
    ):  # fmt: skip
        values = {"code": code, "severity": severity, "measure": measure, "other": other}
        op.get_bind().execute(rule, values | most | {"zh": zh, "en": en, "active": active})


def sum_what_was_accepted() -> None:
    """What has been accepted until now was of months: each counts as it stands."""
    for measure in MEASURES:
        op.execute(
            f"INSERT INTO return_count SELECT id, '{measure}', {measure}"  # noqa: S608, fixed names
            " FROM operating_return WHERE state = 'accepted'"
        )
    op.execute(
        "INSERT INTO measure_total SELECT r.period, coalesce(r.park_code, ''), r.enterprise_class,"
        " c.measure, sum(c.amount), count(*), now()"
        " FROM return_count c JOIN operating_return r ON r.id = c.return_id"
        " GROUP BY r.period, coalesce(r.park_code, ''), r.enterprise_class, c.measure"
    )
