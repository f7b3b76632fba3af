"""Every write of the public document is seen to succeed, through the gateway of a running system,
and to do what an effect has to do: it is found, versioned, repeatable, audited and told."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from contracts.snapshots import events
from local_stack.stack import Stack

from tests.journeys.actors import Actors, Row
from tests.journeys.caller import Caller
from tests.journeys.operations import OPERATIONS, Operation
from tests.journeys.turns import TURNS
from tests.journeys.turns.turn import Done, Script, Turn

WRITES = [one for one in OPERATIONS if one.is_write]
SHOWN_ONCE = {"client_secret", "secret"}
"""Left out when what was made is read, and when its making is answered again."""
NOT_BY_A_CALL = {
    "kechuang.supervision.item.overdue.v1": "a day passes",
    "kechuang.supervision.inspection.missed.v1": "a day passes",
    "kechuang.supervision.meeting.missed.v1": "a day passes",
    "kechuang.supervision.meeting.reports_missing.v1": "a day passes",
    "kechuang.supervision.unit_plan.overdue.v1": "a day passes",
    "kechuang.supervision.unit_plan.reminded.v1": "a day passes",
    "kechuang.targets.key_task.overdue.v1": "a day passes",
    "kechuang.funding.acceptance.overdue.v1": "a day passes",
    "kechuang.parks.recognition.expiring.v1": "a day passes",
    "kechuang.parks.operating_return.due.v1": "a day passes",
    "kechuang.targets.progress_report.overdue.v1": "a day passes",
    "kechuang.targets.indicator.outlook_changed.v1": "the worker makes a forecast",
    "kechuang.funding.disbursement.held.v1": "an item is opened elsewhere",
    "kechuang.funding.rule.breached.v1": "a rule that was kept is not; test_overspend tells it",
    "kechuang.funding.rule.restored.v1": "and is kept again",
}
UNLIMITED = {
    "KECHUANG_RATE_LIMIT": "100000/second",
    "KECHUANG_WEBHOOK_ALLOWLIST": "127.0.0.0/8",
}


@pytest.fixture(scope="module")
def system(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    with new_system(door=UNLIMITED) as system:
        yield system


@pytest.fixture(scope="module")
def hands(system: Stack) -> Iterator[Actors]:
    actors = Actors(system.url, system.clients)
    yield actors
    actors.close()


@pytest.fixture(scope="module")
def script(system: Stack, hands: Actors) -> Iterator[list[Done]]:
    """How the turns went."""
    call = Caller(system, hands)
    script = Script(call, hands)
    script.play(TURNS)
    yield script.done
    call.close()


@pytest.fixture(scope="module")
def audited(script: list[Done], hands: Actors) -> dict[str, list[Row]]:
    """The audit trail by request."""
    found: dict[str, list[Row]] = defaultdict(list)
    for entry in hands("auditor").items("audit-entries", limit=200, sort="occurred_at"):
        found[entry["request_id"]].append(entry)
    return found


@pytest.fixture(scope="module")
def told(script: list[Done], hands: Actors) -> dict[str, set[str]]:
    """The types of the events that each turn published itself, by its correlation id."""
    found: dict[str, set[str]] = {}

    def complete() -> bool:
        found.clear()
        for event in hands("office").items("events", limit=200):
            if event["causation_id"] is None:
                found.setdefault(event["correlation_id"], set()).add(event["type"])
        return all(expected(one.turn) <= found.get(one.correlation_id, set()) for one in script)

    patience = time.monotonic() + 20.0
    while not complete() and time.monotonic() < patience:
        time.sleep(0.2)
    return found


def expected(turn: Turn) -> set[str]:
    return {f"kechuang.{name}.v1" for name in turn.tells}


def without_secrets(body: Any) -> Any:
    return {name: value for name, value in body.items() if name not in SHOWN_ONCE}


def writes(*kinds: Callable[[Operation], bool]) -> pytest.MarkDecorator:
    chosen = [one for one in WRITES if all(kind(one) for kind in kinds)]
    return pytest.mark.parametrize("operation", chosen, ids=[one.name for one in chosen])


def successes(operation: Operation, script: list[Done]) -> list[Done]:
    return [one for one in script if one.operation == operation and one.answer.is_success]


@writes()
def test_it_succeeds(operation: Operation, script: list[Done]) -> None:
    last = script[-1]
    stopped = f"{last.turn}: {last.answer.status_code} {last.answer.text}"
    assert operation.name in {one.operation for one in TURNS if isinstance(one, Turn)}, "no turn"
    assert successes(operation, script), stopped


@writes(lambda one: "201" in one.spec["responses"])
def test_what_was_made_is_where_it_says(operation: Operation, script: list[Done]) -> None:
    made = [one for one in successes(operation, script) if one.answer.status_code == 201]
    assert made
    for one in made:
        assert one.located is not None, "no Location"
        assert one.located.status_code == 200, one.located.text
        assert without_secrets(one.located.json()) == without_secrets(one.answer.json())
        assert one.located.headers.get("ETag") == one.answer.headers.get("ETag")


@writes(lambda one: one.is_versioned)
def test_it_takes_the_version_that_was_given(operation: Operation, script: list[Done]) -> None:
    done = successes(operation, script)
    assert any("If-Match" in one.answer.request.headers for one in done)
    for one in done:
        if one.answer.content:
            assert one.answer.headers["ETag"] == f'"{one.answer.json()["version"]}"'


@writes(lambda one: one.is_keyed)
def test_again_it_is_answered_alike(operation: Operation, script: list[Done]) -> None:
    for one in successes(operation, script):
        assert one.again is not None
        assert one.again.headers["Idempotency-Replayed"] == "true"
        assert one.again.status_code == one.answer.status_code
        assert without_secrets(one.again.json()) == without_secrets(one.answer.json())
        for name in ("ETag", "Location"):
            assert one.again.headers.get(name) == one.answer.headers.get(name)


@writes()
def test_it_is_audited_once(
    operation: Operation, script: list[Done], audited: dict[str, list[Row]]
) -> None:
    for one in successes(operation, script):
        entries = audited[one.answer.headers["X-Request-Id"]]
        assert entries, one.turn
        assert {entry["outcome"] for entry in entries} == {"ok"}
        if one.again is not None:
            assert one.again.headers["X-Request-Id"] not in audited


@writes()
def test_it_tells_what_its_turn_says(
    operation: Operation, script: list[Done], told: dict[str, set[str]]
) -> None:
    for one in successes(operation, script):
        together = [each for each in script if each.correlation_id == one.correlation_id]
        wanted = {name for each in together for name in expected(each.turn)}
        assert told.get(one.correlation_id, set()) == wanted


def test_every_event_is_told_by_some_turn() -> None:
    by_turns = {name for turn in TURNS if isinstance(turn, Turn) for name in expected(turn)}
    assert by_turns | NOT_BY_A_CALL.keys() == {event.type for event in events()}
    assert not by_turns & NOT_BY_A_CALL.keys()
