"""Known mistakes with events, to prove that the trials would notice them. Each changes servicekit
in the process it is planted in, and nowhere else; some hold their own window open a little, so that
a kill falls into it within seconds and not within days.

A mistake is planted by whoever may put it away again: `setattr` in a process of its own, pytest's
`monkeypatch.setattr` in the test's."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
from nats.aio.msg import Msg
from servicekit.db import Database, Session
from servicekit.messaging import apply, bootstrap, consumer, relay, schedules, server_config
from servicekit.messaging.apply import Applier, Verdict
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.delivery import Delivery, Outcome
from servicekit.messaging.relay import Relay
from servicekit.messaging.schedules import Schedule
from servicekit.messaging.stream import StreamState
from servicekit.worker import PRUNE

Plant = Callable[[Any, str, Any], None]
"""`setattr`, or one that is undone."""

WINDOW = 2.0
"""Seconds between the two steps whose order or atomicity a defect gets wrong. What has collected
while a consumer was away takes it up to a second to apply: the window has to be longer than that,
or kills at a fixed distance from its start all fall before it opens."""

LINGER = 0.3
"""Seconds a slow commit may take."""
SECOND, MINUTES = timedelta(seconds=1), timedelta(minutes=5)


def ack_before_commit(plant: Plant) -> None:
    """The event is acknowledged first and applied afterwards."""
    handle = Consumer._handle

    async def careless(self: Consumer, generation: str, messages: Sequence[Msg]) -> None:
        for message in messages:
            await message.ack()
        await self._bus.client.flush()
        await asyncio.sleep(WINDOW)
        await handle(self, generation, messages)

    async def already_answered(_message: Msg, _verdict: Verdict) -> None: ...

    plant(Consumer, "_handle", careless)
    plant(consumer, "_answer", already_answered)


def no_inbox(plant: Plant) -> None:
    """Whatever is delivered is applied, seen before or not."""
    until_applied = Consumer._until_applied

    async def trusting(self: apply._Run, delivery: Delivery) -> None:
        await apply.call(delivery, self.session)
        self.moved[delivery.aggregate_id] = delivery.version
        self.outcomes[delivery.event_id] = Outcome.APPLIED
        self.verdicts[delivery.sequence] = Verdict(Outcome.APPLIED)

    async def slow_to_answer(
        self: Consumer, generation: str, batch: Sequence[Delivery]
    ) -> dict[int, Verdict]:
        verdicts = await until_applied(self, generation, batch)
        await asyncio.sleep(WINDOW)
        return verdicts

    plant(apply._Run, "handle", trusting)
    plant(Consumer, "_until_applied", slow_to_answer)


def cursor_by_id(plant: Plant) -> None:
    """The relay goes on after the last number it published."""
    after = "seq > (SELECT coalesce(max(seq), 0) FROM outbox WHERE published_at IS NOT NULL)"
    careless = relay._UNPUBLISHED.replace("published_at IS NULL", after)
    plant(relay, "_UNPUBLISHED", careless)


def cursor_by_time(plant: Plant) -> None:
    """The relay goes on after the last time it published."""
    after = """time >= (SELECT coalesce(max(time), '-infinity') FROM outbox
 WHERE published_at IS NOT NULL) AND published_at IS NULL"""
    plant(relay, "_UNPUBLISHED", relay._UNPUBLISHED.replace("published_at IS NULL", after))


def by_the_second(plant: Plant) -> None:
    """No mistake: what is done by the minute is done by the second."""
    hurry(plant, lambda schedule: schedule.every <= MINUTES)


def pruned_by_the_second(plant: Plant) -> None:
    """No mistake: what is old is looked for by the second, and the rest as often as ever."""
    hurry(plant, lambda schedule: schedule.name.startswith(PRUNE.name))


def hurry(plant: Plant, is_hurried: Callable[[Schedule], bool]) -> None:
    begin = schedules.Timekeeper.__init__

    def hurried(self: schedules.Timekeeper, database: Database, schedule: Schedule) -> None:
        often = replace(schedule, every=min(schedule.every, SECOND))
        begin(self, database, often if is_hurried(schedule) else schedule)

    plant(schedules.Timekeeper, "__init__", hurried)


def slow_commit(plant: Plant) -> None:
    """No mistake: transactions take a while between drawing their number and their commit, so
    that they overtake each other as they do on a busy server."""
    flush_deferred = Session.flush_deferred

    async def lingering(self: Session, *args: Any, **kwargs: Any) -> Any:
        result = await flush_deferred(self, *args, **kwargs)
        await asyncio.sleep(random.uniform(0, LINGER))
        return result

    plant(Session, "flush_deferred", lingering)


def skip_locked_relays(plant: Plant) -> None:
    """Every relay publishes, each what the others have not locked."""
    publish_round = Relay._round

    async def at_once(_connection: asyncpg.Connection, _lock: str) -> None: ...

    async def within(self: Relay, connection: asyncpg.Connection) -> bool:
        async with connection.transaction():
            return await publish_round(self, connection)

    plant(relay, "take_turn", at_once)
    plant(relay, "_UNPUBLISHED", f"{relay._UNPUBLISHED} FOR UPDATE SKIP LOCKED")
    plant(relay, "BATCH", 20)
    plant(Relay, "_round", within)


def publish_before_commit(plant: Plant) -> None:
    """The event is on its way before its effect is stored."""
    flush_deferred = Session.flush_deferred

    async def eager(self: Session) -> None:
        events = [*self.events]
        self.events.clear()
        if events:
            async with self.database.new_session() as beside:
                beside.events.extend(events)
                await flush_deferred(beside)
                await beside.commit()
        await flush_deferred(self)

    plant(Session, "flush_deferred", eager)


def work_queue_retention(plant: Plant) -> None:
    """What was acknowledged leaves the stream."""
    stream_config = bootstrap.stream_config

    def forgetful(publisher: str, replicas: int, max_bytes: int) -> dict[str, Any]:
        return {**stream_config(publisher, replicas, max_bytes), "retention": "workqueue"}

    plant(bootstrap, "stream_config", forgetful)


def discard_new(plant: Plant) -> None:
    """A full stream refuses the new instead of letting the oldest go."""
    stream_config = bootstrap.stream_config

    def stubborn(publisher: str, replicas: int, max_bytes: int) -> dict[str, Any]:
        return {**stream_config(publisher, replicas, max_bytes), "discard": "new"}

    plant(bootstrap, "stream_config", stubborn)


def trimmed_is_lost(plant: Plant) -> None:
    """What left because the stream is full is taken for a loss."""
    plant(StreamState, "trimmed", False)


def unread_forgotten(plant: Plant) -> None:
    """What left before somebody had read it is not thought of."""

    async def never_looks(*_: Any) -> int:
        return 0

    plant(relay, "give_out_again", never_looks)


def reconcile_off(plant: Plant) -> None:
    """What was published once is taken to be in the stream for ever."""

    async def never_looks(*_: Any) -> int:
        return 0

    plant(relay, "reconcile", never_looks)
    plant(relay, "differs", never_looks)


def parking_off(plant: Plant) -> None:
    """An event that failed too often is acknowledged and forgotten."""

    async def forget(
        self: Applier, _generation: str, delivery: Delivery, *_: Any
    ) -> dict[int, Verdict]:
        self.troubles.forget(delivery.event_id)
        return {delivery.sequence: Verdict(Outcome.REPEATED)}

    plant(Applier, "_park", forget)


def gap_passed_over(plant: Plant) -> None:
    """An event whose predecessor is missing is applied all the same."""
    decide = apply._Run._decide

    async def hasty(self: apply._Run, delivery: Delivery) -> Verdict:
        if delivery.envelope is not None and delivery.aggregate_id not in self.claim.blocked:
            position = self.claim.positions.get(delivery.aggregate_id, 0)
            before = max(position, delivery.version - 1)
            self.claim.positions[delivery.aggregate_id] = before
        return await decide(self, delivery)

    plant(apply._Run, "_decide", hasty)


def fired_twice(plant: Plant) -> None:
    """Whoever looks finds the deadline due, in whose hands it may be."""
    plant(schedules, "_LOCK", "SELECT CAST(:lock AS text) IS NOT NULL")


def sync_off(plant: Plant) -> None:
    """NATS acknowledges what it will write to the disk some time."""
    render = server_config.render

    def lazy(*args: Any, **options: Any) -> str:
        return render(*args, **options).replace("sync_interval: always", 'sync_interval: "2m"')

    plant(server_config, "render", lazy)


DEFECTS: dict[str, Callable[[Plant], None]] = {
    defect.__name__: defect
    for defect in (
        ack_before_commit,
        no_inbox,
        cursor_by_id,
        cursor_by_time,
        by_the_second,
        pruned_by_the_second,
        slow_commit,
        skip_locked_relays,
        publish_before_commit,
        work_queue_retention,
        discard_new,
        trimmed_is_lost,
        unread_forgotten,
        reconcile_off,
        parking_off,
        gap_passed_over,
        fired_twice,
        sync_off,
    )
}
