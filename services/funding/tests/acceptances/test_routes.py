"""Acceptances over HTTP: their conclusion closes the award and moves what was not paid."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from funding.acceptances.service import follow_rectifications
from servicekit.clock import china_date

from services.funding.tests.programme import RECTIFY_BY

UNIT = "maizier-sugar"
RETURNED = {"outcome": "returned", "reason": "退票"}


async def award_now(house: Any, award: Any) -> Any:
    return (await house.get("office", f"/awards/{award['id']}")).json()


async def test_what_passed_is_closed_and_what_was_not_paid_is_the_lines_again(
    house: Any, programme: Any
) -> None:
    award = await house.award("100.00")
    await house.paid(award["id"], "60.00")
    row = await programme.acceptance(award)
    await house.bus.since_now()
    row = await programme.conclude(row, "passed")
    assert (row["state"], row["released"], row["give_back"]) == ("passed", "40.00", "0.00")
    now = await award_now(house, award)
    assert (now["state"], now["released"], now["available"]) == ("closed", "40.00", "0.00")
    line = await house.line(award["budget_id"])
    assert (line["committed"], line["disbursed"], line["available"]) == ("60.00", "60.00", "40.00")
    entries = await house.get("auditor", f"/journal-entries?source_id={award['id']}")
    kinds = [entry["kind"] for entry in entries.json()["items"]]
    assert sorted(kinds) == ["commitment", "release"]
    (told,) = await house.bus.events("acceptance.concluded", f"acceptance:{row['id']}")
    assert (told.data["state"], told.data["released"]) == ("passed", "40.00")
    await house.books_balance()
    ask = {"award_id": award["id"], "amount": "0.01"}
    refused = await house.post("finance_maker", "/disbursements", ask)
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    again = await house.post("office", f"/awards/{award['id']}/cancel", {"reason": "r"}, etag='"9"')
    assert again.status_code in (409, 412)


async def test_what_was_paid_in_full_releases_nothing(house: Any, programme: Any) -> None:
    award = await house.award("10.00")
    await house.paid(award["id"], "10.00")
    row = await programme.acceptance(award, "passed")
    assert row["released"] == "0.00"
    await house.books_balance()


async def test_what_failed_lists_what_has_to_come_back_and_refunds_bring_it(
    house: Any, programme: Any
) -> None:
    award = await house.award("100.00")
    first = await house.paid(award["id"], "30.00")
    second = await house.paid(award["id"], "20.00")
    whole = await house.paid(award["id"], "5.00")
    await house.refunded(first["id"], "10.00")
    await house.refunded(whole["id"], "5.00")
    row = await programme.acceptance(award, "failed")
    assert (row["state"], row["give_back"], row["released"]) == ("failed", "40.00", "45.00")
    wanted = {(first["id"], "20.00"), (second["id"], "20.00")}
    assert {(each["disbursement_id"], each["amount"]) for each in row["repayments"]} == wanted
    for each in row["repayments"]:
        await house.refunded(each["disbursement_id"], each["amount"])
    now = await award_now(house, award)
    assert (now["paid"], now["refunded"]) == ("55.00", "55.00")
    await house.books_balance()


async def test_a_payment_of_a_closed_award_that_the_bank_returns_is_the_lines_again(
    house: Any, programme: Any
) -> None:
    award = await house.award("100.00")
    payment = await house.paid(award["id"], "60.00")
    await programme.acceptance(award, "passed")
    answer = await house.step("finance_payer", payment, "result", RETURNED)
    assert answer.status_code == 200, answer.text
    now = await award_now(house, award)
    assert (now["paid"], now["released"]) == ("0.00", "100.00")
    line = await house.line(award["budget_id"])
    assert (line["committed"], line["disbursed"], line["available"]) == ("0.00", "0.00", "100.00")
    await house.books_balance()


async def test_nothing_is_concluded_while_payments_are_on_their_way(
    house: Any, programme: Any
) -> None:
    award = await house.award("100.00")
    payment = await house.paying(award["id"], "60.00")
    row = await programme.acceptance(award)
    body = {"verdict": "passed", "opinion": "o"}
    refused = await programme.try_step("office", "acceptances", row, "conclude", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "payments_on_the_way")
    await house.step("finance_payer", payment, "result", {"outcome": "failed"})
    assert (await programme.conclude(row, "passed"))["released"] == "100.00"


async def test_a_payment_asked_for_at_the_conclusion_never_both_wins(
    house: Any, programme: Any
) -> None:
    for _ in range(6):
        award = await house.award("100.00")
        row = await programme.acceptance(award)
        path, body = f"/acceptances/{row['id']}/conclude", {"verdict": "passed", "opinion": "o"}
        ask = {"award_id": award["id"], "amount": "1.00"}
        concluded, asked = await asyncio.gather(
            house.post("office", path, body, etag=f'"{row["version"]}"'),
            house.post("finance_maker", "/disbursements", ask),
        )
        assert sorted([concluded.is_success, asked.is_success]) == [False, True]
    await house.books_balance()


async def rectifying(house: Any, programme: Any, days: int) -> Any:
    """An acceptance whose rectification is due in so many days, or was."""
    row = await programme.acceptance(await house.award("10.00"), "rectification")
    due = china_date() + timedelta(days=days)
    await house.rows("UPDATE acceptance SET rectify_by = $2 WHERE id = $1", row["id"], due)
    return row


async def follow(house: Any, row: Any) -> Any:
    """The acceptance after the worker has looked at the days, twice."""
    for _ in range(2):
        async with house.database.session() as session:
            await follow_rectifications(session)
    return (await house.get("office", f"/acceptances/{row['id']}")).json()


async def test_a_rectification_that_is_late_is_marked_and_told_once(
    house: Any, programme: Any
) -> None:
    in_time = await rectifying(house, programme, 0)
    late = await rectifying(house, programme, -1)
    await house.bus.since_now()
    assert (await follow(house, in_time))["overdue_on"] is None
    now = await follow(house, late)
    assert (now["state"], now["overdue_on"]) == ("rectification", china_date().isoformat())
    (told,) = await house.bus.events("acceptance.overdue")
    assert told.data["acceptance_id"] == late["id"]
    assert told.data["rectify_by"] == (china_date() - timedelta(days=1)).isoformat()


async def test_what_was_not_rectified_by_its_day_may_be_failed_and_nothing_else(
    house: Any, programme: Any
) -> None:
    row = await rectifying(house, programme, -1)
    failed = {"verdict": "failed", "opinion": "逾期未整改"}
    early = await programme.try_step("office", "acceptances", row, "conclude", failed)
    assert (early.status_code, early.json()["code"]) == (409, "invalid_transition")
    await follow(house, row)
    passed = await programme.try_step(
        "office", "acceptances", row, "conclude", failed | {"verdict": "passed"}
    )
    assert (passed.status_code, passed.json()["code"]) == (409, "invalid_transition")
    row = await programme.conclude(row, "failed")
    assert (row["state"], row["released"]) == ("failed", "10.00")
    await house.books_balance()


async def test_what_is_rectified_late_is_taken_and_the_mark_stays(
    house: Any, programme: Any
) -> None:
    row = await rectifying(house, programme, -1)
    await follow(house, row)
    row = await programme.submit(row)
    assert row["state"] == "submitted"
    row = await programme.conclude(row, "passed")
    assert row["state"] == "passed_after_rectification"
    assert row["overdue_on"] == china_date().isoformat()


async def test_a_rectification_is_not_due_before_today(house: Any, programme: Any) -> None:
    row = await programme.acceptance(await house.award("10.00"))
    yesterday = (china_date() - timedelta(days=1)).isoformat()
    body = {"verdict": "rectify", "opinion": "o", "rectify_by": yesterday}
    refused = await programme.try_step("office", "acceptances", row, "conclude", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "rectify_by_passed")


async def test_an_award_that_is_being_accepted_is_concluded_and_not_cancelled(
    house: Any, programme: Any
) -> None:
    for state in ("submitted", "rectification"):
        award = await house.award("10.00")
        await programme.acceptance(award, state)
        refused = await programme.try_step("office", "awards", award, "cancel")
        assert (refused.status_code, refused.json()["code"]) == (409, "acceptance_open")
    assert (await award_now(house, award))["state"] == "granted"


async def test_a_draft_does_not_keep_an_award_and_is_not_handed_in_without_one(
    house: Any, programme: Any
) -> None:
    award = await house.award("10.00")
    row = await programme.acceptance(award, "draft")
    await programme.step("office", "awards", award, "cancel")
    late = await programme.try_step("enterprise", "acceptances", row, "submit", {"report": "r"})
    assert (late.status_code, late.json()["code"]) == (409, "nothing_to_accept")
    await house.books_balance()


async def test_an_award_that_is_cancelled_and_handed_in_at_once_is_one_of_both(
    house: Any, programme: Any
) -> None:
    for _ in range(6):
        award = await house.award("10.00")
        row = await programme.acceptance(award, "draft")
        submit, cancel = f"/acceptances/{row['id']}/submit", f"/awards/{award['id']}/cancel"
        answers = await asyncio.gather(
            house.post("enterprise", submit, {"report": "r"}, etag=f'"{row["version"]}"'),
            house.post("office", cancel, {"reason": "r"}, etag=f'"{award["version"]}"'),
        )
        assert sorted(each.is_success for each in answers) == [False, True]
        refused = next(each.json()["code"] for each in answers if not each.is_success)
        assert refused in ("nothing_to_accept", "acceptance_open")
    await house.books_balance()


async def test_a_rectification_comes_once_and_is_passed_afterwards(
    house: Any, programme: Any
) -> None:
    row = await programme.acceptance(await house.award("10.00"), "rectification")
    assert (row["state"], row["rectify_by"]) == ("rectification", RECTIFY_BY)
    assert (await programme.prove(row, b"%PDF-1.7\nmore\n%%EOF\n")).status_code == 201
    row = await programme.submit(row)
    again = {"verdict": "rectify", "opinion": "o", "rectify_by": RECTIFY_BY}
    refused = await programme.try_step("office", "acceptances", row, "conclude", again)
    assert [error["code"] for error in refused.json()["errors"]] == ["rectified_before"]
    row = await programme.conclude(row, "passed")
    assert row["state"] == "passed_after_rectification"


@pytest.mark.parametrize(
    "body", [{"verdict": "rectify"}, {"verdict": "passed", "rectify_by": RECTIFY_BY}]
)
async def test_a_rectification_has_a_day_and_nothing_else_has(
    house: Any, programme: Any, body: Any
) -> None:
    row = await programme.acceptance(await house.award("10.00"))
    body |= {"opinion": "o"}
    refused = await programme.try_step("office", "acceptances", row, "conclude", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "rectify_by_missing")


async def test_every_expert_who_was_asked_is_heard(house: Any, programme: Any) -> None:
    row = await programme.acceptance(await house.award("10.00"))
    path = f"/acceptances/{row['id']}"
    assert (await house.get("expert", path, sub="wang")).status_code == 403
    experts = {"experts": ["wang", "li", "wang"]}
    row = await programme.step("office", "acceptances", row, "assign", experts)
    assert row["experts"] == ["wang", "li"]
    assert (await house.get("expert", path, sub="wang")).status_code == 200
    listed = (await house.get("expert", "/acceptances", sub="li")).json()["items"]
    assert [each["id"] for each in listed] == [row["id"]]
    assert (await house.get("expert", "/acceptances", sub="zhao")).json()["items"] == []
    opinion = {"verdict": "passed", "comment": "c"}
    foreign = await programme.try_step("expert", "acceptances", row, "opine", opinion, sub="zhao")
    assert foreign.status_code == 403
    row = await programme.step("expert", "acceptances", row, "opine", opinion, sub="wang")
    body = {"verdict": "passed", "opinion": "o"}
    early = await programme.try_step("office", "acceptances", row, "conclude", body)
    assert (early.status_code, early.json()["code"]) == (409, "opinions_missing")
    other = opinion | {"verdict": "failed"}
    await programme.step("expert", "acceptances", row, "opine", other, sub="wang")
    row = await programme.step("expert", "acceptances", row, "opine", opinion, sub="li")
    found = {each["expert"]: each["verdict"] for each in row["opinions"]}
    assert found == {"wang": "failed", "li": "passed"}
    assert (await programme.conclude(row, "passed"))["state"] == "passed"


async def test_an_agreement_has_to_end_first(house: Any, programme: Any) -> None:
    award = await house.award("10.00")
    (tranche,) = await programme.signed(award, "10.00")
    later = "UPDATE tranche SET due_on = current_date + 30 WHERE id = $1"
    await house.rows(later, tranche["id"])
    body = {"award_id": award["id"]}
    early = await house.post("enterprise", "/acceptances", body)
    assert (early.status_code, early.json()["code"]) == (409, "agreement_runs")
    await programme.accepted_tranche(tranche, UNIT)
    assert (await house.post("enterprise", "/acceptances", body)).status_code == 201


async def test_an_award_has_one_acceptance_by_its_payee(house: Any, programme: Any) -> None:
    award = await house.award("10.00")
    body = {"award_id": award["id"]}
    foreign = await house.post("enterprise", "/acceptances", body, unit="qingan-chemical")
    assert foreign.status_code == 403
    calls = [house.post("enterprise", "/acceptances", body) for _ in range(4)]
    answers = sorted([each.status_code for each in await asyncio.gather(*calls)])
    assert answers == [201, 409, 409, 409]
    unknown = {"award_id": award["budget_id"]}
    refused = await house.post("enterprise", "/acceptances", unknown)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")


async def test_a_report_is_proven(house: Any, programme: Any) -> None:
    body = {"award_id": (await house.award("10.00"))["id"]}
    row = (await house.post("enterprise", "/acceptances", body)).json()
    report = {"report": "r"}
    refused = await programme.try_step("enterprise", "acceptances", row, "submit", report)
    assert (refused.status_code, refused.json()["code"]) == (422, "report_unproven")


async def test_who_submitted_does_not_conclude(house: Any, programme: Any) -> None:
    row = await programme.acceptance(await house.award("10.00"))
    body = {"verdict": "passed", "opinion": "o"}
    same = await programme.try_step(
        "office", "acceptances", row, "conclude", body, sub=row["submitted_by"]
    )
    assert (same.status_code, same.json()["code"]) == (403, "separation_of_duties")


async def test_a_failed_acceptance_bars_a_unit_from_calls_that_say_so(
    house: Any, programme: Any
) -> None:
    unit = "qingan-chemical"
    rules = [{"rule": "no_failed_acceptance", "values": ["3"]}]
    call = await programme.a_call("open", rules=rules)
    assert (await programme.submitted(call["id"], unit))["eligible"] is True
    await programme.acceptance(await house.award("10.00", payee=unit), "failed")
    barred = await programme.submitted(call["id"], unit)
    assert barred["eligible"] is False
    path = f"/applications/{barred['id']}/eligibility-results"
    (found,) = (await house.get("enterprise", path, unit=unit)).json()["items"]
    assert [each["title"] for each in found["inputs"]["failed_acceptances"]] == ["t"]
    await house.rows("UPDATE acceptance SET concluded_on = concluded_on - 1200")
    assert (await programme.submitted(call["id"], unit))["eligible"] is True
