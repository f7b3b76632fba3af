"""Many creations in one request: all or none, every wrong one named, tried without a trace."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

PATHS = ["/api/v1/notes/batch", "/api/v1/hot-notes/batch"]


async def send(
    client: httpx.AsyncClient, path: str, *items: dict[str, Any], key: str = "", **query: Any
) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4()), "Accept-Language": "en"}
    return await client.post(path, json={"items": items}, params=query, headers=headers)


def note(title: str, **fields: Any) -> dict[str, Any]:
    return {"title": title, "unit": "st-bureau", **fields}


async def count(database: Any, table: str) -> int:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")
    finally:
        await connection.close()


async def execute(database: Any, *statements: str) -> None:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def counts(database: Any) -> dict[str, int]:
    tables = ("note", "audit_entry", "outbox", "aggregate_version", "idempotency_key")
    return {table: await count(database, table) for table in tables}


def wrong(answer: httpx.Response) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "batch_refused"), answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize("path", PATHS)
async def test_all_are_created_in_their_order(
    path: str, office: httpx.AsyncClient, notes_database: Any
) -> None:
    before = await counts(notes_database)
    titles = [f"{path} {n}" for n in range(200)]
    answer = await send(office, path, *map(note, titles))
    assert answer.status_code == 200, answer.text
    assert answer.json()["dry_run"] is False
    assert [item["title"] for item in answer.json()["items"]] == titles
    after = await counts(notes_database)
    assert after["note"] - before["note"] == 200
    assert after["audit_entry"] - before["audit_entry"] == 200
    assert after["outbox"] - before["outbox"] == (200 if "hot" in path else 0)
    one = answer.json()["items"][7]
    assert (await office.get(f"/api/v1/notes/{one['id']}")).json() == one


@pytest.mark.parametrize("path", PATHS)
async def test_every_wrong_one_is_named_and_none_is_stored(
    path: str, office: httpx.AsyncClient, notes_database: Any
) -> None:
    await send(office, path, note(f"{path} taken"))
    before = await counts(notes_database)
    items = [f"{path} {word}" for word in ("new", "taken", "twice", "twice", "last", "taken")]
    answer = await send(office, path, *map(note, items))
    code = "title_taken" if "hot" in path else "already_exists"
    assert wrong(answer) == [(f"/items/{n}", code) for n in (1, 3, 5)]
    assert await counts(notes_database) == before


async def test_each_refusal_is_told_of_its_own_item(office: httpx.AsyncClient) -> None:
    await send(office, PATHS[1], note("mine"), note("yours"))
    answer = await send(office, PATHS[1], note("mine"), note("free"), note("yours"))
    assert [error["message"] for error in answer.json()["errors"]] == [
        "The title mine is taken",
        "The title yours is taken",
    ]


@pytest.mark.parametrize("path", PATHS)
async def test_a_dry_run_answers_the_same_and_leaves_no_trace(
    path: str, office: httpx.AsyncClient, notes_database: Any, notes_app: FastAPI
) -> None:
    before, key = await counts(notes_database), str(uuid4())
    woken: list[None] = []
    bell = notes_app.state.database.on_commit
    notes_app.state.database.on_commit = lambda: woken.append(None)
    try:
        tried = await send(office, path, note(f"{path} tried"), key=key, dry_run=True)
    finally:
        notes_app.state.database.on_commit = bell
    assert tried.status_code == 200, tried.text
    assert tried.json()["dry_run"] is True
    assert tried.json()["items"][0]["title"] == f"{path} tried"
    assert (woken, await counts(notes_database)) == ([], before)
    done = await send(office, path, note(f"{path} tried"), key=key)
    assert (done.status_code, done.headers.get("idempotency-replayed")) == (200, None)
    again = await send(office, path, note(f"{path} tried"), key=key, dry_run=True)
    assert [pointer for pointer, _ in wrong(again)] == ["/items/0"]


async def test_a_dry_run_names_what_is_wrong(
    office: httpx.AsyncClient, notes_database: Any
) -> None:
    before = await counts(notes_database)
    twice = note("tried twice")
    answer = await send(office, PATHS[1], twice, twice, dry_run=True)
    assert wrong(answer) == [("/items/1", "title_taken")]
    assert await counts(notes_database) == before


@pytest.mark.parametrize("path", PATHS)
async def test_six_at_once_have_one_effect_and_one_answer(
    path: str, office: httpx.AsyncClient, notes_database: Any
) -> None:
    before, key = await counts(notes_database), str(uuid4())
    items = [note(f"{path} six {n}") for n in range(3)]
    answers = await asyncio.gather(*(send(office, path, *items, key=key) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 5
    assert (await counts(notes_database))["note"] - before["note"] == 3


@pytest.mark.parametrize(("size", "code"), [(0, "too_short"), (201, "too_long")])
async def test_one_to_two_hundred_are_taken(
    size: int, code: str, office: httpx.AsyncClient
) -> None:
    answer = await send(office, PATHS[0], *(note(f"size {n}") for n in range(size)))
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/items", code)]


async def test_a_wrong_field_is_told_by_its_place(office: httpx.AsyncClient) -> None:
    answer = await send(office, PATHS[0], note("fine"), {"title": "", "unit": "st-bureau"})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/items/1/title"]


async def test_an_item_of_another_unit_is_refused_and_audited(
    notes_app: FastAPI, notes_database: Any, api_client: Any
) -> None:
    reporter = await api_client(notes_app, "unit_reporter", "st-bureau")
    before = await counts(notes_database)
    answer = await send(reporter, PATHS[1], note("own"), note("foreign", unit="elsewhere"))
    assert wrong(answer) == [("/items/1", "forbidden")]
    after = await counts(notes_database)
    assert after == before | {"audit_entry": before["audit_entry"] + 1}


async def test_nobody_without_the_permission_gets_as_far_as_the_items(
    notes_app: FastAPI, api_client: Any
) -> None:
    auditor = await api_client(notes_app, "auditor", "audit-bureau")
    answer = await send(auditor, PATHS[0], note("no"))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("path", PATHS)
async def test_what_the_database_refuses_is_its_item_s_fault(
    path: str, office: httpx.AsyncClient, notes_database: Any
) -> None:
    await execute(
        notes_database,
        "ALTER TABLE note ADD CONSTRAINT ck_note_odd CHECK (rank <> 13)",
        "CREATE TABLE unit (code text PRIMARY KEY)",
        "INSERT INTO unit VALUES ('st-bureau')",
        "GRANT ALL ON unit TO PUBLIC",
        "ALTER TABLE note ADD CONSTRAINT fk_note_unit FOREIGN KEY (unit) REFERENCES unit NOT VALID",
    )
    try:
        items = [note(f"{path} checked {n}", rank=n) for n in (1, 13, 2**63)]
        answer = await send(office, path, *items, note(f"{path} lost", unit="nowhere"))
        assert wrong(answer) == [
            ("/items/1", "conflict"),
            ("/items/2", "validation_failed"),
            ("/items/3", "unknown_reference"),
        ]
    finally:
        await execute(
            notes_database,
            "ALTER TABLE note DROP CONSTRAINT ck_note_odd, DROP CONSTRAINT fk_note_unit",
            "DROP TABLE unit",
        )


@pytest.mark.parametrize("path", PATHS)
async def test_a_lost_connection_is_no_item_s_fault(
    path: str, office: httpx.AsyncClient, notes_database: Any
) -> None:
    await execute(
        notes_database,
        "CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
        "CREATE TRIGGER vanish BEFORE INSERT ON note FOR EACH ROW WHEN (NEW.rank = 7)"
        " EXECUTE FUNCTION vanish()",
    )
    before = await counts(notes_database)
    items = [note(f"{path} lost {n}", rank=n) for n in (6, 7, 8)]
    try:
        answer = await send(office, path, *items)
    finally:
        await execute(notes_database, "DROP FUNCTION vanish CASCADE")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert await counts(notes_database) == before
    assert (await send(office, path, *items)).status_code == 200


async def test_two_batches_that_meet_head_on_do_not_both_win(
    office: httpx.AsyncClient, notes_database: Any
) -> None:
    before = await count(notes_database, "note")
    items = [note(f"head-on {n}") for n in range(100)]
    answers = await asyncio.gather(
        send(office, PATHS[0], *items), send(office, PATHS[0], *reversed(items))
    )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, await count(notes_database, "note")) == (200, before + 100)
    assert (lost.status_code, lost.json()["code"]) in [(409, "busy"), (422, "batch_refused")]


async def test_who_has_lost_the_right_is_not_answered_from_the_record(
    notes_app: FastAPI, api_client: Any
) -> None:
    key, item = str(uuid4()), note("moved away")
    at_home = await api_client(notes_app, "unit_reporter", "st-bureau", sub="mover")
    moved = await api_client(notes_app, "unit_reporter", "another-bureau", sub="mover")
    assert (await send(at_home, PATHS[1], item, key=key)).status_code == 200
    assert (await send(at_home, PATHS[1], item, key=key)).status_code == 200
    assert wrong(await send(moved, PATHS[1], item, key=key)) == [("/items/0", "forbidden")]
