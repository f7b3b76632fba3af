"""Real gateway processes: the operators' listener, and an end that no caller notices."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from servicekit.embedded.http import status
from servicekit.embedded.ports import free_ports

DRAIN = 1.5


@dataclass(frozen=True, slots=True)
class GatewayProcess:
    process: subprocess.Popen[bytes]
    public: str
    operators: str

    async def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 20)


StartGateway = Callable[..., Any]


@pytest.fixture
def start_gateway(gateway: Any) -> StartGateway:
    """Another gateway before the same service, as a process of its own."""

    @asynccontextmanager
    async def start(verb: str = "api") -> AsyncIterator[GatewayProcess]:
        public, operators, nobody = free_ports(3)
        environment = {
            "KECHUANG_DATABASE_URL": gateway.settings.database_url,
            "KECHUANG_SIGNING_KEY": gateway.settings.signing_key,
            "KECHUANG_UPSTREAMS": json.dumps(gateway.settings.upstreams),
            "KECHUANG_PORT": str(public),
            "KECHUANG_OPS_PORT": str(operators),
            "KECHUANG_DRAIN_SECONDS": str(DRAIN),
            "KECHUANG_RATE_LIMIT": "100000/second",
            "KECHUANG_LOG_LEVEL": "ERROR",
            "KECHUANG_NATS_URL": f"nats://127.0.0.1:{nobody}",
            "KECHUANG_NATS_MONITOR_URL": f"http://127.0.0.1:{nobody}",
        }
        process = subprocess.Popen(  # noqa: ASYNC220 - starting it takes no time
            [sys.executable, "-m", "gateway", verb], env={**os.environ, **environment}
        )
        running = GatewayProcess(
            process, f"http://127.0.0.1:{public}", f"http://127.0.0.1:{operators}"
        )
        try:
            until = time.monotonic() + 30
            while await asyncio.to_thread(status, f"{running.operators}/readyz/calls") != 200:
                assert process.poll() is None
                assert time.monotonic() < until
                await asyncio.sleep(0.1)
            yield running
        finally:
            if process.poll() is None:
                await running.stop()

    return start


async def test_the_public_port_has_no_operator_routes(start_gateway: StartGateway) -> None:
    async with start_gateway() as running, httpx.AsyncClient(trust_env=False) as client:
        for path in ("livez", "readyz", "readyz/calls", "version", "metrics"):
            assert (await client.get(f"{running.operators}/{path}")).status_code == 200
            assert (await client.get(f"{running.public}/{path}")).status_code == 404
        assert (await client.get(f"{running.operators}/api/v1/overview")).status_code == 404


async def test_callers_are_served_without_the_event_server(start_gateway: StartGateway) -> None:
    async with start_gateway("all") as running, httpx.AsyncClient(trust_env=False) as client:
        whole = await client.get(f"{running.operators}/readyz")
        assert whole.status_code == 503
        assert whole.json()["checks"]["nats"] != "ok"
        calls = await client.get(f"{running.operators}/readyz/calls")
        assert (calls.status_code, calls.json()["ready"]) == (200, True)
        assert "nats" not in calls.json()["checks"]


async def test_a_gateway_that_stops_under_load_fails_no_request(
    gateway: Any, start_gateway: StartGateway
) -> None:
    headers = gateway.tokens.bearer("office")
    async with (
        start_gateway() as first,
        start_gateway() as second,
        httpx.AsyncClient(headers=headers, trust_env=False, timeout=20) as client,
    ):
        target, over = [first.public], asyncio.Event()
        answers: list[int] = []

        async def balance() -> None:
            """What a load balancer does: leave a gateway that is not ready, which still answers."""
            while await asyncio.to_thread(status, f"{first.operators}/readyz") == 200:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            last = await client.get(f"{first.public}/api/v1/indicators")
            assert last.headers["connection"] == "close"
            target[0] = second.public

        async def call() -> None:
            while not over.is_set():
                answer = await client.get(f"{target[0]}/api/v1/indicators")
                answers.append(answer.status_code)

        balancer = asyncio.create_task(balance())
        callers = [asyncio.create_task(call()) for _ in range(6)]
        await asyncio.sleep(0.5)
        slow = asyncio.create_task(client.get(f"{first.public}/api/v1/indicators/unhurried"))
        stream = asyncio.create_task(client.get(f"{first.public}/api/v1/indicators/story"))
        await asyncio.sleep(0.2)
        assert await first.stop() == 0
        await balancer
        before = len(answers)
        await asyncio.sleep(0.3)
        over.set()
        await asyncio.gather(*callers)
        assert len(answers) > before
        assert set(answers) == {200}
        assert (await slow).json() == {"unhurried": True}
        assert (await stream).text == "".join(f"data: {n}\n\n" for n in range(20))
