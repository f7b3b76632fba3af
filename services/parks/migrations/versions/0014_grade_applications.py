"""Applications of parks for a grade, with their evidence."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    create_grade_application()
    create_grade_application_file()
    op.execute("REVOKE DELETE ON grade_application FROM parks_app")
    op.execute("REVOKE UPDATE ON grade_application_file FROM parks_app")


def downgrade() -> None:
    op.drop_table("grade_application_file")
    op.drop_table("grade_application")


def create_grade_application() -> None:
    name = "grade_application"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("filed_by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("is_ready", sa.Boolean(), nullable=True),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("gap_zh", sa.Text(), nullable=True),
        sa.Column("gap_en", sa.Text(), nullable=True),
        sa.Column("review_started_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("grade_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "grade IN ('municipal', 'provincial', 'national')", name=op.f(f"ck_{name}_grade")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'under_review', 'returned', 'granted', 'refused',"
            " 'withdrawn')",
            name=op.f(f"ck_{name}_state"),
        ),
        sa.CheckConstraint(
            "(state = 'granted') = (grade_id IS NOT NULL)", name=op.f(f"ck_{name}_granted")
        ),
        sa.CheckConstraint(
            "NOT (decided_by = ANY (filed_by))", name=op.f(f"ck_{name}_separation_of_duties")
        ),
        sa.ForeignKeyConstraint(["park_code"], ["park.code"], name=op.f(f"fk_{name}_park_code")),
        sa.ForeignKeyConstraint(["grade_id"], ["park_grade.id"], name=op.f(f"fk_{name}_grade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    is_open = sa.text("state NOT IN ('granted', 'refused', 'withdrawn')")
    op.create_index(
        f"uq_{name}_open", name, ["park_code", "grade"], unique=True, postgresql_where=is_open
    )
    op.create_index(op.f(f"ix_{name}_park_code"), name, ["park_code"])
    op.create_index(op.f(f"ix_{name}_updated_at"), name, ["updated_at"])


def create_grade_application_file() -> None:
    name = "grade_application_file"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_code", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["grade_application.id"], name=op.f(f"fk_{name}_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_code"], ["grade_criterion.code"], name=op.f(f"fk_{name}_criterion_code")
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_file.sha256"], name=op.f(f"fk_{name}_file_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(
            "application_id", "file_sha256", name=op.f(f"uq_{name}_application_id_file_sha256")
        ),
    )
    op.create_index(op.f(f"ix_{name}_file_sha256"), name, ["file_sha256"])
