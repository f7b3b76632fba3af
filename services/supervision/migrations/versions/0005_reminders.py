"""The ladder of reminders, and what was told by it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AUDIENCES = "audience IN ('unit', 'group', 'office', 'headquarters')"
LADDER = [
    ("three-days-before", -3, "unit", "到期前三个工作日提醒责任单位", "Three workdays before"),
    ("on-the-day", 0, "unit", "到期当日提醒责任单位", "On the day of the deadline"),
    ("late-one-day", 1, "group", "逾期一个工作日报工作组", "One workday late, to the group"),
    ("late-five-days", 5, "office", "逾期五个工作日报办公室", "Five workdays late, to the office"),
    ("late-ten-days", 10, "headquarters", "逾期十个工作日报指挥部",
     "Ten workdays late, to the headquarters"),
]  # fmt: skip
"""What a new system begins with; the office keeps it from then on."""


def upgrade() -> None:
    # Nothing is told late of deadlines that were set before there was a ladder.
    op.execute(
        "ALTER TABLE supervision_item"
        " ADD COLUMN due_set_on date NOT NULL DEFAULT CURRENT_DATE, ADD COLUMN remind_on date"
    )
    op.execute("UPDATE supervision_item SET remind_on = due_set_on")
    create_reminder_rule()
    create_reminder()
    op.execute("REVOKE DELETE, TRUNCATE ON reminder_rule FROM supervision_app")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON reminder FROM supervision_app")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_supervision_item_remind_on",
            "supervision_item",
            ["remind_on"],
            postgresql_where=sa.text("status IN ('issued', 'acknowledged', 'in_progress')"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_table("reminder_rule")
    op.drop_column("supervision_item", "remind_on")
    op.drop_column("supervision_item", "due_set_on")


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def create_reminder_rule() -> None:
    table = op.create_table(
        "reminder_rule",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("offset_workdays", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(AUDIENCES, name=op.f("ck_reminder_rule_audience")),
        sa.CheckConstraint(
            "offset_workdays BETWEEN -60 AND 60", name=op.f("ck_reminder_rule_offset")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_reminder_rule_code")),
    )
    op.create_index(op.f("ix_reminder_rule_updated_at"), "reminder_rule", ["updated_at"])
    names = ("code", "offset_workdays", "audience", "name_zh", "name_en")
    op.bulk_insert(table, [dict(zip(names, step, strict=True)) for step in LADDER])


def create_reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("item_id", sa.UUID(), nullable=False),
        sa.Column("item_number", sa.Text(), nullable=False),
        sa.Column("responsible_unit", sa.Text(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=True),
        sa.Column("offset_workdays", sa.Integer(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("recipients", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(AUDIENCES, name=op.f("ck_reminder_audience")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["supervision_item.id"], name=op.f("fk_reminder_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["rule_code"], ["reminder_rule.code"], name=op.f("fk_reminder_rule_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "item_id", "rule_code", "due_on", name=op.f("uq_reminder_item_id_rule_code_due_on")
        ),
    )
    op.create_index("ix_reminder_responsible_unit", "reminder", ["responsible_unit"])
    op.create_index(op.f("ix_reminder_updated_at"), "reminder", ["updated_at"])
