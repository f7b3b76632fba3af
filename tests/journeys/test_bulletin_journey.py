"""A quarter's bulletin, through the gateway: what it says is what the boards said when its data was
cut, whatever is corrected afterwards; it is reviewed, issued, and received by units."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import pytest
from local_stack.stack import Stack
from pypdf import PdfReader
from servicekit.clock import china_date

from tests.journeys.actors import Actors, Row, refused, step, until
from tests.journeys.cases import approved_budget, award, file_return, payment

SPENT = {
    "budget_expenditure": "5000000000.00",
    "three_st_expenses": "110000000.00",
    "science_operating_expenses": "95000000.00",
}
FUND = "transfer-fund"
UNIT = "gangqu-admin"
ENTERPRISE = {
    "uscc": "91410184MABTN5X1Q6",
    "name": "简报试验企业",
    "unit_code": "houyi",
    "park_code": "gangqu",
}
BOARDS = ("indicators", "board", "funds", "park_metrics")


@pytest.fixture(scope="module")
def actors(new_system: Callable[..., Stack]) -> Iterator[Actors]:
    """A city of its own: a bulletin speaks of all there is, and others' numbers move meanwhile."""
    with new_system() as system:
        actors = Actors(system.url, system.clients)
        yield actors
        actors.close()


@pytest.fixture(scope="module")
def fiscal_year(actors: Actors, year: int) -> int:
    actors("finance_maker").put(f"fiscal-years/{year}", SPENT)
    return year


def boards(actors: Actors, year: int) -> dict[str, Any]:
    """What the boards of the services say, in the bulletin's words."""
    leader, auditor = actors("leader"), actors("auditor")
    indicators = ("indicator_code", "status", "period", "actual", "expected")
    counts = ("unit_code", "open", "overdue", "red", "amber", "green", "closed")
    funds: dict[str, Row] = {}
    for row in sorted(auditor.items("execution-board", fiscal_year=year), key=month_of):
        told = {name: Decimal(row[name]) for name in ("appropriated", "disbursed", "refunded")}
        if any(told.values()):
            funds[row["fund_code"]] = told
    metrics = sorted(auditor.items("park-metrics", limit=200), key=lambda row: row["period"])
    return {
        "indicators": picked(leader.items("status-board"), indicators),
        "board": picked(leader.items("supervision-board"), counts),
        "funds": funds,
        # A share of nothing has no value, and a bulletin tells numbers.
        "park_metrics": {
            row["metric"]: (row["period"], row["value"])
            for row in metrics
            if row["value"] is not None
        },
    }


def told(figures: Row) -> dict[str, Any]:
    """The same of a bulletin's figures."""
    indicators = ("indicator_code", "status", "period", "actual", "expected")
    counts = ("unit_code", "open", "overdue", "red", "amber", "green", "closed")
    money = ("appropriated", "disbursed", "refunded")
    return {
        "indicators": picked(figures["indicators"], indicators),
        "board": picked(figures["board"], counts),
        "funds": {
            row["fund_code"]: {name: Decimal(row[name]) for name in money}
            for row in figures["funds"]
        },
        "park_metrics": {
            row["metric"]: (row["period"], row["value"]) for row in figures["park_metrics"]
        },
    }


def picked(rows: Any, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[name] for name in names) for row in rows), key=str)


def month_of(row: Row) -> str:
    return row["month"]


def test_a_quarter_leaves_numbers_money_and_items(
    actors: Actors, story: Any, fiscal_year: int, year: int
) -> None:
    office = actors("office")
    story.enterprise = office.post("enterprises", ENTERPRISE)
    filed = file_return(actors, story.enterprise, f"{year}-01", role="park_admin")
    step(office, "operating-returns", filed, "accept")
    budget = approved_budget(actors, fiscal_year, "bulletin", "900000.00", FUND)
    given = award(actors, budget, "xuedian-town", "300000.00")
    row = step(
        actors("finance_checker"), "disbursements", payment(actors, given, "120000.50"), "check"
    )
    row = step(actors("finance_payer"), "disbursements", row, "pay")
    result = {"outcome": "succeeded", "paid_on": f"{year}-03-10", "reference": "T-BULLETIN"}
    step(actors("finance_payer"), "disbursements", row, "result", result)
    for title in ("补报一季度报表", "台账不符"):
        body = {"title": title, "description": "请整改。", "responsible_unit": UNIT}
        office.post("supervision-items", body | {"holds_payments": False, "severity": "serious"})


