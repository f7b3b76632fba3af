"""Many enterprises at once come to what each alone comes to."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from parks.enterprises import service
from parks.enterprises.routes import create_enterprise
from parks.enterprises.schemas import EnterpriseCreate, EnterpriseRead
from servicekit.audit import digest
from servicekit.auth.principal import Principal, Role
from servicekit.db import Database
from servicekit.imports.writing import single, together
from servicekit.testing.twins import outcome

Make = Callable[..., Awaitable[dict[str, Any]]]
ONE_BY_ONE = single(create_enterprise, EnterpriseRead)
MANY = together(service.create_enterprises, ONE_BY_ONE)
OFFICE = Principal("office", "office", frozenset({Role.OFFICE}), "programme-office")
PARK = Principal("park", "park", frozenset({Role.PARK_ADMIN}), "gangqu-admin")
STORED = (
    """SELECT uscc, name, aliases, unit_code, park_code, declared_class, enterprise_class,
     above_scale, active, industry, name_keys, merged_into, version
     FROM enterprise ORDER BY uscc""",
    """SELECT e.uscc, s.valid_from, s.valid_to, s.park_code, s.declared_class, s.above_scale,
     s.document_no, s.version FROM enterprise_standing s JOIN enterprise e ON e.id = s.enterprise_id
     ORDER BY e.uscc""",
    """SELECT a.actor, a.unit, a.roles, a.action, a.object_type, a.outcome, a.before_digest,
     a.detail, e.uscc FROM audit_entry a JOIN enterprise e ON e.id::text = a.object_id
     WHERE a.request_id = 'twins' ORDER BY e.uscc""",
    """SELECT o.type, o.aggregate_version, o.data::jsonb - 'enterprise_id' AS data
     FROM outbox o JOIN enterprise e ON e.id::text = o.aggregate_id ORDER BY e.uscc""",
)
ROW = st.fixed_dictionaries(
    {
        "uscc": st.integers(0, 5),
        "name": st.sampled_from(["甲公司", "甲（公司）", "乙公司", "丙公司", "己有公司"]),
        "aliases": st.lists(st.sampled_from(["甲公司", "乙"]), max_size=1),
        "park_code": st.sampled_from(["gangqu", "gangqu", None, "nowhere"]),
        "industry": st.sampled_from([None, "1340", "C9999"]),
        "active": st.booleans(),
        "namesake": st.booleans(),
        "declared_class": st.sampled_from(["ordinary", "science_type"]),
    }
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def codes(register: Make, fresh_uscc: Callable[[], str]) -> list[str]:
    """Four new codes, one that is taken and one that is wrong."""
    taken = await register(name="己有公司")
    return [*(fresh_uscc() for _ in range(4)), taken["uscc"], "91410184MA44XQ1R02"]


@pytest.mark.parametrize("who", [OFFICE, PARK], ids=["office", "park"])
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(ROW, max_size=8))
async def test_many_enterprises_come_to_what_each_alone_comes_to(
    kept: Database, codes: list[str], who: Principal, rows: list[dict[str, Any]]
) -> None:
    bodies = [EnterpriseCreate.model_validate(row | {"uscc": codes[row["uscc"]]}) for row in rows]
    expected = await outcome(kept, who, ONE_BY_ONE, bodies, STORED)
    seen = await outcome(kept, who, MANY, bodies, STORED)
    assert seen.refused == expected.refused
    assert seen.stored == expected.stored


async def test_the_audit_keeps_the_digest_of_the_row(
    kept: Database, fresh_uscc: Callable[[], str], gangqu: str
) -> None:
    body = EnterpriseCreate(uscc=fresh_uscc(), name="丁公司", park_code=gangqu)
    query = """SELECT e.*, a.after_digest FROM enterprise e JOIN audit_entry a
     ON a.object_id = e.id::text WHERE a.request_id = 'twins'"""
    seen = await outcome(kept, OFFICE, MANY, [body], [query])
    [[row]] = seen.stored
    assert row["after_digest"] == digest({k: v for k, v in row.items() if k != "after_digest"})
