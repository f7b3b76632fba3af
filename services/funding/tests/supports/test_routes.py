"""What every kind of support has in common, over HTTP: filed, decided, an award, paid."""

import asyncio
from functools import partial
from typing import Any

import asyncpg
import pytest

from services.funding.tests.kinds import LINE, PATHS

KINDS = list(PATHS)
UNIT = "maizier-sugar"
OTHER = "qingan-chemical"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_approved_is_an_award_and_paid_as_every_award(
    house: Any, kinds: Any, kind: str
) -> None:
    await house.bus.since_now()
    row = await kinds.filed(kind)
    assert (row["state"], row["award_id"], row["line"]) == ("draft", None, LINE)
    before = await house.line(kinds.budget["id"])
    approved = (await kinds.decide(kind, row)).json()
    award = await kinds.award_of(approved)
    assert (award["kind"], award["amount"], award["payee_unit"]) == (kind, row["amount"], UNIT)
    assert award["budget_id"] == kinds.budget["id"]
    after = await house.line(kinds.budget["id"])
    grown = float(after["committed"]) - float(before["committed"])
    assert f"{grown:.2f}" == row["amount"]
    paid = await house.paid(award["id"], row["amount"])
    assert paid["state"] == "succeeded"
    (filed,) = await house.bus.events("support.filed", f"support:{row['id']}")
    (decided,) = await house.bus.events("support.decided", f"support:{row['id']}")
    (granted,) = await house.bus.events("award.granted", f"award:{award['id']}")
    assert (filed.data["kind"], granted.data["kind"]) == (kind, kind)
    assert (decided.data["state"], decided.data["award_id"]) == ("approved", award["id"])
    await house.books_balance()


@pytest.mark.parametrize("kind", KINDS)
async def test_who_filed_does_not_decide(house: Any, kinds: Any, kind: str) -> None:
    body = kinds.body(kind)
    row = (await house.post("office", PATHS[kind], body, sub="one-person")).json()
    refused = await kinds.decide(kind, row, sub="one-person")
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
    assert (await kinds.decide(kind, row, sub="another")).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
async def test_a_unit_files_and_withdraws_its_own_only(house: Any, kinds: Any, kind: str) -> None:
    body = kinds.body(kind, OTHER)
    assert (await house.post("enterprise", PATHS[kind], body)).status_code == 403
    row = await kinds.filed(kind, OTHER)
    path = f"{PATHS[kind]}/{row['id']}"
    assert (await house.get("enterprise", path)).status_code == 403
    assert (await house.get("enterprise", path, unit=OTHER)).status_code == 200
    foreign = await kinds.decide(kind, row, "withdraw", unit=UNIT)
    assert foreign.status_code == 403
    listed = (await house.get("enterprise", f"{PATHS[kind]}?limit=200")).json()["items"]
    assert {each["payee_unit"] for each in listed} <= {UNIT}
    withdrawn = await kinds.decide(kind, row, "withdraw")
    assert (withdrawn.json()["state"], withdrawn.json()["refusal"]) == ("withdrawn", "r")


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_refused_or_cancelled_may_be_filed_again(
    house: Any, kinds: Any, kind: str
) -> None:
    body = kinds.body(kind)
    post = partial(house.post, "enterprise", PATHS[kind], body)
    for step in ("reject", "withdraw"):
        row = (await post()).json()
        again = await post()
        assert again.status_code == 409, again.text
        assert (await kinds.decide(kind, row, step)).status_code == 200
    row = (await kinds.decide(kind, (await post()).json())).json()
    assert (await post()).status_code == 409
    path = f"/awards/{row['award_id']}/cancel"
    cancelled = await house.post("office", path, {"reason": "r"}, etag='"1"')
    assert cancelled.status_code == 200, cancelled.text
    assert (await post()).status_code == 201
    await house.books_balance()


@pytest.mark.parametrize("kind", KINDS)
async def test_64_who_file_the_same_at_once_are_one(house: Any, kinds: Any, kind: str) -> None:
    body = kinds.body(kind)
    call = partial(house.post, "enterprise", PATHS[kind], body)
    answers = await asyncio.gather(*(house.insist(call) for _ in range(64)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 63


@pytest.mark.parametrize("kind", KINDS)
async def test_two_who_approve_at_once_grant_one_award(house: Any, kinds: Any, kind: str) -> None:
    row = await kinds.filed(kind)
    answers = await asyncio.gather(*(kinds.decide(kind, row) for _ in range(4)))
    assert sorted(each.status_code for each in answers)[0] == 200
    assert sum(each.is_success for each in answers) == 1
    await house.books_balance()


async def test_money_that_is_not_there_is_not_promised(house: Any, kinds: Any) -> None:
    poor = await house.appropriated("400.00", line="poor")
    await kinds.rate("platform_grant", grade="poor", share="100", cap="9999.00", line="poor")
    grant = partial(kinds.filed, "platform_grant", grade="poor", own_funds="0.00")
    rows = [await grant(cost="300.00"), await grant(cost="300.00")]
    first, second = [await kinds.decide("platform_grant", row) for row in rows]
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "insufficient_funds")
    left = (await house.get("office", f"/platform-grants/{rows[1]['id']}")).json()
    assert (left["state"], left["version"]) == ("draft", 1)
    assert (await house.line(poor["id"]))["committed"] == "300.00"


async def test_a_rate_may_name_a_line_that_is_not_drawn_up_yet(house: Any, kinds: Any) -> None:
    await kinds.rate("platform_grant", grade="early", share="100", cap="9.00", line="not-yet")
    row = await kinds.filed("platform_grant", grade="early", own_funds="995.00")
    refused = await kinds.decide("platform_grant", row)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_line")


async def test_what_is_filed_keeps_the_terms_it_was_filed_on(house: Any, kinds: Any) -> None:
    await kinds.rate("innovation_award", grade="third", amount="7.00")
    row = await kinds.filed("innovation_award", grade="third")
    await kinds.rate("innovation_award", grade="third", amount="9.00")
    assert (await kinds.decide("innovation_award", row)).json()["amount"] == "7.00"
    assert (await kinds.filed("innovation_award", grade="third"))["amount"] == "9.00"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_year_without_rates_supports_nothing(house: Any, kinds: Any, kind: str) -> None:
    body = kinds.body(kind, fiscal_year=2031)
    refused = await house.post("enterprise", PATHS[kind], body)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_rate")
    body = kinds.body(kind, "nobody-at-all")
    refused = await house.post("office", PATHS[kind], body)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")


async def test_the_database_keeps_filing_and_deciding_apart(house: Any, kinds: Any) -> None:
    for kind in KINDS:
        row = await kinds.approved(kind)
        for change in ("decided_by = made_by", "award_id = NULL", "state = 'rejected'"):
            with pytest.raises(asyncpg.CheckViolationError):
                await house.rows(f"UPDATE {kind} SET {change} WHERE id = $1", row["id"])
