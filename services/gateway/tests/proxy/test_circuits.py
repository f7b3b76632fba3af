"""One service that is down, hangs or is slow leaves the others served, and is left alone itself."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from gateway.proxy import circuits
from gateway.proxy import service as proxy_service
from prometheus_client import REGISTRY

MOST_WAITING = 8
SNAPSHOTS = Path(__file__).parents[3]


@asynccontextmanager
async def black_hole() -> AsyncIterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest_asyncio.fixture(loop_scope="module")
async def mixed(gateway_with: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """`targets` is well, `funding` refuses, `parks` hangs."""
    monkeypatch.setattr(proxy_service, "READ_TIMEOUT", 0.3)
    monkeypatch.setattr(circuits, "OPEN_FOR", 0.5)
    # With snapshots the gateway asks no service for its document, which would count here.
    narrow = {"upstream_concurrency": MOST_WAITING, "openapi_snapshots": SNAPSHOTS}
    async with black_hole() as hole, gateway_with(narrow, funding=None, parks=hole) as running:
        yield running


def is_open(service: str) -> float | None:
    return REGISTRY.get_sample_value("gateway_circuit_open", {"upstream": service})


async def test_after_five_failures_callers_are_answered_at_once(mixed: Any) -> None:
    async with mixed.client() as client:
        for _ in range(circuits.FAILURES):
            assert (await client.post("/api/v1/enterprises", content=b"{}")).status_code == 504
        assert is_open("parks") == 1
        started = time.perf_counter()
        refused = await client.get("/api/v1/enterprises")
        assert time.perf_counter() - started < 0.1
    assert (refused.status_code, refused.json()["code"]) == (503, "service_unavailable")
    assert int(refused.headers["retry-after"]) >= 1


async def test_one_probe_closes_the_circuit_of_a_service_that_is_back(mixed: Any) -> None:
    async with mixed.client() as client:
        for _ in range(circuits.FAILURES):
            assert (await client.post("/api/v1/funds", content=b"{}")).status_code == 503
        assert is_open("funding") == 1
        mixed.app.state.upstreams.addresses["funding"] = mixed.upstream.url
        before = len(mixed.upstream.seen)
        assert (await client.get("/api/v1/funds")).status_code == 503
        assert len(mixed.upstream.seen) == before
        await asyncio.sleep(circuits.OPEN_FOR)
        assert (await client.get("/api/v1/funds")).status_code == 200
        assert is_open("funding") == 0
        assert (await client.get("/api/v1/funds")).status_code == 200


async def test_while_a_probe_is_under_way_the_others_do_not_wait(mixed: Any) -> None:
    async with mixed.client() as client:
        for _ in range(circuits.FAILURES):
            await client.post("/api/v1/enterprises", content=b"{}")
        await asyncio.sleep(circuits.OPEN_FOR)
        answers = await asyncio.gather(
            *(client.post("/api/v1/enterprises", content=b"{}") for _ in range(6))
        )
    assert sorted(answer.status_code for answer in answers) == [503] * 5 + [504]
    assert is_open("parks") == 1


async def test_a_service_that_hangs_holds_no_more_calls_than_its_share(mixed: Any) -> None:
    async with mixed.client() as client:
        answers = await asyncio.gather(
            *(client.post("/api/v1/enterprises", content=b"{}") for _ in range(MOST_WAITING * 3))
        )
    assert sorted(answer.status_code for answer in answers) == (
        [503] * MOST_WAITING * 2 + [504] * MOST_WAITING
    )


async def test_the_others_are_served_as_fast_as_before(mixed: Any) -> None:
    async with mixed.client() as client:

        async def slowest() -> float:
            worst = 0.0
            for _ in range(30):
                started = time.perf_counter()
                assert (await client.get("/api/v1/indicators")).status_code == 200
                worst = max(worst, time.perf_counter() - started)
            return worst

        async def ask_the_broken() -> None:
            while True:
                await asyncio.gather(client.get("/api/v1/enterprises"), client.get("/api/v1/funds"))

        await slowest()
        disturbing = [asyncio.create_task(ask_the_broken()) for _ in range(4)]
        try:
            # Far below the timeout of the hanging service; a shared queue would reach it.
            assert await slowest() < 0.25
        finally:
            for task in disturbing:
                task.cancel()
            await asyncio.gather(*disturbing, return_exceptions=True)


@pytest.mark.parametrize("status", ["missing", "broke"])
async def test_a_services_own_refusals_open_nothing(mixed: Any, status: str) -> None:
    async with mixed.client() as client:
        for _ in range(circuits.FAILURES * 2):
            answer = await client.get(f"/api/v1/indicators/{status}")
            assert answer.status_code == {"missing": 404, "broke": 500}[status]
    assert is_open("targets") == 0


async def test_a_caller_that_hangs_up_during_the_probe_leaves_the_next_one_to_try(
    mixed: Any,
) -> None:
    async with mixed.client() as client:
        for _ in range(circuits.FAILURES):
            await client.post("/api/v1/enterprises", content=b"{}")
        await asyncio.sleep(circuits.OPEN_FOR)
        circuit = mixed.app.state.upstreams.circuits["parks"]
        with pytest.raises(asyncio.CancelledError), circuit.call():
            raise asyncio.CancelledError
        mixed.app.state.upstreams.addresses["parks"] = mixed.upstream.url
        assert (await client.get("/api/v1/enterprises")).status_code == 200