def test_the_office_begins_a_bulletin_and_sees_what_it_would_say(
    actors: Actors, story: Any, year: int
) -> None:
    office, today = actors("office"), china_date()
    story.bulletin = office.post(
        "bulletins",
        {
            "programme": "innovation-programme",
            "title": "关于科技自主创新工程一季度进展情况的通报",
            "period_start": f"{min(year, today.year)}-01-01",
            "period_end": f"{max(year, today.year)}-12-31",
            "recipient_groups": ["superior-city", "four-leading-bodies", "units-concerned"],
        },
    )
    path = f"bulletins/{story.bulletin['id']}/figures"
    story.year = max(year, today.year)

    def agrees() -> bool:
        return told(office.get(path)) == boards(actors, story.year)

    until(agrees, 30.0)
    assert office.get(path)["frozen_at"] is None


def test_at_the_cut_off_its_numbers_are_those_of_the_boards(actors: Actors, story: Any) -> None:
    office = actors("office")
    story.bulletin = step(office, "bulletins", story.bulletin, "freeze")
    story.figures = office.get(f"bulletins/{story.bulletin['id']}/figures")
    found, expected = told(story.figures), boards(actors, story.year)
    for name in BOARDS:
        assert found[name] == expected[name], name
        assert found[name]
    text = {each["code"]: each["text"] for each in story.bulletin["sections"]}
    total = len(story.figures["indicators"])
    assert f"工程{total}项指标" in text["progress"]
    items = sum(row["open"] for row in story.figures["board"])
    assert f"未结{items}件" in text["overdue"]


def test_what_is_corrected_afterwards_moves_the_boards_and_not_the_bulletin(
    actors: Actors, story: Any, year: int
) -> None:
    office = actors("office")
    before = boards(actors, story.year)
    more = file_return(actors, story.enterprise, f"{year}-02", role="park_admin")
    step(office, "operating-returns", more, "accept")
    body = {"title": "新事项", "description": "请整改。", "responsible_unit": UNIT}
    office.post("supervision-items", body | {"holds_payments": False})

    def moved() -> bool:
        now = boards(actors, story.year)
        return all(now[name] != before[name] for name in ("indicators", "board", "park_metrics"))

    until(moved)
    assert office.get(f"bulletins/{story.bulletin['id']}/figures") == story.figures


def test_it_is_written_by_one_and_reviewed_by_another(actors: Actors, story: Any) -> None:
    office, leader = actors("office"), actors("leader")
    path = f"bulletins/{story.bulletin['id']}"
    text = {"sections": [{"code": "good_practice", "text": "园区与高校共建中试基地，成效明显。"}]}
    version = {"If-Match": f'"{story.bulletin["version"]}"'}
    row = office.request("PATCH", path, body=text, headers=version).json()
    row = step(office, "bulletins", row, "submit")
    with refused(403, "reviewer_is_editor"):
        step(office, "bulletins", row, "review")
    row = step(leader, "bulletins", row, "return", {"reason": "请核对金额"})
    row = step(office, "bulletins", row, "submit")
    story.bulletin = step(leader, "bulletins", row, "review", {"note": "同意印发"})


def test_it_is_issued_under_the_next_number_as_pdf_and_docx(actors: Actors, story: Any) -> None:
    office = actors("office")
    story.bulletin = step(office, "bulletins", story.bulletin, "issue")
    assert story.bulletin["number"] == f"{china_date().year}-001"
    path = f"bulletins/{story.bulletin['id']}/document"
    pages = PdfReader(BytesIO(office.request("GET", path).content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert f"〔{china_date().year}〕第1期" in text
    assert "成效明显" in text
    assert "120000.50" in text
    assert "抄送：第一项目组各责任单位" in text
    content = office.request("GET", path, query={"form": "docx"}).content
    lines = [line.text for line in docx.Document(BytesIO(content)).paragraphs]
    assert story.bulletin["title"] in lines


def test_units_receive_it(actors: Actors, story: Any) -> None:
    office, lead = actors("office"), actors("group_lead")
    (own,) = lead.items("bulletin-deliveries", bulletin_id=story.bulletin["id"])
    assert own["delivery"] == "copy"
    copy = lead.request("GET", f"bulletin-deliveries/{own['id']}/document").content
    whole = office.request("GET", f"bulletins/{story.bulletin['id']}/document").content
    assert copy == whole
    step(lead, "bulletin-deliveries", own, "receive", {"note": "收悉"})
    for row in office.items("bulletin-deliveries", bulletin_id=story.bulletin["id"], state="sent"):
        step(office, "bulletin-deliveries", row, "receive")
    sent = list(office.items("bulletin-deliveries", bulletin_id=story.bulletin["id"]))
    assert len(sent) == len(story.bulletin["recipients"])
    assert {row["state"] for row in sent} == {"received"}

    def heard() -> bool:
        types = ["kechuang.supervision.bulletin.issued.v1"]
        found = lead.items("events", type=types, limit=200)
        return story.bulletin["id"] in [each["data"]["bulletin_id"] for each in found]

    until(heard)
