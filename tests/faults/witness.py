"""A second handler in every consumer, which counts: one row each time an event is applied.

Most real handlers survive being run twice, so their tables cannot tell whether they were. The
witness writes in the handler's own transaction and has no unique key to hide behind.
"""

from typing import Any, Protocol

from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription
from servicekit.worker import Everything

TABLE = "trial_witness"

_INSERT = f"""INSERT INTO {TABLE} (event_id, publisher, aggregate_id, aggregate_version)
 VALUES ($1, $2, $3, $4)"""


class WorkerModule(Protocol):
    """A service's `worker.py`, as far as it is needed here."""

    CONSUMES: tuple[str, ...]
    SUBSCRIPTIONS: list[Subscription | Everything]


def table(service: str) -> str:
    """The statements that make it, for the superuser of the service's database."""
    return f"""CREATE TABLE IF NOT EXISTS {TABLE} (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL,
        publisher text NOT NULL,
        aggregate_id text NOT NULL,
        aggregate_version bigint NOT NULL);
    GRANT INSERT ON {TABLE} TO {service}_app;
    GRANT SELECT ON {TABLE} TO {service}_readonly;"""


async def see(session: Session, event: Received[Any]) -> None:
    """Write down that this event is applied now."""
    row = (event.id, event.publisher, event.aggregate_id, event.aggregate_version)
    await (await session.connection()).exec_driver_sql(_INSERT, row)


def install(worker: WorkerModule) -> None:
    """Let it see everything the service hears."""
    worker.SUBSCRIPTIONS.extend(Everything(publisher, see) for publisher in worker.CONSUMES)
