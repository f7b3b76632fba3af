"""One document for the whole API, and a page that shows it without the internet."""

import re

import httpx
from local_stack.stack import Stack


def test_the_document_is_one(stack: Stack) -> None:
    document = httpx.get(f"{stack.url}/api/v1/openapi.json").raise_for_status().json()
    assert document["openapi"].startswith("3.1")
    owned = ("/status-board", "/operating-returns", "/disbursements", "/supervision-items")
    for resource in (*owned, "/overview"):
        assert f"/api/v1{resource}" in document["paths"]
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]
    assert len(operations) == len(set(operations)) > 100


def test_the_page_asks_nobody_outside(stack: Stack) -> None:
    page = httpx.get(f"{stack.url}/docs").raise_for_status().text
    asked = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert asked
    for address in asked:
        assert address.startswith("/docs/")
        assert httpx.get(f"{stack.url}{address}").status_code == 200
    starter = httpx.get(f"{stack.url}/docs/assets/start.js").text
    assert not re.findall(r"https?://", page + starter)
