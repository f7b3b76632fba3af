"""A client keeps its webhooks: its own, changed on the version it has read, secrets shown once."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from gateway.webhooks.signing import SecretBox
from servicekit.db import Database
from standardwebhooks import Webhook

Call = Callable[..., Any]
BODY = {"name": "hook", "url": "http://127.0.0.1:8080/", "types": ["kechuang.targets.*"]}
PATH = "/api/v1/webhooks"


def key(name: str, **more: str) -> dict[str, str]:
    return {"Idempotency-Key": name, **more}


async def test_a_secret_is_shown_once_and_stored_nowhere_in_clear(
    hooked: Any, database: Database
) -> None:
    async with hooked.client("office") as client:
        first = await client.post(PATH, json=BODY, headers=key("once"))
        again = await client.post(PATH, json=BODY, headers=key("once"))
        read = await client.get(first.headers["location"])
    secret = first.json()["secret"]
    assert first.status_code == again.status_code == 201
    assert secret.startswith("whsec_")
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == {k: v for k, v in first.json().items() if k != "secret"}
    assert "secret" not in read.json()
    connection = await asyncpg.connect(hooked.database.superuser_url)
    for table in ("webhook", "webhook_secret", "idempotency_key", "audit_entry"):
        rows = await connection.fetch(f"SELECT t::text FROM {table} t")
        bodies = await connection.fetch("SELECT convert_from(body, 'UTF8') b FROM idempotency_key")
        assert not any(secret[6:] in str(row) for row in [*rows, *bodies]), table
    [sealed] = [row["sealed"] for row in await connection.fetch("SELECT * FROM webhook_secret")]
    await connection.close()
    assert SecretBox(hooked.settings.webhook_key).open(sealed) == secret


async def test_each_client_has_its_own_and_operators_see_all(
    hooked: Any, database: Database, subscribe: Call
) -> None:
    hook, _ = await subscribe(hooked, url=BODY["url"])
    path = f"{PATH}/{hook['id']}"
    async with hooked.client("system", scope="webhooks.*") as other:
        assert (await other.get(PATH)).json()["items"] == []
        assert (await other.get(path)).status_code == 404
        assert (await other.get(f"{path}/deliveries")).status_code == 404
        for verb in ("pause", "resume", "test"):
            answer = await other.post(f"{path}/{verb}", headers=key(verb, **{"If-Match": '"1"'}))
            assert answer.status_code == 404
        assert (await other.delete(path, headers={"If-Match": '"1"'})).status_code == 404
    async with hooked.client("ops") as ops:
        assert [one["id"] for one in (await ops.get(PATH)).json()["items"]] == [hook["id"]]
        stale = {"If-Match": '"1"'}
        assert (await ops.patch(path, json={"name": "x"}, headers=stale)).status_code == 404
        rotated = await ops.post(f"{path}/rotate-secret", json={}, headers=key("r", **stale))
        assert rotated.status_code == 404
        paused = await ops.post(f"{path}/pause", headers=key("p", **stale))
        assert paused.json()["state"] == "paused"
    for role in ("leader", "unit_reporter", "auditor"):
        async with hooked.client(role) as client:
            assert (await client.get(PATH)).status_code == 403
    async with hooked.client("office", client_id="stranger") as client:
        answer = await client.post(PATH, json=BODY, headers=key("stranger"))
        assert answer.status_code == 409
        assert answer.json()["code"] == "client_not_registered"


async def test_changes_need_the_version_they_are_based_on(
    hooked: Any, database: Database, subscribe: Call
) -> None:
    hook, _ = await subscribe(hooked, url=BODY["url"])
    path = f"{PATH}/{hook['id']}"
    async with hooked.client("office") as client:
        assert (await client.patch(path, json={"name": "new"})).status_code == 428
        etag = {"If-Match": '"1"'}
        done = await client.patch(path, json={"name": "new"}, headers=etag)
        assert (done.json()["name"], done.headers["etag"]) == ("new", '"2"')
        assert (await client.patch(path, json={"name": "x"}, headers=etag)).status_code == 412
        assert (await client.delete(path, headers=etag)).status_code == 412
        bad = await client.patch(
            path, json={"url": "http://10.0.0.1/"}, headers={"If-Match": '"2"'}
        )
        assert bad.json()["code"] == "webhook_target_refused"
        for body in ({"name": None}, {"types": []}, {"state": "active"}, {"types": ["a.b"]}):
            answer = await client.patch(path, json=body, headers=etag)
            assert answer.status_code == 422, body
        paused = await client.post(f"{path}/pause", headers=key("a", **{"If-Match": '"2"'}))
        assert paused.json()["state"] == "paused"
        twice = await client.post(f"{path}/pause", headers=key("b", **{"If-Match": '"3"'}))
        assert twice.json()["code"] == "invalid_transition"
        tested = await client.post(f"{path}/test", headers=key("c"))
        assert tested.json()["code"] == "invalid_transition"
        resumed = await client.post(f"{path}/resume", headers=key("d", **{"If-Match": '"3"'}))
        assert resumed.json()["state"] == "active"
        assert (await client.delete(path, headers={"If-Match": '"4"'})).status_code == 204
        assert (await client.get(path)).status_code == 404
    rows = await database.fetch(
        "SELECT action FROM audit_entry WHERE object_id = $1 ORDER BY id", (hook["id"],)
    )
    assert [row["action"].partition(".")[2] for row in rows] == [
        "create",
        "update",
        "pause",
        "resume",
        "delete",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://127.0.0.2/"},
        {"url": "ftp://127.0.0.1/"},
        {"url": "http://127.0.0.1:22/"},
        {"types": ["kechuang.*.x"]},
        {"types": []},
        {"units": ["Not A Code"]},
        {"subjects": ["a\x00b"]},
        {"name": ""},
        {"secret": "whsec_mine"},
    ],
)
async def test_a_subscription_that_cannot_be_is_refused(
    change: dict[str, Any], hooked: Any, database: Database
) -> None:
    async with hooked.client("office") as client:
        answer = await client.post(
            PATH, json=BODY | change, headers=key(repr(change).replace(" ", ""))
        )
    assert answer.status_code == 422, answer.text


async def test_two_secrets_sign_while_one_takes_over(desk: Any) -> None:
    hook, old = await desk.subscribe(url=desk.receiver.url)
    path = f"{PATH}/{hook['id']}"
    async with desk.hooked.client("office") as client, desk.sending():
        answer = await client.post(
            f"{path}/rotate-secret", json={}, headers=key("rot", **{"If-Match": '"1"'})
        )
        new = answer.json()["secret"]
        sent = await client.post(f"{path}/test", headers=key("t1"))
        assert sent.status_code == 202
        await desk.receiver.wait(1)
        answer = await client.post(
            f"{path}/rotate-secret",
            json={"overlap_hours": 0},
            headers=key("rot2", **{"If-Match": '"2"'}),
        )
        newest = answer.json()["secret"]
        await client.post(f"{path}/test", headers=key("t2"))
        await desk.receiver.wait(2)
    assert len({old, new, newest}) == 3
    (first, body), (second, other) = desk.receiver.got
    assert first["webhook-id"] == sent.json()["event_id"]
    assert Webhook(old).verify(body, first)["type"] == "kechuang.gateway.webhook.tested.v1"
    assert len(first["webhook-signature"].split()) == 2
    Webhook(new).verify(body, first)
    Webhook(newest).verify(other, second)
    assert len(second["webhook-signature"].split()) == 1


async def test_a_delivery_can_be_sent_again(desk: Any) -> None:
    hook, _ = await desk.subscribe(url=desk.receiver.url)
    path = f"{PATH}/{hook['id']}"
    async with desk.hooked.client("office") as client, desk.sending():
        await client.post(f"{path}/test", headers=key("again1"))
        await desk.receiver.wait(1)
        while not (
            found := (await client.get(f"{path}/deliveries?state=delivered")).json()["items"]
        ):
            pass
        again = f"{path}/deliveries/{found[0]['id']}/replay"
        answer = await client.post(again, headers=key("again2"))
        assert (answer.status_code, answer.json()["state"]) == (202, "pending")
        await desk.receiver.wait(2)
        missing = again.replace(found[0]["id"], hook["id"])
        assert (await client.post(missing, headers=key("again3"))).status_code == 404
    assert len({headers["webhook-id"] for headers, _ in desk.receiver.got}) == 1


async def test_without_a_key_no_secret_is_made(live_gateway: Any, database: Database) -> None:
    async with (
        live_gateway(webhook_allowlist="127.0.0.1") as keyless,
        keyless.client("office") as client,
    ):
        answer = await client.post(PATH, json=BODY, headers=key("keyless"))
    assert answer.status_code == 503
    assert answer.json()["code"] == "webhook_key_missing"
