"""What a service does without being asked: publish its events, apply others', keep its times, seal
its audit trail."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from servicekit.db import Database
from servicekit.files import store as files
from servicekit.jobs import store as stored_jobs
from servicekit.jobs.job import Kind
from servicekit.jobs.runner import JobRunner
from servicekit.messaging import metrics
from servicekit.messaging.apply import Applier, Patience
from servicekit.messaging.bus import Bus
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.leader import Leader, Loop
from servicekit.messaging.nudge import Nudger
from servicekit.messaging.observe import Observer
from servicekit.messaging.postgres import LOST
from servicekit.messaging.prune import prune
from servicekit.messaging.relay import Relay
from servicekit.messaging.replay import Replayer
from servicekit.messaging.schedules import Schedule, Timekeeper
from servicekit.messaging.subscriptions import Everything, Subscription, by_publisher
from servicekit.messaging.sync import check_sync
from servicekit.messaging.tasks import end
from servicekit.sealing.sealer import Sealer
from servicekit.sealing.watch import watch
from servicekit.settings import Settings

__all__ = ["Everything", "Schedule", "Subscription", "Worker"]

Check = Callable[[], Awaitable[str | None]]

PRUNE = Schedule("servicekit.prune", timedelta(minutes=5), prune)
JOBS_AT_ONCE = 2
"""Jobs that one worker does at a time: a long one does not keep the short ones waiting."""

log = structlog.get_logger()


class Worker:
    """Starts at once and works as soon as Postgres and NATS are there; never gives up.

    `publishes` is false for a service without events of its own: it has no outbox to relay.
    `jobs` are the kinds of jobs it does; `beside` are further loops, each given the worker's
    database.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        subscriptions: Sequence[Subscription | Everything] = (),
        schedules: Sequence[Schedule] = (),
        publishes: bool = True,
        patience: Patience | None = None,
        jobs: Sequence[Kind] = (),
        beside: Mapping[str, Callable[[Database], Coroutine[Any, Any, None]]] | None = None,
    ) -> None:
        self._settings = settings
        self._database = Database(
            settings.database_url, pool_size=8, application_name=f"{settings.service}-worker"
        )
        self._nudger = Nudger(self._database)
        self._database.on_commit = self._nudger.poke
        self.bus = Bus.of(settings)
        handlers = by_publisher(subscriptions)
        self._consumers = [
            Consumer(
                self.bus, settings.service, Applier(self._database, each, patience or Patience())
            )
            for each in handlers.values()
        ]
        self._relay: Relay | None = None
        if publishes:
            schemas = f"{settings.issuer.rstrip('/')}/schemas"
            self._relay = Relay(self.bus, settings.database_url, settings.service, schemas)
        self._replayer = Replayer(self._database, handlers)
        self._observer = Observer(self.bus, self._database, settings.service, self._consumers)
        self._sealer = Sealer(self._database, settings)
        at_once = JOBS_AT_ONCE if jobs else 0
        self._runners = [JobRunner(self._database, jobs) for _ in range(at_once)]
        pruning = [PRUNE, *(pruning_of_jobs(settings) if jobs else ())]
        self._timekeepers = [Timekeeper(self._database, s) for s in (*schedules, *pruning)]
        self._beside = {
            name: partial(each, self._database) for name, each in (beside or {}).items()
        }
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin; returns at once."""
        await self.bus.start()
        await self._nudger.start()
        url = self._settings.database_url
        sealing: dict[str, Loop] = {"seal": self._sealer.run}
        loops: dict[str, Loop] = {
            "observe": self._observer.run,
            "audit": Leader(url, "servicekit.audit", sealing).run,
            "audit:watch": partial(watch, self._database),
            **self._beside,
        }
        if self._relay is not None:
            loops["relay"] = self._relay.run
        if self._consumers:
            applying: dict[str, Loop] = {c.publisher: c.run for c in self._consumers}
            applying["replay"] = self._replayer.run
            loops["consumers"] = Leader(url, "servicekit.consumers", applying).run
        for number, runner in enumerate(self._runners):
            loops[f"jobs:{number}"] = runner.run
        for number, keeper in enumerate(self._timekeepers):
            loops[f"schedule:{number}"] = keeper.run
        self._tasks = [
            asyncio.create_task(keep_running(name, loop), name=name) for name, loop in loops.items()
        ]

    async def stop(self) -> None:
        """End every loop; what was not acknowledged is delivered again, to whoever is there."""
        await end(self._tasks)
        self._tasks = []
        await self._nudger.close()
        await self.bus.stop()
        await self._database.close()

    def checks(self) -> dict[str, Check]:
        """What readiness asks of a worker."""
        return {"nats": self._nats, "nats_sync": self._sync, "events": self._events}

    async def _nats(self) -> str | None:
        return self.bus.problem()

    async def _sync(self) -> str | None:
        return await check_sync(self._settings.nats_monitor_url)

    async def _events(self) -> str | None:
        parts = [*self._consumers, *([self._relay] if self._relay else [])]
        return "; ".join(part.trouble for part in parts if part.trouble) or None


def pruning_of_jobs(settings: Settings) -> list[Schedule]:
    keep, often = timedelta(days=settings.job_days), timedelta(minutes=10)
    return [
        Schedule("servicekit.prune_jobs", often, partial(stored_jobs.prune, keep=keep)),
        Schedule("servicekit.prune_files", often, files.prune),
    ]


async def keep_running(name: str, loop: Loop) -> None:
    """Run a loop for ever: it is started again when it breaks, and the break is told."""
    while True:
        try:
            await loop()
        except LOST as error:
            log.warning("worker_loop_lost_connection", loop=name, error=str(error))
        except Exception as error:
            log.error("worker_loop_broke", loop=name, exc_info=error)
        metrics.LOOP_FAILURES.labels(name).inc()
        await asyncio.sleep(1.0)
