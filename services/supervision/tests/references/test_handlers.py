"""What the other services have is known by its code and name."""

from typing import Any

from contracts.funding import FundChanged, RuleBreached, RuleRestored
from contracts.parks import EnterpriseChanged, ParkChanged
from contracts.targets import IndicatorChanged
from servicekit.ids import new_id
from supervision.references import service
from supervision.references.handlers import SUBSCRIPTIONS

from services.supervision.tests.items.test_handlers import apply

USCC = "91410184MAEXPRY016"
RULE = {"rule_code": "st-share", "fiscal_year": 2026, "actual": "1.9", "threshold": "2.0"}


async def hear(pool: Any, fact: Any) -> None:
    (handler,) = [each.handler for each in SUBSCRIPTIONS if each.event is type(fact)]
    await apply(pool, handler, fact)


def enterprise(**fields: Any) -> EnterpriseChanged:
    given = {"enterprise_id": new_id(), "uscc": USCC, "name": "示例公司"}
    return EnterpriseChanged.model_validate({**given, "enterprise_class": "high_tech", **fields})


async def known(pool: Any, *wanted: tuple[str, str]) -> Any:
    async with pool.session() as session:
        return await service.names(session, wanted)


async def unknown(pool: Any, *wanted: tuple[str, str]) -> Any:
    async with pool.session() as session:
        return await service.unknown(session, wanted)


async def test_what_is_told_last_is_the_name(pool: Any) -> None:
    for name in ("旧名", "港区科技园"):
        park = {"park_code": "gangqu", "name": name, "name_en": "Gangqu"}
        await hear(pool, ParkChanged(**park, kind="private_st_park"))
    await hear(pool, FundChanged(fund_code="f", name="转化资金", name_en="F", kind="special"))
    await hear(pool, IndicatorChanged(indicator_code="i", name="增加值", unit="亿元"))
    wanted = (("park", "gangqu"), ("fund", "f"), ("indicator", "i"), ("fund", "nowhere"))
    assert await known(pool, *wanted) == {
        ("park", "gangqu"): "港区科技园",
        ("fund", "f"): "转化资金",
        ("indicator", "i"): "增加值",
    }
    assert await unknown(pool, *wanted) == {("fund", "nowhere")}


async def test_a_rule_is_named_when_it_is_judged_and_keeps_its_name(pool: Any) -> None:
    breached = {**RULE, "unit": "%", "reason_zh": "低", "reason_en": "low"}
    await hear(pool, RuleBreached.model_validate(breached))
    assert await known(pool, ("rule", "st-share")) == {}
    await hear(pool, RuleBreached.model_validate(breached | {"rule_name": "科技投入占比"}))
    await hear(pool, RuleRestored.model_validate({**RULE, "unit": "%"}))
    assert await known(pool, ("rule", "st-share")) == {("rule", "st-share"): "科技投入占比"}


async def test_an_enterprise_that_ended_or_was_merged_is_not_there(pool: Any) -> None:
    await hear(pool, enterprise())
    assert await unknown(pool, ("enterprise", USCC)) == frozenset()
    for gone in ({"active": False}, {"merged_into": new_id()}):
        await hear(pool, enterprise(**gone))
        assert await unknown(pool, ("enterprise", USCC)) == {("enterprise", USCC)}
        await hear(pool, enterprise())
