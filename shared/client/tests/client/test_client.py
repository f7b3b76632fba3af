"""The client's promises: fresh tokens, safe retries, pages to the end, problems with a code."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from kechuang import ApiError, Client, Credentials
from kechuang.client import CredentialsError, Unreachable

Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """Answers from a script and remembers the calls; an exception in the script is raised."""

    def __init__(self, *script: httpx.Response | Exception) -> None:
        self.script = list(script)
        self.calls: list[httpx.Request] = []
        self.tokens = 0
        self.lifetime = 300
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            self.tokens += 1
            token = {"access_token": f"t{self.tokens}", "expires_in": self.lifetime}
            return httpx.Response(200, json=token)
        self.calls.append(request)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> Client:
        return Client(
            "http://gateway",
            Credentials("id", "secret"),
            transport=httpx.MockTransport(self),
            sleep=self.waits.append,
        )


def ok(body: object = None) -> httpx.Response:
    return httpx.Response(200, json={} if body is None else body)


def test_one_token_serves_many_calls() -> None:
    server = Server(ok(), ok(), ok())
    with server.client() as client:
        for _ in range(3):
            client.get("units")
    assert server.tokens == 1
    assert {call.headers["Authorization"] for call in server.calls} == {"Bearer t1"}
    assert server.calls[0].url.path == "/api/v1/units"


def test_a_token_about_to_end_is_fetched_again() -> None:
    server = Server(ok(), ok())
    server.lifetime = 0
    with server.client() as client:
        client.get("units")
        client.get("units")
    assert server.tokens == 2


def test_a_refused_token_is_replaced_once() -> None:
    server = Server(ok(), httpx.Response(401), ok(), httpx.Response(401), httpx.Response(401))
    with server.client() as client:
        client.get("units")
        client.post("units", {})
        assert server.calls[-1].headers["Authorization"] == "Bearer t2"
        with pytest.raises(ApiError) as caught:
            client.get("units")
    assert (caught.value.status, caught.value.code) == (401, "http_401")


def test_a_post_is_repeated_with_the_same_key_and_body() -> None:
    server = Server(httpx.ReadTimeout("lost"), httpx.Response(502), ok({"id": "1"}))
    with server.client() as client:
        assert client.post("units", {"a": 1}) == {"id": "1"}
    keys = {call.headers["Idempotency-Key"] for call in server.calls}
    assert len(keys) == 1
    assert {call.content for call in server.calls} == {b'{"a":1}'}


def test_a_post_without_a_key_is_not_repeated_when_the_answer_is_lost() -> None:
    server = Server(httpx.ReadTimeout("lost"), ok())
    with server.client() as client, pytest.raises(Unreachable):
        client.request("POST", "units", body={})
    assert len(server.calls) == 1


def test_a_conditional_write_is_not_repeated_when_its_fate_is_unknown() -> None:
    for lost in (httpx.ReadTimeout("lost"), httpx.Response(504)):
        server = Server(lost, ok())
        with server.client() as client, pytest.raises((Unreachable, ApiError)):
            client.put("units/a", {}, etag='"1"')
        assert len(server.calls) == 1
        assert server.calls[0].headers["If-Match"] == '"1"'


def test_a_write_that_was_never_carried_out_is_repeated() -> None:
    server = Server(
        httpx.ConnectError("refused"), httpx.Response(503, headers={"Retry-After": "2"}), ok()
    )
    with server.client() as client:
        client.put("units/a", {}, etag='"1"')
    assert len(server.calls) == 3
    assert server.waits[1] == 2.0


def test_it_gives_up_after_five_tries() -> None:
    server = Server(*[httpx.ConnectError("refused") for _ in range(9)])
    with server.client() as client, pytest.raises(Unreachable):
        client.get("units")
    assert len(server.calls) == 5


def test_a_refusal_is_not_repeated_and_tells_its_reason() -> None:
    problem = {
        "code": "validation_failed",
        "title": "内容有误",
        "detail": "一处",
        "trace_id": "abc",
        "errors": [{"pointer": "/name_zh", "code": "missing", "message": "必填"}],
    }
    server = Server(httpx.Response(422, json=problem))
    with server.client() as client, pytest.raises(ApiError) as caught:
        client.post("units", {})
    error = caught.value
    assert (error.status, error.code, error.trace_id) == (422, "validation_failed", "abc")
    assert error.errors[0].pointer == "/name_zh"
    assert "/name_zh: 必填" in str(error)
    assert len(server.calls) == 1


def test_pages_are_read_to_the_end() -> None:
    server = Server(
        ok({"items": [{"code": "a"}], "next_cursor": "2"}),
        ok({"items": [], "next_cursor": "3"}),
        ok({"items": [{"code": "b"}], "next_cursor": None}),
    )
    with server.client() as client:
        assert [item["code"] for item in client.items("units", kind="town")] == ["a", "b"]
    assert server.calls[0].url.params["limit"] == "200"
    assert "cursor" not in server.calls[0].url.params
    assert [call.url.params["cursor"] for call in server.calls[1:]] == ["2", "3"]


def test_a_gateway_below_a_path_is_reached_there() -> None:
    paths: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return httpx.Response(200, json={"access_token": "t"})

    transport = httpx.MockTransport(answer)
    with Client("http://city/kc/", Credentials("i", "s"), transport=transport) as client:
        client.get("units")
    assert paths == ["/kc/oauth/token", "/kc/api/v1/units"]


def test_an_answer_that_is_no_json_is_told() -> None:
    server = Server(httpx.Response(200, text="<html>"))
    with server.client() as client, pytest.raises(ApiError) as caught:
        client.get("units")
    assert caught.value.code == "answer_not_json"


def test_a_token_answer_without_a_token_is_told() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"hello": 1}))
    with (
        Client("http://gateway", Credentials("id", "secret"), transport=transport) as client,
        pytest.raises(ApiError) as caught,
    ):
        client.get("units")
    assert caught.value.code == "no_access_token"


def test_a_busy_token_endpoint_is_asked_again() -> None:
    answers = [
        httpx.Response(503, headers={"Retry-After": "1"}),
        httpx.Response(200, json={"access_token": "t", "expires_in": 300}),
        httpx.Response(200, json={"code": "a"}),
    ]
    waits: list[float] = []
    with Client(
        "http://gateway",
        Credentials("id", "secret"),
        transport=httpx.MockTransport(lambda _: answers.pop(0)),
        sleep=waits.append,
    ) as client:
        assert client.get("units/a") == {"code": "a"}
    assert waits == [1.0]


def test_the_secret_does_not_show() -> None:
    assert "hush" not in repr(Credentials("id", "hush"))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"office": {}}', '{"office": 3}'])
def test_a_clients_file_without_the_role_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "clients.json"
    file.write_text(content)
    with pytest.raises(CredentialsError, match=r"clients\.json"):
        Credentials.from_file(file, "office")


def test_no_credentials_in_the_environment_is_told() -> None:
    with pytest.raises(CredentialsError, match="KECHUANG_CLIENT_ID"):
        Credentials.from_environment({})
