"""A quarter of supervision, through the gateway, every step by the one whose step it is.

The office asks for plans and the headquarters approve them; a team inspects, signs, and what it
found is put right and looked at again; two meetings are reported to, held and minuted, and what
they decide is followed up.
"""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
from kechuang.client.tokens import ClientCredentialsAuth
from local_stack.stack import Stack
from servicekit.clock import china_date

from tests.journeys.actors import Actors, Row, refused, step, until
from tests.journeys.applying import PDF

UNIT = "gangqu-admin"
GROUP = "group-4"
PROGRAMME = "quarter-of-supervision"
SAID = {"title": "港区实施方案", "summary": "分四个季度推进。"}
FOUND = {"unit_code": UNIT, "text": "两家企业报表与台账不符。", "severity": "major"}
PLANNED = {
    "programme": PROGRAMME,
    "months": [*range(1, 13)],
    "starts_on": f"{china_date() - timedelta(days=40)}",
    "source_ref": "四",
}


def attach(actors: Actors, role: str, path: str) -> Row:
    """A file, as the body of a request."""
    with httpx.Client(base_url=actors.url, trust_env=False) as caller:
        endpoint = caller.base_url.join("/oauth/token")
        caller.auth = ClientCredentialsAuth(endpoint, actors.credentials(role))
        headers = {"Content-Type": "application/pdf", "Idempotency-Key": str(uuid4())}
        answer = caller.post(f"/api/v1/{path}?filename=a.pdf", content=PDF, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def patch(actors: Actors, role: str, path: str, row: Row, body: Any) -> Row:
    headers = {"If-Match": f'"{row["version"]}"'}
    return actors(role).request("PATCH", path, body=body, headers=headers).json()


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
    actors: Actors, story: Any
) -> None:
    office = actors("office")
    check = {"code": "records", "text_zh": "台账与报表一致", "text_en": "Records agree"}
    names = {"name_zh": "季度清单", "name_en": "Quarter"}
    office.put("checklist-templates/quarter", {**names, "checks": [check]})
    plan = {
        **PLANNED,
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
    scope = [{"kind": "unit", "code": UNIT}, {"kind": "park", "code": "gangqu"}]
    path = f"inspections/{row['id']}"
    story.inspection = patch(actors, "office", path, row, {"team": team, "scope": scope})
    assert story.inspection["units"] == [UNIT]


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
    assert (item["origin"], item["responsible_unit"]) == ("finding", UNIT)
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


def test_meetings_are_called_every_half_month(actors: Actors, story: Any) -> None:
    series = {
        **PLANNED,
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
    draft = until(lambda: told(lead.get(path, unit_code=GROUP)))
    assert "六园区" in draft["progress"] or draft["facts"]
    headings = ("progress", "results", "good_practice", "problems", "proposals")
    report = {name: draft[name] or "无" for name in headings}
    report |= {"meeting_id": meeting["id"], "unit_code": GROUP, "proposals": "请加快审批。"}
    lead.post("work-reports", report)
    missing = actors("office").get(f"meetings/{meeting['id']}/missing-reports")
    assert (missing["expected"], missing["units"]) == (2, ["st-bureau"])


def told(draft: Row) -> Row | None:
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


def test_everything_was_told(actors: Actors, stack: Stack, story: Any) -> None:
    wanted = {
        "unit_plan.approved",
        "inspection.signed",
        "inspection.completed",
        "meeting.minutes_confirmed",
        "meeting.held",
    }
    types = [f"kechuang.supervision.{name}.v1" for name in wanted]

    def heard() -> bool:
        found = actors("office").items("events", type=types, limit=200)
        return {each["type"] for each in found} == set(types)

    assert until(heard)
