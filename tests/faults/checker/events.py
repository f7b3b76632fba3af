"""Outbox ↔ stream ↔ inbox ↔ what was applied: every event, at every service that hears it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults import witness
from tests.faults.checker.findings import Report
from tests.faults.checker.stores import Databases, stream_ids
from tests.faults.system import TrialStack

_OUTBOX = """SELECT id::text, aggregate_id, aggregate_version, stream_seq,
 published_at IS NOT NULL FROM outbox ORDER BY seq"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One row of an outbox."""

    id: str
    aggregate_id: str
    version: int
    stream_seq: int | None
    published: bool

    def __str__(self) -> str:
        return f"{self.id} ({self.aggregate_id} version {self.version})"


async def check_events(report: Report, databases: Databases, stack: TrialStack) -> None:
    """Follow every event from every outbox to everybody who hears it."""
    counts: dict[str, int] = {}
    for publisher in stack.topology.services:
        outbox = [Stored(*row) for row in await databases.rows(publisher, _OUTBOX)]
        counts[publisher] = len(outbox)
        _check_versions(report, publisher, outbox)
        await _check_stream(report, stack, publisher, outbox)
        for consumer, heard in stack.topology.pairs():
            if heard == publisher:
                await _check_consumer(report, databases, consumer, publisher, outbox)
    report.figures["events compared"] = counts


def _check_versions(report: Report, publisher: str, outbox: Sequence[Stored]) -> None:
    """Within an aggregate the versions are 1, 2, 3 … in the order of the outbox."""
    reached: Counter[str] = Counter()
    for event in outbox:
        reached[event.aggregate_id] += 1
        if event.version != reached[event.aggregate_id]:
            report.add("out of order", f"outbox of {publisher}", [event])


async def _check_stream(
    report: Report, stack: TrialStack, publisher: str, outbox: Sequence[Stored]
) -> None:
    where = f"stream of {publisher}"
    at = await stream_ids(stack, publisher)
    report.add(
        "lost", f"outbox of {publisher}, unpublished", [e for e in outbox if not e.published]
    )
    report.add("lost", where, [e for e in outbox if e.published and e.id not in at])
    wrong = [e for e in outbox if e.published and e.stream_seq not in at.get(e.id, [e.stream_seq])]
    report.add("unequal", f"{where}, place noted in the outbox", wrong)
    report.add("unexpected", where, sorted(at.keys() - {event.id for event in outbox}))
    last: dict[str, int] = {}
    for event in outbox:
        first = min(at.get(event.id, [0]))
        if 0 < first < last.get(event.aggregate_id, 0):
            report.add("out of order", where, [event])
        last[event.aggregate_id] = max(first, last.get(event.aggregate_id, 0))
    again = sum(len(places) - 1 for places in at.values())
    if again:
        # Allowed: delivery is at least once, and the inbox is there for it.
        report.figures[f"stored twice in the {where}"] = again


async def _check_consumer(
    report: Report,
    databases: Databases,
    consumer: str,
    publisher: str,
    outbox: Sequence[Stored],
) -> None:
    where = f"{publisher} → {consumer}"
    mine = f"WHERE publisher = '{publisher}'"
    inbox = dict(
        await databases.rows(consumer, f"SELECT event_id::text, outcome FROM inbox {mine}")
    )
    report.add("lost", f"{where}: inbox", [e for e in outbox if e.id not in inbox])
    parked = [e for e in outbox if inbox.get(e.id) == "parked"]
    report.add("lost", f"{where}: parked", parked)
    known = {event.id: event for event in outbox}
    report.add("unexpected", f"{where}: inbox", sorted(inbox.keys() - known.keys()))
    seen = await databases.rows(
        consumer,
        f"""SELECT event_id::text, aggregate_id, aggregate_version
        FROM {witness.TABLE} {mine} ORDER BY id""",
    )
    times = Counter(row[0] for row in seen)
    report.add("lost", f"{where}: applied", [e for e in outbox if not times[e.id]])
    doubled = [f"{known.get(i, i)} {n} times" for i, n in times.items() if n > 1]
    report.add("doubled", f"{where}: applied", doubled)
    reached: dict[str, int] = {}
    for event_id, aggregate, version in seen:
        if version < reached.get(aggregate, 0):
            report.add("out of order", f"{where}: applied", [known.get(event_id, event_id)])
        reached[aggregate] = max(version, reached.get(aggregate, 0))
