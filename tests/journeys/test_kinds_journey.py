"""Support beside projects and what comes after an award, through the gateway, every step by the one
whose step it is: office, enterprise, expert, the hands of finance, auditor."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from local_stack.stack import Stack
from servicekit.clock import china_date

from tests.journeys.actors import Actors, Row, refused, step, until
from tests.journeys.applying import open_call, submitted_application
from tests.journeys.cases import approved_budget
from tests.journeys.supporting import (
    NOMINEE,
    accepted,
    evaluated,
    put_rate,
    submitted_acceptance,
    supports,
)

UNIT = "maizier-sugar"
SECRETS = ("张三丰", "11010519491231002X", "13812345678", "6222020200011223344")
FUNDS = {
    "patent-subsidies": "ip-fund",
    "interest-subsidies": "transfer-fund",
    "innovation-awards": "innovation-award-fund",
    "platform-grants": "base-conditions-fund",
}


@pytest.fixture(scope="module")
def hands(new_system: Callable[..., Stack]) -> Iterator[Actors]:
    """The people of a system of its own: its one enterprise is this story's."""
    with new_system() as system:
        hands = Actors(system.url, system.clients)
        yield hands
        hands.close()


def paid(hands: Actors, award_id: str, amount: str, year: int) -> Row:
    """A payment through the three hands of finance."""
    row = hands("finance_maker").post("disbursements", {"award_id": award_id, "amount": amount})
    row = step(hands("finance_checker"), "disbursements", row, "check")
    row = step(hands("finance_payer"), "disbursements", row, "pay")
    result = {"outcome": "succeeded", "paid_on": f"{year}-04-10"}
    return step(hands("finance_payer"), "disbursements", row, "result", result)


def test_each_kind_is_filed_by_the_enterprise_and_granted_on_its_fund(
    hands: Actors, story: Any, year: int
) -> None:
    spent = {
        "budget_expenditure": "5000000000.00",
        "three_st_expenses": "110000000.00",
        "science_operating_expenses": "95000000.00",
    }
    hands("finance_maker").put(f"fiscal-years/{year}", spent)
    story.rows = {}
    for kind, body in supports(year).items():
        line = approved_budget(hands, year, "support", "60000.00", FUNDS[kind])
        put_rate(hands, kind, year, FUNDS[kind], "support")
        row = hands("enterprise").post(kind, body | {"payee_unit": UNIT})
        row = step(hands("office"), kind, row, "approve")
        award = hands("auditor").get(f"awards/{row['award_id']}")
        assert (award["fund_code"], award["amount"]) == (FUNDS[kind], row["amount"])
        assert hands("auditor").get(f"budgets/{line['id']}")["committed"] == row["amount"]
        story.rows[kind] = row


def test_a_patent_is_paid_once_whoever_asks_and_however_it_is_typed(
    hands: Actors, story: Any, year: int
) -> None:
    row = story.rows["patent-subsidies"]
    assert paid(hands, row["award_id"], row["amount"], year)["state"] == "succeeded"
    body = supports(year)["patent-subsidies"] | {"payee_unit": "st-bureau"}
    with refused(409, "patent_already_subsidised"):
        twin = body | {"patent_number": "２０２０－１－０１２３４５６．２"}
        hands("unit_reporter").post("patent-subsidies", twin)


def test_the_interest_shows_its_formula_and_no_day_counts_twice(
    hands: Actors, story: Any, year: int
) -> None:
    row = story.rows["interest-subsidies"]
    half = {"181": "10935.42", "182": "10995.83"}
    assert row["amount"] == half[row["inputs"]["days"]]
    assert row["formula"].startswith("min(principal * annual_rate / 100 * days / basis")
    body = supports(year)["interest-subsidies"] | {"payee_unit": UNIT}
    with refused(409, "period_overlaps"):
        hands("enterprise").post("interest-subsidies", body | {"starts_on": f"{year}-06-30"})


