"""Read models ↔ the publisher's truth, the books ↔ themselves, the equation of the messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicekit.messaging import names

from tests.faults.checker.findings import Report
from tests.faults.checker.stores import Databases, backlogs
from tests.faults.system import TrialStack


@dataclass(frozen=True, slots=True)
class Copy:
    """What one service keeps of another's facts: both queries must give the same rows."""

    name: str
    truth: tuple[str, str]
    copy: tuple[str, str]


_ENDED = "status IN ('closed', 'cancelled')"
_UNITS = "SELECT code, name_zh, active FROM unit"
_UNIT_NODES = "SELECT code, name, active FROM unit_node"

COPIES: Sequence[Copy] = (
    Copy(
        "payment holds",
        ("supervision", f"SELECT id, {_ENDED} FROM supervision_item WHERE holds_payments"),
        ("funding", "SELECT item_id, released_at IS NOT NULL FROM payment_hold"),
    ),
    Copy(
        "items on the status board",
        ("supervision", f"SELECT id, number, {_ENDED} FROM supervision_item"),
        ("targets", "SELECT item_id, number, closed_at IS NOT NULL FROM supervision_item"),
    ),
    *(
        Copy(f"units at {service}", ("targets", _UNITS), (service, _UNIT_NODES))
        for service in ("funding", "parks", "supervision")
    ),
    Copy(
        "appropriations in the budget lines",
        (
            "funding",
            """SELECT b.id, coalesce(sum(a.amount), 0) FROM budget b
            LEFT JOIN appropriation a ON a.budget_id = b.id GROUP BY b.id""",
        ),
        ("funding", "SELECT id, appropriated FROM budget"),
    ),
    Copy(
        "account totals from the journal",
        (
            "funding",
            """SELECT a.id, coalesce(sum(l.debit), 0), coalesce(sum(l.credit), 0)
            FROM account a LEFT JOIN journal_line l ON l.account_id = a.id GROUP BY a.id""",
        ),
        ("funding", "SELECT id, debit_total, credit_total FROM account"),
    ),
    Copy(
        "numbers of supervision items without a gap",
        ("supervision", "SELECT split_part(number, '-', 2)::int FROM supervision_item"),
        ("supervision", "SELECT generate_series(1, (SELECT count(*) FROM supervision_item))"),
    ),
)

_BALANCE = "SELECT coalesce(sum(debit) - sum(credit), 0) FROM journal_line"
_TALLY = """SELECT coalesce(sum(events), 0)::int FROM inbox_tally
 WHERE publisher = '{}' AND generation = '{}'"""


async def check_models(report: Report, databases: Databases, stack: TrialStack) -> None:
    """Compare every copy whose two services run."""
    running = set(stack.topology.services)
    compared: dict[str, int] = {}
    for each in COPIES:
        if {each.truth[0], each.copy[0]} <= running:
            truth = {tuple(row) for row in await databases.rows(*each.truth)}
            copy = {tuple(row) for row in await databases.rows(*each.copy)}
            report.add("lost", each.name, truth - copy)
            report.add("unexpected", each.name, copy - truth)
            compared[each.name] = len(truth)
    if "funding" in running and (off := await databases.value("funding", _BALANCE)):
        report.add("unequal", "debit and credit", [f"{off} yuan apart"])
    report.figures["read models compared"] = compared


async def check_equation(report: Report, databases: Databases, stack: TrialStack) -> None:
    """applied + ignored + parked + pending = messages of the stream."""
    waiting = backlogs(stack) or {}
    for consumer, publisher in stack.topology.pairs():
        durable = names.durable(consumer, publisher)
        if durable not in waiting:
            report.add("lost", "durables", [durable])
            continue
        backlog = waiting[durable]
        tally = await databases.value(consumer, _TALLY.format(publisher, backlog.generation))
        total = tally + backlog.pending + backlog.unacknowledged
        if total != backlog.messages:
            off = f"{durable}: {total} of {backlog.messages}"
            report.add("unequal", "messages accounted for", [off])
