"""Returns from the rules to the board: the office says what is looked at, an enterprise and the
statistics bureau report, the park accepts, the indicator moves; a restatement moves it back."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.actors import Actors, Row, refused, step, until
from tests.journeys.cases import QUIET

INDICATOR = "six-parks-sales"
RULE, RETURNS = "journey-rd-share", "operating-returns"
OWN = {"uscc": "91410184MAEXPRY029", "name": "旅程报表企业", "park_code": "gangqu"}
OWN |= {"unit_code": "maizier-sugar"}
OTHER = {"uscc": "91410184MAEXPRY03C", "name": "旅程统计企业", "park_code": "gangqu"}


@pytest.fixture(scope="module")
def month(year: int) -> str:
    """A month of the first year in which no other journey reports."""
    return f"{year}-08"


def told(actors: Actors, month: str) -> Row | None:
    """The indicator's number of the month in targets, in 亿元."""
    rows = actors("leader").items(f"indicators/{INDICATOR}/observations")
    return next((row for row in rows if row["period"] == month), None)


def drawn_up(actors: Actors, role: str, firm: Row, month: str, **measures: str) -> Row:
    body = {"enterprise_id": firm["id"], "period": month, "measures": QUIET | measures}
    return actors(role).post(RETURNS, body)


def test_the_office_says_what_has_to_be_explained(actors: Actors, month: str) -> None:
    rule = {
        "kind": "ratio",
        "severity": "warning",
        "measure": "rd_spend",
        "other": "sales_revenue",
        "highest": "25",
        "valid_from": f"{month}-31",
        "valid_to": f"{month}-31",
        "name_zh": "研发投入占销售收入比重",
        "name_en": "R&D spend over sales",
    }
    made = actors("office").request("PUT", f"return-rules/{RULE}", body=rule).json()
    assert made["active"] is True
    with refused(403, "forbidden"):
        actors("enterprise").request("PUT", f"return-rules/{RULE}", body=rule)


def test_the_statistics_bureau_reports_for_who_has_no_client(
    actors: Actors, story: Any, month: str
) -> None:
    office = actors("office")
    story.own = office.post("enterprises", OWN)
    story.other = office.post("enterprises", OTHER)
    draft = drawn_up(actors, "system", story.other, month, sales_revenue="10000")
    filed = step(actors("system"), RETURNS, draft, "submit")
    with refused(403, "forbidden"):
        step(actors("system"), RETURNS, filed, "accept")
    step(actors("park_admin"), RETURNS, filed, "accept")
    story.before = Decimal(until(lambda: told(actors, month))["value"])


def test_an_enterprise_sees_that_it_owes_a_return_and_the_park_who_does(
    actors: Actors, story: Any
) -> None:
    owing = {row["enterprise_id"] for row in actors("enterprise").items("missing-returns")}
    assert story.own["id"] in owing
    assert story.other["id"] not in owing
    row = next(
        row
        for row in actors("park_admin").items("missing-returns", park_code="gangqu")
        if row["enterprise_id"] == story.own["id"]
    )
    assert (row["progress"], row["form_code"]) == ("none", "enterprise-monthly")


def test_what_is_unusual_is_explained_before_it_is_taken(
    actors: Actors, story: Any, month: str
) -> None:
    enterprise = actors("enterprise")
    draft = drawn_up(actors, "enterprise", story.own, month, sales_revenue="20000", rd_spend="6000")
    said = enterprise.get(f"{RETURNS}/{draft['id']}/check")
    assert [one["rule_code"] for one in said["findings"]] == [RULE]
    with refused(422, "return_not_sound"):
        step(enterprise, RETURNS, draft, "submit")
    why = {"explanations": {RULE: "新建中试线一次性投入"}}
    story.filed = step(enterprise, RETURNS, draft, "submit", why)
    assert story.filed["findings"][0]["explanation"] == "新建中试线一次性投入"


