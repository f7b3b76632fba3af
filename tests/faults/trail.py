"""An audit trail to be tampered with: noted by a service's own account, sealed and signed in
pieces, its checkpoints exported to a directory."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from servicekit import audit, context, new_secrets
from servicekit.auth.principal import Principal, Role
from servicekit.context import Context
from servicekit.db import Database
from servicekit.sealing.checkpoint import Signer, read_exported, read_keys
from servicekit.sealing.findings import Finding
from servicekit.sealing.sealer import Sealer
from servicekit.sealing.verify import Look, Report, verify
from servicekit.settings import Settings
from servicekit.testing.databases import ServiceDatabase

from tests.faults.system import TrialStack

ACTIONS = ("reports.create", "disbursements.pay", "units.update", "logins.enter")


@dataclass
class Kept:
    """One service's trail. `exports` is where nobody in the database reaches."""

    stored: ServiceDatabase
    exports: Path
    key: str = field(default_factory=new_secrets.audit_key)

    @property
    def signer(self) -> Signer:
        return Signer(self.key)

    @property
    def settings(self) -> Settings:
        return Settings(
            service=self.stored.service,
            database_url=self.stored.app_url,
            audit_key=self.key,
            audit_directory=str(self.exports),
        )

    async def grow(self, pieces: int, rows: int, drawn: random.Random) -> None:
        """Note rows, seal and sign them, `pieces` times."""
        async with Database(self.stored.app_url) as database:
            sealer = Sealer(database, self.settings)
            await sealer.begin()
            for _ in range(pieces):
                for _ in range(rows):
                    await note(database, drawn)
                while await sealer.look():
                    pass
                assert await sealer.sign() is not None

    async def look(self, connection: asyncpg.Connection) -> tuple[Report, list[Finding]]:
        """What is found on a connection whose transaction has begun."""
        found: list[Finding] = []
        with Look(self.stored.service, [self.signer.public], found.append) as looking:
            looking.take(read_exported([self.exports]))
            return await looking.at(connection), found

    async def verify(self) -> tuple[Report, list[Finding]]:
        """What an auditor finds, by the account that reads only."""
        found: list[Finding] = []
        exported = read_exported([self.exports])
        keys = [self.signer.public]
        service = self.stored.service
        report = await verify(service, self.stored.readonly_url, exported, keys, found.append)
        return report, found


async def note(database: Database, drawn: random.Random, pause: float = 0.0) -> None:
    """One transaction with an entry of the trail, committed `pause` seconds after it was noted."""
    who = Principal(
        subject=f"person-{drawn.randrange(20)}",
        client_id="portal",
        unit=drawn.choice([None, "st-bureau", "finance-bureau"]),
        roles=frozenset(drawn.sample(list(Role), drawn.randrange(1, 3))),
    )
    detail: Mapping[str, Any] = {"amount": str(drawn.randrange(10**9)), "rows": drawn.random()}
    after = {"state": "done", "n": drawn.random()}
    before = drawn.choice([None, {"state": "open"}])
    with context.using(Context(principal=who, request_id=f"{drawn.getrandbits(64):x}")):
        async with database.session() as session:
            thing = f"thing-{drawn.randrange(50)}"
            told = detail if drawn.random() < 0.5 else {}
            audit.record(
                session, drawn.choice(ACTIONS), "thing", thing, before=before, after=after, **told
            )
            await asyncio.sleep(pause)


async def accusations(stack: TrialStack) -> list[str]:
    """What an auditor finds in the trails of a whole system."""
    secrets = stack.data_dir / "secrets" / "audit"
    keys = read_keys(secrets / "audit_public_keys")
    found: list[str] = []
    for service in stack.services:

        def tell(finding: Finding, service: str = service) -> None:
            found.append(f"{service} {finding.text('en')}")

        exported = read_exported([stack.data_dir / "audit"])
        report = await verify(service, stack.database_url(service), exported, keys[service], tell)
        if report.uncovered + report.waiting or (report.rows and not report.checkpoints):
            found.append(f"{service} is not covered: {report}")
    return found
