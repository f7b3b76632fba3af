"""Compares what the plan asks for with what the system has.

Only fields the plan sends are compared: states, rulings and measured values belong to the services.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from kechuang.plan.bodies import Desired

Action = Literal["create", "change", "keep"]

_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?")
_IDENTITIES = ("code", "year", "unit")
# Lists of words whose order means something; every other list of words is a set.
_ORDERED = frozenset({"grade_ladder", "leaders", "phasing_shares"})
# Lists of objects with an identity whose order means something all the same.
_ORDERED_OBJECTS = frozenset({"headings", "checklist"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; `name` is a path such as `milestones[2026].value`."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What has to be done for one object."""

    desired: Desired
    action: Action
    fields: tuple[FieldChange, ...] = ()


def compare(desired: Desired, actual: Mapping[str, Any] | None) -> Change:
    """The change that makes `actual` (None: not there) what the plan asks for."""
    if actual is None:
        return Change(desired, "create")
    fields = tuple(_objects("", desired.body, actual))
    return Change(desired, "change" if fields else "keep", fields)


def compare_all(
    wanted: Iterable[Desired], existing: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> list[Change]:
    """One change an object, in the order given. `existing` is resource → code → object."""
    return [compare(item, existing.get(item.resource, {}).get(item.code)) for item in wanted]


def _objects(name: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[FieldChange]:
    for field, value in new.items():
        path = f"{name}.{field}" if name else field
        yield from _values(path, field, value, old.get(field))


def _values(path: str, field: str, new: Any, old: Any) -> Iterator[FieldChange]:
    if isinstance(new, dict) and isinstance(old, Mapping):
        yield from _objects(path, new, old)
    elif isinstance(new, list) and isinstance(old, list):
        yield from _lists(path, field, new, old)
    elif not _equal(new, old):
        yield FieldChange(path, old, new)


def _lists(path: str, field: str, new: list[Any], old: list[Any]) -> Iterator[FieldChange]:
    identity = _identity(new, old)
    if identity is not None:
        yield from _keyed(path, field, identity, new, old)
    elif _all_objects(new) and _all_objects(old) and len(new) == len(old):
        for index, (mine, theirs) in enumerate(zip(new, old, strict=True)):
            yield from _objects(f"{path}[{index}]", mine, theirs)
    elif _sortable(field, new) != _sortable(field, old):
        yield FieldChange(path, old, new)


def _keyed(
    path: str, field: str, identity: str, new: list[Any], old: list[Any]
) -> Iterator[FieldChange]:
    mine = {item[identity]: item for item in new}
    theirs = {item[identity]: item for item in old}
    for key, item in mine.items():
        place = f"{path}[{key}]"
        if key in theirs:
            yield from _objects(place, item, theirs[key])
        else:
            yield FieldChange(place, None, item)
    for key, item in theirs.items():
        if key not in mine:
            yield FieldChange(f"{path}[{key}]", item, None)
    if field in _ORDERED_OBJECTS and set(mine) == set(theirs) and list(mine) != list(theirs):
        yield FieldChange(path, list(theirs), list(mine))


def _identity(new: list[Any], old: list[Any]) -> str | None:
    """The field that names the objects of both lists, if one does so without repeating."""
    if not new or not _all_objects(new) or not _all_objects(old):
        return None
    for name in _IDENTITIES:
        keys = [[item.get(name) for item in items] for items in (new, old)]
        if all(None not in side and len(set(map(str, side))) == len(side) for side in keys):
            return name
    return None


def _all_objects(items: list[Any]) -> bool:
    return all(isinstance(item, Mapping) for item in items)


def _sortable(field: str, items: list[Any]) -> list[str]:
    texts = [str(item) for item in items]
    return texts if field in _ORDERED else sorted(texts)


def _equal(new: Any, old: Any) -> bool:
    """Quantities are equal by value: `2.0` is `2.00`. True is not 1, and text is not a number."""
    if isinstance(new, str) and isinstance(old, str):
        if _NUMBER.fullmatch(new) and _NUMBER.fullmatch(old):
            return Decimal(new) == Decimal(old)
        return new == old
    return type(new) is type(old) and new == old