def test_the_park_accepts_it_and_the_indicator_of_the_six_parks_moves(
    actors: Actors, story: Any, month: str
) -> None:
    with refused(403, "forbidden"):
        step(actors("enterprise"), RETURNS, story.filed, "accept")
    story.accepted = step(actors("park_admin"), RETURNS, story.filed, "accept")

    def moved() -> bool:
        found = told(actors, month)
        return found is not None and Decimal(found["value"]) == story.before + 2

    until(moved)


def test_anybody_looks_from_the_six_parks_down_to_the_enterprise(
    actors: Actors, story: Any, month: str
) -> None:
    at = {"period": month, "measure": "sales_revenue"}
    six = actors("leader").get(
        "park-metrics/breakdown", programme="innovation-programme", by="park", **at
    )
    assert sum(Decimal(one["value"]) for one in six["items"]) == Decimal(six["whole"]["value"])
    parks = {one["key"]: Decimal(one["value"]) for one in six["items"]}
    one = {"park_code": "gangqu", "enterprise_class": "ordinary"}
    firms = list(actors("park_admin").items("park-metrics/enterprises", **one, **at))
    values = {row["enterprise_id"]: Decimal(row["value"]) for row in firms}
    assert values[story.own["id"]] == 20000
    assert sum(values.values()) == parks["gangqu"]
    share = actors("leader").get(
        "park-metrics/breakdown", measure="rd_intensity", period=month, by="enterprise_class"
    )["whole"]
    assert Decimal(share["value"]) == round(
        100 * Decimal(share["numerator"]) / Decimal(share["denominator"]), 6
    )


def test_the_park_tells_its_own_numbers_and_why_they_differ(actors: Actors, month: str) -> None:
    park, body = actors("park_admin"), {"measures": QUIET | {"sales_revenue": "90000"}}
    with refused(422, "return_not_sound") as refusal:
        park.request("PUT", f"parks/gangqu/returns/{month}", body=body)
    wrong = [error.pointer.rpartition("/")[2] for error in refusal.value.errors]
    body["explanations"] = dict.fromkeys(wrong, "含园区公司租金")
    made = park.request("PUT", f"parks/gangqu/returns/{month}", body=body).json()
    assert {one["rule_code"] for one in made["findings"]} == set(wrong)


def test_a_restatement_waits_for_another_hand_and_moves_the_indicator_back(
    actors: Actors, story: Any, month: str
) -> None:
    enterprise, row = actors("enterprise"), story.accepted
    body = {"measures": {"sales_revenue": "0", "rd_spend": "0"}, "reason": "审计剔除关联交易"}
    path = f"{RETURNS}/{row['id']}/restatements"
    headers = {"If-Match": f'"{row["version"]}"', "Idempotency-Key": str(uuid4())}
    made = enterprise.request("POST", path, body=body, headers=headers).json()
    assert enterprise.get(f"{RETURNS}/{row['id']}")["measures"]["sales_revenue"] == "20000"
    with refused(403, "forbidden"):
        step(enterprise, path, made, "accept")
    done = step(actors("office"), path, made, "accept")
    assert done["before"]["sales_revenue"] == "20000"

    def moved_back() -> bool:
        found = told(actors, month)
        return found is not None and Decimal(found["value"]) == story.before

    until(moved_back)


def test_what_was_known_stays_known(actors: Actors, story: Any, month: str) -> None:
    path = f"{RETURNS}/{story.accepted['id']}"
    now = actors("auditor").get(path)
    then = actors("auditor").get(path, known_at=story.accepted["decided_at"])
    assert (now["measures"]["sales_revenue"], then["measures"]["sales_revenue"]) == ("0", "20000")
    types = ["kechuang.parks.operating_return.restated.v1"]
    heard = actors("office").items("events", type=types, limit=200)
    [event] = [one["data"] for one in heard if one["data"]["return_id"] == now["id"]]
    assert event["reason"] == "审计剔除关联交易"
    rows = actors("leader").items(f"indicators/{INDICATOR}/observations", include_superseded=True)
    values = [Decimal(row["value"]) for row in rows if row["period"] == month]
    assert story.before + 2 in values
