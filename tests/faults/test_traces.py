"""One trace id from the caller through the gateway and a service, over NATS, into whoever hears the
event; a collector that is away costs nobody anything."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from local_stack.processes import Process
from servicekit.embedded.child import Command

from tests.faults.client import Request
from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES, TrialStack
from tests.prepared import Prepared

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"  # pragma: allowlist secret
CALLER = f"00-{TRACE}-00f067aa0ba902b7-01"


class Collector(BaseHTTPRequestHandler):
    """Takes spans as an OpenTelemetry collector does."""

    spans: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    """With the service that sent each."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        for resource in body["resourceSpans"]:
            about = {
                a["key"]: a["value"]["stringValue"] for a in resource["resource"]["attributes"]
            }
            for scope in resource["scopeSpans"]:
                self.spans.extend((about["service.name"], span) for span in scope["spans"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: pytest shows what matters."""


class TracedStack(TrialStack):
    collector: ClassVar[str] = ""

    def _command(self, process: Process, env: Mapping[str, str]) -> Command:
        command = super()._command(process, env)
        return replace(command, env={**command.env, "KECHUANG_TRACES_URL": self.collector})


@pytest.fixture
def collector() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces"
        server.shutdown()
        thread.join()


async def test_one_trace_from_the_caller_to_who_hears_the_event(
    collector: str, prepared: Prepared
) -> None:
    TracedStack.collector = collector
    with Rig.running(TWO_SERVICES, 7, prepared=prepared, kind=TracedStack) as rig:
        async with rig.client() as client:
            await rig.world.prepare(client, rig.history)
            item = {
                "title": "traced",
                "description": "traced",
                "responsible_unit": "trial-unit-0",
                "due_workdays": 10,
                "holds_payments": True,
            }
            told = {"traceparent": CALLER}
            request = Request("x", "office", "POST", "/supervision-items", item, told)
            answer = await client.call(request, "traced")
        assert answer.ok
        assert answer.headers["traceparent"][3:35] == TRACE
        heard = await until_heard()
    by_id = {span["spanId"]: (service, span) for service, span in heard}
    told_by = {
        service: by_id.get(span.get("parentSpanId", ""), ("the caller", {}))[0]
        for service, span in heard
        if span["kind"] == 2 or service == "funding"
    }
    assert told_by == {"gateway": "the caller", "supervision": "gateway", "funding": "supervision"}
    (applied,) = [span for service, span in heard if service == "funding"]
    assert applied["name"].startswith("apply ")
    assert applied["kind"] == 5
    for _, span in heard:
        assert int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"])
        print(span["name"], {a["key"]: a["value"] for a in span["attributes"]})


async def until_heard() -> list[tuple[str, dict[str, Any]]]:
    """The spans of the trace, once whoever hears the event has told of it."""
    deadline = time.monotonic() + 40
    while True:
        found = [(service, s) for service, s in Collector.spans if s["traceId"] == TRACE]
        if {"gateway", "supervision", "funding"} <= {service for service, _ in found}:
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.2)
