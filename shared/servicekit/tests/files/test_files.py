"""Files: taken as they arrive, told by their content, stored with their effect, given back."""

import hashlib
import io
import os
import uuid
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from servicekit.db import Database
from servicekit.files import store
from servicekit.files.names import clean_name, disposition
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.server import served

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)
PDF = b"%PDF-1.7\n1 0 obj\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def archive(*parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for part in parts:
            made.writestr(zipfile.ZipInfo(part), "<x/>")
    return file.getvalue()


WORKBOOK = archive("[Content_Types].xml", "xl/workbook.xml")
LETTER = archive("[Content_Types].xml", "word/document.xml")

Send = Callable[..., Awaitable[httpx.Response]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(app: FastAPI, api_client: Any) -> httpx.AsyncClient:
    return await api_client(app, "office", "programme-office")


@pytest.fixture(scope="module")
def send(office: httpx.AsyncClient) -> Send:
    async def post(
        content: Any, kind: str = "image/png", name: str | None = None, key: str = ""
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": kind}
        params = {"filename": name} if name else {}
        return await office.post("/api/v1/photos", content=content, headers=headers, params=params)

    return post


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sql(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


async def test_a_file_comes_back_as_it_was_sent_under_its_chinese_name(
    office: httpx.AsyncClient, send: Send
) -> None:
    content = PNG + os.urandom(2 * 1024 * 1024)
    made = await send(content, name="现场照片 1.png")
    assert made.status_code == 201, made.text
    assert made.json()["sha256"] == hashlib.sha256(content).hexdigest()
    path = f"/api/v1/photos/{made.json()['id']}/content"
    back = await office.get(path)
    assert back.content == content
    assert back.headers["content-type"] == "image/png"
    assert back.headers["x-content-type-options"] == "nosniff"
    assert back.headers["content-length"] == str(len(content))
    disposition = "attachment; filename=\"____ 1.png\"; filename*=UTF-8''"
    assert back.headers["content-disposition"].startswith(disposition)
    again = await office.get(path, headers={"If-None-Match": back.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("content", "declared", "found"),
    [
        (JPEG, "image/jpeg", "image/jpeg"),
        (PDF, "application/pdf", "application/pdf"),
        (WORKBOOK, XLSX, XLSX),
        (LETTER, DOCX, DOCX),
        (LETTER, "application/octet-stream", DOCX),
        ("名称,代码\n甲,1\n".encode(), "text/csv; charset=utf-8", "text/csv"),
        ("名称,代码\n甲,1\n".encode("gb18030"), "text/csv", "text/csv"),
    ],
)
async def test_a_file_is_what_its_content_says(
    send: Send, content: bytes, declared: str, found: str
) -> None:
    made = await send(content, declared)
    assert (made.status_code, made.json().get("media_type")) == (201, found), made.text


@pytest.mark.parametrize(
    ("content", "declared", "code"),
    [
        (PDF, "image/png", "file_type_mismatch"),
        (b"MZ\x90\x00" + bytes(64), "application/pdf", "file_type_mismatch"),
        (LETTER, XLSX, "file_type_mismatch"),
        (archive("a.txt"), XLSX, "file_type_mismatch"),
        (WORKBOOK[:60], XLSX, "file_type_mismatch"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), XLSX, "file_type_mismatch"),
        (b"a,b\x00c\n", "text/csv", "file_type_mismatch"),
        (PDF, "text/csv", "file_type_mismatch"),
        (b"<html><script>alert(1)</script>", "text/html", "unexpected_file_type"),
        (b"MZ\x90\x00" + bytes(64), "application/octet-stream", "unexpected_file_type"),
        (b"", "image/png", "empty_file"),
    ],
)
async def test_what_is_not_what_it_says_is_refused(
    send: Send, sql: asyncpg.Connection, content: bytes, declared: str, code: str
) -> None:
    before = await sql.fetchval("SELECT count(*) FROM stored_file")
    refused = await send(content, declared)
    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert await sql.fetchval("SELECT count(*) FROM stored_file") == before


async def test_more_than_the_limit_is_refused_whether_announced_or_not(send: Send) -> None:
    content = PNG + bytes(3 * 1024 * 1024)

    async def unannounced() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]

    for body in (content, unannounced()):
        refused = await send(body)
        assert (refused.status_code, refused.json()["code"]) == (413, "payload_too_large")


async def test_a_large_file_passes_a_real_socket_and_other_bodies_stay_small(
    build: Callable[[], FastAPI], tokens: Any
) -> None:
    headers = tokens.bearer("office") | {"Idempotency-Key": str(uuid.uuid4())}
    async with served(build()) as url, httpx.AsyncClient(base_url=url, headers=headers) as client:
        content = PNG + bytes(2 * 1024 * 1024)
        made = await client.post(
            "/api/v1/photos", content=content, headers={"Content-Type": "image/png"}
        )
        assert made.status_code == 201, made.text
        back = await client.get(f"/api/v1/photos/{made.json()['id']}/content")
        assert back.content == content


async def test_the_same_key_stores_once_and_another_file_under_it_is_refused(send: Send) -> None:
    key = str(uuid.uuid4())
    first = await send(PNG + b"1", key=key)
    again = await send(PNG + b"1", key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = await send(PNG + b"2", key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_file_is_stored_with_its_effect_or_not_at_all(
    send: Send, sql: asyncpg.Connection
) -> None:
    content = PNG + os.urandom(8)
    refused = await send(content, name="refused.png")
    assert refused.status_code == 409
    digest = hashlib.sha256(content).hexdigest()
    assert await sql.fetchval("SELECT count(*) FROM stored_file WHERE sha256 = $1", digest) == 0


async def test_only_files_that_nothing_refers_to_go_and_only_after_a_day(
    send: Send, sql: asyncpg.Connection, database: ServiceDatabase
) -> None:
    kept, orphan, fresh = [
        (await send(PNG + os.urandom(8))).json()["sha256"] for _ in ("kept", "orphan", "fresh")
    ]
    await sql.execute("DELETE FROM photo WHERE file_sha256 = ANY($1)", [orphan, fresh])
    await sql.execute(
        "UPDATE stored_file SET stored_at = now() - interval '25 hours' WHERE sha256 = ANY($1)",
        [kept, orphan],
    )
    async with Database(database.app_url) as pool, pool.session() as session:
        await store.prune(session)
    left = await sql.fetch("SELECT sha256 FROM stored_file")
    assert {kept, fresh} <= {row["sha256"] for row in left}
    assert orphan not in {row["sha256"] for row in left}
    pieces = "SELECT count(*) FROM stored_file_piece WHERE sha256 = $1"
    assert await sql.fetchval(pieces, orphan) == 0


async def test_without_the_right_nothing_is_read(app: FastAPI, api_client: Any) -> None:
    auditor = await api_client(app, "auditor")
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield PNG

    headers = {"Idempotency-Key": "k", "Content-Type": "image/png"}
    refused = await auditor.post("/api/v1/photos", content=body(), headers=headers)
    assert (refused.status_code, read) == (403, 0)


async def test_the_document_says_what_is_taken_and_given(office: httpx.AsyncClient) -> None:
    paths = (await office.get("/api/v1/openapi.json")).json()["paths"]
    taken = paths["/api/v1/photos"]["post"]
    assert set(taken["requestBody"]["content"]) >= {"image/png", "application/pdf"}
    assert "413" in taken["responses"]
    given = paths["/api/v1/photos/{photo_id}/content"]["get"]["responses"]["200"]
    assert "Content-Disposition" in given["headers"]


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\桌面\合同.PDF", "合同.PDF"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("名" * 300 + ".pdf", "名" * 116 + ".pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_a_name_is_made_harmless(given: str, clean: str) -> None:
    assert clean_name(given, "application/pdf") == clean
    assert disposition(clean).isascii()
