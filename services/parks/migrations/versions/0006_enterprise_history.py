"""Industries, compared names, duplicates, and what held of an enterprise on its days."""

import unicodedata
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What is known today held since before anybody looked.
KNOWN = """INSERT INTO enterprise_standing (id, enterprise_id, valid_from, valid_to, park_code,
   declared_class, above_scale, document_no, version, created_at, updated_at)
 SELECT gen_random_uuid(), id, NULL, NULL, park_code, declared_class, above_scale, NULL, 1,
   created_at, created_at FROM enterprise"""


def upgrade() -> None:
    op.add_column("enterprise", sa.Column("industry", sa.Text(), nullable=True))
    op.add_column(
        "enterprise",
        sa.Column("name_keys", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("enterprise", sa.Column("merged_into", sa.Uuid(), nullable=True))
    fill_name_keys()
    op.create_foreign_key(
        op.f("fk_enterprise_merged_into"), "enterprise", "enterprise", ["merged_into"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_enterprise_merged_into"),
        "enterprise",
        "merged_into IS NULL OR (NOT active AND merged_into <> id)",
    )
    op.create_index("ix_enterprise_name_keys", "enterprise", ["name_keys"], postgresql_using="gin")
    op.create_index(
        "ix_enterprise_merged_into",
        "enterprise",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    create_enterprise_standing()
    op.execute(KNOWN)
    # What held stays known.
    op.execute("REVOKE DELETE ON enterprise_standing FROM parks_app")


def downgrade() -> None:
    op.drop_table("enterprise_standing")
    op.drop_constraint(op.f("fk_enterprise_merged_into"), "enterprise")
    for column in ("merged_into", "name_keys", "industry"):
        op.drop_column("enterprise", column)


def fill_name_keys() -> None:
    """The database knows no such comparison."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name, aliases FROM enterprise")).all()
    keys = [{"id": row.id, "keys": name_keys(row.name, row.aliases)} for row in rows]
    if keys:
        connection.execute(sa.text("UPDATE enterprise SET name_keys = :keys WHERE id = :id"), keys)


def name_keys(name: str, aliases: Iterable[str]) -> list[str]:
    """The comparison as it was when this was written: what the service changes later, a later
    migration fills again."""
    return [*dict.fromkeys(name_key(each) for each in (name, *aliases))]


def name_key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in folded if each.isalnum()) or folded


def create_enterprise_standing() -> None:
    op.create_table(
        "enterprise_standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("park_code", sa.Text(), nullable=True),
        sa.Column("declared_class", sa.Text(), nullable=False),
        sa.Column("above_scale", sa.Boolean(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("enterprise_id"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_enterprise_standing_overlap",
        ),
        sa.CheckConstraint(
            "declared_class IN ('science_type', 'ordinary')",
            name=op.f("ck_enterprise_standing_declared_class"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_enterprise_standing_validity")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_standing_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["park_code"], ["park.code"], name=op.f("fk_enterprise_standing_park_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_standing")),
    )
    op.create_index(
        op.f("ix_enterprise_standing_updated_at"),
        "enterprise_standing",
        ["updated_at"],
        unique=False,
    )
