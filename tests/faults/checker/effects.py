"""Acknowledged writes ↔ rows: every key that was answered has its effect exactly once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.checker.findings import Report
from tests.faults.checker.stores import Databases
from tests.faults.history import History


@dataclass(frozen=True, slots=True)
class Effect:
    """Where the effect of one kind of write lies. Each query of `traces` gives (key, rows with that
    key), each of `alone` what tells of an effect that is not there."""

    kind: str
    service: str
    traces: Mapping[str, str]
    alone: Mapping[str, str] = field(default_factory=dict)


EFFECTS: Sequence[Effect] = (
    Effect(
        "issue an item",
        "supervision",
        {
            "item": "SELECT title, count(*) FROM supervision_item GROUP BY 1",
            "step": """SELECT i.title, count(*) FROM supervision_item_step s
                JOIN supervision_item i ON i.id = s.item_id WHERE s.action = 'issue' GROUP BY 1""",
            "event": """SELECT data->>'title', count(*) FROM outbox
                WHERE type = 'kechuang.supervision.item.opened.v1' GROUP BY 1""",
            "key": "SELECT key, count(*) FROM idempotency_key GROUP BY 1",
            "audit entry": """SELECT i.title, count(*) FROM audit_entry a
                JOIN supervision_item i ON i.id::text = a.object_id
                WHERE a.action = 'supervision_items.issue' GROUP BY 1""",
        },
        {
            "audit entry without its item": """SELECT a.object_id FROM audit_entry a
                WHERE a.action = 'supervision_items.issue' AND a.outcome = 'ok' AND NOT EXISTS
                  (SELECT FROM supervision_item i WHERE i.id::text = a.object_id)""",
        },
    ),
    Effect(
        "cancel an item",
        "supervision",
        {
            "item": "SELECT cancel_reason, count(*) FROM supervision_item GROUP BY 1",
            "step": """SELECT note, count(*) FROM supervision_item_step
                WHERE action = 'cancel' GROUP BY 1""",
            "event": """SELECT i.cancel_reason, count(*) FROM outbox o
                JOIN supervision_item i ON i.id::text = o.data->>'item_id'
                WHERE o.type = 'kechuang.supervision.item.closed.v1' GROUP BY 1""",
            "key": "SELECT key, count(*) FROM idempotency_key GROUP BY 1",
        },
    ),
    Effect(
        "appropriate",
        "funding",
        {
            "appropriation": "SELECT document_no, count(*) FROM appropriation GROUP BY 1",
            "journal entry": """SELECT document_no, count(*) FROM journal_entry
                WHERE kind = 'appropriation' GROUP BY 1""",
            "event": """SELECT data->>'document_no', count(*) FROM outbox
                WHERE type = 'kechuang.funding.appropriation.made.v1' GROUP BY 1""",
            "key": "SELECT key, count(*) FROM idempotency_key GROUP BY 1",
        },
    ),
    Effect(
        "register an enterprise",
        "parks",
        {
            "enterprise": "SELECT name, count(*) FROM enterprise GROUP BY 1",
            "event": """SELECT data->>'name', count(*) FROM outbox
                WHERE type = 'kechuang.parks.enterprise.changed.v1' GROUP BY 1""",
            "key": "SELECT key, count(*) FROM idempotency_key GROUP BY 1",
        },
    ),
    Effect(
        "put a unit",
        "targets",
        {
            "unit": "SELECT name_zh, count(*) FROM unit GROUP BY 1",
            "event": """SELECT data->>'name', count(*) FROM outbox
                WHERE type = 'kechuang.targets.unit.changed.v1' GROUP BY 1""",
        },
    ),
)


async def check_effects(report: Report, databases: Databases, history: History) -> None:
    """Compare every kind of write that occurs in the history."""
    compared: Counter[str] = Counter()
    for effect in EFFECTS:
        answered = history.keys(effect.kind, "ok")
        refused = history.keys(effect.kind, "fail")
        asked = answered | refused | history.keys(effect.kind, "unknown")
        if not asked:
            continue
        for trace, sql in effect.traces.items():
            found = dict(await databases.rows(effect.service, sql))
            where = f"{effect.kind} → {trace}"
            report.add("lost", where, sorted(answered - found.keys()))
            report.add("doubled", where, sorted(k for k in asked if found.get(k, 0) > 1))
            report.add("unexpected", f"{where} of a refused call", sorted(refused & found.keys()))
            compared[effect.kind] += len(answered)
        for trace, sql in effect.alone.items():
            found = await databases.rows(effect.service, sql)
            report.add("unexpected", f"{effect.kind} → {trace}", sorted(row[0] for row in found))
    report.figures["effects compared"] = dict(compared)
    _check_answers(report, history)


def _check_answers(report: Report, history: History) -> None:
    """Answers among themselves: one key, one resource; and no error that nobody foresaw."""
    two = [o.key for o in history.operations if len(o.resources) > 1]
    report.add("doubled", "answers to one key name several resources", two)
    refused = [f"{o.key}: {o.problem}" for o in history.operations if o.outcome == "fail"]
    report.add("unexpected", "refused", refused)
    broken = [o.key for o in history.operations if 500 in o.attempts]
    report.add("unexpected", "answered with 500", broken)
    open_ended = [o.key for o in history.operations if o.outcome == "unknown"]
    report.add("unexpected", "never answered", open_ended)
