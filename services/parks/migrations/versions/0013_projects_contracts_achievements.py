"""R&D projects with their yearly results, technology contracts, transferred achievements."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

QUANTITY = sa.Numeric(20, 6)
TOTAL = sa.Numeric(30, 6)


def upgrade() -> None:
    create_technology_contract()
    create_rd_project()
    create_rd_project_result()
    create_achievement()
    for table in ("technology_contract", "rd_project", "rd_project_result", "achievement"):
        op.execute(f"REVOKE DELETE ON {table} FROM parks_app")


def downgrade() -> None:
    for table in ("achievement", "rd_project_result", "rd_project", "technology_contract"):
        op.drop_table(table)


def versioned() -> list[sa.Column]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def create_technology_contract() -> None:
    name = "technology_contract"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("seller_name", sa.Text(), nullable=True),
        sa.Column("buyer_name", sa.Text(), nullable=False),
        sa.Column("amount", QUANTITY, nullable=False),
        sa.Column("technology_amount", QUANTITY, nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("corrections", postgresql.JSONB(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("cancel_document_no", sa.Text(), nullable=True),
        *versioned(),
        check(
            name,
            "kind",
            "kind IN ('development', 'transfer', 'licensing', 'consulting', 'service')",
        ),
        check(name, "state", "state IN ('registered', 'cancelled')"),
        check(name, "not_negative", "amount >= 0 AND technology_amount >= 0"),
        check(name, "technology_amount", "technology_amount <= amount"),
        check(name, "days", "registered_on >= signed_on"),
        check(name, "seller", "enterprise_id IS NOT NULL OR seller_name IS NOT NULL"),
        check(name, "cancelled", "(state = 'cancelled') = (cancelled_on IS NOT NULL)"),
        refers(name, "enterprise_id", "enterprise.id"),
        refers(name, "park_code", "park.code"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    registered = sa.text("state = 'registered'")
    of_seller = sa.text("enterprise_id IS NOT NULL")
    op.create_index(f"uq_{name}_number", name, ["number"], unique=True, postgresql_where=registered)
    op.create_index(f"ix_{name}_registered_on", name, ["registered_on", "id"])
    op.create_index(f"ix_{name}_enterprise_id", name, ["enterprise_id"], postgresql_where=of_seller)
    op.create_index(op.f(f"ix_{name}_updated_at"), name, ["updated_at"])


def create_rd_project() -> None:
    name = "rd_project"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("participants", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("planned_investment", QUANTITY, nullable=False),
        sa.Column("planned_new_sales", QUANTITY, nullable=False),
        sa.Column("planned_profit_and_tax", QUANTITY, nullable=False),
        sa.Column("actual_investment", TOTAL, nullable=False),
        sa.Column("actual_new_sales", TOTAL, nullable=False),
        sa.Column("actual_profit_and_tax", TOTAL, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        *versioned(),
        check(name, "state", "state IN ('planned', 'running', 'completed', 'terminated')"),
        check(name, "period", "ends_on >= starts_on"),
        check(name, "planned_not_negative", "planned_investment >= 0 AND planned_new_sales >= 0"),
        check(
            name,
            "started",
            "state = 'planned' OR started_on IS NOT NULL OR state = 'terminated'",
        ),
        check(name, "ended", "(state IN ('completed', 'terminated')) = (ended_on IS NOT NULL)"),
        refers(name, "enterprise_id", "enterprise.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{name}_number")),
    )
    op.create_index(op.f(f"ix_{name}_enterprise_id"), name, ["enterprise_id"])
    op.create_index(op.f(f"ix_{name}_updated_at"), name, ["updated_at"])


def create_rd_project_result() -> None:
    name = "rd_project_result"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("investment", QUANTITY, nullable=False),
        sa.Column("new_sales", QUANTITY, nullable=False),
        sa.Column("profit_and_tax", QUANTITY, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("counts_from", sa.Date(), nullable=True),
        *versioned(),
        check(name, "state", "state IN ('submitted', 'verified', 'returned')"),
        check(name, "not_negative", "investment >= 0 AND new_sales >= 0"),
        check(name, "separation_of_duties", "NOT (decided_by = ANY (filed_by))"),
        check(
            name,
            "verified",
            "state <> 'verified' OR (decided_by IS NOT NULL AND counts_from IS NOT NULL)",
        ),
        refers(name, "project_id", "rd_project.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("project_id", "year", name=op.f(f"uq_{name}_project_id_year")),
    )
    op.create_index(op.f(f"ix_{name}_updated_at"), name, ["updated_at"])


def create_achievement() -> None:
    name = "achievement"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("amount", QUANTITY, nullable=False),
        sa.Column("transferred_on", sa.Date(), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("withdraw_reason", sa.Text(), nullable=True),
        *versioned(),
        check(
            name,
            "kind",
            "kind IN ('self_implementation', 'assignment', 'licensing',"
            " 'joint_implementation', 'equity', 'other')",
        ),
        check(name, "state", "state IN ('registered', 'withdrawn')"),
        check(name, "not_negative", "amount >= 0"),
        check(name, "withdrawn", "(state = 'withdrawn') = (withdraw_reason IS NOT NULL)"),
        refers(name, "enterprise_id", "enterprise.id"),
        refers(name, "contract_id", "technology_contract.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(
        f"uq_{name}_title",
        name,
        ["enterprise_id", "title", "transferred_on"],
        unique=True,
        postgresql_where=sa.text("state = 'registered'"),
    )
    op.create_index(f"ix_{name}_transferred_on", name, ["transferred_on", "id"])
    op.create_index(op.f(f"ix_{name}_updated_at"), name, ["updated_at"])
