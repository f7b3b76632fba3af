"""The copy of the park registry."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.parks import (
    EnterpriseChanged,
    EnterprisesMerged,
    RecognitionExpired,
    RecognitionGranted,
)
from funding.registry.domain import Registered
from funding.registry.handlers import (
    on_enterprise_changed,
    on_enterprises_merged,
    on_recognition_expired,
    on_recognition_granted,
)
from funding.registry.service import registered


def enterprise(unit: str, key: UUID, **changes: Any) -> EnterpriseChanged:
    fields: dict[str, Any] = {
        "enterprise_id": key,
        "uscc": "91410184MADEM0007D",
        "name": "麦滋尔糖业",
        "unit_code": unit,
        "park_code": "gangqu",
        "enterprise_class": "high_tech",
    }
    return EnterpriseChanged.model_validate({**fields, **changes})


def recognition(enterprise_id: UUID, **changes: Any) -> RecognitionGranted:
    fields: dict[str, Any] = {
        "recognition_id": uuid4(),
        "enterprise_id": enterprise_id,
        "uscc": "91410184MADEM0007D",
        "kind": "high_tech",
        "number": "GR2024-1",
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return RecognitionGranted.model_validate({**fields, **changes})


async def look(house: Any, unit: str) -> Registered | None:
    async with house.database.session() as session:
        return await registered(session, unit)


async def test_an_enterprise_is_known_as_it_was_last_told(house: Any) -> None:
    key = uuid4()
    await house.hear(on_enterprise_changed, enterprise("one", key))
    await house.hear(on_enterprise_changed, enterprise("one", key, park_code=None, active=False))
    found = await look(house, "one")
    assert found is not None
    assert (found.enterprise_class, found.park_code, found.active) == ("high_tech", None, False)
    assert await look(house, "nobody") is None


async def test_recognitions_may_be_told_before_their_enterprise(house: Any) -> None:
    key = uuid4()
    told = recognition(key)
    await house.hear(on_recognition_granted, told)
    await house.hear(on_enterprise_changed, enterprise("two", key))
    found = await look(house, "two")
    assert found is not None
    (held,) = found.recognitions
    assert held.is_valid(date(2026, 12, 31))
    assert not held.is_valid(date(2027, 1, 1))
    expired = {**told.model_dump(), "expired_on": date(2026, 5, 1)}
    await house.hear(on_recognition_expired, RecognitionExpired.model_validate(expired))
    found = await look(house, "two")
    assert found is not None
    assert not found.recognitions[0].is_valid(date(2026, 5, 2))


async def test_what_was_recognised_of_a_duplicate_is_the_other_s(house: Any) -> None:
    gone, into = uuid4(), uuid4()
    await house.hear(on_enterprise_changed, enterprise("four", into))
    await house.hear(on_recognition_granted, recognition(gone))
    codes = {"uscc": "91410184MADEM0007D", "into_uscc": "91410184MADEM0008G"}
    merged = {"enterprise_id": gone, "into_id": into, **codes}
    await house.hear(on_enterprises_merged, EnterprisesMerged.model_validate(merged))
    found = await look(house, "four")
    assert found is not None
    assert [held.number for held in found.recognitions] == ["GR2024-1"]


async def test_of_two_enterprises_of_one_unit_the_active_one_counts(house: Any) -> None:
    await house.hear(on_enterprise_changed, enterprise("three", uuid4(), name="旧", active=False))
    await house.hear(on_enterprise_changed, enterprise("three", uuid4(), name="新"))
    await house.hear(on_enterprise_changed, enterprise("three", uuid4(), name="旧", active=False))
    found = await look(house, "three")
    assert found is not None
    assert found.name == "新"
