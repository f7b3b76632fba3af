"""An operator registers clients, changes them on the version read, and changes their secrets."""

import asyncio
from typing import Any

import asyncpg
import pytest
from gateway.clients.domain import digest

PATH = "/api/v1/clients"


async def stored(desk: Any, sql: str, *values: Any) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(desk.gateway.database.superuser_url)
    try:
        return await connection.fetch(sql, *values)
    finally:
        await connection.close()


async def test_a_client_is_registered_gets_a_token_and_calls(desk: Any) -> None:
    answer = await desk.post(
        "",
        {
            "client_id": "finance-ledger",
            "name": "市财政局账务系统",
            "roles": ["system", "office"],
            "unit": "finance-bureau",
            "scopes": ["targets.*", "*.read"],
        },
    )
    client = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"{PATH}/finance-ledger"
    assert client["client_secret"].startswith(client["secrets"][0]["secret_id"] + ".")
    assert (await desk.call(await desk.bearer(client))).status_code == 200
    read = await desk.ops.get(answer.headers["location"])
    shown = read.json()
    assert (shown["name"], shown["roles"]) == ("市财政局账务系统", ["office", "system"])
    assert (shown["scopes"], shown["unit"]) == (["*.read", "targets.*"], "finance-bureau")
    assert (shown["rate_limit"], shown["allowed_networks"]) == (None, [])
    assert shown["disabled"] is False
    assert not {"client_secret", "digest"} & (shown.keys() | shown["secrets"][0].keys())
    assert read.headers["etag"] == '"1"'
    taken = await desk.post("", {"client_id": "finance-ledger", "name": "x", "roles": ["office"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "already_exists")
    assert (await desk.ops.get(f"{PATH}/nobody")).status_code == 404


async def test_a_secret_is_shown_once_and_stored_nowhere_in_clear(desk: Any) -> None:
    body = {"client_id": "once", "name": "once", "roles": ["office"]}
    first = await desk.post("", body, **{"Idempotency-Key": "once-1"})
    again = await desk.post("", body, **{"Idempotency-Key": "once-1"})
    more = await desk.post("/once/secrets", **{"Idempotency-Key": "once-2"})
    more_again = await desk.post("/once/secrets", **{"Idempotency-Key": "once-2"})
    for shown, repeat in ((first, again), (more, more_again)):
        assert shown.status_code == repeat.status_code == 201
        assert repeat.headers["idempotency-replayed"] == "true"
        without = {k: v for k, v in shown.json().items() if k != "client_secret"}
        assert repeat.json() == without
    secrets = [answer.json()["client_secret"] for answer in (first, more)]
    for table in ("api_client", "client_secret", "audit_entry", "idempotency_key"):
        rows = await stored(desk, f"SELECT t::text AS row FROM {table} t")
        assert rows
        assert not any(one.partition(".")[2] in row["row"] for one in secrets for row in rows)
    bodies = await stored(desk, "SELECT convert_from(body, 'UTF8') AS body FROM idempotency_key")
    assert not any(one.partition(".")[2] in row["body"] for one in secrets for row in bodies)
    kept = await stored(desk, "SELECT digest FROM client_secret WHERE client_id = 'once'")
    assert {row["digest"] for row in kept} == set(map(digest, secrets))


async def test_two_secrets_live_a_third_is_refused_and_a_removed_one_is_dead(desk: Any) -> None:
    client = await desk.register()
    path, first = f"/{client['client_id']}", client["client_secret"]
    added = await desk.post(f"{path}/secrets")
    second = added.json()["client_secret"]
    assert (added.status_code, added.headers["etag"]) == (201, '"2"')
    for secret in (first, second):
        assert (await desk.ask(client["client_id"], secret)).status_code == 200
    third = await desk.post(f"{path}/secrets")
    assert (third.status_code, third.json()["code"]) == (409, "two_secrets_live")
    removed = f"{PATH}{path}/secrets/{client['secrets'][0]['secret_id']}"
    assert (await desk.ops.delete(removed)).status_code == 204
    assert (await desk.ops.delete(removed)).status_code == 404
    assert (await desk.ask(client["client_id"], first)).status_code == 401
    assert (await desk.ask(client["client_id"], second)).status_code == 200
    last = f"{PATH}{path}/secrets/{second.partition('.')[0]}"
    assert (await desk.ops.delete(last)).status_code == 204
    assert (await desk.ask(client["client_id"], second)).status_code == 401
    left = (await desk.ops.get(PATH + path)).json()
    assert (left["secrets"], left["version"]) == ([], 4)
    fresh = (await desk.post(f"{path}/secrets")).json()["client_secret"]
    assert (await desk.ask(client["client_id"], fresh)).status_code == 200
    audited = await stored(
        desk,
        "SELECT action FROM audit_entry WHERE object_id = $1 AND action LIKE 'clients.%'"
        " ORDER BY id",
        client["client_id"],
    )
    assert [row["action"].partition(".")[2] for row in audited] == [
        "register",
        "add_secret",
        "remove_secret",
        "remove_secret",
        "add_secret",
    ]


async def test_of_three_secrets_asked_for_at_once_one_is_made(desk: Any) -> None:
    client = await desk.register()
    path = f"/{client['client_id']}"
    answers = await asyncio.gather(*(desk.post(f"{path}/secrets") for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len((await desk.ops.get(PATH + path)).json()["secrets"]) == 2


async def test_the_last_use_of_a_secret_moves_and_the_version_does_not(desk: Any) -> None:
    client = await desk.register()
    path = f"{PATH}/{client['client_id']}"
    assert client["last_used_at"] is None
    await desk.bearer(client)
    once = (await desk.ops.get(path)).json()
    await desk.bearer(client)
    twice = (await desk.ops.get(path)).json()
    assert client["created_at"] < once["last_used_at"] < twice["last_used_at"]
    assert once["secrets"][0]["last_used_at"] < twice["secrets"][0]["last_used_at"]
    assert (twice["version"], twice["updated_at"]) == (1, client["updated_at"])


async def test_a_patch_changes_what_it_names(desk: Any) -> None:
    client = await desk.register(unit="group-4", rate_limit="50/second")
    path = f"{PATH}/{client['client_id']}"
    done = await desk.ops.patch(
        path,
        json={"name": "新名称", "unit": None, "allowed_networks": ["10.1.2.3", "2001:DB8::/32"]},
        headers={"If-Match": '"1"'},
    )
    assert (done.status_code, done.headers["etag"]) == (200, '"2"')
    changed = done.json()
    assert (changed["name"], changed["unit"]) == ("新名称", None)
    assert changed["allowed_networks"] == ["10.1.2.3/32", "2001:db8::/32"]
    assert (changed["rate_limit"], changed["roles"]) == ("50/second", ["office"])
    assert changed["updated_at"] > client["updated_at"]
    stale = await desk.ops.patch(path, json={"name": "x"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    same = await desk.patch(client, name="新名称")
    assert same.headers["etag"] == '"2"'
    cleared = await desk.patch(client, rate_limit=None, roles=["leader"])
    assert (cleared.json()["rate_limit"], cleared.json()["roles"]) == (None, ["leader"])


async def test_a_step_needs_the_version_it_is_based_on(desk: Any) -> None:
    client = await desk.register()
    path = f"/{client['client_id']}"
    assert (await desk.post(f"{path}/disable")).status_code == 428
    assert (await desk.post(f"{path}/disable", **{"If-Match": '"7"'})).status_code == 412
    disabled = await desk.step(client, "disable")
    assert (disabled.json()["disabled"], disabled.headers["etag"]) == (True, '"2"')
    twice = await desk.step(client, "disable")
    assert (twice.status_code, twice.json()["code"]) == (409, "invalid_transition")
    enabled = await desk.step(client, "enable")
    assert (enabled.json()["disabled"], enabled.headers["etag"]) == (False, '"3"')


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scopes", ["parks"]),
        ("scopes", ["parks.read.all"]),
        ("scopes", ["*.*"]),
        ("scopes", ["Parks.read"]),
        ("roles", ["emperor"]),
        ("roles", []),
        ("rate_limit", "many"),
        ("rate_limit", "0/second"),
        ("rate_limit", "5/second;9/day"),
        ("allowed_networks", ["10.0.0.1/8"]),
        ("allowed_networks", ["finance.example"]),
        ("name", ""),
        ("name", None),
        ("client_id", "Ledger 1"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_place(desk: Any, field: str, value: Any) -> None:
    body = {"client_id": "wrong", "name": "wrong", "roles": ["office"], field: value}
    answers = [await desk.post("", body)]
    if field != "client_id":
        answers.append(await desk.ops.patch(f"{PATH}/wrong", json={field: value}))
    for answer in answers:
        assert answer.status_code == 422
        assert {one["pointer"].split("/")[1] for one in answer.json()["errors"]} == {field}
    assert await stored(desk, "SELECT 1 FROM api_client WHERE client_id = 'wrong'") == []


@pytest.mark.parametrize(
    ("role", "reads"), [("office", 200), ("auditor", 200), ("leader", 403), ("system", 403)]
)
async def test_only_operators_change_clients(desk: Any, role: str, reads: int) -> None:
    client = await desk.register()
    path = f"{PATH}/{client['client_id']}"
    keyed = {"Idempotency-Key": f"not-{role}", "If-Match": '"1"'}
    async with desk.gateway.client(role, scope="clients.* *") as other:
        assert (await other.get(PATH)).status_code == reads
        assert (await other.get(path)).status_code == reads
        body = {"client_id": "mine", "name": "mine", "roles": ["ops"]}
        refused = [
            await other.post(PATH, json=body, headers=keyed),
            await other.patch(path, json={"roles": ["ops"]}),
            await other.post(f"{path}/disable", headers=keyed),
            await other.post(f"{path}/enable", headers=keyed),
            await other.post(f"{path}/secrets", headers=keyed),
            await other.delete(f"{path}/secrets/{client['secrets'][0]['secret_id']}"),
        ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert (await desk.ops.get(path)).json()["version"] == 1


async def test_the_list_pages_filters_and_tells_what_changed(desk: Any) -> None:
    made = [await desk.register(client_id=f"listed-{number}") for number in range(3)]
    await desk.step(made[1], "disable")
    first = (await desk.ops.get(PATH, params={"limit": 2, "include_total": "true"})).json()
    assert len(first["items"]) == 2
    assert first["total"] >= 3
    ids: list[str] = []
    page: dict[str, Any] = {"next_cursor": ""}
    while page["next_cursor"] is not None:
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
        page = (await desk.ops.get(PATH, params={"limit": 2, **cursor})).json()
        ids += [one["client_id"] for one in page["items"]]
    assert ids == sorted(set(ids))
    assert {"listed-0", "listed-1", "listed-2"} <= set(ids)
    disabled = (await desk.ops.get(PATH, params={"disabled": "true"})).json()["items"]
    assert "listed-1" in [one["client_id"] for one in disabled]
    assert all(one["disabled"] for one in disabled)
    since = {"updated_since": made[2]["updated_at"], "sort": "updated_at"}
    changed = (await desk.ops.get(PATH, params=since)).json()["items"]
    assert [one["client_id"] for one in changed] == ["listed-2", "listed-1"]


async def test_a_client_acts_for_a_unit_of_the_programme(desk: Any) -> None:
    plant = (
        "INSERT INTO unit_node (code, name, kind, parents, active) VALUES ($1, $1, 'x', '{}', $2)"
    )
    try:
        await stored(desk, plant, "st-bureau", True)
        await stored(desk, plant, "closed-bureau", False)
        body = {"name": "unit", "roles": ["office"]}
        for unit in ("nowhere", "closed-bureau"):
            answer = await desk.post("", {**body, "client_id": "unit-none", "unit": unit})
            assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
            assert unit in answer.json()["detail"]
        client = await desk.register(unit="st-bureau")
        for unit, status in (("nowhere", 422), (None, 200), ("st-bureau", 200)):
            assert (await desk.patch(client, unit=unit)).status_code == status
        await stored(desk, "UPDATE unit_node SET active = false")
        renamed = await desk.patch(client, name="其他", unit="st-bureau")
        assert renamed.status_code == 200, "what was so before may stay"
    finally:
        await stored(desk, "DELETE FROM unit_node")
