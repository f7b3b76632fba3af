"""From a call for applications to a paid tranche, through the gateway, every step by the one whose
step it is: office, enterprise, expert, finance, auditor."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from local_stack.stack import Stack

from tests.journeys.actors import Actors, refused, step, until
from tests.journeys.applying import (
    PDF,
    accepted_application,
    announced,
    awarded,
    open_call,
    review,
    signed_agreement,
    submitted_application,
)
from tests.journeys.cases import approved_budget

UNIT = "maizier-sugar"
USCC = "91410184MA44XQ1R01"
RULES = [
    {"rule": "recognition_valid", "values": ["high_tech"]},
    {"rule": "in_park", "values": ["gangqu"]},
    {"rule": "no_open_rectification", "values": []},
    {"rule": "no_duplicate", "values": ["call"]},
]


@pytest.fixture(scope="module")
def hands(new_system: Callable[..., Stack]) -> Iterator[Actors]:
    """The people of a system of its own: its one enterprise is this story's."""
    with new_system() as system:
        hands = Actors(system.url, system.clients)
        yield hands
        hands.close()


def test_the_office_opens_a_call_to_a_budget_line(hands: Actors, story: Any, year: int) -> None:
    spent = {
        "budget_expenditure": "5000000000.00",
        "three_st_expenses": "110000000.00",
        "science_operating_expenses": "95000000.00",
    }
    hands("finance_maker").put(f"fiscal-years/{year}", spent)
    story.budget = approved_budget(hands, year, "transfer", "350000.00", "transfer-fund")
    story.call = open_call(hands, story.budget, rules=RULES)
    seen = hands("enterprise").get(f"funding-calls/{story.call['id']}")
    assert (seen["state"], seen["rules"]) == ("open", RULES)


def test_an_enterprise_that_may_not_apply_yet_is_told_why(
    hands: Actors, story: Any, year: int
) -> None:
    body = {
        "uscc": USCC,
        "name": "麦滋尔糖业申报有限公司",
        "unit_code": UNIT,
        "park_code": "gangqu",
    }
    story.enterprise = hands("office").post("enterprises", body)
    story.row = submitted_application(hands, story.call, "enterprise", UNIT, "300000.00")
    assert story.row["eligible"] is False
    with refused(409, "not_eligible"):
        step(hands("office"), "applications", story.row, "accept")
    path = f"applications/{story.row['id']}/eligibility-results"
    first = next(iter(hands("enterprise").items(path, sort="id")))
    assert (first["rule"], first["passed"]) == ("recognition_valid", False)
    reason = {"reason": "请先取得高新技术企业认定"}
    story.row = step(hands("office"), "applications", story.row, "return", reason)


def test_the_register_is_heard_and_the_enterprise_applies_again(
    hands: Actors, story: Any, year: int
) -> None:
    recognition = {
        "enterprise_id": story.enterprise["id"],
        "kind": "high_tech",
        "number": f"GR{year}41000001",
        "authority": "河南省科学技术厅",
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year + 2}-12-31",
    }
    hands("office").post("recognitions", recognition)

    def eligible() -> Any:
        row = step(hands("enterprise"), "applications", story.row, "submit")
        if row["eligible"]:
            return row
        story.row = step(hands("office"), "applications", row, "return", {"reason": "再查"})
        return None

    story.row = until(eligible)
    story.row = step(hands("office"), "applications", story.row, "accept")
    assert story.row["state"] == "accepted"


def test_whom_to_call_is_not_for_everybody(hands: Actors, story: Any) -> None:
    path = f"applications/{story.row['id']}"
    assert hands("office").get(path)["contact_phone"] == "13812345678"
    for role in ("auditor", "leader"):
        seen = hands(role).get(path)
        assert (seen["contact_name"], seen["contact_phone"]) == ("张**", "138****5678"), role
    with refused(403, "forbidden"):
        hands("expert").get(path)


