"""A year of the programme's money, through the gateway: drawn up, called for, awarded, agreed,
paid, given back, held, carried over and closed, every step by the one whose step it is; and then
the auditor adds it up. How an application becomes an award is told in `test_award_journey.py`."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from local_stack.stack import Stack

from tests.journeys.actors import Actors, Row, refused, step, until
from tests.journeys.applying import (
    accepted_application,
    announced,
    awarded,
    open_call,
    review,
    signed_agreement,
)
from tests.journeys.cases import approved_budget, award, payment

UNIT, OTHER = "maizier-sugar", "st-bureau"
FUNDS = (
    "transfer-fund",
    "innovation-award-fund",
    "ip-fund",
    "base-conditions-fund",
    "informatisation-fund",
)
EACH = "1000000.00"
FLOOR, SHARE = "special-funds-floor", "three-st-share"
PAYMENTS = "disbursements"


@pytest.fixture(scope="module")
def played(year: int) -> int:
    """The year that is played: it is over, so that it can be closed, and the programme's first."""
    return year - 1


@pytest.fixture(scope="module")
def hands(new_system: Callable[..., Stack], played: int) -> Iterator[Actors]:
    """The people of a system of its own: its books are this story's, to the fen."""
    with new_system(played) as system:
        hands = Actors(system.url, system.clients)
        yield hands
        hands.close()


def decided(hands: Actors, resource: str, body: Row) -> Row:
    """A document, drawn up by the maker and approved by the checker."""
    row = hands("finance_maker").post(resource, {"reason": "年度执行", **body})
    return step(hands("finance_checker"), resource, row, "approve")


def sent(hands: Actors, row: Row) -> Row:
    """A payment that the second and the third hand have let go."""
    row = step(hands("finance_checker"), PAYMENTS, row, "check")
    return step(hands("finance_payer"), PAYMENTS, row, "pay")


def result(hands: Actors, row: Row, outcome: str, day: str = "") -> Row:
    body = {"outcome": outcome, "reason": None if day else "账号错误", "paid_on": day or None}
    return step(hands("finance_payer"), PAYMENTS, row, "result", body)


def state_of(hands: Actors, rule: str, year: int) -> Row:
    """How a rule on the board stands in a year."""
    rows = {row["code"]: row for row in hands("leader").items("funding-rules")}
    return next(each for each in rows[rule]["results"] if each["fiscal_year"] == year)


def test_five_special_funds_get_their_budgets_and_the_rules_are_kept(
    hands: Actors, story: Any, played: int
) -> None:
    spent = {
        "budget_expenditure": "5000000000.00",
        "three_st_expenses": "90000000.00",
        "science_operating_expenses": "95000000.00",
    }
    for year in (played, played + 1):
        hands("finance_maker").put(f"fiscal-years/{year}", spent)
    assert state_of(hands, SHARE, played)["state"] == "breached"
    hands("finance_maker").put(
        f"fiscal-years/{played}",
        spent | {"three_st_expenses": "110000000.00"},
        etag='"1"',
    )
    assert state_of(hands, SHARE, played)["state"] == "satisfied"
    assert state_of(hands, FLOOR, played)["actual"] == "0"
    story.lines = {fund: approved_budget(hands, played, "year", EACH, fund) for fund in FUNDS}
    floor = state_of(hands, FLOOR, played)
    assert (floor["state"], floor["actual"], floor["distance"]) == ("satisfied", "500", "100")


def test_a_call_leads_to_an_award(hands: Actors, story: Any) -> None:
    call = open_call(hands, story.lines[FUNDS[0]])
    row = accepted_application(hands, call, "enterprise", UNIT, "300000.00")
    review(hands, row, "88")
    announced(hands, call)
    (story.award,) = awarded(hands, call)
    assert (story.award["payee_unit"], story.award["amount"]) == (UNIT, "300000.00")
    seen = hands("enterprise").get(f"awards/{story.award['id']}")
    assert seen["available"] == "300000.00"


