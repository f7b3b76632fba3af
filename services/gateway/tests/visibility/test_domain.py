"""Who may see what, by role and relation."""

from typing import Any

import pytest
from gateway.visibility.domain import Sight, allowed_to, read_rules
from servicekit.auth.permissions import ANY, BELOW, NONE, OWN, Relation
from servicekit.auth.principal import Principal, Role

RULES = read_rules(
    {
        "reports.read": {
            "office": ["own", "child", "parent", "other"],
            "group_lead": ["own", "child"],
            "unit_reporter": ["own"],
            "system": ["own", "child", "parent", "other"],
        },
        "odd.read": {"mayor": ["own"], "leader": ["own", "cousin"]},
    }
)


def sight(role: Role, **values: Any) -> Sight:
    principal = Principal("someone", "client", frozenset({role}), unit="b", **values)
    return Sight(allowed_to(principal, RULES), "b", frozenset({"b", "c"}), frozenset({"b", "a"}))


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.OFFICE, {"a", "b", "c", "d", None}),
        (Role.GROUP_LEAD, {"b", "c"}),
        (Role.UNIT_REPORTER, {"b"}),
        (Role.ENTERPRISE, set()),
        (Role.SYSTEM, set()),
    ],
)
def test_the_relation_to_the_unit_decides(role: Role, seen: set[str | None]) -> None:
    looking = sight(role)
    found = {
        unit
        for unit in ("a", "b", "c", "d", None)
        if looking.sees("reports.read", [unit] if unit else [])
    }
    assert found == seen


def test_one_unit_in_the_right_relation_is_enough() -> None:
    assert sight(Role.UNIT_REPORTER).sees("reports.read", ["d", "b"])


def test_a_system_needs_the_scope() -> None:
    assert sight(Role.SYSTEM, scopes=frozenset({"*.read"})).sees("reports.read", [])
    assert not sight(Role.SYSTEM, scopes=frozenset({"awards.*"})).sees("reports.read", [])


def test_what_is_not_known_grants_nothing() -> None:
    assert not sight(Role.OFFICE).sees("reports.forge", ["b"])
    assert not sight(Role.OFFICE).sees(None, ["b"])
    assert RULES["odd.read"].rules == {Role.LEADER: OWN}


def test_units_are_named_for_every_relation() -> None:
    looking = sight(Role.OFFICE)
    assert looking.units(BELOW) == ["b", "c"]
    assert looking.units(Relation.PARENT) == ["a"]
    assert looking.units(NONE) == []
    assert looking.by_relation() == {ANY: ["reports.read"]}