def test_the_expert_declares_reads_and_scores(hands: Actors, story: Any) -> None:
    other = accepted_application_of_a_unit(hands, story)
    review(hands, other, "70")
    body = {"application_id": story.row["id"], "expert": "demo-expert", "expert_unit": "sta"}
    row = hands("office").post("reviews", body)
    with refused(409, "conflict_not_declared"):
        hands("expert").get(f"reviews/{row['id']}/application")
    row = step(hands("expert"), "reviews", row, "declare", {"relation": None})
    read = hands("expert").get(f"reviews/{row['id']}/application")
    assert (read["applicant_unit"], "contact_phone" in read) == (UNIT, False)
    (file,) = hands("expert").items(f"reviews/{row['id']}/attachments")
    assert file["size"] == len(PDF)
    scores = [
        {"criterion": "novelty", "score": "95"},
        {"criterion": "benefit", "score": "80.5"},
    ]
    row = step(hands("expert"), "reviews", row, "score", {"scores": scores})
    assert row["total"] == "89.2"


def accepted_application_of_a_unit(hands: Actors, story: Any) -> Any:
    """A second call has no rules; the bureau's application goes to it."""
    story.second = open_call(hands, story.budget)
    return accepted_application(hands, story.second, "unit_reporter", "st-bureau", "100000.00")


def test_the_ranking_is_announced_and_everybody_sees_it(hands: Actors, story: Any) -> None:
    story.notice = announced(hands, story.call)
    (entry,) = hands("enterprise").get(f"public-notices/{story.notice['id']}")["entries"]
    assert (entry["rank"], entry["score"], entry["outcome"]) == (1, "89.2", "selected")
    assert "138" not in str(entry)
    announced(hands, story.second)


def test_nothing_is_awarded_while_an_objection_is_open(hands: Actors, story: Any) -> None:
    body = {
        "notice_id": story.notice["id"],
        "application_id": story.row["id"],
        "objector_unit": "st-bureau",
        "reason": "与已立项项目内容重复",
    }
    objection = hands("unit_reporter").post("objections", body)
    with refused(409, "objections_open"):
        awarded(hands, story.call)
    answer = {"upheld": False, "answer": "经核查，技术路线不同。"}
    step(hands("office"), "objections", objection, "settle", answer)


def test_the_award_commits_the_money_and_the_other_call_finds_too_little(
    hands: Actors, story: Any
) -> None:
    (story.award,) = awarded(hands, story.call)
    assert (story.award["payee_unit"], story.award["amount"]) == (UNIT, "300000.00")
    line = hands("auditor").get(f"budgets/{story.budget['id']}")
    assert (line["committed"], line["available"]) == ("300000.00", "50000.00")
    with refused(409, "insufficient_funds"):
        awarded(hands, story.second)


def test_only_an_accepted_milestone_is_paid(hands: Actors, story: Any, year: int) -> None:
    agreement = signed_agreement(hands, story.award, "enterprise", ["100000.00", "200000.00"])
    path = f"agreements/{agreement['id']}/tranches"
    first, second = hands("enterprise").items(path)
    asked = {"award_id": story.award["id"], "amount": "100000.00", "tranche_id": first["id"]}
    with refused(409, "tranche_not_accepted"):
        hands("finance_maker").post("disbursements", asked)
    report = {"report": "第一阶段已完成"}
    first = step(hands("enterprise"), path, first, "report", report)
    first = step(hands("office"), path, first, "accept")
    row = hands("finance_maker").post("disbursements", asked)
    with refused(409, "tranche_not_accepted"):
        hands("finance_maker").post("disbursements", asked | {"tranche_id": second["id"]})
    row = step(hands("finance_checker"), "disbursements", row, "check")
    row = step(hands("finance_payer"), "disbursements", row, "pay")
    result = {"outcome": "succeeded", "paid_on": f"{year}-04-10"}
    row = step(hands("finance_payer"), "disbursements", row, "result", result)
    assert (row["state"], row["tranche_id"]) == ("succeeded", first["id"])
    assert hands("auditor").get(f"{path}/{first['id']}")["drawn"] == "100000.00"


def test_the_events_tell_the_story_and_no_personal_data(hands: Actors) -> None:
    wanted = {
        "funding_call.opened",
        "funding_call.closed",
        "application.submitted",
        "application.returned",
        "application.accepted",
        "review.completed",
        "public_notice.published",
        "objection.raised",
        "objection.settled",
        "award.granted",
        "agreement.signed",
        "tranche.accepted",
        "disbursement.succeeded",
    }

    def told() -> Any:
        events = list(hands("office").items("events", limit=200))
        types = {".".join(event["type"].split(".")[2:4]) for event in events}
        return events if wanted <= types else None

    text = str(until(told))
    assert "13812345678" not in text
    assert "张三丰" not in text
    assert "demo-expert" not in text
