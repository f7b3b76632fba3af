"""What a unit stood under and when, the kept roll-up, and targets divided over units."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "unit", sa.Column("parent_since", sa.Date(), server_default="2000-01-01", nullable=False)
    )
    create_unit_placement()
    create_roll_up()
    create_assignment()
    create_assignment_revision()
    # What a target once was is only added to, and what was assigned is never deleted.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON assignment_revision FROM targets_app")
    op.execute("REVOKE DELETE, TRUNCATE ON assignment FROM targets_app")


def downgrade() -> None:
    for table in ("assignment_revision", "assignment", "roll_up", "unit_placement"):
        op.drop_table(table)
    op.drop_column("unit", "parent_since")


def create_unit_placement() -> None:
    op.create_table(
        "unit_placement",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.CheckConstraint("since < until", name=op.f("ck_unit_placement_days")),
        sa.ForeignKeyConstraint(["parent"], ["unit.code"], name=op.f("fk_unit_placement_parent")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_unit_placement_unit")),
        sa.PrimaryKeyConstraint("unit", "since", name=op.f("pk_unit_placement")),
    )
    op.create_index(op.f("ix_unit_placement_parent"), "unit_placement", ["parent"], unique=False)
    # Nobody has been moved with a date so far: where a unit stands, it has stood ever since.
    op.execute(
        "INSERT INTO unit_placement (unit, since, until, parent) "
        "SELECT code, '2000-01-01', 'infinity', parent FROM unit"
    )


def create_roll_up() -> None:
    """Filled by the worker (`roll-up-what-is-not`), which knows how numbers add up."""
    op.create_table(
        "roll_up",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("actual", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("reporting", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("numerator", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("denominator", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_roll_up_indicator_code")
        ),
        sa.PrimaryKeyConstraint("indicator_code", "unit_code", "since", name=op.f("pk_roll_up")),
    )
    op.create_index("ix_roll_up_unit", "roll_up", ["unit_code", "recorded_at"], unique=False)


def create_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('in_force', 'withdrawn')", name=op.f("ck_assignment_state")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_assignment_not_own_part")),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_assignment_indicator_code")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["assignment.id"], name=op.f("fk_assignment_parent_id")
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_assignment_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_parent_id"), "assignment", ["parent_id"], unique=False)
    op.create_index("ix_assignment_unit", "assignment", ["unit_code", "year"], unique=False)
    op.create_index(op.f("ix_assignment_updated_at"), "assignment", ["updated_at"], unique=False)
    op.create_index(
        "uq_assignment_in_force",
        "assignment",
        ["indicator_code", "year", "unit_code"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )


def create_assignment_revision() -> None:
    op.create_table(
        "assignment_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("old_value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("new_value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("revised_by", sa.Text(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_revision_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_revision")),
    )
    op.create_index(
        "ix_assignment_revision_order",
        "assignment_revision",
        ["assignment_id", "revised_at", "id"],
        unique=False,
    )
