"""Overdue rectifications, evaluations by two, no day of counterpart spending reported twice."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# `2026`, `2026-Q3`, `2026-07`, `2026-07-H1`: the first day, and the last.
DAYS = """
WITH part AS (
 SELECT id, left(period, 4)::int AS year, substr(period, 9) AS half,
  CASE WHEN length(period) = 4 THEN 1
   WHEN substr(period, 6, 1) = 'Q' THEN substr(period, 7, 1)::int * 3 - 2
   ELSE substr(period, 6, 2)::int END AS first,
  CASE WHEN length(period) = 4 THEN 12 WHEN substr(period, 6, 1) = 'Q' THEN 3 ELSE 1 END AS months
 FROM counterpart_report
)
UPDATE counterpart_report r SET
 first_day = make_date(year, first, CASE half WHEN 'H2' THEN 16 ELSE 1 END),
 last_day = CASE half WHEN 'H1' THEN make_date(year, first, 15)
  ELSE (make_date(year, first, 1) + make_interval(months => months) - interval '1 day')::date END
FROM part WHERE part.id = r.id"""
# Of what was told twice the report of the longer time counts no more: its parts say more. It can be
# reported again when they are returned.
TOLD_TWICE = """
UPDATE counterpart_report r SET state = 'returned', reviewed_by = 'migration',
 reason = '报告期与其他报告重叠 The period overlaps other reports', version = version + 1,
 updated_at = now()
WHERE state <> 'returned' AND EXISTS (
 SELECT FROM counterpart_report o
 WHERE o.unit_code = r.unit_code AND o.award_id IS NOT DISTINCT FROM r.award_id
  AND o.state <> 'returned' AND o.id <> r.id
  AND o.first_day >= r.first_day AND o.last_day <= r.last_day)"""
NO_OVERLAP = """
ALTER TABLE counterpart_report ADD CONSTRAINT ex_counterpart_report_period EXCLUDE USING gist (
 unit_code WITH =, coalesce(award_id, '00000000-0000-0000-0000-000000000000'::uuid) WITH =,
 daterange(first_day, last_day, '[]') WITH &&) WHERE (state <> 'returned')"""
# What its own writer has published is a draft again, for another one to confirm.
BY_ONE = """
UPDATE performance_evaluation SET state = 'draft', published_by = NULL, published_at = NULL,
 version = version + 1, updated_at = now() WHERE published_by = made_by"""


def upgrade() -> None:
    op.add_column("acceptance", sa.Column("overdue_on", sa.Date(), nullable=True))
    op.create_check_constraint("overdue_after_its_day", "acceptance", "overdue_on > rectify_by")
    op.execute(BY_ONE)
    op.create_check_constraint(
        "publisher_is_another", "performance_evaluation", "published_by <> made_by"
    )
    for name in ("first_day", "last_day"):
        op.add_column("counterpart_report", sa.Column(name, sa.Date(), nullable=True))
    op.execute(DAYS)
    op.execute(TOLD_TWICE)
    for name in ("first_day", "last_day"):
        op.alter_column("counterpart_report", name, nullable=False)
    op.execute(NO_OVERLAP)


def downgrade() -> None:
    op.drop_constraint("ex_counterpart_report_period", "counterpart_report")
    for name in ("first_day", "last_day"):
        op.drop_column("counterpart_report", name)
    op.drop_constraint("ck_performance_evaluation_publisher_is_another", "performance_evaluation")
    op.drop_constraint("ck_acceptance_overdue_after_its_day", "acceptance")
    op.drop_column("acceptance", "overdue_on")
