"""What a receiver gets, verified as a receiver would, and what follows from its answers."""

import asyncio
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from contracts.targets import PeriodClosed, ProgressReportVerified
from gateway.webhooks import sender as sending_module
from gateway.webhooks.sender import Sender
from servicekit.clock import now
from servicekit.db import Database
from standardwebhooks import Webhook

Desk = Any
"""The fixture `desk`."""


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


async def test_a_receiver_can_verify_what_it_gets(desk: Desk) -> None:
    _, secret = await desk.subscribe(url=desk.receiver.url, types=["kechuang.targets.*"])
    event = desk.event(report())
    async with desk.sending():
        await desk.publish(event)
        await settled(desk.database, "delivered")
    [(headers, body)] = desk.receiver.got
    assert Webhook(secret).verify(body, headers)["id"] == str(event.id)
    assert headers["webhook-id"] == str(event.id)
    assert headers["content-type"] == "application/cloudevents+json"
    assert "authorization" not in headers
    assert json.loads(body)["data"]["unit_code"] == "a"
    [attempt] = await attempts(desk.database)
    assert (attempt["status_code"], attempt["error"]) == (200, None)


async def test_only_what_was_asked_for_and_may_be_seen_is_sent(desk: Desk) -> None:
    """The system client's scopes hold reports but no periods."""
    await desk.subscribe("system", url=desk.receiver.url, units=[])
    one = report("b")
    await desk.subscribe(url=desk.receiver.url + "/b", units=["b"], types=[one.type])
    await desk.subscribe(
        url=desk.receiver.url + "/s", subjects=["period:2026-09"], types=["kechuang.*"]
    )
    events = (report("a"), one, PeriodClosed(period="2026-08"), PeriodClosed(period="2026-09"))
    async with desk.sending():
        await desk.publish(*map(desk.event, events))
        await settled(desk.database, "delivered", 4)
    found = sorted(
        (h[":path"], json.loads(b)["subject"].split(":")[0]) for h, b in desk.receiver.got
    )
    assert found == [
        ("/hooks", "progress_report"),
        ("/hooks", "progress_report"),
        ("/hooks/b", "progress_report"),
        ("/hooks/s", "period"),
    ]
    left = await desk.database.fetch("SELECT state FROM webhook_delivery", ())
    assert [row["state"] for row in left] == ["delivered"] * 4


async def test_a_failing_receiver_is_tried_again_with_the_same_id(desk: Desk) -> None:
    hook, secret = await desk.subscribe(url=desk.receiver.url)
    desk.receiver.status = 500
    async with desk.sending():
        await desk.publish(desk.event(report()))
        await tried(desk.database, 1)
        [row] = await settled(desk.database, "pending")
        assert row["attempts"] == 1
        wait = row["next_attempt_at"] - row["updated_at"]
        assert timedelta(seconds=4) < wait < timedelta(seconds=6)
        desk.receiver.status = 204
        await hurry(desk.database)
        await settled(desk.database, "delivered")
    ids = {headers["webhook-id"] for headers, _ in desk.receiver.got}
    assert len(desk.receiver.got) == 2
    assert len(ids) == 1
    for headers, body in desk.receiver.got:
        Webhook(secret).verify(body, headers)
    async with desk.hooked.client("office") as client:
        [shown] = (await client.get(f"/api/v1/webhooks/{hook['id']}/deliveries")).json()["items"]
    assert [entry["status_code"] for entry in shown["log"]] == [204, 500]
    assert [entry["error"] for entry in shown["log"]] == [None, "status"]
    assert shown["state"] == "delivered"


async def test_it_gives_up_at_the_end_of_the_schedule(desk: Desk) -> None:
    await desk.subscribe(url=desk.receiver.url)
    desk.receiver.status = 302
    desk.receiver.headers = [(b"location", b"http://127.0.0.1:9/inside")]
    async with desk.sending():
        await desk.publish(desk.event(report()))
        for number in range(1, 11):
            await tried(desk.database, number)
            await hurry(desk.database)
        [row] = await settled(desk.database, "failed")
    assert row["attempts"] == 10
    assert row["next_attempt_at"] is None
    assert {entry["status_code"] for entry in await attempts(desk.database)} == {302}


async def test_the_receiver_may_ask_for_time(desk: Desk) -> None:
    await desk.subscribe(url=desk.receiver.url)
    desk.receiver.status, desk.receiver.headers = 429, [(b"retry-after", b"600")]
    async with desk.sending():
        await desk.publish(desk.event(report()))
        await tried(desk.database, 1)
        [row] = await settled(desk.database, "pending")
    assert row["next_attempt_at"] - row["updated_at"] > timedelta(seconds=598)


