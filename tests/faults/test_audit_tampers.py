"""Whatever the owner of the database does to the audit trail is found; what nobody touched is not
accused, and no row that is committed late is left out.

`TRIAL_SEED` and `TRIAL_TAMPERS` in the environment draw other tampers, or more of them.
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from servicekit.db import Database
from servicekit.sealing.findings import Finding
from servicekit.sealing.sealer import Sealer
from servicekit.testing.databases import Databases

from tests.faults import planted_audit
from tests.faults.tampers import TAMPERS, Hand
from tests.faults.trail import Kept, note
from tests.table import Caught, Tell

SEED = int(os.environ.get("TRIAL_SEED", "61"))
TIMES = int(os.environ.get("TRIAL_TAMPERS", "100"))
PIECES, ROWS = 6, 40
WRITERS, NOTED, SLOWEST = 8, 6, 0.6


@pytest_asyncio.fixture(loop_scope="module")
async def kept(
    postgres_server: Databases, new_directory: Callable[[], Path]
) -> AsyncIterator[Kept]:
    """A trail of its own for each test: some are sealed by a sealer with a mistake."""
    stored = postgres_server.migrated("funding")
    yield Kept(stored, new_directory())
    postgres_server.drop(stored)


async def found_of(kept: Kept, name: str, seed: int) -> list[Finding]:
    """What is found after one tamper, which is undone."""
    tamper, _ = TAMPERS[name]
    owner = await asyncpg.connect(kept.stored.migrator_url)
    try:
        turn = owner.transaction(isolation="repeatable_read")
        await turn.start()
        now = int(time.time() * 1000)
        await tamper(Hand(owner, random.Random(seed), kept.stored.service, now))
        _, found = await kept.look(owner)
        await turn.rollback()
    finally:
        await owner.close()
    return found


async def test_every_tamper_of_the_owner_is_found(kept: Kept, tell: Tell) -> None:
    drawn = random.Random(SEED)
    await kept.grow(PIECES, ROWS, drawn)
    control, accused = await kept.verify()
    assert accused == []
    assert (control.rows, control.seals) == (PIECES * ROWS, PIECES * ROWS)
    names = [[*TAMPERS][number % len(TAMPERS)] for number in range(TIMES)]
    unseen: list[str] = []
    for number, name in enumerate(names):
        seed = SEED + number
        kinds = {str(finding.kind) for finding in await found_of(kept, name, seed)}
        if not kinds & TAMPERS[name][1]:
            unseen.append(f"{name} (seed {seed}): {kinds}")
    assert unseen == []
    _, accused = await kept.verify()
    assert accused == []
    tell(
        "audit tampers", seed=SEED, rows=control.rows, tampers=TIMES, kinds=len(set(names)),
        found=TIMES, untouched_trail_accused=0,
    )  # fmt: skip


async def late(kept: Kept, drawn: random.Random) -> int:
    """Rows that are not sealed in the end, of writers that overtake each other."""
    async with Database(kept.stored.app_url, pool_size=WRITERS + 2) as database:
        sealer = Sealer(database, kept.settings)
        await sealer.begin()

        async def write() -> None:
            for _ in range(NOTED):
                await note(database, drawn, drawn.uniform(0, SLOWEST))

        writing = asyncio.gather(*(write() for _ in range(WRITERS)))
        while not writing.done():
            await sealer.look()
            await sealer.sign()
            await asyncio.sleep(0.02)
        await writing
        while await sealer.look():
            pass
        await sealer.sign()
        sql = "SELECT (SELECT count(*) FROM audit_entry) - (SELECT count(*) FROM audit_seal)"
        return (await database.fetch(sql, ()))[0][0]


async def test_a_row_that_is_committed_late_is_sealed(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, tell: Tell, caught: Caught
) -> None:
    drawn = random.Random(SEED)
    assert await late(kept, drawn) == 0
    report, accused = await kept.verify()
    assert (accused, report.rows, report.uncovered) == ([], WRITERS * NOTED, 0)
    tell("audit rows committed late", seed=SEED, rows=report.rows, unsealed=0)
    planted_audit.DEFECTS["sealed_after_the_last_id"](monkeypatch.setattr)
    left = await late(kept, drawn)
    assert left > 0
    caught("sealed_after_the_last_id", f"{left} of {WRITERS * NOTED} rows are never sealed")


SIGNS = {
    "chain_without_the_one_before": "row_edited_with_its_seal",
    "exported_not_compared": "everything_cut",
    "signature_not_checked": "all_rewritten_and_signed_in_the_name_of_the_key",
}
"""Mistake → the tamper that is not told as what it is."""


@pytest.mark.parametrize("defect", SIGNS)
async def test_a_mistake_lets_a_tamper_pass(
    kept: Kept, defect: str, monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    planted_audit.DEFECTS[defect](monkeypatch.setattr)
    await kept.grow(PIECES, ROWS, random.Random(SEED))
    _, accused = await kept.verify()
    assert accused == []
    tamper = SIGNS[defect]
    kinds = {str(finding.kind) for finding in await found_of(kept, tamper, SEED)}
    assert not kinds & TAMPERS[tamper][1]
    caught(defect, f"{tamper} is not found: {kinds or 'nothing at all'}")