def test_the_nominee_is_seen_by_who_identifies_and_pays_and_it_is_noted(
    hands: Actors, story: Any
) -> None:
    path = f"innovation-awards/{story.rows['innovation-awards']['id']}"
    for role in ("office", "auditor", "leader", "enterprise", "finance_payer"):
        text = str(hands(role).get(path)) + str(list(hands(role).items("innovation-awards")))
        assert not [secret for secret in SECRETS if secret in text], role
    for role in ("auditor", "enterprise", "finance_maker"):
        with refused(403, "forbidden"):
            hands(role).get(f"{path}/nominee")
    assert hands("finance_payer").get(f"{path}/nominee") == NOMINEE
    action = {"action": "innovation_awards.read_nominee"}
    looks = list(hands("auditor").items("audit-entries", **action))
    assert [look["actor"] for look in looks] == [hands.subject("finance_payer")]


def test_a_project_that_passed_is_closed_and_its_rest_is_the_lines_again(
    hands: Actors, story: Any, year: int
) -> None:
    line = approved_budget(hands, year, "projects", "1000.00", "transfer-fund")
    body = {"budget_id": line["id"], "payee_unit": UNIT, "title": "成果转化", "amount": "1000.00"}
    award = hands("office").post("awards", body)
    paid(hands, award["id"], "600.00", year)
    row = accepted(hands, award["id"], "enterprise", "passed")
    assert (row["state"], row["released"]) == ("passed", "400.00")
    line = hands("auditor").get(f"budgets/{line['id']}")
    assert (line["committed"], line["available"]) == ("600.00", "400.00")
    evaluation = evaluated(hands, award["id"])
    assert (evaluation["score"], evaluation["grade"]) == ("90", "excellent")
    with refused(409, "invalid_transition"):
        hands("finance_maker").post("disbursements", {"award_id": award["id"], "amount": "1.00"})


def test_a_platform_that_failed_gives_back_what_was_paid(
    hands: Actors, story: Any, year: int
) -> None:
    award_id = story.rows["platform-grants"]["award_id"]
    payment = paid(hands, award_id, "25000.00", year)
    row = submitted_acceptance(hands, award_id, "enterprise")
    day = {"rectify_by": china_date().isoformat()}
    rectify = {"verdict": "rectify", "opinion": "资料不全。", **day}
    row = step(hands("office"), "acceptances", row, "conclude", rectify)
    row = step(hands("enterprise"), "acceptances", row, "submit", {"report": "已整改。"})
    failed = {"verdict": "failed", "opinion": "仍未达到要求。"}
    row = step(hands("office"), "acceptances", row, "conclude", failed)
    assert (row["released"], row["give_back"]) == ("15000.00", "25000.00")
    (owed,) = row["repayments"]
    assert owed == {"disbursement_id": payment["id"], "amount": "25000.00"}
    back = {**owed, "received_on": f"{year}-09-02", "reason": "验收未通过"}
    refund = hands("finance_maker").post("refunds", back)
    step(hands("finance_checker"), "refunds", refund, "approve")
    assert hands("auditor").get(f"awards/{award_id}")["refunded"] == "25000.00"


def test_who_failed_may_not_apply_where_the_call_says_so(
    hands: Actors, story: Any, year: int
) -> None:
    line = approved_budget(hands, year, "barred", "1000.00", "transfer-fund")
    rules = [{"rule": "no_failed_acceptance", "values": ["3"]}]
    call = open_call(hands, line, rules=rules)
    row = submitted_application(hands, call, "enterprise", UNIT, "100.00")
    assert row["eligible"] is False
    with refused(409, "not_eligible"):
        step(hands("office"), "applications", row, "accept")


def test_the_books_are_even_and_the_events_know_nobody(hands: Actors, year: int) -> None:
    balance = hands("auditor").get("trial-balance", fiscal_year=year)
    assert balance["debit_total"] == balance["credit_total"]
    wanted = {
        "support.filed",
        "support.decided",
        "award.granted",
        "acceptance.submitted",
        "acceptance.concluded",
        "performance_evaluation.published",
        "refund.received",
    }

    def told() -> Any:
        events = list(hands("office").items("events", limit=200))
        types = {".".join(event["type"].split(".")[2:4]) for event in events}
        return events if wanted <= types else None

    text = str(until(told))
    assert not [secret for secret in SECRETS if secret in text]
