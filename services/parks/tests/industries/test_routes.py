"""The classification over HTTP."""

from typing import Any

import pytest

Caller = Any


async def test_an_enterprise_chooses_its_industry_by_name(enterprise: Caller) -> None:
    found = (await enterprise.get("/industries", q="制糖")).json()["items"]
    assert [(each["code"], each["level"], each["parent"]) for each in found] == [
        ("C134", "group", "C13"), ("C1340", "class", "C134"),
    ]  # fmt: skip
    below = (await enterprise.get("/industries", below="13", level="group")).json()["items"]
    assert [each["code"] for each in below] == [
        "C131", "C132", "C133", "C134", "C135", "C136", "C137", "C139",
    ]  # fmt: skip
    one = await enterprise.get("/industries/C")
    assert (one.json()["name_zh"], one.json()["name_en"]) == ("制造业", "Manufacturing")


@pytest.mark.parametrize("sort", ["code", "-code"])
async def test_the_pages_have_every_code_once(office: Caller, sort: str) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        query = {"limit": 200, "sort": sort, "include_total": True, **cursor}
        page = (await office.get("/industries", **query)).json()
        seen += [each["code"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == page["total"] == 1971
    assert seen == sorted(set(seen), reverse=sort == "-code")


async def test_a_code_that_is_none_is_refused_or_not_found(office: Caller) -> None:
    wrong = await office.get("/industries", below="U")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_industry")
    assert (await office.get("/industries/C138")).status_code == 404
    assert (await office.get("/industries/c134")).status_code == 422
    assert (await office.get("/industries", sort="name")).status_code == 422
    later = (await office.get("/industries", updated_since="2020-01-01T00:00:00Z")).json()
    assert later["items"] == []
