"""A quarter of the programme, through the gateway, every step by the one whose step it is.

The office asks for plans and the headquarters approve them; a team inspects, signs, and what it
found is put right and looked at again; two meetings are reported to, held and minuted, and what
they decide is followed up; money flows and numbers come. The bulletin of the quarter says of all
this what the boards said when its data was cut, whatever is corrected afterwards.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import docx
import pytest
from kechuang.client import ApiError
from local_stack.stack import Stack
from pypdf import PdfReader
from servicekit.clock import china_date

from tests.journeys.actors import Actors, Row, patch, refused, step, until
from tests.journeys.applying import PDF
from tests.journeys.boards import BOARDS, boards, told
from tests.journeys.cases import approved_budget, award, file_return, payment

UNIT, GROUP = "gangqu-admin", "group-4"
PROGRAMME = "innovation-programme"
SAID = {"title": "港区实施方案", "summary": "分四个季度推进。"}
FOUND = {"unit_code": UNIT, "text": "两家企业报表与台账不符。", "severity": "major"}
PRACTICE = "园区与高校共建中试基地，成效明显。"
FUND = "transfer-fund"
ENTERPRISE = {
    "uscc": "91410184MABTN5X1Q6",
    "name": "简报试验企业",
    "unit_code": "houyi",
    "park_code": "gangqu",
}


@pytest.fixture(scope="module")
def actors(new_system: Callable[..., Stack]) -> Iterator[Actors]:
    """A city of its own: a bulletin speaks of all there is, and others' numbers move meanwhile."""
    with new_system() as system:
        actors = Actors(system.url, system.clients)
        yield actors
        actors.close()


@pytest.fixture(scope="module")
def last_day(year: int) -> date:
    """Of the quarter that is told of."""
    return min(china_date(), date(year, 12, 31))


@pytest.fixture(scope="module")
def recurring(last_day: date) -> Row:
    """What a plan of inspections and a series of meetings have in common."""
    return {
        "programme": PROGRAMME,
        "months": [*range(1, 13)],
        "starts_on": f"{last_day - timedelta(days=40)}",
        "source_ref": "四",
    }


def attach(actors: Actors, role: str, path: str) -> None:
    headers = {"Content-Type": "application/pdf", "Idempotency-Key": str(uuid4())}
    actors(role).request("POST", path, query={"filename": "a.pdf"}, body=PDF, headers=headers)


def test_plans_are_asked_for_and_who_is_missing_is_listed(actors: Actors, story: Any) -> None:
    office = actors("office")
    asked = {"programme": PROGRAMME, "kind": "implementation_plan", "title": "报送实施方案"}
    story.request = office.post("plan-requests", asked | {"units": [UNIT, "xuedian-town"]})
    missing = office.items("implementation-plans", request_id=story.request["id"], missing=True)
    assert [each["unit_code"] for each in missing] == [UNIT, "xuedian-town"]
    own = actors("park_admin").items("implementation-plans", request_id=story.request["id"])
    story.plan = next(iter(own))
    assert story.plan["unit_code"] == UNIT


def test_the_unit_hands_in_the_group_reviews_the_headquarters_approve(
    actors: Actors, story: Any
) -> None:
    resource, unit = "implementation-plans", actors("park_admin")
    attach(actors, "park_admin", f"{resource}/{story.plan['id']}/files")
    plan = step(unit, resource, story.plan, "submit", SAID)
    with refused(403, "forbidden"):
        step(unit, resource, plan, "approve")
    plan = step(actors("group_lead"), resource, plan, "review", {"note": "与分解任务一致"})
    plan = step(actors("leader"), resource, plan, "approve", {"note": "同意"})
    assert (plan["state"], plan["approved_edition"]) == ("approved", 1)
    missing = actors("office").items(resource, request_id=story.request["id"], missing=True)
    assert [each["unit_code"] for each in missing] == ["xuedian-town"]


