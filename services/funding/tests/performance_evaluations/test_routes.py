"""Evaluations over HTTP."""

from typing import Any

PATH = "/performance-evaluations"


def indicator(code: str, weight: str, actual: str) -> dict[str, str]:
    names = {"name_zh": "产值", "name_en": "Output", "unit": "万元"}
    goal = {"direction": "at_least", "target": "100", "actual": actual}
    return {"code": code, "weight": weight, **names, **goal}


async def drafted(house: Any, *indicators: Any) -> Any:
    award = await house.award("10.00")
    body = {"award_id": award["id"], "indicators": list(indicators), "summary": "s"}
    return await house.made("office", PATH, body)


async def test_a_draft_follows_its_indicators_and_what_is_published_stands(house: Any) -> None:
    row = await drafted(house, indicator("a", "60", "100"), indicator("b", "40", "50"))
    assert (row["score"], row["grade"]) == ("80", "good")
    assert [each["score"] for each in row["indicators"]] == ["60", "20"]
    path = f"{PATH}/{row['id']}"
    better = {"indicators": [indicator("a", "60", "100"), indicator("b", "40", "75")]}
    changed = (await house.call("office", "PATCH", path, better, etag='"1"')).json()
    assert (changed["score"], changed["grade"], changed["summary"]) == ("90", "excellent", "s")
    wrong = {"indicators": [indicator("a", "60", "100")]}
    refused = await house.call("office", "PATCH", path, wrong, etag='"2"')
    assert refused.status_code == 422
    await house.bus.since_now()
    published = await house.post("finance_checker", f"{path}/publish", etag='"2"')
    assert published.json()["state"] == "published"
    subject = f"performance_evaluation:{row['id']}"
    (told,) = await house.bus.events("performance_evaluation.published", subject)
    assert (told.data["score"], told.data["grade"]) == ("90.00", "excellent")
    late = await house.call("office", "PATCH", path, {"summary": "t"}, etag='"3"')
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")
    seen = (await house.get("enterprise", f"{PATH}?grade=excellent")).json()["items"]
    assert row["id"] in {each["id"] for each in seen}
    assert (await house.get("enterprise", path, unit="qingan-chemical")).status_code == 403
    file = await house.get("auditor", PATH, headers={"Accept": "text/csv"})
    assert (file.status_code, "excellent" in file.text) == (200, True)


async def test_an_award_is_evaluated_once_and_not_when_it_was_cancelled(house: Any) -> None:
    row = await drafted(house, indicator("a", "100", "1"))
    body = {"award_id": row["award_id"], "indicators": [indicator("a", "100", "1")], "summary": "s"}
    again = await house.post("office", PATH, body)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    award = await house.award("10.00")
    await house.post("office", f"/awards/{award['id']}/cancel", {"reason": "r"}, etag='"1"')
    refused = await house.post("office", PATH, body | {"award_id": award["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "award_cancelled")
    unknown = await house.post("office", PATH, body | {"award_id": award["budget_id"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")


async def test_whoever_wrote_an_evaluation_last_does_not_publish_it(house: Any) -> None:
    row = await drafted(house, indicator("a", "100", "1"))
    path = f"{PATH}/{row['id']}"
    own = await house.post("office", f"{path}/publish", etag='"1"')
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    words = {"summary": "t"}
    changed = await house.call("office", "PATCH", path, words, etag='"1"', sub="another")
    assert changed.json()["made_by"] == "another"
    version = changed.headers["etag"]
    hers = await house.post("office", f"{path}/publish", etag=version, sub="another")
    assert (hers.status_code, hers.json()["code"]) == (403, "separation_of_duties")
    published = (await house.post("office", f"{path}/publish", etag=version)).json()
    assert (published["state"], published["published_by"]) == ("published", "test-office")