def test_an_agreement_divides_it_into_tranches(hands: Actors, story: Any) -> None:
    amounts = ["100000.00", "200000.00"]
    agreement = signed_agreement(hands, story.award, "enterprise", amounts)
    story.tranches = f"agreements/{agreement['id']}/tranches"
    for tranche in hands("enterprise").items(story.tranches):
        report = {"report": "阶段任务已完成"}
        tranche = step(hands("enterprise"), story.tranches, tranche, "report", report)
        step(hands("office"), story.tranches, tranche, "accept")


def asked(hands: Actors, story: Any, number: int) -> Row:
    """A payment of a whole tranche, asked for by the maker."""
    tranche = list(hands("office").items(story.tranches))[number]
    body = {"award_id": story.award["id"], "tranche_id": tranche["id"]}
    return hands("finance_maker").post(PAYMENTS, body | {"amount": tranche["amount"]})


def test_a_payment_fails_and_is_made_again(hands: Actors, story: Any, played: int) -> None:
    failed = result(hands, sent(hands, asked(hands, story, 0)), "failed")
    assert failed["state"] == "failed"
    story.first = result(hands, sent(hands, asked(hands, story, 0)), "succeeded", f"{played}-05-10")
    assert hands("enterprise").get(f"awards/{story.award['id']}")["paid"] == "100000.00"


def test_supervision_holds_the_next_one_and_lets_it_go(hands: Actors, story: Any) -> None:
    item = {
        "title": "补报中期检查材料",
        "description": "中期检查材料尚未报送。",
        "responsible_unit": UNIT,
        "holds_payments": True,
    }
    item = hands("office").post("supervision-items", item)
    until(lambda: list(hands("auditor").items("payment-holds", payee_unit=UNIT)))
    story.second = asked(hands, story, 1)
    assert (story.second["held"], story.second["held_by"]) == (True, item["id"])
    with refused(409, "payment_held"):
        step(hands("finance_checker"), PAYMENTS, story.second, "check")
    step(hands("office"), "supervision-items", item, "cancel", {"reason": "材料已补齐"})

    def released() -> Row | None:
        row = hands("finance_maker").get(f"{PAYMENTS}/{story.second['id']}")
        return None if row["held"] else row

    story.second = until(released)


def test_a_payment_comes_back_and_is_made_again(hands: Actors, story: Any, played: int) -> None:
    arrived = result(hands, sent(hands, story.second), "succeeded", f"{played}-08-20")
    returned = result(hands, arrived, "returned")
    assert returned["state"] == "returned"
    assert hands("office").get(f"awards/{story.award['id']}")["available"] == "200000.00"
    story.third = result(hands, sent(hands, asked(hands, story, 1)), "succeeded", f"{played}-09-10")


def test_what_is_not_needed_is_given_back(hands: Actors, story: Any, played: int) -> None:
    body = {
        "disbursement_id": story.third["id"],
        "amount": "30000.00",
        "received_on": f"{played}-11-02",
    }
    refund = decided(hands, "refunds", body)
    assert hands("enterprise").get(f"refunds/{refund['id']}")["amount"] == "30000.00"
    seen = hands("enterprise").get(f"awards/{story.award['id']}")
    assert (seen["paid"], seen["refunded"], seen["available"]) == (
        "300000.00",
        "30000.00",
        "0.00",
    )
    with refused(409, "already_refunded"):
        result(hands, hands("auditor").get(f"{PAYMENTS}/{story.third['id']}"), "returned")


def test_money_moves_between_the_funds_and_into_the_next_year(
    hands: Actors, story: Any, played: int
) -> None:
    giving, taking = story.lines["ip-fund"], story.lines["informatisation-fund"]
    more = {"document_no": f"新财预〔{played}〕21号"}
    added = more | {"budget_id": giving["id"], "amount": "50000.00"}
    decided(hands, "adjustments", added)
    between = {"from_budget_id": giving["id"], "to_budget_id": taking["id"], "amount": "20000.00"}
    with refused(422, "document_required"):
        hands("finance_maker").post("transfers", between | {"reason": "平台建设"})
    decided(hands, "transfers", between | more)
    carried = {"budget_id": story.lines["base-conditions-fund"]["id"], "amount": "70000.00"}
    decided(hands, "carry-overs", carried | more)
    promise = award(hands, story.lines["innovation-award-fund"], OTHER, "400000.00")
    row = payment(hands, promise, "150000.00")
    result(hands, sent(hands, row), "succeeded", f"{played}-12-20")
    story.promise = promise


