"""Many platforms at once come to what each alone comes to, counted once."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from parks.platforms import service
from parks.platforms.routes import create_platform
from parks.platforms.schemas import PlatformCreate, PlatformRead
from servicekit.auth.principal import Principal, Role
from servicekit.db import Database
from servicekit.imports.writing import single, together
from servicekit.testing.twins import outcome

Make = Callable[..., Awaitable[dict[str, Any]]]
ONE_BY_ONE = single(create_platform, PlatformRead)
MANY = together(service.create_platforms, ONE_BY_ONE)
OFFICE = Principal("office", "office", frozenset({Role.OFFICE}), "programme-office")
PARK = Principal("park", "park", frozenset({Role.PARK_ADMIN}), "gangqu-admin")
STORED = (
    """SELECT kind, name, host_name, enterprise_id, park_code, programme, level, established_on,
     closed_on, state, version FROM platform ORDER BY kind, name""",
    """SELECT p.kind, p.name, l.level, l.recognised_on, l.document_no, l.authority
     FROM platform_level l JOIN platform p ON p.id = l.platform_id ORDER BY p.kind, p.name""",
    """SELECT a.actor, a.unit, a.roles, a.action, a.object_type, a.outcome, a.before_digest,
     p.kind, p.name FROM audit_entry a JOIN platform p ON p.id::text = a.object_id
     WHERE a.request_id = 'twins' ORDER BY p.kind, p.name""",
    """SELECT o.type, o.data::jsonb - 'platform_id' AS data FROM outbox o
     JOIN platform p ON p.id::text = o.aggregate_id ORDER BY p.kind, p.name""",
    "SELECT metric, period, value FROM park_metric WHERE metric LIKE 'count.%' ORDER BY 1, 2",
)
LEVEL = {"level": "municipal", "recognised_on": "2026-02-28", "document_no": "科〔2026〕1号"}
ROW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["iur_base", "engineering_centre"]),
        "name": st.sampled_from(["甲平台", "乙平台", "丙平台", "已有平台"]),
        "established_on": st.sampled_from(["2026-01-05", "2025-03-01", "2099-01-01"]),
        "park_code": st.sampled_from(["gangqu", "gangqu", None, "nowhere"]),
        "programme": st.sampled_from([None, "innovation-programme"]),
        "host": st.sampled_from(["none", "none", "known", "code", "unknown", "wrong", "both"]),
        "granted": st.sampled_from([{}, {}, LEVEL, {"level": "municipal"}]),
    }
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hosts(register: Make, office: Any) -> dict[str, dict[str, Any]]:
    """How a platform may name its host; one platform is there already."""
    own, other = await register(), await register(unit_code=None, park_code=None)
    there = {"kind": "iur_base", "name": "已有平台", "established_on": "2026-01-05"}
    assert (await office.post("/platforms", there)).status_code == 201
    return {
        "none": {}, "known": {"enterprise_id": own["id"]}, "code": {"uscc": other["uscc"].lower()},
        "unknown": {"enterprise_id": str(uuid4())}, "wrong": {"uscc": "91410184MA44XQ1R02"},
        "both": {"enterprise_id": own["id"], "uscc": other["uscc"]},
    }  # fmt: skip


@pytest.mark.parametrize("who", [OFFICE, PARK], ids=["office", "park"])
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(ROW, max_size=8))
async def test_many_platforms_come_to_what_each_alone_comes_to(
    kept: Database, hosts: dict[str, Any], who: Principal, rows: list[dict[str, Any]]
) -> None:
    bodies = [body(hosts, row) for row in rows]
    expected = await outcome(kept, who, ONE_BY_ONE, bodies, STORED)
    seen = await outcome(kept, who, MANY, bodies, STORED)
    assert seen.refused == expected.refused
    assert seen.stored == expected.stored


def body(hosts: dict[str, Any], row: dict[str, Any]) -> PlatformCreate:
    made = {**row, **hosts[row["host"]], **row["granted"]}
    return PlatformCreate.model_validate(
        {name: value for name, value in made.items() if name not in ("host", "granted")}
    )
