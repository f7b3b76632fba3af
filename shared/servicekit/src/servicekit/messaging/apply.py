"""Applying events: many in one transaction while all goes well, one by one when something fails."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from servicekit import context, traces
from servicekit.context import Context
from servicekit.db import Database, Session
from servicekit.messaging import inbox, metrics
from servicekit.messaging.delivery import Delivery, Outcome, Reason
from servicekit.messaging.errors import is_passing
from servicekit.messaging.subscriptions import Handlers

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """When to stop trying. Times in seconds; with these a failing event is parked within 10."""

    attempts: int = 5
    backoff: tuple[float, ...] = (0.1, 0.5, 2.0, 5.0)
    """How long to wait after the first, second, … failure."""
    gap: float = 30.0
    """How long an earlier event may be missing: twice the server's wait for an acknowledgement,
    because after a crash it is often on its way once more."""
    gap_pause: float = 1.0

    def pause(self, failures: int) -> float:
        return self.backoff[min(failures, len(self.backoff)) - 1]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a delivery; `pause` is when to deliver it again if it was put off."""

    outcome: Outcome
    pause: float = 0.0


@dataclass(slots=True)
class Troubles:
    """What is remembered of events that failed or came too early; lost at a restart, which only
    means that they are tried a few times more."""

    failures: Counter[UUID] = field(default_factory=Counter)
    early_since: dict[UUID, float] = field(default_factory=dict)

    def forget(self, event_id: UUID) -> None:
        self.failures.pop(event_id, None)
        self.early_since.pop(event_id, None)


class Applier:
    """Applies the events of one publisher to one service's database."""

    def __init__(self, database: Database, handlers: Handlers, patience: Patience) -> None:
        self.database = database
        self.handlers = handlers
        self.publisher = handlers.publisher
        self.patience = patience
        self.troubles = Troubles()

    async def apply(self, generation: str, batch: Sequence[Delivery]) -> dict[int, Verdict]:
        """Handle a batch; answers a verdict for every stream sequence.

        Raises:
            Exception: a passing one (`is_passing`): nothing of the batch's remainder happened,
                try the same batch again.
        """
        suspects = self.troubles.failures
        if not any(d.event_id in suspects for d in batch):
            try:
                return await self._transaction(generation, batch)
            except Exception as error:
                if is_passing(error) and len(batch) == 1:
                    raise
                log.info("batch_split", publisher=self.publisher, error=str(error)[:200])
        verdicts: dict[int, Verdict] = {}
        for delivery in batch:
            verdicts |= await self._alone(generation, delivery)
        return verdicts

    async def _alone(self, generation: str, delivery: Delivery) -> dict[int, Verdict]:
        """One event in its own transaction, so that only its own failure is counted against it."""
        try:
            return await self._transaction(generation, [delivery])
        except Exception as error:
            if is_passing(error):
                raise
            return await self._failed(generation, delivery, error)

    async def _failed(
        self, generation: str, delivery: Delivery, error: Exception
    ) -> dict[int, Verdict]:
        failures = self.troubles.failures
        failures[delivery.event_id] += 1
        count = failures[delivery.event_id]
        metrics.ATTEMPTS_FAILED.labels(self.publisher).inc()
        log.warning(
            "event_failed",
            type=delivery.type,
            event_id=str(delivery.event_id),
            attempt=count,
            exc_info=error,
        )
        if count < self.patience.attempts:
            return {delivery.sequence: Verdict(Outcome.LATER, self.patience.pause(count))}
        text = f"{type(error).__name__}: {error}"
        return await self._park(generation, delivery, text, count)

    async def _park(
        self, generation: str, delivery: Delivery, error: str, attempts: int
    ) -> dict[int, Verdict]:
        async with self.database.session() as session:
            claim = await inbox.claim(session, self.publisher, generation, [delivery])
            outcome = Outcome.REPEATED
            if delivery.event_id in claim.fresh:
                outcome = Outcome.PARKED
                parked = inbox.Parked(delivery, Reason.FAILED, error, attempts)
                inbox.park(session, self.publisher, [parked])
                settled = {delivery.event_id: outcome}
                left = _places_left([delivery])
                inbox.settle(session, self.publisher, generation, {}, settled, left)
        return self._conclude({delivery.sequence: Verdict(outcome)}, [delivery])

    async def _transaction(self, generation: str, batch: Sequence[Delivery]) -> dict[int, Verdict]:
        async with self.database.session() as session:
            claim = await inbox.claim(session, self.publisher, generation, batch)
            run = _Run(self, session, claim)
            for delivery in batch:
                await run.handle(delivery)
            repeats = _places_left(run.settled)
            if run.repeated:
                repeats += await inbox.recount(session, generation, run.repeated)
            inbox.park(session, self.publisher, run.parked)
            inbox.settle(session, self.publisher, generation, run.moved, run.outcomes, repeats)
        return self._conclude(run.verdicts, batch)

    def _conclude(
        self, verdicts: dict[int, Verdict], batch: Sequence[Delivery]
    ) -> dict[int, Verdict]:
        """After the commit: count, and forget the troubles of what is done."""
        for delivery in batch:
            verdict = verdicts[delivery.sequence]
            if verdict.outcome is not Outcome.LATER:
                self.troubles.forget(delivery.event_id)
        for outcome, count in Counter(v.outcome for v in verdicts.values()).items():
            metrics.HANDLED.labels(self.publisher, str(outcome)).inc(count)
        return verdicts


