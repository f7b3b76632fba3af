"""The release after this one, as far as an upgrade can tell: `supervision` with one more migration,
which only adds, and code that reads and writes what it added."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from local_stack.steps import package

from tests.faults.system import ROOT

SERVICE = "supervision"
VERSION = "0.2.0"
COLUMN = "trial_note"

MIGRATION = '''"""A note at every item: of the trial alone."""

import sqlalchemy as sa
from alembic import op

revision: str = "{revision}"
down_revision: str | None = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("supervision_item", sa.Column("trial_note", sa.Text(), nullable=True))
    op.create_table("trial_of_an_upgrade", sa.Column("id", sa.Integer(), primary_key=True))
'''

_MODEL = """
from sqlalchemy import Text as TrialText

SupervisionItem.{column} = mapped_column(TrialText, default="{version}")
"""


def make(directory: Path, head: str) -> Mapping[str, str]:
    """Write it to `directory`; the settings a process of it is started with. `head` is the last
    migration of this version."""
    ours = package(SERVICE).parents[1]
    theirs = directory / SERVICE
    for part in ("src", "migrations"):
        shutil.copytree(ours / part, theirs / part)
    revision = f"{int(head) + 1:04}"
    texts = {"revision": revision, "before": head, "column": COLUMN, "version": VERSION}
    migration = theirs / "migrations" / "versions" / f"{revision}_trial.py"
    migration.write_text(MIGRATION.format(**texts))
    with (theirs / "src" / SERVICE / "items" / "models.py").open("a") as models:
        models.write(_MODEL.format(**texts))
    path = [str(theirs / "src"), str(ROOT)]
    return {"PYTHONPATH": ":".join(path), "KECHUANG_VERSION": VERSION}


def migrate_command() -> list[str]:
    return [sys.executable, "-m", SERVICE, "migrate"]
