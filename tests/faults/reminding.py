"""A process that does nothing but take steps of the ladder, until it is killed."""

import asyncio

from servicekit.context import Context, using
from servicekit.db import Database
from supervision import models
from supervision.reminders import service

METADATA = models.metadata  # every table is mapped before the first query
AT_ONCE = 5
"""Items in one transaction: few, so that many transactions are there to be killed in."""


def remind(url: str, name: str) -> None:
    """Look at what is due again and again; `name` is the connection's, to be found by it."""
    service.LOOKED_AT_ONCE = AT_ONCE
    asyncio.run(_remind(url, name))


async def _remind(url: str, name: str) -> None:
    async with Database(url, pool_size=1, application_name=name) as database:
        while True:
            with using(Context()):
                async with database.session() as session:
                    await service.send_reminders(session)
