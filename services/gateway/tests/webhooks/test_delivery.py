"""What a receiver gets, verified as a receiver would, and what follows from its answers."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from contracts.targets import PeriodClosed, ProgressReportVerified
from gateway.webhooks import sender as sending_module
from gateway.webhooks.sender import Sender
from servicekit.db import Database
from standardwebhooks import Webhook

Make = Callable[..., Any]
Call = Callable[..., Any]


def report(unit: str = "a") -> ProgressReportVerified:
    return ProgressReportVerified(
        report_id=uuid4(),
        indicator_code="rd",
        unit_code=unit,
        period="2026-07",
        value=Decimal(1),
    )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending_module, "POLL", 0.02)


async def settled(database: Database, state: str, count: int = 1) -> list[Any]:
    """The deliveries in that state, once there are so many."""
    async with asyncio.timeout(10):
        while True:
            rows = await database.fetch(
                "SELECT * FROM webhook_delivery WHERE state = $1 ORDER BY ordinal", (state,)
            )
            if len(rows) >= count:
                return rows
            await asyncio.sleep(0.02)


async def attempts(database: Database) -> list[Any]:
    return await database.fetch("SELECT * FROM webhook_attempt ORDER BY at", ())


async def tried(database: Database, count: int) -> list[Any]:
    async with asyncio.timeout(10):
        while len(found := await attempts(database)) < count:  # noqa: ASYNC110 - the sender decides
            await asyncio.sleep(0.02)
    return found


async def hurry(database: Database) -> None:
    """Whatever is waiting is due now, and whatever was leased is not any more."""
    async with database.session() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "UPDATE webhook_delivery SET next_attempt_at = now(), leased_until = NULL"
            " WHERE state = 'pending'"
        )


async def test_a_receiver_can_verify_what_it_gets(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    _, secret = await subscribe(hooked, url=receiver.url, types=["kechuang.targets.*"])
    event = as_received(report())
    async with sending(sender, database):
        await publish(database, event)
        await settled(database, "delivered")
    [(headers, body)] = receiver.got
    assert Webhook(secret).verify(body, headers)["id"] == str(event.id)
    assert headers["webhook-id"] == str(event.id)
    assert headers["content-type"] == "application/cloudevents+json"
    assert "authorization" not in headers
    assert json.loads(body)["data"]["unit_code"] == "a"
    [attempt] = await attempts(database)
    assert (attempt["status_code"], attempt["error"]) == (200, None)


async def test_only_what_was_asked_for_and_may_be_seen_is_sent(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    """The system client's scopes hold reports but no periods."""
    await subscribe(hooked, "system", url=receiver.url, units=[])
    one = report("b")
    await subscribe(hooked, url=receiver.url + "/b", units=["b"], types=[one.type])
    await subscribe(
        hooked, url=receiver.url + "/s", subjects=["period:2026-09"], types=["kechuang.*"]
    )
    events = (report("a"), one, PeriodClosed(period="2026-08"), PeriodClosed(period="2026-09"))
    async with sending(sender, database):
        await publish(database, *map(as_received, events))
        await settled(database, "delivered", 4)
    found = sorted((h[":path"], json.loads(b)["subject"].split(":")[0]) for h, b in receiver.got)
    assert found == [
        ("/hooks", "progress_report"),
        ("/hooks", "progress_report"),
        ("/hooks/b", "progress_report"),
        ("/hooks/s", "period"),
    ]
    left = await database.fetch("SELECT state FROM webhook_delivery", ())
    assert [row["state"] for row in left] == ["delivered"] * 4