def test_inspections_are_planned_on_workdays_and_one_is_prepared(
    actors: Actors, story: Any, recurring: Row
) -> None:
    office = actors("office")
    story.enterprise = office.post("enterprises", ENTERPRISE)
    check = {"code": "records", "text_zh": "台账与报表一致", "text_en": "Records agree"}
    names = {"name_zh": "季度清单", "name_en": "Quarter"}
    office.put("checklist-templates/quarter", {**names, "checks": [check]})
    plan = {
        **recurring,
        "name_zh": "季度现场检查",
        "name_en": "Inspections of the quarter",
        "cadence": "monthly",
        "days_of_month": [20],
        "organiser_unit": "headquarters",
        "scope_units": [UNIT],
        "checklist": [check],
        "checklist_template": "quarter",
    }
    office.put("inspection-plans/quarter", plan)
    today = f"{china_date()}"
    row = next(iter(office.items("inspections", plan_code="quarter", scheduled_gte=today)))
    team = [{"name": "检查员", "subject": actors.subject("expert"), "lead": True}]
    scope = [
        {"kind": "unit", "code": UNIT},
        {"kind": "park", "code": "gangqu"},
        {"kind": "enterprise", "code": ENTERPRISE["uscc"]},
        {"kind": "indicator", "code": "high-tech-value-added"},
    ]
    path = f"inspections/{row['id']}"
    with refused(422, "unknown_reference"):
        patch(office, path, row, {"scope": [{"kind": "park", "code": "nowhere"}]})
    until(lambda: knows(actors, path, row, scope))
    story.inspection = patch(office, path, office.get(path), {"team": team})
    assert story.inspection["units"] == [UNIT]


def knows(actors: Actors, path: str, row: Row, scope: list[Row]) -> Row | None:
    """The inspection with this scope, once supervision has heard of all that is in it."""
    try:
        return patch(actors("office"), path, row, {"scope": scope})
    except ApiError as error:
        if error.code != "unknown_reference":
            raise
        return None


def test_the_inspector_writes_down_proves_and_signs_what_was_found(
    actors: Actors, story: Any
) -> None:
    inspector, row = actors("expert"), story.inspection
    path = f"inspections/{row['id']}"
    with refused(403, "not_of_the_team"):
        actors("group_lead").post(f"{path}/findings", FOUND)
    finding = inspector.post(f"{path}/findings", FOUND)
    attach(actors, "expert", f"{path}/findings/{finding['id']}/files")
    done: dict[str, Any] = {"completed_on": f"{china_date()}", "summary": "发现一处问题"}
    done["checks"] = [{"code": "records", "result": "fail"}]
    row = step(inspector, "inspections", inspector.get(path), "complete", done)
    row = step(inspector, "inspections", row, "sign", {"opinion": "属实"})
    result = actors("leader").get(f"{path}/result")
    assert (result["intact"], result["digest"]) == (True, row["digest"])
    story.finding = actors("park_admin").get(f"{path}/findings/{finding['id']}")
    with refused(409, "inspection_signed"):
        request = f"{path}/findings/{finding['id']}"
        attached = actors("office").items(f"{request}/files")
        actors("office").request("DELETE", f"{request}/files/{next(iter(attached))['id']}")


def test_the_finding_is_put_right_and_closed_only_after_somebody_looked_again(
    actors: Actors, story: Any
) -> None:
    unit, office, items = actors("park_admin"), actors("office"), "supervision-items"
    item = unit.get(f"{items}/{story.finding['item_id']}")
    assert (item["origin"], item["severity"]) == ("finding", "serious")
    for action, body in (
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "已核对并补报"}),
    ):
        item = step(unit, items, item, action, body)
    item = step(office, items, item, "verify", {"note": "属实"})
    with refused(409, "not_reinspected"):
        step(office, items, item, "close", {"note": "销号"})
    again = {"inspected_on": f"{china_date()}", "passed": True, "note": "复查合格"}
    item = step(office, items, item, "reinspect", again)
    assert step(office, items, item, "close", {"note": "销号"})["status"] == "closed"


