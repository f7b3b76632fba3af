"""The directory and what the plan promises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    "unit",
    "programme",
    "working_group",
    "working_group_member",
    "indicator",
    "milestone",
    "target_revision",
    "key_task",
    "deliverable",
    "plan_conflict",
)


def upgrade() -> None:
    create_unit()
    create_programme()
    create_working_group()
    create_working_group_member()
    create_indicator()
    create_milestone()
    create_target_revision()
    create_key_task()
    create_deliverable()
    create_plan_conflict()
    # What a target once was is only added to.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON target_revision FROM targets_app")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_unit() -> None:
    op.create_table(
        "unit",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("parent <> code", name=op.f("ck_unit_not_own_parent")),
        sa.ForeignKeyConstraint(["parent"], ["unit.code"], name=op.f("fk_unit_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_kind"), "unit", ["kind"], unique=False)
    op.create_index(op.f("ix_unit_parent"), "unit", ["parent"], unique=False)
    op.create_index(op.f("ix_unit_updated_at"), "unit", ["updated_at"], unique=False)


def create_programme() -> None:
    op.create_table(
        "programme",
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("anchor_year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("office_unit", sa.Text(), nullable=False),
        sa.Column("inspection_cadence", sa.Text(), nullable=False),
        sa.Column("meeting_cadence", sa.Text(), nullable=False),
        sa.Column("bulletin_cadence", sa.Text(), nullable=False),
        sa.Column("standing_rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_programme_dates")),
        sa.ForeignKeyConstraint(["lead_unit"], ["unit.code"], name=op.f("fk_programme_lead_unit")),
        sa.ForeignKeyConstraint(
            ["office_unit"], ["unit.code"], name=op.f("fk_programme_office_unit")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programme")),
    )
    op.create_index(op.f("ix_programme_updated_at"), "programme", ["updated_at"], unique=False)


def create_working_group() -> None:
    op.create_table(
        "working_group",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("duties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("leaders", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["unit.code"], name=op.f("fk_working_group_code")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_working_group_programme")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_working_group")),
        sa.UniqueConstraint("programme", "number", name=op.f("uq_working_group_programme_number")),
    )
    op.create_index(
        op.f("ix_working_group_updated_at"), "working_group", ["updated_at"], unique=False
    )


def create_working_group_member() -> None:
    op.create_table(
        "working_group_member",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('lead', 'member')", name=op.f("ck_working_group_member_role")),
        sa.ForeignKeyConstraint(
            ["group"], ["working_group.code"], name=op.f("fk_working_group_member_group")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_working_group_member_unit")),
        sa.PrimaryKeyConstraint("group", "unit", name=op.f("pk_working_group_member")),
    )
    op.create_index(
        op.f("ix_working_group_member_unit"), "working_group_member", ["unit"], unique=False
    )


def create_indicator() -> None:
    op.create_table(
        "indicator",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("definition_zh", sa.Text(), nullable=False),
        sa.Column("definition_en", sa.Text(), nullable=False),
        sa.Column("headline", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=False),
        sa.Column("tolerance", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("amber_share", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("time_aggregation", sa.Text(), nullable=False),
        sa.Column("unit_aggregation", sa.Text(), nullable=False),
        sa.Column("phasing", sa.Text(), nullable=False),
        sa.Column("baseline_year", sa.Integer(), nullable=True),
        sa.Column("baseline_value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("grade_ladder", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_metric", sa.Text(), nullable=True),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("supporting_units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("working_group", sa.Text(), nullable=True),
        sa.Column("open_conflict", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "comparator IN ('at_least', 'at_most', 'reach', 'about')",
            name=op.f("ck_indicator_comparator"),
        ),
        sa.CheckConstraint(
            "direction IN ('increase', 'decrease')", name=op.f("ck_indicator_direction")
        ),
        sa.CheckConstraint("phasing IN ('linear', 'stepwise')", name=op.f("ck_indicator_phasing")),
        sa.CheckConstraint(
            "source_kind IN ('reported', 'parks', 'funding', 'derived')",
            name=op.f("ck_indicator_source_kind"),
        ),
        sa.CheckConstraint(
            "(baseline_year IS NULL) = (baseline_value IS NULL)", name=op.f("ck_indicator_baseline")
        ),
        sa.CheckConstraint("amber_share BETWEEN 0 AND 1", name=op.f("ck_indicator_amber_share")),
        sa.ForeignKeyConstraint(["lead_unit"], ["unit.code"], name=op.f("fk_indicator_lead_unit")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_indicator_programme")
        ),
        sa.ForeignKeyConstraint(
            ["working_group"], ["working_group.code"], name=op.f("fk_indicator_working_group")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_indicator")),
    )
    op.create_index(op.f("ix_indicator_lead_unit"), "indicator", ["lead_unit"], unique=False)
    op.create_index(op.f("ix_indicator_programme"), "indicator", ["programme"], unique=False)
    op.create_index(
        "ix_indicator_source", "indicator", ["source_kind", "source_metric"], unique=False
    )
    op.create_index(op.f("ix_indicator_updated_at"), "indicator", ["updated_at"], unique=False)


def create_milestone() -> None:
    op.create_table(
        "milestone",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_milestone_indicator_code")
        ),
        sa.PrimaryKeyConstraint("indicator_code", "year", name=op.f("pk_milestone")),
    )


def create_target_revision() -> None:
    op.create_table(
        "target_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("old_value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("new_value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("revised_by", sa.Text(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_target_revision_indicator_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_revision")),
    )
    op.create_index(
        "ix_target_revision_order",
        "target_revision",
        ["indicator_code", "revised_at", "id"],
        unique=False,
    )


def create_key_task() -> None:
    op.create_table(
        "key_task",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("supporting_units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_on >= starts_on", name=op.f("ck_key_task_dates")),
        sa.ForeignKeyConstraint(["lead_unit"], ["unit.code"], name=op.f("fk_key_task_lead_unit")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_key_task_programme")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_key_task")),
        sa.UniqueConstraint("programme", "number", name=op.f("uq_key_task_programme_number")),
    )
    op.create_index(op.f("ix_key_task_updated_at"), "key_task", ["updated_at"], unique=False)


def create_deliverable() -> None:
    op.create_table(
        "deliverable",
        sa.Column("key_task", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("responsible_units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator"], ["indicator.code"], name=op.f("fk_deliverable_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["key_task"], ["key_task.code"], name=op.f("fk_deliverable_key_task")
        ),
        sa.PrimaryKeyConstraint("key_task", "code", name=op.f("pk_deliverable")),
    )


def create_plan_conflict() -> None:
    op.create_table(
        "plan_conflict",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_code", sa.Text(), nullable=True),
        sa.Column("positions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("working_reading_zh", sa.Text(), nullable=False),
        sa.Column("working_reading_en", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ruled_position", sa.Text(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("ruled_by", sa.Text(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'ruled') = (document_no IS NOT NULL)", name=op.f("ck_plan_conflict_ruling")
        ),
        sa.CheckConstraint("state IN ('open', 'ruled')", name=op.f("ck_plan_conflict_state")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_plan_conflict_programme")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plan_conflict")),
    )
    op.create_index(op.f("ix_plan_conflict_state"), "plan_conflict", ["state"], unique=False)
    op.create_index(
        op.f("ix_plan_conflict_updated_at"), "plan_conflict", ["updated_at"], unique=False
    )
