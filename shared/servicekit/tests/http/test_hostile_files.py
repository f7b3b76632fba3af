"""Hostile files: each is refused by a named error, in two seconds and 256 MB."""

import importlib.util
import os
import subprocess
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from servicekit.jobs.runner import JobRunner

SPEC = importlib.util.spec_from_file_location(
    "hostile_files", Path(__file__).with_name("hostile_files.py")
)
assert SPEC is not None
assert SPEC.loader is not None
hostile = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hostile)
FILES = list(hostile.files())

SECONDS = 2.0
"""Of processor time, so that a busy machine makes no difference."""

Take = Callable[[bytes, str], Awaitable[tuple[int, str]]]


def used() -> float:
    """Processor seconds of this process and its ended children."""
    return sum(os.times()[:4])


@pytest.fixture(scope="module")
def take(office: httpx.AsyncClient, jobs: JobRunner) -> Take:
    """`await take(file, kind)`: the status of the answer, and the code of the refusal, which is the
    answer's or the job's."""

    async def send(content: bytes, kind: str, **more: str) -> tuple[int, str]:
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": kind, **more}
        answer = await office.post("/api/v1/hot-notes/import", content=content, headers=headers)
        if answer.status_code != 202:
            return answer.status_code, answer.json()["code"]
        await jobs.drain()
        job = (await office.get(answer.headers["location"])).json()
        assert (job["state"], job["done"]) == ("failed", 0), job
        return 202, job["failure"]["code"]

    return send


def test_there_are_many_of_them() -> None:
    assert len({name for name, *_ in FILES}) >= 40


@pytest.mark.parametrize(
    ("kind", "content", "code"), [file[1:] for file in FILES], ids=[file[0] for file in FILES]
)
async def test_a_hostile_file_is_refused(take: Take, kind: str, content: bytes, code: str) -> None:
    before = used()
    status, found = await take(content, kind)
    assert (status in (202, 422), found) == (True, code)
    assert used() - before < SECONDS


async def test_two_hundred_megabytes_are_not_even_read(take: Any) -> None:
    status, code = await take(b"a,b\n", "text/csv", **{"Content-Length": str(200 * 1024 * 1024)})
    assert (status, code) == (413, "payload_too_large")


async def test_what_looks_like_a_formula_comes_back_as_text(
    office: httpx.AsyncClient, jobs: JobRunner
) -> None:
    content = b"title,unit,rank\r\n=cmd|' /C calc'!A0,?,1\r\n"
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "text/csv"}
    taken = await office.post("/api/v1/notes/import", content=content, headers=headers)
    await jobs.drain()
    result = await office.get(f"{taken.headers['location']}/result")
    assert "\r\n'=cmd|' /C calc'!A0," in result.content.decode("utf-8-sig")


def test_a_child_gets_no_more_memory_than_it_may_have() -> None:
    greedy = "from servicekit.imports import child; child.limit(); bytearray(256 * 1024 * 1024)"
    ended = subprocess.run([sys.executable, "-c", greedy], capture_output=True, check=False)
    assert b"MemoryError" in ended.stderr
