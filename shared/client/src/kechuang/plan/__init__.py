"""The programme plan as data: read it, check it, compare it with the system, apply it."""

from kechuang.plan.errors import PlanError, PlanInvalid
from kechuang.plan.loader import load_plan
from kechuang.plan.schema import Plan

__all__ = ["Plan", "PlanError", "PlanInvalid", "load_plan"]