async def test_a_failing_receiver_is_tried_again_with_the_same_id(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    hook, secret = await subscribe(hooked, url=receiver.url)
    receiver.status = 500
    async with sending(sender, database):
        await publish(database, as_received(report()))
        await tried(database, 1)
        [row] = await settled(database, "pending")
        assert row["attempts"] == 1
        wait = row["next_attempt_at"] - row["updated_at"]
        assert timedelta(seconds=4) < wait < timedelta(seconds=6)
        receiver.status = 204
        await hurry(database)
        await settled(database, "delivered")
    ids = {headers["webhook-id"] for headers, _ in receiver.got}
    assert len(receiver.got) == 2
    assert len(ids) == 1
    for headers, body in receiver.got:
        Webhook(secret).verify(body, headers)
    async with hooked.client("office") as client:
        [shown] = (await client.get(f"/api/v1/webhooks/{hook['id']}/deliveries")).json()["items"]
    assert [entry["status_code"] for entry in shown["log"]] == [204, 500]
    assert [entry["error"] for entry in shown["log"]] == [None, "status"]
    assert shown["state"] == "delivered"


async def test_it_gives_up_at_the_end_of_the_schedule(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    await subscribe(hooked, url=receiver.url)
    receiver.status = 302
    receiver.headers = [(b"location", b"http://127.0.0.1:9/inside")]
    async with sending(sender, database):
        await publish(database, as_received(report()))
        for number in range(1, 11):
            await tried(database, number)
            await hurry(database)
        [row] = await settled(database, "failed")
    assert row["attempts"] == 10
    assert row["next_attempt_at"] is None
    assert {entry["status_code"] for entry in await attempts(database)} == {302}


async def test_the_receiver_may_ask_for_time(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    await subscribe(hooked, url=receiver.url)
    receiver.status, receiver.headers = 429, [(b"retry-after", b"600")]
    async with sending(sender, database):
        await publish(database, as_received(report()))
        await tried(database, 1)
        [row] = await settled(database, "pending")
    assert row["next_attempt_at"] - row["updated_at"] > timedelta(seconds=598)


@pytest.mark.parametrize("reason", ["gone", "failing"])
async def test_an_endpoint_that_is_gone_or_fails_for_days_is_disabled(
    reason: str,
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    hook, _ = await subscribe(hooked, url=receiver.url)
    receiver.status = 410 if reason == "gone" else 500
    if reason == "failing":
        connection = await asyncpg.connect(hooked.database.superuser_url)
        await connection.execute("UPDATE webhook SET failing_since = now() - interval '6 days'")
        await connection.close()
    async with sending(sender, database), hooked.client("office") as client:
        await publish(database, as_received(report()))
        await tried(database, 1)
        await publish(database, as_received(report()))
        shown = await client.get(f"/api/v1/webhooks/{hook['id']}")
        assert (shown.json()["state"], shown.json()["disabled_reason"]) == ("disabled", reason)
        key = {"Idempotency-Key": f"resume-{reason}", "If-Match": shown.headers["etag"]}
        receiver.status = 200
        path = f"/api/v1/webhooks/{hook['id']}"
        assert (await client.post(f"{path}/resume", headers=key)).json()["state"] == "active"
        await hurry(database)
        await settled(database, "delivered")
        assert len(receiver.got) == 2, "what came while it was disabled waits for a replay"
        answer = await client.post(
            f"{path}/replay",
            json={"since": "2020-01-01T00:00:00Z"},
            headers={"Idempotency-Key": f"replay-{reason}"},
        )
        assert answer.json()["deliveries"] == 2
        assert answer.json()["complete"] is True
        await receiver.wait(4)
    rows = await database.fetch(
        "SELECT client_id FROM audit_entry WHERE action = $1", ("webhooks.disable",)
    )
    assert rows


async def test_events_of_one_aggregate_are_sent_in_order_and_others_do_not_wait(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    await subscribe(hooked, url=receiver.url)
    same = [as_received(PeriodClosed(period="2026-07"), version=n) for n in (1, 2, 3)]
    other = as_received(PeriodClosed(period="2026-08"))
    receiver.status = 500
    async with sending(sender, database):
        await publish(database, *same, other)
        await receiver.wait(2)
        await asyncio.sleep(0.2)
        first = [(b["subject"], b["aggregateversion"]) for b in receiver.bodies()]
        assert sorted(first) == [("period:2026-07", 1), ("period:2026-08", 1)]
        receiver.status = 200
        await hurry(database)
        await settled(database, "delivered", 4)
    order = [b["aggregateversion"] for b in receiver.bodies() if b["subject"] == "period:2026-07"]
    assert order == [1, 1, 2, 3]


async def test_two_senders_share_the_work(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    await subscribe(hooked, url=receiver.url)
    other = Sender(sender.visibility, sender.means, sender.schemas, sender.give_up)
    async with sending(sender, database), sending(other, database):
        await publish(database, *(as_received(report()) for _ in range(60)))
        await settled(database, "delivered", 60)
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(ids) == len(set(ids)) == 60


async def test_a_target_that_left_the_allowlist_gets_nothing_more(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    await subscribe(hooked, url=receiver.url)
    connection = await asyncpg.connect(hooked.database.superuser_url)
    await connection.execute("UPDATE webhook SET url = replace(url, '127.0.0.1', '127.0.0.2')")
    await connection.close()
    async with sending(sender, database):
        await publish(database, as_received(report()))
        [attempt] = await tried(database, 1)
    assert attempt["error"].startswith("target_refused")
    assert receiver.got == []


async def test_a_name_that_changes_its_address_after_the_check_is_caught_at_the_connection(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    await subscribe(hooked, url=receiver.url)
    connection = await asyncpg.connect(hooked.database.superuser_url)
    url = f"http://hooks.example:{receiver.port}/hooks"
    await connection.execute("UPDATE webhook SET url = $1", url)
    await connection.close()
    answers = [["127.0.0.1"], ["127.0.0.3"]]

    async def rebinding(host: str, port: int) -> list[str]:
        assert (host, port) == ("hooks.example", receiver.port)
        return answers.pop(0)

    sender.lookup = rebinding
    receiver.status = 500
    async with sending(sender, database):
        await publish(database, as_received(report()))
        await tried(database, 1)
        await hurry(database)
        found = await tried(database, 2)
    assert [entry["status_code"] for entry in found] == [500, None]
    assert found[1]["error"].startswith("target_refused")
    assert [headers["host"] for headers, _ in receiver.got] == [f"hooks.example:{receiver.port}"]


async def test_a_receiver_that_does_not_answer_is_not_waited_for(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending_module, "TIMEOUT", 0.3)
    receiver.hold = asyncio.Event()
    await subscribe(hooked, url=receiver.url)
    async with sending(sender, database):
        await publish(database, as_received(report()))
        [attempt] = await tried(database, 1)
    receiver.hold.set()
    assert attempt["error"] == "timeout"


async def test_a_sender_that_ends_between_the_answer_and_the_note_sends_again(
    hooked: Any,
    database: Database,
    sender: Sender,
    receiver: Any,
    as_received: Make,
    subscribe: Call,
    publish: Call,
    sending: Call,
) -> None:
    await subscribe(hooked, url=receiver.url)
    receiver.hold = asyncio.Event()
    async with sending(sender, database):
        await publish(database, as_received(report()))
        await receiver.wait(1)
    receiver.hold.set()
    assert await attempts(database) == []
    async with sending(sender, database):
        await asyncio.sleep(0.3)
        assert len(receiver.got) == 1, "the lease still runs"
        await hurry(database)
        await settled(database, "delivered")
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
