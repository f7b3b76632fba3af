"""One request, one transaction: what a service promises on every operation."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from servicekit.http.app import PREFIX, Router
from starlette.routing import Match

LISTS = ["/api/v1/notes", "/api/v1/hot-notes"]


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def create(client: httpx.AsyncClient, title: str, **fields: Any) -> httpx.Response:
    body = {"title": title, "unit": "st-bureau", **fields}
    return await client.post("/api/v1/notes", json=body, headers=key())


async def rows(database: Any, sql: str, *args: Any) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        return await connection.fetch(sql, *args)
    finally:
        await connection.close()


async def test_a_created_resource_has_location_etag_and_audit(
    office: httpx.AsyncClient, notes_database: Any
) -> None:
    made = await create(office, "first")
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    read = await office.get(made.headers["location"])
    assert read.json() == made.json()
    audited = await rows(
        notes_database, "SELECT * FROM audit_entry WHERE object_id = $1", made.json()["id"]
    )
    assert [row["action"] for row in audited] == ["notes.write"]
    assert audited[0]["request_id"] == made.headers["x-request-id"]


async def test_a_known_etag_is_answered_with_304(office: httpx.AsyncClient) -> None:
    made = await create(office, "etag")
    again = await office.get(made.headers["location"], headers={"If-None-Match": '"1"'})
    assert again.status_code == 304
    assert again.content == b""


async def test_the_same_key_has_one_effect_and_the_same_answer(
    office: httpx.AsyncClient, notes_database: Any
) -> None:
    headers = key()
    body = {"title": "once", "unit": "st-bureau"}
    answers = await asyncio.gather(
        *(office.post("/api/v1/notes", json=body, headers=headers) for _ in range(6))
    )
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sum(a.headers.get("idempotency-replayed") == "true" for a in answers) == 5
    assert len(await rows(notes_database, "SELECT 1 FROM note WHERE title = 'once'")) == 1


async def test_a_repeated_transition_is_answered_from_the_record(office: httpx.AsyncClient) -> None:
    made = await create(office, "sent once")
    headers = key() | {"If-Match": '"1"'}
    path = made.headers["location"] + "/send"
    first = await office.post(path, headers=headers)
    second = await office.post(path, headers=headers)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["etag"] == '"2"'


async def test_a_key_with_another_body_is_refused(office: httpx.AsyncClient) -> None:
    headers = key()
    await office.post("/api/v1/notes", json={"title": "k1", "unit": "a"}, headers=headers)
    other = await office.post("/api/v1/notes", json={"title": "k2", "unit": "a"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"


async def test_a_post_without_a_key_is_refused(office: httpx.AsyncClient) -> None:
    answer = await office.post("/api/v1/notes", json={"title": "x", "unit": "a"})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


async def test_a_failed_request_leaves_nothing_and_its_key_is_free(
    office: httpx.AsyncClient, notes_database: Any
) -> None:
    await create(office, "taken")
    headers = key()
    body = {"title": "taken", "unit": "st-bureau"}
    refused = await office.post("/api/v1/notes", json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    used = await rows(
        notes_database, "SELECT 1 FROM idempotency_key WHERE key = $1", headers["Idempotency-Key"]
    )
    assert used == []


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        (None, 428, "precondition_required"),
        ('"7"', 412, "stale_version"),
        ("7", 400, "bad_if_match"),
        ('W/"1"', 400, "bad_if_match"),
    ],
)
async def test_a_workflow_write_needs_the_current_version(
    office: httpx.AsyncClient, if_match: str | None, status: int, code: str
) -> None:
    made = await create(office, f"version {code} {if_match}")
    headers = key() | ({"If-Match": if_match} if if_match else {})
    answer = await office.post(made.headers["location"] + "/send", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_step_that_is_not_allowed_is_a_conflict_with_texts(
    office: httpx.AsyncClient,
) -> None:
    made = await create(office, "twice")
    path = made.headers["location"] + "/send"
    await office.post(path, headers=key() | {"If-Match": '"1"'})
    zh = await office.post(path, headers=key() | {"If-Match": '"2"'})
    en = await office.post(path, headers=key() | {"If-Match": '"2"', "Accept-Language": "en"})
    assert zh.status_code == en.status_code == 409
    assert zh.headers["content-type"] == "application/problem+json"
    assert zh.json()["detail"] == "当前状态“sent”不能执行“send”"
    assert en.json()["detail"] == "send is not possible in state sent"
    assert zh.json()["trace_id"] == zh.headers["x-request-id"]


async def test_events_are_stored_with_their_effect_in_order(
    office: httpx.AsyncClient, notes_database: Any
) -> None:
    made = await create(office, "with event")
    await office.post(made.headers["location"] + "/send", headers=key() | {"If-Match": '"1"'})
    stored = await rows(
        notes_database, "SELECT * FROM outbox WHERE aggregate_id = $1", f"note:{made.json()['id']}"
    )
    assert [row["aggregate_version"] for row in stored] == [1]


BAD = {
    "NUL": ({"title": "a\x00b", "unit": "a"}, "/title"),
    "unknown field": ({"title": "a", "unit": "a", "colour": 1}, "/colour"),
    "missing field": ({"unit": "a"}, "/title"),
    "too long": ({"title": "长" * 201, "unit": "a"}, "/title"),
    "wrong type": ({"title": 5, "unit": "a"}, "/title"),
    "upper case code": ({"title": "a", "unit": "ST"}, "/unit"),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_is_named(office: httpx.AsyncClient, case: str) -> None:
    body, pointer = BAD[case]
    answer = await office.post("/api/v1/notes", json=body, headers=key())
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"title": "\\ud800", "unit": "a"}',
        b'{"title": "a", "unit": "a", "rank": 9223372036854775808}',
    ],
)
async def test_what_postgres_cannot_hold_is_422(office: httpx.AsyncClient, raw: bytes) -> None:
    for path in LISTS:
        headers = key() | {"Content-Type": "application/json"}
        answer = await office.post(path, content=raw, headers=headers)
        assert answer.status_code == 422, path


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"])
async def test_what_is_no_object_is_422(office: httpx.AsyncClient, raw: bytes) -> None:
    headers = key() | {"Content-Type": "application/json"}
    answer = await office.post("/api/v1/notes", content=raw, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_not_utf8_says_so(office: httpx.AsyncClient) -> None:
    headers = key() | {"Content-Type": "application/json"}
    answer = await office.post("/api/v1/notes", content="科创".encode("gb18030"), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body")


async def test_a_body_over_the_limit_is_413(office: httpx.AsyncClient) -> None:
    headers = key() | {"Content-Type": "application/json"}
    answer = await office.post("/api/v1/notes", content=b" " * (1024 * 1024 + 1), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize("path", LISTS)
async def test_paging_walks_every_row_once(office: httpx.AsyncClient, path: str) -> None:
    for number in range(7):
        await create(office, f"page {number} {path}", rank=number // 2)
    seen: list[str] = []
    totals: set[int] = set()
    cursor: str | None = None
    while True:
        query: dict[str, Any] = {"limit": 3, "sort": "-rank,title", "include_total": "true"} | (
            {"cursor": cursor} if cursor else {}
        )
        page = (await office.get(path, params=query)).json()
        totals.add(page["total"])
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    everything = (await office.get(path, params={"limit": 200, "include_total": "true"})).json()
    assert everything["total"] == len(seen) == len(set(seen))
    assert totals == {len(seen)}, "the same on every page, the last one included"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "sort=colour", "cursor=abc", "cursor=W10"]
)
async def test_a_bad_list_query_is_422(office: httpx.AsyncClient, query: str) -> None:
    assert (await office.get(f"/api/v1/notes?{query}")).status_code == 422


@pytest.mark.parametrize("narrowed", [{}, {"state": "draft"}, {"state": "sent"}])
async def test_both_kinds_of_list_give_the_same_page(
    office: httpx.AsyncClient, narrowed: dict[str, str]
) -> None:
    query = {"limit": 5, "sort": "-rank,title", "include_total": "true", **narrowed}
    slow, hot = [(await office.get(path, params=query)).json() for path in LISTS]
    assert hot["items"] == slow["items"]
    assert hot["total"] == slow["total"]


async def test_a_deferred_row_is_stored_once_and_its_refusal_is_told(
    office: httpx.AsyncClient, notes_database: Any
) -> None:
    body = {"title": "deferred", "unit": "st-bureau"}
    headers = key()
    made = await office.post("/api/v1/hot-notes", json=body, headers=headers)
    again = await office.post("/api/v1/hot-notes", json=body, headers=headers)
    other = await office.post("/api/v1/hot-notes", json=body, headers=key())
    assert made.status_code == again.status_code == 201
    assert again.json() == made.json()
    assert (other.status_code, other.json()["code"]) == (409, "title_taken")
    assert (await office.get(made.headers["location"])).json() == made.json()
    stored = await rows(
        notes_database, "SELECT * FROM outbox WHERE aggregate_id = $1", f"note:{made.json()['id']}"
    )
    assert len(stored) == 1


async def test_a_cursor_of_another_sort_is_refused(office: httpx.AsyncClient) -> None:
    for number in range(3):
        await create(office, f"bound {number}")
    page = (await office.get("/api/v1/notes", params={"limit": 1, "sort": "title"})).json()
    other = await office.get(
        "/api/v1/notes", params={"sort": "rank", "cursor": page["next_cursor"]}
    )
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "invalid_cursor")


async def test_roles_and_relations_decide(
    notes_app: Any, api_client: Any, notes_database: Any
) -> None:
    await rows(
        notes_database,
        "INSERT INTO unit_node (code, name, kind, parents) VALUES ('bureau', 'B', 'bureau', '{}'),"
        " ('branch', 'b', 'office', '{bureau}')",
    )
    bureau = await api_client(notes_app, "unit_reporter", "bureau")
    branch = await api_client(notes_app, "unit_reporter", "branch")
    nobody = await api_client(notes_app, None)
    enterprise = await api_client(notes_app, "enterprise", "branch")
    made = await create(branch, "of the branch", unit="branch")
    path = made.headers["location"]
    assert made.status_code == 201
    assert (await bureau.get(path)).status_code == 200
    assert (await create(bureau, "for the branch", unit="branch")).status_code == 403
    upper = await create(bureau, "of the bureau", unit="bureau")
    assert (await branch.get(upper.headers["location"])).status_code == 403
    listed = (await branch.get("/api/v1/notes", params={"limit": 200})).json()["items"]
    assert {note["unit"] for note in listed} == {"branch"}
    assert (await enterprise.get(path)).status_code == 403
    assert (await nobody.get(path)).status_code == 401
    denied = await rows(notes_database, "SELECT * FROM audit_entry WHERE outcome = 'denied'")
    assert {row["action"] for row in denied} >= {"forbidden", "unauthenticated"}


async def test_a_system_needs_the_scope(notes_app: Any, api_client: Any) -> None:
    reader = await api_client(notes_app, "system", None, scope="notes.read")
    assert (await reader.get("/api/v1/notes")).status_code == 200
    assert (await create(reader, "not in scope")).status_code == 403


async def test_unknown_paths_and_methods_are_problems(office: httpx.AsyncClient) -> None:
    missing = await office.get("/api/v1/nothing")
    wrong = await office.delete("/api/v1/notes")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "GET, POST"


async def test_the_document_declares_permission_key_and_problems(notes_app: Any) -> None:
    document = notes_app.openapi()
    send = document["paths"]["/api/v1/notes/{note_id}/send"]["post"]
    assert send["x-permission"] == "notes.write"
    assert send["operationId"] == "sendNote"
    assert {"Idempotency-Key", "If-Match"} <= {p["name"] for p in send["parameters"]}
    assert {"400", "401", "403", "404", "409", "412", "422", "428", "503"} <= send[
        "responses"
    ].keys()
    assert send["responses"]["409"] == {"$ref": "#/components/responses/Conflict"}
    problem = document["components"]["responses"]["Conflict"]["content"]
    assert list(problem) == ["application/problem+json"]


async def test_health_routes_answer_without_a_token(notes_app: Any, api_client: Any) -> None:
    anyone = await api_client(notes_app, None)
    assert (await anyone.get("/livez")).status_code == 200
    ready = await anyone.get("/readyz")
    assert ready.json() == {"ready": True, "checks": {"database": "ok", "schema": "ok"}}
    assert b"http_requests_total" in (await anyone.get("/metrics")).content


async def test_a_router_is_looked_through_only_for_paths_that_begin_like_its_own() -> None:
    notes, parks = Router(), Router()
    notes.add_api_route("/notes/{note_id}", lambda: None)
    notes.add_api_route("/{kind}/notes", lambda: None)
    parks.add_api_route("/parks", lambda: None)
    assert sorted(notes.beginnings) == [f"{PREFIX}/", f"{PREFIX}/notes/"]
    assert parks.matches({"type": "http", "path": f"{PREFIX}/notes/1"}) == (Match.NONE, {})
    app = FastAPI()
    for each in (notes, parks):
        app.include_router(each, prefix=PREFIX)
    paths = ("/notes/1", "/big/notes", "/parks", "/others")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as client:
        answers = [(await client.get(PREFIX + path)).status_code for path in paths]
    assert answers == [200, 200, 200, 404]
