"""`python -m tests.delivery.migrations SQUAWK`: what the migrations since the last release do to a
database that is in use.

Each step is linted by squawk and must only add: the old processes run on the new schema while an
upgrade goes on, and after a return to their version. A step that squawk refuses is split: what is
added goes in this release, what is taken away in the one after (docs/for-ops.md, "Upgrade"). What
runs outside of a step's transaction can be done twice: the step is tried again when a lock was not
to be had.
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
DEFECT_TWICE = """BEGIN;
ALTER TABLE unit ADD COLUMN note TEXT;
COMMIT;
CREATE INDEX CONCURRENTLY ix_unit_note ON unit (note);
BEGIN;
COMMIT;
"""


def steps(migrations: Migrations, released: str) -> Iterator[tuple[str, str]]:
    """Every step after `released`, with its statements."""
    revisions = migrations.revisions()
    since = revisions[revisions.index(released) :]
    for before, revision in itertools.pairwise(since):
        yield revision, migrations.sql(before, revision)


def only_once(text: str) -> list[str]:
    """The statements that are committed before the last transaction of a step and fail when the
    step is tried again."""
    before = text.rpartition("\nBEGIN;")[0]
    lines = [line for line in before.splitlines() if not line.startswith("--")]
    statements = [part.strip() for part in "\n".join(lines).split(";")]
    dropped = set(re.findall(r"^DROP INDEX CONCURRENTLY IF EXISTS (\w+)", "\n".join(lines), re.M))

    def is_repeatable(statement: str) -> bool:
        index = re.match(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+)", statement)
        if index:
            return index[1] in dropped
        # A constraint that is valid is looked at no more.
        again = r"\bIF (NOT )?EXISTS\b|^ALTER TABLE \w+ VALIDATE CONSTRAINT \w+$"
        return statement in {"", "BEGIN", "COMMIT"} or bool(re.search(again, statement))

    return [statement for statement in statements if not is_repeatable(statement)]


def squawk(program: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    words = [program, "--pg-version", "18.0"]
    words += [word for rule in RULES_NOT_OURS for word in ("--exclude", rule)]
    return subprocess.run([*words, *map(str, files)], capture_output=True, text=True)


def main(program: str) -> int:
    with tempfile.TemporaryDirectory() as directory:
        defect = Path(directory) / "defect.sql"
        defect.write_text(DEFECT)
        if squawk(program, [defect]).returncode == 0:
            sys.exit("squawk finds nothing wrong with a column that is dropped")
        if len(only_once(DEFECT_TWICE)) != 2:
            sys.exit("a step that cannot be tried again is not found")
        files: list[Path] = []
        for service, released in json.loads(RELEASED.read_text()).items():
            migrations = importlib.import_module(f"{service}.main").MIGRATIONS
            for revision, text in steps(migrations, released):
                files.append(Path(directory) / f"{service}-{revision}.sql")
                files[-1].write_text(text)
                if found := only_once(text):
                    sys.stdout.write(f"{files[-1].name} cannot be tried again: {found[0]}\n")
                    return 1
        if files and (done := squawk(program, files)).returncode != 0:
            sys.stdout.write(done.stdout + done.stderr)
            return 1
    sys.stdout.write(f"squawk: {len(files)} migrations since the release, clean\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