def test_the_year_is_closed_by_two_when_nothing_is_open(
    hands: Actors, story: Any, played: int
) -> None:
    late = payment(hands, story.promise, "1.00")
    body = {"fiscal_year": played, "document_no": f"结〔{played}〕1号", "reason": "年终结账"}
    draft = hands("finance_maker").post("year-closes", body)
    with refused(409, "year_not_ready") as caught:
        step(hands("finance_checker"), "year-closes", draft, "approve")
    assert [error.pointer for error in caught.value.errors] == [f"/{PAYMENTS}/{late['id']}"]
    step(hands("finance_checker"), PAYMENTS, late, "reject", {"reason": "年终停止支付"})
    story.close = step(hands("finance_checker"), "year-closes", draft, "approve")
    assert (story.close["carried_over"], story.close["lapsed"]) == ("250000.00", "4280000.00")
    promise = hands("office").get(f"awards/{story.promise['id']}")
    assert (promise["fiscal_year"], promise["available"]) == (played + 1, "250000.00")
    with refused(409, "insufficient_funds"):
        award(hands, story.lines["ip-fund"], OTHER, "1.00")


def fen(amount: str) -> int:
    return int(amount.replace(".", ""))


def test_the_auditor_adds_the_books_up(hands: Actors, played: int) -> None:
    auditor = hands("auditor")
    rows = list(auditor.items("trial-balance", fiscal_year=played))
    at: dict[str, int] = {}
    for row in rows:
        at[row["stage"]] = at.get(row["stage"], 0) + fen(row["balance"])
    assert sum(at.values()) == 0
    assert (at["approved"], at["appropriated"], at["committed"]) == (0, 0, 0), "it is closed"
    assert at["disbursed"] + at["refunded"] == fen("450000.00")
    assert at["refunded"] == fen("30000.00")
    entries = list(auditor.items("journal-entries", fiscal_year=played, sort="number"))
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    replay: dict[str, int] = {}
    for line in (line for entry in entries for line in entry["lines"]):
        side = fen(line["debit"]) - fen(line["credit"])
        replay[line["account_id"]] = replay.get(line["account_id"], 0) + side
    assert replay == {row["id"]: fen(row["balance"]) for row in rows}
    for row in rows:
        page = auditor.get(f"accounts/{row['id']}/statement")
        assert page["closing_balance"] == row["balance"]


def test_the_board_shows_the_same_year(hands: Actors, played: int) -> None:
    rows = list(hands("leader").items("execution-board", month=f"{played}-12"))
    rows = [row for row in rows if row["fund_code"] in FUNDS]
    came_to = {
        name: sum(fen(row[name]) for row in rows)
        for name in ("approved", "appropriated", "disbursed", "refunded", "carried_over", "lapsed")
    }
    assert came_to == {
        "approved": fen("5050000.00"),
        "appropriated": fen("5000000.00"),
        "disbursed": fen("450000.00"),
        "refunded": fen("30000.00"),
        "carried_over": fen("320000.00"),
        "lapsed": fen("4280000.00"),
    }
    assert came_to["approved"] == sum(came_to[n] for n in ("disbursed", "carried_over", "lapsed"))
    with refused(403, "forbidden"):
        list(hands("enterprise").items("trial-balance", fiscal_year=played))


def test_the_audit_trail_names_who_did_each_step(hands: Actors, story: Any) -> None:
    def trail(row: Row) -> list[tuple[str, str]]:
        found = hands("auditor").items("audit-entries", object_id=row["id"], outcome="ok")
        return [(entry["action"], entry["actor"]) for entry in found][::-1]

    maker, checker, payer = (hands.subject(f"finance_{n}") for n in ("maker", "checker", "payer"))
    assert trail(story.third) == [
        ("disbursements.create", maker),
        ("disbursements.check", checker),
        ("disbursements.pay", payer),
        ("disbursements.settle", payer),
    ]
    assert trail(story.close) == [("year_closes.create", maker), ("year_closes.approve", checker)]
    assert trail(story.lines["transfer-fund"]) == [
        ("budgets.create", maker),
        ("budgets.approve", checker),
    ]
