"""People who have logged in keep the webhooks of the clients that see no more than they do."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
from servicekit.db import Database

Call = Callable[..., Any]
PATH = "/api/v1/webhooks"
BODY = {"name": "hook", "url": "http://127.0.0.1:8080/", "types": ["kechuang.targets.*"]}


def person(hooked: Any, *roles: str, name: str = "li", **claims: Any) -> httpx.AsyncClient:
    """What an exchanged token says."""
    return hooked.client(*roles, sub=f"city:{name}", client_id="city:portal", **claims)


async def make(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    return await client.post(PATH, json=BODY | fields, headers={"Idempotency-Key": str(uuid4())})


async def test_a_webhook_of_a_person_belongs_to_the_client_it_is_for(
    hooked: Any, database: Database
) -> None:
    async with person(hooked, "office") as li, hooked.client("system", scope="webhooks.*") as feed:
        made = await make(li, client_id="test-system")
        assert (made.status_code, made.json()["client_id"]) == (201, "test-system")
        path = made.headers["location"]
        assert (await feed.get(path)).status_code == 200, "the client's own"
    async with person(hooked, "office", name="wang") as wang:
        listed = (await wang.get(PATH)).json()["items"]
        assert [one["id"] for one in listed] == [made.json()["id"]], "a colleague's as well"
        gone = await wang.delete(path, headers={"If-Match": '"1"'})
        assert gone.status_code == 204
    rows = await database.fetch(
        "SELECT actor, client_id FROM audit_entry WHERE object_id = $1 ORDER BY id",
        (made.json()["id"],),
    )
    assert [tuple(row) for row in rows] == [
        ("city:li", "city:portal"),
        ("city:wang", "city:portal"),
    ]


async def test_a_person_has_to_say_which_client_it_is_for(hooked: Any, database: Database) -> None:
    async with person(hooked, "office") as li:
        for fields in ({}, {"client_id": "nobody"}):
            answer = await make(li, **fields)
            assert (answer.status_code, answer.json()["code"]) == (409, "client_not_registered")
        assert "client_id" in answer.json()["detail"]
        assert (await make(li, client_id="city:portal")).status_code == 422, "no such id can be"


async def test_whoever_sees_less_than_the_client_does_not_keep_its_webhooks(
    hooked: Any, database: Database, subscribe: Call
) -> None:
    """A webhook leads to an address of its maker's choice: it must not tell more than he knows."""
    hook, _ = await subscribe(hooked, "office", url=BODY["url"])
    path = f"{PATH}/{hook['id']}"
    scopes = {"scope": "webhooks.* progress_reports.read"}
    async with person(hooked, "system", **scopes) as narrow:
        assert (await make(narrow, client_id="test-system")).status_code == 201
        refused = await make(narrow, client_id="test-office")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert (await narrow.get(path)).status_code == 404
        change = {"url": "http://127.0.0.1:9999/"}
        stolen = await narrow.patch(path, json=change, headers={"If-Match": '"1"'})
        assert stolen.status_code == 404


async def test_a_client_names_no_other_client(hooked: Any, database: Database) -> None:
    async with hooked.client("office") as office:
        assert (await make(office, client_id="test-office")).status_code == 201
        refused = await make(office, client_id="test-system")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
