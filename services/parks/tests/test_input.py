"""Hostile input is answered with 4xx, wherever it is put."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest

Caller = Any
ODD = ["\0", "\ud800".encode("utf-8", "surrogatepass"), str(2**63), "' OR 1=1 --", "９", "a" * 3000]
MOMENTS = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-1", "1e400", str(2**63)]


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize(
    "path",
    [
        "/parks?programme=",
        "/parks?kind=",
        "/parks?near=",
        "/parks?within=",
        "/parks?sort=",
        "/parks?cursor=",
        "/parks?limit=",
        "/enterprises?uscc=",
        "/enterprises?park_code=",
        "/enterprises?enterprise_class=",
        "/recognitions?enterprise_id=",
        "/recognitions?valid_to_lte=",
        "/operating-returns?period=",
        "/operating-returns?state=",
        "/platforms?kind=",
        "/platforms?enterprise_id=",
        "/platforms?park_code=",
        "/technology-contracts?kind=",
        "/technology-contracts?registered_gte=",
        "/technology-contracts?park_code=",
        "/rd-projects?programme=",
        "/rd-projects?state=",
        "/achievements?major=",
        "/achievements?programme=",
        "/grade-applications?park_code=",
        "/grade-applications?grade=",
        "/industries?below=",
        "/industries?cursor=",
        "/industries/",
        "/technology-contracts/",
        "/rd-projects/",
        "/achievements/",
        "/grade-applications/",
        "/park-metrics?metric=",
        "/park-metrics?period=",
        "/parks/",
        "/enterprises/",
        "/recognitions/",
        "/operating-returns/",
        "/platforms/",
    ],
)
async def test_an_odd_value_finds_nothing_or_is_refused(
    office: Caller, path: str, value: str | bytes
) -> None:
    answer = await office.client.get(f"/api/v1{path}{quote(value)}")
    if answer.status_code != 200:
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    else:
        assert answer.json()["items"] == []


@pytest.mark.parametrize("value", MOMENTS)
@pytest.mark.parametrize(
    "path",
    [
        "/parks",
        "/technology-contracts",
        "/rd-projects",
        "/achievements",
        "/grade-applications",
        "/industries",
        "/enterprises",
        "/recognitions",
        "/operating-returns",
        "/platforms",
        "/park-metrics",
    ],
)
async def test_a_moment_beyond_time_is_no_error_of_ours(
    office: Caller, path: str, value: str
) -> None:
    answer = await office.get(path, updated_since=value)
    assert answer.status_code in (200, 422), answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_the_first_and_the_last_day_of_time_can_be_stored(
    office: Caller, register: Callable[..., Awaitable[Any]], park_body: Any, day: str
) -> None:
    put = await office.put(f"/parks/day-{day}", park_body(desired_by=day))
    assert put.json()["desired_by"] == day
    made = await register()
    body = {
        "enterprise_id": made["id"], "kind": "science_type", "number": f"day {day}",
        "authority": "科技局", "valid_from": day, "valid_to": day,
    }  # fmt: skip
    assert (await office.post("/recognitions", body)).status_code == 201


async def test_a_body_that_is_no_object_is_refused(office: Caller) -> None:
    for body in ([], "x", 1, None):
        answer = await office.post("/operating-returns", body)
        assert answer.status_code == 422, answer.text
