"""Targets keep what they were and when that was known; phasing, thresholds and forecasts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

QUANTITY = sa.Numeric(precision=20, scale=6)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Equality of codes in an exclusion constraint; a trusted extension, so the owner may make it.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    extend_indicator()
    op.add_column(
        "target_revision",
        sa.Column("baseline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("target_revision", sa.Column("effective_on", sa.Date(), nullable=True))
    create_target_value()
    take_over_targets()
    let_known_only_end()
    create_indicator_forecast()


def downgrade() -> None:
    op.drop_table("indicator_forecast")
    op.drop_table("target_value")
    op.execute("DROP FUNCTION target_value_is_kept()")
    op.drop_column("target_revision", "effective_on")
    op.drop_column("target_revision", "baseline")
    op.execute("UPDATE indicator SET phasing = 'linear' WHERE phasing = 'custom'")
    op.drop_column("indicator", "phasing_shares")
    op.drop_column("indicator", "green_share")
    widen("phasing", "phasing IN ('linear', 'stepwise')")
    op.execute("DROP EXTENSION btree_gist")


def widen(name: str, condition: str) -> None:
    """Replace a check without holding the table while the rows are looked at."""
    op.execute(f"ALTER TABLE indicator DROP CONSTRAINT IF EXISTS ck_indicator_{name}")
    op.execute(
        f"ALTER TABLE indicator ADD CONSTRAINT ck_indicator_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE indicator VALIDATE CONSTRAINT ck_indicator_{name}")


def extend_indicator() -> None:
    op.add_column(
        "indicator",
        sa.Column("green_share", QUANTITY, server_default=sa.text("1"), nullable=False),
    )
    op.add_column(
        "indicator",
        sa.Column(
            "phasing_shares",
            postgresql.ARRAY(sa.Numeric(precision=7, scale=6)),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    widen("green_share", "green_share BETWEEN amber_share AND 1")
    widen("phasing", "phasing IN ('linear', 'stepwise', 'custom')")
    widen(
        "phasing_shares",
        "cardinality(phasing_shares) = CASE phasing WHEN 'custom' THEN 12 ELSE 0 END",
    )


def create_target_value() -> None:
    valid, known = (
        sa.text("daterange(valid_from, valid_to)"),
        sa.text("tstzrange(known_from, known_to)"),
    )
    op.create_table(
        "target_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("value", QUANTITY, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("known_to", MOMENT, nullable=True),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_target_value_valid")),
        sa.CheckConstraint("known_to > known_from", name=op.f("ck_target_value_known")),
        postgresql.ExcludeConstraint(
            (sa.column("indicator_code"), "="),
            (sa.column("year"), "="),
            (valid, "&&"),
            (known, "&&"),
            using="gist",
            name="ex_target_value_overlap",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("indicator_code"), "="),
            (valid, "&&"),
            (known, "&&"),
            using="gist",
            where=sa.text("baseline AND value IS NOT NULL"),
            name="ex_target_value_baseline",
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_target_value_indicator_code")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["target_revision.id"], name=op.f("fk_target_value_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_value")),
    )
    op.create_index(
        "ix_target_value_now",
        "target_value",
        ["indicator_code"],
        postgresql_where=sa.text("known_to IS NULL"),
    )


def take_over_targets() -> None:
    """What the revisions tell: each value was the target, of all days, until the next was known."""
    op.execute("""
        WITH told AS (
            SELECT DISTINCT ON (r.indicator_code, r.year)
                   r.indicator_code, r.year, r.old_value AS value, i.created_at AS since,
                   NULL::uuid AS revision_id
            FROM target_revision r JOIN indicator i ON i.code = r.indicator_code
            ORDER BY r.indicator_code, r.year, r.revised_at, r.id
        ), steps AS (
            SELECT * FROM told WHERE value IS NOT NULL
            UNION ALL
            SELECT indicator_code, year, new_value, revised_at, id FROM target_revision
            UNION ALL
            SELECT m.indicator_code, m.year, m.value, i.created_at, NULL
            FROM milestone m JOIN indicator i ON i.code = m.indicator_code
            WHERE NOT EXISTS (
                SELECT FROM target_revision r
                WHERE r.indicator_code = m.indicator_code AND r.year = m.year)
        )
        INSERT INTO target_value
            (id, indicator_code, year, baseline, value, known_from, known_to, revision_id)
        SELECT gen_random_uuid(), indicator_code, year, false, value, since,
               lead(since) OVER (PARTITION BY indicator_code, year ORDER BY since), revision_id
        FROM steps
    """)
    op.execute("""
        INSERT INTO target_value (id, indicator_code, year, baseline, value, known_from)
        SELECT gen_random_uuid(), code, baseline_year, true, baseline_value, created_at
        FROM indicator WHERE baseline_year IS NOT NULL
    """)


def let_known_only_end() -> None:
    """A row of a target may end being known, once; nothing else of it ever changes."""
    op.execute("""
        CREATE FUNCTION target_value_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.known_to IS NOT NULL OR NEW.known_to IS NULL THEN
                RAISE EXCEPTION 'a target that is no longer known stays as it was'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER target_value_is_kept BEFORE UPDATE ON target_value
        FOR EACH ROW EXECUTE FUNCTION target_value_is_kept()
    """)
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON target_value FROM targets_app")
    op.execute("GRANT UPDATE (known_to) ON target_value TO targets_app")


def create_indicator_forecast() -> None:
    op.create_table(
        "indicator_forecast",
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Text(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("value", QUANTITY, nullable=True),
        sa.Column("low", QUANTITY, nullable=True),
        sa.Column("high", QUANTITY, nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("outlook", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason_zh", sa.Text(), nullable=True),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.Column("computed_at", MOMENT, nullable=True),
        sa.Column("wanted_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "low <= value AND value <= high", name=op.f("ck_indicator_forecast_range")
        ),
        sa.CheckConstraint(
            "(value IS NULL) = (method IS NULL)", name=op.f("ck_indicator_forecast_method")
        ),
        sa.CheckConstraint(
            "outlook IN ('on_course', 'uncertain', 'off_course')",
            name=op.f("ck_indicator_forecast_outlook"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"],
            ["indicator.code"],
            name=op.f("fk_indicator_forecast_indicator_code"),
        ),
        sa.PrimaryKeyConstraint("indicator_code", name=op.f("pk_indicator_forecast")),
    )
    op.create_index(
        "ix_indicator_forecast_wanted",
        "indicator_forecast",
        ["wanted_at"],
        postgresql_where=sa.text("wanted_at IS NOT NULL"),
    )