@pytest.mark.parametrize("skew", [timedelta(minutes=10), timedelta(minutes=-10)])
async def test_a_pause_is_as_long_as_it_should_whatever_the_gateways_clock_says(
    desk: Desk, skew: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it is due is asked of the database's clock."""
    monkeypatch.setattr(sending_module, "now", lambda: now() + skew)
    await desk.subscribe(url=desk.receiver.url)
    desk.receiver.status = 500
    async with desk.sending():
        await desk.publish(desk.event(report()))
        await tried(desk.database, 1)
        [row] = await settled(desk.database, "pending")
    assert timedelta() <= row["next_attempt_at"] - row["updated_at"] < timedelta(minutes=2)


@pytest.mark.parametrize("reason", ["gone", "failing"])
async def test_an_endpoint_that_is_gone_or_fails_for_days_is_disabled(
    reason: str,
    desk: Desk,
) -> None:
    hook, _ = await desk.subscribe(url=desk.receiver.url)
    desk.receiver.status = 410 if reason == "gone" else 500
    if reason == "failing":
        connection = await asyncpg.connect(desk.hooked.database.superuser_url)
        await connection.execute("UPDATE webhook SET failing_since = now() - interval '6 days'")
        await connection.close()
    async with desk.sending(), desk.hooked.client("office") as client:
        await desk.publish(desk.event(report()))
        await tried(desk.database, 1)
        await desk.publish(desk.event(report()))
        shown = await client.get(f"/api/v1/webhooks/{hook['id']}")
        assert (shown.json()["state"], shown.json()["disabled_reason"]) == ("disabled", reason)
        key = {"Idempotency-Key": f"resume-{reason}", "If-Match": shown.headers["etag"]}
        desk.receiver.status = 200
        path = f"/api/v1/webhooks/{hook['id']}"
        assert (await client.post(f"{path}/resume", headers=key)).json()["state"] == "active"
        await hurry(desk.database)
        await settled(desk.database, "delivered")
        assert len(desk.receiver.got) == 2, "what came while it was disabled waits for a replay"
        answer = await client.post(
            f"{path}/replay",
            json={"since": "2020-01-01T00:00:00Z"},
            headers={"Idempotency-Key": f"replay-{reason}"},
        )
        assert answer.json()["deliveries"] == 2
        assert answer.json()["complete"] is True
        await desk.receiver.wait(4)
    rows = await desk.database.fetch(
        "SELECT client_id FROM audit_entry WHERE action = $1", ("webhooks.disable",)
    )
    assert rows


async def test_events_of_one_aggregate_are_sent_in_order_and_others_do_not_wait(desk: Desk) -> None:
    await desk.subscribe(url=desk.receiver.url)
    same = [desk.event(PeriodClosed(period="2026-07"), version=n) for n in (1, 2, 3)]
    other = desk.event(PeriodClosed(period="2026-08"))
    desk.receiver.status = 500
    async with desk.sending():
        await desk.publish(*same, other)
        await desk.receiver.wait(2)
        await asyncio.sleep(0.2)
        first = [(b["subject"], b["aggregateversion"]) for b in desk.receiver.bodies()]
        assert sorted(first) == [("period:2026-07", 1), ("period:2026-08", 1)]
        desk.receiver.status = 200
        await hurry(desk.database)
        await settled(desk.database, "delivered", 4)
    order = [
        b["aggregateversion"] for b in desk.receiver.bodies() if b["subject"] == "period:2026-07"
    ]
    assert order == [1, 1, 2, 3]


async def test_two_senders_share_the_work(desk: Desk) -> None:
    await desk.subscribe(url=desk.receiver.url)
    other = Sender(
        desk.sender.visibility, desk.sender.means, desk.sender.schemas, desk.sender.give_up
    )
    async with desk.sending(), desk.sending(other):
        await desk.publish(*(desk.event(report()) for _ in range(60)))
        await settled(desk.database, "delivered", 60)
    ids = [headers["webhook-id"] for headers, _ in desk.receiver.got]
    assert len(ids) == len(set(ids)) == 60


async def test_a_target_that_left_the_allowlist_gets_nothing_more(desk: Desk) -> None:
    await desk.subscribe(url=desk.receiver.url)
    connection = await asyncpg.connect(desk.hooked.database.superuser_url)
    await connection.execute("UPDATE webhook SET url = replace(url, '127.0.0.1', '127.0.0.2')")
    await connection.close()
    async with desk.sending():
        await desk.publish(desk.event(report()))
        [attempt] = await tried(desk.database, 1)
    assert attempt["error"].startswith("target_refused")
    assert desk.receiver.got == []


async def test_a_name_rebound_after_the_check_is_caught_at_the_connection(
    desk: Desk,
) -> None:
    await desk.subscribe(url=desk.receiver.url)
    connection = await asyncpg.connect(desk.hooked.database.superuser_url)
    url = f"http://hooks.example:{desk.receiver.port}/hooks"
    await connection.execute("UPDATE webhook SET url = $1", url)
    await connection.close()
    answers = [["127.0.0.1"], ["127.0.0.3"]]

    async def rebinding(host: str, port: int) -> list[str]:
        assert (host, port) == ("hooks.example", desk.receiver.port)
        return answers.pop(0)

    desk.sender.lookup = rebinding
    desk.receiver.status = 500
    async with desk.sending():
        await desk.publish(desk.event(report()))
        await tried(desk.database, 1)
        await hurry(desk.database)
        found = await tried(desk.database, 2)
    assert [entry["status_code"] for entry in found] == [500, None]
    assert found[1]["error"].startswith("target_refused")
    assert [headers["host"] for headers, _ in desk.receiver.got] == [
        f"hooks.example:{desk.receiver.port}"
    ]


async def test_a_receiver_that_does_not_answer_is_not_waited_for(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending_module, "TIMEOUT", 0.3)
    desk.receiver.hold = asyncio.Event()
    await desk.subscribe(url=desk.receiver.url)
    async with desk.sending():
        await desk.publish(desk.event(report()))
        [attempt] = await tried(desk.database, 1)
    desk.receiver.hold.set()
    assert attempt["error"] == "timeout"


async def test_a_sender_that_ends_between_the_answer_and_the_note_sends_again(desk: Desk) -> None:
    await desk.subscribe(url=desk.receiver.url)
    desk.receiver.hold = asyncio.Event()
    async with desk.sending():
        await desk.publish(desk.event(report()))
        await desk.receiver.wait(1)
    desk.receiver.hold.set()
    assert await attempts(desk.database) == []
    async with desk.sending():
        await asyncio.sleep(0.3)
        assert len(desk.receiver.got) == 1, "the lease still runs"
        await hurry(desk.database)
        await settled(desk.database, "delivered")
    assert len({headers["webhook-id"] for headers, _ in desk.receiver.got}) == 1
