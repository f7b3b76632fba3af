"""Reads a plan file into a checked `Plan`."""

from pathlib import Path as FilePath

from pydantic import ValidationError

from kechuang.plan.checks import check
from kechuang.plan.errors import Finding, PlanInvalid
from kechuang.plan.messages import explain
from kechuang.plan.schema import Plan
from kechuang.plan.shape import findings
from kechuang.plan.source import SourceFile, parse_source, read_source


def load_plan(file: FilePath) -> Plan:
    """Read, parse and check a plan file. Raises PlanInvalid with every error and its line."""
    return _build(read_source(file))


def parse_plan(raw: bytes) -> Plan:
    """The same for bytes that are already read."""
    return _build(parse_source(raw))


def _build(source: SourceFile) -> Plan:
    try:
        plan = Plan.model_validate(source.value)
    except ValidationError as error:
        raise _invalid(source, findings(error)) from error
    broken = check(plan, source.line)
    if broken:
        raise _invalid(source, broken)
    return plan


def _invalid(source: SourceFile, broken: list[Finding]) -> PlanInvalid:
    return PlanInvalid([explain(finding, source.line(finding.path)) for finding in broken])