def test_meetings_are_called_every_half_month(actors: Actors, story: Any, recurring: Row) -> None:
    series = {
        **recurring,
        "name_zh": "季度例会",
        "name_en": "Meetings of the quarter",
        "cadence": "half_monthly",
        "days_of_month": [15, 31],
        "convener_unit": "headquarters",
        "participant_units": [GROUP, "st-bureau"],
    }
    actors("office").put("meeting-series/quarter", series)
    found = list(actors("leader").items("meetings", plan_code="quarter"))
    story.meetings = found[:2]
    assert len({each["period"] for each in found}) == len(found) > 20
    for each in found:
        assert date.fromisoformat(each["reports_due_on"] or each["scheduled_on"])


def test_the_group_reports_with_the_numbers_the_systems_know(actors: Actors, story: Any) -> None:
    lead, meeting = actors("group_lead"), story.meetings[0]
    path = f"meetings/{meeting['id']}/report-draft"
    draft = until(lambda: with_facts(lead.get(path, unit_code=GROUP)))
    assert "六园区" in draft["progress"] or draft["facts"]
    headings = ("progress", "results", "good_practice", "problems", "proposals")
    report = {name: draft[name] or "无" for name in headings}
    report |= {"meeting_id": meeting["id"], "unit_code": GROUP, "good_practice": PRACTICE}
    lead.post("work-reports", report)
    missing = actors("office").get(f"meetings/{meeting['id']}/missing-reports")
    assert (missing["expected"], missing["units"]) == (2, ["st-bureau"])


def with_facts(draft: Row) -> Row | None:
    """The draft, as soon as the units' indicators have been heard of."""
    return draft if draft["facts"] else None


def test_a_meeting_decides_and_its_record_is_confirmed_by_another(
    actors: Actors, story: Any
) -> None:
    office = actors("office")
    story.decided = []
    for meeting in story.meetings:
        path = f"meetings/{meeting['id']}"
        agenda = actors("leader").get(f"{path}/agenda")
        assert (agenda["frozen"], "st-bureau" in agenda["reports_missing"]) == (False, True)
        decision = {"text": "补齐报表", "responsible_unit": UNIT, "supervise": True}
        held = {
            "held_on": meeting["scheduled_on"],
            "minutes": "听取汇报，研究问题。",
            "attendance": [{"unit_code": GROUP, "status": "present"}],
            "decisions": [decision | {"due_workdays": 10}],
        }
        row = step(office, "meetings", office.get(path), "hold", held)
        assert row["absent_units"] == ["st-bureau"]
        with refused(403, "separation_of_duties"):
            step(office, "meetings", row, "confirm")
        step(actors("leader"), "meetings", row, "confirm")
        assert actors("leader").get(f"{path}/agenda")["frozen"] is True
        decisions = actors("park_admin").items("meeting-decisions", meeting_id=meeting["id"])
        story.decided += [each["item_id"] for each in decisions]
    assert len(set(story.decided)) == 2


def test_the_second_meeting_had_the_first_ones_decision_before_it(
    actors: Actors, story: Any
) -> None:
    second = actors("leader").get(f"meetings/{story.meetings[1]['id']}/agenda")
    assert story.decided[0] in {each["id"] for each in second["items"]}


def test_numbers_come_and_money_flows(actors: Actors, story: Any, year: int) -> None:
    office = actors("office")
    spent = {
        "budget_expenditure": "5000000000.00",
        "three_st_expenses": "110000000.00",
        "science_operating_expenses": "95000000.00",
    }
    actors("finance_maker").put(f"fiscal-years/{year}", spent)
    filed = file_return(actors, story.enterprise, f"{year}-01", role="park_admin")
    step(office, "operating-returns", filed, "accept")
    budget = approved_budget(actors, year, "bulletin", "900000.00", FUND)
    given = award(actors, budget, "xuedian-town", "300000.00")
    row = step(
        actors("finance_checker"), "disbursements", payment(actors, given, "120000.50"), "check"
    )
    row = step(actors("finance_payer"), "disbursements", row, "pay")
    result = {"outcome": "succeeded", "paid_on": f"{year}-03-10", "reference": "T-BULLETIN"}
    step(actors("finance_payer"), "disbursements", row, "result", result)


