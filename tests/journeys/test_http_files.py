"""The files for HTTP clients are requests the system takes; one is run as an editor would."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from local_stack.stack import Stack
from servicekit.embedded.paths import workspace_file

from tests.journeys.operations import OPERATIONS

HTTP = workspace_file("Makefile").parent / "docs/http"
FILES = sorted(HTTP.glob("*.http"))


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(slots=True)
class HttpFile:
    """A file of requests with its variables, read as editors read it."""

    variables: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "HttpFile":
        head, *blocks = re.split(r"^###.*\n", path.read_text("utf-8"), flags=re.MULTILINE)
        variables = dict(re.findall(r"^@(\w+) = ?(.*)$", head, re.MULTILINE))
        return cls(variables, [request_of(block) for block in blocks])

    def filled(self, text: str) -> str:
        """With the variables' values; one that is not there is an error."""
        return re.sub(r"\{\{([^}]+)\}\}", lambda found: self.variables[found.group(1)], text)

    def send(self, client: httpx.Client, request: Request) -> httpx.Response:
        headers = {name: self.filled(value) for name, value in request.headers.items()}
        body = self.filled(request.body).encode()
        return client.request(
            request.method, self.filled(request.url), headers=headers, content=body
        )


def request_of(block: str) -> Request:
    head, _, body = block.partition("\n\n")
    first, *lines = [line for line in head.splitlines() if not line.startswith("#")]
    method, url = first.split(" ", 1)
    return Request(method, url, dict(line.split(": ", 1) for line in lines), body.strip())


def test_the_reads_of_a_file_are_answered(stack: Stack) -> None:
    file = HttpFile.read(HTTP / "indicators.http")
    client = stack.clients["office"]
    file.variables |= {"url": stack.url, "client_secret": client["client_secret"]}
    token, *requests = file.requests
    with httpx.Client(trust_env=False) as http:
        drawn = file.send(http, token).raise_for_status().json()
        file.variables["token.response.body.access_token"] = drawn["access_token"]
        # Nothing has been revised yet that the file could name.
        reads = [r for r in requests if r.method == "GET" and "revision_id" not in r.url]
        answers = [file.send(http, request) for request in reads]
    assert [answer.status_code for answer in answers] == [200] * len(reads)
    assert len(reads) >= 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_request_of_a_file_is_whole(path: Path) -> None:
    file = HttpFile.read(path)
    file.variables |= {"token.response.body.access_token": "t", "$guid": "g"}
    token, *requests = file.requests
    assert token.url == "{{url}}/oauth/token"
    assert requests
    for request in requests:
        assert urlsplit(file.filled(request.url)).path.startswith("/api/v1/")
        assert request.headers["Authorization"].startswith("Bearer ")
        if request.body and not request.body.startswith("< "):
            assert json.loads(file.filled(request.body)) is not None
    keyed = [one for one in OPERATIONS if one.is_keyed and one.spec["tags"] == [path.stem]]
    assert sum("Idempotency-Key" in one.headers for one in requests) == len(keyed)


def test_the_collection_has_what_the_files_have() -> None:
    collection = json.loads((HTTP / "kechuang.postman_collection.json").read_text("utf-8"))
    folders: dict[str, list[Any]] = {one["name"]: one["item"] for one in collection["item"]}
    counted = {path.stem: len(HttpFile.read(path).requests) - 1 for path in FILES}
    assert {name: len(items) for name, items in folders.items()} == counted
