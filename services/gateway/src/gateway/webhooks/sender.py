"""Sending what is due: several senders may run, each delivery is in the hands of one at a time.

At least once: a sender that dies between the answer and its note leaves a lease that ends, and the
delivery is sent again with the same `webhook-id`.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import structlog
from servicekit import audit
from servicekit.clock import now
from servicekit.db import Database, Session
from servicekit.messaging import names
from servicekit.messaging.envelope import CONTENT_TYPE, encode
from servicekit.messaging.tasks import end
from servicekit.problems import Problem
from sqlalchemy import func
from yarl import URL

from gateway.clients.domain import acting
from gateway.visibility.service import Visibility
from gateway.webhooks import repository
from gateway.webhooks.addresses import GuardedResolver, Lookup, TargetRefused, system_lookup
from gateway.webhooks.domain import IN_ORDER, State, pause_before, retry_after
from gateway.webhooks.models import Webhook
from gateway.webhooks.repository import Outcome
from gateway.webhooks.service import Means
from gateway.webhooks.signing import signed

log = structlog.get_logger()

AT_ONCE = 32
"""Sendings of one sender."""
PER_WEBHOOK = 4
POLL = 0.5
TIMEOUT = 10.0
"""Seconds for one sending, from the resolving of the name to the end of the answer."""
LEASE = timedelta(seconds=30)
LONGEST_ANSWER = 64 * 1024
"""Bytes that are read of an answer, and thrown away."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said; `wish` in seconds from its `Retry-After`."""

    outcome: Outcome
    wish: float = 0.0


@dataclass(slots=True)
class Sender:
    """Sends to everybody's webhooks. `give_up` is how long a webhook may fail before it is
    disabled."""

    visibility: Visibility
    means: Means
    schemas: str
    give_up: timedelta
    lookup: Lookup = system_lookup
    _busy: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, database: Database) -> None:
        """Until cancelled; what is under way then is sent again later."""
        async with self._session() as http:
            try:
                while True:
                    if not await self._start_due(database, http):
                        await asyncio.sleep(POLL)
            finally:
                await end(self._busy)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self.means.allowlist, self.lookup),
            use_dns_cache=False,
            force_close=True,  # every sending resolves and checks anew
            limit=AT_ONCE,
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
        ) as session:
            yield session

    async def _start_due(self, database: Database, http: aiohttp.ClientSession) -> bool:
        """Begin what is due as far as there is room; tells whether anything was."""
        try:
            await self.visibility.rules()
        except Problem as problem:
            # Nobody can tell yet who may see what, so nothing is sent.
            log.info("webhooks_wait", reason=str(problem))
            return False
        room = AT_ONCE - len(self._busy)
        if room <= 0:
            await asyncio.wait(self._busy, return_when=asyncio.FIRST_COMPLETED)
            return True
        async with database.session() as session:
            due = await repository.claim(
                session,
                room=min(room, PER_WEBHOOK),
                at_once=PER_WEBHOOK,
                in_order=IN_ORDER,
                lease=LEASE,
            )
        for delivery_id in due:
            task = asyncio.create_task(self._deliver(database, http, delivery_id))
            self._busy.add(task)
            task.add_done_callback(self._done)
        return bool(due)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._busy.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Our own fault, such as a key that is missing: no attempt is counted, and when the
            # lease has ended it is tried again.
            log.error("delivery_broke", exc_info=error)

    async def _deliver(
        self, database: Database, http: aiohttp.ClientSession, delivery_id: UUID
    ) -> None:
        async with database.session() as session:
            task = await repository.task(session, delivery_id)
            if task is None or not await self._may_go(session, task):
                return
        answer = await self._send(http, task)
        async with database.session() as session:
            await self._note(session, task, answer)

    async def _may_go(self, session: Session, task: dict[str, Any]) -> bool:
        """Whether the client may see the event as things stand now; what it may not see is no
        delivery at all."""
        if task["body"] is not None:
            return True
        if task["position"] is None:
            await repository.settle(session, task["id"], state="failed", next_attempt_at=None)
            return False
        client = acting(task["client_id"], task["roles"], task["unit"], task["scopes"])
        sight = await self.visibility.sight(session, client)
        if not sight.sees(task["permission"], task["units"]):
            await repository.drop(session, task["id"])
            return False
        return True

    async def _send(self, http: aiohttp.ClientSession, task: dict[str, Any]) -> Answer:
        """One sending; whatever goes wrong on the way is in the answer.

        Raises:
            KeyMissing, InvalidToken: the secret cannot be read, which is not the receiver's fault.
        """
        started, at = time.monotonic(), now()

        def outcome(status: int | None, error: str | None, wish: float = 0.0) -> Answer:
            spent = round((time.monotonic() - started) * 1000)
            return Answer(Outcome(at, spent, status, error), wish)

        try:
            self.means.allowlist.check(task["url"])
            body = self._body(task)
            live = [self.means.box.open(sealed) for sealed in task["sealed"]]
            headers = signed(live, str(task["event_id"]), at, body)
            headers += [("content-type", CONTENT_TYPE), ("user-agent", "Kechuang-Webhooks/1")]
            async with http.post(
                URL(task["url"], encoded=True),
                data=body.encode(),
                headers=headers,
                allow_redirects=False,
            ) as response:
                await response.content.read(LONGEST_ANSWER)
                fine = 200 <= response.status < 300
                wish = retry_after(response.headers.get("retry-after"), now())
                return outcome(response.status, None if fine else "status", wish)
        except TargetRefused as error:
            return outcome(None, f"target_refused: {error.params['reason']}")
        except TimeoutError:
            return outcome(None, "timeout")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return outcome(None, f"{type(error).__name__}"[:200])

    def _body(self, task: dict[str, Any]) -> str:
        if task["body"] is not None:
            return task["body"]
        row = {**task, "id": task["event_id"]}
        source = names.source(task["publisher"])
        return encode(row, source=source, schemas=self.schemas).decode()

    async def _note(self, session: Session, task: dict[str, Any], answer: Answer) -> None:
        """Store the attempt and what follows from it."""
        outcome, attempts = answer.outcome, task["attempts"] + 1
        webhook = await repository.find(session, task["webhook_id"], lock=True)
        if webhook is None:
            return
        await repository.note(session, task["id"], outcome)
        if outcome.error is None:
            webhook.failing_since = None
            await repository.settle(
                session,
                task["id"],
                state="delivered",
                attempts=attempts,
                next_attempt_at=None,
                delivered_at=func.now(),
            )
            return
        pause = pause_before(attempts, answer.wish)
        await repository.settle(
            session,
            task["id"],
            state="failed" if pause is None else "pending",
            attempts=attempts,
            next_attempt_at=None if pause is None else func.now() + pause,
        )
        since = webhook.failing_since = webhook.failing_since or outcome.at
        gone = outcome.status_code == 410
        if gone or now() - since > self.give_up:
            self._disable(session, webhook, "gone" if gone else "failing")

    def _disable(self, session: Session, webhook: Webhook, reason: str) -> None:
        if webhook.state != State.ACTIVE:
            return
        before = webhook.snapshot()
        webhook.change({"state": State.DISABLED, "disabled_reason": reason})
        log.warning("webhook_disabled", webhook=str(webhook.id), reason=reason)
        after = webhook.snapshot()
        audit.record(session, "webhooks.disable", "webhook", webhook.id, before=before, after=after)
