"""Every right that is written down is asked for, and every role has one."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from gateway.tokens.keys import new_key
from servicekit.auth.permissions import ANY, BELOW, OWN, Permission
from servicekit.auth.principal import Role
from servicekit.http.openapi import operations, permission_of
from servicekit.http.platform import READ_AUDIT, READ_PARKED, REPLAY_PARKED

ROOT = Path(__file__).parents[2]
SERVICES = ("targets", "funding", "parks", "supervision", "gateway")
PLATFORM = [READ_AUDIT, READ_PARKED, REPLAY_PARKED]


def app_of(service: str) -> FastAPI:
    settings = importlib.import_module(f"{service}.settings")
    build = importlib.import_module(f"{service}.main").build
    if service == "gateway":
        return build(settings.GatewaySettings(signing_key=new_key()))
    return build(settings.Settings())


def written(service: str) -> dict[str, Permission]:
    """The permissions of a service's table, by the name they have in the code."""
    table = vars(importlib.import_module(f"{service}.permissions"))
    return {name: each for name, each in table.items() if isinstance(each, Permission)}


def named_by_handlers(service: str) -> set[str]:
    """Every name that the event handlers of a service use."""
    files = (ROOT / "services" / service / "src").rglob("handlers.py")
    trees = [ast.parse(file.read_text()) for file in files]
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_permission_guards_an_operation_or_a_handler(service: str) -> None:
    asked = {found.name for found in map(permission_of, operations(app_of(service))) if found}
    unused = {name for name, each in written(service).items() if each.name not in asked}
    assert unused - named_by_handlers(service) == set()


def test_every_role_may_do_something() -> None:
    tables = [*PLATFORM, *(each for service in SERVICES for each in written(service).values())]
    assert {role for each in tables for role in each.rules} == set(Role)


@pytest.mark.parametrize("service", SERVICES)
def test_a_rule_is_one_that_a_list_can_follow(service: str) -> None:
    """`directory.visible_units` knows the own unit, the ones below it, and all."""
    for each in written(service).values():
        assert set(each.rules.values()) <= {OWN, BELOW, ANY}, each.name
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", each.name), each.name


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_tests_the_whole_matrix(service: str) -> None:
    text = (ROOT / "services" / service / "tests" / "test_authorisation.py").read_text()
    for wanted in ("operation_ids(build(", "matrix.wrong_cells(", "matrix.wrong_steps()"):
        assert wanted in text
    assert "matrix.untested() == set()" in text
