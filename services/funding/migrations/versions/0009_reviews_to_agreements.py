"""Reviews, public notices with their calendar and objections, agreements with tranches."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    ruled_day()
    agreement()
    public_notice()
    objection()
    review()
    tranche()
    disbursement()
    op.execute(
        "REVOKE DELETE, TRUNCATE ON review, public_notice, objection, agreement FROM funding_app"
    )


def downgrade() -> None:
    op.drop_constraint("fk_disbursement_tranche_id", "disbursement", type_="foreignkey")
    op.drop_column("disbursement", "tranche_id")
    op.drop_table("tranche")
    op.drop_table("review")
    op.drop_table("objection")
    op.drop_table("public_notice")
    op.drop_table("agreement")
    op.drop_table("ruled_day")


def ruled_day() -> None:
    op.create_table(
        "ruled_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workday", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_ruled_day"),
    )


def agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("payee_unit", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("offered_by", sa.String(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (offered_by IS NULL) AND (state = 'signed') = (signed_by IS NOT NULL) AND (state = 'draft' OR document_no IS NOT NULL)",
            name="signatures",
        ),
        sa.CheckConstraint("state IN ('draft', 'offered', 'signed')", name="state"),
        sa.CheckConstraint("signed_by <> offered_by", name="two_sides"),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_agreement_award_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
        sa.UniqueConstraint("award_id", name="uq_agreement_award_id"),
    )
    op.create_index("ix_agreement_payee_unit", "agreement", ["payee_unit"])
    op.create_index("ix_agreement_updated_at", "agreement", ["updated_at"])


def public_notice() -> None:
    op.create_table(
        "public_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("entries", JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("workdays", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('published', 'superseded')", name="state"),
        sa.CheckConstraint("ends_on >= published_on", name="days"),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name="fk_public_notice_call_id"),
        sa.PrimaryKeyConstraint("id", name="pk_public_notice"),
    )
    op.create_index("ix_public_notice_call_id", "public_notice", ["call_id"])
    op.create_index("ix_public_notice_updated_at", "public_notice", ["updated_at"])
    op.create_index(
        "uq_public_notice_current",
        "public_notice",
        ["call_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )


def objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("objector_unit", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'raised') = (settled_by IS NULL) AND (state = 'raised') = (answer IS NULL)",
            name="settled",
        ),
        sa.CheckConstraint("state IN ('raised', 'rejected', 'upheld')", name="state"),
        sa.CheckConstraint("settled_by <> raised_by", name="objector_does_not_settle"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_objection_application_id"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name="fk_objection_call_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["public_notice.id"], name="fk_objection_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
    )
    op.create_index("ix_objection_call_id", "objection", ["call_id"])
    op.create_index("ix_objection_notice_id", "objection", ["notice_id"])
    op.create_index("ix_objection_objector_unit", "objection", ["objector_unit"])
    op.create_index("ix_objection_updated_at", "objection", ["updated_at"])


def review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("expert", sa.String(), nullable=False),
        sa.Column("expert_unit", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scores", JSONB(), nullable=True),
        sa.Column("total", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'scored') = (total IS NOT NULL)", name="scored"),
        sa.CheckConstraint(
            "state IN ('assigned', 'declared', 'conflicted', 'scored', 'revoked')", name="state"
        ),
        sa.CheckConstraint("expert <> assigned_by", name="assigner_is_not_expert"),
        sa.CheckConstraint("total >= 0 AND total <= 100", name="total"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_review_application_id"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name="fk_review_call_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_call_id", "review", ["call_id"])
    op.create_index("ix_review_expert", "review", ["expert"])
    op.create_index("ix_review_updated_at", "review", ["updated_at"])
    op.create_index(
        "uq_review_live",
        "review",
        ["application_id", "expert"],
        unique=True,
        postgresql_where=sa.text("state <> 'revoked'"),
    )


def tranche() -> None:
    op.create_table(
        "tranche",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("drawn", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("deliverable", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=True),
        sa.Column("reported_by", sa.String(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.String(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'accepted') = (accepted_by IS NOT NULL)", name="accepted"),
        sa.CheckConstraint("drawn = 0 OR state = 'accepted'", name="drawn_is_accepted"),
        sa.CheckConstraint("state IN ('open', 'reported', 'accepted')", name="state"),
        sa.CheckConstraint("accepted_by <> reported_by", name="reporter_does_not_accept"),
        sa.CheckConstraint("amount > 0 AND drawn >= 0 AND drawn <= amount", name="amounts"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name="fk_tranche_agreement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tranche"),
        sa.UniqueConstraint("agreement_id", "number", name="uq_tranche_agreement_id_number"),
    )
    op.create_index("ix_tranche_updated_at", "tranche", ["updated_at"])


def disbursement() -> None:
    op.add_column("disbursement", sa.Column("tranche_id", sa.Uuid(), nullable=True))
    op.create_index("ix_disbursement_tranche_id", "disbursement", ["tranche_id"])
    op.create_foreign_key(
        "fk_disbursement_tranche_id", "disbursement", "tranche", ["tranche_id"], ["id"]
    )
