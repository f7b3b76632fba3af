"""A release and back, under load: N → N+1 → N, process by process, and no request fails.

`TRIAL_UPGRADE_ROUNDS` in the environment goes there and back more often, `TRIAL_UPGRADE=all` takes
every service along.
"""

import asyncio
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from local_stack.environment import GATEWAY
from servicekit.embedded.http import read_json
from servicekit.embedded.ports import LOOPBACK
from supervision.main import MIGRATIONS

from tests.faults import next_version
from tests.faults.doubled import DoubledStack
from tests.faults.next_version import COLUMN, SERVICE, VERSION
from tests.faults.rig import Rig
from tests.faults.system import ROOT, TWO_SERVICES

SEED = int(os.environ.get("TRIAL_SEED", "20260401"))
ROUNDS = int(os.environ.get("TRIAL_UPGRADE_ROUNDS", "1"))
ORDER = ("worker", "api", "all")
"""Who hears before who tells, the gateways last."""
MOVED = TWO_SERVICES if os.environ.get("TRIAL_UPGRADE") == "all" else (SERVICE,)
CALLERS, THINK = 2, 0.25
THIS = {"PYTHONPATH": str(ROOT)}


async def test_an_upgrade_and_the_way_back_fail_no_request(tmp_path: Path) -> None:
    with Rig.running(TWO_SERVICES, SEED, kind=DoubledStack) as rig:
        stack = rig.stack
        assert isinstance(stack, DoubledStack)
        head = MIGRATIONS.head()
        assert head is not None
        changes = next_version.make(tmp_path, head)

        async def there_and_back() -> None:
            for _ in range(ROUNDS):
                await asyncio.to_thread(move, stack, changes, "N+1")
                assert versions(stack) == {VERSION}
                await asyncio.to_thread(move, stack, THIS, "N")
                assert versions(stack) == {"0.1.0"}

        moving = asyncio.create_task(there_and_back())
        await rig.load(seconds=1.0, callers=CALLERS, think=THINK, until=moving)
        report = await rig.verdict()
        assert report.clean, str(report)
        assert_nothing_failed(rig)
        notes = f"SELECT {COLUMN}, count(*) FROM supervision_item GROUP BY 1 ORDER BY 1"
        said = stack.postgres.psql(notes, database=SERVICE).split()
        print(f"items written by N and by N+1: {said}")
        assert any(line.startswith(VERSION) for line in said), "N+1 wrote nothing"


def move(stack: DoubledStack, changes: Mapping[str, str], name: str) -> None:
    """The database first, then every process in its turn, the next when this one serves."""
    began = time.monotonic()
    migrate(stack, changes)
    names = stack.each(ORDER, (*MOVED, GATEWAY))
    for process in names:
        stack.roll(process, changes)
    print(f"to {name}: {len(names)} processes in {time.monotonic() - began:.1f} s")


def migrate(stack: DoubledStack, changes: Mapping[str, str]) -> None:
    """As the release does it; the older one finds a schema ahead of itself and leaves it."""
    env = {**stack.migration_environment(SERVICE), **changes}
    command = next_version.migrate_command()
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def versions(stack: DoubledStack) -> set[str]:
    """What the processes say they are."""
    ports = stack.operator_ports((*MOVED, GATEWAY))
    found = (read_json(f"http://{LOOPBACK}:{port}/version") for port in ports)
    return {answer["version"] if answer else "none" for answer in found}


def assert_nothing_failed(rig: Rig) -> None:
    statuses = rig.history.statuses()
    failed = {status: n for status, n in statuses.items() if not 200 <= status < 300}
    print(f"{sum(statuses.values())} requests, {sum(failed.values())} failed")
    assert not failed, failed
    assert sum(statuses.values()) > 100 * ROUNDS
