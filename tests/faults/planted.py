"""Known mistakes, to prove that the trials would notice them. Each changes servicekit in the
process it is planted in, and nowhere else; some hold their own window open a little, so that a
kill falls into it within seconds and not within days."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Any

from nats.aio.msg import Msg
from servicekit.db import Session
from servicekit.messaging import apply, consumer, relay
from servicekit.messaging.apply import Verdict
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.delivery import Delivery, Outcome

WINDOW = 2.0
"""Seconds between the two steps whose order or atomicity a defect gets wrong. What has collected
while a consumer was away takes it up to a second to apply: the window has to be longer than that,
or kills at a fixed distance from its start all fall before it opens."""

LINGER = 0.3
"""Seconds a slow commit may take."""


def ack_before_commit() -> None:
    """The event is acknowledged first and applied afterwards."""
    handle = Consumer._handle

    async def careless(self: Consumer, generation: str, messages: Sequence[Msg]) -> None:
        for message in messages:
            await message.ack()
        await self._bus.client.flush()
        await asyncio.sleep(WINDOW)
        await handle(self, generation, messages)

    async def already_answered(_message: Msg, _verdict: Verdict) -> None: ...

    Consumer._handle = careless
    consumer._answer = already_answered


def no_inbox() -> None:
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

    apply._Run.handle = trusting
    Consumer._until_applied = slow_to_answer


def cursor_by_id() -> None:
    """The relay goes on after the last number it published."""
    relay._UNPUBLISHED = relay._UNPUBLISHED.replace(
        "published_at IS NULL",
        "seq > (SELECT coalesce(max(seq), 0) FROM outbox WHERE published_at IS NOT NULL)",
    )


def slow_commit() -> None:
    """No mistake: transactions take a while between drawing their number and their commit, so
    that they overtake each other as they do on a busy server."""
    flush_deferred = Session.flush_deferred

    async def lingering(self: Session, *args: Any, **kwargs: Any) -> Any:
        result = await flush_deferred(self, *args, **kwargs)
        await asyncio.sleep(random.uniform(0, LINGER))
        return result

    Session.flush_deferred = lingering


DEFECTS: dict[str, Callable[[], None]] = {
    defect.__name__: defect for defect in (ack_before_commit, no_inbox, cursor_by_id, slow_commit)
}
