"""Calls, applications, and the copy of the park registry that they are checked against."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    registered_enterprise()
    registered_recognition()
    funding_call()
    application()
    application_file()
    eligibility_result()
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON eligibility_result FROM funding_app")
    op.execute("REVOKE DELETE, TRUNCATE ON funding_call, application FROM funding_app")


def downgrade() -> None:
    op.drop_table("eligibility_result")
    op.drop_table("application_file")
    op.drop_table("application")
    op.drop_table("funding_call")
    op.drop_table("registered_recognition")
    op.drop_table("registered_enterprise")


def registered_enterprise() -> None:
    op.create_table(
        "registered_enterprise",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit_code", sa.String(), nullable=True),
        sa.Column("park_code", sa.String(), nullable=True),
        sa.Column("enterprise_class", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", name="pk_registered_enterprise"),
    )
    op.create_index("ix_registered_enterprise_unit_code", "registered_enterprise", ["unit_code"])


def registered_recognition() -> None:
    op.create_table(
        "registered_recognition",
        sa.Column("recognition_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("recognition_id", name="pk_registered_recognition"),
    )
    op.create_index(
        "ix_registered_recognition_enterprise_id", "registered_recognition", ["enterprise_id"]
    )


def funding_call() -> None:
    op.create_table(
        "funding_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("fund_code", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("min_amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("max_amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("required_attachments", JSONB(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("criteria", JSONB(), nullable=False),
        sa.Column("experts_per_application", sa.Integer(), nullable=False),
        sa.Column("pass_score", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("notice_workdays", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.String(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("available", sa.Numeric(precision=20, scale=2), nullable=True),
        sa.Column("ranked_by", sa.String(), nullable=True),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (published_by IS NULL)", name="published"),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'open', 'closed', 'ranked', 'announced', 'awarded')",
            name="state",
        ),
        sa.CheckConstraint("experts_per_application > 0", name="experts"),
        sa.CheckConstraint("min_amount > 0 AND min_amount <= max_amount", name="amounts"),
        sa.CheckConstraint("notice_workdays >= 0", name="notice"),
        sa.CheckConstraint("opens_on <= closes_on", name="days"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name="fk_funding_call_budget_id"),
        sa.ForeignKeyConstraint(
            ["fiscal_year"], ["fiscal_year.year"], name="fk_funding_call_fiscal_year"
        ),
        sa.ForeignKeyConstraint(["fund_code"], ["fund.code"], name="fk_funding_call_fund_code"),
        sa.PrimaryKeyConstraint("id", name="pk_funding_call"),
    )
    op.create_index("ix_funding_call_budget_id", "funding_call", ["budget_id"])
    op.create_index("ix_funding_call_fiscal_year", "funding_call", ["fiscal_year"])
    op.create_index("ix_funding_call_updated_at", "funding_call", ["updated_at"])


def application() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_unit", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("eligible", sa.Boolean(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("score", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("award_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'awarded') = (award_id IS NOT NULL)", name="award"),
        sa.CheckConstraint("outcome IN ('selected', 'reserve', 'below', 'struck')", name="outcome"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'resubmitted', 'accepted', 'refused', 'withdrawn', 'awarded', 'declined')",
            name="state",
        ),
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR number IS NOT NULL", name="number"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("decided_by <> submitted_by", name="applicant_does_not_decide"),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_application_award_id"),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name="fk_application_call_id"),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        sa.UniqueConstraint("award_id", name="uq_application_award_id"),
        sa.UniqueConstraint("call_id", "number", name="uq_application_call_id_number"),
    )
    op.create_index("ix_application_unit", "application", ["applicant_unit", "call_id"])
    op.create_index("ix_application_updated_at", "application", ["updated_at"])


def application_file() -> None:
    op.create_table(
        "application_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_application_file_application_id"
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_file.sha256"], name="fk_application_file_file_sha256"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_application_file"),
        sa.UniqueConstraint(
            "application_id", "file_sha256", name="uq_application_file_application_id_file_sha256"
        ),
    )
    op.create_index("ix_application_file_file_sha256", "application_file", ["file_sha256"])


def eligibility_result() -> None:
    op.create_table(
        "eligibility_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("values", JSONB(), nullable=False),
        sa.Column("inputs", JSONB(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reason_zh", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('submission', 'award')", name="stage"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_eligibility_result_application_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_eligibility_result"),
    )
    op.create_index(
        "ix_eligibility_result_application", "eligibility_result", ["application_id", "checked_at"]
    )
