"""Reviews over HTTP."""

import asyncio
from typing import Any

SCORES = {
    "scores": [
        {"criterion": "novelty", "score": "90.5", "comment": "好"},
        {"criterion": "benefit", "score": "80"},
    ],
    "comment": "建议支持",
}
HIDDEN = (None, None, None)


def shown(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    return row["scores"] and len(row["scores"]), row["total"], row["comment"]


async def test_scores_are_hidden_until_every_expert_has_scored(house: Any, programme: Any) -> None:
    call = await programme.a_call(experts_per_application=2)
    application = await programme.accepted(call["id"])
    first = await programme.assigned(application, "expert-one")
    second = await programme.assigned(application, "expert-two")
    for row, name in ((first, "expert-one"), (second, "expert-two")):
        await programme.step("expert", "reviews", row, "declare", {}, sub=name)
    await house.bus.since_now()
    mine = await programme.step("expert", "reviews", first, "score", SCORES, sub="expert-one")
    assert shown(mine) == (2, "86.3", "建议支持")
    path = f"/reviews/{first['id']}"
    for role in ("office", "auditor", "leader"):
        assert shown((await house.get(role, path)).json()) == HIDDEN, role
        listed = (await house.get(role, f"/reviews?call_id={call['id']}")).json()["items"]
        assert [shown(row) for row in listed] == [HIDDEN, HIDDEN], role
    other = await house.get("expert", path, sub="expert-two")
    assert (other.status_code, other.json()["code"]) == (403, "not_your_review")
    seen = (await house.get("expert", "/reviews?limit=200", sub="expert-two")).json()["items"]
    assert [row["id"] for row in seen] == [second["id"]]
    file = await house.get("office", "/reviews", headers={"Accept": "text/csv"})
    assert "86.3" not in file.text
    await programme.step("expert", "reviews", second, "score", SCORES, sub="expert-two")
    assert shown((await house.get("office", path)).json()) == (2, "86.3", "建议支持")
    assert shown((await house.get("expert", path, sub="expert-two")).json())[1] == "86.3"
    stranger = await house.get("expert", path, sub="expert-three")
    assert stranger.json()["code"] == "not_your_review"
    told = await house.bus.events("review.completed")
    assert [event.data["all_in"] for event in told] == [False, True]
    assert "expert-one" not in str([event.data for event in told])
    now = (await house.get("office", f"/applications/{application['id']}")).json()
    assert now["score"] == "86.3"


async def test_whoever_has_an_interest_does_not_score(house: Any, programme: Any) -> None:
    application = await programme.accepted((await programme.a_call())["id"])
    kin = await programme.assigned(application, "kin")
    row = await programme.step("expert", "reviews", kin, "declare", {"relation": "亲属"}, sub="kin")
    assert (row["state"], row["relation"]) == ("conflicted", "亲属")
    refused = await programme.try_step("expert", "reviews", row, "score", SCORES, sub="kin")
    assert refused.json()["code"] == "invalid_transition"
    hidden = await house.get("expert", f"/reviews/{kin['id']}/application", sub="kin")
    assert (hidden.status_code, hidden.json()["code"]) == (409, "conflict_of_interest")
    colleague = await programme.assigned(application, "colleague")
    options = {"sub": "colleague", "unit": "maizier-sugar"}
    row = await programme.step("expert", "reviews", colleague, "declare", {}, **options)
    assert row["state"] == "conflicted", "of the same unit as the applicant"
    body = {"application_id": application["id"], "expert": "x", "expert_unit": "maizier-sugar"}
    for expert in (body, {**body, "expert": "test-enterprise", "expert_unit": None}):
        answer = await house.post("office", "/reviews", expert)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict_of_interest")
    again = await house.post("office", "/reviews", {**body, "expert": "kin", "expert_unit": None})
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    await programme.scored(application, "80", "80", expert="third")


async def test_an_application_is_read_after_the_declaration_and_without_whom_to_call(
    house: Any, programme: Any
) -> None:
    call = await programme.a_call()
    draft = await programme.draft(call["id"])
    file = (await programme.attach(draft)).json()
    row = await programme.step("enterprise", "applications", draft, "submit")
    row = await programme.step("office", "applications", row, "accept")
    review = await programme.assigned(row)
    path = f"/reviews/{review['id']}"
    early = await house.get("expert", f"{path}/application")
    assert (early.status_code, early.json()["code"]) == (409, "conflict_not_declared")
    await programme.step("expert", "reviews", review, "declare", {})
    read = (await house.get("expert", f"{path}/application")).json()
    assert read["title"] == row["title"]
    assert not {"contact_name", "contact_phone"} & read.keys()
    (listed,) = (await house.get("expert", f"{path}/attachments")).json()["items"]
    content = await house.get("expert", f"{path}/attachments/{file['id']}/content")
    assert (listed["id"], content.content[:4]) == (file["id"], b"%PDF")
    other = await house.get("expert", f"{path}/attachments", sub="another")
    assert other.json()["code"] == "not_your_review"


async def test_no_more_experts_than_the_call_asks_for(house: Any, programme: Any) -> None:
    application = await programme.accepted((await programme.a_call())["id"])
    late = await programme.assigned(application, "late")
    body = {"application_id": application["id"], "expert": "next"}
    full = await house.post("office", "/reviews", body)
    assert (full.status_code, full.json()["code"]) == (409, "enough_experts")
    await programme.step("office", "reviews", late, "revoke")
    assert (await house.post("office", "/reviews", body)).status_code == 201
    draft = await programme.draft(application["call_id"])
    early = await house.post("office", "/reviews", {**body, "application_id": draft["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "not_in_review")


async def test_two_experts_who_finish_at_once_both_count(house: Any, programme: Any) -> None:
    for _ in range(4):
        call = await programme.a_call(experts_per_application=2)
        application = await programme.accepted(call["id"])
        rows = []
        for name in ("one", "two"):
            row = await programme.assigned(application, name)
            rows.append(await programme.step("expert", "reviews", row, "declare", {}, sub=name))
        scores = [
            programme.step("expert", "reviews", row, "score", SCORES, sub=row["expert"])
            for row in rows
        ]
        await asyncio.gather(*scores)
        now = (await house.get("office", f"/applications/{application['id']}")).json()
        assert now["score"] == "86.3"


async def test_a_score_out_of_range_or_of_nothing_is_refused(programme: Any) -> None:
    application = await programme.accepted((await programme.a_call())["id"])
    row = await programme.assigned(application)
    row = await programme.step("expert", "reviews", row, "declare", {})
    for score in ("100.01", "-1", "1.234", "9e1"):
        scores = [{**each, "score": score} for each in SCORES["scores"]]
        refused = await programme.try_step("expert", "reviews", row, "score", {"scores": scores})
        assert refused.status_code == 422, score
    half = {"scores": SCORES["scores"][:1]}
    refused = await programme.try_step("expert", "reviews", row, "score", half)
    assert [one["code"] for one in refused.json()["errors"]] == ["criteria_differ"]
