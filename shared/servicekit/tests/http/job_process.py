"""A worker in a process of its own, to be killed: `job_process.py <database url>` does every job
that waits and ends."""

import asyncio
import importlib.util
import sys
from pathlib import Path

from servicekit.db import Database
from servicekit.jobs.runner import JobRunner

spec = importlib.util.spec_from_file_location("notes", Path(__file__).with_name("conftest.py"))
assert spec is not None
assert spec.loader is not None
notes = sys.modules["notes"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(notes)


async def work(url: str) -> None:
    async with Database(url) as database:
        await JobRunner(database, [notes.note_import, notes.hot_note_import]).drain()


asyncio.run(work(sys.argv[1]))
