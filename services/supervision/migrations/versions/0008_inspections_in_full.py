"""Occurrences that are moved, withdrawn and missed; inspections with team, evidence, signatures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RULES = {
    "withdrawn_with_reason": "status <> 'withdrawn' OR withdrawn_reason IS NOT NULL",
    "moved_with_reason": "moved_by IS NULL OR moved_reason IS NOT NULL",
}
BY_PLAN = "计划已调整，不再安排这一天 / the plan no longer names this day"
SEALED = """
CREATE FUNCTION inspection_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.plan_code, OLD.period, OLD.status, OLD.units, OLD.completed_on,
      OLD.completed_by, OLD.summary, OLD.finding_count, OLD.scope, OLD.team, OLD.checks,
      OLD.digest, OLD.signed_at)
     IS DISTINCT FROM (NEW.plan_code, NEW.period, NEW.status, NEW.units, NEW.completed_on,
      NEW.completed_by, NEW.summary, NEW.finding_count, NEW.scope, NEW.team, NEW.checks,
      NEW.digest, NEW.signed_at) THEN
    RAISE EXCEPTION 'a signed inspection does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspection_is_sealed BEFORE UPDATE OR DELETE ON inspection FOR EACH ROW
  WHEN (OLD.digest IS NOT NULL) EXECUTE FUNCTION inspection_is_sealed();

CREATE FUNCTION finding_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched uuid; sealed text;
BEGIN
  IF TG_TABLE_NAME = 'inspection_finding' THEN
    touched := coalesce(NEW.inspection_id, OLD.inspection_id);
  ELSE
    SELECT inspection_id INTO touched FROM inspection_finding
     WHERE id = coalesce(NEW.finding_id, OLD.finding_id);
  END IF;
  SELECT digest INTO sealed FROM inspection WHERE id = touched;
  IF sealed IS NOT NULL THEN
    RAISE EXCEPTION 'a signed inspection does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER finding_is_sealed BEFORE INSERT OR UPDATE OR DELETE ON inspection_finding
  FOR EACH ROW EXECUTE FUNCTION finding_is_sealed();
CREATE TRIGGER finding_is_sealed BEFORE INSERT OR UPDATE OR DELETE ON inspection_finding_file
  FOR EACH ROW EXECUTE FUNCTION finding_is_sealed();
"""
UNSEALED = """
DROP TRIGGER inspection_is_sealed ON inspection;
DROP TRIGGER finding_is_sealed ON inspection_finding;
DROP TRIGGER finding_is_sealed ON inspection_finding_file;
DROP FUNCTION inspection_is_sealed();
DROP FUNCTION finding_is_sealed();
"""


def _text(*names: str, nullable: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default="[]", nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def occurrence_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("units_chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
        *_text("moved_by", "moved_reason", "withdrawn_by", "withdrawn_reason"),
        _time("missed_at"),
    ]


def inspection_columns() -> list[sa.Column[object]]:
    return [
        _list("scope"),
        _list("team"),
        *_text("place"),
        sa.Column("checklist", postgresql.JSONB(), nullable=True),
        *_text("checklist_template"),
        sa.Column("checklist_edition", sa.Integer(), nullable=True),
        _list("checks"),
        *_text("digest"),
        _time("signed_at"),
    ]


def finding_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("severity", sa.Text(), server_default="minor", nullable=False),
        sa.Column("rectify", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_workdays", sa.Integer(), nullable=True),
        *_text("found_by"),
    ]


def upgrade() -> None:
    for table in ("inspection", "meeting"):
        for column in occurrence_columns():
            op.add_column(table, column)
        rows = sa.table(table, sa.column("status"), sa.column("withdrawn_reason"))
        ended = sa.update(rows).where(rows.c.status == "withdrawn")
        op.execute(ended.values(withdrawn_reason=BY_PLAN))
        for name, rule in RULES.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
    for column in inspection_columns():
        op.add_column("inspection", column)
    op.add_column("inspection_plan", _text("checklist_template")[0])
    op.add_column("inspection_plan", _list("scope"))
    for column in finding_columns():
        op.add_column("inspection_finding", column)
    op.execute("UPDATE inspection_finding SET rectify = item_id IS NOT NULL")
    op.create_check_constraint(
        op.f("ck_inspection_finding_severity"),
        "inspection_finding",
        "severity IN ('minor', 'major', 'critical')",
    )
    create_checklists()
    create_evidence()
    create_signature()
    for statement in SEALED.split("\n\n"):
        for part in statement.split("CREATE TRIGGER"):
            op.execute(part if part.strip().startswith("CREATE") else f"CREATE TRIGGER{part}")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON inspection_signature FROM supervision_app")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON checklist_edition FROM supervision_app")


def downgrade() -> None:
    for statement in UNSEALED.strip().split("\n"):
        op.execute(statement)
    for table in (
        "inspection_signature",
        "inspection_finding_file",
        "checklist_edition",
        "checklist_template",
    ):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_inspection_finding_severity"), "inspection_finding")
    for column in finding_columns():
        op.drop_column("inspection_finding", column.name)
    op.drop_column("inspection_plan", "scope")
    op.drop_column("inspection_plan", "checklist_template")
    for column in inspection_columns():
        op.drop_column("inspection", column.name)
    for table in ("inspection", "meeting"):
        for name in RULES:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        for column in occurrence_columns():
            op.drop_column(table, column.name)


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
    ]


def create_checklists() -> None:
    checks = sa.Column("checks", postgresql.JSONB(), nullable=False)
    op.create_table(
        "checklist_template",
        *_text("code", "name_zh", "name_en", nullable=False),
        checks,
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        *_versioned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_template")),
        sa.UniqueConstraint("code", name=op.f("uq_checklist_template_code")),
    )
    op.create_table(
        "checklist_edition",
        *_text("template_code", nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("checks", postgresql.JSONB(), nullable=False),
        *_text("made_by", nullable=False),
        *_versioned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_edition")),
        sa.UniqueConstraint(
            "template_code", "edition", name=op.f("uq_checklist_edition_template_code_edition")
        ),
    )
    for table in ("checklist_template", "checklist_edition"):
        op.create_index(op.f(f"ix_{table}_updated_at"), table, ["updated_at"])


def create_evidence() -> None:
    table = "inspection_finding_file"
    op.create_table(
        table,
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("finding_id", sa.UUID(), nullable=False),
        *_text("file_sha256", "file_name", "media_type", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *_text("added_by", nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["inspection_finding.id"], name=op.f(f"fk_{table}_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_file.sha256"], name=op.f(f"fk_{table}_file_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "finding_id", "file_sha256", name=op.f(f"uq_{table}_finding_id_file_sha256")
        ),
    )
    op.create_index(op.f(f"ix_{table}_file_sha256"), table, ["file_sha256"])


def create_signature() -> None:
    table = "inspection_signature"
    op.create_table(
        table,
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("inspection_id", sa.UUID(), nullable=False),
        *_text("signed_by", nullable=False),
        *_text("signed_for", "opinion"),
        *_text("digest", nullable=False),
        _moment("signed_at"),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f(f"fk_{table}_inspection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "inspection_id", "signed_by", name=op.f(f"uq_{table}_inspection_id_signed_by")
        ),
    )
