"""Requests through the gateway to a service on a real socket, and back."""

import asyncio
import contextlib
import time
from typing import Any

import httpx
import pytest
from gateway.proxy import circuits
from gateway.proxy import service as proxy_service
from gateway.proxy.circuits import Circuit


def headers_of(seen: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in seen["headers"]:
        found.setdefault(name, []).append(value)
    return found


async def test_path_and_query_arrive_byte_for_byte(gateway: Any) -> None:
    async with gateway.client() as client:
        target = "/api/v1/indicators/%E6%B8%AF%20x?a=%2F&b=c+d&b=%20&empty"
        answer = await client.get(httpx.URL(gateway.url + target))
    assert answer.status_code == 200
    seen = gateway.upstream.seen[-1]
    assert seen["raw_path"] + "?" + seen["query"] == target


async def test_the_service_learns_the_true_caller_and_not_what_it_claims(gateway: Any) -> None:
    forged = {
        "X-Forwarded-For": "8.8.8.8",
        "X-Forwarded-Host": "evil",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/x",
        "Forwarded": "for=8.8.8.8",
        "X-Real-IP": "8.8.8.8",
        "X-Request-Id": "my-request-0001",
        "Connection": "keep-alive, X-Dropped",
        "X-Dropped": "1",
    }
    async with gateway.client() as client:
        answer = await client.get("/api/v1/indicators", headers=forged)
    got = headers_of(gateway.upstream.seen[-1])
    assert got["x-forwarded-for"] == ["127.0.0.1"]
    assert got["x-forwarded-host"] == ["{}:{}".format(*gateway.address)]
    assert got["x-forwarded-proto"] == ["http"]
    assert got["x-request-id"] == ["my-request-0001"]
    assert answer.headers["x-request-id"] == "my-request-0001"
    assert got["traceparent"] == [answer.headers["traceparent"]]
    assert got["host"] == [gateway.upstream.url.removeprefix("http://")]
    assert not {"x-dropped", "forwarded", "x-real-ip", "x-forwarded-prefix"} & got.keys()


async def test_the_callers_trace_goes_on(gateway: Any) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with gateway.client() as client:
        await client.get("/api/v1/indicators", headers={"traceparent": trace})
    assert headers_of(gateway.upstream.seen[-1])["traceparent"] == [trace]


async def test_headers_of_one_hop_stay_inside_and_the_others_come_back(gateway: Any) -> None:
    async with gateway.client() as client:
        answer = await client.get("/api/v1/indicators/hop")
    assert "x-secret" not in answer.headers
    assert "keep-alive" not in answer.headers
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers.get_list("x-request-id") != ["forged-by-service"]
    assert len(answer.headers.get_list("x-request-id")) == 1
    assert answer.headers["ratelimit-policy"].startswith('"default";q=')


async def test_a_redirect_is_passed_on_without_the_inner_address(gateway: Any) -> None:
    async with gateway.client() as client:
        answer = await client.get("/api/v1/indicators/moved")
    assert answer.status_code == 307
    assert answer.headers["location"] == "/api/v1/indicators/new"


async def test_a_compressed_answer_is_not_touched(gateway: Any) -> None:
    async with (
        gateway.client() as client,
        client.stream("GET", "/api/v1/indicators/gzipped") as answer,
    ):
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert raw == b"\x1f\x8b-not-decoded"
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_body_arrives_whole(gateway: Any, method: str) -> None:
    body = b'{"value": "36.1"}' * 1000
    async with gateway.client() as client:
        answer = await client.request(method, "/api/v1/indicators/x", content=body)
    assert answer.status_code == 200
    seen = gateway.upstream.seen[-1]
    assert (seen["method"], seen["body"]) == (method, body)
    assert headers_of(seen)["content-length"] == [str(len(body))]


async def test_an_upload_is_streamed_and_limited_to_20_mib(gateway: Any) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    five = b"x" * (5 * 1024 * 1024)
    async with gateway.client() as client:
        fine = await client.post("/api/v1/indicators/import", content=five, headers=form)
        assert fine.status_code == 200
        assert gateway.upstream.seen[-1]["body"] == five
        assert headers_of(gateway.upstream.seen[-1])["content-length"] == [str(len(five))]
        large = await client.post("/api/v1/indicators/import", content=five * 5, headers=form)
    assert (large.status_code, large.json()["code"]) == (413, "payload_too_large")


async def pieces(size: int, count: int) -> Any:
    for _ in range(count):
        yield b"x" * size


async def test_a_body_of_unknown_length_is_counted_as_it_comes(gateway: Any) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    async with gateway.client() as client:
        fine = await client.post(
            "/api/v1/indicators/import", content=pieces(65536, 40), headers=form
        )
        assert fine.status_code == 200
        assert len(gateway.upstream.seen[-1]["body"]) == 65536 * 40
        json_body = await client.post("/api/v1/indicators", content=pieces(65536, 40))
        assert json_body.status_code == 413
        with contextlib.suppress(httpx.WriteError, httpx.ReadError):
            upload = await client.post(
                "/api/v1/indicators/import", content=pieces(262144, 100), headers=form
            )
            assert upload.status_code == 413


async def test_a_body_of_more_than_1_mib_is_refused_before_it_is_sent(gateway: Any) -> None:
    before = len(gateway.upstream.seen)
    async with gateway.client() as client:
        answer = await client.post("/api/v1/indicators", content=b" " * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert len(gateway.upstream.seen) == before


async def test_a_stream_comes_piece_by_piece_and_ends_when_the_caller_hangs_up(
    gateway: Any,
) -> None:
    gateway.upstream.gone.clear()
    async with gateway.client() as client:
        started = time.perf_counter()
        async with client.stream("GET", "/api/v1/indicators/stream") as answer:
            first = await anext(answer.aiter_raw())
        assert first.startswith(b"data: 0")
        assert time.perf_counter() - started < 2
    await asyncio.wait_for(gateway.upstream.gone.wait(), 5)


async def test_an_answer_that_breaks_off_is_not_ended_properly(gateway: Any) -> None:
    async with gateway.client() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/api/v1/indicators/broken")


async def test_a_service_that_is_silent_gives_504(
    gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy_service, "READ_TIMEOUT", 1.0)
    async with gateway.client() as client:
        answer = await client.get("/api/v1/indicators/slow", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (504, "service_timeout")
    assert "targets" in answer.json()["detail"]


async def test_a_service_that_is_down_gives_503_and_the_others_are_served(
    gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The gateway asks `funding` for its document meanwhile, which must not open the circuit.
    monkeypatch.setattr(circuits, "FAILURES", 1000)
    gateway.app.state.upstreams.circuits["funding"] = Circuit("funding", most_waiting=200)
    async with gateway.client() as client:
        down = await client.get("/api/v1/funds")
        absent = await client.get("/api/v1/parks")
        up = await client.get("/api/v1/indicators")
    assert (down.status_code, down.json()["code"]) == (503, "service_unavailable")
    assert down.headers["retry-after"] == "2"
    assert down.headers["content-type"] == "application/problem+json"
    assert absent.status_code == 503
    assert up.status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH"])
async def test_what_nobody_has_heard_is_tried_again(
    gateway: Any, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    upstreams = gateway.app.state.upstreams
    upstreams.circuits["funding"] = Circuit("funding", most_waiting=200)
    monkeypatch.setattr(circuits, "FAILURES", 1000)
    counted: list[str] = []
    once = upstreams._send_once

    async def counting(call: Any) -> Any:
        if call.target == "/api/v1/funds":
            counted.append(call.method)
        return await once(call)

    monkeypatch.setattr(upstreams, "_send_once", counting)
    async with gateway.client() as client:
        answer = await client.request(method, "/api/v1/funds", content=b"{}")
    assert answer.status_code == 503
    assert counted == [method] * 3


async def test_unknown_resources_and_the_operators_pages_are_not_found(gateway: Any) -> None:
    before = len(gateway.upstream.seen)
    async with gateway.client() as client:
        for path in ("nothing", "metrics", "livez", "readyz", "version", "jobs/nobody-1"):
            answer = await client.get(f"/api/v1/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert len(gateway.upstream.seen) == before


async def test_head_and_options_have_no_body(gateway: Any) -> None:
    async with gateway.client() as client:
        assert (await client.head("/api/v1/indicators")).status_code == 200
        assert (await client.options("/api/v1/indicators")).status_code == 200


async def test_a_resource_the_service_adds_is_routed_by_its_document(gateway: Any) -> None:
    async with gateway.client() as client:
        await client.get("/api/v1/openapi.json")
        answer = await client.get("/api/v1/extras/7")
    assert answer.status_code == 200
    assert gateway.upstream.seen[-1]["raw_path"] == "/api/v1/extras/7"


async def test_a_fault_of_the_door_itself_is_a_problem_with_the_requests_id(
    gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> Any:
        raise LookupError("a fault")

    monkeypatch.setattr(gateway.app.envelope.app.duties.table, "route", broken)
    async with gateway.client() as client:
        answer = await client.get("/api/v1/indicators")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["trace_id"]
