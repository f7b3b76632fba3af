"""A park brings its list of enterprises as the workbook it keeps: wrong cells, mended, stored."""

import io
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest
from kechuang.client.tokens import ClientCredentialsAuth
from stdnum.cn import uscc

from tests.journeys.actors import Actors, Row, until

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ["企业名称", "统一社会信用代码", "园区代码", "规模以上", "别名"]


@pytest.fixture(scope="module")
def park(actors: Actors) -> Any:
    """The park's administration, with nothing but HTTP."""
    credentials = actors.credentials("park_admin")
    with httpx.Client(base_url=actors.url, trust_env=False, timeout=60) as client:
        endpoint = client.base_url.join("/oauth/token")
        client.auth = ClientCredentialsAuth(endpoint, credentials)
        yield client


def code(number: int) -> str:
    """A valid code that nobody has."""
    begin = f"91410100MA{number:07}"
    return begin + uscc.calc_check_digit(begin)


def workbook(*rows: list[Any]) -> bytes:
    file, book = io.BytesIO(), openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "企业名单"
    for row in (HEADS, *rows):
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def ended(park: httpx.Client, location: str) -> Row:
    def look() -> Row | None:
        job = park.get(location).json()
        return job if job["finished_at"] else None

    return until(look, 120)


def send(park: httpx.Client, file: bytes, **query: str) -> httpx.Response:
    headers = {"Content-Type": XLSX, "Idempotency-Key": str(uuid4())}
    query = {"filename": "企业名单.xlsx", **query}
    return park.post("/api/v1/enterprises/import", content=file, headers=headers, params=query)


def test_a_head_that_nobody_knows_is_named(park: httpx.Client, story: Any) -> None:
    story.rows = [
        [f"某科技有限公司{number}", code(number), "gangqu", "是", "甲；乙"]
        for number in range(4_000_001, 4_000_021)
    ]
    taken = send(park, workbook(*story.rows))
    assert taken.status_code == 202, taken.text
    assert taken.json()["id"].startswith("parks-")
    job = ended(park, taken.headers["Location"])
    assert (job["state"], job["failure"]["code"]) == ("failed", "heads_refused")
    errors = park.get(f"{taken.headers['Location']}/errors").json()["items"]
    assert {(one["cell"], one["code"]) for one in errors} == {
        ("A1", "unknown_head"),
        (None, "missing_head"),
    }
    HEADS[0] = "名称"


def test_every_wrong_cell_is_named_and_nothing_is_stored(park: httpx.Client, story: Any) -> None:
    wrong = [list(row) for row in story.rows]
    wrong[3][1] = "91410184MA44XQ1R02"
    wrong[5][0] = None
    wrong[7][2] = "no-such-park"
    wrong[9][3] = "也许"
    taken = send(park, workbook(*wrong))
    job = ended(park, taken.headers["Location"])
    assert (job["state"], job["total"], job["refused"]) == ("failed", 20, 4)
    page = park.get(f"{taken.headers['Location']}/errors").json()
    assert {(one["sheet"], one["row"], one["cell"], one["code"]) for one in page["items"]} == {
        ("企业名单", 5, "B5", "invalid_uscc"),
        ("企业名单", 7, "A7", "missing"),
        ("企业名单", 9, "C9", "unknown_reference"),
        ("企业名单", 11, "D11", "bool_type"),
    }
    result = park.get(f"{taken.headers['Location']}/result")
    sheet = openpyxl.load_workbook(io.BytesIO(result.content)).active
    assert sheet is not None
    assert sheet.title == "企业名单"
    assert sheet["F1"].value == "错误"
    assert str(sheet["F5"].value).startswith("统一社会信用代码: 统一社会信用代码无效")
    first = park.get("/api/v1/enterprises", params={"uscc": code(4_000_001)}).json()
    assert first["items"] == []


def test_mended_it_is_stored_and_the_list_of_jobs_tells_both(
    park: httpx.Client, story: Any
) -> None:
    taken = send(park, workbook(*story.rows))
    job = ended(park, taken.headers["Location"])
    assert (job["state"], job["done"], job["errors"]) == ("succeeded", 20, 0)
    first = park.get("/api/v1/enterprises", params={"uscc": code(4_000_001)}).json()["items"]
    assert [(row["above_scale"], row["aliases"]) for row in first] == [(True, ["甲", "乙"])]
    listed = park.get("/api/v1/jobs", params={"kind": "enterprises.import"}).json()
    assert [(one["service"], one["state"]) for one in listed["items"][:2]] == [
        ("parks", "succeeded"),
        ("parks", "failed"),
    ]
    assert listed["missing"] == {}


def test_a_job_of_no_service_is_not_found(park: httpx.Client) -> None:
    for unknown in ("nobody-1", "parks-0197a3d4-7c1e-7000-8000-000000000001"):
        answer = park.get(f"/api/v1/jobs/{unknown}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
