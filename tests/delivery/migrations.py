"""`python -m tests.delivery.migrations SQUAWK`: what the migrations since the last release do to a
database that is in use.

Each step is linted by squawk and must only add: the old processes run on the new schema while an
upgrade goes on, and after a return to their version. A step that squawk refuses is split: what is
added goes in this release, what is taken away in the one after (docs/for-ops.md, "Upgrade").
"""

import importlib
import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from servicekit.migrations import Migrations

ROOT = Path(__file__).parents[2]
RELEASED = ROOT / "deploy/released.json"
"""The last migration of each service in the last release."""
RULES_NOT_OURS = (
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-text-field",
    # Alembic runs a step once or not at all, and every connection has a lock_timeout of its own.
    "prefer-robust-stmts",
    "require-lock-timeout",
    "require-statement-timeout",
)
DEFECT = "ALTER TABLE unit DROP COLUMN name_en;\n"


def steps(migrations: Migrations, released: str) -> Iterator[tuple[str, str]]:
    """Every step after `released`, with its statements."""
    revisions = migrations.revisions()
    since = revisions[revisions.index(released) :]
    for before, revision in itertools.pairwise(since):
        text = migrations.sql(before, revision)
        # The transaction is alembic's.
        yield revision, re.sub(r"^(BEGIN|COMMIT);$", "", text, flags=re.MULTILINE)


def squawk(program: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    words = [program, "--assume-in-transaction", "--pg-version", "18.0"]
    words += [word for rule in RULES_NOT_OURS for word in ("--exclude", rule)]
    return subprocess.run([*words, *map(str, files)], capture_output=True, text=True)


def main(program: str) -> int:
    with tempfile.TemporaryDirectory() as directory:
        defect = Path(directory) / "defect.sql"
        defect.write_text(DEFECT)
        if squawk(program, [defect]).returncode == 0:
            sys.exit("squawk finds nothing wrong with a column that is dropped")
        files: list[Path] = []
        for service, released in json.loads(RELEASED.read_text()).items():
            migrations = importlib.import_module(f"{service}.main").MIGRATIONS
            for revision, text in steps(migrations, released):
                files.append(Path(directory) / f"{service}-{revision}.sql")
                files[-1].write_text(text)
        if files and (done := squawk(program, files)).returncode != 0:
            sys.stdout.write(done.stdout + done.stderr)
            return 1
    sys.stdout.write(f"squawk: {len(files)} migrations since the release, clean\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