class _Run:
    """One transaction over a batch: which event is whose turn, and what came of it."""

    def __init__(self, applier: Applier, session: Session, claim: inbox.Claim) -> None:
        self.applier, self.session, self.claim = applier, session, claim
        self.moved: dict[str, int] = {}
        self.outcomes: dict[UUID, Outcome] = {}
        self.verdicts: dict[int, Verdict] = {}
        self.repeated: list[Delivery] = []
        self.settled: list[Delivery] = []
        self.parked: list[inbox.Parked] = []

    async def handle(self, delivery: Delivery) -> None:
        if self.outcomes.get(delivery.event_id) is Outcome.LATER:
            # The same event twice in one batch: what was put off must not be acknowledged here.
            self.verdicts[delivery.sequence] = self._put_off()
            return
        if delivery.event_id not in self.claim.fresh:
            self.repeated.append(delivery)
            self.verdicts[delivery.sequence] = Verdict(Outcome.REPEATED)
            return
        self.claim.fresh.discard(delivery.event_id)
        verdict = await self._decide(delivery)
        self.outcomes[delivery.event_id] = verdict.outcome
        self.verdicts[delivery.sequence] = verdict
        if verdict.outcome is not Outcome.LATER:
            self.settled.append(delivery)

    async def _decide(self, delivery: Delivery) -> Verdict:
        if delivery.envelope is None:
            return self._park(delivery, Reason.INVALID, delivery.error)
        position = self.claim.positions.get(delivery.aggregate_id, 0)
        if delivery.version <= position:
            return Verdict(Outcome.IGNORED)
        if delivery.version > position + 1:
            return self._too_early(delivery, position)
        if delivery.error:
            return self._park(delivery, Reason.INVALID, delivery.error)
        await call(delivery, self.session)
        self.claim.positions[delivery.aggregate_id] = delivery.version
        self.moved[delivery.aggregate_id] = delivery.version
        return Verdict(Outcome.APPLIED if delivery.heard else Outcome.IGNORED)

    def _too_early(self, delivery: Delivery, position: int) -> Verdict:
        blocked = self.claim.blocked.get(delivery.aggregate_id)
        if blocked is not None and blocked < delivery.version:
            return self._park(delivery, Reason.BEHIND, f"version {blocked} is parked")
        since = self.applier.troubles.early_since.setdefault(delivery.event_id, time.monotonic())
        if time.monotonic() - since < self.applier.patience.gap:
            return self._put_off()
        return self._park(delivery, Reason.GAP, f"version {position + 1} never came")

    def _put_off(self) -> Verdict:
        return Verdict(Outcome.LATER, self.applier.patience.gap_pause)

    def _park(self, delivery: Delivery, reason: Reason, error: str) -> Verdict:
        attempts = self.applier.troubles.failures[delivery.event_id] or 1
        self.parked.append(inbox.Parked(delivery, reason, error, attempts))
        if delivery.envelope is not None:
            aggregate = delivery.aggregate_id
            first = min(self.claim.blocked.get(aggregate, delivery.version), delivery.version)
            self.claim.blocked[aggregate] = first
        log.error(
            "event_parked",
            publisher=self.applier.publisher,
            type=delivery.type,
            event_id=str(delivery.event_id),
            reason=str(reason),
            error=error[:500],
        )
        return Verdict(Outcome.PARKED)


def _places_left(settled: Iterable[Delivery]) -> Counter[str]:
    """The messages by which these events came before and which left unread: one more ignored
    each, as of an event that is stored twice."""
    return Counter(str(Outcome.IGNORED) for delivery in settled if delivery.again)


async def call(delivery: Delivery, session: Session) -> None:
    """Run the handlers of an event, acting for the case it belongs to."""
    envelope = delivery.envelope
    assert envelope is not None
    about = {"kechuang.event_id": str(envelope.id), "messaging.system": "nats"}
    with traces.applying(envelope.traceparent, f"apply {delivery.type}", **about) as traceparent:
        surroundings = Context(
            request_id=str(envelope.id),
            correlation_id=envelope.correlation_id,
            causation_id=str(envelope.id),
            traceparent=traceparent,
        )
        with context.using(surroundings):
            for handler, received in delivery.calls:
                await handler(session, received)
