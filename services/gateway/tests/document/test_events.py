"""The events described: complete in itself, and each schema where `dataschema` points."""

import json
from typing import Any

import httpx
from contracts.targets import PeriodClosed
from jsonschema import Draft202012Validator


async def test_the_asyncapi_document_needs_no_token_and_nothing_beside_it(gateway: Any) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
        answer = await client.get("/api/v1/asyncapi.json")
    assert answer.status_code == 200
    document = answer.json()
    assert document["asyncapi"] == "3.0.0"
    schemas = document["components"]["schemas"]
    for name, message in document["components"]["messages"].items():
        assert message["payload"] == {"$ref": f"#/components/schemas/{name}"}
        assert message["x-permission"] == schemas[name]["x-permission"]
        Draft202012Validator.check_schema(schemas[name])
    references = json.dumps(document).split('"$ref": "')[1:]
    assert {reference[0] for reference in references} == {"#"}


async def test_a_schema_is_where_an_event_says(gateway: Any) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
        answer = await client.get(f"/schemas/{PeriodClosed.type}.json")
        assert answer.headers["content-type"] == "application/schema+json"
        Draft202012Validator(answer.json()).validate({"period": "2026-07"})
        missing = await client.get("/schemas/kechuang.nothing.json")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