def test_the_office_begins_a_bulletin_and_sees_what_it_would_say(
    actors: Actors, story: Any, last_day: date, year: int
) -> None:
    office = actors("office")
    story.bulletin = office.post(
        "bulletins",
        {
            "programme": PROGRAMME,
            "title": "关于科技自主创新工程一季度进展情况的通报",
            "period_start": f"{last_day - timedelta(days=91)}",
            "period_end": f"{last_day}",
            "recipient_groups": ["superior-city", "four-leading-bodies", "units-concerned"],
        },
    )
    path = f"bulletins/{story.bulletin['id']}/figures"

    def agrees() -> bool:
        return told(office.get(path)) == boards(actors, year)

    until(agrees, 30.0)
    assert office.get(path)["frozen_at"] is None


def test_at_the_cut_off_its_numbers_are_those_of_the_boards(
    actors: Actors, story: Any, year: int
) -> None:
    office = actors("office")
    story.bulletin = step(office, "bulletins", story.bulletin, "freeze")
    story.figures = office.get(f"bulletins/{story.bulletin['id']}/figures")
    found, expected = told(story.figures), boards(actors, year)
    for name in BOARDS:
        assert found[name] == expected[name], name
        assert found[name]
    text = {each["code"]: each["text"] for each in story.bulletin["sections"]}
    total = len(story.figures["indicators"])
    assert f"工程{total}项指标" in text["progress"]
    items = sum(row["open"] for row in story.figures["board"])
    assert f"未结{items}件" in text["overdue"]
    assert PRACTICE in text["good_practice"]
    (unit,) = [row for row in story.figures["board"] if row["unit_code"] == UNIT]
    assert unit["open"] >= len(story.decided)
    assert unit["closed"] == 1
    for row in (*story.figures["funds"], *story.figures["park_metrics"]):
        assert row["name"], row


def test_what_is_corrected_afterwards_moves_the_boards_and_not_the_bulletin(
    actors: Actors, story: Any, year: int
) -> None:
    office = actors("office")
    before = boards(actors, year)
    more = file_return(actors, story.enterprise, f"{year}-02", role="park_admin")
    step(office, "operating-returns", more, "accept")
    body = {"title": "新事项", "description": "请整改。", "responsible_unit": UNIT}
    office.post("supervision-items", body | {"holds_payments": False})

    def moved() -> bool:
        now = boards(actors, year)
        return all(now[name] != before[name] for name in ("indicators", "board", "park_metrics"))

    until(moved)
    assert office.get(f"bulletins/{story.bulletin['id']}/figures") == story.figures


def test_it_is_written_by_one_and_reviewed_by_another(actors: Actors, story: Any) -> None:
    office, leader = actors("office"), actors("leader")
    path = f"bulletins/{story.bulletin['id']}"
    text = {"sections": [{"code": "problems", "text": "两家企业报表须与台账一致。"}]}
    row = patch(actors("office"), path, story.bulletin, text)
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
    for said in ("成效明显", "须与台账一致", "120000.50", "六园区销售收入", "抄送：第一项目组"):
        assert said in text
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


def test_everything_was_told(actors: Actors) -> None:
    wanted = {
        "unit_plan.approved",
        "inspection.signed",
        "inspection.completed",
        "meeting.minutes_confirmed",
        "meeting.held",
        "bulletin.issued",
        "bulletin_delivery.received",
    }
    types = [f"kechuang.supervision.{name}.v1" for name in wanted]

    def heard() -> bool:
        found = actors("office").items("events", type=types, limit=200)
        return {each["type"] for each in found} == set(types)

    assert until(heard)
